//! Objections: the addressee does not agree with a decision, and another person than the one who took it decides again.
//!
//! Who upholds an objection takes a new decision in the place of the first, on the request as it is now: it may have been completed, and
//! approved by others. Every other outcome leaves the first decision as it is. Neither changes a record.

use std::collections::BTreeSet;

use super::case::{CaseNow, Judged};
use super::decision::{Ending, ended};
use super::request::{Entered, received_when};
use crate::engine::operation::{About, New, Operation, Pending};
use crate::engine::rows::Loaded;
use crate::engine::state::{Case, CaseDecision, CaseObjection};
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::event::EventType;
use crate::model::record::{
    Authority, DecisionRecord, DecisionResult, Holder, Objection, ObjectionOutcome, OnObjection, RecordType,
};
use crate::model::term::{local_day, working_day};
use crate::model::{Day, Time, Urn};
use crate::rights::{Act, Actor};

/// An objection to be filed.
#[derive(Debug, Clone)]
pub struct NewObjection {
    /// Why.
    pub reasons: String,
    /// How and when it came in, if the owner enters it.
    pub entered: Entered,
}

impl Engine {
    /// Objects to the decision on a request. One that comes too late is taken in as well: that it is inadmissible, a person decides.
    ///
    /// # Errors
    /// No right, no reasons, a request that is open, or was withdrawn or sent on; one to whose decision was objected before.
    pub fn object(&self, actor: &Actor, request: &Urn, new: &NewObjection) -> Result<Pending<CaseNow>, EngineError> {
        let Loaded { value: mut case, version } = self.case(request)?;
        let channel = self.may_ask(actor, Act::ObjectDecision, &case.applicant, &case.owner, new.entered)?;
        let decided = decided(&case)?;
        if matches!(decided.result, DecisionResult::Withdrawn | DecisionResult::Forwarded) {
            return Err(EngineError::state(
                format!("the request was {}: there is nothing to object to", decided.result.as_str()),
                "submit a new request",
            ));
        }
        if case.objection.is_some() {
            return Err(EngineError::state(
                "there was an objection to this decision before",
                "against the decision on an objection one appeals to a court",
            ));
        }
        if new.reasons.trim().is_empty() {
            return Err(EngineError::input(Field::Reasons, "are empty", "an objection says why"));
        }
        let mut op = Operation::by(self, actor)?;
        let decision = self.record::<DecisionRecord>(&decided.record, RecordType::Decision)?;
        let announced = decision.subject.announcement.at;
        let received_at = received_when(new.entered.received_at, Some(announced), op.now)?.unwrap_or(op.now);
        let start = starts(&decision.subject, received_at);
        let term = self.legal_term("objection", start)?;
        let subject = Objection {
            decision: decided.record,
            reasons: new.reasons.clone(),
            received_at,
            channel,
            last_day: working_day(term.length.after(start.date())).into(),
            actor: self.acting(&op.view, actor, Self::own_authority(actor), Holder::Service)?,
        };
        let (operator, id, salt) = (self.portal.operator.clone(), case.id, case.salt);
        let record = op.sign(New {
            salt: Some(self.random.salt()?),
            about: About::Case(&id, &salt),
            listed: Some(id.to_string()),
            ..New::public(RecordType::Objection, &operator, &subject)
        })?;
        op.made(record.id);
        let before = (case.request, case.approvals.clone());
        case.objection = Some(CaseObjection { record, start, moved: Vec::new(), before, ended: None });
        op.tell(&case.event(EventType::ObjectionReceived).day(subject.last_day.to_string()))?;
        self.save_waiting(&mut op, &case, version)?;
        let told = self.case_told(&op.view, case, op.now)?;
        op.answer(told)
    }

    /// Decides on an objection. Who took the first decision does not: this binds the operator too.
    ///
    /// # Errors
    /// No right, no mandate to decide, the person's own organisation, no reason, the person who took the first decision; no open objection;
    /// an outcome that is the applicant's; one that is upheld although the answer is as it was, or facts or approvals are missing.
    pub fn decide_objection(
        &self,
        actor: &Actor,
        request: &Urn,
        outcome: ObjectionOutcome,
        reason: &str,
    ) -> Result<Pending<CaseNow>, EngineError> {
        let Loaded { value: case, version } = self.case(request)?;
        self.rights.require(actor, Act::ConfirmDecision, &case.target())?;
        self.not_own(actor, &case)?;
        if outcome == ObjectionOutcome::Withdrawn {
            return Err(EngineError::input(
                Field::Outcome,
                "is withdrawn, which only the applicant can do",
                "one of: upheld, rejected, inadmissible",
            ));
        }
        if reason.trim().is_empty() {
            return Err(EngineError::input(Field::Reason, "is empty", "a decision on an objection says why"));
        }
        let mut op = Operation::by(self, actor)?;
        let mandate = self.decide_mandate(&mut op, actor, &case)?;
        let by = self.acting(&op.view, actor, Authority::Mandate(mandate.digest), Holder::Service)?;
        let first = self.record::<DecisionRecord>(&decided(&case)?.record, RecordType::Decision)?.subject;
        if first.actor.person.is_some() && first.actor.person == by.person {
            return Err(EngineError::state(
                "who took a decision does not decide on the objection to it",
                "another person with a mandate must do this",
            ));
        }
        let ending = |result| Ending { by: Some(by), reason: Some(reason.to_owned()), ..Ending::of(result) };
        if outcome == ObjectionOutcome::Upheld {
            let judged = self.judge(&op.view, &case, op.now)?;
            let ending = ending(anew(&case, &judged, &first)?);
            op.item.guards.extend(judged.force.guards.iter().cloned());
            return self.end_objection(op, case, version, Some(judged), outcome, ending);
        }
        let ending = Ending { stands: Some((first.granted, first.refused)), ..ending(first.result) };
        self.end_objection(op, case, version, None, outcome, ending)
    }

    /// Withdraws an objection: the decision stays as it is.
    ///
    /// # Errors
    /// No right, or no open objection.
    pub fn withdraw_objection(
        &self,
        actor: &Actor,
        request: &Urn,
        reason: Option<&str>,
    ) -> Result<Pending<CaseNow>, EngineError> {
        let Loaded { value: case, version } = self.case(request)?;
        self.rights.require(actor, Act::ObjectDecision, &case.target())?;
        let op = Operation::by(self, actor)?;
        let first = self.record::<DecisionRecord>(&decided(&case)?.record, RecordType::Decision)?.subject;
        let by = self.acting(&op.view, actor, Self::own_authority(actor), Holder::Service)?;
        let stands = Some((first.granted, first.refused));
        let ending = Ending { by: Some(by), reason: reason.map(str::to_owned), stands, ..Ending::of(first.result) };
        self.end_objection(op, case, version, None, ObjectionOutcome::Withdrawn, ending)
    }

    fn end_objection(
        &self,
        mut op: Operation<'_>,
        mut case: Case,
        version: u64,
        judged: Option<Judged>,
        outcome: ObjectionOutcome,
        ending: Ending,
    ) -> Result<Pending<CaseNow>, EngineError> {
        let record = objected(&case)?.record;
        let ending = Ending { objection: Some(OnObjection { record, outcome }), ..ending };
        let matter = self.matter(&op.view, &case)?;
        let reference = self.finish(&mut op, &mut case, &matter, judged.as_ref(), ending)?;
        op.made(reference.id);
        if let Some(objection) = &mut case.objection {
            objection.ended = Some(reference);
            if outcome != ObjectionOutcome::Upheld {
                (case.request, case.approvals) = objection.before.clone();
            }
        }
        self.save_waiting(&mut op, &case, version)?;
        let told = match judged {
            Some(judged) => self.tell_judged(case, judged, op.now)?,
            None => self.case_told(&op.view, case, op.now)?,
        };
        op.answer(told)
    }

    /// An objection as it was made.
    ///
    /// # Errors
    /// No right, no such request, or none to whose decision was objected.
    pub fn objection_now(&self, actor: &Actor, request: &Urn) -> Result<Objection, EngineError> {
        let (view, case) = (self.view()?, self.case(request)?.value);
        self.rights.require(actor, Act::ReadCase, &self.read_target(&view, actor, &case)?)?;
        let none = || EngineError::not_found("objection to the decision on", request, "nobody objected to it");
        let objection = case.objection.as_ref().ok_or_else(none)?;
        Ok(self.record::<Objection>(&objection.record, RecordType::Objection)?.subject)
    }
}

/// The day after which the term of an objection counts: the last one on which one could object, or that of its receipt if it is late.
fn starts(decision: &DecisionRecord, received: Time) -> Day {
    let receipt = Day::from(local_day(received));
    decision.objection_until.parse().map_or(receipt, |until: Day| until.max(receipt))
}

/// How a request ended.
pub(in crate::engine) fn decided(case: &Case) -> Result<&CaseDecision, EngineError> {
    case.decision.as_ref().ok_or_else(|| {
        EngineError::state(
            "the request is not decided yet",
            Mend::by("see what it waits for", format!("datadeal request show {}", case.id)),
        )
    })
}

fn objected(case: &Case) -> Result<&CaseObjection, EngineError> {
    case.objected().ok_or_else(|| {
        EngineError::state(
            "there is no objection to decide on",
            Mend::by("see where it stands", format!("datadeal request show {}", case.id)),
        )
    })
}

/// How the request ends now, if that is otherwise than it did.
fn anew(case: &Case, judged: &Judged, first: &DecisionRecord) -> Result<DecisionResult, EngineError> {
    let result = ended(case, judged)?;
    let positive = result.grants();
    let granted: BTreeSet<&str> = judged.decision.permitted_columns().filter(|_| positive).collect();
    if result == first.result && granted.into_iter().eq(first.granted.iter().map(String::as_str)) {
        return Err(EngineError::state(
            "the answer is what it was, so there is nothing to decide otherwise",
            "complete the request or give the approvals first; or reject the objection",
        ));
    }
    Ok(result)
}
