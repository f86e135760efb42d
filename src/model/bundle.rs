//! A bundle: one file with all that a verifier needs (SPEC section 8).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Digest;

/// One file with all that a verifier needs. Records stand in it whole, as they were signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Bundle {
    /// Always `DataDealBundle`.
    #[serde(rename = "type")]
    pub kind: BundleType,
    /// The version of this format: 1.
    pub version: u64,
    /// The deal; none of what was refused, or of a decision by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deal: Option<Value>,
    /// Its acceptance, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<Value>,
    /// Intentions, suspensions, resumptions and revocations known when the bundle was made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revocations: Vec<Value>,
    /// The same question asked again about the deal, with another answer each time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<Value>,
    /// The deal whose place it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<Value>,
    /// The deal that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<Value>,
    /// The acceptance of the deal that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by_acceptance: Option<Value>,
    /// The decision, on which the deal rests if there is one.
    pub decision: Value,
    /// The request.
    pub request: Value,
    /// Approvals and refusals of the request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Value>,
    /// Every other record of the request, in the order of the log: its other versions, what moved its term, an objection, other decisions,
    /// approvals that count no longer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Value>,
    /// What was erased of the case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erasures: Vec<Value>,
    /// The decision input; absent when it was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Value>,
    /// The schema that it names.
    pub schema: Value,
    /// The condition sets that it names, portal first.
    pub condition_sets: Vec<Value>,
    /// The trust list that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust_list: Option<Value>,
    /// The mandates of everybody who acted under one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mandates: Vec<Value>,
    /// The withdrawals of those mandates, whether before or after somebody acted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawals: Vec<Value>,
    /// The statements of every key used, and of every later statement about those organisations' keys.
    pub key_statements: Vec<Value>,
    /// Side documents that name natural persons; absent when erased.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sides: Vec<Value>,
    /// Evidence documents, only when asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Value>,
    /// Entry, index and inclusion proof for each record, under one checkpoint.
    pub log: LogProof,
}

/// The `type` member of a [`Bundle`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BundleType {
    /// The only value.
    DataDealBundle,
}

/// Proof that records are in a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogProof {
    /// The signed checkpoint, with cosignatures of witnesses, as a note.
    pub checkpoint: String,
    /// One for each record.
    pub entries: Vec<EntryProof>,
}

/// Proof that one entry is in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryProof {
    /// Digest of the record.
    pub record: Digest,
    /// Index of the entry.
    pub index: u64,
    /// The entry.
    pub entry: Value,
    /// The inclusion proof, from leaf to root, in base64.
    pub proof: Vec<String>,
}

impl Bundle {
    /// Whether something of a deal is there without the deal.
    #[must_use]
    pub fn lacks_its_deal(&self) -> bool {
        let lists = [&self.revocations, &self.reviews];
        let ones = [&self.acceptance, &self.supersedes, &self.superseded_by, &self.superseded_by_acceptance];
        self.deal.is_none() && (lists.iter().any(|l| !l.is_empty()) || ones.iter().any(|o| o.is_some()))
    }

    /// The first version of the request: its id and salt are those of the case.
    #[must_use]
    pub fn first_request(&self) -> &Value {
        let first = |v: &&Value| {
            v.pointer("/type/1").is_some_and(|t| t == "RequestCredential")
                && v.pointer("/credentialSubject/replaces").is_none()
        };
        self.history.iter().find(first).unwrap_or(&self.request)
    }

    /// Every record of the bundle that is in the log, with the name of its member.
    pub fn records(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.deal
            .iter()
            .map(|v| ("deal", v))
            .chain(self.acceptance.iter().map(|v| ("acceptance", v)))
            .chain(self.revocations.iter().map(|v| ("revocations", v)))
            .chain(self.reviews.iter().map(|v| ("reviews", v)))
            .chain(self.supersedes.iter().map(|v| ("supersedes", v)))
            .chain(self.superseded_by.iter().map(|v| ("supersededBy", v)))
            .chain(self.superseded_by_acceptance.iter().map(|v| ("supersededByAcceptance", v)))
            .chain([("decision", &self.decision), ("request", &self.request)])
            .chain(self.approvals.iter().map(|v| ("approvals", v)))
            .chain(self.history.iter().map(|v| ("history", v)))
            .chain(self.erasures.iter().map(|v| ("erasures", v)))
            .chain(std::iter::once(("schema", &self.schema)))
            .chain(self.condition_sets.iter().map(|v| ("conditionSets", v)))
            .chain(self.trust_list.iter().map(|v| ("trustList", v)))
            .chain(self.mandates.iter().map(|v| ("mandates", v)))
            .chain(self.withdrawals.iter().map(|v| ("withdrawals", v)))
            .chain(self.key_statements.iter().map(|v| ("keyStatements", v)))
    }
}
