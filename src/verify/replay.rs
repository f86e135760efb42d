//! The decision replayed: from the input and the texts that it names, with the schema that it names, to the same bytes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::case::Case;
use super::entries::Entries;
use super::report::Findings;
use crate::conditions::{Schema, Slice, cedar_version, decide, load};
use crate::evidence::{self, Measure};
use crate::model::bundle::Bundle;
use crate::model::decision::Decision;
use crate::model::input::DecisionInput;
use crate::model::{Digest, json};

pub(super) fn check(bundle: &Bundle, entries: &Entries, case: &Case, findings: &mut Findings) {
    let what = "decision: replayed";
    let Some(recorded) = &case.decision.subject.decision else { return };
    in_force(entries, case, findings);
    let Some(input) = &case.input else {
        let erased = case
            .decision
            .subject
            .input
            .and_then(|digest| case.erased.iter().find(|e| e.subject.erased.contains(&digest)));
        match erased {
            Some(e) => findings.not_given(
                "S-100",
                what,
                format!(
                    "the input was erased on {} by {}: {}",
                    e.valid_from.day(),
                    e.subject.actor.function,
                    e.subject.reason
                ),
            ),
            None => findings.not_given("S-100", what, "the bundle holds no input that the decision names"),
        }
        return;
    };
    texts(case, input, findings);
    if !bundle.evidence.is_empty() {
        counted(bundle, case, input, findings);
    }
    match replay(case, input) {
        Ok(decision) => {
            if input.versions.cedar != cedar_version() {
                findings.unseen.push(format!(
                    "replayed by Cedar {}, decided by {}",
                    cedar_version(),
                    input.versions.cedar
                ));
            }
            // the record's own words, not what this program read of them
            let own = case.decision.document.pointer("/credentialSubject/decision").map(json::canonical);
            let same = bytes(&decision) == own;
            findings.holds("S-100", what, same, || {
                format!("it comes out as {}, the record says {}", decision.outcome.as_str(), recorded.outcome.as_str())
            });
        }
        Err(why) => {
            findings.check("S-100", what, Err(why));
        }
    }
}

fn bytes(decision: &Decision) -> Option<Vec<u8>> {
    json::to_value(decision, "decision").ok().map(|v| json::canonical(&v))
}

/// The same decision again.
fn replay(case: &Case, input: &DecisionInput) -> Result<Decision, String> {
    let schema = case.schema.as_ref().ok_or("there is no schema")?;
    let sets = case.sets.iter().map(|s| {
        load(schema, s.subject.level.as_str(), &s.subject.text, s.subject.level)
            .map(Arc::new)
            .map_err(|e| e.to_string())
    });
    let slice = Slice::new(sets.collect::<Result<Vec<_>, _>>()?).map_err(|e| e.to_string())?;
    decide(schema, &slice, input).map_err(|e| e.to_string())
}

/// Every text was published before the decision, and none takes effect before its publication.
fn in_force(entries: &Entries, case: &Case, findings: &mut Findings) {
    let place = |digest: &Digest| entries.places.get(digest).map(|p| p.index);
    let decided = place(&case.decision.digest);
    let texts = case.schema_record.iter().map(|r| r.digest);
    let texts = texts.chain(case.sets.iter().map(|r| r.digest)).chain(case.trust_list.iter().map(|r| r.digest));
    let before = texts.map(|t| place(&t)).all(|p| matches!((p, decided), (Some(p), Some(d)) if p < d));
    findings.holds("S-101", "schema, condition sets and trust list: logged before the decision", before, || {
        "one was logged later".to_owned()
    });
    let forward = case.sets.iter().all(|s| s.valid_from <= s.subject.from);
    findings.holds("S-101", "condition sets: in force from their publication or later", forward, || {
        "one claims to have been in force before it was published".to_owned()
    });
}

/// The texts in the bundle are those that the input names, and were in force.
fn texts(case: &Case, input: &DecisionInput, findings: &mut Findings) {
    let schema = case.schema.as_ref().map(Schema::digest);
    findings.holds("S-101", "schema: the one that the input names", schema == Some(input.schema), || {
        "it is another".to_owned()
    });
    let sets: Vec<_> =
        case.sets.iter().map(|s| (s.subject.level, Digest::of(s.subject.text.as_bytes()), s.digest)).collect();
    let named: Vec<_> = input.sets.iter().map(|s| (s.level, s.text, s.record)).collect();
    findings
        .holds("S-101", "condition sets: those that the input names", sets == named, || "they are others".to_owned());
    let ordered = case.sets.windows(2).all(|p| matches!(p, [a, b] if a.subject.level < b.subject.level));
    findings.holds("S-101", "condition sets: one for each level, portal first", ordered, || {
        "two are of one level, or they are out of order".to_owned()
    });
    for set in &case.sets {
        let s = &set.subject;
        let fits = s.from <= input.now
            && s.dataset.as_ref().is_none_or(|d| *d == input.dataset.id)
            && s.owner.as_ref().is_none_or(|o| *o == input.dataset.owner);
        findings.holds(
            "S-101",
            format!("condition set of the {}: in force for this dataset", s.level.as_str()),
            fits,
            || "it is of another dataset or owner, or starts later".to_owned(),
        );
    }
    let list = case.trust_list.as_ref().map(|t| t.digest);
    findings.holds("S-101", "trust list: the one that the input names", list == input.trust_list, || {
        "it is another".to_owned()
    });
}

/// Given evidence is what the input names, and counts again as it did.
fn counted(bundle: &Bundle, case: &Case, input: &DecisionInput, findings: &mut Findings) {
    let (Some(schema), Some(organisation)) = (case.schema.as_ref(), input.applicant.as_ref()) else { return };
    let what = "evidence: counts as the input says";
    let trust_list = case.trust_list.as_ref().map(|t| &t.subject);
    let measure = Measure { schema, trust_list, organisation, now: input.now, revoked: &BTreeSet::new() };
    let given: BTreeSet<Digest> = bundle.evidence.iter().map(Digest::of_document).collect();
    let named = input.verified.values().map(|v| v.evidence).chain(input.uncounted.iter().map(|u| u.evidence));
    let named: BTreeSet<Digest> = named.collect();
    let missing: BTreeSet<&Digest> = named.difference(&given).collect();
    let gone: BTreeSet<&Digest> = case.erased.iter().flat_map(|e| &e.subject.erased).collect();
    if !missing.is_empty() && missing.is_subset(&gone) {
        return findings.not_given("S-102", what, "some of it was erased");
    }
    let again = evidence::count(&measure, &bundle.evidence).map_err(|e| e.to_string());
    let same = again.and_then(|c| {
        if c.verified == input.verified && c.uncounted == input.uncounted && given == named {
            Ok(())
        } else {
            Err("it is other evidence, or counts otherwise than the input says".to_owned())
        }
    });
    findings.check("S-102", what, same);
}
