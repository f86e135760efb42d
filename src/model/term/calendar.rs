//! The calendar of legal terms: days of Europe/Amsterdam, and which of them are working days.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use chrono_tz::Europe::Amsterdam;

use crate::model::Time;

/// The last day of a number of weeks that begin on the day after `from` (Awb 6:7, 6:8).
#[must_use]
pub fn weeks_after(from: Time, weeks: u8) -> NaiveDate {
    let day = local_day(from);
    working_day(day.checked_add_days(Days::new(u64::from(weeks) * 7)).unwrap_or(day))
}

/// The day in Europe/Amsterdam.
#[must_use]
pub fn local_day(time: Time) -> NaiveDate {
    time.chrono().with_timezone(&Amsterdam).date_naive()
}

/// The first second of a day in Europe/Amsterdam; none for a day outside the years that records can write.
#[must_use]
pub fn start_of(day: NaiveDate) -> Option<Time> {
    let start = day.and_time(chrono::NaiveTime::MIN).and_local_timezone(Amsterdam).earliest()?;
    start.with_timezone(&chrono::Utc).format("%Y-%m-%dT%H:%M:%SZ").to_string().parse().ok()
}

/// The first day from `day` on that is no Saturday, Sunday or public holiday.
#[must_use]
pub fn working_day(day: NaiveDate) -> NaiveDate {
    let free = |d: &NaiveDate| matches!(d.weekday(), Weekday::Sat | Weekday::Sun) || is_holiday(*d);
    day.iter_days().find(|d| !free(d)).unwrap_or(day)
}

/// Public holidays of Algemene termijnenwet art. 3: New Year, Easter Monday, Ascension, Whit Monday, Christmas, Boxing Day, the King's
/// birthday (26 April when the 27th is a Sunday), Liberation Day, and Good Friday, which counts as one.
fn is_holiday(day: NaiveDate) -> bool {
    let fixed = matches!((day.month(), day.day()), (1, 1) | (5, 5) | (12, 25 | 26));
    let kings_day = NaiveDate::from_ymd_opt(day.year(), 4, 27)
        .is_some_and(|d| day == if d.weekday() == Weekday::Sun { d.pred_opt().unwrap_or(d) } else { d });
    let moving = easter(day.year()).is_some_and(|e| matches!((day - e).num_days(), -2 | 1 | 39 | 50));
    fixed || kings_day || moving
}

/// Easter Sunday by the Gregorian computus (Meeus, Jones, Butcher).
fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(sum / 31).ok()?, u32::try_from(sum % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_starts_at_midnight_in_amsterdam() {
        for (day, start) in [("2026-11-25", "2026-11-24T23:00:00Z"), ("2026-07-01", "2026-06-30T22:00:00Z")] {
            assert_eq!(start_of(day.parse().unwrap()).unwrap().to_string(), start);
        }
        assert_eq!(weeks_after("2026-11-25T09:00:00Z".parse().unwrap(), 6).to_string(), "2027-01-06");
    }

    #[test]
    fn easter_is_known() {
        for (year, day) in [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2027, "2027-03-28")] {
            assert_eq!(easter(year).unwrap().to_string(), day);
        }
    }
}
