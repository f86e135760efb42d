//! The chain: request, decision, deal, acceptance, and what became of the deal are about one another, in the order of the log.

use std::collections::BTreeSet;

use chrono::Months;

use super::case::{Case, Reader};
use crate::model::condition::{Kind, Role};
use crate::model::decision::{Answer, Decision, Outcome, Status};
use crate::model::input::Scope;
use crate::model::record::{
    ApprovalGiven, Deal, DealGround, DealTerm, DecisionRecord, DecisionResult, ObjectionOutcome, Obligation, Party,
    Record, RequestReceived, SIGNED_BEFORE,
};
use crate::model::{Name, Time};
use crate::text::has_words;

impl Reader<'_> {
    /// Request, decision and deal are about one another.
    pub(super) fn chain(&mut self, case: &Case<'_>) {
        let request = &case.request;
        let r = &request.subject;
        let early = |v: &Record<RequestReceived>| v.subject.received_at <= v.valid_from;
        let in_time = case.versions.iter().chain([request]).all(early);
        self.findings.holds("S-90", "request: received before it was entered", in_time, || {
            format!("it was received at {} and entered at {}", r.received_at, request.valid_from)
        });
        let Some(decision) = &case.decision else { return };
        let d = &decision.subject;
        let same = d.request == request.reference() && d.addressee == r.applicant && d.received_at == r.received_at;
        self.findings.holds("S-90", "decision: on this request", same, || {
            "it names another request, applicant or receipt".to_owned()
        });
        let stood = |v: &Record<RequestReceived>| {
            !(self.before(&request.digest, &v.digest) && self.before(&v.digest, &decision.digest))
        };
        let newest = case.versions.iter().all(stood);
        self.findings.holds("S-90", "decision: on the version that stood", newest, || {
            "a later version of the request was logged before it".to_owned()
        });
        match &case.deal {
            Some(deal) => self.offered(case, decision, deal),
            None => {
                let order = self.before(&request.digest, &decision.digest);
                self.findings
                    .holds("S-92", "request and decision: logged in this order", order, || "they are not".to_owned());
            }
        }
    }

    fn offered(&mut self, case: &Case<'_>, decision: &Record<DecisionRecord>, deal: &Record<Deal>) {
        let (request, d, l) = (&case.request, &decision.subject, &deal.subject);
        let r = &request.subject;
        let f = &mut *self.findings;
        f.holds(
            "S-90",
            "deal: on this decision",
            l.decision.record == decision.reference() && Some(l.decision.input) == d.input,
            || "it names another decision or input".to_owned(),
        );
        let granted = d.result.grants();
        f.holds("S-91", "decision: granted", granted, || format!("it ended as {}", d.result.as_str()));
        let columns = l.scope.columns.is_subset(&d.granted)
            && l.scope.columns.is_subset(&r.scope.columns)
            && l.scope.columns.is_empty() == r.scope.columns.is_empty();
        f.holds("S-91", "deal: only columns that were asked for and granted", columns, || {
            "it gives other columns".to_owned()
        });
        let without_columns = |scope: &Scope| Scope { columns: BTreeSet::new(), ..scope.clone() };
        let same =
            l.purpose == r.purpose && l.dataset == r.dataset && without_columns(&l.scope) == without_columns(&r.scope);
        f.holds("S-91", "deal: for the purpose, dataset and scope that were asked for", same, || {
            "they differ".to_owned()
        });
        f.holds("S-91", "deal: offered by the provider to the applicant", parties(case, d, deal), || {
            "the parties are others".to_owned()
        });
        f.holds(
            "S-91",
            "deal: runs as long as was asked for",
            l.offer_until > deal.valid_from && fits(&l.term, r.scope.term_months),
            || "its term is empty or longer, or its offer lapsed before it was made".to_owned(),
        );
        let order = self.before(&request.digest, &decision.digest) && self.before(&decision.digest, &deal.digest);
        self.findings
            .holds("S-92", "request, decision and deal: logged in this order", order, || "they are not".to_owned());
        if r.dataset_version != l.dataset_version {
            self.findings
                .unseen
                .push("the dataset as it was described when the request came: it was described anew".to_owned());
        }
    }

    /// The result follows from the answer.
    pub(super) fn result(&mut self, case: &Case<'_>) {
        let Some(decision) = &case.decision else { return };
        let refused = case.approvals.iter().any(|a| !a.subject.given);
        let d = &decision.subject;
        let forwards = d.forwarded_to.is_some() == (d.result == DecisionResult::Forwarded);
        let follows = match d.objection {
            // the decision stays as it was, which S-127 compares
            Some(on) if on.outcome != ObjectionOutcome::Upheld => d.decision.is_none() && d.input.is_none(),
            _ if !d.result.judged() => forwards && self.unjudged(case, decision),
            _ => forwards && follows(d, &case.request.subject.scope.columns, refused),
        };
        self.findings.holds("S-78", "decision: its result follows from its answer", follows, || {
            "result, granted and refused columns are not those of the answer".to_owned()
        });
    }

    pub(super) fn accepted(&mut self, case: &Case<'_>) {
        let Some(deal) = &case.deal else { return };
        let Some(acceptance) = &case.acceptance else {
            self.findings.not_given(
                "S-93",
                "acceptance: by the reuser",
                "the bundle holds no acceptance: the deal is not active",
            );
            return;
        };
        let a = &acceptance.subject;
        let f = &mut *self.findings;
        f.holds("S-93", "acceptance: of this deal", a.deal == deal.reference(), || "it names another deal".to_owned());
        f.holds("S-93", "acceptance: of these words", a.words == deal.subject.words, || {
            "it accepts other words".to_owned()
        });
        let all: BTreeSet<String> = deal.subject.obligations.iter().map(|o| o.id.clone()).collect();
        f.holds("S-93", "acceptance: of every obligation", a.accepted == all, || "it accepts others".to_owned());
        let reuser = &case.request.subject.applicant;
        let by_reuser = acceptance.issuer.register_number == *reuser && a.actor.organisation == *reuser;
        f.holds("S-93", "acceptance: by the reuser", by_reuser, || {
            format!("it is by {}", acceptance.issuer.register_number)
        });
        f.holds(
            "S-93",
            "acceptance: before the offer lapsed",
            acceptance.valid_from < deal.subject.offer_until,
            || format!("it is of {}, the offer lapsed at {}", acceptance.valid_from, deal.subject.offer_until),
        );
        // signed elsewhere it is handed in later: what is logged before it can be newer, but not by more than that
        let own = self.index(&acceptance.digest);
        let earlier = self.entries.timed().filter(|(index, _)| Some(*index) < own).map(|(_, at)| at);
        let newest = earlier.max().unwrap_or(acceptance.valid_from);
        let in_time =
            deal.valid_from <= acceptance.valid_from && newest <= acceptance.valid_from.plus_seconds(SIGNED_BEFORE);
        self.findings.holds("S-93", "acceptance: signed after the offer and handed in within a week", in_time, || {
            format!("it is of {}, the offer of {}", acceptance.valid_from, deal.valid_from)
        });
        let order = self.before(&deal.digest, &acceptance.digest);
        self.findings.holds("S-92", "acceptance: logged after the deal", order, || "it is not".to_owned());
    }

    /// Exactly one obligation for each condition that becomes true by signing and was accepted, each fee, and the grounds that were
    /// met.
    pub(super) fn obligations(&mut self, case: &Case<'_>) {
        let (Some(decision), Some(deal)) = (&case.decision, &case.deal) else { return };
        let Some(answer) = &decision.subject.decision else { return };
        let deal = &deal.subject;
        self.findings.holds(
            "S-94",
            "deal: one clause per condition",
            one_each(answer, deal, &case.request.subject.accepted) && extra_terms(&case.approvals, deal),
            || "its obligations or fees differ from the conditions of the decision".to_owned(),
        );
        let met: Vec<DealGround> = answer.grounds.iter().filter(|g| g.status == Status::Met).map(ground).collect();
        let grounds = !deal.grounds.is_empty() && deal.grounds.iter().all(|g| met.contains(g));
        self.findings.holds("S-94", "deal: rests on grounds that were met", grounds, || {
            "it names none, or others than the decision".to_owned()
        });
    }

    /// The agreement's words are of a template that this version of the program has.
    pub(super) fn words(&mut self, case: &Case<'_>) {
        let Some(deal) = &case.deal else { return };
        let what = "deal: the agreement's words";
        if has_words(&deal.subject.words) {
            self.findings.check("S-95", what, Ok(()));
        } else {
            self.findings.not_given(
                "S-95",
                what,
                "they are of a template that this version of the program does not have",
            );
        }
    }
}

/// Provider and reuser, one each; the provider in the name of the body that decided.
fn parties(case: &Case<'_>, decision: &DecisionRecord, deal: &Record<Deal>) -> bool {
    let [provider, reuser] = deal.subject.parties.as_slice() else { return false };
    provider.party == Party::Provider
        && provider.organisation == deal.issuer.register_number
        && provider.in_name_of.as_ref() == Some(&decision.body)
        && reuser.party == Party::Reuser
        && reuser.organisation == case.request.subject.applicant
        && reuser.name == case.request.subject.applicant_name
        && reuser.in_name_of.is_none()
}

/// A term is not empty, and not longer than the months that were asked for.
fn fits(term: &DealTerm, months: Option<i64>) -> bool {
    let end =
        months.and_then(|m| u32::try_from(m).ok()).and_then(|m| term.from.chrono().checked_add_months(Months::new(m)));
    let end = end.and_then(|t| Time::from_unix(t.timestamp()));
    term.from < term.until && end.is_none_or(|end| term.until <= end)
}

/// Whether a result follows from the explained answer: outcome, granted and refused columns.
fn follows(record: &DecisionRecord, asked: &BTreeSet<String>, refused: bool) -> bool {
    let Some(answer) = &record.decision else { return false };
    let permitted: BTreeSet<String> = answer.permitted_columns().map(str::to_owned).collect();
    let waits = answer.columns.iter().any(|c| matches!(c.outcome, Outcome::Review | Outcome::Incomplete));
    let negative = matches!(answer.outcome, Outcome::Deny | Outcome::NoGround);
    let some = !permitted.is_empty() && permitted.len() < asked.len();
    let (fits, granted) = match record.result {
        DecisionResult::Granted => (answer.outcome == Outcome::Permit, permitted),
        DecisionResult::PartlyGranted => (some && (refused || (negative && !waits)), permitted),
        DecisionResult::Refused => {
            let denied = answer.outcome == Outcome::Deny && !waits && permitted.is_empty();
            ((refused && !some) || denied, BTreeSet::new())
        }
        DecisionResult::NoGround => {
            (answer.outcome == Outcome::NoGround && !waits && permitted.is_empty(), BTreeSet::new())
        }
        DecisionResult::Withdrawn | DecisionResult::NotConsidered | DecisionResult::Forwarded => {
            (false, BTreeSet::new())
        }
    };
    let names: BTreeSet<String> = answer.columns.iter().map(|c| c.name.clone()).collect();
    let rest: BTreeSet<String> = asked.difference(&granted).cloned().collect();
    fits && names == *asked && record.granted == granted && record.refused == rest
}

/// The conditions of the answer that hold by signing: on columns that are permitted all of them do. One that the request declines
/// is no clause: it can only hold where it says nothing about those columns.
fn one_each(answer: &Decision, deal: &Deal, accepted: &BTreeSet<Name>) -> bool {
    let by_signing = |a: &&Answer| {
        matches!(a.role, Role::Condition(kind) if kind != Kind::Entry)
            && accepted.iter().any(|id| id.as_str() == a.bare_id())
    };
    let conditions = || answer.conditions.iter().filter(by_signing);
    let clauses: Vec<_> = deal.obligations.iter().filter(|o| !o.id.starts_with("term/")).collect();
    let same = |o: &&Obligation, a: &Answer| {
        o.id == a.id
            && a.role == role(o)
            && Some(&o.clause) == a.text.clause.as_ref()
            && o.due == a.text.due
            && o.legal_basis == a.text.legal_basis
    };
    let fees = conditions().filter_map(|a| a.text.tariff.as_ref().map(|t| (a.id.as_str(), t)));
    clauses.len() == conditions().count()
        && clauses.iter().zip(conditions()).all(|(o, a)| same(o, a))
        && fees.eq(deal.fees.iter().map(|f| (f.id.as_str(), &f.tariff)))
}

/// The terms of the deal are those of its approvals, in their order, and stand after the clauses.
fn extra_terms(approvals: &[Record<ApprovalGiven>], deal: &Deal) -> bool {
    let added = approvals.iter().flat_map(|a| &a.subject.terms);
    let wanted = added.zip(1..).map(|(term, n)| (format!("term/{n}"), &term.clause, &term.legal_basis));
    let terms = deal.obligations.iter().skip_while(|o| !o.id.starts_with("term/"));
    let told = terms.clone().map(|o| (o.id.clone(), &o.clause, &o.legal_basis));
    wanted.eq(told) && terms.clone().all(|o| o.kind.as_str() == "term" && o.due.is_none())
}

fn role(obligation: &Obligation) -> Role {
    match obligation.kind.as_str() {
        "promise" => Role::Condition(Kind::Promise),
        "duty" => Role::Condition(Kind::Duty),
        "delivery" => Role::Condition(Kind::Delivery),
        "fee" => Role::Condition(Kind::Fee),
        _ => Role::Ground,
    }
}

fn ground(answer: &Answer) -> DealGround {
    DealGround { id: answer.id.clone(), label: answer.text.label.clone(), legal_basis: answer.text.legal_basis.clone() }
}
