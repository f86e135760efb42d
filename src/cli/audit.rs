//! `datadeal audit`, `replay` and `erase`.

use clap::Args;
use indicatif::ProgressBar;
use serde_json::json;

use super::{Cli, CliError, Exit, Reply};
use crate::engine::Audit;
use crate::model::Urn;
use crate::text::Texts;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  datadeal --as auditor audit\n  datadeal --as auditor audit --csv > findings.csv")]
pub(super) struct AuditArgs {
    /// Print the findings as CSV.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  datadeal --as auditor replay urn:uuid:...")]
pub(super) struct ReplayArgs {
    /// The id of a decision, or of its request.
    decision: Urn,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  datadeal --as operator erase urn:uuid:... --reason \"retention list, item 7\"")]
pub(super) struct EraseArgs {
    /// The id of the request whose case is closed.
    request: Urn,
    /// Why.
    #[arg(long)]
    reason: String,
}

pub(super) fn audit(cli: &Cli, args: &AuditArgs) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let bar = if cli.json || args.csv { ProgressBar::hidden() } else { ProgressBar::new(0) };
    let audit = engine.audit(&actor, &mut |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    let exit = if audit.findings.is_empty() { Exit::Yes } else { Exit::No };
    let text = if args.csv { csv(&audit)? } else { told(&Texts::new(cli.lang), &audit) };
    Reply::new(exit, &json!({"audit": audit}), text)
}

fn csv(audit: &Audit) -> Result<String, CliError> {
    let failed = |e: &dyn std::fmt::Display| CliError::input("the findings", e);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["must", "place", "finding"]).map_err(|e| failed(&e))?;
    for finding in &audit.findings {
        writer.write_record([finding.must, &finding.place, &finding.why]).map_err(|e| failed(&e))?;
    }
    let bytes = writer.into_inner().map_err(|e| failed(&e))?;
    Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

fn told(texts: &Texts, audit: &Audit) -> String {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX).into();
    let mut lines = vec![
        texts.get(
            if audit.findings.is_empty() { "audit-clean" } else { "audit-findings" },
            &[("count", number(audit.findings.len() as u64))],
        ),
        texts.get("audit-log", &[("entries", number(audit.entries)), ("records", number(audit.records))]),
        texts.get(
            "audit-cases",
            &[("requests", number(audit.requests)), ("ended", number(audit.ended)), ("overdue", number(audit.overdue))],
        ),
        texts.get(
            "audit-replayed",
            &[("replayed", number(audit.replayed)), ("erased", number(audit.erased)), ("deals", number(audit.deals))],
        ),
    ];
    lines.extend(audit.findings.iter().map(|f| format!("  {} {}: {}", f.must, f.place, f.why)));
    lines.join("\n")
}

pub(super) fn replay(cli: &Cli, args: &ReplayArgs) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let replayed = engine.replay(&actor, &args.decision)?;
    let texts = Texts::new(cli.lang);
    let mut lines = vec![match &replayed.difference {
        None => texts.get("replay-same", &[("outcome", replayed.answer.outcome.as_str().into())]),
        Some(why) => format!("{}: {why}", texts.get("replay-differs", &[])),
    }];
    if let Some((then, now)) = &replayed.versions {
        lines.push(texts.get("replay-versions", &[("then", then.clone().into()), ("now", now.clone().into())]));
    }
    let exit = if replayed.difference.is_none() { Exit::Yes } else { Exit::No };
    Reply::new(exit, &json!({"replay": replayed}), lines.join("\n"))
}

pub(super) fn erase(cli: &Cli, args: &EraseArgs) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let (record, erased) = engine.erase(&actor, &args.request, &args.reason)?;
    let count = i64::try_from(erased.len()).unwrap_or(i64::MAX);
    let text = Texts::new(cli.lang).get("erase-done", &[("count", count.into()), ("id", record.id.to_string().into())]);
    Reply::new(Exit::Yes, &json!({"record": record, "erased": erased}), text)
}
