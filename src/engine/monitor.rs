//! Monitoring: what is due, overdue or soon lapses is told; live deals are asked about again when evidence lapses or a version of a set reaches them. Another answer than before is
//! logged; where the conditions say so, a deal that no longer passes is suspended in the same commit.

use serde::Serialize;
use utoipa::ToSchema;

use super::case::by_rule;
use super::life::{DealNow, DealReviewed, DealState};
use super::operation::{About, New, Operation};
use super::reach::{Again, Reach};
use super::state::{self, Case, Loaded};
use super::{Engine, EngineError};
use crate::log::LogError;
use crate::model::decision::Outcome;
use crate::model::event::EventType;
use crate::model::record::{Deal, DealReview, RecordType, Revocation, RevocationAction};
use crate::model::{Digest, OrgId, Urn, json};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

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

    /// Monitoring by the portal itself, on time and after something was published.
    ///
    /// # Errors
    /// The store or the log cannot be used.
    pub fn monitor_deals(&self, owner: Option<&OrgId>) -> Result<MonitorReport, EngineError> {
        let mut report = MonitorReport::default();
        self.remind_of_requests(owner, self.clock.now())?;
        if owner.is_none() {
            self.remind_of_evidence(self.clock.now())?;
        }
        state::each_row(&*self.store, Kind::Deal, owner.map(OrgId::as_str), |row| {
            let loaded = state::parse::<DealNow>(&row)?;
            let (id, deal) = (loaded.value.id, self.deal_record(&loaded.value)?.subject);
            self.remind(&loaded.value, &deal, self.clock.now())?;
            if !matches!(loaded.value.state(self.clock.now(), &deal), DealState::Active | DealState::Suspended) {
                return Ok(());
            }
            report.looked += 1;
            match self.look_again(loaded, deal) {
                Ok(found) => report.changed.extend(found),
                Err(EngineError::Submit(LogError::Conflict(_))) => {}
                Err(e) if e.stops() => return Err(e),
                Err(e) => report.undecided.push(Undecided { deal: id, why: e.to_string() }),
            }
            Ok(())
        })?;
        Ok(report)
    }

    fn look_again(&self, loaded: Loaded<DealNow>, deal: Deal) -> Result<Option<Monitored>, EngineError> {
        let mut op = Operation::start(self)?;
        let case = self.case(&loaded.value.case)?.value;
        let before = loaded.value.answer();
        let again = self.again(&op.view, &case, &deal, Reach::Live, op.now)?;
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
        let Again { input, decision, answering, guards } = again;
        op.item.guards.extend(guards);
        let outcome = decision.outcome;
        let suspends = outcome != Outcome::Permit && answering.as_ref().is_some_and(|set| set.automatic_suspension);
        let actor = by_rule(&row.owner, answering.as_ref());
        let input = json::to_value(&input, "decision input")?;
        let (bytes, digest) = (json::canonical(&input), Digest::of_document(&input));
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
            actor,
        };
        self.stepped(op, case, Loaded { value: row, version }, &suspension)
    }
}

fn stops(action: RevocationAction) -> bool {
    matches!(action, RevocationAction::Suspend | RevocationAction::Resume)
}
