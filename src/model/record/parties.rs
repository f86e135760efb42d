//! Records about parties: whose key, who may act, whose evidence counts.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EvidenceKind, Reference};
use crate::model::condition::Bilingual;
use crate::model::{DidKey, Digest, Iri, IssuerKey, OrgId, Salt, Time};

/// What a key may sign. Each record type needs exactly one use (SPEC section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyUse {
    /// Key statements about keys of the same organisation; the operator's: of every organisation.
    Keys,
    /// What the operator keeps for the portal: schema, trust list, imports, receipts of requests, erasures.
    Portal,
    /// Mandates and appointments.
    Mandates,
    /// Condition sets.
    Conditions,
    /// Approvals, decisions, deals and revocations.
    Deals,
    /// Acceptances.
    Acceptances,
    /// Status lists.
    Status,
    /// Evidence.
    Evidence,
}

impl KeyUse {
    /// Every use.
    pub const ALL: &[KeyUse] = &[
        KeyUse::Keys,
        KeyUse::Portal,
        KeyUse::Mandates,
        KeyUse::Conditions,
        KeyUse::Deals,
        KeyUse::Acceptances,
        KeyUse::Status,
        KeyUse::Evidence,
    ];
    /// The use as records write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            KeyUse::Keys => "keys",
            KeyUse::Portal => "portal",
            KeyUse::Mandates => "mandates",
            KeyUse::Conditions => "conditions",
            KeyUse::Deals => "deals",
            KeyUse::Acceptances => "acceptances",
            KeyUse::Status => "status",
            KeyUse::Evidence => "evidence",
        }
    }
}

/// Where a private key lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Holder {
    /// With the organisation itself.
    #[serde(rename = "self")]
    Own,
    /// With the service, which signs for the organisation.
    Service,
}

/// Whose key it is and what it may sign. Entry 0 of a log is the operator's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyStatement {
    /// Whose key.
    pub organisation: OrgId,
    /// Legal name.
    pub name: String,
    /// The key.
    pub key: DidKey,
    /// What it may sign.
    pub uses: BTreeSet<KeyUse>,
    /// Where the private key lives.
    pub held_by: Holder,
    /// How the register number was checked, in words; only in an operator's statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<String>,
    /// Proof of possession: the new key's signature over the canonical bytes of this subject without this member, in base58btc (`z...`).
    pub possession: String,
    /// Keys that are valid no longer from the entry of this statement on.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub revokes: BTreeSet<DidKey>,
    /// True if the operator replaces a key that was lost.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recovery: bool,
    /// In entry 0: the log that this statement anchors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<LogIdentity>,
}

/// The log that entry 0 anchors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogIdentity {
    /// The origin line of its checkpoints.
    pub origin: String,
    /// Its verifier key, as a signed-note vkey.
    pub key: String,
    /// The last known checkpoint of the log that this one continues, which was given up. Its entries follow entry 0, as far as they
    /// are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<String>,
    /// Why that log was given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Something that a mandate allows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Power {
    /// To decide on requests, confirm refusals, offer, suspend and revoke deals.
    Decide,
    /// To give or refuse one approval, by its name.
    Approve(String),
}

/// Who may decide or approve what in whose name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Mandate {
    /// In whose name.
    pub body: Bilingual,
    /// The owner that gives it.
    pub giver: OrgId,
    /// The organisation of the person; may be outside the owner.
    pub organisation: OrgId,
    /// Digest of the person's side document.
    pub person: Digest,
    /// The person's function.
    pub function: String,
    /// What it allows.
    pub powers: BTreeSet<Power>,
    /// For which datasets; none: all of the giver's.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub datasets: BTreeSet<Iri>,
    /// From this instant.
    pub from: Time,
    /// Before this instant.
    pub until: Time,
    /// Where it is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
}

/// A mandate withdrawn before its end: from the entry of this record on nothing is done under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MandateWithdrawn {
    /// Which.
    pub mandate: Reference,
    /// The owner that gave it.
    pub giver: OrgId,
    /// Who withdrew it.
    pub actor: Actor,
}

/// A natural person, in a side document that is bundled and erased apart from the record that names its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonSide {
    /// Always `Person`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Keeps the digest from being guessed.
    pub salt: Salt,
    /// Name.
    pub name: String,
    /// Function.
    pub function: String,
    /// Organisation.
    pub organisation: OrgId,
}

/// What a person's act rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Authority {
    /// A mandate, by the digest of its record.
    Mandate(Digest),
    /// An entry in a register, in words.
    Register(String),
    /// Automatic: the published set, and the official who answers for it, by function.
    Automatic(String),
}

/// The level of a signature, stated and never implied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SignatureLevel)]
pub enum Level {
    /// Simple.
    #[serde(rename = "simple")]
    Simple,
    /// Advanced, as claimed by the signer: sole control of the key is not proved here.
    #[serde(rename = "advanced (claimed)")]
    AdvancedClaimed,
}

/// The person who acted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RecordedActor)]
pub struct Actor {
    /// Digest of the person's side document; none for an automatic act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Digest>,
    /// Function.
    pub function: String,
    /// Organisation.
    pub organisation: OrgId,
    /// What the act rests on.
    pub authority: Authority,
    /// How the person was authenticated, in words.
    pub authenticated: String,
    /// Where the signing key lives.
    pub key_held_by: Holder,
    /// The level of the signature.
    pub level: Level,
}

/// Whose evidence counts for which fact: a versioned record of the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrustList {
    /// Counted from 1.
    pub version: u64,
    /// The issuers.
    pub trusted: Vec<Trusted>,
}

/// An issuer of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Trusted {
    /// Its key.
    pub key: IssuerKey,
    /// The name that it gives itself in credentials of other forms; without it that is its key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Iri>,
    /// The organisation.
    pub organisation: OrgId,
    /// Legal name.
    pub name: String,
    /// The facts that it may vouch for.
    pub facts: BTreeSet<String>,
    /// With which kinds of evidence.
    pub kinds: BTreeSet<EvidenceKind>,
    /// From this instant.
    pub from: Time,
    /// Before this instant; none: until a new version says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
}

impl Trusted {
    /// Whether it may vouch for this fact with this kind of evidence at an instant.
    #[must_use]
    pub fn vouches(&self, fact: &str, kind: EvidenceKind, now: Time) -> bool {
        self.facts.contains(fact)
            && self.kinds.contains(&kind)
            && self.from <= now
            && self.until.is_none_or(|until| now < until)
    }
}
