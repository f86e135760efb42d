//! The nodes of a graph, read with suspicion: what is not known is refused by name.

use std::collections::{BTreeSet, HashMap, HashSet};

use oxrdf::vocab::rdf;
use oxrdf::{NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, TermRef, Triple};

use crate::catalogue::address::Address;
use crate::catalogue::vocabulary::{dct, odrl, rdfs};
use crate::model::odrl::Refusal;

/// The statements of a file, in its order.
#[derive(Debug, Default)]
pub(super) struct Graph {
    triples: Vec<Triple>,
    of: HashMap<NamedOrBlankNode, Vec<usize>>,
    known: HashSet<Triple>,
}

impl Graph {
    /// Adds a statement; one that was made already is not made again.
    pub(super) fn insert(&mut self, triple: Triple) {
        if self.known.insert(triple.clone()) {
            self.of.entry(triple.subject.clone()).or_default().push(self.triples.len());
            self.triples.push(triple);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.triples.len()
    }

    fn about(&self, node: NamedOrBlankNodeRef<'_>) -> impl Iterator<Item = &Triple> {
        let places = self.of.get(&node.into_owned()).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|at| self.triples.get(*at))
    }

    /// What is of a class.
    pub(super) fn of_class(&self, class: NamedNodeRef<'_>) -> Vec<NamedOrBlankNodeRef<'_>> {
        let is = |t: &&Triple| t.predicate == rdf::TYPE && t.object.as_ref() == TermRef::from(class);
        self.triples.iter().filter(is).map(|t| t.subject.as_ref()).collect()
    }
}

/// Reads one graph. What it does not know is refused.
pub(super) struct Reader<'a> {
    pub(super) graph: &'a Graph,
    pub(super) address: &'a Address,
    pub(super) refusals: Vec<Refusal>,
}

/// Says nothing that decides: titles, sources, dates.
fn is_about(property: NamedNodeRef<'_>) -> bool {
    property.as_str().starts_with(dct::NS) || property.as_str().starts_with(rdfs::NS) || property == odrl::UID
}

impl<'a> Reader<'a> {
    pub(super) fn refuse(&mut self, node: NamedOrBlankNodeRef<'_>, why: impl Into<String>, help: &str) {
        let refusal = Refusal::new(shown(node), why, help);
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }

    /// The values of a property.
    pub(super) fn values(&self, node: NamedOrBlankNodeRef<'a>, property: NamedNodeRef<'_>) -> Vec<TermRef<'a>> {
        self.graph.about(node).filter(|t| t.predicate == property).map(|t| t.object.as_ref()).collect()
    }

    /// The one value of a property, if it has one; more are refused.
    pub(super) fn value(&mut self, node: NamedOrBlankNodeRef<'a>, property: NamedNodeRef<'_>) -> Option<TermRef<'a>> {
        let values = self.values(node, property);
        if values.len() > 1 {
            self.refuse(node, format!("{property} stands {} times", values.len()), "write it once");
        }
        values.first().copied()
    }

    /// Refuses every property that is not one of these.
    pub(super) fn only(&mut self, node: NamedOrBlankNodeRef<'a>, known: &[NamedNodeRef<'_>]) {
        let others: BTreeSet<String> = self
            .graph
            .about(node)
            .map(|t| t.predicate.as_ref())
            .filter(|p| *p != rdf::TYPE && !known.contains(p) && !is_about(*p))
            .map(|p| p.to_string())
            .collect();
        for property in others {
            self.refuse(
                node,
                format!("{property} has no meaning in a condition file"),
                "leave it out, or ask for it in words",
            );
        }
    }
}

pub(super) fn as_node(term: TermRef<'_>) -> Option<NamedOrBlankNodeRef<'_>> {
    match term {
        TermRef::NamedNode(node) => Some(node.into()),
        TermRef::BlankNode(node) => Some(node.into()),
        TermRef::Literal(_) => None,
    }
}

/// A term as people find it in their file: a node without a name has none that they know.
pub(super) fn shown<'a>(term: impl Into<TermRef<'a>>) -> String {
    match term.into() {
        TermRef::BlankNode(_) => "a node without a name".to_owned(),
        named => named.to_string(),
    }
}
