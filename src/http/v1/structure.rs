//! `/datasets/{dataset}/structure` and `/relations`: how a dataset is built, and how it relates to others.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::caller::Caller;
use super::super::parts::{Path, Query};
use super::catalogue::{actor, kept, shortly};
use super::letters::InLanguage;
use super::{Problem, Service};
use crate::catalogue::relations::{Drawn, Graph};
use crate::catalogue::structure::names::Suggestion;
use crate::engine::Engine;
use crate::model::condition::Lang;
use crate::model::dataset::Column;
use crate::model::structure::Structure;
use crate::model::{Digest, Iri};

/// How a dataset is built.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct StructureTold {
    /// Its IRI.
    dataset: Iri,
    /// The version of its description.
    version: Digest,
    /// Its columns, with types and concepts.
    columns: Vec<Column>,
    /// Its data models, keys and relations, and what its source says that has no place here.
    structure: Structure,
    /// It among the datasets that it relates to.
    relations: Graph,
    /// What names of columns suggest that is not marked: its owner decides.
    suggestions: Vec<Suggestion>,
    /// Columns that can be asked for together and that together point at one person.
    together: Vec<String>,
}

/// Shows how a dataset is built
///
/// Which columns, which concepts, which data model, and how related to other sources.
#[utoipa::path(get, path = "/datasets/{dataset}/structure", tag = "datasets", operation_id = "showStructure",
    params(("dataset" = String, Path, description = "Its slug, or its IRI")),
    responses((status = 200, description = "Its structure", body = StructureTold, headers(("ETag" = String, description = "Of this answer"))),
        (status = 304, description = "The caller has it already"),
        (status = 404, description = "There is no such dataset", body = Problem, content_type = "application/problem+json")))]
pub(in crate::http) async fn structure(
    State(service): State<Arc<Service>>,
    caller: Option<Caller>,
    headers: HeaderMap,
    Path(dataset): Path<String>,
) -> Result<Response, Problem> {
    let actor = actor(caller);
    let who = actor.clone();
    let built = service.heavy(move |engine: &Engine| engine.built(who.as_ref(), &dataset)).await?;
    let of = built.dataset.dataset;
    let told = StructureTold {
        dataset: of.id,
        version: built.dataset.version,
        columns: of.columns,
        structure: of.structure,
        relations: built.graph,
        suggestions: built.suggestions,
        together: built.together,
    };
    kept(&headers, actor.as_ref(), &told)
}

/// Shows how a dataset relates to others
///
/// As `Accept` asks: JSON, or the graph as text for Mermaid or Graphviz, or as a drawing.
#[utoipa::path(get, path = "/datasets/{dataset}/relations", tag = "datasets", operation_id = "showRelations",
    params(("dataset" = String, Path, description = "Its slug, or its IRI"), InLanguage),
    responses((status = 200, description = "The graph", content((Graph = "application/json"), (String = "text/vnd.mermaid"),
            (String = "text/vnd.graphviz"), (String = "image/svg+xml"))),
        (status = 304, description = "The caller has it already"),
        (status = 404, description = "There is no such dataset", body = Problem, content_type = "application/problem+json")))]
pub(in crate::http) async fn relations(
    State(service): State<Arc<Service>>,
    caller: Option<Caller>,
    headers: HeaderMap,
    Path(dataset): Path<String>,
    Query(asked): Query<InLanguage>,
) -> Result<Response, Problem> {
    let actor = actor(caller);
    let who = actor.clone();
    let graph = service.heavy(move |engine: &Engine| engine.relations(who.as_ref(), &dataset)).await?;
    let vary = (header::VARY, HeaderValue::from_static("accept, authorization, cookie"));
    let Some(form) = drawn(&headers) else {
        return Ok(([vary], kept(&headers, actor.as_ref(), &graph)?).into_response());
    };
    let about = [
        (header::CONTENT_TYPE, HeaderValue::from_static(form.media_type())),
        (header::CACHE_CONTROL, shortly(actor.as_ref())),
        vary,
    ];
    Ok((about, graph.draw(form, asked.lang.unwrap_or(Lang::Nl))).into_response())
}

/// The first form that a caller accepts; none: JSON.
fn drawn(headers: &HeaderMap) -> Option<Drawn> {
    let accepts = headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    let mut accepts = accepts.map(|one| one.split(';').next().unwrap_or_default().trim());
    accepts.find_map(|one| match one {
        "text/vnd.mermaid" => Some(Some(Drawn::Mermaid)),
        "text/vnd.graphviz" => Some(Some(Drawn::Dot)),
        "image/svg+xml" => Some(Some(Drawn::Svg)),
        "application/json" | "*/*" => Some(None),
        _ => None,
    })?
}
