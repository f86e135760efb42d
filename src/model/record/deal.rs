//! Records of a deal: what is offered, its acceptance, what becomes of it, and the same question asked again while it lives.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Actor, Reference};
use crate::model::condition::{Bilingual, Due, Lang, Tariff};
use crate::model::decision::{Decision, Outcome};
use crate::model::input::Scope;
use crate::model::{Digest, Iri, Name, OrgId, Time};

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
    /// The deal of the same request that ends when this one is accepted and its term begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<Reference>,
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
    /// Its revocation is announced: the reuser can give its view.
    Intend,
    /// What was announced is dropped.
    Drop,
    /// Stands still until it is resumed.
    Suspend,
    /// Goes on.
    Resume,
    /// Ends: the owner takes it back.
    Revoke,
    /// Ends: the reuser gives notice.
    End,
}

impl RevocationAction {
    /// The action as records write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            RevocationAction::Intend => "intend",
            RevocationAction::Drop => "drop",
            RevocationAction::Suspend => "suspend",
            RevocationAction::Resume => "resume",
            RevocationAction::Revoke => "revoke",
            RevocationAction::End => "end",
        }
    }
}

/// What becomes of the copies that the reuser has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Copies {
    /// They are kept safe and not used.
    Hold,
    /// They are deleted, as the agreement says.
    Delete,
}

impl Copies {
    /// What a step does to them; nothing follows from the others.
    #[must_use]
    pub fn after(action: RevocationAction) -> Option<Self> {
        match action {
            RevocationAction::Suspend => Some(Copies::Hold),
            RevocationAction::Revoke | RevocationAction::End => Some(Copies::Delete),
            RevocationAction::Intend | RevocationAction::Drop | RevocationAction::Resume => None,
        }
    }
}

/// Where and until when one objects to a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepObjection {
    /// The body that decides on the objection.
    pub body: Bilingual,
    /// Where to file it.
    pub web: Iri,
    /// The last day.
    pub until: String,
}

/// A step in the life of a deal: its revocation announced, dropped or done, the deal suspended or resumed, or ended by the reuser.
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
    /// Of an intention: before this instant the reuser can give its view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view_until: Option<Time>,
    /// Digest of the reuser's view that was weighed; the view itself is a document that can be erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<Digest>,
    /// True of a revocation at once, for danger: nobody was heard before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub danger: bool,
    /// Of a suspension or revocation: where and until when the reuser can object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection: Option<StepObjection>,
    /// Of a suspension or the end of a concluded deal: what becomes of the reuser's copies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copies: Option<Copies>,
    /// Who.
    pub actor: Actor,
}

/// A live deal asked about again, with another answer than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DealReview {
    /// The deal.
    pub deal: Reference,
    /// The answer before: of the review before this one, or `permit`, on which the deal was concluded.
    pub before: Outcome,
    /// The explained answer now.
    pub decision: Decision,
    /// Digest of the decision input: the facts of this day, and the sets that reach live deals.
    pub input: Digest,
    /// True if the conditions say that a deal which no longer passes is suspended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspends: bool,
    /// Automatic: the published set, and the official who answers for it.
    pub actor: Actor,
}
