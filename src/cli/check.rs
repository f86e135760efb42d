//! `datadeal check`: may I use this, for this, and if not: what is missing? Nothing is stored.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Cli, CliError, Exit, Reply, facts, time};
use crate::engine::Answered;
use crate::labels::SchemaLabels;
use crate::model::Time;
use crate::model::decision::Outcome;
use crate::text::{Texts, answer};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  datadeal facts new --dataset education > facts.json\n  datadeal check --dataset education --facts facts.json\n  datadeal check --dataset education --facts - --json < facts.json"
)]
pub(super) struct Check {
    /// The dataset, by short name or IRI.
    #[arg(long)]
    dataset: String,
    /// What you say of yourself and of your question; `-` for stdin.
    #[arg(long, value_name = "FILE")]
    facts: PathBuf,
    /// Ask about another instant than now.
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    at: Option<Time>,
    /// Keep the question in a file, to submit it later with `request submit --from`.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(cli: &Cli, args: &Check) -> Result<Reply, CliError> {
    let question = facts::question(&args.facts)?;
    let engine = cli.engine()?;
    let actor = cli.seeing(&engine)?;
    let Answered { dataset, input, decision, .. } = engine.check(actor.as_ref(), &args.dataset, &question, args.at)?;
    let schema = engine.schema()?;
    let text = answer(&Texts::new(cli.lang), &SchemaLabels(&schema), &decision, &input);
    if let Some(out) = &args.out {
        let kept = json!({"dataset": dataset.dataset.slug, "question": question});
        std::fs::write(out, format!("{kept:#}\n"))
            .map_err(|e| CliError::input_with_help(out.display(), e, "give a file that can be written"))?;
    }
    let slug = &dataset.dataset.slug;
    let object = json!({"dataset": dataset.dataset.id, "outcome": decision.outcome, "answer": decision});
    let reply = Reply::new(exit(decision.outcome), &object, text)?;
    let facts = match args.facts.display().to_string() {
        stdin if stdin == "-" => "facts.json".to_owned(),
        file => file,
    };
    Ok(match decision.outcome {
        Outcome::Permit => reply,
        Outcome::Review => reply.next(format!("datadeal --as PERSON request submit --dataset {slug} --facts {facts}")),
        Outcome::Incomplete => {
            reply.next(format!("add what is missing to {facts}, then: datadeal check --dataset {slug} --facts {facts}"))
        }
        Outcome::Deny => reply.next(format!("datadeal conditions show --dataset {slug}")),
        Outcome::NoGround => reply.next(format!("datadeal dataset show {slug}")),
    })
}

/// The exit code of an outcome.
pub(super) fn exit(outcome: Outcome) -> Exit {
    match outcome {
        Outcome::Permit => Exit::Yes,
        Outcome::Review | Outcome::Incomplete => Exit::Undecided,
        Outcome::Deny | Outcome::NoGround => Exit::No,
    }
}
