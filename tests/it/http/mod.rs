//! The service as those see it who use it: over HTTP.

pub(crate) mod basics;
mod client;
mod conflicts;
mod course;
mod deals;
mod demo;
mod edges;
mod eligibility;
mod evidence;
mod fields;
mod fuzz;
mod kill;
mod openapi;
mod persons;
mod roles;
mod search;
mod secrets;
pub(crate) mod server;
mod sign_in;
mod slow;
mod stories;
mod structure;
mod telling;
mod trouble;
