//! All datasets at once: who may see that one exists, what somebody may use, and what can be found.

pub(in crate::engine) mod about;
pub(in crate::engine) mod audience;
pub(in crate::engine) mod eligible;
pub(in crate::engine) mod facets;
pub(in crate::engine) mod fill;
pub(in crate::engine) mod index;
pub(in crate::engine) mod search;
pub(in crate::engine) mod words;
