//! "What may I use?": where a dataset stands for who asks, and what is between the two.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::as_text::as_text;
use super::condition::{Bilingual, Role};
use super::dataset::{Access, Alternative};
use super::decision::{Need, Outcome, WithoutConditions};
use super::{Iri, Name, OrgId};

/// Where a dataset stands, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = EligibleGroup)]
pub enum Group {
    /// It can be used now; what becomes true by signing has to be signed.
    Now,
    /// It can be used after the facts and approvals that are named, or with fewer columns.
    After,
    /// It cannot be used on what is known.
    Not,
}

impl Group {
    /// All of them.
    pub const ALL: [Group; 3] = [Group::Now, Group::After, Group::Not];

    /// The group of an outcome.
    #[must_use]
    pub fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Permit => Group::Now,
            Outcome::Review | Outcome::Incomplete => Group::After,
            Outcome::Deny | Outcome::NoGround => Group::Not,
        }
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Group::Now => "now",
            Group::After => "after",
            Group::Not => "not",
        }
    }
}

impl FromStr for Group {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Group::ALL.into_iter().find(|g| g.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is no group: write now, after or not"))
    }
}

/// A place in the list: group, rank and short name, in this order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The group.
    pub group: Group,
    /// How little is missing, less first.
    pub rank: u16,
    /// The dataset.
    pub slug: Name,
}
as_text!(Place, pattern = "^(now|after|not)-[0-9]{1,5}-[a-z][a-z0-9-]{0,63}$", "after-2-education");

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.group.as_str(), self.rank, self.slug)
    }
}

impl FromStr for Place {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no place in this list: give the `next` of the page before");
        let mut parts = text.splitn(3, '-');
        let (Some(group), Some(rank), Some(slug)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong());
        };
        let group = group.parse().map_err(|_| wrong())?;
        let rank = rank.parse().map_err(|_| wrong())?;
        Ok(Place { group, rank, slug: slug.parse().map_err(|_| wrong())? })
    }
}

/// How many datasets stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = EligibleTotals)]
pub struct Totals {
    /// Can be used now.
    pub now: usize,
    /// Can be used after something.
    pub after: usize,
    /// Cannot be used.
    pub not: usize,
    /// Cannot be told: their conditions cannot be evaluated.
    pub faulty: usize,
}

/// A ground or condition by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EligibleRule)]
pub struct Rule {
    /// `level/id`.
    pub id: String,
    /// Ground, or the kind of condition.
    pub role: Role,
    /// What it asks, in one line.
    pub label: Bilingual,
}

/// A dataset, and what is between it and who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Eligible {
    /// Its IRI.
    pub id: Iri,
    /// Short name for typing.
    pub slug: Name,
    /// Its title.
    pub title: Bilingual,
    /// Whose it is.
    pub owner: OrgId,
    /// Who may have it.
    pub access: Access,
    /// Where it stands.
    pub group: Group,
    /// What a check of it comes to, for all of its columns.
    pub outcome: Outcome,
    /// How little is missing within its group, less first.
    pub rank: u16,
    /// The licence of an open dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<Iri>,
    /// What becomes true by signing (`now`, `after`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sign: Vec<Rule>,
    /// The facts and approvals that are missing (`after`); where not all columns can be had, of each that can when it is asked for alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<Need>,
    /// The conditions that fail (`not`); none where the law gives no ground.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failing: Vec<Rule>,
    /// Columns that are not refused if they are asked for together and without the others (`after`, where the whole is refused).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// What else could help (`not`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
    /// Why no condition was asked: the dataset is open, or has no published conditions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_conditions: Option<WithoutConditions>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_and_read() {
        for good in ["now-0-education", "after-12-a-b-c", "not-65535-x"] {
            assert_eq!(good.parse::<Place>().unwrap().to_string(), good);
        }
        for bad in ["", "now", "now-1", "now-1-", "soon-1-x", "now--1-x", "now-65536-x", "now-1-X", "now-+1"] {
            assert!(bad.parse::<Place>().is_err(), "{bad}");
        }
        assert!("now-9-z".parse::<Place>() < "after-0-a".parse::<Place>());
    }
}
