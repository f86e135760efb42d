//! The three-valued reading of one body: what could it still come to?
//!
//! A *world* is what is known plus, for every absent open path, either still absent or any value of its type, and any superset
//! of the approvals given. A present set is complete: only approvals can grow. The value of an expression is the set of results
//! that remain possible. `&&` and `||` keep Cedar's order, so an error behind a false guard does not count.

use std::collections::BTreeSet;

use cedar_policy::{Entities, Request};

use super::atom::Atom;
use super::body::Node;
use super::paths::{PathSet, Paths};
use crate::model::decision::{Need, Wish};

/// Results that remain possible: any of true, false, error. An error never permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Can(u8);

impl Can {
    pub(super) const TRUE: Can = Can(1);
    pub(super) const FALSE: Can = Can(2);
    pub(super) const ERROR: Can = Can(4);
    const EITHER: Can = Can(3);
    const NOTHING: Can = Can(0);

    pub(super) fn has(self, other: Can) -> bool {
        self.0 & other.0 != 0
    }
    fn only(self, other: Can) -> Can {
        Can(self.0 & other.0)
    }
    fn or(self, other: Can) -> Can {
        Can(self.0 | other.0)
    }
    fn when(self, holds: bool) -> Can {
        if holds { self } else { Can::NOTHING }
    }
    fn of(b: bool) -> Can {
        if b { Can::TRUE } else { Can::FALSE }
    }
}

/// What one question knows.
#[derive(Debug)]
pub(super) struct World<'a> {
    pub(super) paths: &'a Paths,
    pub(super) request: &'a Request,
    pub(super) entities: &'a Entities,
    pub(super) present: PathSet,
    pub(super) approvals: &'a BTreeSet<&'a str>,
}

/// What may still come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mode {
    pub(super) facts_open: bool,
    pub(super) approvals_open: bool,
}

/// Nothing comes any more: the reading equals Cedar's answer.
pub(super) const CLOSED: Mode = Mode { facts_open: false, approvals_open: false };
/// Approvals may come.
pub(super) const APPROVALS: Mode = Mode { facts_open: false, approvals_open: true };
/// Facts and approvals may come.
pub(super) const OPEN: Mode = Mode { facts_open: true, approvals_open: true };

impl World<'_> {
    fn missing(&self, reads: &PathSet) -> PathSet {
        reads.and(self.paths.open()).without(&self.present)
    }

    fn atom(&self, atom: &Atom, mode: Mode) -> Can {
        if mode.facts_open && !self.missing(&atom.reads).is_empty() {
            return Can::EITHER;
        }
        atom.holds(self.request, self.entities).map_or(Can::ERROR, Can::of)
    }

    /// What `node` can come to.
    pub(super) fn can(&self, node: &Node, mode: Mode) -> Can {
        match node {
            Node::Const(b) => Can::of(*b),
            Node::Has(path) if self.present.contains(*path) => Can::TRUE,
            Node::Has(path) if mode.facts_open && self.paths.open().contains(*path) => Can::EITHER,
            Node::Has(_) => Can::FALSE,
            Node::Approvals { all, names } => {
                let given = |n: &String| self.approvals.contains(n.as_str());
                let enough = if *all { names.iter().all(given) } else { names.iter().any(given) };
                match (enough, mode.approvals_open) {
                    (true, _) => Can::TRUE,
                    (false, true) => Can::EITHER,
                    (false, false) => Can::FALSE,
                }
            }
            Node::Atom(atom) => self.atom(atom, mode),
            Node::Not(inner) => {
                let c = self.can(inner, mode);
                c.only(Can::ERROR).or(Can::FALSE.when(c.has(Can::TRUE))).or(Can::TRUE.when(c.has(Can::FALSE)))
            }
            Node::And(parts) => self.chain(parts, mode, Can::TRUE, Can::FALSE),
            Node::Or(parts) => self.chain(parts, mode, Can::FALSE, Can::TRUE),
            Node::If(parts) => {
                let c = self.can(&parts.0, mode);
                let then = if c.has(Can::TRUE) { self.can(&parts.1, mode) } else { Can::NOTHING };
                let other = if c.has(Can::FALSE) { self.can(&parts.2, mode) } else { Can::NOTHING };
                c.only(Can::ERROR).or(then).or(other)
            }
        }
    }

    /// A chain goes on while `go` is possible; the results that `stop` it or are errors stay.
    fn chain(&self, parts: &[Node], mode: Mode, go: Can, stop: Can) -> Can {
        let mut acc = go;
        for part in parts {
            if !acc.has(go) {
                break;
            }
            acc = acc.only(stop.or(Can::ERROR)).or(self.can(part, mode));
        }
        acc
    }

    /// What would have to become known so that `node` comes out as `want`. Call it only when that is possible.
    pub(super) fn need(&self, node: &Node, want: bool, mode: Mode) -> Need {
        let wanted = Can::of(want);
        if self.can(node, mode) == wanted {
            return Need::All(Vec::new());
        }
        match node {
            Node::Const(_) => Need::All(Vec::new()),
            Node::Has(path) => Need::Fact(self.paths.shown(*path).to_string()),
            Node::Atom(atom) => Need::all(
                self.missing(&atom.reads).iter().map(|p| Need::Fact(self.paths.shown(p).to_string())).collect(),
            ),
            Node::Approvals { all, names } => {
                let missing = names
                    .iter()
                    .filter(|n| !self.approvals.contains(n.as_str()))
                    .cloned()
                    .map(Need::Approval)
                    .collect();
                if *all { Need::all(missing) } else { Need::any(missing) }
            }
            Node::Not(inner) => self.need(inner, !want, mode),
            Node::And(parts) | Node::Or(parts) => {
                if matches!(node, Node::And(_)) == want {
                    Need::all(parts.iter().map(|p| self.need(p, want, mode)).collect())
                } else {
                    let possible = parts.iter().filter(|p| self.can(p, mode).has(wanted));
                    Need::any(possible.map(|p| self.need(p, want, mode)).collect())
                }
            }
            Node::If(parts) => {
                let c = self.can(&parts.0, mode);
                let mut ways = Vec::new();
                for (test, branch) in [(true, &parts.1), (false, &parts.2)] {
                    if c.has(Can::of(test)) && self.can(branch, mode).has(wanted) {
                        ways.push(Need::all(vec![self.need(&parts.0, test, mode), self.need(branch, want, mode)]));
                    }
                }
                Need::any(ways)
            }
        }
    }

    /// What values would make `node` come out as `want`, as far as single comparisons can say it.
    pub(super) fn wishes(&self, node: &Node, want: bool, out: &mut Vec<Wish>) {
        if self.can(node, CLOSED) == Can::of(want) {
            return;
        }
        match node {
            Node::Atom(atom) => {
                let [to_be_true, to_be_false] = &atom.wishes;
                let wish = if want { to_be_true } else { to_be_false };
                out.extend(wish.iter().filter(|w| !out.contains(w)).cloned().collect::<Vec<_>>());
            }
            Node::Not(inner) => self.wishes(inner, !want, out),
            Node::And(parts) | Node::Or(parts) => parts.iter().for_each(|p| self.wishes(p, want, out)),
            Node::If(parts) => {
                let test = self.can(&parts.0, CLOSED).has(Can::TRUE);
                self.wishes(if test { &parts.1 } else { &parts.2 }, want, out);
            }
            Node::Const(_) | Node::Has(_) | Node::Approvals { .. } => {}
        }
    }
}

/// The values that count for `node` to come out as `want`, before anything is known of the reuser: every comparison that is not
/// settled yet.
pub(super) fn counting(world: &World<'_>, node: &Node, want: bool, out: &mut Vec<Wish>) {
    let can = world.can(node, OPEN);
    if can == Can::of(want) || !can.has(Can::of(want)) {
        return;
    }
    match node {
        Node::Atom(atom) => {
            let [to_be_true, to_be_false] = &atom.wishes;
            let wish = if want { to_be_true } else { to_be_false };
            out.extend(wish.iter().filter(|w| !out.contains(w)).cloned().collect::<Vec<_>>());
        }
        Node::Not(inner) => counting(world, inner, !want, out),
        Node::And(parts) | Node::Or(parts) => parts.iter().for_each(|p| counting(world, p, want, out)),
        Node::If(parts) => [&parts.1, &parts.2].into_iter().for_each(|p| counting(world, p, want, out)),
        Node::Const(_) | Node::Has(_) | Node::Approvals { .. } => {}
    }
}

/// What `node` looks at to come out as `want`, before anything is known of the reuser: as [`World::need`], but fields of the question
/// that are always there (`scope.level`) are named as well, as far as a comparison names them.
pub(super) fn looks_at(world: &World<'_>, node: &Node, want: bool) -> Need {
    let wanted = Can::of(want);
    if world.can(node, OPEN) == wanted {
        return Need::All(Vec::new());
    }
    match node {
        Node::Atom(atom) => {
            let field = |w: &Wish| w.path.starts_with("scope.").then(|| Need::Fact(w.path.clone()));
            let fields: Vec<Need> = atom.wishes.iter().flatten().filter_map(field).collect();
            let read = world.missing(&atom.reads).iter().map(|p| world.paths.shown(p).to_string());
            let read = read.filter(|path| path != "scope" || fields.is_empty()).map(Need::Fact);
            Need::all(read.chain(fields.clone()).collect())
        }
        Node::Not(inner) => looks_at(world, inner, !want),
        Node::And(parts) | Node::Or(parts) if matches!(node, Node::And(_)) == want => {
            Need::all(parts.iter().map(|p| looks_at(world, p, want)).collect())
        }
        Node::And(parts) | Node::Or(parts) => {
            let possible = parts.iter().filter(|p| world.can(p, OPEN).has(wanted));
            Need::any(possible.map(|p| looks_at(world, p, want)).collect())
        }
        Node::If(parts) => {
            let branches = [&parts.1, &parts.2].into_iter().filter(|b| world.can(b, OPEN).has(wanted));
            let ways = branches.map(|b| looks_at(world, b, want)).collect();
            Need::all(vec![looks_at(world, &parts.0, true), Need::any(ways)])
        }
        Node::Const(_) | Node::Has(_) | Node::Approvals { .. } => world.need(node, want, OPEN),
    }
}

/// True if the body can come out true when everything that is not a constant is open. A body that cannot is never met.
pub(super) fn ever_true(node: &Node) -> bool {
    fn can(node: &Node) -> Can {
        match node {
            Node::Const(b) => Can::of(*b),
            Node::Has(_) | Node::Approvals { .. } | Node::Atom(_) => Can::EITHER,
            Node::Not(inner) => {
                let c = can(inner);
                Can::FALSE.when(c.has(Can::TRUE)).or(Can::TRUE.when(c.has(Can::FALSE)))
            }
            Node::And(parts) => parts.iter().fold(Can::TRUE, |acc, p| {
                let c = can(p);
                Can::TRUE.when(acc.has(Can::TRUE) && c.has(Can::TRUE)).or(acc.or(c).only(Can::FALSE))
            }),
            Node::Or(parts) => parts.iter().fold(Can::FALSE, |acc, p| {
                let c = can(p);
                Can::FALSE.when(acc.has(Can::FALSE) && c.has(Can::FALSE)).or(acc.or(c).only(Can::TRUE))
            }),
            Node::If(parts) => {
                let c = can(&parts.0);
                let then = if c.has(Can::TRUE) { can(&parts.1) } else { Can::NOTHING };
                then.or(if c.has(Can::FALSE) { can(&parts.2) } else { Can::NOTHING })
            }
        }
    }
    can(node).has(Can::TRUE)
}
