//! What is in force for a dataset, compiled. Caches are keyed by digest; which digests are in force is read for each decision
//! and guarded in the commit, since another process may publish meanwhile.

use std::sync::Arc;

use crate::cache::Cache;
use crate::conditions::{ConditionSet, Schema, Slice, load};
use crate::engine::known::View;
use crate::engine::rows::{self, Loaded};
use crate::engine::state::{self, Published, PublishedVersion};
use crate::engine::{Engine, EngineError, Mend};
use crate::model::change::SetVersion;
use crate::model::condition::Level;
use crate::model::dataset::Dataset;
use crate::model::input::SetRef;
use crate::model::record::{
    ConditionSetPublished, Record, RecordType, Reference, RequestReceived, SchemaPublished, TrustList, read,
};
use crate::model::{Digest, Document, Time};
use crate::store::{self, Guard, Kind};

/// How many are kept of each: slices and sets of datasets, requests that are worked on, schemas and trust lists that are in force or were.
const MOST: usize = 4096;

/// The digests of a slice's sets with their levels, and of the schema.
type SliceKey = Vec<(Digest, Level)>;

/// Compiled texts, and requests that are worked on, by their digests.
#[derive(Debug)]
pub(in crate::engine) struct Compiled {
    schemas: Cache<Digest, Arc<Schema>>,
    sets: Cache<(Digest, Level, Digest), Arc<ConditionSet>>,
    slices: Cache<SliceKey, Arc<Slice>>,
    trust_lists: Cache<Digest, Arc<TrustList>>,
    requests: Cache<Digest, Arc<RequestReceived>>,
}

impl Default for Compiled {
    fn default() -> Self {
        Compiled {
            schemas: Cache::new(MOST),
            sets: Cache::new(MOST),
            slices: Cache::new(MOST),
            trust_lists: Cache::new(MOST),
            requests: Cache::new(MOST),
        }
    }
}

/// Everything that binds one dataset now, with guards on what was read.
#[derive(Debug, Clone)]
pub(in crate::engine) struct InForce {
    pub(in crate::engine) schema: Arc<Schema>,
    pub(in crate::engine) trust_list: Option<(Digest, Arc<TrustList>)>,
    pub(in crate::engine) sets: Vec<SetRef>,
    /// The narrowest of the sets, which answers for what is decided by them.
    pub(in crate::engine) answering: Option<Reference>,
    pub(in crate::engine) slice: Arc<Slice>,
    pub(in crate::engine) guards: Vec<Guard>,
    /// Which versions these are, counted from 1, and since when: of the levels of sets, the schema, the trust list.
    pub(in crate::engine) versions: [Option<(u64, Time)>; 5],
}

impl InForce {
    /// The sets with their versions.
    pub(in crate::engine) fn set_versions(&self) -> Vec<SetVersion> {
        let levels = [Level::Portal, Level::Owner, Level::Dataset].into_iter().zip(&self.versions);
        let numbered = levels.filter_map(|(level, version)| {
            let (set, (version, from)) = (self.sets.iter().find(|set| set.level == level)?, (*version)?);
            Some(SetVersion { level, version, from, text: set.text, record: set.record })
        });
        numbered.collect()
    }
}

impl Compiled {
    /// A schema by the digest of its text.
    pub(in crate::engine) fn schema(
        &self,
        digest: Digest,
        text: impl FnOnce() -> Result<String, EngineError>,
    ) -> Result<Arc<Schema>, EngineError> {
        self.schemas.get_or(digest, || {
            let schema = Arc::new(Schema::parse(&text()?)?);
            named(digest, schema.digest())?;
            Ok(schema)
        })
    }

    /// A set by the digest of its text. It was checked when it was published; it is checked again here.
    pub(in crate::engine) fn set(
        &self,
        schema: &Schema,
        level: Level,
        digest: Digest,
        text: impl FnOnce() -> Result<String, EngineError>,
    ) -> Result<Arc<ConditionSet>, EngineError> {
        self.sets.get_or((schema.digest(), level, digest), || {
            let set = Arc::new(load(schema, level.as_str(), &text()?, level)?);
            named(digest, set.digest())?;
            Ok(set)
        })
    }

    /// Keeps a request, which soon is asked for again.
    pub(in crate::engine) fn keep_request(&self, digest: Digest, request: &Arc<RequestReceived>) {
        self.requests.put(digest, Arc::clone(request));
    }

    /// Sets put together.
    pub(in crate::engine) fn slice(
        &self,
        schema: &Schema,
        sets: Vec<Arc<ConditionSet>>,
    ) -> Result<Arc<Slice>, EngineError> {
        let mut key: Vec<_> = sets.iter().map(|s| (s.digest(), s.level())).collect();
        key.push((schema.digest(), Level::Portal));
        self.slices.get_or(key, || Ok(Arc::new(Slice::new(sets)?)))
    }
}

/// Refuses a text that has another digest than the one by which it was named: nothing is decided by it.
fn named(digest: Digest, found: Digest) -> Result<(), EngineError> {
    if digest == found {
        return Ok(());
    }
    let why = format!("the text that should have the digest {digest} has {found}");
    Err(EngineError::state(why, Mend::by("the database was altered", "datadeal audit")))
}

/// The document of a record of the store: that of the digest by which it was named, and no other.
pub(in crate::engine) fn document(stored: store::Record, digest: Digest) -> Result<Document, EngineError> {
    let document = Document::read(stored.bytes)?;
    named(digest, document.digest())?;
    Ok(document)
}

/// The trust list in force by its digest, with its number and the time since when.
pub(in crate::engine) type ListInForce = ((Digest, Arc<TrustList>), (u64, Time));

impl Engine {
    /// What binds a dataset at `now`.
    pub(in crate::engine) fn in_force(
        &self,
        view: &View,
        dataset: &Dataset,
        now: Time,
    ) -> Result<InForce, EngineError> {
        let mut guards = Vec::new();
        let (schema, of_schema) = self.schema_version(view, &mut guards, now)?;
        let (trust_list, of_list) = self.trust_list_in_force(view, &mut guards, now)?.unzip();
        let mut versions = [None, None, None, Some(of_schema), of_list];
        let (mut sets, mut loaded, mut answering) = (Vec::new(), Vec::new(), None);
        let levels = state::set_keys(&dataset.owner, &dataset.id);
        for ((level, key), place) in levels.into_iter().zip(&mut versions) {
            let published = self.published(view, Kind::ConditionSet, &key, &mut guards)?;
            let Some((number, version)) = in_force(published.as_ref(), now) else { continue };
            *place = Some((number, version.from));
            let set = self.compiled.set(&schema, level, version.text, || {
                Ok(self.record::<ConditionSetPublished>(&version.record, RecordType::ConditionSet)?.subject.text)
            })?;
            sets.push(SetRef { level, text: version.text, record: version.record.digest });
            answering = Some(version.record);
            loaded.push(set);
        }
        let slice = self.compiled.slice(&schema, loaded)?;
        Ok(InForce { schema, trust_list, sets, answering, slice, guards, versions })
    }

    /// The schema in force.
    pub(in crate::engine) fn schema_in_force(
        &self,
        view: &View,
        guards: &mut Vec<Guard>,
        now: Time,
    ) -> Result<Arc<Schema>, EngineError> {
        Ok(self.schema_version(view, guards, now)?.0)
    }

    fn schema_version(
        &self,
        view: &View,
        guards: &mut Vec<Guard>,
        now: Time,
    ) -> Result<(Arc<Schema>, (u64, Time)), EngineError> {
        let none = || EngineError::state("no schema is in force", Mend::by("publish one", "datadeal schema publish"));
        let published = self.published(view, Kind::Schema, "schema", guards)?;
        let (number, version) = in_force(published.as_ref(), now).ok_or_else(none)?;
        let schema = self.compiled.schema(version.text, || {
            Ok(self.record::<SchemaPublished>(&version.record, RecordType::Schema)?.subject.text)
        })?;
        Ok((schema, (number, version.from)))
    }

    pub(in crate::engine) fn trust_list_in_force(
        &self,
        view: &View,
        guards: &mut Vec<Guard>,
        now: Time,
    ) -> Result<Option<ListInForce>, EngineError> {
        let published = self.published(view, Kind::TrustList, "trust-list", guards)?;
        let Some((number, version)) = in_force(published.as_ref(), now) else { return Ok(None) };
        let digest = version.record.digest;
        let list = self.compiled.trust_lists.get_or(digest, || {
            Ok::<_, EngineError>(Arc::new(self.record::<TrustList>(&version.record, RecordType::TrustList)?.subject))
        })?;
        Ok(Some(((digest, list), (number, version.from))))
    }

    /// The versions of something published; its row is guarded, also when there is none.
    pub(in crate::engine) fn published(
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
    pub(in crate::engine) fn versions_of(
        &self,
        view: &View,
        kind: Kind,
        key: &str,
    ) -> Result<Option<Arc<Loaded<Published>>>, EngineError> {
        let read = || Ok(rows::load(&*self.store, kind, key)?.map(Arc::new).into_iter().collect());
        Ok(self.known_list(view, kind, key, read)?.first().cloned())
    }

    /// A request as it was received.
    pub(in crate::engine) fn received(&self, reference: &Reference) -> Result<Arc<RequestReceived>, EngineError> {
        self.compiled.requests.get_or(reference.digest, || {
            Ok(Arc::new(self.record::<RequestReceived>(reference, RecordType::Request)?.subject))
        })
    }

    /// The document of a record that is named by its digest alone, as in an input; by `entry` where the log has it, if that is known.
    pub(in crate::engine) fn document_with(
        &self,
        digest: &Digest,
        entry: Option<u64>,
    ) -> Result<Option<Document>, EngineError> {
        self.store.record_by_digest(digest, entry)?.map(|stored| document(stored, *digest)).transpose()
    }

    /// The document of a record.
    pub(in crate::engine) fn document_of(&self, reference: &Reference) -> Result<Document, EngineError> {
        let stored = self.store.record(&reference.id.to_string())?;
        document(stored.ok_or_else(|| EngineError::lost("record", reference.id))?, reference.digest)
    }

    /// A record of the store, read strictly.
    pub(in crate::engine) fn record<S: serde::de::DeserializeOwned>(
        &self,
        reference: &Reference,
        kind: RecordType,
    ) -> Result<Record<S>, EngineError> {
        Ok(read(self.document_of(reference)?, kind)?)
    }
}

fn in_force(published: Option<&Arc<Loaded<Published>>>, now: Time) -> Option<(u64, &PublishedVersion)> {
    published.and_then(|row| row.value.numbered(now))
}
