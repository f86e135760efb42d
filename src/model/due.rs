//! When a due rule falls due: a period counted from an event, in days of Europe/Amsterdam.

use chrono::{Days, Months};

use super::Time;
use super::condition::Due;
use super::term::{local_day, start_of};

impl Due {
    /// The instant before which it must be done. Years, months, weeks and days are whole days after the day of the event, so it is the
    /// end of the last one; hours count from the instant itself. None after the years that records can write.
    #[must_use]
    pub fn by(&self, event: Time) -> Option<Time> {
        let (date, hours) = self.period.split_once('T').unwrap_or((&self.period, ""));
        let (mut months, mut days, mut number) = (0u32, 0u64, String::new());
        for c in date.chars() {
            match c {
                '0'..='9' => number.push(c),
                'P' => {}
                unit => {
                    let n: u32 = std::mem::take(&mut number).parse().unwrap_or(0);
                    match unit {
                        'Y' => months = months.saturating_add(n.saturating_mul(12)),
                        'M' => months = months.saturating_add(n),
                        'W' => days += u64::from(n) * 7,
                        _ => days += u64::from(n),
                    }
                }
            }
        }
        let hours: i64 = hours.trim_end_matches('H').parse().unwrap_or(0);
        if months == 0 && days == 0 {
            return Some(event.plus_seconds(hours * 3600));
        }
        let day = local_day(event).checked_add_months(Months::new(months));
        let after = day.and_then(|d| d.checked_add_days(Days::new(days + 1))).and_then(start_of);
        Some(after?.plus_seconds(hours * 3600))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(rule: &str, event: &str) -> String {
        rule.parse::<Due>().unwrap().by(event.parse().unwrap()).map_or_else(String::new, |by| by.to_string())
    }

    /// The last day counts whole, in the Netherlands, over the change of the clock and the end of a short month.
    #[test]
    fn a_period_ends_with_its_last_day() {
        assert_eq!(by("P3D after incident", "2026-11-25T09:00:00Z"), "2026-11-28T23:00:00Z");
        assert_eq!(by("P1M after signing", "2027-01-31T09:00:00Z"), "2027-02-28T23:00:00Z");
        assert_eq!(by("P1Y2W after end", "2026-11-25T23:30:00Z"), "2027-12-10T23:00:00Z");
        assert_eq!(by("P1D after delivery", "2027-03-27T09:00:00Z"), "2027-03-28T22:00:00Z");
        assert_eq!(by("PT24H after incident", "2026-11-25T09:00:00Z"), "2026-11-26T09:00:00Z");
        assert_eq!(by("P9999Y after end", "9998-01-01T00:00:00Z"), "");
    }
}
