//! The audit: the whole log and every record read again, verified, and replayed. Trusts nothing that the portal says of itself
//! but the log key of entry 0.
//!
//! One walk over the entries gives the root, which must be the signed one, and finds what is public. Then all cores take case
//! after case, page by page. In the end every entry must have been met once. What stays in memory is the entries, some two hundred
//! bytes for each.

mod case;
mod history;
pub(super) mod replay;
pub(in crate::engine) mod walk;

use std::collections::{BTreeMap, HashSet};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::engine::{Engine, EngineError};
use crate::model::Document;
use crate::model::entry::{Entry, EntryType};
use crate::model::record::CLOCK_BEHIND;
use crate::rights::{Act, Actor, Target};
use crate::store::{Head, Kind, Row};
use crate::verify::{Check, Logged, Whole};
use case::{CaseAudit, CaseAuditor};
use walk::Walk;

/// What an audit found.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Audit {
    /// Entries of the log.
    pub entries: u64,
    /// Records that were read and verified.
    pub records: u64,
    /// Requests, and how many have ended.
    pub requests: u64,
    /// Requests that have ended.
    pub ended: u64,
    /// Requests whose term has passed without an end.
    pub overdue: u64,
    /// Decisions that were replayed.
    pub replayed: u64,
    /// Decisions whose input was erased.
    pub erased: u64,
    /// Deals that verified, as an outsider would verify them.
    pub deals: u64,
    /// Records of the access log that were read.
    pub access_records: u64,
    /// Entries by type.
    pub by_type: BTreeMap<String, u64>,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The MUST of SPEC.md, where there is one.
    pub must: &'static str,
    /// Where: an entry, a record, a request, a deal.
    pub place: String,
    /// What.
    pub why: String,
}

impl Finding {
    pub(in crate::engine) fn new(must: &'static str, place: impl Into<String>, why: impl Into<String>) -> Self {
        Finding { must, place: place.into(), why: why.into() }
    }

    /// A check that failed.
    pub(in crate::engine) fn of(check: Check, place: &str) -> Self {
        Finding::new(check.must, place, format!("{}: {}", check.what, check.why.unwrap_or_default()))
    }
}

/// How many cases a core takes at once.
const CASES: usize = 100;

impl Engine {
    /// Audits everything. `progress` hears how many of how many steps are done: each entry once for the walk, once for its record.
    ///
    /// # Errors
    /// No right, or the store cannot be read. What is wrong with its content is a finding.
    pub fn audit(&self, actor: &Actor, progress: &mut dyn FnMut(u64, u64)) -> Result<Audit, EngineError> {
        self.rights.require(actor, Act::Audit, &Target::default())?;
        let mut audit = Audit::default();
        let Some(head) = self.log.reader().head()? else { return Ok(audit) };
        // entry 0 states the key of the log: if it is not the record that was signed, nothing further can be checked
        let first = self.store.leaves(0, 1)?.into_iter().next().and_then(|leaf| Entry::parse(&leaf.bytes).ok());
        if let Some(entry) = first
            && self.logged(0, entry, &mut audit)?.is_none()
        {
            return Ok(audit);
        }
        let mut walk = self.walk(&head, &mut audit, &mut |done| progress(done, 2 * head.size))?;
        let whole = self.publish_all(&mut audit, &mut walk)?;
        self.audit_access(whole.access_log(), &walk.cases, &mut audit)?;
        self.audit_imports(whole.dataset_lists(), &mut audit)?;
        self.audit_cases(&whole, &head, &mut audit, &mut walk, progress)?;
        finish(&mut audit, &walk);
        Ok(audit)
    }

    /// Every public record: first the keys, since all that follows rests on them.
    fn publish_all(&self, audit: &mut Audit, walk: &mut Walk) -> Result<Whole, EngineError> {
        let public = std::mem::take(&mut walk.public);
        let (keys, others): (Vec<_>, Vec<_>) = public.into_iter().partition(|(_, e)| e.kind == EntryType::Key);
        let mut statements = Vec::new();
        for (index, entry) in keys {
            statements.extend(self.logged(index, entry, audit)?);
        }
        let key = self.log_key()?;
        let (mut whole, audited) = Whole::new(&statements, key.name(), &key);
        walk.take(audit, "key statements", audited);
        for (index, entry) in others {
            let Some(logged) = self.logged(index, entry, audit)? else { continue };
            let audited = whole.publish(&logged);
            walk.take(audit, &format!("entry {index}"), audited);
        }
        Ok(whole)
    }

    /// The record of an entry.
    fn logged(&self, index: u64, entry: Entry, audit: &mut Audit) -> Result<Option<Logged>, EngineError> {
        let place = format!("entry {index}");
        let Some(record) = self.store.record_by_digest(&entry.digest, Some(index))? else {
            let why = format!("the record {} is missing", entry.digest);
            audit.findings.push(Finding::new("S-83", place, why));
            return Ok(None);
        };
        match Document::read(record.bytes) {
            Ok(document) if document.digest() == entry.digest => Ok(Some(Logged { index, entry, document })),
            Ok(_) => {
                let why = "the record has another digest than the entry names";
                audit.findings.push(Finding::new("S-86", place, why));
                Ok(None)
            }
            Err(e) => {
                audit.findings.push(Finding::new("S-60", place, e.to_string()));
                Ok(None)
            }
        }
    }

    /// Every case, on all cores.
    fn audit_cases(
        &self,
        whole: &Whole,
        head: &Head,
        audit: &mut Audit,
        walk: &mut Walk,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), EngineError> {
        let entries = std::mem::take(&mut walk.cases);
        let auditor = CaseAuditor::new(self, whole, entries);
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        // the key of the last case that somebody took; none once there are no more
        let next = Mutex::new(Some(String::new()));
        let (found, results) = channel();
        std::thread::scope(|scope| {
            for _ in 0..cores {
                let (found, next, auditor) = (found.clone(), &next, &auditor);
                scope.spawn(move || {
                    while let Some(page) = self.next_page(next).transpose() {
                        let page = page.and_then(|rows| auditor.page(&rows));
                        let stop = page.is_err();
                        // nobody listens any more once another core met an error
                        if found.send(page).is_err() || stop {
                            return;
                        }
                    }
                });
            }
            drop(found);
            gather(results, audit, walk, &mut |met| progress(head.size + met, 2 * head.size))
        })
    }

    /// The next rows of cases; none when all were taken.
    fn next_page(&self, next: &Mutex<Option<String>>) -> Result<Option<Vec<Row>>, EngineError> {
        let mut next = next.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(after) = next.take() else { return Ok(None) };
        let rows = self.store.rows(Kind::Request, None, Some(&after), CASES)?;
        *next = rows.last().map(|r| r.key.clone());
        Ok(Some(rows).filter(|rows| !rows.is_empty()))
    }
}

/// Adds up what the cores found, as it comes. With an error the receiver is gone, and the other cores stop.
fn gather(
    results: Receiver<Result<Vec<CaseAudit>, EngineError>>,
    audit: &mut Audit,
    walk: &mut Walk,
    progress: &mut dyn FnMut(u64),
) -> Result<(), EngineError> {
    for page in results {
        for case in page? {
            audit.requests += 1;
            audit.ended += u64::from(case.ended);
            audit.overdue += u64::from(case.overdue);
            audit.replayed += case.replayed;
            audit.erased += u64::from(case.erased);
            audit.deals += case.deals;
            audit.findings.extend(case.findings);
            walk.meet(audit, case.records);
        }
        progress(audit.records);
    }
    Ok(())
}

/// What can be said only when every case was read: each entry was met, and no record was made with a clock behind the log.
fn finish(audit: &mut Audit, walk: &Walk) {
    let told: HashSet<String> = audit.findings.iter().map(|f| f.place.clone()).collect();
    let mut newest = 0;
    for (index, met) in (0u64..).zip(&walk.met) {
        let place = format!("entry {index}");
        match met {
            None if !told.contains(&place) => {
                let why = "its record belongs to no key, text, mandate or request that is known here";
                audit.findings.push(Finding::new("S-110", place, why));
            }
            Some(at) if *at != 0 && at + CLOCK_BEHIND < newest => {
                let why = "its record was made with a clock behind that of an earlier entry";
                audit.findings.push(Finding::new("S-89", place, why));
            }
            _ => {}
        }
        newest = newest.max(met.unwrap_or(0));
    }
    audit.findings.sort();
    audit.findings.dedup();
}
