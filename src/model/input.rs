//! Everything that a decision read, as one document, so that it can be decided again years later.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::condition::Level;
use super::dataset::Dataset;
use super::{Digest, Name, OrgId, Salt, Time, Urn};

/// Facts by name, as JSON of the record profile. Types and checks of values are the schema's (`conditions::facts`).
pub type Facts = BTreeMap<String, Value>;

/// What is asked of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scope {
    /// Names of columns. Before [`Scope::resolve`] none means all of them.
    #[serde(default)]
    pub columns: BTreeSet<String>,
    /// A word of the schema's `DataLevel`.
    #[serde(default = "records")]
    pub level: String,
    /// Own files that the data will be joined with.
    #[serde(default)]
    pub linkage: BTreeSet<String>,
    /// Editions; none means every edition of the term.
    #[serde(default)]
    pub editions: BTreeSet<String>,
    /// Data from this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_from: Option<Time>,
    /// Data before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_until: Option<Time>,
    /// Questions or records a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume_per_day: Option<i64>,
    /// Months that the deal runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_months: Option<i64>,
}

fn records() -> String {
    "records".to_owned()
}

impl Default for Scope {
    fn default() -> Self {
        Scope {
            columns: BTreeSet::new(),
            level: records(),
            linkage: BTreeSet::new(),
            editions: BTreeSet::new(),
            period_from: None,
            period_until: None,
            volume_per_day: None,
            term_months: None,
        }
    }
}

impl Scope {
    /// Names every column when none was named.
    ///
    /// # Errors
    /// The name of a column that the dataset does not have.
    pub fn resolve(mut self, dataset: &Dataset) -> Result<Self, String> {
        let known = dataset.column_names();
        if let Some(unknown) = self.columns.iter().find(|c| !known.contains(*c)) {
            return Err(unknown.clone());
        }
        if self.columns.is_empty() {
            self.columns = known;
        }
        Ok(self)
    }
}

/// At which moment of a case is decided: it says whether what was accepted is already signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// A question; nothing is kept.
    Check,
    /// A submitted request.
    Request,
    /// A live deal.
    Deal,
}

/// A fact that evidence supports, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifiedFact {
    /// The value, as in [`Facts`].
    pub value: Value,
    /// Who says so.
    pub issuer: String,
    /// Counts before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
    /// Digest of the evidence document.
    pub evidence: Digest,
}

/// Evidence that was given and does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Uncounted {
    /// The fact that it was given for.
    pub fact: String,
    /// Digest of the evidence document.
    pub evidence: Digest,
    /// Why it does not count: `signature`, `subject`, `fact`, `issuer`, `reason`, `holder`, `not-yet`, `lapsed`,
    /// `revoked`, `suspended`, `status`, `value`.
    pub reason: String,
}

/// An approval that was given for exactly this request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenApproval {
    /// A word of the schema's `ApprovalList`.
    pub name: String,
    /// Digest of the approval record.
    pub record: Digest,
}

impl DecisionInput {
    /// The evidence that was on file: what counts and what does not.
    #[must_use]
    pub fn evidence(&self) -> BTreeSet<Digest> {
        self.verified.values().map(|v| v.evidence).chain(self.uncounted.iter().map(|u| u.evidence)).collect()
    }
}

/// A condition set that was in force.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRef {
    /// Whose set.
    pub level: Level,
    /// Digest of the Cedar text as published.
    pub text: Digest,
    /// Digest of the condition set record.
    pub record: Digest,
}

/// Versions of what decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// Version of the Cedar engine.
    pub cedar: String,
    /// Version of this program.
    pub datadeal: String,
}

/// Everything that a decision read. `decide` is a pure function of it and of the texts that it names by digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecisionInput {
    /// Always `DecisionInput`.
    #[serde(rename = "type")]
    pub kind: InputType,
    /// Keeps the digest from being guessed.
    pub salt: Salt,
    /// The one instant of the operation.
    pub now: Time,
    /// The moment of the case.
    pub stage: Stage,
    /// The request, unless this is a check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Urn>,
    /// Who asks. A check may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicant: Option<OrgId>,
    /// A purpose of the schema. Absent only in a check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// What is asked, resolved.
    pub scope: Scope,
    /// The dataset as it was.
    pub dataset: Dataset,
    /// What the reuser says.
    #[schema(value_type = BTreeMap<String, Value>)]
    pub declared: Facts,
    /// What evidence supports.
    pub verified: BTreeMap<String, VerifiedFact>,
    /// Evidence that does not count, with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uncounted: Vec<Uncounted>,
    /// Approvals given for this request.
    pub approvals: Vec<GivenApproval>,
    /// Bare ids of promises, duties, deliveries and fees that the reuser accepts.
    pub accepted: BTreeSet<Name>,
    /// The sets in force, portal first.
    pub sets: Vec<SetRef>,
    /// Digest of the schema's text.
    pub schema: Digest,
    /// Digest of the trust list record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust_list: Option<Digest>,
    /// What decided.
    pub versions: Versions,
}

/// The `type` member of a [`DecisionInput`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum InputType {
    /// The only value.
    DecisionInput,
}
