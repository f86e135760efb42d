//! What deals allow: pure, and the same when a record is checked years later (SPEC S-165).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::engine::deals::life::DealState;
use crate::model::access::{Asked, Reason, Verdict};
use crate::model::dataset::{Access, Dataset};
use crate::model::input::Scope;
use crate::model::record::Deal;
use crate::model::{Time, Urn};

/// What may be done by a deal: get the data, or use them as the deal says.
const ACTIONS: [&str; 2] = ["read", "use"];

/// The promise of the library by which a deal is for named users only: data servers ask who it is.
const NAMED_USERS: &str = "named-users";

/// A deal of the organisation that asks, on the dataset that it asks for.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) id: Urn,
    pub(super) deal: Arc<Deal>,
    pub(super) state: DealState,
    /// Whether the user that the question names is named under it now.
    pub(super) named: bool,
    /// How much of its volume the day has used.
    pub(super) used: u64,
}

/// How much one call has taken so far by its permits, of deals that give so much a day: for each deal that, and the most that it gives.
#[derive(Debug, Default)]
pub(super) struct Taken(pub(super) BTreeMap<Urn, (u64, u64)>);

impl Taken {
    /// Of one deal.
    pub(super) fn of(&self, deal: &Urn) -> u64 {
        self.0.get(deal).map_or(0, |(by, _)| *by)
    }

    /// Adds what an answer gives.
    pub(super) fn add(&mut self, asked: &Asked, held: &[Held], verdict: &Verdict) {
        let Verdict::Permit { deal, .. } = verdict else { return };
        let most = held.iter().find(|held| held.id == *deal).and_then(|held| most(&held.deal));
        if let Some(most) = most {
            let (by, _) = self.0.entry(*deal).or_insert((0, most));
            *by = by.saturating_add(asked.volume);
        }
    }
}

/// What a deal gives a day at most, if it limits that.
pub(super) fn most(deal: &Deal) -> Option<u64> {
    deal.scope.volume_per_day.map(|most| u64::try_from(most).unwrap_or(0))
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
pub(super) fn judge(asked: &Asked, dataset: &Dataset, gone: bool, held: &[Held], now: Time) -> Verdict {
    let known = dataset.column_names();
    let unknown: BTreeSet<String> = asked.columns.difference(&known).cloned().collect();
    if !unknown.is_empty() {
        return Verdict::Deny { reason: Reason::UnknownColumn, columns: unknown };
    }
    let columns = if asked.columns.is_empty() { &known } else { &asked.columns };
    if let Some(token) = &asked.token {
        let within = if token.dataset == dataset.id { within(asked, columns, &token.scope) } else { no(Reason::Token) };
        if let Err((_, columns)) = within {
            return Verdict::Deny { reason: Reason::Token, columns };
        }
    }
    if dataset.access == Access::Open {
        // what its catalogue holds no more is given to nobody who has no deal
        return if gone { Verdict::no(Reason::Dataset) } else { Verdict::Open { licence: dataset.licence.clone() } };
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

type No = (Reason, BTreeSet<String>);

fn no(reason: Reason) -> Result<(), No> {
    Err((reason, BTreeSet::new()))
}

fn allows(asked: &Asked, columns: &BTreeSet<String>, held: &Held, now: Time) -> Result<(), No> {
    let term = &held.deal.term;
    if held.state != DealState::Active || now < term.from || now >= term.until {
        return no(Reason::NotActive);
    }
    within(asked, columns, &held.deal.scope)?;
    let for_named = || held.deal.obligations.iter().any(|o| o.id.rsplit('/').next() == Some(NAMED_USERS));
    let user = if asked.user.is_some() { held.named } else { !for_named() };
    if !user {
        return no(Reason::User);
    }
    match most(&held.deal) {
        Some(most) if held.used.saturating_add(asked.volume) > most => no(Reason::Volume),
        _ => Ok(()),
    }
}

/// Whether all that is asked lies within what a deal or a token gives.
fn within(asked: &Asked, columns: &BTreeSet<String>, scope: &Scope) -> Result<(), No> {
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
