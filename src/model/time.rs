//! Instants in whole seconds of UTC, with one spelling, so that signed bytes are stable.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// A whole second of UTC, written `YYYY-MM-DDThh:mm:ssZ` (SPEC S-9).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Time(DateTime<Utc>);

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
        let err = || TimeError(text.chars().take(40).collect());
        let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").map_err(|_| err())?;
        let time = Time::from_unix(naive.and_utc().timestamp()).ok_or_else(err)?;
        // chrono also reads `2026-1-5T..` and a leap second: one spelling only
        if time.to_string() == text { Ok(time) } else { Err(err()) }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.format("%Y-%m-%dT%H:%M:%SZ").fmt(f)
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for Time {
    type Error = TimeError;
    fn try_from(text: String) -> Result<Self, TimeError> {
        text.parse()
    }
}

impl From<Time> for String {
    fn from(time: Time) -> String {
        time.to_string()
    }
}

/// A day of UTC, written `YYYY-MM-DD`: all that a log entry says of time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(NaiveDate);

impl From<Time> for Day {
    fn from(time: Time) -> Self {
        Day(time.day())
    }
}

impl FromStr for Day {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let err = || TimeError(text.chars().take(40).collect());
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Day).map_err(|_| err())?;
        // chrono also reads `2026-1-5`: one spelling only
        if day.to_string() == text { Ok(day) } else { Err(err()) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.format("%Y-%m-%d").fmt(f)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for Day {
    type Error = TimeError;
    fn try_from(text: String) -> Result<Self, TimeError> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
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
