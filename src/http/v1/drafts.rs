//! `/drafts`: requests that somebody is still writing. An edit names the version that it read, in `If-Match`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::body::{Body, Posted};
use super::super::caller::Caller;
use super::super::parts::Path;
use super::checks::Asked;
use super::{Problem, Service};
use crate::engine::{CaseNow, DraftNow};
use crate::model::Urn;

/// A draft with its version in `ETag`.
type Tagged = ([(HeaderName, String); 1], Json<DraftNow>);

fn tagged(draft: DraftNow) -> Tagged {
    ([(header::ETAG, format!("\"{}\"", draft.version))], Json(draft))
}

/// The version that an edit read: the one that there is, or the edit is of something that was changed meanwhile.
fn read_version(headers: &HeaderMap, draft: &DraftNow) -> Result<u64, Problem> {
    let Some(given) = headers.get(header::IF_MATCH) else {
        return Err(
            Problem::precondition("Give the ETag of the draft that you read in If-Match.").at("If-Match", "is missing")
        );
    };
    if given.as_bytes() == format!("\"{}\"", draft.version).as_bytes() {
        return Ok(draft.version);
    }
    Err(Problem::stale("The draft was changed meanwhile. Read it again, then repeat.")
        .at("If-Match", "is another version"))
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
) -> Result<(StatusCode, [(HeaderName, String); 2], Json<DraftNow>), Problem> {
    let make = |actor: &_, asked: &Asked| service.engine.new_draft(actor, asked.dataset.as_str(), &asked.question());
    let id = posted.make(&service, make, |id| Ok(*id)).await?;
    let draft = service.engine.draft(&posted.actor, &id)?;
    let headers = [(header::LOCATION, format!("/v1/drafts/{id}")), (header::ETAG, format!("\"{}\"", draft.version))];
    Ok((StatusCode::CREATED, headers, Json(draft)))
}

/// The drafts of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Drafts {
    /// The oldest first.
    items: Vec<DraftNow>,
}

/// Lists the drafts of the caller's organisation
#[utoipa::path(get, path = "/drafts", tag = "drafts", operation_id = "listDrafts",
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The drafts", body = Drafts)))]
pub(in crate::http) async fn list(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
) -> Result<Json<Drafts>, Problem> {
    Ok(Json(Drafts { items: service.engine.drafts(&actor)? }))
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
    params(("id" = Urn, Path, description = "The draft"), ("If-Match" = Option<String>, Header, description = "The ETag of the version that was read")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The draft in its new version", body = DraftNow,
        headers(("ETag" = String, description = "Its version")))))]
pub(in crate::http) async fn change(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
    headers: HeaderMap,
    Body(asked): Body<Asked>,
) -> Result<Tagged, Problem> {
    let version = read_version(&headers, &service.engine.draft(&actor, &id)?)?;
    let changed = service.engine.change_draft(&actor, &id, version, asked.dataset.as_str(), &asked.question())?;
    let id = changed.await?;
    Ok(tagged(service.engine.draft(&actor, &id)?))
}

/// Throws a draft away
#[utoipa::path(delete, path = "/drafts/{id}", tag = "drafts", operation_id = "dropDraft",
    params(("id" = Urn, Path, description = "The draft"), ("If-Match" = Option<String>, Header, description = "The ETag of the version that was read")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 204, description = "It is gone")))]
pub(in crate::http) async fn discard(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let version = read_version(&headers, &service.engine.draft(&actor, &id)?)?;
    service.engine.drop_draft(&actor, &id, version)?.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Submits a draft
///
/// The request is received now: the legal term runs, and the draft is gone.
#[utoipa::path(post, path = "/drafts/{id}/submission", tag = "drafts", operation_id = "submitDraft",
    params(("id" = Urn, Path, description = "The draft"), ("If-Match" = Option<String>, Header, description = "The ETag of the version that was read")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "Received, with the last day on which must be decided", body = CaseNow,
        headers(("Location" = String, description = "The request")))))]
pub(in crate::http) async fn submit(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
    headers: HeaderMap,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<CaseNow>), Problem> {
    let version = read_version(&headers, &service.engine.draft(&actor, &id)?)?;
    let case = service.engine.submit_draft(&actor, &id, version)?.await?;
    let place = format!("/v1/requests/{}", case.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], Json(case)))
}
