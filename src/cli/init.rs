//! `datadeal init`: makes a portal, and prints the log key that every verifier needs.

use std::collections::BTreeSet;
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::{Cli, CliError, Exit, Reply};
use crate::clock::{SystemClock, SystemRandom};
use crate::engine::{self, Engine, NewPerson};
use crate::model::{Name, OrgId};

/// The operator of a trial portal: a number of the prefix that the register keeps for tests.
const TRIAL_OPERATOR: &str = "NL.OIN:00000099000000000000";

#[derive(Debug, Args)]
#[command(
    after_help = "Without --operator a trial portal is made, and each of its records says that it binds nobody.\n\nExamples:\n  datadeal init\n  datadeal init --operator NL.OIN:00000001003214345000 --name \"Ministry of Data\" \\\n    --origin deals.ministry.example/log --person manager --person-name \"the manager\""
)]
pub(super) struct Init {
    /// Who runs the portal: register and number.
    #[arg(long, value_name = "ORG", requires_all = ["name", "origin"])]
    operator: Option<OrgId>,
    /// The operator's legal name.
    #[arg(long, value_name = "NAME", default_value = "Trial portal")]
    name: String,
    /// The name of the log, forever: the address where it will be read, without scheme.
    #[arg(long, default_value = "trial.datadeal.example/log")]
    origin: String,
    /// Short name of the first person, who acts for the operator.
    #[arg(long, value_name = "PERSON", default_value = "operator")]
    person: Name,
    /// Full name of that person; it stands in no signed record.
    #[arg(long, value_name = "NAME", default_value = "The operator")]
    person_name: String,
    /// Function of that person.
    #[arg(long, default_value = "operator of the portal")]
    function: String,
    /// A sentence that every record of this portal carries, such as that it is an example.
    #[arg(long, value_name = "SENTENCE")]
    notice: Option<String>,
}

pub(super) fn run(cli: &Cli, args: &Init) -> Result<Reply, CliError> {
    let trial = args.operator.is_none();
    let operator = match &args.operator {
        Some(operator) => operator.clone(),
        None => TRIAL_OPERATOR.parse().map_err(|e| CliError::new(Exit::Usage, engine::EngineError::Id(e)))?,
    };
    let notice = args.notice.clone().or_else(|| trial.then(|| "a trial: this record binds nobody".to_owned()));
    let new = engine::Init {
        operator: operator.clone(),
        name: args.name.clone(),
        origin: args.origin.clone(),
        notice: notice.clone(),
        person: NewPerson {
            person: args.person.clone(),
            organisation: operator.clone(),
            name: args.person_name.clone(),
            function: args.function.clone(),
            roles: BTreeSet::new(),
        },
    };
    let dir = cli.dir();
    let engine = Engine::init(&dir, &new, Arc::new(SystemClock), Arc::new(SystemRandom))?;
    let key = engine.log_key()?.to_string();
    let object = json!({
        "data": dir.path(),
        "operator": {"id": operator, "name": args.name},
        "person": args.person,
        "log": {"origin": args.origin, "key": key},
        "keys": dir.keys(),
        "notice": notice,
    });
    let texts = cli.texts();
    let path = dir.path().display().to_string();
    let mut lines = vec![
        texts.get("cli-init-done", &[("dir", path.into())]),
        texts.get("cli-init-operator", &[("name", args.name.as_str().into()), ("id", operator.as_str().into())]),
        texts.get("cli-init-person", &[("person", args.person.as_str().into())]),
        String::new(),
        texts.get("cli-init-log-key", &[]),
        format!("  {key}"),
        String::new(),
        texts.get("cli-init-keys", &[("dir", dir.keys().display().to_string().into())]),
    ];
    if let Some(notice) = &notice {
        lines.push(texts.get("cli-init-notice", &[("notice", notice.as_str().into())]));
    }
    let reply = Reply::new(Exit::Yes, &object, crate::text::wrap(&lines.join("\n")))?;
    Ok(reply.next(format!("datadeal --as {} org add NL.KVK:NUMBER --name \"LEGAL NAME\"", args.person)))
}
