//! An import of a catalogue: first a plan, which is the preview, then the same plan applied. One apply is one record, one entry and one commit, or
//! nothing: each row that was read is guarded, so that what was shown is what is written.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::change::{Change, Written, change, on_cores, words_follow};
use super::findings::{ImportFinding, Looks};
use super::merge::{Defaults, FieldChange, NO_REGIME, Owner, numbered, wanted_slug};
use crate::catalogue::read::{Fault, Imported, Reading};
use crate::conditions::laws::Laws;
use crate::engine::conditions::publish::iri_key;
use crate::engine::deals::monitor::MonitorReport;
use crate::engine::operation::Operation;
use crate::engine::rows::{self, Loaded};
use crate::engine::state::{DatasetNow, ImportSource};
use crate::engine::{Engine, EngineError};
use crate::model::condition::Bilingual;
use crate::model::dataset::{Access, Dataset};
use crate::model::record::Reference;
use crate::model::{Digest, Iri, JsonError, Name, OrgId, Time, json};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

/// A catalogue that was read, and for whom.
#[derive(Debug, Clone)]
pub struct CatalogueImport {
    /// What the catalogue is called here: its address, or a name. What it holds no more is gone, and only that.
    pub source: String,
    /// Whose datasets they are.
    pub owner: OrgId,
    /// What the owner says of them.
    pub defaults: Defaults,
    /// What was read.
    pub reading: Reading,
    /// How its server describes the state that was read.
    pub state: ImportSource,
}

/// What an import does, or did.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Import {
    /// The catalogue.
    pub source: String,
    /// How many records were read.
    pub read: u64,
    /// Datasets that were not here.
    pub new: Vec<Touched>,
    /// Datasets that are described otherwise than before, or are back.
    pub changed: Vec<Touched>,
    /// Datasets that the catalogue holds no more.
    pub gone: Vec<Touched>,
    /// How many are as they were.
    pub unchanged: u64,
    /// Records that are not taken in, and why.
    pub skipped: Vec<Skipped>,
    /// What to look at.
    pub findings: Vec<Found>,
    /// What could not be read.
    pub faults: Vec<Fault>,
    /// How many more faults there are.
    pub more_faults: u64,
    /// Whether all of the catalogue was read; if not, nothing is taken for gone.
    pub whole: bool,
    /// How many statements are about other things than datasets.
    pub beside: u64,
    /// How many statements were kept without a place of their own.
    pub unmapped: u64,
    /// The record, once it is applied; none if there was nothing to write.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Reference>,
    /// Whether it wrote so much that the words by which datasets are found follow: [`Engine::index_datasets`] makes them, else who first seeks some.
    #[serde(skip)]
    pub words_follow: bool,
    /// Live deals on datasets of which conditions read something else now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deals: Option<MonitorReport>,
}

/// A dataset that an import touches.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Touched {
    /// Its IRI.
    pub id: Iri,
    /// Its name for typing.
    pub slug: Name,
    /// Its title.
    pub title: Bilingual,
    /// How open it is.
    pub access: Access,
    /// Whether conditions read something else of it now: another version.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub new_version: bool,
    /// What is other than before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
}

/// A record that is not taken in.
#[derive(Debug, Clone, Serialize)]
pub struct Skipped {
    /// Its IRI.
    pub id: Iri,
    /// Why not.
    pub why: SkipReason,
}

/// Why a record is not taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "reason", content = "value")]
pub enum SkipReason {
    /// Another organisation owns a dataset of this IRI. Which one is not told: not everybody may see that dataset.
    OtherOwner,
    /// Another catalogue describes it already.
    OtherSource(String),
    /// What comes of it is no dataset.
    Invalid(String),
}

/// Something to look at, and of which dataset.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    /// The dataset.
    pub dataset: Name,
    /// What.
    #[serde(flatten)]
    pub finding: ImportFinding,
}

/// A record and what is here of it.
struct Job {
    record: Imported,
    there: Option<Loaded<DatasetNow>>,
    slug: Name,
}

/// What came of a record.
struct Done {
    there: Option<Loaded<DatasetNow>>,
    dataset: Dataset,
    findings: Vec<ImportFinding>,
    result: Result<Option<Change>, EngineError>,
}

/// What is to be done.
struct Plan {
    told: Import,
    /// In the order of their IRIs.
    written: Vec<Written>,
    gone: Vec<Loaded<DatasetNow>>,
}

impl Engine {
    /// What an import would do. Nothing is written.
    ///
    /// # Errors
    /// No right, an owner that is not known, or the store cannot be read.
    pub fn preview_import(
        &self,
        actor: &Actor,
        import: CatalogueImport,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Import, EngineError> {
        Ok(self.plan(actor, import, self.clock.now(), progress)?.told)
    }

    /// Imports a catalogue. Live deals on datasets of another version are asked about again when it is durable.
    ///
    /// # Errors
    /// As [`Engine::preview_import`]; somebody changed one of the datasets meanwhile: nothing was written, and it can be repeated.
    pub fn apply_import(
        &self,
        actor: &Actor,
        import: CatalogueImport,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Import, EngineError> {
        let (source, owner) = (import.source.clone(), import.owner.clone());
        let asked = asked(&owner, &import.defaults)?;
        let state = ImportSource { asked: Some(asked), ..import.state.clone() };
        let mut op = Operation::by(self, actor)?;
        let Plan { mut told, written, gone } = self.plan(actor, import, op.now, progress)?;
        let changes = !written.is_empty() || !gone.is_empty();
        if changes {
            told.words_follow = words_follow(written.len() + gone.len());
            told.record = Some(self.put_import(&mut op, &source, written, gone)?);
        }
        // what is not taken in as a whole is to be read again, whatever its server says
        let taken = told.whole && told.faults_in_all() == 0 && told.skipped.is_empty();
        let state = if taken && state.is_told() { state } else { ImportSource::default() };
        let before = rows::load::<ImportSource>(&*self.store, Kind::Setting, &source_key(&source))?;
        if before.map(|row| row.value).unwrap_or_default() != state {
            rows::put(&mut op.item, Kind::Setting, &source_key(&source), None, &state)?;
        }
        if changes || !op.item.writes.is_empty() {
            op.commit()?;
        }
        let other: BTreeSet<Iri> = told.changed.iter().filter(|t| t.new_version).map(|t| t.id.clone()).collect();
        if !other.is_empty() {
            told.deals = Some(self.monitor_datasets(&owner, &other)?);
        }
        Ok(told)
    }

    /// How the server of a catalogue described the state that was last applied, for this owner and with these defaults.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn import_source(&self, source: &str, owner: &OrgId, defaults: &Defaults) -> Result<ImportSource, EngineError> {
        let asked = Some(asked(owner, defaults)?);
        let row = rows::load::<ImportSource>(&*self.store, Kind::Setting, &source_key(source))?;
        Ok(row.map(|row| row.value).filter(|state| state.asked == asked).unwrap_or_default())
    }

    fn plan(
        &self,
        actor: &Actor,
        import: CatalogueImport,
        now: Time,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Plan, EngineError> {
        self.rights.require(actor, Act::AddDataset, &Target::of_owner(import.owner.clone()))?;
        let CatalogueImport { source, owner, defaults, reading, .. } = import;
        let name = self.organisation(&self.view()?, &owner)?.name;
        let (laws, sets) = (Laws::built_in()?, self.keys_of_sets()?);
        let whole = reading.is_all();
        let owner = Owner {
            id: &owner,
            name: &name,
            defaults: &defaults,
            laws: &laws,
            whole,
            sets: &sets,
            open: "open".parse()?,
            none: NO_REGIME.parse()?,
        };
        let looks = Looks { laws: &laws, today: now.into(), sets: &sets };
        let mut told = Import {
            source,
            read: reading.records.len() as u64,
            faults: reading.faults,
            more_faults: reading.untold as u64,
            whole,
            beside: reading.beside as u64,
            ..Import::default()
        };
        let mut there = self.owned(owner.id)?;
        let jobs = self.jobs(reading.records, &mut there, &mut told)?;
        let all = jobs.len() as u64;
        progress(0, all);
        let mut written = Vec::new();
        let source = told.source.as_str();
        let results = on_cores(jobs, |job| done(job, source, &owner, &looks));
        if results.len() as u64 != all {
            return Err(ended_early());
        }
        for (number, done) in (1..).zip(results) {
            told.take(done, &mut written)?;
            progress(number, all);
        }
        let left = there.into_values().filter(|row| row.value.source.as_ref() == Some(&told.source));
        let stays = |row: &Loaded<DatasetNow>| {
            !told.whole || row.value.gone.is_some() || reading.refused.contains(&row.value.dataset.id)
        };
        let gone: Vec<Loaded<DatasetNow>> = left.filter(|row| !stays(row)).collect();
        told.gone = gone.iter().map(|row| Touched::plain(&row.value.dataset)).collect();
        Ok(Plan { told, written, gone })
    }

    /// The datasets of an owner by their IRIs.
    fn owned(&self, owner: &OrgId) -> Result<BTreeMap<Iri, Loaded<DatasetNow>>, EngineError> {
        let rows = rows::all_loaded::<DatasetNow>(&*self.store, Kind::Dataset, Some(owner.as_str()))?;
        Ok(rows.into_iter().map(|row| (row.value.dataset.id.clone(), row)).collect())
    }

    /// The keys of the sets that are published.
    fn keys_of_sets(&self) -> Result<BTreeSet<String>, EngineError> {
        let mut keys = BTreeSet::new();
        rows::each_row(&*self.store, Kind::ConditionSet, None, |row| {
            keys.insert(row.key);
            Ok(())
        })?;
        Ok(keys)
    }

    /// Pairs each record with what is here of it, and gives what is new a name.
    fn jobs(
        &self,
        mut records: Vec<Imported>,
        there: &mut BTreeMap<Iri, Loaded<DatasetNow>>,
        told: &mut Import,
    ) -> Result<Vec<Job>, EngineError> {
        records.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        let records: Vec<_> = records.into_iter().map(|record| (there.remove(&record.id), record)).collect();
        let all = records.len();
        let met = on_cores(records, |(there, record)| self.meet(there, record, &told.source));
        if met.len() != all {
            return Err(ended_early());
        }
        let mut taken: BTreeSet<Name> = BTreeSet::new();
        let mut jobs = Vec::with_capacity(all);
        for met in met {
            match met? {
                Met::Skipped(skipped) => told.skipped.push(skipped),
                Met::There(job) => jobs.push(*job),
                Met::New { record, mut slug, free } => {
                    if !free || taken.contains(&slug) {
                        slug = numbered(Some(&slug), &record.id)?;
                    }
                    taken.insert(slug.clone());
                    jobs.push(Job { record: *record, there: None, slug });
                }
            }
        }
        Ok(jobs)
    }

    /// What is here of one record.
    fn meet(&self, there: Option<Loaded<DatasetNow>>, record: Imported, source: &str) -> Result<Met, EngineError> {
        let skipped = |id: Iri, why| Ok(Met::Skipped(Skipped { id, why }));
        if let Some(row) = there {
            if let Some(other) = row.value.source.as_ref().filter(|other| *other != source) {
                return skipped(record.id, SkipReason::OtherSource(other.clone()));
            }
            let slug = row.value.dataset.slug.clone();
            return Ok(Met::There(Box::new(Job { record, there: Some(row), slug })));
        }
        if self.store.row(Kind::Setting, &iri_key(&record.id))?.is_some() {
            return skipped(record.id, SkipReason::OtherOwner);
        }
        let slug = wanted_slug(&record)?;
        let free = self.store.row(Kind::Dataset, slug.as_str())?.is_none();
        Ok(Met::New { record: Box::new(record), slug, free })
    }
}

/// What is here of a record.
enum Met {
    /// It is not taken in.
    Skipped(Skipped),
    /// The dataset that it describes.
    There(Box<Job>),
    /// Nothing: the name that it asks for, and whether that is free.
    New { record: Box<Imported>, slug: Name, free: bool },
}

fn ended_early() -> EngineError {
    EngineError::state("part of the import ended early", "nothing was written: report this")
}

fn source_key(source: &str) -> String {
    format!("source/{source}")
}

/// What is asked of a catalogue: the same state of it, for another owner or with other defaults, is another import.
fn asked(owner: &OrgId, defaults: &Defaults) -> Result<Digest, JsonError> {
    Ok(Digest::of(&json::bytes(&(owner, defaults), "import")?))
}

fn done(job: Job, source: &str, owner: &Owner<'_>, looks: &Looks<'_>) -> Done {
    let Job { record, there, slug } = job;
    let doubts = record.doubts.clone();
    let dataset = owner.merge(record, there.as_ref().map(|row| &row.value.dataset), &slug);
    let findings = looks.at(&dataset, doubts);
    let same = there.as_ref().is_some_and(|row| {
        row.value.gone.is_none() && row.value.source.as_deref() == Some(source) && row.value.dataset == dataset
    });
    let result = if same { Ok(None) } else { change(&dataset, there.as_ref(), source).map(Some) };
    Done { there, dataset, findings, result }
}

impl Import {
    /// Whether anything is to be written.
    #[must_use]
    pub fn changes(&self) -> bool {
        !self.new.is_empty() || !self.changed.is_empty() || !self.gone.is_empty()
    }

    fn take(&mut self, done: Done, written: &mut Vec<Written>) -> Result<(), EngineError> {
        let Done { there, dataset, findings, result } = done;
        let change = match result {
            Ok(change) => change,
            Err(e) if e.stops() => return Err(e),
            Err(e) => {
                self.skipped.push(Skipped { id: dataset.id, why: SkipReason::Invalid(e.to_string()) });
                return Ok(());
            }
        };
        let slug = &dataset.slug;
        self.findings.extend(findings.into_iter().map(|finding| Found { dataset: slug.clone(), finding }));
        self.unmapped += dataset
            .described
            .as_ref()
            .map_or(0, |d| (d.unmapped.len() + d.distributions.iter().map(|f| f.unmapped.len()).sum::<usize>()) as u64);
        let Some(change) = change else {
            self.unchanged += 1;
            return Ok(());
        };
        let touched = Touched {
            new_version: there.as_ref().is_some_and(|row| row.value.version != change.version),
            fields: change.fields.clone(),
            ..Touched::plain(&dataset)
        };
        if there.is_some() {
            self.changed.push(touched)
        } else {
            self.new.push(touched)
        }
        written.push(Written { before: there.map(|row| row.version), dataset, change });
        Ok(())
    }

    /// How many faults there are.
    #[must_use]
    pub fn faults_in_all(&self) -> u64 {
        self.faults.len() as u64 + self.more_faults
    }
}

impl Touched {
    fn plain(dataset: &Dataset) -> Self {
        let Dataset { id, slug, title, access, .. } = dataset;
        let (id, slug, title) = (id.clone(), slug.clone(), title.clone());
        Touched { id, slug, title, access: *access, new_version: false, fields: Vec::new() }
    }
}
