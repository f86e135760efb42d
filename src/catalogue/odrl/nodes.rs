//! The nodes of a graph, read with suspicion: what is not known is refused by name.

use std::collections::BTreeSet;

use oxrdf::vocab::rdf;
use oxrdf::{Graph, NamedNodeRef, NamedOrBlankNodeRef, TermRef};

use crate::catalogue::address::Address;
use crate::catalogue::vocabulary::{dct, odrl, rdfs};
use crate::model::odrl::Refusal;

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
    pub(super) fn refuse(&mut self, place: impl ToString, why: impl Into<String>, help: &str) {
        let refusal = Refusal::new(place.to_string(), why, help);
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }

    /// The values of a property.
    pub(super) fn values(&self, node: NamedOrBlankNodeRef<'a>, property: NamedNodeRef<'a>) -> Vec<TermRef<'a>> {
        let mut values: Vec<_> = self.graph.objects_for_subject_predicate(node, property).collect();
        values.sort_by_key(ToString::to_string);
        values
    }

    /// The one value of a property, if it has one; more are refused.
    pub(super) fn value(&mut self, node: NamedOrBlankNodeRef<'a>, property: NamedNodeRef<'a>) -> Option<TermRef<'a>> {
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
            .triples_for_subject(node)
            .map(|t| t.predicate)
            .filter(|p| *p != rdf::TYPE && !known.contains(p) && !is_about(*p))
            .map(|p| p.to_string())
            .collect();
        for property in others {
            self.refuse(node, format!("{property} has no meaning in a condition file"), "leave it out, or ask for it in words");
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
