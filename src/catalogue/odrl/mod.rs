//! Offers as ODRL 2.2: written with the dataset that they are of, and read from a file.

mod constraint;
mod nodes;
pub mod read;
pub(super) mod write;
