//! Decisions: approvals by persons, and the signed end of a request.
//!
//! A positive automatic outcome ends a request at once. A negative one is a draft until a mandated person confirms it, unless the
//! owner published otherwise. What only lacks approvals is in review; its missing approvals are its work list.

use std::collections::BTreeSet;

use super::case::{
    CaseNow, Judged, Matter, by_rule, open, open_or_objected, result, some_but_not_all, waits_for_people,
};
use crate::engine::operation::{About, New, Operation, Pending};
use crate::engine::rows::Loaded;
use crate::engine::state::{Case, CaseApproval, CaseDecision, How, Moved};
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::event::EventType;
use crate::model::record::{
    self, Announcement, ApprovalGiven, Authority, DecisionRecord, DecisionResult, ExtraTerm, Holder, ObjectionOutcome,
    OnObjection, Power, RecordType, Reference,
};
use crate::model::term::{SuspensionKind, local_day, weeks_after};
use crate::model::{Digest, OrgId, Time, Urn, json};
use crate::rights::{Act, Actor};
use crate::store::Kind;

/// How a request ends.
pub(in crate::engine) struct Ending {
    pub(in crate::engine) result: DecisionResult,
    /// By whom; automatic if nobody.
    pub(in crate::engine) by: Option<record::Actor>,
    pub(in crate::engine) reason: Option<String>,
    pub(in crate::engine) forwarded_to: Option<String>,
    pub(in crate::engine) objection: Option<OnObjection>,
    /// The columns given and not given by the decision that stays as it is.
    pub(in crate::engine) stands: Option<(BTreeSet<String>, BTreeSet<String>)>,
}

impl Ending {
    /// Without a person, and without more to say.
    pub(in crate::engine) fn of(result: DecisionResult) -> Self {
        Ending { result, by: None, reason: None, forwarded_to: None, objection: None, stands: None }
    }
}

impl Engine {
    /// Gives or refuses one approval. When it was the last one missing, the request is decided at once; one that is being decided on after
    /// an objection waits for the person who decides on that.
    ///
    /// # Errors
    /// No right, an approval for which the owner did not appoint this person, a request of the person's own organisation, a request that
    /// has ended, or no reason.
    pub fn approve(
        &self,
        actor: &Actor,
        request: &Urn,
        name: &str,
        given: bool,
        reason: &str,
    ) -> Result<Pending<CaseNow>, EngineError> {
        self.review(actor, request, name, given, reason, &[])
    }

    /// Gives an approval under terms that the conditions do not have, each with a reason and a provision; the deal has them as obligations.
    ///
    /// # Errors
    /// As [`Engine::approve`]; and a term that is not whole.
    pub fn approve_under(
        &self,
        actor: &Actor,
        request: &Urn,
        name: &str,
        reason: &str,
        terms: &[ExtraTerm],
    ) -> Result<Pending<CaseNow>, EngineError> {
        let empty = |t: &ExtraTerm| {
            [&t.clause.en, &t.clause.nl, &t.reason, &t.legal_basis].iter().any(|text| text.trim().is_empty())
        };
        if terms.iter().any(empty) {
            return Err(EngineError::input(
                Field::Terms,
                "are not whole",
                "a term has a clause, a reason and a legal basis",
            ));
        }
        self.review(actor, request, name, true, reason, terms)
    }

    fn review(
        &self,
        actor: &Actor,
        request: &Urn,
        name: &str,
        given: bool,
        reason: &str,
        terms: &[ExtraTerm],
    ) -> Result<Pending<CaseNow>, EngineError> {
        let Loaded { value: mut case, version } = self.case(request)?;
        self.rights.require(actor, Act::ApproveRequest, &case.target())?;
        self.not_own(actor, &case)?;
        self.not_answered(actor, &case, name, given)?;
        open_or_objected(&case)?;
        if reason.trim().is_empty() {
            return Err(EngineError::input(Field::Reason, "is empty", "an approval and a refusal both say why"));
        }
        let mut op = Operation::by(self, actor)?;
        let power = Power::Approve(name.to_owned());
        let mandate = self.mandate_for(&mut op, actor, &case.owner, &case.dataset, Some(&power))?.ok_or_else(|| {
            EngineError::state(
                format!("the owner did not appoint `{}` for the approval `{name}`", actor.person),
                Mend::by("an owner appoints", "datadeal person appoint"),
            )
        })?;
        let subject = ApprovalGiven {
            request: case.request,
            name: name.to_owned(),
            given,
            reason: reason.to_owned(),
            terms: terms.to_vec(),
            actor: self.acting(&op.view, actor, Authority::Mandate(mandate.digest), Holder::Service)?,
        };
        let owner = case.owner.clone();
        let (id, salt) = (case.id, case.salt);
        let record = New {
            salt: Some(self.random.salt()?),
            about: About::Case(&id, &salt),
            listed: Some(id.to_string()),
            ..New::public(RecordType::Approval, &owner, &subject)
        };
        let reference = op.sign(record)?;
        op.made(reference.id);
        case.approvals.insert(name.to_owned(), CaseApproval { record: reference, given, person: actor.person.clone() });
        let judged = self.judge(&op.view, &case, op.now)?;
        op.item.guards.extend(judged.force.guards.iter().cloned());
        if given && case.decision.is_none() && result(&judged.decision) == Some(DecisionResult::Granted) {
            self.finish(&mut op, &mut case, &judged.matter, Some(&judged), Ending::of(DecisionResult::Granted))?;
        }
        self.save_waiting(&mut op, &case, version)?;
        let now = op.now;
        op.answer(self.tell_judged(case, judged, now)?)
    }

    /// Nobody answers what was answered before, but who did may change its mind; and an objection lets what was answered before it be
    /// answered anew.
    fn not_answered(&self, actor: &Actor, case: &Case, name: &str, given: bool) -> Result<(), EngineError> {
        let Some(before) = case.approvals.get(name) else { return Ok(()) };
        let own = before.person == actor.person && before.given != given;
        let anew = case.objected().and_then(|o| o.before.1.get(name)).is_some_and(|a| a.record == before.record);
        if (own && case.waits()) || anew {
            return Ok(());
        }
        Err(self.done_before(&before.record)?)
    }

    /// Ends a request whose outcome needs a person: a negative one, a refused approval, or one that became a permit.
    ///
    /// # Errors
    /// No right, no mandate to decide, the person's own organisation, an ended request, or facts and approvals that are still missing.
    pub fn confirm(&self, actor: &Actor, request: &Urn, reason: Option<&str>) -> Result<Pending<CaseNow>, EngineError> {
        let Loaded { value: mut case, version } = self.case(request)?;
        self.rights.require(actor, Act::ConfirmDecision, &case.target())?;
        self.not_own(actor, &case)?;
        open(&case)?;
        let mut op = Operation::by(self, actor)?;
        let mandate = self.decide_mandate(&mut op, actor, &case)?;
        let judged = self.judge(&op.view, &case, op.now)?;
        let ended = ended(&case, &judged)?;
        let by = self.acting(&op.view, actor, Authority::Mandate(mandate.digest), Holder::Service)?;
        op.item.guards.extend(judged.force.guards.iter().cloned());
        let ending = Ending { by: Some(by), reason: reason.map(str::to_owned), ..Ending::of(ended) };
        self.finish(&mut op, &mut case, &judged.matter, Some(&judged), ending)?;
        self.save_waiting(&mut op, &case, version)?;
        let now = op.now;
        op.answer(self.tell_judged(case, judged, now)?)
    }

    /// Withdraws a request; it ends with a decision that says so.
    ///
    /// # Errors
    /// No right, or the request has ended.
    pub fn withdraw(
        &self,
        actor: &Actor,
        request: &Urn,
        reason: Option<&str>,
    ) -> Result<Pending<CaseNow>, EngineError> {
        let Loaded { value: case, version } = self.case(request)?;
        self.rights.require(actor, Act::WithdrawRequest, &case.target())?;
        open(&case)?;
        let op = Operation::by(self, actor)?;
        let by = self.acting(&op.view, actor, Self::own_authority(actor), Holder::Service)?;
        let ending =
            Ending { by: Some(by), reason: reason.map(str::to_owned), ..Ending::of(DecisionResult::Withdrawn) };
        self.finish_unjudged(op, case, version, ending)
    }

    /// Sends a request on to the body whose data it is about (Awb 2:3): it ends with a decision that names that body.
    ///
    /// # Errors
    /// No right, no mandate to decide, the person's own organisation, an ended request, or no body.
    pub fn forward_request(
        &self,
        actor: &Actor,
        request: &Urn,
        to: &str,
        reason: Option<&str>,
    ) -> Result<Pending<CaseNow>, EngineError> {
        self.rights.require(actor, Act::ConfirmDecision, &self.case(request)?.value.target())?;
        if to.trim().is_empty() {
            return Err(EngineError::input(Field::To, "is empty", "name the body whose data it is about"));
        }
        let ending = Ending {
            forwarded_to: Some(to.to_owned()),
            reason: reason.map(str::to_owned),
            ..Ending::of(DecisionResult::Forwarded)
        };
        self.end_unjudged(actor, request, ending)
    }

    /// Takes a request no further, because it was not completed in the time that was given for that (Awb 4:5).
    ///
    /// # Errors
    /// No right, no mandate to decide, the person's own organisation, no reason, an ended request, or one that was not asked to be completed,
    /// was completed, or has time left for it.
    pub fn not_considered(&self, actor: &Actor, request: &Urn, reason: &str) -> Result<Pending<CaseNow>, EngineError> {
        let case = self.case(request)?.value;
        self.rights.require(actor, Act::ConfirmDecision, &case.target())?;
        if reason.trim().is_empty() {
            return Err(EngineError::input(Field::Reason, "is empty", "say what was not completed"));
        }
        if !not_completed(&case, self.clock.now()) {
            return Err(EngineError::state(
                "it was not asked to be completed, was completed, or has time left for that",
                Mend::by("see its term", format!("datadeal request show {request}")),
            ));
        }
        let ending = Ending { reason: Some(reason.to_owned()), ..Ending::of(DecisionResult::NotConsidered) };
        self.end_unjudged(actor, request, ending)
    }

    /// Ends a request by a mandated person without judging it.
    fn end_unjudged(&self, actor: &Actor, request: &Urn, ending: Ending) -> Result<Pending<CaseNow>, EngineError> {
        let Loaded { value: case, version } = self.case(request)?;
        self.rights.require(actor, Act::ConfirmDecision, &case.target())?;
        self.not_own(actor, &case)?;
        open(&case)?;
        let mut op = Operation::by(self, actor)?;
        let mandate = self.decide_mandate(&mut op, actor, &case)?;
        let by = self.acting(&op.view, actor, Authority::Mandate(mandate.digest), Holder::Service)?;
        self.finish_unjudged(op, case, version, Ending { by: Some(by), ..ending })
    }

    /// Ends a request that nobody need be able to judge.
    fn finish_unjudged(
        &self,
        mut op: Operation<'_>,
        mut case: Case,
        version: u64,
        ending: Ending,
    ) -> Result<Pending<CaseNow>, EngineError> {
        let matter = self.matter(&op.view, &case)?;
        self.finish(&mut op, &mut case, &matter, None, ending)?;
        self.save_waiting(&mut op, &case, version)?;
        let now = op.now;
        op.answer(self.tell_case(case, matter, Ok(None), now)?)
    }

    /// Signs the decision that ends a request, or is taken on an objection, and keeps its input. What was not judged, and what stays as it
    /// was, rests on no answer of its own.
    pub(in crate::engine) fn finish(
        &self,
        op: &mut Operation<'_>,
        case: &mut Case,
        Matter { request, dataset }: &Matter,
        judged: Option<&Judged>,
        ending: Ending,
    ) -> Result<Reference, EngineError> {
        let dataset = &dataset.dataset;
        let Ending { result, by, reason, forwarded_to, objection, stands } = ending;
        let positive = result.grants();
        let (granted, refused) = stands.unwrap_or_else(|| {
            let permitted = judged.iter().filter(|_| positive).flat_map(|j| j.decision.permitted_columns());
            let granted: BTreeSet<String> = permitted.map(str::to_owned).collect();
            let asked = judged.iter().flat_map(|j| &j.input.scope.columns);
            let refused = asked.filter(|c| !granted.contains(*c)).cloned().collect();
            (granted, refused)
        });
        let input = judged.map(|j| json::bytes(&j.input, "decision input")).transpose()?;
        let input = input.map(|bytes| (Digest::of(&bytes), bytes));
        let digest = input.as_ref().map(|(digest, _)| *digest);
        let actor = match by {
            Some(actor) => actor,
            None => self.automatic(&dataset.owner, judged)?,
        };
        let term = self.sum(case, request.received_at, op.now)?;
        let upheld = objection.is_some_and(|o| o.outcome == ObjectionOutcome::Upheld);
        let before = case.decision.as_ref().map(|d| d.record);
        let subject = DecisionRecord {
            body: dataset.competent_body.clone(),
            executor: dataset.executor.clone(),
            addressee: case.applicant.clone(),
            request: case.request,
            result,
            reason,
            granted,
            refused,
            decision: judged.map(|j| j.decision.clone()),
            input: digest,
            approvals: case.approvals.values().filter(|_| objection.is_none() || upheld).map(|a| a.record).collect(),
            actor,
            received_at: request.received_at,
            last_day: term.last_day.to_string(),
            clock: term.steps,
            forwarded_to,
            supersedes: before.filter(|_| upheld),
            objection,
            announcement: Announcement { at: op.now, channel: request.channel },
            objection_body: dataset.term.objection.body.clone(),
            objection_web: dataset.term.objection.web.clone(),
            objection_until: weeks_after(op.now, dataset.term.objection.weeks).to_string(),
        };
        let record = New {
            salt: Some(self.random.salt()?),
            about: About::Case(&case.id, &case.salt),
            listed: Some(case.id.to_string()),
            ..New::public(RecordType::Decision, &dataset.owner, &subject)
        };
        let reference = op.sign(record)?;
        if let Some((digest, bytes)) = input {
            let parent = case.id.to_string();
            op.item = std::mem::take(&mut op.item).put(Kind::Input, digest.to_string(), Some(&parent), bytes);
        }
        match objection {
            Some(on) => op.tell(&case.event(EventType::ObjectionDecided).state(on.outcome.as_str()))?,
            None => op.tell(&case.event(EventType::RequestDecided).state(result.as_str()))?,
        }
        if objection.is_none() || upheld {
            case.ended.get_or_insert(op.now);
            case.decision = Some(CaseDecision { record: reference, result, input: digest });
        }
        Ok(reference)
    }

    /// An automatic act: the published set, and the official who answers for it.
    fn automatic(&self, owner: &OrgId, judged: Option<&Judged>) -> Result<record::Actor, EngineError> {
        let set = judged.map(|judged| self.answering(judged)).transpose()?.flatten();
        Ok(by_rule(owner, set.as_ref()))
    }

    /// Nobody approves or decides on a request of its own organisation. This binds the operator too.
    pub(in crate::engine) fn not_own(&self, actor: &Actor, case: &Case) -> Result<(), EngineError> {
        if actor.organisation == case.applicant {
            return Err(EngineError::state(
                "nobody decides on a request of its own organisation",
                "another organisation's person must do this",
            ));
        }
        Ok(())
    }

    /// The mandate of a person to decide on this case.
    pub(in crate::engine) fn decide_mandate(
        &self,
        op: &mut Operation<'_>,
        actor: &Actor,
        case: &Case,
    ) -> Result<Reference, EngineError> {
        self.mandate_for(op, actor, &case.owner, &case.dataset, Some(&Power::Decide))?.ok_or_else(|| {
            EngineError::state(
                format!("`{}` has no mandate to decide for {}", actor.person, case.owner),
                Mend::by("an owner gives one", "datadeal mandate add"),
            )
        })
    }
}

/// Whether the time that was given to complete a request has passed without that.
pub(in crate::engine) fn not_completed(case: &Case, now: Time) -> bool {
    let passed = |m: &Moved| match &m.how {
        How::Suspended(SuspensionKind::Completion, _, Some(until)) => until.date() < local_day(now),
        _ => false,
    };
    case.moved.iter().rfind(|m| !matches!(m.how, How::Extended(..))).is_some_and(passed)
}

/// How a request whose outcome needs a person ends; an error if facts or approvals are still missing.
pub(in crate::engine) fn ended(case: &Case, judged: &Judged) -> Result<DecisionResult, EngineError> {
    let refused = case.approvals.iter().find(|(_, a)| !a.given);
    match (refused, result(&judged.decision)) {
        // who refuses, refuses the columns that wait for it; the others are given
        (Some(_), _) if some_but_not_all(&judged.decision) => Ok(DecisionResult::PartlyGranted),
        (Some(_), _) => Ok(DecisionResult::Refused),
        (None, Some(result)) => Ok(result),
        (None, None) => {
            let what = if waits_for_people(&judged.decision) { "approvals" } else { "facts" };
            Err(EngineError::state(
                format!("{what} are still missing, so there is nothing to confirm"),
                Mend::by("see what", format!("datadeal request show {}", case.id)),
            ))
        }
    }
}
