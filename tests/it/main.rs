//! The one integration binary: `mod` lines only. `cfg(test)` is always true here; it tells clippy that helpers are tests too.

#[cfg(test)]
mod loader;
mod text;
