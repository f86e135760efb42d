//! One case of an audit: its records as the store lists them, each in its place in the log, checked as a bundle is.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::audit::{CaseEntries, Finding};
use super::standing::exhibit;
use super::state::{self, Case};
use super::{Engine, EngineError};
use crate::evidence::Exhibit;
use crate::model::entry::{Entry, EntryType};
use crate::model::input::DecisionInput;
use crate::model::record::{DecisionResult, Reference, said};
use crate::model::{Digest, Document, Time, term};
use crate::store::{Kind, Row};
use crate::verify::{CaseFile, KeptInput, Whole};

/// How many documents of evidence are kept read.
const MAX_EXHIBITS: usize = 4096;

/// What came of a case.
#[derive(Debug, Default)]
pub(super) struct CaseAudit {
    pub(super) ended: bool,
    pub(super) overdue: bool,
    pub(super) replayed: bool,
    pub(super) erased: bool,
    pub(super) deals: u64,
    pub(super) findings: Vec<Finding>,
    /// Index and time of each record that was met.
    pub(super) records: Vec<(u64, Option<Time>)>,
}

/// The records of a case by what they are.
#[derive(Default)]
struct Records {
    requests: Vec<Document>,
    decisions: Vec<Document>,
    deals: Vec<Document>,
    acceptances: Vec<Document>,
    approvals: Vec<Document>,
    revocations: Vec<Document>,
    reviews: Vec<Document>,
    erasures: Vec<Document>,
    places: Vec<(Digest, u64, Entry)>,
}

/// What the cores share.
pub(super) struct CaseAuditor<'a> {
    engine: &'a Engine,
    whole: &'a Whole,
    /// The entries of cases, as far as the log went when the audit began.
    entries: CaseEntries,
    now: Time,
    /// Evidence by digest, read and tried once, whatever rests on it; none if it is gone.
    exhibits: Mutex<HashMap<Digest, Option<Arc<Exhibit>>>>,
}

impl<'a> CaseAuditor<'a> {
    pub(super) fn new(engine: &'a Engine, whole: &'a Whole, entries: CaseEntries) -> Self {
        CaseAuditor { engine, whole, entries, now: engine.now(), exhibits: Mutex::default() }
    }

    pub(super) fn page(&self, rows: &[Row]) -> Result<Vec<CaseAudit>, EngineError> {
        let mut page = Vec::with_capacity(rows.len());
        for row in rows {
            match state::parse::<Case>(row).and_then(|case| self.case(&case.value)) {
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
        let mut records = self.records(case, &mut audit)?;
        let request = match (records.requests.pop(), records.requests.is_empty()) {
            (Some(request), true) if request.digest() == case.request.digest => request,
            (None, _) if self.later(&case.request.digest)? => return Ok(None),
            _ => {
                let why = "its receipt is not in the log, or is there twice";
                audit.findings.push(Finding::new("S-110", place, why));
                return Ok(Some(audit));
            }
        };
        let decision = records.decisions.pop();
        audit.ended = decision.is_some();
        let named = case.decision.as_ref().map(|d| d.record.digest);
        let named = match named {
            Some(digest) if self.later(&digest)? => None,
            named => named,
        };
        if !records.decisions.is_empty() || decision.as_ref().map(Document::digest) != named {
            let count = records.decisions.len() + usize::from(decision.is_some());
            let why = format!("the log has {count} decisions of it, its state names {}", usize::from(named.is_some()));
            audit.findings.push(Finding::new("S-110", place.clone(), why));
        }
        if decision.is_none() {
            self.running(&request, &place, &mut audit)?;
        }
        let decided = decision.as_ref().map(Decided::of).transpose()?;
        let rests_on = decided.as_ref().and_then(|d| d.input);
        let input = rests_on.map(|digest| self.input(&digest)).transpose()?.flatten();
        let evidence = input.as_ref().map(|input| self.evidence(input)).transpose()?;
        audit.erased = input.is_none() && rests_on.is_some();
        if audit.erased && records.erasures.is_empty() && !self.erased_later(case)? {
            let why = "the input of its decision is gone, and no erasure says why";
            audit.findings.push(Finding::new("S-110", place.clone(), why));
        }
        let (approvals, superseded) = newest(records.approvals)?;
        let mut file = CaseFile {
            request,
            decision,
            deal: None,
            acceptance: None,
            revocations: Vec::new(),
            reviews: Vec::new(),
            review_inputs: Vec::new(),
            supersedes: None,
            superseded_by: None,
            superseded_by_acceptance: None,
            approvals,
            superseded,
            erasures: records.erasures,
            input,
            sides: Vec::new(),
            evidence,
        };
        if records.deals.is_empty() {
            self.look(&file, &records.places, &place, &mut audit);
        }
        let neighbours = Neighbours::of(&records.deals, &records.acceptances)?;
        for deal in records.deals {
            let id = deal.text("id").unwrap_or_default().to_owned();
            let (digest, place) = (deal.digest(), format!("deal {id}"));
            file.acceptance = of_deal(&mut records.acceptances, &digest).pop();
            file.revocations = of_deal(&mut records.revocations, &digest);
            file.reviews = of_deal(&mut records.reviews, &digest);
            let inputs = file.reviews.iter().map(|review| self.input(&said(review, "input")?));
            file.review_inputs = inputs.filter_map(Result::transpose).collect::<Result<_, EngineError>>()?;
            file.supersedes = neighbours.before(&deal)?;
            (file.superseded_by, file.superseded_by_acceptance) = neighbours.after(&digest);
            file.deal = Some(deal);
            audit.deals += u64::from(self.look(&file, &records.places, &place, &mut audit));
        }
        // whatever the reason is for which nothing was compared: an answer that cannot be made again is no silent one
        let to_replay = decided.is_some_and(|d| d.result != DecisionResult::Withdrawn);
        if to_replay && !audit.replayed && !audit.erased && audit.findings.is_empty() {
            audit.findings.push(Finding::new("S-100", place, "its decision names no input, so it cannot be replayed"));
        }
        Ok(Some(audit))
    }

    /// Whether a record was logged after the audit began.
    fn later(&self, record: &Digest) -> Result<bool, EngineError> {
        Ok(!self.entries.contains_key(record) && self.engine.store.leaf_of(record)?.is_some())
    }

    fn erased_later(&self, case: &Case) -> Result<bool, EngineError> {
        // the row may have been read before the erasure that took the input away
        let now = self.engine.case(&case.id)?.value;
        now.erased.map_or(Ok(false), |erasure| self.later(&erasure.digest))
    }

    /// The records that the store lists under a case, each with its entry, as far as the log went when the audit began.
    fn records(&self, case: &Case, audit: &mut CaseAudit) -> Result<Records, EngineError> {
        let mut records = Records::default();
        state::each_record(&*self.engine.store, None, &case.id.to_string(), |stored| {
            let document = match Document::read(stored.bytes) {
                Ok(document) => document,
                Err(e) => {
                    audit.findings.push(Finding::new("S-60", format!("record {}", stored.id), e.to_string()));
                    return Ok(());
                }
            };
            // a public record was met before; one that is logged nowhere, or after the audit began, is none of this log
            let Some((index, entry)) = self.entries.get(&document.digest()) else { return Ok(()) };
            let list = match entry.kind {
                EntryType::Request => &mut records.requests,
                EntryType::Decision => &mut records.decisions,
                EntryType::Deal => &mut records.deals,
                EntryType::Acceptance => &mut records.acceptances,
                EntryType::Approval => &mut records.approvals,
                EntryType::Revocation => &mut records.revocations,
                EntryType::Review => &mut records.reviews,
                EntryType::Erasure => &mut records.erasures,
                // met as a public record
                _ => return Ok(()),
            };
            list.push(document);
            records.places.push((entry.digest, *index, entry.clone()));
            Ok(())
        })?;
        Ok(records)
    }

    /// Whether everything in the file is sound.
    fn look(&self, file: &CaseFile, places: &[(Digest, u64, Entry)], place: &str, audit: &mut CaseAudit) -> bool {
        let looked = self.whole.case(file, places);
        audit.replayed |= looked.replayed;
        audit.records.extend(looked.records);
        let sound = looked.failed.is_empty();
        audit.findings.extend(looked.failed.into_iter().map(|check| Finding::of(check, place)));
        sound
    }

    /// A request without an end must have a running clock.
    fn running(&self, request: &Document, place: &str, audit: &mut CaseAudit) -> Result<(), EngineError> {
        let last: String = said(request, "lastDay")?;
        if last < term::local_day(self.now).to_string() {
            audit.overdue = true;
            audit.findings.push(Finding::new("S-111", place, format!("the term ended on {last}")));
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

/// What a decision says of itself that an audit relies on: its own words, not those of the case's row.
struct Decided {
    result: DecisionResult,
    input: Option<Digest>,
}

impl Decided {
    fn of(decision: &Document) -> Result<Self, EngineError> {
        let input = decision.inner("credentialSubject", "input").map(|_| said(decision, "input")).transpose()?;
        Ok(Decided { result: said(decision, "result")?, input })
    }
}

/// The last approval for each name, by name, and those before it.
fn newest(approvals: Vec<Document>) -> Result<(Vec<Document>, Vec<Document>), EngineError> {
    let (mut last, mut superseded) = (BTreeMap::new(), Vec::new());
    for document in approvals {
        superseded.extend(last.insert(said::<String>(&document, "name")?, document));
    }
    Ok((last.into_values().collect(), superseded))
}

/// The deals of a case that took the place of others.
struct Neighbours {
    deals: BTreeMap<Digest, Document>,
    /// By the digest of the deal whose place is taken: the deal and its acceptance.
    followed: BTreeMap<Digest, (Document, Document)>,
}

impl Neighbours {
    fn of(deals: &[Document], acceptances: &[Document]) -> Result<Self, EngineError> {
        let mut followed = BTreeMap::new();
        for deal in deals {
            let (Some(old), digest) = (superseded(deal)?, deal.digest()) else { continue };
            let of_this = |a: &&Document| said::<Reference>(a, "deal").is_ok_and(|named| named.digest == digest);
            let acceptance = acceptances.iter().find(of_this);
            followed.extend(acceptance.map(|a| (old, (deal.clone(), a.clone()))));
        }
        Ok(Neighbours { deals: deals.iter().map(|d| (d.digest(), d.clone())).collect(), followed })
    }

    fn before(&self, deal: &Document) -> Result<Option<Document>, EngineError> {
        Ok(superseded(deal)?.and_then(|old| self.deals.get(&old).cloned()))
    }

    fn after(&self, deal: &Digest) -> (Option<Document>, Option<Document>) {
        self.followed.get(deal).cloned().unzip()
    }
}

/// The deal whose place a deal takes.
fn superseded(deal: &Document) -> Result<Option<Digest>, EngineError> {
    let named = deal.inner("credentialSubject", "supersedes").map(|_| said::<Reference>(deal, "supersedes"));
    Ok(named.transpose()?.map(|old| old.digest))
}

/// Takes out of a list what is of one deal.
fn of_deal(list: &mut Vec<Document>, deal: &Digest) -> Vec<Document> {
    list.extract_if(.., |d| said::<Reference>(d, "deal").is_ok_and(|named| named.digest == *deal)).collect()
}
