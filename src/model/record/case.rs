//! Records of a case: a request received, approvals, its decision, the deal, its acceptance and what becomes of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Actor, Reference};
use crate::model::condition::{Bilingual, Due, Lang, Tariff};
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

/// A party to a deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DealParty {
    /// Register and number.
    pub organisation: OrgId,
    /// Legal name.
    pub name: String,
    /// Which side.
    pub party: Party,
    /// In whose name, of a provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_name_of: Option<Bilingual>,
}

/// The sides of a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Party {
    /// Gives the data.
    Provider,
    /// Uses them.
    Reuser,
}

/// The decision on which a deal rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DealDecision {
    /// The decision record.
    pub record: Reference,
    /// Digest of the decision input.
    pub input: Digest,
}

/// How long a deal runs. Half open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DealTerm {
    /// From this instant.
    pub from: Time,
    /// Before this instant.
    pub until: Time,
}

/// A clause that binds the reuser, with its due rule when it is a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Obligation {
    /// `level/id` of the condition, or `term/n` of a term that a reviewer added.
    pub id: String,
    /// `promise`, `duty`, `delivery`, `fee` or `term`.
    pub kind: Name,
    /// The clause.
    pub clause: Bilingual,
    /// When it falls due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// On what it rests.
    pub legal_basis: String,
}

/// A ground in law on which the data are given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DealGround {
    /// `level/id` of the ground.
    pub id: String,
    /// What it is.
    pub label: Bilingual,
    /// The provision.
    pub legal_basis: String,
}

/// What is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// `level/id` of the condition.
    pub id: String,
    /// The tariff.
    pub tariff: Tariff,
}

/// A deal as the owner offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Deal {
    /// A number for people, `2026-0001`.
    pub number: String,
    /// Provider and reuser.
    pub parties: Vec<DealParty>,
    /// The dataset.
    pub dataset: Iri,
    /// Its title.
    pub title: Bilingual,
    /// Its version.
    pub dataset_version: Digest,
    /// What is given: only columns that were asked for and permitted.
    pub scope: Scope,
    /// For which purpose.
    pub purpose: String,
    /// The purpose in words.
    pub purpose_label: Bilingual,
    /// How long.
    pub term: DealTerm,
    /// The offer lapses at this instant.
    pub offer_until: Time,
    /// The decision on which it rests.
    pub decision: DealDecision,
    /// The grounds that were met; at least one.
    pub grounds: Vec<DealGround>,
    /// Exactly one for each promise, duty, delivery and fee of the conditions, and the terms that a reviewer added.
    pub obligations: Vec<Obligation>,
    /// What is paid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<Fee>,
    /// The regime and the act under which is given.
    pub regime: Name,
    /// The act.
    pub law: String,
    /// Holds personal data.
    pub personal_data: bool,
    /// The text that prevails.
    pub language: Lang,
    /// The template of the agreement's words.
    pub words: Wording,
    /// Who offers it.
    pub actor: Actor,
}

/// The template of the agreement's words in each language, by its digest. Template and fields of the deal give the full words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// Dutch.
    pub nl: Digest,
    /// English.
    pub en: Digest,
}

/// The reuser's yes to a deal and its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Acceptance {
    /// The deal.
    pub deal: Reference,
    /// Ids of the obligations that are accepted: all of them.
    pub accepted: BTreeSet<String>,
    /// The words that are accepted.
    pub words: Wording,
    /// Who accepts.
    pub actor: Actor,
}

/// What becomes of a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RevocationAction {
    /// Stands still until it is resumed.
    Suspend,
    /// Goes on.
    Resume,
    /// Ends.
    Revoke,
}

/// A deal suspended, resumed or revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Revocation {
    /// The deal.
    pub deal: Reference,
    /// What happens to it.
    pub action: RevocationAction,
    /// From this instant.
    pub effective: Time,
    /// Why.
    pub reason: String,
    /// Who.
    pub actor: Actor,
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
