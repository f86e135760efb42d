//! One record for each `dcat:Dataset` of a graph (DCAT-AP-NL 3.0, DCAT-AP-DONL).

use std::collections::HashSet;

use oxrdf::{Literal, NamedOrBlankNode, Term};

use super::draft::{Draft, NOWHERE, Names, day, keyword};
use super::fault::lines;
use super::graph::{Graph, Walk};
use super::parts::{address, agent, contact, distribution, legislation, temporal, text};
use super::terms as t;
use super::{Imported, Place, Problem, Reading};
use crate::model::Iri;

const NAMES: Names =
    Names { title: t::TITLE, description: t::DESCRIPTION, access: t::ACCESS_RIGHTS, licence: t::LICENSE };

/// So many faults of records get their line: each is looked for in the whole file.
const PLACED: usize = 100;
/// From so many datasets on the work is shared among cores.
const SHARED: usize = 256;

/// Reads every dataset of a graph.
pub(super) fn records(graph: &Graph, text: &str, reading: &mut Reading) {
    let mut met = HashSet::new();
    let datasets: Vec<&NamedOrBlankNode> = graph.datasets.iter().filter(|d| met.insert(*d)).collect();
    let cores = if datasets.len() < SHARED { 1 } else { std::thread::available_parallelism().map_or(1, usize::from) };
    let size = datasets.len().div_ceil(cores).max(1);
    let mut found: Vec<Vec<Result<Imported, Problem>>> = Vec::new();
    std::thread::scope(|scope| {
        let parts: Vec<_> = datasets.chunks(size).map(|part| scope.spawn(move || all(graph, part))).collect();
        // a thread ends early only by a fault of this program: its records are then missing, and the reading is not whole
        found.extend(parts.into_iter().filter_map(|part| part.join().ok()));
    });
    let mut ids: HashSet<Iri> = HashSet::new();
    let mut results = found.into_iter().flatten();
    for dataset in &datasets {
        let Some(result) = results.next() else {
            reading.whole = false;
            break;
        };
        match result {
            Ok(record) if ids.insert(record.id.clone()) => reading.records.push(record),
            result => {
                let problem = result.err().unwrap_or(Problem::Twice);
                let name = match dataset {
                    NamedOrBlankNode::NamedNode(name) => name.as_str().to_owned(),
                    NamedOrBlankNode::BlankNode(_) => identifier(graph, dataset).unwrap_or_default(),
                };
                reading.refused.extend(name.parse::<Iri>().ok());
                let line = if reading.faults.len() < PLACED { line_of(text, &name) } else { None };
                reading.fault(Place { line, record: Some(name).filter(|n| !n.is_empty()) }, problem);
            }
        }
    }
    reading.beside = graph.beside();
}

fn all(graph: &Graph, datasets: &[&NamedOrBlankNode]) -> Vec<Result<Imported, Problem>> {
    let mut walk = Walk::new(graph);
    datasets.iter().map(|dataset| record(&mut walk, dataset)).collect()
}

fn identifier(graph: &Graph, dataset: &NamedOrBlankNode) -> Option<String> {
    let said = Walk::new(graph).dataset(dataset).ok()?;
    let (_, value) = said.iter().find(|(property, _)| property.as_str() == t::IDENTIFIER)?;
    address(value).map(str::to_owned)
}

/// The record of one dataset.
fn record<'g>(walk: &mut Walk<'g>, dataset: &'g NamedOrBlankNode) -> Result<Imported, Problem> {
    let said = walk.dataset(dataset)?;
    let mut draft = Draft::default();
    let mut identifiers: Vec<&str> = Vec::new();
    for (property, value) in said {
        draft.weigh(address(value).map_or(0, str::len))?;
        if property.as_str() == t::IDENTIFIER
            && let Some(identifier) = address(value)
        {
            identifiers.push(identifier);
        } else if !simple(&mut draft, property.as_str(), value) && !part(walk, &mut draft, property.as_str(), value)? {
            let printed = walk.print(value)?;
            draft.unmapped(property.as_str(), printed)?;
        }
    }
    identifiers.sort_unstable();
    identifiers.dedup();
    let id: Iri = match dataset {
        NamedOrBlankNode::NamedNode(name) => iri(name.as_str())?,
        NamedOrBlankNode::BlankNode(_) => identifiers.iter().find_map(|text| iri(text).ok()).ok_or(Problem::NoIri)?,
    };
    let mut others = identifiers.into_iter().filter(|text| *text != id.as_str());
    draft.described.identifier = others.next().map(str::to_owned);
    for other in others {
        draft.unmapped(t::IDENTIFIER, quoted(other))?;
    }
    draft.finish(id, &NAMES, quoted)
}

fn iri(text: &str) -> Result<Iri, Problem> {
    text.parse()
        .ok()
        .filter(|iri: &Iri| !iri.as_str().starts_with(NOWHERE))
        .ok_or_else(|| Problem::BadIri(text.strip_prefix(NOWHERE).unwrap_or(text).chars().take(200).collect()))
}

fn quoted(text: &str) -> String {
    match text.parse::<Iri>() {
        Ok(iri) => format!("<{iri}>"),
        Err(_) => Literal::new_simple_literal(text).to_string(),
    }
}

/// What stands in one value; false if it has no place or no room.
fn simple(draft: &mut Draft, property: &str, value: &Term) -> bool {
    let said = text(value);
    // only a name is an address here: of a text nobody said that it is one
    let named = || match value {
        Term::NamedNode(name) => name.as_str().parse::<Iri>().ok().filter(|i| !i.as_str().starts_with(NOWHERE)),
        _ => None,
    };
    let named_or_written = || named().or_else(|| said.and_then(|(text, _)| text.trim().parse().ok()));
    let on = || said.and_then(|(text, _)| day(text));
    let described = &mut draft.described;
    let list = match property {
        t::THEME => Some(&mut described.themes),
        t::LANGUAGE => Some(&mut described.languages),
        t::SPATIAL => Some(&mut described.spatial),
        t::PAGE => Some(&mut described.documentation),
        t::CONFORMS_TO => Some(&mut draft.models),
        _ => None,
    };
    if let Some(list) = list {
        let found = named();
        let fits = found.is_some();
        list.extend(found);
        return fits;
    }
    match property {
        t::TYPE => return matches!(value, Term::NamedNode(n) if t::plain_type(n.as_str())),
        t::TITLE | t::DESCRIPTION => {
            let Some((text, lang)) = said else { return false };
            let texts = if property == t::TITLE { &mut draft.titles } else { &mut draft.descriptions };
            texts.add(text, lang);
        }
        t::KEYWORD => {
            let Some(word) = said.and_then(|(text, lang)| keyword(text, lang)) else { return false };
            described.keywords.push(word);
        }
        t::ACCESS_RIGHTS => {
            let Some(level) = address(value) else { return false };
            draft.access.push(level.to_owned());
        }
        t::LICENSE => {
            let Some(iri) = named_or_written() else { return false };
            draft.licences.push(iri);
        }
        t::LANDING_PAGE => return filled(&mut described.landing_page, named_or_written),
        t::PERIODICITY => return filled(&mut described.frequency, named),
        t::ISSUED => return filled(&mut described.issued, on),
        t::MODIFIED => return filled(&mut described.modified, on),
        _ => return false,
    }
    true
}

/// Fills a place that is empty; false if it is not, or there is nothing to fill it with.
fn filled<T>(place: &mut Option<T>, with: impl FnOnce() -> Option<T>) -> bool {
    if place.is_some() {
        return false;
    }
    *place = with();
    place.is_some()
}

/// What stands in a node of its own; false if it has no place or no room.
fn part<'g>(walk: &mut Walk<'g>, draft: &mut Draft, property: &str, value: &'g Term) -> Result<bool, Problem> {
    match property {
        t::PUBLISHER if draft.described.publisher.is_none() => {
            draft.described.publisher = agent(walk, draft, property, value)?;
        }
        t::CREATOR if draft.described.creator.is_none() => {
            draft.described.creator = agent(walk, draft, property, value)?;
        }
        t::CONTACT_POINT if draft.described.contact.is_none() => {
            draft.described.contact = Some(contact(walk, draft, value)?);
        }
        t::DISTRIBUTION if text(value).is_none() => {
            let form = distribution(walk, draft, value)?;
            draft.described.distributions.push(form);
        }
        t::ACCESS_RIGHTS => {
            let printed = walk.print(value)?;
            draft.unread_access(&printed);
            draft.unmapped(property, printed)?;
        }
        t::TEMPORAL if draft.described.temporal.is_none() => {
            draft.described.temporal = temporal(walk, value)?;
            return Ok(draft.described.temporal.is_some());
        }
        other if other == t::APPLICABLE_LEGISLATION || t::donl(other) == Some("legalFoundation") => {
            match legislation(walk, draft, property, value)? {
                Some(found) => draft.described.legislation.push(found),
                None => return Ok(false),
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// The line on which a record is named: by its IRI, else by the end of it, as a prefix leaves it.
fn line_of(text: &str, name: &str) -> Option<usize> {
    let end = name.rsplit(['/', '#', ':']).next().filter(|end| end.len() > 2);
    let whole = |at: &usize, of: &str| {
        let next = text.get(at + of.len()..).and_then(|rest| rest.chars().next());
        !next.is_some_and(|c| c.is_alphanumeric() || "/-_".contains(c))
    };
    [Some(name), end].into_iter().flatten().filter(|n| !n.is_empty()).find_map(|wanted| {
        let at = text.match_indices(wanted).map(|(at, _)| at).find(|at| whole(at, wanted))?;
        text.get(..at).map(lines)
    })
}
