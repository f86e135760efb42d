//! Statements as they are made: in order, with names for what has none of its own, and with a list of what could not be written.

use std::collections::{BTreeMap, HashSet};

use oxrdf::vocab::{rdf, xsd};
use oxrdf::{BlankNode, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};

use serde::Serialize;

use crate::model::condition::Bilingual;
use crate::model::{Day, Iri, Name};

/// Statements, and what is to be said of them.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// The statements, those of one subject together.
    pub triples: Vec<Triple>,
    /// What the profile demands, and nobody said.
    pub missing: Vec<Gap>,
    /// What was said, and has no place in what is written.
    pub left_out: Vec<Gap>,
}

/// Something that is not written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Of which dataset; none: of the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataset: Option<Name>,
    /// The property, or what it is.
    pub what: String,
}

/// Statements about one dataset, or about the catalogue.
#[derive(Debug)]
pub(super) struct Statements {
    about: Option<Name>,
    /// By subject, in order of its first statement.
    order: BTreeMap<String, usize>,
    groups: Vec<Vec<Triple>>,
    made: HashSet<Triple>,
    blanks: usize,
    missing: Vec<Gap>,
    left_out: Vec<Gap>,
}

impl Statements {
    pub(super) fn new(about: Option<&Name>) -> Self {
        Statements {
            about: about.cloned(),
            order: BTreeMap::new(),
            groups: Vec::new(),
            made: HashSet::new(),
            blanks: 0,
            missing: Vec::new(),
            left_out: Vec::new(),
        }
    }

    /// How many were made.
    pub(super) fn count(&self) -> usize {
        self.made.len()
    }

    /// A statement; one that was made already is not made again.
    pub(super) fn add(&mut self, subject: &NamedOrBlankNode, property: NamedNodeRef<'_>, value: impl Into<Term>) {
        let triple = Triple::new(subject.clone(), property, value);
        if !self.made.insert(triple.clone()) {
            return;
        }
        let next = self.groups.len();
        let at = *self.order.entry(subject.to_string()).or_insert(next);
        match self.groups.get_mut(at) {
            Some(group) => group.push(triple),
            None => self.groups.push(vec![triple]),
        }
    }

    /// A node with an IRI of the portal's own.
    pub(super) fn ours(&mut self, iri: &str) -> NamedOrBlankNode {
        match NamedNode::new(iri) {
            Ok(node) => node.into(),
            Err(_) => self.blank(),
        }
    }

    /// A node without a name.
    pub(super) fn blank(&mut self) -> NamedOrBlankNode {
        self.blanks += 1;
        let about = self.about.as_ref().map_or("catalogue", Name::as_str);
        BlankNode::new_unchecked(format!("{about}-{}", self.blanks)).into()
    }

    /// A node of a class, without a name.
    pub(super) fn made(&mut self, class: NamedNodeRef<'_>) -> NamedOrBlankNode {
        let node = self.blank();
        self.add(&node, rdf::TYPE, class);
        node
    }

    /// An IRI as others wrote it; none, and named as left out, if RDF does not take it.
    pub(super) fn node(&mut self, iri: &Iri) -> Option<NamedNode> {
        let node = NamedNode::new(iri.as_str()).ok();
        if node.is_none() {
            self.left_out(format!("<{iri}>, which is no IRI by RFC 3987"));
        }
        node
    }

    pub(super) fn link(&mut self, subject: &NamedOrBlankNode, property: NamedNodeRef<'_>, iri: &Iri) {
        if let Some(node) = self.node(iri) {
            self.add(subject, property, node);
        }
    }

    pub(super) fn bilingual(&mut self, subject: &NamedOrBlankNode, property: NamedNodeRef<'_>, text: &Bilingual) {
        for (text, lang) in [(&text.nl, "nl"), (&text.en, "en")] {
            if !text.trim().is_empty() {
                self.add(subject, property, Literal::new_language_tagged_literal_unchecked(text, lang));
            }
        }
    }

    pub(super) fn text(&mut self, subject: &NamedOrBlankNode, property: NamedNodeRef<'_>, text: &str) {
        self.add(subject, property, Literal::new_simple_literal(text));
    }

    pub(super) fn day(&mut self, subject: &NamedOrBlankNode, property: NamedNodeRef<'_>, day: Option<Day>) {
        if let Some(day) = day {
            self.add(subject, property, Literal::new_typed_literal(day.to_string(), xsd::DATE));
        }
    }

    /// A list in order; an empty one is `rdf:nil`.
    pub(super) fn list(&mut self, items: Vec<Term>) -> Term {
        let mut rest: Term = rdf::NIL.into();
        for item in items.into_iter().rev() {
            let cell = self.blank();
            self.add(&cell, rdf::FIRST, item);
            self.add(&cell, rdf::REST, rest);
            rest = cell.into();
        }
        rest
    }

    fn gap(&self, what: impl Into<String>) -> Gap {
        Gap { dataset: self.about.clone(), what: what.into() }
    }

    /// What the profile demands, and nobody said.
    pub(super) fn missing(&mut self, what: impl Into<String>) {
        let gap = self.gap(what);
        if !self.missing.contains(&gap) {
            self.missing.push(gap);
        }
    }

    /// What was said, and is not written.
    pub(super) fn left_out(&mut self, what: impl Into<String>) {
        let gap = self.gap(what);
        if !self.left_out.contains(&gap) {
            self.left_out.push(gap);
        }
    }

    pub(super) fn finish(self) -> Written {
        Written { triples: self.groups.concat(), missing: self.missing, left_out: self.left_out }
    }
}
