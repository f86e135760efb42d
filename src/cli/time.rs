//! Times given on the command line: a full instant, or a day.

use chrono::NaiveDate;

use crate::model::{Time, term};

/// Reads `2026-11-25T09:00:00Z`, or `2026-11-25` for its first second in Europe/Amsterdam, as legal terms count days.
///
/// # Errors
/// A sentence that says how to write it.
pub(super) fn parse(text: &str) -> Result<Time, String> {
    if let Some(start) = text.parse::<NaiveDate>().ok().filter(|_| text.len() == 10).and_then(term::start_of) {
        return Ok(start);
    }
    text.parse().map_err(|_| format!("`{text}` is not a time: write 2026-11-25T09:00:00Z, or a day like 2026-11-25"))
}
