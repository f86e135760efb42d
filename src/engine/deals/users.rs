//! The users of a deal: the persons who may use its data, named and removed by the reuser.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::events::{DealEvent, Happened, NamedUser, UserRemoved, filled};
use super::offer::is_active;
use crate::engine::operation::{Operation, Pending};
use crate::engine::rows::Loaded;
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::{Time, Urn};
use crate::rights::{Act, Actor};

/// A user of a deal as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserNow {
    /// The event that named the person.
    pub id: Urn,
    /// Who.
    #[serde(flatten)]
    pub user: NamedUser,
    /// Whether the person may use the data now.
    pub active: bool,
    /// Whether the person was removed, or its time is over.
    pub ended: bool,
}

impl Engine {
    /// Names a person who may use the data. No new decision is needed while the deal is active and the conditions count no users.
    ///
    /// # Errors
    /// No right, a deal that is not active, more users than were asked for, or a field that is empty.
    pub fn name_user(&self, actor: &Actor, deal: &Urn, user: NamedUser) -> Result<Pending<DealEvent>, EngineError> {
        let (Loaded { value: row, version }, case, agreed) = self.under(actor, Act::NameUser, deal)?;
        let mut op = Operation::by(self, actor)?;
        is_active(row.state(op.now, &agreed), deal)?;
        filled(&[(Field::Name, &user.name), (Field::Function, &user.function), (Field::Statement, &user.statement)])?;
        let from = user.from.unwrap_or(op.now);
        let until = user.until.unwrap_or(agreed.term.until);
        if from >= until || until > agreed.term.until {
            let help = format!("give a time before the end of the deal, {}", agreed.term.until);
            return Err(EngineError::input(Field::Until, "is before the beginning or after the end of the deal", help));
        }
        let request = self.received(&case.request)?;
        if let Some(most) = request.declared.get("users").and_then(serde_json::Value::as_u64) {
            // who begins later counts as well
            let named = self.users_of(deal, op.now)?.iter().filter(|u| !u.ended).count();
            if u64::try_from(named).is_ok_and(|named| named >= most) {
                return Err(EngineError::state(
                    format!("the request states {most} users, and so many are named"),
                    "remove one, or file a new request for more",
                ));
            }
        }
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes)?;
        let access_id = base16ct::lower::encode_string(&bytes);
        let user = NamedUser { from: Some(from), until: Some(until), access_id: Some(access_id), ..user };
        // what was counted is guarded: of two who name the last one at once, one counts again
        self.save_deal(&mut op, &row, version)?;
        self.happened(op, actor, &row, Happened::UserNamed(user))
    }

    /// Takes a person off the users of a deal.
    ///
    /// # Errors
    /// No right, no such user, or no reason.
    pub fn remove_user(
        &self,
        actor: &Actor,
        deal: &Urn,
        removed: UserRemoved,
    ) -> Result<Pending<DealEvent>, EngineError> {
        let (Loaded { value: row, version }, ..) = self.under(actor, Act::NameUser, deal)?;
        let mut op = Operation::by(self, actor)?;
        filled(&[(Field::Reason, &removed.reason)])?;
        if !self.users_of(deal, op.now)?.iter().any(|u| u.id == removed.user && !u.ended) {
            let help = Mend::by("see the users of the deal", "datadeal deal show");
            return Err(EngineError::not_found("user of this deal", removed.user, help).named_by(Field::User));
        }
        // a call of that user which is being answered read the deal before this, and is asked again
        self.save_deal(&mut op, &row, version)?;
        self.happened(op, actor, &row, Happened::UserRemoved(removed))
    }

    /// The users of a deal, in the order in which they were named.
    ///
    /// # Errors
    /// No right, or no such deal.
    pub fn users(&self, actor: &Actor, deal: &Urn) -> Result<Vec<UserNow>, EngineError> {
        self.readable(actor, deal)?;
        self.users_of(deal, self.clock.now())
    }

    /// The users of a deal at an instant, without asking who wants to know.
    pub(in crate::engine) fn users_of(&self, deal: &Urn, now: Time) -> Result<Vec<UserNow>, EngineError> {
        let events = self.events_of(deal)?;
        // ids of one second are in no order: who was removed is known before who was named
        let removed =
            |e: &DealEvent| if let Happened::UserRemoved(removed) = &e.what { Some(removed.user) } else { None };
        let removed: BTreeSet<Urn> = events.iter().filter_map(removed).collect();
        let named = events.into_iter().filter_map(|e| match e.what {
            Happened::UserNamed(user) => {
                let ended = removed.contains(&e.id) || user.until.is_none_or(|until| until <= now);
                let active = !ended && user.from.is_some_and(|from| from <= now);
                Some(UserNow { id: e.id, active, ended, user })
            }
            _ => None,
        });
        Ok(named.collect())
    }
}
