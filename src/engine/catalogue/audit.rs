//! The lists that imports name, read again: each is the one that its record names, whole and in order, and so is each dataset in it.

use crate::engine::audit::{Audit, Finding};
use crate::engine::{Engine, EngineError};
use crate::model::record::DatasetList;

impl Engine {
    /// Adds to the findings what is wrong with the lists of imports.
    pub(in crate::engine) fn audit_imports(&self, lists: &[DatasetList], audit: &mut Audit) -> Result<(), EngineError> {
        for list in lists {
            let place = format!("list of datasets {}", list.digest);
            let found = match self.listed(list)? {
                Ok(found) => found,
                Err(why) => {
                    audit.findings.push(Finding::new("S-194", place, why));
                    continue;
                }
            };
            self.each_listed(&list.digest, &found, |named, read| {
                if let Err(why) = read {
                    audit.findings.push(Finding::new("S-194", &place, format!("{}: {why}", named.id)));
                }
            })?;
        }
        Ok(())
    }
}
