//! `/datasets`, `/condition-sets`, `/schema`: what anybody may read of the data, of what binds them, and of the words of facts. Answers can be
//! kept: each has an `ETag`, and who gives it back in `If-None-Match` is told whether it is still so.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::super::caller::Caller;
use super::super::parts::{Path, Query, limit};
use super::{Problem, Service, blocking};
use crate::engine::{self, DatasetRow, Engine, EngineError, Reuse, SchemaNow, SetInForce, Wanted};
use crate::model::condition::Lang;
use crate::model::dataset::{Access, Dataset};
use crate::model::facets::Facets;
use crate::model::{Day, Digest, Name, OrgId, Urn, json};
use crate::rights::Actor;

/// How long an answer is taken as it was: a new version of conditions is seen a minute later.
const SHORTLY: HeaderValue = HeaderValue::from_static("public, max-age=60");

/// The same of an answer to somebody, who may see more than others: no shared memory keeps it.
const SHORTLY_FOR_ONE: HeaderValue = HeaderValue::from_static("private, max-age=60");
/// On what an answer depends beside its address.
const WHO: HeaderValue = HeaderValue::from_static("authorization, cookie");

/// An answer with its `ETag`, or that it is what the caller has.
pub(super) fn kept<T: Serialize>(headers: &HeaderMap, actor: Option<&Actor>, answer: &T) -> Result<Response, Problem> {
    let body = json::bytes(answer, "answer").map_err(EngineError::from)?;
    Ok(tagged(headers, "application/json", [shortly(actor), WHO], body))
}

/// A body with its `ETag`, or that it is what the caller has; `about` says how long it is kept, and on what it depends beside its address.
pub(super) fn tagged(headers: &HeaderMap, kind: &'static str, about: [HeaderValue; 2], body: Vec<u8>) -> Response {
    let tag = format!("\"{}\"", Digest::of(&body));
    let has = |known: &HeaderValue| known.to_str().is_ok_and(|known| known.split(',').any(|k| k.trim() == tag));
    let known = headers.get_all(header::IF_NONE_MATCH).iter().any(has);
    let tag = HeaderValue::from_str(&tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""));
    let [keep, vary] = about;
    let about = [(header::ETAG, tag), (header::CACHE_CONTROL, keep), (header::VARY, vary)];
    if known {
        (StatusCode::NOT_MODIFIED, about).into_response()
    } else {
        (about, [(header::CONTENT_TYPE, HeaderValue::from_static(kind))], body).into_response()
    }
}

/// How long an answer to somebody, or to anybody, is taken as it was.
pub(super) fn shortly(actor: Option<&Actor>) -> HeaderValue {
    if actor.is_some() { SHORTLY_FOR_ONE } else { SHORTLY }
}

pub(super) fn actor(caller: Option<Caller>) -> Option<Actor> {
    caller.map(|Caller(actor)| actor)
}

/// Which datasets, and which page of them. What is left out limits nothing.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Which {
    /// Words that they all have, in title, description, keywords, themes, publisher or columns: in any form of the word, the last one perhaps not typed
    /// to its end. At most 32 words.
    #[param(max_length = 1000)]
    q: Option<String>,
    /// The language of the words; without it they are sought in both.
    lang: Option<Lang>,
    /// Only of this owner.
    owner: Option<OrgId>,
    /// Only about this theme: its IRI, or what that ends with.
    theme: Option<String>,
    /// Only those that are so open.
    access: Option<Access>,
    /// Only those that are given in this format, as `CSV`.
    format: Option<String>,
    /// Only those that can be had without a person deciding, or only the others.
    automatic: Option<bool>,
    /// What names the last item of the page before: its `next`.
    after: Option<Name>,
    /// At most so many items, up to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u8>,
}

/// A page of datasets.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Datasets {
    /// The datasets: by slug, or where there are words the nearest first.
    items: Vec<DatasetRow>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Name>,
    /// How many there are in all.
    total: usize,
    /// How many each other choice would leave.
    facets: Facets,
}

/// Lists the datasets, or finds some
#[utoipa::path(get, path = "/datasets", tag = "datasets", operation_id = "listDatasets", params(Which),
    responses((status = 200, description = "A page of datasets", body = Datasets, headers(("ETag" = String, description = "Of this answer"))),
        (status = 304, description = "The caller has it already")))]
pub(in crate::http) async fn list(
    State(service): State<Arc<Service>>,
    caller: Option<Caller>,
    headers: HeaderMap,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    let actor = actor(caller);
    let who = actor.clone();
    let Which { q, lang, owner, theme, access, format, automatic, after, limit: most } = which;
    let wanted = Wanted { words: q.unwrap_or_default(), lang, owner, theme, access, format, automatic };
    let find = move |engine: &Engine| engine.search(who.as_ref(), &wanted, after.as_ref(), limit(most));
    let engine::Datasets { items, next, total, facets } = service.heavy(find).await?;
    kept(&headers, actor.as_ref(), &Datasets { items, next, total, facets })
}

/// A dataset, and what binds it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct DatasetTold {
    /// As its source describes it, with its columns.
    dataset: Dataset,
    /// The version of that description.
    version: Digest,
    /// The legal name of its owner.
    owner_name: String,
    /// The condition sets in force, that of the portal first.
    sets: Vec<SetInForce>,
    /// False if no set names a ground, so that nothing can be permitted.
    has_ground: bool,
    /// The last day on which must be decided on a request that comes in today.
    last_day: Day,
    /// What reuse asks and costs, of whom evidence is taken, who decides, and how long that took.
    reuse: Reuse,
}

/// Shows a dataset, with the condition sets in force
#[utoipa::path(get, path = "/datasets/{dataset}", tag = "datasets", operation_id = "showDataset",
    params(("dataset" = String, Path, description = "Its slug, or its IRI")),
    responses((status = 200, description = "The dataset", body = DatasetTold, headers(("ETag" = String, description = "Of this answer"))),
        (status = 304, description = "The caller has it already"),
        (status = 404, description = "There is no such dataset", body = Problem, content_type = "application/problem+json")))]
pub(in crate::http) async fn show(
    State(service): State<Arc<Service>>,
    caller: Option<Caller>,
    headers: HeaderMap,
    Path(dataset): Path<String>,
) -> Result<Response, Problem> {
    let (engine, actor) = (Arc::clone(&service.engine), actor(caller));
    let who = actor.clone();
    let shown = blocking(move || engine.show(who.as_ref(), &dataset, None)).await?;
    let told = DatasetTold {
        dataset: shown.dataset.dataset,
        version: shown.dataset.version,
        owner_name: shown.owner_name,
        sets: shown.sets,
        has_ground: shown.has_ground,
        last_day: shown.last_day.into(),
        reuse: shown.reuse,
    };
    kept(&headers, actor.as_ref(), &told)
}

/// Shows a published version of a condition set
///
/// The record as it was signed; the text of the conditions stands in it.
#[utoipa::path(get, path = "/condition-sets/{id}", tag = "datasets", operation_id = "showConditionSet",
    params(("id" = Urn, Path, description = "The id of its record")),
    responses((status = 200, description = "The record", body = BTreeMap<String, Value>, headers(("ETag" = String, description = "Of this answer"))),
        (status = 304, description = "The caller has it already"),
        (status = 404, description = "There is no such set", body = Problem, content_type = "application/problem+json")))]
pub(in crate::http) async fn set(
    State(service): State<Arc<Service>>,
    caller: Option<Caller>,
    headers: HeaderMap,
    Path(id): Path<Urn>,
) -> Result<Response, Problem> {
    let actor = actor(caller);
    let record: Value = service.engine.published_set_record(actor.as_ref(), &id)?;
    kept(&headers, actor.as_ref(), &record)
}

/// Shows the schema in force
///
/// The facts, purposes, approvals and other words that conditions may read, with their labels, as Cedar text.
#[utoipa::path(get, path = "/schema", tag = "datasets", operation_id = "showSchema",
    responses((status = 200, description = "The schema", body = SchemaNow, headers(("ETag" = String, description = "Of this answer"))),
        (status = 304, description = "The caller has it already")))]
pub(in crate::http) async fn schema(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    kept(&headers, None, &service.engine.schema_now()?)
}
