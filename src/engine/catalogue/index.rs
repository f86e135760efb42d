//! The index over all datasets, made of the store. It is kept while nothing of what it was made of changes: the epochs of datasets, sets and
//! schema, which the store is asked for at each question, and the instants at which a version that is published already comes into force.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use crate::conditions::Schema;
use crate::conditions::eligible::{Builder, ClassId, Index, Kind as ClassKind, Read, ReadColumn, SetId};
use crate::engine::known::View;
use crate::engine::rows;
use crate::engine::state::{self, Published, PublishedVersion};
use crate::engine::{Engine, EngineError};
use crate::model::condition::Level;
use crate::model::dataset::Access;
use crate::model::record::{ConditionSetPublished, RecordType};
use crate::model::{Digest, Iri, Name, OrgId, Time};
use crate::store::Kind;

/// The kinds of rows of which it is made.
const MADE_OF: [Kind; 3] = [Kind::Dataset, Kind::ConditionSet, Kind::Schema];

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
}

/// The index that was made last.
#[derive(Debug, Default)]
pub(in crate::engine) struct LastMade(Mutex<Option<Arc<Catalogue>>>);

/// What the index reads of the row of a dataset.
#[derive(Deserialize)]
struct Row {
    dataset: Described,
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
    /// Makes the index over all datasets, unless it is there: so that who asks first what may be used need not wait for it.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn index_datasets(&self) -> Result<usize, EngineError> {
        Ok(self.catalogue(&self.view()?, self.clock.now())?.listed.len())
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
        let mut listed = Vec::new();
        rows::each_row(store, Kind::Dataset, None, |row| {
            let described = rows::parse::<Row>(&row)?.value.dataset;
            listed.push(self.listed(described)?);
            Ok(())
        })?;
        listed.sort_unstable_by(|a, b| a.slug.cmp(&b.slug));
        Ok(Catalogue {
            epochs,
            from: self.from,
            until: self.until,
            schema: self.schema,
            index: self.builder.finish(),
            listed,
            owners: numbered(self.owners),
            audiences: numbered(self.audiences),
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

    fn listed(&mut self, d: Described) -> Result<Listed, EngineError> {
        let class = match self.sets_of(&d)? {
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
        let audience = d.audience.map(|audience| number(&mut self.audiences, audience));
        Ok(Listed { owner: number(&mut self.owners, d.owner), audience, access: d.access, class, slug: d.slug })
    }

    /// The sets that bind a dataset, or why they cannot be told.
    fn sets_of(&mut self, d: &Described) -> Result<Result<Vec<SetId>, String>, EngineError> {
        let levels = [
            (Level::Portal, state::portal_set()),
            (Level::Owner, state::owner_set(&d.owner)),
            (Level::Dataset, state::dataset_set(&d.id)),
        ];
        let mut sets = Vec::with_capacity(levels.len());
        for (level, key) in levels {
            let Some(version) = self.in_force.get(&key) else { continue };
            let known = match self.sets.get(&(level, version.text)) {
                Some(known) => known.clone(),
                None => {
                    let version = version.clone();
                    let read = self.read(level, &version)?;
                    self.sets.insert((level, version.text), read.clone());
                    read
                }
            };
            match known {
                Ok(set) => sets.push(set),
                Err(why) => return Ok(Err(why)),
            }
        }
        Ok(Ok(sets))
    }

    fn read(&mut self, level: Level, version: &PublishedVersion) -> Result<Result<SetId, String>, EngineError> {
        let engine = self.engine;
        let set = engine.compiled.set(&self.schema, level, version.text, || {
            Ok(engine.record::<ConditionSetPublished>(&version.record, RecordType::ConditionSet)?.subject.text)
        });
        match set.and_then(|set| Ok(self.builder.set(&set)?)) {
            Ok(set) => Ok(Ok(set)),
            Err(error) if error.stops() => Err(error),
            Err(error) => {
                tracing::error!(%error, level = level.as_str(), "a set in force cannot be read");
                Ok(Err(error.to_string()))
            }
        }
    }
}

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
