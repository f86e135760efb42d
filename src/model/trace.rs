//! The trace of a call (W3C Trace Context, level 1): given by the caller or begun here, with a span of our own.

use base16ct::lower::encode_string;

/// A trace and this call's place in it. All parts are hex in small letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// 16 bytes.
    pub trace_id: String,
    /// 8 bytes: this call.
    pub span_id: String,
    /// 8 bytes: the caller's span.
    pub parent_id: Option<String>,
}

impl Trace {
    /// Goes on with the trace of a `traceparent`, or begins one with the random bytes that were drawn.
    #[must_use]
    pub fn of(traceparent: Option<&str>, drawn: [u8; 24]) -> Self {
        let (trace, span) = drawn.split_at(16);
        let (trace_id, parent_id) = match traceparent.and_then(parse) {
            Some((trace, parent)) => (trace, Some(parent)),
            None => (encode_string(trace), None),
        };
        Trace { trace_id, span_id: encode_string(span), parent_id }
    }

    /// The same span in the trace of another `traceparent`, if that is one.
    #[must_use]
    pub fn within(mut self, traceparent: Option<&str>) -> Self {
        if let Some((trace, parent)) = traceparent.and_then(parse) {
            (self.trace_id, self.parent_id) = (trace, Some(parent));
        }
        self
    }
}

/// Trace id and parent id of `00-TRACE-PARENT-FLAGS`; a text that is not so is no trace (Trace Context section 3.2).
fn parse(text: &str) -> Option<(String, String)> {
    let mut parts = text.split('-');
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_goes_on_or_begins() {
        let of = |text: &str| Trace::of(Some(text), [3; 24]);
        let given = of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        assert_eq!(given.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(given.parent_id.as_deref(), Some("00f067aa0ba902b7"));
        assert_eq!(given.span_id, "0303030303030303");
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
            assert_eq!((begun.parent_id.clone(), begun.trace_id.len()), (None, 32), "{wrong}");
            assert_eq!(given.clone().within(Some(wrong)), given);
        }
    }
}
