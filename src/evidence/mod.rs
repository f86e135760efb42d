//! From evidence to verified facts. The only place where a fact becomes verified.
//!
//! Evidence counts if its signature is valid, its subject is this organisation, its issuer is on the trust list for this fact and
//! this kind, `from <= now < until`, it is not revoked, and the value passes the fact's own check. Evidence that does not count
//! is named in the answer with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use crate::conditions::{Schema, facts};
use crate::model::input::{Uncounted, VerifiedFact};
use crate::model::record::{self, Evidence, EvidenceKind, Record, RecordError, RecordType, TrustList};
use crate::model::{DidKey, Digest, Document, OrgId, Time};
use crate::sign::proof;

/// Facts that evidence supports, and evidence that supports none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// By name of the fact.
    pub verified: BTreeMap<String, VerifiedFact>,
    /// With the reason.
    pub uncounted: Vec<Uncounted>,
}

/// What evidence is counted against.
#[derive(Debug, Clone, Copy)]
pub struct Measure<'a> {
    /// The schema in force: it knows the facts and their checks.
    pub schema: &'a Schema,
    /// The trust list in force; without one no evidence counts.
    pub trust_list: Option<&'a TrustList>,
    /// The organisation that the facts must be about.
    pub organisation: &'a OrgId,
    /// The one instant of the operation.
    pub now: Time,
    /// Digests of evidence that was revoked.
    pub revoked: &'a BTreeSet<Digest>,
}

/// A document that somebody showed as evidence: read, and its signature tried, once.
#[derive(Debug)]
pub struct Exhibit {
    /// The document.
    pub record: Record<Evidence>,
    /// Whether its issuer's own key signed it.
    signed: bool,
    /// Whether its value passes the fact's own check, by the schema that was asked last.
    fits: Mutex<Option<(Digest, bool)>>,
}

impl Exhibit {
    /// Reads a document.
    ///
    /// # Errors
    /// [`RecordError`] if it is no evidence at all. One with a bad signature is evidence that does not count.
    pub fn read(document: Document) -> Result<Self, RecordError> {
        let record = record::read::<Evidence>(document, RecordType::Evidence)?;
        let signed = proof::verify_document(&record.document).is_ok_and(|v| v.key == record.issuer.id);
        Ok(Exhibit { record, signed, fits: Mutex::default() })
    }

    fn fits(&self, schema: &Schema) -> bool {
        let mut fits = self.fits.lock().unwrap_or_else(PoisonError::into_inner);
        match *fits {
            Some((asked, fits)) if asked == schema.digest() => fits,
            _ => {
                let subject = &self.record.subject;
                let found = facts::expression(schema, &subject.fact, &subject.value).is_ok();
                *fits = Some((schema.digest(), found));
                found
            }
        }
    }
}

/// Counts evidence. Of two documents for one fact the one that lasts longest counts.
#[must_use]
pub fn count<'a>(measure: &Measure<'_>, exhibits: impl IntoIterator<Item = &'a Exhibit>) -> Counted {
    let mut counted = Counted::default();
    for exhibit in exhibits {
        let evidence = &exhibit.record;
        let fact = evidence.subject.fact.clone();
        match why_not(measure, exhibit) {
            Some(reason) => {
                counted.uncounted.push(Uncounted { fact, evidence: evidence.digest, reason: reason.to_owned() })
            }
            None => {
                let found = VerifiedFact {
                    value: evidence.subject.value.clone(),
                    issuer: evidence.issuer.register_number.to_string(),
                    until: Some(evidence.subject.until),
                    evidence: evidence.digest,
                };
                match counted.verified.get(&fact) {
                    Some(other) if (other.until, other.evidence) >= (found.until, found.evidence) => {}
                    _ => {
                        counted.verified.insert(fact, found);
                    }
                }
            }
        }
    }
    counted.uncounted.sort_by(|a, b| (&a.fact, a.evidence).cmp(&(&b.fact, b.evidence)));
    counted
}

/// The first reason for which a document does not count; none if it does.
#[must_use]
pub fn why_not(measure: &Measure<'_>, exhibit: &Exhibit) -> Option<&'static str> {
    let evidence = &exhibit.record;
    let subject = &evidence.subject;
    if !exhibit.signed {
        return Some("signature");
    }
    if subject.organisation != *measure.organisation {
        return Some("subject");
    }
    let Some(info) = measure.schema.facts().get(&subject.fact) else { return Some("fact") };
    let kind_fits = info.verified_by.iter().any(|k| k == subject.kind.as_str());
    if !kind_fits || !measure.trust_list.is_some_and(|list| trusted(list, evidence.issuer.id, subject, measure.now)) {
        return Some("issuer");
    }
    if subject.kind == EvidenceKind::Confirmation && (subject.reason.is_none() || subject.actor.is_none()) {
        return Some("reason");
    }
    if measure.now < subject.from {
        return Some("not-yet");
    }
    if measure.now >= subject.until {
        return Some("lapsed");
    }
    if measure.revoked.contains(&evidence.digest) {
        return Some("revoked");
    }
    (!exhibit.fits(measure.schema)).then_some("value")
}

/// True if the list lets this key vouch for this fact with this kind of evidence now.
fn trusted(list: &TrustList, key: DidKey, subject: &Evidence, now: Time) -> bool {
    list.trusted.iter().any(|t| {
        t.key == key
            && t.facts.contains(&subject.fact)
            && t.kinds.contains(&subject.kind)
            && t.from <= now
            && t.until.is_none_or(|until| now < until)
    })
}
