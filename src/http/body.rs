//! What was sent, read strictly: the record profile of JSON, no unknown member, and the place of what is wrong.

use std::sync::Arc;

use axum::RequestPartsExt as _;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;

use super::caller::Caller;
use super::{Problem, Service, version};
use crate::engine::state::Made;
use crate::engine::{Engine, EngineError, Pending};
use crate::model::{Digest, Urn, json};
use crate::rights::{Actor, Once};

/// The header of calls that may be repeated.
pub(super) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A body that is a `T`.
#[derive(Debug)]
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<Service>> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, Problem> {
        read(&parts_of(request, service).await?.1).map(Body)
    }
}

/// A call that needs no more than its address: `{}`.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// A call that changes something: by somebody, with a `T`, once for each idempotency key, and of what the caller saw if it says so.
#[derive(Debug)]
pub(super) struct Posted<T> {
    /// By whom.
    pub(super) actor: Actor,
    /// What was sent.
    pub(super) value: T,
    /// What the same call made before.
    made: Option<Made>,
    engine: Arc<Engine>,
    /// What the address names, if that is one thing.
    of: Option<Urn>,
    /// How long the log was when the call about it came.
    size: u64,
}

impl<T: DeserializeOwned> FromRequest<Arc<Service>> for Posted<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, Problem> {
        let (mut parts, bytes) = parts_of(request, service).await?;
        let Caller(mut actor) = <Caller as FromRequestParts<_>>::from_request_parts(&mut parts, service).await?;
        let engine = Arc::clone(&service.engine);
        let of = parts.extract::<axum::extract::Path<Urn>>().await.ok().map(|axum::extract::Path(of)| of);
        if let Some(of) = of {
            actor.seen = version::seen(&parts, of)?;
        }
        let value = read(&bytes)?;
        let once = key(&parts)?.map(|key| {
            let client = format!("{}\n{key}", actor.person);
            let asked = [parts.method.as_str().as_bytes(), b"\n", parts.uri.path().as_bytes(), b"\n", &bytes].concat();
            Once { key: Digest::of(client.as_bytes()), asked: Digest::of(&asked) }
        });
        actor.once = once;
        let made = once.map(|once| made_before(&engine, &once)).transpose()?.flatten();
        let size = if of.is_some() { engine.log_size()? } else { 0 };
        Ok(Posted { actor, value, made, engine, of, size })
    }
}

/// What the same call made before; another one under the same key is refused.
fn made_before(engine: &Engine, once: &Once) -> Result<Option<Made>, Problem> {
    let made = engine.made(&once.key)?;
    if made.as_ref().is_some_and(|made| made.asked != once.asked) {
        return Err(Problem::reused("Take a new key for another request.").at("Idempotency-Key", "was used before"));
    }
    Ok(made)
}

/// What came of a call.
enum Done<M> {
    /// It was done now.
    Now(M),
    /// The same call did it before.
    Before(Made),
}

impl<T> Posted<T> {
    /// Makes it, unless the same call made it before; then the answer is built `again` from the id of what it made.
    ///
    /// # Errors
    /// As the call.
    pub(super) async fn make<M: Unpin>(
        &self,
        call: impl FnOnce(&Actor, &T) -> Result<Pending<M>, EngineError>,
        again: impl FnOnce(&Urn) -> Result<M, EngineError>,
    ) -> Result<M, Problem> {
        match self.once(call).await? {
            Done::Now(made) => Ok(made),
            Done::Before(made) => {
                let id = made.made.first().ok_or_else(|| Problem::internal("The call made nothing."))?;
                Ok(again(id)?)
            }
        }
    }

    /// Does it, unless the same call did it before; for calls whose answer is what there is afterwards.
    ///
    /// # Errors
    /// As the call.
    pub(super) async fn act<M: Unpin>(
        &self,
        call: impl FnOnce(&Actor, &T) -> Result<Pending<M>, EngineError>,
    ) -> Result<(), Problem> {
        self.once(call).await.map(|_| ())
    }

    async fn once<M: Unpin>(
        &self,
        call: impl FnOnce(&Actor, &T) -> Result<Pending<M>, EngineError>,
    ) -> Result<Done<M>, Problem> {
        if let Some(made) = &self.made {
            return Ok(Done::Before(made.clone()));
        }
        let done = match call(&self.actor, &self.value) {
            Ok(pending) => pending.await,
            Err(error) => Err(error),
        };
        let error = match done {
            Ok(made) => return Ok(Done::Now(made)),
            Err(error) => error,
        };
        // whatever stands in its way may be what the same call did meanwhile
        if let Some(once) = &self.actor.once
            && let Some(made) = made_before(&self.engine, once)?
        {
            return Ok(Done::Before(made));
        }
        Err(self.engine.explained(&self.actor, self.of.as_ref(), self.size, error).into())
    }
}

fn key(parts: &Parts) -> Result<Option<&str>, Problem> {
    let wrong = || {
        Problem::invalid("The idempotency key cannot be read.")
            .at("Idempotency-Key", "is not 1 to 255 printable ASCII characters")
    };
    let Some(header) = parts.headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let text = header.to_str().map_err(|_| wrong())?;
    if text.is_empty() || text.len() > 255 {
        return Err(wrong());
    }
    Ok(Some(text))
}

async fn parts_of(request: Request, service: &Arc<Service>) -> Result<(Parts, Bytes), Problem> {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(
            Problem::media_type("Send the body as application/json.").at("Content-Type", "is not application/json")
        );
    }
    Ok((parts, bytes(body, service).await?))
}

/// So many times the limit is read of a body that is too long, and thrown away: whoever is still sending would not see the answer.
const READ_ON: usize = 8;

/// All of a body, as far as it may be long.
pub(super) async fn bytes(mut body: axum::body::Body, service: &Service) -> Result<Bytes, Problem> {
    let limit = service.config.limits.body_bytes;
    let (mut kept, mut length) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::invalid("The body ended before all of it was there."))?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length <= limit {
            kept.extend_from_slice(&data);
        } else if length > limit.saturating_mul(READ_ON) {
            break;
        }
    }
    if length > limit {
        return Err(Problem::too_large(format!("The body is larger than {limit} bytes.")));
    }
    Ok(kept.into())
}

/// Reads a body, and names the member that is wrong by a JSON Pointer.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value = json::parse(bytes, json::MAX_BYTES)?;
    if !value.is_object() {
        return Err(Problem::invalid("The body is not a JSON object.").at("", "is not an object"));
    }
    serde_path_to_error::deserialize(value).map_err(|e| {
        let pointer: String = e.path().iter().map(segment).collect();
        let why = e.inner().to_string();
        Problem::invalid(format!("The body is not what this address reads: {why}.")).at(pointer, why)
    })
}

fn segment(segment: &serde_path_to_error::Segment) -> String {
    use serde_path_to_error::Segment;
    match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { variant } => format!("/{variant}"),
        Segment::Unknown => String::new(),
    }
}
