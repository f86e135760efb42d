//! A dataset as its owner describes it, and the part of it that conditions can read.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::condition::Bilingual;
use super::description::Description;
use super::structure::Structure;
use super::{Digest, Iri, JsonError, Name, OrgId, Time, json};

/// A dataset with its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dataset {
    /// The IRI of its source.
    pub id: Iri,
    /// For typing only.
    pub slug: Name,
    /// Title.
    pub title: Bilingual,
    /// What it is.
    pub description: Bilingual,
    /// Who answers for its conditions.
    pub owner: OrgId,
    /// The body in whose name is decided.
    pub competent_body: Bilingual,
    /// The agency that carries it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executor: Option<Bilingual>,
    /// Who publishes it.
    pub publisher: String,
    /// How open it is.
    pub access: Access,
    /// The licence of an open dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<Iri>,
    /// The legal regime: `open`, `who`, `dga`, `sector`; data, for the law changes.
    pub regime: Name,
    /// The act that governs giving it.
    pub law: String,
    /// Holds personal data.
    pub personal_data: bool,
    /// Holds special categories of personal data.
    pub special_categories: bool,
    /// Not given before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embargo_until: Option<Time>,
    /// Its columns; none when its structure is not known.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// What else could help who may not use it.
    #[serde(default)]
    pub alternatives: Vec<Alternative>,
    /// Where and until when one can object.
    pub term: Terms,
    /// What its source says for finding and using it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub described: Option<Box<Description>>,
    /// Its data model, keys and relations.
    #[serde(default, skip_serializing_if = "Structure::is_empty")]
    pub structure: Structure,
    /// The organisations that may see that it exists, beside its owner and the operator; everybody where this is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<BTreeSet<OrgId>>,
}

/// How open a dataset is. An access level of a catalogue that we cannot map counts as [`Access::Closed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// For everyone, under its licence.
    Open,
    /// Under conditions.
    Conditions,
    /// Not at all, unless a published set names a ground.
    Closed,
}

impl Access {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Access::Open => "open",
            Access::Conditions => "conditions",
            Access::Closed => "closed",
        }
    }
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name in the data.
    pub name: String,
    /// Title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Bilingual>,
    /// A group that conditions can name; empty for none.
    #[serde(default)]
    pub group: String,
    /// Holds personal data.
    #[serde(default)]
    pub personal: bool,
    /// Identifies a person directly.
    #[serde(default)]
    pub identifying: bool,
    /// Holds special categories.
    #[serde(default)]
    pub special: bool,
    /// What it is, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Bilingual>,
    /// The type of its values: the name of a built-in datatype of CSVW, as `string`, `integer`, `dateTime`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datatype: Option<String>,
    /// Every row has a value.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// What its values mean: the IRI of a concept (SKOS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concept: Option<Iri>,
}

/// Something else that may serve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    /// `open-edition`, `aggregate`, `synthetic`, `custom-table`, `partner` or `sample`.
    pub kind: Name,
    /// Title.
    pub title: Bilingual,
    /// Where it is.
    pub iri: Iri,
}

/// Terms of procedure that go with a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// How to object to a decision.
    pub objection: Objection,
}

/// Where, and within how many weeks, one can object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ObjectionTerm)]
pub struct Objection {
    /// The body that decides on the objection.
    pub body: Bilingual,
    /// Its address on the web.
    pub web: Iri,
    /// Weeks from the day after announcement (Awb 6:7).
    pub weeks: u8,
}

impl Dataset {
    /// The version: the digest of the attributes and columns that conditions can read, so a changed title makes none.
    ///
    /// # Errors
    /// Never for a dataset that was read from the profile.
    pub fn version(&self) -> Result<Digest, JsonError> {
        #[derive(Serialize, ToSchema)]
        #[serde(rename_all = "camelCase")]
        struct Read<'a> {
            id: &'a Iri,
            personal_data: bool,
            special_categories: bool,
            #[serde(skip_serializing_if = "Option::is_none")]
            embargo_until: Option<Time>,
            columns: Vec<(&'a str, &'a str, bool, bool, bool)>,
        }
        let columns =
            self.columns.iter().map(|c| (&*c.name, &*c.group, c.personal, c.identifying, c.special)).collect();
        let read = Read {
            id: &self.id,
            personal_data: self.personal_data,
            special_categories: self.special_categories,
            embargo_until: self.embargo_until,
            columns,
        };
        Ok(Digest::of(&json::bytes(&read, "dataset version")?))
    }

    /// The names of its columns.
    #[must_use]
    pub fn column_names(&self) -> BTreeSet<String> {
        self.columns.iter().map(|c| c.name.clone()).collect()
    }
}
