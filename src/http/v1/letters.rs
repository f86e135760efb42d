//! What is read of a request: its term, its letter and receipt, the objection; and what waits for whoever reads.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::caller::Caller;
use super::super::parts::{Paged, Path, Query};
use super::deals::With;
use super::{Problem, Service};
use crate::engine::{CaseEvent, Engine, TermNow, Work};
use crate::model::Urn;
use crate::model::bundle::Bundle;
use crate::model::condition::Lang;
use crate::model::record::Objection;
use crate::text::wrap;

/// In which language.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct InLanguage {
    /// `nl`, unless `en` is asked for.
    pub(super) lang: Option<Lang>,
}

/// A text for people.
type Plain = ([(HeaderName, &'static str); 1], String);

fn plain(text: &str) -> Plain {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], wrap(text) + "\n")
}

/// Shows the term of a request or objection, with its sum
#[utoipa::path(get, path = "/requests/{id}/term", tag = "requests", operation_id = "showTerm",
    params(("id" = Urn, Path, description = "The request")), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The term, line by line", body = TermNow)))]
pub(in crate::http) async fn term(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
) -> Result<Json<TermNow>, Problem> {
    Ok(Json(service.engine.term_now(&actor, &id)?))
}

/// The letter of the newest decision on a request
#[utoipa::path(get, path = "/requests/{id}/letter", tag = "requests", operation_id = "readLetter",
    params(("id" = Urn, Path, description = "The request"), InLanguage), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The letter", body = String, content_type = "text/plain"),
        (status = 409, description = "Nothing was decided", body = Problem, content_type = "application/problem+json")))]
pub(in crate::http) async fn letter(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
    Query(asked): Query<InLanguage>,
) -> Result<Plain, Problem> {
    Ok(plain(&service.engine.letter(&actor, &id, asked.lang.unwrap_or(Lang::Nl))?))
}

/// The letter of the newest suspension, revocation or end of a deal
#[utoipa::path(get, path = "/deals/{id}/letter", tag = "deals", operation_id = "readDealLetter",
    params(("id" = Urn, Path, description = "The deal"), InLanguage), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The letter", body = String, content_type = "text/plain")))]
pub(in crate::http) async fn deal_letter(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
    Query(asked): Query<InLanguage>,
) -> Result<Plain, Problem> {
    Ok(plain(&service.engine.deal_letter(&actor, &id, asked.lang.unwrap_or(Lang::Nl))?))
}

/// The receipt of a request
#[utoipa::path(get, path = "/requests/{id}/receipt", tag = "requests", operation_id = "readReceipt",
    params(("id" = Urn, Path, description = "The request"), InLanguage), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The receipt, with the last day", body = String, content_type = "text/plain")))]
pub(in crate::http) async fn receipt(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
    Query(asked): Query<InLanguage>,
) -> Result<Plain, Problem> {
    Ok(plain(&service.engine.receipt(&actor, &id, asked.lang.unwrap_or(Lang::Nl))?))
}

/// What happened to a request.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CaseEvents {
    /// The first first.
    items: Vec<CaseEvent>,
}

/// Lists what happened to a request
///
/// Approvals, refusals, questions and what else moved its term, each with who did it in which function, and why.
#[utoipa::path(get, path = "/requests/{id}/events", tag = "requests", operation_id = "listRequestEvents",
    params(("id" = Urn, Path, description = "The request")), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "What happened, in order", body = CaseEvents)))]
pub(in crate::http) async fn events(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
) -> Result<Json<CaseEvents>, Problem> {
    Ok(Json(CaseEvents { items: service.engine.case_events(&actor, &id)? }))
}

/// Gives one file with everything that a verifier needs
///
/// The decision with the case that it ends, and the deal if there is one: a refusal can be verified as well as a deal.
#[utoipa::path(get, path = "/requests/{id}/bundle", tag = "requests", operation_id = "bundleRequest",
    params(("id" = Urn, Path, description = "The request"), With), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The bundle: SPEC.md section 8", body = BTreeMap<String, Value>)))]
pub(in crate::http) async fn bundle(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
    Query(with): Query<With>,
) -> Result<Json<Bundle>, Problem> {
    Ok(Json(service.heavy(move |engine| engine.bundle_of_request(&actor, &id, with.evidence)).await?))
}

/// Shows the objection to the decision on a request
#[utoipa::path(get, path = "/requests/{id}/objection", tag = "requests", operation_id = "showObjection",
    params(("id" = Urn, Path, description = "The request")), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The objection", body = Objection)))]
pub(in crate::http) async fn objection(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
) -> Result<Json<Objection>, Problem> {
    Ok(Json(service.engine.objection_now(&actor, &id)?))
}

/// What waits for somebody.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct WorkList {
    /// Overdue first, then what is due soonest.
    items: Vec<Work>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Urn>,
}

/// Lists what waits for the caller
#[utoipa::path(get, path = "/work", tag = "requests", operation_id = "listWork", params(Paged), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Requests and what the caller can do about them", body = WorkList)))]
pub(in crate::http) async fn work(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Query(paged): Query<Paged>,
) -> Result<Json<WorkList>, Problem> {
    let read = move |engine: &Engine| engine.work(&actor, paged.after(), paged.limit());
    let (items, next) = service.heavy(read).await?;
    Ok(Json(WorkList { items, next }))
}
