//! How a dataset relates to others, as a graph: text for Mermaid and for Graphviz, and a drawing. Titles come from others: each form writes
//! them so that they cannot end what they stand in.

mod svg;

use std::fmt::Write as _;

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::Iri;
use crate::model::condition::{Bilingual, Lang};

/// The longest title in a graph, in characters.
const MAX_TITLE: usize = 80;

/// A dataset among those it relates to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Graph {
    /// The datasets; the first is the one that was asked about.
    pub datasets: Vec<Node>,
    /// Which of them point at which.
    pub relations: Vec<Edge>,
}

/// A dataset in a graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Node {
    /// Its IRI.
    pub dataset: Iri,
    /// Its title, of one that this portal shows to everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Bilingual>,
}

/// Columns that name rows of another dataset, or of the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Edge {
    /// Which dataset has the columns, by its place in the list.
    pub from: usize,
    /// Which dataset they point into.
    pub to: usize,
    /// The columns there.
    pub columns: Vec<String>,
    /// The columns that they name, in the same order.
    pub references: Vec<String>,
}

/// The forms of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    /// Mermaid, for pages that draw it.
    Mermaid,
    /// Graphviz.
    Dot,
    /// A drawing.
    Svg,
}

impl Drawn {
    /// The media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Drawn::Mermaid => "text/vnd.mermaid; charset=utf-8",
            Drawn::Dot => "text/vnd.graphviz; charset=utf-8",
            Drawn::Svg => "image/svg+xml",
        }
    }
}

impl Node {
    /// What it is called in a language.
    pub(super) fn name(&self, lang: Lang) -> String {
        let text = self.title.as_ref().map_or(self.dataset.as_str(), |title| title.in_lang(lang));
        one_line(text)
    }
}

impl Edge {
    /// `columns → columns there`.
    pub(super) fn name(&self) -> String {
        one_line(&format!("{} → {}", self.columns.join(", "), self.references.join(", ")))
    }
}

/// A text of others on one line: nothing that turns it, and not too long.
fn one_line(text: &str) -> String {
    let harmful = |c: char| {
        c.is_control() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let clean: String = text.chars().map(|c| if harmful(c) { ' ' } else { c }).collect();
    if clean.chars().count() <= MAX_TITLE {
        return clean;
    }
    clean.chars().take(MAX_TITLE - 1).chain(['…']).collect()
}

impl Graph {
    /// The graph in one of its forms.
    #[must_use]
    pub fn draw(&self, form: Drawn, lang: Lang) -> String {
        match form {
            Drawn::Mermaid => self.mermaid(lang),
            Drawn::Dot => self.dot(lang),
            Drawn::Svg => svg::draw(self, lang),
        }
    }

    fn mermaid(&self, lang: Lang) -> String {
        let mut out = String::from("flowchart LR\n");
        for (i, node) in self.datasets.iter().enumerate() {
            let _ = writeln!(out, "  n{i}[\"{}\"]", for_mermaid(&node.name(lang)));
        }
        for edge in &self.relations {
            let _ = writeln!(out, "  n{} -->|\"{}\"| n{}", edge.from, for_mermaid(&edge.name()), edge.to);
        }
        out
    }

    fn dot(&self, lang: Lang) -> String {
        let mut out = String::from("digraph relations {\n  rankdir=LR;\n  node [shape=box];\n");
        for (i, node) in self.datasets.iter().enumerate() {
            let _ = writeln!(out, "  n{i} [label=\"{}\"];", for_dot(&node.name(lang)));
        }
        for edge in &self.relations {
            let _ = writeln!(out, "  n{} -> n{} [label=\"{}\"];", edge.from, edge.to, for_dot(&edge.name()));
        }
        out.push_str("}\n");
        out
    }
}

/// Everything but letters, digits and a few harmless signs by its number, as Mermaid reads it within quotes.
fn for_mermaid(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() || " .,:/_-→…".contains(c) {
            out.push(c);
        } else {
            let _ = write!(out, "#{};", u32::from(c));
        }
    }
    out
}

/// A text within quotes: Graphviz knows two characters there that mean something.
fn for_dot(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
