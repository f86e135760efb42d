//! The vocabulary of a schema: attribute paths, facts and closed lists with their labels, as its annotations give them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::paths::{PathId, PathInfo, Paths};
use crate::model::condition::Bilingual;

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
    /// How long that usually takes.
    pub usual: Option<Bilingual>,
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

pub(super) fn form(place: &str, why: impl Into<String>) -> SchemaError {
    SchemaError::Form { place: place.to_owned(), why: why.into() }
}

/// Where a type stands, and what goes for all below it.
#[derive(Clone, Copy)]
struct At<'a> {
    path: &'a str,
    open: bool,
    optional: bool,
    of: [bool; 2],
}

/// Reads the JSON form of the schema, in which Cedar keeps every annotation.
pub(super) struct Reader<'a> {
    common: &'a Map<String, Value>,
    entities: &'a Map<String, Value>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(json: &'a Value) -> Result<Self, SchemaError> {
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

    pub(super) fn enums(&self) -> BTreeMap<String, Vec<String>> {
        let words = |v: &Value| {
            v.get("enum")
                .and_then(Value::as_array)
                .map(|a| a.iter().filter_map(|w| w.as_str().map(str::to_owned)).collect())
        };
        self.entities.iter().filter_map(|(name, ty)| Some((name.clone(), words(ty)?))).collect()
    }

    pub(super) fn paths_and_facts(&self) -> Result<(Paths, BTreeMap<String, FactInfo>), SchemaError> {
        let mut paths = Paths::default();
        let question = self.common.get("Question").ok_or_else(|| form("Question", "no such type"))?;
        self.add(&mut paths, question, At { path: "context", open: true, optional: false, of: [false; 2] })?;
        for entity in ["Organisation", "Dataset", "Column"] {
            let shape = self
                .entities
                .get(entity)
                .and_then(|e| e.get("shape"))
                .ok_or_else(|| form(entity, "no such entity type"))?;
            let root = if entity == "Organisation" { "principal" } else { "resource" };
            let of = ["Dataset", "Column"].map(|one| one == entity);
            self.add(&mut paths, shape, At { path: root, open: root == "principal", optional: false, of })?;
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

    fn add(&self, paths: &mut Paths, ty: &'a Value, at: At<'_>) -> Result<(), SchemaError> {
        let At { path: at, open, optional, of } = at;
        let attributes = self.attributes(ty);
        if at.contains('.') {
            let question_field = at.starts_with("context.") && at.matches('.').count() == 1;
            let info = PathInfo {
                text: at.to_owned(),
                optional: optional || question_field,
                open,
                record: attributes.is_some(),
                of,
            };
            paths.add(info).ok_or_else(|| form(at, "more attribute paths than the program can number"))?;
        }
        for (name, ty) in attributes.into_iter().flatten() {
            let optional = ty.get("required") == Some(&Value::Bool(false));
            self.add(paths, ty, At { path: &format!("{at}.{name}"), open, optional, of })?;
        }
        Ok(())
    }

    /// Labels of what is no fact: `purpose`, `scope.level`, `dataset.personalData`.
    pub(super) fn fields(&self) -> BTreeMap<String, Bilingual> {
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
            usual: note("usual_en").zip(note("usual_nl")).map(|(en, nl)| Bilingual { en, nl }),
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

    pub(super) fn lists(&self) -> Result<BTreeMap<String, WordList>, SchemaError> {
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
