//! Signing in: which person of the portal a sign-in provider speaks of, and the sessions of those who signed in.
//!
//! A person is known to a provider by issuer and subject. The row that says so is erasable: a subject is personal data.

use serde::{Deserialize, Serialize};

use crate::engine::operation::{Operation, Pending};
use crate::engine::rows;
use crate::engine::{Engine, EngineError, NewPerson};
use crate::model::{Digest, Name, OrgId, Time};
use crate::rights::{Actor, Role, SignIn};
use crate::store::Kind;

/// How long a session lasts, in seconds: a working day.
pub const SESSION_SECONDS: i64 = 8 * 3600;

/// What a sign-in provider says of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewIdentity {
    /// The provider.
    pub issuer: String,
    /// The person's id there.
    pub subject: String,
    /// The person's name, if it is said.
    pub name: Option<String>,
    /// The organisation that the person acts for, if it is said.
    pub organisation: Option<OrgId>,
}

/// As whom a person is known to a provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Identity {
    issuer: String,
    subject: String,
    person: Name,
}

/// A session as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::engine) struct Session {
    /// When it began or was changed last.
    pub(in crate::engine) at: Time,
    /// What it holds.
    pub(in crate::engine) body: String,
}

impl Session {
    /// When its time is over.
    pub(in crate::engine) fn over(&self) -> Time {
        self.at.plus_seconds(SESSION_SECONDS)
    }
}

/// Somebody who acts for two employers is two persons here. Without an organisation: whom somebody of the portal named.
fn identity_key(issuer: &str, subject: &str, organisation: Option<&OrgId>) -> String {
    let named = Digest::of(format!("{issuer}\n{subject}").as_bytes());
    organisation.map_or(named, |of| Digest::of(format!("{named} {of}").as_bytes())).to_string()
}

fn session_key(id: &str) -> String {
    Digest::of(id.as_bytes()).to_string()
}

impl Engine {
    /// Says as whom a person is known to a provider.
    ///
    /// # Errors
    /// No right, no such person, or somebody else is known so.
    pub fn link_identity(&self, actor: &Actor, person: &Name, issuer: &str, subject: &str) -> Result<(), EngineError> {
        let mut op = Operation::by(self, actor)?;
        let known = self.person(&op.view, person)?;
        self.manages(actor, &known.organisation, &known.roles)?;
        let key = identity_key(issuer, subject, None);
        if self.store.row(Kind::Identity, &key)?.is_some() {
            return Err(EngineError::Exists { what: "identity", name: format!("{subject} at {issuer}") });
        }
        let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
        let row = Identity { issuer, subject, person: person.clone() };
        rows::guard(&mut op.item, Kind::Identity, &key, 0);
        rows::put(&mut op.item, Kind::Identity, &key, Some(person.as_str()), &row)?;
        op.commit().map(|_| ())
    }

    /// The person that a provider speaks of. Who is not known yet, or not as somebody of the organisation that the provider names, becomes a
    /// requester of that organisation, if it is known here; none otherwise.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn person_signed_in(&self, identity: &NewIdentity) -> Result<Option<Name>, EngineError> {
        let NewIdentity { issuer, subject, name, organisation } = identity;
        let mut op = Operation::start(self)?;
        let of = organisation.as_ref();
        let key = identity_key(issuer, subject, of);
        for key in [&key, &identity_key(issuer, subject, None)] {
            let Some(known) = rows::load::<Identity>(&*self.store, Kind::Identity, key)? else { continue };
            let person = known.value.person;
            if of.is_none_or(|of| self.person(&op.view, &person).is_ok_and(|known| known.organisation == *of)) {
                return Ok(Some(person));
            }
        }
        let Some(organisation) = organisation else { return Ok(None) };
        if self.store.row(Kind::Organisation, organisation.as_str())?.is_none() {
            return Ok(None);
        }
        let short: String = key.chars().take(12).collect();
        let person: Name = format!("p-{short}").parse()?;
        let new = NewPerson {
            person: person.clone(),
            organisation: organisation.clone(),
            name: name.clone().unwrap_or_else(|| "a person whose name the sign-in provider keeps".to_owned()),
            function: "signed in for the organisation".to_owned(),
            roles: [Role::Requester].into(),
        };
        self.put_person(&mut op, &new)?;
        let row = Identity { issuer: issuer.clone(), subject: subject.clone(), person: person.clone() };
        rows::guard(&mut op.item, Kind::Identity, &key, 0);
        rows::put(&mut op.item, Kind::Identity, &key, Some(person.as_str()), &row)?;
        op.commit()?;
        Ok(Some(person))
    }

    /// A person who signed in, to act as.
    ///
    /// # Errors
    /// There is no such person, it is blocked, or the store cannot be read.
    pub fn actor_signed_in(&self, person: &Name, sign_in: SignIn) -> Result<Actor, EngineError> {
        self.actor_by(&self.view()?, person, sign_in)
    }

    /// Keeps what a session holds. Its id is kept as a digest only: who reads the database signs in as nobody.
    ///
    /// # Errors
    /// A new one has the id of another, or the store cannot be written.
    pub fn keep_session(&self, id: &str, body: String, new: bool) -> Result<Pending<()>, EngineError> {
        let mut op = Operation::start(self)?;
        let (key, row) = (session_key(id), Session { at: op.now, body });
        if new {
            rows::guard(&mut op.item, Kind::Session, &key, 0);
        }
        rows::put(&mut op.item, Kind::Session, &key, Some(&rows::minute(row.over())), &row)?;
        op.answer(())
    }

    /// What a session holds; none if there is none or its time is over.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn session(&self, id: &str) -> Result<Option<(String, Time)>, EngineError> {
        let found = rows::load::<Session>(&*self.store, Kind::Session, &session_key(id))?.map(|row| row.value);
        let now = self.clock.now();
        Ok(found.filter(|session| now < session.over()).map(|session| (session.body.clone(), session.over())))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn end_session(&self, id: &str) -> Result<Pending<()>, EngineError> {
        let mut op = Operation::start(self)?;
        op.item = std::mem::take(&mut op.item).delete(Kind::Session, session_key(id));
        op.answer(())
    }
}
