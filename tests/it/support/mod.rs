//! What several tests need.

pub(crate) mod faulty;
pub(crate) mod forge;
pub(crate) mod logs;
