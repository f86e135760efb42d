//! `datadeal conditions publish`: signs, logs and puts in force a version of a condition set, and says what it changes.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::super::{Cli, CliError, Exit, Reply, folder, time};
use crate::conditions::cases::Cases;
use crate::engine::NewSet;
use crate::model::condition::Level;
use crate::model::record::Transition;
use crate::model::{OrgId, Time, json as profile};
use crate::text;

#[derive(Debug, Args)]
pub(in crate::cli) struct Publish {
    /// A set folder with `policy.cedar` and `cases.json`, or a name of the library.
    path: PathBuf,
    /// The set of one dataset, by short name or IRI.
    #[arg(long, value_name = "DATASET", group = "whose")]
    dataset: Option<String>,
    /// The set of an owner, for all its datasets.
    #[arg(long, value_name = "ORG", group = "whose")]
    owner: Option<OrgId>,
    /// The set of the whole portal.
    #[arg(long, group = "whose")]
    portal: bool,
    /// In force from then; now if left out. Never in the past.
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    from: Option<Time>,
    /// A negative automatic outcome needs no person to confirm it.
    #[arg(long)]
    automatic_refusals: bool,
    /// It reaches deals that are renewed, too; only new requests if left out.
    #[arg(long)]
    renewals: bool,
    /// From then on it reaches every deal that lives, and those that are renewed.
    #[arg(long, value_name = "TIME", value_parser = time::parse, conflicts_with = "renewals")]
    live_from: Option<Time>,
    /// A live deal that no longer passes is suspended without a person.
    #[arg(long)]
    automatic_suspension: bool,
    /// Show what it would change, and publish nothing.
    #[arg(long)]
    preview: bool,
}

pub(super) fn run(cli: &Cli, args: &Publish) -> Result<Reply, CliError> {
    let level = match (&args.dataset, &args.owner, args.portal) {
        (Some(_), ..) => Level::Dataset,
        (_, Some(_), _) => Level::Owner,
        (.., true) => Level::Portal,
        _ => {
            return Err(CliError::with_help(
                Exit::Usage,
                "whose set is it?",
                "give exactly one of --dataset DATASET, --owner ORG and --portal",
            ));
        }
    };
    let files = folder::set(&args.path)?;
    let source = files.cases.as_deref().ok_or_else(|| super::no_cases(&args.path))?;
    let cases: Cases = profile::read(source.as_bytes(), "cases.json").map_err(|e| CliError::new(Exit::Input, e))?;
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let new = NewSet {
        name: files.name.clone(),
        text: files.policy.clone(),
        cases,
        level,
        owner: args.owner.clone(),
        dataset: args.dataset.clone(),
        from: args.from,
        automatic_refusals: args.automatic_refusals,
        transition: args.live_from.map(Transition::Live).or(args.renewals.then_some(Transition::Renewal)),
        automatic_suspension: args.automatic_suspension,
    };
    let (record, difference) = if args.preview {
        (None, engine.preview_conditions(&actor, &new)?)
    } else {
        let published = engine.publish_conditions(&actor, &new)?;
        (Some(published.record), published.difference)
    };
    let digest = crate::model::Digest::of(files.policy.as_bytes());
    let object = json!({
        "record": record, "level": level, "dataset": args.dataset, "owner": args.owner, "text": digest, "from": args.from,
        "difference": difference,
    });
    let texts = cli.texts();
    let mut values = vec![("name", files.name.as_str().into())];
    values.extend(record.map(|r| ("id", r.id.to_string().into())));
    values.extend(args.from.map(|from| ("moment", texts.moment(from).into())));
    let done = match (record, args.from) {
        (None, _) => "cli-set-preview",
        (Some(_), Some(_)) => "cli-set-published-later",
        (Some(_), None) => "cli-set-published",
    };
    let done = text::wrap(&texts.get(done, &values));
    let reply = Reply::new(Exit::Yes, &object, format!("{done}\n\n{}", text::difference(&texts, &difference)))?;
    Ok(match &args.dataset {
        Some(dataset) if record.is_some() => reply.next(format!("datadeal conditions show --dataset {dataset}")),
        _ => reply,
    })
}
