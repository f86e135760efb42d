//! Dates in Europe/Amsterdam, periods, money, numbers and lists, as people write them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime};
use chrono_tz::Europe::Amsterdam;
use chrono_tz::Tz;

use super::Texts;
use crate::model::Time;
use crate::model::condition::{Due, DueEvent, Lang, Tariff};

fn local(time: Time) -> DateTime<Tz> {
    time.chrono().with_timezone(&Amsterdam)
}

/// The day of an instant in Europe/Amsterdam.
pub(super) fn local_day(time: Time) -> NaiveDate {
    local(time).date_naive()
}

/// True at midnight in Europe/Amsterdam.
fn starts_a_day(time: Time) -> bool {
    local(time).time() == NaiveTime::MIN
}

impl Texts {
    fn calendar_day(&self, day: NaiveDate) -> String {
        let values = [
            ("day", day.day().to_string().into()),
            ("month", day.month().into()),
            ("year", day.year().to_string().into()),
        ];
        self.get("say-date", &values)
    }

    /// The day of an instant: `25 November 2026`.
    #[must_use]
    pub fn date(&self, time: Time) -> String {
        self.calendar_day(local_day(time))
    }

    /// A day as records write it, `2026-11-25`, for people; another text stays as it is.
    #[must_use]
    pub fn day(&self, day: &str) -> String {
        day.parse::<NaiveDate>().map_or_else(|_| super::plain(day), |d| self.calendar_day(d))
    }

    /// Day and time of an instant; at midnight only the day.
    #[must_use]
    pub fn moment(&self, time: Time) -> String {
        if starts_a_day(time) {
            return self.date(time);
        }
        let clock = local(time).format("%H:%M").to_string();
        self.get("say-moment", &[("date", self.date(time).into()), ("clock", clock.into())])
    }

    /// The end of a half-open period: `up to and including` the day before if it ends at midnight, else `until` the moment.
    #[must_use]
    pub fn until(&self, time: Time) -> String {
        if starts_a_day(time) {
            self.get("say-until-day", &[("date", self.date(time.plus_seconds(-1)).into())])
        } else {
            self.get("say-until-moment", &[("moment", self.moment(time).into())])
        }
    }

    /// A number with its thousands apart.
    #[must_use]
    pub fn number(&self, number: i64) -> String {
        let sign = if number < 0 { "-" } else { "" };
        format!("{sign}{}", self.thousands(number.unsigned_abs()))
    }

    fn thousands(&self, number: u64) -> String {
        let mark = match self.lang() {
            Lang::Nl => '.',
            Lang::En => ',',
        };
        let digits = number.to_string();
        let mut out = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(mark);
            }
            out.push(digit);
        }
        out
    }

    /// An amount in cents: `€ 1.250,00`, `€1,250.00`.
    #[must_use]
    pub fn money(&self, cents: u64, currency: &str) -> String {
        let (whole, part) = (self.thousands(cents / 100), format!("{:02}", cents % 100));
        match (self.lang(), currency) {
            (Lang::Nl, "EUR") => format!("€ {whole},{part}"),
            (Lang::En, "EUR") => format!("€{whole}.{part}"),
            (Lang::Nl, other) => format!("{other} {whole},{part}"),
            (Lang::En, other) => format!("{other} {whole}.{part}"),
        }
    }

    /// A tariff with its discounts: `€ 500,00 per jaar; 50 % minder: Midden- of kleinbedrijf`.
    #[must_use]
    pub fn tariff(&self, tariff: &Tariff) -> String {
        let amount = self.money(tariff.cents, &tariff.currency);
        let mut parts = vec![self.get("say-tariff", &[("amount", amount.into()), ("per", tariff.per.as_str().into())])];
        for discount in &tariff.discounts {
            let label = match self.lang() {
                Lang::Nl => &discount.label_nl,
                Lang::En => &discount.label_en,
            };
            let values = [("percent", discount.percent.into()), ("label", label.into())];
            parts.push(self.get("say-discount", &values));
        }
        parts.join("; ")
    }

    /// An ISO 8601 duration of whole units in words: `P1Y6M` is `1 year and 6 months`.
    #[must_use]
    pub fn period(&self, duration: &str) -> String {
        let mut parts = Vec::new();
        let (mut digits, mut in_time) = (String::new(), false);
        for c in duration.chars() {
            let key = match c {
                'T' => {
                    in_time = true;
                    continue;
                }
                '0'..='9' => {
                    digits.push(c);
                    continue;
                }
                'Y' => "say-years",
                'M' if !in_time => "say-months",
                'W' => "say-weeks",
                'D' => "say-days",
                'H' => "say-hours",
                _ => continue,
            };
            if let Ok(n) = digits.parse::<u32>() {
                parts.push(self.get(key, &[("n", n.into())]));
            }
            digits.clear();
        }
        if parts.is_empty() { super::plain(duration) } else { self.all_of(&parts) }
    }

    /// A due rule in words: `within 30 days after the end of the deal`.
    #[must_use]
    pub fn due(&self, due: &Due) -> String {
        let key = match due.after {
            DueEvent::Signing => "say-due-signing",
            DueEvent::Delivery => "say-due-delivery",
            DueEvent::Incident => "say-due-incident",
            DueEvent::End => "say-due-end",
        };
        self.get(key, &[("period", self.period(&due.period).into())])
    }

    /// `A, B and C`.
    #[must_use]
    pub fn all_of(&self, items: &[String]) -> String {
        self.joined("say-and", items)
    }

    /// `A, B or C`.
    #[must_use]
    pub fn one_of(&self, items: &[String]) -> String {
        self.joined("say-or", items)
    }

    fn joined(&self, key: &str, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., last] => self.get(key, &[("first", first.join(", ").into()), ("last", last.into())]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both() -> [Texts; 2] {
        [Texts::new(Lang::Nl), Texts::new(Lang::En)]
    }

    fn time(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn days_are_those_of_amsterdam() {
        let [nl, en] = both();
        assert_eq!(nl.date(time("2026-11-25T23:30:00Z")), "26 november 2026");
        assert_eq!(en.date(time("2026-11-25T22:30:00Z")), "25 November 2026");
        assert_eq!(nl.day("2027-03-01"), "1 maart 2027");
        assert_eq!(en.day("soon"), "soon");
        assert_eq!(nl.moment(time("2026-07-01T08:05:00Z")), "1 juli 2026 om 10:05 uur");
        assert_eq!(en.moment(time("2026-11-25T09:30:00Z")), "25 November 2026 at 10:30");
        assert_eq!(nl.until(time("2028-12-31T23:00:00Z")), "tot en met 31 december 2028");
        assert_eq!(en.until(time("2028-12-31T12:00:00Z")), "until 31 December 2028 at 13:00");
    }

    #[test]
    fn money_numbers_and_periods_are_those_of_the_language() {
        let [nl, en] = both();
        assert_eq!((nl.money(125_005, "EUR"), en.money(125_005, "EUR")), ("€ 1.250,05".into(), "€1,250.05".into()));
        assert_eq!((nl.money(5, "USD"), en.money(100_000_000, "GBP")), ("USD 0,05".into(), "GBP 1,000,000.00".into()));
        assert_eq!((nl.number(-1_234_567), en.number(999)), ("-1.234.567".into(), "999".into()));
        assert_eq!((nl.period("P1Y6M"), en.period("PT24H")), ("1 jaar en 6 maanden".into(), "24 hours".into()));
        assert_eq!((nl.period("P1M"), en.period("P1DT1H")), ("1 maand".into(), "1 day and 1 hour".into()));
        let due = "P30D after end".parse::<Due>().unwrap();
        assert_eq!(nl.due(&due), "binnen 30 dagen na het einde van de datadeal");
        assert_eq!(en.due(&due), "within 30 days after the end of the deal");
    }

    #[test]
    fn lists_end_with_a_word() {
        let [nl, en] = both();
        let items = ["a", "b", "c"].map(str::to_owned);
        assert_eq!((nl.all_of(&items), en.one_of(&items)), ("a, b en c".into(), "a, b or c".into()));
        assert_eq!((nl.one_of(&items[..1]), en.all_of(&[])), ("a".into(), String::new()));
    }
}
