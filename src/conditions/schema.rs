//! A schema as it is used: Cedar's types, its vocabulary, and what every question under it shares.

use std::collections::BTreeMap;
use std::str::FromStr;

use cedar_policy::{Entities, Entity, EntityId, EntityTypeName, EntityUid, SchemaFragment, Validator};

use super::instants::Instants;
use super::paths::Paths;
use super::vocabulary::{FactInfo, Reader, SchemaError, WordList, form};
use crate::model::Digest;
use crate::model::condition::Bilingual;

/// The schema that comes with the program, `policies/schema.cedarschema`.
pub const BUILT_IN: &str = include_str!("../../policies/schema.cedarschema");

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

/// The uid of a word of an enumerated type.
pub(super) fn type_uid(schema: &Schema, ty: &str, word: &str) -> Option<EntityUid> {
    schema.enum_types.get(ty).map(|ty| uid(ty, word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conditions::FactType;

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
            assert_eq!(fact.usual.is_some(), fact.proof.is_some(), "{}", fact.label.en);
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
