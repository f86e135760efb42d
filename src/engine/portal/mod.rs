//! Keeping a portal: made, copied, given up and continued, tidied; what the log committed itself to; what was erased.

pub(super) mod backup;
pub(super) mod checkpoint;
pub(super) mod erase;
pub(super) mod init;
pub(super) mod restart;
pub(super) mod tidy;
