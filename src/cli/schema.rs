//! `datadeal schema`: the words in which facts, purposes, approvals and themes are written.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Cli, CliError, Exit, Reply, folder};
use crate::conditions::{FactInfo, FactType, Schema, WordList};
use crate::engine::EngineError;
use crate::model::json as profile;
use crate::text::{self, Texts};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show the schema in force; without a portal, the one that comes with the program.
    #[command(
        after_help = "Examples:\n  datadeal schema show\n  datadeal schema show --fact designation --lang nl\n  datadeal schema show --cedar > schema.cedarschema"
    )]
    Show(Show),
    /// Publish a new schema, if every set in force validates under it.
    #[command(
        after_help = "Examples:\n  datadeal schema show --cedar > schema.cedarschema\n  datadeal --as operator schema publish schema.cedarschema"
    )]
    Publish(Publish),
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// One fact, with its words, its check and who can prove it.
    #[arg(long, value_name = "NAME")]
    fact: Option<String>,
    /// The text itself, in Cedar's syntax.
    #[arg(long, conflicts_with = "fact")]
    cedar: bool,
}

#[derive(Debug, Args)]
pub(super) struct Publish {
    /// A `.cedarschema` file; `-` for stdin.
    file: PathBuf,
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    match command {
        Command::Show(args) => show(cli, args),
        Command::Publish(args) => publish(cli, args),
    }
}

fn show(cli: &Cli, args: &Show) -> Result<Reply, CliError> {
    let schema = cli.schema()?;
    let texts = cli.texts();
    if args.cedar {
        let object = json!({"digest": schema.digest(), "text": schema.text()});
        return Reply::new(Exit::Yes, &object, schema.text().trim_end().to_owned());
    }
    match &args.fact {
        Some(name) => one(&texts, &schema, name),
        None => all(&texts, &schema),
    }
}

fn one(texts: &Texts, schema: &Schema, name: &str) -> Result<Reply, CliError> {
    let Some(info) = schema.facts().get(name) else {
        return Err(CliError::with_help(
            Exit::Input,
            format!("there is no fact `{name}`"),
            "datadeal schema show lists all facts",
        ));
    };
    let about = if info.about_request { "cli-about-request" } else { "cli-about-organisation" };
    let mut lines = vec![
        format!("{name}: {}", texts.of(&info.label)),
        format!("  {}", texts.get(about, &[])),
        format!("  {}", texts.get("cli-fact-type", &[("type", type_words(texts, &info.ty).into())])),
    ];
    lines.extend(details(texts, schema, info).into_iter().map(|l| format!("  {l}")));
    Reply::new(Exit::Yes, &json!({"fact": fact_object(schema, name, info)}), text::wrap(&lines.join("\n")))
}

/// The words or members of a fact, and what proves it.
fn details(texts: &Texts, schema: &Schema, info: &FactInfo) -> Vec<String> {
    let mut lines = Vec::new();
    match &info.ty {
        FactType::Word(list) | FactType::Words(list) => lines.extend(word_lines(texts, schema, list)),
        FactType::Record(members) => {
            for (name, member) in members {
                lines.push(format!("- {name}: {} ({})", texts.of(&member.label), type_words(texts, &member.ty)));
                if let FactType::Word(list) | FactType::Words(list) = &member.ty {
                    lines.extend(word_lines(texts, schema, list).into_iter().map(|l| format!("  {l}")));
                }
            }
        }
        _ => {}
    }
    lines.push(proof_line(texts, info));
    lines
}

/// Each word with its label; words that need none on one line.
pub(super) fn word_lines(texts: &Texts, schema: &Schema, list: &str) -> Vec<String> {
    let words = schema.words(list).unwrap_or_default();
    match schema.list(list) {
        Some(labels) => words
            .iter()
            .map(|w| format!("- {w}: {}", labels.get(w).map_or_else(|| w.clone(), |l| texts.of(&l.label))))
            .collect(),
        None => vec![format!("- {}", words.join(", "))],
    }
}

/// What makes a fact verified, and from whom.
pub(super) fn proof_line(texts: &Texts, info: &FactInfo) -> String {
    match &info.proof {
        Some(proof) => {
            texts.get("cli-fact-proof", &[("proof", texts.of(proof).into()), ("kinds", kind_words(texts, info).into())])
        }
        None => texts.get("cli-fact-no-proof", &[]),
    }
}

/// Which evidence can prove a fact, in words.
fn kind_words(texts: &Texts, info: &FactInfo) -> String {
    let word = |kind: &String| match kind.as_str() {
        "registry" => texts.get("cli-kind-registry", &[]),
        "credential" => texts.get("cli-kind-credential", &[]),
        "confirmation" => texts.get("cli-kind-confirmation", &[]),
        "decision" => texts.get("cli-kind-decision", &[]),
        other => text::plain(other),
    };
    texts.one_of(&info.verified_by.iter().map(word).collect::<Vec<_>>())
}

/// The type of a fact in words.
pub(super) fn type_words(texts: &Texts, ty: &FactType) -> String {
    let key = match ty {
        FactType::Text => "cli-type-text",
        FactType::Number => "cli-type-number",
        FactType::Flag => "cli-type-flag",
        FactType::Instant => "cli-type-instant",
        FactType::Word(_) => "cli-type-word",
        FactType::Texts => "cli-type-texts",
        FactType::Words(_) => "cli-type-words",
        FactType::Record(_) => "cli-type-record",
    };
    texts.get(key, &[])
}

fn all(texts: &Texts, schema: &Schema) -> Result<Reply, CliError> {
    let mut lines = Vec::new();
    for (about_request, title) in [(false, "cli-about-organisation"), (true, "cli-about-request")] {
        lines.push(texts.get(title, &[]));
        for (name, info) in schema.facts().iter().filter(|(_, f)| f.about_request == about_request) {
            let values = [
                ("name", name.as_str().into()),
                ("label", texts.of(&info.label).into()),
                ("type", type_words(texts, &info.ty).into()),
            ];
            let line = texts.get("cli-fact-line", &values);
            let proof = if info.verified_by.is_empty() {
                String::new()
            } else {
                texts.get("cli-fact-by", &[("kinds", kind_words(texts, info).into())])
            };
            lines.push(format!("  - {line}{proof}"));
        }
        lines.push(String::new());
    }
    lines.push(texts.get("cli-purposes", &[]));
    if let Some(purposes) = schema.list("Purpose") {
        tree(texts, purposes, None, 1, &mut lines);
    }
    for (list, title) in [("Approval", "cli-approvals"), ("Theme", "cli-themes")] {
        lines.push(String::new());
        lines.push(texts.get(title, &[]));
        for (name, word) in schema.list(list).into_iter().flatten() {
            let by = word.appointed_by.as_deref().map(|by| match by {
                "supplier" => texts.get("say-appointed-by-supplier", &[]),
                "portal" => texts.get("say-appointed-by-portal", &[]),
                _ => texts.get("say-appointed-by-owner", &[]),
            });
            let by = by.map_or_else(String::new, |by| format!(", {by}"));
            lines.push(format!("  - {name}: {}{by}", texts.of(&word.label)));
        }
    }
    let facts: Vec<_> = schema.facts().iter().map(|(name, info)| fact_object(schema, name, info)).collect();
    let object = json!({
        "digest": schema.digest(),
        "facts": facts,
        "purposes": list_object(schema.list("Purpose")),
        "approvals": list_object(schema.list("Approval")),
        "themes": list_object(schema.list("Theme")),
        "levels": list_object(schema.list("DataLevel")),
    });
    Reply::new(Exit::Yes, &object, text::wrap(&lines.join("\n")))
}

/// Purposes under their wider purpose.
pub(super) fn tree(texts: &Texts, purposes: &WordList, under: Option<&str>, depth: usize, lines: &mut Vec<String>) {
    for (name, word) in purposes.iter().filter(|(_, w)| w.broader.as_deref() == under) {
        lines.push(format!("{}- {name}: {}", "  ".repeat(depth), texts.of(&word.label)));
        tree(texts, purposes, Some(name), depth + 1, lines);
    }
}

/// A fact as JSON.
pub(super) fn fact_object(schema: &Schema, name: &str, info: &FactInfo) -> Value {
    json!({
        "name": name,
        "label": info.label,
        "about": if info.about_request { "request" } else { "organisation" },
        "type": type_object(schema, &info.ty),
        "verifiedBy": info.verified_by,
        "proof": info.proof,
        "check": info.check,
    })
}

fn type_object(schema: &Schema, ty: &FactType) -> Value {
    let words = |list: &str| match schema.list(list) {
        Some(labels) => list_object(Some(labels)),
        None => json!(schema.words(list).unwrap_or_default().iter().map(|w| json!({"name": w})).collect::<Vec<_>>()),
    };
    match ty {
        FactType::Text => json!({"is": "text"}),
        FactType::Number => json!({"is": "number"}),
        FactType::Flag => json!({"is": "flag"}),
        FactType::Instant => json!({"is": "instant"}),
        FactType::Texts => json!({"is": "texts"}),
        FactType::Word(list) => json!({"is": "word", "words": words(list)}),
        FactType::Words(list) => json!({"is": "words", "words": words(list)}),
        FactType::Record(members) => {
            let member = |(name, m): (&String, &crate::conditions::Member)| json!({"name": name, "label": m.label, "type": type_object(schema, &m.ty)});
            json!({"is": "record", "members": members.iter().map(member).collect::<Vec<_>>()})
        }
    }
}

fn list_object(list: Option<&WordList>) -> Value {
    let word = |(name, word): (&String, &crate::conditions::Word)| {
        let mut object = json!({"name": name, "label": word.label});
        if let Value::Object(map) = &mut object {
            map.extend(word.broader.clone().map(|b| ("broader".to_owned(), Value::from(b))));
            map.extend(word.appointed_by.clone().map(|a| ("appointedBy".to_owned(), Value::from(a))));
        }
        object
    };
    list.into_iter().flatten().map(word).collect()
}

fn publish(cli: &Cli, args: &Publish) -> Result<Reply, CliError> {
    let source = folder::text(&args.file, profile::MAX_BYTES)?;
    let engine = cli.engine()?;
    let record = engine.publish_schema(&cli.actor(&engine)?, &source).map_err(|e| match e {
        EngineError::Schema(e) => {
            let help = "compare it with the schema in force: datadeal schema show --cedar";
            CliError::with_help(Exit::Input, format!("{}: {e}", args.file.display()), help)
        }
        other => other.into(),
    })?;
    let digest = crate::model::Digest::of(source.as_bytes());
    let text = cli.texts().get("cli-schema-published", &[("digest", digest.to_string().into())]);
    Reply::new(Exit::Yes, &json!({"record": record, "schema": digest}), text::wrap(&text))
}
