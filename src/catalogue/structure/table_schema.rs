//! Frictionless Table Schema: a schema, a data resource with one, or a data package of one resource. Names, titles, descriptions, types,
//! `required` and `rdfType` of fields, the primary key and foreign keys have a place; all else is kept.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::datatype;
use super::kept::{beyond, whole};
use super::members::{parse, typed};
use super::names::Mark;
use super::table::{self, ForeignKey, Form, MAX_SCHEMA, Table, both, concept};
use super::table_fault::{TableFault, short};
use crate::model::condition::Bilingual;
use crate::model::dataset::Column;
use crate::model::description::Unmapped;

/// Where the fields, the primary key and the foreign keys stand.
const AT: [&str; 3] = ["fields", "primaryKey", "foreignKeys"];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SchemaIn {
    fields: Vec<FieldIn>,
    primary_key: Option<OneOrMany>,
    #[serde(default)]
    foreign_keys: Vec<ForeignKeyIn>,
    #[serde(default, rename = "datadeal:conformsTo")]
    conforms_to: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct FieldIn {
    name: String,
    title: Option<String>,
    #[serde(rename = "title@en")]
    title_en: Option<String>,
    #[serde(rename = "title@nl")]
    title_nl: Option<String>,
    description: Option<String>,
    #[serde(rename = "description@en")]
    description_en: Option<String>,
    #[serde(rename = "description@nl")]
    description_nl: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    format: Option<Value>,
    constraints: Option<ConstraintsIn>,
    #[serde(rename = "rdfType")]
    rdf_type: Option<String>,
    #[serde(rename = "datadeal:datatype")]
    datatype: Option<String>,
    #[serde(rename = "datadeal:group")]
    group: Option<String>,
    #[serde(rename = "datadeal:marks")]
    marks: Option<Vec<Mark>>,
}

#[derive(Debug, Deserialize)]
struct ConstraintsIn {
    #[serde(default)]
    required: bool,
}

#[derive(Debug, Deserialize)]
struct ForeignKeyIn {
    fields: OneOrMany,
    reference: ReferenceIn,
}

#[derive(Debug, Deserialize)]
struct ReferenceIn {
    #[serde(default)]
    resource: String,
    fields: OneOrMany,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a name, or a list of names")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn all(self) -> Vec<String> {
        match self {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        }
    }
}

/// Reads a Table Schema.
///
/// # Errors
/// A [`TableFault`] with its place.
pub fn read(bytes: &[u8]) -> Result<Table, TableFault> {
    let whole = parse(bytes, MAX_SCHEMA)?;
    let (source, around) = one_schema(&whole)?;
    let mut table = of_value(source)?;
    table.kept = beyond(Form::TableSchema.as_str(), source, &plain(&table));
    table.kept.extend(around);
    Ok(table)
}

/// The one schema of a file, and what the file says around it.
fn one_schema(whole: &Value) -> Result<(&Value, Vec<Unmapped>), TableFault> {
    let shape = |at: &str, why: String| TableFault::Shape { at: at.to_owned(), why };
    let map = whole.as_object().ok_or_else(|| shape(".", "a Table Schema is an object".to_owned()))?;
    let around = |of: &Map<String, Value>, but: &str| -> Vec<Unmapped> {
        let others = of.iter().filter(|(key, _)| *key != but);
        let unmapped = |(key, value): (&String, &Value)| Unmapped {
            property: format!("data-package:/{but}/{key}"),
            value: value.to_string(),
        };
        others.map(unmapped).collect()
    };
    if map.contains_key("fields") {
        return Ok((whole, Vec::new()));
    }
    let (resource, mut outside) = match map.get("resources").map(Value::as_array) {
        None => (whole, Vec::new()),
        Some(Some(list)) => match list.as_slice() {
            [one] => (one, around(map, "resources")),
            _ => {
                let names = list.iter().take(5).filter_map(|t| t.get("name").and_then(Value::as_str));
                let names = short(&names.collect::<Vec<_>>().join(", "));
                return Err(TableFault::Tables { count: list.len(), names });
            }
        },
        Some(None) => return Err(shape("resources", "is a list".to_owned())),
    };
    match resource.get("schema") {
        Some(Value::String(address)) => {
            let why = format!("`{}` is elsewhere, and no address is followed: write the schema here", short(address));
            Err(shape("schema", why))
        }
        Some(schema) => {
            outside.extend(resource.as_object().map(|of| around(of, "schema")).unwrap_or_default());
            Ok((schema, outside))
        }
        None => Err(shape(".", "none of `fields`, `schema` and `resources` is there".to_owned())),
    }
}

/// A table from its object, without what is kept.
fn of_value(source: &Value) -> Result<Table, TableFault> {
    let read: SchemaIn =
        typed(source, &["fields.*", "fields.*.constraints", "foreignKeys.*", "foreignKeys.*.reference"])?;
    let mut table = Table { form: Form::TableSchema, ..Table::default() };
    for mut field in read.fields {
        let (group, marks) = (field.group.take(), field.marks.take());
        table.add(column_of(field), group, marks);
    }
    table.models = read.conforms_to.iter().filter_map(|iri| iri.parse().ok()).collect();
    table.primary_key = read.primary_key.map(OneOrMany::all).unwrap_or_default();
    let key = |key: ForeignKeyIn| ForeignKey {
        columns: key.fields.all(),
        resource: key.reference.resource,
        references: key.reference.fields.all(),
    };
    table.foreign_keys = read.foreign_keys.into_iter().map(key).collect();
    table.checked(AT)
}

fn column_of(field: FieldIn) -> Column {
    let texts = |plain: &Option<String>, en: &Option<String>, nl: &Option<String>| {
        let all = [(Some("en"), en.clone()), (Some("nl"), nl.clone()), (None, plain.clone())];
        let all: Vec<_> = all.into_iter().filter_map(|(lang, text)| Some((lang, text?))).collect();
        // what names no language is the other one
        let rest = all.iter().find(|(lang, _)| lang.is_none()).map(|(_, text)| text.clone());
        let found = both(all.iter().map(|(lang, text)| (*lang, text.as_str())))?;
        let or_rest = |named: &Option<String>, found: String| match (named, &rest) {
            (None, Some(rest)) => rest.clone(),
            _ => found,
        };
        Some(Bilingual { en: or_rest(en, found.en), nl: or_rest(nl, found.nl) })
    };
    let mut column = Column {
        title: texts(&field.title, &field.title_en, &field.title_nl),
        description: texts(&field.description, &field.description_en, &field.description_nl),
        required: field.constraints.is_some_and(|c| c.required),
        concept: field.rdf_type.as_deref().and_then(concept),
        ..table::column(&field.name)
    };
    let format = field.format.as_ref().and_then(Value::as_str);
    let told = match (field.kind.as_deref(), format) {
        (Some("string"), Some("uri")) => Some("anyURI"),
        (Some("string"), Some("binary")) => Some("base64Binary"),
        (Some(kind), _) => datatype::of_table_schema(kind),
        (None, _) => None,
    };
    // a finer datatype counts where its type is the one told
    let finer = field.datatype.filter(|d| datatype::is_built_in(d) && field.kind.as_deref() == Some(written(d).0));
    column.datatype = finer.or_else(|| told.map(str::to_owned));
    column
}

/// Type and format of Table Schema for a datatype.
fn written(datatype: &str) -> (&'static str, Option<&'static str>) {
    match datatype {
        "anyURI" => ("string", Some("uri")),
        "base64Binary" => ("string", Some("binary")),
        other => (datatype::to_table_schema(other), None),
    }
}

/// Writes a table as Table Schema; and what was kept of other forms, or no longer has the place where it stood.
#[must_use]
pub fn write(table: &Table) -> (Value, Vec<Unmapped>) {
    let same = |whole: &Value| of_value(whole).is_ok_and(|again| again.says_as(table));
    whole(Form::TableSchema.as_str(), plain(table), &table.kept, &same)
}

/// What has a place, as it is written.
fn plain(table: &Table) -> Value {
    let mut map = Map::new();
    map.insert("fields".to_owned(), table.columns.iter().map(field).collect());
    if !table.primary_key.is_empty() {
        map.insert("primaryKey".to_owned(), json!(table.primary_key));
    }
    if !table.foreign_keys.is_empty() {
        let key = |key: &ForeignKey| json!({"fields": key.columns, "reference": {"resource": key.resource, "fields": key.references}});
        map.insert("foreignKeys".to_owned(), table.foreign_keys.iter().map(key).collect());
    }
    if !table.models.is_empty() {
        map.insert("datadeal:conformsTo".to_owned(), json!(table.models));
    }
    Value::Object(map)
}

fn field(column: &Column) -> Value {
    let mut map = Map::new();
    map.insert("name".to_owned(), json!(column.name));
    for (name, text) in [("title", &column.title), ("description", &column.description)] {
        if let Some(text) = text {
            map.insert(name.to_owned(), json!(text.en));
            if text.nl != text.en {
                map.insert(format!("{name}@nl"), json!(text.nl));
            }
        }
    }
    if let Some(datatype) = &column.datatype {
        let (kind, format) = written(datatype);
        map.insert("type".to_owned(), json!(kind));
        map.extend(format.map(|format| ("format".to_owned(), json!(format))));
        if format.is_none() && datatype::of_table_schema(kind) != Some(datatype) {
            map.insert("datadeal:datatype".to_owned(), json!(datatype));
        }
    }
    if column.required {
        map.insert("constraints".to_owned(), json!({"required": true}));
    }
    if let Some(concept) = &column.concept {
        map.insert("rdfType".to_owned(), json!(concept));
    }
    table::write_marks(column, &mut map);
    Value::Object(map)
}
