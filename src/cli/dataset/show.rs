//! `datadeal dataset show`: one dataset in plain words.

use clap::Args;
use serde_json::json;

use super::{Cli, CliError, Exit, Reply, access, column_words, powers};
use crate::engine::Shown;
use crate::labels::SchemaLabels;
use crate::model::condition::Role;
use crate::model::dataset::Access;
use crate::model::decision::Need;
use crate::text::{self, Labels, Texts};

#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// By short name or IRI.
    #[arg(value_name = "DATASET")]
    name: String,
}

pub(super) fn run(cli: &Cli, args: &Show) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let shown = engine.show(&args.name, None)?;
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
    lines.push(pair("cli-show-access", access(texts, d.access)));
    if let Some(licence) = &d.licence {
        lines.push(pair("cli-show-licence", licence.to_string()));
    }
    lines.push(pair("cli-show-owner", format!("{} ({})", shown.owner_name, d.owner)));
    lines.push(pair("cli-show-body", texts.of(&d.competent_body)));
    if let Some(executor) = &d.executor {
        lines.push(pair("cli-show-executor", texts.of(executor)));
    }
    lines.push(pair("cli-show-law", d.law.clone()));
    lines.push(pair("cli-show-id", d.id.to_string()));
    if let Some(until) = d.embargo_until {
        lines.push(pair("cli-show-embargo", texts.date(until)));
    }
    if d.access != Access::Open {
        lines.push(String::new());
        lines.extend(in_short(texts, shown));
        lines.push(String::new());
        lines.push(texts.get("cli-show-decides", &[]));
        lines.extend(deciders(texts, &labels, shown).into_iter().map(|l| format!("  - {l}")));
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

/// Each ground and condition by its label.
fn in_short(texts: &Texts, shown: &Shown) -> Vec<String> {
    if !shown.has_ground {
        return vec![texts.get("explain-none-published", &[])];
    }
    let of = |ground: bool| {
        shown
            .conditions
            .iter()
            .filter(move |o| (o.role == Role::Ground) == ground)
            .map(|o| format!("  - {}", texts.of(&o.text.label)))
    };
    let mut lines = vec![texts.get("terms-grounds", &[])];
    lines.extend(of(true));
    if of(false).next().is_some() {
        lines.push(texts.get("explain-conditions", &[]));
        lines.extend(of(false));
    }
    lines
}

/// Who decides: nobody beforehand where no approval is read, else who approves; then who is mandated, by function.
fn deciders(texts: &Texts, labels: &SchemaLabels<'_>, shown: &Shown) -> Vec<String> {
    let mut approvals: Vec<&str> = Vec::new();
    for leaf in shown.conditions.iter().filter_map(|o| o.needs.as_ref()).flat_map(Need::leaves) {
        if let Need::Approval(name) = leaf
            && !approvals.contains(&name.as_str())
        {
            approvals.push(name);
        }
    }
    let mut lines = Vec::new();
    if approvals.is_empty() && shown.has_ground {
        lines.push(texts.get("cli-decides-automatic", &[]));
    }
    for name in approvals {
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
    lines.push(texts.get("cli-last-day", &[("date", texts.day(&shown.last_day.to_string()).into())]));
    let objection = &shown.dataset.dataset.term.objection;
    let values = [
        ("body", texts.of(&objection.body).into()),
        ("weeks", objection.weeks.into()),
        ("web", objection.web.as_str().into()),
    ];
    lines.push(texts.get("cli-objection", &values));
    lines
}
