//! Webhooks: addresses of an organisation's own programs that are told of events. The portal has one key for them, a file beside its
//! other private keys; each webhook's secret is made of it, so the database holds none.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tell::Way;
use crate::engine::known::View;
use crate::engine::operation::{Operation, Pending};
use crate::engine::rows::{self, Loaded};
use crate::engine::{Engine, EngineError, Field};
use crate::model::event::{Event, EventType};
use crate::model::{DidKey, OrgId, Time, Urn};
use crate::net::webhook::{Secret, public_key};
use crate::net::{Client, NetError};
use crate::rights::{Act, Actor, Target};
use crate::sign::SigningKey;
use crate::store::Kind;

/// Where the row of the portal's key for webhooks is.
const KEY: &str = "webhook-key";
/// How long an old secret signs beside a new one, in seconds.
const BOTH_SECONDS: i64 = 86_400;
/// How many webhooks an organisation may have.
const MOST: usize = 20;

/// A webhook to be registered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewWebhook {
    /// Where to post, beginning with `https://`.
    #[schema(format = "uri", max_length = 2000)]
    pub url: String,
    /// Of which events; none: all.
    #[serde(default)]
    pub events: BTreeSet<EventType>,
}

/// A webhook as it is kept, and shown.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// Its id.
    pub id: Urn,
    /// Whose.
    pub organisation: OrgId,
    /// Where to post.
    #[schema(format = "uri")]
    pub url: String,
    /// Of which events; none: all.
    pub events: BTreeSet<EventType>,
    /// Since when.
    pub made: Time,
    /// The number of its secret, counted from 1.
    pub secret: u32,
    /// Until when the secret before signs too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub both_until: Option<Time>,
    /// Since when it is called no more, because it answered that it is gone (status 410); a new one takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Time>,
}

/// A webhook with its secret: at registration and at rotation, the only times that it is shown.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookMade {
    /// The webhook.
    pub webhook: Webhook,
    /// For signatures `v1`: `whsec_...`. It is not shown again.
    pub secret: String,
    /// For signatures `v1a`: `whpk_...`, the same for all webhooks of this portal.
    pub public_key: String,
}

impl std::fmt::Debug for WebhookMade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookMade").field("webhook", &self.webhook).finish_non_exhaustive()
    }
}

impl Webhook {
    /// Whether it is told of an event.
    pub(in crate::engine) fn hears(&self, kind: EventType) -> bool {
        self.gone.is_none() && (self.events.is_empty() || self.events.contains(&kind))
    }

    /// Its secrets at an instant, the newest first.
    pub(in crate::engine) fn secrets(&self, key: &SigningKey, now: Time) -> Vec<Secret> {
        let old = self.both_until.filter(|until| now < *until).map(|_| self.secret.saturating_sub(1));
        [Some(self.secret), old].into_iter().flatten().map(|number| Secret::derive(key, &self.id, number)).collect()
    }
}

impl Engine {
    /// Registers a webhook of an organisation. `client` judges the address.
    ///
    /// # Errors
    /// No right, an address that is never asked, or too many of them.
    pub fn add_webhook(
        &self,
        actor: &Actor,
        organisation: &OrgId,
        new: &NewWebhook,
        client: &Client,
    ) -> Result<Pending<Urn>, EngineError> {
        self.may_webhooks(actor, organisation)?;
        if new.url.len() > 2000 {
            return Err(EngineError::input(Field::Url, "is longer than 2000 characters", "give a shorter address"));
        }
        let url = client.address(&new.url).map_err(|e: NetError| {
            EngineError::input(Field::Url, e.to_string(), "give an address such as https://example.nl/hook")
        })?;
        let mut op = Operation::by(self, actor)?;
        self.organisation(&op.view, organisation)?;
        if self.webhooks_of(&op.view, organisation)?.len() >= MOST {
            return Err(EngineError::state(
                format!("there are {MOST} webhooks already"),
                "remove one that is not used",
            ));
        }
        self.make_webhook_key(&mut op)?;
        let id = op.id()?;
        let webhook = Webhook {
            id,
            organisation: organisation.clone(),
            url: url.into(),
            events: new.events.clone(),
            made: op.now,
            secret: 1,
            both_until: None,
            gone: None,
        };
        rows::guard(&mut op.item, Kind::Webhook, &id.to_string(), 0);
        put_webhook(&mut op, &webhook)?;
        op.made(id);
        op.answer(id)
    }

    /// A webhook with its secret, for the answer to its registration or rotation: nothing else shows it.
    ///
    /// # Errors
    /// No such webhook, or the portal's key for webhooks is lost.
    pub fn webhook_made(&self, actor: &Actor, id: &Urn) -> Result<WebhookMade, EngineError> {
        let webhook = self.own_webhook(actor, id)?.value;
        let key = self.webhook_key(&self.view()?)?.ok_or_else(|| self.no_webhook_key())?;
        let secret = Secret::derive(&key, &webhook.id, webhook.secret).shown();
        Ok(WebhookMade { webhook, secret, public_key: public_key(&key.public()) })
    }

    /// The webhooks of an organisation, the oldest first.
    ///
    /// # Errors
    /// No right, or the store cannot be read.
    pub fn webhooks(&self, actor: &Actor, organisation: &OrgId) -> Result<Vec<Webhook>, EngineError> {
        self.may_webhooks(actor, organisation)?;
        Ok(self.webhooks_of(&self.view()?, organisation)?.to_vec())
    }

    /// A webhook.
    ///
    /// # Errors
    /// There is none that this person may manage.
    pub fn webhook(&self, actor: &Actor, id: &Urn) -> Result<Webhook, EngineError> {
        Ok(self.own_webhook(actor, id)?.value)
    }

    /// Gives a webhook a new secret. The old one signs beside it for a day.
    ///
    /// # Errors
    /// No right, or no such webhook.
    pub fn rotate_webhook(&self, actor: &Actor, id: &Urn) -> Result<Pending<Urn>, EngineError> {
        let Loaded { value: mut webhook, version } = self.own_webhook(actor, id)?;
        let mut op = Operation::by(self, actor)?;
        webhook.secret = webhook.secret.saturating_add(1);
        webhook.both_until = Some(op.now.plus_seconds(BOTH_SECONDS));
        rows::guard(&mut op.item, Kind::Webhook, &id.to_string(), version);
        put_webhook(&mut op, &webhook)?;
        op.made(*id);
        op.answer(*id)
    }

    /// Removes a webhook. Messages that wait for it are dropped.
    ///
    /// # Errors
    /// No right, or no such webhook.
    pub fn remove_webhook(&self, actor: &Actor, id: &Urn) -> Result<Pending<()>, EngineError> {
        self.own_webhook(actor, id)?;
        let mut op = Operation::by(self, actor)?;
        op.item = std::mem::take(&mut op.item).delete(Kind::Webhook, id.to_string());
        op.answer(())
    }

    /// Sends a test to a webhook; gives the id of the message.
    ///
    /// # Errors
    /// No right, no such webhook, or one that is gone.
    pub fn test_webhook(&self, actor: &Actor, id: &Urn) -> Result<Pending<Urn>, EngineError> {
        let webhook = self.own_webhook(actor, id)?.value;
        if let Some(since) = webhook.gone {
            let why = format!("it answered on {since} that it is gone, and is called no more");
            return Err(EngineError::state(why, "remove it, and register its new address"));
        }
        let mut op = Operation::by(self, actor)?;
        let (operator, own) = (self.portal.operator.clone(), webhook.organisation);
        let event = Event::new(EventType::WebhookTest, operator, Some(own.clone()));
        let message = op.post(&event, &own, Way::Webhook(*id), op.now)?;
        op.made(message);
        op.answer(message)
    }

    fn may_webhooks(&self, actor: &Actor, organisation: &OrgId) -> Result<(), EngineError> {
        let target = Target::of_both(organisation.clone(), organisation.clone());
        Ok(self.rights.require(actor, Act::ManageWebhooks, &target)?)
    }

    /// A webhook that somebody may manage. Who manages those of other organisations only is told that there is none.
    fn own_webhook(&self, actor: &Actor, id: &Urn) -> Result<Loaded<Webhook>, EngineError> {
        self.may_webhooks(actor, &actor.organisation)?;
        let none = || EngineError::not_found("webhook", id, "see which the organisation has");
        let found = rows::load::<Webhook>(&*self.store, Kind::Webhook, &id.to_string())?.ok_or_else(none)?;
        self.may_webhooks(actor, &found.value.organisation).map_err(|_| none())?;
        Ok(found)
    }

    pub(in crate::engine) fn webhooks_of(
        &self,
        view: &View,
        organisation: &OrgId,
    ) -> Result<Arc<Vec<Webhook>>, EngineError> {
        let parent = organisation.as_str();
        self.known_list(view, Kind::Webhook, parent, || rows::all(&*self.store, Kind::Webhook, Some(parent)))
    }

    /// Makes the portal's key for webhooks when it is first needed.
    fn make_webhook_key(&self, op: &mut Operation<'_>) -> Result<(), EngineError> {
        if self.webhook_key(&op.view)?.is_some() {
            return Ok(());
        }
        let mut seed = [0; 32];
        self.random.fill(&mut seed)?;
        let key = SigningKey::from_seed(seed);
        // before its row: a file without a row is of no use to anyone, a row without its file would be a loss
        self.keys.keep(&key)?;
        rows::guard(&mut op.item, Kind::Setting, KEY, 0);
        rows::put(&mut op.item, Kind::Setting, KEY, None, &key.public())
    }

    /// The portal's key for webhooks, once there is one.
    pub(in crate::engine) fn webhook_key(&self, view: &View) -> Result<Option<Arc<SigningKey>>, EngineError> {
        let Some(row) = self.known::<DidKey>(view, Kind::Setting, KEY)? else { return Ok(None) };
        self.keys.find(&row.value)?.map_or_else(|| Err(self.no_webhook_key()), |key| Ok(Some(key)))
    }

    fn no_webhook_key(&self) -> EngineError {
        EngineError::state(
            format!("the portal's key for webhooks is not in {}", self.keys.folder().display()),
            "put back the file of the key: without it no message to a webhook can be signed",
        )
    }
}

pub(in crate::engine) fn put_webhook(op: &mut Operation<'_>, webhook: &Webhook) -> Result<(), EngineError> {
    let parent = Some(webhook.organisation.as_str());
    rows::put(&mut op.item, Kind::Webhook, &webhook.id.to_string(), parent, webhook)
}
