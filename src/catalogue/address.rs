//! The IRIs of a portal: made of its address and of names that do not change.

use crate::model::{Name, OrgId, Urn};

/// The address by which others reach a portal, without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// From the address of the service.
    #[must_use]
    pub fn new(address: &str) -> Self {
        Address(address.trim_end_matches('/').to_owned())
    }

    /// The whole catalogue.
    #[must_use]
    pub fn catalogue(&self) -> String {
        format!("{}/v1/catalogue", self.0)
    }

    /// What the catalogue says of a dataset; with a fragment a part of that.
    #[must_use]
    pub fn dataset(&self, slug: &Name, fragment: &str) -> String {
        format!("{}/v1/catalogue/{slug}#{fragment}", self.0)
    }

    /// Where a dataset can be asked for: what it is and what binds it.
    #[must_use]
    pub fn access(&self, slug: &Name) -> String {
        format!("{}/v1/datasets/{slug}", self.0)
    }

    /// An organisation.
    #[must_use]
    pub fn organisation(&self, id: &OrgId) -> String {
        format!("{}/v1/organisations/{id}", self.0)
    }

    /// A published condition set, by its record.
    #[must_use]
    pub fn condition_set(&self, record: &Urn) -> String {
        format!("{}/v1/condition-sets/{record}", self.0)
    }

    /// A term of the portal's own vocabulary, which is that of its schema.
    #[must_use]
    pub fn term(&self, name: &str) -> String {
        format!("{}/v1/schema#{name}", self.0)
    }

    /// A word of a closed list of the schema. Purposes of DPV have an IRI of their own.
    #[must_use]
    pub fn word(&self, list: &str, word: &str) -> String {
        match word.strip_prefix("dpv:").filter(|_| list == "Purpose") {
            Some(purpose) => format!("{DPV}{purpose}"),
            None => self.term(&format!("{list}/{word}")),
        }
    }

    /// The word of a closed list that an IRI stands for.
    #[must_use]
    pub fn word_of(&self, list: &str, iri: &str) -> Option<String> {
        if let Some(purpose) = iri.strip_prefix(DPV).filter(|_| list == "Purpose") {
            return Some(format!("dpv:{purpose}"));
        }
        iri.strip_prefix(&self.term(&format!("{list}/"))).map(str::to_owned)
    }
}

const DPV: &str = "https://w3id.org/dpv#";
