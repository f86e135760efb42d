//! The one integration binary: one link, one place to look.

mod loader;
