//! `datadeal dataset import`: a catalogue of others, from a file or an address; first as a preview, then applied.

use std::path::Path;

use clap::Args;
use indicatif::ProgressBar;
use serde_json::Value;

use super::{Cli, CliError, Exit, Reply, folder};
use crate::catalogue::read::{self as catalogue, Doubt, Fault, Format, MAX_FILE, Reading, Source};
use crate::engine::state::ImportSource;
use crate::engine::{
    CatalogueImport, Defaults, FieldChange, HARVEST, Harvested, Import as Imported, ImportFinding, SkipReason, Touched,
    harvest,
};
use crate::model::{OrgId, json as profile};
use crate::net::{Allow, Client};
use crate::text::{self, Texts};

/// So many lines of one kind are shown; `--json` has all of them.
const SHOWN: usize = 20;
/// So many characters of a value are shown.
const WIDE: usize = 60;

#[derive(Debug, Args)]
pub(super) struct Import {
    /// A file (Turtle, JSON-LD, RDF/XML, or JSON of CKAN's action API), `-` for stdin, or an address that begins with https:.
    #[arg(value_name = "FILE|URL")]
    from: String,
    /// Whose datasets they are; your own organisation if not given.
    #[arg(long, value_name = "ORG")]
    owner: Option<OrgId>,
    /// What the owner says of them and no catalogue does: competent body, regime, law, personal data, objection. JSON.
    #[arg(long, value_name = "FILE")]
    defaults: Option<std::path::PathBuf>,
    /// What the catalogue is called here; its address, or the name of the file, if not given. What it holds no more is marked as gone.
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// The format, where neither the name nor the content tells it.
    #[arg(long, value_name = "turtle|json-ld|rdf-xml|ckan")]
    format: Option<Format>,
    /// Write it. Without this it is shown only.
    #[arg(long)]
    apply: bool,
    /// A host or range inside your own network that may be asked, beside the public internet.
    #[arg(long, value_name = "HOST")]
    allow: Vec<String>,
}

pub(super) fn run(cli: &Cli, args: &Import) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let texts = cli.texts();
    let defaults = match &args.defaults {
        None => Defaults::default(),
        Some(path) => {
            let text = folder::text(path, profile::MAX_BYTES)?;
            Defaults::read(text.as_bytes()).map_err(|e| {
                let help = "examples/catalogue/defaults.json shows the form";
                CliError::with_help(Exit::Input, format!("{}: {e}", path.display()), help)
            })?
        }
    };
    let source = args.source.clone().unwrap_or_else(|| name_of(&args.from));
    let owner = args.owner.clone().unwrap_or_else(|| actor.organisation.clone());
    let seen = engine.import_source(&source, &owner, &defaults)?;
    let bar = cli.progress(&texts.get("cli-import-reads", &[]));
    let Some(Harvested { reading, state }) = read(args, &seen, &bar)? else {
        bar.finish_and_clear();
        let text = texts.get("cli-import-same", &[("source", source.as_str().into())]);
        return Reply::new(Exit::Yes, &serde_json::json!({"source": source, "same": true}), text);
    };
    let nothing = reading.records.is_empty() && !reading.whole;
    let import = CatalogueImport { source, owner, defaults, reading, state };
    bar.set_message(texts.get("cli-import-compares", &[]));
    let mut progress = |done: u64, all: u64| {
        bar.set_length(all);
        bar.set_position(done);
    };
    let told = if args.apply {
        engine.apply_import(&actor, import, &mut progress)?
    } else {
        engine.preview_import(&actor, import, &mut progress)?
    };
    if told.words_follow {
        bar.set_message(texts.get("cli-import-words", &[]));
        engine.index_datasets()?;
    }
    bar.finish_and_clear();
    let exit = match told.faults_in_all() {
        0 => Exit::Yes,
        _ if nothing => Exit::Input,
        _ => Exit::No,
    };
    let reply = Reply::new(exit, &told, text::wrap(&lines(&texts, &told, args.apply).join("\n")))?;
    Ok(if !args.apply && told.changes() {
        let person = cli.person()?;
        reply.next(format!("datadeal --as {person} dataset import {} ... --apply", args.from))
    } else {
        reply
    })
}

fn name_of(from: &str) -> String {
    if is_address(from) {
        return from.to_owned();
    }
    Path::new(from).file_name().map_or_else(|| from.to_owned(), |name| name.to_string_lossy().into_owned())
}

fn is_address(from: &str) -> bool {
    from.starts_with("https://") || from.starts_with("http://")
}

/// Reads the catalogue; none if it is as it was when it was applied last.
fn read(args: &Import, seen: &ImportSource, bar: &ProgressBar) -> Result<Option<Harvested>, CliError> {
    if is_address(&args.from) {
        let allow = Allow::parse(args.allow.iter().map(String::as_str))
            .map_err(|e| CliError::input_with_help("--allow", e, "give a host, an address or a range"))?;
        let client = Client::new(allow).map_err(|e| CliError::new(Exit::Storage, e))?;
        let mut progress = |done: u64, all: u64| {
            bar.set_length(all);
            bar.set_position(done);
        };
        return harvest(&client, &args.from, args.format, seen, HARVEST, &mut progress)
            .map_err(|e| CliError::new(Exit::Input, e));
    }
    let path = Path::new(&args.from);
    // one byte more than is read: what comes of that is said there
    let (bytes, _) = folder::start(path, MAX_FILE + 1)?;
    let source = Source { format: args.format, name: Some(&args.from), media_type: None };
    let reading: Reading = catalogue::read(&bytes, &source);
    Ok(Some(Harvested { reading, state: ImportSource::default() }))
}

fn lines(texts: &Texts, told: &Imported, applied: bool) -> Vec<String> {
    let head = if applied { "cli-import-applied" } else { "cli-import-preview" };
    let mut lines = vec![
        texts.get(head, &[("source", told.source.as_str().into()), ("n", told.read.into())]),
        texts.get(
            "cli-import-counts",
            &[
                ("new", told.new.len().into()),
                ("changed", told.changed.len().into()),
                ("gone", told.gone.len().into()),
                ("same", told.unchanged.into()),
            ],
        ),
    ];
    let title = |t: &Touched| {
        vec![format!("  - {}: {} ({})", t.slug, texts.of(&t.title), texts.get(text::access_key(t.access), &[]))]
    };
    part(texts, "cli-import-new", &told.new, &mut lines, title);
    part(texts, "cli-import-changed", &told.changed, &mut lines, |t| changed(texts, t));
    part(texts, "cli-import-gone", &told.gone, &mut lines, title);
    part(texts, "cli-import-skipped", &told.skipped, &mut lines, |s| {
        vec![format!("  - {}: {}", s.id, skipped(texts, &s.why))]
    });
    part(texts, "cli-import-findings", &told.findings, &mut lines, |f| {
        vec![format!("  - {}: {}", f.dataset, finding(texts, &f.finding))]
    });
    part(texts, "cli-import-faults", &told.faults, &mut lines, |f| vec![fault(f)]);
    if told.more_faults > 0 {
        lines.push(format!("  - {}", texts.get("cli-import-more", &[("n", told.more_faults.into())])));
    }
    lines.push(String::new());
    if !told.whole {
        lines.push(texts.get("cli-import-part", &[]));
    }
    if told.unmapped > 0 {
        lines.push(texts.get("cli-import-unmapped", &[("n", told.unmapped.into())]));
    }
    if told.beside > 0 {
        lines.push(texts.get("cli-import-beside", &[("n", told.beside.into())]));
    }
    if let Some(deals) = &told.deals {
        let counts = [("n", deals.looked.into()), ("changed", deals.changed.len().into())];
        lines.push(texts.get("cli-import-deals", &counts));
    }
    if let Some(record) = &told.record {
        lines.push(texts.get("cli-import-record", &[("id", record.id.to_string().into())]));
    } else if applied {
        lines.push(texts.get("cli-import-nothing", &[]));
    } else {
        lines.push(texts.get("cli-import-not-written", &[]));
    }
    lines
}

/// A heading with the first lines of a list.
fn part<T>(texts: &Texts, head: &str, list: &[T], lines: &mut Vec<String>, of: impl Fn(&T) -> Vec<String>) {
    if list.is_empty() {
        return;
    }
    lines.push(String::new());
    lines.push(texts.get(head, &[]));
    lines.extend(list.iter().take(SHOWN).flat_map(of));
    if list.len() > SHOWN {
        lines.push(format!("  - {}", texts.get("cli-import-more", &[("n", (list.len() - SHOWN).into())])));
    }
}

fn changed(texts: &Texts, touched: &Touched) -> Vec<String> {
    let mark = if touched.new_version { format!(" ({})", texts.get("cli-import-version", &[])) } else { String::new() };
    let mut lines = vec![format!("  - {}: {}{mark}", touched.slug, texts.of(&touched.title))];
    let nothing = texts.get("cli-import-none", &[]);
    lines.extend(touched.fields.iter().map(|FieldChange { field, before, after }| {
        let value = |v: &Option<Value>| v.as_ref().map_or_else(|| nothing.clone(), shown);
        format!("    - {field}: {} -> {}", value(before), value(after))
    }));
    lines
}

/// A value on one line, and not too long.
fn shown(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let one: String = text::plain(&text).split_whitespace().collect::<Vec<_>>().join(" ");
    if one.chars().count() <= WIDE { one } else { format!("{}...", one.chars().take(WIDE).collect::<String>()) }
}

fn skipped(texts: &Texts, why: &SkipReason) -> String {
    let (key, value) = match why {
        SkipReason::OtherOwner => ("cli-import-other-owner", String::new()),
        SkipReason::OtherSource(source) => ("cli-import-other-source", source.clone()),
        SkipReason::Invalid(why) => ("cli-import-invalid", why.clone()),
    };
    texts.get(key, &[("value", value.into())])
}

fn finding(texts: &Texts, finding: &ImportFinding) -> String {
    let (key, value, other) = match finding {
        ImportFinding::Doubt(doubt) => return doubted(texts, doubt),
        ImportFinding::ConditionsOnPublic => ("cli-finding-public", String::new(), ""),
        ImportFinding::NoConditions => ("cli-finding-no-set", String::new(), ""),
        ImportFinding::NoRegime => ("cli-finding-no-regime", String::new(), ""),
        ImportFinding::LapsedBasis(act, until) if until.is_empty() => ("cli-finding-lapsed", act.clone(), ""),
        ImportFinding::LapsedBasis(act, until) => ("cli-finding-lapsed-since", act.clone(), until.as_str()),
        ImportFinding::Hidden => ("cli-finding-hidden", String::new(), ""),
    };
    let since = if other.is_empty() { String::new() } else { texts.day(other) };
    texts.get(key, &[("value", value.into()), ("since", since.into())])
}

fn doubted(texts: &Texts, doubt: &Doubt) -> String {
    let (key, value) = match doubt {
        Doubt::NoAccess => ("cli-doubt-no-access", String::new()),
        Doubt::UnknownAccess(level) => ("cli-doubt-unknown-access", level.clone()),
        Doubt::SeveralAccess(levels) => ("cli-doubt-several-access", levels.join(", ")),
        Doubt::NoLicence => ("cli-doubt-no-licence", String::new()),
        Doubt::SeveralLicences(licences) => ("cli-doubt-several-licences", licences.join(", ")),
        Doubt::ClosedLicence(licence) => ("cli-doubt-closed-licence", licence.clone()),
        Doubt::NoDescription => ("cli-doubt-no-description", String::new()),
        Doubt::NoAddress(property, value) => ("cli-doubt-no-address", format!("{property}: {value}")),
    };
    texts.get(key, &[("value", value.into())])
}

fn fault(fault: &Fault) -> String {
    format!("  - {}; {}", text::plain(&fault.to_string()), fault.problem.mend())
}
