//! Catalogues of others, brought in: what they say is merged with the owner's own words, shown, and applied in one commit.

pub(super) mod audit;
pub(super) mod findings;
pub(super) mod harvest;
pub(super) mod import;
pub(super) mod listed;
pub(super) mod merge;
