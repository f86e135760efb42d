//! `GET /check-counts`: how many checks there were, without small cells.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::parts::Query;
use super::{Problem, Service};
use crate::engine::{Count, Engine, SMALLEST};
use crate::model::{Day, Iri};

/// Which days, of which dataset.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Days {
    /// The first day.
    from: Day,
    /// The first day that does not count any more.
    until: Day,
    /// Only of this dataset, by its IRI.
    dataset: Option<Iri>,
}

/// Daily counts of checks.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Counts {
    /// Cells with fewer checks are not shown, and no sums are given.
    smallest: u64,
    /// By day; those of the last minute may be missing.
    items: Vec<Count>,
}

/// Shows how many checks there were
///
/// By day, dataset, outcome, first unmet condition and purpose, of days that have ended. Small cells are never shown.
#[utoipa::path(get, path = "/check-counts", tag = "checks", operation_id = "checkCounts", params(Days),
    responses((status = 200, description = "The counts", body = Counts)))]
pub(in crate::http) async fn counts(
    State(service): State<Arc<Service>>,
    Query(days): Query<Days>,
) -> Result<Json<Counts>, Problem> {
    let read = move |engine: &Engine| engine.check_counts(days.from, days.until, days.dataset.as_ref());
    let items = service.heavy(read).await?;
    Ok(Json(Counts { smallest: SMALLEST, items }))
}
