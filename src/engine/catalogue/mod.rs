//! What owners and catalogues say of datasets beside conditions: how they are built, and how they relate to others.

pub(super) mod related;
pub(super) mod structure;
