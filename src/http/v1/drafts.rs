//! `/drafts`: requests that somebody is still writing. An edit names the version that it read, in `If-Match`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::body::{Body, Nothing, Posted};
use super::super::caller::Caller;
use super::super::parts::{Paged, Path, Query};
use super::super::version::{Read, Tag, etag, unseen};
use super::checks::Asked;
use super::{Problem, Service};
use crate::engine::{CaseNow, DraftNow, Engine};
use crate::model::Urn;
use crate::rights::Actor;

/// A draft with what is seen of it in `ETag`.
type Tagged = ([Tag; 1], Json<DraftNow>);

fn tagged(draft: DraftNow) -> Tagged {
    ([etag(draft.seen.tag())], Json(draft))
}

/// Begins a draft
///
/// A draft is no request: nothing is logged, and no legal term runs. The answer is that of a check.
#[utoipa::path(post, path = "/drafts", tag = "drafts", operation_id = "makeDraft", request_body = Asked,
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "The draft, with the answer as it would be", body = DraftNow,
        headers(("Location" = String, description = "The draft"), ("ETag" = String, description = "Its version")))))]
pub(in crate::http) async fn make(
    State(service): State<Arc<Service>>,
    posted: Posted<Asked>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Tagged), Problem> {
    let make = |actor: &_, asked: &Asked| service.engine.new_draft(actor, asked.dataset.as_str(), &asked.question());
    let id = posted.make(make, |id| Ok(*id)).await?;
    let draft = service.engine.draft(&posted.actor, &id)?;
    let place = [(header::LOCATION, format!("/v1/drafts/{id}"))];
    Ok((StatusCode::CREATED, place, tagged(draft)))
}

/// The drafts of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Drafts {
    /// The oldest first.
    items: Vec<DraftNow>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Urn>,
}

/// Lists the drafts of the caller's organisation
#[utoipa::path(get, path = "/drafts", tag = "drafts", operation_id = "listDrafts", params(Paged),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The drafts", body = Drafts)))]
pub(in crate::http) async fn list(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Query(paged): Query<Paged>,
) -> Result<Json<Drafts>, Problem> {
    let read = move |engine: &Engine| engine.drafts_after(&actor, paged.after(), paged.limit());
    let (items, next) = service.heavy(read).await?;
    Ok(Json(Drafts { items, next }))
}

/// Shows a draft
#[utoipa::path(get, path = "/drafts/{id}", tag = "drafts", operation_id = "showDraft",
    params(("id" = Urn, Path, description = "The draft")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The draft, with the answer as it would be", body = DraftNow,
        headers(("ETag" = String, description = "Its version")))))]
pub(in crate::http) async fn show(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
) -> Result<Tagged, Problem> {
    Ok(tagged(service.engine.draft(&actor, &id)?))
}

/// Writes a draft anew
#[utoipa::path(put, path = "/drafts/{id}", tag = "drafts", operation_id = "changeDraft", request_body = Asked,
    params(("id" = Urn, Path, description = "The draft"), ("If-Match" = String, Header, description = "The `ETag` of what was read")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The draft in its new version", body = DraftNow,
        headers(("ETag" = String, description = "Its version")))))]
pub(in crate::http) async fn change(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
    Read(version): Read,
    Body(asked): Body<Asked>,
) -> Result<Tagged, Problem> {
    let changed = service.engine.change_draft(&actor, &id, version, asked.dataset.as_str(), &asked.question())?;
    changed.await?;
    Ok(tagged(service.engine.draft(&actor, &id)?))
}

/// Throws a draft away
#[utoipa::path(delete, path = "/drafts/{id}", tag = "drafts", operation_id = "dropDraft",
    params(("id" = Urn, Path, description = "The draft"), ("If-Match" = String, Header, description = "The `ETag` of what was read")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 204, description = "It is gone")))]
pub(in crate::http) async fn discard(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
    Read(version): Read,
) -> Result<StatusCode, Problem> {
    service.engine.drop_draft(&actor, &id, version)?.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Submits a draft
///
/// The request is received now: the legal term runs, and the draft is gone. Nothing is received under other conditions than were seen.
#[utoipa::path(post, path = "/drafts/{id}/submission", tag = "drafts", operation_id = "submitDraft", request_body = Nothing,
    params(("id" = Urn, Path, description = "The draft"), ("If-Match" = String, Header, description = "The `ETag` of what was read")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "Received, with the last day on which must be decided", body = CaseNow,
        headers(("Location" = String, description = "The request")))))]
pub(in crate::http) async fn submit(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Nothing>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<CaseNow>), Problem> {
    let seen = posted.actor.seen.ok_or_else(unseen)?;
    let submit = |actor: &Actor, _: &_| service.engine.submit_draft(actor, &id, seen.version);
    let case = posted.make(submit, |id| service.engine.case_now(&posted.actor, id)).await?;
    Ok((StatusCode::CREATED, [(header::LOCATION, format!("/v1/requests/{}", case.id))], Json(case)))
}
