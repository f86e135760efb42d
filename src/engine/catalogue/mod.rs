//! All datasets at once: catalogues of others brought in, who may see that a dataset exists, and what somebody may use.

pub(super) mod audience;
pub(super) mod audit;
pub(super) mod eligible;
pub(super) mod findings;
pub(super) mod harvest;
pub(super) mod import;
pub(super) mod index;
pub(super) mod listed;
pub(super) mod merge;
