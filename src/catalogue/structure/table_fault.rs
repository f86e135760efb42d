//! What can be wrong with a file that says how a dataset is built: a closed list, each with its place, the value and a mend.

/// Why a file does not say how a dataset is built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum TableFault {
    /// More bytes than the limit.
    #[error("the file has {size} bytes, more than the limit of {limit}")]
    #[diagnostic(code(structure::too_large), help("describe the columns alone, without data"))]
    TooLarge {
        /// Bytes found.
        size: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// Text of two bytes a character.
    #[error("the file is UTF-16 or UTF-32, by its first bytes")]
    #[diagnostic(code(structure::encoding), help("save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE"))]
    Wide,
    /// Text of one byte a character.
    #[error("line {line}: the byte 0x{byte:02X} is not UTF-8; it reads like Windows-1252")]
    #[diagnostic(code(structure::encoding), help("save it as UTF-8: iconv -f WINDOWS-1252 -t UTF-8 FILE"))]
    Windows1252 {
        /// Counted from 1.
        line: usize,
        /// The first byte that is none of UTF-8.
        byte: u8,
    },
    /// No text at all.
    #[error("line {line}: the byte 0x{byte:02X} stands in no text")]
    #[diagnostic(code(structure::binary), help("give the text file, not a packed or binary form of it"))]
    Binary {
        /// Counted from 1.
        line: usize,
        /// The byte.
        byte: u8,
    },
    /// No JSON.
    #[error("line {line}, column {column}: {why}")]
    #[diagnostic(code(structure::syntax), help("give JSON with each member once, nested at most 32 levels"))]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// What is wrong there.
        why: String,
    },
    /// JSON of another shape.
    #[error("{at}: {why}")]
    #[diagnostic(code(structure::shape), help("docs/structure.md shows the forms that are read"))]
    Shape {
        /// Where: `tableSchema.columns[2].datatype`.
        at: String,
        /// What is wrong there.
        why: String,
    },
    /// Another context than that of CSVW; none is ever fetched.
    #[error("@context: `{value}` is not the context of CSVW, and no other one is read")]
    #[diagnostic(code(structure::context), help("write \"@context\": \"http://www.w3.org/ns/csvw\""))]
    Context {
        /// What stands there.
        value: String,
    },
    /// A file about more than one table.
    #[error("the file describes {count} tables: {names}")]
    #[diagnostic(code(structure::tables), help("give a file with the one table that is this dataset"))]
    Tables {
        /// How many.
        count: usize,
        /// The first ones.
        names: String,
    },
    /// No columns.
    #[error("the file names no column")]
    #[diagnostic(
        code(structure::no_columns),
        help("name the columns: the first line of a CSV file, `columns` in CSVW, `fields` in Table Schema")
    )]
    NoColumns,
    /// Too many of something.
    #[error("{count} columns are more than the limit of {limit}")]
    #[diagnostic(code(structure::too_many), help("describe parts of the data as datasets of their own"))]
    TooMany {
        /// How many.
        count: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// A column that cannot be named.
    #[error("{at}: `{name}` is not the name of a column: {why}")]
    #[diagnostic(
        code(structure::name),
        help("give each column a name of its own, of at most 200 characters on one line")
    )]
    Name {
        /// Where.
        at: String,
        /// The name, or its beginning.
        name: String,
        /// Why not.
        why: &'static str,
    },
    /// A key that names no column of the table.
    #[error("{at}: there is no column `{name}`")]
    #[diagnostic(code(structure::key), help("name columns of this table, as they are written there"))]
    NoSuchColumn {
        /// Where.
        at: String,
        /// What it names.
        name: String,
    },
    /// A relation whose two sides do not match.
    #[error("{at}: {here} columns here, and {there} there")]
    #[diagnostic(code(structure::relation), help("name as many columns on both sides, in the same order"))]
    Sides {
        /// Where.
        at: String,
        /// How many here.
        here: usize,
        /// How many there.
        there: usize,
    },
    /// A row of another length than the first line.
    #[error("line {line}: {found} values, where the first line names {expected} columns")]
    #[diagnostic(code(structure::row), help("put a value that holds the delimiter or a line break in quotes"))]
    Row {
        /// Counted from 1.
        line: u64,
        /// How many values.
        found: u64,
        /// How many columns.
        expected: u64,
    },
    /// What the reader of CSV says otherwise.
    #[error("{why}")]
    #[diagnostic(
        code(structure::csv),
        help("give a CSV file (RFC 4180) with the names of the columns in its first line")
    )]
    Csv {
        /// Why.
        why: String,
    },
}

/// The beginning of a text of others, for messages.
pub(super) fn short(text: &str) -> String {
    text.chars().take(80).collect()
}
