//! What belongs to a dataset in RDF: organisations, contacts, times, acts, and the forms in which it is given.

use oxrdf::{NamedNode, Term};

use super::basis::act_of;
use super::draft::{Draft, day};
use super::graph::Walk;
use super::terms as t;
use super::{Problem, lists};
use crate::model::Iri;
use crate::model::description::{Agent, Contact, Distribution, Legislation, Temporal, Unmapped};

/// Texts of one kind with their languages, of which one is chosen.
type Said<'g> = Vec<(&'g str, Option<&'g str>)>;

/// What of a part is kept under the property that leads to it.
struct Rest<'a> {
    path: &'a str,
    draft: &'a mut Draft,
}

impl Rest<'_> {
    fn keep<'g>(&mut self, walk: &mut Walk<'g>, property: &NamedNode, value: &'g Term) -> Result<(), Problem> {
        if property.as_str() == t::TYPE && matches!(value, Term::NamedNode(n) if t::plain_type(n.as_str())) {
            return Ok(());
        }
        let printed = walk.print(value)?;
        self.draft.unmapped(format!("{} {}", self.path, property.as_str()), printed)
    }

    /// The text for a reader of Dutch, else without a language, else any; the others are kept.
    fn one(&mut self, property: &str, mut said: Said<'_>) -> Result<Option<String>, Problem> {
        said.sort_unstable_by_key(|(text, lang)| {
            let rank = match lang.map(str::to_ascii_lowercase) {
                Some(l) if l == "nl" || l.starts_with("nl-") => 0,
                None => 1,
                Some(l) if l == "en" => 2,
                Some(_) => 3,
            };
            (rank, *text)
        });
        said.dedup();
        let mut said = said.into_iter();
        let first = said.next().map(|(text, _)| text.trim().to_owned()).filter(|text| !text.is_empty());
        for (text, lang) in said {
            let value = oxrdf::Literal::new_simple_literal(text).to_string();
            let value = lang.map_or_else(|| value.clone(), |lang| format!("{value}@{lang}"));
            self.draft.unmapped(format!("{} {property}", self.path), value)?;
        }
        Ok(first)
    }
}

/// The text of a literal with its language.
pub(super) fn text(value: &Term) -> Option<(&str, Option<&str>)> {
    match value {
        Term::Literal(literal) => Some((literal.value(), literal.language())),
        _ => None,
    }
}

/// An address: a name, or a text that is one.
pub(super) fn address(value: &Term) -> Option<&str> {
    match value {
        Term::NamedNode(name) => Some(name.as_str()),
        Term::Literal(literal) => Some(literal.value()),
        Term::BlankNode(_) => None,
    }
}

/// An organisation.
pub(super) fn agent<'g>(
    walk: &mut Walk<'g>,
    draft: &mut Draft,
    property: &str,
    value: &'g Term,
) -> Result<Option<Agent>, Problem> {
    if let Some((name, _)) = text(value) {
        let name = name.trim();
        return Ok((!name.is_empty()).then(|| Agent { iri: None, name: Some(name.to_owned()) }));
    }
    let iri = match value {
        Term::NamedNode(name) => draft.iri(property, name.as_str()),
        _ => None,
    };
    let mut names = Said::new();
    let mut rest = Rest { path: property, draft };
    for (property, value) in walk.part(value)? {
        match (property.as_str(), text(value)) {
            (t::NAME | t::PREF_LABEL | t::LABEL | t::TITLE, Some(said)) => names.push(said),
            _ => rest.keep(walk, property, value)?,
        }
    }
    let name = rest.one(t::NAME, names)?;
    Ok((iri.is_some() || name.is_some()).then_some(Agent { iri, name }))
}

/// Whom to ask.
pub(super) fn contact<'g>(walk: &mut Walk<'g>, draft: &mut Draft, value: &'g Term) -> Result<Contact, Problem> {
    let mut contact = Contact::default();
    let mut names = Said::new();
    let said = walk.part(value)?;
    // a name that leads to nothing here is a page, else it is only the name of the node
    if let Term::NamedNode(name) = value {
        if said.is_empty() {
            contact.web = draft.iri(t::CONTACT_POINT, name.as_str());
        } else {
            draft.unmapped(t::CONTACT_POINT, value.to_string())?;
        }
    }
    let mut rest = Rest { path: t::CONTACT_POINT, draft };
    for (property, value) in said {
        match property.as_str() {
            t::FN | t::ORGANIZATION_NAME if text(value).is_some() => names.extend(text(value)),
            t::HAS_EMAIL if contact.email.is_none() && address(value).is_some() => {
                contact.email = address(value).map(|a| a.strip_prefix("mailto:").unwrap_or(a).to_owned());
            }
            t::HAS_URL if contact.web.is_none() && address(value).is_some_and(|a| a.parse::<Iri>().is_ok()) => {
                contact.web = address(value).and_then(|a| a.parse().ok());
            }
            t::HAS_TELEPHONE if contact.phone.is_none() => {
                let of_node = walk.part(value)?.iter().find(|(p, _)| p.as_str() == t::HAS_VALUE).map(|(_, v)| v);
                match address(value).or_else(|| of_node.and_then(address)) {
                    Some(phone) => contact.phone = Some(phone.strip_prefix("tel:").unwrap_or(phone).to_owned()),
                    None => rest.keep(walk, property, value)?,
                }
            }
            _ => rest.keep(walk, property, value)?,
        }
    }
    contact.name = rest.one(t::FN, names)?;
    Ok(contact)
}

/// A stretch of time; none if it has no end that is a day.
pub(super) fn temporal<'g>(walk: &mut Walk<'g>, value: &'g Term) -> Result<Option<Temporal>, Problem> {
    let mut found = Temporal { from: None, until: None };
    for (property, value) in walk.part(value)? {
        let on = text(value).and_then(|(text, _)| day(text));
        match property.as_str() {
            t::START_DATE | t::SCHEMA_START if found.from.is_none() && on.is_some() => found.from = on,
            t::END_DATE | t::SCHEMA_END if found.until.is_none() && on.is_some() => found.until = on,
            t::TYPE => {}
            _ => return Ok(None),
        }
    }
    Ok((found.from.is_some() || found.until.is_some()).then_some(found))
}

/// An act: a name (`dcatap:applicableLegislation`), or a node that says more (`donl:legalFoundation`).
pub(super) fn legislation<'g>(
    walk: &mut Walk<'g>,
    draft: &mut Draft,
    property: &str,
    value: &'g Term,
) -> Result<Option<Legislation>, Problem> {
    let mut found = Legislation { label: None, reference: None, iri: None, from: None, until: None };
    match value {
        Term::NamedNode(name) => found.iri = draft.iri(property, name.as_str()),
        Term::Literal(literal) if act_of(literal.value()).is_some() => {
            found.reference = Some(literal.value().trim().to_owned());
        }
        Term::Literal(literal) => found.label = Some(literal.value().trim().to_owned()),
        Term::BlankNode(_) => {}
    }
    let mut names = Said::new();
    let mut rest = Rest { path: property, draft };
    for (property, value) in walk.part(value)? {
        match property.as_str() {
            t::TITLE | t::LABEL | t::PREF_LABEL if text(value).is_some() => names.extend(text(value)),
            t::HOMEPAGE | t::PAGE
                if found.iri.is_none() && address(value).is_some_and(|a| a.parse::<Iri>().is_ok()) =>
            {
                found.iri = address(value).and_then(|a| a.parse().ok());
            }
            other if t::donl(other) == Some("juriconnectCode") && found.reference.is_none() => match address(value) {
                Some(code) => found.reference = Some(code.trim().to_owned()),
                None => rest.keep(walk, property, value)?,
            },
            _ => rest.keep(walk, property, value)?,
        }
    }
    if let Some(name) = rest.one(t::TITLE, names)? {
        found.label = Some(name);
    }
    Ok((found.label.is_some() || found.reference.is_some() || found.iri.is_some()).then_some(found))
}

/// A form in which it is given.
pub(super) fn distribution<'g>(
    walk: &mut Walk<'g>,
    draft: &mut Draft,
    value: &'g Term,
) -> Result<Distribution, Problem> {
    let mut form = Distribution::default();
    if let Term::NamedNode(name) = value {
        form.id = draft.iri(t::DISTRIBUTION, name.as_str());
    }
    let said = walk.part(value)?;
    if said.is_empty() && !walk.whole() {
        return Err(Problem::Broken);
    }
    let (mut titles, mut descriptions, mut rights) = (Said::new(), Said::new(), Said::new());
    let mut licences: Vec<Iri> = Vec::new();
    for (property, value) in said {
        let iri = address(value).and_then(|a| a.trim().parse::<Iri>().ok());
        let word = address(value).map(|a| a.trim().to_owned());
        match property.as_str() {
            t::TITLE if text(value).is_some() => titles.extend(text(value)),
            t::DESCRIPTION if text(value).is_some() => descriptions.extend(text(value)),
            t::ACCESS_URL if iri.is_some() && form.access_url.is_none() => form.access_url = iri,
            t::DOWNLOAD_URL if iri.is_some() && form.download_url.is_none() => form.download_url = iri,
            t::FORMAT if word.is_some() && form.format.is_none() => form.format = word,
            t::MEDIA_TYPE if word.is_some() && form.media_type.is_none() => form.media_type = word,
            t::LICENSE if iri.is_some() => licences.extend(iri),
            t::BYTE_SIZE if form.byte_size.is_none() && bytes(value).is_some() => form.byte_size = bytes(value),
            t::CONFORMS_TO if matches!(value, Term::NamedNode(_)) && iri.is_some() => form.conforms_to.extend(iri),
            // a form that is kept back keeps the dataset back; what opens a form opens nothing
            t::ACCESS_RIGHTS => {
                let printed = keep(walk, draft, &mut form, property, value)?;
                match address(value) {
                    Some(level) => draft.access.extend(lists::closes(level).then(|| level.to_owned())),
                    None => draft.unread_access(&printed),
                }
            }
            t::RIGHTS if text(value).is_some() => rights.extend(text(value)),
            t::RIGHTS if only_words(walk, value)? => {
                rights.extend(walk.part(value)?.iter().filter_map(|(_, value)| text(value)));
            }
            t::TYPE if matches!(value, Term::NamedNode(n) if t::plain_type(n.as_str())) => {}
            _ => drop(keep(walk, draft, &mut form, property, value)?),
        }
    }
    licences.sort_unstable();
    licences.dedup();
    // of several the one that gives least counts; the others are kept
    licences.sort_by_key(|l| match lists::licence(l.as_str()) {
        lists::Licence::Closed => 0,
        lists::Licence::Other => 1,
        lists::Licence::Open => 2,
    });
    let mut licences = licences.into_iter();
    form.licence = licences.next();
    let others = licences.map(|l| Unmapped { property: t::LICENSE.to_owned(), value: format!("<{l}>") });
    form.unmapped.extend(others);
    let mut rest = Rest { path: t::DISTRIBUTION, draft };
    form.title = rest.one(t::TITLE, titles)?;
    form.description = rest.one(t::DESCRIPTION, descriptions)?;
    form.rights = rest.one(t::RIGHTS, rights)?;
    form.conforms_to.sort_unstable();
    form.conforms_to.dedup();
    form.unmapped.sort_unstable();
    form.unmapped.dedup();
    Ok(form)
}

/// Keeps what has no place in a form, and gives it as it is kept.
fn keep<'g>(
    walk: &mut Walk<'g>,
    draft: &mut Draft,
    form: &mut Distribution,
    property: &NamedNode,
    value: &'g Term,
) -> Result<String, Problem> {
    let value = walk.print(value)?;
    draft.weigh(value.len())?;
    form.unmapped.push(Unmapped { property: property.as_str().to_owned(), value: value.clone() });
    Ok(value)
}

/// A statement of rights that says nothing but words.
fn only_words<'g>(walk: &mut Walk<'g>, value: &'g Term) -> Result<bool, Problem> {
    let said = walk.part(value)?;
    let words = |(property, value): &(NamedNode, Term)| match property.as_str() {
        t::LABEL | t::DESCRIPTION | t::TITLE => text(value).is_some(),
        t::TYPE => matches!(value, Term::NamedNode(n) if t::plain_type(n.as_str())),
        _ => false,
    };
    Ok(matches!(value, Term::BlankNode(_)) && said.iter().all(words) && said.iter().any(|(_, v)| text(v).is_some()))
}

/// A number of bytes; some sources write it as a decimal.
fn bytes(value: &Term) -> Option<u64> {
    let (text, _) = text(value)?;
    text.trim().strip_suffix(".0").unwrap_or(text.trim()).parse().ok().filter(|n| *n < 1 << 53)
}
