//! Who may see that a dataset exists. For whoever may not it is as if it did not: the same answers, the same errors.

use std::collections::BTreeSet;

use super::index::{Catalogue, Listed};
use crate::engine::known::View;
use crate::engine::state::DatasetNow;
use crate::engine::{Engine, EngineError};
use crate::model::dataset::Dataset;
use crate::model::{Iri, OrgId};
use crate::rights::{Actor, Role};

impl Engine {
    /// Whether somebody, or nobody in particular, may see a dataset: everybody where it names no audience; else its owner, the operator, the
    /// organisations that it names, and auditors, who read everything.
    pub(in crate::engine) fn sees(&self, actor: Option<&Actor>, dataset: &Dataset) -> bool {
        self.is_for(actor, &dataset.owner, dataset.audience.as_ref())
    }

    /// The same of a dataset of which no more is known.
    pub(in crate::engine) fn is_for(
        &self,
        actor: Option<&Actor>,
        owner: &OrgId,
        audience: Option<&BTreeSet<OrgId>>,
    ) -> bool {
        let Some(audience) = audience else { return true };
        let named = |own: &OrgId| own == owner || *own == self.portal.operator || audience.contains(own);
        actor.is_some_and(|actor| named(&actor.organisation) || actor.roles.contains(&Role::Auditor))
    }

    /// The same of a dataset in the index.
    pub(in crate::engine) fn sees_listed(&self, actor: Option<&Actor>, catalogue: &Catalogue, listed: &Listed) -> bool {
        let Some(audience) = listed.audience else { return true };
        let found = |n: u32| usize::try_from(n).ok();
        let owner = found(listed.owner).and_then(|n| catalogue.owners.get(n));
        let audience = found(audience).and_then(|n| catalogue.audiences.get(n));
        // one that is not found is for nobody
        owner.zip(audience).is_some_and(|(owner, audience)| self.is_for(actor, owner, Some(audience)))
    }

    /// A dataset by slug or IRI, as far as somebody may see it.
    pub(in crate::engine) fn dataset_seen(
        &self,
        view: &View,
        actor: Option<&Actor>,
        name: &str,
    ) -> Result<DatasetNow, EngineError> {
        let found = self.dataset_in(view, name)?;
        if self.sees(actor, &found.dataset) { Ok(found) } else { Err(EngineError::no_dataset(name)) }
    }

    /// A dataset by slug or IRI, with nothing that binds it or relates to it.
    ///
    /// # Errors
    /// There is none of that name that the actor may see, or the store cannot be read.
    pub fn description(&self, actor: Option<&Actor>, name: &str) -> Result<DatasetNow, EngineError> {
        self.dataset_seen(&self.view()?, actor, name)
    }

    /// Whether everybody may see a dataset; nobody may see one that is not there.
    pub(in crate::engine) fn is_public(&self, view: &View, dataset: &Iri) -> Result<bool, EngineError> {
        match self.dataset_seen(view, None, dataset.as_str()) {
            Ok(_) => Ok(true),
            Err(EngineError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
