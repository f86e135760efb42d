//! `datadeal eligible`: what may I use? One question over all datasets. Nothing is stored.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Cli, CliError, Exit, Reply, facts, time};
use crate::engine::{Filter, MayUse, Part};
use crate::labels::SchemaLabels;
use crate::model::dataset::Access;
use crate::model::eligible::{Group, Place};
use crate::model::{OrgId, Time};
use crate::rights::Actor;
use crate::text;

/// So many datasets are told if nobody says how many.
const LIMIT: u16 = 20;

#[derive(Debug, Args)]
#[command(
    after_help = "Groups: now (with what you then sign), after (what is missing is named), not (with what you can use instead). Those of which the \
least is missing come first.\n\nExamples:\n  datadeal eligible --facts facts.json\n  datadeal eligible --facts facts.json --purpose dd:EducationResearch --group now\n  \
datadeal --as researcher eligible --facts facts.json --group after --limit 5\n  datadeal eligible --facts facts.json --owner NL.OIN:00000099000000012000 --json\n  \
echo '{\"declared\": {\"category\": \"company\"}}' | datadeal eligible --facts -"
)]
pub(super) struct Eligible {
    /// What you say of yourself and of your question, without columns; `-` for stdin.
    #[arg(long, value_name = "FILE")]
    facts: PathBuf,
    /// For this purpose, instead of the one in the file.
    #[arg(long, value_name = "PURPOSE")]
    purpose: Option<String>,
    /// Only datasets that stand so: now, after or not.
    #[arg(long, value_name = "GROUP")]
    group: Option<Group>,
    /// Only of this owner.
    #[arg(long, value_name = "ORG")]
    owner: Option<OrgId>,
    /// Only those that are so open: open, conditions or closed.
    #[arg(long, value_name = "ACCESS", value_parser = access)]
    access: Option<Access>,
    /// At most so many datasets.
    #[arg(long, value_name = "N", default_value_t = LIMIT, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// What comes after this place: the `next` of the answer before.
    #[arg(long, value_name = "PLACE")]
    after: Option<Place>,
    /// Ask about another instant than now.
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    at: Option<Time>,
}

pub(super) fn access(text: &str) -> Result<Access, String> {
    match text {
        "open" => Ok(Access::Open),
        "conditions" => Ok(Access::Conditions),
        "closed" => Ok(Access::Closed),
        other => Err(format!("`{other}` is no access level: write open, conditions or closed")),
    }
}

pub(super) fn run(cli: &Cli, args: &Eligible) -> Result<Reply, CliError> {
    let mut question = facts::question(&args.facts)?;
    let engine = cli.engine()?;
    let actor = cli.seeing(&engine)?;
    if let Some(purpose) = &args.purpose {
        question.purpose = Some(purpose.clone());
    }
    if let (None, Some(actor)) = (&question.applicant, &actor) {
        question.applicant = Some(actor.organisation.clone());
    }
    let filter = Filter { group: args.group, owner: args.owner.clone(), access: args.access };
    let part = Part { after: args.after.clone(), limit: args.limit.into() };
    let found = engine.eligible(actor.as_ref(), &question, &filter, &part, args.at)?;
    let MayUse { at, totals, items, faulty, uncounted, next } = &found;
    let schema = engine.schema()?;
    let told = text::eligible(&cli.texts(), &SchemaLabels(&schema), totals, items, faulty);
    let mut object = json!({"at": at, "totals": totals, "items": items, "faulty": faulty, "uncounted": uncounted});
    if let (Some(place), Some(map)) = (next, object.as_object_mut()) {
        map.insert("after".to_owned(), place.to_string().into());
    }
    let exit = match (totals.now, totals.after) {
        (0, 0) => Exit::No,
        (0, _) => Exit::Undecided,
        _ => Exit::Yes,
    };
    let reply = Reply::new(exit, &object, told)?;
    Ok(match (next, items.iter().find(|item| item.access != Access::Open)) {
        (Some(place), _) => reply.next(again(actor.as_ref(), args, place)),
        (None, Some(first)) => {
            reply.next(format!("datadeal check --dataset {} --facts {}", first.slug, args.facts.display()))
        }
        (None, None) => reply,
    })
}

/// The command that goes on behind a place.
fn again(actor: Option<&Actor>, args: &Eligible, place: &Place) -> String {
    let who = actor.map_or_else(String::new, |actor| format!("--as {} ", actor.person));
    let mut words = format!("datadeal {who}eligible --facts {}", args.facts.display());
    let given = [
        ("purpose", args.purpose.clone()),
        ("group", args.group.map(|g| g.as_str().to_owned())),
        ("owner", args.owner.as_ref().map(ToString::to_string)),
        ("access", args.access.map(|access| access.as_str().to_owned())),
        ("limit", Some(args.limit).filter(|limit| *limit != LIMIT).map(|limit| limit.to_string())),
        ("at", args.at.map(|at| at.to_string())),
        ("after", Some(place.to_string())),
    ];
    for (name, value) in given.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        words.push_str(&format!(" --{name} {value}"));
    }
    words
}
