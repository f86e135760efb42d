//! From a bundle to a report. Needs no store, no network and no trust in this program: a log key is all that is taken as given.
//!
//! The order (SPEC section 8): the checkpoint under the log key, every proof, every entry under the checkpoint, every key by the
//! statements that were logged before, then the case: request, decision, deal, acceptance, revocations, who acted, the input; then
//! the texts and the decision replayed. The first check that fails is the one that another verifier names too.

mod afterwards;
mod case;
mod chain;
mod course;
mod entries;
mod file;
mod input;
mod keys;
mod later;
mod people;
mod replay;
mod report;
mod whole;

pub use course::running;
pub use file::{CaseFile, KeptInput};
pub use later::{LaterError, later};
pub use report::{Check, CheckResult, Report, Verdict, Vouched};
pub use whole::{Audited, Logged, Whole};

use report::Findings;

use crate::model::bundle::Bundle;
use crate::model::{JsonError, json};
use crate::sign::VerifierKey;

/// The largest bundle that is read: 16 MiB (SPEC S-80).
pub const MAX_BUNDLE: usize = 16 << 20;

/// What is taken as given.
#[derive(Debug, Default)]
pub struct Given<'a> {
    /// The log's key. Without it nothing is proved about the log, and the verdict is at best incomplete.
    pub log: Option<&'a VerifierKey>,
    /// Witnesses that are trusted.
    pub witnesses: &'a [VerifierKey],
    /// How many of them must have cosigned.
    pub quorum: usize,
}

/// Reads a bundle.
///
/// # Errors
/// Not a bundle of the format, or larger than [`MAX_BUNDLE`].
pub fn read(bytes: &[u8]) -> Result<Bundle, JsonError> {
    json::from_value(json::parse(bytes, MAX_BUNDLE)?, "bundle")
}

/// Verifies a bundle.
#[must_use]
pub fn verify(bundle: &Bundle, given: &Given<'_>) -> Report {
    let mut findings = Findings::default();
    findings
        .holds("S-80", "bundle: version of the format", bundle.version == 1, || format!("{} is not 1", bundle.version));
    findings.holds("S-80", "bundle: what is of a deal is there with the deal", !bundle.lacks_its_deal(), || {
        "it holds members of a deal without the deal".to_owned()
    });
    let mut size = 0;
    if let Some((file, public)) = file::of_bundle(bundle, &mut findings) {
        let entries = entries::check(bundle, (&file, &public), given, &mut findings);
        size = entries.size;
        let origin = bundle.log.checkpoint.lines().next().unwrap_or("");
        let keys = keys::Keys::read(&public.key_statements, (origin, given.log), &entries, &mut findings);
        let public = case::Public::InBundle(&public);
        let mut reader = case::Reader { file: &file, public, entries: &entries, keys: &keys, findings: &mut findings };
        case::check(&mut reader);
    }
    findings.unseen.push(format!("anything after the checkpoint of size {}: give a newer log with --log", size));
    findings.unseen.push(
        "revocations, withdrawals of mandates, key statements and newer texts that the bundle leaves out: give the log with --log"
            .to_owned(),
    );
    findings.unseen.push("whether the facts were true: only who vouched for them".to_owned());
    findings.report()
}
