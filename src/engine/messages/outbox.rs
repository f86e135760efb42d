//! What waits to be sent and what was given up, for who sent it and who should have been told. A message that was given up is a task:
//! somebody mends what was wrong and sends it again, or sees that it is of no use.

use serde::Serialize;
use utoipa::ToSchema;

use super::tell::{Message, Undelivered, Way};
use crate::engine::operation::{Operation, Pending};
use crate::engine::rows::{self, Loaded};
use crate::engine::{Engine, EngineError, Mend};
use crate::model::event::{EventAbout, EventType};
use crate::model::{OrgId, Time, Urn};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

/// A message and where it stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageNow {
    /// Its id, the same at every try.
    pub id: Urn,
    /// What it tells.
    pub event: EventType,
    /// About what.
    pub about: EventAbout,
    /// When that happened.
    pub at: Time,
    /// In whose name it is sent.
    pub from: OrgId,
    /// Who is told.
    pub to: OrgId,
    /// The webhook; none for a mail, and for what had no address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<Urn>,
    /// How often it was tried.
    pub tries: u32,
    /// When it was given up; none while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undelivered: Option<Time>,
    /// Why the last try failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl MessageNow {
    fn of(message: Message) -> Self {
        let Message { id, event, at, to, by, tries } = message;
        let webhook = match by {
            Way::Webhook(webhook) => Some(webhook),
            Way::Mail(_) | Way::Nowhere => None,
        };
        let (kind, from, about) = (event.kind, event.owner, event.about);
        MessageNow { id, event: kind, about, at, from, to, webhook, tries, undelivered: None, why: None }
    }

    fn given_up(row: Undelivered) -> Self {
        let (since, why) = (Some(row.since), Some(row.why));
        MessageNow { undelivered: since, why, ..MessageNow::of(row.message) }
    }

    fn target(&self) -> Target {
        Target::of_both(self.from.clone(), self.to.clone())
    }
}

impl Engine {
    /// The first messages that wait to be sent, which a person may see: those that are due first.
    ///
    /// # Errors
    /// No right to see any, or the store cannot be read.
    pub fn waiting(&self, actor: &Actor, limit: usize) -> Result<Vec<MessageNow>, EngineError> {
        self.may_read_messages(actor)?;
        let rows = self.store.rows(Kind::Outbox, None, None, limit)?;
        let message = |row| Ok(self.seen(actor, MessageNow::of(rows::parse::<Message>(row)?.value)));
        rows.iter().filter_map(|row| message(row).transpose()).collect()
    }

    /// Messages that were given up, which a person may see: its tasks. After one of them, at most `limit`; and what to give as `after`
    /// to go on.
    ///
    /// # Errors
    /// No right to see any, or the store cannot be read.
    pub fn undelivered(
        &self,
        actor: &Actor,
        after: Option<&Urn>,
        limit: usize,
    ) -> Result<(Vec<MessageNow>, Option<Urn>), EngineError> {
        self.may_read_messages(actor)?;
        self.page(Kind::Undelivered, None, after, limit, |row| {
            Ok(self.seen(actor, MessageNow::given_up(rows::parse::<Undelivered>(row)?.value)))
        })
    }

    fn may_read_messages(&self, actor: &Actor) -> Result<(), EngineError> {
        let own = Target::of_both(actor.organisation.clone(), actor.organisation.clone());
        Ok(self.rights.require(actor, Act::ReadMessages, &own)?)
    }

    fn seen(&self, actor: &Actor, message: MessageNow) -> Option<MessageNow> {
        Some(message).filter(|m| self.rights.require(actor, Act::ReadMessages, &m.target()).is_ok())
    }

    /// Sends a message again that was given up: it has its tries anew, under the same id. One that had no address goes to all that there are
    /// now.
    ///
    /// # Errors
    /// No right, no such message, or still no address.
    pub fn replay_message(&self, actor: &Actor, id: &Urn) -> Result<Pending<Urn>, EngineError> {
        let (mut op, message) = self.take_undelivered(actor, id)?;
        if matches!(message.by, Way::Nowhere) {
            if !op.send(&message.event, &message.to, message.at)? {
                let why = format!(
                    "{} has no mail address or webhook here that is told of `{}`",
                    message.to, message.event.kind
                );
                return Err(EngineError::state(
                    why,
                    Mend::by("tell it by post and drop the message, or set an address", "datadeal contact set"),
                ));
            }
        } else {
            let again = Message { tries: 0, ..message };
            rows::put(&mut op.item, Kind::Outbox, &again.key(op.now), Some(again.to.as_str()), &again)?;
        }
        op.made(*id);
        op.answer(*id)
    }

    /// Drops a message that was given up: somebody saw that it is of no use.
    ///
    /// # Errors
    /// No right, or no such message.
    pub fn drop_message(&self, actor: &Actor, id: &Urn) -> Result<Pending<Urn>, EngineError> {
        self.take_undelivered(actor, id)?.0.answer(*id)
    }

    /// An operation that takes a message from those that were given up.
    fn take_undelivered(&self, actor: &Actor, id: &Urn) -> Result<(Operation<'_>, Message), EngineError> {
        let own = Target::of_both(actor.organisation.clone(), actor.organisation.clone());
        self.rights.require(actor, Act::ReplayMessage, &own)?;
        let none = || {
            EngineError::not_found("undelivered message", id, Mend::by("see which there are", "datadeal outbox list"))
        };
        let key = id.to_string();
        let found = rows::load::<Undelivered>(&*self.store, Kind::Undelivered, &key)?;
        let Loaded { value, version } = found.ok_or_else(none)?;
        let target = MessageNow::of(value.message.clone()).target();
        self.rights.require(actor, Act::ReplayMessage, &target).map_err(|_| none())?;
        let mut op = Operation::by(self, actor)?;
        rows::guard(&mut op.item, Kind::Undelivered, &key, version);
        op.item = std::mem::take(&mut op.item).delete(Kind::Undelivered, key);
        Ok((op, value.message))
    }
}
