//! Who calls: the holder of an API key, a person who signed in, or nobody in particular.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::{Problem, Service};
use crate::rights::Actor;

/// Somebody. A call by nobody is answered 401; `Option<Caller>` is for what everybody may ask. A credential that opens nothing is
/// refused in both cases: nobody should think that it was used.
#[derive(Debug, Clone)]
pub(super) struct Caller(pub(super) Actor);

impl FromRequestParts<Arc<Service>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Problem> {
        let caller = <Self as OptionalFromRequestParts<Arc<Service>>>::from_request_parts(parts, service).await?;
        caller.ok_or_else(|| Problem::unauthenticated("This address answers to somebody whom it knows."))
    }
}

impl OptionalFromRequestParts<Arc<Service>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Service>) -> Result<Option<Self>, Problem> {
        let shown = parts.extensions.get::<Shown>().cloned();
        shown.map(|Shown(shown)| shown.map(Caller)).transpose()
    }
}

/// What the credential of a call opened; looked up once a call (`limit`).
#[derive(Debug, Clone)]
pub(super) struct Shown(pub(super) Result<Actor, Problem>);

impl Service {
    /// Who shows a credential: in the header, or else by the session. None if there is neither.
    pub(super) async fn shown(&self, parts: &Parts) -> Option<Shown> {
        let Some(header) = parts.headers.get(AUTHORIZATION) else {
            return self.signed_in(parts).await.transpose().map(Shown);
        };
        let refused = || Problem::unauthenticated("The API key is unknown, revoked or past its term.");
        let secret = header.to_str().ok().and_then(|h| h.split_once(' '));
        let secret =
            secret.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, secret)| secret.trim());
        Some(Shown(match secret.map(|secret| self.engine.actor_with_key(secret)) {
            Some(Ok(Some(actor))) => Ok(actor),
            Some(Err(error)) => Err(error.into()),
            Some(Ok(None)) | None => Err(refused()),
        }))
    }
}
