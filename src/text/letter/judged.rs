//! How it was judged: condition by condition, with the terms, words and reasons of those who were asked.

use super::Writer;
use crate::model::condition::Role;
use crate::model::decision::{Answer, Status};
use crate::model::record::DecisionResult;

impl Writer<'_> {
    pub(super) fn assessment(&mut self) {
        let Some(decision) = &self.ended.decision.decision else { return };
        self.part("letter-heading-assessment", "letter-assessment", &[]);
        let one_holds = decision.grounds.iter().any(|g| g.status == Status::Met);
        for answer in decision.grounds.iter().chain(&decision.conditions) {
            let status = match answer.status {
                Status::Met => self.get("letter-status-met", &[]),
                Status::OnSigning => self.get("letter-status-on-signing", &[]),
                Status::AwaitingReview => self.get("letter-status-review", &[]),
                Status::Unknown => self.get("letter-status-unknown", &[]),
                Status::NotMet => self.get("letter-status-not-met", &[]),
            };
            let key = if answer.role == Role::Ground { "letter-ground" } else { "letter-condition" };
            let mut line = self.told(key, answer, status);
            // when one ground holds, what the others lack is no reason for anything
            if answer.role != Role::Ground || !one_holds {
                for sentence in self.why(answer) {
                    line.push(' ');
                    line.push_str(&sentence);
                }
            }
            self.item(&line);
        }
    }

    /// Why a ground or condition does not hold, and what would change that; nothing if it holds.
    fn why(&self, answer: &Answer) -> Vec<String> {
        let speak = self.speak;
        let mut out = Vec::new();
        if matches!(answer.status, Status::Met | Status::OnSigning) {
            return out;
        }
        let seen = speak.seen(&answer.seen, false);
        if !seen.is_empty() {
            out.push(self.get("letter-seen", &[("seen", seen.join("; ").into())]));
        }
        if let Some(need) = answer.needs.as_ref().filter(|n| !n.is_nothing()) {
            out.push(self.get("letter-missing", &[("needs", speak.need(need).into())]));
        }
        if !answer.wishes.is_empty() && self.ended.decision.result != DecisionResult::NoGround {
            let wishes: Vec<String> = answer.wishes.iter().map(|w| speak.wish(w)).collect();
            out.push(self.get("letter-wishes", &[("wishes", wishes.join("; ").into())]));
        }
        if answer.status != Status::AwaitingReview {
            out.push(self.get("letter-hint", &[("hint", speak.texts.of(&answer.text.hint).into())]));
        }
        out
    }

    /// Terms that a reviewer added to those of the conditions.
    pub(super) fn terms(&mut self) {
        let approvals = self.ended.approvals;
        let terms: Vec<_> = approvals.iter().filter(|a| a.given).flat_map(|a| &a.terms).collect();
        if terms.is_empty() || !self.ended.decision.result.grants() {
            return;
        }
        self.part("letter-heading-terms", "letter-terms", &[]);
        for term in terms {
            let clause = self.speak.texts.of(&term.clause);
            let (reason, law) = (term.reason.as_str().into(), term.legal_basis.as_str().into());
            let line = self.get("letter-term", &[("clause", clause.into()), ("reason", reason), ("law", law)]);
            self.item(&line);
        }
    }

    /// Who approved and who refused, in which function and why.
    pub(super) fn advice(&mut self) {
        let approvals = self.ended.approvals;
        if approvals.is_empty() {
            return self.part("letter-heading-advice", "letter-no-advice", &[]);
        }
        self.part("letter-heading-advice", "letter-advice", &[]);
        for approval in approvals {
            let label = self.speak.texts.of(&self.speak.labels.approval(&approval.name));
            let key = if approval.given { "letter-approved" } else { "letter-not-approved" };
            let values = [
                ("label", label.into()),
                ("function", approval.actor.function.as_str().into()),
                ("reason", approval.reason.as_str().into()),
            ];
            let line = self.get(key, &values);
            self.item(&line);
        }
    }

    /// Who was heard, and which interests were weighed, by the course of the case.
    pub(super) fn weighing(&mut self) {
        let objection = self.ended.decision.objection.is_some();
        let heard = match (objection, self.ended.completed) {
            (true, _) => "letter-heard-objection",
            (false, Some(_)) => "letter-heard-completed",
            (false, None) => "letter-heard-request",
        };
        self.part("letter-heading-weighing", heard, &[]);
        if self.ended.views {
            self.say("letter-heard-views", &[]);
        }
        self.say("letter-interests", &[]);
        if objection {
            self.say("letter-circumstances-objection", &[]);
        } else {
            self.say("letter-circumstances", &[]);
        }
    }
}
