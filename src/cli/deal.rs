//! `datadeal deal`: offer, accept, renew, amend, show, list, the steps to a revocation, monitor, bundle.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::{Cli, CliError, Exit, Reply, folder, time};
use crate::engine::{Amendment, DealState, DealStep, DealTold, Engine, EngineError, MonitorReport};
use crate::labels::SchemaLabels;
use crate::model::bundle::Bundle;
use crate::model::record::RecordType;
use crate::model::{OrgId, Time, Urn, json as profile};
use crate::sign::{keyfile, proof};
use crate::text::{Texts, agreement, has_words, wrap};

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
    /// Sign an acceptance that was fetched as a document, with your own key and without a portal.
    #[command(after_help = "Example:\n  datadeal deal sign acceptance.json --key my-key.pem --out signed.json")]
    Sign(Sign),
    /// Offer the deal that follows one which nears its end.
    #[command(after_help = "Example:\n  datadeal --as admin deal renew urn:uuid:...")]
    Renew(One),
    /// Offer a narrower deal in the place of an active one.
    #[command(after_help = "Example:\n  datadeal --as admin deal amend urn:uuid:... --column year --until 2027-06-01")]
    Amend(Amend),
    /// Print the agreement's full words and where the deal stands.
    #[command(after_help = "Example:\n  datadeal --as researcher --lang nl deal show urn:uuid:...")]
    Show(One),
    /// List the deals that you may see.
    #[command(after_help = "Example:\n  datadeal --as researcher deal list")]
    List,
    /// Announce that a deal will be revoked; the reuser can give its view first.
    #[command(
        after_help = "Example:\n  datadeal --as admin deal intend urn:uuid:... --days 14 --reason \"data were passed on\""
    )]
    Intend(Intend),
    /// Drop an announced revocation.
    #[command(after_help = "Example:\n  datadeal --as admin deal drop urn:uuid:... --reason \"the view convinced\"")]
    Drop(WithReason),
    /// Give the reuser's view on an announced revocation.
    #[command(
        after_help = "Example:\n  datadeal --as researcher deal view urn:uuid:... --text \"we keep to the terms\""
    )]
    View(ViewArgs),
    /// Ask about live deals again: with the facts of today and the conditions that reach them.
    #[command(after_help = "Example:\n  datadeal --as operator deal monitor")]
    Monitor(Monitor),
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
    /// Revoke a deal that was announced to be, or withdraw an offer; it ends.
    #[command(
        after_help = "Examples:\n  datadeal --as admin deal revoke urn:uuid:... --reason \"data were passed on\"\n  datadeal --as admin deal revoke urn:uuid:... --danger --reason \"data are for sale\""
    )]
    Revoke(Revoke),
    /// End a deal by notice, for its reuser.
    #[command(
        after_help = "Example:\n  datadeal --as researcher deal end urn:uuid:... --reason \"the research is done\""
    )]
    End(WithReason),
    /// Object to the newest suspension or revocation of a deal, for its reuser.
    #[command(
        after_help = "Example:\n  datadeal --as researcher deal object urn:uuid:... --reason \"the data were not passed on\""
    )]
    Object(WithReason),
    /// Print the letter of the newest suspension, revocation or end of a deal.
    #[command(after_help = "Example:\n  datadeal --as researcher --lang nl deal letter urn:uuid:...")]
    Letter(One),
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
pub(super) struct Sign {
    /// The document, as the portal gave it.
    document: PathBuf,
    /// Your own key file.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where to write the signed acceptance; stdout if left out.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Amend {
    /// The deal's id.
    deal: Urn,
    /// A column that is still given; may be given more than once.
    #[arg(long = "column", value_name = "NAME")]
    columns: Vec<String>,
    /// The new end, before the old one.
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    until: Option<Time>,
}

#[derive(Debug, Args)]
pub(super) struct Intend {
    /// The deal's id.
    deal: Urn,
    /// How many days the reuser has to give its view.
    #[arg(long, default_value_t = 14)]
    days: i64,
    /// Why.
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
pub(super) struct ViewArgs {
    /// The deal's id.
    deal: Urn,
    /// What the reuser says.
    #[arg(long)]
    text: String,
}

#[derive(Debug, Args)]
pub(super) struct Monitor {
    /// Only the deals of this owner.
    #[arg(long, value_name = "ORG")]
    owner: Option<OrgId>,
}

#[derive(Debug, Args)]
pub(super) struct Revoke {
    /// The deal's id.
    deal: Urn,
    /// At once, for danger: it was not announced.
    #[arg(long)]
    danger: bool,
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
    if let Command::Sign(args) = command {
        return sign(cli, args);
    }
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
        Command::Drop(args) => brief(cli, &step(args, DealStep::Drop)?),
        Command::End(args) => brief(cli, &step(args, DealStep::End)?),
        Command::Object(args) => {
            engine.object_to_step(&actor()?, &args.deal, &args.reason)?.wait()?;
            brief(cli, &engine.deal_now(&actor()?, &args.deal)?)
        }
        Command::Letter(args) => {
            let letter = engine.deal_letter(&actor()?, &args.deal, cli.lang)?;
            Reply::new(Exit::Yes, &json!({"letter": letter}), wrap(&letter))
        }
        Command::Revoke(args) => {
            let step = if args.danger { DealStep::RevokeAtOnce } else { DealStep::Revoke };
            brief(cli, &engine.deal_step(&actor()?, &args.deal, step, &args.reason)?.wait()?)
        }
        Command::Intend(args) => {
            let step = DealStep::Intend(args.days);
            brief(cli, &engine.deal_step(&actor()?, &args.deal, step, &args.reason)?.wait()?)
        }
        Command::View(args) => {
            engine.give_view(&actor()?, &args.deal, &args.text)?.wait()?;
            brief(cli, &engine.deal_now(&actor()?, &args.deal)?)
        }
        Command::Renew(args) => brief(cli, &engine.renew(&actor()?, &args.deal)?.wait()?),
        Command::Amend(args) => {
            let columns = Some(args.columns.iter().cloned().collect()).filter(|_| !args.columns.is_empty());
            let change = Amendment { columns, until: args.until };
            brief(cli, &engine.amend(&actor()?, &args.deal, &change)?.wait()?)
        }
        Command::Monitor(args) => monitor(cli, &engine.monitor(&actor()?, args.owner.as_ref())?),
        // it needs no portal
        Command::Sign(args) => sign(cli, args),
        // public, so it needs nobody to ask for it
        Command::StatusList(args) => status_list(cli, &engine, args),
        Command::Bundle(args) => {
            let bundle = engine.bundle(&actor()?, &args.deal, args.with_evidence)?;
            bundled(cli, &engine, &bundle, args.out.as_deref())
        }
    }
}

/// A bundle, on stdout or in a file.
pub(super) fn bundled(cli: &Cli, engine: &Engine, bundle: &Bundle, out: Option<&Path>) -> Result<Reply, CliError> {
    let document = profile::to_value(bundle, "bundle").map_err(EngineError::from)?;
    let Some(out) = out else { return Reply::new(Exit::Yes, &document, format!("{document:#}")) };
    std::fs::write(out, format!("{document:#}\n"))
        .map_err(|e| CliError::input_with_help(out.display(), e, "give a file that can be written"))?;
    let text = Texts::new(cli.lang).get("deal-bundle-written", &[("file", out.display().to_string().into())]);
    let object = json!({"file": out, "records": bundle.log.entries.len()});
    let key = engine.log_key()?;
    Ok(Reply::new(Exit::Yes, &object, text)?.next(format!("datadeal verify {} --log-key '{key}'", out.display())))
}

/// Signs an acceptance as it was given out, at the time that stands in it.
fn sign(cli: &Cli, args: &Sign) -> Result<Reply, CliError> {
    let unread = |e: &dyn std::fmt::Display| CliError::input(args.document.display(), e);
    let bytes = std::fs::read(&args.document).map_err(|e| unread(&e))?;
    let document = profile::parse(&bytes, profile::MAX_BYTES).map_err(|e| unread(&e))?;
    let kind = document.pointer("/type/1").and_then(Value::as_str);
    if kind != Some(RecordType::Acceptance.as_str()) {
        return Err(unread(&"is no acceptance"));
    }
    let at = document.get("validFrom").and_then(Value::as_str).and_then(|t| t.parse::<Time>().ok());
    let at = at.ok_or_else(|| unread(&"has no validFrom"))?;
    let key = keyfile::read(&args.key).map_err(EngineError::from)?;
    let signed = proof::sign(&document, &key, at).map_err(EngineError::from)?.value();
    let Some(out) = &args.out else { return Reply::new(Exit::Yes, &signed, format!("{signed:#}")) };
    folder::save(out, format!("{signed:#}\n").as_bytes())?;
    let text = Texts::new(cli.lang).get("deal-signed", &[("file", out.display().to_string().into())]);
    Reply::new(Exit::Yes, &json!({"file": out}), text)
}

fn monitor(cli: &Cli, report: &MonitorReport) -> Result<Reply, CliError> {
    let texts = Texts::new(cli.lang);
    let mut lines = vec![texts.get("deal-monitored", &[("looked", report.looked.into())])];
    for deal in &report.changed {
        let values = [
            ("number", deal.number.as_str().into()),
            ("reuser", deal.reuser.as_str().into()),
            ("before", deal.before.as_str().into()),
            ("after", deal.after.as_str().into()),
            ("state", deal.state.as_str().into()),
            ("failing", deal.failing.join(", ").into()),
        ];
        lines.push(texts.get("deal-monitored-changed", &values));
    }
    for deal in &report.undecided {
        let values = [("deal", deal.deal.to_string().into()), ("why", deal.why.as_str().into())];
        lines.push(texts.get("deal-monitored-undecided", &values));
    }
    let all = report.changed.is_empty() && report.undecided.is_empty();
    Reply::new(if all { Exit::Yes } else { Exit::Undecided }, report, lines.join("\n"))
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
    if !has_words(&deal.deal.words) {
        let text = format!("{}\n\n{}", line(&texts, deal), texts.get("deal-words-unknown", &[]));
        return Reply::new(exit(deal.state), &json!({"deal": deal}), text);
    }
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
        DealState::Ended => "deal-state-ended",
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
