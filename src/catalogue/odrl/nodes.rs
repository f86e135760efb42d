//! The nodes of a graph, read with suspicion: what is not known is refused by name.

use std::collections::{BTreeSet, HashMap, HashSet};

use oxrdf::vocab::rdf;
use oxrdf::{BlankNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Term, TermRef, Triple};

use crate::catalogue::address::Address;
use crate::catalogue::vocabulary::{dct, odrl, rdfs};
use crate::model::odrl::Refusal;

/// The statements of a file, in its order.
#[derive(Debug, Default)]
pub(super) struct Graph {
    triples: Vec<Triple>,
    of: HashMap<NamedOrBlankNode, Vec<usize>>,
    /// The first statement that leads to a node without a name.
    to: HashMap<BlankNode, usize>,
    known: HashSet<Triple>,
}

impl Graph {
    /// Adds a statement; one that was made already is not made again.
    pub(super) fn insert(&mut self, triple: Triple) {
        if self.known.insert(triple.clone()) {
            let number = self.triples.len();
            self.of.entry(triple.subject.clone()).or_default().push(number);
            if let Term::BlankNode(node) = &triple.object {
                self.to.entry(node.clone()).or_insert(number);
            }
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

    /// A node as people find it in their file: one without a name by what it is of the offer.
    fn called(&self, node: NamedOrBlankNodeRef<'_>) -> String {
        let NamedOrBlankNodeRef::BlankNode(node) = node else { return shown(node) };
        let leads = |node: &BlankNode| self.to.get(node).and_then(|at| self.triples.get(*at));
        let mut at = leads(&node.into_owned());
        for _ in 0..LONGEST {
            let Some(triple) = at else { return "the offer".to_owned() };
            let what = match triple.predicate.as_ref() {
                odrl::PERMISSION => "a permission",
                odrl::PROHIBITION => "a prohibition",
                odrl::OBLIGATION | odrl::DUTY => "a duty",
                odrl::CONSTRAINT | odrl::AND | odrl::OR | odrl::AND_SEQUENCE => "a constraint",
                odrl::ACTION => "an action",
                odrl::REFINEMENT => "a refinement",
                // a place in a list is what the list is
                rdf::FIRST | rdf::REST => match &triple.subject {
                    NamedOrBlankNode::BlankNode(before) => {
                        at = leads(before);
                        continue;
                    }
                    NamedOrBlankNode::NamedNode(_) => break,
                },
                _ => break,
            };
            return what.to_owned();
        }
        UNNAMED.to_owned()
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

/// How long a list is.
pub(super) const LONGEST: usize = 1000;

/// Properties of Dublin Core that only describe. Others may limit an offer, or end it: `valid`, `coverage`, `isReplacedBy`.
const DESCRIBES: [&str; 14] = [
    "abstract",
    "alternative",
    "contributor",
    "created",
    "creator",
    "description",
    "identifier",
    "issued",
    "language",
    "modified",
    "publisher",
    "source",
    "subject",
    "title",
];

/// Says nothing that decides.
fn is_about(property: NamedNodeRef<'_>) -> bool {
    let local = |ns: &str| property.as_str().strip_prefix(ns);
    property == odrl::UID
        || local(dct::NS).is_some_and(|name| DESCRIBES.contains(&name))
        || local(rdfs::NS).is_some_and(|name| ["label", "comment", "seeAlso", "isDefinedBy"].contains(&name))
}

impl<'a> Reader<'a> {
    pub(super) fn refuse(&mut self, node: NamedOrBlankNodeRef<'_>, why: impl Into<String>, help: &str) {
        let refusal = Refusal::new(self.graph.called(node), why, help);
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

const UNNAMED: &str = "a node without a name";

/// A term as people find it in their file: a node without a name has none that they know.
pub(super) fn shown<'a>(term: impl Into<TermRef<'a>>) -> String {
    match term.into() {
        TermRef::BlankNode(_) => UNNAMED.to_owned(),
        named => named.to_string(),
    }
}
