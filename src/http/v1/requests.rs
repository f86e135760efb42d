//! `/requests`: filed, and looked at.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::body::Posted;
use super::super::caller::Caller;
use super::super::parts::{Path, Query};
use super::checks::Asked;
use super::{Problem, Service};
use crate::engine::{CaseNow, NewRequest};
use crate::model::Urn;

/// Files a request
///
/// It is received now: the legal term runs. Where no person is needed it is decided at once.
#[utoipa::path(post, path = "/requests", tag = "requests", operation_id = "submitRequest", request_body = Asked,
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "Received, with the last day on which must be decided", body = CaseNow,
        headers(("Location" = String, description = "The request")))))]
pub(in crate::http) async fn submit(
    State(service): State<Arc<Service>>,
    posted: Posted<Asked>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<CaseNow>), Problem> {
    let new = |asked: &Asked, channel| NewRequest {
        dataset: asked.dataset.clone(),
        question: asked.question(),
        received_at: None,
        channel,
    };
    let submit = |actor: &_, asked: &_| service.engine.submit(actor, &new(asked, actor.sign_in.channel()));
    let case = posted.make(&service, submit, |id| service.engine.case_now(&posted.actor, id)).await?;
    Ok((StatusCode::CREATED, [(header::LOCATION, format!("/v1/requests/{}", case.id))], Json(case)))
}

/// Which page of a list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Paged {
    /// The id of the last item of the page before.
    after: Option<Urn>,
    /// At most so many items, up to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u8>,
}

impl Paged {
    pub(super) fn after(&self) -> Option<&Urn> {
        self.after.as_ref()
    }
    pub(super) fn limit(&self) -> usize {
        usize::from(self.limit.unwrap_or(50).clamp(1, 100))
    }
}

/// A page of requests.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Requests {
    /// The requests, the oldest first.
    items: Vec<CaseNow>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Urn>,
}

/// Lists the requests that the caller may see
#[utoipa::path(get, path = "/requests", tag = "requests", operation_id = "listRequests", params(Paged),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "A page of requests", body = Requests)))]
pub(in crate::http) async fn list(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Query(paged): Query<Paged>,
) -> Result<Json<Requests>, Problem> {
    let (items, next) = service.engine.cases_after(&actor, paged.after(), paged.limit())?;
    Ok(Json(Requests { items, next }))
}

/// Shows a request
#[utoipa::path(get, path = "/requests/{id}", tag = "requests", operation_id = "showRequest",
    params(("id" = Urn, Path, description = "The request")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Where it stands", body = CaseNow)))]
pub(in crate::http) async fn show(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
) -> Result<Json<CaseNow>, Problem> {
    Ok(Json(service.engine.case_now(&actor, &id)?))
}
