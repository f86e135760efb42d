//! Publishing: schema, trust list, datasets, condition sets. What is published is signed, logged and then immutable.

use std::sync::Arc;

use crate::conditions::cases::{self, Cases};
use crate::conditions::laws::Laws;
use crate::conditions::{ConditionSet, Schema, load};
use crate::engine::catalogue::words::put_dataset;
use crate::engine::known::View;
use crate::engine::operation::{New, Operation};
use crate::engine::rows;
use crate::engine::state::{self, DatasetNow, Published, PublishedVersion, TrustDraft};
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::condition::Level;
use crate::model::dataset::Dataset;
use crate::model::difference::SetDifference;
use crate::model::record::{
    Authority, ConditionSetPublished, DatasetImported, Holder, RecordType, Reference, SchemaPublished, Transition,
    TrustList, Trusted,
};
use crate::model::{Digest, Iri, IssuerKey, OrgId, Time, json};
use crate::rights::{Act, Actor, Target};
use crate::store::{Guard, Kind};

/// A condition set to be published.
#[derive(Debug, Clone)]
pub struct NewSet {
    /// The file's name, for messages.
    pub name: String,
    /// The Cedar text.
    pub text: String,
    /// Its cases; a set without cases is not published.
    pub cases: Cases,
    /// Whose set.
    pub level: Level,
    /// The owner, of a set of an owner.
    pub owner: Option<OrgId>,
    /// The dataset by slug or IRI, of a set of a dataset.
    pub dataset: Option<String>,
    /// In force from this instant; now if none. Never in the past.
    pub from: Option<Time>,
    /// True if a negative automatic outcome needs no person to confirm it.
    pub automatic_refusals: bool,
    /// Which deals it reaches that were decided before it; none: only new requests.
    pub transition: Option<Transition>,
    /// True if a live deal that no longer passes is suspended without a person.
    pub automatic_suspension: bool,
}

/// What came of publishing a set.
#[derive(Debug, Clone)]
pub struct SetPublished {
    /// Its record.
    pub record: Reference,
    /// What it changes.
    pub difference: SetDifference,
}

/// A version of a set that passed its checks, with guards on all that they read.
#[derive(Debug)]
pub(in crate::engine) struct Ready {
    pub(in crate::engine) schema: Arc<Schema>,
    pub(in crate::engine) set: Arc<ConditionSet>,
    key: String,
    pub(in crate::engine) owner: Option<OrgId>,
    pub(in crate::engine) dataset: Option<Dataset>,
    issuer: OrgId,
    pub(in crate::engine) from: Time,
    pub(in crate::engine) published: Published,
    guards: Vec<Guard>,
}

impl Engine {
    /// Publishes a schema, if every set in force or with a later start validates under it.
    ///
    /// # Errors
    /// No right, no schema, or the faults of the first set that would not validate.
    pub fn publish_schema(&self, actor: &Actor, text: &str) -> Result<Reference, EngineError> {
        self.rights.require(actor, Act::PublishSchema, &Target::default())?;
        let schema = Schema::parse(text)?;
        let mut op = Operation::by(self, actor)?;
        let now = op.now;
        for row in self.set_rows()? {
            let (key, published) = row;
            let current = published.in_force(now).map(|v| v.from);
            for version in published.versions.iter().filter(|v| current.is_none_or(|from| v.from >= from)) {
                let record = self.record::<ConditionSetPublished>(&version.record, RecordType::ConditionSet)?;
                load(&schema, &key, &record.subject.text, record.subject.level)?;
            }
        }
        let mut published = self.versions(&mut op, Kind::Schema, "schema")?;
        let subject = SchemaPublished { version: published.versions.len() as u64 + 1, text: text.to_owned() };
        let operator = self.portal.operator.clone();
        let record = op.sign(New::public(RecordType::Schema, &operator, &subject))?;
        published.versions.push(PublishedVersion { record, text: schema.digest(), from: now });
        rows::put(&mut op.item, Kind::Schema, "schema", None, &published)?;
        op.commit()?;
        Ok(record)
    }

    /// The rows of all condition sets, with their keys.
    fn set_rows(&self) -> Result<Vec<(String, Published)>, EngineError> {
        let mut out = Vec::new();
        rows::each_row(&*self.store, Kind::ConditionSet, None, |row| {
            out.push((row.key.clone(), rows::parse(&row)?.value));
            Ok(())
        })?;
        Ok(out)
    }

    /// The versions published so far; the row is guarded.
    fn versions(&self, op: &mut Operation<'_>, kind: Kind, key: &str) -> Result<Published, EngineError> {
        let row = rows::load::<Published>(&*self.store, kind, key)?;
        rows::guard(&mut op.item, kind, key, row.as_ref().map_or(0, |r| r.version));
        Ok(row.map(|r| r.value).unwrap_or_default())
    }

    /// The schema in force.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn schema(&self) -> Result<Arc<Schema>, EngineError> {
        self.schema_in_force(&self.view()?, &mut Vec::new(), self.clock.now())
    }

    /// Adds an issuer to the draft of the trust list; it counts once the list is published.
    ///
    /// # Errors
    /// No right, or a fact that is not in the schema.
    pub fn trust_add(&self, actor: &Actor, trusted: Trusted) -> Result<(), EngineError> {
        self.rights.require(actor, Act::PublishTrustList, &Target::default())?;
        let schema = self.schema()?;
        for fact in &trusted.facts {
            let info = schema.facts().get(fact).ok_or_else(|| {
                EngineError::not_found("fact", fact, Mend::by("see which the schema has", "datadeal schema show"))
            })?;
            if let Some(kind) = trusted.kinds.iter().find(|k| !info.verified_by.iter().any(|v| v == k.as_str())) {
                let why = format!("`{fact}` cannot be verified by a {}", kind.as_str());
                let help = if info.verified_by.is_empty() {
                    "this fact is only declared".to_owned()
                } else {
                    format!("it can be by: {}", info.verified_by.join(", "))
                };
                return Err(EngineError::input(Field::Kind, why, help));
            }
        }
        let mut op = Operation::by(self, actor)?;
        let mut draft = self.draft_for(&mut op)?;
        if draft.trusted.contains(&trusted) {
            return Err(EngineError::Exists { what: "trusted issuer", name: trusted.key.to_string() });
        }
        draft.trusted.push(trusted);
        rows::put(&mut op.item, Kind::Draft, "trust-list", None, &draft)?;
        op.commit().map(|_| ())
    }

    /// Takes every entry of a key out of the draft of the trust list; it counts until the list is published.
    ///
    /// # Errors
    /// No right, or the list does not name the key.
    pub fn trust_remove(&self, actor: &Actor, key: &IssuerKey) -> Result<(), EngineError> {
        self.rights.require(actor, Act::PublishTrustList, &Target::default())?;
        let mut op = Operation::by(self, actor)?;
        let mut draft = self.draft_for(&mut op)?;
        let before = draft.trusted.len();
        draft.trusted.retain(|t| t.key != *key);
        if draft.trusted.len() == before {
            return Err(EngineError::not_found(
                "issuer",
                key,
                Mend::by("see whose evidence counts", "datadeal trust list"),
            ));
        }
        rows::put(&mut op.item, Kind::Draft, "trust-list", None, &draft)?;
        op.commit().map(|_| ())
    }

    /// The draft of the trust list, or a new one from the list in force; its row is guarded.
    fn draft_for(&self, op: &mut Operation<'_>) -> Result<TrustDraft, EngineError> {
        let row = rows::load::<TrustDraft>(&*self.store, Kind::Draft, "trust-list")?;
        rows::guard(&mut op.item, Kind::Draft, "trust-list", row.as_ref().map_or(0, |r| r.version));
        match row {
            Some(row) => Ok(row.value),
            None => Ok(TrustDraft { trusted: self.trust_list()?.map(|l| l.trusted.clone()).unwrap_or_default() }),
        }
    }

    /// The draft of the trust list, if somebody is writing one.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn trust_draft(&self) -> Result<Option<TrustDraft>, EngineError> {
        Ok(rows::load::<TrustDraft>(&*self.store, Kind::Draft, "trust-list")?.map(|r| r.value))
    }

    /// Publishes the draft of the trust list.
    ///
    /// # Errors
    /// No right, or nothing new to publish.
    pub fn trust_publish(&self, actor: &Actor) -> Result<Reference, EngineError> {
        self.rights.require(actor, Act::PublishTrustList, &Target::default())?;
        let mut op = Operation::by(self, actor)?;
        let draft = rows::load::<TrustDraft>(&*self.store, Kind::Draft, "trust-list")?.ok_or_else(|| {
            EngineError::state("the trust list has no changes", Mend::by("add an issuer first", "datadeal trust add"))
        })?;
        rows::guard(&mut op.item, Kind::Draft, "trust-list", draft.version);
        let mut published = self.versions(&mut op, Kind::TrustList, "trust-list")?;
        let list = TrustList { version: published.versions.len() as u64 + 1, trusted: draft.value.trusted };
        let operator = self.portal.operator.clone();
        let record = op.sign(New::public(RecordType::TrustList, &operator, &list))?;
        published.versions.push(PublishedVersion { record, text: record.digest, from: op.now });
        rows::put(&mut op.item, Kind::TrustList, "trust-list", None, &published)?;
        op.item = std::mem::take(&mut op.item).delete(Kind::Draft, "trust-list");
        op.commit()?;
        Ok(record)
    }

    /// The trust list in force.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn trust_list(&self) -> Result<Option<Arc<TrustList>>, EngineError> {
        let found = self.trust_list_in_force(&self.view()?, &mut Vec::new(), self.clock.now())?;
        Ok(found.map(|((_, list), _)| list))
    }

    /// Adds datasets, or new descriptions of datasets that are there: one import, one record, one entry.
    ///
    /// # Errors
    /// No right, an owner that is not known, two datasets of one name, or one that is there already with another IRI.
    pub fn add_datasets(&self, actor: &Actor, datasets: &[Dataset]) -> Result<Reference, EngineError> {
        for dataset in datasets {
            self.rights.require(actor, Act::AddDataset, &Target::of_owner(dataset.owner.clone()))?;
            self.organisation(&self.view()?, &dataset.owner)?;
            check_dataset(dataset)?;
        }
        let mut names = std::collections::BTreeSet::new();
        for dataset in datasets {
            if !names.insert(dataset.slug.as_str()) | !names.insert(dataset.id.as_str()) {
                return Err(EngineError::input(
                    Field::Import,
                    format!("the slug or IRI of `{}` stands twice in this import", dataset.slug),
                    "give each dataset its own slug and IRI",
                ));
            }
        }
        let mut op = Operation::by(self, actor)?;
        let record = self.put_datasets(&mut op, datasets)?;
        op.commit()?;
        Ok(record)
    }

    /// Puts descriptions of datasets into an operation: one record for all of them, and a row for each.
    pub(in crate::engine) fn put_datasets(
        &self,
        op: &mut Operation<'_>,
        datasets: &[Dataset],
    ) -> Result<Reference, EngineError> {
        let operator = self.portal.operator.clone();
        let imported = DatasetImported { datasets: datasets.to_vec(), ..DatasetImported::default() };
        let record = op.sign(New::public(RecordType::Dataset, &operator, &imported))?;
        for dataset in datasets {
            let slug = dataset.slug.as_str();
            let known = rows::load::<String>(&*self.store, Kind::Setting, &iri_key(&dataset.id))?;
            if let Some(other) = known.filter(|k| k.value != slug) {
                return Err(EngineError::input(
                    Field::Import,
                    format!("`{}` is known here as `{}`", dataset.id, other.value),
                    format!("write \"slug\": \"{}\", or give the other dataset its own IRI", other.value),
                ));
            }
            let row = rows::load::<DatasetNow>(&*self.store, Kind::Dataset, slug)?;
            if row.as_ref().is_some_and(|r| r.value.dataset.id != dataset.id) {
                return Err(EngineError::Exists { what: "dataset", name: slug.to_owned() });
            }
            rows::guard(&mut op.item, Kind::Dataset, slug, row.as_ref().map_or(0, |r| r.version));
            let version = dataset.version()?;
            let source = row.and_then(|r| r.value.source);
            let now = DatasetNow { dataset: dataset.clone(), version, record, source, gone: None };
            put_dataset(&mut op.item, &now)?;
            let index = json::canonical(&serde_json::Value::from(slug));
            op.item = std::mem::take(&mut op.item).put(Kind::Setting, iri_key(&dataset.id), None, index);
        }
        Ok(record)
    }

    /// A dataset by slug or IRI.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn dataset(&self, name: &str) -> Result<DatasetNow, EngineError> {
        self.dataset_in(&self.view()?, name)
    }

    pub(in crate::engine) fn dataset_in(&self, view: &View, name: &str) -> Result<DatasetNow, EngineError> {
        let none = || EngineError::no_dataset(name);
        let slug = match name.parse::<Iri>() {
            Ok(iri) => {
                let named = self.known::<String>(view, Kind::Setting, &iri_key(&iri))?;
                named.ok_or_else(none)?.value.clone()
            }
            Err(_) => name.to_owned(),
        };
        let found = self.known::<DatasetNow>(view, Kind::Dataset, &slug)?;
        Ok(found.ok_or_else(none)?.value.clone())
    }

    /// Every dataset, or those of one owner.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn datasets(&self, owner: Option<&OrgId>) -> Result<Vec<DatasetNow>, EngineError> {
        rows::all(&*self.store, Kind::Dataset, owner.map(OrgId::as_str))
    }

    /// The same, as far as somebody may see them.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn datasets_seen(&self, actor: Option<&Actor>, owner: Option<&OrgId>) -> Result<Vec<DatasetNow>, EngineError> {
        let mut found = self.datasets(owner)?;
        found.retain(|d| self.sees(actor, &d.dataset));
        Ok(found)
    }

    /// Publishes a version of a condition set, after all its checks and cases pass, and says what it changes.
    ///
    /// # Errors
    /// No right, faults, cases that fail, a start in the past, or another version that was published meanwhile.
    pub fn publish_conditions(&self, actor: &Actor, new: &NewSet) -> Result<SetPublished, EngineError> {
        let ready = self.ready_to_publish(actor, new)?;
        // all live deals are read, which may take a while: it is done before the clock of the operation is read
        let difference = self.set_difference(actor, new, &ready)?;
        let mut op = Operation::by(self, actor)?;
        let from = new.start(op.now)?;
        let Ready { schema, key, owner, dataset, mut published, guards, issuer, .. } = ready;
        let subject = ConditionSetPublished {
            level: new.level,
            dataset: dataset.as_ref().map(|d| d.id.clone()),
            owner,
            version: difference.version,
            text: new.text.clone(),
            schema: schema.digest(),
            from,
            replaces: published.versions.last().map(|v| v.record),
            actor: self.acting(
                &op.view,
                actor,
                Authority::Register(format!("publishes for {issuer}")),
                Holder::Service,
            )?,
            automatic_refusals: new.automatic_refusals,
            transition: new.transition,
            automatic_suspension: new.automatic_suspension,
        };
        let record =
            op.sign(New { listed: Some(key.clone()), ..New::public(RecordType::ConditionSet, &issuer, &subject) })?;
        published.versions.push(PublishedVersion { record, text: Digest::of(new.text.as_bytes()), from });
        rows::put(&mut op.item, Kind::ConditionSet, &key, None, &published)?;
        // not part of what is signed: kept so that the next version can be put to the same questions
        rows::put(&mut op.item, Kind::Cases, &record.digest.to_string(), Some(&key), &new.cases)?;
        op.item.guards.extend(guards);
        op.commit()?;
        Ok(SetPublished { record, difference })
    }

    /// What publishing would change. Everything is checked as for publishing, and nothing is kept.
    ///
    /// # Errors
    /// Whatever would keep the version from being published.
    pub fn preview_conditions(&self, actor: &Actor, new: &NewSet) -> Result<SetDifference, EngineError> {
        let ready = self.ready_to_publish(actor, new)?;
        Operation::start(self)?.key(&ready.issuer, RecordType::ConditionSet.key_use())?;
        self.set_difference(actor, new, &ready)
    }

    /// A version that could be published now: every check that needs no signature.
    fn ready_to_publish(&self, actor: &Actor, new: &NewSet) -> Result<Ready, EngineError> {
        let view = self.view()?;
        let dataset = new.dataset.as_deref().map(|d| self.dataset_seen(&view, Some(actor), d)).transpose()?;
        let dataset = dataset.map(|d| d.dataset);
        let owner = dataset.as_ref().map(|d| d.owner.clone()).or_else(|| new.owner.clone());
        self.rights.require(actor, Act::PublishConditions, &Target { owner: owner.clone(), ..Target::default() })?;
        let key = match (new.level, &owner, &dataset) {
            (Level::Portal, None, None) => state::portal_set(),
            (Level::Owner, Some(owner), None) => state::owner_set(owner),
            (Level::Dataset, Some(_), Some(dataset)) => state::dataset_set(&dataset.id),
            _ => {
                return Err(EngineError::input(
                    Field::Set,
                    "is of no portal, owner or dataset",
                    "give exactly one of --portal, --owner and --dataset",
                ));
            }
        };
        let now = self.clock.now();
        let mut guards = Vec::new();
        let schema = self.schema_in_force(&view, &mut guards, now)?;
        let set = Arc::new(load(&schema, &new.name, &new.text, new.level)?);
        Laws::built_in()?.check(&set, now)?;
        cases_pass(&schema, &set, new, dataset.as_ref())?;
        let from = new.start(now)?;
        let published = self.published(&view, Kind::ConditionSet, &key, &mut guards)?;
        let published = published.map(|row| row.value.clone()).unwrap_or_default();
        if let Some(last) = published.versions.last().filter(|last| last.from >= from && last.from > now) {
            return Err(EngineError::state(
                format!("a version is published already that starts on {}", last.from),
                "let it start later",
            ));
        }
        let issuer = owner.clone().unwrap_or_else(|| self.portal.operator.clone());
        Ok(Ready { schema, set, key, owner, dataset, issuer, from, published, guards })
    }
}

impl NewSet {
    /// From when it is in force: never in the past.
    fn start(&self, now: Time) -> Result<Time, EngineError> {
        let from = self.from.unwrap_or(now);
        if from < now {
            return Err(EngineError::input(
                Field::From,
                format!("{from} is past"),
                "a set is in force from now or later",
            ));
        }
        Ok(from)
    }
}

fn cases_pass(
    schema: &Schema,
    own: &Arc<ConditionSet>,
    new: &NewSet,
    dataset: Option<&Dataset>,
) -> Result<(), EngineError> {
    let beside = cases::beside(schema, &new.cases)?;
    let dataset = cases::dataset(&new.cases, dataset)?;
    let results = cases::results(schema, own, &beside, &dataset, &new.cases)?;
    let failed: Vec<_> =
        results.iter().filter(|c| !c.passed).map(|c| format!("{} ({})", c.name, c.differences.join(", "))).collect();
    if !failed.is_empty() || results.is_empty() {
        let why = if failed.is_empty() {
            "it has no cases".to_owned()
        } else {
            format!("these of its cases fail: {}", failed.join("; "))
        };
        return Err(EngineError::state(
            format!("{}: {why}", new.name),
            Mend::by("a set is published when its own cases pass", "datadeal conditions test"),
        ));
    }
    Ok(())
}

pub(in crate::engine) fn iri_key(iri: &Iri) -> String {
    format!("dataset/{iri}")
}

/// What the JSON type cannot say of a dataset.
pub(in crate::engine) fn check_dataset(dataset: &Dataset) -> Result<(), EngineError> {
    let mut names = std::collections::BTreeSet::new();
    if let Some(twice) = dataset.columns.iter().find(|c| !names.insert(&c.name)) {
        return Err(EngineError::input(
            Field::Import,
            format!("the column `{}` of `{}` stands twice", twice.name, dataset.slug),
            "give each column its own name",
        ));
    }
    if dataset.access == crate::model::dataset::Access::Open && dataset.licence.is_none() {
        return Err(EngineError::input(
            Field::Import,
            format!("`{}` is open and has no licence", dataset.slug),
            "give its licence, or another access level",
        ));
    }
    Ok(())
}
