//! What a verifier says: every check by the MUST that it stands for, and what could not be seen.

use std::fmt;

use serde::Serialize;

/// The verdict on the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every check passed under a given log key.
    Valid,
    /// A check failed.
    Invalid,
    /// Nothing failed, and something that is needed was not given.
    Incomplete,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The MUST of SPEC.md.
    pub must: &'static str,
    /// What was looked at.
    pub what: String,
    /// What came of it.
    pub result: CheckResult,
    /// What is wrong or missing, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// What is needed was not given, or was erased.
    NotGiven,
}

/// Who vouched for the key of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Vouched {
    /// The organisation.
    pub organisation: String,
    /// The key.
    pub key: String,
    /// Where the private key lives: `self` or `service`.
    pub held_by: String,
    /// Who stated it: the operator, or the organisation itself with an earlier key.
    pub by: String,
    /// How the register number was checked, as the operator says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<String>,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The verdict.
    pub verdict: Verdict,
    /// Every check, in order.
    pub checks: Vec<Check>,
    /// Who vouched for the keys.
    pub vouched: Vec<Vouched>,
    /// What the verifier could not see.
    pub unseen: Vec<String>,
}

/// Gathers checks: a report tells them all, an audit of many cases only what is wrong.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) checks: Vec<Check>,
    pub(super) vouched: Vec<Vouched>,
    pub(super) unseen: Vec<String>,
    only_failed: bool,
}

impl Findings {
    /// Keeps only the checks that failed.
    pub(super) fn of_failures() -> Self {
        Findings { only_failed: true, ..Findings::default() }
    }

    pub(super) fn check(&mut self, must: &'static str, what: impl fmt::Display, outcome: Result<(), String>) -> bool {
        match outcome {
            Ok(()) => self.tell(must, what, CheckResult::Passed, None),
            Err(why) => self.tell(must, what, CheckResult::Failed, Some(why)),
        }
    }

    /// A check of something that is either so or not.
    pub(super) fn holds(
        &mut self,
        must: &'static str,
        what: impl fmt::Display,
        holds: bool,
        why: impl FnOnce() -> String,
    ) -> bool {
        self.check(must, what, if holds { Ok(()) } else { Err(why()) })
    }

    pub(super) fn not_given(&mut self, must: &'static str, what: impl fmt::Display, why: impl fmt::Display) {
        self.tell(must, what, CheckResult::NotGiven, Some(why.to_string()));
    }

    /// True if it passed.
    fn tell(&mut self, must: &'static str, what: impl fmt::Display, result: CheckResult, why: Option<String>) -> bool {
        if result == CheckResult::Failed || !self.only_failed {
            self.checks.push(Check { must, what: what.to_string(), result, why });
        }
        result == CheckResult::Passed
    }

    pub(super) fn report(self) -> Report {
        let any = |result| self.checks.iter().any(|c| c.result == result);
        let verdict = if any(CheckResult::Failed) {
            Verdict::Invalid
        } else if any(CheckResult::NotGiven) {
            Verdict::Incomplete
        } else {
            Verdict::Valid
        };
        Report { verdict, checks: self.checks, vouched: self.vouched, unseen: self.unseen }
    }
}
