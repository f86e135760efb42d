//! Times given on the command line: a full instant, or a day.

use crate::model::Time;

/// Reads `2026-11-25T09:00:00Z`, or `2026-11-25` for its first second.
///
/// # Errors
/// A sentence that says how to write it.
pub(super) fn parse(text: &str) -> Result<Time, String> {
    let full = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    full.parse().map_err(|_| format!("`{text}` is not a time: write 2026-11-25T09:00:00Z, or a day like 2026-11-25"))
}
