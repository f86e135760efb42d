//! Descriptions of data in the forms of others: catalogues (DCAT, CKAN), how a dataset is built (CSVW, Frictionless Table Schema, a CSV file), and
//! how it relates to others (Mermaid, DOT, SVG). Pure: bytes in, values or a fault out; no file is opened here and no address followed.

pub mod csv;
pub mod csvw;
pub mod datatype;
mod kept;
mod members;
pub mod names;
pub mod read;
pub mod relations;
mod svg;
pub mod table;
pub mod table_fault;
pub mod table_schema;
