//! `datadeal facts`: a file to fill in, and how such a file is read.

mod file;

use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::schema::fact_object;
use super::{Cli, CliError, Exit, Reply, folder};
use crate::engine::{Question, Shown};
use crate::labels::SchemaLabels;
use crate::model::dataset::Access;
use crate::model::json as profile;
use crate::text::Labels;
use file::Asked;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write a facts file for a dataset: every fact that its conditions read, with what counts and whose proof.
    #[command(
        after_help = "Lines that begin with // are comments, and a comma before a closing bracket does no harm.\n\nExamples:\n  datadeal facts new --dataset education > facts.json\n  datadeal facts new --dataset education --lang nl > feiten.json\n  datadeal facts new --dataset education | datadeal check --dataset education --facts -"
    )]
    New(New),
}

#[derive(Debug, Args)]
pub(super) struct New {
    /// The dataset, by short name or IRI.
    #[arg(long)]
    dataset: String,
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    match command {
        Command::New(args) => new(cli, args),
    }
}

fn new(cli: &Cli, args: &New) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.seeing(&engine)?;
    let shown = engine.show(actor.as_ref(), &args.dataset, None)?;
    let d = &shown.dataset.dataset;
    if d.access == Access::Open || !shown.has_ground {
        let texts = cli.texts();
        let (key, exit) =
            if d.access == Access::Open { ("cli-facts-open", Exit::Yes) } else { ("explain-none-published", Exit::No) };
        let reply = Reply::new(exit, &json!({"dataset": d.id, "facts": []}), texts.get(key, &[]))?;
        return Ok(reply.next(format!("datadeal dataset show {}", d.slug)));
    }
    let asked = Asked::of(&shown);
    let columns = engine.askable_columns(actor.as_ref(), &args.dataset)?;
    let text = file::write(&cli.texts(), &shown, &asked, &columns);
    let mut object = object(&shown, &asked, &text);
    if let Value::Object(map) = &mut object {
        map.insert("askable".to_owned(), columns.into());
    }
    Reply::new(Exit::Yes, &object, text)
}

fn object(shown: &Shown, asked: &Asked<'_>, text: &str) -> Value {
    let schema = &shown.schema;
    let fact = |(name, used): (&&str, &file::Used<'_>)| {
        let mut object = fact_object(schema, name, schema.facts().get(*name)?);
        if let Value::Object(map) = &mut object {
            map.insert("declared".to_owned(), used.declared.into());
            map.insert("verified".to_owned(), used.verified.into());
            map.insert("counts".to_owned(), json!(used.wishes));
        }
        Some(object)
    };
    let declinable: Vec<_> = asked.declinable.iter().map(|(id, o)| json!({"id": id, "label": o.text.label})).collect();
    let labels = SchemaLabels(schema);
    let approvals: Vec<_> = asked.approvals.iter().map(|a| json!({"name": a, "label": labels.approval(a)})).collect();
    json!({
        "dataset": shown.dataset.dataset.id,
        "purposes": asked.purposes(schema),
        "scope": asked.scope,
        "columns": shown.dataset.dataset.columns,
        "facts": asked.facts.iter().filter_map(fact).collect::<Vec<_>>(),
        "declinable": declinable,
        "approvals": approvals,
        "file": text,
    })
}

/// Reads a facts file.
pub(super) fn question(path: &Path) -> Result<Question, CliError> {
    let text = folder::text(path, profile::MAX_BYTES)?;
    read(&text).map_err(|e| {
        let help = match &e {
            profile::JsonError::Shape { .. } => "`datadeal facts new --dataset D` writes a file with every member",
            _ => "a text stands between quotes, members are set apart by commas; // begins a line of comment",
        };
        CliError::with_help(Exit::Input, format!("{}: {e}", path.display()), help)
    })
}

/// Reads the text of a facts file: JSON, or JSON with comments as `facts new` writes it.
///
/// # Errors
/// Outside the record profile, or no question: an unknown member, `verified` among them, or one of another type.
pub fn read(text: &str) -> Result<Question, profile::JsonError> {
    profile::read(plain(text).as_bytes(), "facts file")
}

/// A facts file as JSON: lines that begin with `//` and a comma before a closing bracket become spaces, so that every fault keeps its
/// line and column.
fn plain(text: &str) -> String {
    let blank = |line: &str| if line.trim_start().starts_with("//") { String::new() } else { line.to_owned() };
    let lines: Vec<String> = text.split('\n').map(blank).collect();
    let mut out: Vec<char> = Vec::with_capacity(text.len());
    let (mut in_text, mut escaped, mut comma) = (false, false, None);
    for c in lines.join("\n").chars() {
        if in_text {
            in_text = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else {
            match c {
                ',' => comma = Some(out.len()),
                '}' | ']' => {
                    if let Some(cell) = comma.take().and_then(|at: usize| out.get_mut(at)) {
                        *cell = ' ';
                    }
                }
                c if c.is_whitespace() => {}
                _ => {
                    comma = None;
                    in_text = c == '"';
                }
            }
        }
        out.push(c);
    }
    out.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_last_commas_are_no_faults() {
        let read = |text: &str| serde_json::from_str::<Value>(&plain(text)).ok();
        let filled = "// head\n{\n  \"a\": [1, 2,],\n  // \"b\": 1,\n  \"c\": \"x, // ]\\\" ,}\",\n}\n";
        assert_eq!(read(filled), Some(json!({"a": [1, 2], "c": "x, // ]\" ,}"})));
        assert_eq!(plain(filled).lines().count(), filled.lines().count());
        assert_eq!(read("{\"a\": 1,, }"), None);
        assert_eq!(read("{,}"), Some(json!({})));
        assert_eq!(read("[1 2,]"), None);
    }
}
