//! Condition files: whatever is loaded can be decided on, and gives nothing to a reuser who says nothing.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use datadeal::cli::{CliError, Exit};
use datadeal::conditions::cases::{Case, answer};
use datadeal::conditions::{ConditionSet, Faults, MAX_FILE, MAX_POLICIES, Slice, load, outlines};
use datadeal::model::Digest;
use datadeal::model::condition::{Kind, Level, Role};
use datadeal::model::decision::{Decision, Outcome, Status};

use super::facts::{NOW, dataset, empty, everything_known, schema};

/// The text of a condition file.
pub fn conditions(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let portal = load(schema(), "set.cedar", text, Level::Portal);
    match load(schema(), "set.cedar", text, Level::Dataset) {
        Ok(set) => {
            match portal {
                Ok(portal) => assert!(portal.conditions().iter().all(|c| c.role != Role::Ground)),
                Err(faults) => told(*faults, text),
            }
            loaded(set, text);
            true
        }
        Err(faults) => {
            assert!(portal.is_err(), "the portal's set may hold less than another");
            told(*faults, text);
            false
        }
    }
}

/// A refusal names what is wrong, at a place of the file, and can be shown.
fn told(faults: Faults, text: &str) {
    assert!(!faults.faults.is_empty());
    assert!(faults.faults.is_sorted_by_key(|f| f.span));
    for fault in &faults.faults {
        let (at, length) = fault.span;
        assert!(text.get(at..at + length).is_some() || text.is_empty(), "{:?} is no place in the file", fault.span);
        assert!(fault.line <= text.matches('\n').count() + 1 && fault.column >= 1);
    }
    assert!(!CliError::new(Exit::Input, faults).render(false).is_empty());
}

fn loaded(set: ConditionSet, text: &str) {
    assert_eq!((set.text(), set.digest()), (text, Digest::of(text.as_bytes())));
    assert!(text.len() <= MAX_FILE && (1..=MAX_POLICIES).contains(&set.conditions().len()));
    let ids: BTreeSet<&str> = set.conditions().iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids.len(), set.conditions().len(), "each id once");

    // a comment before and after changes the digest, and nothing else
    let noted = format!("// {{ é\n{text}\n// }}");
    if noted.len() <= MAX_FILE {
        let noted = load(schema(), "set.cedar", &noted, Level::Dataset).unwrap_or_else(|e| panic!("{e}"));
        assert_ne!(noted.digest(), set.digest());
        let same = noted
            .conditions()
            .iter()
            .zip(set.conditions())
            .all(|(a, b)| (&a.id, a.role, a.asked, &a.text) == (&b.id, b.role, b.asked, &b.text));
        assert!(same && noted.conditions().len() == set.conditions().len());
    }
    asked(&Slice::new(vec![Arc::new(set)]).expect("one set, each id once"));
}

/// The same question with less and more in it.
fn asked(slice: &Slice) {
    assert!(outlines(schema(), slice, dataset(), NOW.parse().expect("a time")).is_ok());
    let nothing = ask(slice, &empty());
    assert_ne!(nothing.outcome, Outcome::Permit, "nobody has said what for");

    let full = everything();
    let silent =
        Case { purpose: full.purpose.clone(), scope: full.scope.clone(), approvals: full.approvals.clone(), ..empty() };
    let unreviewed = Case { approvals: BTreeSet::new(), ..full.clone() };
    let by_signing = |role| matches!(role, Role::Condition(kind) if kind != Kind::Entry);
    let promised = slice.conditions().filter(|(_, c)| by_signing(c.role)).map(|(_, c)| c.id.clone());
    let declining = Case { declined: promised.collect(), ..full.clone() };

    let best = ask(slice, full);
    assert!(ask(slice, &unreviewed).outcome >= best.outcome, "an approval that is withheld does not help");
    assert!(ask(slice, &declining).outcome >= best.outcome, "nor does a promise that is not made");
    if ask(slice, &silent).outcome == Outcome::Permit {
        assert_eq!(best.outcome, Outcome::Permit, "nor a fact that is not told");
    }
}

/// The answer, which every set that is loaded has: a fault here is a finding.
fn ask(slice: &Slice, case: &Case) -> Decision {
    let decision =
        answer(schema(), slice, dataset(), NOW.parse().expect("a time"), case).unwrap_or_else(|e| panic!("{e}"));
    if decision.outcome == Outcome::Permit {
        assert!(decision.grounds.iter().any(|g| g.status == Status::Met), "a permit has a ground");
        let holds = |status| matches!(status, Status::Met | Status::OnSigning);
        assert!(decision.conditions.iter().all(|c| holds(c.status)), "and no condition that fails");
    }
    decision
}

fn everything() -> &'static Case {
    static EVERYTHING: OnceLock<Case> = OnceLock::new();
    EVERYTHING.get_or_init(everything_known)
}
