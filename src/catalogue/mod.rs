//! Descriptions of data in the forms of others: catalogues read (DCAT, CKAN) and written (DCAT-AP-NL 3.0, with conditions as ODRL 2.2), how a dataset
//! is built (CSVW, Frictionless Table Schema, a CSV file), and how it relates to others (Mermaid, DOT, SVG). Pure: bytes in, values or a fault out;
//! no file is opened here and no address followed.

pub mod address;
pub mod document;
pub mod odrl;
pub mod read;
pub mod relations;
mod statements;
pub mod structure;
pub mod vocabulary;
pub mod write;
