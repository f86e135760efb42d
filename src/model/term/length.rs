//! How long: days, weeks or months, written as ISO 8601 writes it.

use std::fmt;
use std::str::FromStr;

use chrono::{Days, Months, NaiveDate};

use crate::model::as_text::as_text;

/// So many days, weeks or months: `P12D`, `P4W`, `P2M`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    count: u32,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Days,
    Weeks,
    Months,
}

as_text!(Length, pattern = "^P(0|[1-9][0-9]{0,3})[DWM]$", "P4W");

/// No length of a term.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("`{0}` is no length of a term")]
#[diagnostic(code(term::length), help("write days, weeks or months: P12D, P4W, P2M"))]
pub struct LengthError(String);

impl Length {
    /// So many days.
    #[must_use]
    pub fn days(count: u32) -> Self {
        Length { count, unit: Unit::Days }
    }

    /// How many.
    #[must_use]
    pub fn count(self) -> u32 {
        self.count
    }

    /// Of what: `days`, `weeks` or `months`.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self.unit {
            Unit::Days => "days",
            Unit::Weeks => "weeks",
            Unit::Months => "months",
        }
    }

    /// The day that lies so far after another; the last of the month where months end earlier.
    #[must_use]
    pub fn after(self, day: NaiveDate) -> NaiveDate {
        let days = |n: u64| day.checked_add_days(Days::new(n));
        let end = match self.unit {
            Unit::Days => days(u64::from(self.count)),
            Unit::Weeks => days(u64::from(self.count) * 7),
            Unit::Months => day.checked_add_months(Months::new(self.count)),
        };
        end.unwrap_or(day)
    }
}

impl FromStr for Length {
    type Err = LengthError;
    fn from_str(text: &str) -> Result<Self, LengthError> {
        let read = || {
            let rest = text.strip_prefix('P')?;
            let (digits, unit) = rest.split_at_checked(rest.len().checked_sub(1)?)?;
            let unit = match unit {
                "D" => Unit::Days,
                "W" => Unit::Weeks,
                "M" => Unit::Months,
                _ => return None,
            };
            let spelled = digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit());
            let length = Length { count: digits.parse().ok().filter(|_| spelled)?, unit };
            // one spelling only
            (length.to_string() == text).then_some(length)
        };
        read().ok_or_else(|| LengthError(text.chars().take(40).collect()))
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Days => 'D',
            Unit::Weeks => 'W',
            Unit::Months => 'M',
        };
        write!(f, "P{}{unit}", self.count)
    }
}
