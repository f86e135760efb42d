//! `datadeal demo`: the stories of the examples, told for a visitor. The engine performs them in a portal of their own, every deal
//! is verified from its bundle, and a tampered deal is caught.

mod tamper;
mod tell;

use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::{Cli, CliError, Exit, Reply, open};
use crate::conditions::library::{self, Example};
use crate::engine::{Audit, DataDir, EngineError};
use crate::model::Urn;
use crate::sign::{Checkpoint, Note};
use crate::story::{Event, Happened, Stage, Story, StoryError, Told};
use crate::text::{Texts, wrapped};
use crate::verify::{Given, Verdict, verify};
use tell::Teller;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  datadeal demo\n  datadeal --lang nl demo\n  datadeal demo --json\n\nNothing is kept: the portal of the demo lives in a temporary folder."
)]
pub(super) struct Demo {}

pub(super) fn run(cli: &Cli, _: &Demo) -> Result<Reply, CliError> {
    let texts = Texts::new(cli.lang);
    let folder = Folder::new()?;
    let stories = stories()?;
    let from = stories.first().map(|(_, s)| s.from).ok_or_else(|| CliError::input("the examples", "there are none"))?;
    let mut stage = Stage::new(&DataDir::new(folder.path().join("portal")), from)?;
    let bar = cli.progress(&texts.get("demo-telling", &[]));
    bar.set_length(stories.len() as u64);
    let mut text = vec![texts.get("demo-title", &[]), String::new(), wrapped("", &texts.get("demo-intro", &[]))];
    let (mut objects, mut deals, mut as_told) = (Vec::new(), Vec::new(), true);
    for (number, (example, story)) in stories.iter().enumerate() {
        let told = stage.play(example, story)?;
        let verified = verify_all(&stage, &told.deals)?;
        as_told &= verified.valid && told.events.iter().all(|e| e.differences.is_empty());
        let mut teller = Teller::new(&texts, &stage, story, &told.dataset)?;
        teller.heading(number + 1);
        for event in &told.events {
            teller.event(event)?;
        }
        teller.verified(told.deals.len(), &verified);
        text.push(teller.text());
        objects.push(object(example, &told, &verified));
        deals.extend(told.deals);
        bar.inc(1);
    }
    let caught = deals.first().map(|deal| tamper::tamper(&stage, deal)).transpose()?.unwrap_or_default();
    text.push(tamper::told(&texts, &caught));
    let audit = stage.engine().audit(stage.operator(), &mut |_, _| {})?;
    let (size, root) = head(&stage)?;
    text.push(end(&texts, stories.len(), deals.len(), &audit, size, &root));
    bar.finish_and_clear();
    drop(stage);
    folder.remove()?;
    text.push(texts.get("demo-gone", &[]));
    let good = as_told && audit.findings.is_empty() && caught.iter().all(|c| c.report.verdict == Verdict::Invalid);
    let object = json!({"stories": objects, "tampered": tamper::objects(&caught), "audit": audit, "log": {"size": size, "root": root}});
    Reply::new(if good { Exit::Yes } else { Exit::No }, &object, text.join("\n"))
}

/// The stories in the order of time.
fn stories() -> Result<Vec<(Example, Story)>, CliError> {
    let read = |example: Example| Ok((example, Story::read(example.story)?));
    let mut all = library::examples().into_iter().map(read).collect::<Result<Vec<_>, StoryError>>()?;
    all.sort_by_key(|(_, story)| story.from);
    Ok(all)
}

/// What the verification of deals comes to.
struct Verified {
    valid: bool,
    checks: usize,
}

/// Each deal from its bundle, which is all that a verifier gets, with the key of the log.
fn verify_all(stage: &Stage, deals: &[Urn]) -> Result<Verified, CliError> {
    let key = stage.engine().log_key()?;
    let mut verified = Verified { valid: true, checks: 0 };
    for deal in deals {
        let bundle = stage.engine().bundle(stage.operator(), deal, true)?;
        let report = verify(&bundle, &Given { log: Some(&key), ..Given::default() });
        verified.valid &= report.verdict == Verdict::Valid;
        verified.checks += report.checks.len();
    }
    Ok(verified)
}

/// Size and root of the log.
fn head(stage: &Stage) -> Result<(u64, String), CliError> {
    let head = stage.engine().log_reader().head().map_err(EngineError::from)?;
    let none = || CliError::input("the log of the demo", "it is empty");
    let note = Note::parse(&head.ok_or_else(none)?.checkpoint).map_err(EngineError::from)?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(EngineError::from)?;
    Ok((checkpoint.size(), checkpoint.root().to_string()))
}

fn end(texts: &Texts, stories: usize, deals: usize, audit: &Audit, size: u64, root: &str) -> String {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX).into();
    let values = [
        ("stories", stories.into()),
        ("requests", number(audit.requests)),
        ("deals", deals.into()),
        ("records", number(audit.records)),
    ];
    let mut lines = vec![String::new(), texts.get("demo-end", &[]), String::new()];
    lines.push(wrapped("   ", &texts.get("demo-counts", &values)));
    lines.push(wrapped("   ", &texts.get("demo-log", &[("size", number(size)), ("root", root.into())])));
    let values = [("findings", audit.findings.len().into()), ("replayed", number(audit.replayed))];
    lines.push(wrapped("   ", &texts.get("demo-audit", &values)));
    lines.extend([String::new(), texts.get("demo-next", &[]), String::new()]);
    for (command, key) in [
        ("datadeal init --help", "demo-next-init"),
        ("datadeal conditions test examples/education", "demo-next-test"),
        ("datadeal conditions check policies/embargo", "demo-next-check"),
        ("datadeal --help", "demo-next-help"),
    ] {
        lines.push(format!("   {command:<46}{}", texts.get(key, &[])));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// One story for `--json`.
fn object(example: &Example, told: &Told<'_>, verified: &Verified) -> Value {
    let step = |event: &Event<'_>| {
        let decision = event.happened.decision();
        let mut step = json!({
            "at": event.at,
            "say": event.step.say,
            "do": event.step.act,
            "outcome": decision.map(|d| d.outcome),
            "failing": decision.map(|d| &d.failing),
            "permitted": decision.map(|d| d.permitted_columns().collect::<Vec<_>>()),
            "differences": event.differences,
        });
        let own = match &event.happened {
            Happened::Case(case) => json!({"request": case.id, "state": case.state}),
            Happened::Deal(deal) => json!({"deal": deal.id, "number": deal.deal.number, "state": deal.state}),
            Happened::Stopped(why) => json!({"stopped": why}),
            Happened::Answer { .. } | Happened::Evidence { .. } => json!({}),
        };
        if let (Value::Object(step), Value::Object(own)) = (&mut step, own) {
            step.extend(own);
            step.retain(|_, value| !value.is_null());
        }
        step
    };
    json!({
        "example": example.name,
        "dataset": told.dataset.id,
        "steps": told.events.iter().map(step).collect::<Vec<_>>(),
        "deals": told.deals,
        "valid": verified.valid,
        "checks": verified.checks,
    })
}

/// A temporary folder, removed when the demo ends, also if it ends badly.
struct Folder(PathBuf);

impl Folder {
    /// A new one, for this user only.
    fn new() -> Result<Self, CliError> {
        let all = std::env::temp_dir();
        let mut last = None;
        for attempt in 0..100 {
            let path = all.join(format!("datadeal-demo-{}-{attempt}", std::process::id()));
            match std::fs::DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Folder(path)),
                Err(e) => last = Some(e),
            }
        }
        let why = last.map_or_else(String::new, |e| e.to_string());
        Err(CliError::with_help(
            Exit::Storage,
            format!("{}: {why}", all.display()),
            "give a folder that can be written as TMPDIR",
        ))
    }

    fn path(&self) -> &Path {
        &self.0
    }

    fn remove(self) -> Result<(), CliError> {
        std::fs::remove_dir_all(&self.0)
            .map_err(|e| CliError::with_help(Exit::Storage, format!("{}: {e}", self.0.display()), "remove it by hand"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // gone already after `remove`; after an error there is nothing better to do than to try
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl From<StoryError> for CliError {
    fn from(error: StoryError) -> Self {
        let mut source = &error;
        while let StoryError::Step { source: inner, .. } = source {
            source = inner;
        }
        let exit = match source {
            StoryError::Engine(e) => open::exit(e),
            StoryError::Random(_) => Exit::Storage,
            _ => Exit::Input,
        };
        CliError::new(exit, error)
    }
}
