//! One case of an audit: its records as the store lists them, each in its place in the log, checked as a bundle is.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::history::{Decided, Neighbours, Records, of_deal};
use crate::engine::audit::Finding;
use crate::engine::audit::walk::CaseEntries;
use crate::engine::evidence::standing::exhibit;
use crate::engine::rows;
use crate::engine::state::Case;
use crate::engine::{Engine, EngineError};
use crate::evidence::Exhibit;
use crate::model::entry::{Entry, EntryType};
use crate::model::input::DecisionInput;
use crate::model::record::{DealDecision, ObjectionOutcome, Reference, said};
use crate::model::term::local_day;
use crate::model::{Digest, Document, Time};
use crate::store::{Kind, Row};
use crate::verify::{CaseFile, KeptInput, Whole, running};

/// How many documents of evidence are kept read.
const MAX_EXHIBITS: usize = 4096;

/// What came of a case.
#[derive(Debug, Default)]
pub(in crate::engine) struct CaseAudit {
    pub(in crate::engine) ended: bool,
    pub(in crate::engine) overdue: bool,
    pub(in crate::engine) replayed: u64,
    pub(in crate::engine) erased: bool,
    pub(in crate::engine) deals: u64,
    pub(in crate::engine) findings: Vec<Finding>,
    /// Index and time of each record that was met.
    pub(in crate::engine) records: Vec<(u64, Option<Time>)>,
}

/// What the cores share.
pub(in crate::engine) struct CaseAuditor<'a> {
    engine: &'a Engine,
    whole: &'a Whole,
    /// The entries of cases, as far as the log went when the audit began.
    entries: CaseEntries,
    now: Time,
    /// Evidence by digest, read and tried once, whatever rests on it; none if it is gone.
    exhibits: Mutex<HashMap<Digest, Option<Arc<Exhibit>>>>,
}

impl<'a> CaseAuditor<'a> {
    pub(in crate::engine) fn new(engine: &'a Engine, whole: &'a Whole, entries: CaseEntries) -> Self {
        CaseAuditor { engine, whole, entries, now: engine.now(), exhibits: Mutex::default() }
    }

    pub(in crate::engine) fn page(&self, rows: &[Row]) -> Result<Vec<CaseAudit>, EngineError> {
        let mut page = Vec::with_capacity(rows.len());
        for row in rows {
            match rows::parse::<Case>(row).and_then(|case| self.case(&case.value)) {
                Ok(audited) => page.extend(audited),
                // what cannot be read is a finding; that the store cannot be read is none
                Err(e @ (EngineError::Json(_) | EngineError::Record(_) | EngineError::Row { .. })) => {
                    let finding = Finding::new("S-60", format!("request {}", row.key), e.to_string());
                    page.push(CaseAudit { findings: vec![finding], ..CaseAudit::default() });
                }
                Err(e) => return Err(e),
            }
        }
        Ok(page)
    }

    /// None if the case was filed after the audit began.
    fn case(&self, case: &Case) -> Result<Option<CaseAudit>, EngineError> {
        let mut audit = CaseAudit::default();
        let place = format!("request {}", case.id);
        let records = self.records(case, &mut audit)?;
        let newest = records.requests.last().map(Document::digest);
        let begins = |r: &&Document| r.inner("credentialSubject", "replaces").is_none();
        let first = records.requests.iter().filter(begins).count();
        // a version that came with an objection which failed stands no more
        let stood = |r: &Document| r.digest() == case.request.digest;
        let known = newest == Some(case.request.digest) || (!case.waits() && records.requests.iter().any(stood));
        let request = match records.requests.last() {
            Some(request) if first == 1 && (known || self.later(&case.request)?) => request.clone(),
            None if self.later(&case.request)? => return Ok(None),
            _ => {
                let why = "its receipt is not in the log, or is there twice";
                audit.findings.push(Finding::new("S-110", place, why));
                return Ok(Some(audit));
            }
        };
        let decisions = records.decisions.iter().map(Decided::of).collect::<Result<Vec<_>, _>>()?;
        audit.ended = !decisions.is_empty();
        self.ends(case, &decisions, &records, &place, &mut audit)?;
        if decisions.len() <= records.objections.len() {
            self.running(case, &records, &place, &mut audit)?;
        }
        if decisions.is_empty() {
            self.look(&records.open(request)?, &records.places, &place, &mut audit);
        }
        let neighbours = Neighbours::of(&records.deals, &records.acceptances)?;
        let (mut deals_left, mut acceptances) = (records.deals.clone(), records.acceptances.clone());
        let (mut revocations, mut reviews) = (records.revocations.clone(), records.reviews.clone());
        let mut to_replay = 0;
        for decided in &decisions {
            let mut file = records.decided(decided);
            file.input = decided.input.map(|digest| self.input(&digest)).transpose()?.flatten();
            file.evidence = file.input.as_ref().map(|input| self.evidence(input)).transpose()?;
            let erased = file.input.is_none() && decided.input.is_some();
            if erased && records.erasures.is_empty() && !self.erased_later(case)? {
                let why = "the input of its decision is gone, and no erasure says why";
                audit.findings.push(Finding::new("S-110", place.clone(), why));
            }
            audit.erased |= erased;
            to_replay += u64::from(decided.judges() && !erased);
            let before = audit.replayed;
            let rests =
                |d: &mut Document| said::<DealDecision>(d, "decision").is_ok_and(|n| n.record.digest == decided.digest);
            let deals: Vec<Document> = deals_left.extract_if(.., rests).collect();
            if deals.is_empty() {
                self.look(&file, &records.places, &place, &mut audit);
            }
            for deal in deals {
                let id = deal.text("id").unwrap_or_default().to_owned();
                let (digest, place) = (deal.digest(), format!("deal {id}"));
                file.acceptance = of_deal(&mut acceptances, &digest).pop();
                file.revocations = of_deal(&mut revocations, &digest);
                file.reviews = of_deal(&mut reviews, &digest);
                let inputs = file.reviews.iter().map(|review| self.input(&said(review, "input")?));
                file.review_inputs = inputs.filter_map(Result::transpose).collect::<Result<_, EngineError>>()?;
                file.supersedes = neighbours.before(&deal)?;
                (file.superseded_by, file.superseded_by_acceptance) = neighbours.after(&digest);
                file.deal = Some(deal);
                audit.deals += u64::from(self.look(&file, &records.places, &place, &mut audit));
            }
            // however many deals rest on it
            audit.replayed = audit.replayed.min(before + 1);
        }
        // whatever the reason is for which nothing was compared: an answer that cannot be made again is no silent one
        if audit.replayed < to_replay && audit.findings.is_empty() {
            audit.findings.push(Finding::new("S-100", place, "its decision names no input, so it cannot be replayed"));
        }
        Ok(Some(audit))
    }

    /// A request has one end, and an objection one more; the newest that was not left as it was is the one of the case's state.
    fn ends(
        &self,
        case: &Case,
        decisions: &[Decided],
        records: &Records,
        place: &str,
        audit: &mut CaseAudit,
    ) -> Result<(), EngineError> {
        let upheld = |d: &&Decided| d.objection.is_none_or(|on| on.outcome == ObjectionOutcome::Upheld);
        let stands = decisions.iter().rfind(upheld).map(|d| d.digest);
        let named = case.decision.as_ref().map(|d| d.record);
        let later = named.map_or(Ok(false), |record| self.later(&record))?;
        let named = named.map(|record| record.digest);
        let first = decisions.iter().filter(|d| d.objection.is_none()).count();
        let on = decisions.iter().filter_map(|d| d.objection.map(|on| on.record.digest)).collect::<BTreeSet<_>>();
        let once = first <= 1 && on.len() + first == decisions.len() && on.len() <= records.objections.len();
        if !once || (stands != named && !later) {
            let (count, state) = (decisions.len(), usize::from(named.is_some()));
            let why = format!("the log has {count} decisions of it, its state names {state}");
            audit.findings.push(Finding::new("S-110", place, why));
        }
        Ok(())
    }

    /// Whether a record was logged after the audit began.
    fn later(&self, record: &Reference) -> Result<bool, EngineError> {
        let logged = || self.engine.store.leaf_of(&record.id.to_string());
        Ok(!self.entries.contains_key(&record.digest) && logged()?.is_some_and(|leaf| leaf.digest == record.digest))
    }

    fn erased_later(&self, case: &Case) -> Result<bool, EngineError> {
        // the row may have been read before the erasure that took the input away
        let now = self.engine.case(&case.id)?.value;
        now.erased.map_or(Ok(false), |erasure| self.later(&erasure))
    }

    /// The records that the store lists under a case, each with its entry, as far as the log went when the audit began. Their order is
    /// that of the log: ids of one second have none.
    fn records(&self, case: &Case, audit: &mut CaseAudit) -> Result<Records, EngineError> {
        let mut placed = Vec::new();
        rows::each_record(&*self.engine.store, None, &case.id.to_string(), |stored| {
            match Document::read(stored.bytes) {
                // one that is logged nowhere, or after the audit began, is none of this log
                Ok(document) => {
                    let entry = self.entries.get(&document.digest());
                    placed.extend(entry.map(|(index, entry)| (*index, entry, document)));
                }
                Err(e) => {
                    audit.findings.push(Finding::new("S-60", format!("record {}", stored.id), e.to_string()));
                }
            }
            Ok(())
        })?;
        placed.sort_unstable_by_key(|(index, ..)| *index);
        let mut records = Records::default();
        for (index, entry, document) in placed {
            let list = match entry.kind {
                EntryType::Request => &mut records.requests,
                EntryType::Decision => &mut records.decisions,
                EntryType::Deal => &mut records.deals,
                EntryType::Acceptance => &mut records.acceptances,
                EntryType::Approval => &mut records.approvals,
                EntryType::Revocation => &mut records.revocations,
                EntryType::Review => &mut records.reviews,
                EntryType::Erasure => &mut records.erasures,
                EntryType::Term => &mut records.terms,
                EntryType::Objection => &mut records.objections,
                // met as a public record
                _ => continue,
            };
            list.push(document);
            records.places.push((entry.digest, index, entry.clone()));
        }
        Ok(records)
    }

    /// Whether everything in the file is sound.
    fn look(&self, file: &CaseFile, places: &[(Digest, u64, Entry)], place: &str, audit: &mut CaseAudit) -> bool {
        let looked = self.whole.case(file, places);
        audit.replayed += u64::from(looked.replayed);
        audit.records.extend(looked.records);
        let sound = looked.failed.is_empty();
        audit.findings.extend(looked.failed.into_iter().map(|check| Finding::of(check, place)));
        sound
    }

    /// A request or objection without an end must have a running clock.
    fn running(&self, case: &Case, records: &Records, place: &str, audit: &mut CaseAudit) -> Result<(), EngineError> {
        let objected = !records.decisions.is_empty();
        let regime = if objected { "objection" } else { case.regime.as_str() };
        let received = records.requests.first().map(|r| said::<Time>(r, "receivedAt")).transpose()?;
        let term = self.engine.legal_term(regime, local_day(received.unwrap_or(self.now)).into())?;
        match running(&records.of_request(), &term.law, term.length, self.now) {
            Ok(sum) if sum.standing.is_none() && sum.last_day < local_day(self.now) => {
                audit.overdue = true;
                audit.findings.push(Finding::new("S-111", place, format!("the term ended on {}", sum.last_day)));
            }
            Ok(_) => {}
            Err(why) => audit.findings.push(Finding::new("S-111", place, why)),
        }
        Ok(())
    }

    /// A decision input; none once it was erased.
    fn input(&self, digest: &Digest) -> Result<Option<KeptInput>, EngineError> {
        let Some(row) = self.engine.store.row(Kind::Input, &digest.to_string())? else { return Ok(None) };
        Ok(Some(KeptInput::new(&Document::read(row.body)?)))
    }

    /// The evidence that an input names, as far as it is there.
    fn evidence(&self, input: &KeptInput) -> Result<Vec<Arc<Exhibit>>, EngineError> {
        let named = input.read.iter().flat_map(DecisionInput::evidence);
        named.filter_map(|digest| self.exhibit(digest).transpose()).collect()
    }

    fn exhibit(&self, digest: Digest) -> Result<Option<Arc<Exhibit>>, EngineError> {
        let exhibits = || self.exhibits.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = exhibits().get(&digest) {
            return Ok(found.clone());
        }
        let row = self.engine.store.row(Kind::Evidence, &digest.to_string())?;
        let found = row.map(exhibit).transpose()?;
        let mut exhibits = exhibits();
        if exhibits.len() >= MAX_EXHIBITS {
            exhibits.clear();
        }
        exhibits.insert(digest, found.clone());
        Ok(found)
    }
}
