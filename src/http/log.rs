//! The log under `/log`, as C2SP tlog-tiles asks: any client of that format reads it, and nothing in it is private. Tiles never change;
//! the checkpoint does at every commit.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::parts::{Path, Query};
use super::{Problem, Service};
use crate::engine::EngineError;
use crate::merkle::tiles::{Tile, TileKind};

/// How many entries are in one page.
const PAGE: usize = 256;
/// A tile is the same for good, the last checkpoint for as long as it takes to look again.
const FOREVER: &str = "public, max-age=31536000, immutable";
const SHORTLY: &str = "public, max-age=2";

pub(super) fn router() -> Router<Arc<Service>> {
    Router::new()
        .route("/checkpoint", get(checkpoint))
        .route("/tile/{*path}", get(tile))
        .route("/entries", get(entries))
        .route("/proof", get(proof))
        .route("/consistency", get(consistency))
        .route("/key", get(key))
        .route("/cosignatures", post(cosignatures))
}

type Headers = [(HeaderName, HeaderValue); 3];

fn headers(kind: &'static str, cache: &'static str) -> Headers {
    [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ]
}

fn text(text: String, cache: &'static str) -> Response {
    (headers("text/plain; charset=utf-8", cache), text).into_response()
}

/// The newest checkpoint, with the cosignatures of witnesses.
async fn checkpoint(State(service): State<Arc<Service>>) -> Result<Response, Problem> {
    Ok(text(service.engine.newest()?.note.to_string(), SHORTLY))
}

/// A tile of hashes or entries by its path; another spelling of it is no path.
async fn tile(State(service): State<Arc<Service>>, Path(path): Path<String>) -> Result<Response, Problem> {
    let none = || Problem::not_found("There is no such tile.");
    let tile: Tile = format!("tile/{path}").parse().map_err(|_| none())?;
    let bytes = service.engine.log_reader().tile(tile).map_err(EngineError::from)?.ok_or_else(none)?;
    let kind = match tile.kind() {
        TileKind::Entries | TileKind::Hashes(_) => "application/octet-stream",
    };
    Ok((headers(kind, FOREVER), bytes).into_response())
}

/// Which entries.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct From {
    #[serde(default)]
    from: u64,
}

/// A page of entries as JSON, for those who read one and not the tree.
async fn entries(State(service): State<Arc<Service>>, Query(which): Query<From>) -> Result<Response, Problem> {
    let leaves = service.engine.store().leaves(which.from, PAGE).map_err(EngineError::from)?;
    let next = leaves.last().filter(|_| leaves.len() == PAGE).map(|leaf| leaf.index + 1);
    let entry = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap_or_default();
    let items: Vec<_> = leaves.iter().map(|leaf| json!({"index": leaf.index, "entry": entry(&leaf.bytes)})).collect();
    let page = match next {
        Some(next) => json!({"items": items, "next": next}),
        None => json!({"items": items}),
    };
    Ok((headers("application/json", SHORTLY), page.to_string()).into_response())
}

/// Which entry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    entry: String,
}

/// The proof that an entry is in the log: by index, or by id or digest of its record.
async fn proof(State(service): State<Arc<Service>>, Query(which): Query<Entry>) -> Result<Response, Problem> {
    // for a digest each part of the log is asked
    let engine = Arc::clone(&service.engine);
    let proven = super::v1::blocking(move || engine.prove_entry(&which.entry)).await?;
    Ok(text(proven.proof.to_string(), SHORTLY))
}

/// Two sizes of the log.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sizes {
    old: u64,
    new: Option<u64>,
}

/// The proof that the smaller log is the beginning of the larger one; to the newest it is the question to a witness.
async fn consistency(State(service): State<Arc<Service>>, Query(sizes): Query<Sizes>) -> Result<Response, Problem> {
    let found = service.engine.continuation(sizes.old, sizes.new)?;
    let ((old, old_root), (new, new_root)) = (found.old, found.new);
    let question = found.question().map(|question| question.to_string());
    let answer = json!({
        "old": {"size": old, "root": old_root}, "new": {"size": new, "root": new_root}, "proof": found.proof,
        "question": question,
    });
    Ok((headers("application/json", SHORTLY), answer.to_string()).into_response())
}

/// The key of the log, as verifiers are given it.
async fn key(State(service): State<Arc<Service>>) -> Result<Response, Problem> {
    Ok(text(format!("{}\n", service.engine.log_key()?), SHORTLY))
}

/// Takes cosignatures of the witnesses that the configuration names: what they answered, or the checkpoint with their lines. The lines
/// prove who made them, so nobody signs in. Answers with the checkpoint as it is kept now.
async fn cosignatures(State(service): State<Arc<Service>>, request: Request) -> Result<Response, Problem> {
    let note = super::body::bytes(request.into_body(), &service).await?;
    let note = String::from_utf8(note.into()).map_err(|_| Problem::invalid("The body is no UTF-8."))?;
    let engine = Arc::clone(&service.engine);
    let witnesses = service.witnesses.clone();
    let kept = super::v1::blocking(move || engine.keep_cosignatures(&note, &witnesses)).await?;
    Ok(text(kept.note.to_string(), "no-store"))
}
