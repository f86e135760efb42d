//! Records of a case: a request received, approvals, its decision, the deal, its acceptance and what becomes of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Actor, OnObjection, Reference};
use crate::model::condition::Bilingual;
use crate::model::decision::Decision;
use crate::model::input::{Facts, Scope};
use crate::model::term::Step;
use crate::model::{Digest, Iri, Name, OrgId, Time};

/// How a request came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Through the command line.
    Cli,
    /// Through a page.
    Web,
    /// Through the API.
    Api,
    /// By post.
    Post,
    /// By e-mail.
    Email,
    /// At a counter.
    Counter,
    /// Forwarded by another body.
    Forwarded,
}

/// A request as received. The legal clock counts from `received_at`, through whatever channel it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestReceived {
    /// Who asks.
    pub applicant: OrgId,
    /// Legal name.
    pub applicant_name: String,
    /// For which dataset.
    pub dataset: Iri,
    /// Its version.
    pub dataset_version: Digest,
    /// For which purpose.
    pub purpose: String,
    /// What is asked, resolved.
    pub scope: Scope,
    /// What the reuser says of itself and of this request.
    #[schema(value_type = BTreeMap<String, Value>)]
    pub declared: Facts,
    /// Ids of promises, duties, deliveries and fees that it accepts.
    pub accepted: BTreeSet<Name>,
    /// When it was received.
    pub received_at: Time,
    /// How.
    pub channel: Channel,
    /// The last day on which must be decided, `YYYY-MM-DD` in Europe/Amsterdam.
    pub last_day: String,
    /// When this version came in, if it was entered later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Time>,
    /// The version before it, which it completes. Receipt, last day, applicant and dataset stay those of the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Reference>,
    /// Who filed it.
    pub actor: Actor,
}

/// A reviewer's yes, or no with a reason, on exactly one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApprovalGiven {
    /// The request, by the digest of its record: a changed request has another one, which voids the approval.
    pub request: Reference,
    /// A word of the schema's `ApprovalList`.
    pub name: String,
    /// Yes or no.
    pub given: bool,
    /// Why.
    pub reason: String,
    /// Terms under which it is given: the deal has them as obligations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<ExtraTerm>,
    /// Who.
    pub actor: Actor,
}

/// A term that a reviewer adds to what the conditions ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExtraTerm {
    /// The clause.
    pub clause: Bilingual,
    /// Why.
    pub reason: String,
    /// The provision.
    pub legal_basis: String,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionResult {
    /// Everything asked is given.
    Granted,
    /// Some columns are given, the rest refused with reasons.
    PartlyGranted,
    /// Refused.
    Refused,
    /// No ground in law.
    NoGround,
    /// Withdrawn by the applicant.
    Withdrawn,
    /// Not taken into consideration: it was not completed in the time given (Awb 4:5).
    NotConsidered,
    /// About the data of another body, to which it was sent on (Awb 2:3).
    Forwarded,
}

impl DecisionResult {
    /// The result as records write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            DecisionResult::Granted => "granted",
            DecisionResult::PartlyGranted => "partly_granted",
            DecisionResult::Refused => "refused",
            DecisionResult::NoGround => "no_ground",
            DecisionResult::Withdrawn => "withdrawn",
            DecisionResult::NotConsidered => "not_considered",
            DecisionResult::Forwarded => "forwarded",
        }
    }

    /// Whether data are given.
    #[must_use]
    pub fn grants(self) -> bool {
        matches!(self, DecisionResult::Granted | DecisionResult::PartlyGranted)
    }

    /// Whether it rests on an answer: what was withdrawn, forwarded or not considered was not judged.
    #[must_use]
    pub fn judged(self) -> bool {
        !matches!(self, DecisionResult::Withdrawn | DecisionResult::NotConsidered | DecisionResult::Forwarded)
    }
}

/// When and how a decision was announced, which starts the term of objection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Announcement {
    /// When.
    pub at: Time,
    /// Through which channel.
    pub channel: Channel,
}

/// The end of a request: a decision to which one can object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecisionRecord {
    /// In whose name.
    pub body: Bilingual,
    /// The agency that carries it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executor: Option<Bilingual>,
    /// To whom.
    pub addressee: OrgId,
    /// The request.
    pub request: Reference,
    /// How it ended.
    pub result: DecisionResult,
    /// In one sentence, when a person adds one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Columns that are given; of a dataset without columns none are named.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub granted: BTreeSet<String>,
    /// Columns that are not.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub refused: BTreeSet<String>,
    /// The explained answer: condition by condition, column by column. None of what was not judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Digest of the decision input. None of what was not judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Digest>,
    /// Approvals and refusals on which it rests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Reference>,
    /// Who decided, and on what authority.
    pub actor: Actor,
    /// When the request was received.
    pub received_at: Time,
    /// The last day of the term, `YYYY-MM-DD`.
    pub last_day: String,
    /// How that day was found, line by line.
    pub clock: Vec<Step>,
    /// The body to which the request was sent on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded_to: Option<String>,
    /// The decision in whose place it comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<Reference>,
    /// The objection on which it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection: Option<OnObjection>,
    /// How it was announced.
    pub announcement: Announcement,
    /// Where one can object.
    pub objection_body: Bilingual,
    /// Its address on the web.
    pub objection_web: Iri,
    /// The last day to object, `YYYY-MM-DD` in Europe/Amsterdam.
    pub objection_until: String,
}
