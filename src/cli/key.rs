//! `datadeal key`: whose keys count, for what, and who holds them. A private key is never printed.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::table::table;
use super::{Cli, CliError, Exit, Reply};
use crate::clock::{Random, SystemRandom};
use crate::engine::state::Key;
use crate::engine::{Engine, EngineError, KeyPlace, NewKey};
use crate::model::record::{Holder, KeyUse};
use crate::model::{DidKey, OrgId};
use crate::rights::Actor;
use crate::sign::{SigningKey, keyfile};
use crate::text::Texts;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// State a new key of an organisation.
    #[command(
        after_help = "The operator states the first key of an organisation and says how its register number was checked; later keys are stated with the organisation's own key for `keys`.\n\nExamples:\n  datadeal --as operator key new --org NL.KVK:69599084 --use keys --use acceptances \\\n    --checked \"extract of 2026-11-20 seen\"\n  datadeal --as operator key new --org NL.KVK:69599084 --use keys --use acceptances \\\n    --file acceptances.pem --checked \"extract of 2026-11-20 seen\"\n  datadeal --as operator key new --org NL.KVK:69599084 --use keys --recovery \\\n    --revoke did:key:z6Mk... --checked \"visited in person\""
    )]
    New(New),
    /// Replace a key: a new one for the same uses, and the old one ends.
    #[command(
        after_help = "Examples:\n  datadeal --as researcher key rotate --org NL.KVK:69599084\n  datadeal --as researcher key rotate --org NL.KVK:69599084 --old did:key:z6Mk... --file new.pem \\\n    --key old.pem"
    )]
    Rotate(Rotate),
    /// List keys with uses, holder and state.
    #[command(after_help = "Examples:\n  datadeal key list\n  datadeal key list --org NL.KVK:69599084 --json")]
    List(List),
    /// Print public keys that count now, and the log key that verifiers need.
    #[command(
        after_help = "Examples:\n  datadeal key export\n  datadeal key export --log > log.vkey\n  datadeal key export --org NL.KVK:69599084 --json"
    )]
    Export(Export),
}

#[derive(Debug, Args)]
pub(super) struct New {
    /// Whose key.
    #[arg(long, value_name = "ORG")]
    org: OrgId,
    /// What it may sign; may be given more than once.
    #[arg(long = "use", value_name = "USE", required = true, value_parser = uses())]
    uses: Vec<KeyUse>,
    #[command(flatten)]
    place: Place,
    /// How the register number was checked, in words. The operator says so of a first key and after a loss.
    #[arg(long, value_name = "WORDS")]
    checked: Option<String>,
    /// The organisation lost its key for `keys`: the operator states the new one.
    #[arg(long)]
    recovery: bool,
    /// A key that ends with this statement; may be given more than once.
    #[arg(long = "revoke", value_name = "KEY")]
    revokes: Vec<DidKey>,
}

#[derive(Debug, Args)]
pub(super) struct Place {
    /// Write the private key to this new file, for the organisation to hold itself. Left out: the service holds it.
    #[arg(long, value_name = "OUT.pem")]
    file: Option<PathBuf>,
    /// The file of the organisation's own key for `keys`, where the service does not hold it.
    #[arg(long, value_name = "KEY.pem")]
    key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Rotate {
    /// Whose key.
    #[arg(long, value_name = "ORG")]
    org: OrgId,
    /// The key that ends; needed if the organisation has more than one.
    #[arg(long, value_name = "KEY")]
    old: Option<DidKey>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only of this organisation.
    #[arg(long, value_name = "ORG")]
    org: Option<OrgId>,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// Only of this organisation.
    #[arg(long, value_name = "ORG")]
    org: Option<OrgId>,
    /// Only the log key, on one line.
    #[arg(long, conflicts_with = "org")]
    log: bool,
}

fn uses() -> impl TypedValueParser<Value = KeyUse> {
    PossibleValuesParser::new(KeyUse::ALL.iter().map(|u| u.as_str())).try_map(|text| {
        KeyUse::ALL.iter().copied().find(|u| u.as_str() == text).ok_or_else(|| format!("`{text}` is no use of a key"))
    })
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    match command {
        Command::New(args) => new(cli, args),
        Command::Rotate(args) => rotate(cli, args),
        Command::List(args) => list(cli, args),
        Command::Export(args) => export(cli, args),
    }
}

fn new(cli: &Cli, args: &New) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let new = NewKey {
        organisation: &args.org,
        place: KeyPlace::Service,
        uses: args.uses.iter().copied().collect(),
        checked: args.checked.clone(),
        revokes: args.revokes.iter().copied().collect(),
        recovery: args.recovery,
    };
    let key = state(&engine, &actor, new, &args.place)?;
    told(cli, &engine, &key, &args.place)
}

fn rotate(cli: &Cli, args: &Rotate) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let mut valid = engine.key_list(Some(&args.org))?;
    valid.retain(|k| !k.revoked && args.old.is_none_or(|old| k.key == old));
    let old = match valid.as_slice() {
        [one] => one,
        [] => {
            let what = args.old.map_or_else(|| args.org.to_string(), |k| k.to_string());
            let help = "datadeal key list shows the keys of an organisation; a first one is made with datadeal key new";
            return Err(CliError::with_help(Exit::Input, format!("{what}: no key that counts"), help));
        }
        many => {
            let keys: Vec<_> = many.iter().map(|k| format!("{} ({})", k.key, use_words(&k.uses))).collect();
            return Err(CliError::with_help(
                Exit::Usage,
                format!("{} has {} keys", args.org, many.len()),
                format!("say which ends with --old: {}", keys.join("; ")),
            ));
        }
    };
    let new = NewKey {
        organisation: &args.org,
        place: KeyPlace::Service,
        uses: old.uses.clone(),
        checked: None,
        revokes: BTreeSet::from([old.key]),
        recovery: false,
    };
    let key = state(&engine, &actor, new, &args.place)?;
    told(cli, &engine, &key, &args.place)
}

/// States a key; one that the organisation holds is written to its file first, so that no statement stands without its key.
fn state(engine: &Engine, actor: &Actor, new: NewKey<'_>, place: &Place) -> Result<Key, CliError> {
    let signer = place.key.as_deref().map(keyfile::read).transpose();
    let signer = signer.map_err(|e| CliError::new(Exit::Input, e))?;
    let Some(path) = &place.file else { return Ok(engine.state_key_with(actor, &new, signer.as_ref())?) };
    let mut seed = [0; 32];
    SystemRandom.fill(&mut seed).map_err(EngineError::from)?;
    let own = SigningKey::from_seed(seed);
    keyfile::write(path, &own).map_err(|e| CliError::new(Exit::Input, e))?;
    let stated = engine.state_key_with(actor, &NewKey { place: KeyPlace::Own(&own), ..new }, signer.as_ref());
    if matches!(&stated, Err(e) if !matches!(e, EngineError::Submit(_))) {
        // nothing was stated: a file that is of no use to anybody would stand in the way of the next try
        let _ = std::fs::remove_file(path);
    }
    Ok(stated?)
}

fn told(cli: &Cli, engine: &Engine, key: &Key, place: &Place) -> Result<Reply, CliError> {
    let texts = cli.texts();
    let values = [
        ("name", key.name.as_str().into()),
        ("key", key.key.to_string().into()),
        ("uses", use_words(&key.uses).into()),
    ];
    let held = match (&place.file, key.held_by) {
        (Some(file), _) => texts.get("cli-key-in-file", &[("file", file.display().to_string().into())]),
        (None, _) => {
            let file = engine.keys().path(&key.key).display().to_string();
            texts.get("cli-key-in-service", &[("file", file.into())])
        }
    };
    let text = format!("{}\n{held}", texts.get("cli-key-stated", &values));
    Reply::new(Exit::Yes, &json!({"key": object(key)}), crate::text::wrap(&text))
}

fn list(cli: &Cli, args: &List) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let found = engine.key_list(args.org.as_ref())?;
    let texts = cli.texts();
    let row = |k: &Key| {
        let state = texts.get(if k.revoked { "cli-key-revoked" } else { "cli-key-counts" }, &[]);
        vec![k.key.to_string(), k.organisation.to_string(), state, held(&texts, k.held_by), use_words(&k.uses)]
    };
    let rows: Vec<_> = found.iter().map(row).collect();
    let heads = ["cli-head-key", "cli-head-organisation", "cli-head-state", "cli-head-held", "cli-head-uses"];
    let objects: Vec<_> = found.iter().map(object).collect();
    Reply::new(Exit::Yes, &json!({"keys": objects}), table(&texts, &heads, &rows))
}

fn export(cli: &Cli, args: &Export) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let log = engine.log_key()?.to_string();
    if args.log {
        return Reply::new(Exit::Yes, &json!({"log": log}), log);
    }
    let mut found = engine.key_list(args.org.as_ref())?;
    found.retain(|k| !k.revoked);
    let texts = cli.texts();
    let mut lines = vec![texts.get("cli-log-key", &[]), format!("  {log}")];
    for key in &found {
        lines.push(
            texts.get("cli-key-of", &[("name", key.name.as_str().into()), ("id", key.organisation.as_str().into())]),
        );
        lines.push(format!("  {}  {}", key.key, use_words(&key.uses)));
    }
    let objects: Vec<_> = found.iter().map(object).collect();
    Reply::new(Exit::Yes, &json!({"log": log, "keys": objects}), lines.join("\n"))
}

fn held(texts: &Texts, holder: Holder) -> String {
    texts.get(if holder == Holder::Own { "cli-held-own" } else { "cli-held-service" }, &[])
}

fn use_words(uses: &BTreeSet<KeyUse>) -> String {
    uses.iter().map(|u| u.as_str()).collect::<Vec<_>>().join(", ")
}

fn object(key: &Key) -> Value {
    json!({
        "key": key.key, "organisation": key.organisation, "name": key.name, "uses": key.uses, "heldBy": key.held_by,
        "statement": key.statement, "revoked": key.revoked,
    })
}
