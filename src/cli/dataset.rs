//! `datadeal dataset`: what there is to ask for, and of each who decides and what it asks.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::import::Import;
use super::mandate::powers;
use super::table::table;
use super::{Cli, CliError, Exit, Reply, export, folder};
use crate::engine::Shown;
use crate::engine::state::DatasetNow;
use crate::labels::SchemaLabels;
use crate::model::condition::Role;
use crate::model::dataset::{Access, Column, Dataset};
use crate::model::decision::Need;
use crate::model::{OrgId, json as profile};
use crate::text::{self, Labels, Texts};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add datasets, or new descriptions of datasets that are there: one import, one log entry.
    #[command(
        after_help = "A file holds one dataset or a list of them; examples/education/dataset.json shows the form.\n\nExamples:\n  datadeal --as operator dataset add education.json\n  datadeal --as operator dataset add catalogue/*.json\n  curl https://example.nl/datasets.json | datadeal --as operator dataset add -"
    )]
    Add(Add),
    /// Import a catalogue: DCAT as Turtle, JSON-LD or RDF/XML, or CKAN's JSON, from a file or an address.
    #[command(
        after_help = "It is shown first, and written with --apply: one record, one log entry, or nothing.\nWhat the catalogue holds no more is marked as gone, never deleted. examples/catalogue/ shows the forms.\n\nExamples:\n  datadeal --as clerk dataset import catalogue.ttl\n  datadeal --as clerk dataset import packages.json --defaults defaults.json --apply\n  datadeal --as clerk dataset import https://data.example.nl/catalogue.ttl --apply --json\n  datadeal --as clerk dataset import https://example.nl/api/3/action/package_search --apply"
    )]
    Import(Import),
    /// List every dataset with its access and owner.
    #[command(
        after_help = "Examples:\n  datadeal dataset list\n  datadeal dataset list --owner NL.OIN:00000099000000012000 --json"
    )]
    List(List),
    /// Show one dataset: access, licence or conditions in short, who decides, columns, alternatives.
    #[command(
        after_help = "Examples:\n  datadeal dataset show education\n  datadeal dataset show education --lang nl\n  datadeal dataset show https://example.nl/id/dataset/education --json"
    )]
    Show(Show),
    /// Write the catalogue, or one dataset, as DCAT-AP-NL with ODRL offers, for catalogues of others.
    #[command(
        after_help = "What the profile demands and nobody said is named; so is what ODRL cannot say of the conditions, for which the Cedar text counts, \
named by its SHA-256. Datasets for few are left out unless the person after --as may see them.\n\nExamples:\n  datadeal dataset export > catalogue.ttl\n  \
datadeal dataset export education --format jsonld --out education.jsonld\n  datadeal dataset export --address https://data.example.nl --contact desk@example.nl"
    )]
    Export(export::Export),
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// JSON files; `-` for stdin.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only of this owner.
    #[arg(long, value_name = "ORG")]
    owner: Option<OrgId>,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// By short name or IRI.
    #[arg(value_name = "DATASET")]
    name: String,
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    match command {
        Command::Add(args) => add(cli, args),
        Command::Import(args) => super::import::run(cli, args),
        Command::List(args) => list(cli, args),
        Command::Show(args) => show(cli, args),
        Command::Export(args) => export::run(cli, args),
    }
}

fn add(cli: &Cli, args: &Add) -> Result<Reply, CliError> {
    let read: Vec<Vec<Dataset>> = args.files.iter().map(|f| datasets(f)).collect::<Result<_, _>>()?;
    let datasets = read.concat();
    if datasets.is_empty() {
        return Err(CliError::input_with_help("the files", "hold no dataset", "write at least one"));
    }
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let record = engine.add_datasets(&actor, &datasets)?;
    let texts = cli.texts();
    let mut lines = vec![texts.get("cli-datasets-added", &[("n", datasets.len().into())])];
    lines.extend(datasets.iter().map(|d| format!("  - {}: {}", d.slug, texts.of(&d.title))));
    let slugs: Vec<_> = datasets.iter().map(|d| json!({"id": d.id, "slug": d.slug})).collect();
    let reply = Reply::new(Exit::Yes, &json!({"record": record, "datasets": slugs}), text::wrap(&lines.join("\n")))?;
    Ok(match datasets.iter().find(|d| d.access != Access::Open) {
        Some(closed) => reply.next(format!("datadeal --as PERSON conditions publish FOLDER --dataset {}", closed.slug)),
        None => reply,
    })
}

/// The datasets of a file: one, or a list.
fn datasets(path: &Path) -> Result<Vec<Dataset>, CliError> {
    let source = folder::text(path, profile::MAX_BYTES)?;
    let wrong = |e: crate::model::JsonError| {
        let help = "examples/education/dataset.json shows the form; `datadeal dataset add --help`";
        CliError::with_help(Exit::Input, format!("{}: {e}", path.display()), help)
    };
    match profile::parse(source.as_bytes(), profile::MAX_BYTES).map_err(wrong)? {
        Value::Array(items) => items.into_iter().map(|v| profile::from_value(v, "dataset").map_err(wrong)).collect(),
        one => Ok(vec![profile::from_value(one, "dataset").map_err(wrong)?]),
    }
}

fn list(cli: &Cli, args: &List) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let found = engine.datasets_seen(cli.seeing(&engine)?.as_ref(), args.owner.as_ref())?;
    let texts = cli.texts();
    let row = |now: &DatasetNow| {
        let d = &now.dataset;
        let mark = now.gone.map_or_else(String::new, |_| format!(" ({})", texts.get("cli-dataset-gone", &[])));
        vec![d.slug.to_string(), access(&texts, d.access), texts.of(&d.title) + &mark, d.owner.to_string()]
    };
    let rows: Vec<_> = found.iter().map(row).collect();
    let heads = ["cli-head-dataset", "cli-head-access", "cli-head-title", "cli-head-owner"];
    let object = |now: &DatasetNow| {
        let d = &now.dataset;
        let mut object = json!({"id": d.id, "slug": d.slug, "title": d.title, "access": d.access, "owner": d.owner});
        if let (Value::Object(members), Some(gone)) = (&mut object, now.gone) {
            members.insert("gone".to_owned(), json!(gone.at));
        }
        object
    };
    let objects: Vec<_> = found.iter().map(object).collect();
    Reply::new(Exit::Yes, &json!({"datasets": objects}), table(&texts, &heads, &rows))
}

fn access(texts: &Texts, access: Access) -> String {
    let key = match access {
        Access::Open => "cli-access-open",
        Access::Conditions => "cli-access-conditions",
        Access::Closed => "cli-access-closed",
    };
    texts.get(key, &[])
}

fn show(cli: &Cli, args: &Show) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let shown = engine.show(cli.seeing(&engine)?.as_ref(), &args.name, None)?;
    let d = &shown.dataset.dataset;
    let object = json!({
        "dataset": d,
        "version": shown.dataset.version,
        "record": shown.dataset.record,
        "ownerName": shown.owner_name,
        "sets": shown.sets,
        "conditions": shown.conditions.iter().map(|o| json!({"id": o.id, "role": o.role, "label": o.text.label})).collect::<Vec<_>>(),
        "mandates": shown.mandates.iter().map(|m| &m.mandate).collect::<Vec<_>>(),
        "lastDay": shown.last_day.to_string(),
    });
    let reply = Reply::new(Exit::Yes, &object, text::wrap(&told(&cli.texts(), &shown).join("\n")))?;
    Ok(if d.access == Access::Open {
        reply
    } else if shown.has_ground {
        reply.next(format!("datadeal conditions show --dataset {}", d.slug))
    } else {
        reply.next(format!("datadeal --as PERSON conditions publish FOLDER --dataset {}", d.slug))
    })
}

fn told(texts: &Texts, shown: &Shown) -> Vec<String> {
    let d = &shown.dataset.dataset;
    let labels = SchemaLabels(&shown.schema);
    let pair = |key: &str, value: String| format!("  {}", texts.get(key, &[("value", value.into())]));
    let mut lines = vec![texts.of(&d.title), texts.of(&d.description), String::new()];
    lines.push(pair("cli-show-access", access(texts, d.access)));
    if let Some(gone) = shown.dataset.gone {
        lines.push(pair("cli-show-gone", texts.date(gone.at)));
    }
    if let Some(licence) = &d.licence {
        lines.push(pair("cli-show-licence", licence.to_string()));
    }
    lines.push(pair("cli-show-owner", format!("{} ({})", shown.owner_name, d.owner)));
    lines.push(pair("cli-show-body", texts.of(&d.competent_body)));
    if let Some(executor) = &d.executor {
        lines.push(pair("cli-show-executor", texts.of(executor)));
    }
    lines.push(pair("cli-show-law", d.law.clone()));
    lines.push(pair("cli-show-id", d.id.to_string()));
    if let Some(until) = d.embargo_until {
        lines.push(pair("cli-show-embargo", texts.date(until)));
    }
    if d.access != Access::Open {
        lines.push(String::new());
        lines.extend(in_short(texts, shown));
        lines.push(String::new());
        lines.push(texts.get("cli-show-decides", &[]));
        lines.extend(deciders(texts, &labels, shown).into_iter().map(|l| format!("  - {l}")));
    }
    if !d.columns.is_empty() {
        lines.push(String::new());
        lines.push(texts.get("cli-show-columns", &[("n", d.columns.len().into())]));
        lines.extend(d.columns.iter().map(|c| format!("  - {}", column_words(texts, &labels, c))));
    }
    if !d.alternatives.is_empty() {
        lines.push(String::new());
        lines.push(texts.get("explain-alternatives", &[]));
        for a in &d.alternatives {
            let values = [("title", texts.of(&a.title).into()), ("kind", a.kind.as_str().into())];
            lines.push(format!("  - {}: {}", texts.get("say-alternative", &values), a.iri));
        }
    }
    lines
}

/// Each ground and condition by its label.
fn in_short(texts: &Texts, shown: &Shown) -> Vec<String> {
    if !shown.has_ground {
        return vec![texts.get("explain-none-published", &[])];
    }
    let of = |ground: bool| {
        shown
            .conditions
            .iter()
            .filter(move |o| (o.role == Role::Ground) == ground)
            .map(|o| format!("  - {}", texts.of(&o.text.label)))
    };
    let mut lines = vec![texts.get("terms-grounds", &[])];
    lines.extend(of(true));
    if of(false).next().is_some() {
        lines.push(texts.get("explain-conditions", &[]));
        lines.extend(of(false));
    }
    lines
}

/// Who decides: nobody beforehand where no approval is read, else who approves; then who is mandated, by function.
fn deciders(texts: &Texts, labels: &SchemaLabels<'_>, shown: &Shown) -> Vec<String> {
    let mut approvals: Vec<&str> = Vec::new();
    for leaf in shown.conditions.iter().filter_map(|o| o.needs.as_ref()).flat_map(Need::leaves) {
        if let Need::Approval(name) = leaf
            && !approvals.contains(&name.as_str())
        {
            approvals.push(name);
        }
    }
    let mut lines = Vec::new();
    if approvals.is_empty() && shown.has_ground {
        lines.push(texts.get("cli-decides-automatic", &[]));
    }
    for name in approvals {
        let label = texts.of(&labels.approval(name));
        lines.push(texts.get("say-approval-by", &[("label", label.into())]));
    }
    for m in &shown.mandates {
        let values = [
            ("function", m.mandate.function.as_str().into()),
            ("powers", powers(texts, labels, m).into()),
            ("body", texts.of(&m.mandate.body).into()),
            ("until", texts.until(m.mandate.until).into()),
        ];
        lines.push(texts.get("cli-decides-person", &values));
    }
    let refusals = shown.sets.iter().any(|s| s.automatic_refusals);
    lines.push(texts.get(if refusals { "cli-refusals-automatic" } else { "cli-refusals-person" }, &[]));
    lines.push(texts.get("cli-last-day", &[("date", texts.day(&shown.last_day.to_string()).into())]));
    let objection = &shown.dataset.dataset.term.objection;
    let values = [
        ("body", texts.of(&objection.body).into()),
        ("weeks", objection.weeks.into()),
        ("web", objection.web.as_str().into()),
    ];
    lines.push(texts.get("cli-objection", &values));
    lines
}

/// A column by name, title and what it holds.
pub(super) fn column_words(texts: &Texts, labels: &SchemaLabels<'_>, column: &Column) -> String {
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
