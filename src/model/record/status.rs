//! The status list of an owner: which of its deals are revoked or suspended (W3C Bitstring Status List v1.0). A convenience
//! for those who hold a deal alone; the log, not the list, is the proof. It is not logged, and made anew before it lapses.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{CONTEXT, Issuer, RecordError, RecordType};
use crate::model::{JsonError, Time, json};

/// What a list is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StatusPurpose {
    /// A set bit: ended for good.
    Revocation,
    /// A set bit: stands still for now.
    Suspension,
}

impl StatusPurpose {
    /// Every purpose.
    pub const ALL: [StatusPurpose; 2] = [StatusPurpose::Revocation, StatusPurpose::Suspension];

    /// The word in lists and deals.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            StatusPurpose::Revocation => "revocation",
            StatusPurpose::Suspension => "suspension",
        }
    }
}

/// A status list. Unlike other records its `id` is the address where it is served, as deals name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    /// Where it is served.
    pub address: String,
    /// Who issues it: the issuer of the deals.
    pub issuer: Issuer,
    /// When it was drawn.
    pub valid_from: Time,
    /// Before this instant.
    pub valid_until: Time,
    /// That it is an example.
    pub notice: Option<String>,
    /// What it is about.
    pub purpose: StatusPurpose,
    /// The bits; see [`crate::model::bitstring`].
    pub encoded: String,
}

impl StatusList {
    /// The document without its proof.
    ///
    /// # Errors
    /// Never for our own issuers.
    pub fn document(&self) -> Result<Value, JsonError> {
        let mut document = json!({
            "@context": CONTEXT,
            "type": ["VerifiableCredential", RecordType::StatusList.as_str()],
            "id": self.address,
            "issuer": json::to_value(&self.issuer, "issuer")?,
            "validFrom": self.valid_from,
            "validUntil": self.valid_until,
            "credentialSubject": {
                "id": format!("{}#list", self.address),
                "type": "BitstringStatusList",
                "statusPurpose": self.purpose,
                "encodedList": self.encoded,
            },
        });
        if let (Some(notice), Some(map)) = (&self.notice, document.as_object_mut()) {
            map.insert("notice".to_owned(), notice.as_str().into());
        }
        Ok(document)
    }

    /// Reads a list that one of our portals made. Its proof is checked by `sign::proof`, not here.
    ///
    /// # Errors
    /// [`RecordError`] with the member that is wrong.
    pub fn read(document: Value) -> Result<Self, RecordError> {
        let read: Document = json::from_value(document, RecordType::StatusList.as_str())?;
        if read.context != json!(CONTEXT) {
            return Err(RecordError::Context);
        }
        let kinds = [read.kind.join(", "), read.subject.kind];
        let expected = ["VerifiableCredential, BitstringStatusListCredential", "BitstringStatusList"];
        if kinds != expected {
            return Err(RecordError::Kind { expected: expected.join(" with "), found: kinds.join(" with ") });
        }
        Ok(StatusList {
            address: read.id,
            issuer: read.issuer,
            valid_from: read.valid_from,
            valid_until: read.valid_until,
            notice: read.notice,
            purpose: read.subject.status_purpose,
            encoded: read.subject.encoded_list,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Document {
    #[serde(rename = "@context")]
    context: Value,
    #[serde(rename = "type")]
    kind: Vec<String>,
    id: String,
    issuer: Issuer,
    valid_from: Time,
    valid_until: Time,
    #[serde(default)]
    notice: Option<String>,
    #[serde(rename = "credentialSubject")]
    subject: Subject,
    #[serde(rename = "proof")]
    _proof: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Subject {
    #[serde(rename = "id")]
    _id: String,
    #[serde(rename = "type")]
    kind: String,
    status_purpose: StatusPurpose,
    encoded_list: String,
}
