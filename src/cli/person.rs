//! `datadeal person`: who acts for an organisation, and whom an owner appoints to give approvals.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use serde_json::json;

use super::mandate::{self, Terms};
use super::table::table;
use super::{Cli, CliError, Exit, Reply};
use crate::engine::{NewPerson, PersonNow};
use crate::model::record::Power;
use crate::model::{Name, OrgId};
use crate::rights::Role;
use crate::text::Texts;

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
    /// Show a person.
    #[command(after_help = "Example:\n  datadeal --as operator person show researcher")]
    Show(One),
    /// Give a person other roles than it had, from its next call on.
    #[command(
        after_help = "Who administers an organisation gives roles to its own people, but not operator and auditor.\n\nExample:\n  datadeal --as operator person roles steward --role reviewer"
    )]
    Roles(Roles),
    /// Block a person: from its next call on it may do nothing. What it did stays valid.
    #[command(
        after_help = "Sign-in, sessions and API keys of the person open nothing until it is unblocked. A mandate ends by\n`datadeal mandate withdraw`.\n\nExample:\n  datadeal --as operator person block steward --reason \"left on 30 November\""
    )]
    Block(Block),
    /// End a block: the person may do again what its roles say.
    #[command(after_help = "Example:\n  datadeal --as operator person unblock steward")]
    Unblock(One),
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
pub(super) struct One {
    /// Whom, by short name.
    #[arg(id = "whom", value_name = "PERSON")]
    person: Name,
}

#[derive(Debug, Args)]
pub(super) struct Roles {
    /// Whom, by short name.
    #[arg(id = "whom", value_name = "PERSON")]
    person: Name,
    /// In which role from now on; may be given more than once.
    #[arg(long = "role", value_name = "ROLE", required = true, value_parser = roles())]
    roles: Vec<Role>,
}

#[derive(Debug, Args)]
pub(super) struct Block {
    /// Whom, by short name.
    #[arg(id = "whom", value_name = "PERSON")]
    person: Name,
    /// Why; whoever administers persons reads it.
    #[arg(long, value_name = "TEXT")]
    reason: String,
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
        Command::Show(args) => show(cli, args),
        Command::Roles(args) => set_roles(cli, args),
        Command::Block(args) => block(cli, args),
        Command::Unblock(args) => unblock(cli, args),
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
    let found = engine.persons(&cli.actor(&engine)?, args.org.as_ref())?;
    Reply::new(Exit::Yes, &json!({"persons": found}), listed(&cli.texts(), &found))
}

fn listed(texts: &Texts, persons: &[PersonNow]) -> String {
    let row = |p: &PersonNow| {
        let state = p.blocked.as_ref().map(|b| texts.get("cli-person-state", &[("date", texts.date(b.at).into())]));
        vec![
            p.person.to_string(),
            p.organisation.to_string(),
            p.function.clone(),
            words(&p.roles).join(", "),
            state.unwrap_or_default(),
        ]
    };
    let heads = ["cli-head-person", "cli-head-organisation", "cli-head-function", "cli-head-roles", "cli-head-state"];
    table(texts, &heads, &persons.iter().map(row).collect::<Vec<_>>())
}

fn show(cli: &Cli, args: &One) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let person = engine.person_now(&cli.actor(&engine)?, &args.person)?;
    let texts = cli.texts();
    let mut text = listed(&texts, std::slice::from_ref(&person));
    if let Some(blocked) = &person.blocked {
        let values = [("by", blocked.by.as_str().into()), ("reason", blocked.reason.as_str().into())];
        text = format!("{text}\n{}", texts.get("cli-person-blocked-by", &values));
    }
    Reply::new(Exit::Yes, &json!({"person": person}), text)
}

fn set_roles(cli: &Cli, args: &Roles) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let roles = args.roles.iter().copied().collect();
    engine.set_roles(&actor, &args.person, &roles, None)?.wait()?;
    let values = [("person", args.person.as_str().into()), ("roles", words(&roles).join(", ").into())];
    let object = json!({"person": args.person, "roles": roles});
    Reply::new(Exit::Yes, &object, cli.texts().get("cli-person-roles", &values))
}

fn block(cli: &Cli, args: &Block) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    engine.block(&cli.actor(&engine)?, &args.person, &args.reason, None)?.wait()?;
    let text = crate::text::wrap(&cli.texts().get("cli-person-blocked", &[("person", args.person.as_str().into())]));
    Reply::new(Exit::Yes, &json!({"person": args.person, "blocked": true}), text)
}

fn unblock(cli: &Cli, args: &One) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    engine.unblock(&cli.actor(&engine)?, &args.person, None)?.wait()?;
    let text = cli.texts().get("cli-person-unblocked", &[("person", args.person.as_str().into())]);
    Reply::new(Exit::Yes, &json!({"person": args.person, "blocked": false}), text)
}

fn words(roles: &std::collections::BTreeSet<Role>) -> Vec<&'static str> {
    roles.iter().map(|r| r.as_str()).collect()
}
