//! Records of what is published, and evidence.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Actor, Reference};
use crate::model::condition::Level;
use crate::model::dataset::Dataset;
use crate::model::{Digest, Iri, OrgId, Time};

/// The schema in force from its entry on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SchemaPublished {
    /// Counted from 1.
    pub version: u64,
    /// The Cedar schema, as written.
    pub text: String,
}

/// A published version of a condition set: the Cedar text as published is what is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConditionSetPublished {
    /// Whose set.
    pub level: Level,
    /// The dataset, of a set at that level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<Iri>,
    /// The owner, of a set of an owner or a dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<OrgId>,
    /// Counted from 1 for each dataset, owner or portal.
    pub version: u64,
    /// The Cedar text, as written.
    pub text: String,
    /// Digest of the schema's text under which it was checked.
    pub schema: Digest,
    /// In force from this instant.
    pub from: Time,
    /// The version before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Reference>,
    /// Who published it.
    pub actor: Actor,
    /// True if a negative automatic outcome needs no person to confirm it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic_refusals: bool,
    /// Which deals it reaches that were decided before it; none: only new requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transition: Option<Transition>,
    /// True if a live deal that no longer passes is suspended without a person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic_suspension: bool,
}

/// Which deals a version of a set reaches that were decided before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transition {
    /// Those that are renewed.
    Renewal,
    /// Those that are renewed, and from this instant on every deal that lives.
    Live(Time),
}

/// Datasets as imported, one record for an import: those that are new or were described otherwise, and those that are gone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatasetImported {
    /// The datasets, whole; none if they stand in a list beside the record.
    pub datasets: Vec<Dataset>,
    /// The catalogue that they came from, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Those that the catalogue holds no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Iri>,
    /// What is too long for a record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<DatasetList>,
}

/// A list of datasets that is kept beside its record, which is too small for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatasetList {
    /// How many datasets it names as new or described otherwise.
    pub datasets: u64,
    /// How many it names as gone.
    pub gone: u64,
    /// SHA-256 of the canonical bytes of the list.
    pub digest: Digest,
}

/// What such a list says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedDatasets {
    /// The datasets in the order of their IRIs, each with the digest of its canonical bytes.
    pub datasets: Vec<ListedDataset>,
    /// Those that are gone, in order.
    pub gone: Vec<Iri>,
}

/// A dataset as a list names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedDataset {
    /// Its IRI.
    pub id: Iri,
    /// The digest of its canonical bytes.
    pub digest: Digest,
}

/// A part of the access log: so many records, and the digest of all of them. The parts follow each other without a gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessLogSealed {
    /// From this instant.
    pub from: Time,
    /// Before this instant.
    pub until: Time,
    /// How many records.
    pub count: u64,
    /// SHA-256 of the records in order, a line each.
    pub digest: Digest,
    /// The part before it; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Reference>,
    /// The records are kept until this instant, and may then be gone, all of them.
    pub kept_until: Time,
}

/// The kinds of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum EvidenceKind {
    /// A signed credential.
    Credential,
    /// A confirmation by a named person, with a reason.
    Confirmation,
    /// A registry's answer.
    Registry,
    /// An earlier decision or deal in the system.
    Decision,
}

impl EvidenceKind {
    /// Every kind.
    pub const ALL: [EvidenceKind; 4] =
        [EvidenceKind::Credential, EvidenceKind::Confirmation, EvidenceKind::Registry, EvidenceKind::Decision];
    /// The kind as records and the schema write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            EvidenceKind::Credential => "credential",
            EvidenceKind::Confirmation => "confirmation",
            EvidenceKind::Registry => "registry",
            EvidenceKind::Decision => "decision",
        }
    }
}

/// Evidence: who says which fact about whom, with which value, from when until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Evidence {
    /// About whom.
    pub organisation: OrgId,
    /// A fact of the schema.
    pub fact: String,
    /// Its value.
    pub value: Value,
    /// Which kind.
    pub kind: EvidenceKind,
    /// From this instant.
    pub from: Time,
    /// Before this instant.
    pub until: Time,
    /// Why, of a confirmation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<Actor>,
    /// The decision that it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Reference>,
}
