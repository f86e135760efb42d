//! `datadeal verify`: a bundle, offline: signatures, inclusion in the log, keys, mandates, the decision replayed.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{Cli, CliError, Exit, Reply};
use crate::merkle::tiles::{Tile, TileKind, decode_entries};
use crate::sign::VerifierKey;
use crate::text::Texts;
use crate::verify::{self, CheckResult, Given, MAX_BUNDLE, Report, Verdict};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  datadeal verify deal.json --log-key 'portal.example/log+3f...'\n  datadeal verify deal.json --log-key log.vkey --log ./exported-log\n  datadeal --lang nl verify - --log-key log.vkey < deal.json\n\nNo data directory and no network are needed. The verdict is `valid` only if every check passed under a given log key."
)]
pub(super) struct Verify {
    /// The bundle; `-` for stdin.
    file: PathBuf,
    /// The log's key, as text or as a file that holds it.
    #[arg(long, value_name = "KEY")]
    log_key: Option<String>,
    /// A newer log, exported as a directory: shows what happened after the bundle.
    #[arg(long, value_name = "DIR")]
    log: Option<PathBuf>,
    /// A witness that you trust, as text or file; may be repeated.
    #[arg(long, value_name = "KEY")]
    witness: Vec<String>,
    /// How many of the witnesses must have cosigned.
    #[arg(long, default_value_t = 0, value_name = "N")]
    quorum: usize,
}

pub(super) fn run(cli: &Cli, args: &Verify) -> Result<Reply, CliError> {
    let bytes = super::folder::text(&args.file, MAX_BUNDLE)?;
    let bundle = verify::read(bytes.as_bytes()).map_err(|e| CliError::new(Exit::Input, e))?;
    let log = args.log_key.as_deref().map(key).transpose()?;
    let witnesses = args.witness.iter().map(|w| key(w)).collect::<Result<Vec<_>, _>>()?;
    let given = Given { log: log.as_ref(), witnesses: &witnesses, quorum: args.quorum };
    let mut report = verify::verify(&bundle, &given);
    if let Some(folder) = &args.log {
        let checkpoint = std::fs::read(folder.join("checkpoint")).map_err(|e| {
            CliError::input_with_help(
                folder.join("checkpoint").display(),
                e,
                "give a directory made by `datadeal log export`",
            )
        })?;
        let mut failed = None;
        let entries = Exported::new(folder, &checkpoint, &mut failed);
        let outcome = verify::later(&bundle, &given, &checkpoint, entries, &mut report);
        if let Some(error) = failed {
            return Err(error);
        }
        outcome.map_err(|e| CliError::new(Exit::Contradiction, e))?;
    }
    let exit = match report.verdict {
        Verdict::Valid => Exit::Yes,
        Verdict::Invalid => Exit::No,
        Verdict::Incomplete => Exit::Undecided,
    };
    let reply = Reply::new(
        exit,
        &json!({"verdict": report.verdict, "checks": report.checks, "vouched": report.vouched, "unseen": report.unseen}),
        told(&Texts::new(cli.lang), &report),
    )?;
    Ok(match report.verdict {
        Verdict::Incomplete if args.log_key.is_none() => {
            reply.next(format!("datadeal verify {} --log-key KEY", args.file.display()))
        }
        _ => reply,
    })
}

/// A verifier key from its text, or from a file that holds it.
fn key(text: &str) -> Result<VerifierKey, CliError> {
    let own = if Path::new(text).is_file() { super::folder::text(Path::new(text), 4096)? } else { text.to_owned() };
    own.trim().parse().map_err(|e| {
        CliError::input_with_help(
            format!("the key `{}`", text.chars().take(80).collect::<String>()),
            e,
            "`datadeal key export` prints the key of a log",
        )
    })
}

/// What was checked: failures in full, the rest counted by what it was about.
fn told(texts: &Texts, report: &Report) -> String {
    let key = match report.verdict {
        Verdict::Valid => "verify-valid",
        Verdict::Invalid => "verify-invalid",
        Verdict::Incomplete => "verify-incomplete",
    };
    let passed = report.checks.iter().filter(|c| c.result == CheckResult::Passed).count();
    let mut lines = vec![
        texts.get(key, &[]),
        texts.get("verify-passed", &[("count", i64::try_from(passed).unwrap_or(i64::MAX).into())]),
    ];
    for check in report.checks.iter().filter(|c| c.result != CheckResult::Passed) {
        let mark = if check.result == CheckResult::Failed {
            texts.get("verify-failed", &[])
        } else {
            texts.get("verify-not-given", &[])
        };
        lines.push(format!("  {mark} {} {}: {}", check.must, check.what, check.why.as_deref().unwrap_or("")));
    }
    if !report.vouched.is_empty() {
        lines.push(texts.get("verify-vouched", &[]));
        for v in &report.vouched {
            let checked = v.checked.as_deref().map(|c| format!(" ({c})")).unwrap_or_default();
            lines.push(format!("  {}: {}{checked}", v.organisation, v.by));
        }
    }
    lines.push(texts.get("verify-unseen", &[]));
    lines.extend(report.unseen.iter().map(|u| format!("  {u}")));
    lines.join("\n")
}

/// The entries of an exported log, bundle by bundle.
struct Exported<'a> {
    folder: &'a Path,
    size: u64,
    next: u64,
    page: std::vec::IntoIter<Vec<u8>>,
    failed: &'a mut Option<CliError>,
}

impl<'a> Exported<'a> {
    fn new(folder: &'a Path, checkpoint: &[u8], failed: &'a mut Option<CliError>) -> Self {
        let size = String::from_utf8_lossy(checkpoint).lines().nth(1).and_then(|l| l.parse().ok()).unwrap_or(0);
        Exported { folder, size, next: 0, page: Vec::new().into_iter(), failed }
    }

    fn load(&mut self) -> Result<Vec<Vec<u8>>, CliError> {
        let index = self.next / 256;
        let Some(tile) = Tile::of_tree(TileKind::Entries, index, self.size) else { return Ok(Vec::new()) };
        let path = self.folder.join(tile.to_string());
        let bytes = std::fs::read(&path).map_err(|e| {
            CliError::input_with_help(path.display(), e, "export the log again: datadeal log export DIR")
        })?;
        let entries = decode_entries(&bytes).map_err(|e| CliError::input(path.display(), e))?;
        Ok(entries.into_iter().map(<[u8]>::to_vec).collect())
    }
}

impl Iterator for Exported<'_> {
    type Item = Vec<u8>;
    fn next(&mut self) -> Option<Vec<u8>> {
        if let Some(entry) = self.page.next() {
            self.next += 1;
            return Some(entry);
        }
        if self.next >= self.size {
            return None;
        }
        match self.load() {
            Ok(page) => {
                self.page = page.into_iter();
                let entry = self.page.next()?;
                self.next += 1;
                Some(entry)
            }
            Err(error) => {
                *self.failed = Some(error);
                None
            }
        }
    }
}
