//! The one integration binary: `mod` lines only. `cfg(test)` is always true here; it tells clippy that helpers are tests too.
#![expect(clippy::string_slice, reason = "a test cuts texts that it knows")]

#[cfg(test)]
mod access;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod bundles;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod columns;
#[cfg(test)]
mod config;
#[cfg(test)]
mod course;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod credentials;
#[cfg(test)]
mod deal_end;
#[cfg(test)]
mod deals;
#[cfg(test)]
mod decision;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod difference;
#[cfg(test)]
mod eligible;
#[cfg(test)]
mod events;
#[cfg(test)]
mod evidence;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod export;
#[cfg(test)]
mod floors;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod http;
#[cfg(test)]
mod interop;
#[cfg(test)]
mod keeping;
#[cfg(test)]
mod loader;
#[cfg(test)]
mod log;
#[cfg(test)]
mod log_faults;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod net;
#[cfg(test)]
mod oidc;
#[cfg(test)]
mod people;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod register;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod search;
#[cfg(test)]
mod spec;
#[cfg(test)]
mod status;
#[cfg(test)]
mod store;
#[cfg(test)]
mod story;
#[cfg(test)]
mod structure;
#[cfg(test)]
mod support;
#[cfg(test)]
mod telling;
#[cfg(test)]
mod text;
#[cfg(test)]
mod vectors;
