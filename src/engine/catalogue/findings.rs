//! What an owner should look at in what a catalogue says: a closed list. None of them keeps a dataset out; each names what follows.

use std::collections::BTreeSet;

use serde::Serialize;

use super::merge::NO_REGIME;
use crate::catalogue::read::{Doubt, access_level, act_of};
use crate::conditions::laws::Laws;
use crate::engine::state;
use crate::model::dataset::{Access, Dataset};
use crate::model::{Day, Iri};

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "finding", content = "value")]
pub enum ImportFinding {
    /// Its catalogue calls it public, and a set of conditions is published for it: it stays under them.
    ConditionsOnPublic,
    /// Under conditions, and no set is published: nobody can use it.
    NoConditions,
    /// No legal regime: no request can be made.
    NoRegime,
    /// It rests on an act that is no longer in force: which, and since when.
    LapsedBasis(String, String),
    /// Shown to nobody but its owner, as in its source.
    Hidden,
    /// What in the record is not as it should be.
    #[serde(untagged)]
    Doubt(Doubt),
}

/// What the findings are made from.
#[derive(Debug)]
pub(super) struct Looks<'a> {
    pub(super) laws: &'a Laws,
    pub(super) today: Day,
    /// The keys of the sets that are published.
    pub(super) sets: &'a BTreeSet<String>,
}

impl Looks<'_> {
    /// What to look at in one dataset.
    pub(super) fn at(&self, dataset: &Dataset, doubts: Vec<Doubt>) -> Vec<ImportFinding> {
        let mut found: Vec<ImportFinding> = doubts.into_iter().map(ImportFinding::Doubt).collect();
        let own = self.sets.contains(&state::dataset_set(&dataset.id));
        let any = own || self.sets.contains(&state::owner_set(&dataset.owner));
        let level = dataset.described.as_ref().and_then(|d| access_level(d.access_rights.as_ref()?.as_str()));
        let public = level.is_some_and(|level| level.access == Access::Open);
        if public && (own || any && dataset.access == Access::Conditions) {
            found.push(ImportFinding::ConditionsOnPublic);
        }
        if dataset.access == Access::Conditions && !any {
            found.push(ImportFinding::NoConditions);
        }
        if dataset.access != Access::Open && dataset.regime.as_str() == NO_REGIME {
            found.push(ImportFinding::NoRegime);
        }
        if dataset.audience.as_ref().is_some_and(BTreeSet::is_empty) {
            found.push(ImportFinding::Hidden);
        }
        found.extend(self.lapsed(dataset));
        found
    }

    /// Acts no longer in force that it names: as its basis, or in its words.
    fn lapsed(&self, dataset: &Dataset) -> BTreeSet<ImportFinding> {
        let mut found = BTreeSet::new();
        let mut add = |name: &str, until: Option<&str>| {
            found.insert(ImportFinding::LapsedBasis(name.to_owned(), until.unwrap_or_default().to_owned()));
        };
        let mut texts = vec![dataset.law.as_str(), dataset.description.nl.as_str(), dataset.description.en.as_str()];
        for act in dataset.described.iter().flat_map(|d| &d.legislation) {
            let written = act.reference.iter().map(String::as_str).chain(act.iri.iter().map(Iri::as_str));
            let known = written.filter_map(act_of).find_map(|act| self.laws.by_id(act));
            if act.until.is_some_and(|until| until <= self.today) {
                let until = act.until.map(|day| day.to_string());
                let name = known.map(|law| law.name.as_str()).or(act.label.as_deref());
                let name = name.or(act.reference.as_deref()).or(act.iri.as_ref().map(Iri::as_str));
                add(name.unwrap_or_default(), until.as_deref());
            }
            texts.extend(act.label.as_deref());
        }
        texts.dedup();
        for law in texts.iter().flat_map(|text| self.laws.lapsed_in(text, self.today)) {
            add(&law.name, law.until.as_deref());
        }
        found
    }
}
