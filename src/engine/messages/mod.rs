//! Telling people: what an event becomes, how it is sent, and what was given up.

pub(super) mod outbox;
pub(super) mod sending;
pub(super) mod tell;
pub(super) mod webhooks;
