//! `datadeal dataset export`: the catalogue, or one dataset, for catalogues of others.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Cli, CliError, Exit, Reply, folder};
use crate::catalogue::document::Format;
use crate::config::Config;
use crate::engine::{Exported, Reached};

#[derive(Debug, Args)]
pub(super) struct Export {
    /// By short name or IRI; the whole catalogue if left out.
    #[arg(value_name = "DATASET")]
    name: Option<String>,
    /// How it is written.
    #[arg(long, default_value = "turtle", value_parser = format)]
    format: Format,
    /// Into this file, in place of the terminal.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    at: At,
}

/// Where others reach the portal: its IRIs are made of that.
#[derive(Debug, Args)]
pub(super) struct At {
    /// The address of the service; the name of the log with `https://` if left out.
    #[arg(long, value_name = "URL")]
    address: Option<String>,
    /// The mail address of who answers for it; `postmaster` at that host if left out.
    #[arg(long, value_name = "MAIL")]
    contact: Option<String>,
}

pub(super) fn format(text: &str) -> Result<Format, String> {
    match text {
        "turtle" => Ok(Format::Turtle),
        "jsonld" => Ok(Format::JsonLd),
        other => Err(format!("`{other}` is no format: write turtle or jsonld")),
    }
}

pub(super) fn run(cli: &Cli, args: &Export) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.seeing(&engine)?;
    let address = args.at.address.clone().unwrap_or_else(|| format!("https://{}", engine.portal().origin));
    let mail = Config { address: address.clone(), contact: args.at.contact.clone(), ..Config::default() }.contact();
    let reached = Reached { address, mail };
    let found = engine.export(actor.as_ref(), args.name.as_deref(), &reached, args.format)?;
    let document = String::from_utf8_lossy(&found.document).into_owned();
    let mut object = json!({
        "datasets": found.datasets,
        "missing": found.missing,
        "leftOut": found.left_out,
        "unsaid": found.unsaid,
    });
    let told = told(cli, &found);
    let text = match &args.out {
        Some(file) => {
            folder::save(file, &found.document)?;
            let n = [("n", found.datasets.into()), ("file", file.display().to_string().into())];
            std::iter::once(cli.texts().get("export-written", &n))
                .chain(told.iter().cloned())
                .collect::<Vec<_>>()
                .join("\n")
        }
        // comments are no statements; JSON has none, so there it is said beside the document
        None if args.format == Format::Turtle => {
            let told: String = told.iter().map(|line| format!("# {}\n", line.trim())).collect();
            format!("{told}{}", document.trim_end())
        }
        None => document.trim_end().to_owned(),
    };
    if let (None, Some(map)) = (&args.out, object.as_object_mut()) {
        map.insert("document".to_owned(), document.into());
    }
    let reply = Reply::new(Exit::Yes, &object, text)?;
    let beside = args.out.is_none() && args.format == Format::JsonLd && !told.is_empty();
    Ok(if beside { reply.aside(told.join("\n")) } else { reply })
}

/// What is missing, what is left out, and what ODRL cannot say, by name.
fn told(cli: &Cli, found: &Exported) -> Vec<String> {
    let texts = cli.texts();
    let mut lines = Vec::new();
    let of = |dataset: Option<&str>, what: &str| match dataset {
        Some(dataset) => format!("  - {dataset}: {what}"),
        None => format!("  - {what}"),
    };
    for (key, gaps) in [("export-missing", &found.missing), ("export-left-out", &found.left_out)] {
        if !gaps.is_empty() {
            lines.push(texts.get(key, &[]));
            lines.extend(gaps.iter().map(|gap| of(gap.dataset.as_ref().map(crate::model::Name::as_str), &gap.what)));
        }
    }
    if !found.unsaid.is_empty() {
        lines.push(texts.get("export-unsaid", &[]));
        lines.extend(found.unsaid.iter().map(|u| of(Some(u.dataset.as_str()), &u.rule)));
    }
    lines
}
