//! Telling people: an event becomes messages in the outbox, in the same commit as what it tells of. So nothing that is done goes untold,
//! and nothing is told that was not done; `sending` sends them afterwards. What cannot be told to a reuser, because it has no address here,
//! is a task of who would have told it.

use serde::{Deserialize, Serialize};

use crate::clock::uuid_v7_of;
use crate::engine::EngineError;
use crate::engine::deals::life::DealNow;
use crate::engine::operation::Operation;
use crate::engine::rows;
use crate::engine::state::Case;
use crate::model::event::{Event, EventType};
use crate::model::{Digest, Name, OrgId, Time, Urn};
use crate::store::Kind;

/// A message to one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Message {
    /// The same at every try, so that whoever gets it twice knows.
    pub(in crate::engine) id: Urn,
    /// What it tells.
    pub(in crate::engine) event: Event,
    /// When that happened.
    pub(in crate::engine) at: Time,
    /// Who is told.
    pub(in crate::engine) to: OrgId,
    /// Where.
    pub(in crate::engine) by: Way,
    /// How often it was tried.
    #[serde(default)]
    pub(in crate::engine) tries: u32,
}

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::engine) enum Way {
    /// To a webhook, by its id.
    Webhook(Urn),
    /// By mail, to a contact by the key of its row: the address itself stands nowhere else.
    Mail(String),
    /// There is no address: somebody must see to it.
    Nowhere,
}

/// Why a message goes nowhere.
pub(in crate::engine) const NO_ADDRESS: &str = "no mail address or webhook is known here";

/// A message that was given up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::engine) struct Undelivered {
    pub(in crate::engine) message: Message,
    /// Why the last try failed.
    pub(in crate::engine) why: String,
    /// Since when.
    pub(in crate::engine) since: Time,
}

impl Undelivered {
    /// Writes it down as a task of who sends it.
    pub(in crate::engine) fn put(&self, op: &mut Operation<'_>) -> Result<(), EngineError> {
        let sender = self.message.event.owner.as_str();
        rows::put(&mut op.item, Kind::Undelivered, &self.message.id.to_string(), Some(sender), self)
    }
}

impl Message {
    /// The key of its row: the messages that are due first come first.
    pub(in crate::engine) fn key(&self, due: Time) -> String {
        format!("{:012}-{}", due.unix(), self.id)
    }
}

impl Operation<'_> {
    /// Tells of an event whom it concerns, once this operation is durable. A reuser who does this itself sees it done; another one that
    /// cannot be reached is a task of who tells.
    pub(in crate::engine) fn tell(&mut self, event: &Event) -> Result<(), EngineError> {
        for organisation in event.told() {
            let sent = self.send(event, organisation, self.now)?;
            if !sent && *organisation != event.owner && self.by.as_ref() != Some(organisation) {
                self.untold(event, organisation)?;
            }
        }
        Ok(())
    }

    /// A task: an organisation cannot be told of an event. Its id is made of that, so what is told twice at once is one task; it begins as
    /// the id of what the event is about, so that tasks of one time stand together in the store.
    fn untold(&mut self, event: &Event, to: &OrgId) -> Result<(), EngineError> {
        let digest = Digest::of(serde_json::to_string(&(event, to)).unwrap_or_default().as_bytes());
        let about = event.about.deal.or(event.about.request).map(Urn::uuid);
        let number = about.as_ref().map_or(&[][..], |id| id.as_bytes().get(6..10).unwrap_or_default());
        let mut bytes = [0; 10];
        bytes.iter_mut().zip(number.iter().chain(digest.as_bytes())).for_each(|(byte, of)| *byte = *of);
        let id = Urn::new(uuid_v7_of(self.now, &bytes));
        let message = Message { id, event: event.clone(), at: self.now, to: to.clone(), by: Way::Nowhere, tries: 0 };
        Undelivered { message, why: NO_ADDRESS.to_owned(), since: self.now }.put(self)
    }

    /// Puts messages of an event for one organisation in the outbox, one for each of its addresses; whether there are any.
    pub(in crate::engine) fn send(&mut self, event: &Event, to: &OrgId, at: Time) -> Result<bool, EngineError> {
        let hooks = self.engine().webhooks_of(&self.view, to)?;
        let hooks = hooks.iter().filter(|hook| hook.hears(event.kind)).map(|hook| Way::Webhook(hook.id));
        let contacts = self.engine().contacts_of(&self.view, to)?;
        let mut ways: Vec<Way> = hooks.collect();
        for contact in contacts.iter() {
            // who is blocked is told of nothing
            let reached = |person: &Name| self.engine().may_act(&self.view, person);
            if contact.person.as_ref().map_or(Ok(true), reached)? {
                ways.push(Way::Mail(contact.key()));
            }
        }
        let any = !ways.is_empty();
        ways.into_iter().try_for_each(|by| self.post(event, to, by, at).map(|_| ()))?;
        Ok(any)
    }

    /// As [`Operation::tell`], for what is seen again and again, such as a day that comes nearer: the same event is told once.
    pub(in crate::engine) fn tell_once(&mut self, event: &Event) -> Result<(), EngineError> {
        let about = serde_json::to_string(event).unwrap_or_default();
        let key = Digest::of(about.as_bytes()).to_string();
        if self.engine().store().row(Kind::Told, &key)?.is_some() {
            return Ok(());
        }
        rows::guard(&mut self.item, Kind::Told, &key, 0);
        rows::put(&mut self.item, Kind::Told, &key, None, &self.now)?;
        self.tell(event)
    }

    /// A message to one place about what happened at an instant, due at once.
    pub(in crate::engine) fn post(&mut self, event: &Event, to: &OrgId, by: Way, at: Time) -> Result<Urn, EngineError> {
        let message = Message { id: self.id()?, event: event.clone(), at, to: to.clone(), by, tries: 0 };
        rows::put(&mut self.item, Kind::Outbox, &message.key(self.now), Some(to.as_str()), &message)?;
        Ok(message.id)
    }
}

impl Case {
    /// An event about this request.
    pub(in crate::engine) fn event(&self, kind: EventType) -> Event {
        let mut event = Event::new(kind, self.owner.clone(), Some(self.applicant.clone()));
        (event.about.dataset, event.about.request) = (Some(self.dataset.clone()), Some(self.id));
        event
    }
}

impl DealNow {
    /// An event about this deal.
    pub(in crate::engine) fn event(&self, kind: EventType) -> Event {
        let mut event = Event::new(kind, self.owner.clone(), Some(self.reuser.clone()));
        event.about.dataset = Some(self.dataset.clone());
        (event.about.request, event.about.deal) = (Some(self.case), Some(self.id));
        event
    }
}
