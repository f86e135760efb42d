//! What each class comes to, how much is missing, and what.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::index::{Class, ClassId, Index, Judged, Kind};
use super::memory::{Came, Kept};
use crate::conditions::decide::Tally;
use crate::model::decision::{Need, Outcome, Status};
use crate::model::eligible::Group;

/// Where a class stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What it comes to; none if its conditions cannot be evaluated.
    pub outcome: Option<Outcome>,
    /// How little is missing within its group: of `Now` the promises to sign; of `After` the things that are missing; of `Not` nothing if some
    /// columns can be had, else the conditions that fail, and more than all of them where there is no ground.
    pub rank: u16,
}

/// No ground in law, and no ground published, come after everything that fails by conditions.
const NO_GROUND: u16 = u16::MAX - 1;
const NONE_PUBLISHED: u16 = u16::MAX;

impl Standing {
    const FAULTY: Standing = Standing { outcome: None, rank: 0 };

    /// The group; none of what cannot be evaluated.
    #[must_use]
    pub fn group(&self) -> Option<Group> {
        self.outcome.map(Group::of)
    }
}

/// The answers to one question.
#[derive(Debug)]
pub struct Answers<'a> {
    index: &'a Index,
    kept: Arc<Kept>,
    complete: bool,
    evaluated: usize,
    /// For each unit its status, or that it is a fault, beside whether it is a ground: what is looked at for every class.
    marks: Vec<Mark>,
    standings: Vec<Standing>,
}

/// A unit at a glance.
#[derive(Debug, Clone, Copy)]
struct Mark {
    ground: bool,
    /// None: a fault.
    status: Option<Status>,
}

fn at<T>(list: &[T], number: u32) -> Option<&T> {
    list.get(usize::try_from(number).ok()?)
}

impl<'a> Answers<'a> {
    pub(super) fn of(index: &'a Index, kept: Arc<Kept>, complete: bool, evaluated: usize) -> Self {
        let mark = |(unit, came): (u32, &Came)| {
            let ground = index.body_of(unit).is_some_and(|body| body.ground);
            let status = match came {
                Came::To(status, _) => Some(*status),
                Came::Fault(_) => None,
            };
            Mark { ground, status }
        };
        let marks = (0..).zip(&kept.came).map(mark).collect();
        let mut answers = Answers { index, kept, complete, evaluated, marks, standings: Vec::new() };
        let mut count = Count::new(&answers);
        answers.standings = index.classes.iter().map(|class| answers.standing_of(class, &mut count)).collect();
        answers
    }

    /// Where a class stands.
    #[must_use]
    pub fn standing(&self, class: ClassId) -> Standing {
        at(&self.standings, class.0).copied().unwrap_or(Standing::FAULTY)
    }

    /// How many units were evaluated for them; the others were remembered.
    #[must_use]
    pub fn evaluated(&self) -> usize {
        self.evaluated
    }

    /// What a class that stands `After` needs before it can be used: all facts and approvals, of its ground as well, of every column.
    #[must_use]
    pub fn needs(&self, class: ClassId) -> Need {
        let Some(Class::Judged(judged)) = at(&self.index.classes, class.0) else { return Need::All(Vec::new()) };
        let units = Units { refs: &self.index.refs, judged };
        let mut all = self.unfilled();
        for column in units.columns() {
            let (mut grounds, mut tally) = (Vec::new(), Tally::default());
            for unit in units.of(column) {
                let Some(Mark { ground, status: Some(status) }) = at(&self.marks, *unit).copied() else { continue };
                tally.add(ground, status);
                if ground {
                    grounds.push((status, *unit));
                } else {
                    all.extend(self.need(*unit));
                }
            }
            let best = grounds.into_iter().filter(|(status, _)| *status == tally.best);
            let best: Vec<Need> = best.filter_map(|(_, unit)| self.need(unit)).collect();
            if !best.is_empty() {
                all.push(Need::any(best));
            }
        }
        Need::all(all)
    }

    /// Why a class cannot be evaluated.
    #[must_use]
    pub fn fault(&self, class: ClassId) -> Option<String> {
        let judged = match at(&self.index.classes, class.0)? {
            Class::Without(Kind::Faulty(why)) => return Some(why.clone()),
            Class::Without(_) => return None,
            Class::Judged(judged) => judged,
        };
        let mut units = Units { refs: &self.index.refs, judged }.all();
        units.find_map(|unit| match at(&self.kept.came, *unit) {
            Some(Came::Fault(why)) => Some(why.to_string()),
            _ => None,
        })
    }

    fn need(&self, unit: u32) -> Option<Need> {
        match at(&self.kept.came, unit)? {
            Came::To(_, Some(need)) => Some(Need::clone(need)),
            _ => None,
        }
    }

    /// What is needed of every question that is not filled in.
    fn unfilled(&self) -> Vec<Need> {
        if self.complete { Vec::new() } else { vec![Need::Fact("purpose".to_owned())] }
    }

    fn standing_of(&self, class: &Class, count: &mut Count) -> Standing {
        let stands = |outcome, rank| Standing { outcome: Some(outcome), rank };
        let units = match class {
            Class::Without(Kind::Open) => return stands(Outcome::Permit, 0),
            Class::Without(Kind::NonePublished) => return stands(Outcome::Deny, NONE_PUBLISHED),
            Class::Without(Kind::Judged | Kind::Faulty(_)) => return Standing::FAULTY,
            Class::Judged(judged) => Units { refs: &self.index.refs, judged },
        };
        let (mut outcome, mut partly) = (Outcome::Permit, false);
        for column in units.columns() {
            let Some(tally) = self.tally(&units, column) else { return Standing::FAULTY };
            outcome = outcome.max(tally.outcome());
            partly |= tally.outcome() == Outcome::Permit;
        }
        if !self.complete {
            (outcome, partly) = (outcome.max(Outcome::Incomplete), false);
        }
        let rank = match outcome {
            Outcome::Permit => count.conditions(self, &units, |_, status| status == Status::OnSigning),
            Outcome::Review | Outcome::Incomplete => count.missing(self, &units),
            Outcome::NoGround | Outcome::Deny if partly => 0,
            Outcome::NoGround => NO_GROUND,
            Outcome::Deny => {
                let failing = |column, status| column == Outcome::Deny && status == Status::NotMet;
                count.conditions(self, &units, failing).max(1)
            }
        };
        stands(outcome, rank)
    }

    /// What a column comes to, or a dataset whose columns make no difference; none if a unit is a fault.
    fn tally(&self, units: &Units<'_>, column: usize) -> Option<Tally> {
        let mut tally = Tally::default();
        for unit in units.of(column) {
            let mark = at(&self.marks, *unit)?;
            tally.add(mark.ground, mark.status?);
        }
        if units.judged.unmet > 0 {
            tally.add(false, Status::NotMet);
        }
        Some(tally)
    }
}

/// The units of one class.
#[derive(Debug, Clone, Copy)]
struct Units<'a> {
    refs: &'a [u32],
    judged: &'a Judged,
}

impl<'a> Units<'a> {
    /// The kinds of its columns; one where columns make no difference.
    fn columns(&self) -> std::ops::Range<usize> {
        0..self.judged.kinds.max(1)
    }

    /// All units that judge a column.
    fn of(&self, column: usize) -> impl Iterator<Item = &'a u32> + use<'a> {
        let Judged { first, once, per_column, kinds, .. } = *self.judged;
        let of_column = if kinds == 0 { 0 } else { per_column };
        let (refs, begin) = (self.refs, first + once + column * per_column);
        refs.iter().skip(first).take(once).chain(refs.iter().skip(begin).take(of_column))
    }

    fn all(&self) -> impl Iterator<Item = &'a u32> + use<'a> {
        let Judged { first, once, per_column, kinds, .. } = *self.judged;
        self.refs.iter().skip(first).take(once + per_column * kinds)
    }
}

/// Counts for one class after the other.
#[derive(Debug, Default)]
struct Count {
    /// For each unit the things that it needs, by number.
    of_unit: Vec<Vec<u32>>,
    numbers: BTreeMap<Need, u32>,
    /// The things that a choice of grounds needs.
    of_grounds: HashMap<Vec<u32>, Vec<u32>>,
    unfilled: Vec<u32>,
    /// Of the class that is counted now.
    things: Vec<u32>,
    grounds: Vec<(Status, u32)>,
    seen: Vec<bool>,
}

impl Count {
    fn new(answers: &Answers<'_>) -> Self {
        let mut count = Count::default();
        for came in &answers.kept.came {
            let needs = match came {
                Came::To(_, Some(need)) => count.numbered(need),
                _ => Vec::new(),
            };
            count.of_unit.push(needs);
        }
        count.unfilled = count.numbered(&Need::all(answers.unfilled()));
        count
    }

    /// How many conditions are so, given what the column comes to: for the dataset, or for some column of it.
    fn conditions(&mut self, answers: &Answers<'_>, units: &Units<'_>, so: impl Fn(Outcome, Status) -> bool) -> u16 {
        let mut found = units.judged.unmet;
        self.seen.clear();
        self.seen.resize(units.judged.once + units.judged.per_column, false);
        for column in units.columns() {
            let Some(tally) = answers.tally(units, column) else { continue };
            for (unit, seen) in units.of(column).zip(&mut self.seen) {
                let Some(Mark { ground: false, status: Some(status) }) = at(&answers.marks, *unit).copied() else {
                    continue;
                };
                if !*seen && so(tally.outcome(), status) {
                    *seen = true;
                    found += 1;
                }
            }
        }
        u16::try_from(found).unwrap_or(NO_GROUND).min(NO_GROUND - 1)
    }

    /// How many different things a class needs: as many as [`Answers::needs`] names.
    fn missing(&mut self, answers: &Answers<'_>, units: &Units<'_>) -> u16 {
        let (mut things, mut grounds) = (std::mem::take(&mut self.things), std::mem::take(&mut self.grounds));
        things.clear();
        things.extend(&self.unfilled);
        for column in units.columns() {
            grounds.clear();
            for unit in units.of(column) {
                let Some(Mark { ground, status: Some(status) }) = at(&answers.marks, *unit).copied() else { continue };
                if ground {
                    grounds.push((status, *unit));
                } else if let Some(needs) = at(&self.of_unit, *unit) {
                    things.extend(needs);
                }
            }
            let best = grounds.iter().map(|(status, _)| *status).min();
            if matches!(best, Some(Status::AwaitingReview | Status::Unknown)) {
                grounds.retain(|(status, _)| Some(*status) == best);
                match grounds.as_slice() {
                    [(_, only)] => things.extend(at(&self.of_unit, *only).into_iter().flatten()),
                    many => {
                        let mut many: Vec<u32> = many.iter().map(|(_, unit)| *unit).collect();
                        many.sort_unstable();
                        things.extend(self.one_of(answers, many));
                    }
                }
            }
        }
        things.sort_unstable();
        things.dedup();
        let found = u16::try_from(things.len()).unwrap_or(u16::MAX);
        (self.things, self.grounds) = (things, grounds);
        found
    }

    /// The parts of a need that must all come, by number.
    fn numbered(&mut self, need: &Need) -> Vec<u32> {
        let parts: &[Need] = match need {
            Need::All(parts) => parts,
            one => std::slice::from_ref(one),
        };
        let mut number = |part: &Need| {
            if let Some(known) = self.numbers.get(part) {
                return *known;
            }
            let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            self.numbers.insert(part.clone(), next);
            next
        };
        parts.iter().map(&mut number).collect()
    }

    fn one_of(&mut self, answers: &Answers<'_>, grounds: Vec<u32>) -> Vec<u32> {
        if let Some(known) = self.of_grounds.get(&grounds) {
            return known.clone();
        }
        let needs = grounds.iter().filter_map(|unit| answers.need(*unit)).collect();
        let things = self.numbered(&Need::any(needs));
        self.of_grounds.insert(grounds, things.clone());
        things
    }
}
