//! Organisations that ask to be added, and the facts that an organisation keeps declared of itself: a start for questions, never verified.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::conditions::facts;
use crate::engine::operation::{Operation, Pending};
use crate::engine::rows::{self, Loaded};
use crate::engine::state::Organisation;
use crate::engine::{Engine, EngineError, Field};
use crate::model::event::{Event, EventType};
use crate::model::input::Facts;
use crate::model::{Digest, OrgId, Time};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

/// The longest name of an organisation, in characters.
const MAX_NAME: usize = 200;
/// How many may wait at once: whoever floods the list is told to come back later.
const MAX_WAITING: usize = 1_000;
/// How many may wait for one number: anybody can ask in the name of anybody, and who asks first blocks nobody.
const MAX_FOR_ONE: usize = 5;
/// How long one waits before it lapses, in seconds: 30 days.
const WAITS_SECONDS: i64 = 30 * 86_400;

/// Somebody who asks for an organisation to be added. Several may for one number, each with the name that it says.
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

impl Registration {
    /// When it has waited too long.
    pub(in crate::engine) fn lapses(&self) -> Time {
        self.asked_at.plus_seconds(WAITS_SECONDS)
    }
}

/// A registration with the key and version of its row.
type Waiting = (String, u64, Registration);

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
    /// A name that is none, an organisation that is here, the same name that waits already, or too many that wait.
    pub fn ask_registration(&self, id: &OrgId, name: &str) -> Result<Pending<Registration>, EngineError> {
        let name = legal_name(name)?;
        let mut op = Operation::start(self)?;
        let waiting = self.waiting_registrations(op.now)?;
        let of_it = || waiting.iter().filter(|(.., other)| other.id == *id);
        let here = self.store.row(Kind::Organisation, id.as_str())?.is_some();
        if here || of_it().any(|(.., other)| other.name == name) {
            return Err(EngineError::Exists { what: "organisation", name: id.to_string() });
        }
        if of_it().count() >= MAX_FOR_ONE {
            let help = "the operator of the portal adds it under the name in the register, or turns them away";
            return Err(EngineError::state(format!("{MAX_FOR_ONE} others ask for {id}"), help));
        }
        if waiting.len() >= MAX_WAITING {
            return Err(EngineError::state("too many organisations wait to be added", "ask again later"));
        }
        let new = Registration { id: id.clone(), name: name.to_owned(), asked_at: op.now };
        let key = format!("{id} {}", Digest::of(name.as_bytes()));
        let before = self.store.row(Kind::Registration, &key)?.map_or(0, |lapsed| lapsed.version);
        rows::guard(&mut op.item, Kind::Organisation, id.as_str(), 0);
        rows::guard(&mut op.item, Kind::Registration, &key, before);
        rows::put(&mut op.item, Kind::Registration, &key, None, &new)?;
        op.tell(&Event::new(EventType::OrganisationAsked, self.portal.operator.clone(), None))?;
        op.answer(new)
    }

    /// Who asks for an organisation to be added.
    ///
    /// # Errors
    /// No right, or the store cannot be read.
    pub fn registrations(&self, actor: &Actor) -> Result<Vec<Registration>, EngineError> {
        self.rights.require(actor, Act::AddOrganisation, &Target::default())?;
        Ok(self.waiting_registrations(self.clock.now())?.into_iter().map(|(.., waiting)| waiting).collect())
    }

    fn waiting_registrations(&self, now: Time) -> Result<Vec<Waiting>, EngineError> {
        let mut waiting = Vec::new();
        rows::each_row(&*self.store, Kind::Registration, None, |row| {
            let Loaded { value, version } = rows::parse::<Registration>(&row)?;
            if now < value.lapses() {
                waiting.push((row.key, version, value));
            }
            Ok(())
        })?;
        Ok(waiting)
    }

    /// Adds an organisation that somebody asked for; `checked` says how its register number was checked. Its `name` is the one in the
    /// register: without one it is added under the name that it asked with, if all who asked for the number gave the same.
    ///
    /// # Errors
    /// No right, nobody asked, no name or several, or it is not said how it was checked.
    pub fn confirm_registration(
        &self,
        actor: &Actor,
        id: &OrgId,
        checked: &str,
        name: Option<&str>,
    ) -> Result<Pending<Organisation>, EngineError> {
        self.rights.require(actor, Act::AddOrganisation, &Target::default())?;
        if checked.trim().is_empty() {
            return Err(EngineError::input(Field::Checked, "is empty", "say how the register number was checked"));
        }
        let mut op = Operation::by(self, actor)?;
        let asked = self.end_waiting(&mut op, id)?;
        let name = match (name, &asked[..]) {
            (Some(name), _) => legal_name(name)?,
            (None, [only]) => only,
            (None, several) => {
                let why = format!("is missing, and several are asked for: {}", several.join("; "));
                return Err(EngineError::input(Field::Name, why, "give the name as the register has it"));
            }
        };
        let added = Organisation { id: id.clone(), name: name.to_owned(), checked: Some(checked.to_owned()) };
        rows::guard(&mut op.item, Kind::Organisation, id.as_str(), 0);
        rows::put(&mut op.item, Kind::Organisation, id.as_str(), None, &added)?;
        op.answer(added)
    }

    /// Turns away all who ask for a number.
    ///
    /// # Errors
    /// No right, or nobody asked.
    pub fn decline_registration(&self, actor: &Actor, id: &OrgId) -> Result<Pending<()>, EngineError> {
        self.rights.require(actor, Act::AddOrganisation, &Target::default())?;
        let mut op = Operation::by(self, actor)?;
        self.end_waiting(&mut op, id)?;
        op.answer(())
    }

    /// Ends the waiting of all who ask for a number; gives the names that they asked with.
    fn end_waiting(&self, op: &mut Operation<'_>, id: &OrgId) -> Result<Vec<String>, EngineError> {
        let mut names = Vec::new();
        for (key, version, asked) in self.waiting_registrations(op.now)?.into_iter().filter(|(.., r)| r.id == *id) {
            rows::guard(&mut op.item, Kind::Registration, &key, version);
            op.item = std::mem::take(&mut op.item).delete(Kind::Registration, key);
            names.push(asked.name);
        }
        if names.is_empty() {
            return Err(EngineError::not_found("registration", id, "it was added already, or nobody asked for it"));
        }
        Ok(names)
    }

    /// What an organisation keeps declared of itself.
    ///
    /// # Errors
    /// No right, or no such organisation.
    pub fn profile(&self, actor: &Actor, organisation: &OrgId) -> Result<Profile, EngineError> {
        self.rights.require(actor, Act::KeepProfile, &Target::of_applicant(organisation.clone()))?;
        self.organisation(&self.view()?, organisation)?;
        let row = rows::load::<Profile>(&*self.store, Kind::Profile, organisation.as_str())?;
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
            return Err(EngineError::input(Field::Declared, why, "leave it out here"));
        }
        let profile = Profile { declared: declared.clone(), at: Some(op.now), version: 0 };
        if let Some(read) = read {
            rows::guard(&mut op.item, Kind::Profile, organisation.as_str(), read);
        }
        rows::put(&mut op.item, Kind::Profile, organisation.as_str(), None, &profile)?;
        op.answer(())
    }
}

fn legal_name(name: &str) -> Result<&str, EngineError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(EngineError::input(Field::Name, "is no legal name", "give the name as the register has it"));
    }
    Ok(name)
}
