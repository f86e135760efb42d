//! What was sent, read strictly: the record profile of JSON, no unknown member, and the place of what is wrong.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;

use super::caller::Caller;
use super::{Problem, Service};
use crate::engine::state::Made;
use crate::engine::{EngineError, Pending};
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

/// A call that makes something: by somebody, with a `T`, once for each idempotency key.
#[derive(Debug)]
pub(super) struct Posted<T> {
    /// By whom.
    pub(super) actor: Actor,
    /// What was sent.
    pub(super) value: T,
    /// What the same call made before.
    made: Option<Made>,
}

impl<T: DeserializeOwned> FromRequest<Arc<Service>> for Posted<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, Problem> {
        let (mut parts, bytes) = parts_of(request, service).await?;
        let Caller(mut actor) = <Caller as FromRequestParts<_>>::from_request_parts(&mut parts, service).await?;
        let value = read(&bytes)?;
        let Some(key) = key(&parts)? else { return Ok(Posted { actor, value, made: None }) };
        let client = format!("{}\n{key}", actor.person);
        let asked = [parts.method.as_str().as_bytes(), b"\n", parts.uri.path().as_bytes(), b"\n", &bytes].concat();
        let once = Once { key: Digest::of(client.as_bytes()), asked: Digest::of(&asked) };
        let made = service.engine.made(&once.key)?;
        if made.as_ref().is_some_and(|made| made.asked != once.asked) {
            return Err(Problem::reused("Take a new key for another request.").at("Idempotency-Key", "was used before"));
        }
        actor.once = Some(once);
        Ok(Posted { actor, value, made })
    }
}

impl<T> Posted<T> {
    /// Makes it, unless the same call made it before; then the answer is built `again` from the id of what it made.
    ///
    /// # Errors
    /// As the call; when the same call is under way elsewhere, its answer.
    pub(super) async fn make<M: Unpin>(
        &self,
        service: &Service,
        call: impl FnOnce(&Actor, &T) -> Result<Pending<M>, EngineError>,
        again: impl FnOnce(&Urn) -> Result<M, EngineError>,
    ) -> Result<M, Problem> {
        let first = |made: &Made| made.made.first().copied();
        if let Some(id) = self.made.as_ref().and_then(first) {
            return Ok(again(&id)?);
        }
        let done = match call(&self.actor, &self.value) {
            Ok(pending) => pending.await,
            Err(error) => Err(error),
        };
        match (done, self.actor.once) {
            (Ok(made), _) => Ok(made),
            (Err(error), Some(once)) if error.made_meanwhile() => {
                let made = service.engine.made(&once.key)?.filter(|made| made.asked == once.asked);
                let id = made.as_ref().and_then(first).ok_or_else(|| Problem::from(error))?;
                Ok(again(&id)?)
            }
            (Err(error), _) => Err(error.into()),
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
        if self.made.is_some() {
            return Ok(());
        }
        match call(&self.actor, &self.value) {
            Ok(pending) => match pending.await {
                Err(error) if !error.made_meanwhile() => Err(error.into()),
                _ => Ok(()),
            },
            Err(error) => Err(error.into()),
        }
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
