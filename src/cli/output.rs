//! What is printed, and the exit code. Results go to stdout, talk to stderr; no colour without a terminal.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use serde::Serialize;
use serde_json::Value;

use super::{Cli, CliError};

/// The exit codes, the same in every command (and as `code` in JSON).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Yes: permit, valid, done.
    Yes = 0,
    /// No: deny, no ground, invalid, failed test, faults found, forbidden by rights or state, conflict.
    No = 1,
    /// The command's words are wrong.
    Usage = 2,
    /// Undecided: review, incomplete, not everything given.
    Undecided = 3,
    /// Unreadable or malformed input.
    Input = 4,
    /// Storage.
    Storage = 5,
    /// The store, the head or a log contradict themselves.
    Contradiction = 6,
    /// Conditions could not be evaluated.
    Evaluation = 7,
}

/// What a command answers.
#[derive(Debug)]
pub struct Reply {
    /// The exit code.
    pub exit: Exit,
    /// The object of `--json`.
    pub json: Value,
    /// The text for people, without a last newline.
    pub text: String,
    /// After a negative or incomplete answer: what to do next, as a command.
    pub next: Option<String>,
    /// What is said beside a result that goes into a file: to stderr, for people.
    pub aside: Option<String>,
}

impl Reply {
    /// A reply with an object and a text.
    ///
    /// # Errors
    /// If the object is no JSON; ours are.
    pub fn new(exit: Exit, object: &impl Serialize, text: String) -> Result<Self, CliError> {
        let json = serde_json::to_value(object).map_err(|e| CliError::input("the answer", e))?;
        Ok(Reply { exit, json, text, next: None, aside: None })
    }

    /// Adds what is said beside the result.
    #[must_use]
    pub fn aside(mut self, text: impl Into<String>) -> Self {
        self.aside = Some(text.into());
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn next(mut self, command: impl Into<String>) -> Self {
        self.next = Some(command.into());
        self
    }
}

/// Prints clap's own words: help and version are results, the rest is a usage error.
pub(super) fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { Exit::Usage as u8 } else { Exit::Yes as u8 })
}

/// Prints a reply or an error; a closed pipe ends the program quietly.
pub(super) fn print(cli: &Cli, reply: Result<Reply, CliError>) -> ExitCode {
    match reply {
        Ok(reply) => {
            let mut out = std::io::stdout().lock();
            let written = if cli.json {
                let mut object = reply.json;
                if let Value::Object(map) = &mut object {
                    map.insert("code".to_owned(), Value::from(reply.exit as u8));
                    if let Some(next) = &reply.next {
                        map.insert("next".to_owned(), Value::from(next.as_str()));
                    }
                }
                serde_json::to_writer_pretty(&mut out, &object)
                    .map_err(std::io::Error::from)
                    .and_then(|()| writeln!(out))
            } else {
                if let Some(aside) = &reply.aside {
                    let _ = writeln!(std::io::stderr(), "{aside}");
                }
                let next = reply.next.map(|n| format!("\n\nnext: {n}")).unwrap_or_default();
                writeln!(out, "{}{next}", reply.text)
            };
            let _ = written;
            ExitCode::from(reply.exit as u8)
        }
        Err(error) => {
            // a macro would panic on a closed pipe
            let _ = if cli.json {
                writeln!(std::io::stdout(), "{:#}", error.json())
            } else {
                writeln!(std::io::stderr(), "{}", error.render(std::io::stderr().is_terminal()))
            };
            ExitCode::from(error.exit() as u8)
        }
    }
}
