//! `datadeal evidence`: documents that make a fact verified, and whether each counts now.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::table::table;
use super::{Cli, CliError, Exit, Reply, folder, time};
use crate::conditions::{FactType, Schema};
use crate::engine::{Engine, EvidenceNow, NewByDecision, NewConfirmation};
use crate::evidence::credential::Form;
use crate::evidence::{FileRegistry, ForeignCredential};
use crate::labels::SchemaLabels;
use crate::model::{Digest, OrgId, Time, Urn, json as profile};
use crate::net::{Allow, Client};
use crate::rights::Actor;
use crate::text::{self, Labels};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add evidence to the file of the organisation that it is about.
    #[command(
        after_help = "The file is an evidence document of our own form as JSON, or the compact text of a VC-JWT or of\nan SD-JWT VC, with its key binding if it has one. What a credential says of its status is\nlooked up at once.\n\nExamples:\n  datadeal --as researcher evidence add designation.json\n  datadeal --as researcher evidence add accreditation.sd-jwt\n  cat certificate.json | datadeal --as researcher evidence add -"
    )]
    Add(Add),
    /// Confirm a fact about an organisation, signed with your organisation's key for evidence.
    #[command(
        after_help = "It counts if your organisation is on the trust list for this fact and kind.\n\nExamples:\n  datadeal --as steward evidence confirm --about NL.KVK:69599084 --fact category \\\n    --value university --until 2027-11-25 --reason \"accreditation seen\"\n  datadeal --as steward evidence confirm --about NL.KVK:69599084 --fact designation \\\n    --until 2028-08-01 --reason \"Gazette seen\" --value \\\n    '{\"by\": \"the minister\", \"reference\": \"Stcrt. 4321\", \"until\": \"2028-08-01T00:00:00Z\"}'"
    )]
    Confirm(Confirm),
    /// Ask a register about an organisation; what it knows becomes evidence.
    #[command(
        after_help = "It is signed by the keeper of the register if its key is here, else by the operator, and counts\nwhere the trust list says so. examples/trade-register.json shows the form of the file.\n\nExamples:\n  datadeal --as operator evidence lookup --org NL.KVK:68750110 --register trade-register.json"
    )]
    Lookup(Lookup),
    /// State that an earlier decision of your organisation authorised another one.
    #[command(
        after_help = "It counts for later requests while that decision or its deal stands.\n\nExamples:\n  datadeal --as head evidence decision urn:uuid:... --fact authorisation --until 2029-01-01"
    )]
    Decision(DecisionArgs),
    /// List the evidence of an organisation: which counts now, and why the rest does not.
    #[command(
        after_help = "Examples:\n  datadeal --as researcher evidence list --org NL.KVK:69599084\n  datadeal --as researcher evidence list --json"
    )]
    List(List),
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// The document as its issuer signed it; `-` for stdin.
    file: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Lookup {
    /// About whom.
    #[arg(long, value_name = "ORG")]
    org: OrgId,
    /// The register, a JSON file.
    #[arg(long, value_name = "FILE")]
    register: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct DecisionArgs {
    /// The request that was granted.
    request: Urn,
    /// Which fact; one that an earlier decision verifies.
    #[arg(long)]
    fact: String,
    /// Before when it counts; the end of the deal, if there is one and this is left out.
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    until: Option<Time>,
}

#[derive(Debug, Args)]
pub(super) struct Confirm {
    /// About whom.
    #[arg(long, value_name = "ORG")]
    about: OrgId,
    /// Which fact; `datadeal schema show` lists them.
    #[arg(long)]
    fact: String,
    /// Its value: a text or word as it is, a number, true or false, or JSON.
    #[arg(long, allow_hyphen_values = true)]
    value: String,
    /// Before when it counts.
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    until: Time,
    /// What was seen.
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Whose evidence; of the acting person's organisation if left out.
    #[arg(long, value_name = "ORG")]
    org: Option<OrgId>,
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    match command {
        Command::Add(args) => add(cli, args),
        Command::Confirm(args) => confirm(cli, args),
        Command::Lookup(args) => lookup(cli, args),
        Command::Decision(args) => decision(cli, args),
        Command::List(args) => list(cli, args),
    }
}

fn add(cli: &Cli, args: &Add) -> Result<Reply, CliError> {
    let text = folder::text(&args.file, profile::MAX_BYTES)?;
    let document = document(text.trim()).map_err(|e| {
        CliError::with_help(
            Exit::Input,
            format!("{}: {e}", args.file.display()),
            "give the document as its issuer signed it",
        )
    })?;
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let added = engine.add_evidence(&actor, &document)?.wait()?;
    let client = Client::new(Allow::default()).map_err(|e| CliError::new(Exit::Storage, e))?;
    engine.look_up_statuses(&document, &client)?;
    told(cli, &engine, &actor, &added.organisation, added.digest)
}

/// A document, or the compact text of a credential: one with tildes is an SD-JWT.
fn document(text: &str) -> Result<Value, profile::JsonError> {
    if text.starts_with('{') {
        return profile::parse(text.as_bytes(), profile::MAX_BYTES);
    }
    let form = if text.contains('~') { Form::SdJwtVc } else { Form::VcJwt };
    profile::to_value(&ForeignCredential { form, compact: text.to_owned(), presented: None }, "credential")
}

fn lookup(cli: &Cli, args: &Lookup) -> Result<Reply, CliError> {
    let text = folder::text(&args.register, profile::MAX_BYTES)?;
    let registry = FileRegistry::read(text.as_bytes()).map_err(|e| CliError::new(Exit::Input, e))?;
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let made = engine.look_up(&actor, &args.org, &registry)?.wait()?;
    engine.judge_again(&args.org)?;
    shown(cli, &engine, &actor, &args.org, |e| made.contains(&e.digest))
}

fn decision(cli: &Cli, args: &DecisionArgs) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let new = NewByDecision { request: args.request, fact: args.fact.clone(), until: args.until };
    let digest = engine.evidence_by_decision(&actor, &new)?.wait()?;
    let about = engine.case_now(&actor, &args.request)?.request.applicant.clone();
    told(cli, &engine, &actor, &about, digest)
}

fn confirm(cli: &Cli, args: &Confirm) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let new = NewConfirmation {
        organisation: args.about.clone(),
        fact: args.fact.clone(),
        value: value(&*engine.schema()?, &args.fact, &args.value),
        until: args.until,
        reason: args.reason.clone(),
    };
    let digest = engine.confirm_evidence(&actor, &new)?.wait()?;
    told(cli, &engine, &actor, &args.about, digest)
}

/// What was added, and whether it counts now.
fn told(cli: &Cli, engine: &Engine, actor: &Actor, about: &OrgId, digest: Digest) -> Result<Reply, CliError> {
    engine.judge_again(about)?;
    let all = engine.evidence_of(actor, about)?;
    let now = all.into_iter().find(|e| e.digest == digest);
    let texts = cli.texts();
    let schema = engine.schema()?;
    let fact = now
        .as_ref()
        .map_or_else(String::new, |e| texts.of(&SchemaLabels(&schema).path(&format!("verified.{}", e.fact))));
    let values = [("fact", fact.into()), ("organisation", about.as_str().into())];
    let mut text = texts.get("cli-evidence-added", &values);
    let reason = now.as_ref().and_then(|e| e.reason);
    let counts = match reason {
        None => texts.get("cli-evidence-counts", &[]),
        Some(reason) => texts.get("cli-evidence-not", &[("reason", text::reason(&texts, reason).into())]),
    };
    text = format!("{text}\n{counts}");
    let reply = Reply::new(Exit::Yes, &json!({"evidence": now, "counts": reason.is_none()}), text::wrap(&text))?;
    Ok(match (reason, now) {
        (Some("issuer"), Some(_)) => reply.next("datadeal trust list"),
        (Some(_), _) => reply.next(format!("datadeal --as {} evidence list --org {about}", actor.person)),
        (None, _) => reply,
    })
}

/// A value as people type it, by the type of its fact: only where the type is neither text, word nor instant it is JSON.
fn value(schema: &Schema, fact: &str, typed: &str) -> Value {
    let plain = || Value::from(typed);
    match schema.facts().get(fact).map(|f| &f.ty) {
        Some(FactType::Text | FactType::Word(_)) => plain(),
        Some(FactType::Instant) => time::parse(typed).map_or_else(|_| plain(), |t| Value::from(t.to_string())),
        _ => profile::parse(typed.as_bytes(), profile::MAX_BYTES).unwrap_or_else(|_| plain()),
    }
}

fn list(cli: &Cli, args: &List) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let about = args.org.clone().unwrap_or_else(|| actor.organisation.clone());
    shown(cli, &engine, &actor, &about, |_| true)
}

/// A table of some of the evidence of an organisation.
fn shown(
    cli: &Cli,
    engine: &Engine,
    actor: &Actor,
    about: &OrgId,
    which: impl Fn(&EvidenceNow) -> bool,
) -> Result<Reply, CliError> {
    let mut found = engine.evidence_of(actor, about)?;
    found.retain(which);
    let (texts, schema) = (cli.texts(), engine.schema()?);
    let labels = SchemaLabels(&schema);
    let row = |e: &EvidenceNow| {
        let path = format!("verified.{}", e.fact);
        let counts = match e.reason {
            None => texts.get("say-yes", &[]),
            Some(reason) => texts.get("cli-evidence-no", &[("reason", text::reason(&texts, reason).into())]),
        };
        let value = text::value(&texts, &labels, &path, &e.value);
        vec![texts.of(&labels.path(&path)), value, e.issuer.clone(), texts.until(e.until), counts]
    };
    let rows: Vec<_> = found.iter().map(row).collect();
    let heads = ["cli-head-fact", "cli-head-value", "cli-head-issuer", "cli-head-valid", "cli-head-counts"];
    let reply =
        Reply::new(Exit::Yes, &json!({"organisation": about, "evidence": found}), table(&texts, &heads, &rows))?;
    Ok(if found.is_empty() { reply.next(format!("datadeal --as {} evidence add FILE", actor.person)) } else { reply })
}
