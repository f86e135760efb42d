//! `POST /evaluation` and `/evaluations`: questions of data servers.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, FromRequest, Request, State};
use axum::http::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::super::body::bytes;
use super::super::caller::Caller;
use super::{Problem, Service, decided, recorded};
use crate::model::access::{Call, Event};
use crate::model::trace::Trace;

/// Who wants to do something.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Subject {
    /// `organisation`, or `user` for a person who is named under the deal.
    #[serde(rename = "type")]
    #[schema(examples("organisation"))]
    kind: String,
    /// Register and number; of a user the pseudonym (`accessId`).
    #[schema(examples("NL.KVK:69599084"))]
    id: String,
    /// Of a user `organisation`, its register and number; nothing else is read.
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    properties: Option<Map<String, Value>>,
}

/// What it wants to do.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Action {
    /// `read`, get the data; `use`, use them as the deal says.
    #[schema(examples("read"))]
    name: String,
    /// Not read; the NLGov profile puts the processing activity and the algorithm here.
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    properties: Option<Map<String, Value>>,
}

/// With what.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Resource {
    /// `dataset`.
    #[serde(rename = "type")]
    #[schema(examples("dataset"))]
    kind: String,
    /// Its IRI or slug.
    #[schema(examples("education"))]
    id: String,
    /// Which part of it.
    properties: Option<Part>,
}

/// Which part of a dataset. What a deal limits must be named.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Part {
    /// Columns; without this all of them.
    #[schema(min_items = 1)]
    columns: Option<Vec<String>>,
    /// The level of detail; `records` without this.
    level: Option<String>,
    /// The edition.
    edition: Option<String>,
    /// Data from this instant.
    period_from: Option<crate::model::Time>,
    /// Data before this instant.
    period_until: Option<crate::model::Time>,
    /// How many records are given; 1 without this. It counts towards the most that the deal gives a day.
    #[schema(minimum = 1)]
    volume: Option<u64>,
}

/// Beside the question. Nothing here makes a no a yes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Context {
    /// By this deal and no other.
    deal: Option<crate::model::Urn>,
    /// W3C Trace Context (NLGov): the record of the answer has this trace.
    traceparent: Option<String>,
    /// When the caller asks (NLGov); the clock of the service decides.
    time: Option<String>,
}

/// One question.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct EvaluationRequest {
    subject: Subject,
    action: Action,
    resource: Resource,
    context: Option<Context>,
}

/// Several questions; what one does not name is taken from the whole.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct EvaluationsRequest {
    subject: Option<Subject>,
    action: Option<Action>,
    resource: Option<Resource>,
    context: Option<Context>,
    /// The questions; without any the whole is one.
    #[schema(max_items = 1000)]
    evaluations: Option<Vec<PartialEvaluation>>,
    options: Option<Options>,
}

/// A question in a batch.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct PartialEvaluation {
    subject: Option<Subject>,
    action: Option<Action>,
    resource: Option<Resource>,
    context: Option<Context>,
}

/// How a batch is answered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Options {
    /// `execute_all`, `deny_on_first_deny` or `permit_on_first_permit`.
    #[schema(pattern = "^(execute_all|deny_on_first_deny|permit_on_first_permit)$")]
    evaluations_semantic: Option<String>,
}

/// An answer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct EvaluationResponse {
    /// Yes or no.
    decision: bool,
    /// Of a yes the deal and its end; of a no the reason (SPEC S-165).
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    context: Option<Map<String, Value>>,
}

/// Answers in the order of the questions; to one question alone `decision` and `context`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct EvaluationsResponse {
    evaluations: Option<Vec<EvaluationResponse>>,
    decision: Option<bool>,
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    context: Option<Map<String, Value>>,
}

/// A body that is JSON, and its bytes. The standard asks for 400 where this side is asked in another type.
#[derive(Debug)]
pub(in crate::http) struct Sent(Value, Bytes);

impl FromRequest<Arc<Service>> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let kind = parts.headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(
                Problem::invalid("Send the body as application/json.").at("Content-Type", "is not application/json")
            );
        }
        let bytes = bytes(body, service).await?;
        let value = serde_json::from_slice(&bytes);
        value.map(|value| Sent(value, bytes)).map_err(|e| Problem::invalid(format!("The body is no JSON: {e}.")))
    }
}

/// Asks one question
///
/// A no is an answer: status 200 with `decision` false. Each call is a record of the access log, durable before it is answered.
#[utoipa::path(post, path = "/evaluation", tag = "evaluation", operation_id = "evaluate", request_body = EvaluationRequest,
    security(("apiKey" = [])),
    responses((status = 200, description = "The answer", body = EvaluationResponse)))]
pub(in crate::http) async fn evaluation(
    State(service): State<Arc<Service>>,
    Extension(trace): Extension<Trace>,
    caller: Caller,
    sent: Result<Sent, Problem>,
) -> Result<Json<Value>, Problem> {
    answer(&service, &caller, sent, Event::Evaluation, &trace).await
}

/// Asks several questions
///
/// They are answered in order, as far as `options.evaluations_semantic` says. What is wrong with one of them is its own `context.error`.
#[utoipa::path(post, path = "/evaluations", tag = "evaluation", operation_id = "evaluateBatch", request_body = EvaluationsRequest,
    security(("apiKey" = [])),
    responses((status = 200, description = "The answers", body = EvaluationsResponse)))]
pub(in crate::http) async fn evaluations(
    State(service): State<Arc<Service>>,
    Extension(trace): Extension<Trace>,
    caller: Caller,
    sent: Result<Sent, Problem>,
) -> Result<Json<Value>, Problem> {
    answer(&service, &caller, sent, Event::Evaluations, &trace).await
}

/// A call of somebody known is recorded also when it is not understood; what was not JSON is recorded as null.
async fn answer(
    service: &Service,
    Caller(actor): &Caller,
    sent: Result<Sent, Problem>,
    event: Event,
    trace: &Trace,
) -> Result<Json<Value>, Problem> {
    let (problem, request) = match sent {
        Ok(Sent(request, bytes)) => match Call::read(request, event) {
            Ok(call) => return recorded(|| service.engine.access(actor, &call, trace.clone())).await.map(Json),
            Err(wrong) => {
                let problem = Problem::invalid(format!("{wrong}.")).at(wrong.pointer, wrong.why);
                (problem, serde_json::from_slice(&bytes).unwrap_or_default())
            }
        },
        Err(problem) => (problem, Value::Null),
    };
    let why = (problem.status, problem.detail.as_str());
    decided(|| service.engine.access_unread(actor, event, request.clone(), why, trace.clone())).await?;
    Err(problem)
}
