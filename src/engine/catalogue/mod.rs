//! All datasets at once: who may see that one exists, and what somebody may use.

pub(in crate::engine) mod audience;
pub(in crate::engine) mod eligible;
pub(in crate::engine) mod index;
