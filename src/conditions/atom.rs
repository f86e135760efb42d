//! An expression that Cedar evaluates: a leaf of the reading.

use std::collections::BTreeSet;
use std::str::FromStr;

use cedar_policy::pst::{BinaryOp as B, Expr as X, Literal as L};
use cedar_policy::{Entities, EntityId, EntityUid, EvalResult, Expression, Request, eval_expression};

use super::paths::PathSet;
use super::wish::wish;
use crate::model::decision::Wish;

/// An expression that Cedar evaluates.
#[derive(Debug, Clone)]
pub(super) struct Atom {
    asks: Asks,
    pub(super) reads: PathSet,
    /// What would make it true, and what false.
    pub(super) wishes: [Option<Wish>; 2],
}

#[derive(Debug, Clone)]
enum Asks {
    Whole(Expression),
    /// Whether a list of literals contains what an expression comes to. Cedar would put the list together at each evaluation, which takes longer
    /// than everything else in most conditions; so it evaluates the expression, and the list is put together once.
    Listed {
        list: BTreeSet<EvalResult>,
        how: How,
        of: Expression,
    },
}

/// `contains`, `containsAll`, `containsAny`.
#[derive(Debug, Clone, Copy)]
enum How {
    One,
    All,
    Any,
}

impl Atom {
    /// From an expression of a policy.
    ///
    /// # Errors
    /// Why it cannot be read back.
    pub(super) fn new(e: &X, reads: PathSet) -> Result<Self, String> {
        let read = |e: &X| Expression::from_str(&e.to_string()).map_err(|error| error.to_string());
        let asks = match listed(e) {
            Some((list, how, of)) => Asks::Listed { list, how, of: read(of)? },
            None => Asks::Whole(read(e)?),
        };
        Ok(Atom { asks, reads, wishes: [wish(e, true), wish(e, false)] })
    }

    /// What it comes to; none if that is an error, or no truth value.
    pub(super) fn holds(&self, request: &Request, entities: &Entities) -> Option<bool> {
        let value = |expr| eval_expression(request, entities, expr).ok();
        match &self.asks {
            Asks::Whole(expr) => match value(expr)? {
                EvalResult::Bool(holds) => Some(holds),
                _ => None,
            },
            Asks::Listed { list, how, of } => match (how, value(of)?) {
                (How::One, one) => Some(list.contains(&one)),
                (How::All, EvalResult::Set(set)) => Some(set.iter().all(|one| list.contains(one))),
                (How::Any, EvalResult::Set(set)) => Some(set.iter().any(|one| list.contains(one))),
                _ => None,
            },
        }
    }
}

/// A list of literals, and what is looked for in it.
fn listed(e: &X) -> Option<(BTreeSet<EvalResult>, How, &X)> {
    let X::BinaryOp { op, left, right } = e else { return None };
    let how = match op {
        B::Contains => How::One,
        B::ContainsAll => How::All,
        B::ContainsAny => How::Any,
        _ => return None,
    };
    let X::Set(items) = &**left else { return None };
    Some((items.iter().map(|item| literal(item)).collect::<Option<_>>()?, how, right))
}

/// What a literal comes to. Dates and other extension values are none: two texts can be one of them.
fn literal(e: &X) -> Option<EvalResult> {
    match e {
        X::Literal(L::Bool(b)) => Some(EvalResult::Bool(*b)),
        X::Literal(L::Long(n)) => Some(EvalResult::Long(*n)),
        X::Literal(L::String(text)) => Some(EvalResult::String(text.to_string())),
        X::Literal(L::EntityUID(uid)) => {
            let id = EntityId::new(uid.eid.as_str());
            Some(EvalResult::EntityUid(EntityUid::from_type_name_and_id(uid.ty.to_string().parse().ok()?, id)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use cedar_policy::pst::Clause;
    use cedar_policy::{Context, Policy, RestrictedExpression};
    use proptest::prelude::*;

    use super::*;

    fn items() -> impl Strategy<Value = String> {
        let item = prop::sample::select(vec![
            "\"a\"",
            "\"b\"",
            "\"\\\"\\\\\"",
            "\"\\n\"",
            "-2",
            "0",
            "7",
            "true",
            "false",
            "Category::\"a\"",
            "Category::\"\\\"\"",
            "Purpose::\"a\"",
            "datetime(\"2026-01-01\")",
            "datetime(\"2026-01-01T00:00:00Z\")",
            "[1]",
        ]);
        prop::collection::vec(item, 0..4).prop_map(|items| format!("[{}]", items.join(", ")))
    }

    proptest! {
        /// A list that was put together once answers as Cedar does with the whole expression, errors too.
        #[test]
        fn a_list_answers_as_cedar_does(list in items(), other in items(), how in 0..3_usize) {
            let how = ["contains", "containsAll", "containsAny"][how];
            let apart = !list.contains("datetime") && !list.contains("[1]");
            for right in [other.clone(), "context.given".to_owned(), "context.absent".to_owned(), "1".to_owned()] {
                let text = format!("{list}.{how}({right})");
                let policy: Policy = format!("permit (principal, action, resource) when {{ {text} }};").parse().unwrap();
                let policy = policy.to_pst().unwrap();
                let clauses = policy.body().clauses();
                let [Clause::When(body)] = clauses.as_slice() else { panic!("{clauses:?}") };
                let uid = |name: &str| format!("{name}::\"x\"").parse::<EntityUid>().unwrap();
                let given = [("given".to_owned(), other.parse::<RestrictedExpression>().unwrap())];
                let context = Context::from_pairs(given).unwrap();
                let request = Request::new(uid("P"), uid("Action"), uid("R"), context, None).unwrap();
                let atom = Atom::new(body, PathSet::default()).unwrap();
                prop_assert_eq!(matches!(atom.asks, Asks::Listed { .. }), apart, "{}", text);
                let found = atom.holds(&request, &Entities::empty());
                let whole = match eval_expression(&request, &Entities::empty(), &text.parse().unwrap()) {
                    Ok(EvalResult::Bool(holds)) => Some(holds),
                    _ => None,
                };
                prop_assert_eq!(found, whole, "{}", text);
            }
        }
    }
}
