//! Records of the course of a case: what moved its term, an objection to its decision, and what was erased of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Actor, Channel, Reference};
use crate::model::term::{Length, SuspensionKind};
use crate::model::{Day, Digest, Time};

/// Something that moves the last day of a request or of an objection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TermChanged {
    /// The request, by the version that stood then.
    pub request: Reference,
    /// The objection, if its term is moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection: Option<Reference>,
    /// What happens to the term.
    pub action: TermAction,
    /// Why it stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<SuspensionKind>,
    /// By which provision it stands still or is extended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// By how much it is extended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<Length>,
    /// The last day that is given to somebody while it stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// The last day from now on, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<Day>,
    /// Why; of a question, what is asked.
    pub reason: String,
    /// Who.
    pub actor: Actor,
}

/// What happens to a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TermAction {
    /// It stands still.
    Suspend,
    /// It goes on.
    Resume,
    /// It is extended, once.
    Extend,
}

/// The addressee does not agree with a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Objection {
    /// The decision.
    pub decision: Reference,
    /// Why.
    pub reasons: String,
    /// When it was received.
    pub received_at: Time,
    /// How.
    pub channel: Channel,
    /// The last day on which must be decided on it, if nothing moves that.
    pub last_day: Day,
    /// Who objects, or entered it.
    pub actor: Actor,
}

/// How an objection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ObjectionOutcome {
    /// The decision is taken anew.
    Upheld,
    /// The decision stays as it is.
    Rejected,
    /// It came too late, or is no objection: the decision stays as it is.
    Inadmissible,
    /// Withdrawn by who objected: the decision stays as it is.
    Withdrawn,
}

impl ObjectionOutcome {
    /// The outcome as records write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ObjectionOutcome::Upheld => "upheld",
            ObjectionOutcome::Rejected => "rejected",
            ObjectionOutcome::Inadmissible => "inadmissible",
            ObjectionOutcome::Withdrawn => "withdrawn",
        }
    }
}

/// The objection on which a decision was taken, and how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OnObjection {
    /// The objection.
    pub record: Reference,
    /// How it ended.
    pub outcome: ObjectionOutcome,
}

/// What was erased of a closed case. It never alters a signed record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Erasure {
    /// The request of the case.
    pub request: Reference,
    /// Digests of the documents that are gone: side documents, input, evidence.
    pub erased: BTreeSet<Digest>,
    /// Why.
    pub reason: String,
    /// Who.
    pub actor: Actor,
}
