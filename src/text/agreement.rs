//! The agreement's words.

use super::{Labels, Texts};
use crate::model::record::Deal;

/// The agreement's full words.
#[derive(Debug)]
pub struct Agreement {
    /// The text.
    pub text: String,
}

/// The words of a deal.
#[must_use]
pub fn agreement(texts: &Texts, labels: &dyn Labels, deal: &Deal) -> Agreement {
    let clauses: Vec<_> = deal.obligations.iter().map(|o| texts.of(&o.clause)).collect();
    Agreement { text: format!("{}\n{}\n{}", deal.number, texts.of(&labels.purpose(&deal.purpose)), clauses.join("\n")) }
}
