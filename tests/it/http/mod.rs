//! The service as those see it who use it: over HTTP.

mod basics;
pub(crate) mod server;
