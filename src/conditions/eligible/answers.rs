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
    /// What it comes to, for all of its columns together; none if its conditions cannot be evaluated.
    pub outcome: Option<Outcome>,
    /// Its group. One that cannot be had with all of its columns stands `After` as well, if it can with fewer.
    pub group: Option<Group>,
    /// How little is missing within its group: of `Now` the promises to sign; of `After` the things that are missing, asking for fewer columns
    /// among them; of `Not` the conditions that fail, and more than all of them where there is no ground.
    pub rank: u16,
}

/// No ground in law, and no ground published, come after everything that fails by conditions.
const NO_GROUND: u16 = u16::MAX - 1;
const NONE_PUBLISHED: u16 = u16::MAX;

impl Standing {
    const FAULTY: Standing = Standing { outcome: None, group: None, rank: 0 };
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
    /// Its body looks at which columns are asked for.
    columns: bool,
    /// None: a fault.
    status: Option<Status>,
}

fn at<T>(list: &[T], number: u32) -> Option<&T> {
    list.get(usize::try_from(number).ok()?)
}

impl<'a> Answers<'a> {
    pub(super) fn of(index: &'a Index, kept: Arc<Kept>, complete: bool, evaluated: usize) -> Self {
        let mark = |(unit, came): (u32, &Came)| {
            let body = index.body_of(unit);
            let ground = body.is_some_and(|body| body.ground);
            let columns = body.is_some_and(|body| body.reads.columns);
            let status = match came {
                Came::To(status, _) => Some(*status),
                Came::Fault(_) => None,
            };
            Mark { ground, columns, status }
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

    /// What a class that stands `After` needs before it can be used: all facts and approvals, of its ground as well, of every column; where not
    /// all columns can be had, of those that can when each is asked for alone.
    #[must_use]
    pub fn needs(&self, class: ClassId) -> Need {
        let Some(Class::Judged(judged)) = at(&self.index.classes, class.0) else { return Need::All(Vec::new()) };
        let units = Units { refs: &self.index.refs, judged };
        let mut all = self.unfilled();
        for column in self.wanted(&units, self.standing(class).outcome) {
            let (mut grounds, mut tally) = (Vec::new(), Tally::default());
            for unit in column {
                let Some(Mark { ground, status: Some(status), .. }) = at(&self.marks, *unit).copied() else { continue };
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

    /// The units of each column that is wanted: of all of them, or where those cannot be had, of each that can when it is asked for alone.
    fn wanted<'u>(&'u self, units: &Units<'u>, outcome: Option<Outcome>) -> Vec<Vec<&'u u32>> {
        if outcome.is_some_and(refused) {
            let left = units.columns().filter(|column| self.is_left(units, *column));
            return left.map(|column| self.alone(units, column).collect()).collect();
        }
        units.columns().map(|column| units.of(column).collect()).collect()
    }

    /// Whether a column can still be had when it is asked for alone.
    fn is_left(&self, units: &Units<'_>, column: usize) -> bool {
        units.judged.kinds > 0 && self.tally(self.alone(units, column), 0).is_some_and(|t| !refused(t.outcome()))
    }

    /// The units that judge a column that is asked for alone: others of those bodies that look at which columns are asked for.
    fn alone<'u>(&'u self, units: &Units<'u>, column: usize) -> impl Iterator<Item = &'u u32> + use<'u, 'a> {
        let rest = units.of(column).filter(move |unit| at(&self.marks, **unit).is_none_or(|mark| !mark.columns));
        rest.chain(units.of_alone(column))
    }

    /// Why a class cannot be evaluated.
    #[must_use]
    pub fn fault(&self, class: ClassId) -> Option<String> {
        let judged = match at(&self.index.classes, class.0)? {
            Class::Without(Kind::Faulty(why)) => return Some(why.clone()),
            Class::Without(_) => return None,
            Class::Judged(judged) => judged,
        };
        let units = Units { refs: &self.index.refs, judged };
        units.all().find_map(|unit| match at(&self.kept.came, *unit) {
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

    fn standing_of(&self, class: &'a Class, count: &mut Count) -> Standing {
        let stands = |outcome, rank| Standing { outcome: Some(outcome), group: Some(Group::of(outcome)), rank };
        let units = match class {
            Class::Without(Kind::Open) => return stands(Outcome::Permit, 0),
            Class::Without(Kind::NonePublished) => return stands(Outcome::Deny, NONE_PUBLISHED),
            Class::Without(Kind::Judged | Kind::Faulty(_)) => return Standing::FAULTY,
            Class::Judged(judged) => Units { refs: &self.index.refs, judged },
        };
        let mut outcome = if self.complete { Outcome::Permit } else { Outcome::Incomplete };
        for column in units.columns() {
            let Some(tally) = self.tally(units.of(column), units.judged.unmet) else { return Standing::FAULTY };
            outcome = outcome.max(tally.outcome());
        }
        let fewer = refused(outcome) && units.columns().any(|column| self.is_left(&units, column));
        let group = if fewer { Group::After } else { Group::of(outcome) };
        let rank = match group {
            Group::Now => count.conditions(self, &units, |_, status| status == Status::OnSigning),
            Group::After => count.missing(self, &self.wanted(&units, Some(outcome))).saturating_add(fewer.into()),
            Group::Not if outcome == Outcome::NoGround => NO_GROUND,
            Group::Not => {
                let failing = |column, status| column == Outcome::Deny && status == Status::NotMet;
                count.conditions(self, &units, failing).max(1)
            }
        };
        Standing { outcome: Some(outcome), group: Some(group), rank }
    }

    /// What some units come to; none if one is a fault. `unmet`: beside them stand conditions that cannot be met.
    fn tally<'u>(&self, units: impl Iterator<Item = &'u u32>, unmet: usize) -> Option<Tally> {
        let mut tally = Tally::default();
        for unit in units {
            let mark = at(&self.marks, *unit)?;
            tally.add(mark.ground, mark.status?);
        }
        if unmet > 0 {
            tally.add(false, Status::NotMet);
        }
        Some(tally)
    }
}

fn refused(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Deny | Outcome::NoGround)
}

/// The units of one class.
#[derive(Debug, Clone, Copy)]
pub(super) struct Units<'a> {
    pub(super) refs: &'a [u32],
    pub(super) judged: &'a Judged,
}

impl<'a> Units<'a> {
    /// The kinds of its columns; one where columns make no difference.
    fn columns(&self) -> std::ops::Range<usize> {
        0..self.judged.kinds.max(1)
    }

    /// All units that judge a column, when all columns are asked for.
    fn of(&self, column: usize) -> impl Iterator<Item = &'a u32> + use<'a> {
        let Judged { first, once, per_column, .. } = *self.judged;
        let of_column = if self.judged.kinds == 0 { 0 } else { per_column };
        let once = self.refs.iter().skip(first).take(once);
        once.chain(self.refs.iter().skip(self.begin(column)).take(of_column))
    }

    /// The units of those bodies that look at which columns are asked for, when this one is asked for alone.
    fn of_alone(&self, column: usize) -> impl Iterator<Item = &'a u32> + use<'a> {
        let Judged { per_column, alone, .. } = *self.judged;
        self.refs.iter().skip(self.begin(column) + per_column).take(alone)
    }

    /// Where the units of a column begin.
    fn begin(&self, column: usize) -> usize {
        let Judged { first, once, per_column, alone, .. } = *self.judged;
        first + once + column * (per_column + alone)
    }

    /// All that are evaluated when all columns are asked for.
    pub(super) fn all(&self) -> impl Iterator<Item = &'a u32> {
        self.columns().flat_map(move |column| self.of(column))
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
            let Some(tally) = answers.tally(units.of(column), units.judged.unmet) else { continue };
            for (unit, seen) in units.of(column).zip(&mut self.seen) {
                let Some(Mark { ground: false, status: Some(status), .. }) = at(&answers.marks, *unit).copied() else {
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

    /// How many different things these columns need: as many as [`Answers::needs`] names.
    fn missing(&mut self, answers: &Answers<'_>, columns: &[Vec<&u32>]) -> u16 {
        let (mut things, mut grounds) = (std::mem::take(&mut self.things), std::mem::take(&mut self.grounds));
        things.clear();
        things.extend(&self.unfilled);
        for column in columns {
            grounds.clear();
            for unit in column.iter().copied() {
                let Some(Mark { ground, status: Some(status), .. }) = at(&answers.marks, *unit).copied() else {
                    continue;
                };
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
