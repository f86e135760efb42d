//! Units and classes, made once of what is in force.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use serde::Deserialize;

use super::bodies::{Bodies, Body, Reads};
use super::memory::Memory;
use crate::conditions::cases::CaseDataset;
use crate::conditions::load::{Asked, ConditionSet};
use crate::conditions::schema::Schema;
use crate::model::condition::Level;
use crate::model::dataset::{Column, Dataset};
use crate::model::{Digest, JsonError, Name, Time};

/// A condition set by its number in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SetId(u32);

/// A class of datasets by its number in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId(pub(super) u32);

/// What conditions can read of a dataset.
#[derive(Debug, Clone, Copy)]
pub struct Read<'a> {
    /// Holds personal data.
    pub personal_data: bool,
    /// Holds special categories of personal data.
    pub special_categories: bool,
    /// Not given before this instant.
    pub embargo_until: Option<Time>,
    /// Its columns.
    pub columns: &'a [ReadColumn],
}

/// What conditions can read of a column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReadColumn {
    /// Its name.
    pub name: String,
    /// Its group.
    #[serde(default)]
    pub group: String,
    /// Holds personal data.
    #[serde(default)]
    pub personal: bool,
    /// Identifies a person directly.
    #[serde(default)]
    pub identifying: bool,
    /// Holds special categories.
    #[serde(default)]
    pub special: bool,
}

impl From<&Column> for ReadColumn {
    fn from(c: &Column) -> Self {
        ReadColumn {
            name: c.name.clone(),
            group: c.group.clone(),
            personal: c.personal,
            identifying: c.identifying,
            special: c.special,
        }
    }
}

/// How a class is answered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Open: no condition is asked.
    Open,
    /// Not open, and no set in force names a ground.
    NonePublished,
    /// By its conditions.
    Judged,
    /// Not at all: its conditions cannot be read, and why.
    Faulty(String),
}

/// What is read of a column; `None` where it makes no difference.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ColumnProbe {
    pub(super) name: Option<String>,
    pub(super) group: Option<String>,
    /// Personal, identifying, special.
    pub(super) marks: [Option<bool>; 3],
}

impl ColumnProbe {
    fn of(column: &ReadColumn, reads: Reads) -> Self {
        ColumnProbe {
            name: reads.name.then(|| column.name.clone()),
            group: reads.group.then(|| column.group.clone()),
            marks: [
                reads.personal.then_some(column.personal),
                reads.identifying.then_some(column.identifying),
                reads.special.then_some(column.special),
            ],
        }
    }

    /// The same, as far as fewer things are read.
    fn within(&self, reads: Reads) -> Self {
        let [personal, identifying, special] = self.marks;
        ColumnProbe {
            name: self.name.clone().filter(|_| reads.name),
            group: self.group.clone().filter(|_| reads.group),
            marks: [
                personal.filter(|_| reads.personal),
                identifying.filter(|_| reads.identifying),
                special.filter(|_| reads.special),
            ],
        }
    }

    /// A column of which no more is said.
    pub(super) fn column(&self) -> Column {
        let [personal, identifying, special] = self.marks.map(|mark| mark.unwrap_or(false));
        Column {
            name: self.name.clone().unwrap_or_default(),
            title: None,
            group: self.group.clone().unwrap_or_default(),
            personal,
            identifying,
            special,
            description: None,
            datatype: None,
            required: false,
            concept: None,
        }
    }
}

/// What is read of a dataset, and of a column of it; `None` where it makes no difference.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Probe {
    pub(super) personal_data: Option<bool>,
    pub(super) special_categories: Option<bool>,
    pub(super) embargo: Option<Option<Time>>,
    /// The columns asked for, by the number of their set.
    pub(super) columns: Option<u32>,
    pub(super) column: Option<ColumnProbe>,
}

impl Probe {
    fn of(read: &Read<'_>, columns: Option<u32>, reads: Reads, column: Option<&ColumnProbe>) -> Self {
        Probe {
            personal_data: reads.personal_data.then_some(read.personal_data),
            special_categories: reads.special_categories.then_some(read.special_categories),
            embargo: reads.embargo.then_some(read.embargo_until),
            columns: columns.filter(|_| reads.columns),
            column: column.map(|c| c.within(reads)),
        }
    }
}

/// The bodies of the sets that bind a dataset.
#[derive(Debug, Clone, Default)]
struct SliceRead {
    once: Vec<u32>,
    per_column: Vec<u32>,
    has_ground: bool,
    /// What all of them read, and what those per column read.
    reads: Reads,
    of_column: Reads,
}

/// A class as it is kept.
#[derive(Debug, Clone)]
pub(super) enum Class {
    Without(Kind),
    Judged(Judged),
}

/// Where the units of a class are: those of the bodies that are asked once, then for each kind of column all that are asked per column, and
/// those for a column of that kind that is asked for alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged {
    /// Where its units begin.
    pub(super) first: usize,
    /// How many bodies are asked once, and how many per column.
    pub(super) once: usize,
    pub(super) per_column: usize,
    /// How many kinds of columns it has, as far as any body tells them apart.
    pub(super) kinds: usize,
    /// How many bodies look at which columns are asked for: each has another unit for a column that is asked for alone.
    pub(super) alone: usize,
    /// How many conditions are asked per column where no columns are known: they cannot be answered, and are not taken as met.
    pub(super) unmet: usize,
}

/// What makes a class: the slice, and the values of what it reads.
#[derive(Debug, PartialEq, Eq, Hash)]
enum ClassKey {
    Without(Kind),
    Judged { slice: u32, dataset: Probe, kinds: u32 },
}

/// A list that holds each thing once.
#[derive(Debug)]
struct Numbered<T> {
    known: HashMap<T, u32>,
    all: Vec<T>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Numbered { known: HashMap::new(), all: Vec::new() }
    }
}

impl<T: Eq + Hash + Clone> Numbered<T> {
    /// Its number, and whether it is new.
    fn number(&mut self, thing: T) -> (u32, bool) {
        if let Some(known) = self.known.get(&thing) {
            return (*known, false);
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.known.insert(thing.clone(), number);
        self.all.push(thing);
        (number, true)
    }
}

/// An index that is being made.
#[derive(Debug)]
pub struct Builder {
    schema: Arc<Schema>,
    blank: Dataset,
    bodies: Bodies,
    sets: HashMap<(Level, Digest), SetId>,
    of_set: Vec<SliceRead>,
    slices: HashMap<Vec<SetId>, u32>,
    of_slice: Vec<SliceRead>,
    columns: Numbered<BTreeSet<String>>,
    kinds: Numbered<Vec<ColumnProbe>>,
    probes: Numbered<Probe>,
    units: Numbered<(u32, u32)>,
    classes: Vec<Class>,
    known: HashMap<ClassKey, ClassId>,
    refs: Vec<u32>,
}

fn at<T>(list: &[T], number: u32) -> Option<&T> {
    list.get(usize::try_from(number).ok()?)
}

fn kind(classes: &[Class], class: ClassId) -> Kind {
    match at(classes, class.0) {
        Some(Class::Without(kind)) => kind.clone(),
        Some(Class::Judged(_)) => Kind::Judged,
        None => Kind::Faulty("it is in no index".to_owned()),
    }
}

impl Builder {
    /// An empty one, for sets under this schema.
    ///
    /// # Errors
    /// Never; the type is that of reading JSON.
    pub fn new(schema: Arc<Schema>) -> Result<Self, JsonError> {
        Ok(Builder {
            schema,
            blank: CaseDataset::default().into_dataset()?,
            bodies: Bodies::default(),
            sets: HashMap::new(),
            of_set: Vec::new(),
            slices: HashMap::new(),
            of_slice: Vec::new(),
            columns: Numbered::default(),
            kinds: Numbered::default(),
            probes: Numbered::default(),
            units: Numbered::default(),
            classes: Vec::new(),
            known: HashMap::new(),
            refs: Vec::new(),
        })
    }

    /// Takes a set in.
    pub fn set(&mut self, set: &ConditionSet) -> SetId {
        let key = (set.level(), set.digest());
        if let Some(known) = self.sets.get(&key) {
            return *known;
        }
        let mut read = SliceRead::default();
        for condition in set.conditions() {
            let body = self.bodies.number(&self.schema, condition);
            let reads = self.bodies.get(body).map_or_else(Reads::default, |b| b.reads);
            read.has_ground |= self.bodies.get(body).is_some_and(|b| b.ground);
            read.reads = read.reads.or(reads);
            if condition.asked == Asked::Once {
                read.once.push(body);
            } else {
                read.per_column.push(body);
                read.of_column = read.of_column.or(reads);
            }
        }
        let id = SetId(u32::try_from(self.of_set.len()).unwrap_or(u32::MAX));
        self.of_set.push(read);
        self.sets.insert(key, id);
        id
    }

    /// The class of a dataset for which no condition is asked.
    pub fn without(&mut self, kind: Kind) -> ClassId {
        let key = ClassKey::Without(kind.clone());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        self.add(key, Class::Without(kind))
    }

    /// How a class will be answered.
    #[must_use]
    pub fn kind(&self, class: ClassId) -> Kind {
        kind(&self.classes, class)
    }

    /// The class of a dataset that is not open, under the sets that bind it.
    pub fn class(&mut self, sets: &[SetId], read: &Read<'_>) -> ClassId {
        let number = self.slice(sets);
        let Some(slice) = at(&self.of_slice, number).filter(|slice| slice.has_ground).cloned() else {
            return self.without(Kind::NonePublished);
        };
        let names = || read.columns.iter().map(|c| c.name.clone()).collect();
        let columns = if slice.reads.columns { Some(self.columns.number(names()).0) } else { None };
        let mut kinds: Vec<ColumnProbe> = Vec::new();
        if !slice.per_column.is_empty() || slice.reads.columns {
            // a column that is asked for alone is told by its name
            let reads = Reads { name: slice.of_column.name || slice.reads.columns, ..slice.of_column };
            kinds.extend(read.columns.iter().map(|c| ColumnProbe::of(c, reads)));
            kinds.sort_unstable();
            kinds.dedup();
        }
        let dataset = Probe::of(read, columns, slice.reads, None);
        let key = ClassKey::Judged { slice: number, dataset, kinds: self.kinds.number(kinds.clone()).0 };
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let first = self.refs.len();
        for body in &slice.once {
            self.reference(*body, read, columns, None);
        }
        for kind in &kinds {
            for body in &slice.per_column {
                self.reference(*body, read, columns, Some(kind));
            }
            let alone = slice.reads.columns.then(|| self.columns.number(kind.name.clone().into_iter().collect()).0);
            for (body, column) in
                slice.once.iter().map(|b| (b, None)).chain(slice.per_column.iter().map(|b| (b, Some(kind))))
            {
                if self.reads(*body).columns {
                    self.reference(*body, read, alone, column);
                }
            }
        }
        let conditions = slice.per_column.iter().filter(|b| self.bodies.get(**b).is_some_and(|b| !b.ground)).count();
        let judged = Judged {
            first,
            once: slice.once.len(),
            per_column: slice.per_column.len(),
            kinds: kinds.len(),
            alone: slice.once.iter().chain(&slice.per_column).filter(|body| self.reads(**body).columns).count(),
            unmet: if kinds.is_empty() { conditions } else { 0 },
        };
        self.add(key, Class::Judged(judged))
    }

    fn add(&mut self, key: ClassKey, class: Class) -> ClassId {
        let id = ClassId(u32::try_from(self.classes.len()).unwrap_or(u32::MAX));
        self.classes.push(class);
        self.known.insert(key, id);
        id
    }

    fn slice(&mut self, sets: &[SetId]) -> u32 {
        if let Some(known) = self.slices.get(sets) {
            return *known;
        }
        let mut slice = SliceRead::default();
        for set in sets.iter().filter_map(|id| at(&self.of_set, id.0)) {
            slice.once.extend(&set.once);
            slice.per_column.extend(&set.per_column);
            slice.has_ground |= set.has_ground;
            slice.reads = slice.reads.or(set.reads);
            slice.of_column = slice.of_column.or(set.of_column);
        }
        let number = u32::try_from(self.of_slice.len()).unwrap_or(u32::MAX);
        self.of_slice.push(slice);
        self.slices.insert(sets.to_vec(), number);
        number
    }

    fn reference(&mut self, body: u32, read: &Read<'_>, columns: Option<u32>, column: Option<&ColumnProbe>) {
        let reads = self.reads(body);
        let (probe, _) = self.probes.number(Probe::of(read, columns, reads, column));
        let (unit, _) = self.units.number((body, probe));
        self.refs.push(unit);
    }

    fn reads(&self, body: u32) -> Reads {
        self.bodies.get(body).map_or_else(Reads::default, |b| b.reads)
    }

    /// The index.
    #[must_use]
    pub fn finish(self) -> Index {
        let mut by_probe: Vec<Vec<u32>> = vec![Vec::new(); self.probes.all.len()];
        for (unit, (_, probe)) in (0..).zip(&self.units.all) {
            if let Some(units) = usize::try_from(*probe).ok().and_then(|probe| by_probe.get_mut(probe)) {
                units.push(unit);
            }
        }
        let bodies = self.bodies.into_all();
        Index {
            schema: self.schema,
            blank: self.blank,
            accepts: bodies.iter().filter_map(|body| body.accepts.clone()).collect(),
            bodies,
            columns: self.columns.all,
            probes: self.probes.all.into_iter().zip(by_probe).collect(),
            units: self.units.all.into_iter().map(|(body, _)| body).collect(),
            classes: self.classes,
            refs: self.refs,
            memory: Memory::default(),
        }
    }
}

/// All datasets by class.
#[derive(Debug)]
pub struct Index {
    pub(super) schema: Arc<Schema>,
    /// A dataset of which nothing is said.
    pub(super) blank: Dataset,
    pub(super) bodies: Vec<Body>,
    /// Everything that can be accepted by signing.
    pub(super) accepts: BTreeSet<Name>,
    /// Sets of names of columns.
    pub(super) columns: Vec<BTreeSet<String>>,
    /// Each choice of values, with the units that read it.
    pub(super) probes: Vec<(Probe, Vec<u32>)>,
    /// The body of each unit.
    pub(super) units: Vec<u32>,
    pub(super) classes: Vec<Class>,
    /// The units of all classes, one after the other.
    pub(super) refs: Vec<u32>,
    pub(super) memory: Memory,
}

impl Index {
    /// What can be accepted by signing, over some classes.
    #[must_use]
    pub fn accepted_by(&self, classes: &BTreeSet<ClassId>) -> BTreeSet<Name> {
        let mut bodies: BTreeSet<u32> = BTreeSet::new();
        for class in classes {
            if let Some(Class::Judged(j)) = at(&self.classes, class.0) {
                let units = self.refs.iter().skip(j.first).take(j.once + (j.per_column + j.alone) * j.kinds);
                bodies.extend(units.filter_map(|unit| at(&self.units, *unit)));
            }
        }
        bodies.into_iter().filter_map(|body| at(&self.bodies, body)?.accepts.clone()).collect()
    }

    /// How many bodies, units and classes there are.
    #[must_use]
    pub fn sizes(&self) -> [usize; 3] {
        [self.bodies.len(), self.units.len(), self.classes.len()]
    }

    /// How a class is answered.
    #[must_use]
    pub fn kind(&self, class: ClassId) -> Kind {
        kind(&self.classes, class)
    }

    pub(super) fn body_of(&self, unit: u32) -> Option<&Body> {
        at(&self.bodies, *at(&self.units, unit)?)
    }
}
