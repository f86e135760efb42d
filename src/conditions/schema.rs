//! The schema: Cedar's types, and the words that the portal draws from their annotations.

use std::collections::BTreeMap;
use std::str::FromStr;

use cedar_policy::{Entities, Entity, EntityId, EntityTypeName, EntityUid, SchemaFragment, Validator};
use serde_json::{Map, Value};

use super::instants::Instants;
use super::paths::{PathId, PathInfo, Paths};
use crate::model::Digest;
use crate::model::condition::Bilingual;

/// The schema that comes with the program, `policies/schema.cedarschema`.
pub const BUILT_IN: &str = include_str!("../../policies/schema.cedarschema");

/// Why a text is no schema of ours.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum SchemaError {
    /// Cedar refuses it.
    #[error("the schema is not valid Cedar: {0}")]
    #[diagnostic(
        code(schema::cedar),
        help("any Cedar tool can check it: `cedar check-parse --schema schema.cedarschema`")
    )]
    Cedar(String),
    /// Cedar accepts it, but a part that the program reads is missing or has another form.
    #[error("`{place}`: {why}")]
    #[diagnostic(
        code(schema::form),
        help("compare with the schema that comes with the program: `datadeal schema show`")
    )]
    Form {
        /// The type or attribute.
        place: String,
        /// What is wrong.
        why: String,
    },
}

/// The type of a fact's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactType {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// An instant.
    Instant,
    /// One word of a closed list (an enumerated entity type).
    Word(String),
    /// A set of texts.
    Texts,
    /// A set of words of a closed list.
    Words(String),
    /// A record; every member is required.
    Record(BTreeMap<String, Member>),
}

/// A member of a record fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its type; never a record.
    pub ty: FactType,
    /// Its label.
    pub label: Bilingual,
}

/// A fact that a reuser can state.
#[derive(Debug, Clone)]
pub struct FactInfo {
    /// The type of its value.
    pub ty: FactType,
    /// What people read.
    pub label: Bilingual,
    /// True if it is stated anew for each request; else it is kept with the organisation.
    pub about_request: bool,
    /// Which evidence can make it verified: `registry`, `credential`, `confirmation`, `decision`. Empty: none can.
    pub verified_by: Vec<String>,
    /// What proof, and from whom.
    pub proof: Option<Bilingual>,
    /// The fact's own check of its value.
    pub check: Option<String>,
    /// Its path among the declared facts.
    pub declared: PathId,
    /// Its path among the verified facts.
    pub verified: PathId,
}

/// A word of a closed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// What people read.
    pub label: Bilingual,
    /// The wider word, of purposes.
    pub broader: Option<String>,
    /// Who appoints, of approvals.
    pub appointed_by: Option<String>,
}

/// A closed list: its words in order of their names.
pub type WordList = BTreeMap<String, Word>;

/// A parsed schema with its words.
#[derive(Debug)]
pub struct Schema {
    text: String,
    digest: Digest,
    pub(super) validator: Validator,
    pub(super) paths: Paths,
    pub(super) uids: Uids,
    facts: BTreeMap<String, FactInfo>,
    lists: BTreeMap<String, WordList>,
    fields: BTreeMap<String, Bilingual>,
    enums: BTreeMap<String, Vec<String>>,
    enum_types: BTreeMap<String, EntityTypeName>,
    /// For each purpose a small store with the purpose, its ancestors and the actions: never the whole vocabulary, which
    /// would make each decision slower.
    stores: BTreeMap<String, Entities>,
    bare_store: Entities,
    purpose_uids: BTreeMap<String, EntityUid>,
    pub(super) instants: Instants,
}

/// Entity types and uids that are written into every question.
#[derive(Debug, Clone)]
pub(super) struct Uids {
    pub(super) organisation: EntityTypeName,
    pub(super) dataset: EntityTypeName,
    pub(super) column: EntityTypeName,
    pub(super) purpose: EntityTypeName,
    pub(super) reuse: EntityUid,
    pub(super) reuse_column: EntityUid,
}

/// A uid of one of the schema's types.
pub(super) fn uid(ty: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(ty.clone(), EntityId::new(id))
}

fn form(place: &str, why: impl Into<String>) -> SchemaError {
    SchemaError::Form { place: place.to_owned(), why: why.into() }
}

fn type_name(name: &str) -> Result<EntityTypeName, SchemaError> {
    EntityTypeName::from_str(name).map_err(|e| SchemaError::Cedar(e.to_string()))
}

/// An error of Cedar's with its line and column, where it has one.
fn placed(text: &str, error: &impl miette::Diagnostic) -> String {
    match error.labels().and_then(|mut l| l.next()) {
        Some(label) => {
            let (line, column) = super::fault::place(text, label.offset());
            format!("line {line}, column {column}: {error}")
        }
        None => error.to_string(),
    }
}

impl Schema {
    /// The schema that comes with the program.
    ///
    /// # Errors
    /// None, as a test shows; the type is that of [`Schema::parse`].
    pub fn built_in() -> Result<Self, SchemaError> {
        Self::parse(BUILT_IN)
    }

    /// Reads a schema in Cedar's own syntax.
    ///
    /// # Errors
    /// [`SchemaError::Cedar`] if Cedar refuses it, [`SchemaError::Form`] if a part that the program reads is not there.
    pub fn parse(text: &str) -> Result<Self, SchemaError> {
        let cedar_error = |e: &dyn std::fmt::Display| SchemaError::Cedar(e.to_string());
        let (fragment, warnings) =
            SchemaFragment::from_cedarschema_str(text).map_err(|e| SchemaError::Cedar(placed(text, &e)))?;
        if let Some(warning) = warnings.into_iter().next() {
            return Err(cedar_error(&warning));
        }
        let json = fragment.clone().to_json_value().map_err(|e| cedar_error(&e))?;
        let cedar = cedar_policy::Schema::from_schema_fragments([fragment]).map_err(|e| cedar_error(&e))?;
        let reader = Reader::new(&json)?;
        let (paths, facts) = reader.paths_and_facts()?;
        let lists = reader.lists()?;
        let action = type_name("Action")?;
        let uids = Uids {
            organisation: type_name("Organisation")?,
            dataset: type_name("Dataset")?,
            column: type_name("Column")?,
            purpose: type_name("Purpose")?,
            reuse: uid(&action, "reuse"),
            reuse_column: uid(&action, "reuseColumn"),
        };
        let store = |entities| Entities::from_entities(entities, Some(&cedar)).map_err(|e| cedar_error(&e));
        let bare_store = store(Vec::new())?;
        let mut stores = BTreeMap::new();
        let mut purpose_uids = BTreeMap::new();
        if let Some(purposes) = lists.get("Purpose") {
            for name in purposes.keys() {
                stores.insert(name.clone(), store(purpose_and_ancestors(&uids.purpose, purposes, name)?)?);
                purpose_uids.insert(name.clone(), uid(&uids.purpose, name));
            }
        }
        let enums = reader.enums();
        let enum_types =
            enums.keys().map(|name| Ok((name.clone(), type_name(name)?))).collect::<Result<_, SchemaError>>()?;
        Ok(Schema {
            text: text.to_owned(),
            digest: Digest::of(text.as_bytes()),
            validator: Validator::new(cedar),
            paths,
            uids,
            facts,
            lists,
            fields: reader.fields(),
            enums,
            enum_types,
            stores,
            bare_store,
            purpose_uids,
            instants: Instants::default(),
        })
    }

    /// The text as published.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
    /// The digest of the text.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }
    /// The facts that a reuser can state, by name.
    #[must_use]
    pub fn facts(&self) -> &BTreeMap<String, FactInfo> {
        &self.facts
    }
    /// A closed list by the name of its words in the singular: `Purpose`, `Approval`, `Theme`, `Category`, ...
    #[must_use]
    pub fn list(&self, name: &str) -> Option<&WordList> {
        self.lists.get(name)
    }
    /// The attribute paths.
    #[must_use]
    pub fn paths(&self) -> &Paths {
        &self.paths
    }
    /// The label of a field of the question, the dataset or the column, by its path as answers write it.
    #[must_use]
    pub fn field_label(&self, path: &str) -> Option<Bilingual> {
        self.fields.get(path).cloned()
    }
    /// The words of an enumerated entity type.
    #[must_use]
    pub fn words(&self, ty: &str) -> Option<&[String]> {
        self.enums.get(ty).map(Vec::as_slice)
    }
    /// The label of a word of a list, or the word itself where it has none (countries).
    #[must_use]
    pub fn label(&self, list: &str, word: &str) -> Bilingual {
        let found = self.lists.get(list).and_then(|l| l.get(word));
        found.map_or_else(|| Bilingual { en: word.to_owned(), nl: word.to_owned() }, |w| w.label.clone())
    }
    pub(super) fn store(&self, purpose: Option<&str>) -> &Entities {
        purpose.and_then(|p| self.stores.get(p)).unwrap_or(&self.bare_store)
    }
    pub(super) fn purpose_uid(&self, purpose: &str) -> Option<&EntityUid> {
        self.purpose_uids.get(purpose)
    }
}

fn purpose_and_ancestors(ty: &EntityTypeName, purposes: &WordList, name: &str) -> Result<Vec<Entity>, SchemaError> {
    let mut out = Vec::new();
    let mut at = Some(name.to_owned());
    while let Some(current) = at {
        if out.len() > purposes.len() {
            return Err(form("PurposeList", format!("`{name}` is broader than itself")));
        }
        let word = purposes
            .get(&current)
            .ok_or_else(|| form("PurposeList", format!("`{current}` is named as broader and is not in the list")))?;
        let parents = word.broader.iter().map(|b| uid(ty, b)).collect();
        out.push(Entity::new_no_attrs(uid(ty, &current), parents));
        at = word.broader.clone();
    }
    Ok(out)
}

/// Reads the JSON form of the schema, in which Cedar keeps every annotation.
struct Reader<'a> {
    common: &'a Map<String, Value>,
    entities: &'a Map<String, Value>,
}

impl<'a> Reader<'a> {
    fn new(json: &'a Value) -> Result<Self, SchemaError> {
        let part = |name: &str| {
            json.pointer(&format!("//{name}"))
                .and_then(Value::as_object)
                .ok_or_else(|| form(name, "not in the namespace without a name"))
        };
        Ok(Reader { common: part("commonTypes")?, entities: part("entityTypes")? })
    }

    fn attributes(&self, ty: &'a Value) -> Option<&'a Map<String, Value>> {
        self.resolve(ty).get("attributes").and_then(Value::as_object)
    }

    /// Follows the name of a common type.
    fn resolve(&self, ty: &'a Value) -> &'a Value {
        ty.get("name").and_then(Value::as_str).and_then(|n| self.common.get(n)).unwrap_or(ty)
    }

    fn enums(&self) -> BTreeMap<String, Vec<String>> {
        let words = |v: &Value| {
            v.get("enum")
                .and_then(Value::as_array)
                .map(|a| a.iter().filter_map(|w| w.as_str().map(str::to_owned)).collect())
        };
        self.entities.iter().filter_map(|(name, ty)| Some((name.clone(), words(ty)?))).collect()
    }

    fn paths_and_facts(&self) -> Result<(Paths, BTreeMap<String, FactInfo>), SchemaError> {
        let mut paths = Paths::default();
        let question = self.common.get("Question").ok_or_else(|| form("Question", "no such type"))?;
        self.add(&mut paths, question, "context", true, false)?;
        for entity in ["Organisation", "Dataset", "Column"] {
            let shape = self
                .entities
                .get(entity)
                .and_then(|e| e.get("shape"))
                .ok_or_else(|| form(entity, "no such entity type"))?;
            let root = if entity == "Organisation" { "principal" } else { "resource" };
            self.add(&mut paths, shape, root, root == "principal", false)?;
        }
        let facts = self
            .common
            .get("Facts")
            .and_then(|t| self.attributes(t))
            .ok_or_else(|| form("Facts", "no such record type"))?;
        let facts = facts
            .iter()
            .map(|(name, ty)| Ok((name.clone(), self.fact(name, ty, &paths)?)))
            .collect::<Result<_, SchemaError>>()?;
        Ok((paths, facts))
    }

    fn add(&self, paths: &mut Paths, ty: &'a Value, at: &str, open: bool, optional: bool) -> Result<(), SchemaError> {
        let attributes = self.attributes(ty);
        if at.contains('.') {
            let question_field = at.starts_with("context.") && at.matches('.').count() == 1;
            let info = PathInfo {
                text: at.to_owned(),
                optional: optional || question_field,
                open,
                record: attributes.is_some(),
            };
            paths.add(info).ok_or_else(|| form(at, "more attribute paths than the program can number"))?;
        }
        for (name, ty) in attributes.into_iter().flatten() {
            let optional = ty.get("required") == Some(&Value::Bool(false));
            self.add(paths, ty, &format!("{at}.{name}"), open, optional)?;
        }
        Ok(())
    }

    /// Labels of what is no fact: `purpose`, `scope.level`, `dataset.personalData`.
    fn fields(&self) -> BTreeMap<String, Bilingual> {
        let shape = |entity: &str| self.entities.get(entity).and_then(|e| e.get("shape"));
        let parts = [
            ("", self.common.get("Question")),
            ("scope.", self.common.get("Scope")),
            ("dataset.", shape("Dataset")),
            ("dataset.", shape("Column")),
        ];
        let labelled = |(prefix, ty): (&str, Option<&'a Value>)| {
            let attributes = ty.and_then(|t| self.attributes(t)).into_iter().flatten();
            attributes
                .filter_map(|(name, ty)| Some((format!("{prefix}{name}"), label(name, ty).ok()?)))
                .collect::<Vec<_>>()
        };
        parts.into_iter().flat_map(labelled).collect()
    }

    fn fact(&self, name: &str, ty: &'a Value, paths: &Paths) -> Result<FactInfo, SchemaError> {
        let place = format!("Facts.{name}");
        let path = |record: &str| {
            paths
                .id(&format!("principal.{record}.{name}"))
                .ok_or_else(|| form(&place, format!("not an attribute of principal.{record}")))
        };
        if ty.get("required") != Some(&Value::Bool(false)) {
            return Err(form(&place, "a fact is optional: write `?` after its name"));
        }
        let note = |key: &str| annotation(ty, key).map(str::to_owned);
        Ok(FactInfo {
            ty: self.fact_type(&place, ty)?,
            label: label(&place, ty)?,
            about_request: match note("about").as_deref() {
                Some("request") => true,
                Some("organisation") => false,
                _ => return Err(form(&place, "@about is neither \"organisation\" nor \"request\"")),
            },
            verified_by: note("verified_by")
                .map(|l| l.split(',').map(|w| w.trim().to_owned()).collect())
                .unwrap_or_default(),
            proof: note("proof_en").zip(note("proof_nl")).map(|(en, nl)| Bilingual { en, nl }),
            check: note("check"),
            declared: path("declared")?,
            verified: path("verified")?,
        })
    }

    fn fact_type(&self, place: &str, ty: &'a Value) -> Result<FactType, SchemaError> {
        if ty.get("type").and_then(Value::as_str) == Some("Set") {
            let element = ty.get("element").ok_or_else(|| form(place, "a set without element type"))?;
            return match self.fact_type(place, element)? {
                FactType::Text => Ok(FactType::Texts),
                FactType::Word(list) => Ok(FactType::Words(list)),
                _ => Err(form(place, "a set of something else than texts or words")),
            };
        }
        match ty.get("name").and_then(Value::as_str) {
            Some("String") => Ok(FactType::Text),
            Some("Long") => Ok(FactType::Number),
            Some("Bool") => Ok(FactType::Flag),
            Some("datetime") => Ok(FactType::Instant),
            Some(name) if self.entities.get(name).is_some_and(|e| e.get("enum").is_some()) => {
                Ok(FactType::Word(name.to_owned()))
            }
            Some(name) => {
                let members =
                    self.attributes(ty).ok_or_else(|| form(place, format!("`{name}` is no type of a fact")))?;
                let member = |(key, ty): (&String, &'a Value)| {
                    let place = format!("{name}.{key}");
                    match self.fact_type(&place, ty)? {
                        FactType::Record(_) => Err(form(&place, "a record within a record")),
                        _ if ty.get("required") == Some(&Value::Bool(false)) => {
                            Err(form(&place, "a member of a record is required"))
                        }
                        inner => Ok((key.clone(), Member { ty: inner, label: label(&place, ty)? })),
                    }
                };
                members.iter().map(member).collect::<Result<_, _>>().map(FactType::Record)
            }
            None => Err(form(place, "no type of a fact")),
        }
    }

    fn lists(&self) -> Result<BTreeMap<String, WordList>, SchemaError> {
        let mut lists = BTreeMap::new();
        for (name, ty) in self.common {
            let Some(singular) = name.strip_suffix("List") else { continue };
            let words = self.attributes(ty).ok_or_else(|| form(name, "a list is a record type"))?;
            let word = |(word, ty): (&String, &'a Value)| {
                let note = |key: &str| annotation(ty, key).map(str::to_owned);
                let label = label(&format!("{name}.{word}"), ty)?;
                Ok((word.clone(), Word { label, broader: note("broader"), appointed_by: note("appointed_by") }))
            };
            let words: WordList = words.iter().map(word).collect::<Result<_, SchemaError>>()?;
            if let Some(enumerated) = self.enums().get(singular)
                && (enumerated.len() != words.len() || enumerated.iter().any(|w| !words.contains_key(w)))
            {
                return Err(form(name, format!("its words differ from those of `entity {singular} enum`")));
            }
            lists.insert(singular.to_owned(), words);
        }
        for needed in ["Purpose", "Approval", "Theme"] {
            if !lists.contains_key(needed) {
                return Err(form(&format!("{needed}List"), "no such list"));
            }
        }
        Ok(lists)
    }
}

fn annotation<'a>(ty: &'a Value, key: &str) -> Option<&'a str> {
    ty.get("annotations")?.get(key)?.as_str()
}

fn label(place: &str, ty: &Value) -> Result<Bilingual, SchemaError> {
    match (annotation(ty, "label_en"), annotation(ty, "label_nl")) {
        (Some(en), Some(nl)) => Ok(Bilingual { en: en.to_owned(), nl: nl.to_owned() }),
        _ => Err(form(place, "@label_en or @label_nl is missing")),
    }
}

/// The uid of a word of an enumerated type.
pub(super) fn type_uid(schema: &Schema, ty: &str, word: &str) -> Option<EntityUid> {
    schema.enum_types.get(ty).map(|ty| uid(ty, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_schema_is_read_whole() {
        let schema = Schema::built_in().unwrap();
        assert!(schema.facts().len() > 40);
        assert_eq!(schema.facts()["employees"].ty, FactType::Number);
        assert!(matches!(schema.facts()["designation"].ty, FactType::Record(ref m) if m.len() == 3));
        assert_eq!(schema.facts()["processingCountries"].ty, FactType::Words("Country".to_owned()));
        assert!(schema.paths().id("context.scope.columns").is_some());
        assert!(schema.list("Approval").unwrap().values().all(|a| a.appointed_by.is_some()));
        assert_eq!(
            schema.list("Purpose").unwrap()["dd:EducationResearch"].broader.as_deref(),
            Some("dpv:ScientificResearch")
        );
        for fact in schema.facts().values() {
            assert_eq!(fact.proof.is_some(), !fact.verified_by.is_empty(), "{}", fact.label.en);
        }
    }

    #[test]
    fn a_cycle_of_purposes_is_refused() {
        let cyclic = BUILT_IN.replacen(
            "@label_nl(\"Onderzoek en ontwikkeling\")",
            "@label_nl(\"O\") @broader(\"dpv:ScientificResearch\")",
            1,
        );
        assert!(Schema::parse(&cyclic).unwrap_err().to_string().contains("broader than itself"));
        let lost = BUILT_IN.replacen("@broader(\"dpv:Marketing\")", "@broader(\"dpv:Marketting\")", 1);
        assert!(Schema::parse(&lost).unwrap_err().to_string().contains("`dpv:Marketting`"));
        assert!(Schema::parse("entity A;").is_err());
        assert!(Schema::parse("entity").is_err());
    }
}
