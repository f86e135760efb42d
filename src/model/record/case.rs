//! Records of a case: a request received, approvals, its decision, and what was erased.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Actor, Reference};
use crate::model::condition::Bilingual;
use crate::model::decision::Decision;
use crate::model::input::{Facts, Scope};
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
    #[schema(value_type = Object)]
    pub declared: Facts,
    /// Ids of promises, duties, deliveries and fees that it accepts.
    pub accepted: BTreeSet<Name>,
    /// When it was received.
    pub received_at: Time,
    /// How.
    pub channel: Channel,
    /// The last day on which must be decided, `YYYY-MM-DD` in Europe/Amsterdam.
    pub last_day: String,
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
    /// Who.
    pub actor: Actor,
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
        }
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
    /// The explained answer: condition by condition, column by column. None for a withdrawal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Digest of the decision input. None for a withdrawal.
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
    /// How it was announced.
    pub announcement: Announcement,
    /// Where one can object.
    pub objection_body: Bilingual,
    /// Its address on the web.
    pub objection_web: Iri,
    /// The last day to object, `YYYY-MM-DD` in Europe/Amsterdam.
    pub objection_until: String,
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
