//! The evidence of an organisation: on file, by an earlier decision, looked up elsewhere, weighed at a moment, and what is missing.

pub(super) mod earlier;
pub(super) mod file;
pub(super) mod lookups;
pub(super) mod proofs;
pub(super) mod standing;
