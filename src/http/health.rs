//! What the machinery around the service asks: is it alive, may it get calls, how does it fare.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use metrics::counter;

use super::{Problem, Service};

/// Alive: the program answers.
pub(super) async fn healthz() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Ready: the store can be read and written, the clock is believed, and the log takes operations.
pub(super) async fn readyz(State(service): State<Arc<Service>>) -> Response {
    match service.engine.ready().await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}

/// The metrics in the text format of Prometheus.
pub(super) async fn metrics(State(service): State<Arc<Service>>) -> String {
    let written = service.engine.log().written();
    metrics::with_local_recorder(&service.recorder, || {
        counter!("commits_total").absolute(written.commits);
        counter!("committed_operations_total").absolute(written.operations);
    });
    service.recorder.handle().render()
}
