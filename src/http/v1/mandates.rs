//! `/mandates`: who may decide or approve what in whose name, and the end of that before its time.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::body::{Nothing, Posted};
use super::super::caller::Caller;
use super::super::parts::{Path, Query, limit, page};
use super::{Problem, Service};
use crate::engine::state::MandateNow;
use crate::model::{OrgId, Urn};

/// Which mandates.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ByWhom {
    /// Given by which owner; left out: by the caller's organisation, for who runs or audits the portal by all.
    owner: Option<OrgId>,
    /// What names the last item of the page before: its `next`.
    after: Option<Urn>,
    /// At most so many items, up to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u8>,
}

/// Who may decide or approve what.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Mandates {
    /// The oldest first; also those that ended or were withdrawn.
    items: Vec<MandateNow>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Urn>,
}

/// Lists mandates and appointments
#[utoipa::path(get, path = "/mandates", tag = "mandates", operation_id = "listMandates", params(ByWhom),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Who may decide or approve what in whose name", body = Mandates)))]
pub(in crate::http) async fn list(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Query(by): Query<ByWhom>,
) -> Result<Json<Mandates>, Problem> {
    let all = service.engine.mandates_seen(&actor, by.owner.as_ref())?;
    let (items, next) = page(all, by.after.as_ref(), limit(by.limit), |m| m.record.id)?;
    Ok(Json(Mandates { items, next }))
}

/// Withdraws a mandate or appointment
///
/// From now on nothing is decided or approved under it. What was done before stays valid. It is a signed record in the log, and the
/// organisation of the person is told.
#[utoipa::path(post, path = "/mandates/{id}/withdrawal", tag = "mandates", operation_id = "withdrawMandate",
    request_body = Nothing,
    params(("id" = Urn, Path, description = "The mandate: the id of its record")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The mandate, withdrawn", body = MandateNow),
        (status = 409, description = "It has ended already", body = Problem, content_type = "application/problem+json")))]
pub(in crate::http) async fn withdraw(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Nothing>,
) -> Result<Json<MandateNow>, Problem> {
    posted.act(|actor, _| service.engine.withdraw_mandate(actor, &id)).await?;
    Ok(Json(service.engine.mandate(&posted.actor, &id)?))
}
