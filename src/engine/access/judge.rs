//! What deals allow: pure, and the same when a record is checked years later (SPEC S-165).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::life::DealState;
use crate::model::access::{Asked, Reason, Verdict};
use crate::model::dataset::{Access, Dataset};
use crate::model::record::Deal;
use crate::model::{Time, Urn};

/// What may be done by a deal: get the data, or use them as the deal says.
const ACTIONS: [&str; 2] = ["read", "use"];

/// A deal of the organisation that asks, on the dataset that it asks for.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) id: Urn,
    pub(super) deal: Arc<Deal>,
    pub(super) state: DealState,
}

/// The no to a question that names nothing of ours; none if it can be judged.
pub(super) fn unreadable(asked: &Asked) -> Option<Verdict> {
    let reason = if asked.organisation.is_none() {
        Reason::Subject
    } else if !ACTIONS.contains(&asked.action.as_str()) {
        Reason::Action
    } else if asked.dataset.is_none() {
        Reason::Resource
    } else {
        return None;
    };
    Some(Verdict::no(reason))
}

/// One deal must cover all that is asked: two deals together may be what neither owner nor law allows. What a deal limits, the question
/// must name. Of several reasons for a no, that of the deal that came closest.
pub(super) fn judge(asked: &Asked, dataset: &Dataset, held: &[Held], now: Time) -> Verdict {
    let known = dataset.column_names();
    let unknown: BTreeSet<String> = asked.columns.difference(&known).cloned().collect();
    if !unknown.is_empty() {
        return Verdict::Deny { reason: Reason::UnknownColumn, columns: unknown };
    }
    let columns = if asked.columns.is_empty() { &known } else { &asked.columns };
    if dataset.access == Access::Open {
        return Verdict::Open { licence: dataset.licence.clone() };
    }
    let mut closest = (Reason::NoDeal, BTreeSet::new());
    for held in held {
        match allows(asked, columns, held, now) {
            Ok(()) => return Verdict::Permit { deal: held.id, until: held.deal.term.until },
            Err(no) => closest = closest.max(no),
        }
    }
    let (reason, columns) = closest;
    Verdict::Deny { reason, columns }
}

fn allows(asked: &Asked, columns: &BTreeSet<String>, held: &Held, now: Time) -> Result<(), (Reason, BTreeSet<String>)> {
    let no = |reason| Err((reason, BTreeSet::new()));
    let (scope, term) = (&held.deal.scope, &held.deal.term);
    if held.state != DealState::Active || now < term.from || now >= term.until {
        return no(Reason::NotActive);
    }
    if asked.level != scope.level {
        return no(Reason::Level);
    }
    let edition = || asked.edition.as_ref().is_some_and(|edition| scope.editions.contains(edition));
    if !scope.editions.is_empty() && !edition() {
        return no(Reason::Edition);
    }
    let from = scope.period_from.is_none_or(|from| asked.period_from.is_some_and(|asked| asked >= from));
    let until = scope.period_until.is_none_or(|until| asked.period_until.is_some_and(|asked| asked <= until));
    if !from || !until {
        return no(Reason::Period);
    }
    let missing: BTreeSet<String> = columns.difference(&scope.columns).cloned().collect();
    // a dataset whose columns nobody knows was asked for as a whole, and is given so
    if missing.is_empty() { Ok(()) } else { Err((Reason::Column, missing)) }
}
