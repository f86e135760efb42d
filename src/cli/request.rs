//! `datadeal request`: submit, complete, show, list, withdraw, forward, dismiss, approve, refuse, confirm; its term; an objection.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Cli, CliError, Exit, Reply, deal, facts, folder, time};
use crate::engine::{
    CaseNow, CaseState, Completion, Engine, EngineError, Entered, NewObjection, NewRequest, Pending, Question, TermNow,
};
use crate::labels::SchemaLabels;
use crate::model::record::{Channel, ExtraTerm, ObjectionOutcome};
use crate::model::term::SuspensionKind;
use crate::model::{Day, Time, Urn, json as profile};
use crate::text::{Texts, answer, wrap};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// File a request; it is decided at once where no person is needed.
    #[command(
        after_help = "Examples:\n  datadeal --as researcher request submit --dataset education --facts facts.json\n  datadeal check --dataset education --facts facts.json --out question.json\n  datadeal --as researcher request submit --from question.json"
    )]
    Submit(Submit),
    /// Show where a request stands, and its decision letter once it has ended.
    #[command(after_help = "Example:\n  datadeal --as researcher request show urn:uuid:...")]
    Show(One),
    /// List the requests that you may see, with what they wait for.
    #[command(after_help = "Example:\n  datadeal --as steward request list --lang nl")]
    List,
    /// Withdraw a request; it ends with a decision that says so.
    #[command(
        after_help = "Example:\n  datadeal --as researcher request withdraw urn:uuid:... --reason \"no longer needed\""
    )]
    Withdraw(WithReason),
    /// Give an approval, with a reason.
    #[command(
        after_help = "Example:\n  datadeal --as steward request approve urn:uuid:... --approval ethics --reason \"the plan is sound\""
    )]
    Approve(Approving),
    /// Refuse an approval, with a reason. A mandated person then confirms the refusal.
    #[command(
        after_help = "Example:\n  datadeal --as steward request refuse urn:uuid:... --approval ethics --reason \"no plan\""
    )]
    Refuse(Approval),
    /// Confirm the outcome of a request: a refusal, a partial permit, or a permit that came with later facts.
    #[command(after_help = "Example:\n  datadeal --as admin request confirm urn:uuid:...")]
    Confirm(WithReason),
    /// Complete a request with other facts, another scope or evidence. Approvals that were given count no longer.
    #[command(
        after_help = "Example, with {\"declared\": {\"plan\": \"PLAN-8\"}} in more.json:\n  datadeal --as researcher request complete urn:uuid:... --with more.json"
    )]
    Complete(Complete),
    /// Let the term stand still: ask the applicant for more, or for another reason of the law.
    #[command(
        after_help = "Example:\n  datadeal --as steward request suspend urn:uuid:... --kind completion --until 2026-12-10 \\\n    --reason \"the plan is missing\""
    )]
    Suspend(Suspend),
    /// Let a term that stands still go on.
    #[command(
        after_help = "Example:\n  datadeal --as steward request resume urn:uuid:... --reason \"the view came in\""
    )]
    Resume(MustGiveReason),
    /// Extend the term, once, before it ends.
    #[command(
        after_help = "Example:\n  datadeal --as steward request extend urn:uuid:... --reason \"the committee meets in January\""
    )]
    Extend(MustGiveReason),
    /// Send a request on to the body whose data it is about.
    #[command(after_help = "Example:\n  datadeal --as admin request forward urn:uuid:... --to \"the municipality\"")]
    Forward(Forward),
    /// Take a request no further, because it was not completed in the time given.
    #[command(
        after_help = "Example:\n  datadeal --as admin request dismiss urn:uuid:... --reason \"the plan did not come\""
    )]
    Dismiss(MustGiveReason),
    /// Object to the decision on a request.
    #[command(
        after_help = "Example:\n  datadeal --as researcher request object urn:uuid:... --reason \"there is a plan\""
    )]
    Object(Object),
    /// Write one file with everything that a verifier needs to check the decision, and the deal if there is one.
    #[command(after_help = "Example:\n  datadeal --as researcher request bundle urn:uuid:... --out decision.json")]
    Bundle(BundleArgs),
    /// Decide on an objection, as another person than the one who took the decision.
    #[command(
        after_help = "Example:\n  datadeal --as chief request decide-objection urn:uuid:... --outcome upheld --reason \"it has one\""
    )]
    DecideObjection(DecideObjection),
}

#[derive(Debug, Args)]
pub(super) struct BundleArgs {
    /// The request's id.
    request: Urn,
    /// Put the evidence in as well. It may hold business facts: give it only to those who may see them.
    #[arg(long)]
    with_evidence: bool,
    /// Where to write it; stdout if left out.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Complete {
    /// The request's id.
    request: Urn,
    /// What is new, as JSON with `purpose`, `scope`, `declared`, `evidence` or `declined`; `-` for stdin.
    #[arg(long, value_name = "FILE")]
    with: PathBuf,
    /// When it was received, if that was before now (by post, at a counter).
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    received: Option<Time>,
    /// How it came in, if you enter it for the applicant: post, email, counter or forwarded.
    #[arg(long, value_parser = channel)]
    channel: Option<Channel>,
}

#[derive(Debug, Args)]
pub(super) struct Suspend {
    /// The request's id.
    request: Urn,
    /// Why it stands still: completion, views, agreed, applicant or force-majeure.
    #[arg(long, value_parser = word::<SuspensionKind>)]
    kind: SuspensionKind,
    /// The last day that is given to whoever is asked.
    #[arg(long, value_name = "DAY")]
    until: Option<Day>,
    /// Why; of a question, what is asked.
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
pub(super) struct MustGiveReason {
    /// The request's id.
    request: Urn,
    /// Why.
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
pub(super) struct Forward {
    /// The request's id.
    request: Urn,
    /// The body whose data it is about.
    #[arg(long)]
    to: String,
    /// Why.
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Object {
    /// The request's id.
    request: Urn,
    /// Why.
    #[arg(long)]
    reason: String,
    /// When it was received, if that was before now (by post, at a counter).
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    received: Option<Time>,
    /// How it came in, if you enter it for the applicant: post, email, counter or forwarded.
    #[arg(long, value_parser = channel)]
    channel: Option<Channel>,
}

#[derive(Debug, Args)]
pub(super) struct DecideObjection {
    /// The request's id.
    request: Urn,
    /// How it ends: upheld, rejected or inadmissible.
    #[arg(long, value_parser = word::<ObjectionOutcome>)]
    outcome: ObjectionOutcome,
    /// Why.
    #[arg(long)]
    reason: String,
}

/// A word of a closed list.
fn word<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(Value::from(text)).map_err(|e| e.to_string())
}

#[derive(Debug, Args)]
pub(super) struct Submit {
    /// The dataset, by short name or IRI.
    #[arg(long, required_unless_present = "from")]
    dataset: Option<String>,
    /// What you say of yourself and of your question; `-` for stdin.
    #[arg(long, value_name = "FILE", required_unless_present = "from", conflicts_with = "from")]
    facts: Option<PathBuf>,
    /// A question kept by `check --out`.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// When it was received, if that was before now (by post, at a counter).
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    received: Option<Time>,
    /// How it came in, if you enter it for the applicant: post, email, counter or forwarded.
    #[arg(long, value_parser = channel)]
    channel: Option<Channel>,
}

#[derive(Debug, Args)]
pub(super) struct One {
    /// The request's id.
    request: Urn,
}

#[derive(Debug, Args)]
pub(super) struct WithReason {
    /// The request's id.
    request: Urn,
    /// Why.
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Approving {
    #[command(flatten)]
    approval: Approval,
    /// Terms beside those of the conditions, as a JSON list of `{"clause": {"en", "nl"}, "reason", "legalBasis"}`; `-` for stdin.
    #[arg(long, value_name = "FILE")]
    terms: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Approval {
    /// The request's id.
    request: Urn,
    /// Which approval: a word of the schema, for instance `ethics`.
    #[arg(long)]
    approval: String,
    /// Why.
    #[arg(long)]
    reason: String,
}

fn channel(text: &str) -> Result<Channel, String> {
    serde_json::from_value(Value::from(text))
        .map_err(|_| format!("`{text}` is none of: cli, web, api, post, email, counter, forwarded"))
}

/// What `check --out` keeps.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    dataset: String,
    question: Question,
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let term = |id: &Urn, moved: Result<Pending<TermNow>, EngineError>| {
        moved?.wait()?;
        told(cli, &engine, &engine.case_now(&actor, id)?, false)
    };
    match command {
        Command::Submit(args) => {
            let new = args.read()?;
            told(cli, &engine, &engine.submit(&actor, &new)?.wait()?, true)
        }
        Command::Show(args) => told(cli, &engine, &engine.case_now(&actor, &args.request)?, false),
        Command::List => list(cli, &engine, &engine.cases(&actor)?),
        Command::Withdraw(args) => {
            told(cli, &engine, &engine.withdraw(&actor, &args.request, args.reason.as_deref())?.wait()?, false)
        }
        Command::Approve(Approving { approval: args, terms }) => {
            let terms: Vec<ExtraTerm> = match terms {
                Some(file) => profile::read(folder::text(file, profile::MAX_BYTES)?.as_bytes(), "terms")
                    .map_err(|e| CliError::new(Exit::Input, e))?,
                None => Vec::new(),
            };
            let given = engine.approve_under(&actor, &args.request, &args.approval, &args.reason, &terms)?;
            told(cli, &engine, &given.wait()?, false)
        }
        Command::Refuse(args) => told(
            cli,
            &engine,
            &engine.approve(&actor, &args.request, &args.approval, false, &args.reason)?.wait()?,
            false,
        ),
        Command::Confirm(args) => {
            told(cli, &engine, &engine.confirm(&actor, &args.request, args.reason.as_deref())?.wait()?, false)
        }
        Command::Complete(args) => {
            let text = folder::text(&args.with, profile::MAX_BYTES)?;
            let more: Completion =
                profile::read(text.as_bytes(), "completion").map_err(|e| CliError::new(Exit::Input, e))?;
            let entered = Entered { received_at: args.received, channel: args.channel };
            told(cli, &engine, &engine.complete(&actor, &args.request, &more, entered)?.wait()?, false)
        }
        Command::Suspend(args) => {
            let moved = engine.suspend_term(&actor, &args.request, args.kind, args.until, &args.reason);
            term(&args.request, moved)
        }
        Command::Resume(args) => term(&args.request, engine.resume_term(&actor, &args.request, &args.reason)),
        Command::Extend(args) => term(&args.request, engine.extend_term(&actor, &args.request, &args.reason)),
        Command::Forward(args) => {
            let ended = engine.forward_request(&actor, &args.request, &args.to, args.reason.as_deref())?;
            told(cli, &engine, &ended.wait()?, false)
        }
        Command::Dismiss(args) => {
            told(cli, &engine, &engine.not_considered(&actor, &args.request, &args.reason)?.wait()?, false)
        }
        Command::Object(args) => {
            let entered = Entered { received_at: args.received, channel: args.channel };
            let new = NewObjection { reasons: args.reason.clone(), entered };
            told(cli, &engine, &engine.object(&actor, &args.request, &new)?.wait()?, false)
        }
        Command::Bundle(args) => {
            let bundle = engine.bundle_of_request(&actor, &args.request, args.with_evidence)?;
            deal::bundled(cli, &engine, &bundle, args.out.as_deref())
        }
        Command::DecideObjection(args) => {
            let decided = engine.decide_objection(&actor, &args.request, args.outcome, &args.reason)?;
            told(cli, &engine, &decided.wait()?, false)
        }
    }
}

impl Submit {
    fn read(&self) -> Result<NewRequest, CliError> {
        let (dataset, question) = match (&self.from, &self.dataset, &self.facts) {
            (Some(from), dataset, _) => {
                let text = folder::text(from, profile::MAX_BYTES)?;
                let kept: Kept = profile::read(text.as_bytes(), "question kept by check")
                    .map_err(|e| CliError::new(Exit::Input, e))?;
                (dataset.clone().unwrap_or(kept.dataset), kept.question)
            }
            (None, Some(dataset), Some(facts)) => (dataset.clone(), facts::question(facts)?),
            _ => {
                return Err(CliError::with_help(
                    Exit::Usage,
                    "nothing to submit",
                    "give --dataset and --facts, or --from",
                ));
            }
        };
        let entered = Entered { received_at: self.received, channel: self.channel };
        Ok(NewRequest { dataset, question, sets: None, entered })
    }
}

/// Where a request stands, with the next step as a command.
fn told(cli: &Cli, engine: &Engine, case: &CaseNow, new: bool) -> Result<Reply, CliError> {
    let schema = engine.schema()?;
    let labels = SchemaLabels(&schema);
    let texts = Texts::new(cli.lang);
    let mut parts =
        vec![texts.get(
            "request-is",
            &[("id", case.id.to_string().into()), ("state", state_words(&texts, case.state).into())],
        )];
    let actor = cli.actor(engine)?;
    if new {
        parts.push(wrap(&engine.receipt(&actor, &case.id, cli.lang)?));
    }
    if let (None, Some(decision)) = (&case.decision, &case.answer) {
        let (_, input) = engine.judged_input(&case.id)?;
        parts.push(answer(&texts, &labels, decision, &input));
    }
    if let Some(fault) = &case.fault {
        parts.push(wrap(fault));
    }
    if case.decision.is_some() {
        parts.push(wrap(&engine.letter(&actor, &case.id, cli.lang)?));
    }
    let id = case.id;
    let reply = Reply::new(exit(case.state), &json!({"request": case}), parts.join("\n\n"))?;
    Ok(match case.state {
        CaseState::Granted | CaseState::PartlyGranted => match case.deal {
            Some(deal) => reply.next(format!("datadeal --as PERSON deal show {deal}")),
            None => reply.next(format!("datadeal --as PERSON deal offer {id}")),
        },
        CaseState::Review => {
            reply.next(format!("datadeal --as PERSON request approve {id} --approval NAME --reason \"...\""))
        }
        CaseState::Draft | CaseState::Ready => reply.next(format!("datadeal --as PERSON request confirm {id}")),
        CaseState::Incomplete => {
            reply.next(format!("datadeal --as PERSON evidence add FILE, then: datadeal --as PERSON request show {id}"))
        }
        CaseState::Refused | CaseState::NoGround => {
            reply.next(format!("datadeal dataset show {}", case.dataset.dataset.slug))
        }
        CaseState::Withdrawn | CaseState::NotConsidered | CaseState::Forwarded | CaseState::Fault => reply,
    })
}

fn list(cli: &Cli, engine: &Engine, cases: &[CaseNow]) -> Result<Reply, CliError> {
    let texts = Texts::new(cli.lang);
    let _ = engine;
    let line = |case: &CaseNow| {
        let title = texts.of(&case.dataset.dataset.title);
        format!(
            "{}  {:<14}  {}  {}  {}",
            case.id,
            state_words(&texts, case.state),
            case.term.last_day,
            case.request.applicant_name,
            title
        )
    };
    let text = if cases.is_empty() {
        texts.get("request-none", &[])
    } else {
        cases.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    Reply::new(Exit::Yes, &json!({"requests": cases}), text)
}

/// The state in words.
pub(super) fn state_words(texts: &Texts, state: CaseState) -> String {
    let key = match state {
        CaseState::Incomplete => "request-state-incomplete",
        CaseState::Fault => "request-state-fault",
        CaseState::Review => "request-state-review",
        CaseState::Draft => "request-state-draft",
        CaseState::Ready => "request-state-ready",
        CaseState::Granted => "request-state-granted",
        CaseState::PartlyGranted => "request-state-partly-granted",
        CaseState::Refused => "request-state-refused",
        CaseState::NoGround => "request-state-no-ground",
        CaseState::Withdrawn => "request-state-withdrawn",
        CaseState::NotConsidered => "request-state-not-considered",
        CaseState::Forwarded => "request-state-forwarded",
    };
    texts.get(key, &[])
}

fn exit(state: CaseState) -> Exit {
    match state {
        CaseState::Granted | CaseState::PartlyGranted | CaseState::Withdrawn | CaseState::Forwarded => Exit::Yes,
        CaseState::Incomplete | CaseState::Review | CaseState::Draft | CaseState::Ready => Exit::Undecided,
        CaseState::Refused | CaseState::NoGround | CaseState::NotConsidered => Exit::No,
        CaseState::Fault => Exit::Evaluation,
    }
}
