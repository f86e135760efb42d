//! `datadeal restore`: a backup back into a data directory that has no database. The `head` file is left as it is: it is what
//! tells whether the backup is behind.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Cli, CliError, Exit, Reply};
use crate::text::Texts;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  datadeal --data ./datadeal-data restore datadeal-2026-11-25.db")]
pub(super) struct Restore {
    /// A file that `datadeal backup` made.
    file: PathBuf,
}

pub(super) fn run(cli: &Cli, args: &Restore) -> Result<Reply, CliError> {
    let (dir, texts) = (cli.dir(), Texts::new(cli.lang));
    let restored = dir.restore(&args.file)?;
    let shown = |path: PathBuf| path.display().to_string();
    let values = [
        ("folder", shown(dir.path().to_owned()).into()),
        ("size", restored.size.to_string().into()),
        ("head", shown(dir.head()).into()),
    ];
    let mut text = texts.get("restore-made", &values);
    if !restored.keys {
        text = format!("{text}\n{}", texts.get("restore-keys", &[("keys", shown(dir.keys()).into())]));
    }
    let object = json!({"database": dir.database(), "size": restored.size, "keys": restored.keys});
    Ok(Reply::new(Exit::Yes, &object, text)?.next(format!("datadeal --data {} log checkpoint", dir.path().display())))
}
