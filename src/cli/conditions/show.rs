//! `datadeal conditions show`: what the conditions in force ask, in plain words.

use std::collections::BTreeSet;

use clap::Args;
use serde_json::{Value, json};

use super::super::{Cli, CliError, Exit, Reply, time};
use crate::engine::Shown;
use crate::labels::SchemaLabels;
use crate::model::Time;
use crate::model::condition::Level;
use crate::model::dataset::Access;
use crate::model::decision::Need;
use crate::model::outline::Outline;
use crate::text::{self, Labels, Texts};

#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// The dataset, by short name or IRI.
    #[arg(long)]
    dataset: String,
    /// What is in force at another instant than now.
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    at: Option<Time>,
}

pub(super) fn run(cli: &Cli, args: &Show) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let shown = engine.show(cli.seeing(&engine)?.as_ref(), &args.dataset, args.at)?;
    let d = &shown.dataset.dataset;
    let conditions: Vec<_> = shown.conditions.iter().map(|o| object(&shown, o)).collect();
    let object = json!({
        "dataset": d.id, "access": d.access, "licence": d.licence, "at": shown.now, "sets": shown.sets,
        "hasGround": shown.has_ground, "conditions": conditions,
    });
    let texts = cli.texts();
    let text = told(&texts, &shown);
    let slug = &d.slug;
    Ok(if d.access == Access::Open {
        Reply::new(Exit::Yes, &object, text)?
    } else if shown.has_ground {
        Reply::new(Exit::Yes, &object, text)?.next(format!("datadeal facts new --dataset {slug} > facts.json"))
    } else {
        Reply::new(Exit::No, &object, text)?.next(format!("datadeal dataset show {slug}"))
    })
}

/// One ground or condition as JSON, with the evidence and approvals that it needs.
fn object(shown: &Shown, outline: &Outline) -> Value {
    let (mut facts, mut approvals) = (BTreeSet::new(), BTreeSet::new());
    for leaf in outline.needs.iter().flat_map(Need::leaves) {
        match leaf {
            Need::Fact(path) => facts.extend(path.strip_prefix("verified.").and_then(|p| p.split('.').next())),
            Need::Approval(name) => {
                approvals.insert(name.as_str());
            }
            _ => {}
        }
    }
    let evidence: Vec<_> = facts
        .into_iter()
        .filter_map(|f| Some((f, shown.schema.facts().get(f)?)))
        .map(|(f, info)| json!({"fact": f, "label": info.label, "verifiedBy": info.verified_by, "proof": info.proof}))
        .collect();
    let labels = SchemaLabels(&shown.schema);
    let approvals: Vec<_> = approvals
        .into_iter()
        .map(|a| json!({"name": a, "label": labels.approval(a), "appointedBy": labels.appointed_by(a)}))
        .collect();
    let mut object = json!(outline);
    if let Value::Object(map) = &mut object {
        map.insert("evidence".to_owned(), evidence.into());
        map.insert("approvals".to_owned(), approvals.into());
    }
    object
}

fn told(texts: &Texts, shown: &Shown) -> String {
    let d = &shown.dataset.dataset;
    let head = texts.get("cli-conditions-of", &[("title", texts.of(&d.title).into())]);
    if d.access == Access::Open {
        let open = match &d.licence {
            Some(licence) => texts.get("explain-open", &[("licence", licence.as_str().into())]),
            None => texts.get("explain-open-without-licence", &[]),
        };
        return text::wrap(&format!("{head}\n{open}"));
    }
    let mut lines = vec![head];
    for set in &shown.sets {
        let whose = match set.level {
            Level::Portal => "cli-set-portal",
            Level::Owner => "cli-set-owner",
            Level::Dataset => "cli-set-dataset",
        };
        let values = [
            ("whose", texts.get(whose, &[]).into()),
            ("version", set.version.into()),
            ("date", texts.date(set.from).into()),
        ];
        lines.push(texts.get("cli-set-line", &values));
        if let Some(next) = set.next_from {
            lines.push(texts.get("cli-set-next", &[("moment", texts.moment(next).into())]));
        }
    }
    if !shown.has_ground {
        lines.push(String::new());
        lines.push(texts.get("explain-none-published", &[]));
        return text::wrap(&lines.join("\n"));
    }
    let terms = text::conditions(texts, &SchemaLabels(&shown.schema), &shown.conditions);
    format!("{}\n\n{terms}", text::wrap(&lines.join("\n")))
}
