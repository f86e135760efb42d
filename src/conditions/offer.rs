//! From the conditions of a dataset to an Offer.
//!
//! A part that ODRL has no word for is replaced by the whole rule, [`Constraint::Condition`]. Bodies are read without `!` (it is pushed inwards), so
//! a rule R is a monotone function f of its parts, and `f(said, R, R, ...)` is R again: if R holds, raising parts to true keeps f true; if it does not,
//! lowering them to false keeps it false. So nothing is weakened, and a reader that cannot look the rule up, and takes it for not met, gets less.

use super::load::{Asked, Condition};
use super::said::{Reader, Said};
use super::schema::Schema;
use super::slice::Slice;
use crate::model::condition::{Kind, Role};
use crate::model::dataset::Dataset;
use crate::model::odrl::{Act, CedarText, Constraint, Duty, Forbidden, Offer, Permission, Prohibition};

/// Conditions of the library whose clause ODRL has a word for. The clause goes with the word, and prevails.
const KNOWN: [(&str, Act); 4] = [
    ("source-named", Act::Attribute),
    ("delete-and-confirm", Act::Delete),
    ("breach-report", Act::Inform),
    ("use-report", Act::Inform),
];

/// The Offer that the conditions of a slice make on a dataset. It permits no more than they do.
#[must_use]
pub fn offer(schema: &Schema, slice: &Slice, dataset: &Dataset) -> Offer {
    let text = |set: &std::sync::Arc<super::ConditionSet>| CedarText {
        level: set.level(),
        digest: set.digest(),
        record: None,
    };
    let mut offer = Offer { texts: slice.sets().iter().map(text).collect(), ..Offer::default() };
    for (name, condition) in slice.conditions() {
        let own = condition.id.as_str();
        let per_column = condition.asked == Asked::PerColumn;
        let reader = Reader { schema, dataset, own, per_column };
        let said = match condition.expr() {
            // what is asked per column is met by none where no columns are known, whatever it says
            _ if per_column && dataset.columns.is_empty() => Said::Never,
            Some(e) => reader.said(&e, true),
            None => Said::Unsaid,
        };
        let told = Told::of(&name, said);
        if told.unsaid {
            offer.unsaid.push(name.clone());
        }
        match condition.role {
            Role::Ground => offer.permissions.push(Permission {
                constraints: told.constraints,
                duties: told.approvals.into_iter().map(|a| consent(&name, a)).collect(),
                rule: Some(name),
            }),
            Role::Condition(kind) => {
                offer.constraints.extend(told.constraints);
                offer.duties.extend(told.approvals.into_iter().map(|a| consent(&name, a)));
                let barred = |act| Prohibition { rule: Some(name.clone()), act };
                offer.prohibitions.extend(told.barred.into_iter().map(barred));
                if kind != Kind::Entry {
                    offer.duties.push(duty(name, condition));
                }
            }
        }
    }
    offer
}

fn consent(rule: &str, name: String) -> Duty {
    Duty { rule: Some(rule.to_owned()), act: Act::Consent(name), clause: None, due: None }
}

fn duty(name: String, condition: &Condition) -> Duty {
    let text = &condition.text;
    let known = KNOWN.iter().find(|(id, _)| *id == condition.id.as_str()).map(|(_, act)| act.clone());
    let act = text.tariff.clone().map(Act::Compensate).or(known).unwrap_or(Act::Keep);
    Duty { rule: Some(name), act, clause: text.clause.clone(), due: text.due.clone() }
}

/// What one rule becomes.
#[derive(Debug, Default)]
struct Told {
    constraints: Vec<Constraint>,
    approvals: Vec<String>,
    barred: Vec<Forbidden>,
    unsaid: bool,
}

impl Told {
    fn of(rule: &str, said: Said) -> Self {
        let parts = match said {
            Said::All(parts) => parts,
            one => vec![one],
        };
        let mut told = Told::default();
        for part in parts {
            match part {
                // said by the duty that goes with every kind that is accepted
                Said::Accepted | Said::Always => {}
                Said::Approved(names) => told.approvals.extend(names),
                // a prohibition looks at what is done; that it was stated beforehand is asked of the rule
                Said::Barred(act) => {
                    told.barred.push(act);
                    told.add(Constraint::Condition(rule.to_owned()));
                }
                other => told.add(constraint(rule, other)),
            }
        }
        told.unsaid = told.constraints.iter().any(names_a_rule);
        told
    }

    fn add(&mut self, constraint: Constraint) {
        if !self.constraints.contains(&constraint) {
            self.constraints.push(constraint);
        }
    }
}

fn names_a_rule(constraint: &Constraint) -> bool {
    match constraint {
        Constraint::Condition(_) => true,
        Constraint::And(parts) | Constraint::Or(parts) => parts.iter().any(names_a_rule),
        _ => false,
    }
}

fn constraint(rule: &str, said: Said) -> Constraint {
    let parts = |parts: Vec<Said>| {
        let mut out: Vec<Constraint> = Vec::new();
        for part in parts {
            let one = constraint(rule, part);
            if !out.contains(&one) {
                out.push(one);
            }
        }
        out
    };
    let group = |made: Vec<Constraint>, of: fn(Vec<Constraint>) -> Constraint| match <[Constraint; 1]>::try_from(made) {
        Ok([only]) => only,
        Err(many) => of(many),
    };
    match said {
        Said::Test(constraint) => constraint,
        Said::All(inner) => group(parts(inner), Constraint::And),
        Said::Any(inner) => {
            let mut made = parts(inner);
            // where the rule is one way, the rule and something else is none beside it
            if made.iter().any(|c| matches!(c, Constraint::Condition(_))) {
                made.retain(|c| !matches!(c, Constraint::And(all) if all.iter().any(names_a_rule)));
            }
            group(made, Constraint::Or)
        }
        _ => Constraint::Condition(rule.to_owned()),
    }
}
