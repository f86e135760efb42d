//! `datadeal dataset add`: datasets from files.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::{Cli, CliError, Exit, Reply, folder};
use crate::model::dataset::{Access, Dataset};
use crate::model::json as profile;
use crate::text;

#[derive(Debug, Args)]
pub(in crate::cli) struct Add {
    /// JSON files; `-` for stdin.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

pub(super) fn run(cli: &Cli, args: &Add) -> Result<Reply, CliError> {
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
