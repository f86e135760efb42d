//! `datadeal person`: who acts for an organisation, and whom an owner appoints to give approvals.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use serde_json::json;

use super::mandate::{self, Terms};
use super::table::table;
use super::{Cli, CliError, Exit, Reply};
use crate::engine::NewPerson;
use crate::model::record::Power;
use crate::model::{Name, OrgId};
use crate::rights::Role;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add a person who acts for an organisation.
    #[command(
        after_help = "Examples:\n  datadeal --as operator person add researcher --org NL.KVK:69599084 --name \"the researcher\" \\\n    --function researcher --role requester\n  datadeal --as operator person add steward --org NL.OIN:00000099000000012000 --name \"NAME\" \\\n    --function \"data steward\" --role reviewer --role owner-admin"
    )]
    Add(Add),
    /// Appoint a person, of the owner or outside it, to give or refuse one approval.
    #[command(
        after_help = "`datadeal schema show` lists the approvals.\n\nExamples:\n  datadeal --as steward person appoint bakker --approval ethics --until 2028-01-01\n  datadeal --as steward person appoint bakker --approval data-steward --dataset education \\\n    --until 2028-01-01"
    )]
    Appoint(Appoint),
    /// Say as whom a person is known to a sign-in provider.
    Link(Link),
    /// State on what authority a person binds its organisation: only such a person accepts deals.
    #[command(
        after_help = "Example:\n  datadeal --as operator person authorise researcher --authority \"director, extract of 2026-11-20\""
    )]
    Authorise(Authorise),
    /// List every person with organisation, function and roles.
    #[command(
        after_help = "Examples:\n  datadeal --as operator person list\n  datadeal --as operator person list --org NL.KVK:69599084 --json"
    )]
    List(List),
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// Short name for typing: small letters, digits and hyphens.
    #[arg(value_name = "PERSON")]
    person: Name,
    /// For whom.
    #[arg(long, value_name = "ORG")]
    org: OrgId,
    /// Full name; it stands in no signed record, only in a document that can be erased.
    #[arg(long)]
    name: String,
    /// Function, as records will name it.
    #[arg(long)]
    function: String,
    /// In which role; may be given more than once.
    #[arg(long = "role", value_name = "ROLE", required = true, value_parser = roles())]
    roles: Vec<Role>,
}

#[derive(Debug, Args)]
pub(super) struct Appoint {
    /// Whom, by short name.
    #[arg(value_name = "PERSON")]
    person: Name,
    /// Which approval.
    #[arg(long, value_name = "NAME")]
    approval: String,
    #[command(flatten)]
    terms: Terms,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  datadeal --as operator person link clerk --issuer https://idp.example --subject 248289761001"
)]
pub(super) struct Link {
    /// Short name.
    #[arg(id = "linked", value_name = "PERSON")]
    person: Name,
    /// The provider.
    #[arg(long, value_name = "URL")]
    issuer: String,
    /// The person's id there.
    #[arg(long, value_name = "ID")]
    subject: String,
}

#[derive(Debug, Args)]
pub(super) struct Authorise {
    /// Whom, by short name.
    #[arg(value_name = "PERSON")]
    person: Name,
    /// The register entry or the mandate on which it rests; acceptances name it.
    #[arg(long, value_name = "TEXT")]
    authority: String,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only of this organisation.
    #[arg(long, value_name = "ORG")]
    org: Option<OrgId>,
}

/// The roles, but `operator` for the first person is given by `init`.
pub(super) fn roles() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.iter().map(|r| r.as_str())).try_map(|r| r.parse::<Role>())
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    match command {
        Command::Add(args) => add(cli, args),
        Command::Appoint(args) => mandate::give(cli, &args.person, Power::Approve(args.approval.clone()), &args.terms),
        Command::Link(args) => link(cli, args),
        Command::Authorise(args) => authorise(cli, args),
        Command::List(args) => list(cli, args),
    }
}

fn add(cli: &Cli, args: &Add) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let new = NewPerson {
        person: args.person.clone(),
        organisation: args.org.clone(),
        name: args.name.clone(),
        function: args.function.clone(),
        roles: args.roles.iter().copied().collect(),
    };
    engine.add_person(&cli.actor(&engine)?, &new)?;
    let values = [
        ("person", args.person.as_str().into()),
        ("organisation", args.org.as_str().into()),
        ("roles", words(&new.roles).join(", ").into()),
    ];
    let text = cli.texts().get("cli-person-added", &values);
    let object = json!({"person": {"person": args.person, "organisation": args.org, "function": args.function, "roles": new.roles}});
    Reply::new(Exit::Yes, &object, text)
}

fn link(cli: &Cli, args: &Link) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let Link { person, issuer, subject } = args;
    engine.link_identity(&cli.actor(&engine)?, person, issuer, subject)?;
    let values = [("person", person.as_str().into()), ("issuer", issuer.as_str().into())];
    let object = json!({"person": person, "issuer": issuer, "subject": subject});
    Reply::new(Exit::Yes, &object, cli.texts().get("cli-person-linked", &values))
}

fn authorise(cli: &Cli, args: &Authorise) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    engine.authorise(&cli.actor(&engine)?, &args.person, &args.authority)?;
    let values = [("person", args.person.as_str().into()), ("authority", args.authority.as_str().into())];
    let object = json!({"person": args.person, "binds": args.authority});
    Reply::new(Exit::Yes, &object, cli.texts().get("cli-person-authorised", &values))
}

fn list(cli: &Cli, args: &List) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let mut found = engine.persons(&cli.actor(&engine)?)?;
    found.retain(|p| args.org.as_ref().is_none_or(|o| p.organisation == *o));
    let rows: Vec<_> = found
        .iter()
        .map(|p| vec![p.person.to_string(), p.organisation.to_string(), p.function.clone(), words(&p.roles).join(", ")])
        .collect();
    let heads = ["cli-head-person", "cli-head-organisation", "cli-head-function", "cli-head-roles"];
    let persons: Vec<_> = found
        .iter()
        .map(|p| json!({"person": p.person, "organisation": p.organisation, "function": p.function, "roles": p.roles, "binds": p.binds}))
        .collect();
    Reply::new(Exit::Yes, &json!({"persons": persons}), table(&cli.texts(), &heads, &rows))
}

fn words(roles: &std::collections::BTreeSet<Role>) -> Vec<&'static str> {
    roles.iter().map(|r| r.as_str()).collect()
}
