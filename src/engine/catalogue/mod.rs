//! All datasets at once: catalogues of others brought in, how datasets are built and relate, who may see that one exists, what somebody may use, and
//! what can be found.

pub(super) mod about;
pub(super) mod audience;
pub(super) mod audit;
pub(super) mod change;
pub(super) mod eligible;
pub(super) mod facets;
pub(super) mod fill;
pub(super) mod findings;
pub(super) mod harvest;
pub(super) mod import;
pub(super) mod index;
pub(super) mod listed;
pub(super) mod merge;
pub(super) mod related;
pub(super) mod search;
pub(super) mod structure;
pub(super) mod words;
