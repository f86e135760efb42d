//! The catalogue in the forms of others: datasets as DCAT-AP-NL 3.0, their conditions as ODRL 2.2. Pure: no network, no clock.

pub mod address;
pub mod document;
pub mod odrl;
mod statements;
pub mod vocabulary;
pub mod write;
