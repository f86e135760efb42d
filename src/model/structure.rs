//! How a dataset is built: its data model, its keys, and how its columns relate to those of others (CSVW, Frictionless Table Schema). No condition
//! reads any of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Iri;

/// How a dataset is built, beside its columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Structure {
    /// The data models that it conforms to (`dct:conformsTo`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<Iri>,
    /// The columns whose values together name a row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub primary_key: Vec<String>,
    /// How columns relate to those of others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
}

/// Columns whose values name rows of a dataset, this one or another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ColumnRelation)]
pub struct Relation {
    /// The columns here.
    pub columns: Vec<String>,
    /// The IRI of the dataset that they point into.
    pub dataset: Iri,
    /// The columns there, in the same order.
    pub references: Vec<String>,
}

impl Structure {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Structure::default()
    }
}
