//! How to mend what went wrong: words that fit everybody, and beside them the command for who is at the command line.

use std::fmt::{Display, Formatter};

/// How to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend {
    words: String,
    command: Option<String>,
}

impl Mend {
    /// Words, and the command that does it.
    pub(super) fn by(words: &str, command: impl Into<String>) -> Self {
        Mend { words: words.to_owned(), command: Some(command.into()) }
    }

    /// What also fits who calls over HTTP.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }
}

/// As it is said at the command line.
impl Display for Mend {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match &self.command {
            Some(command) => write!(f, "{}: {command}", self.words),
            None => f.write_str(&self.words),
        }
    }
}

impl From<&str> for Mend {
    fn from(words: &str) -> Self {
        words.to_owned().into()
    }
}

impl From<String> for Mend {
    fn from(words: String) -> Self {
        Mend { words, command: None }
    }
}
