//! What would make a simple comparison come out otherwise, in words that people can act on.

use cedar_policy::pst::{BinaryOp as B, Expr as X, Literal as L, UnaryOp as U};
use serde_json::Value;

use super::body::path_of;
use crate::model::decision::{Relation as R, Wish};

/// The value that would make `e` come out as `want`, where that can be said in one comparison.
pub(super) fn wish(e: &X, want: bool) -> Option<Wish> {
    match e {
        X::GetAttr { .. } => Some(Wish { path: shown(e)?, relation: R::Is, values: vec![Value::Bool(want)] }),
        X::UnaryOp { op: U::IsEmpty, expr } if want => {
            Some(Wish { path: shown(expr)?, relation: R::Empty, values: Vec::new() })
        }
        X::BinaryOp { op, left, right } => match (shown(left), shown(right)) {
            (Some(path), _) if path != "now" => made(path, on_the_left(*op, want)?, values(right)?),
            (_, Some(path)) => made(path, on_the_right(*op, want)?, values(left)?),
            _ => None,
        },
        _ => None,
    }
}

fn made(path: String, relation: R, values: Vec<Value>) -> Option<Wish> {
    Some(Wish { path, relation, values })
}

/// The path as people read it.
fn shown(e: &X) -> Option<String> {
    let path = path_of(e)?;
    let short = path.strip_prefix("principal.").or_else(|| path.strip_prefix("context."))?;
    Some(short.to_owned())
}

fn on_the_left(op: B, want: bool) -> Option<R> {
    Some(match (op, want) {
        (B::Eq, true) | (B::NotEq, false) => R::Is,
        (B::Eq, false) | (B::NotEq, true) => R::IsNot,
        (B::Less, true) | (B::GreaterEq, false) => R::Less,
        (B::LessEq, true) | (B::Greater, false) => R::AtMost,
        (B::Greater, true) | (B::LessEq, false) => R::More,
        (B::GreaterEq, true) | (B::Less, false) => R::AtLeast,
        (B::In, true) => R::Within,
        (B::In, false) => R::NotWithin,
        (B::Contains | B::ContainsAll, true) => R::HasAll,
        (B::ContainsAny, true) => R::HasAny,
        (B::Contains | B::ContainsAny, false) => R::NoneOf,
        (B::ContainsAll, false) => R::NotAll,
        _ => return None,
    })
}

fn on_the_right(op: B, want: bool) -> Option<R> {
    Some(match (op, want) {
        (B::Eq, true) | (B::NotEq, false) => R::Is,
        (B::Eq, false) | (B::NotEq, true) => R::IsNot,
        (B::Less, true) | (B::GreaterEq, false) => R::More,
        (B::LessEq, true) | (B::Greater, false) => R::AtLeast,
        (B::Greater, true) | (B::LessEq, false) => R::Less,
        (B::GreaterEq, true) | (B::Less, false) => R::AtMost,
        (B::Contains | B::ContainsAll, true) => R::OneOf,
        (B::Contains | B::ContainsAny, false) => R::NoneOf,
        _ => return None,
    })
}

/// The literals that a path is compared with; `now` stands for the instant of the decision.
fn values(e: &X) -> Option<Vec<Value>> {
    match e {
        X::Literal(L::Bool(b)) => Some(vec![Value::Bool(*b)]),
        X::Literal(L::Long(n)) => Some(vec![Value::from(*n)]),
        X::Literal(L::String(s)) => Some(vec![Value::from(s.as_str())]),
        X::Literal(L::EntityUID(uid)) => Some(vec![Value::from(uid.eid.as_str())]),
        X::UnaryOp { op: U::Datetime | U::Duration, expr } => values(expr),
        X::Set(items) => {
            items.iter().map(|x| values(x).filter(|v| v.len() == 1)).collect::<Option<Vec<_>>>().map(|v| v.concat())
        }
        X::GetAttr { .. } if path_of(e).as_deref() == Some("context.now") => Some(vec![Value::from("now")]),
        _ => None,
    }
}
