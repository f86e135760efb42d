//! What of a file could not be read: where, what, and how to mend it.

use std::fmt;

use serde::Serialize;

use super::{MAX_DEPTH, MAX_FILE, MAX_RECORD, MAX_RECORDS, MAX_STATEMENTS, MAX_TEXT};

/// Where in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The line, counted from 1, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The record: its IRI, its name, or its number in the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
}

impl Place {
    /// A line.
    #[must_use]
    pub fn line(line: usize) -> Self {
        Place { line: Some(line), record: None }
    }

    /// A record, at a line where that is known.
    #[must_use]
    pub fn record(record: impl Into<String>, line: Option<usize>) -> Self {
        Place { line, record: Some(record.into()) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.record, self.line) {
            (Some(record), Some(line)) => write!(f, "line {line}, `{record}`"),
            (Some(record), None) => write!(f, "`{record}`"),
            (None, Some(line)) => write!(f, "line {line}"),
            (None, None) => f.write_str("the file"),
        }
    }
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{place}: {problem}")]
pub struct Fault {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// What.
    #[serde(flatten)]
    pub problem: Problem,
}

/// What is wrong with a file or with one record: a closed list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(rename_all = "kebab-case", tag = "problem", content = "value")]
pub enum Problem {
    /// More bytes than are read.
    #[error("the file has more than {MAX_FILE} bytes")]
    FileTooLarge,
    /// Not text.
    #[error("this is not UTF-8")]
    NotUtf8,
    /// None of the formats.
    #[error("this is neither Turtle, JSON-LD, RDF/XML nor the JSON of CKAN")]
    UnknownFormat,
    /// Nothing at all.
    #[error("nothing is said in it")]
    Empty,
    /// The syntax of the format.
    #[error("{0}")]
    Syntax(String),
    /// An entity that the file declares itself.
    #[error("the file declares entities of its own, which can be made to grow without end")]
    Entities,
    /// A JSON-LD context that stands elsewhere.
    #[error("the context stands elsewhere, and nothing is fetched: {0}")]
    RemoteContext(String),
    /// CKAN says that it did not succeed.
    #[error("the server says that it failed: {0}")]
    Failed(String),
    /// More records than are read.
    #[error("there are more than {MAX_RECORDS} records")]
    TooManyRecords,
    /// A record without a name.
    #[error("it has no IRI, and no identifier that is one")]
    NoIri,
    /// A name that is no IRI.
    #[error("`{0}` is no IRI: an absolute address without spaces")]
    BadIri(String),
    /// No title.
    #[error("it has no title")]
    NoTitle,
    /// The same name twice.
    #[error("a record of this name was read before")]
    Twice,
    /// A text that is too long: of which property, and its bytes.
    #[error("the text of {0} has {1} bytes, more than {MAX_TEXT}")]
    TextTooLong(String, usize),
    /// More than a record may hold.
    #[error("it says more than {MAX_STATEMENTS} things")]
    TooManyStatements,
    /// A record that is too large to keep.
    #[error("it has {0} bytes, more than {MAX_RECORD}")]
    RecordTooLarge(usize),
    /// Nodes within nodes.
    #[error("nodes without a name lie more than {MAX_DEPTH} deep")]
    TooDeep,
    /// Nodes that lead back to themselves.
    #[error("nodes without a name lead back to themselves")]
    Cycle,
    /// A syntax fault within the record.
    #[error("part of it could not be read")]
    Broken,
    /// A member of another form than CKAN's.
    #[error("the member `{0}` is no {1}")]
    Member(String, &'static str),
}

impl Problem {
    /// How to mend it.
    #[must_use]
    pub fn mend(&self) -> &'static str {
        match self {
            Problem::FileTooLarge | Problem::TooManyRecords => {
                "split the file; a harvest by address reads page by page"
            }
            Problem::NotUtf8 => "save it as UTF-8",
            Problem::UnknownFormat => "say which it is: --format turtle, json-ld, rdf-xml or ckan",
            Problem::Syntax(_) | Problem::Broken | Problem::Empty => "mend the file at its source, and import it again",
            Problem::Entities => "write the names out, or export it as Turtle",
            Problem::RemoteContext(_) => "put the context into the file, or export it as Turtle",
            Problem::Failed(_) => "ask the server again, or its operator",
            Problem::NoIri | Problem::BadIri(_) => "give the record an absolute IRI, or such an identifier",
            Problem::NoTitle => "give it a title",
            Problem::Twice => "give each record a name of its own",
            Problem::TextTooLong(..) | Problem::TooManyStatements | Problem::RecordTooLarge(_) => {
                "put the long text on a page of its own, and refer to it"
            }
            Problem::TooDeep | Problem::Cycle => "give the nodes names, or leave out what leads back",
            Problem::Member(..) => "export it by the action API of CKAN: package_show or package_search",
        }
    }
}

/// The line on which a text ends, counted from 1.
pub(super) fn lines(text: &str) -> usize {
    text.bytes().filter(|b| *b == b'\n').count() + 1
}
