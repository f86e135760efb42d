//! `/webhooks`: addresses of the caller's own programs that are told of events, in the form of Standard Webhooks.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::body::{Nothing, Posted};
use super::super::caller::Caller;
use super::super::parts::Path;
use super::{Problem, Service};
use crate::engine::{NewWebhook, Webhook, WebhookMade};
use crate::model::Urn;

/// Registers a webhook
///
/// It is told of events of the caller's organisation: `{type, timestamp, data}` with ids and states. Calls are signed, and tried again for
/// some days until they are answered with a status from 200 to 299. The secret is shown in this answer only.
#[utoipa::path(post, path = "/webhooks", tag = "webhooks", operation_id = "addWebhook", request_body = NewWebhook,
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "The webhook, with its secret", body = WebhookMade,
        headers(("Location" = String, description = "The webhook")))))]
pub(in crate::http) async fn add(
    State(service): State<Arc<Service>>,
    posted: Posted<NewWebhook>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<WebhookMade>), Problem> {
    let (engine, client) = (&service.engine, &service.client);
    let add = |actor: &_, new: &_| engine.add_webhook(actor, &posted.actor.organisation, new, client);
    let id = posted.make(add, |id| Ok(*id)).await?;
    let made = engine.webhook_made(&posted.actor, &id)?;
    Ok((StatusCode::CREATED, [(header::LOCATION, format!("/v1/webhooks/{id}"))], Json(made)))
}

/// The webhooks of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Webhooks {
    /// The oldest first.
    items: Vec<Webhook>,
}

/// Lists the webhooks of the caller's organisation
#[utoipa::path(get, path = "/webhooks", tag = "webhooks", operation_id = "listWebhooks",
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The webhooks, without their secrets", body = Webhooks)))]
pub(in crate::http) async fn list(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
) -> Result<Json<Webhooks>, Problem> {
    Ok(Json(Webhooks { items: service.engine.webhooks(&actor, &actor.organisation)? }))
}

/// Shows a webhook
#[utoipa::path(get, path = "/webhooks/{id}", tag = "webhooks", operation_id = "showWebhook",
    params(("id" = Urn, Path, description = "The webhook")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The webhook, without its secret", body = Webhook)))]
pub(in crate::http) async fn show(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
) -> Result<Json<Webhook>, Problem> {
    Ok(Json(service.engine.webhook(&actor, &id)?))
}

/// Removes a webhook
///
/// Messages that wait for it are dropped.
#[utoipa::path(delete, path = "/webhooks/{id}", tag = "webhooks", operation_id = "removeWebhook",
    params(("id" = Urn, Path, description = "The webhook")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 204, description = "Removed: it is told of nothing any more")))]
pub(in crate::http) async fn remove(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
) -> Result<StatusCode, Problem> {
    service.engine.remove_webhook(&actor, &id)?.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a webhook a new secret
///
/// The secret before signs beside it for a day, so that the receiver has time to change.
#[utoipa::path(post, path = "/webhooks/{id}/secrets", tag = "webhooks", operation_id = "rotateWebhook", request_body = Nothing,
    params(("id" = Urn, Path, description = "The webhook")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The webhook, with its new secret", body = WebhookMade)))]
pub(in crate::http) async fn rotate(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Nothing>,
) -> Result<Json<WebhookMade>, Problem> {
    posted.act(|actor, _| service.engine.rotate_webhook(actor, &id)).await?;
    Ok(Json(service.engine.webhook_made(&posted.actor, &id)?))
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct MessageId {
    /// Its id: the header `webhook-id` of each try.
    id: Urn,
}

/// Sends a test to a webhook
#[utoipa::path(post, path = "/webhooks/{id}/tests", tag = "webhooks", operation_id = "testWebhook", request_body = Nothing,
    params(("id" = Urn, Path, description = "The webhook")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 202, description = "It is sent as any other message", body = MessageId)))]
pub(in crate::http) async fn test(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Nothing>,
) -> Result<(StatusCode, Json<MessageId>), Problem> {
    let test = |actor: &_, _: &_| service.engine.test_webhook(actor, &id);
    let id = posted.make(test, |id| Ok(*id)).await?;
    Ok((StatusCode::ACCEPTED, Json(MessageId { id })))
}
