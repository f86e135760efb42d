//! Where people are reached by mail. Addresses stand in erasable rows of their own and nowhere else: messages and records point to them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::engine::known::View;
use crate::engine::operation::{Operation, Pending};
use crate::engine::rows;
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::condition::Lang;
use crate::model::{Name, OrgId};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

/// A mail address: of an organisation, or of a person who acts for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contact {
    /// Of which organisation.
    pub organisation: OrgId,
    /// Of which person; none: of the organisation as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Name>,
    /// The address.
    #[schema(format = "email", max_length = 254)]
    pub mail: String,
    /// In which language to write.
    pub language: Lang,
}

impl Contact {
    /// The key of its row.
    pub(in crate::engine) fn key(&self) -> String {
        key(&self.organisation, self.person.as_ref())
    }
}

fn key(organisation: &OrgId, person: Option<&Name>) -> String {
    person.map_or_else(|| organisation.to_string(), |person| format!("{organisation}/{person}"))
}

impl Engine {
    /// Sets where an organisation, or a person of it, is reached; what was set before is erased.
    ///
    /// # Errors
    /// No right, no such organisation or person, or an address that is none.
    pub fn set_contact(&self, actor: &Actor, contact: &Contact) -> Result<Pending<()>, EngineError> {
        let of = &contact.organisation;
        self.rights.require(actor, Act::ManageContacts, &Target::of_both(of.clone(), of.clone()))?;
        let mut op = Operation::by(self, actor)?;
        self.organisation(&op.view, of)?;
        if let Some(person) = &contact.person
            && self.person(&op.view, person)?.organisation != *of
        {
            let why = format!("`{person}` acts for another organisation");
            return Err(EngineError::input(
                Field::Colleague,
                why,
                Mend::by("see who acts for whom", "datadeal person list"),
            ));
        }
        crate::net::mail::address(&contact.mail).map_err(|_| {
            EngineError::input(Field::Mail, "is no mail address", "give one such as `desk@example.nl`, without a name")
        })?;
        rows::put(&mut op.item, Kind::Contact, &contact.key(), Some(of.as_str()), contact)?;
        op.answer(())
    }

    /// Erases where an organisation, or a person of it, is reached.
    ///
    /// # Errors
    /// No right.
    pub fn remove_contact(
        &self,
        actor: &Actor,
        organisation: &OrgId,
        person: Option<&Name>,
    ) -> Result<Pending<()>, EngineError> {
        let target = Target::of_both(organisation.clone(), organisation.clone());
        self.rights.require(actor, Act::ManageContacts, &target)?;
        let mut op = Operation::by(self, actor)?;
        op.item = std::mem::take(&mut op.item).delete(Kind::Contact, key(organisation, person));
        op.answer(())
    }

    /// Where an organisation and its persons are reached.
    ///
    /// # Errors
    /// No right.
    pub fn contacts(&self, actor: &Actor, organisation: &OrgId) -> Result<Vec<Contact>, EngineError> {
        let target = Target::of_both(organisation.clone(), organisation.clone());
        self.rights.require(actor, Act::ManageContacts, &target)?;
        rows::all(&*self.store, Kind::Contact, Some(organisation.as_str()))
    }

    pub(in crate::engine) fn contacts_of(
        &self,
        view: &View,
        organisation: &OrgId,
    ) -> Result<Arc<Vec<Contact>>, EngineError> {
        let parent = organisation.as_str();
        self.known_list(view, Kind::Contact, parent, || rows::all(&*self.store, Kind::Contact, Some(parent)))
    }
}
