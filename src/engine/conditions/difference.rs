//! What a new version of a condition set changes: against the version that it follows, and for deals that are live.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::publish::{NewSet, Ready};
use crate::conditions::cases::Cases;
use crate::conditions::{ConditionSet, EvaluationFault, Schema, Slice, Version, decide, difference};
use crate::engine::deals::life::DealNow;
use crate::engine::rows;
use crate::engine::state;
use crate::engine::{Engine, EngineError};
use crate::model::decision::Decision;
use crate::model::difference::{Before, DealChange, DealChanges, SetDifference};
use crate::model::input::{DecisionInput, SetRef};
use crate::model::record::{ConditionSetPublished, Deal, RecordType};
use crate::model::{Digest, Iri, OrgId};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

/// How many changed deals are named.
const LISTED: usize = 20;

/// What binds a dataset before and after.
#[derive(Debug)]
struct Bound {
    schema: Arc<Schema>,
    before: Arc<Slice>,
    after: Arc<Slice>,
}

impl Engine {
    /// A version that is ready to be published, against the one that it follows.
    pub(in crate::engine) fn set_difference(
        &self,
        actor: &Actor,
        new: &NewSet,
        ready: &Ready,
    ) -> Result<SetDifference, EngineError> {
        let old = ready.published.versions.last();
        let before = old.map(|v| self.before(ready, v)).transpose()?;
        let number = before.as_ref().map_or(0, |(known, ..)| known.version) + 1;
        let after = Version { number, set: &ready.set, cases: Some(&new.cases) };
        let compared =
            before.as_ref().map(|(known, set, cases)| Version { number: known.version, set, cases: cases.as_ref() });
        Ok(SetDifference {
            version: number,
            difference: difference(&ready.schema, compared.as_ref(), &after, ready.dataset.as_ref())?,
            deals: self.deal_changes(actor, ready)?,
            before: before.map(|(known, ..)| known),
        })
    }

    /// A published version, with its text under the schema in force and the cases that it was tested with; versions of an older
    /// program have none.
    fn before(
        &self,
        ready: &Ready,
        version: &state::PublishedVersion,
    ) -> Result<(Before, Arc<ConditionSet>, Option<Cases>), EngineError> {
        let subject = self.record::<ConditionSetPublished>(&version.record, RecordType::ConditionSet)?.subject;
        let set = self.compiled.set(&ready.schema, subject.level, version.text, || Ok(subject.text))?;
        let cases = rows::load::<Cases>(&*self.store, Kind::Cases, &version.record.digest.to_string())?;
        let before = Before { version: subject.version, record: version.record, from: version.from };
        Ok((before, set, cases.map(|row| row.value)))
    }

    /// Every live deal that the set binds, decided again for the columns of the deal on the input of its decision: the facts of that day,
    /// its clock, and what was accepted then. A condition that is new is not accepted.
    fn deal_changes(&self, actor: &Actor, ready: &Ready) -> Result<DealChanges, EngineError> {
        let now = self.clock.now();
        let parent = ready.owner.as_ref().map(OrgId::as_str);
        let mut bound = BTreeMap::new();
        let mut changes = DealChanges::default();
        rows::each_row(&*self.store, Kind::Deal, parent, |row| {
            let row = rows::parse::<DealNow>(&row)?.value;
            if ready.dataset.as_ref().is_some_and(|d| d.id != row.dataset) {
                return Ok(());
            }
            let deal = self.deal_record(&row)?.subject;
            if row.state(now, &deal).lives() {
                changes.live += 1;
                self.deal_change(actor, ready, &row, deal, &mut bound, &mut changes)?;
            }
            Ok(())
        })?;
        Ok(changes)
    }

    fn deal_change(
        &self,
        actor: &Actor,
        ready: &Ready,
        row: &DealNow,
        deal: Deal,
        bound: &mut BTreeMap<(OrgId, Iri), Bound>,
        changes: &mut DealChanges,
    ) -> Result<(), EngineError> {
        let case = self.case(&row.case)?.value;
        let digest = case.decision.and_then(|d| d.input);
        let Some(input) = self.kept_input(digest.as_ref())? else {
            changes.not_decided += 1;
            return Ok(());
        };
        let input = DecisionInput { scope: deal.scope, ..input };
        let key = (input.dataset.owner.clone(), input.dataset.id.clone());
        let bound = match bound.entry(key) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(place) => place.insert(self.bound(ready, &input)?),
        };
        let decided = again(bound, &bound.before, &input).and_then(|b| Ok((b, again(bound, &bound.after, &input)?)));
        let Ok((old, new)) = decided else {
            changes.not_decided += 1;
            return Ok(());
        };
        if old.outcome == new.outcome {
            return Ok(());
        }
        changes.changed += 1;
        // who may publish need not be allowed to see cases
        let target = Target::of_both(row.owner.clone(), row.reuser.clone());
        if changes.listed.len() < LISTED && self.rights.require(actor, Act::ListCases, &target).is_ok() {
            changes.listed.push(DealChange {
                deal: row.id,
                number: deal.number,
                reuser: row.reuser.clone(),
                dataset: row.dataset.clone(),
                before: old.outcome,
                after: new.outcome,
                failing: new.failing,
            });
        }
        Ok(())
    }

    /// What binds a dataset from the start of the new version on, without it and with it.
    fn bound(&self, ready: &Ready, input: &DecisionInput) -> Result<Bound, EngineError> {
        let force = self.in_force(&self.view()?, &input.dataset, ready.from)?;
        let level = ready.set.level();
        let mut sets: Vec<_> = force.slice.sets().iter().filter(|s| s.level() != level).cloned().collect();
        sets.insert(sets.partition_point(|s| s.level() < level), Arc::clone(&ready.set));
        Ok(Bound { schema: force.schema, before: force.slice, after: Arc::new(Slice::new(sets)?) })
    }
}

/// A kept input decided under other texts than those that it names. No decision comes of it, so its sets name no record.
fn again(bound: &Bound, slice: &Slice, input: &DecisionInput) -> Result<Decision, EvaluationFault> {
    let nothing = Digest::of(b"");
    let sets = slice.sets().iter().map(|s| SetRef { level: s.level(), text: s.digest(), record: nothing }).collect();
    decide(&bound.schema, slice, &DecisionInput { schema: bound.schema.digest(), sets, ..input.clone() })
}
