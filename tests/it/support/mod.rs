//! What several tests need.

pub(crate) mod faulty;
pub(crate) mod logs;
