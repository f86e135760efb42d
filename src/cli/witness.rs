//! `datadeal witness`: an independent memory of logs, that cosigns only what continues what it has seen. It needs no portal.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::log::vkey;
use super::{Cli, CliError, Exit, Reply, folder};
use crate::clock::{Clock as _, Random as _, SystemClock, SystemRandom};
use crate::sign::{KeyKind, NoteKey, SigningKey, VerifierKey, keyfile};
use crate::text::Texts;
use crate::witness::{MAX_QUESTION, Question, Refused, Witness, WitnessError};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a new witness with a key and an empty memory.
    #[command(after_help = "Examples:\n  datadeal witness new --name witness.example.nl/w1 --dir my-witness")]
    New(New),
    /// Cosign a checkpoint that continues the last one seen. Reads the question on stdin, answers with the cosignature.
    #[command(
        after_help = "Examples:\n  datadeal log consistency 0 | datadeal witness cosign --dir my-witness --log-key KEY > lines\n\nThe question has the form of C2SP tlog-witness: `old N`, the proof, an empty line, the checkpoint."
    )]
    Cosign(Cosign),
}

#[derive(Debug, Args)]
pub(super) struct New {
    /// The name in its signature lines: an address without scheme.
    #[arg(long)]
    name: String,
    /// A new folder for its key and its memory.
    #[arg(long)]
    dir: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Cosign {
    /// The folder of the witness.
    #[arg(long)]
    dir: PathBuf,
    /// The key of a log that it watches; once for each.
    #[arg(long, value_name = "VKEY", required = true, value_parser = vkey)]
    log_key: Vec<VerifierKey>,
    /// The question; stdin if left out.
    #[arg(default_value = "-", hide_default_value = true)]
    file: PathBuf,
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    match command {
        Command::New(args) => new(cli, args),
        Command::Cosign(args) => cosign(args),
    }
}

fn key_file(dir: &Path) -> PathBuf {
    dir.join("key.pem")
}

/// The key with its name, which the key file does not hold.
fn vkey_file(dir: &Path) -> PathBuf {
    dir.join("vkey")
}

fn memory(dir: &Path) -> PathBuf {
    dir.join("memory.json")
}

fn new(cli: &Cli, args: &New) -> Result<Reply, CliError> {
    let mut seed = [0; 32];
    SystemRandom.fill(&mut seed).map_err(|e| CliError::new(Exit::Storage, e))?;
    let key = SigningKey::from_seed(seed);
    let public = VerifierKey::new(&args.name, KeyKind::Cosignature, key.public());
    let public = public.map_err(|e| CliError::new(Exit::Input, e))?;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&args.dir);
    made.map_err(|e| CliError::input_with_help(args.dir.display(), e, "give a folder that can be written"))?;
    // the key first: it is never overwritten, so a folder that holds a witness is refused before anything is changed
    keyfile::write(&key_file(&args.dir), &key).map_err(|e| CliError::new(Exit::No, e))?;
    folder::save(&vkey_file(&args.dir), format!("{public}\n").as_bytes())?;
    let key = NoteKey::witness(&args.name, key).map_err(|e| CliError::new(Exit::Input, e))?;
    Witness::create(&memory(&args.dir), key, Vec::new()).map_err(of_memory)?;
    let values = [("key", public.to_string().into()), ("folder", args.dir.display().to_string().into())];
    let object = json!({"key": public, "folder": args.dir});
    Reply::new(Exit::Yes, &object, Texts::new(cli.lang).get("witness-made", &values))
}

fn cosign(args: &Cosign) -> Result<Reply, CliError> {
    let name = folder::text(&vkey_file(&args.dir), 1024)?;
    let public = vkey(name.trim_end()).map_err(|e| CliError::input(vkey_file(&args.dir).display(), e))?;
    let secret = keyfile::read(&key_file(&args.dir)).map_err(|e| CliError::new(Exit::Storage, e))?;
    let key = NoteKey::witness(public.name(), secret).map_err(|e| CliError::new(Exit::Input, e))?;
    if *key.public() != public {
        let file = key_file(&args.dir);
        return Err(CliError::input_with_help(file.display(), "not the key that `vkey` names", "find the right key"));
    }
    let witness = Witness::open(&memory(&args.dir), key, args.log_key.clone()).map_err(of_memory)?;
    let text = folder::text(&args.file, MAX_QUESTION)?;
    let question = Question::parse(text.as_bytes()).map_err(refused)?;
    let Question { old, proof, checkpoint } = question;
    let line = match witness.cosign(old, &proof, &checkpoint, SystemClock.now()) {
        Ok(line) => line,
        Err(Refused::Stale { known, .. }) => {
            let refusal = Refused::Stale { old, known };
            let reply =
                Reply::new(Exit::No, &json!({"known": known, "error": refusal.to_string()}), refusal.to_string())?;
            return Ok(reply.next(format!("datadeal log consistency {known}")));
        }
        Err(refusal) => return Err(refused(refusal)),
    };
    Reply::new(Exit::Yes, &json!({"cosignature": line.to_string(), "key": public}), line.to_string())
}

fn refused(refusal: Refused) -> CliError {
    let exit = match &refusal {
        Refused::Malformed(_) | Refused::UnknownLog(_) => Exit::Input,
        Refused::Signature(_) | Refused::Stale { .. } => Exit::No,
        Refused::Forked(_) | Refused::Inconsistent(_) => Exit::Contradiction,
        Refused::State(_) => Exit::Storage,
    };
    match refusal {
        Refused::State(e) => of_memory(e),
        refusal => CliError::new(exit, refusal),
    }
}

fn of_memory(error: WitnessError) -> CliError {
    let exit = match &error {
        WitnessError::Kind(_) => Exit::Input,
        WitnessError::Exists(_) => Exit::No,
        WitnessError::Missing(_) | WitnessError::Held(_) | WitnessError::Io { .. } => Exit::Storage,
        WitnessError::Damaged { .. } => Exit::Contradiction,
    };
    CliError::new(exit, error)
}
