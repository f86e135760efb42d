//! The command line: one subcommand, one file. A command parses its words, makes one engine call, and returns a [`Reply`];
//! `output` is the only place that prints.

mod access;
mod api_key;
mod audit;
mod backup;
mod check;
mod completions;
mod conditions;
mod contact;
mod dataset;
mod datasets;
mod deal;
mod demo;
mod eligible;
mod error;
mod evidence;
mod facts;
mod folder;
mod init;
mod key;
mod log;
mod man;
mod mandate;
mod open;
mod org;
mod outbox;
mod output;
mod person;
mod progress;
mod recipients;
mod request;
mod restore;
mod schema;
mod serve;
mod table;
mod time;
mod trust;
mod verify;
mod witness;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use error::CliError;
pub use facts::read as read_facts;
pub use output::{Exit, Reply};

use crate::model::Name;
use crate::model::condition::Lang;

/// Reuse conditions that a machine can check, an explained answer, and a signed data deal that anyone can verify offline.
#[derive(Debug, Parser)]
#[command(name = "datadeal", version, arg_required_else_help = true, max_term_width = 110)]
#[command(
    after_help = "Exit codes: 0 yes (permit, valid) · 1 no (deny, no ground, invalid, failed test, forbidden, conflict) · 2 usage · \
3 undecided (review, incomplete, not everything given) · 4 unreadable or malformed input · 5 storage · \
6 store, head or log contradict themselves · 7 evaluation fault"
)]
pub struct Cli {
    /// Where everything is kept.
    #[arg(long, global = true, env = "DATADEAL_DATA", default_value = "./datadeal-data", value_name = "DIR")]
    pub data: PathBuf,
    /// Answer with one JSON object.
    #[arg(long, global = true)]
    pub json: bool,
    /// Language of answers.
    #[arg(long, global = true, env = "DATADEAL_LANG", default_value = "en", value_parser = lang)]
    pub lang: Lang,
    /// The person who acts, by short name.
    #[arg(id = "acting-person", long = "as", global = true, env = "DATADEAL_AS", value_name = "PERSON", value_parser = name)]
    pub person: Option<Name>,
    #[command(subcommand)]
    command: Command,
}

fn name(text: &str) -> Result<Name, String> {
    text.parse::<Name>().map_err(|e| e.to_string())
}

fn lang(text: &str) -> Result<Lang, String> {
    match text {
        "nl" => Ok(Lang::Nl),
        "en" => Ok(Lang::En),
        other => Err(format!("`{other}` is not a language of this program: write nl or en")),
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// See it work: six stories about real datasets, performed in a temporary folder.
    Demo(demo::Demo),
    /// Start the request service, for as long as the program runs.
    Serve(serve::Serve),
    /// Make a portal, and print the log key that verifiers need.
    Init(init::Init),
    /// Where organisations and their persons are reached by mail.
    #[command(subcommand)]
    Contact(contact::Command),
    /// Messages that wait to be sent, and those that were given up.
    #[command(subcommand)]
    Outbox(outbox::Command),
    /// Organisations: owners and reusers.
    #[command(subcommand)]
    Org(org::Command),
    /// Persons who act for an organisation.
    #[command(subcommand)]
    Person(person::Command),
    /// Credentials of machines that use the service.
    #[command(subcommand)]
    ApiKey(api_key::Command),
    /// Keys of organisations.
    #[command(subcommand)]
    Key(key::Command),
    /// Who decides in whose name.
    #[command(subcommand)]
    Mandate(mandate::Command),
    /// Whose evidence counts for which fact.
    #[command(subcommand)]
    Trust(trust::Command),
    /// Documents that make a fact verified.
    #[command(subcommand)]
    Evidence(evidence::Command),
    /// Facts, purposes, approvals and themes.
    #[command(subcommand)]
    Schema(schema::Command),
    /// Datasets with their owners, columns and alternatives.
    #[command(subcommand)]
    Dataset(dataset::Command),
    /// Check, test, publish and show reuse conditions.
    #[command(subcommand)]
    Conditions(conditions::Command),
    /// A file to fill in, with every fact that the conditions of a dataset read.
    #[command(subcommand)]
    Facts(facts::Command),
    /// May I use this, for this, and if not: what is missing? Nothing is stored.
    Check(check::Check),
    /// What may I use? All datasets: now, after what is missing, or not. Nothing is stored.
    Eligible(eligible::Eligible),
    /// File, judge and end requests.
    #[command(subcommand)]
    Request(request::Command),
    /// Offer, accept, suspend and revoke deals, and bundle them for verification.
    #[command(subcommand)]
    Deal(deal::Command),
    /// Who received what of a dataset, for its controller.
    Recipients(recipients::Recipients),
    /// The public register of decisions and deals.
    Register(recipients::Register),
    /// Verify a bundle offline: signatures, inclusion, keys, mandates, replay.
    Verify(verify::Verify),
    /// Decide again from the recorded input, and compare.
    Replay(audit::ReplayArgs),
    /// Read the whole log and every record again, verify and replay.
    Audit(audit::AuditArgs),
    /// Erase input and evidence of a closed case; it is logged.
    Erase(audit::EraseArgs),
    /// Completions for a shell.
    Completions(completions::Completions),
    /// Manual pages.
    Man(man::Man),
    /// Data servers, the access log, and the key of access tokens.
    #[command(subcommand)]
    Access(access::Command),
    /// Checkpoints, proofs, cosignatures and export of the log; giving up a log.
    #[command(subcommand)]
    Log(log::Command),
    /// Cosign the checkpoints of logs, independent of their operators.
    #[command(subcommand)]
    Witness(witness::Command),
    /// Copy the database while the portal runs. Private keys are not in the copy.
    Backup(backup::Backup),
    /// Put a backup into a data directory without a database.
    Restore(restore::Restore),
}

/// Runs the program with its words; the first is the program's name.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) => return output::usage(&error),
    };
    let reply = match &cli.command {
        Command::Demo(args) => demo::run(&cli, args),
        Command::Serve(args) => return serve::run(&cli, args),
        Command::ApiKey(command) => api_key::run(&cli, command),
        Command::Request(command) => request::run(&cli, command),
        Command::Deal(command) => deal::run(&cli, command),
        Command::Recipients(args) => recipients::recipients(&cli, args),
        Command::Register(args) => recipients::register(&cli, args),
        Command::Verify(args) => verify::run(&cli, args),
        Command::Replay(args) => audit::replay(&cli, args),
        Command::Audit(args) => audit::audit(&cli, args),
        Command::Erase(args) => audit::erase(&cli, args),
        Command::Init(args) => init::run(&cli, args),
        Command::Contact(command) => contact::run(&cli, command),
        Command::Outbox(command) => outbox::run(&cli, command),
        Command::Org(command) => org::run(&cli, command),
        Command::Person(command) => person::run(&cli, command),
        Command::Key(command) => key::run(&cli, command),
        Command::Mandate(command) => mandate::run(&cli, command),
        Command::Trust(command) => trust::run(&cli, command),
        Command::Evidence(command) => evidence::run(&cli, command),
        Command::Schema(command) => schema::run(&cli, command),
        Command::Dataset(command) => dataset::run(&cli, command),
        Command::Facts(command) => facts::run(&cli, command),
        Command::Check(args) => check::run(&cli, args),
        Command::Eligible(args) => eligible::run(&cli, args),
        Command::Conditions(command) => conditions::run(&cli, command),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(&cli, args),
        Command::Access(command) => access::run(&cli, command),
        Command::Log(command) => log::run(&cli, command),
        Command::Witness(command) => witness::run(&cli, command),
        Command::Backup(args) => backup::run(&cli, args),
        Command::Restore(args) => restore::run(&cli, args),
    };
    output::print(&cli, reply)
}
