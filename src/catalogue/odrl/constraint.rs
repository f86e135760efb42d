//! One constraint of an Offer.

use std::collections::BTreeSet;

use oxrdf::vocab::rdf;
use oxrdf::{NamedNodeRef, NamedOrBlankNodeRef, TermRef};

use super::nodes::{LONGEST, Reader, as_node, shown};
use crate::catalogue::vocabulary::odrl;
use crate::model::Time;
use crate::model::odrl::{Constraint, Order};

/// How deep constraints stand in each other.
const DEEPEST: usize = 8;

/// Reads a constraint; none, and refused, if it has no Cedar meaning.
pub(super) fn read<'a>(r: &mut Reader<'a>, node: NamedOrBlankNodeRef<'a>, depth: usize) -> Option<Constraint> {
    if depth > DEEPEST {
        r.refuse(node, format!("constraints stand more than {DEEPEST} deep in each other"), "write them flat");
        return None;
    }
    for (operand, of) in [
        (odrl::AND, Constraint::And as fn(Vec<Constraint>) -> Constraint),
        (odrl::OR, Constraint::Or as fn(Vec<Constraint>) -> Constraint),
    ] {
        if !r.values(node, operand).is_empty() {
            r.only(node, &[operand]);
            return logical(r, node, operand, depth).map(of);
        }
    }
    r.only(node, &[odrl::LEFT_OPERAND, odrl::OPERATOR, odrl::RIGHT_OPERAND]);
    let (left, operator) = (r.value(node, odrl::LEFT_OPERAND), r.value(node, odrl::OPERATOR));
    let (Some(TermRef::NamedNode(left)), Some(TermRef::NamedNode(operator))) = (left, operator) else {
        r.refuse(node, "a constraint without left operand or operator", "write both");
        return None;
    };
    let right = right(r, node)?;
    let found = match left {
        odrl::PURPOSE => purpose(r, operator, &right),
        odrl::RECIPIENT => {
            words(r, "Category", &right).filter(|words| any_of(operator, words)).map(Constraint::Recipient)
        }
        odrl::DATE_TIME => instant(operator, &right),
        own if own.as_str() == r.address.term("condition") => match right.as_slice() {
            [TermRef::NamedNode(rule)] => Some(Constraint::Condition(rule.as_str().to_owned())),
            _ => None,
        },
        other => {
            let help = "known are odrl:purpose, odrl:dateTime and odrl:recipient";
            r.refuse(node, format!("the left operand {other} is no fact that conditions read"), help);
            return None;
        }
    };
    if found.is_none() {
        let values = right.iter().copied().map(shown).collect::<Vec<_>>().join(" ");
        let help = "known are: purpose isA or eq one, or isAnyOf; recipient eq one, or isAnyOf; dateTime lt, lteq, gt or gteq an xsd:dateTime of UTC; \
                    words are those of the schema or of DPV";
        r.refuse(node, format!("{left} {operator} {values} has no Cedar meaning"), help);
    }
    found
}

fn logical<'a>(
    r: &mut Reader<'a>,
    node: NamedOrBlankNodeRef<'a>,
    operand: NamedNodeRef<'_>,
    depth: usize,
) -> Option<Vec<Constraint>> {
    let mut parts = Vec::new();
    let mut items = Vec::new();
    for value in r.values(node, operand) {
        let is_list = as_node(value).is_some_and(|v| !r.values(v, rdf::FIRST).is_empty());
        match as_node(value).filter(|_| is_list) {
            Some(cell) => items.extend(list(r, cell)?),
            None => items.push(value),
        }
    }
    for item in items {
        match as_node(item) {
            Some(part) => parts.push(read(r, part, depth + 1)?),
            None => {
                r.refuse(node, format!("{} is no constraint", shown(item)), "write a constraint");
                return None;
            }
        }
    }
    if parts.is_empty() {
        r.refuse(node, "no constraint in it", "leave it out");
        return None;
    }
    Some(parts)
}

/// The items of an RDF list; refused if it has no end.
pub(super) fn list<'a>(r: &mut Reader<'a>, first: NamedOrBlankNodeRef<'a>) -> Option<Vec<TermRef<'a>>> {
    let mut items = Vec::new();
    let mut seen = BTreeSet::new();
    let mut at = first;
    while at != rdf::NIL.into() {
        let item = r.value(at, rdf::FIRST);
        let rest = r.value(at, rdf::REST).and_then(as_node);
        let (Some(item), Some(rest)) = (item, rest) else {
            r.refuse(first, "a list that is broken off", "write it to its end");
            return None;
        };
        if !seen.insert(at.to_string()) || items.len() == LONGEST {
            r.refuse(first, format!("a list without an end, or of more than {LONGEST}"), "write a shorter one");
            return None;
        }
        items.push(item);
        at = rest;
    }
    Some(items)
}

/// What stands on the right: values, or a list of them.
fn right<'a>(r: &mut Reader<'a>, node: NamedOrBlankNodeRef<'a>) -> Option<Vec<TermRef<'a>>> {
    let mut values = Vec::new();
    for value in r.values(node, odrl::RIGHT_OPERAND) {
        match as_node(value) {
            Some(cell) if !r.values(cell, rdf::FIRST).is_empty() => values.extend(list(r, cell)?),
            _ => values.push(value),
        }
    }
    if values.is_empty() {
        r.refuse(node, "nothing stands on the right", "write odrl:rightOperand");
        return None;
    }
    Some(values)
}

/// Words of the schema. An IRI of none is refused where the draft is made, by its name.
fn words(r: &Reader<'_>, list: &str, values: &[TermRef<'_>]) -> Option<Vec<String>> {
    let word = |value: &TermRef<'_>| match value {
        TermRef::NamedNode(iri) => r.address.word_of(list, iri.as_str()),
        _ => None,
    };
    values.iter().map(word).collect()
}

fn purpose(r: &Reader<'_>, operator: NamedNodeRef<'_>, values: &[TermRef<'_>]) -> Option<Constraint> {
    let purposes = words(r, "Purpose", values)?;
    match operator {
        odrl::IS_A => match <[String; 1]>::try_from(purposes) {
            Ok([one]) => Some(Constraint::Within(one)),
            Err(_) => None,
        },
        _ => Some(purposes).filter(|words| any_of(operator, words)).map(Constraint::Purpose),
    }
}

/// Whether an operator asks for one of these words: `eq` to several is not "any of them".
fn any_of(operator: NamedNodeRef<'_>, words: &[String]) -> bool {
    operator == odrl::IS_ANY_OF || (operator == odrl::EQ && words.len() == 1)
}

fn instant(operator: NamedNodeRef<'_>, values: &[TermRef<'_>]) -> Option<Constraint> {
    let order = match operator {
        odrl::LT => Order::Less,
        odrl::LTEQ => Order::AtMost,
        odrl::GT => Order::More,
        odrl::GTEQ => Order::AtLeast,
        _ => return None,
    };
    match values {
        [TermRef::Literal(at)] => at.value().parse::<Time>().ok().map(|at| Constraint::Now(order, at)),
        _ => None,
    }
}
