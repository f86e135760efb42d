//! The answer: an outcome, and for every ground and condition what it is, why, and what would change it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::condition::{Role, RuleText};
use super::dataset::Alternative;
use super::input::Uncounted;

/// What a question comes to, from good to bad. An evaluation fault is no outcome: then there is no decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything holds, or will by signing.
    Permit,
    /// Only approvals are missing.
    Review,
    /// Absent facts could still make it a permit; they are named.
    Incomplete,
    /// A condition fails on what is known.
    Deny,
    /// The law gives no way for this applicant and purpose; no other facts would help.
    NoGround,
}

impl Outcome {
    /// The outcome as it stands in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Permit => "permit",
            Outcome::Review => "review",
            Outcome::Incomplete => "incomplete",
            Outcome::Deny => "deny",
            Outcome::NoGround => "no_ground",
        }
    }
}

/// What one ground or condition comes to, from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AnswerStatus)]
pub enum Status {
    /// It holds.
    Met,
    /// It will hold by signing the deal.
    OnSigning,
    /// Only approvals are missing.
    AwaitingReview,
    /// Absent facts could still make it hold.
    Unknown,
    /// It fails on what is known.
    NotMet,
}

/// What would have to become known: a small and/or tree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(no_recursion)]
pub enum Need {
    /// A fact or a field of the question, by its path: `declared.category`, `verified.designation`, `scope.termMonths`, `purpose`.
    Fact(String),
    /// An approval by name.
    Approval(String),
    /// All of these.
    All(Vec<Need>),
    /// One of these.
    Any(Vec<Need>),
}

impl Need {
    /// All of `needs`, flattened, in order, without repetition.
    #[must_use]
    pub fn all(needs: Vec<Need>) -> Need {
        let mut out = Vec::new();
        for need in needs {
            match need {
                Need::All(inner) => out.extend(inner),
                other => out.push(other),
            }
        }
        out.sort();
        out.dedup();
        one_or(out, Need::All)
    }

    /// One of `needs`; nothing is needed if one of them needs nothing.
    #[must_use]
    pub fn any(needs: Vec<Need>) -> Need {
        let mut out = Vec::new();
        for need in needs {
            match need {
                Need::Any(inner) => out.extend(inner),
                other => out.push(other),
            }
        }
        if out.iter().any(Need::is_nothing) {
            return Need::All(Vec::new());
        }
        out.sort();
        out.dedup();
        one_or(out, Need::Any)
    }

    /// True if nothing is needed.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        matches!(self, Need::All(v) if v.is_empty())
    }

    /// Every fact and approval that is named, in order.
    #[must_use]
    pub fn leaves(&self) -> Vec<&Need> {
        match self {
            Need::Fact(_) | Need::Approval(_) => vec![self],
            Need::All(v) | Need::Any(v) => v.iter().flat_map(Need::leaves).collect(),
        }
    }
}

fn one_or(mut needs: Vec<Need>, many: fn(Vec<Need>) -> Need) -> Need {
    match (needs.len(), needs.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            needs.extend(last);
            many(needs)
        }
    }
}

/// A value that a ground or condition read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Its path, as in [`Need::Fact`]; of the dataset or column `dataset.personalData`, `dataset.group`.
    pub path: Arc<str>,
    /// The value; absent if there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

/// A value that would satisfy a test which failed, where that can be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// The path of the value.
    pub path: String,
    /// How it must stand to `values`.
    pub relation: Relation,
    /// What it is compared with.
    pub values: Vec<Value>,
}

/// How a wished value stands to the values named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Equal to the one value.
    Is,
    /// Different from the one value.
    IsNot,
    /// One of the values, or for a set: only values from these.
    OneOf,
    /// None of the values.
    NoneOf,
    /// A set that does not hold all of the values together.
    NotAll,
    /// At most the one value.
    AtMost,
    /// Less (earlier) than the one value.
    Less,
    /// At least the one value.
    AtLeast,
    /// More (later) than the one value.
    More,
    /// One of the values, or a purpose under one of them.
    Within,
    /// None of the values, and no purpose under one of them.
    NotWithin,
    /// A set that holds all of the values.
    HasAll,
    /// A set that holds one of the values.
    HasAny,
    /// An empty set.
    Empty,
}

/// What one ground or condition comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// `level/id`.
    pub id: String,
    /// Ground, or the kind of condition.
    pub role: Role,
    /// What it comes to; asked per column, of a ground the best over the columns asked for, of a condition the worst.
    pub status: Status,
    /// What would have to become known (`unknown`, `awaiting_review`); asked per column, for every column that it holds back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<Need>,
    /// What it read.
    pub seen: Vec<Seen>,
    /// Values that would satisfy it (`not_met`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<Wish>,
    /// Its words.
    pub text: Arc<RuleText>,
}

impl Answer {
    /// The id without its level: as the condition is written, and as it is accepted or declined.
    #[must_use]
    pub fn bare_id(&self) -> &str {
        self.id.split_once('/').map_or(self.id.as_str(), |(_, id)| id)
    }
}

/// What one column comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnAnswer {
    /// Its name.
    pub name: String,
    /// The outcome for it.
    pub outcome: Outcome,
    /// What holds its outcome where it is, as in [`Decision::failing`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failing: Vec<String>,
}

/// The explained answer to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Decision {
    /// The worst over the columns asked for.
    pub outcome: Outcome,
    /// Each ground of the slice. The best counts.
    pub grounds: Vec<Answer>,
    /// Each condition of the slice. The worst counts.
    pub conditions: Vec<Answer>,
    /// The `level/id` of what holds the outcome where it is: for `deny` the conditions not met, for `incomplete` what is
    /// unknown, for `review` what awaits approval; grounds only when the best of them is what is missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failing: Vec<String>,
    /// Each column asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnAnswer>,
    /// Fields of the question that are not filled in; then nothing is permitted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unfilled: Vec<String>,
    /// Evidence that does not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uncounted: Vec<Uncounted>,
    /// What else could help, in a negative answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
    /// Why no condition was asked: the dataset is open, or has no published conditions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_conditions: Option<WithoutConditions>,
}

/// Why no condition was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WithoutConditions {
    /// Open: use it under its licence; no deal is needed.
    Open,
    /// Not open, and no published set names a ground: denied.
    NonePublished,
}

impl Decision {
    /// The facts and approvals that are needed by what waits so: by each ground and condition of this status, and by each that holds back a
    /// column of this outcome, whatever it comes to for other columns.
    pub fn needed(&self, status: Status, outcome: Outcome) -> impl Iterator<Item = &Need> {
        let held = self.columns.iter().filter(move |c| c.outcome == outcome).flat_map(|c| &c.failing);
        let held: BTreeSet<&String> = held.collect();
        let waiting = self.grounds.iter().chain(&self.conditions);
        let waiting = waiting.filter(move |a| a.status == status || held.contains(&a.id));
        waiting.filter_map(|a| a.needs.as_ref()).flat_map(Need::leaves)
    }

    /// Names of the columns that would be permitted.
    pub fn permitted_columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().filter(|c| c.outcome == Outcome::Permit).map(|c| c.name.as_str())
    }
}
