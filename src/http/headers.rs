//! The headers that every answer has: the version of the API, and what browsers must not do (API Design Rules, /core/version-header
//! and /core/transport/security-headers).

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

use super::Service;

/// The version of the API, in full (semver).
pub(super) const API_VERSION: &str = "1.0.0";

const EVERY: [(HeaderName, &str); 7] = [
    (HeaderName::from_static("api-version"), API_VERSION),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Given by a caller, and given back (AuthZEN 1.0 section 10.1.3).
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Adds them; a route that set one keeps its own. Nothing is stored by caches unless a route says so.
pub(super) fn add(service: &Service, request_id: Option<HeaderValue>, response: &mut Response) {
    let headers = response.headers_mut();
    if let Some(id) = request_id {
        headers.insert(REQUEST_ID, id);
    }
    for (name, value) in EVERY {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if service.config.by_tls() {
        headers
            .insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
}
