//! What is wrong with a condition file: all of it at once, each fault with its place and its mend.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceSpan};
use serde::Serialize;

/// The rule that a condition file breaks. A closed list; SPEC section 6 has a paragraph for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Not Cedar.
    Syntax,
    /// Larger than the limit.
    Size,
    /// Neither a ground nor a condition in its one form.
    Form,
    /// An annotation is missing, unknown, or holds a wrong value.
    Annotation,
    /// Two policies with one id.
    DuplicateId,
    /// A ground in a set that may not name grounds.
    GroundLevel,
    /// `has`, an approval or an acceptance where withholding could help.
    Position,
    /// A path that the schema does not have.
    Path,
    /// A word that the schema does not have.
    Vocabulary,
    /// A whole record, a tag or a bare variable is read.
    Value,
    /// Arithmetic that can overflow.
    Arithmetic,
    /// A body that reads nothing.
    ReadsNothing,
    /// A body that can never be met.
    NeverMet,
    /// A kind that does not read its own acceptance, or an entry condition that reads one.
    Acceptance,
    /// Cedar's validator refuses it, strictly and at level 1.
    Validation,
    /// A provision of an act that is unknown or has lapsed.
    LegalBasis,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The rule that is broken.
    pub rule: Rule,
    /// The policy's id, or its number in the file where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// What is wrong, with the value.
    pub why: String,
    /// How to mend it.
    pub help: String,
    /// First line, counted from 1.
    pub line: usize,
    /// First column, counted from 1 in characters.
    pub column: usize,
    /// Offset and length in bytes.
    #[serde(skip)]
    pub span: (usize, usize),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(policy) = &self.policy {
            write!(f, "{policy}: ")?;
        }
        f.write_str(&self.why)
    }
}

impl std::error::Error for Fault {}

impl Diagnostic for Fault {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!("conditions::{}", rule_name(self.rule))))
    }
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| Box::new(&self.help) as Box<dyn fmt::Display>)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = SourceSpan::new(self.span.0.into(), self.span.1);
        Some(Box::new(std::iter::once(LabeledSpan::new_primary_with_span(None, span))))
    }
}

/// The rule's name as JSON and `--help` write it.
#[must_use]
pub fn rule_name(rule: Rule) -> String {
    serde_json::to_value(rule).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Everything that is wrong with one file, in the order of the text.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{} {} in {name}", faults.len(), if faults.len() == 1 { "fault" } else { "faults" })]
pub struct Faults {
    /// The file's name.
    pub name: String,
    /// Its text.
    pub text: NamedSource<String>,
    /// The faults.
    pub faults: Vec<Fault>,
}

impl Diagnostic for Faults {
    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.text)
    }
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.faults.iter().map(|f| f as &dyn Diagnostic)))
    }
}

/// Line and column, from 1, of a byte offset.
pub(super) fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    (line, column)
}
