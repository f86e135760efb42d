//! What a new version of a condition set changes: in its grounds and conditions, in its text, in what it answers, and for live deals.

use serde::Serialize;

use super::condition::{Bilingual, Role};
use super::decision::Outcome;
use super::record::Reference;
use super::{Iri, Name, OrgId, Time, Urn};

/// A new version of a set compared with the one that it follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SetDifference {
    /// The number of the new version, counted from 1.
    pub version: u64,
    /// The version that it follows; none if it is the first.
    pub before: Option<Before>,
    /// What the two texts say, and what they answer to saved cases.
    #[serde(flatten)]
    pub difference: Difference,
    /// What becomes of deals that were signed or offered under the old version.
    pub deals: DealChanges,
}

/// The version that a new one follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Before {
    /// Its number.
    pub version: u64,
    /// Its record.
    pub record: Reference,
    /// In force from this instant.
    pub from: Time,
}

/// Two versions of a set, compared without anything but their texts and cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The grounds and conditions that differ, in the order of the new version, then what was removed.
    pub rules: Vec<RuleChange>,
    /// What can be said of every question, whatever the cases: follows from the texts alone.
    pub meaning: Meaning,
    /// The two texts as a unified diff; empty if they are the same, or there is no older one.
    pub text: String,
    /// The saved cases of both versions.
    pub cases: CaseChanges,
}

/// What a change does to the permits. It speaks of all questions, so it is only said where it is certain. An evaluation fault is no answer,
/// and stands outside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Meaning {
    /// Exactly the same is permitted.
    Same,
    /// Nothing is permitted that was not permitted before.
    Stricter,
    /// Everything stays permitted that was permitted before.
    Looser,
    /// It depends on the question, or cannot be told from the text.
    Open,
}

/// One ground or condition that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleChange {
    /// Its id.
    pub id: Name,
    /// Added, removed or changed.
    pub change: Change,
    /// Ground, or the kind of condition; of one that was changed, as it is in the new version.
    pub role: Role,
    /// Its label, likewise.
    pub label: Bilingual,
    /// What was changed in it; empty if it was added or removed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// What this change alone does to the permits.
    pub meaning: Meaning,
}

/// What happened to a ground or condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// Only the new version has it.
    Added,
    /// Only the old version has it.
    Removed,
    /// Both have it, and it is not written the same.
    Changed,
}

/// A part of a ground or condition that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Part {
    /// Ground or condition, and which kind.
    Kind,
    /// Asked once about the dataset, or for each column.
    Asked,
    /// The Cedar body: what it tests.
    Body,
    /// The label.
    Label,
    /// The hint.
    Hint,
    /// The clause of the agreement.
    Clause,
    /// The provision on which it rests.
    LegalBasis,
    /// When a duty falls due.
    Due,
    /// What a fee amounts to.
    Tariff,
    /// What it is about.
    Theme,
    /// Nothing but spaces, line ends and comments.
    Layout,
}

impl Part {
    /// The part as JSON writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Part::Kind => "kind",
            Part::Asked => "asked",
            Part::Body => "body",
            Part::Label => "label",
            Part::Hint => "hint",
            Part::Clause => "clause",
            Part::LegalBasis => "legalBasis",
            Part::Due => "due",
            Part::Tariff => "tariff",
            Part::Theme => "theme",
            Part::Layout => "layout",
        }
    }
}

/// The saved cases of both versions, each asked of both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseChanges {
    /// How many were asked of both versions; a question that both versions saved counts once.
    pub total: usize,
    /// Those that get another answer.
    pub changed: Vec<CaseChange>,
    /// Those that one of the versions could not be asked.
    pub not_asked: Vec<NotAsked>,
}

/// A saved case that gets another answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseChange {
    /// The case's name.
    pub name: String,
    /// The answer of the old version.
    pub before: Answered,
    /// The answer of the new version.
    pub after: Answered,
}

/// The gist of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// The outcome.
    pub outcome: Outcome,
    /// `level/id` of what holds the outcome where it is.
    pub failing: Vec<String>,
    /// The columns that would be permitted.
    pub columns: Vec<String>,
}

/// A saved case that could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotAsked {
    /// The case's name.
    pub name: String,
    /// Why not.
    pub why: String,
}

/// Live deals, each decided again under both versions on what was known when its request was decided.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DealChanges {
    /// How many deals are offered, in force or suspended.
    pub live: usize,
    /// How many of them would get another outcome.
    pub changed: usize,
    /// The first of those, as far as this person may see them.
    pub listed: Vec<DealChange>,
    /// How many could not be decided again: their input was erased, or the conditions cannot be evaluated on it.
    pub not_decided: usize,
}

/// A live deal that would get another outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DealChange {
    /// The deal's id.
    pub deal: Urn,
    /// Its number, for people.
    pub number: String,
    /// Who uses the data.
    pub reuser: OrgId,
    /// Of which dataset.
    pub dataset: Iri,
    /// The outcome under the old version.
    pub before: Outcome,
    /// The outcome under the new version.
    pub after: Outcome,
    /// `level/id` of what holds the new outcome where it is.
    pub failing: Vec<String>,
}
