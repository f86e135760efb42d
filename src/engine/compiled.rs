//! What is in force for a dataset, compiled. Caches are keyed by digest; which digests are in force is read for each decision
//! and guarded in the commit, since another process may publish meanwhile.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::known::View;
use super::state::{self, Loaded, Published, PublishedVersion};
use super::{Engine, EngineError};
use crate::conditions::{ConditionSet, Schema, Slice, load};
use crate::model::condition::Level;
use crate::model::dataset::Dataset;
use crate::model::input::SetRef;
use crate::model::record::{
    ConditionSetPublished, Record, RecordType, Reference, RequestReceived, SchemaPublished, TrustList, read,
};
use crate::model::{Digest, Document, Time};
use crate::store::{Guard, Kind};

/// How many slices are kept compiled.
const MAX_SLICES: usize = 4096;
/// How many requests are kept read: those that are worked on.
const MAX_REQUESTS: usize = 4096;

/// The digests of a slice's sets with their levels, and of the schema.
type SliceKey = Vec<(Digest, Level)>;

/// Compiled texts, and requests that are worked on, by their digests.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    schemas: Mutex<HashMap<Digest, Arc<Schema>>>,
    sets: Mutex<HashMap<(Digest, Level, Digest), Arc<ConditionSet>>>,
    slices: Mutex<HashMap<SliceKey, Arc<Slice>>>,
    trust_lists: Mutex<HashMap<Digest, Arc<TrustList>>>,
    requests: Mutex<HashMap<Digest, Arc<RequestReceived>>>,
}

/// Everything that binds one dataset now, with guards on what was read.
#[derive(Debug, Clone)]
pub(super) struct InForce {
    pub(super) schema: Arc<Schema>,
    pub(super) trust_list: Option<(Digest, Arc<TrustList>)>,
    pub(super) sets: Vec<SetRef>,
    pub(super) slice: Arc<Slice>,
    pub(super) guards: Vec<Guard>,
}

impl Compiled {
    /// A schema by the digest of its text.
    pub(super) fn schema(
        &self,
        digest: Digest,
        text: impl FnOnce() -> Result<String, EngineError>,
    ) -> Result<Arc<Schema>, EngineError> {
        if let Some(found) = lock(&self.schemas).get(&digest) {
            return Ok(Arc::clone(found));
        }
        let schema = Arc::new(Schema::parse(&text()?)?);
        named(digest, schema.digest())?;
        lock(&self.schemas).insert(digest, Arc::clone(&schema));
        Ok(schema)
    }

    /// A set by the digest of its text. It was checked when it was published; it is checked again here.
    pub(super) fn set(
        &self,
        schema: &Schema,
        level: Level,
        digest: Digest,
        text: impl FnOnce() -> Result<String, EngineError>,
    ) -> Result<Arc<ConditionSet>, EngineError> {
        let key = (schema.digest(), level, digest);
        if let Some(found) = lock(&self.sets).get(&key) {
            return Ok(Arc::clone(found));
        }
        let set = Arc::new(load(schema, level.as_str(), &text()?, level)?);
        named(digest, set.digest())?;
        lock(&self.sets).insert(key, Arc::clone(&set));
        Ok(set)
    }

    /// Keeps a request, which soon is asked for again.
    pub(super) fn keep_request(&self, digest: Digest, request: &Arc<RequestReceived>) {
        let mut requests = lock(&self.requests);
        if requests.len() >= MAX_REQUESTS {
            requests.clear();
        }
        requests.insert(digest, Arc::clone(request));
    }

    /// Sets put together.
    pub(super) fn slice(&self, schema: &Schema, sets: Vec<Arc<ConditionSet>>) -> Result<Arc<Slice>, EngineError> {
        let mut key: Vec<_> = sets.iter().map(|s| (s.digest(), s.level())).collect();
        key.push((schema.digest(), Level::Portal));
        let mut slices = lock(&self.slices);
        if let Some(found) = slices.get(&key) {
            return Ok(Arc::clone(found));
        }
        let slice = Arc::new(Slice::new(sets)?);
        if slices.len() >= MAX_SLICES {
            slices.clear();
        }
        slices.insert(key, Arc::clone(&slice));
        Ok(slice)
    }
}

/// Refuses a text that has another digest than the one by which it was named: nothing is decided by it.
fn named(digest: Digest, found: Digest) -> Result<(), EngineError> {
    if digest == found {
        return Ok(());
    }
    let why = format!("the text that should have the digest {digest} has {found}");
    Err(EngineError::state(why, "the database was altered: run `datadeal audit`"))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Engine {
    /// What binds a dataset at `now`.
    pub(super) fn in_force(&self, view: &View, dataset: &Dataset, now: Time) -> Result<InForce, EngineError> {
        let mut guards = Vec::new();
        let schema = self.schema_in_force(view, &mut guards, now)?;
        let trust_list = self.trust_list_in_force(view, &mut guards, now)?;
        let mut sets = Vec::new();
        let mut loaded = Vec::new();
        let levels = [
            (Level::Portal, state::portal_set()),
            (Level::Owner, state::owner_set(&dataset.owner)),
            (Level::Dataset, state::dataset_set(&dataset.id)),
        ];
        for (level, key) in levels {
            let published = self.published(view, Kind::ConditionSet, &key, &mut guards)?;
            let Some(version) = in_force(&published, now) else { continue };
            let set = self.compiled.set(&schema, level, version.text, || {
                Ok(self.record::<ConditionSetPublished>(&version.record, RecordType::ConditionSet)?.subject.text)
            })?;
            sets.push(SetRef { level, text: version.text, record: version.record.digest });
            loaded.push(set);
        }
        let slice = self.compiled.slice(&schema, loaded)?;
        Ok(InForce { schema, trust_list, sets, slice, guards })
    }

    /// The schema in force.
    pub(super) fn schema_in_force(
        &self,
        view: &View,
        guards: &mut Vec<Guard>,
        now: Time,
    ) -> Result<Arc<Schema>, EngineError> {
        let none = || EngineError::state("no schema is in force", "publish one: datadeal schema publish");
        let published = self.published(view, Kind::Schema, "schema", guards)?;
        let version = in_force(&published, now).ok_or_else(none)?;
        self.compiled.schema(version.text, || {
            Ok(self.record::<SchemaPublished>(&version.record, RecordType::Schema)?.subject.text)
        })
    }

    fn trust_list_in_force(
        &self,
        view: &View,
        guards: &mut Vec<Guard>,
        now: Time,
    ) -> Result<Option<(Digest, Arc<TrustList>)>, EngineError> {
        let published = self.published(view, Kind::TrustList, "trust-list", guards)?;
        let Some(version) = in_force(&published, now) else { return Ok(None) };
        let digest = version.record.digest;
        if let Some(found) = lock(&self.compiled.trust_lists).get(&digest) {
            return Ok(Some((digest, Arc::clone(found))));
        }
        let list = Arc::new(self.record::<TrustList>(&version.record, RecordType::TrustList)?.subject);
        lock(&self.compiled.trust_lists).insert(digest, Arc::clone(&list));
        Ok(Some((digest, list)))
    }

    /// The versions of something published; its row is guarded, also when there is none.
    pub(super) fn published(
        &self,
        view: &View,
        kind: Kind,
        key: &str,
        guards: &mut Vec<Guard>,
    ) -> Result<Option<Arc<Loaded<Published>>>, EngineError> {
        let row = self.versions_of(view, kind, key)?;
        guards.push(Guard { kind, key: key.to_owned(), version: row.as_ref().map_or(0, |r| r.version) });
        Ok(row)
    }

    /// The versions of something published. That there are none is kept as well: such a key is of a dataset or owner that there is.
    pub(super) fn versions_of(
        &self,
        view: &View,
        kind: Kind,
        key: &str,
    ) -> Result<Option<Arc<Loaded<Published>>>, EngineError> {
        let read = || Ok(state::load(&*self.store, kind, key)?.map(Arc::new).into_iter().collect());
        Ok(self.known_list(view, kind, key, read)?.first().cloned())
    }

    /// A request as it was received.
    pub(super) fn received(&self, reference: &Reference) -> Result<Arc<RequestReceived>, EngineError> {
        if let Some(found) = lock(&self.compiled.requests).get(&reference.digest) {
            return Ok(Arc::clone(found));
        }
        let request = Arc::new(self.record::<RequestReceived>(reference, RecordType::Request)?.subject);
        self.compiled.keep_request(reference.digest, &request);
        Ok(request)
    }

    /// A record of the store, read strictly.
    pub(super) fn record<S: serde::de::DeserializeOwned>(
        &self,
        reference: &Reference,
        kind: RecordType,
    ) -> Result<Record<S>, EngineError> {
        let stored = self.store.record(&reference.digest)?.ok_or_else(|| {
            EngineError::not_found("record", reference.id, "the database lost a record: run `datadeal audit`")
        })?;
        Ok(read(Document::read(stored.bytes)?, kind)?)
    }
}

fn in_force(published: &Option<Arc<Loaded<Published>>>, now: Time) -> Option<&PublishedVersion> {
    published.as_ref().and_then(|row| row.value.in_force(now))
}
