//! The decision replayed: from the input and the texts that it names, with the schema that it names, to the same bytes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::case::{Case, Texts};
use super::entries::Entries;
use super::file::CaseFile;
use super::report::Findings;
use crate::conditions::{cedar_version, replay};
use crate::evidence::{self, Exhibit, Measure};
use crate::model::Digest;
use crate::model::decision::Decision;
use crate::model::input::DecisionInput;
use crate::model::record::{DealReview, DecisionRecord, Record};

/// True if the decision was replayed to the same bytes.
pub(super) fn check(file: &CaseFile, entries: &Entries<'_>, case: &Case<'_>, findings: &mut Findings) -> bool {
    let what = "decision: replayed";
    let Some(decision) = &case.decision else { return false };
    let Some(recorded) = &decision.subject.decision else { return false };
    in_force(entries, case, decision, findings);
    let Some(input) = case.input else {
        let erased =
            decision.subject.input.and_then(|digest| case.erased.iter().find(|e| e.subject.erased.contains(&digest)));
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
        return false;
    };
    texts(&case.texts, input, findings);
    if let Some(evidence) = &file.evidence {
        counted(evidence, case, input, findings);
    }
    let again =
        case.texts.compiled().and_then(|(schema, slice)| replay(schema, slice, input).map_err(|e| e.to_string()));
    match again {
        Ok(again) => {
            if input.versions.cedar != cedar_version() {
                findings.unseen.push(format!(
                    "replayed by Cedar {}, decided by {}",
                    cedar_version(),
                    input.versions.cedar
                ));
            }
            findings.holds("S-100", what, same(&case.texts, &again, decision), || {
                format!("it comes out as {}, the record says {}", again.outcome.as_str(), recorded.outcome.as_str())
            })
        }
        Err(why) => findings.check("S-100", what, Err(why)),
    }
}

/// A review replayed from its own input and the texts that it names.
pub(super) fn review(texts: &Texts, input: &DecisionInput, review: &Record<DealReview>) -> Result<(), String> {
    let trust_list = texts.trust_list.as_ref().map(|t| t.digest);
    if texts.named != input.sets || trust_list != input.trust_list {
        return Err("texts that its input names are not in the log".to_owned());
    }
    let (schema, slice) = texts.compiled()?;
    let again = replay(schema, slice, input).map_err(|e| e.to_string())?;
    if same(texts, &again, review) {
        return Ok(());
    }
    let recorded = review.subject.decision.outcome;
    Err(format!("it comes out as {}, the record says {}", again.outcome.as_str(), recorded.as_str()))
}

/// Whether an answer has the bytes of the record's own words, not only of what this program read of them.
fn same<S>(texts: &Texts, again: &Decision, record: &Record<S>) -> bool {
    let own = record.document.inner("credentialSubject", "decision");
    texts.spell(again).is_ok_and(|again| own == Some(&*again))
}

/// Every text was published before the decision, and none takes effect before its publication.
fn in_force(entries: &Entries<'_>, case: &Case<'_>, decision: &Record<DecisionRecord>, findings: &mut Findings) {
    let decided = entries.index(&decision.digest);
    let texts = &case.texts;
    let published = texts.schema_record.iter().map(|r| r.digest);
    let published = published.chain(texts.sets.iter().map(|r| r.digest));
    let published = published.chain(texts.trust_list.iter().map(|r| r.digest));
    let before = published.map(|t| entries.index(&t)).all(|p| matches!((p, decided), (Some(p), Some(d)) if p < d));
    findings.holds("S-101", "schema, condition sets and trust list: logged before the decision", before, || {
        "one was logged later".to_owned()
    });
    let forward = texts.sets.iter().all(|s| s.valid_from <= s.subject.from);
    findings.holds("S-101", "condition sets: in force from their publication or later", forward, || {
        "one claims to have been in force before it was published".to_owned()
    });
}

/// The texts are those that the input names, and were in force.
fn texts(texts: &Texts, input: &DecisionInput, findings: &mut Findings) {
    let schema = texts.schema.as_ref().map(|s| s.digest());
    findings.holds("S-101", "schema: the one that the input names", schema == Some(input.schema), || {
        "it is another".to_owned()
    });
    findings.holds("S-101", "condition sets: those that the input names", texts.named == input.sets, || {
        "they are others".to_owned()
    });
    let ordered = texts.sets.windows(2).all(|p| matches!(p, [a, b] if a.subject.level < b.subject.level));
    findings.holds("S-101", "condition sets: one for each level, portal first", ordered, || {
        "two are of one level, or they are out of order".to_owned()
    });
    for set in &texts.sets {
        let s = &set.subject;
        let fits = s.from <= input.now
            && s.dataset.as_ref().is_none_or(|d| *d == input.dataset.id)
            && s.owner.as_ref().is_none_or(|o| *o == input.dataset.owner);
        findings.holds(
            "S-101",
            format_args!("condition set of the {}: in force for this dataset", s.level.as_str()),
            fits,
            || "it is of another dataset or owner, or starts later".to_owned(),
        );
    }
    let list = texts.trust_list.as_ref().map(|t| t.digest);
    findings.holds("S-101", "trust list: the one that the input names", list == input.trust_list, || {
        "it is another".to_owned()
    });
}

/// Given evidence is what the input names, and counts again as it did.
fn counted(exhibits: &[Arc<Exhibit>], case: &Case<'_>, input: &DecisionInput, findings: &mut Findings) {
    let (Some(schema), Some(organisation)) = (case.texts.schema.as_ref(), input.applicant.as_ref()) else { return };
    let what = "evidence: counts as the input says";
    let trust_list = case.texts.trust_list.as_ref().map(|t| &t.subject);
    let against = evidence::said_against(input);
    let measure = Measure { schema, trust_list, organisation, now: input.now, against: &against };
    let given: BTreeSet<Digest> = exhibits.iter().map(|e| e.digest()).collect();
    let named = input.evidence();
    let missing: BTreeSet<&Digest> = named.difference(&given).collect();
    let gone: BTreeSet<&Digest> = case.erased.iter().flat_map(|e| &e.subject.erased).collect();
    if !missing.is_empty() && missing.is_subset(&gone) {
        return findings.not_given("S-102", what, "some of it was erased");
    }
    let c = evidence::count(&measure, exhibits.iter().map(Arc::as_ref));
    let same = {
        if c.verified == input.verified && c.uncounted == input.uncounted && given == named {
            Ok(())
        } else {
            Err("it is other evidence, or counts otherwise than the input says".to_owned())
        }
    };
    findings.check("S-102", what, same);
}
