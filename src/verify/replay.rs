//! The decision replayed: from the input and the texts that it names, with the schema that it names, to the same bytes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::case::Case;
use super::report::Findings;
use crate::conditions::{Schema, Slice, cedar_version, decide, load};
use crate::evidence::{self, Measure};
use crate::model::bundle::Bundle;
use crate::model::decision::Decision;
use crate::model::input::DecisionInput;
use crate::model::{Digest, json};

pub(super) fn check(bundle: &Bundle, case: &Case, findings: &mut Findings) {
    let what = "decision: replayed";
    let Some(recorded) = &case.decision.subject.decision else { return };
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
            let same = bytes(&decision) == bytes(recorded);
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

/// Given evidence counts again as it did.
fn counted(bundle: &Bundle, case: &Case, input: &DecisionInput, findings: &mut Findings) {
    let (Some(schema), Some(organisation)) = (case.schema.as_ref(), input.applicant.as_ref()) else { return };
    let trust_list = case.trust_list.as_ref().map(|t| &t.subject);
    let measure = Measure { schema, trust_list, organisation, now: input.now, revoked: &BTreeSet::new() };
    let again = evidence::count(&measure, &bundle.evidence).map_err(|e| e.to_string());
    let same = again.and_then(|c| {
        if c.verified == input.verified && c.uncounted == input.uncounted {
            Ok(())
        } else {
            Err("it counts otherwise than the input says".to_owned())
        }
    });
    findings.check("S-102", "evidence: counts as the input says", same);
}
