//! What becomes of a deal: its revocation is announced, the reuser heard, and carried out or dropped; or it is suspended or revoked at
//! once; or the reuser ends it. A deal that is to follow it and has not begun goes the same way.

use serde::Deserialize;
use utoipa::ToSchema;

use super::deal::DealTold;
use super::life::{DealNow, DealRevoked, DealState};
use crate::engine::known::View;
use crate::engine::operation::{About, New, Operation, Pending};
use crate::engine::rows::Loaded;
use crate::engine::state::Case;
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::event::EventType;
use crate::model::record::{
    Authority, Copies, Holder, RecordType, Revocation, RevocationAction, StepObjection, Subject,
};
use crate::model::{Time, Urn, term};
use crate::rights::{Act, Actor};

/// How long the reuser can have to give its view, in days.
const VIEW_DAYS: std::ops::RangeInclusive<i64> = 1..=366;

/// Those days in the schema.
struct ViewDays;

impl utoipa::PartialSchema for ViewDays {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        let days = utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::Integer);
        days.minimum(Some(*VIEW_DAYS.start())).maximum(Some(*VIEW_DAYS.end())).into()
    }
}
impl ToSchema for ViewDays {}

/// A step in the life of a deal, taken by its owner; the last one by its reuser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum DealStep {
    /// Announce its revocation; the reuser has so many days to give its view.
    #[schema(value_type = ViewDays)]
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
    /// End it by notice, for the reuser.
    End,
}

impl DealStep {
    fn action(self) -> RevocationAction {
        match self {
            DealStep::Intend(_) => RevocationAction::Intend,
            DealStep::Drop => RevocationAction::Drop,
            DealStep::Suspend => RevocationAction::Suspend,
            DealStep::Resume => RevocationAction::Resume,
            DealStep::Revoke | DealStep::RevokeAtOnce => RevocationAction::Revoke,
            DealStep::End => RevocationAction::End,
        }
    }
}

impl Engine {
    /// Takes a step in the life of a deal.
    ///
    /// # Errors
    /// No right, no mandate or, of the reuser, no authority to bind; no reason, days that are too few or too many, a deal that has
    /// ended, or a revocation that was not announced or whose view is still open.
    pub fn deal_step(
        &self,
        actor: &Actor,
        deal: &Urn,
        step: DealStep,
        reason: &str,
    ) -> Result<Pending<DealTold>, EngineError> {
        let loaded = self.deal(deal)?;
        let case = self.case(&loaded.value.case)?.value;
        let act = if step == DealStep::End { Act::AcceptDeal } else { Act::RevokeDeal };
        self.rights.require(actor, act, &case.target())?;
        if reason.trim().is_empty() {
            return Err(EngineError::input(Field::Reason, "is empty", "a suspension or revocation says why"));
        }
        if matches!(step, DealStep::Intend(days) if !VIEW_DAYS.contains(&days)) {
            let help = "give the reuser from 1 to 366 days for its view";
            return Err(EngineError::input(Field::Days, "is too short or too long", help));
        }
        let mut op = Operation::by(self, actor)?;
        let by = if step == DealStep::End {
            let authority = Authority::Register(self.authority_to_bind(&op.view, actor)?);
            self.acting(&op.view, actor, authority, Holder::Service)?
        } else {
            self.deciding(&mut op, actor, &case)?
        };
        let objection = self.objection_to(&op.view, &case, step.action(), op.now)?;
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
            objection: objection.clone(),
            copies: Copies::after(step.action()).filter(|_| row.acceptance.is_some()),
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
    pub(in crate::engine) fn stepped(
        &self,
        op: &mut Operation<'_>,
        case: &Case,
        loaded: Loaded<DealNow>,
        subject: &Revocation,
    ) -> Result<DealNow, EngineError> {
        let Loaded { value: mut row, version } = loaded;
        // a notice of the reuser is recorded as a request is: by the operator, who received it
        let ends = subject.action == RevocationAction::End;
        let issuer = if ends { &self.portal.operator } else { &row.owner };
        let record = op.sign(New {
            salt: Some(self.random.salt()?),
            about: About::Case(&case.id, &case.salt),
            listed: Some(case.id.to_string()),
            key_use: subject.key_use(RecordType::Revocation),
            ..New::public(RecordType::Revocation, issuer, subject)
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
            RevocationAction::End => EventType::DealEnded,
        };
        let mut event = row.event(kind);
        // the last whole day
        event.about.day = view_until.map(|until| term::local_day(until.plus_seconds(-1)).to_string());
        op.tell(&event)?;
        Ok(row)
    }

    /// Where and until when the reuser objects to a step that its owner takes against it.
    pub(in crate::engine) fn objection_to(
        &self,
        view: &View,
        case: &Case,
        action: RevocationAction,
        now: Time,
    ) -> Result<Option<StepObjection>, EngineError> {
        if !matches!(action, RevocationAction::Suspend | RevocationAction::Revoke) {
            return Ok(None);
        }
        let objection = self.dataset_in(view, case.dataset.as_str())?.dataset.term.objection;
        let until = term::weeks_after(now, objection.weeks).to_string();
        Ok(Some(StepObjection { body: objection.body, web: objection.web, until }))
    }

    /// Refuses a step that does not fit where the deal stands.
    fn fits(&self, row: &DealNow, step: DealStep, heard: bool, now: Time) -> Result<(), EngineError> {
        let state = self.state_of(row, now)?;
        let help = Mend::by("see it", format!("datadeal deal show {}", row.id));
        let concluded = matches!(state, DealState::Active | DealState::Suspended | DealState::Upcoming);
        let fits = match step {
            DealStep::Intend(_) | DealStep::RevokeAtOnce | DealStep::End => concluded,
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
                Mend::by("suspend it at once, or announce it, so that the reuser is heard", "datadeal deal intend"),
            )),
            (DealStep::Revoke, Some(intention)) if !heard && intention.view_until.is_none_or(|until| now < until) => {
                let until = intention.view_until.map_or_else(String::new, |until| format!(" until {until}"));
                Err(EngineError::state(format!("the reuser can give its view{until}"), help))
            }
            _ => Ok(()),
        }
    }
}
