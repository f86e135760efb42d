//! `datadeal deal`: offer, accept, show, list, suspend, resume, revoke, bundle.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::{Cli, CliError, Exit, Reply, folder};
use crate::engine::{DealState, DealStep, DealTold, Engine, EngineError};
use crate::labels::SchemaLabels;
use crate::model::{OrgId, Urn, json as profile};
use crate::sign::keyfile;
use crate::text::{Texts, agreement, wrap};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Offer a deal on a granted request, signed for the owner.
    #[command(after_help = "Example:\n  datadeal --as admin deal offer urn:uuid:...")]
    Offer(OfRequest),
    /// Accept a deal as offered, with the key that the service keeps for you or with your own.
    #[command(
        after_help = "Examples:\n  datadeal --as researcher deal accept urn:uuid:...\n  datadeal --as researcher deal accept urn:uuid:... --key my-key.pem"
    )]
    Accept(Accept),
    /// Print the agreement's full words and where the deal stands.
    #[command(after_help = "Example:\n  datadeal --as researcher --lang nl deal show urn:uuid:...")]
    Show(One),
    /// List the deals that you may see.
    #[command(after_help = "Example:\n  datadeal --as researcher deal list")]
    List,
    /// Suspend a deal; it stands still until it is resumed.
    #[command(
        after_help = "Example:\n  datadeal --as admin deal suspend urn:uuid:... --reason \"an incident is examined\""
    )]
    Suspend(WithReason),
    /// Let a suspended deal go on.
    #[command(
        after_help = "Example:\n  datadeal --as admin deal resume urn:uuid:... --reason \"the incident is closed\""
    )]
    Resume(WithReason),
    /// Revoke a deal; it ends.
    #[command(after_help = "Example:\n  datadeal --as admin deal revoke urn:uuid:... --reason \"data were passed on\"")]
    Revoke(WithReason),
    /// Write everything that a verifier needs into one file.
    #[command(
        after_help = "Examples:\n  datadeal --as researcher deal bundle urn:uuid:... --out deal.json\n  datadeal --as researcher deal bundle urn:uuid:... | datadeal verify - --log-key KEY"
    )]
    Bundle(BundleArgs),
    /// The signed lists of revoked and suspended deals of an owner, to be served for a week.
    #[command(after_help = "Example:\n  datadeal deal status-list --owner NL.OIN:... --out status.json")]
    StatusList(StatusListArgs),
}

#[derive(Debug, Args)]
pub(super) struct OfRequest {
    /// The request's id.
    request: Urn,
}

#[derive(Debug, Args)]
pub(super) struct One {
    /// The deal's id.
    deal: Urn,
}

#[derive(Debug, Args)]
pub(super) struct Accept {
    /// The deal's id.
    deal: Urn,
    /// Your own key file, where the service keeps none for you.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct WithReason {
    /// The deal's id.
    deal: Urn,
    /// Why.
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
pub(super) struct BundleArgs {
    /// The deal's id.
    deal: Urn,
    /// Put the evidence in as well. It may hold business facts: give it only to those who may see them.
    #[arg(long)]
    with_evidence: bool,
    /// Where to write it; stdout if left out.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct StatusListArgs {
    /// Whose deals.
    #[arg(long)]
    owner: OrgId,
    /// Where to write them; stdout if left out.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = || cli.actor(&engine);
    let step = |args: &WithReason, step| -> Result<DealTold, CliError> {
        Ok(engine.deal_step(&actor()?, &args.deal, step, &args.reason)?.wait()?)
    };
    match command {
        Command::Offer(args) => brief(cli, &engine.offer(&actor()?, &args.request)?.wait()?),
        Command::Accept(args) => {
            let key = args.key.as_ref().map(|path| keyfile::read(path)).transpose().map_err(EngineError::from)?;
            brief(cli, &engine.accept(&actor()?, &args.deal, key.as_ref())?.wait()?)
        }
        Command::Show(args) => show(cli, &engine, &engine.deal_now(&actor()?, &args.deal)?),
        Command::List => list(cli, &engine.deals(&actor()?)?),
        Command::Suspend(args) => brief(cli, &step(args, DealStep::Suspend)?),
        Command::Resume(args) => brief(cli, &step(args, DealStep::Resume)?),
        Command::Revoke(args) => brief(cli, &step(args, DealStep::Revoke)?),
        // public, so it needs nobody to ask for it
        Command::StatusList(args) => status_list(cli, &engine, args),
        Command::Bundle(args) => {
            let bundle = engine.bundle(&actor()?, &args.deal, args.with_evidence)?;
            let document = profile::to_value(&bundle, "bundle").map_err(EngineError::from)?;
            match &args.out {
                None => Reply::new(Exit::Yes, &document, format!("{document:#}")),
                Some(out) => {
                    std::fs::write(out, format!("{document:#}\n"))
                        .map_err(|e| CliError::input_with_help(out.display(), e, "give a file that can be written"))?;
                    let text =
                        Texts::new(cli.lang).get("deal-bundle-written", &[("file", out.display().to_string().into())]);
                    let object = json!({"file": out, "records": bundle.log.entries.len()});
                    let key = engine.log_key()?;
                    Ok(Reply::new(Exit::Yes, &object, text)?
                        .next(format!("datadeal verify {} --log-key '{key}'", out.display())))
                }
            }
        }
    }
}

fn status_list(cli: &Cli, engine: &Engine, args: &StatusListArgs) -> Result<Reply, CliError> {
    let lists = engine.status_lists(&args.owner)?;
    let object: Map<String, Value> = lists.into_iter().map(|(p, list)| (p.as_str().to_owned(), list)).collect();
    let object = Value::Object(object);
    let Some(out) = &args.out else { return Reply::new(Exit::Yes, &object, format!("{object:#}")) };
    folder::save(out, format!("{object:#}\n").as_bytes())?;
    let text = Texts::new(cli.lang).get("deal-status-written", &[("file", out.display().to_string().into())]);
    Reply::new(Exit::Yes, &object, text)
}

fn brief(cli: &Cli, deal: &DealTold) -> Result<Reply, CliError> {
    let texts = Texts::new(cli.lang);
    let reply = Reply::new(exit(deal.state), &json!({"deal": deal}), line(&texts, deal))?;
    Ok(match deal.state {
        DealState::Offered => reply.next(format!("datadeal --as PERSON deal accept {}", deal.id)),
        DealState::Active => reply.next(format!("datadeal --as PERSON deal bundle {} --out deal.json", deal.id)),
        _ => reply,
    })
}

fn show(cli: &Cli, engine: &Engine, deal: &DealTold) -> Result<Reply, CliError> {
    let texts = Texts::new(cli.lang);
    let schema = engine.schema()?;
    let words = agreement(&texts, &SchemaLabels(&schema), &deal.deal);
    let text = format!("{}\n\n{}", line(&texts, deal), wrap(&words.text));
    let object = json!({"deal": deal, "words": words.text});
    let reply = Reply::new(exit(deal.state), &object, text)?;
    Ok(if deal.state == DealState::Offered {
        reply.next(format!("datadeal --as PERSON deal accept {}", deal.id))
    } else {
        reply
    })
}

fn list(cli: &Cli, deals: &[DealTold]) -> Result<Reply, CliError> {
    let texts = Texts::new(cli.lang);
    let lines: Vec<_> = deals.iter().map(|d| line(&texts, d)).collect();
    let text = if lines.is_empty() { texts.get("deal-none", &[]) } else { lines.join("\n") };
    Reply::new(Exit::Yes, &json!({"deals": deals}), text)
}

fn line(texts: &Texts, deal: &DealTold) -> String {
    let key = match deal.state {
        DealState::Offered => "deal-state-offered",
        DealState::Lapsed => "deal-state-lapsed",
        DealState::Upcoming => "deal-state-upcoming",
        DealState::Active => "deal-state-active",
        DealState::Suspended => "deal-state-suspended",
        DealState::Revoked => "deal-state-revoked",
        DealState::Superseded => "deal-state-superseded",
        DealState::Expired => "deal-state-expired",
    };
    let until = texts.date(if deal.state == DealState::Offered { deal.deal.offer_until } else { deal.deal.term.until });
    texts.get(
        "deal-is",
        &[
            ("id", deal.id.to_string().into()),
            ("number", deal.deal.number.clone().into()),
            ("title", texts.of(&deal.deal.title).into()),
            ("state", texts.get(key, &[]).into()),
            ("until", until.into()),
        ],
    )
}

fn exit(state: DealState) -> Exit {
    match state {
        state if state.lives() => Exit::Yes,
        _ => Exit::No,
    }
}
