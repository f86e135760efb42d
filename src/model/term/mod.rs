//! Legal terms: how long a body has to decide on a request or an objection, what moves that, and the sum of it. Lengths are data
//! (`policies/terms.json`), for the law changes.

mod calendar;
mod length;
mod sum;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use calendar::{local_day, start_of, weeks_after, working_day};
pub use length::{Length, LengthError};
pub use sum::{Change, Event, Step, StepKind, Sum, TermFault, sum};

use super::condition::Bilingual;
use super::{JsonError, Name, Time, json};

const BUILT_IN: &str = include_str!("../../../policies/terms.json");

/// How long a body has to decide under a regime, and what moves the last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The regime; of an objection `objection`.
    pub regime: Name,
    /// The provision.
    pub law: String,
    /// What it counts from.
    pub start: Start,
    /// How long.
    pub length: Length,
    /// By how much it can be extended, once.
    pub extension: Extension,
    /// Why it can stand still, and by which provision.
    pub suspensions: BTreeMap<SuspensionKind, String>,
    /// What follows when the last day has passed.
    pub late: Bilingual,
    /// First day in force.
    pub from: NaiveDate,
    /// First day no longer in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// What a term counts from: the day after it is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// The day on which the request was received.
    Receipt,
    /// The last day on which one could object, or the day on which a late objection was received.
    EndOfObjection,
}

/// One extension, told with a reason before the term ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The provision.
    pub law: String,
    /// By how much.
    pub length: Length,
}

/// Why a term stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SuspensionKind {
    /// The applicant was asked to complete its request: until it did, or the time given has passed.
    Completion,
    /// A third party was asked for its view.
    Views,
    /// The applicant agreed.
    Agreed,
    /// The applicant causes the delay.
    Applicant,
    /// Nobody could help it.
    ForceMajeure,
}

/// The table of terms.
#[derive(Debug, Clone)]
pub struct Terms(Vec<Term>);

impl Terms {
    /// The table that comes with the program.
    ///
    /// # Errors
    /// None, as a test shows.
    pub fn built_in() -> Result<Self, JsonError> {
        json::read(BUILT_IN.as_bytes(), "table of terms").map(Terms)
    }

    /// The term under a regime for what was received on a day; a regime without a term of its own has that of `sector`, which is the
    /// general one (Awb 4:13). None for a day on which the table has none.
    #[must_use]
    pub fn of(&self, regime: &str, day: NaiveDate) -> Option<&Term> {
        let holds = |t: &&Term| t.from <= day && t.until.is_none_or(|u| day < u);
        let of = |name: &str| self.0.iter().filter(holds).find(|t| t.regime.as_str() == name);
        of(regime).or_else(|| of("sector"))
    }

    /// The last day on which must be decided on a request received at `received`, if nothing moves it.
    #[must_use]
    pub fn last_day(&self, regime: &Name, received: Time) -> NaiveDate {
        let day = local_day(received);
        working_day(self.of(regime.as_str(), day).map_or(day, |term| term.length.after(day)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(regime: &str, received: &str) -> String {
        Terms::built_in().unwrap().last_day(&regime.parse().unwrap(), received.parse().unwrap()).to_string()
    }

    #[test]
    fn terms_are_counted_in_days_of_amsterdam() {
        assert_eq!(last("who", "2026-11-25T09:00:00Z"), "2026-12-23");
        // 23:30 on 31 January in Amsterdam is 22:30 in UTC; 00:30 there is the day before in UTC
        assert_eq!(last("who", "2027-01-31T22:30:00Z"), "2027-03-01");
        assert_eq!(last("who", "2027-01-31T23:30:00Z"), "2027-03-01");
        // the end falls on Christmas, a Friday: Monday the 28th
        assert_eq!(last("who", "2026-11-27T09:00:00Z"), "2026-12-28");
        // ends on Easter Monday 2027-03-29
        assert_eq!(last("who", "2027-03-01T09:00:00Z"), "2027-03-30");
        // two months from 31 December end on the last day of February
        assert_eq!(last("dga", "2026-12-31T09:00:00Z"), "2027-03-01");
        assert_eq!(last("dga", "2027-12-31T09:00:00Z"), "2028-02-29");
        // four weeks over a leap day
        assert_eq!(last("who", "2028-02-10T09:00:00Z"), "2028-03-09");
    }

    /// Every regime can be extended once and stand still, by a provision, and says what follows when the body is late.
    #[test]
    fn the_table_is_whole() {
        let terms = Terms::built_in().unwrap();
        let day = "2026-11-25".parse().unwrap();
        for regime in ["who", "dga", "sector", "objection"] {
            let term = terms.of(regime, day).unwrap();
            assert_eq!(term.regime.as_str(), regime);
            assert!(!term.late.nl.is_empty() && !term.late.en.is_empty());
            assert!(term.suspensions.contains_key(&SuspensionKind::Completion));
        }
        let extension = |regime: &str| terms.of(regime, day).unwrap().extension.length.to_string();
        assert_eq!((extension("who"), extension("dga")), ("P2W".to_owned(), "P30D".to_owned()));
    }
}
