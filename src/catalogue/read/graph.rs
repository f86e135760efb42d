//! Statements by what they are about, as a file gives them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use oxrdf::{NamedNode, NamedOrBlankNode, Term, Triple};

use super::terms::{DATASET, NEXT, NEXT_PAGE, TYPE};
use super::{MAX_DEPTH, MAX_RECORD, MAX_RECORDS, MAX_STATEMENTS, MAX_TEXT, Problem};

/// What is said of one thing.
pub(super) type Statements = Vec<(NamedNode, Term)>;

/// A thing of which something is said.
#[derive(Debug, Default)]
struct Node {
    said: Statements,
    /// Whether a dataset led to it: cores that share the datasets may come by the same one.
    seen: AtomicBool,
}

impl Node {
    fn see(&self) {
        self.seen.store(true, Ordering::Relaxed);
    }
}

/// Everything that a file says.
#[derive(Debug, Default)]
pub(super) struct Graph {
    named: HashMap<String, Node>,
    blank: HashMap<String, Node>,
    /// The datasets, in the order of the file.
    pub(super) datasets: Vec<NamedOrBlankNode>,
    /// What cannot be relied on.
    faulty: HashMap<NamedOrBlankNode, Problem>,
    /// Whether everything was read.
    pub(super) whole: bool,
    /// Whether it is a page of a longer catalogue.
    pub(super) paged: bool,
    /// How many statements there are.
    pub(super) size: usize,
    /// What the last statements are about: they mostly come together, and are filed together.
    last: Option<NamedOrBlankNode>,
    /// The last statements.
    latest: Statements,
    /// The last thing with a name: a fault may stand in a node within it.
    around: Option<NamedOrBlankNode>,
}

impl Graph {
    /// Adds a statement; false once there are more datasets than are read.
    pub(super) fn add(&mut self, triple: Triple) -> bool {
        let Triple { subject, predicate, object } = triple;
        self.size += 1;
        if let Term::Literal(text) = &object
            && text.value().len() > MAX_TEXT
        {
            let problem = Problem::TextTooLong(predicate.as_str().to_owned(), text.value().len());
            self.faulty.insert(subject, problem);
            return true;
        }
        // the rest of the catalogue stands on other pages
        if matches!(predicate.as_str(), NEXT | NEXT_PAGE) {
            self.paged = true;
        }
        let dataset = predicate.as_str() == TYPE && matches!(&object, Term::NamedNode(n) if n.as_str() == DATASET);
        if dataset {
            if self.datasets.len() == MAX_RECORDS {
                return false;
            }
            self.datasets.push(subject.clone());
        }
        if self.last.as_ref() != Some(&subject) {
            self.flush();
            self.last = Some(subject);
        }
        self.latest.push((predicate, object));
        true
    }

    /// A fault of syntax: what was being read is not whole, nor the dataset that was begun last: what is lost may be about it.
    pub(super) fn broke(&mut self) {
        self.whole = false;
        let last = self.last.clone();
        self.flush();
        let dataset = self.datasets.last().cloned();
        for about in last.into_iter().chain(self.around.clone()).chain(dataset) {
            self.faulty.insert(about, Problem::Broken);
        }
    }

    /// Files the last statements under what they are about.
    pub(super) fn flush(&mut self) {
        let Some(about) = self.last.take() else { return };
        if about.is_named_node() {
            self.around = Some(about.clone());
        }
        let kept = match about {
            NamedOrBlankNode::NamedNode(name) => self.named.entry(name.into_string()),
            NamedOrBlankNode::BlankNode(name) => self.blank.entry(name.into_string()),
        };
        // no more room than they need: there are many, and they stay until all is read
        let said = &mut kept.or_default().said;
        if said.is_empty() {
            said.reserve_exact(self.latest.len());
        }
        said.append(&mut self.latest);
    }

    /// A thing, whatever is wrong with it.
    fn about(&self, thing: &Term) -> Option<&Node> {
        match thing {
            Term::NamedNode(name) => self.named.get(name.as_str()),
            Term::BlankNode(name) => self.blank.get(name.as_str()),
            Term::Literal(_) => None,
        }
    }

    fn dataset(&self, dataset: &NamedOrBlankNode) -> Option<&Node> {
        match dataset {
            NamedOrBlankNode::NamedNode(name) => self.named.get(name.as_str()),
            NamedOrBlankNode::BlankNode(name) => self.blank.get(name.as_str()),
        }
    }

    /// How many statements are about neither a dataset nor anything that one led to.
    pub(super) fn beside(&self) -> usize {
        self.datasets.iter().filter_map(|dataset| self.dataset(dataset)).for_each(Node::see);
        let seen = self.named.values().chain(self.blank.values()).filter(|node| node.seen.load(Ordering::Relaxed));
        self.size.saturating_sub(seen.map(|node| node.said.len()).sum())
    }
}

/// A way through the graph from one dataset: it knows where it has been.
#[derive(Debug)]
pub(super) struct Walk<'g> {
    graph: &'g Graph,
    /// The bytes of the texts that it came by since it began with a dataset.
    weight: usize,
}

impl<'g> Walk<'g> {
    pub(super) fn new(graph: &'g Graph) -> Self {
        Walk { graph, weight: 0 }
    }

    /// Whether the file was read to its end.
    pub(super) fn whole(&self) -> bool {
        self.graph.whole
    }

    /// What is said of a dataset.
    pub(super) fn dataset(&mut self, dataset: &NamedOrBlankNode) -> Result<&'g [(NamedNode, Term)], Problem> {
        self.sound(dataset)?;
        self.weight = 0;
        limited(self.graph.dataset(dataset).map_or(&[], |node| &node.said))
    }

    /// What is said of a part of it. Many datasets can share a part: each is weighed with it.
    pub(super) fn part(&mut self, part: &'g Term) -> Result<&'g [(NamedNode, Term)], Problem> {
        if !self.graph.faulty.is_empty()
            && let Some(about) = subject(part)
        {
            self.sound(&about)?;
        }
        let found = self.graph.about(part).map_or(&[][..], |node| {
            node.see();
            &node.said
        });
        let texts =
            found.iter().filter_map(|(_, value)| if let Term::Literal(text) = value { Some(text) } else { None });
        self.weight += texts.map(|text| text.value().len()).sum::<usize>();
        if self.weight > MAX_RECORD { Err(Problem::RecordTooLarge(self.weight)) } else { limited(found) }
    }

    fn sound(&self, about: &NamedOrBlankNode) -> Result<(), Problem> {
        match self.graph.faulty.get(about) {
            Some(problem) => Err(problem.clone()),
            None => Ok(()),
        }
    }

    /// A value as it is kept: a term of N-Triples, or for a node without a name what is said of it, in Turtle on one line and in one order.
    pub(super) fn print(&mut self, value: &'g Term) -> Result<String, Problem> {
        self.print_within(value, &mut Vec::new())
    }

    fn print_within(&mut self, value: &'g Term, around: &mut Vec<&'g str>) -> Result<String, Problem> {
        let Term::BlankNode(node) = value else { return Ok(value.to_string()) };
        if around.contains(&node.as_str()) {
            return Err(Problem::Cycle);
        }
        if around.len() == MAX_DEPTH {
            return Err(Problem::TooDeep);
        }
        around.push(node.as_str());
        let mut inner = Vec::new();
        let mut size = 0;
        for (property, value) in self.part(value)? {
            let value = self.print_within(value, around)?;
            size += value.len();
            // nodes that many others share would be written once for each of them
            if size > MAX_TEXT {
                return Err(Problem::TextTooLong(property.as_str().to_owned(), size));
            }
            inner.push(format!("{property} {value}"));
        }
        around.pop();
        inner.sort_unstable();
        inner.dedup();
        Ok(format!("[ {} ]", inner.join(" ; ")))
    }
}

fn limited(statements: &[(NamedNode, Term)]) -> Result<&[(NamedNode, Term)], Problem> {
    if statements.len() > MAX_STATEMENTS { Err(Problem::TooManyStatements) } else { Ok(statements) }
}

fn subject(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(name) => Some(name.clone().into()),
        Term::BlankNode(name) => Some(name.clone().into()),
        Term::Literal(_) => None,
    }
}
