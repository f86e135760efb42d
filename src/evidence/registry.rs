//! Registers that can be asked what they know of an organisation, and one that is a file: test numbers for the demo.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::input::Facts;
use crate::model::{JsonError, OrgId, json};

/// Longest that an answer can count, in days.
const MAX_DAYS: u16 = 366;

/// Whoever can be asked what a register knows of an organisation.
pub trait Registry: Send + Sync + fmt::Debug {
    /// The organisation that keeps the register, which signs what it says if this portal holds its key.
    fn keeper(&self) -> &OrgId;

    /// For how many days an answer counts.
    fn valid_days(&self) -> u16;

    /// Facts of the schema; none if the register does not know the organisation.
    ///
    /// # Errors
    /// The register cannot be asked now.
    fn look_up(&self, organisation: &OrgId) -> Result<Option<Facts>, RegistryError>;
}

/// Why a register has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum RegistryError {
    /// It cannot be asked.
    #[error("the register cannot be asked now: {0}")]
    #[diagnostic(code(registry::unavailable), help("try again later"))]
    Unavailable(String),
    /// The file of a register is none.
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] JsonError),
    /// Days outside 1 to 366.
    #[error("`validDays` is {0}, which is not between 1 and 366")]
    #[diagnostic(code(registry::days), help("say for how many days an answer of this register counts"))]
    Days(u16),
}

/// A register in a file: `{"keeper", "validDays", "organisations": {"NL.KVK:69599084": {"legalForm": "bv", ...}}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileRegistry {
    keeper: OrgId,
    valid_days: u16,
    organisations: BTreeMap<OrgId, Facts>,
}

/// The register of the demo, a file to be written out: test numbers only.
pub const EXAMPLE: &str = include_str!("../../examples/trade-register.json");

impl FileRegistry {
    /// Reads a register. Whether its values are facts of the schema is found out at each look-up.
    ///
    /// # Errors
    /// [`RegistryError`] with the place of what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, RegistryError> {
        let registry: FileRegistry = json::read(bytes, "register")?;
        match registry.valid_days {
            1..=MAX_DAYS => Ok(registry),
            days => Err(RegistryError::Days(days)),
        }
    }
}

impl Registry for FileRegistry {
    fn keeper(&self) -> &OrgId {
        &self.keeper
    }

    fn valid_days(&self) -> u16 {
        self.valid_days
    }

    fn look_up(&self, organisation: &OrgId) -> Result<Option<Facts>, RegistryError> {
        Ok(self.organisations.get(organisation).cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conditions::{Schema, facts};

    /// What the example says are facts that a register may state, about organisations by their own numbers.
    #[test]
    fn the_example_holds_facts_of_the_schema() {
        let (registry, schema) = (FileRegistry::read(EXAMPLE.as_bytes()).unwrap(), Schema::built_in().unwrap());
        assert!(registry.organisations.len() >= 4);
        for (organisation, known) in &registry.organisations {
            facts::check(&schema, known).unwrap();
            for fact in known.keys() {
                assert!(schema.facts()[fact].verified_by.iter().any(|k| k == "registry"), "{fact}");
            }
            assert_eq!(known["kvkNumber"], organisation.number());
        }
    }

    #[test]
    fn a_wrong_file_says_where() {
        let read = |text: &str| FileRegistry::read(text.as_bytes()).unwrap_err().to_string();
        assert!(read("{").contains("line 1"));
        assert!(read(r#"{"keeper": "x", "validDays": 1, "organisations": {}}"#).contains("is not an organisation"));
        let days = r#"{"keeper": "NL.KVK:69599084", "validDays": 0, "organisations": {}}"#;
        assert_eq!(read(days), "`validDays` is 0, which is not between 1 and 366");
        assert!(read(&days.replace("0,", "1, \"x\": 1,")).contains("unknown field"));
    }
}
