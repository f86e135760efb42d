//! A deal asked about again: the facts of this day, what the deal gives and accepts, and the versions of the sets that reach it.
//! A deal keeps the versions under which it was decided, unless a newer one says that it reaches further.

use crate::conditions::decide;
use crate::engine::conditions::compiled::InForce;
use crate::engine::known::View;
use crate::engine::requests::check::{Moment, Question};
use crate::engine::state::{self, Case, PublishedVersion};
use crate::engine::{Engine, EngineError};
use crate::model::decision::Decision;
use crate::model::input::{DecisionInput, GivenApproval, SetRef, Stage};
use crate::model::record::{ConditionSetPublished, Deal, RecordType, Reference, Transition};
use crate::model::{Name, Time};
use crate::store::{Guard, Kind};

/// For what a deal is asked about again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Reach {
    /// Another deal is to take its place.
    Renewal,
    /// It lives.
    Live,
}

impl Reach {
    /// Whether a version that was published after the deal's own reaches it.
    fn covers(self, transition: Option<Transition>, now: Time) -> bool {
        match (self, transition) {
            (_, None) | (Reach::Live, Some(Transition::Renewal)) => false,
            (Reach::Renewal, Some(_)) => true,
            (Reach::Live, Some(Transition::Live(from))) => from <= now,
        }
    }
}

/// A deal and its answer at an instant.
#[derive(Debug)]
pub(in crate::engine) struct Again {
    pub(in crate::engine) input: DecisionInput,
    pub(in crate::engine) decision: Decision,
    /// The narrowest set that reaches it, which answers for what follows by rule.
    pub(in crate::engine) answering: Option<ConditionSetPublished>,
    pub(in crate::engine) guards: Vec<Guard>,
    /// When some of its evidence lapses next, or another version reaches it.
    pub(in crate::engine) next: Option<Time>,
}

impl Engine {
    /// Asks about a deal again.
    ///
    /// # Errors
    /// The input of its decision was erased, a set no longer fits the schema in force, an evaluation fault.
    pub(in crate::engine) fn again(
        &self,
        view: &View,
        case: &Case,
        deal: &Deal,
        reach: Reach,
        now: Time,
    ) -> Result<Again, EngineError> {
        let decided = self.kept_input(Some(&deal.decision.input))?.ok_or_else(|| {
            EngineError::state("the input of its decision was erased", "the deal cannot be asked about again")
        })?;
        let request = self.received(&case.request)?;
        let dataset = self.dataset_in(view, case.dataset.as_str())?;
        let mut force = self.reaching(view, &decided, reach, now)?;
        let on_file = self.exhibits_of(view, &case.applicant)?;
        let question = Question {
            applicant: Some(case.applicant.clone()),
            purpose: Some(deal.purpose.clone()),
            scope: deal.scope.clone(),
            declared: request.declared.clone(),
            ..Question::default()
        };
        let given = case.approvals.iter().filter(|(_, a)| a.given);
        let ids = deal.obligations.iter().filter_map(|o| o.id.split_once('/'));
        let accepted = ids.filter(|(level, _)| *level != "term").filter_map(|(_, id)| id.parse::<Name>().ok());
        let moment = Moment {
            stage: Some(Stage::Deal),
            request: Some(case.id),
            approvals: given.map(|(name, a)| GivenApproval { name: name.clone(), record: a.record.digest }).collect(),
            accepted: Some(accepted.collect()),
            evidence: self.evidence_in(view, &mut force, Vec::new(), on_file, now)?,
        };
        let input = self.input(&dataset, &force, &question, moment, now)?;
        let decision = decide(&force.schema, &force.slice, &input)?;
        let answering = force.answering.map(|set| self.published_set(&set)).transpose()?;
        let lapses = input.verified.values().filter_map(|fact| fact.until).filter(|until| now < *until).min();
        let next = lapses.into_iter().chain(self.next_version(view, &decided, now)?).min();
        Ok(Again { input, decision, answering, guards: force.guards, next })
    }

    /// What reaches a deal that was decided on `decided`: at each level the newest version that does, or the one of its decision.
    fn reaching(&self, view: &View, decided: &DecisionInput, reach: Reach, now: Time) -> Result<InForce, EngineError> {
        let mut force = self.in_force(view, &decided.dataset, now)?;
        let levels = state::set_keys(&decided.dataset.owner, &decided.dataset.id);
        let (mut sets, mut loaded) = (Vec::new(), Vec::new());
        force.answering = None;
        for (level, key) in levels {
            let published = self.versions_of(view, Kind::ConditionSet, &key)?;
            let versions = published.as_ref().map_or(&[][..], |row| &row.value.versions);
            let own = decided.sets.iter().find(|s| s.level == level);
            let Some(version) = self.version_that_reaches(versions, own, reach, now)? else { continue };
            let text = || Ok(self.published_set(&version.record)?.text);
            loaded.push(self.compiled.set(&force.schema, level, version.text, text)?);
            sets.push(SetRef { level, text: version.text, record: version.record.digest });
            force.answering = Some(version.record);
        }
        force.slice = self.compiled.slice(&force.schema, loaded)?;
        force.sets = sets;
        Ok(force)
    }

    /// When another version comes to reach live deals that were decided on `decided`.
    fn next_version(&self, view: &View, decided: &DecisionInput, now: Time) -> Result<Option<Time>, EngineError> {
        let mut next = None;
        for (_, key) in state::set_keys(&decided.dataset.owner, &decided.dataset.id) {
            let Some(published) = self.versions_of(view, Kind::ConditionSet, &key)? else { continue };
            let own = |v: &&PublishedVersion| !decided.sets.iter().any(|s| s.record == v.record.digest);
            for version in published.value.versions.iter().rev().take_while(own) {
                let Some(Transition::Live(from)) = self.published_set(&version.record)?.transition else {
                    continue;
                };
                next = next.into_iter().chain(Some(from.max(version.from)).filter(|from| now < *from)).min();
            }
        }
        Ok(next)
    }

    fn version_that_reaches<'v>(
        &self,
        versions: &'v [PublishedVersion],
        own: Option<&SetRef>,
        reach: Reach,
        now: Time,
    ) -> Result<Option<&'v PublishedVersion>, EngineError> {
        let is_own = |v: &PublishedVersion| own.is_some_and(|own| own.record == v.record.digest);
        for version in versions.iter().rev().filter(|v| v.from <= now) {
            if is_own(version) || reach.covers(self.published_set(&version.record)?.transition, now) {
                return Ok(Some(version));
            }
        }
        Ok(None)
    }

    /// A published version of a set.
    pub(in crate::engine) fn published_set(&self, record: &Reference) -> Result<ConditionSetPublished, EngineError> {
        Ok(self.record(record, RecordType::ConditionSet)?.subject)
    }
}
