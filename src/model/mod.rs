//! The nouns: ids, times, canonical bytes, digests. No I/O, no clock, no randomness, no Cedar, no SQL.

mod did;
mod digest;
pub mod entry;
mod id;
pub mod json;
mod time;

pub use did::DidKey;
pub use digest::{Digest, Salt};
pub use id::{IdError, Iri, Name, OrgId, Urn, check_register_number};
pub use time::{Time, TimeError};
