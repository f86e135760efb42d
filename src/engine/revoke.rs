//! What becomes of a deal: its revocation is announced, the reuser heard, and carried out or dropped; or it is suspended or revoked at
//! once. A deal that is to follow it and has not begun goes the same way.

use serde::Deserialize;
use utoipa::ToSchema;

use super::case::target;
use super::deal::DealTold;
use super::life::{DealNow, DealRevoked, DealState};
use super::operation::{About, New, Operation, Pending};
use super::state::{Case, Loaded};
use super::{Engine, EngineError};
use crate::model::event::EventType;
use crate::model::record::{RecordType, Revocation, RevocationAction};
use crate::model::{Time, Urn, term};
use crate::rights::{Act, Actor};

/// The shortest time to give a view, in days.
const VIEW_DAYS: i64 = 1;

/// A step in the life of a deal, taken by its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum DealStep {
    /// Announce its revocation; the reuser has so many days to give its view.
    Intend(i64),
    /// Drop what was announced.
    Drop,
    /// Let it stand still: at once, for danger, or while something is examined.
    Suspend,
    /// Let it go on.
    Resume,
    /// Revoke it, after it was announced; or withdraw an offer.
    Revoke,
    /// Revoke it at once, for danger.
    RevokeAtOnce,
}

impl DealStep {
    fn action(self) -> RevocationAction {
        match self {
            DealStep::Intend(_) => RevocationAction::Intend,
            DealStep::Drop => RevocationAction::Drop,
            DealStep::Suspend => RevocationAction::Suspend,
            DealStep::Resume => RevocationAction::Resume,
            DealStep::Revoke | DealStep::RevokeAtOnce => RevocationAction::Revoke,
        }
    }
}

impl Engine {
    /// Takes a step in the life of a deal.
    ///
    /// # Errors
    /// No right, no mandate, no reason, a deal that has ended, or a revocation that was not announced or whose view is still open.
    pub fn deal_step(
        &self,
        actor: &Actor,
        deal: &Urn,
        step: DealStep,
        reason: &str,
    ) -> Result<Pending<DealTold>, EngineError> {
        let loaded = self.deal(deal)?;
        let case = self.case(&loaded.value.case)?.value;
        self.rights.require(actor, Act::RevokeDeal, &target(&case))?;
        if reason.trim().is_empty() {
            return Err(EngineError::input("--reason", "is empty", "a suspension or revocation says why"));
        }
        if matches!(step, DealStep::Intend(days) if days < VIEW_DAYS) {
            return Err(EngineError::input("--days", "is too short", "give the reuser at least a day for its view"));
        }
        let mut op = Operation::by(self, actor)?;
        let by = self.deciding(&op.view, actor, &case, op.now)?;
        let view = match loaded.value.intention() {
            Some(intention) => self.last_view(deal, &intention.record.id)?,
            None => None,
        };
        self.fits(&loaded.value, step, view.is_some(), op.now)?;
        let next = loaded.value.successor.filter(|s| s.from().is_some_and(|from| op.now < from));
        let next = next.map(|s| self.deal(&s.deal.id)).transpose()?;
        let next = next.filter(|next| self.fits(&next.value, step, view.is_some(), op.now).is_ok());
        let now = op.now;
        let subject = |row: &DealNow| Revocation {
            deal: row.deal,
            action: step.action(),
            effective: now,
            reason: reason.to_owned(),
            view_until: if let DealStep::Intend(days) = step { Some(now.plus_seconds(days * 86_400)) } else { None },
            view: view.filter(|_| matches!(step, DealStep::Revoke | DealStep::Drop)),
            danger: step == DealStep::RevokeAtOnce,
            actor: by.clone(),
        };
        if let Some(next) = next {
            let taken = subject(&next.value);
            self.stepped(&mut op, &case, next, &taken)?;
        }
        let taken = subject(&loaded.value);
        let row = self.stepped(&mut op, &case, loaded, &taken)?;
        op.answer(DealTold::new(&row, self.deal_record(&row)?.subject, now))
    }

    /// Signs a step and writes it on the deal's row.
    pub(super) fn stepped(
        &self,
        op: &mut Operation<'_>,
        case: &Case,
        loaded: Loaded<DealNow>,
        subject: &Revocation,
    ) -> Result<DealNow, EngineError> {
        let Loaded { value: mut row, version } = loaded;
        let record = op.sign(New {
            salt: Some(self.random.salt()?),
            about: About::Case(&case.id, &case.salt),
            listed: Some(case.id.to_string()),
            ..New::public(RecordType::Revocation, &row.owner, subject)
        })?;
        let Revocation { action, effective, view_until, .. } = *subject;
        row.revocations.push(DealRevoked { record, action, effective, view_until });
        self.save_deal(op, &row, version)?;
        let kind = match action {
            RevocationAction::Intend => EventType::DealIntended,
            RevocationAction::Drop => EventType::DealIntentionDropped,
            RevocationAction::Suspend => EventType::DealSuspended,
            RevocationAction::Resume => EventType::DealResumed,
            RevocationAction::Revoke => EventType::DealRevoked,
        };
        let mut event = row.event(kind);
        // the last whole day
        event.about.day = view_until.map(|until| term::local_day(until.plus_seconds(-1)).to_string());
        op.tell(&event)?;
        Ok(row)
    }

    /// Refuses a step that does not fit where the deal stands.
    fn fits(&self, row: &DealNow, step: DealStep, heard: bool, now: Time) -> Result<(), EngineError> {
        let state = self.state_of(row, now)?;
        let help = format!("see it: datadeal deal show {}", row.id);
        let concluded = matches!(state, DealState::Active | DealState::Suspended | DealState::Upcoming);
        let fits = match step {
            DealStep::Intend(_) | DealStep::RevokeAtOnce => concluded,
            DealStep::Drop => concluded && row.intention().is_some(),
            DealStep::Suspend => matches!(state, DealState::Active | DealState::Upcoming),
            DealStep::Resume => state == DealState::Suspended,
            DealStep::Revoke => state.lives(),
        };
        if !fits {
            return Err(EngineError::state(format!("the deal is {}", state.as_str()), help));
        }
        match (step, row.intention()) {
            (DealStep::Intend(_), Some(_)) => Err(EngineError::state("its revocation is announced already", help)),
            (DealStep::Revoke, None) if concluded => Err(EngineError::state(
                "its revocation was not announced",
                "announce it, so that the reuser is heard: datadeal deal intend; or suspend it at once",
            )),
            (DealStep::Revoke, Some(intention)) if !heard && intention.view_until.is_none_or(|until| now < until) => {
                let until = intention.view_until.map_or_else(String::new, |until| format!(" until {until}"));
                Err(EngineError::state(format!("the reuser can give its view{until}"), help))
            }
            _ => Ok(()),
        }
    }
}
