//! The service as those see it who use it: over HTTP.

pub(crate) mod basics;
mod client;
mod course;
mod deals;
mod evidence;
mod fuzz;
mod kill;
mod openapi;
mod roles;
pub(crate) mod server;
mod sign_in;
mod stories;
mod telling;
