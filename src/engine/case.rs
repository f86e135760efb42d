//! Where a case stands, computed from what is kept of it and its answer; and how a request with an answer ends.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::known::View;
use super::request::Judged;
use super::state::{Case, DatasetNow};
use super::{Engine, EngineError};
use crate::model::decision::{Decision, Outcome};
use crate::model::record::{
    self, Authority, ConditionSetPublished, DecisionResult, Holder, Level, Power, Reference, RequestReceived,
};
use crate::model::{OrgId, Urn};
use crate::rights::{Actor, Target};

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
    /// What was received.
    pub request: Arc<RequestReceived>,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Reference>,
    /// The deal that came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deal: Option<Urn>,
    /// The dataset's title and terms as they are now.
    #[serde(skip)]
    pub dataset: DatasetNow,
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
}

impl Engine {
    /// A case as something to be read: a reviewer of another organisation reads only what it was appointed for.
    pub(super) fn read_target(&self, view: &View, actor: &Actor, case: &Case) -> Result<Target, EngineError> {
        let now = self.clock.now();
        let given = self.mandates_of(view, &case.owner)?;
        let appointed = given.iter().filter(|m| m.person == actor.person && m.covers(&case.dataset, now));
        let appointed = appointed.flat_map(|m| &m.mandate.powers).any(|p| matches!(p, Power::Approve(_)));
        Ok(Target { appointed, ..target(case) })
    }
}

/// What is told of a case: state and answer. That of one that has just ended is the one it ended with.
pub(super) fn told(case: Case, judged: Judged) -> CaseNow {
    let state = match &case.decision {
        Some(d) => match d.result {
            DecisionResult::Granted => CaseState::Granted,
            DecisionResult::PartlyGranted => CaseState::PartlyGranted,
            DecisionResult::Refused => CaseState::Refused,
            DecisionResult::NoGround => CaseState::NoGround,
            DecisionResult::Withdrawn => CaseState::Withdrawn,
        },
        None if case.approvals.values().any(|a| !a.given) => CaseState::Draft,
        None => match result(&judged.decision) {
            Some(DecisionResult::Granted) => CaseState::Ready,
            Some(_) => CaseState::Draft,
            None if waits_for_people(&judged.decision) => CaseState::Review,
            None => CaseState::Incomplete,
        },
    };
    // a withdrawal decides nothing
    let answer = Some(judged.decision).filter(|_| state != CaseState::Withdrawn);
    CaseNow {
        id: case.id,
        state,
        answer,
        request: judged.request,
        decision: case.decision.map(|d| d.record),
        deal: case.deal,
        dataset: judged.dataset,
    }
}

/// How a request with this answer ends, if it can: a permit, a partial permit, or a refusal.
pub(super) fn result(decision: &Decision) -> Option<DecisionResult> {
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
pub(super) fn waits_for_people(decision: &Decision) -> bool {
    let any = |outcome| decision.columns.iter().any(|c| c.outcome == outcome);
    decision.outcome == Outcome::Review || (any(Outcome::Review) && !any(Outcome::Incomplete))
}

pub(super) fn some_but_not_all(decision: &Decision) -> bool {
    let permitted = decision.permitted_columns().count();
    permitted > 0 && permitted < decision.columns.len()
}

pub(super) fn open(case: &Case) -> Result<(), EngineError> {
    match &case.decision {
        Some(ended) => Err(EngineError::state(
            format!("the request has ended: {}", ended.result.as_str()),
            format!("see how: datadeal request show {}", case.id),
        )),
        None => Ok(()),
    }
}

/// Who acts where nobody does: the published conditions, and the official who answers for the set.
pub(super) fn by_rule(owner: &OrgId, set: Option<&ConditionSetPublished>) -> record::Actor {
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

pub(super) fn target(case: &Case) -> Target {
    Target::of_both(case.owner.clone(), case.applicant.clone())
}
