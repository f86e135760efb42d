//! What came between: of two who act on the same thing one is first, and the other is told what that one did.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::condition::Level;
use super::entry::EntryType;
use super::{Digest, Document, OrgId, Time, Urn};

/// A version of a condition set that answers: what was told of it, and what a request names that wants to be decided by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetVersion {
    /// Whose set.
    pub level: Level,
    /// Which version of it, counted from 1.
    pub version: u64,
    /// In force from this instant.
    pub from: Time,
    /// Digest of its text.
    pub text: Digest,
    /// Digest of its record.
    pub record: Digest,
}

/// Something that came between what somebody saw and what it asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// What: `condition-set`, `schema` and `trust-list` were published in another version; the others are records about the case.
    #[schema(value_type = String)]
    pub what: EntryType,
    /// When it was signed; of something published, from when it is in force.
    pub at: Time,
    /// The record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Urn>,
    /// Of a condition set: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Of something published: the version that was seen; 0 if there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// Of something published: the version that takes its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// Of an approval: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval: Option<String>,
    /// How it came out: `given` or `refused`; the result of a decision; the step in the life of a deal or a term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The function of the person who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// For which organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrgId>,
}

impl Change {
    /// Another version of something published.
    #[must_use]
    pub fn published(what: EntryType, level: Option<Level>, before: u64, version: u64, at: Time) -> Self {
        let (before, version) = (Some(before), Some(version));
        Change {
            what,
            at,
            record: None,
            level,
            before,
            version,
            approval: None,
            outcome: None,
            function: None,
            organisation: None,
        }
    }

    /// A record about the case. What it does not say is left out.
    #[must_use]
    pub fn recorded(what: EntryType, record: &Document) -> Option<Self> {
        let document = record.value();
        let text = |pointer: &str| document.pointer(pointer).and_then(|v| v.as_str()).map(str::to_owned);
        let said = |name: &str| text(&format!("/credentialSubject/{name}"));
        let given = document.pointer("/credentialSubject/given").and_then(serde_json::Value::as_bool);
        let given = given.map(|given| if given { "given" } else { "refused" }.to_owned());
        let decision = (what == EntryType::Decision).then(|| said("objection/outcome").or_else(|| said("result")));
        Some(Change {
            what,
            at: record.text("validFrom")?.parse().ok()?,
            record: Some(record.text("id")?.parse().ok()?),
            level: None,
            before: None,
            version: None,
            approval: said("name").filter(|_| what == EntryType::Approval),
            outcome: decision.flatten().or(given).or_else(|| said("action")),
            function: said("actor/function"),
            organisation: said("actor/organisation").and_then(|o| o.parse().ok()),
        })
    }
}
