//! `datadeal dataset`: what there is to ask for, and of each who decides and what it asks.

mod add;
mod built;
mod list;
mod show;
mod structure;

use clap::Subcommand;

use super::import::{self, Import};
use super::mandate::powers;
use super::table::table;
use super::{Cli, CliError, Exit, Reply, export, folder};
use crate::labels::SchemaLabels;
use crate::model::dataset::{Access, Column};
use crate::text::{self, Labels, Texts};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Command {
    /// Add datasets, or new descriptions of datasets that are there: one import, one log entry.
    #[command(
        after_help = "A file holds one dataset or a list of them; examples/education/dataset.json shows the form.\n\nExamples:\n  datadeal --as operator dataset add education.json\n  datadeal --as operator dataset add catalogue/*.json\n  curl https://example.nl/datasets.json | datadeal --as operator dataset add -"
    )]
    Add(add::Add),
    /// Import a catalogue: DCAT as Turtle, JSON-LD or RDF/XML, or CKAN's JSON, from a file or an address.
    #[command(
        after_help = "It is shown first, and written with --apply: one record, one log entry, or nothing.\nWhat the catalogue holds no more is marked as gone, never deleted. examples/catalogue/ shows the forms.\n\nExamples:\n  datadeal --as clerk dataset import catalogue.ttl\n  datadeal --as clerk dataset import packages.json --defaults defaults.json --apply\n  datadeal --as clerk dataset import https://data.example.nl/catalogue.ttl --apply --json\n  datadeal --as clerk dataset import https://example.nl/api/3/action/package_search --apply"
    )]
    Import(Import),
    /// List datasets with access and owner: all, those that have some words, or those of some kind.
    List(list::List),
    /// Show one dataset in plain words: licence or conditions, evidence, who decides, how long it takes, price, columns, alternatives.
    #[command(
        after_help = "Examples:\n  datadeal dataset show education\n  datadeal dataset show education --lang nl\n  datadeal dataset show education --structure\n  datadeal dataset show https://example.nl/id/dataset/education --json"
    )]
    Show(show::Show),
    /// Set how a dataset is built, from CSVW, Table Schema or a CSV file: seen first, then applied; or write it in one of these forms.
    #[command(
        after_help = "A file says which columns there are; what conditions can read of a column (its group and marks) stays as it is, unless the \
file says so itself or you mark the column. What names of columns suggest is told and never decided. What a file says that has no place is kept \
and shown. docs/structure.md shows the forms.\n\nExamples:\n  datadeal --as steward dataset structure education --csv pupils.csv --identifying bsn\n  datadeal --as steward dataset structure education --csvw education.csv-metadata.json --apply\n  datadeal --as steward dataset structure education --table-schema schema.json --apply\n  datadeal dataset structure education --form csvw > education.csv-metadata.json"
    )]
    Structure(structure::Structure),
    /// How a dataset relates to others: in words, or as a graph for Mermaid, Graphviz or the eye.
    #[command(
        after_help = "Examples:\n  datadeal dataset relations education\n  datadeal dataset relations education --form mermaid\n  datadeal dataset relations education --form svg > education.svg"
    )]
    Relations(structure::Relations),
    /// Write the catalogue, or one dataset, as DCAT-AP-NL with ODRL offers, for catalogues of others.
    #[command(
        after_help = "What the profile demands and nobody said is named; so is what ODRL cannot say of the conditions, for which the Cedar text counts, \
named by its SHA-256. Datasets for few are left out unless the person after --as may see them.\n\nExamples:\n  datadeal dataset export > catalogue.ttl\n  \
datadeal dataset export education --format jsonld --out education.jsonld\n  datadeal dataset export --address https://data.example.nl --contact desk@example.nl"
    )]
    Export(export::Export),
}

pub(in crate::cli) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    match command {
        Command::Add(args) => add::run(cli, args),
        Command::Import(args) => import::run(cli, args),
        Command::List(args) => list::run(cli, args),
        Command::Show(args) => show::run(cli, args),
        Command::Structure(args) => structure::run(cli, args),
        Command::Relations(args) => structure::relations(cli, args),
        Command::Export(args) => export::run(cli, args),
    }
}

fn access(texts: &Texts, access: Access) -> String {
    texts.get(text::access_key(access), &[])
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
