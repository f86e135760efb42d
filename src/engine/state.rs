//! What the portal keeps in rows: small documents that point to records. The state of a request or deal is computed from
//! them, from records and from `now`; it is not stored as a second truth.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Keyring;
use crate::model::condition::Level;
use crate::model::dataset::Dataset;
use crate::model::record::{DecisionResult, Holder, KeyUse, Mandate, Reference, Trusted};
use crate::model::term::{Length, SuspensionKind};
use crate::model::{Day, DidKey, Digest, Iri, Name, OrgId, Salt, Time, Urn};
use crate::rights::{Role, Target};

/// The portal itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Portal {
    /// Who runs it.
    pub operator: OrgId,
    /// The name of its log in checkpoints.
    pub origin: String,
    /// The key of a log that continues another one; without it the key is in `log.pem`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_key: Option<DidKey>,
    /// Said on every record: that it is an example.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
}

impl Portal {
    /// Where the private key of the log lies.
    pub(super) fn log_key_file(&self, keys: &Keyring) -> PathBuf {
        self.log_key.map_or_else(|| keys.log_key(), |key| keys.path(&key))
    }
}

/// An organisation.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Organisation {
    /// Register and number.
    pub id: OrgId,
    /// Legal name.
    pub name: String,
    /// How its register number was checked, of one that asked to be added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<String>,
}

/// A person who acts for an organisation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Person {
    /// Short name for typing.
    pub person: Name,
    /// For whom.
    pub organisation: OrgId,
    /// Function.
    pub function: String,
    /// In which roles.
    pub roles: BTreeSet<Role>,
    /// Digest of the side document that names the person.
    pub side: Digest,
    /// On what authority the person binds its organisation, as stated to the portal; none: it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binds: Option<String>,
    /// Since when, by whom and why it may do nothing; none: it may what its roles say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<Blocked>,
}

/// Since when and why a person may do nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Blocked {
    /// Since when.
    pub at: Time,
    /// By whom, by short name.
    pub by: Name,
    /// Of which organisation.
    pub organisation: OrgId,
    /// Why.
    pub reason: String,
}

/// What is known of a key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Key {
    /// The key.
    pub key: DidKey,
    /// Whose.
    pub organisation: OrgId,
    /// Legal name as stated.
    pub name: String,
    /// What it may sign.
    pub uses: BTreeSet<KeyUse>,
    /// Where the private key lives.
    pub held_by: Holder,
    /// Its statement.
    pub statement: Reference,
    /// True once a later statement revoked it.
    pub revoked: bool,
}

/// A dataset as its source describes it now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DatasetNow {
    /// The description.
    pub dataset: Dataset,
    /// Its version.
    pub version: Digest,
    /// The import that brought it.
    pub record: Reference,
    /// The catalogue that describes it, if it was imported from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Set when that catalogue holds it no more: it stays for deals and replay, and nobody can ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Gone>,
}

/// Since when a catalogue holds a dataset no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Gone {
    /// Since when, as far as the portal saw it.
    pub at: Time,
    /// The import that found it.
    pub record: Reference,
}

/// A catalogue that was imported, and how it looked the last time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportSource {
    /// What its server calls this state of it (`ETag`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// When it was last changed, as its server says (`Last-Modified`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// Digest of what was asked of it: for whom, and with which defaults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Digest>,
}

impl ImportSource {
    /// Whether its server told its state at all.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.etag.is_some() || self.last_modified.is_some()
    }
}

/// The published versions of one set, oldest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Published {
    /// The versions.
    pub versions: Vec<PublishedVersion>,
}

/// One published version of a set, the schema or the trust list.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublishedVersion {
    /// Its record.
    pub record: Reference,
    /// Digest of its text, of sets and schemas.
    pub text: Digest,
    /// In force from this instant.
    pub from: Time,
}

impl Published {
    /// The version in force: the newest whose start is not after `now`.
    #[must_use]
    pub fn in_force(&self, now: Time) -> Option<&PublishedVersion> {
        self.numbered(now).map(|(_, version)| version)
    }

    /// The same with its number, counted from 1.
    pub(super) fn numbered(&self, now: Time) -> Option<(u64, &PublishedVersion)> {
        (1..).zip(&self.versions).filter(|(_, v)| v.from <= now).last()
    }
}

/// A trust list that somebody is still writing.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TrustDraft {
    /// The issuers.
    pub trusted: Vec<Trusted>,
}

/// What a call under an idempotency key made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Made {
    /// Digest of what was asked.
    pub asked: Digest,
    /// The ids of what was made.
    pub made: Vec<Urn>,
    /// When; it is kept for a day.
    pub at: Time,
}

/// How long what a call made is kept, in seconds.
const MADE_SECONDS: i64 = 86_400;

impl Made {
    /// When its time is over.
    pub(super) fn over(&self) -> Time {
        self.at.plus_seconds(MADE_SECONDS)
    }
}

/// How far the access log is closed and sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessLogNow {
    /// No record before this instant is written any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Time>,
    /// The last seal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Reference>,
    /// Until when it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed_until: Option<Time>,
    /// The seal of the last part whose records were removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Reference>,
}

/// The keys of access tokens.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct AccessKeys {
    /// The oldest first; the last one signs.
    pub keys: Vec<AccessKey>,
}

/// A key of access tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessKey {
    /// The key.
    pub key: DidKey,
    /// It signs from this instant.
    pub from: Time,
    /// And before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
}

/// A mandate, and whether it was withdrawn.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MandateNow {
    /// Its record.
    pub record: Reference,
    /// What it says.
    pub mandate: Mandate,
    /// The person by short name.
    pub person: Name,
    /// The withdrawal, if it was withdrawn before its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Withdrawn>,
}

/// The end of a mandate before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Withdrawn {
    /// The record that says so.
    pub record: Reference,
    /// When.
    pub at: Time,
}

impl MandateNow {
    /// Whether something may be done under it at an instant.
    #[must_use]
    pub fn in_force(&self, now: Time) -> bool {
        self.withdrawn.is_none() && self.mandate.from <= now && now < self.mandate.until
    }

    /// Whether it is in force for a dataset at an instant.
    #[must_use]
    pub fn covers(&self, dataset: &Iri, now: Time) -> bool {
        let datasets = &self.mandate.datasets;
        (datasets.is_empty() || datasets.contains(dataset)) && self.in_force(now)
    }
}

/// A request and what came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Case {
    /// The request's id.
    pub id: Urn,
    /// Its record, in the version that stands.
    pub request: Reference,
    /// The versions before it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<Reference>,
    /// The regime whose term runs.
    pub regime: Name,
    /// What moved the term, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<Moved>,
    /// The salt that blinds every entry about this case.
    pub salt: Salt,
    /// Who asks.
    pub applicant: OrgId,
    /// For which dataset.
    pub dataset: Iri,
    /// Whose dataset.
    pub owner: OrgId,
    /// Approvals and refusals by name; the last one for a name counts.
    #[serde(default)]
    pub approvals: BTreeMap<String, CaseApproval>,
    /// Approvals of an earlier version of the request, which count no longer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voided: Vec<(String, CaseApproval)>,
    /// Whether those for whom this version waits were told so.
    #[serde(default)]
    pub told: bool,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<CaseDecision>,
    /// When it ended, whatever was decided later on an objection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Time>,
    /// The objection to its decision. Against the decision on that one appeals to a court.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection: Option<CaseObjection>,
    /// The deal that came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deal: Option<Urn>,
    /// Set when side documents, input and evidence were erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Reference>,
}

impl Case {
    /// The request as something to be read or acted on.
    pub(super) fn target(&self) -> Target {
        Target::of_both(self.owner.clone(), self.applicant.clone())
    }

    /// Whether something is still to be decided on: the request, or an objection.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.decision.is_none() || self.objected().is_some()
    }

    /// The objection that is still to be decided on.
    #[must_use]
    pub fn objected(&self) -> Option<&CaseObjection> {
        self.objection.as_ref().filter(|o| o.ended.is_none())
    }

    /// What moved the term that runs.
    pub(super) fn moved_mut(&mut self) -> &mut Vec<Moved> {
        match self.objection.as_mut().filter(|o| o.ended.is_none()) {
            Some(objection) => &mut objection.moved,
            None => &mut self.moved,
        }
    }
}

/// Something that moved a term.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Moved {
    /// The record that says so.
    pub record: Reference,
    /// When.
    pub at: Time,
    /// What.
    pub how: How,
}

/// How a term was moved.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// The request was completed.
    Completed,
    /// It stands still.
    Suspended(SuspensionKind, String, Option<Day>),
    /// It goes on.
    Resumed,
    /// It was extended.
    Extended(String, Length),
}

/// An objection and what came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseObjection {
    /// Its record.
    pub record: Reference,
    /// The day after which its term counts.
    pub start: Day,
    /// What moved that term, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<Moved>,
    /// The version of the request, and its approvals, on which the decision rests: they stand again unless it is upheld.
    pub before: (Reference, BTreeMap<String, CaseApproval>),
    /// The decision on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Reference>,
}

/// An approval or refusal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseApproval {
    /// Its record.
    pub record: Reference,
    /// Yes or no.
    pub given: bool,
    /// By whom.
    pub person: Name,
}

/// How a request ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseDecision {
    /// Its record.
    pub record: Reference,
    /// How.
    pub result: DecisionResult,
    /// The input on which it rests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Digest>,
}

/// The key of a set's row.
#[must_use]
pub fn portal_set() -> String {
    "portal".to_owned()
}
/// The key of an owner's set.
#[must_use]
pub fn owner_set(owner: &OrgId) -> String {
    format!("owner/{owner}")
}
/// The key of a dataset's set.
#[must_use]
pub fn dataset_set(dataset: &Iri) -> String {
    format!("dataset/{dataset}")
}

/// The keys of the sets that can bind a dataset, from the widest to the narrowest.
#[must_use]
pub fn set_keys(owner: &OrgId, dataset: &Iri) -> [(Level, String); 3] {
    [(Level::Portal, portal_set()), (Level::Owner, owner_set(owner)), (Level::Dataset, dataset_set(dataset))]
}

/// What the index of deals lists them under: who uses which dataset.
#[must_use]
pub fn deal_of(reuser: &OrgId, dataset: &Iri) -> String {
    format!("{reuser} {dataset}")
}
