//! What the name of a column suggests: that it is about persons, names them, or is of a special kind; and columns that together point at one
//! person (quasi-identifying). The names stand in `policies/column-names.json`. Only suggested: what a column holds, its owner decides.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::condition::Bilingual;
use crate::model::dataset::Column;
use crate::model::{JsonError, Name, json};

const BUILT_IN: &str = include_str!("../../../policies/column-names.json");
/// The most words of a name that are compared.
const MOST_WORDS: usize = 12;

/// The names that suggest something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnNames {
    /// How many kinds of quasi-identifying columns point at one person when they are asked for together.
    pub together: usize,
    /// What names suggest.
    pub kinds: Vec<NameKind>,
}

/// What some names suggest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameKind {
    /// Short name.
    pub id: Name,
    /// What such a column holds.
    pub label: Bilingual,
    /// How it would be marked.
    pub suggests: Mark,
    /// What of a person it tells beside others that do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quasi: Option<Name>,
    /// The names, in small letters, words apart.
    pub names: Vec<String>,
}

/// How a column can be marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ColumnMark)]
pub enum Mark {
    /// About persons.
    Personal,
    /// Names a person by itself.
    Identifying,
    /// Of a special kind (GDPR art. 9 and 10).
    Special,
}

impl Mark {
    /// All of them.
    pub const ALL: [Mark; 3] = [Mark::Personal, Mark::Identifying, Mark::Special];

    /// Whether a column is so marked.
    #[must_use]
    pub fn stands_on(self, column: &Column) -> bool {
        match self {
            Mark::Personal => column.personal,
            Mark::Identifying => column.identifying,
            Mark::Special => column.special,
        }
    }

    /// Its word in files and records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Mark::Personal => "personal",
            Mark::Identifying => "identifying",
            Mark::Special => "special",
        }
    }

    /// Marks a column.
    pub fn put(self, column: &mut Column) {
        match self {
            Mark::Personal => column.personal = true,
            Mark::Identifying => column.identifying = true,
            Mark::Special => column.special = true,
        }
    }
}

/// A column whose name suggests a mark that it has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Suggestion {
    /// The column.
    pub column: String,
    /// What it seems to hold.
    pub holds: Bilingual,
    /// How it would be marked.
    pub mark: Mark,
}

impl ColumnNames {
    /// The names that come with the program.
    ///
    /// # Errors
    /// None, as a test shows.
    pub fn built_in() -> Result<Self, JsonError> {
        json::read(BUILT_IN.as_bytes(), "names of columns")
    }

    /// What the names of columns suggest that is not marked yet.
    #[must_use]
    pub fn suggest(&self, columns: &[Column]) -> Vec<Suggestion> {
        let index = self.index();
        let of = |column: &Column| {
            let mut kinds = found(&index, column);
            kinds.retain(|kind| !kind.suggests.stands_on(column));
            // of several the gravest counts
            let kind = kinds.into_iter().max_by_key(|kind| kind.suggests)?;
            Some(Suggestion { column: column.name.clone(), holds: kind.label.clone(), mark: kind.suggests })
        };
        columns.iter().filter_map(of).collect()
    }

    /// The columns of these that together point at one person, if there are enough kinds of them.
    #[must_use]
    pub fn together(&self, columns: &[Column]) -> Vec<String> {
        let index = self.index();
        let (mut kinds, mut names) = (BTreeSet::new(), Vec::new());
        for column in columns {
            let quasi: Vec<&Name> = found(&index, column).into_iter().filter_map(|kind| kind.quasi.as_ref()).collect();
            if !quasi.is_empty() {
                names.push(column.name.clone());
                kinds.extend(quasi);
            }
        }
        if kinds.len() >= self.together { names } else { Vec::new() }
    }

    fn index(&self) -> BTreeMap<String, &NameKind> {
        let joined = |name: &String| name.split(' ').collect::<String>();
        self.kinds.iter().flat_map(|kind| kind.names.iter().map(move |name| (joined(name), kind))).collect()
    }
}

/// The kinds that the name or a title of a column suggests.
fn found<'a>(index: &BTreeMap<String, &'a NameKind>, column: &Column) -> Vec<&'a NameKind> {
    let title = column.title.iter().flat_map(|t| [t.en.as_str(), t.nl.as_str()]);
    let mut kinds: Vec<&NameKind> = Vec::new();
    for name in std::iter::once(column.name.as_str()).chain(title) {
        let words = words(name);
        for start in 0..words.len() {
            let mut joined = String::new();
            for word in words.iter().skip(start) {
                joined.push_str(word);
                kinds.extend(
                    index.get(&joined).filter(|kind| !kinds.contains(kind)).copied().into_iter().collect::<Vec<_>>(),
                );
            }
        }
    }
    kinds
}

/// The words of a name in small letters: apart where something else than a letter stands, and where a small letter meets a capital. A number
/// belongs to no word: `postcode6` is a postcode.
fn words(name: &str) -> Vec<String> {
    let (mut words, mut word, mut small) = (Vec::new(), String::new(), false);
    for c in name.chars() {
        if !c.is_alphabetic() || (small && c.is_uppercase()) {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphabetic() {
            word.extend(c.to_lowercase());
        }
        small = c.is_lowercase();
    }
    words.push(word);
    words.retain(|w| !w.is_empty());
    words.truncate(MOST_WORDS);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::structure::table::column;

    fn suggested(names: &[&str]) -> Vec<String> {
        let columns: Vec<Column> = names.iter().map(|n| column(n)).collect();
        let found = ColumnNames::built_in().unwrap().suggest(&columns);
        found.into_iter().map(|s| format!("{} {:?}: {}", s.column, s.mark, s.holds.nl)).collect()
    }

    #[test]
    fn names_in_every_spelling() {
        let found =
            suggested(&["BSN", "client_bsn", "geboorteDatum", "Date of birth", "postcode6", "E-mail", "GODSDIENST"]);
        insta::assert_snapshot!(found.join("\n"), @r"
        BSN Identifying: een burgerservicenummer
        client_bsn Identifying: een burgerservicenummer
        geboorteDatum Personal: wanneer iemand geboren is
        Date of birth Personal: wanneer iemand geboren is
        postcode6 Personal: waar iemand woont
        E-mail Identifying: hoe een persoon te bereiken is
        GODSDIENST Special: godsdienst of levensovertuiging
        ");
        assert_eq!(suggested(&["subsnippet", "trend", "kleur", "wage_", "", "2026", "pages"]).len(), 1);
    }

    #[test]
    fn what_is_marked_is_not_suggested_again() {
        let names = ColumnNames::built_in().unwrap();
        let mut bsn = column("bsn");
        bsn.identifying = true;
        assert_eq!(names.suggest(&[bsn]), []);
    }

    #[test]
    fn together_they_point_at_one_person() {
        let names = ColumnNames::built_in().unwrap();
        let columns = |all: &[&str]| all.iter().map(|n| column(n)).collect::<Vec<_>>();
        let three = columns(&["postcode4", "jaar", "geslacht", "geboortejaar"]);
        assert_eq!(names.together(&three), ["postcode4", "geslacht", "geboortejaar"]);
        // of one kind many say no more than one
        assert_eq!(names.together(&columns(&["postcode", "woonplaats", "gemeente", "geslacht"])), Vec::<String>::new());
    }

    #[test]
    fn no_name_suggests_two_things() {
        let names = ColumnNames::built_in().unwrap();
        let all: usize = names.kinds.iter().map(|kind| kind.names.len()).sum();
        assert_eq!(names.index().len(), all);
        assert!(
            names
                .kinds
                .iter()
                .flat_map(|k| &k.names)
                .all(|n| n.chars().all(|c| c.is_lowercase() || c == ' ' || c.is_ascii_digit()))
        );
    }
}
