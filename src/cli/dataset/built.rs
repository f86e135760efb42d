//! How a dataset is built, on one screen: which columns, which concepts, which data model, how related to other sources.

use serde_json::{Value, json};

use super::{Cli, CliError, Exit, Reply, table};
use crate::catalogue::relations::{Edge, Graph};
use crate::catalogue::structure::names::Suggestion;
use crate::engine::Built;
use crate::labels::SchemaLabels;
use crate::model::dataset::Column;
use crate::model::description::Unmapped;
use crate::text::{self, Labels, Texts, plain};

/// So many statements are told one by one.
const TOLD: usize = 20;

pub(super) fn reply(cli: &Cli, name: &str) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.seeing(&engine)?;
    let built = engine.built(actor.as_ref(), name)?;
    let schema = engine.schema()?;
    let told = told(&cli.texts(), &SchemaLabels(&schema), &built);
    Reply::new(Exit::Yes, &object(&built), told)
}

/// What `--json` says.
fn object(built: &Built) -> Value {
    let d = &built.dataset.dataset;
    json!({
        "dataset": d.id,
        "slug": d.slug,
        "version": built.dataset.version,
        "columns": d.columns,
        "structure": d.structure,
        "relations": built.graph,
        "suggestions": built.suggestions,
        "together": built.together,
    })
}

fn told(texts: &Texts, labels: &SchemaLabels<'_>, built: &Built) -> String {
    let d = &built.dataset.dataset;
    let get = |key: &str| texts.get(key, &[]);
    let mut lines = vec![texts.get("struct-head", &[("title", texts.of(&d.title).into())]), String::new()];
    lines.push(texts.get("struct-columns", &[("n", d.columns.len().into())]));
    if d.columns.is_empty() {
        lines.push(format!("  {}", texts.get("struct-columns-none", &[("slug", d.slug.as_str().into())])));
    } else {
        let heads = ["struct-column-name", "struct-column-type", "struct-column-title", "struct-column-marks"];
        let rows: Vec<_> = d.columns.iter().map(|c| column(texts, labels, c)).collect();
        lines.extend(table(texts, &heads, &rows).lines().map(|l| format!("  {l}")));
    }
    if !d.structure.primary_key.is_empty() {
        lines.push(format!("  {}", texts.get("struct-key", &[("columns", d.structure.primary_key.join(", ").into())])));
    }
    lines.push(String::new());
    lines.push(get("struct-concepts"));
    lines.extend(items(concepts(texts, &d.columns)));
    lines.push(String::new());
    lines.push(get("struct-models"));
    let models: Vec<String> = d.structure.models.iter().map(ToString::to_string).collect();
    lines.extend(items(if models.is_empty() { vec![get("struct-models-none")] } else { models }));
    lines.push(String::new());
    lines.push(get("struct-relations"));
    lines.extend(items(relations(texts, &built.graph)));
    let findings = findings(texts, &built.together, &built.suggestions);
    if !findings.is_empty() {
        lines.push(String::new());
        lines.push(get("struct-findings"));
        lines.extend(items(findings));
    }
    lines.extend(kept(texts, &d.structure.kept));
    // the table keeps its columns, whatever their width; the rest is wrapped
    let wrapped = lines.into_iter().map(|l| if l.starts_with("  - ") { text::wrap(&l) } else { l });
    wrapped.collect::<Vec<_>>().join("\n")
}

/// Lines as a list.
pub(super) fn items(lines: Vec<String>) -> Vec<String> {
    lines.into_iter().map(|l| format!("  - {l}")).collect()
}

fn column(texts: &Texts, labels: &SchemaLabels<'_>, column: &Column) -> Vec<String> {
    let datatype = column.datatype.clone().unwrap_or_default();
    let datatype = if column.required { texts.get("struct-required", &[("type", datatype.into())]) } else { datatype };
    let marks = [
        (column.identifying, "dataset.identifying"),
        (column.special, "dataset.special"),
        (column.personal && !column.identifying && !column.special, "dataset.personal"),
    ];
    let marks = marks.into_iter().filter(|(holds, _)| *holds).map(|(_, path)| texts.of(&labels.path(path)));
    let title = column.title.as_ref().map(|t| texts.of(t)).unwrap_or_default();
    vec![column.name.clone(), datatype, title, marks.collect::<Vec<_>>().join("; ")]
}

fn concepts(texts: &Texts, columns: &[Column]) -> Vec<String> {
    let (with, without): (Vec<&Column>, Vec<&Column>) = columns.iter().partition(|c| c.concept.is_some());
    if with.is_empty() {
        return vec![texts.get("struct-concepts-none", &[])];
    }
    let concept = |c: &&Column| {
        let iri = c.concept.as_ref().map(ToString::to_string).unwrap_or_default();
        texts.get("struct-concept", &[("column", c.name.as_str().into()), ("concept", iri.into())])
    };
    let mut lines: Vec<String> = with.iter().map(concept).collect();
    if !without.is_empty() {
        let names: Vec<&str> = without.iter().map(|c| c.name.as_str()).collect();
        lines.push(texts.get("struct-concepts-without", &[("columns", names.join(", ").into())]));
    }
    lines
}

/// Each relation in words.
pub(super) fn relations(texts: &Texts, graph: &Graph) -> Vec<String> {
    let dataset = |place: usize| {
        let Some(node) = graph.datasets.get(place) else { return String::new() };
        let iri = node.dataset.to_string();
        match &node.title {
            Some(title) => texts.get("struct-titled", &[("title", texts.of(title).into()), ("iri", iri.into())]),
            None => iri,
        }
    };
    let line = |edge: &Edge| {
        let (key, other) = match (edge.from, edge.to) {
            (0, 0) => ("struct-relation-itself", String::new()),
            (0, to) => ("struct-relation-to", dataset(to)),
            (from, _) => ("struct-relation-from", dataset(from)),
        };
        let values = [
            ("columns", edge.columns.join(", ").into()),
            ("dataset", other.into()),
            ("references", edge.references.join(", ").into()),
        ];
        // of one that points here, the columns here are those that it names
        let [columns, dataset, references] = values;
        match key {
            "struct-relation-from" => {
                let swapped = [("columns", references.1), dataset, ("references", columns.1)];
                texts.get(key, &swapped)
            }
            "struct-relation-itself" => texts.get(key, &[columns, references]),
            _ => texts.get(key, &[columns, dataset, references]),
        }
    };
    let mut lines: Vec<String> = graph.relations.iter().map(line).collect();
    if lines.is_empty() {
        lines.push(texts.get("struct-relations-none", &[]));
    }
    lines
}

/// What an owner should look at.
pub(super) fn findings(texts: &Texts, together: &[String], suggestions: &[Suggestion]) -> Vec<String> {
    let mut lines = Vec::new();
    if !together.is_empty() {
        lines.push(texts.get("struct-together", &[("columns", together.join(", ").into())]));
    }
    for suggestion in suggestions {
        let values = [
            ("column", suggestion.column.as_str().into()),
            ("holds", texts.of(&suggestion.holds).into()),
            ("mark", suggestion.mark.as_str().into()),
        ];
        lines.push(texts.get("struct-suggestion", &values));
    }
    lines
}

/// What is kept as it was written.
pub(super) fn kept(texts: &Texts, kept: &[Unmapped]) -> Vec<String> {
    if kept.is_empty() {
        return Vec::new();
    }
    let head = texts.get("struct-kept-head", &[("n", kept.len().into())]);
    [String::new(), head].into_iter().chain(items(statements(texts, kept))).collect()
}

/// Statements with their places, as many as one reads.
pub(super) fn statements(texts: &Texts, kept: &[Unmapped]) -> Vec<String> {
    let line = |k: &Unmapped| {
        let values = [("property", plain(&k.property).into()), ("value", plain(&k.value).into())];
        texts.get("struct-kept", &values)
    };
    let mut lines: Vec<String> = kept.iter().take(TOLD).map(line).collect();
    if kept.len() > TOLD {
        lines.push(texts.get("struct-kept-more", &[("n", (kept.len() - TOLD).into())]));
    }
    lines
}
