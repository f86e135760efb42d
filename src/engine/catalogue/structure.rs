//! The structure of a dataset, set by its owner from a file: seen first as a change, then applied as a new description of the dataset. What
//! conditions can read of a column (group and marks) stays as it is unless the file or the owner says otherwise.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalogue::structure::names::{ColumnNames, Mark, Suggestion};
use crate::catalogue::structure::table::{Form, Table};
use crate::engine::known::View;
use crate::engine::operation::Operation;
use crate::engine::requests::check::still_there;
use crate::engine::rows;
use crate::engine::state::DatasetNow;
use crate::engine::{Engine, EngineError, Field};
use crate::model::dataset::{Column, Dataset};
use crate::model::description::Unmapped;
use crate::model::record::Reference;
use crate::model::structure::Structure;
use crate::model::{Digest, Iri, Name};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

/// A structure as its owner gives it.
#[derive(Debug, Clone)]
pub struct NewStructure {
    /// What the file says.
    pub table: Table,
    /// Columns that the owner marks, whatever the file says.
    pub marks: Vec<(String, Mark)>,
    /// The data models that it conforms to; none: those of the file, or that are known already.
    pub models: Vec<Iri>,
}

/// What a new structure changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StructureChange {
    /// The dataset.
    pub dataset: Iri,
    /// Its short name.
    pub slug: Name,
    /// The columns that differ, in the order of the new structure; those that are gone at the end.
    pub columns: Vec<ColumnChange>,
    /// How many columns it then has.
    pub count: usize,
    /// What else differs.
    pub parts: Vec<StructurePart>,
    /// The version before, and after: another one if a condition can read what differs.
    pub before: Digest,
    /// The version after.
    pub version: Digest,
    /// What names of columns suggest that is not marked.
    pub suggestions: Vec<Suggestion>,
    /// Columns that can be asked for together and that together point at one person.
    pub together: Vec<String>,
    /// What the file says that has no place: kept as it is.
    pub kept: Vec<Unmapped>,
    /// The record of the new description; none where nothing was applied.
    pub record: Option<Reference>,
}

/// How a column differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ColumnChange {
    /// The column.
    pub column: String,
    /// In one word.
    pub change: Difference,
    /// What of it differs, of one that stays.
    pub parts: Vec<ColumnPart>,
    /// Marks that it loses: conditions for such columns no longer hold for it.
    pub unmarked: Vec<Mark>,
}

/// How something differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Difference {
    /// It was not there.
    New,
    /// It is there, and otherwise.
    Changed,
    /// It is not there any more.
    Gone,
}

/// What can differ of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnPart {
    /// Title.
    Title,
    /// What it is, in words.
    Description,
    /// The type of its values.
    Datatype,
    /// Whether every row has a value.
    Required,
    /// What its values mean.
    Concept,
    /// The group that conditions can name.
    Group,
    /// The marks that conditions can read.
    Marks,
}

/// What else can differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StructurePart {
    /// The order of the columns.
    Order,
    /// The data models.
    Models,
    /// The columns that name a row.
    Key,
    /// The relations with other datasets.
    Relations,
    /// What is kept as it was written.
    Kept,
}

impl StructureChange {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.parts.is_empty()
    }
}

impl Engine {
    /// What a structure would change, before it is set.
    ///
    /// # Errors
    /// No right, no such dataset, or a mark on a column that is not there.
    pub fn structure_change(
        &self,
        actor: &Actor,
        name: &str,
        new: &NewStructure,
    ) -> Result<StructureChange, EngineError> {
        let view = self.view()?;
        let now = self.dataset_seen(&view, Some(actor), name)?;
        self.rights.require(actor, Act::AddDataset, &Target::of_owner(now.dataset.owner.clone()))?;
        Ok(self.changed(&view, &now, new)?.1)
    }

    /// Sets the structure of a dataset: one record and one log entry, as a new description of it. Where nothing differs, nothing is written.
    ///
    /// # Errors
    /// As [`Engine::structure_change`], or another description came meanwhile.
    pub fn set_structure(&self, actor: &Actor, name: &str, new: &NewStructure) -> Result<StructureChange, EngineError> {
        let view = self.view()?;
        let slug = self.dataset_seen(&view, Some(actor), name)?.dataset.slug;
        // what is known may be a moment old; what is changed is what stands there
        let row = rows::load::<DatasetNow>(&*self.store, Kind::Dataset, slug.as_str())?;
        let row = row.ok_or_else(|| EngineError::lost("dataset", &slug))?;
        self.rights.require(actor, Act::AddDataset, &Target::of_owner(row.value.dataset.owner.clone()))?;
        still_there(&row.value)?;
        let mut op = Operation::by(self, actor)?;
        let (after, change) = self.changed(&view, &row.value, new)?;
        if change.is_empty() {
            return Ok(change);
        }
        rows::guard(&mut op.item, Kind::Dataset, slug.as_str(), row.version);
        let record = self.put_datasets(&mut op, std::slice::from_ref(&after))?;
        op.commit()?;
        Ok(StructureChange { record: Some(record), ..change })
    }

    /// The dataset with its new structure, and what that changes.
    fn changed(
        &self,
        view: &View,
        now: &DatasetNow,
        new: &NewStructure,
    ) -> Result<(Dataset, StructureChange), EngineError> {
        let before = &now.dataset;
        let after = with_structure(before, new, &|named| self.meant(view, before, named))?;
        let version = after.version()?;
        let described = DatasetNow { dataset: after, version, ..now.clone() };
        let names = ColumnNames::built_in()?;
        let together = self.pointing(view, &described, &names)?;
        let after = described.dataset;
        let change = StructureChange {
            dataset: after.id.clone(),
            slug: after.slug.clone(),
            columns: columns_changed(&before.columns, &after.columns),
            count: after.columns.len(),
            parts: parts_changed(before, &after),
            before: before.version()?,
            version,
            suggestions: names.suggest(&after.columns),
            together,
            kept: after.structure.kept.clone(),
            record: None,
        };
        Ok((after, change))
    }

    /// Columns of a dataset that can be asked for together and that together point at one person.
    pub(in crate::engine) fn pointing(
        &self,
        view: &View,
        described: &DatasetNow,
        names: &ColumnNames,
    ) -> Result<Vec<String>, EngineError> {
        if names.together(&described.dataset.columns).is_empty() {
            return Ok(Vec::new());
        }
        // without a ground nothing can be had yet: then it is said for whoever writes the conditions
        let force = self.in_force(view, &described.dataset, self.clock.now())?;
        if !force.slice.has_ground() {
            return Ok(names.together(&described.dataset.columns));
        }
        let askable = self.askable(view, described)?;
        let columns = described.dataset.columns.iter().filter(|c| askable.contains(&c.name));
        Ok(names.together(&columns.cloned().collect::<Vec<_>>()))
    }

    /// The dataset that a file means by a name: a short name of this portal, as `countries` or `data/countries.csv`. One that not everybody may
    /// see is none, unless it is of the same owner.
    fn meant(&self, view: &View, by: &Dataset, named: &str) -> Option<Iri> {
        let last = named.rsplit('/').next().unwrap_or(named);
        let slug: Name = last.strip_suffix(".csv").unwrap_or(last).parse().ok()?;
        let found = self.dataset_in(view, slug.as_str()).ok()?.dataset;
        (found.audience.is_none() || found.owner == by.owner).then_some(found.id)
    }
}

/// A dataset with what a file and its owner say of its structure.
fn with_structure(
    before: &Dataset,
    new: &NewStructure,
    find: &dyn Fn(&str) -> Option<Iri>,
) -> Result<Dataset, EngineError> {
    let table = &new.table;
    let known: BTreeMap<&str, &Column> = before.columns.iter().map(|c| (c.name.as_str(), c)).collect();
    let mut after = before.clone();
    after.columns = table.columns.iter().map(|c| column(c, known.get(c.name.as_str()).copied(), table)).collect();
    let names = after.column_names();
    if table.form == Form::Csv {
        // the data tell names and types; keys and relations stay as far as their columns do
        let there = |columns: &[String]| columns.iter().all(|c| names.contains(c));
        let structure = &mut after.structure;
        if !there(&structure.primary_key) {
            structure.primary_key.clear();
        }
        structure.relations.retain(|r| there(&r.columns));
        structure.kept.retain(|k| table.kept.iter().all(|new| new.property != k.property));
        structure.kept.extend(table.kept.iter().cloned());
    } else {
        let (relations, unknown) = table.relations(&before.id, find);
        let models = if table.models.is_empty() { &before.structure.models } else { &table.models };
        let kept = table.kept.iter().cloned().chain(unknown).collect();
        after.structure = Structure { models: models.clone(), primary_key: table.primary_key.clone(), relations, kept };
    }
    if !new.models.is_empty() {
        after.structure.models.clone_from(&new.models);
    }
    for (name, mark) in &new.marks {
        let Some(column) = after.columns.iter_mut().find(|c| c.name == *name) else {
            let why = format!("there is no column `{name}` in the file");
            return Err(EngineError::input(Field::Column, why, "mark columns by their names in the file"));
        };
        Mark::Personal.put(column);
        mark.put(column);
    }
    Ok(after)
}

/// A column of a file, with what is known of it that the file does not say.
fn column(told: &Column, known: Option<&Column>, table: &Table) -> Column {
    match known {
        None => told.clone(),
        Some(known) if table.form == Form::Csv => {
            Column { datatype: known.datatype.clone().or_else(|| told.datatype.clone()), ..known.clone() }
        }
        Some(known) => {
            let mut column = told.clone();
            if !table.grouped.contains(&told.name) {
                column.group.clone_from(&known.group);
            }
            if !table.marked.contains(&told.name) {
                marks(known).into_iter().for_each(|mark| mark.put(&mut column));
            }
            column
        }
    }
}

fn columns_changed(before: &[Column], after: &[Column]) -> Vec<ColumnChange> {
    let known: BTreeMap<&str, &Column> = before.iter().map(|c| (c.name.as_str(), c)).collect();
    let mut changes = Vec::new();
    for column in after {
        let change = |change, parts, unmarked| ColumnChange { column: column.name.clone(), change, parts, unmarked };
        match known.get(column.name.as_str()) {
            None => changes.push(change(Difference::New, Vec::new(), Vec::new())),
            Some(known) if *known != column => {
                changes.push(change(Difference::Changed, column_parts(known, column), unmarked(known, column)));
            }
            Some(_) => {}
        }
    }
    let there: std::collections::BTreeSet<&str> = after.iter().map(|c| c.name.as_str()).collect();
    let gone = before.iter().filter(|c| !there.contains(c.name.as_str()));
    changes.extend(gone.map(|c| ColumnChange {
        column: c.name.clone(),
        change: Difference::Gone,
        parts: Vec::new(),
        unmarked: Vec::new(),
    }));
    changes
}

fn marks(column: &Column) -> Vec<Mark> {
    Mark::ALL.into_iter().filter(|mark| mark.stands_on(column)).collect()
}

fn unmarked(before: &Column, after: &Column) -> Vec<Mark> {
    marks(before).into_iter().filter(|mark| !mark.stands_on(after)).collect()
}

fn column_parts(before: &Column, after: &Column) -> Vec<ColumnPart> {
    let differs = [
        (ColumnPart::Title, before.title != after.title),
        (ColumnPart::Description, before.description != after.description),
        (ColumnPart::Datatype, before.datatype != after.datatype),
        (ColumnPart::Required, before.required != after.required),
        (ColumnPart::Concept, before.concept != after.concept),
        (ColumnPart::Group, before.group != after.group),
        (ColumnPart::Marks, marks(before) != marks(after)),
    ];
    differs.into_iter().filter(|(_, differs)| *differs).map(|(part, _)| part).collect()
}

fn parts_changed(before: &Dataset, after: &Dataset) -> Vec<StructurePart> {
    let order = |of: &Dataset, other: &Dataset| {
        let names = other.column_names();
        of.columns.iter().map(|c| c.name.clone()).filter(|n| names.contains(n)).collect::<Vec<_>>()
    };
    let (old, new) = (&before.structure, &after.structure);
    let differs = [
        (StructurePart::Order, order(before, after) != order(after, before)),
        (StructurePart::Models, old.models != new.models),
        (StructurePart::Key, old.primary_key != new.primary_key),
        (StructurePart::Relations, old.relations != new.relations),
        (StructurePart::Kept, old.kept != new.kept),
    ];
    differs.into_iter().filter(|(_, differs)| *differs).map(|(part, _)| part).collect()
}
