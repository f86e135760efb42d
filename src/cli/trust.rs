//! `datadeal trust`: whose evidence counts for which fact. Changes are drafted, then published as one signed version.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use serde_json::json;

use super::table::table;
use super::{Cli, CliError, Exit, Reply, time};
use crate::engine::{Engine, EngineError};
use crate::model::record::{EvidenceKind, KeyUse, Trusted};
use crate::model::{Iri, IssuerKey, OrgId, Time};
use crate::rights::Actor;
use crate::text::Texts;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Draft: let evidence of an organisation count for some facts.
    #[command(
        after_help = "Nothing counts before `datadeal trust publish`.\n\nExamples:\n  datadeal --as operator trust add --org NL.OIN:00000099000000012000 --fact category \\\n    --fact designation --kind confirmation\n  datadeal --as operator trust add --org NL.KVK:00000000 --name \"Trade register\" \\\n    --key did:key:z6Mk... --fact kvkNumber --kind registry --until 2028-01-01"
    )]
    Add(Add),
    /// Draft: let evidence that is signed with a key count no longer.
    #[command(after_help = "Examples:\n  datadeal --as operator trust remove did:key:z6Mk...")]
    Remove(Remove),
    /// Show the list in force, and the draft if there is one.
    #[command(after_help = "Examples:\n  datadeal trust list\n  datadeal trust list --json")]
    List,
    /// Sign and log the draft as the new version.
    #[command(after_help = "Examples:\n  datadeal --as operator trust publish")]
    Publish,
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// Who vouches.
    #[arg(long, value_name = "ORG")]
    org: OrgId,
    /// For which fact; may be given more than once.
    #[arg(long = "fact", value_name = "FACT", required = true)]
    facts: Vec<String>,
    /// With which kind of evidence; may be given more than once.
    #[arg(long = "kind", value_name = "KIND", required = true, value_parser = kinds())]
    kinds: Vec<EvidenceKind>,
    /// Its key; the one with use `evidence` that this portal knows, if left out.
    #[arg(long, value_name = "KEY")]
    key: Option<IssuerKey>,
    /// The name that it gives itself in credentials of other forms, `iss` or `issuer`; its key, if left out.
    #[arg(long, value_name = "IRI")]
    issuer: Option<Iri>,
    /// Its legal name; as this portal knows it, if left out.
    #[arg(long)]
    name: Option<String>,
    /// From when; now if left out.
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    from: Option<Time>,
    /// Before when; until a new version says otherwise, if left out.
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    until: Option<Time>,
}

#[derive(Debug, Args)]
pub(super) struct Remove {
    /// The issuer's key.
    #[arg(value_name = "KEY")]
    key: IssuerKey,
}

fn kinds() -> impl TypedValueParser<Value = EvidenceKind> {
    PossibleValuesParser::new(EvidenceKind::ALL.map(EvidenceKind::as_str)).try_map(|text| {
        EvidenceKind::ALL
            .into_iter()
            .find(|k| k.as_str() == text)
            .ok_or_else(|| format!("`{text}` is no kind of evidence"))
    })
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    match command {
        Command::Add(args) => add(cli, args),
        Command::Remove(args) => remove(cli, args),
        Command::List => list(cli),
        Command::Publish => publish(cli),
    }
}

fn add(cli: &Cli, args: &Add) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let trusted = Trusted {
        key: key(&engine, args)?,
        issuer: args.issuer.clone(),
        organisation: args.org.clone(),
        name: name(&engine, &actor, args)?,
        facts: args.facts.iter().cloned().collect(),
        kinds: args.kinds.iter().copied().collect(),
        from: args.from.unwrap_or_else(|| engine.now()),
        until: args.until,
    };
    engine.trust_add(&actor, trusted.clone())?;
    let values = [
        ("name", trusted.name.as_str().into()),
        ("facts", words(trusted.facts.iter().map(String::as_str)).into()),
        ("kinds", words(trusted.kinds.iter().map(|k| k.as_str())).into()),
    ];
    let text = cli.texts().get("cli-trust-drafted", &values);
    let reply = Reply::new(Exit::Yes, &json!({"draft": trusted}), crate::text::wrap(&text))?;
    Ok(reply.next(format!("datadeal --as {} trust publish", actor.person)))
}

/// The key given, or the one key of the organisation with use `evidence`.
fn key(engine: &Engine, args: &Add) -> Result<IssuerKey, CliError> {
    if let Some(key) = args.key {
        return Ok(key);
    }
    let mut keys = engine.key_list(Some(&args.org))?;
    keys.retain(|k| !k.revoked && k.uses.contains(&KeyUse::Evidence));
    match keys.as_slice() {
        [one] => Ok(one.key.into()),
        found => Err(CliError::with_help(
            Exit::Usage,
            format!("--key is missing: {} has {} keys here with use `evidence`", args.org, found.len()),
            "give its key with --key; datadeal key list shows those that this portal knows",
        )),
    }
}

fn name(engine: &Engine, actor: &Actor, args: &Add) -> Result<String, CliError> {
    if let Some(name) = &args.name {
        return Ok(name.clone());
    }
    let known = engine.organisations(actor)?.into_iter().find(|o| o.id == args.org);
    known.map(|o| o.name).ok_or_else(|| {
        CliError::with_help(
            Exit::Usage,
            format!("--name is missing: this portal does not know {}", args.org),
            "give the legal name of the issuer with --name",
        )
    })
}

fn remove(cli: &Cli, args: &Remove) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    engine.trust_remove(&actor, &args.key)?;
    let text = cli.texts().get("cli-trust-removed", &[("key", args.key.to_string().into())]);
    let reply = Reply::new(Exit::Yes, &json!({"removed": args.key}), crate::text::wrap(&text))?;
    Ok(reply.next(format!("datadeal --as {} trust publish", actor.person)))
}

fn list(cli: &Cli) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let (list, draft) = (engine.trust_list()?, engine.trust_draft()?.map(|d| d.trusted));
    let texts = cli.texts();
    let mut text = match &list {
        Some(list) => {
            let head = texts.get("cli-trust-version", &[("version", list.version.into())]);
            format!("{head}\n\n{}", rows(&texts, &list.trusted))
        }
        None => texts.get("cli-trust-none", &[]),
    };
    if let Some(draft) = &draft {
        text = format!("{text}\n\n{}\n\n{}", texts.get("cli-trust-draft", &[]), rows(&texts, draft));
    }
    let reply = Reply::new(Exit::Yes, &json!({"trustList": list, "draft": draft}), text)?;
    Ok(match draft {
        Some(_) => reply.next("datadeal --as PERSON trust publish"),
        None => reply,
    })
}

fn rows(texts: &Texts, trusted: &[Trusted]) -> String {
    let row = |t: &Trusted| {
        let until = t.until.map_or_else(String::new, |until| texts.until(until));
        let (facts, kinds) = (words(t.facts.iter().map(String::as_str)), words(t.kinds.iter().map(|k| k.as_str())));
        vec![t.name.clone(), t.organisation.to_string(), facts, kinds, texts.date(t.from), until, t.key.to_string()]
    };
    let heads = [
        "cli-head-name",
        "cli-head-organisation",
        "cli-head-facts",
        "cli-head-kinds",
        "cli-head-from",
        "cli-head-until",
        "cli-head-key",
    ];
    table(texts, &heads, &trusted.iter().map(row).collect::<Vec<_>>())
}

fn publish(cli: &Cli) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let record = engine.trust_publish(&actor)?;
    let list = engine.trust_list()?.ok_or_else(|| EngineError::Tree("the trust list just published".to_owned()))?;
    let values = [("version", list.version.into()), ("n", list.trusted.len().into())];
    let text = cli.texts().get("cli-trust-published", &values);
    Reply::new(Exit::Yes, &json!({"record": record, "trustList": list}), text)
}

fn words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}
