//! Where a case stands, computed from what is kept of it and its answer; and how a request with an answer ends.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::term::TermNow;
use crate::engine::conditions::compiled::InForce;
use crate::engine::known::View;
use crate::engine::rows;
use crate::engine::state::{Case, DatasetNow};
use crate::engine::{Engine, EngineError, Mend};
use crate::model::decision::{Decision, Need, Outcome, Status};
use crate::model::input::DecisionInput;
use crate::model::record::{
    self, Authority, ConditionSetPublished, DecisionRecord, DecisionResult, Holder, Level, Power, RecordType,
    Reference, RequestReceived,
};
use crate::model::{Digest, OrgId, Time, Urn};
use crate::rights::{Act, Actor, Role, Target};
use crate::store::Kind;

/// Where a request stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseNow {
    /// The request's id.
    pub id: Urn,
    /// In one word.
    pub state: CaseState,
    /// The answer: of the decision, or as it would be now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Decision>,
    /// Why there is no answer now: under what is in force the request cannot be judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// What was received.
    pub request: Arc<RequestReceived>,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Reference>,
    /// The deal that came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deal: Option<Urn>,
    /// Its term, or that of the objection.
    pub term: TermNow,
    /// Approvals that were given to an earlier version, and count no longer.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub voided: BTreeSet<String>,
    /// The objection to its decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub objection: Option<ObjectionNow>,
    /// The dataset's title and terms as they are now.
    #[serde(skip)]
    pub dataset: DatasetNow,
}

/// An objection, and the decision on it once there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct ObjectionNow {
    /// The objection.
    pub record: Reference,
    /// The decision on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Reference>,
}

/// In one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Facts are missing.
    Incomplete,
    /// Approvals are missing.
    Review,
    /// A negative outcome waits for a mandated person.
    Draft,
    /// A positive outcome waits for a mandated person, after facts changed.
    Ready,
    /// It cannot be judged under what is in force now: no decision exists, and the term runs on.
    Fault,
    /// Ended: granted.
    Granted,
    /// Ended: partly granted.
    PartlyGranted,
    /// Ended: refused.
    Refused,
    /// Ended: no ground in law.
    NoGround,
    /// Ended: withdrawn.
    Withdrawn,
    /// Ended: not completed in time, so not taken into consideration.
    NotConsidered,
    /// Ended: sent on to another body.
    Forwarded,
}

/// What a case is about: what is asked in the version that stands, and of which dataset.
pub(in crate::engine) struct Matter {
    pub(in crate::engine) request: Arc<RequestReceived>,
    pub(in crate::engine) dataset: DatasetNow,
}

/// A case that was judged, with all on which that rests.
pub(in crate::engine) struct Judged {
    pub(in crate::engine) matter: Matter,
    pub(in crate::engine) force: InForce,
    pub(in crate::engine) input: DecisionInput,
    pub(in crate::engine) decision: Decision,
}

impl Engine {
    /// Where a request stands now.
    ///
    /// # Errors
    /// No right, or no such request.
    pub fn case_now(&self, actor: &Actor, request: &Urn) -> Result<CaseNow, EngineError> {
        let case = self.case(request)?.value;
        self.rights.require(actor, Act::ReadCase, &self.read_target(&self.view()?, actor, &case)?)?;
        self.case_told(&self.view()?, case, self.clock.now())
    }

    /// What is told of a case that was read. What has ended is told from its record, whatever is in force now; what waits is told with the
    /// answer as it would be, or with why there is none.
    pub(in crate::engine) fn case_told(&self, view: &View, case: Case, now: Time) -> Result<CaseNow, EngineError> {
        if !case.waits() {
            let ended = case.decision.as_ref().filter(|d| d.result.judged());
            let recorded = ended.map(|d| self.record::<DecisionRecord>(&d.record, RecordType::Decision)).transpose()?;
            let matter = self.matter(view, &case)?;
            return self.tell_case(case, matter, Ok(recorded.and_then(|r| r.subject.decision)), now);
        }
        match self.judge(view, &case, now) {
            Ok(judged) => self.tell_judged(case, judged, now),
            Err(error) => {
                let fault = error.of_the_question().ok_or(error)?;
                let matter = self.matter(view, &case)?;
                self.tell_case(case, matter, Err(fault), now)
            }
        }
    }

    /// The input on which an open request would be decided now, for showing it.
    ///
    /// # Errors
    /// No such request, or an evaluation fault.
    pub fn judged_input(&self, request: &Urn) -> Result<(Decision, DecisionInput), EngineError> {
        let judged = self.judge(&self.view()?, &self.case(request)?.value, self.clock.now())?;
        Ok((judged.decision, judged.input))
    }

    /// A record by its reference, for showing it.
    ///
    /// # Errors
    /// It is not there, or of another type.
    pub fn read_record<S: serde::de::DeserializeOwned>(
        &self,
        reference: &Reference,
        kind: RecordType,
    ) -> Result<record::Record<S>, EngineError> {
        self.record(reference, kind)
    }

    /// A decision input that was kept; none if it was erased.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn kept_input(&self, digest: Option<&Digest>) -> Result<Option<DecisionInput>, EngineError> {
        let Some(digest) = digest else { return Ok(None) };
        Ok(rows::load::<DecisionInput>(&*self.store, Kind::Input, &digest.to_string())?.map(|r| r.value))
    }

    /// The requests that a person may see.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn cases(&self, actor: &Actor) -> Result<Vec<CaseNow>, EngineError> {
        let (view, mut out) = (self.view()?, Vec::new());
        for case in rows::all::<Case>(&*self.store, Kind::Request, None)? {
            if self.rights.require(actor, Act::ListCases, &self.read_target(&view, actor, &case)?).is_ok() {
                out.push(self.case_told(&view, case, self.clock.now())?);
            }
        }
        Ok(out)
    }

    /// What is told of a case that was judged, or has just ended with that answer.
    pub(in crate::engine) fn tell_judged(&self, case: Case, judged: Judged, now: Time) -> Result<CaseNow, EngineError> {
        self.tell_case(case, judged.matter, Ok(Some(judged.decision)), now)
    }

    /// What is told of a case: state, answer or why there is none, and term.
    pub(in crate::engine) fn tell_case(
        &self,
        case: Case,
        matter: Matter,
        answer: Result<Option<Decision>, String>,
        now: Time,
    ) -> Result<CaseNow, EngineError> {
        let Matter { request, dataset } = matter;
        let term = self.term_of(&case, request.received_at, now)?;
        let state = state(&case, answer.as_ref().ok().and_then(Option::as_ref));
        let (answer, fault) = match answer {
            // what was not judged has no answer
            Ok(answer) => (answer.filter(|_| case.decision.as_ref().is_none_or(|d| d.result.judged())), None),
            Err(fault) => (None, Some(fault)),
        };
        Ok(CaseNow {
            id: case.id,
            state,
            answer,
            fault,
            request,
            term,
            voided: case.voided.into_iter().map(|(name, _)| name).collect(),
            objection: case.objection.as_ref().map(|o| ObjectionNow { record: o.record, decision: o.ended }),
            decision: case.decision.map(|d| d.record),
            deal: case.deal,
            dataset,
        })
    }

    /// A case as something to be read: a reviewer of another organisation reads what awaits an approval for which it was appointed, and
    /// what it gave or refused one for.
    pub(in crate::engine) fn read_target(
        &self,
        view: &View,
        actor: &Actor,
        case: &Case,
    ) -> Result<Target, EngineError> {
        Ok(Target { appointed: self.is_appointed(view, actor, case)?, ..case.target() })
    }

    fn is_appointed(&self, view: &View, actor: &Actor, case: &Case) -> Result<bool, EngineError> {
        if actor.organisation == case.owner || !actor.roles.contains(&Role::Reviewer) {
            return Ok(false);
        }
        let now = self.clock.now();
        let given = self.mandates_of(view, &case.owner)?;
        let covering =
            given.iter().map(|m| &m.value).filter(|m| m.person == actor.person && m.covers(&case.dataset, now));
        let names = covering.flat_map(|m| &m.mandate.powers).filter_map(|power| match power {
            Power::Approve(name) => Some(name),
            Power::Decide => None,
        });
        let names: BTreeSet<&String> = names.collect();
        if names.is_empty() {
            return Ok(false);
        }
        let reviewed = case.approvals.values().chain(case.voided.iter().map(|(_, approval)| approval));
        if reviewed.into_iter().any(|approval| approval.person == actor.person) {
            return Ok(true);
        }
        if !case.waits() {
            return Ok(false);
        }
        match self.judge(view, case, now) {
            Ok(judged) => Ok(missing(&judged.decision).iter().any(|name| names.contains(name))),
            // without an answer it is not known what it awaits
            Err(error) => error.of_the_question().map(|_| false).ok_or(error),
        }
    }
}

/// Where a case stands with an answer, or without one.
fn state(case: &Case, answer: Option<&Decision>) -> CaseState {
    match (&case.decision, answer) {
        (Some(d), _) => match d.result {
            DecisionResult::Granted => CaseState::Granted,
            DecisionResult::PartlyGranted => CaseState::PartlyGranted,
            DecisionResult::Refused => CaseState::Refused,
            DecisionResult::NoGround => CaseState::NoGround,
            DecisionResult::Withdrawn => CaseState::Withdrawn,
            DecisionResult::NotConsidered => CaseState::NotConsidered,
            DecisionResult::Forwarded => CaseState::Forwarded,
        },
        (None, None) => CaseState::Fault,
        (None, Some(_)) if case.approvals.values().any(|a| !a.given) => CaseState::Draft,
        (None, Some(answer)) => match result(answer) {
            Some(DecisionResult::Granted) => CaseState::Ready,
            Some(_) => CaseState::Draft,
            None if waits_for_people(answer) => CaseState::Review,
            None => CaseState::Incomplete,
        },
    }
}

/// How a request with this answer ends, if it can: a permit, a partial permit, or a refusal.
pub(in crate::engine) fn result(decision: &Decision) -> Option<DecisionResult> {
    match decision.outcome {
        Outcome::Permit => Some(DecisionResult::Granted),
        Outcome::Review | Outcome::Incomplete => None,
        Outcome::Deny | Outcome::NoGround => {
            // columns that still wait for approvals or facts keep the request open
            let waits = decision.columns.iter().any(|c| matches!(c.outcome, Outcome::Review | Outcome::Incomplete));
            match (waits, decision.permitted_columns().next(), decision.outcome) {
                (true, _, _) => None,
                (false, Some(_), _) => Some(DecisionResult::PartlyGranted),
                (false, None, Outcome::NoGround) => Some(DecisionResult::NoGround),
                (false, None, _) => Some(DecisionResult::Refused),
            }
        }
    }
}

/// True if no fact is missing, and some column or the whole waits for approvals.
pub(in crate::engine) fn waits_for_people(decision: &Decision) -> bool {
    let any = |outcome| decision.columns.iter().any(|c| c.outcome == outcome);
    decision.outcome == Outcome::Review || (any(Outcome::Review) && !any(Outcome::Incomplete))
}

/// The approvals that an answer waits for.
pub(in crate::engine) fn missing(answer: &Decision) -> BTreeSet<String> {
    let named = |need: &Need| if let Need::Approval(name) = need { Some(name.clone()) } else { None };
    answer.needed(Status::AwaitingReview, Outcome::Review).filter_map(named).collect()
}

pub(in crate::engine) fn some_but_not_all(decision: &Decision) -> bool {
    let permitted = decision.permitted_columns().count();
    permitted > 0 && permitted < decision.columns.len()
}

pub(in crate::engine) fn open(case: &Case) -> Result<(), EngineError> {
    match &case.decision {
        Some(ended) => Err(EngineError::state(
            format!("the request has ended: {}", ended.result.as_str()),
            Mend::by("see how", format!("datadeal request show {}", case.id)),
        )),
        None => Ok(()),
    }
}

/// Who acts where nobody does: the published conditions, and the official who answers for the set.
pub(in crate::engine) fn by_rule(owner: &OrgId, set: Option<&ConditionSetPublished>) -> record::Actor {
    let official = set.map_or_else(|| "no published set".to_owned(), |set| set.actor.function.clone());
    record::Actor {
        person: None,
        function: "automatic, by the published conditions".to_owned(),
        organisation: owner.clone(),
        authority: Authority::Automatic(official),
        authenticated: "none: no person acted".to_owned(),
        key_held_by: Holder::Service,
        level: Level::Simple,
    }
}

/// Open, or decided on anew after an objection.
pub(in crate::engine) fn open_or_objected(case: &Case) -> Result<(), EngineError> {
    if case.objected().is_some() { Ok(()) } else { open(case) }
}
