//! The answers of CKAN's action API: `package_show`, pages of `package_search`, and packages by themselves. What stands in `extras` (CKAN 2.9 with
//! ckanext-dcat) is read like a member; the names are those of CKAN, of data.overheid.nl and of ckanext-dcat.

use std::collections::BTreeSet;

use serde::de::DeserializeSeed;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::answer::{Answer, Found};
use super::draft::{Draft, Names, keyword};
use super::fault::lines;
use super::members::{Members, empty, flagged, levels, limited, merge_extras};
use super::{Imported, MAX_FILE, MAX_RECORD, MAX_TEXT, Place, Problem, Reading, Source, lists};
use crate::model::description::{Agent, Contact, Distribution, Legislation, Temporal, Unmapped};
use crate::model::{Iri, JsonError, json};

const NAMES: Names = Names { title: "title", description: "notes", access: "access_rights", licence: "license_id" };

/// Members that CKAN computes from others, or that say what our own list says: nothing is lost without them.
const COMPUTED: [&str; 4] = ["num_resources", "num_tags", "state", "private"];

/// Reads the packages of an answer.
pub(super) fn read(text: &str, source: &Source<'_>) -> Reading {
    let mut reading = Reading { whole: true, ..Reading::default() };
    let mut found = Found::default();
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Answer(&mut found).deserialize(&mut reader).and_then(|()| reader.end());
    if let Err(e) = read {
        reading.whole = false;
        let problem = if found.full { Problem::TooManyRecords } else { Problem::Syntax(json::without_place(&e)) };
        reading.fault(Place::line(e.line()), problem);
        // the members of a single package that broke off are no package
        found.members.clear();
    }
    if found.success == Some(false) {
        let why = found.error.map_or("nothing more", RawValue::get).chars().take(300).collect();
        return Reading::none(Place::default(), Problem::Failed(why));
    }
    (reading.of, reading.listed) = (found.count, found.packages.len() as u64);
    // each answer names its server in `help`
    let site = [source.name, found.help.as_deref()].into_iter().flatten().find_map(site).map(str::to_owned);
    let mut portal = Portal { site, ids: BTreeSet::new() };
    if found.packages.is_empty() && !found.listed {
        // an answer without any package is no catalogue of which all is gone
        if found.members.is_empty() {
            if reading.whole {
                reading.fault(Place::default(), Problem::Empty);
            }
            reading.whole = false;
        } else {
            let read = |(name, value): &(String, &RawValue)| Ok((name.clone(), value_of(value.get())?));
            let size = found.members.iter().map(|(_, value)| value.get().len()).sum();
            portal.package(found.members.iter().map(read).collect(), size, 1, Some(1), &mut reading);
        }
        return reading;
    }
    for (number, raw) in (1..).zip(&found.packages) {
        // where a part of a text begins within it, in bytes
        let at = (raw.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let line = || text.get(..at).map(lines);
        let before = reading.faults.len() + reading.untold;
        portal.package(package(raw.get()), raw.get().len(), number, None, &mut reading);
        if reading.faults.len() + reading.untold > before
            && let Some(fault) = reading.faults.last_mut().filter(|f| f.place.line.is_none())
        {
            fault.place.line = line();
        }
    }
    reading
}

/// A value of the answer, in which no member stands twice.
fn value_of(text: &str) -> Result<Value, Problem> {
    json::parse_foreign(text.as_bytes(), MAX_FILE).map_err(|e| match e {
        JsonError::Syntax { why, .. } => Problem::Syntax(why),
        other => Problem::Syntax(other.to_string()),
    })
}

fn package(text: &str) -> Result<Map<String, Value>, Problem> {
    match value_of(text)? {
        Value::Object(members) => Ok(members),
        _ => Err(Problem::Syntax("a package is an object".to_owned())),
    }
}

/// What is known while packages are read.
struct Portal {
    /// The address of the portal.
    site: Option<String>,
    /// The names that were met.
    ids: BTreeSet<Iri>,
}

impl Portal {
    /// Reads one package into the reading.
    fn package(
        &mut self,
        read: Result<Map<String, Value>, Problem>,
        size: usize,
        number: usize,
        line: Option<usize>,
        reading: &mut Reading,
    ) {
        let mut members = match read {
            Ok(members) => members,
            Err(problem) => {
                reading.whole = false;
                return reading.fault(Place::record(format!("package {number}"), line), problem);
            }
        };
        // one that was deleted, or is not finished, is not there
        if members.get("state").and_then(Value::as_str).is_some_and(|state| state != "active") {
            return;
        }
        let called = ["name", "identifier", "id"].iter().find_map(|k| members.get(*k).and_then(Value::as_str));
        let place = Place::record(called.map_or_else(|| format!("package {number}"), str::to_owned), line);
        merge_extras(&mut members);
        let id = match self.iri(&members) {
            Ok(id) => id,
            Err(problem) => {
                // without a name nobody can say which one it is, so none may be taken for gone
                reading.whole = false;
                return reading.fault(place, problem);
            }
        };
        let result = if !self.ids.insert(id.clone()) {
            Err(Problem::Twice)
        } else if size > MAX_RECORD {
            Err(Problem::RecordTooLarge(size))
        } else {
            record(members, id.clone())
        };
        match result {
            Ok(record) => reading.records.push(record),
            Err(problem) => {
                reading.refused.insert(id);
                reading.fault(place, problem);
            }
        }
    }

    /// The name of a package: an identifier that is an IRI, as data.overheid.nl and ckanext-dcat give it, else its address at the portal.
    fn iri(&self, members: &Map<String, Value>) -> Result<Iri, Problem> {
        let of = |name: &str| members.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        let given: Vec<&str> = ["uri", "identifier", "guid"].iter().filter_map(|name| of(name)).collect();
        if let Some(iri) = given.iter().find_map(|text| text.parse().ok()) {
            return Ok(iri);
        }
        if let Some(bad) = given.iter().find(|text| text.contains("://")) {
            return Err(Problem::BadIri(bad.chars().take(200).collect()));
        }
        let at_portal = self.site.as_ref().zip(of("id")).map(|(site, id)| format!("{site}/dataset/{id}"));
        at_portal.as_deref().or_else(|| of("url")).and_then(|text| text.parse().ok()).ok_or(Problem::NoIri)
    }
}

/// The address of a portal, from that of its API.
fn site(address: &str) -> Option<&str> {
    let web = address.starts_with("https://") || address.starts_with("http://");
    address.find("/api/").filter(|_| web).and_then(|at| address.get(..at))
}

fn record(mut members: Map<String, Value>, id: Iri) -> Result<Imported, Problem> {
    let mut draft = Draft::default();
    let mut from = Members(&mut members);
    draft.name = from.text("name")?;
    let identifier = from.text("identifier")?.filter(|text| text != id.as_str());
    draft.described.identifier = identifier;
    if from.0.get("uri").and_then(Value::as_str).is_some_and(|uri| uri.trim() == id.as_str()) {
        from.0.remove("uri");
    }
    texts(&mut from, &mut draft, "title", "title_translated", |d| &mut d.titles)?;
    texts(&mut from, &mut draft, "notes", "notes_translated", |d| &mut d.descriptions)?;
    draft.access = levels(from.0);
    from.text("access_rights")?;
    licences(&mut from, &mut draft)?;
    words(&mut from, &mut draft)?;
    people(&mut from, &mut draft)?;
    times(&mut from, &mut draft)?;
    basis(&mut from, &mut draft)?;
    // whatever else stands there keeps it back
    let hidden = from.0.get("private").is_some_and(flagged);
    if let Some(resources) = from.0.remove("resources") {
        let Value::Array(resources) = resources else { return Err(Problem::Member("resources".to_owned(), "list")) };
        for resource in resources {
            let form = distribution(resource, &mut draft)?;
            draft.described.distributions.push(form);
        }
    }
    for (name, value) in members {
        if !empty(&value) && !COMPUTED.contains(&name.as_str()) {
            draft.unmapped(name, value.to_string())?;
        }
    }
    let mut record = draft.finish(id, &NAMES, |text| Value::from(text).to_string())?;
    record.hidden = hidden;
    Ok(record)
}

fn texts(
    from: &mut Members<'_>,
    draft: &mut Draft,
    plain: &str,
    translated: &str,
    of: fn(&mut Draft) -> &mut super::draft::Texts,
) -> Result<(), Problem> {
    // of a text in several languages CKAN repeats one as the plain one
    let in_languages = from.0.remove(translated);
    let plain = from.text(plain)?;
    match in_languages {
        Some(Value::Object(languages)) if languages.values().any(|v| !empty(v)) => {
            for (language, text) in &languages {
                let text = text.as_str().ok_or_else(|| Problem::Member(translated.to_owned(), "text"))?;
                limited(translated, text)?;
                draft.weigh(text.len())?;
                of(draft).add(text, Some(language));
            }
        }
        _ => {
            if let Some(text) = plain {
                draft.weigh(text.len())?;
                of(draft).add(&text, None);
            }
        }
    }
    Ok(())
}

fn licences(from: &mut Members<'_>, draft: &mut Draft) -> Result<(), Problem> {
    for name in ["license_url", "license_id"] {
        let Some(text) = from.0.get(name).and_then(Value::as_str) else { continue };
        limited(name, text)?;
        let text = text.trim();
        // `cc-by` and `notspecified` are words of the portal that sent them: they stay as they are
        if let Ok(iri) = text.parse::<Iri>() {
            if draft.licences.is_empty() {
                draft.licences.push(iri);
                from.0.remove(name);
            } else if draft.licences.first() == Some(&iri) {
                from.0.remove(name);
            }
        }
    }
    Ok(())
}

/// Words, themes, languages and addresses.
fn words(from: &mut Members<'_>, draft: &mut Draft) -> Result<(), Problem> {
    if let Some(Value::Array(tags)) = from.0.remove("tags") {
        for tag in tags {
            let name = tag.get("name").or_else(|| tag.get("display_name")).unwrap_or(&tag);
            let name = name.as_str().ok_or_else(|| Problem::Member("tags".to_owned(), "list of tags"))?;
            limited("tags", name)?;
            draft.weigh(name.len())?;
            draft.described.keywords.extend(keyword(name, None));
        }
    }
    let themes = from.iris("theme", draft)?;
    draft.described.themes.extend(themes);
    let languages = from.iris("language", draft)?;
    draft.described.languages.extend(languages);
    let models = from.iris("conforms_to", draft)?;
    draft.models.extend(models);
    let documentation = from.iris("documentation", draft)?;
    draft.described.documentation.extend(documentation);
    for name in ["spatial_uri", "spatial_value"] {
        let places = from.iris(name, draft)?;
        draft.described.spatial.extend(places);
    }
    draft.described.landing_page = from.iri("url", draft)?;
    draft.described.frequency = from.iri("frequency", draft)?;
    Ok(())
}

fn people(from: &mut Members<'_>, draft: &mut Draft) -> Result<(), Problem> {
    let named = from.text("publisher_name")?;
    let publisher = match from.iri_or_text("publisher")? {
        Some(agent) => Some(agent),
        None => from.iri("publisher_uri", draft)?.map(|iri| Agent { iri: Some(iri), name: None }),
    };
    draft.described.publisher = match (publisher, named) {
        (Some(agent), name) => Some(Agent { name: agent.name.or(name), ..agent }),
        (None, Some(name)) => Some(Agent { iri: None, name: Some(name) }),
        (None, None) => organisation(from),
    };
    draft.described.creator = match from.iri_or_text("authority")? {
        Some(agent) => Some(agent),
        None => from.text("author")?.map(|name| Agent { iri: None, name: Some(name) }),
    };
    let mut contact = Contact::default();
    for (into, names) in [
        (&mut contact.name, ["contact_point_name", "contact_name", "maintainer"]),
        (&mut contact.email, ["contact_point_email", "contact_email", "maintainer_email"]),
    ] {
        for name in names {
            if into.is_none() {
                *into = from.text(name)?;
            }
        }
    }
    contact.phone = from.text("contact_point_phone")?;
    contact.web = from.iri("contact_point_website", draft)?;
    draft.described.contact = Some(contact).filter(|c| *c != Contact::default());
    Ok(())
}

/// The organisation within CKAN, by its title.
fn organisation(from: &Members<'_>) -> Option<Agent> {
    let organisation = from.0.get("organization")?;
    let name = organisation.get("title").or_else(|| organisation.get("name"))?.as_str()?.trim();
    (!name.is_empty() && name.len() <= MAX_TEXT).then(|| Agent { iri: None, name: Some(name.to_owned()) })
}

fn times(from: &mut Members<'_>, draft: &mut Draft) -> Result<(), Problem> {
    draft.described.issued = from.day("issued")?;
    draft.described.modified = from.day("modified")?;
    let (start, end) = (from.day("temporal_start")?, from.day("temporal_end")?);
    draft.described.temporal = (start.is_some() || end.is_some()).then_some(Temporal { from: start, until: end });
    Ok(())
}

fn basis(from: &mut Members<'_>, draft: &mut Draft) -> Result<(), Problem> {
    let label = from.text("legal_foundation_label")?;
    let written = from.text("legal_foundation_ref")?;
    let iri = from.iri("legal_foundation_uri", draft)?;
    if label.is_some() || written.is_some() || iri.is_some() {
        draft.described.legislation.push(Legislation { label, reference: written, iri, from: None, until: None });
    }
    for iri in from.iris("applicable_legislation", draft)? {
        let act = Legislation { label: None, reference: None, iri: Some(iri), from: None, until: None };
        draft.described.legislation.push(act);
    }
    Ok(())
}

fn distribution(resource: Value, draft: &mut Draft) -> Result<Distribution, Problem> {
    let Value::Object(mut members) = resource else {
        return Err(Problem::Member("resources".to_owned(), "list of resources"));
    };
    merge_extras(&mut members);
    let mut from = Members(&mut members);
    let mut form = Distribution {
        id: from.iri("uri", draft)?,
        title: match from.text("name")? {
            Some(name) => Some(name),
            None => from.text("title")?,
        },
        description: from.text("description")?,
        access_url: from.iri("access_url", draft)?,
        download_url: from.iri("download_url", draft)?,
        format: from.text("format")?,
        media_type: from.text("mimetype")?,
        licence: from.iri("license_id", draft)?,
        rights: from.text("rights")?,
        conforms_to: from.iris("linked_schemas", draft)?,
        ..Distribution::default()
    };
    let at = from.iri("url", draft)?;
    if form.access_url.is_none() {
        form.access_url = at;
    } else if let Some(at) =
        at.filter(|at| Some(at) != form.download_url.as_ref() && Some(at) != form.access_url.as_ref())
    {
        form.unmapped.push(Unmapped { property: "url".to_owned(), value: Value::from(at.as_str()).to_string() });
    }
    for name in ["size", "byte_size"] {
        let size = from.0.get(name).and_then(|v| v.as_u64().or_else(|| v.as_str()?.trim().parse().ok()));
        if let Some(size) = size.filter(|size| form.byte_size.is_none() && *size < 1 << 53) {
            form.byte_size = Some(size);
            from.0.remove(name);
        }
    }
    // a form that is kept back keeps the dataset back; what opens a form opens nothing
    draft.access.extend(levels(&members).into_iter().filter(|level| lists::closes(level)));
    for (name, value) in members {
        if !empty(&value) && name != "state" && name != "position" {
            let value = value.to_string();
            draft.weigh(value.len())?;
            form.unmapped.push(Unmapped { property: name, value });
        }
    }
    form.unmapped.sort_unstable();
    Ok(form)
}
