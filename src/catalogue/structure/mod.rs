//! How a dataset is built, in the forms of others: CSVW, Frictionless Table Schema, and the header and first rows of a CSV file.
//!
//! | file | what it is |
//! |---|---|
//! | [`mod@csvw`], [`mod@table_schema`] | the two forms, read and written |
//! | [`mod@csv`] | a CSV file, from which names and types are read |
//! | [`mod@table`] | what all three come to, and how it is merged with what stands here; [`mod@table_fault`] what is wrong with a file |
//! | [`mod@datatype`] | the built-in types of CSVW |
//! | [`mod@names`] | what names of columns suggest: never more than that |
//! | `members`, `kept` | members of JSON by type; what has no place here, kept where it stood |

pub mod csv;
pub mod csvw;
pub mod datatype;
mod kept;
mod members;
pub mod names;
pub mod table;
pub mod table_fault;
pub mod table_schema;
