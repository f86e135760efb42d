//! Signed records: the envelope that all of them share (SPEC section 5), a W3C Verifiable Credential 2.0 within the record profile.
//!
//! A record is a JSON document; this room builds it without its proof and reads it back strictly. Signing is `sign::proof`.

mod case;
mod course;
mod deal;
mod parties;
mod publication;
mod status;
mod subject;

use std::fmt;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

pub use case::{Announcement, ApprovalGiven, Channel, DecisionRecord, DecisionResult, ExtraTerm, RequestReceived};
pub use course::{Erasure, Objection, ObjectionOutcome, OnObjection, TermAction, TermChanged};
pub use deal::{
    Acceptance, Copies, Deal, DealDecision, DealGround, DealParty, DealReview, DealTerm, Fee, Obligation, Party,
    Revocation, RevocationAction, StepObjection, Wording,
};
pub use parties::{
    Actor, Authority, Holder, KeyStatement, KeyUse, Level, LogIdentity, Mandate, MandateWithdrawn, PersonSide, Power,
    TrustList, Trusted,
};
pub use publication::{
    AccessLogSealed, ConditionSetPublished, DatasetImported, DatasetList, Evidence, EvidenceKind, ListedDataset,
    ListedDatasets, SchemaPublished, Transition,
};
pub use status::{StatusList, StatusPurpose};
pub use subject::Subject;

use super::entry::EntryType;
use super::{DidKey, Digest, Document, JsonError, OrgId, Salt, Time, Urn};

/// The `@context` of every record: that of W3C credentials, and that of W3C for terms which it does not define. Nothing of ours is
/// fetched, and both are texts: there are verifiers in which an inline object never equals its copy in the proof.
pub const CONTEXT: [&str; 2] =
    ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"];

/// How far the clock of a record may be behind that of one with a lower index in the log, in seconds (SPEC S-89).
pub const CLOCK_BEHIND: i64 = 60;
/// How long before it is handed in an acceptance can be signed elsewhere, in seconds (SPEC S-93).
pub const SIGNED_BEFORE: i64 = 7 * 86_400;

/// Declares the closed list once: variant, credential type, entry type, key use, meaning.
macro_rules! record_types {
    ($($variant:ident $text:literal $entry:expr, $use:ident, $doc:literal);+ $(;)?) => {
        /// The closed list of record types (SPEC section 5).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RecordType {
            $(#[doc = $doc] $variant),+
        }
        impl RecordType {
            /// Every type, in the order of the list.
            pub const ALL: &[RecordType] = &[$(RecordType::$variant),+];
            /// The second word of the record's `type`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(RecordType::$variant => $text),+ }
            }
            /// The log entry that this record has; none for what is not logged.
            #[must_use]
            pub fn entry(self) -> Option<EntryType> {
                match self { $(RecordType::$variant => $entry),+ }
            }
            /// The use that the signing key must have.
            #[must_use]
            pub fn key_use(self) -> KeyUse {
                match self { $(RecordType::$variant => KeyUse::$use),+ }
            }
        }
    };
}

record_types! {
    KeyStatement "KeyStatementCredential" Some(EntryType::Key), Keys, "Whose key, for which uses.";
    Mandate "MandateCredential" Some(EntryType::Mandate), Mandates, "Who may decide or approve what in whose name.";
    MandateWithdrawal "MandateWithdrawalCredential" Some(EntryType::MandateWithdrawal), Mandates, "A mandate withdrawn before its end.";
    TrustList "TrustListCredential" Some(EntryType::TrustList), Portal, "Whose evidence counts for which fact.";
    Schema "SchemaCredential" Some(EntryType::Schema), Portal, "The schema in force.";
    ConditionSet "ConditionSetCredential" Some(EntryType::ConditionSet), Conditions, "A published version of a condition set.";
    Dataset "DatasetCredential" Some(EntryType::Dataset), Portal, "Datasets as imported.";
    Request "RequestCredential" Some(EntryType::Request), Portal, "A request as received.";
    Approval "ApprovalCredential" Some(EntryType::Approval), Deals, "A reviewer's yes or no.";
    Decision "DecisionCredential" Some(EntryType::Decision), Deals, "The end of a request.";
    Deal "DataDealCredential" Some(EntryType::Deal), Deals, "A deal as offered.";
    Acceptance "DataDealAcceptanceCredential" Some(EntryType::Acceptance), Acceptances, "A deal accepted.";
    Revocation "DealRevocationCredential" Some(EntryType::Revocation), Deals, "A deal suspended, resumed or revoked, and the steps to it.";
    Review "DealReviewCredential" Some(EntryType::Review), Deals, "A live deal decided again with another outcome.";
    Erasure "ErasureCredential" Some(EntryType::Erasure), Portal, "What was erased of a closed case.";
    AccessLog "AccessLogCredential" Some(EntryType::AccessLog), Portal, "A part of the access log sealed.";
    Term "TermCredential" Some(EntryType::Term), Deals, "The term of a request or objection suspended, resumed or extended.";
    Objection "ObjectionCredential" Some(EntryType::Objection), Portal, "The addressee does not agree with a decision.";
    Evidence "EvidenceCredential" None, Evidence, "A document that makes a fact verified.";
    StatusList "BitstringStatusListCredential" None, Status, "Which deals of an owner are revoked or suspended.";
}

impl RecordType {
    /// True for records of a case: they are not public and have a salt, and their log entries are blinded with that of the request.
    #[must_use]
    pub fn of_case(self) -> bool {
        matches!(
            self,
            RecordType::Request
                | RecordType::Approval
                | RecordType::Decision
                | RecordType::Deal
                | RecordType::Acceptance
                | RecordType::Revocation
                | RecordType::Review
                | RecordType::Erasure
                | RecordType::Term
                | RecordType::Objection
        )
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whose record it is: a key that names itself, with the register entry and legal name of its organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Issuer {
    /// The key that signs.
    pub id: DidKey,
    /// Legal name.
    pub legal_name: String,
    /// Register and number.
    pub register_number: OrgId,
}

/// A reference to another record: its id, and the digest of all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The record's id.
    pub id: Urn,
    /// The record's digest, proof included.
    pub digest: Digest,
}

/// Where the status of a deal can be looked up: Bitstring Status List. A convenience; the log is the proof of revocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CredentialStatus {
    /// Always `BitstringStatusListEntry`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `revocation` or `suspension`.
    pub status_purpose: String,
    /// The index in the list, in decimal digits.
    pub status_list_index: String,
    /// The list's id.
    pub status_list_credential: String,
}

/// The envelope of a record around its subject, before it is signed.
#[derive(Debug)]
pub struct Draft<'a, S> {
    /// Its type.
    pub kind: RecordType,
    /// Its id.
    pub id: Urn,
    /// Who issues it.
    pub issuer: Issuer,
    /// The one instant of the operation.
    pub valid_from: Time,
    /// The end of what it grants.
    pub valid_until: Option<Time>,
    /// For documents that are not public.
    pub salt: Option<Salt>,
    /// Said on every record of an example: that it is one.
    pub notice: Option<&'a str>,
    /// Status lookups (deals only).
    pub status: &'a [CredentialStatus],
    /// What it says.
    pub subject: &'a S,
}

impl<S: Serialize> Serialize for Draft<'_, S> {
    /// The document without its proof.
    fn serialize<T: Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("@context", &CONTEXT)?;
        map.serialize_entry("type", &["VerifiableCredential", self.kind.as_str()])?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("issuer", &self.issuer)?;
        map.serialize_entry("validFrom", &self.valid_from)?;
        if let Some(until) = &self.valid_until {
            map.serialize_entry("validUntil", until)?;
        }
        if let Some(salt) = &self.salt {
            map.serialize_entry("salt", salt)?;
        }
        if let Some(notice) = self.notice {
            map.serialize_entry("notice", notice)?;
        }
        if !self.status.is_empty() {
            map.serialize_entry("credentialStatus", self.status)?;
        }
        map.serialize_entry("credentialSubject", self.subject)?;
        map.end()
    }
}

/// A record as read: the envelope checked, the subject parsed, the whole document kept for its digest.
#[derive(Debug, Clone)]
pub struct Record<S> {
    /// Its type.
    pub kind: RecordType,
    /// Its id.
    pub id: Urn,
    /// Who issued it.
    pub issuer: Issuer,
    /// When.
    pub valid_from: Time,
    /// The end of what it grants.
    pub valid_until: Option<Time>,
    /// Of documents that are not public.
    pub salt: Option<Salt>,
    /// That it is an example.
    pub notice: Option<String>,
    /// Whether it names places in status lists.
    pub has_status: bool,
    /// What it says.
    pub subject: S,
    /// The digest of the whole document.
    pub digest: Digest,
    /// The whole document.
    pub document: Document,
}

impl<S> Record<S> {
    /// Its id and digest.
    #[must_use]
    pub fn reference(&self) -> Reference {
        Reference { id: self.id, digest: self.digest }
    }
}

/// Why a document is no record of a type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum RecordError {
    /// Members are missing, unknown or wrong.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Shape(#[from] JsonError),
    /// Another type than expected, or none of ours.
    #[error("the record's type is {found}, expected {expected}")]
    #[diagnostic(code(record::kind), help("SPEC.md section 5 lists the record types"))]
    Kind {
        /// What was expected.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// Another `@context` than the one that records have.
    #[error("the record's @context is not the one of SPEC.md section 5")]
    #[diagnostic(code(record::context))]
    Context,
}

/// The envelope as JSON; unknown members are refused. What is compared as bytes is passed over here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Envelope<S> {
    #[serde(rename = "@context")]
    _context: IgnoredAny,
    #[serde(rename = "type")]
    _kind: IgnoredAny,
    id: Urn,
    issuer: Issuer,
    valid_from: Time,
    #[serde(default)]
    valid_until: Option<Time>,
    #[serde(default)]
    salt: Option<Salt>,
    #[serde(default)]
    notice: Option<String>,
    #[serde(default)]
    credential_status: Option<Vec<CredentialStatus>>,
    credential_subject: S,
    #[serde(rename = "proof")]
    _proof: IgnoredAny,
}

/// The type of a record, read from its canonical bytes.
///
/// # Errors
/// [`RecordError::Kind`] if it is none of ours.
pub fn kind_of(document: &Document) -> Result<RecordType, RecordError> {
    let types = document.member("type").unwrap_or_default();
    let name = types.strip_prefix(b"[\"VerifiableCredential\",\"").and_then(|t| t.strip_suffix(b"\"]"));
    let found = |t: &RecordType| name == Some(t.as_str().as_bytes());
    RecordType::ALL.iter().copied().find(found).ok_or_else(|| RecordError::Kind {
        expected: "[\"VerifiableCredential\", one of SPEC.md section 5]".to_owned(),
        found: match types {
            b"" => "absent".to_owned(),
            other => String::from_utf8_lossy(other).chars().take(120).collect(),
        },
    })
}

/// One member of what a record says, without reading the rest.
///
/// # Errors
/// [`JsonError::Shape`] if it is missing or of another type.
pub fn said<'a, T: Deserialize<'a>>(document: &'a Document, member: &'static str) -> Result<T, JsonError> {
    let bytes = document.inner("credentialSubject", member).unwrap_or_default();
    serde_json::from_slice(bytes).map_err(|e| JsonError::shape(member, &e))
}

/// Reads a record of one type. Its proof is checked by `sign::proof`, not here.
///
/// # Errors
/// [`RecordError`] with the member that is wrong.
pub fn read<S: DeserializeOwned>(document: Document, kind: RecordType) -> Result<Record<S>, RecordError> {
    let found = kind_of(&document)?;
    if found != kind {
        return Err(RecordError::Kind { expected: kind.to_string(), found: found.to_string() });
    }
    let envelope: Envelope<S> = document.parse(kind.as_str())?;
    let context = document.member("@context").and_then(|c| serde_json::from_slice::<[&str; 2]>(c).ok());
    if context != Some(CONTEXT) {
        return Err(RecordError::Context);
    }
    Ok(Record {
        kind,
        id: envelope.id,
        issuer: envelope.issuer,
        valid_from: envelope.valid_from,
        valid_until: envelope.valid_until,
        salt: envelope.salt,
        notice: envelope.notice,
        has_status: envelope.credential_status.is_some(),
        subject: envelope.credential_subject,
        digest: document.digest(),
        document,
    })
}
