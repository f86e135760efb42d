//! Records and the entries of the log: documents of the record profile, their proofs and their types.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use datadeal::model::bitstring::Bitstring;
use datadeal::model::entry::Entry;
use datadeal::model::record::{
    Acceptance, AccessLogSealed, ApprovalGiven, ConditionSetPublished, DatasetImported, Deal, DealReview,
    DecisionRecord, Erasure, Evidence, KeyStatement, Mandate, MandateWithdrawn, Objection, RecordType, RequestReceived,
    Revocation, SchemaPublished, StatusList, TermChanged, TrustList, kind_of, read,
};
use datadeal::model::{Digest, Document, json};
use datadeal::sign::proof;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::seeds;

/// A document at the door.
pub fn record(bytes: &[u8]) -> bool {
    if let Ok(entry) = Entry::parse(bytes) {
        assert_eq!(entry.to_bytes(), bytes, "an entry has one spelling");
    }
    let Ok(document) = json::parse(bytes, json::MAX_BYTES) else { return false };
    let canonical = json::canonical(&document);
    assert!(canonical.len() <= bytes.len(), "the canonical form is the shortest");
    let again = json::parse(&canonical, json::MAX_BYTES).expect("what was written is read");
    assert_eq!(again, document);
    assert_eq!(json::canonical(&again), canonical);
    let known = Document::read(canonical.clone()).expect("canonical bytes are read as they are");
    assert_eq!((known.digest(), known.value()), (Digest::of(&canonical), again.clone()));
    assert_eq!(Document::read(bytes.to_vec()).is_ok(), canonical == bytes, "and no others are");

    // of two members that are wrong the first in the text is named, so the MUST is compared and not the words
    let verified = proof::verify(&document).map_err(|e| e.must());
    assert_eq!(proof::verify(&again).map_err(|e| e.must()), verified);
    if verified.is_ok() {
        assert!(signed().contains(&Digest::of(&canonical)), "a proof holds that nobody made");
    }
    typed(&known);
    true
}

/// The documents that somebody signed. Whoever has no key cannot add to them.
fn signed() -> &'static BTreeSet<Digest> {
    static SIGNED: OnceLock<BTreeSet<Digest>> = OnceLock::new();
    SIGNED.get_or_init(|| {
        let documents = seeds("record").into_iter().filter_map(|bytes| json::parse(&bytes, json::MAX_BYTES).ok());
        documents.filter(|d| proof::verify(d).is_ok()).map(|d| Digest::of_document(&d)).collect()
    })
}

fn typed(document: &Document) {
    let Ok(kind) = kind_of(document) else { return };
    let check = match kind {
        RecordType::KeyStatement => subject::<KeyStatement>,
        RecordType::Mandate => subject::<Mandate>,
        RecordType::MandateWithdrawal => subject::<MandateWithdrawn>,
        RecordType::TrustList => subject::<TrustList>,
        RecordType::Schema => subject::<SchemaPublished>,
        RecordType::ConditionSet => subject::<ConditionSetPublished>,
        RecordType::AccessLog => subject::<AccessLogSealed>,
        RecordType::Dataset => subject::<DatasetImported>,
        RecordType::Request => subject::<RequestReceived>,
        RecordType::Approval => subject::<ApprovalGiven>,
        RecordType::Decision => subject::<DecisionRecord>,
        RecordType::Deal => subject::<Deal>,
        RecordType::Acceptance => subject::<Acceptance>,
        RecordType::Revocation => subject::<Revocation>,
        RecordType::Review => subject::<DealReview>,
        RecordType::Erasure => subject::<Erasure>,
        RecordType::Term => subject::<TermChanged>,
        RecordType::Objection => subject::<Objection>,
        RecordType::Evidence => subject::<Evidence>,
        RecordType::StatusList => return status_list(&document.value()),
    };
    check(document, kind);
}

/// A subject that is read can be written, within the profile, and says the same when it is read again.
fn subject<S: Serialize + DeserializeOwned>(document: &Document, kind: RecordType) {
    let Ok(record) = read::<S>(document.clone(), kind) else { return };
    assert_eq!(record.digest, document.digest());
    assert_eq!(record.document, *document);
    let written = json::to_value(&record.subject, "subject").expect("a subject is JSON");
    let parsed = json::parse(&json::canonical(&written), json::MAX_BYTES).expect("a subject is of the profile");
    assert_eq!(parsed, written);
    let again: S = json::from_value(parsed, "subject").expect("what was written is read");
    assert_eq!(json::to_value(&again, "subject"), Ok(written));
}

/// A status list has a reader of its own, and its bits are compressed.
fn status_list(document: &Value) {
    let Ok(list) = StatusList::read(document.clone()) else { return };
    let mut written = list.document().expect("a list is JSON");
    written["proof"] = document["proof"].clone();
    assert_eq!(StatusList::read(written).as_ref(), Ok(&list));
    if let Ok(bits) = Bitstring::decode(&list.encoded) {
        assert_eq!(bits.encode().as_deref().map(Bitstring::decode), Ok(Ok(bits)));
    }
}
