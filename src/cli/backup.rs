//! `datadeal backup`: a copy of one moment, while others read and write. The private keys are not in it.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Cli, CliError, Exit, Reply};
use crate::text::Texts;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  datadeal --as operator backup datadeal-2026-11-25.db")]
pub(super) struct Backup {
    /// A new file.
    file: PathBuf,
}

pub(super) fn run(cli: &Cli, args: &Backup) -> Result<Reply, CliError> {
    let (engine, texts) = (cli.engine()?, Texts::new(cli.lang));
    let bar = cli.progress(&texts.get("backup-copying", &[]));
    engine.backup(&cli.actor(&engine)?, &args.file, &mut |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    let (size, keys) = (engine.newest()?.checkpoint.size(), engine.keys().folder().display().to_string());
    let values = [
        ("file", args.file.display().to_string().into()),
        ("size", size.to_string().into()),
        ("keys", keys.as_str().into()),
    ];
    let object = json!({"file": args.file, "size": size, "withoutKeys": keys});
    Reply::new(Exit::Yes, &object, texts.get("backup-made", &values))
}
