//! A dataset from what its catalogue says and what its owner said: the catalogue's words are new each time, the owner's stay.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::catalogue::read::{AccessReason, Doubt, Imported, Licence, access_level, act_of, licence};
use crate::conditions::laws::Laws;
use crate::engine::state;
use crate::model::condition::Bilingual;
use crate::model::dataset::{Access, Dataset, Objection, Terms};
use crate::model::description::Legislation;
use crate::model::structure::Structure;
use crate::model::{IdError, Iri, JsonError, Name, OrgId, json};

/// The regime of a dataset of which nobody said one: no request can be made under it.
pub(super) const NO_REGIME: &str = "none";
/// Weeks in which one can object, where the owner says nothing (Awb 6:7).
const WEEKS: u8 = 6;

/// What an owner says of its datasets when a catalogue brings them in: no catalogue says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Defaults {
    /// The body in whose name is decided; the owner itself if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competent_body: Option<Bilingual>,
    /// The agency that carries it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executor: Option<Bilingual>,
    /// The legal regime.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regime: Option<Name>,
    /// The act that governs giving it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// Whether it holds personal data; taken for granted of what is not open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal_data: Option<bool>,
    /// Whether it holds special categories; taken for granted of what is not open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub special_categories: Option<bool>,
    /// How open it is where the catalogue says nothing at all; never where it says something that is not understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// Where and until when one can object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<Terms>,
}

impl Defaults {
    /// Reads a file of defaults.
    ///
    /// # Errors
    /// It is not JSON of the record profile, or has other members.
    pub fn read(bytes: &[u8]) -> Result<Self, JsonError> {
        json::read(bytes, "defaults of an import")
    }
}

/// Whose datasets they become, and what that owner says of them.
#[derive(Debug)]
pub(super) struct Owner<'a> {
    pub(super) id: &'a OrgId,
    pub(super) name: &'a str,
    pub(super) defaults: &'a Defaults,
    pub(super) laws: &'a Laws,
    /// Whether all that the catalogue says was read.
    pub(super) whole: bool,
    /// The keys of the sets that are published, in force or later.
    pub(super) sets: &'a BTreeSet<String>,
    /// The regimes `open` and [`NO_REGIME`].
    pub(super) open: Name,
    pub(super) none: Name,
}

impl Owner<'_> {
    /// The dataset that comes of a record: a new one under a name, or the one that was there, with its owner's words.
    pub(super) fn merge(&self, record: Imported, there: Option<&Dataset>, slug: &Name) -> Dataset {
        let access = self.access(&record, there);
        // a catalogue that keeps it back for privacy says that there are personal data, whatever else was said of it
        let level = record.described.access_rights.as_ref().and_then(|iri| access_level(iri.as_str()));
        let private = level.is_some_and(|l| l.reason == Some(AccessReason::Privacy));
        let Imported { id, title, description, publisher, licence, mut described, models, hidden, .. } = record;
        described.legislation.iter_mut().for_each(|act| self.dated(act));
        let publisher = if publisher.is_empty() { self.name.to_owned() } else { publisher };
        let described = Some(described);
        if let Some(there) = there {
            let mut merged = Dataset { title, description, publisher, access, licence, described, ..there.clone() };
            self.keep(&mut merged, there, models);
            merged.personal_data |= private;
            // what its source keeps back is kept back here too; whom the owner named stays named
            if hidden && merged.audience.is_none() {
                merged.audience = Some(BTreeSet::new());
            }
            return merged;
        }
        let open = access == Access::Open;
        let body = Bilingual { en: self.name.to_owned(), nl: self.name.to_owned() };
        let competent_body = self.defaults.competent_body.clone().unwrap_or(body);
        let page = described.as_ref().and_then(|d| d.landing_page.clone()).unwrap_or_else(|| id.clone());
        let term = self.defaults.term.clone().unwrap_or_else(|| Terms {
            objection: Objection { body: competent_body.clone(), web: page, weeks: WEEKS },
        });
        Dataset {
            id,
            slug: slug.clone(),
            title,
            description,
            owner: self.id.clone(),
            competent_body,
            executor: self.defaults.executor.clone(),
            publisher,
            access,
            licence,
            regime: if open {
                self.open.clone()
            } else {
                self.defaults.regime.clone().unwrap_or_else(|| self.none.clone())
            },
            law: self.defaults.law.clone().unwrap_or_default(),
            personal_data: private || self.defaults.personal_data.unwrap_or(!open),
            special_categories: self.defaults.special_categories.unwrap_or(!open),
            embargo_until: None,
            columns: Vec::new(),
            alternatives: Vec::new(),
            term,
            described,
            structure: Structure { models, ..Structure::default() },
            audience: hidden.then(Default::default),
        }
    }

    /// What stays of a dataset that is described anew: what no catalogue says. One that is open no more was described as what hides nothing.
    fn keep(&self, merged: &mut Dataset, there: &Dataset, models: Vec<Iri>) {
        if let (Some(now), Some(before)) = (merged.described.as_mut(), there.described.as_ref()) {
            now.price.clone_from(&before.price);
            now.source_holders.clone_from(&before.source_holders);
        }
        if !models.is_empty() {
            merged.structure.models = models;
        }
        if there.access == Access::Open && merged.access != Access::Open {
            merged.personal_data |= self.defaults.personal_data.unwrap_or(true);
            merged.special_categories |= self.defaults.special_categories.unwrap_or(true);
            if merged.regime == self.open {
                merged.regime = self.defaults.regime.clone().unwrap_or_else(|| self.none.clone());
            }
        }
    }

    /// How open it is: where the catalogue says nothing the owner may say it, and nothing is open without a licence. Published conditions are the
    /// owner's own word: what its catalogue calls public stays under them, those of the dataset and those of the owner on what was not open.
    fn access(&self, record: &Imported, there: Option<&Dataset>) -> Access {
        let said = self.said(record);
        let of_owner =
            || there.is_some_and(|d| d.access != Access::Open) && self.sets.contains(&state::owner_set(self.id));
        let bound = || self.sets.contains(&state::dataset_set(&record.id)) || of_owner();
        if said == Access::Open && bound() { Access::Conditions } else { said }
    }

    fn said(&self, record: &Imported) -> Access {
        let gives = record.licence.as_ref().is_some_and(|iri| licence(iri.as_str()) != Licence::Closed);
        match self.defaults.access {
            // a level that was lost with half a file is not one that was never said
            Some(Access::Open) if !gives || !self.whole => record.access,
            Some(access) if record.doubts.contains(&Doubt::NoAccess) => access,
            _ => record.access,
        }
    }

    /// Adds from when until when an act is in force, where the list of acts knows it.
    fn dated(&self, act: &mut Legislation) {
        let written = act.reference.iter().map(String::as_str).chain(act.iri.iter().map(Iri::as_str));
        let known = written.filter_map(act_of).find_map(|act| self.laws.by_id(act));
        let known = known.or_else(|| self.laws.find(act.label.as_deref()?));
        if let Some(law) = known {
            let day = |text: &Option<String>| text.as_deref().and_then(|day| day.parse().ok());
            act.from = act.from.or_else(|| day(&law.from));
            act.until = act.until.or_else(|| day(&law.until));
        }
    }
}

/// The name for typing that a record asks for: what its source calls it, else the end of its IRI.
///
/// # Errors
/// None, as of [`numbered`].
pub(super) fn wanted_slug(record: &Imported) -> Result<Name, IdError> {
    let end = record.id.as_str().trim_end_matches(['/', '#']).rsplit(['/', '#', ':']).next();
    [record.name.as_deref(), end].into_iter().flatten().find_map(as_slug).map_or_else(|| numbered(None, &record.id), Ok)
}

/// Another name where that is taken: with the beginning of a digest of the IRI, so that it is the same again each time.
///
/// # Errors
/// None: what is made of a name, a hyphen and hex digits is a name.
pub(super) fn numbered(wanted: Option<&Name>, id: &Iri) -> Result<Name, IdError> {
    let digest: String = crate::model::Digest::of(id.as_str().as_bytes()).to_string().chars().take(8).collect();
    let start: String = wanted.map_or("dataset", Name::as_str).chars().take(50).collect();
    format!("{}-{digest}", start.trim_end_matches('-')).parse()
}

fn as_slug(text: &str) -> Option<Name> {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() == 60 {
            break;
        }
    }
    let slug = slug.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-').trim_end_matches('-');
    slug.parse().ok()
}

/// A field that is another than before; `described.keywords` is one within another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Which.
    pub field: String,
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// The difference of two descriptions, field by field.
pub(super) fn difference(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    compare("", before, after, &mut changes);
    changes
}

fn compare(path: &str, before: &Value, after: &Value, changes: &mut Vec<FieldChange>) {
    let (Value::Object(old), Value::Object(new)) = (before, after) else { return };
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let (old, new) = (old.get(name), new.get(name));
        if old == new {
            continue;
        }
        let field = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match (name.as_str(), old, new) {
            ("described" | "structure", Some(old), Some(new)) => compare(&field, old, new, changes),
            _ => changes.push(FieldChange { field, before: old.cloned(), after: new.cloned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_names_and_stay_the_same() {
        let of = |text: &str| as_slug(text).map(|n| n.to_string());
        assert_eq!(of("Luchtkwaliteit (2024)").as_deref(), Some("luchtkwaliteit-2024"));
        assert_eq!(of("2024_lijst").as_deref(), Some("lijst"));
        assert_eq!((of("2024"), of(""), of("--")), (None, None, None));
        let id: Iri = "https://example.nl/id/1".parse().unwrap();
        let name: Name = "air".parse().unwrap();
        assert_eq!(numbered(Some(&name), &id), numbered(Some(&name), &id));
        assert!(numbered(None, &id).unwrap().as_str().starts_with("dataset-"));
        assert!(numbered(Some(&"a".repeat(64).parse().unwrap()), &id).unwrap().as_str().len() <= 64);
    }
}
