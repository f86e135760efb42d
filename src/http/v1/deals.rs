//! `/deals`: offered, accepted, followed by others, suspended and revoked, and bundled for whoever wants to verify them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::super::body::{Body, Nothing, Posted};
use super::super::caller::Caller;
use super::super::parts::{Paged, Path, Query};
use super::super::version::{IfSeen, Tag, etag};
use super::{Problem, Service};
use crate::engine::{Amendment, DealStep, DealTold, Engine, EngineError, MonitorReport, Pending};
use crate::labels::SchemaLabels;
use crate::model::bundle::Bundle;
use crate::model::{OrgId, Urn};
use crate::rights::Actor;
use crate::text::{agreement, has_words};

type Created = (StatusCode, [(HeaderName, String); 1], Json<DealTold>);

/// A deal to be offered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Offer {
    /// The request that was granted.
    request: Urn,
}

/// Offers a deal on a granted request
///
/// Signed for the owner: the general part and one clause for each condition, with no field of the agreement left blank.
#[utoipa::path(post, path = "/deals", tag = "deals", operation_id = "offerDeal", request_body = Offer,
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "The deal as it is offered", body = DealTold,
        headers(("Location" = String, description = "The deal")))))]
pub(in crate::http) async fn offer(
    State(service): State<Arc<Service>>,
    posted: Posted<Offer>,
) -> Result<Created, Problem> {
    made(&service, &posted, |actor, asked| service.engine.offer(actor, &asked.request)).await
}

async fn made<T>(
    service: &Service,
    posted: &Posted<T>,
    call: impl FnOnce(&Actor, &T) -> Result<Pending<DealTold>, EngineError>,
) -> Result<Created, Problem> {
    let deal = posted.make(call, |id| service.engine.deal_now(&posted.actor, id)).await?;
    Ok((StatusCode::CREATED, [(header::LOCATION, format!("/v1/deals/{}", deal.id))], Json(deal)))
}

/// A page of deals.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Deals {
    /// The deals, the oldest first.
    items: Vec<DealTold>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Urn>,
}

/// Lists the deals that the caller may see
#[utoipa::path(get, path = "/deals", tag = "deals", operation_id = "listDeals", params(Paged),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "A page of deals", body = Deals)))]
pub(in crate::http) async fn list(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Query(paged): Query<Paged>,
) -> Result<Json<Deals>, Problem> {
    let read = move |engine: &Engine| engine.deals_after(&actor, paged.after(), paged.limit());
    let (items, next) = service.heavy(read).await?;
    Ok(Json(Deals { items, next }))
}

/// A deal with the words of its agreement.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct DealShown {
    /// The deal, and where it stands.
    #[serde(flatten)]
    told: DealTold,
    /// The whole agreement: the deal says which language prevails. Absent if its words are of a template that is not here.
    #[serde(skip_serializing_if = "Option::is_none")]
    agreement: Option<Words>,
}

/// A text in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Words {
    /// Dutch.
    nl: String,
    /// English.
    en: String,
}

/// Shows a deal with the full text of the agreement
#[utoipa::path(get, path = "/deals/{id}", tag = "deals", operation_id = "showDeal",
    params(("id" = Urn, Path, description = "The deal")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "What it says, and where it stands", body = DealShown,
        headers(("ETag" = String, description = "What is seen of it: an act that names it in `If-Match` is done to that and to nothing else")))))]
pub(in crate::http) async fn show(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
) -> Result<([Tag; 1], Json<DealShown>), Problem> {
    let (told, seen) = service.engine.deal_seen(&actor, &id)?;
    let schema = service.engine.schema()?;
    let words = |texts| agreement(texts, &SchemaLabels(&schema), &told.deal).text;
    let agreement =
        has_words(&told.deal.words).then(|| Words { nl: words(&service.dutch), en: words(&service.english) });
    Ok(([etag(seen.tag())], Json(DealShown { told, agreement })))
}

/// Gives the acceptance of an offer, to be signed elsewhere
///
/// For a reuser that holds its own key: `datadeal deal sign` signs it, without a portal. It is handed in within a week, while the offer stands.
#[utoipa::path(get, path = "/deals/{id}/acceptance", tag = "deals", operation_id = "showAcceptance",
    params(("id" = Urn, Path, description = "The deal")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The document before it is signed", body = BTreeMap<String, Value>),
        (status = 409, description = "It cannot be accepted, or there is no key to sign with", body = Problem, content_type = "application/problem+json")))]
pub(in crate::http) async fn acceptance(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(service.engine.acceptance_document(&actor, &id)?))
}

/// An acceptance.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Accept {
    /// The document of `showAcceptance`, signed; if it is left out, the service signs with the key that it keeps for the reuser.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    signed: Option<Value>,
}

/// Accepts a deal as offered
///
/// By a person with authority to bind the reuser, before the offer lapses, with evidence that is still valid.
#[utoipa::path(post, path = "/deals/{id}/acceptance", tag = "deals", operation_id = "acceptDeal", request_body = Accept,
    params(("id" = Urn, Path, description = "The deal"), IfSeen),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The deal, accepted", body = DealTold)))]
pub(in crate::http) async fn accept(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Accept>,
) -> Result<Json<DealTold>, Problem> {
    let engine = &service.engine;
    let accept = |actor: &Actor, asked: &Accept| match &asked.signed {
        Some(signed) => engine.accept_signed(actor, &id, signed),
        None => engine.accept(actor, &id, None),
    };
    posted.act(accept).await?;
    Ok(Json(service.engine.deal_now(&posted.actor, &id)?))
}

/// A step in the life of a deal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DealStepTaken)]
pub(in crate::http) struct Step {
    /// Which one. `{"intend": 14}` announces a revocation, with so many days to give a view; `"end"` is the reuser's.
    step: DealStep,
    /// Why.
    reason: String,
}

/// Suspends, resumes or revokes a deal, or announces that
#[utoipa::path(post, path = "/deals/{id}/steps", tag = "deals", operation_id = "takeStep", request_body = Step,
    params(("id" = Urn, Path, description = "The deal"), IfSeen),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Where the deal stands now", body = DealTold)))]
pub(in crate::http) async fn step(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Step>,
) -> Result<Json<DealTold>, Problem> {
    posted.act(|actor, asked| service.engine.deal_step(actor, &id, asked.step, &asked.reason)).await?;
    Ok(Json(service.engine.deal_now(&posted.actor, &id)?))
}

/// Offers the deal that follows one which nears its end
#[utoipa::path(post, path = "/deals/{id}/renewals", tag = "deals", operation_id = "renewDeal", request_body = Nothing,
    params(("id" = Urn, Path, description = "The deal"), IfSeen),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "The deal that is offered to follow", body = DealTold,
        headers(("Location" = String, description = "The deal")))))]
pub(in crate::http) async fn renew(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Nothing>,
) -> Result<Created, Problem> {
    made(&service, &posted, |actor, _| service.engine.renew(actor, &id)).await
}

/// Offers a narrower deal in the place of an active one
#[utoipa::path(post, path = "/deals/{id}/amendments", tag = "deals", operation_id = "amendDeal", request_body = Amendment,
    params(("id" = Urn, Path, description = "The deal"), IfSeen),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "The deal that is offered in its place", body = DealTold,
        headers(("Location" = String, description = "The deal")))))]
pub(in crate::http) async fn amend(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Amendment>,
) -> Result<Created, Problem> {
    made(&service, &posted, |actor, change| service.engine.amend(actor, &id, change)).await
}

/// What a bundle holds.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct With {
    /// Put the evidence in as well. It may hold business facts.
    #[serde(default)]
    pub(super) evidence: bool,
}

/// Gives one file with everything that a verifier needs
#[utoipa::path(get, path = "/deals/{id}/bundle", tag = "deals", operation_id = "bundleDeal",
    params(("id" = Urn, Path, description = "The deal"), With),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The bundle: SPEC.md section 8", body = BTreeMap<String, Value>)))]
pub(in crate::http) async fn bundle(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
    Query(with): Query<With>,
) -> Result<Json<Bundle>, Problem> {
    Ok(Json(service.heavy(move |engine| engine.bundle(&actor, &id, with.evidence)).await?))
}

/// Whose deals are asked about again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Monitor {
    /// The owner; every owner, for the operator, if it is left out.
    #[serde(default)]
    owner: Option<OrgId>,
}

/// Asks about live deals again
///
/// With the facts of this day and the conditions that reach them. Another answer than before is logged, and told to the owner.
#[utoipa::path(post, path = "/deal-reviews", tag = "deals", operation_id = "monitorDeals", request_body = Monitor,
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Which deals have another answer than before", body = MonitorReport)))]
pub(in crate::http) async fn monitor(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Body(asked): Body<Monitor>,
) -> Result<Json<MonitorReport>, Problem> {
    Ok(Json(service.heavy(move |engine| engine.monitor(&actor, asked.owner.as_ref())).await?))
}
