//! The audit of the access log: each part has the digest that was sealed, nothing stands outside the parts, and each answer follows from
//! the records that it names.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::Value;

use super::judge::{Held, Taken, judge, unreadable};
use crate::engine::audit::walk::CaseEntries;
use crate::engine::audit::{Audit, Finding};
use crate::engine::deals::events::{DealEvent, Happened};
use crate::engine::deals::life::{DealNow, DealRevoked, DealState, Successor};
use crate::engine::rows::{self, Loaded};
use crate::engine::{Engine, EngineError};
use crate::model::access::line::{DatasetRef, DealRef, Status, first_key};
use crate::model::access::{Asked, Call, Line, Reason, Verdict};
use crate::model::dataset::Dataset;
use crate::model::record::{
    Acceptance, AccessLogSealed, DatasetImported, Deal, RecordType, Reference, Revocation, kind_of, read,
};
use crate::model::term::local_day;
use crate::model::{Digest, Document, Time, Urn};
use crate::store::Kind;

/// What was read for the records before.
struct Replayed<'a> {
    /// Where records of cases stand in the log.
    entries: &'a CaseEntries,
    deals: HashMap<Digest, Arc<Deal>>,
    datasets: HashMap<(Digest, String), Option<Arc<Dataset>>>,
    /// What was given on a day by a deal that gives so much a day.
    volumes: HashMap<(Urn, NaiveDate), u64>,
}

impl<'a> Replayed<'a> {
    fn new(entries: &'a CaseEntries) -> Self {
        let (deals, datasets, volumes) = (HashMap::new(), HashMap::new(), HashMap::new());
        Replayed { entries, deals, datasets, volumes }
    }

    /// Adds what a call gave to its day (SPEC S-167).
    fn within_the_day(&mut self, taken: &Taken, at: Time) -> Result<(), String> {
        for (deal, (by, most)) in &taken.0 {
            let day = self.volumes.entry((*deal, local_day(at))).or_default();
            *day = day.saturating_add(*by);
            if *day > *most {
                return Err(format!("by {deal} {day} were given on a day, and it gives {most}"));
            }
        }
        Ok(())
    }
}

impl Engine {
    /// Audits the parts that were sealed, in the order of the log, and what came after them.
    pub(in crate::engine) fn audit_access(
        &self,
        seals: &[AccessLogSealed],
        entries: &CaseEntries,
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
        let mut replayed = Replayed::new(entries);
        self.each_access_record(begin, Time::from_unix(253_402_300_799).unwrap_or(now), |key, bytes| {
            audit.access_records += 1;
            if let Err(why) = self.replay_access(&mut replayed, key, bytes)? {
                audit.findings.push(Finding::new("S-164", format!("access record {key}"), why));
            }
            Ok(())
        })
    }

    /// Whether a record is well formed, in its place, and its answer follows from what it names.
    fn replay_access(
        &self,
        known: &mut Replayed<'_>,
        key: &str,
        bytes: &[u8],
    ) -> Result<Result<(), String>, EngineError> {
        let line: Line = match serde_json::from_slice(bytes) {
            Ok(line) => line,
            Err(e) => return Ok(Err(e.to_string())),
        };
        let Some(at) = line.at().filter(|_| line.key() == key) else {
            return Ok(Err("it stands in another place".to_owned()));
        };
        let call = Call::read(line.body.request.clone(), line.event_name);
        if line.status == Status::Error {
            // that the caller might ask nothing cannot be seen from what is named
            let error = line.body.response.pointer("/context/error/status").and_then(Value::as_u64);
            let fits = match error {
                Some(400) => call.is_err() || line.body.request.is_null(),
                Some(status) => (401..500).contains(&status),
                None => false,
            };
            let no = line.body.response.get("decision") == Some(&Value::Bool(false));
            return Ok(if fits && no { Ok(()) } else { Err("it says that it could not be decided".to_owned()) });
        }
        let call = match call {
            Ok(call) => call,
            Err(e) => return Ok(Err(e.to_string())),
        };
        // a token and a forwarded call are not asked by an owner's server
        let owners: Option<BTreeSet<&str>> = Some(&line.attributes.information.owners)
            .filter(|owners| !owners.is_empty())
            .map(|owners| owners.iter().map(String::as_str).collect());
        let mut taken = Taken::default();
        let response = call.respond(|asked| self.answer_again(known, &line, owners.as_ref(), asked, at, &mut taken));
        Ok(match response {
            Ok(response) if response == line.body.response => {
                // records from before this was counted do not say it
                let counted = |id: &Urn| line.attributes.policies.deals.iter().any(|d| d.id == *id && d.used.is_some());
                taken.0.retain(|id, _| counted(id));
                known.within_the_day(&taken, at)
            }
            Ok(response) => Err(format!("the answer that follows is {response}")),
            Err(Again::Lacks(what)) => Err(format!("it does not name {what}")),
            Err(Again::Error(error)) => return Err(error),
        })
    }

    fn answer_again(
        &self,
        known: &mut Replayed<'_>,
        line: &Line,
        owners: Option<&BTreeSet<&str>>,
        asked: &Asked,
        at: Time,
        taken: &mut Taken,
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
                found = Some((imported, self.gone_again(known, dataset)?));
            }
        }
        // that there was no such dataset cannot be seen from what is named
        let Some((dataset, gone)) = found else { return Ok(Verdict::no(Reason::Dataset)) };
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
                let named = asked.user.as_ref().and_then(|user| Some((user, deal.users.get(user)?)));
                if let Some((user, event)) = named {
                    self.named_again(deal, user, event, at)?;
                }
                let used = deal.used.unwrap_or(0).saturating_add(taken.of(&deal.id));
                let state = self.state_again(known, deal, &said, at)?;
                held.push(Held { id: deal.id, state, deal: said, named: named.is_some(), used });
            }
        }
        let verdict = judge(asked, &dataset, gone, &held, at);
        taken.add(asked, &held, &verdict);
        Ok(verdict)
    }

    /// Whether the event names this user at that instant; what was erased cannot be seen any more.
    fn named_again(&self, deal: &DealRef, user: &str, event: &Urn, at: Time) -> Result<(), Again> {
        let row = rows::load::<DealEvent>(&*self.store, Kind::DealEvent, &event.to_string())?;
        let Some(Loaded { value: found, .. }) = row else { return Ok(()) };
        let names = match &found.what {
            Happened::UserNamed(named) => {
                named.access_id.as_deref() == Some(user)
                    && named.from.is_some_and(|from| from <= at)
                    && named.until.is_some_and(|until| at < until)
            }
            _ => false,
        };
        if found.deal == deal.id && names { Ok(()) } else { Err(Again::Lacks(format!("how `{user}` was named"))) }
    }

    fn dataset_again(&self, known: &mut Replayed<'_>, record: Digest, id: &str) -> Result<Option<Arc<Dataset>>, Again> {
        if let Some(found) = known.datasets.get(&(record, id.to_owned())) {
            return Ok(found.clone());
        }
        let document = self.document_again(known, record)?;
        let imported = read::<DatasetImported>(document, RecordType::Dataset).map_err(EngineError::from)?;
        let found = self.imported(imported.subject, id)?.map(Arc::new);
        known.datasets.insert((record, id.to_owned()), found.clone());
        Ok(found)
    }

    /// Whether a dataset is gone by the import that is named for it.
    fn gone_again(&self, known: &Replayed<'_>, dataset: &DatasetRef) -> Result<bool, Again> {
        let Some(record) = dataset.gone else { return Ok(false) };
        let document = self.document_again(known, record)?;
        let imported = read::<DatasetImported>(document, RecordType::Dataset).map_err(EngineError::from)?;
        match self.lost(&imported.subject, &dataset.id)? {
            true => Ok(true),
            false => Err(Again::Lacks(format!("an import that no longer holds {}", dataset.id))),
        }
    }

    fn deal_again(&self, known: &mut Replayed<'_>, deal: &DealRef) -> Result<Arc<Deal>, Again> {
        if let Some(found) = known.deals.get(&deal.digest) {
            return Ok(Arc::clone(found));
        }
        let document = self.document_again(known, deal.digest)?;
        let record = read::<Deal>(document, RecordType::Deal).map_err(EngineError::from)?;
        if record.id != deal.id {
            return Err(Again::Lacks(format!("the record of {}", deal.id)));
        }
        let said = Arc::new(record.subject);
        known.deals.insert(deal.digest, Arc::clone(&said));
        Ok(said)
    }

    /// The state of a deal that follows from the records about it.
    fn state_again(&self, known: &Replayed<'_>, deal: &DealRef, said: &Deal, at: Time) -> Result<DealState, Again> {
        let reference = Reference { id: deal.id, digest: deal.digest };
        let (mut acceptance, mut revocations) = (None, Vec::new());
        let mut next: Option<(Reference, Time)> = None;
        let mut successor = None;
        for digest in &deal.records {
            let document = self.document_again(known, *digest)?;
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

    fn document_again(&self, known: &Replayed<'_>, digest: Digest) -> Result<Document, Again> {
        let entry = known.entries.get(&digest).map(|(index, _)| *index);
        let stored = self.store.record_by_digest(&digest, entry).map_err(EngineError::from)?;
        // an altered one is a finding, and the audit goes on
        let found = stored.and_then(|stored| Document::read(stored.bytes).ok());
        let found = found.filter(|document| document.digest() == digest);
        found.ok_or_else(|| Again::Lacks(format!("a record that is there: {digest}")))
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
