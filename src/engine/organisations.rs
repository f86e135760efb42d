//! Organisations that ask to be added, and the facts that an organisation keeps declared of itself: a start for questions, never verified.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::operation::{Operation, Pending};
use super::state::{self, Loaded, Organisation};
use super::{Engine, EngineError};
use crate::conditions::facts;
use crate::model::event::{Event, EventType};
use crate::model::input::Facts;
use crate::model::{OrgId, Time};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

/// The longest name of an organisation, in characters.
const MAX_NAME: usize = 200;
/// How many may wait at once: whoever floods the list is told to come back later.
const MAX_WAITING: usize = 1_000;

/// An organisation that asks to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Registration {
    /// Register and number.
    pub id: OrgId,
    /// Legal name, as it says.
    pub name: String,
    /// When it asked.
    pub asked_at: Time,
}

/// What an organisation keeps declared of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Facts of the schema that are kept with an organisation, with their values.
    #[schema(value_type = BTreeMap<String, Value>)]
    pub declared: Facts,
    /// When it was changed last; none if there never was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
    /// The version of the row, for whoever wants to change exactly what it read; 0 if there is none.
    #[serde(skip)]
    pub version: u64,
}

impl Engine {
    /// Asks for an organisation to be added. Anybody may; it is added once its register number was checked.
    ///
    /// # Errors
    /// A name that is none, an organisation that is here or waits already, or too many that wait.
    pub fn ask_registration(&self, id: &OrgId, name: &str) -> Result<Pending<Registration>, EngineError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
            return Err(EngineError::input("name", "is no legal name", "give the name as the register has it"));
        }
        let mut op = Operation::start(self)?;
        let here = self.store.row(Kind::Organisation, id.as_str())?.is_some();
        if here || self.store.row(Kind::Registration, id.as_str())?.is_some() {
            return Err(EngineError::Exists { what: "organisation", name: id.to_string() });
        }
        if self.store.rows(Kind::Registration, None, None, MAX_WAITING)?.len() == MAX_WAITING {
            return Err(EngineError::state("too many organisations wait to be added", "ask again later"));
        }
        let new = Registration { id: id.clone(), name: name.to_owned(), asked_at: op.now };
        state::guard(&mut op.item, Kind::Organisation, id.as_str(), 0);
        state::guard(&mut op.item, Kind::Registration, id.as_str(), 0);
        state::put(&mut op.item, Kind::Registration, id.as_str(), None, &new)?;
        op.tell(&Event::new(EventType::OrganisationAsked, self.portal.operator.clone(), None))?;
        op.answer(new)
    }

    /// Organisations that ask to be added.
    ///
    /// # Errors
    /// No right, or the store cannot be read.
    pub fn registrations(&self, actor: &Actor) -> Result<Vec<Registration>, EngineError> {
        self.rights.require(actor, Act::AddOrganisation, &Target::default())?;
        state::all(&*self.store, Kind::Registration, None)
    }

    /// Adds an organisation that asked for it; `checked` says how its register number was checked.
    ///
    /// # Errors
    /// No right, nobody asked, or it is not said how it was checked.
    pub fn confirm_registration(
        &self,
        actor: &Actor,
        id: &OrgId,
        checked: &str,
    ) -> Result<Pending<Organisation>, EngineError> {
        self.rights.require(actor, Act::AddOrganisation, &Target::default())?;
        if checked.trim().is_empty() {
            return Err(EngineError::input("checked", "is empty", "say how the register number was checked"));
        }
        let mut op = Operation::by(self, actor)?;
        let none = || EngineError::not_found("registration", id, "it was added already, or nobody asked for it");
        let added = self.admit(&mut op, id, checked)?.ok_or_else(none)?;
        op.answer(added)
    }

    /// Turns a registration away.
    ///
    /// # Errors
    /// No right, or nobody asked.
    pub fn decline_registration(&self, actor: &Actor, id: &OrgId) -> Result<Pending<()>, EngineError> {
        self.rights.require(actor, Act::AddOrganisation, &Target::default())?;
        let mut op = Operation::by(self, actor)?;
        let waiting = state::load::<Registration>(&*self.store, Kind::Registration, id.as_str())?;
        let none = || EngineError::not_found("registration", id, "it was added already, or nobody asked for it");
        state::guard(&mut op.item, Kind::Registration, id.as_str(), waiting.ok_or_else(none)?.version);
        op.item = std::mem::take(&mut op.item).delete(Kind::Registration, id.as_str());
        op.answer(())
    }

    /// Adds an organisation that asked for it, in an operation under way: of somebody whose sign-in provider states its register number,
    /// or of the operator. None if nobody asked for it.
    pub(super) fn admit(
        &self,
        op: &mut Operation<'_>,
        id: &OrgId,
        checked: &str,
    ) -> Result<Option<Organisation>, EngineError> {
        let waiting = state::load::<Registration>(&*self.store, Kind::Registration, id.as_str())?;
        let Some(Loaded { value, version }) = waiting else { return Ok(None) };
        let added = Organisation { id: id.clone(), name: value.name, checked: Some(checked.to_owned()) };
        state::guard(&mut op.item, Kind::Registration, id.as_str(), version);
        state::guard(&mut op.item, Kind::Organisation, id.as_str(), 0);
        op.item = std::mem::take(&mut op.item).delete(Kind::Registration, id.as_str());
        state::put(&mut op.item, Kind::Organisation, id.as_str(), None, &added)?;
        Ok(Some(added))
    }

    /// What an organisation keeps declared of itself.
    ///
    /// # Errors
    /// No right, or no such organisation.
    pub fn profile(&self, actor: &Actor, organisation: &OrgId) -> Result<Profile, EngineError> {
        self.rights.require(actor, Act::KeepProfile, &Target::of_applicant(organisation.clone()))?;
        self.organisation(&self.view()?, organisation)?;
        let row = state::load::<Profile>(&*self.store, Kind::Profile, organisation.as_str())?;
        Ok(row.map(|row| Profile { version: row.version, ..row.value }).unwrap_or_default())
    }

    /// Keeps facts declared of an organisation, instead of those before. With `read` only if it still is the version that was read.
    ///
    /// # Errors
    /// No right, facts that are none, or facts that belong to a request; a conflict if it was changed meanwhile.
    pub fn keep_profile(
        &self,
        actor: &Actor,
        organisation: &OrgId,
        declared: &Facts,
        read: Option<u64>,
    ) -> Result<Pending<()>, EngineError> {
        self.rights.require(actor, Act::KeepProfile, &Target::of_applicant(organisation.clone()))?;
        let mut op = Operation::by(self, actor)?;
        self.organisation(&op.view, organisation)?;
        let schema = self.schema()?;
        facts::check(&schema, declared).map_err(EngineError::Facts)?;
        if let Some(fact) = declared.keys().find(|f| schema.facts().get(*f).is_some_and(|info| info.about_request)) {
            let why = format!("`{fact}` belongs to a request, and is stated anew for each");
            return Err(EngineError::input("declared", why, "leave it out here"));
        }
        let profile = Profile { declared: declared.clone(), at: Some(op.now), version: 0 };
        if let Some(read) = read {
            state::guard(&mut op.item, Kind::Profile, organisation.as_str(), read);
        }
        state::put(&mut op.item, Kind::Profile, organisation.as_str(), None, &profile)?;
        op.answer(())
    }
}
