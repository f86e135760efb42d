//! A portal for stories, and how the people of a story come to it: organisations, keys, persons, mandates, trust, evidence.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::StoryError;
use super::format::{KeyHolder, Organisation, Person, Proof, Story};
use crate::clock::{Clock, FixedClock, Random, SeededRandom};
use crate::conditions::cases::Cases;
use crate::conditions::library::{self, Example};
use crate::engine::{DataDir, Engine, Init, KeyPlace, NewConfirmation, NewKey, NewMandate, NewPerson, NewSet, rows};
use crate::model::condition::{Bilingual, Level};
use crate::model::dataset::Dataset;
use crate::model::record::{Draft, Evidence, Issuer, KeyUse, Power, RecordType, Trusted};
use crate::model::{Name, OrgId, Time, Urn, json};
use crate::rights::{Actor, Role};
use crate::sign::{SigningKey, proof};
use crate::store::Kind;

/// Said on every record of a story.
pub const NOTICE: &str = "Example, not an act of the body named. Voorbeeld, geen handeling van het genoemde orgaan.";

/// The operator of the portal, by the test prefix of the OIN.
const OPERATOR: &str = "NL.OIN:00000099000000010000";
/// How long mandates and trust last, in seconds.
const FIVE_YEARS: i64 = 5 * 365 * 86_400;

/// A portal for stories.
#[derive(Debug)]
pub struct Stage {
    pub(super) engine: Engine,
    /// Set from step to step; none where the real time counts.
    clock: Option<Arc<FixedClock>>,
    random: Arc<dyn Random>,
    /// Private keys that organisations hold themselves.
    held: BTreeMap<OrgId, SigningKey>,
    operator: Actor,
}

/// The cast of one story: its short names, and what they stand for on the portal.
#[derive(Debug)]
pub(super) struct Cast {
    pub(super) dataset: Dataset,
    organisations: BTreeMap<Name, OrgId>,
    persons: BTreeMap<Name, (Name, OrgId)>,
}

impl Cast {
    pub(super) fn organisation(&self, short: &Name) -> Result<&OrgId, StoryError> {
        self.organisations
            .get(short)
            .ok_or_else(|| StoryError::Unknown { what: "an organisation", name: short.to_string() })
    }

    fn person(&self, short: &Name) -> Result<&Name, StoryError> {
        let found = self.persons.get(short);
        found.map(|(name, _)| name).ok_or_else(|| StoryError::Unknown { what: "a person", name: short.to_string() })
    }
}

impl Stage {
    /// A new portal in a directory that holds none. The same `from` and the same stories give the same records.
    ///
    /// # Errors
    /// The directory cannot be written.
    pub fn new(dir: &DataDir, from: Time) -> Result<Self, StoryError> {
        let clock = Arc::new(FixedClock::new(from));
        let random = Arc::new(SeededRandom::not_for_production(*b"the stories of datadeal, seed 01"));
        Ok(Stage { clock: Some(Arc::clone(&clock)), ..Self::with(dir, clock, random)? })
    }

    /// A new portal with all that the stories begin with: who takes part, their datasets and conditions, trust and evidence. What
    /// happens is left to whoever comes.
    ///
    /// # Errors
    /// The directory cannot be written.
    pub fn cast(dir: &DataDir, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Self, StoryError> {
        let mut stage = Self::with(dir, clock, random)?;
        for example in library::examples() {
            stage.set_up(&example, &Story::read(example.story)?)?;
        }
        Ok(stage)
    }

    fn with(dir: &DataDir, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Self, StoryError> {
        let operator: OrgId = OPERATOR.parse()?;
        let person: Name = "operator".parse()?;
        let init = Init {
            operator: operator.clone(),
            name: "Voorbeeldportaal".to_owned(),
            origin: "demo.datadeal.example/log".to_owned(),
            notice: Some(NOTICE.to_owned()),
            person: NewPerson {
                person: person.clone(),
                organisation: operator,
                name: "beheerder van het portaal".to_owned(),
                function: "beheerder van het portaal".to_owned(),
                roles: BTreeSet::new(),
            },
        };
        let engine = Engine::init(dir, &init, clock, Arc::clone(&random))?;
        let operator = engine.actor(&person)?;
        Ok(Stage { engine, clock: None, random, held: BTreeMap::new(), operator })
    }

    /// Sets the clock of the story; the real time is not ours to set.
    pub(super) fn set(&self, time: Time) {
        if let Some(clock) = &self.clock {
            clock.set(time);
        }
    }

    /// Every private key that an organisation holds itself.
    pub fn all_held(&self) -> impl Iterator<Item = (&OrgId, &SigningKey)> {
        self.held.iter()
    }

    /// The portal, when its people are there, and the private keys that organisations hold themselves.
    #[must_use]
    pub fn into_parts(self) -> (Engine, BTreeMap<OrgId, SigningKey>) {
        (self.engine, self.held)
    }

    /// The portal.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The operator of the portal: it may read and bundle every case.
    #[must_use]
    pub fn operator(&self) -> &Actor {
        &self.operator
    }

    /// A private key that an organisation holds itself; none if the portal holds it.
    #[must_use]
    pub fn held(&self, organisation: &OrgId) -> Option<&SigningKey> {
        self.held.get(organisation)
    }

    pub(super) fn actor(&self, cast: &Cast, short: &Name) -> Result<Actor, StoryError> {
        Ok(self.engine.actor(cast.person(short)?)?)
    }

    /// Brings the people of a story to the portal, and publishes the dataset with its conditions.
    pub(super) fn set_up(&mut self, example: &Example, story: &Story) -> Result<Cast, StoryError> {
        if self.engine.now() < story.from {
            self.set(story.from);
        }
        let dataset: Dataset = json::read(example.dataset.as_bytes(), "dataset.json")?;
        let mut cast = Cast { dataset, organisations: BTreeMap::new(), persons: BTreeMap::new() };
        for organisation in &story.organisations {
            cast.organisations.insert(organisation.short.clone(), organisation.id.clone());
            self.join(organisation, organisation.id == cast.dataset.owner)?;
        }
        self.engine.add_datasets(&self.operator, std::slice::from_ref(&cast.dataset))?;
        for person in &story.persons {
            self.appear(&mut cast, person)?;
        }
        if let Some(policy) = example.policy {
            self.publish(&cast, example, policy)?;
        }
        for person in story.persons.iter().filter(|p| !p.may.is_empty()) {
            self.appoint(&cast, person)?;
        }
        self.trust(story)?;
        for proof in &story.evidence {
            self.prove(&cast, proof)?;
        }
        Ok(cast)
    }

    /// An organisation with a key, unless it is known from an earlier story.
    fn join(&mut self, organisation: &Organisation, owner: bool) -> Result<(), StoryError> {
        if self.engine.organisations(&self.operator)?.iter().any(|known| known.id == organisation.id) {
            return Ok(());
        }
        self.engine.add_organisation(&self.operator, &organisation.id, &organisation.name)?;
        let mut uses = if owner {
            BTreeSet::from([KeyUse::Keys, KeyUse::Conditions, KeyUse::Deals, KeyUse::Mandates, KeyUse::Status])
        } else {
            BTreeSet::from([KeyUse::Keys, KeyUse::Acceptances])
        };
        if owner || organisation.vouches.is_some() {
            uses.insert(KeyUse::Evidence);
        }
        let own = match organisation.key {
            KeyHolder::Service => None,
            KeyHolder::Own => {
                let mut seed = [0; 32];
                self.random.fill(&mut seed)?;
                Some(SigningKey::from_seed(seed))
            }
        };
        let new = NewKey {
            organisation: &organisation.id,
            place: own.as_ref().map_or(KeyPlace::Service, KeyPlace::Own),
            uses,
            checked: Some("testnummer: niet in een register nagekeken".to_owned()),
            revokes: BTreeSet::new(),
            recovery: false,
        };
        self.engine.state_key(&self.operator, &new)?;
        if let Some(key) = own {
            self.held.insert(organisation.id.clone(), key);
        }
        Ok(())
    }

    fn appear(&self, cast: &mut Cast, person: &Person) -> Result<(), StoryError> {
        let organisation = cast.organisation(&person.of)?.clone();
        let name: Name = format!("{}-{}", cast.dataset.slug, person.short).parse()?;
        let new = NewPerson {
            person: name.clone(),
            organisation: organisation.clone(),
            name: person.function.clone(),
            function: person.function.clone(),
            roles: person.roles.clone(),
        };
        self.engine.add_person(&self.operator, &new)?;
        if person.roles.contains(&Role::OrganisationAdmin) {
            let authority = format!("{}, zoals het voorbeeld zegt", person.function);
            self.engine.authorise(&self.operator, &name, &authority)?;
        }
        cast.persons.insert(person.short.clone(), (name, organisation));
        Ok(())
    }

    /// The first person of the owner in a role.
    fn of_owner(&self, cast: &Cast, role: Role) -> Result<Actor, StoryError> {
        for (name, _) in cast.persons.values().filter(|(_, of)| *of == cast.dataset.owner) {
            let actor = self.engine.actor(name)?;
            if actor.roles.contains(&role) {
                return Ok(actor);
            }
        }
        Err(StoryError::Unknown { what: "a person of the owner in the role", name: role.as_str().to_owned() })
    }

    fn publish(&self, cast: &Cast, example: &Example, policy: &str) -> Result<(), StoryError> {
        let cases: Cases = json::read(example.cases.as_bytes(), "cases.json")?;
        let new = NewSet {
            name: format!("examples/{}/policy.cedar", example.name),
            text: policy.to_owned(),
            cases,
            level: Level::Dataset,
            owner: None,
            dataset: Some(cast.dataset.slug.to_string()),
            from: None,
            automatic_refusals: false,
            transition: None,
            automatic_suspension: false,
        };
        self.engine.publish_conditions(&self.of_owner(cast, Role::OwnerAdmin)?, &new)?;
        Ok(())
    }

    fn appoint(&self, cast: &Cast, person: &Person) -> Result<(), StoryError> {
        let power = |name: &Name| match name.as_str() {
            "decide" => Power::Decide,
            other => Power::Approve(other.to_owned()),
        };
        let Bilingual { en, nl } = cast.dataset.competent_body.clone();
        let mandate = NewMandate {
            body: Bilingual { en, nl },
            person: cast.person(&person.short)?.clone(),
            powers: person.may.iter().map(power).collect(),
            datasets: BTreeSet::from([cast.dataset.id.clone()]),
            from: None,
            until: self.engine.now().plus_seconds(FIVE_YEARS),
            published: None,
        };
        self.engine.give_mandate(&self.of_owner(cast, Role::OwnerAdmin)?, &cast.dataset.owner, &mandate)?;
        Ok(())
    }

    /// The trust list with what the organisations of the story vouch for; published once, if anything is new.
    fn trust(&self, story: &Story) -> Result<(), StoryError> {
        let known = self.engine.trust_list()?.map(|l| l.trusted.clone()).unwrap_or_default();
        let mut changed = false;
        for organisation in &story.organisations {
            let Some(vouches) = &organisation.vouches else { continue };
            let keys = self.engine.key_list(Some(&organisation.id))?;
            let Some(key) = keys.into_iter().find(|k| k.uses.contains(&KeyUse::Evidence)) else { continue };
            let covered = |fact: &&String| {
                known
                    .iter()
                    .any(|t| t.key == key.key.into() && t.kinds.contains(&vouches.kind) && t.facts.contains(*fact))
            };
            let facts: BTreeSet<String> = vouches.facts.iter().filter(|f| !covered(f)).cloned().collect();
            if facts.is_empty() {
                continue;
            }
            let trusted = Trusted {
                key: key.key.into(),
                issuer: None,
                organisation: organisation.id.clone(),
                name: organisation.name.clone(),
                facts,
                kinds: BTreeSet::from([vouches.kind]),
                from: self.engine.now(),
                until: None,
            };
            self.engine.trust_add(&self.operator, trusted)?;
            changed = true;
        }
        if changed {
            self.engine.trust_publish(&self.operator)?;
        }
        Ok(())
    }

    /// Hands evidence over: one document for each fact.
    pub(super) fn prove(&self, cast: &Cast, given: &Proof) -> Result<(), StoryError> {
        let about = cast.organisation(&given.about)?;
        for (fact, value) in &given.facts {
            if cast.persons.contains_key(&given.by) {
                let confirmation = NewConfirmation {
                    organisation: about.clone(),
                    fact: fact.clone(),
                    value: value.clone(),
                    until: given.until,
                    reason: given.reason.clone().unwrap_or_default(),
                };
                self.engine.confirm_evidence(&self.actor(cast, &given.by)?, &confirmation)?.wait()?;
            } else {
                let document = self.document(cast, given, about, fact, value)?;
                let hands = cast.persons.values().find(|(_, of)| of == about).map(|(name, _)| name);
                let hands = hands.ok_or_else(|| StoryError::Unknown {
                    what: "a person of the organisation",
                    name: given.about.to_string(),
                })?;
                self.engine.add_evidence(&self.engine.actor(hands)?, &document)?.wait()?;
            }
        }
        Ok(())
    }

    /// A document that an organisation signs with the key that it holds itself.
    fn document(
        &self,
        cast: &Cast,
        given: &Proof,
        about: &OrgId,
        fact: &str,
        value: &Value,
    ) -> Result<Value, StoryError> {
        let unknown =
            || StoryError::Unknown { what: "an organisation with a key of its own", name: given.by.to_string() };
        let by = cast.organisation(&given.by)?;
        let key = self.held(by).ok_or_else(unknown)?;
        let stated = self.engine.key_list(Some(by))?.into_iter().find(|k| k.key == key.public()).ok_or_else(unknown)?;
        let list = self.engine.trust_list()?.map(|l| l.trusted.clone()).unwrap_or_default();
        let kind = list
            .iter()
            .find(|t| t.key == key.public().into())
            .and_then(|t| t.kinds.first().copied())
            .ok_or_else(unknown)?;
        let now = self.engine.now();
        let subject = Evidence {
            organisation: about.clone(),
            fact: fact.to_owned(),
            value: value.clone(),
            kind,
            from: now,
            until: given.until,
            reason: None,
            actor: None,
            decision: None,
        };
        let draft = Draft {
            kind: RecordType::Evidence,
            id: Urn::new(self.random.uuid_v7(now)?),
            issuer: Issuer { id: key.public(), legal_name: stated.name, register_number: by.clone() },
            valid_from: now,
            valid_until: Some(given.until),
            salt: Some(self.random.salt()?),
            notice: Some(NOTICE),
            status: &[],
            subject: &subject,
        };
        Ok(proof::sign(&draft, key, now)?.value())
    }

    /// The evidence on file for an organisation.
    pub(super) fn on_file(&self, organisation: &OrgId) -> Result<Vec<Value>, StoryError> {
        Ok(rows::all(self.engine.store(), Kind::Evidence, Some(organisation.as_str()))?)
    }
}
