//! `datadeal mandate`: who decides in whose name, and until when.

use std::collections::BTreeSet;

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::json;

use super::table::table;
use super::{Cli, CliError, Exit, Reply, time};
use crate::engine::NewMandate;
use crate::engine::state::MandateNow;
use crate::labels::SchemaLabels;
use crate::model::condition::Bilingual;
use crate::model::record::Power;
use crate::model::{Name, OrgId, Time, Urn};
use crate::rights::Role;
use crate::text::{Labels, Texts};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Give a person the mandate to decide on requests, and to offer, suspend and revoke deals.
    #[command(
        after_help = "A person who gives one approval is appointed: `datadeal person appoint`.\n\nExamples:\n  datadeal --as steward mandate add steward --until 2028-01-01\n  datadeal --as steward mandate add manager --dataset education --until 2028-01-01 \\\n    --published https://example.nl/mandate-register"
    )]
    Add(Add),
    /// Withdraw a mandate or appointment before its end. What was done under it stays valid.
    #[command(
        after_help = "`datadeal mandate list` shows which there are.\n\nExample:\n  datadeal --as steward mandate withdraw urn:uuid:01a211ee-ea80-7922-b29e-0c5c73062b0f"
    )]
    Withdraw(Withdraw),
    /// List mandates and appointments, and whether each is in force.
    #[command(
        after_help = "Examples:\n  datadeal mandate list\n  datadeal mandate list --owner NL.OIN:00000099000000012000 --json"
    )]
    List(List),
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// Whom, by short name.
    #[arg(value_name = "PERSON")]
    person: Name,
    #[command(flatten)]
    terms: Terms,
}

/// What mandates and appointments have in common.
#[derive(Debug, Args)]
pub(super) struct Terms {
    /// For which dataset; may be given more than once. Left out: all of the owner's.
    #[arg(long = "dataset", value_name = "DATASET")]
    datasets: Vec<String>,
    /// From when; now if left out.
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    from: Option<Time>,
    /// Before when.
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    until: Time,
    /// The owner that gives it; the organisation of the acting person if left out.
    #[arg(long, value_name = "ORG")]
    owner: Option<OrgId>,
    /// In whose name, in English; the competent body of the datasets if left out.
    #[arg(long, value_name = "NAME", requires = "body_nl")]
    body_en: Option<String>,
    /// In whose name, in Dutch.
    #[arg(long, value_name = "NAME", requires = "body_en")]
    body_nl: Option<String>,
    /// Where it is published.
    #[arg(long, value_name = "URL")]
    published: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Withdraw {
    /// Which, by the id of its record.
    #[arg(value_name = "MANDATE")]
    mandate: Urn,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only those that this owner gave.
    #[arg(long, value_name = "ORG")]
    owner: Option<OrgId>,
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    match command {
        Command::Add(args) => give(cli, &args.person, Power::Decide, &args.terms),
        Command::Withdraw(args) => withdraw(cli, args),
        Command::List(args) => list(cli, args),
    }
}

/// Gives one power, for `mandate add` and `person appoint`.
pub(super) fn give(cli: &Cli, person: &Name, power: Power, terms: &Terms) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let owner = terms.owner.clone().unwrap_or_else(|| actor.organisation.clone());
    let (body, datasets) = engine.body_of(&owner, &terms.datasets)?;
    let body = match (&terms.body_en, &terms.body_nl) {
        (Some(en), Some(nl)) => Bilingual { en: en.clone(), nl: nl.clone() },
        _ => body,
    };
    let new = NewMandate {
        body,
        person: person.clone(),
        powers: BTreeSet::from([power]),
        datasets: datasets.into_iter().collect(),
        from: terms.from,
        until: terms.until,
        published: terms.published.clone(),
    };
    let given = engine.give_mandate(&actor, &owner, &new)?;
    let (texts, schema) = (cli.texts(), engine.schema()?);
    let values = [
        ("person", person.as_str().into()),
        ("function", given.mandate.function.as_str().into()),
        ("powers", powers(&texts, &SchemaLabels(&schema), &given).into()),
        ("body", texts.of(&given.mandate.body).into()),
        ("until", texts.until(given.mandate.until).into()),
    ];
    let mut text = texts.get("cli-mandate-given", &values);
    let can_act = engine.actor(person)?.roles.iter().any(|r| matches!(r, Role::Reviewer | Role::OwnerAdmin));
    if !can_act {
        text = format!("{text}\n{}", texts.get("cli-mandate-no-role", &[("person", person.as_str().into())]));
    }
    Reply::new(Exit::Yes, &json!({"mandate": object(&given, engine.now())}), crate::text::wrap(&text))
}

fn withdraw(cli: &Cli, args: &Withdraw) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let given = engine.withdraw_mandate(&cli.actor(&engine)?, &args.mandate)?.wait()?;
    let (texts, schema) = (cli.texts(), engine.schema()?);
    let values = [
        ("person", given.person.as_str().into()),
        ("powers", powers(&texts, &SchemaLabels(&schema), &given).into()),
        ("body", texts.of(&given.mandate.body).into()),
    ];
    let text = crate::text::wrap(&texts.get("cli-mandate-withdrawn", &values));
    Reply::new(Exit::Yes, &json!({"mandate": object(&given, engine.now())}), text)
}

fn list(cli: &Cli, args: &List) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let (found, schema, texts, now) =
        (engine.mandates(args.owner.as_ref())?, engine.schema()?, cli.texts(), engine.now());
    let row = |m: &MandateNow| {
        let state = match m.withdrawn {
            Some(withdrawn) => texts.get("cli-state-withdrawn", &[("date", texts.date(withdrawn.at).into())]),
            None if now < m.mandate.from => {
                texts.get("cli-state-later", &[("date", texts.date(m.mandate.from).into())])
            }
            None if now < m.mandate.until => texts.until(m.mandate.until),
            None => texts.get("cli-state-ended", &[("date", texts.date(m.mandate.until).into())]),
        };
        let datasets: Vec<_> = m.mandate.datasets.iter().map(ToString::to_string).collect();
        let datasets = if datasets.is_empty() { texts.get("cli-all-datasets", &[]) } else { datasets.join(", ") };
        vec![
            m.person.to_string(),
            powers(&texts, &SchemaLabels(&schema), m),
            state,
            texts.of(&m.mandate.body),
            datasets,
            m.record.id.to_string(),
        ]
    };
    let rows: Vec<_> = found.iter().map(row).collect();
    let heads = [
        "cli-head-person",
        "cli-head-powers",
        "cli-head-valid",
        "cli-head-body",
        "cli-head-datasets",
        "cli-head-mandate",
    ];
    let objects: Vec<_> = found.iter().map(|m| object(m, now)).collect();
    Reply::new(Exit::Yes, &json!({"mandates": objects}), table(&texts, &heads, &rows))
}

/// A mandate, and whether something may be done under it now.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    #[serde(flatten)]
    mandate: &'a MandateNow,
    in_force: bool,
}

fn object(mandate: &MandateNow, now: Time) -> Listed<'_> {
    Listed { mandate, in_force: mandate.in_force(now) }
}

/// What a mandate allows, in words.
pub(super) fn powers(texts: &Texts, labels: &SchemaLabels<'_>, given: &MandateNow) -> String {
    let word = |power: &Power| match power {
        Power::Decide => texts.get("cli-power-decide", &[]),
        Power::Approve(name) => texts.get("say-approval-by", &[("label", texts.of(&labels.approval(name)).into())]),
    };
    texts.all_of(&given.mandate.powers.iter().map(word).collect::<Vec<_>>())
}
