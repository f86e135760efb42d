//! `datadeal outbox`: messages that wait to be sent, and those that were given up.

use clap::{Args, Subcommand};
use serde_json::json;

use super::table::table;
use super::{Cli, CliError, Exit, Reply};
use crate::engine::MessageNow;
use crate::model::Urn;
use crate::text::Texts;

/// How many messages of each kind are listed.
const MOST: usize = 1000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List what waits and what was given up, with why.
    #[command(
        after_help = "The service sends what waits: datadeal serve. What was given up needs somebody: mend what was wrong, then replay or drop it.\n\nExamples:\n  datadeal --as operator outbox list\n  datadeal --as admin outbox list --json"
    )]
    List,
    /// Send messages again that were given up, under the same ids.
    #[command(
        after_help = "Example:\n  datadeal --as operator outbox replay urn:uuid:01a211ee-ea80-7922-b29e-0c5c73062b0f"
    )]
    Replay(Ids),
    /// Drop messages that were given up: they are of no use.
    #[command(
        after_help = "Example:\n  datadeal --as operator outbox drop urn:uuid:01a211ee-ea80-7922-b29e-0c5c73062b0f"
    )]
    Drop(Ids),
}

#[derive(Debug, Args)]
pub(super) struct Ids {
    /// Which, by their ids from the list.
    #[arg(value_name = "ID", required = true)]
    ids: Vec<Urn>,
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let texts = cli.texts();
    match command {
        Command::List => {
            let waiting = engine.waiting(&actor, MOST)?;
            let (undelivered, _) = engine.undelivered(&actor, None, MOST)?;
            let rows: Vec<_> = undelivered.iter().chain(&waiting).map(|m| row(&texts, m)).collect();
            let heads =
                ["cli-head-id", "cli-head-event", "cli-head-to", "cli-head-way", "cli-head-tries", "cli-head-why"];
            Reply::new(
                Exit::Yes,
                &json!({"waiting": waiting, "undelivered": undelivered}),
                table(&texts, &heads, &rows),
            )
        }
        Command::Replay(Ids { ids }) => {
            for id in ids {
                engine.replay_message(&actor, id)?.wait()?;
            }
            let text = texts.get("cli-outbox-replayed", &[("n", ids.len().into())]);
            Reply::new(Exit::Yes, &json!({"replayed": ids}), text)
        }
        Command::Drop(Ids { ids }) => {
            for id in ids {
                engine.drop_message(&actor, id)?.wait()?;
            }
            let text = texts.get("cli-outbox-dropped", &[("n", ids.len().into())]);
            Reply::new(Exit::Yes, &json!({"dropped": ids}), text)
        }
    }
}

fn row(texts: &Texts, message: &MessageNow) -> Vec<String> {
    let why = message.why.clone().unwrap_or_else(|| texts.get("cli-outbox-waits", &[]));
    vec![
        message.id.to_string(),
        message.event.to_string(),
        message.to.to_string(),
        texts.get("cli-outbox-way", &[("way", if message.webhook.is_some() { "webhook" } else { "mail" }.into())]),
        message.tries.to_string(),
        why,
    ]
}
