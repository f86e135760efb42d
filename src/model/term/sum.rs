//! The sum of a term: its last day, step by step, from the term itself and what moved it. Pure arithmetic, the same for who decides and
//! for who verifies (SPEC S-124).
//!
//! Days are counted on the bare end of the term; only the last day of each step moves to a working day (Algemene termijnenwet art. 1).
//! While a term stands still no day counts after the day on which it stopped, until the day on which it goes on.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Length, SuspensionKind, working_day};
use crate::model::{Day, Digest};

/// One line of the sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// What it adds.
    pub step: StepKind,
    /// By which provision.
    pub law: String,
    /// How much.
    pub length: Length,
    /// Digest of the record that says so; the term itself needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Digest>,
    /// Where the term ends then.
    pub end: Day,
    /// The last day: the first working day from there on.
    pub last_day: Day,
}

/// What a line of the sum adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// The term itself.
    Term,
    /// The days that it stood still.
    StoodStill,
    /// Its extension.
    Extended,
}

/// Something that moves a term, in the order of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The day of Europe/Amsterdam.
    pub day: NaiveDate,
    /// What happened.
    pub change: Change,
}

/// What happened to a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It stands still from now on.
    Suspend {
        /// The record.
        record: Digest,
        /// By which provision.
        law: String,
        /// Why.
        kind: SuspensionKind,
        /// The last day that was given, if one was.
        until: Option<NaiveDate>,
    },
    /// It goes on.
    Resume,
    /// The request was completed: a suspension for that ends.
    Complete,
    /// It is extended.
    Extend {
        /// The record.
        record: Digest,
        /// By which provision.
        law: String,
        /// By how much.
        length: Length,
    },
}

/// What cannot happen to a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TermFault {
    /// It stands still.
    #[error("the term stands still already")]
    StandsStill,
    /// It runs.
    #[error("the term does not stand still")]
    Runs,
    /// It was extended before.
    #[error("a term is extended once, and this one was")]
    ExtendedBefore,
    /// Its last day has passed.
    #[error("the last day of the term was {0}, so nothing can move it any more")]
    Passed(NaiveDate),
}

/// A term at a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// Line by line.
    pub steps: Vec<Step>,
    /// The last day as far as it is known: while it stands still each day moves it.
    pub last_day: NaiveDate,
    /// Why it stands still, since when, and until when at most.
    pub standing: Option<(SuspensionKind, NaiveDate, Option<NaiveDate>)>,
    /// Whether it was extended.
    pub extended: bool,
}

/// An open suspension.
struct Open {
    record: Digest,
    law: String,
    kind: SuspensionKind,
    since: NaiveDate,
    until: Option<NaiveDate>,
}

struct Adding {
    steps: Vec<Step>,
    end: NaiveDate,
    open: Option<Open>,
    extended: bool,
}

/// The sum of a term of `length` that counts from `start`, after these events, on the day `today`.
///
/// # Errors
/// [`TermFault`] at the first event that could not happen.
pub fn sum(start: NaiveDate, law: &str, length: Length, events: &[Event], today: NaiveDate) -> Result<Sum, TermFault> {
    let mut adding = Adding { steps: Vec::new(), end: start, open: None, extended: false };
    adding.add(StepKind::Term, law.to_owned(), length, None);
    for event in events {
        adding.event(event)?;
    }
    let standing = adding.open.as_ref().filter(|o| o.until.is_none_or(|until| today <= until));
    let standing = standing.map(|o| (o.kind, o.since, o.until));
    adding.close(today);
    Ok(Sum { last_day: working_day(adding.end), steps: adding.steps, standing, extended: adding.extended })
}

impl Adding {
    fn add(&mut self, step: StepKind, law: String, length: Length, record: Option<Digest>) {
        self.end = length.after(self.end);
        let (end, last_day) = (Day::from(self.end), Day::from(working_day(self.end)));
        self.steps.push(Step { step, law, length, record, end, last_day });
    }

    fn event(&mut self, event: &Event) -> Result<(), TermFault> {
        let Event { day, change } = event;
        // one that was given until a day is over after it, whatever happens later
        if self.open.as_ref().is_some_and(|o| o.until.is_some_and(|until| until < *day)) {
            self.close(*day);
        }
        match change {
            Change::Suspend { record, law, kind, until } => {
                if self.open.is_some() {
                    return Err(TermFault::StandsStill);
                }
                self.not_passed(*day)?;
                let (record, law, kind, since, until) = (*record, law.clone(), *kind, *day, *until);
                self.open = Some(Open { record, law, kind, since, until });
            }
            Change::Resume => {
                if self.open.is_none() {
                    return Err(TermFault::Runs);
                }
                self.close(*day);
            }
            Change::Complete => {
                if self.open.as_ref().is_some_and(|o| o.kind == SuspensionKind::Completion) {
                    self.close(*day);
                }
            }
            Change::Extend { record, law, length } => {
                if self.extended {
                    return Err(TermFault::ExtendedBefore);
                }
                if self.open.is_none() {
                    self.not_passed(*day)?;
                }
                self.extended = true;
                self.add(StepKind::Extended, law.clone(), *length, Some(*record));
            }
        }
        Ok(())
    }

    fn not_passed(&self, day: NaiveDate) -> Result<(), TermFault> {
        let last = working_day(self.end);
        if day > last { Err(TermFault::Passed(last)) } else { Ok(()) }
    }

    /// Adds the days that it stood still: those after the day on which it stopped, up to and with `day` or the last day given.
    fn close(&mut self, day: NaiveDate) {
        let Some(open) = self.open.take() else { return };
        let end = open.until.map_or(day, |until| until.min(day));
        let days = u32::try_from((end - open.since).num_days()).unwrap_or(0);
        self.add(StepKind::StoodStill, open.law, Length::days(days), Some(open.record));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn record(n: u8) -> Digest {
        Digest::of(&[n])
    }

    fn suspend(at: &str, kind: SuspensionKind, until: Option<&str>) -> Event {
        let (record, law) = (record(1), "Awb 4:15".to_owned());
        Event { day: day(at), change: Change::Suspend { record, law, kind, until: until.map(day) } }
    }

    fn on(at: &str, change: Change) -> Event {
        Event { day: day(at), change }
    }

    fn extend(at: &str) -> Event {
        on(at, Change::Extend { record: record(2), law: "Who 4(5)".to_owned(), length: "P2W".parse().unwrap() })
    }

    fn who(events: &[Event], today: &str) -> Result<Sum, TermFault> {
        sum(day("2026-11-25"), "Who 4(4)", "P4W".parse().unwrap(), events, day(today))
    }

    #[test]
    fn it_stands_still_three_times_and_shows_its_sum() {
        use SuspensionKind::{Agreed, Completion, Views};
        let events = [
            suspend("2026-11-26", Completion, Some("2026-12-10")),
            on("2026-12-01", Change::Complete),
            suspend("2026-12-02", Views, None),
            on("2026-12-12", Change::Resume),
            // nothing comes, and the time given passes
            suspend("2026-12-14", Agreed, Some("2026-12-21")),
            extend("2027-01-04"),
        ];
        let found = who(&events, "2027-01-05").unwrap();
        let lines: Vec<_> = found.steps.iter().map(|s| format!("{} {} {}", s.length, s.end, s.last_day)).collect();
        let expected = [
            "P4W 2026-12-23 2026-12-23",
            "P5D 2026-12-28 2026-12-28",
            "P10D 2027-01-07 2027-01-07",
            "P7D 2027-01-14 2027-01-14",
            "P2W 2027-01-28 2027-01-28",
        ];
        assert_eq!(lines, expected);
        assert_eq!((found.last_day, found.standing, found.extended), (day("2027-01-28"), None, true));
    }

    #[test]
    fn while_it_stands_still_each_day_moves_it() {
        let events = [suspend("2026-12-01", SuspensionKind::Views, None)];
        assert_eq!(who(&events, "2026-12-01").unwrap().last_day, day("2026-12-23"));
        assert_eq!(who(&events, "2026-12-04").unwrap().last_day, day("2026-12-28"));
        assert!(who(&events, "2027-06-01").unwrap().standing.is_some());
        // the bare end is a Sunday; only the last day is a working day, and later days count from the Sunday
        let weekend = who(&events, "2026-12-05").unwrap();
        let bare: Vec<_> = weekend.steps.iter().map(|s| format!("{} {}", s.end, s.last_day)).collect();
        assert_eq!(bare, ["2026-12-23 2026-12-23", "2026-12-27 2026-12-28"]);
    }

    #[test]
    fn what_comes_too_late_or_twice_is_refused() {
        assert_eq!(who(&[extend("2026-12-23")], "2026-12-24").unwrap().last_day, day("2027-01-06"));
        assert_eq!(who(&[extend("2026-12-24")], "2026-12-24"), Err(TermFault::Passed(day("2026-12-23"))));
        assert_eq!(who(&[extend("2026-12-01"), extend("2026-12-02")], "2026-12-24"), Err(TermFault::ExtendedBefore));
        let still = suspend("2026-12-01", SuspensionKind::Agreed, None);
        assert_eq!(who(&[still.clone(), still], "2026-12-24"), Err(TermFault::StandsStill));
        assert_eq!(who(&[on("2026-12-01", Change::Resume)], "2026-12-24"), Err(TermFault::Runs));
        let late = suspend("2026-12-24", SuspensionKind::Completion, None);
        assert_eq!(who(&[late], "2026-12-24"), Err(TermFault::Passed(day("2026-12-23"))));
    }

    #[test]
    fn a_term_that_ends_on_easter_monday_or_a_leap_day() {
        let last = |start: &str, length: &str, events: &[Event]| {
            sum(day(start), "law", length.parse().unwrap(), events, day(start)).unwrap().last_day
        };
        assert_eq!(last("2027-03-01", "P4W", &[]), day("2027-03-30"));
        assert_eq!(last("2027-12-31", "P2M", &[]), day("2028-02-29"));
        let thirty = on(
            "2028-02-29",
            Change::Extend { record: record(2), law: "DGA 9(1)".to_owned(), length: "P30D".parse().unwrap() },
        );
        assert_eq!(last("2027-12-31", "P2M", &[thirty]), day("2028-03-30"));
    }
}
