//! `/deals/{id}/...`: what happens under a deal: users, deliveries, obligations, incidents, the reuser's view.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::body::Posted;
use super::super::caller::Caller;
use super::super::parts::{Paged, Path, Query, page};
use super::{Problem, Service};
use crate::engine::{
    DealEvent, Delivery, EngineError, Fulfilment, Incident, NamedUser, ObligationNow, Pending, UserNow, UserRemoved,
};
use crate::model::Urn;
use crate::rights::Actor;

type Recorded = (StatusCode, Json<DealEvent>);

async fn recorded<T>(
    service: &Service,
    deal: &Urn,
    posted: &Posted<T>,
    call: impl FnOnce(&Actor, &T) -> Result<Pending<DealEvent>, EngineError>,
) -> Result<Recorded, Problem> {
    let event = posted.make(call, |id| service.engine.deal_event(&posted.actor, deal, id)).await?;
    Ok((StatusCode::CREATED, Json(event)))
}

/// Everything that happened under a deal.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Events {
    /// In the order in which it was recorded, by seconds.
    items: Vec<DealEvent>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Urn>,
}

/// Lists what happened under a deal
#[utoipa::path(get, path = "/deals/{id}/events", tag = "deals", operation_id = "listDealEvents",
    params(("id" = Urn, Path, description = "The deal"), Paged),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Users, deliveries, proofs, incidents and views", body = Events)))]
pub(in crate::http) async fn events(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
    Query(paged): Query<Paged>,
) -> Result<Json<Events>, Problem> {
    let (items, next) = service.engine.deal_events_after(&actor, &id, paged.after(), paged.limit())?;
    Ok(Json(Events { items, next }))
}

/// Who may use the data.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Users {
    /// The persons who were named.
    items: Vec<UserNow>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Urn>,
}

/// Lists the users of a deal
#[utoipa::path(get, path = "/deals/{id}/users", tag = "deals", operation_id = "listUsers",
    params(("id" = Urn, Path, description = "The deal"), Paged),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Who was named, and who may use the data now", body = Users)))]
pub(in crate::http) async fn users(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
    Query(paged): Query<Paged>,
) -> Result<Json<Users>, Problem> {
    let (items, next) = page(service.engine.users(&actor, &id)?, paged.after(), paged.limit(), |user| user.id)?;
    Ok(Json(Users { items, next }))
}

/// Names a person who may use the data
#[utoipa::path(post, path = "/deals/{id}/users", tag = "deals", operation_id = "nameUser", request_body = NamedUser,
    params(("id" = Urn, Path, description = "The deal")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "Named, with a pseudonym for data servers", body = DealEvent)))]
pub(in crate::http) async fn name_user(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<NamedUser>,
) -> Result<Recorded, Problem> {
    recorded(&service, &id, &posted, |actor, user| service.engine.name_user(actor, &id, user.clone())).await
}

/// Takes a person off the users of a deal
#[utoipa::path(post, path = "/deals/{id}/user-removals", tag = "deals", operation_id = "removeUser",
    request_body = UserRemoved, params(("id" = Urn, Path, description = "The deal")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "Removed", body = DealEvent)))]
pub(in crate::http) async fn remove_user(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<UserRemoved>,
) -> Result<Recorded, Problem> {
    recorded(&service, &id, &posted, |actor, user| service.engine.remove_user(actor, &id, user.clone())).await
}

/// Records a delivery of data
#[utoipa::path(post, path = "/deals/{id}/deliveries", tag = "deals", operation_id = "recordDelivery",
    request_body = Delivery, params(("id" = Urn, Path, description = "The deal")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "Recorded", body = DealEvent)))]
pub(in crate::http) async fn deliver(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Delivery>,
) -> Result<Recorded, Problem> {
    recorded(&service, &id, &posted, |actor, given| service.engine.record_delivery(actor, &id, given.clone())).await
}

/// The obligations of a deal.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Obligations {
    /// Each as often as it fell due.
    items: Vec<ObligationNow>,
}

/// Lists the obligations of a deal with their dates
#[utoipa::path(get, path = "/deals/{id}/obligations", tag = "deals", operation_id = "listObligations",
    params(("id" = Urn, Path, description = "The deal")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "What is due, what was met, and what is late", body = Obligations)))]
pub(in crate::http) async fn obligations(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
) -> Result<Json<Obligations>, Problem> {
    Ok(Json(Obligations { items: service.engine.obligations(&actor, &id)? }))
}

/// Says that an obligation was met, with proof
#[utoipa::path(post, path = "/deals/{id}/fulfilments", tag = "deals", operation_id = "proveObligation",
    request_body = Fulfilment, params(("id" = Urn, Path, description = "The deal")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "Recorded", body = DealEvent)))]
pub(in crate::http) async fn prove(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Fulfilment>,
) -> Result<Recorded, Problem> {
    recorded(&service, &id, &posted, |actor, proof| service.engine.prove_obligation(actor, &id, proof.clone())).await
}

/// Reports an incident: the owner is told at once
#[utoipa::path(post, path = "/deals/{id}/incidents", tag = "deals", operation_id = "reportIncident",
    request_body = Incident, params(("id" = Urn, Path, description = "The deal")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "Reported", body = DealEvent)))]
pub(in crate::http) async fn incident(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Incident>,
) -> Result<Recorded, Problem> {
    recorded(&service, &id, &posted, |actor, it| service.engine.report_incident(actor, &id, it.clone())).await
}

/// An objection.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct StepObjected {
    /// Why.
    reasons: String,
}

/// Objects to the newest suspension or revocation of a deal
///
/// Where and until when, its record and the letter say. One that comes too late is taken in as well.
#[utoipa::path(post, path = "/deals/{id}/objections", tag = "deals", operation_id = "objectToStep",
    request_body = StepObjected, params(("id" = Urn, Path, description = "The deal")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "Taken in; the owner is told", body = DealEvent)))]
pub(in crate::http) async fn object(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<StepObjected>,
) -> Result<Recorded, Problem> {
    recorded(&service, &id, &posted, |actor, it| service.engine.object_to_step(actor, &id, &it.reasons)).await
}

/// The reuser's view.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ViewText {
    /// What the reuser says.
    text: String,
}

/// Gives the reuser's view on an announced revocation
#[utoipa::path(post, path = "/deals/{id}/views", tag = "deals", operation_id = "giveView", request_body = ViewText,
    params(("id" = Urn, Path, description = "The deal")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "Given", body = DealEvent)))]
pub(in crate::http) async fn view(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<ViewText>,
) -> Result<Recorded, Problem> {
    recorded(&service, &id, &posted, |actor, view| service.engine.give_view(actor, &id, &view.text)).await
}
