//! `datadeal contact`: where organisations and their persons are reached by mail.

use clap::{Args, Subcommand};
use serde_json::json;

use super::table::table;
use super::{Cli, CliError, Exit, Reply};
use crate::engine::Contact;
use crate::model::condition::Lang;
use crate::model::{Name, OrgId};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Set where an organisation, or a person of it, is reached; the address before is erased.
    #[command(
        after_help = "Examples:\n  datadeal --as operator contact set desk@example.nl --org NL.KVK:69599084\n  datadeal --as admin contact set me@example.nl --org NL.KVK:69599084 --person clerk --language en"
    )]
    Set(Set),
    /// List where an organisation and its persons are reached.
    #[command(after_help = "Example:\n  datadeal --as operator contact list --org NL.KVK:69599084")]
    List(List),
    /// Erase where an organisation, or a person of it, is reached.
    #[command(
        after_help = "Examples:\n  datadeal --as operator contact erase --org NL.KVK:69599084\n  datadeal --as admin contact erase --org NL.KVK:69599084 --person researcher"
    )]
    Erase(Erase),
}

#[derive(Debug, Args)]
pub(super) struct Set {
    /// The address, without a name.
    #[arg(value_name = "ADDRESS")]
    mail: String,
    #[command(flatten)]
    whose: Erase,
    /// In which language to write: nl or en.
    #[arg(long, value_name = "LANG", default_value = "nl", value_parser = super::lang)]
    language: Lang,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Which organisation.
    #[arg(long, value_name = "ORG")]
    org: OrgId,
}

#[derive(Debug, Args)]
pub(super) struct Erase {
    /// Which organisation.
    #[arg(long, value_name = "ORG")]
    org: OrgId,
    /// Which person of it; none: the organisation as a whole.
    #[arg(long = "person", id = "contact-person", value_name = "PERSON")]
    person: Option<Name>,
}

pub(super) fn run(cli: &Cli, command: &Command) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let texts = cli.texts();
    match command {
        Command::Set(Set { mail, whose: Erase { org, person }, language }) => {
            let (organisation, person) = (org.clone(), person.clone());
            let contact = Contact { organisation, person, mail: mail.clone(), language: *language };
            engine.set_contact(&actor, &contact)?.wait()?;
            let text = texts.get("cli-contact-set", &[("mail", mail.as_str().into())]);
            Reply::new(Exit::Yes, &json!({"contact": contact}), text)
        }
        Command::List(List { org }) => {
            let found = engine.contacts(&actor, org)?;
            let row = |c: &Contact| {
                let person = c.person.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
                let language = if c.language == Lang::Nl { "nl" } else { "en" };
                vec![person, c.mail.clone(), language.to_owned()]
            };
            let rows: Vec<_> = found.iter().map(row).collect();
            let heads = ["cli-head-person", "cli-head-mail", "cli-head-language"];
            Reply::new(Exit::Yes, &json!({"contacts": found}), table(&texts, &heads, &rows))
        }
        Command::Erase(Erase { org, person }) => {
            engine.remove_contact(&actor, org, person.as_ref())?.wait()?;
            Reply::new(Exit::Yes, &json!({"erased": true}), texts.get("cli-contact-erased", &[]))
        }
    }
}
