//! `/tokens` and `/keys`: tokens for reusers, and the keys by which data servers check them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::body::Body;
use super::super::caller::Caller;
use super::{Problem, Service, recorded};
use crate::engine::{NewToken, TokenIssued};
use crate::model::trace::Trace;
use crate::sign::token::Jwk;

/// Takes a token on a deal
///
/// For the reuser of an active deal, for one data server of its owner, for at most a quarter of an hour. It says nothing of the data,
/// and opens nothing else. Each one is a record of the access log.
#[utoipa::path(post, path = "/tokens", tag = "tokens", operation_id = "issueToken", request_body = NewToken,
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "The token", body = TokenIssued)))]
pub(in crate::http) async fn issue(
    State(service): State<Arc<Service>>,
    Extension(trace): Extension<Trace>,
    Caller(actor): Caller,
    Body(new): Body<NewToken>,
) -> Result<(StatusCode, Json<TokenIssued>), Problem> {
    let issuer = &service.config.address;
    let issued = recorded(|| service.engine.access_token(&actor, issuer, &new, trace.clone())).await?;
    Ok((StatusCode::CREATED, Json(issued)))
}

/// A key set (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct KeySet {
    /// The keys whose tokens may still count.
    keys: Vec<Jwk>,
}

/// Shows the keys that sign tokens
///
/// A data server keeps them for some minutes, and fetches them again for a `kid` that it does not know.
#[utoipa::path(get, path = "/keys", tag = "tokens", operation_id = "tokenKeys",
    responses((status = 200, description = "The key set", body = KeySet)))]
pub(in crate::http) async fn keys(
    State(service): State<Arc<Service>>,
) -> Result<([(HeaderName, HeaderValue); 2], Json<KeySet>), Problem> {
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ];
    Ok((headers, Json(KeySet { keys: service.engine.access_keys()? })))
}
