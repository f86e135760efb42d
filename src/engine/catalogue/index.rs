//! The index over all datasets, made of the store. It is kept while nothing of what it was made of changes: the epochs of datasets, sets and
//! schema, which the store is asked for at each question, and the instants at which a version that is published already comes into force.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::about::{About, ForFinding, worded};
use crate::cache::Cache;
use crate::conditions::Schema;
use crate::conditions::eligible::{Approvals, Builder, ClassId, Index, Kind as ClassKind, Read, ReadColumn, SetId};
use crate::engine::known::View;
use crate::engine::rows;
use crate::engine::state::{self, Published, PublishedVersion};
use crate::engine::{Engine, EngineError};
use crate::model::condition::Level;
use crate::model::dataset::Access;
use crate::model::record::{ConditionSetPublished, RecordType};
use crate::model::{Digest, Iri, Name, OrgId, Time};
use crate::stems;
use crate::store::Kind;

/// The kinds of rows of which it is made.
const MADE_OF: [Kind; 3] = [Kind::Dataset, Kind::ConditionSet, Kind::Schema];

/// How many rows are read at once, and how many such pages wait to be sorted.
const PAGE: usize = 500;
const PAGES: usize = 4;

/// All datasets at one moment, by short name.
#[derive(Debug)]
pub(in crate::engine) struct Catalogue {
    epochs: [u64; 3],
    /// It holds from this instant, and before that one.
    from: Option<Time>,
    until: Option<Time>,
    pub(in crate::engine) schema: Arc<Schema>,
    pub(in crate::engine) index: Index,
    pub(in crate::engine) listed: Vec<Listed>,
    pub(in crate::engine) owners: Vec<OrgId>,
    /// For whom some datasets are.
    pub(in crate::engine) audiences: Vec<BTreeSet<OrgId>>,
    /// What datasets are about and how they are given: each combination once.
    pub(in crate::engine) abouts: Vec<About>,
    /// The numbers under which datasets are found by words, in their order, with the places of the datasets.
    pub(in crate::engine) numbers: Vec<(u64, usize)>,
    /// The short names of datasets that have no words yet, or those of an older version.
    pub(in crate::engine) unworded: Vec<String>,
    /// Datasets to which others have relations, with the short names of those.
    pub(in crate::engine) pointed_at: HashMap<Iri, BTreeSet<Name>>,
    /// Which classes ask an approval, as of a minute.
    pub(in crate::engine) approvals: Cache<i64, Arc<Approvals>>,
}

/// A dataset in the index.
#[derive(Debug)]
pub(in crate::engine) struct Listed {
    pub(in crate::engine) slug: Name,
    /// Its place among the owners.
    pub(in crate::engine) owner: u32,
    /// Its place among the audiences; none: for everybody.
    pub(in crate::engine) audience: Option<u32>,
    pub(in crate::engine) access: Access,
    pub(in crate::engine) class: ClassId,
    /// Its place among what datasets are about.
    pub(in crate::engine) about: u32,
    /// Whether it is refused at once: no set names a ground, and by the narrowest set a refusal needs no person.
    pub(in crate::engine) refused: bool,
    /// Its catalogue holds it no more: it is listed, and cannot be asked for.
    pub(in crate::engine) gone: bool,
}

/// The index that was made last.
#[derive(Debug, Default)]
pub(in crate::engine) struct LastMade(Mutex<Option<Arc<Catalogue>>>);

/// What the index reads of the row of a dataset.
#[derive(Deserialize)]
struct Kept {
    dataset: Described,
    #[serde(default)]
    gone: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    id: Iri,
    slug: Name,
    owner: OrgId,
    access: Access,
    personal_data: bool,
    special_categories: bool,
    #[serde(default)]
    embargo_until: Option<Time>,
    #[serde(default)]
    columns: Vec<ReadColumn>,
    #[serde(default)]
    audience: Option<BTreeSet<OrgId>>,
    #[serde(default)]
    described: Option<Box<ForFinding>>,
    #[serde(default)]
    structure: Pointing,
}

/// What the index reads of how a dataset is built.
#[derive(Default, Deserialize)]
struct Pointing {
    #[serde(default)]
    relations: Vec<Points>,
}

#[derive(Deserialize)]
struct Points {
    dataset: Iri,
}

impl Catalogue {
    /// A dataset by its short name.
    pub(in crate::engine) fn find(&self, slug: &Name) -> Option<&Listed> {
        let at = self.listed.binary_search_by(|listed| listed.slug.cmp(slug)).ok()?;
        self.listed.get(at)
    }

    fn holds(&self, epochs: [u64; 3], now: Time) -> bool {
        self.epochs == epochs && self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
}

impl Engine {
    /// Makes the index over all datasets, and the words by which they are found, as far as they are not there: so that who asks first need not
    /// wait for them.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn index_datasets(&self) -> Result<usize, EngineError> {
        Ok(self.searchable(self.clock.now())?.1.listed.len())
    }

    /// The index as of a look at the store. Whoever comes while it is being made waits for it: making it twice would take twice as long.
    pub(in crate::engine) fn catalogue(&self, view: &View, now: Time) -> Result<Arc<Catalogue>, EngineError> {
        let mut last = self.catalogue.0.lock().unwrap_or_else(PoisonError::into_inner);
        let epochs = MADE_OF.map(|kind| view.epoch(kind));
        if let Some(made) = last.as_ref().filter(|made| made.holds(epochs, now)) {
            return Ok(Arc::clone(made));
        }
        // what it was made of is gone: the room is given back before it is needed
        *last = None;
        let made = Arc::new(Making::new(self, view, now)?.make(view, epochs)?);
        *last = Some(Arc::clone(&made));
        Ok(made)
    }
}

/// An index that is being made.
struct Making<'e> {
    engine: &'e Engine,
    now: Time,
    schema: Arc<Schema>,
    builder: Builder,
    /// The set in force under each key.
    in_force: HashMap<String, PublishedVersion>,
    /// What became of each text: its set, or why it cannot be read.
    sets: HashMap<(Level, Digest), Result<SetId, String>>,
    owners: HashMap<OrgId, u32>,
    audiences: HashMap<BTreeSet<OrgId>, u32>,
    abouts: HashMap<About, u32>,
    pointed_at: HashMap<Iri, BTreeSet<Name>>,
    /// Whether by a set a refusal needs no person, by its record.
    refusals: HashMap<Digest, bool>,
    from: Option<Time>,
    until: Option<Time>,
}

impl<'e> Making<'e> {
    fn new(engine: &'e Engine, view: &View, now: Time) -> Result<Self, EngineError> {
        let schema = engine.schema_in_force(view, &mut Vec::new(), now)?;
        Ok(Making {
            engine,
            now,
            builder: Builder::new(Arc::clone(&schema))?,
            schema,
            in_force: HashMap::new(),
            sets: HashMap::new(),
            owners: HashMap::new(),
            audiences: HashMap::new(),
            abouts: HashMap::new(),
            pointed_at: HashMap::new(),
            refusals: HashMap::new(),
            from: None,
            until: None,
        })
    }

    fn make(mut self, view: &View, epochs: [u64; 3]) -> Result<Catalogue, EngineError> {
        if let Some(schema) = self.engine.versions_of(view, Kind::Schema, "schema")? {
            self.published(&schema.value);
        }
        let store = &*self.engine.store;
        rows::each_row(store, Kind::ConditionSet, None, |row| {
            let published = rows::parse::<Published>(&row)?.value;
            self.published(&published);
            if let Some(version) = published.in_force(self.now) {
                self.in_force.insert(row.key, version.clone());
            }
            Ok(())
        })?;
        self.read_sets()?;
        let (mut found, unworded) = self.datasets()?;
        found.sort_unstable_by(|(a, _), (b, _)| a.slug.cmp(&b.slug));
        let (listed, numbers): (Vec<Listed>, Vec<Option<u64>>) = found.into_iter().unzip();
        let mut numbers: Vec<(u64, usize)> =
            numbers.into_iter().zip(0..).filter_map(|(n, at)| Some((n?, at))).collect();
        numbers.sort_unstable();
        Ok(Catalogue {
            epochs,
            from: self.from,
            until: self.until,
            schema: self.schema,
            index: self.builder.finish(),
            listed,
            owners: numbered(self.owners),
            audiences: numbered(self.audiences),
            abouts: numbered(self.abouts),
            numbers,
            unworded,
            pointed_at: self.pointed_at,
            approvals: Cache::new(1),
        })
    }

    /// Reads every text in force, on all cores.
    fn read_sets(&mut self) -> Result<(), EngineError> {
        let level = |key: &str| match key.split_once('/') {
            Some(("owner", _)) => Level::Owner,
            Some(_) => Level::Dataset,
            None => Level::Portal,
        };
        let texts = self.in_force.iter().map(|(key, version)| ((level(key), version.text), version));
        let texts: Vec<_> = texts.collect::<BTreeMap<_, _>>().into_iter().collect();
        let (engine, schema, next) = (self.engine, &self.schema, AtomicUsize::new(0));
        let found = Mutex::new(Vec::with_capacity(texts.len()));
        thread::scope(|scope| {
            for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
                scope.spawn(|| {
                    while let Some(((level, _), version)) = texts.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let set = engine.compiled.set(schema, *level, version.text, || {
                            let kind = RecordType::ConditionSet;
                            Ok(engine.record::<ConditionSetPublished>(&version.record, kind)?.subject.text)
                        });
                        found.lock().unwrap_or_else(PoisonError::into_inner).push(((*level, version.text), set));
                    }
                });
            }
        });
        for (key, set) in found.into_inner().unwrap_or_else(PoisonError::into_inner) {
            let set = match set {
                Ok(set) => Ok(self.builder.set(&set)),
                Err(error) if error.stops() => return Err(error),
                Err(error) => {
                    tracing::error!(%error, level = key.0.as_str(), "a set in force cannot be read");
                    Err(error.to_string())
                }
            };
            self.sets.insert(key, set);
        }
        Ok(())
    }

    /// Every dataset with its number, and those that lack their words: one thread reads rows while another sorts them into classes.
    fn datasets(&mut self) -> Result<(Vec<Numbered>, Vec<String>), EngineError> {
        let store = Arc::clone(&self.engine.store);
        let mut worded = worded(&*store)?;
        let (read, pages) = sync_channel(PAGES);
        thread::scope(|scope| {
            scope.spawn(move || {
                let mut after: Option<String> = None;
                loop {
                    let page = store.rows(Kind::Dataset, None, after.as_deref(), PAGE);
                    after = page.as_ref().ok().and_then(|rows| rows.last()).map(|row| row.key.clone());
                    let last = page.as_ref().map_or(true, |rows| rows.len() < PAGE);
                    // nobody listens any more after an error
                    if read.send(page).is_err() || last {
                        return;
                    }
                }
            });
            let (mut found, mut unworded) = (Vec::new(), Vec::new());
            for page in pages {
                for row in page? {
                    let Kept { dataset, gone } = rows::parse::<Kept>(&row)?.value;
                    let words = worded.remove(&row.key);
                    if !words.as_ref().is_some_and(|words| words.version == row.version && words.form >= stems::FORM) {
                        unworded.push(row.key);
                    }
                    found.push((self.listed(dataset, gone.is_some())?, words.map(|words| words.number)));
                }
            }
            Ok((found, unworded))
        })
    }

    /// The index holds while the same versions are in force.
    fn published(&mut self, published: &Published) {
        for from in published.versions.iter().map(|v| v.from) {
            if from <= self.now {
                self.from = self.from.max(Some(from));
            } else {
                self.until = Some(self.until.map_or(from, |until| until.min(from)));
            }
        }
    }

    fn listed(&mut self, d: Described, gone: bool) -> Result<Listed, EngineError> {
        let class = match self.sets_of(&d) {
            Err(why) => self.builder.without(ClassKind::Faulty(why)),
            Ok(_) if d.access == Access::Open => self.builder.without(ClassKind::Open),
            Ok(sets) => {
                let read = Read {
                    personal_data: d.personal_data,
                    special_categories: d.special_categories,
                    embargo_until: d.embargo_until,
                    columns: &d.columns,
                };
                self.builder.class(&sets, &read)
            }
        };
        let refused = self.builder.kind(class) == ClassKind::NonePublished && self.refuses_alone(&d)?;
        for relation in d.structure.relations {
            self.pointed_at.entry(relation.dataset).or_default().insert(d.slug.clone());
        }
        let audience = d.audience.map(|audience| number(&mut self.audiences, audience));
        let about = number(&mut self.abouts, About::of(d.described.map(|described| *described).unwrap_or_default()));
        let owner = number(&mut self.owners, d.owner);
        Ok(Listed { owner, audience, access: d.access, class, about, refused, gone, slug: d.slug })
    }

    /// Whether by the narrowest set in force a refusal needs no person.
    fn refuses_alone(&mut self, d: &Described) -> Result<bool, EngineError> {
        let mut narrowest = state::set_keys(&d.owner, &d.id).into_iter().rev();
        let Some(version) = narrowest.find_map(|(_, key)| self.in_force.get(&key)) else { return Ok(false) };
        if let Some(known) = self.refusals.get(&version.record.digest) {
            return Ok(*known);
        }
        let set = self.engine.record::<ConditionSetPublished>(&version.record, RecordType::ConditionSet)?.subject;
        self.refusals.insert(version.record.digest, set.automatic_refusals);
        Ok(set.automatic_refusals)
    }

    /// The sets that bind a dataset, or why they cannot be told.
    fn sets_of(&self, d: &Described) -> Result<Vec<SetId>, String> {
        let levels = state::set_keys(&d.owner, &d.id);
        let in_force = levels.into_iter().filter_map(|(level, key)| Some((level, self.in_force.get(&key)?.text)));
        let unread = || Err("a set in force was not read".to_owned());
        in_force.map(|key| self.sets.get(&key).cloned().unwrap_or_else(unread)).collect()
    }
}

/// A dataset, and the number under which it is found.
type Numbered = (Listed, Option<u64>);

fn number<T: Eq + std::hash::Hash>(known: &mut HashMap<T, u32>, thing: T) -> u32 {
    let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
    *known.entry(thing).or_insert(next)
}

/// The things in the order of their numbers.
fn numbered<T>(known: HashMap<T, u32>) -> Vec<T> {
    let mut all: Vec<(T, u32)> = known.into_iter().collect();
    all.sort_unstable_by_key(|(_, number)| *number);
    all.into_iter().map(|(thing, _)| thing).collect()
}
