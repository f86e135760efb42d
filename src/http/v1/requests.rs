//! `/requests`: filed, and looked at.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::super::body::Posted;
use super::super::caller::Caller;
use super::super::parts::{Paged, Path, Query};
use super::super::version::{Tag, etag};
use super::{Problem, Service};
use crate::engine::{CaseNow, Engine, Entered, NewRequest, Question};
use crate::model::change::SetVersion;
use crate::model::input::{Facts, Scope};
use crate::model::record::Channel;
use crate::model::{DatasetName, Name, OrgId, Time, Urn};

/// A request for data.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"dataset": "education", "purpose": "dd:EducationResearch",
    "scope": {"columns": ["birth-year", "nationality", "postcode4"], "termMonths": 24}, "declared": {"category": "university"}}))]
pub(in crate::http) struct Filing {
    /// The dataset, by slug or IRI.
    dataset: DatasetName,
    /// Who asks, if the owner of the data enters what came in on paper; otherwise the organisation of who files it.
    #[serde(default)]
    applicant: Option<OrgId>,
    /// A purpose of the schema.
    #[serde(default)]
    purpose: Option<String>,
    /// What is asked; no columns: all of them.
    #[serde(default)]
    scope: Scope,
    /// What the reuser says of itself and of this request: facts of the schema with their values.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Value>)]
    declared: Facts,
    /// Evidence documents.
    #[serde(default)]
    #[schema(value_type = Vec<BTreeMap<String, Value>>)]
    evidence: Vec<Value>,
    /// Ids of promises, duties, deliveries and fees that are not accepted.
    #[serde(default)]
    declined: BTreeSet<Name>,
    /// The condition sets that answered when it was asked, as they were told: if others are in force, nothing is received.
    #[serde(default)]
    sets: Option<Vec<SetVersion>>,
    /// When it was received, if the owner enters it for the applicant.
    #[serde(default)]
    received_at: Option<Time>,
    /// How it came in, if the owner enters it for the applicant.
    #[serde(default)]
    channel: Option<Channel>,
}

impl Filing {
    fn request(&self) -> NewRequest {
        let question = Question {
            applicant: self.applicant.clone(),
            purpose: self.purpose.clone(),
            scope: self.scope.clone(),
            declared: self.declared.clone(),
            evidence: self.evidence.clone(),
            declined: self.declined.clone(),
        };
        let entered = Entered { received_at: self.received_at, channel: self.channel };
        NewRequest { dataset: self.dataset.to_string(), question, sets: self.sets.clone(), entered }
    }
}

/// Files a request
///
/// It is received now: the legal term runs. The owner of the data may enter what came in on paper, with when and how. Where no person is
/// needed it is decided at once.
#[utoipa::path(post, path = "/requests", tag = "requests", operation_id = "submitRequest", request_body = Filing,
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "Received, with the last day on which must be decided", body = CaseNow,
        headers(("Location" = String, description = "The request")))))]
pub(in crate::http) async fn submit(
    State(service): State<Arc<Service>>,
    posted: Posted<Filing>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<CaseNow>), Problem> {
    let submit = |actor: &_, filing: &Filing| service.engine.submit(actor, &filing.request());
    let case = posted.make(submit, |id| service.engine.case_now(&posted.actor, id)).await?;
    Ok((StatusCode::CREATED, [(header::LOCATION, format!("/v1/requests/{}", case.id))], Json(case)))
}

/// A page of requests.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Requests {
    /// The requests, the oldest first.
    items: Vec<CaseNow>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Urn>,
}

/// Lists the requests that the caller may see
#[utoipa::path(get, path = "/requests", tag = "requests", operation_id = "listRequests", params(Paged),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "A page of requests", body = Requests)))]
pub(in crate::http) async fn list(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Query(paged): Query<Paged>,
) -> Result<Json<Requests>, Problem> {
    let read = move |engine: &Engine| engine.cases_after(&actor, paged.after(), paged.limit());
    let (items, next) = service.heavy(read).await?;
    Ok(Json(Requests { items, next }))
}

/// Shows a request
#[utoipa::path(get, path = "/requests/{id}", tag = "requests", operation_id = "showRequest",
    params(("id" = Urn, Path, description = "The request")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Where it stands", body = CaseNow,
        headers(("ETag" = String, description = "What is seen of it: an act that names it in `If-Match` is done to that and to nothing else")))))]
pub(in crate::http) async fn show(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
) -> Result<([Tag; 1], Json<CaseNow>), Problem> {
    let (case, seen) = service.engine.case_seen(&actor, &id)?;
    Ok(([etag(seen.tag())], Json(case)))
}
