//! `datadeal api-key`: credentials of machines. A key is shown once.

use clap::{Args, Subcommand};
use serde_json::json;

use super::table::table;
use super::{Cli, CliError, Exit, Reply};
use crate::engine::NewApiKey;
use crate::model::{Name, OrgId, Time};
use crate::rights::Role;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a key for a person; it is shown this once.
    New(New),
    /// List the keys of an organisation.
    List(List),
    /// Revoke a key: it opens nothing any more.
    Revoke(Revoke),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  datadeal --as admin api-key new --person researcher --label \"import at night\"\n  datadeal --as admin api-key new --person clerk --label \"reads\" --role auditor"
)]
pub(super) struct New {
    /// For whom it acts.
    #[arg(long = "person", id = "key-person", value_name = "PERSON")]
    person: Name,
    /// What it is for.
    #[arg(long, value_name = "WORDS")]
    label: String,
    /// In which of the person's roles; may be repeated; none: all of them.
    #[arg(long = "role", value_name = "ROLE", value_parser = super::person::roles())]
    roles: Vec<Role>,
    /// Before this instant.
    #[arg(long, value_name = "TIME")]
    until: Option<Time>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  datadeal --as admin api-key list --org NL.KVK:69599084")]
pub(super) struct List {
    /// Whose keys.
    #[arg(long, value_name = "ORG")]
    org: OrgId,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  datadeal --as admin api-key revoke 3f1c2a9b7d5e4f60 --org NL.KVK:69599084")]
pub(super) struct Revoke {
    /// Its public id, from the list.
    #[arg(value_name = "ID")]
    id: String,
    /// Whose key.
    #[arg(long, value_name = "ORG")]
    org: OrgId,
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let texts = cli.texts();
    match command {
        Command::New(New { person, label, roles, until }) => {
            let roles = roles.iter().copied().collect();
            let new = NewApiKey { person: person.clone(), label: label.clone(), roles, until: *until };
            let made = engine.new_api_key(&actor, &new)?;
            let values = [("person", person.as_str().into()), ("id", made.key.id.as_str().into())];
            let text = format!("{}\n\n  {}", texts.get("cli-api-key-made", &values), made.secret);
            Reply::new(Exit::Yes, &json!({"apiKey": made}), text)
        }
        Command::List(List { org }) => {
            let keys = engine.api_keys(&actor, org)?;
            let time = |t: Option<Time>| t.map_or_else(|| "-".to_owned(), |t| t.to_string());
            let row = |k: &crate::engine::ApiKeyNow| {
                let roles: Vec<_> = k.roles.iter().map(|r| r.as_str()).collect();
                vec![
                    k.id.clone(),
                    k.person.to_string(),
                    k.label.clone(),
                    roles.join(", "),
                    time(k.used),
                    time(k.until),
                    time(k.revoked),
                ]
            };
            let heads = [
                "cli-head-id",
                "cli-head-person",
                "cli-head-label",
                "cli-head-roles",
                "cli-head-used",
                "cli-head-until",
                "cli-head-revoked",
            ];
            let rows: Vec<_> = keys.iter().map(row).collect();
            Reply::new(Exit::Yes, &json!({"apiKeys": keys}), table(&texts, &heads, &rows))
        }
        Command::Revoke(Revoke { id, org }) => {
            let revoked = engine.revoke_api_key(&actor, org, id)?;
            let text = texts.get("cli-api-key-revoked", &[("id", id.as_str().into())]);
            Reply::new(Exit::Yes, &json!({"apiKey": revoked}), text)
        }
    }
}
