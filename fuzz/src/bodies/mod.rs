//! What must hold of every input from outside, whatever its bytes: one function for each parser. Each says whether the input was read, so
//! that whoever calls it can tell that it came further than the door. The fuzz targets call them, and so do the tests of datadeal.

mod bundle;
mod catalogue;
mod conditions;
mod credential;
mod facts;
mod note;
mod odrl;
mod proof;
mod record;
mod seeds;
mod table;

pub use bundle::bundle;
pub use catalogue::{ckan, json_ld, rdf_xml, turtle};
pub use conditions::conditions;
pub use credential::credential;
pub use facts::facts;
pub use note::note;
pub use odrl::odrl;
pub use proof::proof;
pub use record::record;
pub use seeds::seeds;
pub use table::{csv, csvw, table_schema};
