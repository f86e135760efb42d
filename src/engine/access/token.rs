//! Access tokens: for a quarter of an hour, a reuser shows a data server that it has a deal, and the data server asks nobody. The keys
//! that sign them are the service's own, sign nothing else, and are published (RFC 7517).

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{Deciding, Recorded};
use crate::engine::operation::Operation;
use crate::engine::rows;
use crate::engine::state::{AccessKey, AccessKeys};
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::access::line::Status;
use crate::model::access::{Call, Event, Verdict};
use crate::model::trace::Trace;
use crate::model::{DidKey, Iri, Name, OrgId, Time, Urn};
use crate::rights::{Act, Actor, Target};
use crate::sign::SigningKey;
use crate::sign::token::{self, Jwk, LONGEST, Reader, TokenError};
use crate::store::Kind;

/// The row of the keys.
const KEYS: &str = "access-keys";
/// How long a key that signs no more is still published, in seconds: its last token has ended by then.
const PUBLISHED: i64 = 2 * LONGEST;

/// A token to be issued.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewToken {
    /// The deal.
    pub deal: Urn,
    /// The data server, by short name.
    pub server: Name,
    /// Some of the deal's columns; none named: all of them.
    #[serde(default)]
    pub columns: BTreeSet<String>,
    /// For one user, by the pseudonym (`accessId`) under which the deal names a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

/// A token.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenIssued {
    /// The token.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// For how many seconds it counts.
    pub expires_in: i64,
}

impl std::fmt::Debug for TokenIssued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenIssued").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// What a token says (SPEC S-171).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Claims {
    iss: String,
    pub(super) sub: OrgId,
    client_id: OrgId,
    aud: String,
    iat: i64,
    exp: i64,
    pub(super) jti: Urn,
    pub(super) deal: Urn,
    pub(super) dataset: Iri,
    pub(super) columns: BTreeSet<String>,
    level: String,
    /// Editions; none: the deal does not limit them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    editions: BTreeSet<String>,
    #[serde(default, rename = "periodFrom", skip_serializing_if = "Option::is_none")]
    period_from: Option<Time>,
    #[serde(default, rename = "periodUntil", skip_serializing_if = "Option::is_none")]
    period_until: Option<Time>,
    /// What the deal gives a day: whoever checks offline counts.
    #[serde(default, rename = "volumePerDay", skip_serializing_if = "Option::is_none")]
    volume_per_day: Option<i64>,
    /// The user, by the pseudonym.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<String>,
}

impl Claims {
    /// What it covers, as a question names the token that was brought.
    pub(super) fn brought(&self) -> Value {
        named(json!({
            "id": self.jti, "dataset": self.dataset, "columns": self.columns, "level": self.level,
            "editions": self.editions, "periodFrom": self.period_from, "periodUntil": self.period_until,
        }))
    }
}

impl Engine {
    /// Issues a token on an active deal, to its reuser and nobody else. `issuer` is the address of the service. A refusal by the deal is
    /// recorded like a token: it is not active, has no such columns, names no such user, or has given its volume of the day.
    ///
    /// # Errors
    /// No right, or no such deal or data server.
    pub fn access_token(
        &self,
        actor: &Actor,
        issuer: &str,
        new: &NewToken,
        trace: Trace,
    ) -> Result<Recorded<TokenIssued>, EngineError> {
        let row = self.deal(&new.deal).map_err(|e| e.named_by(Field::Deal))?.value;
        self.rights.require(actor, Act::TakeToken, &Target::of_both(row.owner.clone(), row.reuser.clone()))?;
        if actor.organisation != row.reuser {
            return Err(EngineError::state(
                "the deal is of another organisation",
                "ask for a token on a deal of your own",
            ));
        }
        let deal = self.deal_said(&row)?;
        let mut deciding = Deciding::start(self, None)?;
        let server = self.data_server(&deciding.op.view, &new.server)?.filter(|server| server.owner == row.owner);
        let server = server.ok_or_else(|| {
            EngineError::input(
                Field::Server,
                format!("`{}` is no data server of {}", new.server, row.owner),
                "ask the owner for its name",
            )
        })?;
        let columns = if new.columns.is_empty() { deal.scope.columns.clone() } else { new.columns.clone() };
        let properties = named(json!({
            "columns": columns, "level": deal.scope.level, "edition": deal.scope.editions.first(),
            "periodFrom": deal.scope.period_from, "periodUntil": deal.scope.period_until,
        }));
        let resource = json!({"type": "dataset", "id": row.dataset, "properties": properties});
        let context = json!({"deal": row.id, "server": server.name});
        let request = question(subject(&row.reuser, new.user.as_deref()), "read", resource, context);
        let call = Call::read(request, Event::Evaluation)
            .map_err(|e| EngineError::input(Field::Columns, e.to_string(), "name it otherwise"))?;
        let mut verdict = Verdict::Forbidden;
        let response = call.respond(|asked| {
            verdict = deciding.answer(asked)?;
            Ok::<_, EngineError>(verdict.clone())
        })?;
        let caller = actor.person.as_str();
        let until = match verdict {
            Verdict::Permit { until, .. } => until,
            other => {
                let reason = if let Verdict::Deny { reason, .. } = other { reason.as_str() } else { "open" };
                let refusal = EngineError::state(
                    format!("the deal gives no token now: {reason}"),
                    "see where the deal stands, and ask for columns and a user that it names",
                );
                let op = deciding.record(call.event, Status::Ok, call.request, response, trace, caller)?;
                return op.answer(Err(refusal));
            }
        };
        deciding.every_edition(&row.id, &deal.scope.editions);
        deciding.give("token")?;
        let key = self.access_key(&mut deciding.op)?;
        let now = deciding.now();
        let exp = until.min(now.plus_seconds(LONGEST)).unix();
        let claims = Claims {
            iss: issuer.to_owned(),
            sub: row.reuser.clone(),
            client_id: row.reuser.clone(),
            aud: server.audience.clone(),
            iat: now.unix(),
            exp,
            jti: Urn::new(self.random.uuid_v4()?),
            deal: row.id,
            dataset: row.dataset.clone(),
            columns,
            level: deal.scope.level.clone(),
            editions: deal.scope.editions.clone(),
            period_from: deal.scope.period_from,
            period_until: deal.scope.period_until,
            volume_per_day: deal.scope.volume_per_day,
            user: new.user.clone(),
        };
        let access_token = token::sign(&claims, &key).map_err(|e| EngineError::state(e.to_string(), "try again"))?;
        let issued = TokenIssued { access_token, token_type: "Bearer", expires_in: exp - now.unix() };
        deciding.record(call.event, Status::Ok, call.request, response, trace, caller)?.answer(Ok(issued))
    }

    /// What a token says that somebody brought to a data server.
    pub(super) fn read_token(
        &self,
        token: &str,
        issuer: &str,
        audience: &str,
    ) -> Result<Result<Claims, TokenError>, EngineError> {
        let keys = self.published_keys()?;
        Ok(Reader { keys: &keys, issuer, audience, now: self.clock.now() }.read(token))
    }

    /// The key set by which a data server checks tokens.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn access_keys(&self) -> Result<Vec<Jwk>, EngineError> {
        Ok(self.published_keys()?.iter().map(Jwk::new).collect())
    }

    /// Makes a new key sign tokens; the one before is published until its last token has ended. One that was stolen is not: with
    /// `at_once`, its tokens count no longer here, and nowhere once the key set was fetched again.
    ///
    /// # Errors
    /// No right, or the key cannot be written.
    pub fn rotate_access_key(&self, actor: &Actor, at_once: bool) -> Result<DidKey, EngineError> {
        self.rights.require(actor, Act::RotateAccessKey, &Target::default())?;
        let mut op = Operation::by(self, actor)?;
        let key = self.new_access_key(&mut op, at_once)?;
        op.commit()?;
        Ok(key)
    }

    /// Keys of tokens that may still count.
    fn published_keys(&self) -> Result<Vec<DidKey>, EngineError> {
        let now = self.clock.now();
        let row = self.known::<AccessKeys>(&self.view()?, Kind::Setting, KEYS)?;
        let counts = |key: &&AccessKey| key.until.is_none_or(|until| now < until.plus_seconds(PUBLISHED));
        Ok(row.iter().flat_map(|row| &row.value.keys).filter(counts).map(|key| key.key).collect())
    }

    /// The key that signs; made with the first token that is asked for.
    fn access_key(&self, op: &mut Operation<'_>) -> Result<Arc<SigningKey>, EngineError> {
        let row = self.known::<AccessKeys>(&op.view, Kind::Setting, KEYS)?;
        let signs = row.iter().flat_map(|row| &row.value.keys).find(|key| key.until.is_none()).map(|key| key.key);
        let key = match signs {
            Some(key) => key,
            None => self.new_access_key(op, false)?,
        };
        self.keys.find(&key)?.ok_or_else(|| {
            EngineError::state(
                "the key that signs tokens is not on this machine",
                Mend::by("make another", "datadeal access rotate-key"),
            )
        })
    }

    /// The file first, then the row: dying between leaves a key that nobody knows.
    fn new_access_key(&self, op: &mut Operation<'_>, at_once: bool) -> Result<DidKey, EngineError> {
        let row = rows::load::<AccessKeys>(&*self.store, Kind::Setting, KEYS)?;
        let (mut keys, version) = row.map_or_else(Default::default, |row| (row.value, row.version));
        let mut seed = [0; 32];
        self.random.fill(&mut seed)?;
        let key = SigningKey::from_seed(seed);
        self.keys.keep(&key)?;
        let now = op.now;
        keys.keys.retain(|key| !at_once && key.until.is_none_or(|until| now < until.plus_seconds(PUBLISHED)));
        keys.keys.iter_mut().for_each(|key| _ = key.until.get_or_insert(now));
        keys.keys.push(AccessKey { key: key.public(), from: now, until: None });
        rows::guard(&mut op.item, Kind::Setting, KEYS, version);
        rows::put(&mut op.item, Kind::Setting, KEYS, None, &keys)?;
        Ok(key.public())
    }
}

/// A question of our own, in the words of AuthZEN.
pub(super) fn question(subject: Value, action: &str, resource: Value, context: Value) -> Value {
    json!({"subject": subject, "action": {"name": action}, "resource": resource, "context": context})
}

/// Who asks: an organisation, or a user of it.
pub(super) fn subject(organisation: &OrgId, user: Option<&str>) -> Value {
    match user {
        Some(user) => json!({"type": "user", "id": user, "properties": {"organisation": organisation}}),
        None => json!({"type": "organisation", "id": organisation}),
    }
}

/// Without the members that name nothing: an empty list would name nothing, and not everything.
pub(super) fn named(mut members: Value) -> Value {
    if let Some(members) = members.as_object_mut() {
        members.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()));
    }
    members
}
