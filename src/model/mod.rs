//! The nouns: ids, times, canonical bytes, digests. No I/O, no clock, no randomness, no Cedar, no SQL.

pub mod access;
pub(crate) mod as_text;
pub mod bitstring;
pub mod bundle;
pub mod change;
pub mod condition;
pub mod dataset;
pub mod decision;
pub mod description;
mod did;
pub mod difference;
mod digest;
mod document;
mod due;
pub mod eligible;
pub mod entry;
pub mod event;
pub mod facets;
mod id;
pub mod input;
mod issuer_key;
pub mod json;
pub mod odrl;
pub mod outline;
pub mod record;
pub mod structure;
pub mod term;
mod time;
pub mod trace;

pub use did::{DidError, DidKey};
pub use digest::{Digest, HexError, Salt};
pub use document::Document;
pub use id::{DatasetName, IdError, Iri, Name, OrgId, Urn, check_register_number};
pub use issuer_key::{IssuerKey, IssuerKeyError};
pub use json::JsonError;
pub use time::{Day, Time, TimeError};
