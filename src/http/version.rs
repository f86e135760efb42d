//! Edits: what was read has a version (`ETag`), and an edit names the one that it read (`If-Match`), so that nobody writes over what
//! somebody else wrote meanwhile.

use axum::extract::FromRequestParts;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};

use super::Problem;
use crate::engine::EngineError;
use crate::log::LogError;
use crate::store::{Kind, Refusal};

/// The version that an edit read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read(pub(super) u64);

impl<S: Send + Sync> FromRequestParts<S> for Read {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let header = parts.headers.get(IF_MATCH).ok_or_else(|| {
            Problem::precondition("Send the `ETag` of what you read as `If-Match`.").at("If-Match", "is missing")
        })?;
        let quoted = header.to_str().ok().and_then(|h| h.trim().strip_prefix('"')?.strip_suffix('"'));
        let version = quoted.and_then(|v| v.parse().ok());
        version.map(Read).ok_or_else(|| {
            Problem::invalid("The version that was read cannot be read.").at("If-Match", "is no ETag of this address")
        })
    }
}

/// The header of a version.
pub(super) fn etag(version: u64) -> [(HeaderName, HeaderValue); 1] {
    let value = HeaderValue::from_str(&format!("\"{version}\""));
    [(ETAG, value.unwrap_or_else(|_| HeaderValue::from_static("\"0\"")))]
}

/// The problem of an edit: a row of this kind that was written meanwhile is another than the one that was read.
pub(super) fn edited(error: EngineError, edits: Kind) -> Problem {
    match &error {
        EngineError::Submit(LogError::Conflict(Refusal::Guard { kind, .. })) if *kind == edits => {
            Problem::stale("Somebody else changed it since you read it. Read it again, then repeat.")
        }
        _ => error.into(),
    }
}
