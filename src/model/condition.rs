//! What a condition or ground says of itself to people and to the agreement. The Cedar body lives in `conditions`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::as_text::as_text;

/// A text in both languages of the portal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// English.
    pub en: String,
    /// Dutch, which prevails unless agreed otherwise.
    pub nl: String,
}

impl Bilingual {
    /// The text in a language: Dutch for [`Lang::Nl`], English otherwise.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Nl => &self.nl,
        }
    }
}

/// A language of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    En,
    /// Dutch.
    Nl,
}

/// Who wrote a set, from the widest to the narrowest. A policy is named `level/id`, so that sets never clash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ConditionLevel)]
pub enum Level {
    /// The whole portal: law and house rules.
    Portal,
    /// All datasets of one owner.
    Owner,
    /// One dataset.
    Dataset,
}

impl Level {
    /// The level as it stands in names.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Portal => "portal",
            Level::Owner => "owner",
            Level::Dataset => "dataset",
        }
    }
}

/// When and how a condition becomes true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ConditionKind)]
pub enum Kind {
    /// Must be true before.
    Entry,
    /// Becomes true by signing.
    Promise,
    /// Something to do, by its due rule: a dated obligation.
    Duty,
    /// How the data are given.
    Delivery,
    /// An amount or a tariff.
    Fee,
}

/// A ground (why the law lets data be given at all) or a condition of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A Cedar `permit`.
    Ground,
    /// A Cedar `forbid`.
    #[serde(untagged)]
    Condition(Kind),
}

impl utoipa::PartialSchema for Role {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        let words = ["ground", "entry", "promise", "duty", "delivery", "fee"];
        let text = utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::String);
        text.description(Some("`ground`, or the kind of the condition.")).enum_values(Some(words)).into()
    }
}
impl ToSchema for Role {}

/// The words of one ground or condition, from its annotations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleText {
    /// What it asks, in one line.
    pub label: Bilingual,
    /// What a reuser can do about it.
    pub hint: Bilingual,
    /// The provision on which it rests.
    pub legal_basis: String,
    /// What it is about: a word of the schema's `ThemeList`. Grounds have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// The clause of the agreement; every kind but `entry` has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<Bilingual>,
    /// When a duty falls due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// What a fee amounts to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tariff: Option<Tariff>,
}

/// A due rule: an ISO 8601 duration after an event, written `P3D after incident`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Whole years, months, days and hours, as ISO 8601 writes them: `P1Y`, `P3D`, `PT24H`.
    pub period: String,
    /// What starts it.
    pub after: DueEvent,
}

/// What a due rule counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DueEvent {
    /// Both parties signed.
    Signing,
    /// Data were delivered.
    Delivery,
    /// Something went wrong.
    Incident,
    /// The deal ended.
    End,
}

impl DueEvent {
    /// The event as it stands in a due rule.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            DueEvent::Signing => "signing",
            DueEvent::Delivery => "delivery",
            DueEvent::Incident => "incident",
            DueEvent::End => "end",
        }
    }
}

as_text!(Due, pattern = "^P[0-9YMDTH]+ after (signing|delivery|incident|end)$", "P3D after incident");

impl FromStr for Due {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let err = || {
            format!("`{text}` is not a due rule like `P3D after incident` (after signing, delivery, incident or end)")
        };
        let (period, event) = text.split_once(" after ").ok_or_else(err)?;
        let after = [DueEvent::Signing, DueEvent::Delivery, DueEvent::Incident, DueEvent::End]
            .into_iter()
            .find(|e| e.as_str() == event)
            .ok_or_else(err)?;
        if !is_duration(period) {
            return Err(err());
        }
        Ok(Due { period: period.to_owned(), after })
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} after {}", self.period, self.after.as_str())
    }
}

/// ISO 8601 durations of whole units, `PnYnMnWnDTnH`, each unit at most once and in this order, at most 4 digits each.
fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else { return false };
    let (date, time) = rest.split_once('T').map_or((rest, None), |(d, t)| (d, Some(t)));
    let units = |mut text: &str, letters: &str| -> Option<usize> {
        let mut found = 0;
        for letter in letters.chars() {
            if let Some((number, tail)) = text.split_once(letter) {
                if number.is_empty() || number.len() > 4 || !number.bytes().all(|b| b.is_ascii_digit()) {
                    return None;
                }
                found += 1;
                text = tail;
            }
        }
        text.is_empty().then_some(found)
    };
    match (units(date, "YMWD"), time.map(|t| units(t, "H"))) {
        (Some(days), None) => days > 0,
        (Some(_), Some(Some(hours))) => hours > 0,
        _ => false,
    }
}

/// An amount and what it is counted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    /// The amount in cents.
    pub cents: u64,
    /// ISO 4217, three capitals.
    pub currency: String,
    /// What the amount is for: `year`, `request`, `month`, ...
    pub per: String,
    /// Reductions, the best one counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<Discount>,
}

/// A reduction of a tariff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Discount {
    /// Short name.
    pub id: String,
    /// English label.
    pub label_en: String,
    /// Dutch label.
    pub label_nl: String,
    /// How much less, 1 to 100.
    pub percent: u8,
    /// For whom, in words.
    pub when: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_rules_have_one_form() {
        for good in [
            "P3D after incident",
            "PT24H after incident",
            "P1Y6M after signing",
            "P2W after end",
            "P1DT12H after delivery",
        ] {
            assert_eq!(good.parse::<Due>().unwrap().to_string(), good);
        }
        for bad in [
            "P after end",
            "3D after end",
            "P3D",
            "P3D after birth",
            "P3D1Y after end",
            "PT after end",
            "P1.5D after end",
            "P12345D after end",
        ] {
            assert!(bad.parse::<Due>().is_err(), "{bad}");
        }
    }

    #[test]
    fn roles_are_words() {
        assert_eq!(serde_json::to_string(&Role::Ground).unwrap(), "\"ground\"");
        assert_eq!(serde_json::to_string(&Role::Condition(Kind::Duty)).unwrap(), "\"duty\"");
        assert_eq!(serde_json::from_str::<Role>("\"fee\"").unwrap(), Role::Condition(Kind::Fee));
    }
}
