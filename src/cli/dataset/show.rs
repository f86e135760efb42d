//! `datadeal dataset show`: one dataset in plain words.

use clap::Args;
use serde_json::json;

use super::{Cli, CliError, Exit, Reply, access, built, column_words, powers};
use crate::engine::{Issuer, Price, Shown};
use crate::labels::SchemaLabels;
use crate::model::condition::Role;
use crate::model::dataset::Access;
use crate::model::description::Agent;
use crate::model::record::EvidenceKind;
use crate::text::{self, Labels, Texts};

#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// By short name or IRI.
    #[arg(value_name = "DATASET")]
    name: String,
    /// How it is built: which columns, which concepts, which data model, how related to other sources.
    #[arg(long)]
    structure: bool,
}

pub(super) fn run(cli: &Cli, args: &Show) -> Result<Reply, CliError> {
    if args.structure {
        return built::reply(cli, &args.name);
    }
    let engine = cli.engine()?;
    let shown = engine.show(cli.seeing(&engine)?.as_ref(), &args.name, None)?;
    let d = &shown.dataset.dataset;
    let object = json!({
        "dataset": d,
        "version": shown.dataset.version,
        "record": shown.dataset.record,
        "ownerName": shown.owner_name,
        "sets": shown.sets,
        "conditions": shown.conditions.iter().map(|o| json!({"id": o.id, "role": o.role, "label": o.text.label})).collect::<Vec<_>>(),
        "mandates": shown.mandates.iter().map(|m| &m.mandate).collect::<Vec<_>>(),
        "lastDay": shown.last_day.to_string(),
        "reuse": shown.reuse,
    });
    let reply = Reply::new(Exit::Yes, &object, text::wrap(&told(&cli.texts(), &shown).join("\n")))?;
    Ok(if d.access == Access::Open {
        reply
    } else if shown.has_ground {
        reply.next(format!("datadeal conditions show --dataset {}", d.slug))
    } else {
        reply.next(format!("datadeal --as PERSON conditions publish FOLDER --dataset {}", d.slug))
    })
}

fn told(texts: &Texts, shown: &Shown) -> Vec<String> {
    let d = &shown.dataset.dataset;
    let labels = SchemaLabels(&shown.schema);
    let pair = |key: &str, value: String| format!("  {}", texts.get(key, &[("value", value.into())]));
    let mut lines = vec![texts.of(&d.title), texts.of(&d.description), String::new()];
    let why = shown.reuse.reason.as_ref().map_or_else(String::new, |why| format!(" ({})", texts.of(why)));
    lines.push(pair("cli-show-access", access(texts, d.access) + &why));
    if let Some(gone) = shown.dataset.gone {
        lines.push(pair("cli-show-gone", texts.date(gone.at)));
    }
    if let Some(licence) = &d.licence {
        lines.push(pair("cli-show-licence", licence.to_string()));
    }
    let regime = texts.get("struct-regime", &[("regime", d.regime.as_str().into())]);
    lines.push(format!("  {regime}"));
    lines.push(pair("cli-show-owner", format!("{} ({})", shown.owner_name, d.owner)));
    lines.push(pair("cli-show-body", texts.of(&d.competent_body)));
    if let Some(executor) = &d.executor {
        lines.push(pair("cli-show-executor", texts.of(executor)));
    }
    lines.push(pair("struct-publisher", d.publisher.clone()));
    let sources: Vec<String> = d.described.iter().flat_map(|d| &d.source_holders).map(agent).collect();
    if !sources.is_empty() {
        lines.push(pair("struct-sources", sources.join("; ")));
    }
    if !d.law.is_empty() {
        lines.push(pair("cli-show-law", d.law.clone()));
    }
    lines.push(pair("cli-show-id", d.id.to_string()));
    if let Some(until) = d.embargo_until {
        lines.push(pair("cli-show-embargo", texts.date(until)));
    }
    lines.push(String::new());
    lines.extend(in_short(texts, shown));
    if d.access != Access::Open && shown.has_ground {
        lines.push(String::new());
        lines.extend(evidence(texts, &labels, shown));
    }
    lines.push(String::new());
    lines.extend(price(texts, shown));
    if d.access != Access::Open {
        lines.push(String::new());
        lines.push(texts.get("cli-show-decides", &[]));
        lines.extend(deciders(texts, &labels, shown).into_iter().map(|l| format!("  - {l}")));
        lines.push(String::new());
        lines.push(texts.get("struct-pace-head", &[]));
        lines.extend(pace(texts, shown).into_iter().map(|l| format!("  - {l}")));
    }
    if !d.columns.is_empty() {
        lines.push(String::new());
        lines.push(texts.get("cli-show-columns", &[("n", d.columns.len().into())]));
        lines.extend(d.columns.iter().map(|c| format!("  - {}", column_words(texts, &labels, c))));
    }
    if !d.alternatives.is_empty() {
        lines.push(String::new());
        lines.push(texts.get("explain-alternatives", &[]));
        for a in &d.alternatives {
            let values = [("title", texts.of(&a.title).into()), ("kind", a.kind.as_str().into())];
            lines.push(format!("  - {}: {}", texts.get("say-alternative", &values), a.iri));
        }
    }
    lines
}

/// What it asks: nothing of an open dataset, else each ground and condition by its label.
fn in_short(texts: &Texts, shown: &Shown) -> Vec<String> {
    let dataset = &shown.dataset.dataset;
    if dataset.access == Access::Open {
        let key = if dataset.licence.is_some() { "struct-open" } else { "struct-open-without-licence" };
        return vec![texts.get(key, &[])];
    }
    if !shown.has_ground {
        return vec![texts.get("explain-none-published", &[])];
    }
    let of = |ground: bool| {
        let rules = shown.reuse.rules.iter().filter(move |rule| (rule.role == Role::Ground) == ground);
        rules.map(|rule| format!("  - {}", texts.of(&rule.label)))
    };
    let mut lines = vec![texts.get("terms-grounds", &[])];
    lines.extend(of(true));
    if of(false).next().is_some() {
        lines.push(texts.get("explain-conditions", &[]));
        lines.extend(of(false));
    }
    lines
}

/// Of which facts a condition asks proof, what proof that is, and whose counts now.
fn evidence(texts: &Texts, labels: &SchemaLabels<'_>, shown: &Shown) -> Vec<String> {
    let mut lines = vec![texts.get("struct-evidence-head", &[])];
    if shown.reuse.evidence.is_empty() {
        lines.push(format!("  - {}", texts.get("struct-evidence-none", &[])));
    }
    for asked in &shown.reuse.evidence {
        let path = format!("verified.{}", asked.fact);
        let proof = labels.proof(&path).map(|proof| texts.of(&proof)).unwrap_or_default();
        let values = [("label", texts.of(&labels.path(&path)).into()), ("proof", proof.into())];
        lines.push(format!("  - {}", texts.get("struct-evidence", &values)));
        let issuers: Vec<String> = asked.issuers.iter().map(|i| issuer(texts, i)).collect();
        lines.push(if issuers.is_empty() {
            format!("    {}", texts.get("struct-evidence-nobody", &[]))
        } else {
            format!("    {}", texts.get("struct-evidence-from", &[("issuers", issuers.join("; ").into())]))
        });
    }
    lines
}

fn issuer(texts: &Texts, issuer: &Issuer) -> String {
    let kind = |kind: &EvidenceKind| {
        let key = match kind {
            EvidenceKind::Credential => "cli-kind-credential",
            EvidenceKind::Confirmation => "cli-kind-confirmation",
            EvidenceKind::Registry => "cli-kind-registry",
            EvidenceKind::Decision => "cli-kind-decision",
        };
        texts.get(key, &[])
    };
    let kinds = texts.one_of(&issuer.kinds.iter().map(kind).collect::<Vec<_>>());
    texts.get("struct-issuer", &[("name", issuer.name.as_str().into()), ("kinds", kinds.into())])
}

fn price(texts: &Texts, shown: &Shown) -> Vec<String> {
    let said = match &shown.reuse.price {
        Price::Tariffs(tariffs) => tariffs.iter().map(|t| texts.tariff(t)).collect(),
        Price::Words(words) => vec![texts.of(words)],
        Price::Unsaid if shown.has_ground => vec![texts.get("struct-price-none", &[])],
        Price::Unsaid => vec![texts.get("struct-price-open", &[])],
    };
    let head = texts.get("struct-price-head", &[]);
    std::iter::once(head).chain(said.into_iter().map(|line| format!("  - {line}"))).collect()
}

/// Who decides: nobody beforehand where no approval is read, else who approves; then who is mandated, by function.
fn deciders(texts: &Texts, labels: &SchemaLabels<'_>, shown: &Shown) -> Vec<String> {
    let mut lines = Vec::new();
    if shown.reuse.approvals.is_empty() && shown.has_ground {
        lines.push(texts.get("cli-decides-automatic", &[]));
    }
    for name in &shown.reuse.approvals {
        let label = texts.of(&labels.approval(name));
        lines.push(texts.get("say-approval-by", &[("label", label.into())]));
    }
    for m in &shown.mandates {
        let values = [
            ("function", m.mandate.function.as_str().into()),
            ("powers", powers(texts, labels, m).into()),
            ("body", texts.of(&m.mandate.body).into()),
            ("until", texts.until(m.mandate.until).into()),
        ];
        lines.push(texts.get("cli-decides-person", &values));
    }
    let refusals = shown.sets.iter().any(|s| s.automatic_refusals);
    lines.push(texts.get(if refusals { "cli-refusals-automatic" } else { "cli-refusals-person" }, &[]));
    let objection = &shown.dataset.dataset.term.objection;
    let values = [
        ("body", texts.of(&objection.body).into()),
        ("weeks", objection.weeks.into()),
        ("web", objection.web.as_str().into()),
    ];
    lines.push(texts.get("cli-objection", &values));
    lines
}

/// How long it took, if a request was decided on; and how long it may take.
fn pace(texts: &Texts, shown: &Shown) -> Vec<String> {
    let took = match shown.reuse.pace {
        Some(pace) => {
            let values = [("n", pace.requests.into()), ("days", pace.median_days.into())];
            texts.get("struct-pace", &values)
        }
        None => texts.get("struct-pace-none", &[]),
    };
    let last = texts.get("cli-last-day", &[("date", texts.day(&shown.last_day.to_string()).into())]);
    vec![took, last]
}

/// Who holds data, by name where there is one.
fn agent(agent: &Agent) -> String {
    let iri = agent.iri.as_ref().map(ToString::to_string);
    agent.name.clone().or(iri).unwrap_or_default()
}
