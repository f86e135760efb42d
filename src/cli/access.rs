//! `datadeal access`: data servers, the access log, and the key of access tokens.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::table::table;
use super::{Cli, CliError, Exit, Reply, folder};
use crate::model::access::DataServer;
use crate::model::{Name, Time};

/// The largest file about a data server, in bytes.
const MAX_FILE: usize = 1 << 20;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the access log as JSON Lines: the bytes of which a seal holds the SHA-256.
    Export(Export),
    /// Seal what is over, and remove what is past its term; the service does so by itself.
    #[command(after_help = "Example:\n  datadeal access seal")]
    Seal,
    /// Let a new key sign access tokens.
    RotateKey(RotateKey),
    /// Servers that hold data of an owner.
    #[command(subcommand)]
    Server(Server),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  datadeal --as auditor access export access.jsonl \\\n    --from 2026-11-25T09:00:00Z --until 2026-11-25T10:00:00Z"
)]
pub(super) struct Export {
    /// The file to write.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// From this instant.
    #[arg(long, value_name = "TIME", value_parser = super::time::parse)]
    from: Time,
    /// Before this instant.
    #[arg(long, value_name = "TIME", value_parser = super::time::parse)]
    until: Time,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  datadeal --as operator access rotate-key")]
pub(super) struct RotateKey {
    /// The key before was stolen: its tokens count no longer.
    #[arg(long)]
    at_once: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Server {
    /// Make a data server known, or replace what is known of it.
    #[command(
        after_help = "Example:\n  datadeal --as admin access server put register.json\n\ndocs/data-servers.md shows such a file."
    )]
    Put {
        /// What it is and which data its addresses stand for, as JSON; `-` for stdin.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// List the data servers of the own organisation.
    #[command(after_help = "Example:\n  datadeal --as admin access server list")]
    List,
    /// Forget a data server: from now on it gives nothing.
    #[command(after_help = "Example:\n  datadeal --as admin access server remove register")]
    Remove {
        /// Its short name.
        #[arg(value_name = "NAME")]
        name: Name,
    },
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let texts = cli.texts();
    match command {
        Command::Export(Export { file, from, until }) => {
            let cannot = |e: std::io::Error| {
                CliError::input_with_help(file.display(), e, "give a file in a folder that can be written")
            };
            let mut out = BufWriter::new(File::create(file).map_err(cannot)?);
            let count = engine.export_access(&cli.actor(&engine)?, *from, *until, &mut out)?;
            out.into_inner().map_err(|e| cannot(e.into_error()))?.sync_all().map_err(cannot)?;
            let values = [("count", count.to_string().into()), ("file", file.display().to_string().into())];
            Reply::new(Exit::Yes, &json!({"file": file, "count": count}), texts.get("cli-access-exported", &values))
        }
        Command::Seal => {
            let kept = engine.keep_access_log()?;
            let sealed = kept.sealed.map(|seal| seal.id.to_string());
            let object = json!({"sealed": kept.sealed, "removed": kept.removed});
            let text = match sealed {
                Some(id) => texts.get("cli-access-sealed", &[("id", id.into())]),
                None => texts.get("cli-access-not-sealed", &[]),
            };
            Reply::new(Exit::Yes, &object, text)
        }
        Command::RotateKey(RotateKey { at_once }) => {
            let key = engine.rotate_access_key(&cli.actor(&engine)?, *at_once)?;
            let text = texts.get("cli-access-key", &[("key", key.to_string().into())]);
            Reply::new(Exit::Yes, &json!({"key": key}), text)
        }
        Command::Server(Server::Put { file }) => {
            let text = folder::text(file, MAX_FILE)?;
            let server: DataServer = serde_json::from_str(&text)
                .map_err(|e| CliError::input_with_help(file.display(), e, "docs/data-servers.md shows such a file"))?;
            engine.put_data_server(&cli.actor(&engine)?, &server)?.wait()?;
            let text = texts.get("cli-access-server", &[("name", server.name.as_str().into())]);
            Reply::new(Exit::Yes, &json!({"dataServer": server}), text)
        }
        Command::Server(Server::List) => {
            let servers = engine.data_servers(&cli.actor(&engine)?)?;
            let row = |server: &DataServer| {
                vec![server.name.to_string(), server.audience.clone(), server.routes.len().to_string()]
            };
            let rows: Vec<_> = servers.iter().map(row).collect();
            let heads = ["cli-head-name", "cli-head-audience", "cli-head-routes"];
            Reply::new(Exit::Yes, &json!({"dataServers": servers}), table(&texts, &heads, &rows))
        }
        Command::Server(Server::Remove { name }) => {
            engine.remove_data_server(&cli.actor(&engine)?, name)?.wait()?;
            let text = texts.get("cli-access-removed", &[("name", name.as_str().into())]);
            Reply::new(Exit::Yes, &json!({"removed": name}), text)
        }
    }
}
