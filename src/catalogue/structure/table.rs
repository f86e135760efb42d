//! How a dataset is built, as a file says it: columns, keys, relations and data models, before it is known which dataset it is of.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::names::Mark;
use super::table_fault::{TableFault, short};
use crate::model::Iri;
use crate::model::condition::Bilingual;
use crate::model::dataset::{Column, Dataset};
use crate::model::description::Unmapped;
use crate::model::structure::Relation;

/// The largest schema file, in bytes.
pub const MAX_SCHEMA: usize = 1 << 20;
/// The most columns.
pub const MAX_COLUMNS: usize = 2_000;
/// The longest name of a column, in characters.
pub const MAX_NAME: usize = 200;

/// The forms in which the structure of a dataset is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// W3C CSV on the Web.
    #[default]
    Csvw,
    /// Frictionless Table Schema.
    TableSchema,
    /// A CSV file: its first line, and a sample of its rows.
    Csv,
}

impl Form {
    /// The word before the place of what is kept.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Form::Csvw => "csvw",
            Form::TableSchema => "table-schema",
            Form::Csv => "csv",
        }
    }
}

/// A table as a file describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Who says it.
    pub form: Form,
    /// The dataset, of one that is written.
    pub id: Option<Iri>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The columns of which the file itself says the group, empty or not.
    pub grouped: BTreeSet<String>,
    /// The columns of which the file itself says the marks, none or some.
    pub marked: BTreeSet<String>,
    /// The data models that it conforms to.
    pub models: Vec<Iri>,
    /// The columns whose values together name a row.
    pub primary_key: Vec<String>,
    /// Columns whose values name rows of a table.
    pub foreign_keys: Vec<ForeignKey>,
    /// What has no place, with where it stands.
    pub kept: Vec<Unmapped>,
}

/// Columns whose values name rows of a table, this one or another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// The columns here.
    pub columns: Vec<String>,
    /// The table, as the file names it; empty: this one.
    pub resource: String,
    /// The columns there, in the same order.
    pub references: Vec<String>,
}

impl Table {
    /// The table of a dataset, to be written.
    #[must_use]
    pub fn of(form: Form, dataset: &Dataset) -> Self {
        let foreign = |r: &Relation| ForeignKey {
            columns: r.columns.clone(),
            resource: if r.dataset == dataset.id { String::new() } else { r.dataset.to_string() },
            references: r.references.clone(),
        };
        Table {
            form,
            id: Some(dataset.id.clone()),
            columns: dataset.columns.clone(),
            models: dataset.structure.models.clone(),
            primary_key: dataset.structure.primary_key.clone(),
            foreign_keys: dataset.structure.relations.iter().map(foreign).collect(),
            kept: dataset.structure.kept.clone(),
            ..Table::default()
        }
    }

    /// Adds a column that a file describes, with its group and its marks as far as the file says them.
    pub(super) fn add(&mut self, mut column: Column, group: Option<String>, marks: Option<Vec<Mark>>) {
        if let Some(group) = group {
            self.grouped.insert(column.name.clone());
            column.group = group;
        }
        if let Some(marks) = marks {
            self.marked.insert(column.name.clone());
            marks.into_iter().for_each(|mark| mark.put(&mut column));
        }
        self.columns.push(column);
    }

    /// Its foreign keys as relations of a dataset. `find` knows which dataset a file means by a name that is no IRI; what it does not know
    /// is kept, and its relation is not made.
    #[must_use]
    pub fn relations(&self, dataset: &Iri, find: &dyn Fn(&str) -> Option<Iri>) -> (Vec<Relation>, Vec<Unmapped>) {
        let (mut relations, mut kept) = (Vec::new(), Vec::new());
        for key in &self.foreign_keys {
            let target = match key.resource.as_str() {
                "" => Some(dataset.clone()),
                named => named.parse().ok().or_else(|| find(named)),
            };
            match target {
                Some(target) => relations.push(Relation {
                    columns: key.columns.clone(),
                    dataset: target,
                    references: key.references.clone(),
                }),
                None => kept.push(Unmapped {
                    property: format!("{}:/foreignKeys/{}", self.form.as_str(), key.columns.join(" ")),
                    value: json!({"resource": key.resource, "references": key.references}).to_string(),
                }),
            }
        }
        (relations, kept)
    }

    /// Whether both say the same of how a dataset is built.
    pub(super) fn says_as(&self, other: &Table) -> bool {
        self.columns == other.columns
            && self.models == other.models
            && self.primary_key == other.primary_key
            && self.foreign_keys == other.foreign_keys
    }

    /// The table, if its names and keys hold together. `at` tells where columns, primary key and foreign keys stand.
    pub(super) fn checked(self, at: [&str; 3]) -> Result<Self, TableFault> {
        let [columns, primary, foreign] = at;
        if self.columns.is_empty() {
            return Err(TableFault::NoColumns);
        }
        if self.columns.len() > MAX_COLUMNS {
            return Err(TableFault::TooMany { count: self.columns.len(), limit: MAX_COLUMNS });
        }
        let mut names = BTreeSet::new();
        for (i, column) in self.columns.iter().enumerate() {
            let name = column.name.as_str();
            let wrong = if name.trim().is_empty() {
                Some("it is empty")
            } else if name.chars().count() > MAX_NAME {
                Some("it is too long")
            } else if name.chars().any(char::is_control) {
                Some("it holds a control character")
            } else if !names.insert(name) {
                Some("it stands twice")
            } else {
                None
            };
            if let Some(why) = wrong {
                return Err(TableFault::Name { at: format!("{columns}[{i}]"), name: short(name), why });
            }
        }
        let known = |at: String, named: &[String]| match named.iter().find(|n| !names.contains(n.as_str())) {
            Some(name) => Err(TableFault::NoSuchColumn { at, name: short(name) }),
            None => Ok(()),
        };
        known(primary.to_owned(), &self.primary_key)?;
        for (i, key) in self.foreign_keys.iter().enumerate() {
            let at = format!("{foreign}[{i}]");
            known(at.clone(), &key.columns)?;
            let (here, there) = (key.columns.len(), key.references.len());
            if here != there || here == 0 {
                return Err(TableFault::Sides { at, here, there });
            }
        }
        Ok(self)
    }
}

/// A column of which nothing is known but its name.
pub(super) fn column(name: &str) -> Column {
    Column {
        name: name.to_owned(),
        title: None,
        group: String::new(),
        personal: false,
        identifying: false,
        special: false,
        description: None,
        datatype: None,
        required: false,
        concept: None,
    }
}

/// The member that holds the group of a column, for conditions. CSVW and Table Schema leave room for members of others.
pub(super) const GROUP: &str = "datadeal:group";
/// The member that holds the marks of a column.
pub(super) const MARKS: &str = "datadeal:marks";

/// Writes group and marks into a described column.
pub(super) fn write_marks(column: &Column, into: &mut serde_json::Map<String, Value>) {
    if !column.group.is_empty() {
        into.insert(GROUP.to_owned(), json!(column.group));
    }
    let marks: Vec<&str> = Mark::ALL.into_iter().filter(|m| m.stands_on(column)).map(Mark::as_str).collect();
    if !marks.is_empty() {
        into.insert(MARKS.to_owned(), json!(marks));
    }
}

/// A text in both languages from what there is of it: by language where it is told, else the same in both.
pub(super) fn both<'a>(texts: impl Iterator<Item = (Option<&'a str>, &'a str)> + Clone) -> Option<Bilingual> {
    let is =
        |lang: Option<&str>, wanted: &str| lang.is_some_and(|l| l == wanted || l.starts_with(&format!("{wanted}-")));
    let find = |wanted: &str| texts.clone().find(|(lang, _)| is(*lang, wanted)).map(|(_, text)| text);
    let any = texts.clone().map(|(_, text)| text).next()?;
    let en = find("en").or_else(|| find("nl")).unwrap_or(any);
    let nl = find("nl").or_else(|| find("en")).unwrap_or(any);
    Some(Bilingual { en: en.to_owned(), nl: nl.to_owned() })
}

/// Prefixes of the initial context of RDFa 1.1 that name properties of data; CSVW knows them without
/// saying so, and many write them in Table Schema.
const PREFIXES: [(&str, &str); 6] = [
    ("dc", "http://purl.org/dc/terms/"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("schema", "http://schema.org/"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
];

/// The IRI of a concept: whole, or with one of the prefixes that are known; none for a template.
pub(super) fn concept(property: &str) -> Option<Iri> {
    let (prefix, rest) = property.split_once(':')?;
    match PREFIXES.iter().find(|(known, _)| *known == prefix) {
        Some((_, iri)) => format!("{iri}{rest}").parse().ok(),
        None => property.parse().ok(),
    }
}
