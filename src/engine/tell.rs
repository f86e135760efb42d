//! Telling people: an event becomes messages in the outbox, in the same commit as what it tells of. So nothing that is done goes untold,
//! and nothing is told that was not done; `sending` sends them afterwards.

use serde::{Deserialize, Serialize};

use super::EngineError;
use super::life::DealNow;
use super::operation::Operation;
use super::state::{self, Case};
use crate::model::event::{Event, EventType};
use crate::model::{OrgId, Time, Urn};
use crate::store::Kind;

/// A message to one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    /// The same at every try, so that whoever gets it twice knows.
    pub(super) id: Urn,
    /// What it tells.
    pub(super) event: Event,
    /// When that happened.
    pub(super) at: Time,
    /// Who is told.
    pub(super) to: OrgId,
    /// Where.
    pub(super) by: Way,
    /// How often it was tried.
    #[serde(default)]
    pub(super) tries: u32,
}

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Way {
    /// To a webhook, by its id.
    Webhook(Urn),
    /// By mail, to a contact by the key of its row: the address itself stands nowhere else.
    Mail(String),
}

impl Message {
    /// The key of its row: the messages that are due first come first.
    pub(super) fn key(&self, due: Time) -> String {
        format!("{:012}-{}", due.unix(), self.id)
    }
}

impl Operation<'_> {
    /// Tells of an event whom it concerns, once this operation is durable.
    pub(super) fn tell(&mut self, event: &Event) -> Result<(), EngineError> {
        for organisation in event.told() {
            let hooks = self.engine().webhooks_of(&self.view, organisation)?;
            for hook in hooks.iter().filter(|hook| hook.hears(event.kind)) {
                self.post(event, organisation, Way::Webhook(hook.id))?;
            }
            for contact in self.engine().contacts_of(&self.view, organisation)?.iter() {
                self.post(event, organisation, Way::Mail(contact.key()))?;
            }
        }
        Ok(())
    }

    /// As [`Operation::tell`], for what is seen again and again, such as a day that comes nearer: the same event is told once.
    pub(super) fn tell_once(&mut self, event: &Event) -> Result<(), EngineError> {
        let about = serde_json::to_string(event).unwrap_or_default();
        let key = crate::model::Digest::of(about.as_bytes()).to_string();
        if self.engine().store().row(Kind::Told, &key)?.is_some() {
            return Ok(());
        }
        state::guard(&mut self.item, Kind::Told, &key, 0);
        state::put(&mut self.item, Kind::Told, &key, None, &self.now)?;
        self.tell(event)
    }

    /// A message to one place, due at once.
    pub(super) fn post(&mut self, event: &Event, to: &OrgId, by: Way) -> Result<Urn, EngineError> {
        let message = Message { id: self.id()?, event: event.clone(), at: self.now, to: to.clone(), by, tries: 0 };
        state::put(&mut self.item, Kind::Outbox, &message.key(self.now), Some(to.as_str()), &message)?;
        Ok(message.id)
    }
}

impl Case {
    /// An event about this request.
    pub(super) fn event(&self, kind: EventType) -> Event {
        let mut event = Event::new(kind, self.owner.clone(), Some(self.applicant.clone()));
        (event.about.dataset, event.about.request) = (Some(self.dataset.clone()), Some(self.id));
        event
    }
}

impl DealNow {
    /// An event about this deal.
    pub(super) fn event(&self, kind: EventType) -> Event {
        let mut event = Event::new(kind, self.owner.clone(), Some(self.reuser.clone()));
        event.about.dataset = Some(self.dataset.clone());
        (event.about.request, event.about.deal) = (Some(self.case), Some(self.id));
        event
    }
}
