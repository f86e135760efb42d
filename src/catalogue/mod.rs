//! Catalogues of others: what they say of datasets, and what we say to them: datasets as DCAT-AP-NL 3.0, conditions as ODRL 2.2. Pure: no file,
//! network or clock.

pub mod address;
pub mod document;
pub mod odrl;
pub mod read;
mod statements;
pub mod vocabulary;
pub mod write;
