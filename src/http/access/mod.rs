//! The use of deals, under `/access/v1`: what data servers ask (OpenID AuthZEN 1.0, NLGov profile), tokens, and calls that a proxy asks
//! about. A document of its own; errors are problems as everywhere.

mod evaluation;
mod forward;
mod log;
mod tokens;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Fault, Problem, Service, openapi};
use crate::engine::{EngineError, Pending, Recorded};

/// The place below the address of the service.
pub(super) const BASE: &str = "/access/v1";
/// Where a proxy asks about the calls that reach a data server.
pub(super) const FORWARD_AUTH: &str = "/access/v1/forward-auth";
/// How often a call is decided anew when what it read was changed meanwhile.
const TRIES: usize = 5;

/// What is said of this side as a whole.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "datadeal access",
        description = "May this organisation do this with this dataset and these columns now, by its deals? OpenID AuthZEN Authorization API 1.0 with the NLGov profile, and access tokens that a data server checks by itself.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(Problem, Fault)),
    tags(
        (name = "evaluation", description = "Questions of data servers (AuthZEN)"),
        (name = "tokens", description = "Access tokens, their keys, and calls that bring one"),
        (name = "log", description = "What was asked and answered"),
    )
)]
struct Described;

/// Every route of this side, with what it says of itself. Paths are those below `/access/v1`.
pub(super) fn router() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::with_openapi(Described::openapi())
        .routes(routes!(evaluation::evaluation))
        .routes(routes!(evaluation::evaluations))
        .routes(routes!(tokens::issue))
        .routes(routes!(tokens::keys))
        .routes(routes!(forward::forward))
        .routes(routes!(log::records))
}

/// `GET /access/v1/openapi.json`.
pub(super) async fn document(State(service): State<Arc<Service>>) -> Response {
    openapi::answer(router().into_openapi(), &service.config, BASE)
}

/// `GET /.well-known/authzen-configuration` (AuthZEN 1.0 section 9).
pub(super) async fn configuration(State(service): State<Arc<Service>>) -> Response {
    let address = &service.config.address;
    let configuration = json!({
        "policy_decision_point": address,
        "access_evaluation_endpoint": format!("{address}{BASE}/evaluation"),
        "access_evaluations_endpoint": format!("{address}{BASE}/evaluations"),
    });
    ([(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))], Json(configuration)).into_response()
}

/// As [`decided`], for an answer that may be a refusal.
async fn recorded<T: Unpin>(decide: impl FnMut() -> Result<Recorded<T>, EngineError>) -> Result<T, Problem> {
    decided(decide).await?.map_err(Problem::from)
}

/// Decides, and waits until that is durable. When a deal that permits was changed meanwhile, or the part of the log closed, it is
/// decided anew: no answer is given that did not hold when it was written.
async fn decided<T: Unpin>(mut decide: impl FnMut() -> Result<Pending<T>, EngineError>) -> Result<T, Problem> {
    for _ in 0..TRIES {
        match decide()?.await {
            Err(error) if error.is_conflict() => {}
            answer => return answer.map_err(Problem::from),
        }
    }
    Err(Problem::unavailable("What was asked about is being changed.").after(1))
}
