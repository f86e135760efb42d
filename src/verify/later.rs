//! What happened after the bundle: a newer log, whole, in which whoever holds the bundle finds every later entry about its case.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Given;
use super::report::{Check, CheckResult, Report, Verdict};
use crate::merkle::{Edge, Hash, leaf_hash};
use crate::model::bundle::Bundle;
use crate::model::entry::{self, Entry, EntryType};
use crate::model::{Digest, Salt};
use crate::sign::{Checkpoint, Note};

/// A newer log that contradicts itself or the bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum LaterError {
    /// Its checkpoint is not signed under the given key.
    #[error("the checkpoint of the newer log does not count: {0}")]
    #[diagnostic(
        code(verify::later_checkpoint),
        help("give the key of this log with --log-key, and an export of the same log with --log")
    )]
    Checkpoint(String),
    /// Its entries do not give the root that it signed.
    #[error("the newer log signed the root {signed} for {size} entries; its entries give {found}")]
    #[diagnostic(code(verify::later_root), help("the export is damaged or forged: fetch it again, and keep both"))]
    Root {
        /// How many entries.
        size: u64,
        /// The signed root.
        signed: Hash,
        /// The root of the entries.
        found: Hash,
    },
    /// It does not begin with what the bundle's checkpoint signed.
    #[error("the newer log does not continue the log of the bundle: history was rewritten before entry {0}")]
    #[diagnostic(
        code(verify::later_fork),
        help("two histories were signed under one key: keep both files, they prove it")
    )]
    Fork(u64),
    /// It is older than the bundle.
    #[error("the log given has {found} entries, the bundle's checkpoint {size}")]
    #[diagnostic(code(verify::later_older), help("give a newer export of the log"))]
    Older {
        /// Its size.
        found: u64,
        /// The bundle's.
        size: u64,
    },
}

/// Adds to a report what a newer log says of the case. `entries` are all entries of it, from 0 on.
///
/// # Errors
/// [`LaterError`] when the newer log contradicts itself or the bundle.
pub fn later(
    bundle: &Bundle,
    given: &Given<'_>,
    checkpoint: &[u8],
    entries: impl Iterator<Item = Vec<u8>>,
    report: &mut Report,
) -> Result<(), LaterError> {
    let wrong = |e: &dyn std::fmt::Display| LaterError::Checkpoint(e.to_string());
    let note = Note::parse(checkpoint).map_err(|e| wrong(&e))?;
    let signed = match given.log {
        Some(key) => Checkpoint::open(&note, key, given.witnesses).map_err(|e| wrong(&e))?.checkpoint().clone(),
        None => Checkpoint::parse(note.text()).map_err(|e| wrong(&e))?,
    };
    let old = Note::parse(bundle.log.checkpoint.as_bytes())
        .and_then(|n| Checkpoint::parse(n.text()))
        .map_err(|e| wrong(&e))?;
    if signed.size() < old.size() {
        return Err(LaterError::Older { found: signed.size(), size: old.size() });
    }
    let request = bundle.first_request();
    let case = request.get("id").and_then(Value::as_str).unwrap_or("");
    let salt: Option<Salt> =
        request.get("salt").and_then(Value::as_str).and_then(|s| s.parse::<Digest>().ok()).map(Salt::from);
    let acts = acts_under(bundle);
    let known: BTreeSet<Digest> = bundle.records().map(|(_, v)| Digest::of_document(v)).collect();
    let mut edge = Edge::empty();
    let mut stored = Vec::new();
    let mut found = Vec::new();
    for (index, bytes) in (0u64..).zip(entries).take_while(|(i, _)| *i < signed.size()) {
        edge.push(leaf_hash(&bytes), &mut stored);
        stored.clear();
        if edge.size() == old.size() && edge.root() != old.root() {
            return Err(LaterError::Fork(old.size()));
        }
        let Ok(entry) = Entry::parse(&bytes) else { continue };
        let about = |case: &str, salt| entry.about == entry::about(case, &entry.id, salt);
        // what came after the last act under a mandate changes nothing in it
        let withdrawn = || acts.iter().any(|(mandate, last)| index < *last && about(mandate, None));
        let concerns = about(case, salt.as_ref()) || (entry.kind == EntryType::MandateWithdrawal && withdrawn());
        if concerns && !known.contains(&entry.digest) {
            found.push(format!("{} (entry {index}, {})", entry.kind, entry.time));
        }
    }
    if edge.size() != signed.size() || edge.root() != signed.root() {
        return Err(LaterError::Root { size: signed.size(), signed: signed.root(), found: edge.root() });
    }
    report.unseen.retain(|u| !u.starts_with("anything after the checkpoint"));
    report.unseen.insert(0, format!("anything after entry {} of the newer log", signed.size()));
    report.checks.push(Check {
        must: "S-104",
        what: "newer log: continues the log of the bundle".to_owned(),
        result: CheckResult::Passed,
        why: None,
    });
    let what = "newer log: nothing later about this deal".to_owned();
    let (result, why) = if found.is_empty() {
        (CheckResult::Passed, None)
    } else {
        (
            CheckResult::NotGiven,
            Some(format!(
                "later entries are about it, and their records are not in the bundle: {}; ask for a newer bundle",
                found.join(", ")
            )),
        )
    };
    if result == CheckResult::NotGiven && report.verdict == Verdict::Valid {
        report.verdict = Verdict::Incomplete;
    }
    report.checks.push(Check { must: "S-105", what, result, why });
    Ok(())
}

/// The mandates of a bundle by id, each with the place of the last act that rests on it.
fn acts_under(bundle: &Bundle) -> Vec<(String, u64)> {
    let places: BTreeMap<Digest, u64> = bundle.log.entries.iter().map(|e| (e.record, e.index)).collect();
    let last = |mandate: &Value| {
        let digest = Digest::of_document(mandate).to_string();
        let rests = |v: &&Value| {
            v.pointer("/credentialSubject/actor/authority/mandate").and_then(Value::as_str) == Some(digest.as_str())
        };
        let acts = bundle.records().map(|(_, v)| v).filter(rests);
        acts.filter_map(|v| places.get(&Digest::of_document(v)).copied()).max()
    };
    let id = |mandate: &Value| Some(mandate.get("id")?.as_str()?.to_owned());
    bundle.mandates.iter().filter_map(|m| Some((id(m)?, last(m)?))).collect()
}
