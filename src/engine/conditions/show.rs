//! What anybody may read of one dataset: what it is, what is in force for it, what that asks, and who decides.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::reuse::Reuse;
use crate::conditions::{Schema, decide, outlines};
use crate::engine::known::View;
use crate::engine::requests::check::{Moment, Question};
use crate::engine::rows;
use crate::engine::state::{self, DatasetNow, MandateNow, Published};
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::condition::{Bilingual, Level};
use crate::model::dataset::Access;
use crate::model::decision::Outcome;
use crate::model::entry::EntryType;
use crate::model::input::Scope;
use crate::model::outline::Outline;
use crate::model::record::{ConditionSetPublished, RecordType, Reference, SchemaPublished, read};
use crate::model::{Digest, Document, Iri, Name, OrgId, Time, Urn};
use crate::rights::Actor;
use crate::store::Kind;

/// How many columns are tried one by one.
const MAX_TRIED: usize = 500;

/// One dataset with what is in force for it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The dataset as its source describes it now.
    pub dataset: DatasetNow,
    /// The legal name of its owner.
    pub owner_name: String,
    /// The schema in force.
    pub schema: Arc<Schema>,
    /// The sets in force, portal first.
    pub sets: Vec<SetInForce>,
    /// What each ground and condition asks; empty if the dataset is open.
    pub conditions: Vec<Outline>,
    /// False if no set names a ground, so that nothing can be permitted.
    pub has_ground: bool,
    /// Mandates in force that cover it.
    pub mandates: Vec<MandateNow>,
    /// The last day on which must be decided on a request received at `now`.
    pub last_day: NaiveDate,
    /// What reuse asks and costs, and who decides, in short.
    pub reuse: Reuse,
    /// The instant that was asked about.
    pub now: Time,
}

/// A dataset in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetRow {
    /// Its IRI.
    pub id: Iri,
    /// Short name for typing.
    pub slug: Name,
    /// Its title.
    pub title: Bilingual,
    /// Whose it is.
    pub owner: OrgId,
    /// Who may have it.
    pub access: Access,
    /// The version of its description.
    pub version: Digest,
    /// Since when its catalogue holds it no more: nobody can ask for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gone: Option<Time>,
}

/// The schema in force.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SchemaNow {
    /// Its record.
    pub record: Reference,
    /// Digest of its text.
    pub digest: Digest,
    /// In force from this instant.
    pub from: Time,
    /// The text as it was published.
    pub text: String,
}

/// A published version of a set that is in force.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SetInForce {
    /// Whose set.
    pub level: Level,
    /// Counted from 1.
    pub version: u64,
    /// Its record.
    pub record: Reference,
    /// In force from this instant.
    pub from: Time,
    /// When the next version starts, if one is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_from: Option<Time>,
    /// True if a negative automatic outcome needs no person to confirm it.
    pub automatic_refusals: bool,
}

impl Engine {
    /// A dataset by slug or IRI, with what binds it at `at`, or now.
    ///
    /// # Errors
    /// There is none of that name that the actor may see, or the store cannot be read.
    pub fn show(&self, actor: Option<&Actor>, name: &str, at: Option<Time>) -> Result<Shown, EngineError> {
        let now = at.unwrap_or_else(|| self.clock.now());
        let view = self.view()?;
        let dataset = self.dataset_seen(&view, actor, name)?;
        let about = &dataset.dataset;
        let force = self.in_force(&view, about, now)?;
        let open = about.access == Access::Open;
        let conditions = if open { Vec::new() } else { outlines(&force.schema, &force.slice, about, now)? };
        let mandates: Vec<MandateNow> =
            self.mandates(Some(&about.owner))?.into_iter().filter(|m| m.covers(&about.id, now)).collect();
        let reuse = self.reuse(about, &force, &conditions, &mandates, now)?;
        Ok(Shown {
            owner_name: self.organisation(&view, &about.owner)?.name,
            sets: self.sets_in_force(&dataset, now)?,
            conditions,
            has_ground: force.slice.has_ground(),
            mandates,
            last_day: self.terms.last_day(&about.regime, now),
            reuse,
            schema: force.schema,
            dataset,
            now,
        })
    }

    /// A published version of a condition set by the id of its record, as it was signed.
    ///
    /// # Errors
    /// There is none for a dataset that the actor may see, or the store cannot be read.
    pub fn published_set_record(&self, actor: Option<&Actor>, id: &Urn) -> Result<Value, EngineError> {
        let stored = self.store.record(&id.to_string())?.filter(|r| r.kind == EntryType::ConditionSet);
        let none =
            || EngineError::not_found("condition set", id, Mend::by("see those in force", "datadeal dataset show"));
        let document = Document::read(stored.ok_or_else(none)?.bytes)?;
        let set = read::<ConditionSetPublished>(document.clone(), RecordType::ConditionSet)?.subject;
        if let Some(dataset) = &set.dataset {
            self.dataset_seen(&self.view()?, actor, dataset.as_str()).map_err(|error| match error {
                EngineError::NotFound { .. } => none(),
                other => other,
            })?;
        }
        Ok(document.value())
    }

    /// The schema in force.
    ///
    /// # Errors
    /// There is none, or the store cannot be read.
    pub fn schema_now(&self) -> Result<SchemaNow, EngineError> {
        let none = || EngineError::state("no schema is in force", Mend::by("publish one", "datadeal schema publish"));
        let published = self.published(&self.view()?, Kind::Schema, "schema", &mut Vec::new())?.ok_or_else(none)?;
        let version = published.value.in_force(self.clock.now()).ok_or_else(none)?;
        let text = self.record::<SchemaPublished>(&version.record, RecordType::Schema)?.subject.text;
        Ok(SchemaNow { record: version.record, digest: version.text, from: version.from, text })
    }

    /// Columns of a dataset that one can ask for together, before anything is known of the reuser: all that a ground covers, less those
    /// that some condition rules out, also for being asked together. Empty if the columns are not known, or none can be had.
    ///
    /// # Errors
    /// There is no such dataset that the actor may see, or the store cannot be read.
    pub fn askable_columns(&self, actor: Option<&Actor>, name: &str) -> Result<Vec<String>, EngineError> {
        let view = self.view()?;
        self.askable(&view, &self.dataset_seen(&view, actor, name)?)
    }

    /// The same for a description of a dataset, one that is not in force yet among them.
    pub(in crate::engine) fn askable(&self, view: &View, dataset: &DatasetNow) -> Result<Vec<String>, EngineError> {
        let now = self.clock.now();
        let force = self.in_force(view, &dataset.dataset, now)?;
        let possible = |columns: &[String]| -> Result<bool, EngineError> {
            let scope = Scope { columns: columns.iter().cloned().collect(), ..Scope::default() };
            let question = Question { scope, ..Question::default() };
            let input = self.input(dataset, &force, &question, Moment::default(), now)?;
            Ok(!matches!(decide(&force.schema, &force.slice, &input)?.outcome, Outcome::Deny | Outcome::NoGround))
        };
        let all: Vec<String> = dataset.dataset.columns.iter().map(|c| c.name.clone()).collect();
        if all.is_empty() || possible(&all)? {
            return Ok(all);
        }
        together(all.into_iter().take(MAX_TRIED), possible)
    }

    fn sets_in_force(&self, dataset: &DatasetNow, now: Time) -> Result<Vec<SetInForce>, EngineError> {
        let mut out = Vec::new();
        for (_, key) in state::set_keys(&dataset.dataset.owner, &dataset.dataset.id) {
            let Some(row) = rows::load::<Published>(&*self.store, Kind::ConditionSet, &key)? else { continue };
            let Some(version) = row.value.in_force(now) else { continue };
            let set = self.record::<ConditionSetPublished>(&version.record, RecordType::ConditionSet)?.subject;
            out.push(SetInForce {
                level: set.level,
                version: set.version,
                record: version.record,
                from: set.from,
                next_from: row.value.versions.iter().map(|v| v.from).find(|from| *from > now),
                automatic_refusals: set.automatic_refusals,
            });
        }
        Ok(out)
    }

    /// In whose name is decided on these datasets, or on all of an owner: their competent body if they have one in common, else the
    /// owner itself.
    ///
    /// # Errors
    /// There is no such owner or dataset, or a dataset is another owner's.
    pub fn body_of(&self, owner: &OrgId, datasets: &[String]) -> Result<(Bilingual, Vec<Iri>), EngineError> {
        let name = self.organisation(&self.view()?, owner)?.name;
        let named = datasets.iter().map(|d| self.dataset(d)).collect::<Result<Vec<_>, _>>()?;
        if let Some(other) = named.iter().find(|d| d.dataset.owner != *owner) {
            return Err(EngineError::input(
                Field::MandateDataset,
                format!("`{}` is of {}, not of {owner}", other.dataset.slug, other.dataset.owner),
                "an owner gives mandates for its own datasets",
            ));
        }
        let ids = named.iter().map(|d| d.dataset.id.clone()).collect();
        let of = if datasets.is_empty() { self.datasets(Some(owner))? } else { named };
        let mut bodies = of.into_iter().map(|d| d.dataset.competent_body);
        let body = match bodies.next() {
            Some(first) if bodies.all(|b| b == first) => first,
            _ => Bilingual { en: name.clone(), nl: name },
        };
        Ok((body, ids))
    }
}

/// Columns that go together, one after the other as far as they do.
pub(in crate::engine) fn together<E>(
    columns: impl IntoIterator<Item = String>,
    mut do_go: impl FnMut(&[String]) -> Result<bool, E>,
) -> Result<Vec<String>, E> {
    let mut some = Vec::new();
    for column in columns {
        some.push(column);
        if !do_go(&some)? {
            some.pop();
        }
    }
    Ok(some)
}
