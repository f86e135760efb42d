//! What an operator sees of a call: its trace id (W3C Trace Context), a line in the program's log, and its place in the metrics.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, histogram};
use tracing::Instrument as _;

use super::Service;
use crate::clock::Random;

/// The header of W3C Trace Context.
pub(super) const TRACEPARENT: &str = "traceparent";

/// The trace of a call: given by the caller or made here, with a span of our own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trace {
    /// 16 bytes in hex.
    pub(super) trace_id: String,
    /// 8 bytes in hex: this call.
    pub(super) span_id: String,
    /// 8 bytes in hex: the caller's span.
    pub(super) parent_id: Option<String>,
}

impl Trace {
    /// Goes on with the trace of a header, or begins one.
    fn of(header: Option<&HeaderValue>, random: &dyn Random) -> Self {
        let mut drawn = [0_u8; 24];
        // without random bytes nothing is signed; a call that only reads goes on under a trace of zeros
        let _ = random.fill(&mut drawn);
        let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
        let (trace, span) = drawn.split_at(16);
        let given = header.and_then(|h| h.to_str().ok()).and_then(parse);
        let (trace_id, parent_id) = match given {
            Some((trace, parent)) => (trace, Some(parent)),
            None => (hex(trace), None),
        };
        Trace { trace_id, span_id: hex(span), parent_id }
    }
}

/// Trace id and parent id of `00-TRACE-PARENT-FLAGS`; a header that is not so is no header (Trace Context section 3.2).
fn parse(header: &str) -> Option<(String, String)> {
    let mut parts = header.split('-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |text: &str, len| text.len() == len && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let some = |text: &str| text.bytes().any(|b| b != b'0');
    let fits = hex(version, 2)
        && version != "ff"
        && hex(trace, 32)
        && some(trace)
        && hex(parent, 16)
        && some(parent)
        && hex(flags, 2);
    let known = version != "00" || parts.next().is_none();
    (fits && known).then(|| (trace.to_owned(), parent.to_owned()))
}

/// Gives a call its trace, and counts it.
pub(super) async fn observe(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let trace = Trace::of(request.headers().get(TRACEPARENT), service.engine.random());
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |p| p.as_str().to_owned());
    let method = request.method().clone();
    let span = tracing::info_span!("call", trace_id = trace.trace_id, span_id = trace.span_id, %method, route);
    let parent = format!("00-{}-{}-01", trace.trace_id, trace.span_id);
    request.extensions_mut().insert(trace);
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, seconds) = (response.status().as_u16(), begun.elapsed().as_secs_f64());
    if let Ok(value) = HeaderValue::from_str(&parent) {
        response.headers_mut().insert(HeaderName::from_static(TRACEPARENT), value);
    }
    span.in_scope(|| tracing::debug!(status, seconds, "answered"));
    let labels = [("method", method.to_string()), ("route", route), ("status", status.to_string())];
    metrics::with_local_recorder(&service.recorder, || {
        counter!("http_requests_total", &labels).increment(1);
        histogram!("http_request_duration_seconds", &labels).record(seconds);
    });
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SeededRandom;

    #[test]
    fn a_trace_goes_on_or_begins() {
        let random = SeededRandom::not_for_production([3; 32]);
        let of = |header: &str| Trace::of(HeaderValue::from_str(header).ok().as_ref(), &random);
        let given = of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        assert_eq!(given.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(given.parent_id.as_deref(), Some("00f067aa0ba902b7"));
        assert_ne!(given.span_id, "00f067aa0ba902b7");
        // another version may say more; this one may not
        assert!(of("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more").parent_id.is_some());
        for wrong in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        ] {
            let begun = of(wrong);
            assert_eq!((begun.parent_id, begun.trace_id.len()), (None, 32), "{wrong}");
        }
    }
}
