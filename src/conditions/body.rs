//! The body of one ground or condition as a tree that can be read with three values.
//!
//! Only `&&`, `||`, `!`, `has`, `if`, approvals and acceptances are read here; every other expression is an *atom* that Cedar
//! itself evaluates (but for membership in a list of literals, `atom`), so there is no second implementation of arithmetic, dates or hierarchy. On the way every rule of
//! "fail closed" that concerns the body is checked; all faults are kept.

use cedar_policy::pst::{BinaryOp as B, Expr as X, Literal as L, UnaryOp as U, Var};

use super::atom::Atom;
use super::fault::Rule;
use super::load::Asked;
use super::paths::{PathId, PathSet, nearest};
use super::schema::Schema;

/// A boolean expression, as far as the three-valued reading follows it.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Const(bool),
    /// `has` on one optional step of a path.
    Has(PathId),
    /// `context.approvals` holds all, or one, of these names.
    Approvals {
        all: bool,
        names: Vec<String>,
    },
    Atom(Box<Atom>),
    Not(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    If(Box<(Node, Node, Node)>),
}

/// A body that was read, with all that it names.
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub(super) node: Node,
    /// Every path that can be absent on its own or is shown to people.
    pub(super) reads: PathSet,
    /// Every path that it names, also those that are always there: on nothing else of a question does it depend but approvals, acceptance,
    /// and whether the purpose is filled in.
    pub(super) named: PathSet,
    pub(super) approvals: bool,
    /// Ids that are read with `context.accepted.contains("id")`.
    pub(super) accepted: Vec<String>,
    pub(super) faults: Vec<BodyFault>,
}

/// A fault without its place: `needle` is text of the policy to point at.
#[derive(Debug, Clone)]
pub(super) struct BodyFault {
    pub(super) rule: Rule,
    pub(super) why: String,
    pub(super) help: String,
    pub(super) needle: String,
}

/// Reads a body; `asked` says what `resource` is in it, as far as its scope says it.
pub(super) fn read(schema: &Schema, expr: &X, asked: Option<Asked>) -> Body {
    let mut reader = Reader {
        schema,
        asked,
        faults: Vec::new(),
        reads: PathSet::default(),
        named: PathSet::default(),
        approvals: false,
        accepted: Vec::new(),
    };
    let node = reader.node(expr, Position::Helps);
    let Reader { faults, reads, named, approvals, accepted, .. } = reader;
    Body { node, reads, named, approvals, accepted, faults }
}

/// Whether the truth of a part can only help the whole. Where it cannot, withholding a fact could satisfy a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    Helps,
    /// Under `!`, `==`, `!=`, in the test of an `if`, or inside an atom.
    Elsewhere,
}

struct Reader<'a> {
    schema: &'a Schema,
    asked: Option<Asked>,
    faults: Vec<BodyFault>,
    reads: PathSet,
    named: PathSet,
    approvals: bool,
    accepted: Vec<String>,
}

/// `principal.verified.category` as text, if the expression is such a path.
pub(super) fn path_of(e: &X) -> Option<String> {
    match e {
        X::Var(Var::Principal) => Some("principal".into()),
        X::Var(Var::Resource) => Some("resource".into()),
        X::Var(Var::Context) => Some("context".into()),
        X::GetAttr { expr, attr } => Some(format!("{}.{attr}", path_of(expr)?)),
        _ => None,
    }
}

impl Reader<'_> {
    fn fault(&mut self, rule: Rule, needle: impl Into<String>, why: impl Into<String>, help: impl Into<String>) {
        self.faults.push(BodyFault { rule, why: why.into(), help: help.into(), needle: needle.into() });
    }

    fn node(&mut self, e: &X, at: Position) -> Node {
        match e {
            X::Literal(L::Bool(b)) => Node::Const(*b),
            X::UnaryOp { op: U::Not, expr } => Node::Not(Box::new(self.node(expr, Position::Elsewhere))),
            X::BinaryOp { op: op @ (B::And | B::Or), left, right } => {
                let and = *op == B::And;
                let mut parts = Vec::new();
                for side in [left, right] {
                    match self.node(side, at) {
                        Node::And(inner) if and => parts.extend(inner),
                        Node::Or(inner) if !and => parts.extend(inner),
                        other => parts.push(other),
                    }
                }
                if and { Node::And(parts) } else { Node::Or(parts) }
            }
            X::IfThenElse { cond, then_expr, else_expr } => Node::If(Box::new((
                self.node(cond, Position::Elsewhere),
                self.node(then_expr, at),
                self.node(else_expr, at),
            ))),
            X::HasAttr { expr, attrs } => self.has(expr, attrs.iter().map(|a| a.as_str()), at),
            X::BinaryOp { op: op @ (B::Contains | B::ContainsAll | B::ContainsAny), left, right } => {
                match path_of(left).as_deref() {
                    Some("context.approvals") => self.approval(*op, right, at),
                    Some("context.accepted") => self.acceptance(e, *op, right, at),
                    _ => self.atom(e),
                }
            }
            _ => self.atom(e),
        }
    }

    /// A path of the schema; a fault if there is none, or not of what the rule asks about. Of that Cedar's validator says nothing where the
    /// attribute is only asked for by `has`.
    fn path(&mut self, text: &str) -> Option<PathId> {
        let id = self.schema.paths().id(text);
        let last = text.rsplit('.').next().unwrap_or(text).to_owned();
        if id.is_none() {
            let help = match self.schema.paths().nearest(text) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`datadeal schema show` lists what can be read".to_owned(),
            };
            self.fault(Rule::Path, last.as_str(), format!("`{text}` is not in the schema"), help);
        }
        let of = id.filter(|_| text.starts_with("resource.")).and_then(|id| self.schema.paths().info(id)).map(|i| i.of);
        let (what, other) = match (self.asked, of) {
            (Some(Asked::Once), Some([false, _])) => ("a dataset", "reuseColumn"),
            (Some(Asked::PerColumn), Some([_, false])) => ("a column", "reuse"),
            _ => return id,
        };
        let help = format!("ask for it in a rule of its own, with `Action::\"{other}\"`");
        self.fault(Rule::Path, last, format!("{what} has no `{text}`"), help);
        None
    }

    /// Marks each step of a path that can be absent on its own, or belongs to the dataset or column.
    fn mark(&mut self, text: &str, reads: &mut PathSet) {
        let mut at = String::new();
        for step in text.split('.') {
            if !at.is_empty() {
                at.push('.');
            }
            at.push_str(step);
            if !at.contains('.') {
                continue;
            }
            let Some(id) = self.path(&at) else { return };
            self.named.insert(id);
            if self.schema.paths().info(id).is_some_and(|i| i.optional || !i.open) {
                reads.insert(id);
                self.reads.insert(id);
            }
        }
    }

    fn has<'s>(&mut self, expr: &X, attrs: impl Iterator<Item = &'s str>, at: Position) -> Node {
        let Some(mut path) = path_of(expr) else {
            self.fault(
                Rule::Value,
                "has",
                "`has` on something else than principal, resource or context",
                "write `principal.verified has x`",
            );
            return Node::Const(false);
        };
        let mut parts = Vec::new();
        for attr in attrs {
            path = format!("{path}.{attr}");
            let Some(id) = self.path(&path) else { return Node::Const(false) };
            self.named.insert(id);
            let (optional, open) = self.schema.paths().info(id).map_or((false, false), |i| (i.optional, i.open));
            if open && at == Position::Elsewhere {
                self.fault(
                    Rule::Position,
                    format!("has {attr}"),
                    format!("an absent `{path}` could satisfy this"),
                    "write `has` only where it helps: in an `&&` or `||`, never under `!`, `==`, `!=` or in the test of an `if`",
                );
            }
            let question_field = path.starts_with("context.") && path.matches('.').count() == 1;
            if optional && !question_field {
                self.reads.insert(id);
                parts.push(Node::Has(id));
            }
        }
        match (parts.len(), parts.pop()) {
            (_, None) => {
                self.fault(Rule::Path, "has", format!("`{path}` is always there"), "leave the `has` out");
                Node::Const(true)
            }
            (1, Some(only)) => only,
            (_, Some(last)) => {
                parts.push(last);
                Node::And(parts)
            }
        }
    }

    fn literals(&mut self, right: &X, what: &str) -> Vec<String> {
        let literal = |x: &X| match x {
            X::Literal(L::String(s)) => Some(s.to_string()),
            _ => None,
        };
        let found: Option<Vec<_>> = match right {
            X::Set(items) => items.iter().map(|x| literal(x)).collect(),
            other => literal(other).map(|s| vec![s]),
        };
        found.unwrap_or_else(|| {
            self.fault(
                Rule::Value,
                format!("context.{what}"),
                format!("{what} are named by texts between quotes only"),
                format!("write `context.{what}.contains(\"name\")`"),
            );
            Vec::new()
        })
    }

    fn approval(&mut self, op: B, right: &X, at: Position) -> Node {
        if at == Position::Elsewhere {
            self.fault(
                Rule::Position,
                "context.approvals",
                "a missing approval could satisfy this",
                "write approvals only where they help, never under `!` or in the test of an `if`",
            );
        }
        self.approvals = true;
        let names = self.literals(right, "approvals");
        for name in &names {
            let list = self.schema.list("Approval");
            if !list.is_some_and(|l| l.contains_key(name)) {
                let known = list.map(|l| l.keys().cloned().collect::<Vec<_>>().join(", ")).unwrap_or_default();
                self.fault(
                    Rule::Vocabulary,
                    name.clone(),
                    format!("`{name}` is no approval of the schema"),
                    format!("one of: {known}"),
                );
            }
        }
        Node::Approvals { all: op != B::ContainsAny, names }
    }

    fn acceptance(&mut self, e: &X, op: B, right: &X, at: Position) -> Node {
        if at == Position::Elsewhere || op != B::Contains {
            self.fault(
                Rule::Position,
                "context.accepted",
                "declining could satisfy this",
                "write `context.accepted.contains(\"<own id>\")`, only where it helps",
            );
        }
        let names = self.literals(right, "accepted");
        self.accepted.extend(names);
        self.finished_atom(e, PathSet::default())
    }

    fn atom(&mut self, e: &X) -> Node {
        let mut reads = PathSet::default();
        self.within(e, &mut reads);
        self.finished_atom(e, reads)
    }

    fn finished_atom(&mut self, e: &X, reads: PathSet) -> Node {
        match Atom::new(e, reads) {
            Ok(atom) => Node::Atom(Box::new(atom)),
            Err(error) => {
                self.fault(Rule::Value, "", format!("`{e}` cannot be read back: {error}"), "write it in a simpler way");
                Node::Const(false)
            }
        }
    }

    /// Everything that an atom reads; here `has`, approvals and acceptances are out of place.
    fn within(&mut self, e: &X, reads: &mut PathSet) {
        match e {
            X::GetAttr { .. } => match path_of(e) {
                Some(path) if path == "context.approvals" || path == "context.accepted" => {
                    let help = format!("write `{path}.contains(\"name\")` as a part of `&&` or `||`");
                    self.fault(Rule::Position, path.clone(), format!("`{path}` inside an expression"), help);
                }
                Some(path) => {
                    let record = self
                        .schema
                        .paths()
                        .id(&path)
                        .and_then(|id| self.schema.paths().info(id))
                        .is_some_and(|i| i.record);
                    if record {
                        self.fault(
                            Rule::Value,
                            path.clone(),
                            format!("`{path}` is a whole record"),
                            "read one of its attributes",
                        );
                    } else {
                        self.mark(&path, reads);
                    }
                }
                None => self.fault(
                    Rule::Value,
                    "",
                    format!("`{e}` reads an attribute of something else than principal, resource or context"),
                    "write the path in full",
                ),
            },
            X::HasAttr { .. } => {
                self.fault(Rule::Position, "has", "`has` inside an expression", "write it as a part of `&&` or `||`");
            }
            X::UnaryOp { op: U::Neg, expr } if !matches!(**expr, X::Literal(_)) => self.arithmetic("-"),
            X::UnaryOp { expr, .. } | X::Like { expr, .. } => self.within(expr, reads),
            X::BinaryOp { op: B::GetTag | B::HasTag, .. } => {
                self.fault(Rule::Value, "Tag(", "tags are not read", "state it as an attribute of the schema");
            }
            X::BinaryOp { op: op @ (B::Add | B::Sub | B::Mul), .. } => self.arithmetic(match op {
                B::Add => "+",
                B::Sub => "-",
                _ => "*",
            }),
            X::BinaryOp { left, right, .. } => {
                self.within(left, reads);
                self.within(right, reads);
            }
            X::IfThenElse { cond, then_expr, else_expr } => {
                for part in [cond, then_expr, else_expr] {
                    self.within(part, reads);
                }
            }
            X::Set(items) => items.iter().for_each(|x| self.within(x, reads)),
            X::Literal(L::EntityUID(uid)) => self.entity(uid.ty.to_string(), uid.eid.to_string()),
            X::Literal(_) => {}
            X::Var(_) => {
                self.fault(Rule::Value, e.to_string(), format!("`{e}` by itself"), "read one of its attributes");
            }
            other => self.fault(
                Rule::Value,
                "",
                format!("`{other}` has no place in a condition"),
                "use paths, literals, sets and comparisons",
            ),
        }
    }

    fn arithmetic(&mut self, operator: &str) {
        self.fault(
            Rule::Arithmetic,
            format!(" {operator} "),
            format!("`{operator}` can overflow, and a condition that errors would not be counted"),
            "compare with a number that you worked out, or use `.offset(duration(\"90d\"))` and `.durationSince(...)` for dates",
        );
    }

    /// Cedar's validator accepts any id of a type that is not enumerated; the vocabulary does not.
    fn entity(&mut self, ty: String, id: String) {
        if ty == "Purpose" {
            // the store holds the purpose that is asked for and those above it alone, so which of two purposes is the wider one depends on it
            self.named.extend(self.schema.paths().id("context.purpose"));
        }
        let known = match ty.as_str() {
            "Purpose" => self.schema.list("Purpose").is_some_and(|l| l.contains_key(&id)),
            _ => self.schema.words(&ty).is_some_and(|w| w.contains(&id)),
        };
        if !known {
            let words =
                self.schema.list(&ty).map(|l| l.keys().map(String::as_str).collect::<Vec<_>>()).unwrap_or_default();
            let help = match nearest(&id, words.into_iter()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`datadeal schema show` lists the words".to_owned(),
            };
            self.fault(Rule::Vocabulary, id.clone(), format!("`{ty}::\"{id}\"` is not in the vocabulary"), help);
        }
    }
}

#[cfg(test)]
mod tests {
    use cedar_policy::Policy;
    use cedar_policy::pst::Clause;

    use super::*;

    #[test]
    fn a_body_that_names_a_purpose_depends_on_the_purpose() {
        let schema = Schema::built_in().unwrap();
        let purpose = schema.paths().id("context.purpose").unwrap();
        for (body, depends) in
            [("\"a\" == \"b\"", false), ("Purpose::\"dpv:Advertising\" in Purpose::\"dpv:Marketing\"", true)]
        {
            let policy: Policy = format!("permit (principal, action, resource) when {{ {body} }};").parse().unwrap();
            let policy = policy.to_pst().unwrap();
            let clauses = policy.body().clauses();
            let [Clause::When(body)] = clauses.as_slice() else { panic!("{clauses:?}") };
            assert_eq!(read(&schema, body, None).named.contains(purpose), depends);
        }
    }
}
