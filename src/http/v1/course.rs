//! `/requests/{id}/...`: what happens to a request on its way: completed, asked, approved, decided, objected to. Each answers with where the
//! request stands then.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::body::Posted;
use super::super::parts::Path;
use super::super::version::IfSeen;
use super::{Problem, Service};
use crate::engine::{CaseNow, Completion, EngineError, Entered, NewObjection, Pending};
use crate::model::record::{Channel, ExtraTerm, ObjectionOutcome};
use crate::model::term::SuspensionKind;
use crate::model::{Day, Time, Urn};
use crate::rights::Actor;

/// Does something to a request, once, and tells where it stands then.
async fn act<T, M: Unpin>(
    service: &Service,
    id: Urn,
    posted: &Posted<T>,
    call: impl FnOnce(&Actor, &T) -> Result<Pending<M>, EngineError>,
) -> Result<Json<CaseNow>, Problem> {
    posted.act(call).await?;
    Ok(Json(service.engine.case_now(&posted.actor, &id)?))
}

/// Why, where one may say so.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct MayGiveReason {
    /// Why.
    #[serde(default)]
    reason: Option<String>,
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct WithReason {
    /// Why.
    reason: String,
}

/// What completes a request, and how and when it came in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct Completing {
    /// What is new.
    completion: Completion,
    /// When it was received, if the owner enters it for the applicant.
    #[serde(default)]
    received_at: Option<Time>,
    /// How it came in, if the owner enters it for the applicant.
    #[serde(default)]
    channel: Option<Channel>,
}

/// Completes a request
///
/// Only what is named changes. Approvals that were given count no longer, and a term that stood still for it goes on.
#[utoipa::path(post, path = "/requests/{id}/completions", tag = "requests", operation_id = "completeRequest", request_body = Completing,
    params(("id" = Urn, Path, description = "The request"), IfSeen), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Where it stands", body = CaseNow)))]
pub(in crate::http) async fn complete(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Completing>,
) -> Result<Json<CaseNow>, Problem> {
    let call = |actor: &Actor, c: &Completing| {
        let entered = Entered { received_at: c.received_at, channel: c.channel };
        service.engine.complete(actor, &id, &c.completion, entered)
    };
    act(&service, id, &posted, call).await.map_err(|problem| problem.below("/completion"))
}

/// Withdraws a request
#[utoipa::path(post, path = "/requests/{id}/withdrawal", tag = "requests", operation_id = "withdrawRequest", request_body = MayGiveReason,
    params(("id" = Urn, Path, description = "The request"), IfSeen), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Where it stands", body = CaseNow)))]
pub(in crate::http) async fn withdraw(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<MayGiveReason>,
) -> Result<Json<CaseNow>, Problem> {
    act(&service, id, &posted, |actor, b| service.engine.withdraw(actor, &id, b.reason.as_deref())).await
}

/// An approval.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Approving {
    /// Which: a word of the schema.
    approval: String,
    /// Why.
    reason: String,
    /// Terms under which it is given, beside those of the conditions.
    #[serde(default)]
    terms: Vec<ExtraTerm>,
}

/// Gives an approval
///
/// When it was the last one missing, the request is decided at once.
#[utoipa::path(post, path = "/requests/{id}/approvals", tag = "requests", operation_id = "approveRequest", request_body = Approving,
    params(("id" = Urn, Path, description = "The request"), IfSeen), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Where it stands", body = CaseNow)))]
pub(in crate::http) async fn approve(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Approving>,
) -> Result<Json<CaseNow>, Problem> {
    let call =
        |actor: &Actor, a: &Approving| service.engine.approve_under(actor, &id, &a.approval, &a.reason, &a.terms);
    act(&service, id, &posted, call).await
}

/// A refusal of an approval.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Refusing {
    /// Which: a word of the schema.
    approval: String,
    /// Why.
    reason: String,
}

/// Refuses an approval
///
/// A person with a mandate then confirms the refusal of the request.
#[utoipa::path(post, path = "/requests/{id}/refusals", tag = "requests", operation_id = "refuseApproval", request_body = Refusing,
    params(("id" = Urn, Path, description = "The request"), IfSeen), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Where it stands", body = CaseNow)))]
pub(in crate::http) async fn refuse(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Refusing>,
) -> Result<Json<CaseNow>, Problem> {
    act(&service, id, &posted, |actor, r| service.engine.approve(actor, &id, &r.approval, false, &r.reason)).await
}

/// Confirms the outcome of a request
#[utoipa::path(post, path = "/requests/{id}/confirmation", tag = "requests", operation_id = "confirmDecision", request_body = MayGiveReason,
    params(("id" = Urn, Path, description = "The request"), IfSeen), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Where it stands", body = CaseNow)))]
pub(in crate::http) async fn confirm(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<MayGiveReason>,
) -> Result<Json<CaseNow>, Problem> {
    act(&service, id, &posted, |actor, b| service.engine.confirm(actor, &id, b.reason.as_deref())).await
}

/// Where a request is sent on to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Forwarding {
    /// The body whose data it is about.
    to: String,
    /// Why.
    #[serde(default)]
    reason: Option<String>,
}

/// Sends a request on to the body whose data it is about
#[utoipa::path(post, path = "/requests/{id}/forwarding", tag = "requests", operation_id = "forwardRequest", request_body = Forwarding,
    params(("id" = Urn, Path, description = "The request"), IfSeen), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Where it stands", body = CaseNow)))]
pub(in crate::http) async fn forward(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Forwarding>,
) -> Result<Json<CaseNow>, Problem> {
    let call = |actor: &Actor, f: &Forwarding| service.engine.forward_request(actor, &id, &f.to, f.reason.as_deref());
    act(&service, id, &posted, call).await
}

/// Takes a request no further
///
/// It was not completed in the time that was given for that.
#[utoipa::path(post, path = "/requests/{id}/dismissal", tag = "requests", operation_id = "dismissRequest", request_body = WithReason,
    params(("id" = Urn, Path, description = "The request"), IfSeen), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Where it stands", body = CaseNow)))]
pub(in crate::http) async fn dismiss(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<WithReason>,
) -> Result<Json<CaseNow>, Problem> {
    act(&service, id, &posted, |actor, b| service.engine.not_considered(actor, &id, &b.reason)).await
}

/// A reason to let a term stand still.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Suspending {
    /// Why it stands still. `completion` asks the applicant to complete its request.
    kind: SuspensionKind,
    /// The last day that is given to whoever is asked.
    #[serde(default)]
    until: Option<Day>,
    /// Why; of a question, what is asked.
    reason: String,
}

/// Lets the term of a request or objection stand still
#[utoipa::path(post, path = "/requests/{id}/term/suspensions", tag = "requests", operation_id = "suspendTerm", request_body = Suspending,
    params(("id" = Urn, Path, description = "The request"), IfSeen), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Where it stands", body = CaseNow)))]
pub(in crate::http) async fn suspend(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Suspending>,
) -> Result<Json<CaseNow>, Problem> {
    let call = |actor: &Actor, s: &Suspending| service.engine.suspend_term(actor, &id, s.kind, s.until, &s.reason);
    act(&service, id, &posted, call).await
}

/// Lets a term that stands still go on
#[utoipa::path(post, path = "/requests/{id}/term/resumptions", tag = "requests", operation_id = "resumeTerm", request_body = WithReason,
    params(("id" = Urn, Path, description = "The request"), IfSeen), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Where it stands", body = CaseNow)))]
pub(in crate::http) async fn resume(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<WithReason>,
) -> Result<Json<CaseNow>, Problem> {
    act(&service, id, &posted, |actor, b| service.engine.resume_term(actor, &id, &b.reason)).await
}

/// Extends a term, once
#[utoipa::path(post, path = "/requests/{id}/term/extensions", tag = "requests", operation_id = "extendTerm", request_body = WithReason,
    params(("id" = Urn, Path, description = "The request"), IfSeen), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Where it stands", body = CaseNow)))]
pub(in crate::http) async fn extend(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<WithReason>,
) -> Result<Json<CaseNow>, Problem> {
    act(&service, id, &posted, |actor, b| service.engine.extend_term(actor, &id, &b.reason)).await
}

/// An objection.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct Objecting {
    /// Why.
    reasons: String,
    /// When it was received, if the owner enters it for the applicant.
    #[serde(default)]
    received_at: Option<Time>,
    /// How it came in, if the owner enters it for the applicant.
    #[serde(default)]
    channel: Option<Channel>,
}

/// Objects to the decision on a request
#[utoipa::path(post, path = "/requests/{id}/objection", tag = "requests", operation_id = "objectToDecision", request_body = Objecting,
    params(("id" = Urn, Path, description = "The request"), IfSeen), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Where it stands", body = CaseNow)))]
pub(in crate::http) async fn object(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Objecting>,
) -> Result<Json<CaseNow>, Problem> {
    let call = |actor: &Actor, o: &Objecting| {
        let entered = Entered { received_at: o.received_at, channel: o.channel };
        service.engine.object(actor, &id, &NewObjection { reasons: o.reasons.clone(), entered })
    };
    act(&service, id, &posted, call).await
}

/// How an objection ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct DecidingObjection {
    /// `upheld`, `rejected` or `inadmissible`.
    outcome: ObjectionOutcome,
    /// Why.
    reason: String,
}

/// Decides on an objection
///
/// Who took the first decision does not. One that is upheld gives a new decision in the place of the first.
#[utoipa::path(post, path = "/requests/{id}/objection/decision", tag = "requests", operation_id = "decideObjection", request_body = DecidingObjection,
    params(("id" = Urn, Path, description = "The request"), IfSeen), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Where it stands", body = CaseNow)))]
pub(in crate::http) async fn decide_objection(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<DecidingObjection>,
) -> Result<Json<CaseNow>, Problem> {
    let call = |actor: &Actor, d: &DecidingObjection| service.engine.decide_objection(actor, &id, d.outcome, &d.reason);
    act(&service, id, &posted, call).await
}

/// Withdraws an objection
#[utoipa::path(post, path = "/requests/{id}/objection/withdrawal", tag = "requests", operation_id = "withdrawObjection", request_body = MayGiveReason,
    params(("id" = Urn, Path, description = "The request"), IfSeen), security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Where it stands", body = CaseNow)))]
pub(in crate::http) async fn withdraw_objection(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<MayGiveReason>,
) -> Result<Json<CaseNow>, Problem> {
    act(&service, id, &posted, |actor, b| service.engine.withdraw_objection(actor, &id, b.reason.as_deref())).await
}
