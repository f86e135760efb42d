//! The log: the checkpoint under the log key, and for each record of the bundle its entry under the checkpoint.

use std::collections::BTreeMap;

use super::Given;
use super::file::{CaseFile, PublicFile};
use super::report::Findings;
use crate::merkle::{self, Hash};
use crate::model::bundle::{Bundle, EntryProof};
use crate::model::entry::Entry;
use crate::model::record::{Actor, CLOCK_BEHIND, Holder, RecordType, Reference, kind_of, said};
use crate::model::{Day, Digest, Document, Time, json};
use crate::sign::{Checkpoint, Note, proof};

/// Records in their places in the log.
#[derive(Debug, Default)]
pub(super) struct Entries<'a> {
    /// The size of the log at the checkpoint.
    pub(super) size: u64,
    /// By digest of the record.
    pub(super) places: BTreeMap<Digest, Placed>,
    /// The places of records that many cases share.
    pub(super) shared: Option<&'a BTreeMap<Digest, Placed>>,
}

impl Entries<'_> {
    /// The index of a record's entry.
    pub(super) fn index(&self, record: &Digest) -> Option<u64> {
        let placed = self.places.get(record).or_else(|| self.shared.and_then(|s| s.get(record)));
        placed.map(|p| p.index)
    }

    /// Index and time of the records that were logged as they were signed, in the order of the log. The statements at the head of a log that
    /// continues another one are left out, since the entries of that one follow them.
    pub(super) fn timed(&self) -> impl Iterator<Item = (u64, Time)> {
        let mut placed: Vec<&Placed> = self.places.values().collect();
        placed.sort_by_key(|p| p.index);
        let mut head = 0;
        placed.retain(|p| {
            let anchor = p.continues && p.index == head;
            head += u64::from(anchor);
            !anchor && !p.elsewhere
        });
        placed.into_iter().filter_map(|p| Some((p.index, p.at?)))
    }
}

/// A record in its place.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) index: u64,
    pub(super) entry: Entry,
    /// The member of a bundle in which it stands.
    pub(super) member: &'static str,
    /// The id of what its entry is about if that is no case: the record's own, of a withdrawal that of the mandate.
    pub(super) id: String,
    /// Whether it is a record of a case: then its entry is blinded with the case.
    pub(super) of_case: bool,
    /// The record's `validFrom`, if it can be read.
    pub(super) at: Option<Time>,
    /// True of the statement that begins a log which continues another one (SPEC S-136).
    pub(super) continues: bool,
    /// True of an acceptance by the reuser's own key, which is signed elsewhere and handed in later (SPEC S-93).
    pub(super) elsewhere: bool,
}

impl Placed {
    pub(super) fn new(index: u64, entry: Entry, member: &'static str, document: &Document) -> Self {
        let kind = kind_of(document).ok();
        let id = match kind {
            Some(RecordType::MandateWithdrawal) => {
                said::<Reference>(document, "mandate").map(|m| m.id.to_string()).ok()
            }
            _ => document.text("id").map(str::to_owned),
        };
        let id = id.unwrap_or_default();
        let of_case = kind.is_some_and(RecordType::of_case);
        let at = document.text("validFrom").and_then(|t| t.parse().ok());
        let continues = kind == Some(RecordType::KeyStatement)
            && document.value().pointer("/credentialSubject/log/continues").is_some();
        let elsewhere = kind == Some(RecordType::Acceptance)
            && said::<Actor>(document, "actor").is_ok_and(|actor| actor.key_held_by == Holder::Own);
        Placed { index, entry, member, id, of_case, at, continues, elsewhere }
    }
}

pub(super) fn check(
    bundle: &Bundle,
    (case, public): (&CaseFile, &PublicFile),
    given: &Given<'_>,
    findings: &mut Findings,
) -> Entries<'static> {
    let root = checkpoint(bundle, given, findings);
    let mut entries = Entries { size: root.map_or(0, |(size, _)| size), ..Entries::default() };
    let proofs: BTreeMap<Digest, &EntryProof> = bundle.log.entries.iter().map(|e| (e.record, e)).collect();
    findings.holds("S-83", "each record has one entry", proofs.len() == bundle.log.entries.len(), || {
        "two entries for one record".to_owned()
    });
    let mut used = 0;
    for (member, document) in case.records().chain(public.records()) {
        let digest = document.digest();
        signed(member, document, findings);
        let Some(found) = proofs.get(&digest) else {
            findings.check(
                "S-83",
                format_args!("{member}: in the log"),
                Err(format!("no entry has the digest {digest}")),
            );
            continue;
        };
        used += 1;
        let Some(placed) = placed(member, document, found, root, findings) else { continue };
        agrees(document, &placed, findings);
        entries.places.insert(digest, placed);
    }
    findings.holds("S-83", "each entry has its record", used == bundle.log.entries.len(), || {
        format!("{} entries and {used} records of the bundle belong together", bundle.log.entries.len())
    });
    in_time(&entries, findings);
    entries
}

/// No record was made with a clock behind the log: a backdated one would show here.
fn in_time(entries: &Entries<'_>, findings: &mut Findings) {
    let mut newest = Time::EPOCH;
    let mut late = Vec::new();
    for (index, at) in entries.timed() {
        if at.plus_seconds(CLOCK_BEHIND) < newest {
            late.push(format!("entry {index} is of {at}, an earlier one of {newest}"));
        }
        newest = newest.max(at);
    }
    findings.holds("S-89", "records: made in the order of the log", late.is_empty(), || late.join("; "));
}

/// Size and root of the checkpoint. Its signature counts only under a given key.
fn checkpoint(bundle: &Bundle, given: &Given<'_>, findings: &mut Findings) -> Option<(u64, Hash)> {
    let what = "checkpoint: signed by the log";
    let note = match Note::parse(bundle.log.checkpoint.as_bytes()) {
        Ok(note) => note,
        Err(e) => {
            findings.check(e.must(), what, Err(e.to_string()));
            return None;
        }
    };
    let Some(key) = given.log else {
        findings.not_given("S-81", what, "no log key was given: use --log-key");
        return Checkpoint::parse(note.text()).ok().map(|c| (c.size(), c.root()));
    };
    match Checkpoint::open(&note, key, given.witnesses) {
        Ok(opened) => {
            findings.check("S-81", what, Ok(()));
            if given.quorum > 0 {
                findings.check(
                    "S-82",
                    format_args!("checkpoint: cosigned by {} witnesses", given.quorum),
                    opened.require(given.quorum).map_err(|e| e.to_string()),
                );
            }
            Some((opened.checkpoint().size(), opened.checkpoint().root()))
        }
        Err(e) => {
            findings.check("S-81", what, Err(e.to_string()));
            None
        }
    }
}

/// The record's own proof, by the key that its issuer names.
pub(super) fn signed(member: &str, document: &Document, findings: &mut Findings) {
    match proof::verify_document(document) {
        Ok(verified) => {
            // keys and times have one spelling, so they are compared as what they are
            let issuer = document.inner_text("issuer", "id").and_then(|id| id.parse().ok());
            findings.holds("S-84", format_args!("{member}: signature"), issuer == Some(verified.key), || {
                "signed by another key than its issuer's".to_owned()
            });
            let valid_from = document.text("validFrom");
            findings.holds(
                "S-85",
                format_args!("{member}: time of signing"),
                valid_from.and_then(|t| t.parse().ok()) == Some(verified.created),
                || {
                    format!(
                        "validFrom is {}, the proof was made at {}",
                        valid_from.unwrap_or("absent"),
                        verified.created
                    )
                },
            );
        }
        Err(e) => {
            findings.check(e.must(), format_args!("{member}: signature"), Err(e.to_string()));
        }
    }
}

/// The entry is what the log holds at its index.
fn placed(
    member: &'static str,
    document: &Document,
    found: &EntryProof,
    root: Option<(u64, Hash)>,
    findings: &mut Findings,
) -> Option<Placed> {
    let bytes = json::canonical(&found.entry);
    let entry = match Entry::parse(&bytes) {
        Ok(entry) => entry,
        Err(e) => {
            findings.check("S-86", format_args!("{member}: log entry"), Err(e.to_string()));
            return None;
        }
    };
    findings.holds("S-86", format_args!("{member}: log entry names the record"), entry.digest == found.record, || {
        format!("it names {}", entry.digest)
    });
    let hashes: Result<Vec<Hash>, _> = found.proof.iter().map(|h| h.parse::<Hash>()).collect();
    let included = match (root, hashes) {
        (None, _) => Err("there is no checkpoint to compare with".to_owned()),
        (_, Err(e)) => Err(e.to_string()),
        (Some((size, root)), Ok(path)) => {
            merkle::verify_inclusion(merkle::leaf_hash(&bytes), found.index, size, &path, root)
                .map_err(|e| e.to_string())
        }
    };
    findings.check("S-87", format_args!("{member}: entry {} is in the log", found.index), included);
    Some(Placed::new(found.index, entry, member, document))
}

/// Entry and record say the same of type and day.
pub(super) fn agrees(document: &Document, placed: &Placed, findings: &mut Findings) {
    let member = placed.member;
    let kind = kind_of(document).ok().and_then(RecordType::entry);
    findings.holds("S-86", format_args!("{member}: type of the entry"), kind == Some(placed.entry.kind), || {
        format!("the entry says {}", placed.entry.kind)
    });
    let day = placed.at.map(Day::from);
    findings.holds("S-86", format_args!("{member}: day of the entry"), day == Some(placed.entry.time), || {
        format!("the entry says {}", placed.entry.time)
    });
}
