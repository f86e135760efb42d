//! Sending what the outbox holds: each message at least once, with the same id at every try, until it is taken or given up.
//!
//! 1. A message that is due is *claimed*: its row moves to a later due time, durably. Two processes cannot both claim it, since each
//!    guards the row that it read.
//! 2. It is sent.
//! 3. Taken: its row is deleted. Not taken: its row moves to the time of the next try, or to what is undelivered.
//!
//! If we die after 1 or 2, the claim lapses and the message is sent again, with the same id: the receiver knows it by that.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::task::JoinSet;

use super::tell::{Message, NO_ADDRESS, Undelivered, Way};
use super::webhooks::{Webhook, put_webhook};
use crate::engine::operation::{Operation, Pending};
use crate::engine::people::contacts::Contact;
use crate::engine::rows::{self, Loaded};
use crate::engine::{Engine, EngineError};
use crate::log::LogError;
use crate::net::mail::{Letter, MailError, Mailer};
use crate::net::webhook::Call;
use crate::net::{Client, NetError};
use crate::store::Kind;
use crate::text::{Texts, mail};

/// How long after each failed try the next one comes, in seconds (the schedule of Standard Webhooks).
const AGAIN: &[i64] = &[5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// How long a claim stands, in seconds: longer than any exchange.
const CLAIM_SECONDS: i64 = 120;
/// How many messages are sent at once.
const AT_ONCE: usize = 32;
/// How many of them to one organisation.
const TO_EACH: usize = 4;
/// How many messages that are due are read at once.
const PAGE: usize = 1000;
/// How long the sender rests when nothing is due.
const REST: Duration = Duration::from_secs(1);

/// By which ways messages leave.
#[derive(Debug, Clone)]
pub struct Carrier {
    /// Calls webhooks.
    pub client: Client,
    /// Sends mail; none where the portal is not set up for it.
    pub mailer: Option<Mailer>,
}

/// What became of the messages that were due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// Taken.
    pub sent: u32,
    /// To be tried again.
    pub again: u32,
    /// Given up.
    pub undelivered: u32,
    /// Dropped, since who was to be told is gone.
    pub dropped: u32,
}

/// What a try came to.
enum Outcome {
    Taken,
    /// Nobody is there to be told any more.
    Gone,
    /// It may be taken later.
    Later(String),
    /// Another try is of no use.
    Never(String),
    /// The webhook says that it is gone: it is called no more.
    Disabled(Webhook, u64, String),
}

/// What became of a message.
#[derive(Clone, Copy)]
enum Became {
    Sent,
    Again,
    Undelivered,
    Dropped,
}

/// A claimed message with the key of its row.
struct Claimed {
    key: String,
    message: Message,
    /// Held while it is sent.
    _place: Arc<()>,
}

/// Messages that are being sent, and the places that they hold, by who is told.
#[derive(Default)]
struct UnderWay {
    tasks: JoinSet<Result<Became, EngineError>>,
    places: BTreeMap<String, Arc<()>>,
}

impl UnderWay {
    /// A place for one more message to an organisation, if there is one: who answers slowly holds up nobody else.
    fn place(&mut self, to: &str) -> Option<Arc<()>> {
        let place = self.places.entry(to.to_owned()).or_default();
        (Arc::strong_count(place) <= TO_EACH).then(|| Arc::clone(place))
    }

    /// What became of the next one that ends; none if there is none.
    async fn next(&mut self) -> Option<Result<Became, EngineError>> {
        let ended_early = |_| Err(EngineError::state("a sender ended early", "its message is sent again"));
        let became = self.tasks.join_next().await?.unwrap_or_else(ended_early);
        self.places.retain(|_, place| Arc::strong_count(place) > 1);
        Some(became)
    }
}

impl Engine {
    /// Sends what is due, all the time; ends when it is dropped. Safe beside the senders of other processes.
    pub async fn keep_sending(self: Arc<Self>, carrier: Arc<Carrier>) {
        let mut under_way = UnderWay::default();
        loop {
            if let Err(error) = self.start_due(&carrier, &mut under_way).await {
                tracing::warn!(%error, "messages wait");
            }
            tokio::select! {
                Some(became) = under_way.next() => {
                    if let Err(error) = became {
                        tracing::warn!(%error, "a message is sent again");
                    }
                }
                () = tokio::time::sleep(REST) => {}
            }
        }
    }

    /// Sends all that is due now, and says what became of it.
    ///
    /// # Errors
    /// The store cannot be read or written. What was claimed is tried again later.
    pub async fn send_due(self: &Arc<Self>, carrier: &Arc<Carrier>) -> Result<Sent, EngineError> {
        let (mut done, mut under_way) = (Sent::default(), UnderWay::default());
        loop {
            self.start_due(carrier, &mut under_way).await?;
            let Some(became) = under_way.next().await else { return Ok(done) };
            let count = match became? {
                Became::Sent => &mut done.sent,
                Became::Again => &mut done.again,
                Became::Undelivered => &mut done.undelivered,
                Became::Dropped => &mut done.dropped,
            };
            *count = count.saturating_add(1);
        }
    }

    /// Claims messages that are due and have a place, and starts sending them.
    async fn start_due(self: &Arc<Self>, carrier: &Arc<Carrier>, under_way: &mut UnderWay) -> Result<(), EngineError> {
        for claim in self.claim(under_way)? {
            match claim.await {
                Ok(claimed) => {
                    let (engine, carrier) = (Arc::clone(self), Arc::clone(carrier));
                    under_way.tasks.spawn(async move {
                        let outcome = engine.deliver(&claimed.message, &carrier).await?;
                        engine.settle(claimed, outcome).await
                    });
                }
                // another process was faster
                Err(EngineError::Submit(LogError::Conflict(_))) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Step 1. Those that are due longest come first; those to an organisation that has no place left are passed over, however many.
    fn claim(&self, under_way: &mut UnderWay) -> Result<Vec<Pending<Claimed>>, EngineError> {
        let (mut claims, free) = (Vec::new(), AT_ONCE.saturating_sub(under_way.tasks.len()));
        let mut after: Option<String> = None;
        loop {
            let rows = self.store.rows(Kind::Outbox, None, after.as_deref(), PAGE)?;
            for row in &rows {
                let due = row.key.split('-').next().and_then(|due| due.parse().ok()).unwrap_or(0);
                if claims.len() >= free || due > self.clock.now().unix() {
                    return Ok(claims);
                }
                // its parent is who is told: what has no place is not even read
                let Some(place) = row.parent.as_deref().and_then(|to| under_way.place(to)) else { continue };
                let Loaded { value: mut message, version } = rows::parse::<Message>(row)?;
                let mut op = Operation::start(self)?;
                message.tries = message.tries.saturating_add(1);
                let key = message.key(op.now.plus_seconds(CLAIM_SECONDS));
                move_row(&mut op, &row.key, version, &key, &message)?;
                claims.push(op.answer(Claimed { key, message, _place: place })?);
            }
            if rows.len() < PAGE {
                return Ok(claims);
            }
            after = rows.last().map(|row| row.key.clone());
        }
    }

    /// Step 2.
    async fn deliver(&self, message: &Message, carrier: &Carrier) -> Result<Outcome, EngineError> {
        match &message.by {
            Way::Webhook(id) => {
                let found = rows::load::<Webhook>(&*self.store, Kind::Webhook, &id.to_string())?;
                let Some(Loaded { value: hook, version }) = found else { return Ok(Outcome::Gone) };
                if let Some(since) = hook.gone {
                    return Ok(Outcome::Never(format!("the webhook answered on {since} that it is gone")));
                }
                let Some(key) = self.webhook_key(&self.view()?)? else { return Ok(Outcome::Gone) };
                let at = self.clock.now();
                let (body, secrets) = (message.event.payload(message.at), hook.secrets(&key, at));
                let call = Call { id: message.id, at, body, secrets: &secrets, key: &key };
                Ok(match carrier.client.call(&hook.url, call).await {
                    Ok(()) => Outcome::Taken,
                    Err(error @ NetError::Status { status: 410, .. }) => {
                        Outcome::Disabled(Webhook { gone: Some(at), ..hook }, version, error.to_string())
                    }
                    Err(error) => Outcome::Later(error.to_string()),
                })
            }
            Way::Nowhere => Ok(Outcome::Never(NO_ADDRESS.to_owned())),
            Way::Mail(key) => {
                let Some(contact) = rows::load::<Contact>(&*self.store, Kind::Contact, key)? else {
                    return Ok(Outcome::Gone);
                };
                let Some(mailer) = &carrier.mailer else {
                    return Ok(Outcome::Never("this portal is not set up to send mail".to_owned()));
                };
                let contact = contact.value;
                let (subject, text) = self.letter_about(message, &Texts::new(contact.language))?;
                let letter = Letter { id: message.id, at: message.at, to: &contact.mail, subject, text };
                Ok(match mailer.send(&letter).await {
                    Ok(()) => Outcome::Taken,
                    Err(error @ (MailError::Later(_) | MailError::Way(_))) => Outcome::Later(error.to_string()),
                    Err(error) => Outcome::Never(error.to_string()),
                })
            }
        }
    }

    /// Subject and text of a mail.
    fn letter_about(&self, message: &Message, texts: &Texts) -> Result<(String, String), EngineError> {
        let event = &message.event;
        let title = match &event.about.dataset {
            Some(dataset) => match self.dataset(dataset.as_str()) {
                Ok(found) => texts.of(&found.dataset.title),
                Err(EngineError::NotFound { .. }) => dataset.to_string(),
                Err(error) => return Err(error),
            },
            None => String::new(),
        };
        let portal = self.organisation(&self.view()?, &self.portal.operator)?.name;
        Ok(mail(texts, event, message.to == event.owner, &title, &portal))
    }

    /// Step 3.
    async fn settle(&self, claimed: Claimed, outcome: Outcome) -> Result<Became, EngineError> {
        let Claimed { key, message, .. } = claimed;
        let mut op = Operation::start(self)?;
        let (why, again) = match outcome {
            Outcome::Taken | Outcome::Gone => {
                op.item = std::mem::take(&mut op.item).delete(Kind::Outbox, key);
                op.answer(())?.await?;
                return Ok(if matches!(outcome, Outcome::Taken) { Became::Sent } else { Became::Dropped });
            }
            Outcome::Later(why) => {
                let next = usize::try_from(message.tries.saturating_sub(1)).ok().and_then(|n| AGAIN.get(n));
                (why, next.copied())
            }
            Outcome::Never(why) => (why, None),
            Outcome::Disabled(hook, version, why) => {
                rows::guard(&mut op.item, Kind::Webhook, &hook.id.to_string(), version);
                put_webhook(&mut op, &hook)?;
                (why, None)
            }
        };
        // gone if the claim lapsed and another process has it now
        let Some(row) = self.store.row(Kind::Outbox, &key)? else { return Ok(Became::Again) };
        let became = match again {
            Some(seconds) => {
                let due = op.now.plus_seconds(self.about(seconds)?);
                move_row(&mut op, &key, row.version, &message.key(due), &message)?;
                Became::Again
            }
            None => {
                rows::guard(&mut op.item, Kind::Outbox, &key, row.version);
                op.item = std::mem::take(&mut op.item).delete(Kind::Outbox, key);
                Undelivered { message, why, since: op.now }.put(&mut op)?;
                Became::Undelivered
            }
        };
        op.answer(became)?.await
    }

    /// About so many seconds: up to a fifth more or less, so that what failed together does not come back together.
    fn about(&self, seconds: i64) -> Result<i64, EngineError> {
        let mut chance = [0];
        self.random.fill(&mut chance)?;
        let [chance] = chance;
        Ok(seconds * (205 + i64::from(chance) * 100 / 255) / 255)
    }
}

/// The row of a message under another key: that of another due time.
fn move_row(op: &mut Operation<'_>, from: &str, version: u64, to: &str, message: &Message) -> Result<(), EngineError> {
    rows::guard(&mut op.item, Kind::Outbox, from, version);
    op.item = std::mem::take(&mut op.item).delete(Kind::Outbox, from);
    rows::put(&mut op.item, Kind::Outbox, to, Some(message.to.as_str()), message)
}
