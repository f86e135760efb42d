//! The one integration binary: one link, one place to look.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on panics, in its helpers too"
)]

mod loader;
mod log;
mod log_faults;
mod store;
mod support;
