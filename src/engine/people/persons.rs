//! The persons who act for an organisation: who they are, what they may do, and how that ends.
//!
//! Roles and blocks are rows of the store, not records: what somebody may decide in whose name is a mandate, which is one
//! (`docs/decisions/2026-11-26-persons.md`).

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::known::View;
use crate::engine::operation::{Operation, Pending};
use crate::engine::rows::{self, Loaded};
use crate::engine::state::{Blocked, Person};
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::record::PersonSide;
use crate::model::{Digest, Name, OrgId, json};
use crate::rights::{Act, Actor, Role, Target};
use crate::store::Kind;

/// A person to be added.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Short name for typing.
    pub person: Name,
    /// For whom.
    pub organisation: OrgId,
    /// Full name; only in an erasable side document.
    pub name: String,
    /// Function.
    pub function: String,
    /// In which roles.
    pub roles: BTreeSet<Role>,
}

/// A person as the portal knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonNow {
    /// Short name.
    pub person: Name,
    /// For whom.
    pub organisation: OrgId,
    /// Full name; none once it was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Function.
    pub function: String,
    /// In which roles.
    #[schema(value_type = BTreeSet<String>)]
    pub roles: BTreeSet<Role>,
    /// On what authority it binds its organisation; none: it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binds: Option<String>,
    /// Since when, by whom and why it may do nothing; none: it may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<Blocked>,
    /// The version of the row, for whoever wants to change exactly what it read.
    #[serde(skip)]
    pub version: u64,
}

impl Engine {
    /// Whether somebody may say who acts for an organisation, and what a person with these roles may do. Who runs the portal may, of
    /// everybody; an organisation admin may of its own people, but not of those who run or audit the portal.
    pub(in crate::engine) fn manages(
        &self,
        actor: &Actor,
        organisation: &OrgId,
        roles: &BTreeSet<Role>,
    ) -> Result<(), EngineError> {
        let target = Target::of_applicant(organisation.clone());
        let of_the_portal = roles.contains(&Role::Operator) || roles.contains(&Role::Auditor);
        if !of_the_portal && self.rights.require(actor, Act::ManageColleagues, &target).is_ok() {
            return Ok(());
        }
        Ok(self.rights.require(actor, Act::ManagePersons, &target)?)
    }

    /// Adds a person who acts for an organisation.
    ///
    /// # Errors
    /// No right, no such organisation, or the short name is taken.
    pub fn add_person(&self, actor: &Actor, new: &NewPerson) -> Result<(), EngineError> {
        self.manages(actor, &new.organisation, &new.roles)?;
        self.organisation(&self.view()?, &new.organisation)?;
        if self.store.row(Kind::Person, new.person.as_str())?.is_some() {
            return Err(EngineError::Exists { what: "person", name: new.person.to_string() });
        }
        let mut op = Operation::by(self, actor)?;
        self.put_person(&mut op, new)?;
        op.commit().map(|_| ())
    }

    pub(in crate::engine) fn put_person(&self, op: &mut Operation<'_>, new: &NewPerson) -> Result<(), EngineError> {
        let side = PersonSide {
            kind: "Person".to_owned(),
            salt: self.random.salt()?,
            name: new.name.clone(),
            function: new.function.clone(),
            organisation: new.organisation.clone(),
        };
        let digest = Digest::of(&json::bytes(&side, "person")?);
        let person = Person {
            person: new.person.clone(),
            organisation: new.organisation.clone(),
            function: new.function.clone(),
            roles: new.roles.clone(),
            side: digest,
            binds: None,
            blocked: None,
        };
        rows::put(&mut op.item, Kind::Side, &digest.to_string(), Some(new.person.as_str()), &side)?;
        self.keep_person(op, &person, 0)
    }

    /// Writes a person, if it is still as it was read.
    fn keep_person(&self, op: &mut Operation<'_>, person: &Person, read: u64) -> Result<(), EngineError> {
        let key = person.person.as_str();
        rows::guard(&mut op.item, Kind::Person, key, read);
        rows::put(&mut op.item, Kind::Person, key, Some(person.organisation.as_str()), person)
    }

    pub(in crate::engine) fn person(&self, view: &View, person: &Name) -> Result<Person, EngineError> {
        let found = self.known::<Person>(view, Kind::Person, person.as_str())?;
        Ok(found.ok_or_else(|| nobody(person))?.value.clone())
    }

    fn loaded_person(&self, person: &Name) -> Result<Loaded<Person>, EngineError> {
        rows::load::<Person>(&*self.store, Kind::Person, person.as_str())?.ok_or_else(|| nobody(person))
    }

    /// Whether a person may act now: one that is blocked may not, and is told of nothing.
    pub(in crate::engine) fn may_act(&self, view: &View, person: &Name) -> Result<bool, EngineError> {
        Ok(self.person(view, person)?.blocked.is_none())
    }

    /// States on what authority a person binds its organisation: an entry in the register, a mandate by its board. Acceptances name it.
    ///
    /// # Errors
    /// No right, no such person, or no authority given.
    pub fn authorise(&self, actor: &Actor, person: &Name, authority: &str) -> Result<(), EngineError> {
        let Loaded { value: mut row, version } = self.loaded_person(person)?;
        self.manages(actor, &row.organisation, &row.roles)?;
        if authority.trim().is_empty() {
            let help = "name the register entry or the mandate, for instance \"director, extract of 2026-11-20\"";
            return Err(EngineError::input(Field::Authority, "is empty", help));
        }
        let mut op = Operation::by(self, actor)?;
        row.binds = Some(authority.to_owned());
        self.keep_person(&mut op, &row, version)?;
        op.commit().map(|_| ())
    }

    /// On what authority a person binds its organisation.
    pub(in crate::engine) fn authority_to_bind(&self, view: &View, actor: &Actor) -> Result<String, EngineError> {
        self.person(view, &actor.person)?.binds.ok_or_else(|| {
            EngineError::state(
                format!("`{}` has no authority to bind {}", actor.person, actor.organisation),
                Mend::by(
                    "say on what it rests",
                    format!("datadeal person authorise {} --authority \"...\"", actor.person),
                ),
            )
        })
    }

    /// Whose persons somebody may see: those of all, for who runs or audits the portal, or of its own organisation; none: all.
    fn seen_persons<'a>(
        &self,
        actor: &'a Actor,
        organisation: Option<&'a OrgId>,
    ) -> Result<Option<&'a OrgId>, EngineError> {
        if self.rights.require(actor, Act::ListOrganisations, &Target::default()).is_ok() {
            return Ok(organisation);
        }
        let of = organisation.unwrap_or(&actor.organisation);
        self.rights.require(actor, Act::ManageColleagues, &Target::of_applicant(of.clone()))?;
        Ok(Some(of))
    }

    /// The persons of an organisation, or of all, by short name.
    ///
    /// # Errors
    /// No right, or the store cannot be read.
    pub fn persons(&self, actor: &Actor, organisation: Option<&OrgId>) -> Result<Vec<PersonNow>, EngineError> {
        let of = self.seen_persons(actor, organisation)?;
        let rows = rows::all_loaded(&*self.store, Kind::Person, of.map(OrgId::as_str))?;
        rows.into_iter().map(|row| self.person_told(row)).collect()
    }

    /// The same page by page: at most `limit` after one of them, and what to give as `after` to go on.
    ///
    /// # Errors
    /// No right, or the store cannot be read.
    pub fn persons_after(
        &self,
        actor: &Actor,
        organisation: Option<&OrgId>,
        after: Option<&Name>,
        limit: usize,
    ) -> Result<(Vec<PersonNow>, Option<Name>), EngineError> {
        let of = self.seen_persons(actor, organisation)?;
        self.page(Kind::Person, of.map(OrgId::as_str), after, limit, |row| {
            Ok(Some(self.person_told(rows::parse(row)?)?))
        })
    }

    /// A person, for whoever may see it.
    ///
    /// # Errors
    /// No right, or no such person.
    pub fn person_now(&self, actor: &Actor, person: &Name) -> Result<PersonNow, EngineError> {
        let row = self.loaded_person(person)?;
        self.seen_persons(actor, Some(&row.value.organisation))?;
        self.person_told(row)
    }

    fn person_told(&self, row: Loaded<Person>) -> Result<PersonNow, EngineError> {
        let Loaded { value: Person { person, organisation, function, roles, side, binds, blocked }, version } = row;
        let side = rows::load::<PersonSide>(&*self.store, Kind::Side, &side.to_string())?;
        let name = side.map(|side| side.value.name);
        Ok(PersonNow { person, organisation, name, function, roles, binds, blocked, version })
    }

    /// Gives a person other roles than it had, from its next call on. `read` is the version of what the caller saw of it; none: as it is now.
    ///
    /// # Errors
    /// No right on what it may do now or then, no such person, no roles, somebody changed it meanwhile, or nobody would be left to give back
    /// what is taken.
    pub fn set_roles(
        &self,
        actor: &Actor,
        person: &Name,
        roles: &BTreeSet<Role>,
        read: Option<u64>,
    ) -> Result<Pending<()>, EngineError> {
        let Loaded { value: mut row, version } = self.loaded_person(person)?;
        self.manages(actor, &row.organisation, &row.roles)?;
        self.manages(actor, &row.organisation, roles)?;
        if roles.is_empty() {
            return Err(EngineError::input(Field::Roles, "names nothing", "who may do nothing any more is blocked"));
        }
        let then = Actor { roles: roles.clone(), ..actor.clone() };
        if actor.person == *person && self.manages(&then, &row.organisation, &row.roles).is_err() {
            let help = "somebody else who may do this takes them";
            return Err(EngineError::state("nobody takes roles from itself that it cannot give back", help));
        }
        let mut op = Operation::by(self, actor)?;
        if row.roles.contains(&Role::Operator) && !roles.contains(&Role::Operator) {
            self.another_operator(&mut op, person)?;
        }
        row.roles.clone_from(roles);
        self.keep_person(&mut op, &row, read.unwrap_or(version))?;
        op.answer(())
    }

    /// Blocks a person: from its next call on it may do nothing, however it signs in. What it did stays valid.
    ///
    /// # Errors
    /// No right, no such person, oneself, the last operator, one that is blocked, no reason, or somebody changed it meanwhile.
    pub fn block(
        &self,
        actor: &Actor,
        person: &Name,
        reason: &str,
        read: Option<u64>,
    ) -> Result<Pending<()>, EngineError> {
        let Loaded { value: mut row, version } = self.loaded_person(person)?;
        self.manages(actor, &row.organisation, &row.roles)?;
        if actor.person == *person {
            return Err(EngineError::state("nobody blocks itself", "somebody else who may do this blocks it"));
        }
        if reason.trim().is_empty() {
            return Err(EngineError::input(Field::Reason, "is empty", "say why, for instance \"left on 30 November\""));
        }
        if row.blocked.is_some() {
            return Err(EngineError::state(format!("`{person}` is blocked already"), "there is nothing to do"));
        }
        let mut op = Operation::by(self, actor)?;
        if row.roles.contains(&Role::Operator) {
            self.another_operator(&mut op, person)?;
        }
        row.blocked = Some(Blocked {
            at: op.now,
            by: actor.person.clone(),
            organisation: actor.organisation.clone(),
            reason: reason.to_owned(),
        });
        self.keep_person(&mut op, &row, read.unwrap_or(version))?;
        op.answer(())
    }

    /// Ends a block: the person may do again what its roles say. Whom another organisation blocked, which is the operator of the portal, only
    /// an operator lets in again.
    ///
    /// # Errors
    /// No right, no such person, one that is not blocked, or somebody changed it meanwhile.
    pub fn unblock(&self, actor: &Actor, person: &Name, read: Option<u64>) -> Result<Pending<()>, EngineError> {
        let Loaded { value: mut row, version } = self.loaded_person(person)?;
        self.manages(actor, &row.organisation, &row.roles)?;
        let Some(blocked) = row.blocked.take() else {
            return Err(EngineError::state(format!("`{person}` is not blocked"), "there is nothing to do"));
        };
        if blocked.organisation != row.organisation {
            self.rights.require(actor, Act::ManagePersons, &Target::of_applicant(row.organisation.clone()))?;
        }
        let mut op = Operation::by(self, actor)?;
        self.keep_person(&mut op, &row, read.unwrap_or(version))?;
        op.answer(())
    }

    /// Somebody else must be able to run the portal, and still be so when this is written: of two operators who end each other's rights at
    /// once one comes too late.
    fn another_operator(&self, op: &mut Operation<'_>, without: &Name) -> Result<(), EngineError> {
        let mut other = None;
        rows::each_row(&*self.store, Kind::Person, None, |row| {
            let Loaded { value: person, version } = rows::parse::<Person>(&row)?;
            let runs = person.roles.contains(&Role::Operator) && person.blocked.is_none();
            if runs && person.person != *without {
                other = Some((row.key, version));
            }
            Ok(())
        })?;
        let (key, version) = other.ok_or_else(|| {
            EngineError::state(
                format!("`{without}` is the last operator of this portal"),
                Mend::by("make somebody else one first", "datadeal person roles"),
            )
        })?;
        rows::guard(&mut op.item, Kind::Person, &key, version);
        Ok(())
    }
}

fn nobody(person: &Name) -> EngineError {
    EngineError::not_found("person", person, Mend::by("see who there is", "datadeal person list"))
}
