//! The audit of the access log: each part has the digest that was sealed, nothing stands outside the parts, and each answer follows from
//! the records that it names.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::super::audit::{Audit, Finding};
use super::super::life::{DealNow, DealRevoked, DealState, Successor};
use super::super::{Engine, EngineError};
use super::judge::{Held, judge, unreadable};
use crate::model::access::line::{DealRef, first_key};
use crate::model::access::{Asked, Call, Line, Reason, Verdict};
use crate::model::dataset::Dataset;
use crate::model::record::{
    Acceptance, AccessLogSealed, DatasetImported, Deal, RecordType, Reference, Revocation, kind_of, read,
};
use crate::model::{Digest, Document, Time};
use crate::store::Kind;

/// What was read for the records before.
#[derive(Default)]
struct Replayed {
    deals: HashMap<Digest, Arc<Deal>>,
    datasets: HashMap<(Digest, String), Option<Arc<Dataset>>>,
}

impl Engine {
    /// Audits the parts that were sealed, in the order of the log, and what came after them.
    pub(in crate::engine) fn audit_access(
        &self,
        seals: &[AccessLogSealed],
        audit: &mut Audit,
    ) -> Result<(), EngineError> {
        let now = self.clock.now();
        let begin = seals.first().map_or(Time::EPOCH, |seal| seal.from);
        if !seals.is_empty() {
            let before = self.store.rows(Kind::AccessRecord, None, None, 1)?;
            if let Some(row) = before.iter().find(|row| row.key < first_key(begin)) {
                let why = "it stands before the first part that was sealed";
                audit.findings.push(Finding::new("S-163", format!("access record {}", row.key), why));
            }
        }
        for seal in seals {
            let (digest, count) = self.digest_of(seal.from, seal.until)?;
            let gone = count == 0 && seal.kept_until <= now;
            if !gone && (digest, count) != (seal.digest, seal.count) {
                let why = format!(
                    "{count} records with digest {digest} are there, {} with {} were sealed",
                    seal.count, seal.digest
                );
                audit.findings.push(Finding::new("S-163", format!("access log {} to {}", seal.from, seal.until), why));
            }
        }
        let mut replayed = Replayed::default();
        self.each_access_record(begin, Time::from_unix(253_402_300_799).unwrap_or(now), |key, bytes| {
            audit.access_records += 1;
            if let Err(why) = self.replay_access(&mut replayed, key, bytes)? {
                audit.findings.push(Finding::new("S-164", format!("access record {key}"), why));
            }
            Ok(())
        })
    }

    /// Whether a record is well formed, in its place, and its answer follows from what it names.
    fn replay_access(&self, known: &mut Replayed, key: &str, bytes: &[u8]) -> Result<Result<(), String>, EngineError> {
        let line: Line = match serde_json::from_slice(bytes) {
            Ok(line) => line,
            Err(e) => return Ok(Err(e.to_string())),
        };
        let Some(at) = line.at().filter(|_| line.key() == key) else {
            return Ok(Err("it stands in another place".to_owned()));
        };
        let call = match Call::read(line.body.request.clone(), line.event_name) {
            Ok(call) => call,
            Err(e) => return Ok(Err(format!("`{}` {}", e.pointer, e.why))),
        };
        // a token and a forwarded call are not asked by an owner's server
        let owners: Option<BTreeSet<&str>> = Some(&line.attributes.information.owners)
            .filter(|owners| !owners.is_empty())
            .map(|owners| owners.iter().map(String::as_str).collect());
        let response = call.respond(|asked| self.answer_again(known, &line, owners.as_ref(), asked, at));
        Ok(match response {
            Ok(response) if response == line.body.response => Ok(()),
            Ok(response) => Err(format!("the answer that follows is {response}")),
            Err(Again::Lacks(what)) => Err(format!("it does not name {what}")),
            Err(Again::Error(error)) => return Err(error),
        })
    }

    fn answer_again(
        &self,
        known: &mut Replayed,
        line: &Line,
        owners: Option<&BTreeSet<&str>>,
        asked: &Asked,
        at: Time,
    ) -> Result<Verdict, Again> {
        if let Some(no) = unreadable(asked) {
            return Ok(no);
        }
        let (Some(organisation), Some(name)) = (&asked.organisation, &asked.dataset) else {
            return Ok(Verdict::no(Reason::Subject));
        };
        let mut found = None;
        for dataset in &line.attributes.information.datasets {
            let imported = self.dataset_again(known, dataset.record, dataset.id.as_str())?;
            let imported = imported.ok_or_else(|| Again::Lacks(format!("an import of {}", dataset.id)))?;
            if imported.id.as_str() == name || imported.slug.as_str() == name {
                found = Some(imported);
            }
        }
        // that there was no such dataset cannot be seen from what is named
        let Some(dataset) = found else { return Ok(Verdict::no(Reason::Dataset)) };
        if owners.is_some_and(|owners| !owners.contains(dataset.owner.as_str())) {
            return Ok(Verdict::Forbidden);
        }
        let mut held = Vec::new();
        for deal in &line.attributes.policies.deals {
            if asked.deal.is_some_and(|only| only != deal.id) {
                continue;
            }
            let said = self.deal_again(known, deal)?;
            let of = |party: &crate::model::record::DealParty| party.organisation == *organisation;
            if said.dataset == dataset.id && said.parties.last().is_some_and(of) {
                held.push(Held { id: deal.id, state: self.state_again(deal, &said, at)?, deal: said });
            }
        }
        Ok(judge(asked, &dataset, &held, at))
    }

    fn dataset_again(&self, known: &mut Replayed, record: Digest, id: &str) -> Result<Option<Arc<Dataset>>, Again> {
        if let Some(found) = known.datasets.get(&(record, id.to_owned())) {
            return Ok(found.clone());
        }
        let document = self.document_again(record)?;
        let imported = read::<DatasetImported>(document, RecordType::Dataset).map_err(EngineError::from)?;
        let found = imported.subject.datasets.into_iter().find(|d| d.id.as_str() == id).map(Arc::new);
        known.datasets.insert((record, id.to_owned()), found.clone());
        Ok(found)
    }

    fn deal_again(&self, known: &mut Replayed, deal: &DealRef) -> Result<Arc<Deal>, Again> {
        if let Some(found) = known.deals.get(&deal.digest) {
            return Ok(Arc::clone(found));
        }
        let document = self.document_again(deal.digest)?;
        let record = read::<Deal>(document, RecordType::Deal).map_err(EngineError::from)?;
        if record.id != deal.id {
            return Err(Again::Lacks(format!("the record of {}", deal.id)));
        }
        let said = Arc::new(record.subject);
        known.deals.insert(deal.digest, Arc::clone(&said));
        Ok(said)
    }

    /// The state of a deal that follows from the records about it.
    fn state_again(&self, deal: &DealRef, said: &Deal, at: Time) -> Result<DealState, Again> {
        let reference = Reference { id: deal.id, digest: deal.digest };
        let (mut acceptance, mut revocations) = (None, Vec::new());
        let mut next: Option<(Reference, Time)> = None;
        let mut successor = None;
        for digest in &deal.records {
            let document = self.document_again(*digest)?;
            let about = match kind_of(&document).map_err(EngineError::from)? {
                RecordType::Acceptance => {
                    let record = read::<Acceptance>(document, RecordType::Acceptance).map_err(EngineError::from)?;
                    if let Some((deal, from)) = next.filter(|(deal, _)| *deal == record.subject.deal) {
                        let accepted = Some((record.reference(), from.max(record.valid_from)));
                        successor = Some(Successor { deal, accepted });
                        continue;
                    }
                    acceptance = Some(record.reference());
                    record.subject.deal
                }
                RecordType::Revocation => {
                    let record = read::<Revocation>(document, RecordType::Revocation).map_err(EngineError::from)?;
                    let Revocation { action, effective, view_until, .. } = record.subject;
                    revocations.push(DealRevoked { record: record.reference(), action, effective, view_until });
                    record.subject.deal
                }
                RecordType::Deal => {
                    let record = read::<Deal>(document, RecordType::Deal).map_err(EngineError::from)?;
                    next = Some((record.reference(), record.subject.term.from));
                    match record.subject.supersedes {
                        Some(of) => of,
                        None => return Err(Again::Lacks(format!("a deal in the place of {}", deal.id))),
                    }
                }
                other => return Err(Again::Lacks(format!("an acceptance or revocation but a {other}"))),
            };
            if about != reference {
                return Err(Again::Lacks(format!("a record about {}", deal.id)));
            }
        }
        let [owner, reuser] = [said.parties.first(), said.parties.last()].map(|p| p.map(|p| p.organisation.clone()));
        let (Some(owner), Some(reuser)) = (owner, reuser) else {
            return Err(Again::Lacks("the parties of the deal".to_owned()));
        };
        let (id, case, dataset) = (deal.id, deal.id, said.dataset.clone());
        let row = DealNow {
            id,
            deal: reference,
            case,
            owner,
            reuser,
            dataset,
            acceptance,
            revocations,
            reviews: Vec::new(),
            supersedes: None,
            successor,
        };
        Ok(row.state(at, said))
    }

    fn document_again(&self, digest: Digest) -> Result<Document, Again> {
        let stored = self.store.record(&digest).map_err(EngineError::from)?;
        let stored = stored.ok_or_else(|| Again::Lacks(format!("a record that is there: {digest}")))?;
        Ok(Document::read(stored.bytes).map_err(EngineError::from)?)
    }
}

/// Why there is no answer again.
enum Again {
    /// The record names too little, or something else.
    Lacks(String),
    /// It cannot be read.
    Error(EngineError),
}

impl From<EngineError> for Again {
    fn from(error: EngineError) -> Self {
        Again::Error(error)
    }
}
