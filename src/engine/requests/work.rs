//! The work list: what waits for a person. Overdue first, then what is due soonest.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::case::{CaseState, missing};
use super::decision::not_completed;
use super::term::TermNow;
use crate::engine::known::View;
use crate::engine::rows::{self, Loaded};
use crate::engine::state::{Case, MandateNow};
use crate::engine::{Engine, EngineError, Field};
use crate::model::record::{DecisionRecord, Power, RecordType};
use crate::model::{Day, Iri, OrgId, Time, Urn};
use crate::rights::{Act, Actor};
use crate::store::Kind;

/// How many open requests are judged in one call: who may do little about many gets short pages rather than a long wait.
const LOOKED_AT: usize = 500;

/// A request that waits for a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Work {
    /// The request.
    pub request: Urn,
    /// What is seen of it: an act that names it in `If-Match` is done to that and to nothing else.
    pub etag: String,
    /// Where it stands.
    pub state: CaseState,
    /// The dataset.
    pub dataset: Iri,
    /// Who asks.
    pub applicant: OrgId,
    /// Its legal name.
    pub applicant_name: String,
    /// Its term, or that of the objection.
    pub term: TermNow,
    /// What this person can do about it.
    pub tasks: BTreeSet<Task>,
}

/// Something that a person can do about a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Give or refuse this approval.
    Approve(String),
    /// Confirm the outcome.
    Confirm,
    /// Decide on the objection.
    DecideObjection,
    /// Ask the applicant to complete it.
    Ask,
    /// Take it no further: it was not completed in the time given for that.
    Dismiss,
    /// See to it that it is decided: its last day has passed.
    Overdue,
}

/// Where an open request stands in the list: overdue first, what stands still last, then what is due soonest.
type Place = (bool, bool, Day, Urn);

impl Engine {
    /// What waits for a person: approvals for which the owner appointed it, outcomes that it may confirm, objections to decisions of others;
    /// requests to be completed, or taken no further, and those that are overdue. At most `limit` of it, after one of them; and what to give
    /// as `after` to go on.
    ///
    /// # Errors
    /// The store cannot be read, or an evaluation fault.
    pub fn work(
        &self,
        actor: &Actor,
        after: Option<&Urn>,
        limit: usize,
    ) -> Result<(Vec<Work>, Option<Urn>), EngineError> {
        let (view, now) = (self.view()?, self.clock.now());
        let in_force = |m: &MandateNow| m.person == actor.person && m.in_force(now);
        let mandates: Vec<MandateNow> = self.mandates(None)?.into_iter().filter(in_force).collect();
        let owners: BTreeSet<&OrgId> = mandates.iter().map(|m| &m.mandate.giver).collect();
        let unknown = |e| match e {
            EngineError::NotFound { .. } => {
                EngineError::input(Field::After, "is no request", "give the `next` of the page before")
            }
            e => e,
        };
        let after = after.map(|id| self.place(&self.case(id).map_err(unknown)?.value, now)).transpose()?;
        let mut open: Vec<Place> = Vec::new();
        for owner in owners {
            rows::each_row(&*self.store, Kind::Open, Some(owner.as_str()), |row| {
                let case = self.case(&row.key.parse()?)?.value;
                let seen = self.rights.require(actor, Act::ListCases, &self.read_target(&view, actor, &case)?).is_ok();
                if seen && actor.organisation != case.applicant {
                    open.push(self.place(&case, now)?);
                }
                Ok(())
            })?;
        }
        open.sort_unstable();
        let (mut work, mut last) = (Vec::new(), None);
        for (looked, place) in open.into_iter().filter(|place| after.as_ref().is_none_or(|a| place > a)).enumerate() {
            if work.len() == limit || looked == LOOKED_AT {
                return Ok((work, last));
            }
            work.extend(self.work_on(&view, actor, &place.3, &mandates, now)?);
            last = Some(place.3);
        }
        Ok((work, None))
    }

    fn place(&self, case: &Case, now: Time) -> Result<Place, EngineError> {
        let term = self.term_of(case, self.received(&case.request)?.received_at, now)?;
        Ok((!term.overdue, term.stands_still.is_some(), term.last_day, case.id))
    }

    /// What a person can do about one open request; none if that is nothing.
    fn work_on(
        &self,
        view: &View,
        actor: &Actor,
        request: &Urn,
        mandates: &[MandateNow],
        now: Time,
    ) -> Result<Option<Work>, EngineError> {
        let Loaded { value: case, version } = self.case(request)?;
        let seen = self.seen_of(request, request, version)?;
        let covering = mandates.iter().filter(|m| m.mandate.giver == case.owner && m.covers(&case.dataset, now));
        let powers: BTreeSet<&Power> = covering.flat_map(|m| &m.mandate.powers).collect();
        let told = self.case_told(view, case.clone(), now)?;
        let mut tasks = BTreeSet::new();
        for name in told.answer.iter().flat_map(missing) {
            if powers.contains(&Power::Approve(name.clone())) && !case.approvals.contains_key(&name) {
                tasks.insert(Task::Approve(name));
            }
        }
        if powers.contains(&Power::Decide) {
            if case.objected().is_some() {
                if !self.decided_first(view, actor, &case)? {
                    tasks.insert(Task::DecideObjection);
                }
            } else if matches!(told.state, CaseState::Draft | CaseState::Ready) {
                tasks.insert(Task::Confirm);
            }
            if case.decision.is_none() && not_completed(&case, now) {
                tasks.insert(Task::Dismiss);
            }
            if told.term.overdue {
                tasks.insert(Task::Overdue);
            }
        }
        let asks = told.state == CaseState::Incomplete && told.term.stands_still.is_none() && !powers.is_empty();
        if asks && self.rights.require(actor, Act::ChangeTerm, &case.target()).is_ok() {
            tasks.insert(Task::Ask);
        }
        Ok((!tasks.is_empty()).then(|| Work {
            request: told.id,
            etag: format!("\"{}\"", seen.tag()),
            state: told.state,
            dataset: case.dataset,
            applicant: case.applicant,
            applicant_name: told.request.applicant_name.clone(),
            term: told.term,
            tasks,
        }))
    }

    /// Whether a person took the decision to which somebody objects.
    fn decided_first(&self, view: &View, actor: &Actor, case: &Case) -> Result<bool, EngineError> {
        let Some(decision) = &case.decision else { return Ok(false) };
        let first = self.record::<DecisionRecord>(&decision.record, RecordType::Decision)?.subject.actor.person;
        Ok(first == Some(self.person(view, &actor.person)?.side))
    }
}
