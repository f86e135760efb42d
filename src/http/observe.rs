//! What an operator sees of a call: its trace id (W3C Trace Context), a line in the program's log, and its place in the metrics.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use metrics::{counter, histogram};
use tracing::Span;

use super::Service;
use crate::model::trace::Trace;

/// The header of W3C Trace Context.
pub(super) const TRACEPARENT: &str = "traceparent";

/// The methods that are counted by name (RFC 9110); a label that anybody may write would make series without end.
const METHODS: [&str; 9] = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

/// A call under way.
pub(super) struct Call {
    begun: Instant,
    method: &'static str,
    route: String,
    parent: String,
    /// What is said in the program's log meanwhile belongs to it.
    pub(super) span: Span,
}

impl Call {
    /// Gives a call its trace.
    pub(super) fn begin(service: &Service, request: &mut Request) -> Self {
        let begun = Instant::now();
        let mut drawn = [0; 24];
        // without random bytes nothing is signed; a call that only reads goes on under a trace of zeros
        let _ = service.engine.random().fill(&mut drawn);
        let trace = Trace::of(request.headers().get(TRACEPARENT).and_then(|h| h.to_str().ok()), drawn);
        let path = request.extensions().get::<MatchedPath>();
        let route = path.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
        let method = METHODS.into_iter().find(|method| request.method() == *method).unwrap_or("other");
        let span = tracing::info_span!("call", trace_id = trace.trace_id, span_id = trace.span_id, method, route);
        let parent = format!("00-{}-{}-01", trace.trace_id, trace.span_id);
        request.extensions_mut().insert(trace);
        Call { begun, method, route, parent, span }
    }

    /// Says the trace in the answer, and counts the call.
    pub(super) fn end(self, service: &Service, response: &mut Response) {
        let (status, seconds) = (response.status().as_u16(), self.begun.elapsed().as_secs_f64());
        if let Ok(value) = HeaderValue::try_from(self.parent) {
            response.headers_mut().insert(HeaderName::from_static(TRACEPARENT), value);
        }
        self.span.in_scope(|| tracing::info!(status, seconds, "answered"));
        let labels = [("method", self.method.to_owned()), ("route", self.route), ("status", status.to_string())];
        metrics::with_local_recorder(&service.recorder, || {
            counter!("http_requests_total", &labels).increment(1);
            histogram!("http_request_duration_seconds", &labels).record(seconds);
        });
    }
}
