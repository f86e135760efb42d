//! `/records`: the access log, page by page.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::caller::Caller;
use super::super::parts::{Query, limit};
use super::{Problem, Service};
use crate::engine::AccessPage;
use crate::model::Time;

/// Which records.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Which {
    /// From this instant.
    from: Time,
    /// Before this instant.
    until: Time,
    /// `next` of the page before.
    #[param(max_length = 100)]
    after: Option<String>,
    /// At most so many, up to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u8>,
}

/// Reads the access log
///
/// What was asked and answered, in the order of time, in the form of the Authorization Decision Log.
#[utoipa::path(get, path = "/records", tag = "log", operation_id = "accessRecords", params(Which),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "A page of records", body = AccessPage)))]
pub(in crate::http) async fn records(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Query(which): Query<Which>,
) -> Result<Json<AccessPage>, Problem> {
    let page =
        service.engine.access_records(&actor, which.from, which.until, which.after.as_deref(), limit(which.limit))?;
    Ok(Json(page))
}
