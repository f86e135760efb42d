//! `/api-keys`: credentials of machines. A key is shown once.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::body::Body;
use super::super::caller::Caller;
use super::super::parts::{PagedBy, Path, Query, page};
use super::{Problem, Service};
use crate::engine::{ApiKeyMade, ApiKeyNow, NewApiKey};

/// Makes an API key
///
/// The secret is shown this once. The call takes no idempotency key, since its answer cannot be given twice.
#[utoipa::path(post, path = "/api-keys", tag = "api-keys", operation_id = "makeApiKey", request_body = NewApiKey,
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "The key, with its secret", body = ApiKeyMade)))]
pub(in crate::http) async fn make(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Body(new): Body<NewApiKey>,
) -> Result<(StatusCode, Json<ApiKeyMade>), Problem> {
    let made = super::blocking(move || service.engine.new_api_key(&actor, &new)).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// The keys of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ApiKeys {
    /// The oldest first.
    items: Vec<ApiKeyNow>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Lists the API keys of the caller's organisation
#[utoipa::path(get, path = "/api-keys", tag = "api-keys", operation_id = "listApiKeys", params(PagedBy<String>),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The keys, without their secrets", body = ApiKeys)))]
pub(in crate::http) async fn list(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Query(paged): Query<PagedBy<String>>,
) -> Result<Json<ApiKeys>, Problem> {
    let all = service.engine.api_keys(&actor, &actor.organisation)?;
    let (items, next) = page(all, paged.after(), paged.limit(), |key| key.id.clone())?;
    Ok(Json(ApiKeys { items, next }))
}

/// Revokes an API key
#[utoipa::path(delete, path = "/api-keys/{id}", tag = "api-keys", operation_id = "revokeApiKey",
    params(("id" = String, Path, description = "Its public id", pattern = "^[0-9a-f]{16}$")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Revoked: it opens nothing any more", body = ApiKeyNow)))]
pub(in crate::http) async fn revoke(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<ApiKeyNow>, Problem> {
    super::blocking(move || service.engine.revoke_api_key(&actor, &actor.organisation, &id)).await.map(Json)
}
