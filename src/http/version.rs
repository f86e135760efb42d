//! Edits: what was read has a version (`ETag`), and an edit names the one that it read (`If-Match`), so that nobody writes over what
//! somebody else wrote meanwhile.

use std::fmt::Display;

use axum::extract::FromRequestParts;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};

use super::Problem;
use crate::model::Urn;
use crate::rights::Seen;

/// The version that an edit read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read(pub(super) u64);

impl<S: Send + Sync> FromRequestParts<S> for Read {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let header = parts.headers.get(IF_MATCH).ok_or_else(unseen)?;
        // the version of the row comes first
        quoted(header).and_then(|tag| tag.split('.').next()?.parse().ok()).map(Read).ok_or_else(unreadable)
    }
}

/// The problem of an edit that names no version.
pub(super) fn unseen() -> Problem {
    Problem::precondition("Send the `ETag` of what you read as `If-Match`.").at("If-Match", "is missing")
}

/// How an act names what the caller saw.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it says what the header is; `Posted` reads it")]
pub(super) struct IfSeen {
    /// The `ETag` of what was seen. If anything else came since, or other conditions are in force, nothing is done: 409 with what changed.
    #[param(rename = "If-Match")]
    if_match: Option<String>,
}

/// What a caller says that it saw of a request or deal before it acts on it; none if it does not say so.
pub(super) fn seen(parts: &Parts, of: Urn) -> Result<Option<Seen>, Problem> {
    let header = parts.headers.get(IF_MATCH).filter(|header| header.as_bytes() != b"*");
    header.map(|header| quoted(header).and_then(|tag| Seen::read(of, tag)).ok_or_else(unreadable)).transpose()
}

fn quoted(header: &HeaderValue) -> Option<&str> {
    header.to_str().ok()?.trim().strip_prefix('"')?.strip_suffix('"')
}

fn unreadable() -> Problem {
    Problem::invalid("The version that was read cannot be read.").at("If-Match", "is no ETag of this address")
}

/// A header that says in which version something is shown.
pub(super) type Tag = (HeaderName, HeaderValue);

/// The header of a version.
pub(super) fn etag(version: impl Display) -> Tag {
    let value = HeaderValue::from_str(&format!("\"{version}\""));
    (ETAG, value.unwrap_or_else(|_| HeaderValue::from_static("\"0\"")))
}
