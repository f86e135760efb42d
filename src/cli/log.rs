//! `datadeal log`: what the log has committed itself to, proofs for others, and giving up a log that must not go on.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Cli, CliError, Exit, Reply, folder};
use crate::clock::{SystemClock, SystemRandom};
use crate::engine::{Engine, Restart, SignedHead};
use crate::log::export::{ExportError, export};
use crate::merkle::TreeError;
use crate::sign::{VerifierKey, note};
use crate::text::Texts;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The newest signed checkpoint, with the cosignatures that it has.
    #[command(after_help = "Examples:\n  datadeal log checkpoint > checkpoint\n  datadeal log checkpoint --json")]
    Checkpoint,
    /// Prove that an entry is in the log: a `.tlog-proof` file.
    #[command(
        after_help = "Examples:\n  datadeal log prove 12 > 12.tlog-proof\n  datadeal log prove urn:uuid:0197... --out deal.tlog-proof"
    )]
    Prove(Prove),
    /// Prove that the first OLD entries are the beginning of the first NEW ones. Without NEW it is the question to a witness.
    #[command(
        after_help = "Examples:\n  datadeal log consistency 0 | datadeal witness cosign --dir my-witness --log-key KEY\n  datadeal log consistency 120 340 --json"
    )]
    Consistency(Consistency),
    /// Keep cosignatures of witnesses, so that bundles and proofs carry them.
    #[command(
        after_help = "Examples:\n  datadeal --as operator log cosign lines --witness KEY\n  cat checkpoint lines | datadeal --as operator log cosign - --witness KEY\n\nLines alone belong to the newest checkpoint; give the checkpoint too if the log has grown meanwhile."
    )]
    Cosign(Cosign),
    /// Write the log as a folder of plain files (C2SP tlog-tiles) that any web server can serve.
    #[command(after_help = "Examples:\n  datadeal log export /srv/www/log")]
    Export(Export),
    /// Give up a log that is behind or forked, and continue under a new key and a new name.
    #[command(
        after_help = "Examples:\n  datadeal --as operator log restart --origin data.example.nl/log-2 \\\n    --reason \"backup of 3 March restored, two days lost\"\n\nFirst look for a newer backup: a log that is given up cannot come back."
    )]
    Restart(NewLog),
}

#[derive(Debug, Args)]
pub(super) struct Prove {
    /// An index from 0, or the id or digest of a record.
    #[arg(value_name = "INDEX|RECORD")]
    which: String,
    /// Write the proof here.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Consistency {
    /// How many entries the smaller tree has; 0 for a witness that has seen none.
    old: u64,
    /// How many entries the larger tree has; all if left out.
    new: Option<u64>,
}

#[derive(Debug, Args)]
pub(super) struct Cosign {
    /// The lines that a witness answered, or a checkpoint with such lines under it; `-` for stdin.
    file: PathBuf,
    /// The key of the witness, as `witness new` printed it; once for each.
    #[arg(long, value_name = "VKEY", required = true, value_parser = vkey)]
    witness: Vec<VerifierKey>,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// A new folder, or one with an earlier export of this log.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct NewLog {
    /// The name of the new log: the address under which it will be served, without scheme.
    #[arg(long)]
    origin: String,
    /// Why the old log is given up; it stands in the new log's first entry.
    #[arg(long)]
    reason: String,
}

pub(super) fn vkey(text: &str) -> Result<VerifierKey, String> {
    text.parse().map_err(|e: crate::sign::NoteError| e.to_string())
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    match command {
        Command::Checkpoint => checkpoint(&cli.engine()?.newest()?),
        Command::Prove(args) => prove(cli, args),
        Command::Consistency(args) => consistency(&cli.engine()?, args),
        Command::Cosign(args) => cosign(cli, args),
        Command::Export(args) => exported(cli, args),
        Command::Restart(args) => restart(cli, args),
    }
}

fn checkpoint(head: &SignedHead) -> Result<Reply, CliError> {
    let (checkpoint, note) = (&head.checkpoint, head.note.to_string());
    let object = json!({
        "origin": checkpoint.origin(), "size": checkpoint.size(), "root": checkpoint.root(),
        "cosignedBy": head.cosigners(), "note": note,
    });
    Reply::new(Exit::Yes, &object, without_end(&note))
}

fn prove(cli: &Cli, args: &Prove) -> Result<Reply, CliError> {
    let proven = cli.engine()?.prove_entry(&args.which)?;
    let (file, index, size) = (proven.proof.to_string(), proven.leaf.index, proven.checkpoint.size());
    let entry = String::from_utf8_lossy(&proven.leaf.bytes);
    let object = json!({"index": index, "size": size, "entry": entry, "record": proven.leaf.digest, "proof": file});
    let Some(out) = &args.out else { return Reply::new(Exit::Yes, &object, without_end(&file)) };
    folder::save(out, file.as_bytes())?;
    let values = [
        ("index", index.to_string().into()),
        ("size", size.to_string().into()),
        ("file", out.display().to_string().into()),
    ];
    Reply::new(Exit::Yes, &object, Texts::new(cli.lang).get("log-proved", &values))
}

fn consistency(engine: &Engine, args: &Consistency) -> Result<Reply, CliError> {
    let found = engine.continuation(args.old, args.new)?;
    let ((old, old_root), (new, new_root)) = (found.old, found.new);
    let text = match found.question() {
        Some(question) => question.to_string(),
        // the form of the question to a witness, with the tree in the place of the signed checkpoint
        None => {
            let hashes: String = found.proof.iter().map(|hash| format!("{hash}\n")).collect();
            format!("old {old}\n{hashes}\n{}\n{new}\n{new_root}\n", engine.portal().origin)
        }
    };
    let object = json!({
        "old": {"size": old, "root": old_root}, "new": {"size": new, "root": new_root}, "proof": found.proof,
        "checkpoint": found.checkpoint.map(|note| note.to_string()),
    });
    Reply::new(Exit::Yes, &object, without_end(&text))
}

fn cosign(cli: &Cli, args: &Cosign) -> Result<Reply, CliError> {
    let text = folder::text(&args.file, note::MAX_BYTES)?;
    let engine = cli.engine()?;
    let head = engine.cosign(&cli.actor(&engine)?, &text, &args.witness)?;
    let (size, names) = (head.checkpoint.size(), head.cosigners());
    let values = [("size", size.to_string().into()), ("names", names.join(", ").into())];
    let object = json!({"size": size, "cosignedBy": names, "note": head.note.to_string()});
    Reply::new(Exit::Yes, &object, Texts::new(cli.lang).get("log-cosigned", &values))
}

fn exported(cli: &Cli, args: &Export) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let done = export(engine.log_reader(), &args.folder).map_err(|e| {
        let exit = match &e {
            ExportError::Empty => Exit::No,
            ExportError::Other { .. } | ExportError::Read(_) => Exit::Contradiction,
            ExportError::Io { .. } => Exit::Storage,
        };
        match e {
            ExportError::Read(TreeError::Read(e)) => CliError::new(super::open::of_store(&e), e),
            e => CliError::new(exit, e),
        }
    })?;
    let values = [
        ("files", done.files.to_string().into()),
        ("size", done.size.to_string().into()),
        ("folder", args.folder.display().to_string().into()),
    ];
    let object = json!({"folder": args.folder, "size": done.size, "files": done.files});
    Reply::new(Exit::Yes, &object, Texts::new(cli.lang).get("log-exported", &values))
}

fn restart(cli: &Cli, args: &NewLog) -> Result<Reply, CliError> {
    let restart = Restart { person: cli.person()?.clone(), origin: args.origin.clone(), reason: args.reason.clone() };
    let done = Engine::restart(&cli.dir(), &restart, Arc::new(SystemClock), Arc::new(SystemRandom))?;
    let known = done.continues.size();
    let values = [
        ("origin", args.origin.as_str().into()),
        ("size", done.size.to_string().into()),
        ("kept", done.kept.to_string().into()),
        ("known", known.to_string().into()),
        ("key", done.key.to_string().into()),
        ("old", done.old_database.display().to_string().into()),
    ];
    let texts = Texts::new(cli.lang);
    let mut text = texts.get("log-restarted", &values);
    let lost = known.saturating_sub(done.kept);
    if lost > 0 {
        text = format!("{text}\n{}", texts.get("log-restart-lost", &[("lost", lost.into())]));
    }
    let object = json!({
        "origin": args.origin, "key": done.key, "size": done.size, "kept": done.kept, "lost": lost,
        "continues": done.continues.to_string(), "oldDatabase": done.old_database,
    });
    Ok(Reply::new(Exit::Yes, &object, text)?.next("datadeal log checkpoint"))
}

/// A note or proof as it is printed, which adds the last newline again.
fn without_end(text: &str) -> String {
    text.strip_suffix('\n').unwrap_or(text).to_owned()
}
