//! `datadeal dataset`: what there is to ask for, and of each who decides and what it asks.

mod add;
mod list;
mod show;

use clap::Subcommand;

use super::mandate::powers;
use super::table::table;
use super::{Cli, CliError, Exit, Reply, folder};
use crate::labels::SchemaLabels;
use crate::model::dataset::{Access, Column};
use crate::text::{Labels, Texts};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Command {
    /// Add datasets, or new descriptions of datasets that are there: one import, one log entry.
    #[command(
        after_help = "A file holds one dataset or a list of them; examples/education/dataset.json shows the form.\n\nExamples:\n  datadeal --as operator dataset add education.json\n  datadeal --as operator dataset add catalogue/*.json\n  curl https://example.nl/datasets.json | datadeal --as operator dataset add -"
    )]
    Add(add::Add),
    /// List every dataset with its access and owner.
    #[command(
        after_help = "Examples:\n  datadeal dataset list\n  datadeal dataset list --owner NL.OIN:00000099000000012000 --json"
    )]
    List(list::List),
    /// Show one dataset: access, licence or conditions in short, who decides, columns, alternatives.
    #[command(
        after_help = "Examples:\n  datadeal dataset show education\n  datadeal dataset show education --lang nl\n  datadeal dataset show https://example.nl/id/dataset/education --json"
    )]
    Show(show::Show),
}

pub(in crate::cli) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    match command {
        Command::Add(args) => add::run(cli, args),
        Command::List(args) => list::run(cli, args),
        Command::Show(args) => show::run(cli, args),
    }
}

fn access(texts: &Texts, access: Access) -> String {
    let key = match access {
        Access::Open => "cli-access-open",
        Access::Conditions => "cli-access-conditions",
        Access::Closed => "cli-access-closed",
    };
    texts.get(key, &[])
}

/// A column by name, title and what it holds.
pub(in crate::cli) fn column_words(texts: &Texts, labels: &SchemaLabels<'_>, column: &Column) -> String {
    let title = column.title.as_ref().map_or_else(String::new, |t| format!(": {}", texts.of(t)));
    let marks: Vec<String> = [
        (column.identifying, "dataset.identifying"),
        (column.special, "dataset.special"),
        (column.personal && !column.identifying && !column.special, "dataset.personal"),
    ]
    .into_iter()
    .filter(|(holds, _)| *holds)
    .map(|(_, path)| texts.of(&labels.path(path)))
    .collect();
    let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join("; ")) };
    format!("{}{title}{marks}", column.name)
}
