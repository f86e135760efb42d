//! `datadeal conditions`: check, test, publish and show.

mod draft;
mod publish;
mod show;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;

use super::folder::{self, SetFiles};
use super::{Cli, CliError, Exit, Reply, time};
use crate::clock::{Clock, SystemClock};
use crate::conditions::cases::{self, CaseResult, Cases, CasesError, TestReport};
use crate::conditions::laws::Laws;
use crate::conditions::{Faults, load};
use crate::model::condition::Level;
use crate::model::dataset::Dataset;
use crate::model::{Time, json};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Parse, validate, and apply every fail-closed rule; all faults at once.
    #[command(
        after_help = "Examples:\n  datadeal conditions check policies/embargo\n  datadeal conditions check my-set/policy.cedar --json\n  cat policy.cedar | datadeal conditions check -"
    )]
    Check(Check),
    /// Run a set's own cases, and say which conditions no case would miss.
    #[command(
        after_help = "Examples:\n  datadeal conditions test policies/embargo\n  datadeal conditions test my-set/"
    )]
    Test(Test),
    /// Sign and log a version of a set, after every rule and case of it holds; or show first what it would change.
    #[command(
        after_help = "It says what the version changes: which grounds and conditions; what can be said of every question; which saved cases \
and which live deals would get another answer; and the lines of the text. With --json that is `difference`, with `version`, `before` \
(null for a first version), `rules`, `meaning` (same, stricter, looser or open), `text` (a unified diff), `cases` and `deals`; after a \
preview `record` is null.\n\nExamples:\n  datadeal --as steward conditions publish my-set/ --dataset education --preview\n  datadeal --as steward conditions publish my-set/ --dataset education\n  datadeal --as steward conditions publish my-set/ --dataset education --from 2027-01-01\n  datadeal --as operator conditions publish policies/no-re-identification --portal"
    )]
    Publish(publish::Publish),
    /// What the conditions in force ask: each in plain words, with law, evidence, term and tariff.
    #[command(
        after_help = "Examples:\n  datadeal conditions show --dataset education\n  datadeal conditions show --dataset education --lang nl\n  datadeal conditions show --dataset education --at 2027-01-01 --json"
    )]
    Show(show::Show),
    /// Make a draft of a condition file from an ODRL offer; what has no Cedar meaning is refused by name.
    #[command(
        after_help = "Law, words and terms are left as `<fill in ...>`; a file that holds one is refused until you have written your own.\n\nExamples:\n  \
datadeal conditions draft --odrl offer.ttl\n  datadeal conditions draft --odrl offer.jsonld --out my-set/policy.cedar"
    )]
    Draft(draft::Draft),
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// A `.cedar` file, a set folder, a name of the library, or `-`.
    path: PathBuf,
    /// Whose set it is: grounds belong to a dataset or an owner.
    #[arg(long, default_value = "dataset", value_parser = level)]
    level: Level,
    /// The day on which the acts it rests on must be in force; now if left out.
    #[arg(long, value_parser = time::parse)]
    at: Option<Time>,
}

#[derive(Debug, Args)]
pub(super) struct Test {
    /// A set folder with `policy.cedar` and `cases.json`, or a name of the library.
    path: PathBuf,
}

fn level(text: &str) -> Result<Level, String> {
    [Level::Portal, Level::Owner, Level::Dataset]
        .into_iter()
        .find(|l| l.as_str() == text)
        .ok_or_else(|| format!("`{text}` is not portal, owner or dataset"))
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    match command {
        Command::Check(args) => check(cli, args),
        Command::Test(args) => test(cli, args),
        Command::Publish(args) => publish::run(cli, args),
        Command::Show(args) => show::run(cli, args),
        Command::Draft(args) => draft::run(cli, args),
    }
}

fn check(cli: &Cli, args: &Check) -> Result<Reply, CliError> {
    let files = folder::set(&args.path)?;
    let schema = cli.schema()?;
    let now = args.at.unwrap_or_else(|| SystemClock.now());
    let laws = Laws::built_in().map_err(|e| CliError::new(Exit::Input, e))?;
    let loaded =
        load(&schema, &files.name, &files.policy, args.level).and_then(|set| laws.check(&set, now).map(|()| set));
    match loaded {
        Ok(set) => {
            let rules: Vec<_> = set
                .conditions()
                .iter()
                .map(|c| json!({"id": c.id, "role": c.role, "label": c.text.label, "legalBasis": c.text.legal_basis}))
                .collect();
            let text = format!(
                "{}: {} without a fault",
                files.name,
                counted(set.conditions().len(), "ground or condition", "grounds and conditions")
            );
            Reply::new(
                Exit::Yes,
                &json!({"file": files.name, "digest": set.digest(), "conditions": rules, "faults": []}),
                text,
            )
        }
        Err(faults) => refused(&files, *faults),
    }
}

/// Faults are the answer of `check`, so they go to stdout.
fn refused(files: &SetFiles, faults: Faults) -> Result<Reply, CliError> {
    let object = json!({"file": files.name, "faults": faults.faults});
    let text = CliError::new(Exit::No, faults).render(std::io::IsTerminal::is_terminal(&std::io::stdout()));
    let reply = Reply::new(Exit::No, &object, text)?;
    Ok(reply.next(format!("mend the file, then: datadeal conditions check {}", files.name)))
}

fn test(cli: &Cli, args: &Test) -> Result<Reply, CliError> {
    let files = folder::set(&args.path)?;
    let schema = cli.schema()?;
    let own = match load(&schema, &files.name, &files.policy, Level::Dataset) {
        Ok(set) => Arc::new(set),
        Err(faults) => return refused(&files, *faults),
    };
    let text = files.cases.as_deref().ok_or_else(|| no_cases(&args.path))?;
    let cases: Cases = json::read(text.as_bytes(), "cases.json").map_err(|e| CliError::new(Exit::Input, e))?;
    let given = files.dataset.as_deref().map(|text| json::read::<Dataset>(text.as_bytes(), "dataset.json")).transpose();
    let given = given.map_err(|e| CliError::new(Exit::Input, e))?;
    let dataset = cases::dataset(&cases, given.as_ref()).map_err(|e| CliError::new(Exit::Input, e))?;
    let report = cases::beside(&schema, &cases)
        .and_then(|beside| cases::test(&schema, &own, &beside, &dataset, &cases))
        .map_err(|e| match e {
            CasesError::Evaluation { .. } => CliError::new(Exit::Evaluation, e),
            other => CliError::new(Exit::Input, other),
        })?;
    let failed = report.cases.iter().filter(|c| !c.passed).count();
    let exit = if failed == 0 { Exit::Yes } else { Exit::No };
    let reply = Reply::new(
        exit,
        &json!({"file": files.name, "cases": report.cases, "unguarded": report.unguarded}),
        told(&report),
    )?;
    Ok(if failed == 0 {
        reply
    } else {
        reply.next(format!("mend the set or its cases, then: datadeal conditions test {}", args.path.display()))
    })
}

fn no_cases(path: &Path) -> CliError {
    CliError::input_with_help(
        path.display(),
        "no cases.json",
        "give the folder of the set, with its cases beside policy.cedar; policies/embargo shows how",
    )
}

fn told(report: &TestReport) -> String {
    let line = |case: &CaseResult| {
        let mark = if case.passed { "ok    " } else { "FAILED" };
        let why: String = case.differences.iter().map(|d| format!("\n         {d}")).collect();
        format!("  {mark} {}{why}", case.name)
    };
    let mut lines: Vec<String> = report.cases.iter().map(line).collect();
    let failed = report.cases.iter().filter(|c| !c.passed).count();
    lines.push(format!("{} passed, {failed} failed", report.cases.len() - failed));
    if !report.unguarded.is_empty() {
        lines.push(format!("no case would miss: {}", report.unguarded.join(", ")));
    }
    lines.join("\n")
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
