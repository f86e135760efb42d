//! Instants in whole seconds of UTC, with one spelling, so that signed bytes are stable.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Timelike as _, Utc};

use super::as_text::as_text;

/// A whole second of UTC, written `YYYY-MM-DDThh:mm:ssZ` (SPEC S-9).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(DateTime<Utc>);
as_text!(Time, format = "date-time", "2026-11-25T09:30:00Z");

/// A text that is no instant of the profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time like `2026-11-25T09:30:00Z`")]
pub struct TimeError(String);

impl Time {
    /// 1970-01-01T00:00:00Z, the first instant of the profile.
    pub const EPOCH: Time = Time(DateTime::UNIX_EPOCH);

    /// From seconds since 1970-01-01T00:00:00Z; none outside the years 1970 to 9999.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        let time = DateTime::from_timestamp(seconds, 0)?;
        (0..=253_402_300_799).contains(&seconds).then_some(Time(time))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix(self) -> i64 {
        self.0.timestamp()
    }

    /// The UTC day, `YYYY-MM-DD`.
    #[must_use]
    pub fn day(self) -> NaiveDate {
        self.0.date_naive()
    }

    /// This instant moved by a number of seconds; stays at the ends of the range.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        TimeDelta::try_seconds(seconds)
            .and_then(|d| self.0.checked_add_signed(d))
            .and_then(|t| Time::from_unix(t.timestamp()))
            .unwrap_or(self)
    }

    /// The same instant as chrono's type.
    #[must_use]
    pub fn chrono(self) -> DateTime<Utc> {
        self.0
    }
}

impl FromStr for Time {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let read = || {
            let (day, time) = text.strip_suffix('Z')?.split_once('T')?;
            let [hour, minute, second] = numbers(time, b':', [2, 2, 2])?;
            Time::from_unix(date(day)?.and_hms_opt(hour, minute, second)?.and_utc().timestamp())
        };
        read().ok_or_else(|| TimeError(text.chars().take(40).collect()))
    }
}

/// A date with all its digits.
fn date(text: &str) -> Option<NaiveDate> {
    let [year, month, day] = numbers(text, b'-', [4, 2, 2])?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// Three numbers of so many digits each. One spelling only, and by hand: times are read and written for every record.
fn numbers(text: &str, between: u8, digits: [usize; 3]) -> Option<[u32; 3]> {
    let mut parts = text.as_bytes().split(|b| *b == between);
    let mut number = |digits: usize| {
        let part = parts.next().filter(|p| p.len() == digits && p.iter().all(u8::is_ascii_digit))?;
        Some(part.iter().fold(0, |n, digit| n * 10 + u32::from(digit - b'0')))
    };
    let [first, second, third] = digits;
    let found = [number(first)?, number(second)?, number(third)?];
    parts.next().is_none().then_some(found)
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second) = (self.0.hour(), self.0.minute(), self.0.second());
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}Z", Day(self.day()))
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A day, written `YYYY-MM-DD`: of UTC in a log entry, of Europe/Amsterdam in a legal term.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);
as_text!(Day, format = "date", "2026-11-25");

impl From<Time> for Day {
    fn from(time: Time) -> Self {
        Day(time.day())
    }
}

impl From<NaiveDate> for Day {
    fn from(day: NaiveDate) -> Self {
        Day(day)
    }
}

impl Day {
    /// The day as a date of the calendar.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        self.0
    }
}

impl FromStr for Day {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        date(text).map(Day).ok_or_else(|| TimeError(text.chars().take(40).collect()))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S-9: one spelling per instant.
    #[test]
    fn reads_one_spelling_only() {
        let t: Time = "2026-11-25T09:30:00Z".parse().unwrap();
        assert_eq!(t.to_string(), "2026-11-25T09:30:00Z");
        assert_eq!(t.day().to_string(), "2026-11-25");
        assert_eq!(t.plus_seconds(60).to_string(), "2026-11-25T09:31:00Z");
        for bad in [
            "2026-1-25T09:30:00Z",
            "2026-11-25T09:30:00+00:00",
            "2026-11-25 09:30:00Z",
            "2026-11-25T09:30:60Z",
            "1969-12-31T23:59:59Z",
            "2026-02-30T00:00:00Z",
            "",
        ] {
            assert!(bad.parse::<Time>().is_err(), "{bad}");
        }
    }
}
