//! API keys: how a machine acts for a person, in some of its roles. The key is shown once; the portal keeps its SHA-256.
//!
//! `dd_` and the base58 of 32 random bytes and the first four bytes of their SHA-256: a typing error is found without a look-up, and
//! a scanner for lost secrets knows the form. Such a key needs no slow hash: nobody guesses 32 random bytes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::engine::operation::Operation;
use crate::engine::rows::{self, Loaded};
use crate::engine::state::Person;
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::{Digest, Name, OrgId, Time};
use crate::rights::{Act, Actor, Role, SignIn, Target};
use crate::store::Kind;

/// What every key begins with.
const PREFIX: &str = "dd_";
/// How long `used` may be behind, in seconds: it is not written at each call.
const USED_EVERY: i64 = 3600;

/// A key to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewApiKey {
    /// For whom it acts, by short name.
    pub person: Name,
    /// What it is for, in a few words.
    #[schema(min_length = 1, max_length = 200)]
    pub label: String,
    /// In which of the person's roles; none: all that it has when the key is used.
    #[serde(default)]
    #[schema(value_type = BTreeSet<String>)]
    pub roles: BTreeSet<Role>,
    /// Before this instant.
    #[serde(default)]
    pub until: Option<Time>,
}

/// A key as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct ApiKey {
    id: String,
    person: Name,
    organisation: OrgId,
    label: String,
    roles: BTreeSet<Role>,
    made: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made_by: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    used: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revoked: Option<Time>,
}

/// What is told of a key. Never the key itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyNow {
    /// Its public id.
    pub id: String,
    /// For whom it acts.
    pub person: Name,
    /// Of which organisation.
    pub organisation: OrgId,
    /// What it is for.
    pub label: String,
    /// In which roles; none: all of the person's.
    #[schema(value_type = BTreeSet<String>)]
    pub roles: BTreeSet<Role>,
    /// When it was made.
    pub made: Time,
    /// By whom, by short name; of the first keys of a portal that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_by: Option<Name>,
    /// Before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
    /// When it was last used, to the hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<Time>,
    /// Since when it is revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Time>,
}

/// A key that was made just now: the only time that it is shown.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyMade {
    /// What is kept of it.
    #[serde(flatten)]
    pub key: ApiKeyNow,
    /// The key.
    pub secret: String,
}

impl std::fmt::Debug for ApiKeyMade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiKeyMade").field("key", &self.key).finish_non_exhaustive()
    }
}

impl From<ApiKey> for ApiKeyNow {
    fn from(key: ApiKey) -> Self {
        let ApiKey { id, person, organisation, label, roles, made, made_by, until, used, revoked } = key;
        ApiKeyNow { id, person, organisation, label, roles, made, made_by, until, used, revoked }
    }
}

/// The digest of a key's text, if it can be one.
fn digest(text: &str) -> Option<Digest> {
    let bytes = bs58::decode(text.strip_prefix(PREFIX)?).into_vec().ok()?;
    let (secret, check) = bytes.split_at_checked(32)?;
    (check == Digest::of(secret).as_bytes().get(..4)?).then(|| Digest::of(text.as_bytes()))
}

impl Engine {
    /// Makes a key for a person. Who may not add persons gives away no more than it has itself at this call; and to a key of somebody
    /// else, whose secret it sees, never a role whose word counts as that person's own.
    ///
    /// # Errors
    /// No right, no such person, a role that the person has not or that may not be given on, or a term that has ended.
    pub fn new_api_key(&self, actor: &Actor, new: &NewApiKey) -> Result<ApiKeyMade, EngineError> {
        let mut op = Operation::by(self, actor)?;
        let person = self.person(&op.view, &new.person).map_err(|e| e.named_by(Field::Person))?;
        let target = Target::of_applicant(person.organisation.clone());
        self.rights.require(actor, Act::ManageApiKeys, &target)?;
        if let Some(role) = new.roles.difference(&person.roles).next() {
            let why = format!("`{}` does not have the role {}", person.person, role.as_str());
            return Err(EngineError::input(Field::Roles, why, "a key has some of the roles of its person"));
        }
        let roles = self.roles_of_key(actor, &person, &new.roles)?;
        if new.label.trim().is_empty() || new.label.chars().count() > 200 {
            return Err(EngineError::input(
                Field::Label,
                "is empty or too long",
                "say in a few words what the key is for",
            ));
        }
        if new.until.is_some_and(|until| until <= op.now) {
            return Err(EngineError::input(Field::Until, "is past", "give a later time, or none"));
        }
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes)?;
        let check = Digest::of(&bytes);
        let text: Vec<u8> = bytes.iter().chain(check.as_bytes().iter().take(4)).copied().collect();
        let secret = format!("{PREFIX}{}", bs58::encode(text).into_string());
        let key = Digest::of(secret.as_bytes()).to_string();
        let row = ApiKey {
            id: key.chars().take(16).collect(),
            person: person.person,
            organisation: person.organisation,
            label: new.label.clone(),
            roles,
            made: op.now,
            made_by: Some(actor.person.clone()),
            until: new.until,
            used: None,
            revoked: None,
        };
        rows::guard(&mut op.item, Kind::ApiKey, &key, 0);
        rows::put(&mut op.item, Kind::ApiKey, &key, Some(row.organisation.as_str()), &row)?;
        op.commit()?;
        Ok(ApiKeyMade { key: row.into(), secret })
    }

    /// The roles that a new key holds; none: all that its person has when it is used.
    fn roles_of_key(
        &self,
        actor: &Actor,
        person: &Person,
        asked: &BTreeSet<Role>,
    ) -> Result<BTreeSet<Role>, EngineError> {
        let target = Target::of_applicant(person.organisation.clone());
        let own = actor.person == person.person;
        if self.rights.require(actor, Act::ManagePersons, &target).is_ok() || (own && actor.roles == person.roles) {
            return Ok(asked.clone());
        }
        // the roles of today: what a colleague is given later is not in a key that somebody else knows
        let roles = if asked.is_empty() { &person.roles } else { asked };
        let personal = |role: &Role| matches!(role, Role::Operator | Role::Auditor | Role::Reviewer);
        let may = |role: &&Role| actor.roles.contains(role) && (own || !personal(role));
        match roles.iter().find(|role| !may(role)) {
            None if !roles.is_empty() => Ok(roles.clone()),
            found => {
                let role = found.map_or("any role", |role| role.as_str());
                let why = format!("`{}` may not give `{role}` to a key of `{}`", actor.person, person.person);
                let help =
                    "name roles that you have now; the operator of the portal makes keys of reviewers and auditors";
                Err(EngineError::input(Field::Roles, why, help))
            }
        }
    }

    /// The keys of an organisation.
    ///
    /// # Errors
    /// No right, or the store cannot be read.
    pub fn api_keys(&self, actor: &Actor, organisation: &OrgId) -> Result<Vec<ApiKeyNow>, EngineError> {
        self.rights.require(actor, Act::ManageApiKeys, &Target::of_applicant(organisation.clone()))?;
        let mut found: Vec<ApiKey> = rows::all(&*self.store, Kind::ApiKey, Some(organisation.as_str()))?;
        found.sort_by(|a, b| (a.made, &a.id).cmp(&(b.made, &b.id)));
        Ok(found.into_iter().map(ApiKeyNow::from).collect())
    }

    /// Revokes a key by its public id: from now on it opens nothing.
    ///
    /// # Errors
    /// No right, or no such key.
    pub fn revoke_api_key(&self, actor: &Actor, organisation: &OrgId, id: &str) -> Result<ApiKeyNow, EngineError> {
        self.rights.require(actor, Act::ManageApiKeys, &Target::of_applicant(organisation.clone()))?;
        loop {
            match self.revoke_once(actor, organisation, id) {
                // it was used meanwhile, which was noted; that must not keep it open
                Err(error) if error.is_conflict() => {}
                done => return done,
            }
        }
    }

    fn revoke_once(&self, actor: &Actor, organisation: &OrgId, id: &str) -> Result<ApiKeyNow, EngineError> {
        let mut op = Operation::by(self, actor)?;
        let mut found = None;
        rows::each_row(&*self.store, Kind::ApiKey, Some(organisation.as_str()), |row| {
            if row.key.starts_with(id) && id.len() == 16 {
                found = Some((row.key.clone(), rows::parse::<ApiKey>(&row)?));
            }
            Ok(())
        })?;
        let none = || EngineError::not_found("API key", id, Mend::by("see which there are", "datadeal api-key list"));
        let (name, Loaded { mut value, version }) = found.ok_or_else(none)?;
        if value.revoked.is_none() {
            value.revoked = Some(op.now);
            rows::guard(&mut op.item, Kind::ApiKey, &name, version);
            rows::put(&mut op.item, Kind::ApiKey, &name, Some(organisation.as_str()), &value)?;
            op.commit()?;
        }
        Ok(value.into())
    }

    /// Who acts with a key; none if it opens nothing: unknown, revoked or past its term.
    ///
    /// # Errors
    /// Its person is blocked, or the store cannot be read.
    pub fn actor_with_key(&self, secret: &str) -> Result<Option<Actor>, EngineError> {
        let Some(digest) = digest(secret) else { return Ok(None) };
        let (view, name, now) = (self.view()?, digest.to_string(), self.clock.now());
        let Some(row) = self.known::<ApiKey>(&view, Kind::ApiKey, &name)? else { return Ok(None) };
        let key = &row.value;
        if key.revoked.is_some() || key.until.is_some_and(|until| now >= until) {
            return Ok(None);
        }
        let mut actor = self.actor_by(&view, &key.person, SignIn::ApiKey(key.id.clone()))?;
        if !key.roles.is_empty() {
            actor.roles.retain(|role| key.roles.contains(role));
        }
        if key.used.is_none_or(|used| used.plus_seconds(USED_EVERY) <= now) {
            self.used(&name, &row, now);
        }
        Ok(Some(actor))
    }

    /// Notes that a key was used. Nobody waits for it: when it is lost, or another process was faster, the next use notes it.
    fn used(&self, name: &str, row: &Loaded<ApiKey>, now: Time) {
        let Ok(mut op) = Operation::start(self) else { return };
        let value = ApiKey { used: Some(now), ..row.value.clone() };
        rows::guard(&mut op.item, Kind::ApiKey, name, row.version);
        if rows::put(&mut op.item, Kind::ApiKey, name, Some(value.organisation.as_str()), &value).is_ok() {
            drop(op.answer(()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_is_no_key() {
        let secret = [7; 32];
        let bytes: Vec<u8> = secret.iter().chain(Digest::of(&secret).as_bytes().iter().take(4)).copied().collect();
        let text = format!("{PREFIX}{}", bs58::encode(bytes).into_string());
        assert!(digest(&text).is_some());
        for wrong in
            [text.replacen("dd_", "dD_", 1), format!("{text}1"), text.chars().take(20).collect(), String::new()]
        {
            assert_eq!(digest(&wrong), None, "{wrong}");
        }
    }
}
