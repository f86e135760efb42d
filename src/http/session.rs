//! Sessions of people who signed in: a cookie that says nothing, and a row in the store.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};

use super::{Problem, Service};
use crate::engine::{Engine, EngineError, SESSION_SECONDS};
use crate::model::Name;
use crate::rights::{Actor, SignIn};

/// The name of the cookie.
pub(super) const COOKIE: &str = "session";
/// What a session holds of who signed in.
const WHO: &str = "who";

/// The store of a portal, as the sessions' library asks for it.
#[derive(Clone)]
pub(super) struct Sessions(Arc<Engine>);

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

/// The layer. The cookie goes along on links from elsewhere (Lax), never on posts, is not read by scripts, and is for TLS only where
/// the service is reached by it.
pub(super) fn layer(engine: &Arc<Engine>, tls: bool) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(Sessions(Arc::clone(engine)))
        .with_name(COOKIE)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(tls)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::seconds(SESSION_SECONDS)))
}

fn backend(error: &EngineError) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        self.keep(record, true).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.keep(record, false).await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some((body, until)) = self.0.session(&id.to_string()).map_err(|e| backend(&e))? else { return Ok(None) };
        let data = serde_json::from_str(&body).map_err(|e| Error::Decode(e.to_string()))?;
        let expiry_date =
            OffsetDateTime::from_unix_timestamp(until.unix()).map_err(|e| Error::Decode(e.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.end_session(&id.to_string()).map_err(|e| backend(&e))?.await.map_err(|e| backend(&e))
    }
}

impl Sessions {
    async fn keep(&self, record: &Record, new: bool) -> Result<()> {
        let body = serde_json::to_string(&record.data).map_err(|e| Error::Encode(e.to_string()))?;
        let kept = self.0.keep_session(&record.id.to_string(), body, new).map_err(|e| backend(&e))?;
        kept.await.map_err(|e| backend(&e))
    }
}

/// Who signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Who {
    pub(super) person: Name,
    pub(super) issuer: String,
    pub(super) level: Option<String>,
}

/// A session's store in trouble; the library's words, which name no secret, go to the program's log.
pub(super) fn trouble(error: &tower_sessions::session::Error) -> Problem {
    tracing::error!(%error, "a session could not be read or kept");
    Problem::unavailable("The session cannot be read or kept now.").after(10)
}

impl Service {
    /// The person of the session that a call belongs to; none without one.
    pub(super) async fn signed_in(&self, parts: &Parts) -> std::result::Result<Option<Actor>, Problem> {
        let Some(session) = parts.extensions.get::<Session>() else { return Ok(None) };
        let Some(Who { person, issuer, level }) = session.get(WHO).await.map_err(|e| trouble(&e))? else {
            return Ok(None);
        };
        Ok(Some(self.engine.actor_signed_in(&person, SignIn::OpenId { issuer, level })?))
    }
}

/// Notes who signed in, under a new id: whoever knew the old one gains nothing.
pub(super) async fn begin(session: &Session, who: Who) -> std::result::Result<(), Problem> {
    session.cycle_id().await.map_err(|e| trouble(&e))?;
    session.insert(WHO, who).await.map_err(|e| trouble(&e))
}
