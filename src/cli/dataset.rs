//! `datadeal dataset`: what there is to ask for, and of each who decides and what it asks.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::datasets::{self, List, access};
use super::mandate::powers;
use super::{Cli, CliError, Exit, Reply, folder};
use crate::engine::Shown;
use crate::labels::SchemaLabels;
use crate::model::condition::Role;
use crate::model::dataset::{Access, Column, Dataset};
use crate::model::decision::Need;
use crate::model::json as profile;
use crate::text::{self, Labels, Texts};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add datasets, or new descriptions of datasets that are there: one import, one log entry.
    #[command(
        after_help = "A file holds one dataset or a list of them; examples/education/dataset.json shows the form.\n\nExamples:\n  datadeal --as operator dataset add education.json\n  datadeal --as operator dataset add catalogue/*.json\n  curl https://example.nl/datasets.json | datadeal --as operator dataset add -"
    )]
    Add(Add),
    /// List datasets with access and owner: all, those that have some words, or those of some kind.
    List(List),
    /// Show one dataset: access, licence or conditions in short, who decides, columns, alternatives.
    #[command(
        after_help = "Examples:\n  datadeal dataset show education\n  datadeal dataset show education --lang nl\n  datadeal dataset show https://example.nl/id/dataset/education --json"
    )]
    Show(Show),
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// JSON files; `-` for stdin.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
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
        Command::List(args) => datasets::run(cli, args),
        Command::Show(args) => show(cli, args),
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
