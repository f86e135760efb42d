//! What becomes of a request that was received, completed, or supported by new evidence: decided at once where no person is needed,
//! otherwise those are told for whom it waits.

use std::collections::BTreeSet;

use super::case::{Judged, missing, result, waits_for_people};
use super::decision::Ending;
use crate::engine::messages::tell::Way;
use crate::engine::operation::Operation;
use crate::engine::rows::{self, Loaded};
use crate::engine::state::{Case, MandateNow, Person};
use crate::engine::{Engine, EngineError};
use crate::log::LogError;
use crate::model::decision::Decision;
use crate::model::event::EventType;
use crate::model::input::DecisionInput;
use crate::model::record::{ConditionSetPublished, DecisionResult, Power};
use crate::model::{Name, OrgId};
use crate::store::Kind;

impl Engine {
    /// Judges the open requests of an organisation again, each by itself, since evidence about it came: what needs no person is decided, and
    /// who must look at what now waits for a person is told. Gives how many were decided or told of.
    ///
    /// # Errors
    /// The store cannot be read or written; never that a request cannot be judged, or was changed meanwhile.
    pub fn judge_again(&self, organisation: &OrgId) -> Result<usize, EngineError> {
        let mut moved = 0;
        for Loaded { value, version } in
            rows::all_loaded::<Case>(&*self.store, Kind::Request, Some(organisation.as_str()))?
        {
            if value.waits() {
                moved += usize::from(self.judge_one_again(value, version)?);
            }
        }
        Ok(moved)
    }

    fn judge_one_again(&self, mut case: Case, version: u64) -> Result<bool, EngineError> {
        let mut op = Operation::start(self)?;
        let judged = match self.judge(&op.view, &case, op.now) {
            Ok(judged) => judged,
            Err(error) => return error.of_the_question().map(|_| false).ok_or(error),
        };
        let told = case.told;
        self.at_once_or_wait(&mut op, &mut case, &judged)?;
        if case.waits() && case.told == told {
            return Ok(false);
        }
        op.item.guards.extend(judged.force.guards.iter().cloned());
        self.save_waiting(&mut op, &case, version)?;
        match op.commit() {
            // somebody acted on it meanwhile, and saw the evidence
            Err(EngineError::Submit(LogError::Conflict(_))) => Ok(false),
            done => done.map(|_| true),
        }
    }

    /// Ends a request at once if it needs no person; otherwise who must look at it is told, once, when it waits for a person.
    pub(in crate::engine) fn at_once_or_wait(
        &self,
        op: &mut Operation<'_>,
        case: &mut Case,
        judged: &Judged,
    ) -> Result<(), EngineError> {
        if case.decision.is_none()
            && case.approvals.values().all(|a| a.given)
            && let Some(result) = self.at_once(judged)?
        {
            return self.finish(op, case, &judged.matter, Some(judged), Ending::of(result)).map(|_| ());
        }
        if !case.told && (waits_for_people(&judged.decision) || result(&judged.decision).is_some()) {
            case.told = true;
            self.tell_reviewers(op, case, &judged.decision)?;
        }
        Ok(())
    }

    /// Tells the owner that a request waits for a person, and those of other organisations whom it appointed for an approval that is missing.
    fn tell_reviewers(&self, op: &mut Operation<'_>, case: &Case, answer: &Decision) -> Result<(), EngineError> {
        let event = case.event(EventType::RequestReview);
        op.tell(&event)?;
        let missing = missing(answer);
        let given = self.mandates_of(&op.view, &case.owner)?;
        let asked = |m: &MandateNow| {
            let for_it = |p: &Power| matches!(p, Power::Approve(name) if missing.contains(name));
            m.covers(&case.dataset, op.now) && m.mandate.powers.iter().any(for_it)
        };
        let persons: BTreeSet<&Name> = given.iter().map(|m| &m.value).filter(|m| asked(m)).map(|m| &m.person).collect();
        for person in persons {
            let Person { organisation, blocked, .. } = self.person(&op.view, person)?;
            if organisation == case.owner || blocked.is_some() {
                continue;
            }
            let contacts = self.contacts_of(&op.view, &organisation)?;
            let own = contacts.iter().find(|c| c.person.as_ref() == Some(person));
            if let Some(contact) = own.or_else(|| contacts.iter().find(|c| c.person.is_none())) {
                op.post(&event, &organisation, Way::Mail(contact.key()), op.now)?;
            }
        }
        Ok(())
    }

    /// The result that needs no person: a permit, or a refusal where the owner published that it is automatic. What is refused to a natural
    /// person is always looked at by another one (GDPR art. 22), so the applicant must be known to be none.
    pub(in crate::engine) fn at_once(&self, judged: &Judged) -> Result<Option<DecisionResult>, EngineError> {
        let Some(result) = result(&judged.decision) else { return Ok(None) };
        let automatic = result == DecisionResult::Granted
            || (no_natural_person(&judged.input) && self.answering(judged)?.is_some_and(|set| set.automatic_refusals));
        Ok(automatic.then_some(result))
    }

    /// The set that answers for an automatic decision: the narrowest.
    pub(in crate::engine) fn answering(&self, judged: &Judged) -> Result<Option<ConditionSetPublished>, EngineError> {
        judged.force.answering.map(|set| self.published_set(&set)).transpose()
    }
}

/// Whether the applicant is known to be no natural person; what is verified goes before what it says itself.
fn no_natural_person(input: &DecisionInput) -> bool {
    let verified = input.verified.get("naturalPerson").map(|v| &v.value);
    verified.or_else(|| input.declared.get("naturalPerson")).and_then(serde_json::Value::as_bool) == Some(false)
}
