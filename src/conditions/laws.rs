//! Acts and other bases that conditions rest on, with their dates: data, because the law changes.

use serde::Deserialize;

use super::fault::{Faults, Rule};
use super::load::ConditionSet;
use super::paths::nearest;
use crate::model::{Day, JsonError, Time, json};

/// The list that comes with the program, `policies/laws.json`.
pub const BUILT_IN: &str = include_str!("../../policies/laws.json");

/// An act, regulation or other basis.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Law {
    /// Its official name.
    pub name: String,
    /// A short name that conditions may use.
    #[serde(default)]
    pub short: Option<String>,
    /// Other names under which it is quoted.
    #[serde(default)]
    pub also: Vec<String>,
    /// Its identifier: BWB, CELEX.
    #[serde(default)]
    pub id: Option<String>,
    /// First day in force, `YYYY-MM-DD`.
    #[serde(default)]
    pub from: Option<String>,
    /// First day no longer in force.
    #[serde(default)]
    pub until: Option<String>,
    /// What came in its place.
    #[serde(default)]
    pub replaced_by: Option<String>,
    /// Its long names in lower case, for texts of people.
    #[serde(skip)]
    lower: Vec<String>,
}

/// Acts by name.
#[derive(Debug, Clone)]
pub struct Laws(Vec<Law>);

impl Laws {
    /// The list that comes with the program.
    ///
    /// # Errors
    /// None, as a test shows.
    pub fn built_in() -> Result<Self, JsonError> {
        let mut laws: Vec<Law> = json::read(BUILT_IN.as_bytes(), "list of acts")?;
        for law in &mut laws {
            law.lower = law.also.iter().chain([&law.name]).map(|name| name.to_lowercase()).collect();
        }
        Ok(Laws(laws))
    }

    /// The act on which a provision rests: the one whose name or short name begins it.
    #[must_use]
    pub fn find(&self, provision: &str) -> Option<&Law> {
        let begins = |name: &str| {
            provision.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ',', ';']))
        };
        self.0.iter().filter(|l| begins(&l.name) || l.short.as_deref().is_some_and(begins)).max_by_key(|l| l.name.len())
    }

    /// The act of an identifier: a number of the Basiswettenbestand, or an ELI with or without its scheme.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Law> {
        let plain = |id: &str| id.trim_start_matches("https://").trim_start_matches("http://").to_owned();
        self.0.iter().find(|law| law.id.as_deref().is_some_and(|own| own == id || plain(own) == plain(id)))
    }

    /// The acts no longer in force on a day that a text names, whatever else it says.
    #[must_use]
    pub fn lapsed_in(&self, text: &str, today: Day) -> Vec<&Law> {
        let today = today.to_string();
        let over = self.0.iter().filter(|law| law.until.as_ref().is_some_and(|until| *until <= today));
        let lower = text.to_lowercase();
        over.filter(|law| {
            let short = law.short.as_ref().is_some_and(|short| has_words(text, short));
            short || law.lower.iter().any(|name| has_words(&lower, name))
        })
        .collect()
    }

    /// Checks every legal basis of a set on a day. Done when a set is checked and published, never when it is replayed.
    ///
    /// # Errors
    /// Each provision of an act that is unknown, not yet or no longer in force.
    pub fn check(&self, set: &ConditionSet, now: Time) -> Result<(), Box<Faults>> {
        let today = now.day().to_string();
        let mut faults = Vec::new();
        for condition in set.conditions() {
            let basis = &condition.text.legal_basis;
            let (why, help) = match self.find(basis) {
                None => {
                    let near =
                        nearest(basis.split(" art").next().unwrap_or(basis), self.0.iter().map(|l| l.name.as_str()));
                    let help = near.map_or_else(
                        || "begin with the name of an act in policies/laws.json, or add it there".to_owned(),
                        |n| format!("did you mean `{n}`?"),
                    );
                    (format!("`{basis}` begins with no known act"), help)
                }
                Some(law) if law.until.as_ref().is_some_and(|until| *until <= today) => {
                    let until = law.until.as_deref().unwrap_or("");
                    let help = law
                        .replaced_by
                        .as_ref()
                        .map_or_else(|| "rest it on an act in force".to_owned(), |r| format!("it was replaced by {r}"));
                    (format!("{} is no longer in force since {until}", law.name), help)
                }
                Some(law) if law.from.as_ref().is_some_and(|from| *from > today) => (
                    format!("{} is not in force before {}", law.name, law.from.as_deref().unwrap_or("")),
                    "wait, or rest it on an act in force".to_owned(),
                ),
                Some(_) => continue,
            };
            faults.push(set.fault_at(condition, Rule::LegalBasis, "@legal_basis", why, help));
        }
        if faults.is_empty() { Ok(()) } else { Err(Box::new(set.faults(faults))) }
    }
}

/// Whether a text has these words, not as a part of longer ones.
fn has_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + words.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}
