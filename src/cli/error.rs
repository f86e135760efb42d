//! Errors of the command line: each carries its exit code, and the place, value and mend of what went wrong.

use std::fmt::Display;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};
use serde_json::{Value, json};

use super::Exit;

/// An error with the exit code that it ends in.
#[derive(Debug)]
pub struct CliError {
    exit: Exit,
    report: miette::Report,
}

impl CliError {
    /// An error of a room below, with its exit code.
    pub fn new(exit: Exit, error: impl Diagnostic + Send + Sync + 'static) -> Self {
        CliError { exit, report: miette::Report::new(error) }
    }

    /// Unreadable or malformed input: which, and why.
    pub fn input(what: impl Display, why: impl Display) -> Self {
        CliError { exit: Exit::Input, report: miette::miette!(code = "input", "{what}: {why}") }
    }

    /// Input with a mend.
    pub fn input_with_help(what: impl Display, why: impl Display, help: impl Display) -> Self {
        CliError {
            exit: Exit::Input,
            report: miette::miette!(code = "input", help = help.to_string(), "{what}: {why}"),
        }
    }

    /// An error with a mend.
    pub fn with_help(exit: Exit, why: impl Display, help: impl Display) -> Self {
        CliError { exit, report: miette::miette!(help = help.to_string(), "{why}") }
    }

    /// The exit code.
    #[must_use]
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// The object of `--json`.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut object = json!({ "code": self.exit as u8, "error": self.report.to_string() });
        if let Value::Object(map) = &mut object {
            for (key, value) in [
                ("kind", self.report.code().map(|c| c.to_string())),
                ("help", self.report.help().map(|h| h.to_string())),
            ] {
                map.extend(value.map(|v| (key.to_owned(), Value::from(v))));
            }
        }
        object
    }

    /// The text for people; with colours only for a terminal.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let mut out = String::new();
        let handler = GraphicalReportHandler::new_themed(theme).with_width(110).with_context_lines(1);
        match handler.render_report(&mut out, self.report.as_ref()) {
            Ok(()) => out.trim_matches('\n').to_owned(),
            Err(_) => self.report.to_string(),
        }
    }
}
