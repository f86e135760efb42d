//! `datadeal dataset structure`: how a dataset is built, from a file and into one; and `datadeal dataset relations`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::built::{self, items};
use super::{Cli, CliError, Exit, Reply, folder};
use crate::catalogue::relations::Drawn;
use crate::catalogue::structure::names::Mark;
use crate::catalogue::structure::table::{Form, MAX_SCHEMA, Table};
use crate::catalogue::structure::table_fault::TableFault;
use crate::catalogue::structure::{csv, csvw, table_schema};
use crate::engine::{ColumnPart, Difference, NewStructure, StructureChange, StructurePart};
use crate::model::Iri;
use crate::text::{self, Texts};

#[derive(Debug, Args)]
pub(in crate::cli) struct Structure {
    /// By short name or IRI.
    #[arg(value_name = "DATASET")]
    name: String,
    /// Take it from a CSVW file; `-` for stdin.
    #[arg(long, value_name = "FILE", group = "source")]
    csvw: Option<PathBuf>,
    /// Take it from a Frictionless Table Schema, or a data package of one resource; `-` for stdin.
    #[arg(long, value_name = "FILE", group = "source")]
    table_schema: Option<PathBuf>,
    /// Take names and types from the first line and a sample of the rows of a CSV file; `-` for stdin.
    #[arg(long, value_name = "FILE", group = "source")]
    csv: Option<PathBuf>,
    /// Write it in this form.
    #[arg(long, value_name = "FORM", group = "source")]
    form: Option<Written>,
    /// Mark columns as personal data.
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', requires = "source", conflicts_with = "form")]
    personal: Vec<String>,
    /// Mark columns as identifying a person.
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', requires = "source", conflicts_with = "form")]
    identifying: Vec<String>,
    /// Mark columns as a special category of personal data.
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', requires = "source", conflicts_with = "form")]
    special: Vec<String>,
    /// The data model that it conforms to; may be given more than once.
    #[arg(long, value_name = "IRI", requires = "source", conflicts_with = "form")]
    model: Vec<Iri>,
    /// Write it down. Without this it is shown what would change.
    #[arg(long, requires = "source", conflicts_with = "form")]
    apply: bool,
}

/// The forms that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Written {
    Csvw,
    TableSchema,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Relations {
    /// By short name or IRI.
    #[arg(value_name = "DATASET")]
    name: String,
    /// Draw them in this form; without it they are told in words.
    #[arg(long, value_name = "FORM")]
    form: Option<Picture>,
}

/// The forms of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Picture {
    Mermaid,
    Dot,
    Svg,
}

pub(super) fn run(cli: &Cli, args: &Structure) -> Result<Reply, CliError> {
    if let Some(form) = args.form {
        return write(cli, &args.name, form);
    }
    let Some(table) = table(args)? else { return built::reply(cli, &args.name) };
    let marks =
        [(&args.personal, Mark::Personal), (&args.identifying, Mark::Identifying), (&args.special, Mark::Special)];
    let marks = marks.into_iter().flat_map(|(names, mark)| names.iter().map(move |name| (name.clone(), mark)));
    let new = NewStructure { table, marks: marks.collect(), models: args.model.clone() };
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let change = if args.apply {
        engine.set_structure(&actor, &args.name, &new)?
    } else {
        engine.structure_change(&actor, &args.name, &new)?
    };
    let texts = cli.texts();
    let title = texts.of(&engine.show(Some(&actor), &args.name, None)?.dataset.dataset.title);
    let reply = Reply::new(Exit::Yes, &change, text::wrap(&told(&texts, &title, &change).join("\n")))?;
    Ok(match change.record {
        Some(_) => reply.next(format!("datadeal dataset show {} --structure", change.slug)),
        None => reply,
    })
}

/// The table of the file that is named, if one is.
fn table(args: &Structure) -> Result<Option<Table>, CliError> {
    let schema = |path: &Path, read: fn(&[u8]) -> Result<Table, TableFault>| {
        // one byte more than is read tells that there is too much
        let (bytes, _) = folder::start(path, MAX_SCHEMA + 1)?;
        read(&bytes).map_err(|fault| wrong(path, &fault))
    };
    if let Some(path) = &args.csvw {
        return schema(path, csvw::read).map(Some);
    }
    if let Some(path) = &args.table_schema {
        return schema(path, table_schema::read).map(Some);
    }
    let Some(path) = &args.csv else { return Ok(None) };
    let (bytes, whole) = folder::start(path, csv::SAMPLE_BYTES)?;
    csv::read(&bytes, whole).map(Some).map_err(|fault| wrong(path, &fault))
}

fn wrong(path: &Path, fault: &TableFault) -> CliError {
    let help = miette::Diagnostic::help(fault).map_or_else(String::new, |help| help.to_string());
    CliError::input_with_help(path.display(), fault, help)
}

fn write(cli: &Cli, name: &str, form: Written) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let dataset = engine.description(cli.seeing(&engine)?.as_ref(), name)?.dataset;
    let (document, left) = match form {
        Written::Csvw => csvw::write(&Table::of(Form::Csvw, &dataset)),
        Written::TableSchema => table_schema::write(&Table::of(Form::TableSchema, &dataset)),
    };
    let text = serde_json::to_string_pretty(&document).map_err(|e| CliError::input("the structure", e))?;
    let object: Value = json!({"dataset": dataset.id, "document": document, "left": left});
    let reply = Reply::new(Exit::Yes, &object, text)?;
    if left.is_empty() {
        return Ok(reply);
    }
    let texts = cli.texts();
    let head = texts.get("struct-left", &[]);
    let lines: Vec<String> = std::iter::once(head).chain(items(built::statements(&texts, &left))).collect();
    Ok(reply.aside(lines.join("\n")))
}

/// What a structure changes, in words.
fn told(texts: &Texts, title: &str, change: &StructureChange) -> Vec<String> {
    let values = [("title", title.into()), ("n", change.count.into())];
    let mut lines = vec![texts.get("struct-change", &values)];
    if change.is_empty() {
        lines.extend(items(vec![texts.get("struct-change-none", &[])]));
    }
    for column in &change.columns {
        let name = column.column.as_str();
        let parts: Vec<String> = column.parts.iter().map(|p| part(texts, column_part(*p))).collect();
        let line = match column.change {
            Difference::New => texts.get("struct-change-new", &[("column", name.into())]),
            Difference::Gone => texts.get("struct-change-gone", &[("column", name.into())]),
            Difference::Changed => {
                let values = [("column", name.into()), ("parts", parts.join(", ").into())];
                texts.get("struct-change-changed", &values)
            }
        };
        lines.extend(items(vec![line]));
        if !column.unmarked.is_empty() {
            let mark = |mark: &Mark| texts.get("struct-mark", &[("mark", mark.as_str().into())]);
            let marks = texts.all_of(&column.unmarked.iter().map(mark).collect::<Vec<_>>());
            let values = [("column", name.into()), ("marks", marks.into())];
            lines.extend(items(vec![texts.get("struct-change-unmarked", &values)]));
        }
    }
    for differs in &change.parts {
        let values = [("part", part(texts, structure_part(*differs)).into())];
        lines.extend(items(vec![texts.get("struct-change-other", &values)]));
    }
    let findings = built::findings(texts, &change.together, &change.suggestions);
    if !findings.is_empty() {
        lines.push(String::new());
        lines.push(texts.get("struct-findings", &[]));
        lines.extend(items(findings));
    }
    lines.extend(built::kept(texts, &change.kept));
    if !change.is_empty() {
        lines.push(String::new());
        let key = if change.before == change.version { "struct-version-same" } else { "struct-version-new" };
        lines.push(texts.get(key, &[("version", change.version.to_string().into())]));
        lines.push(match &change.record {
            Some(record) => texts.get("struct-set", &[("id", record.id.to_string().into())]),
            None => texts.get("struct-preview", &[]),
        });
    }
    lines
}

fn part(texts: &Texts, word: &'static str) -> String {
    texts.get("struct-change-part", &[("part", word.into())])
}

fn column_part(part: ColumnPart) -> &'static str {
    match part {
        ColumnPart::Title => "title",
        ColumnPart::Description => "description",
        ColumnPart::Datatype => "datatype",
        ColumnPart::Required => "required",
        ColumnPart::Concept => "concept",
        ColumnPart::Group => "group",
        ColumnPart::Marks => "marks",
    }
}

fn structure_part(part: StructurePart) -> &'static str {
    match part {
        StructurePart::Order => "order",
        StructurePart::Models => "models",
        StructurePart::Key => "key",
        StructurePart::Relations => "relations",
        StructurePart::Kept => "kept",
    }
}

pub(super) fn relations(cli: &Cli, args: &Relations) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let graph = engine.relations(cli.seeing(&engine)?.as_ref(), &args.name)?;
    let texts = cli.texts();
    let text = match args.form {
        None => text::wrap(&items(built::relations(&texts, &graph)).join("\n")),
        Some(form) => {
            let form = match form {
                Picture::Mermaid => Drawn::Mermaid,
                Picture::Dot => Drawn::Dot,
                Picture::Svg => Drawn::Svg,
            };
            graph.draw(form, texts.lang()).trim_end().to_owned()
        }
    };
    Reply::new(Exit::Yes, &graph, text)
}
