//! CSVW (W3C Metadata Vocabulary for Tabular Data): a table, a group of one table, or a bare schema. Names, titles, datatypes, `propertyUrl`
//! and `required` of columns, the primary key and foreign keys have a place; all else is kept. No context is fetched.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::datatype;
use super::kept::{beyond, whole};
use super::members::{parse, typed};
use super::names::Mark;
use super::table::{self, ForeignKey, Form, MAX_SCHEMA, Table, both, concept};
use super::table_fault::{TableFault, short};
use crate::model::Iri;
use crate::model::condition::Bilingual;
use crate::model::dataset::Column;
use crate::model::description::Unmapped;

/// The context of CSVW.
pub const CONTEXT: &str = "http://www.w3.org/ns/csvw";
/// Where the columns, the primary key and the foreign keys stand.
const AT: [&str; 3] = ["tableSchema.columns", "tableSchema.primaryKey", "tableSchema.foreignKeys"];
/// Where objects stand, and nothing else.
const OBJECTS: [&str; 4] =
    ["tableSchema", "tableSchema.columns.*", "tableSchema.foreignKeys.*", "tableSchema.foreignKeys.*.reference"];

#[derive(Debug, Deserialize)]
struct TableIn {
    #[serde(rename = "@context")]
    context: Option<ContextIn>,
    url: Option<String>,
    #[serde(rename = "dc:conformsTo", alias = "dcterms:conformsTo")]
    conforms_to: Option<OneOrMany<Link>>,
    #[serde(rename = "tableSchema")]
    schema: SchemaIn,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "the context of CSVW, or a list of it and an object")]
enum ContextIn {
    Name(String),
    Local(Vec<LocalContext>),
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "the context of CSVW, or an object with `@language`")]
enum LocalContext {
    Name(String),
    Says {
        #[serde(rename = "@language")]
        language: Option<String>,
    },
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SchemaIn {
    #[serde(default)]
    columns: Vec<ColumnIn>,
    primary_key: Option<OneOrMany<String>>,
    #[serde(default)]
    foreign_keys: Vec<ForeignKeyIn>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ColumnIn {
    name: Option<String>,
    titles: Option<Titles>,
    #[serde(rename = "dc:description", alias = "dcterms:description")]
    description: Option<OneOrMany<Text>>,
    datatype: Option<Datatype>,
    property_url: Option<String>,
    required: Option<bool>,
    #[serde(default, rename = "virtual")]
    made: bool,
    #[serde(rename = "datadeal:group")]
    group: Option<String>,
    #[serde(rename = "datadeal:marks")]
    marks: Option<Vec<Mark>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ForeignKeyIn {
    column_reference: OneOrMany<String>,
    reference: ReferenceIn,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReferenceIn {
    resource: Option<String>,
    schema_reference: Option<String>,
    column_reference: OneOrMany<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "one of it, or a list")]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    fn all(self) -> Vec<T> {
        match self {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        }
    }
    fn slice(&self) -> &[T] {
        match self {
            OneOrMany::One(one) => std::slice::from_ref(one),
            OneOrMany::Many(many) => many,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a text, a list of texts, or texts by language")]
enum Titles {
    Plain(OneOrMany<String>),
    ByLanguage(BTreeMap<String, OneOrMany<String>>),
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a text, or an object with `@value`")]
enum Text {
    Plain(String),
    Tagged {
        #[serde(rename = "@value")]
        value: String,
        #[serde(rename = "@language")]
        language: Option<String>,
    },
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "an IRI, or an object with `@id`")]
enum Link {
    Plain(String),
    Node {
        #[serde(rename = "@id")]
        id: String,
    },
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "the name of a datatype, or an object with `base`")]
enum Datatype {
    Name(String),
    Derived { base: Option<String> },
}

/// Reads a CSVW file.
///
/// # Errors
/// A [`TableFault`] with its place.
pub fn read(bytes: &[u8]) -> Result<Table, TableFault> {
    let whole = parse(bytes, MAX_SCHEMA)?;
    let (source, around) = one_table(&whole)?;
    let mut table = of_value(&source)?;
    let url = source.get("url").and_then(Value::as_str).unwrap_or_default();
    table.kept = beyond(Form::Csvw.as_str(), &source, &plain(&table, url));
    table.kept.retain(|k| {
        !(k.property.ends_with("/@type") && ["\"Table\"", "\"Schema\"", "\"Column\""].contains(&&*k.value))
    });
    table.kept.extend(around);
    Ok(table)
}

/// The one table of a file, and what the file says around it.
fn one_table(whole: &Value) -> Result<(Value, Vec<Unmapped>), TableFault> {
    let shape = |why: &str| TableFault::Shape { at: ".".to_owned(), why: why.to_owned() };
    let map = whole.as_object().ok_or_else(|| shape("a CSVW file is an object"))?;
    if let Some(tables) = map.get("tables") {
        let list = tables.as_array().ok_or_else(|| shape("`tables` is a list"))?;
        let [one] = list.as_slice() else {
            let names = list.iter().take(5).filter_map(|t| t.get("url").and_then(Value::as_str));
            let names = short(&names.collect::<Vec<_>>().join(", "));
            return Err(TableFault::Tables { count: list.len(), names });
        };
        let mut table = one.clone();
        let mut around = Vec::new();
        for (key, value) in map.iter().filter(|(key, _)| *key != "tables") {
            match (key.as_str(), &mut table) {
                // the context is that of the file, wherever its table stands
                ("@context", Value::Object(table)) => _ = table.insert(key.clone(), value.clone()),
                ("@type", _) if value == "TableGroup" => {}
                _ => around.push(Unmapped { property: format!("csvw-group:/{key}"), value: value.to_string() }),
            }
        }
        return Ok((table, around));
    }
    if map.contains_key("tableSchema") {
        return Ok((whole.clone(), Vec::new()));
    }
    if map.contains_key("columns") {
        let mut schema = map.clone();
        let mut table = Map::new();
        table.extend(schema.remove("@context").map(|context| ("@context".to_owned(), context)));
        table.insert("tableSchema".to_owned(), Value::Object(schema));
        return Ok((Value::Object(table), Vec::new()));
    }
    Err(shape("none of `tableSchema`, `columns` and `tables` is there"))
}

/// A table from its object, without what is kept.
fn of_value(source: &Value) -> Result<Table, TableFault> {
    if let Some(Value::String(address)) = source.get("tableSchema") {
        return Err(TableFault::Shape {
            at: "tableSchema".to_owned(),
            why: format!("`{}` is elsewhere, and no address is followed: write the schema here", short(address)),
        });
    }
    let read: TableIn = typed(source, &OBJECTS)?;
    let language = language(read.context.as_ref())?;
    let mut table = Table { form: Form::Csvw, ..Table::default() };
    for (i, mut column) in read.schema.columns.into_iter().enumerate() {
        // what is computed stands in no file: it is kept whole
        if column.made {
            continue;
        }
        let (group, marks) = (column.group.take(), column.marks.take());
        table.add(column_of(column, i, language.as_deref())?, group, marks);
    }
    let links = read.conforms_to.map(OneOrMany::all).unwrap_or_default();
    table.models =
        links.into_iter().filter_map(|(Link::Plain(iri) | Link::Node { id: iri })| iri.parse().ok()).collect();
    table.primary_key = read.schema.primary_key.map(OneOrMany::all).unwrap_or_default();
    for key in read.schema.foreign_keys {
        let ReferenceIn { resource, schema_reference, column_reference } = key.reference;
        let resource = resource.or(schema_reference).unwrap_or_default();
        let resource = if Some(&resource) == read.url.as_ref() { String::new() } else { resource };
        let (columns, references) = (key.column_reference.all(), column_reference.all());
        table.foreign_keys.push(ForeignKey { columns, resource, references });
    }
    table.checked(AT)
}

/// The language of texts that name none.
fn language(context: Option<&ContextIn>) -> Result<Option<String>, TableFault> {
    let known = |name: &str| match name {
        CONTEXT => Ok(()),
        other => Err(TableFault::Context { value: short(other) }),
    };
    let mut language = None;
    match context {
        None => {}
        Some(ContextIn::Name(name)) => known(name)?,
        Some(ContextIn::Local(parts)) => {
            for part in parts {
                match part {
                    LocalContext::Name(name) => known(name)?,
                    LocalContext::Says { language: said } => language.clone_from(said),
                }
            }
        }
    }
    Ok(language)
}

fn column_of(read: ColumnIn, i: usize, language: Option<&str>) -> Result<Column, TableFault> {
    let titles: Vec<(Option<&str>, &str)> = match &read.titles {
        None => Vec::new(),
        Some(Titles::Plain(titles)) => titles.slice().iter().map(|t| (language, t.as_str())).collect(),
        Some(Titles::ByLanguage(all)) => all
            .iter()
            .flat_map(|(lang, titles)| titles.slice().iter().map(|t| (Some(lang.as_str()), t.as_str())))
            .collect(),
    };
    let name = match (&read.name, titles.first()) {
        (Some(name), _) => name.clone(),
        // CSVW names a column without a name by its title
        (None, Some((_, title))) => (*title).to_owned(),
        (None, None) => {
            let at = format!("{}[{i}]", AT.first().copied().unwrap_or_default());
            return Err(TableFault::Name { at, name: String::new(), why: "it has neither a name nor a title" });
        }
    };
    let texts: Vec<(Option<&str>, &str)> = read
        .description
        .iter()
        .flat_map(OneOrMany::slice)
        .map(|t| match t {
            Text::Plain(text) => (language, text.as_str()),
            Text::Tagged { value, language } => (language.as_deref(), value.as_str()),
        })
        .collect();
    let mut column = Column {
        title: both(titles.iter().copied()),
        description: both(texts.iter().copied()),
        required: read.required.unwrap_or_default(),
        concept: read.property_url.as_deref().and_then(concept),
        ..table::column(&name)
    };
    let base = match read.datatype {
        None => None,
        Some(Datatype::Name(name)) => Some(name),
        Some(Datatype::Derived { base }) => Some(base.unwrap_or_else(|| "string".to_owned())),
    };
    column.datatype = base.filter(|name| datatype::is_built_in(name));
    Ok(column)
}

/// Writes a table as CSVW; and what was kept of other forms, or no longer has the place where it stood.
#[must_use]
pub fn write(table: &Table) -> (Value, Vec<Unmapped>) {
    let form = Form::Csvw.as_str();
    let said = table.kept.iter().find(|k| k.property == "csvw:/url");
    let said = said.and_then(|k| serde_json::from_str::<String>(&k.value).ok());
    let url = said.or_else(|| table.id.as_ref().map(Iri::to_string));
    let mut plain = plain(table, url.as_deref().unwrap_or_default());
    if let (Some(url), Value::Object(map)) = (url, &mut plain) {
        map.insert("url".to_owned(), Value::String(url));
    }
    let same = |whole: &Value| of_value(whole).is_ok_and(|again| again.says_as(table));
    whole(form, plain, &table.kept, &same)
}

/// What has a place, as it is written.
fn plain(table: &Table, url: &str) -> Value {
    let mut schema = Map::new();
    schema.insert("columns".to_owned(), table.columns.iter().map(column).collect());
    if !table.primary_key.is_empty() {
        schema.insert("primaryKey".to_owned(), one_or_many(&table.primary_key));
    }
    if !table.foreign_keys.is_empty() {
        let key = |key: &ForeignKey| {
            let resource = if key.resource.is_empty() { url } else { &key.resource };
            let reference = json!({"resource": resource, "columnReference": one_or_many(&key.references)});
            json!({"columnReference": one_or_many(&key.columns), "reference": reference})
        };
        schema.insert("foreignKeys".to_owned(), table.foreign_keys.iter().map(key).collect());
    }
    let mut whole = Map::new();
    whole.insert("@context".to_owned(), json!(CONTEXT));
    if !table.models.is_empty() {
        let links: Vec<Value> = table.models.iter().map(|iri| json!({"@id": iri})).collect();
        whole.insert("dc:conformsTo".to_owned(), one_or_many(&links));
    }
    whole.insert("tableSchema".to_owned(), Value::Object(schema));
    Value::Object(whole)
}

fn one_or_many<T: Serialize>(all: &[T]) -> Value {
    match all {
        [one] => json!(one),
        many => json!(many),
    }
}

fn column(column: &Column) -> Value {
    let mut map = Map::new();
    map.insert("name".to_owned(), json!(column.name));
    let text = |t: &Bilingual, tagged: Value| if t.en == t.nl { json!(t.en) } else { tagged };
    if let Some(t) = &column.title {
        map.insert("titles".to_owned(), text(t, json!({"en": t.en, "nl": t.nl})));
    }
    if let Some(t) = &column.description {
        let tagged = [("en", &t.en), ("nl", &t.nl)].map(|(lang, text)| json!({"@value": text, "@language": lang}));
        map.insert("dc:description".to_owned(), text(t, json!(tagged)));
    }
    if let Some(datatype) = &column.datatype {
        map.insert("datatype".to_owned(), json!(datatype));
    }
    if let Some(concept) = &column.concept {
        map.insert("propertyUrl".to_owned(), json!(concept));
    }
    if column.required {
        map.insert("required".to_owned(), json!(true));
    }
    table::write_marks(column, &mut map);
    Value::Object(map)
}
