//! The one integration binary: one link, one place to look.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod loader;
mod text;
