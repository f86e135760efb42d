//! `datadeal serve`: the request service, for as long as the program runs.

use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

use super::table::table;
use super::{Cli, CliError, Exit, Reply, output};
use crate::clock::{SystemClock, SystemRandom};
use crate::config::{Config, Mail, Tracing, TracingFormat};
use crate::engine::{Contact, DataDir, Engine, EngineError, NewApiKey};
use crate::evidence::registry::EXAMPLE;
use crate::http::{Service, ServiceError};
use crate::model::record::{EvidenceKind, KeyUse, Trusted};
use crate::rights::Actor;
use crate::sign::keyfile;
use crate::story::Stage;
use crate::text::Texts;

/// Where the demo lives: never in a directory that somebody named, which may hold something else.
const DEMO: &str = "./datadeal-demo";
/// The file that says that `serve --demo` made a directory.
const MADE: &str = "made-by-demo";
/// The register that the demo asks about organisations.
const REGISTER: &str = "trade-register.json";
/// The configuration in a data directory.
const CONFIG: &str = "datadeal.toml";

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  datadeal serve --demo\n  datadeal serve --config /etc/datadeal.toml\n  DATADEAL_SERVE_LISTEN=127.0.0.1:9000 datadeal serve\n\nThe configuration is DIR/datadeal.toml unless --config names one; the environment (DATADEAL_SERVE_...) counts for more. \
docs/configuration.md lists every value."
)]
pub(super) struct Serve {
    /// A portal with the examples in ./datadeal-demo; made on the first start, which prints its API keys.
    #[arg(long)]
    demo: bool,
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Says that it has started, serves until it is told to end, and gives the exit code.
pub(super) fn run(cli: &Cli, args: &Serve) -> ExitCode {
    match start(cli, args) {
        Ok(started) => {
            let code = output::print(cli, Ok(started.reply));
            started.runtime.block_on(started.service.serve(started.listener, started.end));
            code
        }
        Err(error) => output::print(cli, Err(error)),
    }
}

struct Started {
    reply: Reply,
    runtime: Runtime,
    service: Arc<Service>,
    listener: TcpListener,
    end: std::pin::Pin<Box<dyn Future<Output = ()>>>,
}

fn start(cli: &Cli, args: &Serve) -> Result<Started, CliError> {
    let texts = cli.texts();
    let (engine, mut object, mut lines) =
        if args.demo { demo(cli, &texts)? } else { (cli.engine()?, json!({}), Vec::new()) };
    let own = if args.demo { PathBuf::from(DEMO) } else { cli.dir().path().to_owned() }.join(CONFIG);
    let file = args.config.clone().or_else(|| own.is_file().then_some(own));
    let (mut config, origins) = Config::load(file.as_deref()).map_err(|e| CliError::new(Exit::Input, e))?;
    let wrong = |key, why| CliError::new(Exit::Input, origins.wrong(key, why));
    if args.demo && config.register.is_none() {
        config.register = Some(Path::new(DEMO).join(REGISTER)).filter(|file| file.is_file());
    }
    if args.demo && config.mail.is_none() {
        let (from, folder) = ("datadeal <portal@portal.example>".to_owned(), PathBuf::from(DEMO).join("mail"));
        lines.insert(1, texts.get("serve-demo-mail", &[("dir", folder.display().to_string().into())]));
        config.mail = Some(Mail { from, folder: Some(folder), server: None, user: None, password_file: None });
    }
    trace(&config.tracing).map_err(|e| wrong("tracing.filter", format!("is no filter: {e}")))?;
    let runtime = Runtime::new().map_err(|e| CliError::with_help(Exit::Storage, e, "raise the limit of threads"))?;
    let listener = runtime.block_on(TcpListener::bind(config.listen));
    let listener = listener.map_err(|e| wrong("listen", format!("({}) cannot be used: {e}", config.listen)))?;
    let address = listener.local_addr().map_err(|e| CliError::input("the address", e))?;
    let at = format!("http://{address}");
    let end = {
        let _inside = runtime.enter();
        told_to_end().map_err(|e| CliError::input("signals", e))?
    };
    if let Value::Object(object) = &mut object {
        object.insert("listening".to_owned(), at.as_str().into());
        object.insert("log".to_owned(), json!({"key": engine.log_key()?.to_string()}));
    }
    let value = |key: &str| texts.get(key, &[("address", at.as_str().into())]);
    lines.extend([value("serve-started"), value("serve-documents"), value("serve-stop")]);
    if args.demo {
        lines.extend([String::new(), texts.get("serve-demo-try", &[]), example(&at)]);
    }
    let reply = Reply::new(Exit::Yes, &object, lines.join("\n"))?;
    let service = Service::new(Arc::new(engine), config).map_err(|e| match e {
        ServiceError::Value { key, why } => wrong(key, why),
        error => CliError::new(Exit::Input, error),
    })?;
    Ok(Started { reply, runtime, service, listener, end })
}

/// A question that anybody may ask.
fn example(at: &str) -> String {
    let asked = r#"{"dataset":"education","purpose":"dpv:ScientificResearch","declared":{"category":"company"}}"#;
    format!("  curl -s {at}/v1/checks -H 'content-type: application/json' -d '{asked}'")
}

/// Ends on Ctrl-C and on SIGTERM.
fn told_to_end() -> std::io::Result<std::pin::Pin<Box<dyn Future<Output = ()>>>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(Box::pin(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }))
}

/// Lines of the program's log go to stderr.
fn trace(tracing: &Tracing) -> Result<(), ParseError> {
    let filter = EnvFilter::try_new(&tracing.filter)?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match tracing.format {
        TracingFormat::Text => lines.init(),
        TracingFormat::Json => lines.json().init(),
    }
    Ok(())
}

/// The portal of the demo, made if it is not there; and what is told of it.
fn demo(cli: &Cli, texts: &Texts) -> Result<(Engine, Value, Vec<String>), CliError> {
    let dir = PathBuf::from(DEMO);
    let path = dir.display().to_string();
    if dir.join(MADE).is_file() {
        let engine = Cli::engine_in(&DataDir::new(&dir))?;
        let again = format!("  datadeal --data {path} --as operator api-key new --person NAME --label demo");
        let lines = vec![texts.get("serve-demo-again", &[("dir", path.as_str().into())]), again, String::new()];
        return Ok((engine, json!({"data": path}), lines));
    }
    if dir.exists() {
        let help = "remove it or move it away; the demo never touches a directory that it did not make";
        return Err(CliError::with_help(Exit::Input, format!("`{path}` is there, and was not made by the demo"), help));
    }
    let made = make(cli, &dir)?;
    let values = [
        ("datasets", made.datasets.into()),
        ("organisations", made.organisations.into()),
        ("dir", path.as_str().into()),
    ];
    let heads = ["cli-head-organisation", "cli-head-person", "cli-head-roles", "cli-head-key"];
    let keys: Vec<Vec<String>> = made.keys.iter().map(|key| key.to_vec()).collect();
    let lines = vec![
        texts.get("serve-demo-made", &values),
        texts.get("serve-demo-own", &[("dir", dir.join("own-keys").display().to_string().into())]),
        String::new(),
        texts.get("serve-demo-keys", &[]),
        String::new(),
        table(texts, &heads, &keys),
        String::new(),
    ];
    let keys: Vec<_> = made
        .keys
        .iter()
        .map(|[organisation, person, roles, key]| json!({"organisation": organisation, "person": person, "roles": roles, "key": key}))
        .collect();
    Ok((Cli::engine_in(&DataDir::new(&dir))?, json!({"data": path, "apiKeys": keys}), lines))
}

struct Made {
    datasets: usize,
    organisations: usize,
    /// Organisation, person, roles, key.
    keys: Vec<[String; 4]>,
}

/// Makes the demo beside its place, then moves it there: what is in its place is whole.
fn make(cli: &Cli, dir: &Path) -> Result<Made, CliError> {
    let storage = |e: std::io::Error| {
        CliError::with_help(
            Exit::Storage,
            format!("{}: {e}", dir.display()),
            "start it in a folder that can be written",
        )
    };
    let beside = dir.with_file_name(format!(".datadeal-demo-{}", std::process::id()));
    std::fs::DirBuilder::new().mode(0o700).create(&beside).map_err(storage)?;
    let bar = cli.progress("");
    bar.set_length(1);
    let stage = Stage::cast(&DataDir::new(&beside), Arc::new(SystemClock), Arc::new(SystemRandom))?;
    stage.settle_neighbours()?;
    let own = beside.join("own-keys");
    std::fs::DirBuilder::new().mode(0o700).create(&own).map_err(storage)?;
    for (organisation, key) in stage.all_held() {
        let name = organisation.as_str().replace(':', "-");
        keyfile::write(&own.join(format!("{name}.pem")), key).map_err(|e| CliError::new(Exit::Storage, e))?;
    }
    let (engine, operator) = (stage.engine(), stage.operator());
    let organisations = engine.organisations(operator)?;
    for organisation in &organisations {
        let mail = format!("desk@{}.example", organisation.id.as_str().replace([':', '.'], "-").to_lowercase());
        let contact = Contact { organisation: organisation.id.clone(), person: None, mail, language: cli.lang };
        engine.set_contact(operator, &contact)?.wait()?;
    }
    trust_register(engine, operator)?;
    let mut keys = Vec::new();
    for person in engine.persons(operator, None)? {
        let (person, of) = (person.person, person.organisation);
        let roles = engine.actor(&person)?.roles.iter().map(|r| r.as_str()).collect::<Vec<_>>().join(", ");
        let new = NewApiKey { person: person.clone(), label: "demo".to_owned(), roles: [].into(), until: None };
        let name = organisations.iter().find(|o| o.id == of).map_or_else(|| of.to_string(), |o| o.name.clone());
        keys.push([name, person.to_string(), roles, engine.new_api_key(operator, &new)?.secret]);
    }
    keys.sort();
    let made = Made { datasets: engine.datasets(None)?.len(), organisations: organisations.len(), keys };
    drop(stage);
    std::fs::write(beside.join(REGISTER), EXAMPLE).map_err(storage)?;
    std::fs::write(beside.join(MADE), "`datadeal serve --demo` made this directory.\n").map_err(storage)?;
    std::fs::rename(&beside, dir).map_err(storage)?;
    bar.finish_and_clear();
    Ok(made)
}

/// Lets what the operator was told by the register count.
fn trust_register(engine: &Engine, operator: &Actor) -> Result<(), EngineError> {
    let keys = engine.key_list(Some(&operator.organisation))?;
    let Some(key) = keys.into_iter().find(|k| !k.revoked && k.uses.contains(&KeyUse::Evidence)) else { return Ok(()) };
    let schema = engine.schema()?;
    let by_register = schema.facts().iter().filter(|(_, info)| info.verified_by.iter().any(|k| k == "registry"));
    let trusted = Trusted {
        key: key.key.into(),
        issuer: None,
        organisation: key.organisation,
        name: key.name,
        facts: by_register.map(|(fact, _)| fact.clone()).collect(),
        kinds: [EvidenceKind::Registry].into(),
        from: engine.now(),
        until: None,
    };
    engine.trust_add(operator, trusted)?;
    engine.trust_publish(operator).map(|_| ())
}
