//! Monitoring: what is due, overdue or soon lapses is told; live deals are asked about again when evidence lapses or a version of a set reaches them. Another answer than before is
//! logged; where the conditions say so, a deal that no longer passes is suspended in the same commit.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::life::{DealNow, DealReviewed, DealState};
use super::reach::{Again, Reach};
use crate::engine::operation::{About, New, Operation};
use crate::engine::requests::case::by_rule;
use crate::engine::rows::{self, Loaded};
use crate::engine::state::Case;
use crate::engine::{Engine, EngineError};
use crate::log::LogError;
use crate::model::decision::Outcome;
use crate::model::event::EventType;
use crate::model::record::{Copies, Deal, DealReview, RecordType, Revocation, RevocationAction};
use crate::model::{Digest, Iri, OrgId, Time, Urn, json};
use crate::rights::{Act, Actor, Target};
use crate::store::{Epochs, Kind};

/// What monitoring found.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MonitorReport {
    /// How many deals were asked about.
    pub looked: u64,
    /// Those with another answer than before.
    pub changed: Vec<Monitored>,
    /// Those that could not be asked about, with the reason: nothing follows for them by rule, a person must look.
    pub undecided: Vec<Undecided>,
    /// When something lapses next, or a version begins, on which a live deal rests.
    #[serde(skip)]
    pub next: Option<Time>,
}

/// What live deals rest on: when one of these is written, by whatever process, they are asked about again. Not evidence, which comes all the
/// time: what comes of it is seen within the hour.
const RESTS_ON: [Kind; 5] = [Kind::ConditionSet, Kind::Dataset, Kind::Schema, Kind::TrustList, Kind::StatusCopy];
/// How long after the last look live deals are asked about again at the latest, in seconds.
const AT_LEAST: i64 = 3600;

/// What is known of the last look at live deals; nothing at first.
#[derive(Debug, Clone, Copy, Default)]
pub struct LastLook {
    at: Option<(Time, Epochs)>,
    next: Option<Time>,
}

impl LastLook {
    fn is_due(&self, now: Time, epochs: &Epochs) -> bool {
        let Some((at, seen)) = self.at else { return true };
        let changed = RESTS_ON.iter().any(|kind| epochs.of(*kind) != seen.of(*kind));
        changed || self.next.is_some_and(|next| next <= now) || at.plus_seconds(AT_LEAST) <= now
    }
}

/// A live deal with another answer than before.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Monitored {
    /// The deal.
    pub deal: Urn,
    /// Its number.
    pub number: String,
    /// Who uses.
    pub reuser: OrgId,
    /// The answer before.
    pub before: Outcome,
    /// The answer now.
    pub after: Outcome,
    /// What holds it there.
    pub failing: Vec<String>,
    /// Where the deal stands now.
    pub state: DealState,
}

/// A live deal that could not be asked about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Undecided {
    /// The deal.
    pub deal: Urn,
    /// Why not.
    pub why: String,
}

impl Engine {
    /// Asks about every active or suspended deal of an owner again, or of all. Each that changed is durable when this returns.
    ///
    /// # Errors
    /// No right, or the store or the log cannot be used. A deal that somebody changed meanwhile is left for the next time.
    pub fn monitor(&self, actor: &Actor, owner: Option<&OrgId>) -> Result<MonitorReport, EngineError> {
        let target = owner.map_or_else(Target::default, |owner| Target::of_owner(owner.clone()));
        self.rights.require(actor, Act::MonitorDeals, &target)?;
        self.monitor_deals(owner)
    }

    /// Monitoring by the portal itself. What is wrong with one deal is told of that deal, and the others are looked at all the same.
    ///
    /// # Errors
    /// The store or the log cannot be used.
    pub fn monitor_deals(&self, owner: Option<&OrgId>) -> Result<MonitorReport, EngineError> {
        let mut report = MonitorReport::default();
        self.remind_of_requests(owner, self.clock.now())?;
        if owner.is_none() {
            self.remind_of_evidence(self.clock.now())?;
        }
        rows::each_row(&*self.store, Kind::Deal, owner.map(OrgId::as_str), |row| {
            let deal = row.key.parse()?;
            match rows::parse::<DealNow>(&row).and_then(|loaded| self.look(loaded, &mut report)) {
                // somebody changed it meanwhile: it is looked at the next time
                Ok(()) | Err(EngineError::Submit(LogError::Conflict(_))) => {}
                Err(e) if e.stops() => return Err(e),
                Err(e) => report.undecided.push(Undecided { deal, why: e.to_string() }),
            }
            Ok(())
        })?;
        Ok(report)
    }

    /// Asks again about the live deals of an owner on some datasets, since conditions read something else of these now.
    pub(in crate::engine) fn monitor_datasets(
        &self,
        owner: &OrgId,
        datasets: &BTreeSet<Iri>,
    ) -> Result<MonitorReport, EngineError> {
        let mut report = MonitorReport::default();
        rows::each_row(&*self.store, Kind::Deal, Some(owner.as_str()), |row| {
            let loaded = rows::parse::<DealNow>(&row)?;
            if !datasets.contains(&loaded.value.dataset) {
                return Ok(());
            }
            let deal = loaded.value.id;
            match self.look(loaded, &mut report) {
                Ok(()) | Err(EngineError::Submit(LogError::Conflict(_))) => {}
                Err(e) if e.stops() => return Err(e),
                Err(e) => report.undecided.push(Undecided { deal, why: e.to_string() }),
            }
            Ok(())
        })?;
        Ok(report)
    }

    /// Monitors if that is due: at first, when something changed on which live deals rest, by whatever process, when something lapses
    /// that the last look saw, and once an hour.
    ///
    /// # Errors
    /// As [`Engine::monitor_deals`]; then it is due again.
    pub fn monitor_if_due(&self, last: &mut LastLook) -> Result<Option<MonitorReport>, EngineError> {
        // read before the look: what changes during it is seen by the next one
        let (now, epochs) = (self.clock.now(), self.store.epochs()?);
        if !last.is_due(now, &epochs) {
            return Ok(None);
        }
        let report = self.monitor_deals(None)?;
        *last = LastLook { at: Some((now, epochs)), next: report.next };
        Ok(Some(report))
    }

    /// Tells what is due of a deal, and asks about it again while it lives.
    fn look(&self, loaded: Loaded<DealNow>, report: &mut MonitorReport) -> Result<(), EngineError> {
        // of an offer nothing is due: its record need not be read
        if loaded.value.acceptance.is_none() {
            return Ok(());
        }
        let (deal, now) = (self.deal_record(&loaded.value)?.subject, self.clock.now());
        let reminded = self.remind(&loaded.value, &deal, now);
        if matches!(loaded.value.state(now, &deal), DealState::Active | DealState::Suspended) {
            report.looked += 1;
            let found = self.look_again(loaded, deal, &mut report.next)?;
            report.changed.extend(found);
        }
        reminded
    }

    fn look_again(
        &self,
        loaded: Loaded<DealNow>,
        deal: Deal,
        next: &mut Option<Time>,
    ) -> Result<Option<Monitored>, EngineError> {
        let mut op = Operation::start(self)?;
        let case = self.case(&loaded.value.case)?.value;
        let before = loaded.value.answer();
        let again = self.again(&op.view, &case, &deal, Reach::Live, op.now)?;
        *next = next.iter().copied().chain(again.next).min();
        let after = again.decision.outcome;
        if after == before {
            return Ok(None);
        }
        let failing = again.decision.failing.clone();
        let row = self.reviewed(&mut op, &case, loaded, again)?;
        let state = row.state(op.now, &deal);
        op.commit()?;
        Ok(Some(Monitored { deal: row.id, number: deal.number, reuser: row.reuser, before, after, failing, state }))
    }

    /// Signs the review, keeps its input, and suspends the deal if the conditions say so.
    fn reviewed(
        &self,
        op: &mut Operation<'_>,
        case: &Case,
        loaded: Loaded<DealNow>,
        again: Again,
    ) -> Result<DealNow, EngineError> {
        let Loaded { value: mut row, version } = loaded;
        let Again { input, decision, answering, guards, next: _ } = again;
        op.item.guards.extend(guards);
        let outcome = decision.outcome;
        let suspends = outcome != Outcome::Permit && answering.as_ref().is_some_and(|set| set.automatic_suspension);
        let actor = by_rule(&row.owner, answering.as_ref());
        let bytes = json::bytes(&input, "decision input")?;
        let digest = Digest::of(&bytes);
        op.item = std::mem::take(&mut op.item).put(Kind::Input, digest.to_string(), Some(&case.id.to_string()), bytes);
        let subject = DealReview {
            deal: row.deal,
            before: row.answer(),
            decision,
            input: digest,
            suspends,
            actor: actor.clone(),
        };
        let record = op.sign(New {
            salt: Some(self.random.salt()?),
            about: About::Case(&case.id, &case.salt),
            listed: Some(case.id.to_string()),
            ..New::public(RecordType::Review, &row.owner, &subject)
        })?;
        row.reviews.push(DealReviewed { record, outcome, at: op.now });
        op.tell(&row.event(EventType::DealReviewed).state(outcome.as_str()))?;
        let active =
            row.revocations.iter().rfind(|r| stops(r.action)).is_none_or(|r| r.action != RevocationAction::Suspend);
        if !(suspends && active) {
            self.save_deal(op, &row, version)?;
            return Ok(row);
        }
        let suspension = Revocation {
            deal: row.deal,
            action: RevocationAction::Suspend,
            effective: op.now,
            reason: format!("it no longer passes: {}", subject.decision.failing.join(", ")),
            view_until: None,
            view: None,
            danger: false,
            objection: self.objection_to(&op.view, case, RevocationAction::Suspend, op.now)?,
            copies: Copies::after(RevocationAction::Suspend),
            actor,
        };
        self.stepped(op, case, Loaded { value: row, version }, &suspension)
    }
}

fn stops(action: RevocationAction) -> bool {
    matches!(action, RevocationAction::Suspend | RevocationAction::Resume)
}
