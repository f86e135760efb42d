//! `datadeal org`: the organisations that this portal knows.

use clap::{Args, Subcommand};
use serde_json::json;

use super::table::table;
use super::{Cli, CliError, Exit, Reply};
use crate::model::OrgId;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add an organisation: an owner or a reuser.
    #[command(
        after_help = "Registers: NL.KVK (8 digits), NL.RSIN (9), NL.OIN (20), EUID, LEI.\n\nExamples:\n  datadeal --as operator org add NL.KVK:69599084 --name \"Example Research B.V.\"\n  datadeal --as operator org add NL.OIN:00000099000000012000 --name \"Ministry of Education\" --json"
    )]
    Add(Add),
    /// List every organisation.
    #[command(after_help = "Examples:\n  datadeal --as operator org list\n  datadeal --as operator org list --json")]
    List,
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// Register and number.
    #[arg(value_name = "ORG")]
    id: OrgId,
    /// Legal name, as the register has it.
    #[arg(long)]
    name: String,
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    match command {
        Command::Add(args) => add(cli, args),
        Command::List => list(cli),
    }
}

fn add(cli: &Cli, args: &Add) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    engine.add_organisation(&actor, &args.id, &args.name)?;
    let text =
        cli.texts().get("cli-org-added", &[("name", args.name.as_str().into()), ("id", args.id.as_str().into())]);
    let reply = Reply::new(Exit::Yes, &json!({"organisation": {"id": args.id, "name": args.name}}), text)?;
    Ok(reply.next(format!(
        "datadeal --as {} person add NAME --org {} --name \"FULL NAME\" --function FUNCTION --role ROLE",
        actor.person, args.id
    )))
}

fn list(cli: &Cli) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let found = engine.organisations(&cli.actor(&engine)?)?;
    let rows: Vec<_> = found.iter().map(|o| vec![o.id.to_string(), o.name.clone()]).collect();
    let text = table(&cli.texts(), &["cli-head-organisation", "cli-head-name"], &rows);
    Reply::new(Exit::Yes, &json!({"organisations": found}), text)
}
