//! Who there is: organisations that ask to be added, persons, keys and mandates, API keys, sign-in, and where people are reached.

pub(super) mod api_keys;
pub(super) mod contacts;
pub(super) mod mandates;
pub(super) mod organisations;
pub(super) mod parties;
pub(super) mod persons;
pub(super) mod sign_in;
