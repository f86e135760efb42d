//! The audit: the whole log and every record read again, verified, and replayed. Trusts nothing that the portal says of itself
//! but the log key of entry 0.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::state::{self, Case, DealNow};
use super::{Engine, EngineError};
use crate::merkle::{Edge, leaf_hash};
use crate::model::entry::{Entry, EntryType};
use crate::model::record::{DecisionResult, RecordType, kind_of};
use crate::model::{Digest, json};
use crate::rights::{Act, Actor, Target};
use crate::sign::{Checkpoint, Note, proof};
use crate::store::Kind;
use crate::verify::{CheckResult, Given, Verdict, verify};

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
    /// Deals whose bundle verified.
    pub deals: u64,
    /// Entries by type.
    pub by_type: BTreeMap<String, u64>,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The MUST of SPEC.md, where there is one.
    pub must: &'static str,
    /// Where: an entry, a record, a request, a deal.
    pub place: String,
    /// What.
    pub why: String,
}

/// How many leaves are read at once.
const PAGE: usize = 1000;

impl Engine {
    /// Audits everything. `progress` hears how many of how many entries are done.
    ///
    /// # Errors
    /// No right, or the store cannot be read. What is wrong with its content is a finding.
    pub fn audit(&self, actor: &Actor, progress: &mut dyn FnMut(u64, u64)) -> Result<Audit, EngineError> {
        self.rights.require(actor, Act::Audit, &Target::default())?;
        let mut audit = Audit::default();
        let requests = self.audit_log(&mut audit, progress)?;
        self.audit_cases(&mut audit, requests)?;
        self.audit_deals(&mut audit)?;
        Ok(audit)
    }

    /// Every entry: its record, its signature, its place in the tree, and the root under the signed checkpoint. Gives the digests of
    /// all requests received.
    fn audit_log(
        &self,
        audit: &mut Audit,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<BTreeSet<Digest>, EngineError> {
        let reader = self.log.reader();
        let Some(head) = reader.head()? else { return Ok(BTreeSet::new()) };
        let mut edge = Edge::empty();
        let mut stored = Vec::new();
        let mut requests = BTreeSet::new();
        let mut ids = BTreeSet::new();
        let mut at = 0;
        while at < head.size {
            let room = usize::try_from(head.size - at).unwrap_or(PAGE).min(PAGE);
            let leaves = self.store.leaves(at, room)?;
            if leaves.is_empty() {
                audit.findings.push(Finding {
                    must: "S-87",
                    place: format!("entry {at}"),
                    why: "is missing".to_owned(),
                });
                break;
            }
            for leaf in leaves {
                edge.push(leaf_hash(&leaf.bytes), &mut stored);
                stored.clear();
                self.audit_entry(audit, leaf.index, &leaf.bytes, &mut ids, &mut requests)?;
                at = leaf.index + 1;
            }
            progress(at, head.size);
        }
        audit.entries = at;
        let note = Note::parse(&head.checkpoint).map_err(EngineError::Note)?;
        let key = self.log_key()?;
        match Checkpoint::open(&note, &key, &[]) {
            Ok(opened) if opened.checkpoint().size() == at && opened.checkpoint().root() == edge.root() => {}
            Ok(opened) => audit.findings.push(Finding {
                must: "S-81",
                place: "checkpoint".to_owned(),
                why: format!(
                    "it is signed for size {} and root {}, the entries give size {at} and root {}",
                    opened.checkpoint().size(),
                    opened.checkpoint().root(),
                    edge.root()
                ),
            }),
            Err(e) => {
                audit.findings.push(Finding { must: e.must(), place: "checkpoint".to_owned(), why: e.to_string() })
            }
        }
        Ok(requests)
    }

    fn audit_entry(
        &self,
        audit: &mut Audit,
        index: u64,
        bytes: &[u8],
        ids: &mut BTreeSet<crate::model::Urn>,
        requests: &mut BTreeSet<Digest>,
    ) -> Result<(), EngineError> {
        let place = format!("entry {index}");
        let entry = match Entry::parse(bytes) {
            Ok(entry) => entry,
            Err(e) => {
                audit.findings.push(Finding { must: "S-86", place, why: e.to_string() });
                return Ok(());
            }
        };
        *audit.by_type.entry(entry.kind.as_str().to_owned()).or_default() += 1;
        if !ids.insert(entry.id) {
            audit.findings.push(Finding {
                must: "S-86",
                place: place.clone(),
                why: format!("the entry id {} stands twice", entry.id),
            });
        }
        let Some(record) = self.store.record(&entry.digest)? else {
            audit.findings.push(Finding {
                must: "S-83",
                place,
                why: format!("the record {} is missing", entry.digest),
            });
            return Ok(());
        };
        let document: Value = match json::parse(&record.bytes, json::MAX_BYTES) {
            Ok(document) => document,
            Err(e) => {
                audit.findings.push(Finding { must: "S-60", place, why: e.to_string() });
                return Ok(());
            }
        };
        if Digest::of_document(&document) != entry.digest {
            audit.findings.push(Finding {
                must: "S-86",
                place: place.clone(),
                why: "the record has another digest than the entry names".to_owned(),
            });
        }
        if kind_of(&document).ok().and_then(RecordType::entry) != Some(entry.kind) {
            audit.findings.push(Finding {
                must: "S-86",
                place: place.clone(),
                why: format!("the entry says {}, the record is another", entry.kind),
            });
        }
        if let Err(e) = proof::verify(&document) {
            audit.findings.push(Finding { must: e.must(), place: place.clone(), why: e.to_string() });
        }
        if entry.kind == EntryType::Request {
            requests.insert(entry.digest);
        }
        audit.records += 1;
        Ok(())
    }

    /// Completeness: each received request has exactly one end or is open with a running clock.
    fn audit_cases(&self, audit: &mut Audit, mut logged: BTreeSet<Digest>) -> Result<(), EngineError> {
        let today = crate::model::term::local_day(self.clock.now()).to_string();
        for case in state::all::<Case>(&*self.store, Kind::Request, None)? {
            audit.requests += 1;
            let place = format!("request {}", case.id);
            if !logged.remove(&case.request.digest) {
                audit.findings.push(Finding {
                    must: "S-110",
                    place: place.clone(),
                    why: "its receipt is not in the log".to_owned(),
                });
            }
            let ends = self.store.records(Some(EntryType::Decision), Some(&case.id.to_string()), None, 10)?;
            match (&case.decision, ends.len()) {
                (Some(_), 1) => audit.ended += 1,
                (None, 0) => {
                    let request =
                        self.record::<crate::model::record::RequestReceived>(&case.request, RecordType::Request)?;
                    if request.subject.last_day < today {
                        audit.overdue += 1;
                        audit.findings.push(Finding {
                            must: "S-111",
                            place: place.clone(),
                            why: format!("the term ended on {}", request.subject.last_day),
                        });
                    }
                }
                (_, n) => audit.findings.push(Finding {
                    must: "S-110",
                    place: place.clone(),
                    why: format!("it has {n} decisions"),
                }),
            }
            if let Some(ended) =
                case.decision.as_ref().filter(|d| d.result != DecisionResult::Withdrawn && case.deal.is_none())
            {
                self.audit_decision(audit, &place, ended.input)?;
            }
        }
        for digest in logged {
            audit.findings.push(Finding {
                must: "S-110",
                place: format!("request record {digest}"),
                why: "is in the log and nowhere else".to_owned(),
            });
        }
        Ok(())
    }

    /// A decision without a deal: replayed by itself.
    fn audit_decision(&self, audit: &mut Audit, place: &str, input: Option<Digest>) -> Result<(), EngineError> {
        let Some(digest) = input else { return Ok(()) };
        match self.replay_input(&digest)? {
            None => audit.erased += 1,
            Some(replayed) => {
                audit.replayed += 1;
                if let Some(why) = replayed.difference {
                    audit.findings.push(Finding { must: "S-100", place: place.to_owned(), why });
                }
            }
        }
        Ok(())
    }

    /// Every deal: its whole bundle, as an outsider would verify it.
    fn audit_deals(&self, audit: &mut Audit) -> Result<(), EngineError> {
        let key = self.log_key()?;
        for row in state::all::<DealNow>(&*self.store, Kind::Deal, None)? {
            let case = match self.case(&row.case) {
                Ok(case) => case.value,
                Err(e) => {
                    let place = format!("deal {}", row.id);
                    audit.findings.push(Finding { must: "S-110", place, why: e.to_string() });
                    continue;
                }
            };
            let bundle = self.bundle_of(&row, &case, case.erased.is_none())?;
            let report = verify(&bundle, &Given { log: Some(&key), ..Given::default() });
            let replayed = report.checks.iter().any(|c| c.must == "S-100" && c.result == CheckResult::Passed);
            if replayed {
                audit.replayed += 1;
            } else {
                audit.erased += 1;
            }
            if report.verdict != Verdict::Invalid {
                audit.deals += 1;
            }
            for check in report.checks.iter().filter(|c| c.result == CheckResult::Failed) {
                let why = format!("{}: {}", check.what, check.why.as_deref().unwrap_or(""));
                audit.findings.push(Finding { must: check.must, place: format!("deal {}", row.id), why });
            }
        }
        Ok(())
    }
}
