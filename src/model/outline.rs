//! What a ground or condition asks of everybody who wants one dataset, before anything is known of the reuser.

use std::sync::Arc;

use serde::Serialize;

use super::condition::{Role, RuleText};
use super::decision::{Need, Wish};

/// One ground or condition as it stands for one dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outline {
    /// `level/id`.
    pub id: String,
    /// Ground, or the kind of condition.
    pub role: Role,
    /// What the dataset alone says of it.
    pub standing: Standing,
    /// Of one that is asked per column and does not concern every column: those for which it matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    /// The columns that a condition bars for everybody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub barred: Vec<String>,
    /// Every fact, field of the question and approval that it looks at, as `A and (B or C)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<Need>,
    /// The values that count, as far as single comparisons can say it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<Wish>,
    /// Its words.
    pub text: Arc<RuleText>,
}

/// What the dataset alone says of a ground or condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It depends on the reuser and the question.
    Asks,
    /// Met for everybody: the dataset has not what it guards.
    Met,
    /// Met by nobody.
    Never,
}
