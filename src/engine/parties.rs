//! Organisations, persons, keys and mandates.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::known::View;
use super::operation::{New, Operation};
use super::state::{self, Key, Loaded, MandateNow, Organisation, Person};
use super::{Engine, EngineError, Field, Mend};
use crate::model::condition::Bilingual;
use crate::model::record::{
    Authority, Holder, KeyStatement, KeyUse, Mandate, PersonSide, Power, RecordType, Reference,
};
use crate::model::{DidKey, Digest, Iri, Name, OrgId, Time, json};
use crate::rights::{Act, Actor, Role, Target};
use crate::sign::{SigningKey, possession};
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

/// Where a new private key goes.
#[derive(Debug)]
pub enum KeyPlace<'a> {
    /// The service makes it and keeps it.
    Service,
    /// The organisation holds it; it is given here only to prove possession.
    Own(&'a SigningKey),
}

/// A key to be stated.
#[derive(Debug)]
pub struct NewKey<'a> {
    /// Whose key.
    pub organisation: &'a OrgId,
    /// Where the private key goes.
    pub place: KeyPlace<'a>,
    /// What it may sign.
    pub uses: BTreeSet<KeyUse>,
    /// How the register number was checked, in words; a first key and a recovery need it.
    pub checked: Option<String>,
    /// Keys of the organisation that end with this statement.
    pub revokes: BTreeSet<DidKey>,
    /// True after a loss: the operator states the key.
    pub recovery: bool,
}

/// A mandate to be given.
#[derive(Debug, Clone)]
pub struct NewMandate {
    /// In whose name.
    pub body: Bilingual,
    /// To whom, by short name.
    pub person: Name,
    /// What it allows.
    pub powers: BTreeSet<Power>,
    /// For which datasets; none: all of the giver's.
    pub datasets: BTreeSet<Iri>,
    /// From this instant; now if none.
    pub from: Option<Time>,
    /// Before this instant.
    pub until: Time,
    /// Where it is published.
    pub published: Option<String>,
}

impl Engine {
    /// Adds an organisation.
    ///
    /// # Errors
    /// No right, or it is there already.
    pub fn add_organisation(&self, actor: &Actor, id: &OrgId, name: &str) -> Result<(), EngineError> {
        self.rights.require(actor, Act::AddOrganisation, &Target::default())?;
        if name.trim().is_empty() {
            return Err(EngineError::input(Field::Name, "is empty", "give the legal name as the register has it"));
        }
        if self.store.row(Kind::Organisation, id.as_str())?.is_some() {
            return Err(EngineError::Exists { what: "organisation", name: id.to_string() });
        }
        let mut op = Operation::by(self, actor)?;
        state::guard(&mut op.item, Kind::Organisation, id.as_str(), 0);
        state::put(
            &mut op.item,
            Kind::Organisation,
            id.as_str(),
            None,
            &Organisation { id: id.clone(), name: name.to_owned(), checked: None },
        )?;
        op.commit().map(|_| ())
    }

    /// Every organisation.
    ///
    /// # Errors
    /// No right, or the store cannot be read.
    pub fn organisations(&self, actor: &Actor) -> Result<Vec<Organisation>, EngineError> {
        self.rights.require(actor, Act::ListOrganisations, &Target::default())?;
        state::all(&*self.store, Kind::Organisation, None)
    }

    /// The same page by page, by register and number.
    ///
    /// # Errors
    /// As [`Engine::organisations`].
    pub fn organisations_after(
        &self,
        actor: &Actor,
        after: Option<&OrgId>,
        limit: usize,
    ) -> Result<(Vec<Organisation>, Option<OrgId>), EngineError> {
        self.rights.require(actor, Act::ListOrganisations, &Target::default())?;
        self.page(Kind::Organisation, None, after, limit, |row| Ok(Some(state::parse::<Organisation>(row)?.value)))
    }

    pub(super) fn organisation(&self, view: &View, id: &OrgId) -> Result<Organisation, EngineError> {
        let found = self.known::<Organisation>(view, Kind::Organisation, id.as_str())?;
        let none = || EngineError::not_found("organisation", id, Mend::by("add it", "datadeal org add"));
        Ok(found.ok_or_else(none)?.value.clone())
    }

    /// The keys of an organisation, with the versions of their rows.
    pub(super) fn keys_of(&self, view: &View, id: &OrgId) -> Result<Arc<Vec<Loaded<Key>>>, EngineError> {
        self.known_list(view, Kind::Key, id.as_str(), || state::all_loaded(&*self.store, Kind::Key, Some(id.as_str())))
    }

    /// Adds a person who acts for an organisation.
    ///
    /// # Errors
    /// No right, no such organisation, or the short name is taken.
    pub fn add_person(&self, actor: &Actor, new: &NewPerson) -> Result<(), EngineError> {
        let target = Target::of_applicant(new.organisation.clone());
        let colleague = self.rights.require(actor, Act::AddColleague, &target).is_ok()
            && !new.roles.contains(&Role::Operator)
            && !new.roles.contains(&Role::Auditor);
        if !colleague {
            self.rights.require(actor, Act::AddPerson, &target)?;
        }
        self.organisation(&self.view()?, &new.organisation)?;
        if self.store.row(Kind::Person, new.person.as_str())?.is_some() {
            return Err(EngineError::Exists { what: "person", name: new.person.to_string() });
        }
        let mut op = Operation::by(self, actor)?;
        self.put_person(&mut op, new)?;
        op.commit().map(|_| ())
    }

    pub(super) fn put_person(&self, op: &mut Operation<'_>, new: &NewPerson) -> Result<(), EngineError> {
        let side = PersonSide {
            kind: "Person".to_owned(),
            salt: self.random.salt()?,
            name: new.name.clone(),
            function: new.function.clone(),
            organisation: new.organisation.clone(),
        };
        let digest = Digest::of_document(&json::to_value(&side, "person")?);
        let person = Person {
            person: new.person.clone(),
            organisation: new.organisation.clone(),
            function: new.function.clone(),
            roles: new.roles.clone(),
            side: digest,
            binds: None,
        };
        state::put(&mut op.item, Kind::Side, &digest.to_string(), Some(new.person.as_str()), &side)?;
        state::guard(&mut op.item, Kind::Person, new.person.as_str(), 0);
        state::put(&mut op.item, Kind::Person, new.person.as_str(), Some(new.organisation.as_str()), &person)
    }

    /// States on what authority a person binds its organisation: an entry in the register, a mandate by its board. Acceptances name it.
    ///
    /// # Errors
    /// No right, no such person, or no authority given.
    pub fn authorise(&self, actor: &Actor, person: &Name, authority: &str) -> Result<(), EngineError> {
        let Loaded { value: mut row, version } = state::load::<Person>(&*self.store, Kind::Person, person.as_str())?
            .ok_or_else(|| {
                EngineError::not_found("person", person, Mend::by("see who there is", "datadeal person list"))
            })?;
        let target = Target::of_applicant(row.organisation.clone());
        let colleague = self.rights.require(actor, Act::AddColleague, &target);
        colleague.or_else(|_| self.rights.require(actor, Act::AddPerson, &target))?;
        if authority.trim().is_empty() {
            let help = "name the register entry or the mandate, for instance \"director, extract of 2026-11-20\"";
            return Err(EngineError::input(Field::Authority, "is empty", help));
        }
        let mut op = Operation::by(self, actor)?;
        row.binds = Some(authority.to_owned());
        state::guard(&mut op.item, Kind::Person, person.as_str(), version);
        state::put(&mut op.item, Kind::Person, person.as_str(), Some(row.organisation.as_str()), &row)?;
        op.commit().map(|_| ())
    }

    /// On what authority a person binds its organisation.
    pub(super) fn authority_to_bind(&self, view: &View, actor: &Actor) -> Result<String, EngineError> {
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

    /// Every person.
    ///
    /// # Errors
    /// No right, or the store cannot be read.
    pub fn persons(&self, actor: &Actor) -> Result<Vec<Person>, EngineError> {
        self.rights.require(actor, Act::ListOrganisations, &Target::default())?;
        state::all(&*self.store, Kind::Person, None)
    }

    /// States a key of an organisation. Its first key, and a key after a loss (`recovery`), is stated by the operator, who says how the
    /// register number was checked; a later one by the organisation's own key for `keys`. `revokes` end with this statement.
    ///
    /// # Errors
    /// No right, no key to state it with, or a key to be revoked that is not one.
    pub fn state_key(&self, actor: &Actor, new: &NewKey<'_>) -> Result<Key, EngineError> {
        self.state_key_with(actor, new, None)
    }

    /// As [`Engine::state_key`]; a later key is stated with `signer`, where the organisation itself holds its key for `keys`.
    ///
    /// # Errors
    /// As [`Engine::state_key`].
    pub fn state_key_with(
        &self,
        actor: &Actor,
        new: &NewKey<'_>,
        signer: Option<&SigningKey>,
    ) -> Result<Key, EngineError> {
        let NewKey { organisation, place, uses, checked, revokes, recovery } = new;
        let (organisation, recovery) = (*organisation, *recovery);
        let target = Target::of_both(organisation.clone(), organisation.clone());
        let known = self.organisation(&self.view()?, organisation)?;
        let own_keys = state::all::<Key>(&*self.store, Kind::Key, Some(organisation.as_str()))?;
        let later = !recovery && own_keys.iter().any(|k| !k.revoked && k.uses.contains(&KeyUse::Keys));
        let act = match (later, recovery) {
            (true, _) => Act::RotateKey,
            (false, true) => Act::RecoverKey,
            (false, false) => Act::StateKey,
        };
        // an operator rotates its own key by the same right that lets it state keys
        self.rights.require(actor, act, &target).or_else(|e| {
            if later && actor.organisation == *organisation {
                self.rights.require(actor, Act::StateKey, &target)
            } else {
                Err(e)
            }
        })?;
        if uses.is_empty() {
            return Err(EngineError::input(
                Field::Use,
                "names nothing",
                "say what the key may sign, for instance acceptances",
            ));
        }
        if !later && checked.is_none() {
            return Err(EngineError::input(
                Field::Checked,
                "is missing",
                "say how the register number was checked, for instance \"extract of 2026-11-20 seen\"",
            ));
        }
        if let Some(unknown) = revokes.iter().find(|r| !own_keys.iter().any(|k| k.key == **r && !k.revoked)) {
            return Err(EngineError::not_found(
                "key",
                unknown,
                Mend::by("see the keys of the organisation", "datadeal key list"),
            ));
        }
        let issuer = if later { organisation } else { &self.portal.operator };
        let made = match place {
            KeyPlace::Own(_) => None,
            KeyPlace::Service => {
                let mut seed = [0; 32];
                self.random.fill(&mut seed)?;
                Some(SigningKey::from_seed(seed))
            }
        };
        let (private, held_by) = match (place, &made) {
            (KeyPlace::Own(key), _) => (*key, Holder::Own),
            (KeyPlace::Service, Some(key)) => (key, Holder::Service),
            (KeyPlace::Service, None) => return Err(EngineError::state("no key was made", "try again")),
        };
        let mut op = Operation::by(self, actor)?;
        let mut statement = KeyStatement {
            organisation: organisation.clone(),
            name: known.name.clone(),
            key: private.public(),
            uses: uses.clone(),
            held_by,
            checked: checked.clone(),
            possession: String::new(),
            revokes: revokes.clone(),
            recovery,
            log: None,
        };
        statement.possession = possession::prove(private, &statement)?;
        let listed = Some(organisation.to_string());
        // the old key may still sign the statement that ends it
        let key = signer.filter(|_| later);
        let reference = op.sign(New { listed, key, ..New::public(RecordType::KeyStatement, issuer, &statement) })?;
        let row = Key {
            key: private.public(),
            organisation: organisation.clone(),
            name: known.name,
            uses: uses.clone(),
            held_by,
            statement: reference,
            revoked: false,
        };
        let name = row.key.to_string();
        state::guard(&mut op.item, Kind::Key, &name, 0);
        state::put(&mut op.item, Kind::Key, &name, Some(organisation.as_str()), &row)?;
        for mut old in own_keys.into_iter().filter(|k| revokes.contains(&k.key)) {
            old.revoked = true;
            state::put(&mut op.item, Kind::Key, &old.key.to_string(), Some(organisation.as_str()), &old)?;
        }
        if let Some(key) = &made {
            // before the statement: a key file without a statement is of no use to anyone, a statement without its key would be a loss
            self.keys.keep(key)?;
        }
        op.commit()?;
        Ok(row)
    }

    /// Rows are keyed by digests, which say nothing: in the order in which their records were logged.
    fn in_log_order<T>(&self, rows: Vec<T>, record: impl Fn(&T) -> Reference) -> Result<Vec<T>, EngineError> {
        let placed = |row: T| Ok((self.store.leaf_of(&record(&row).digest)?.map(|leaf| leaf.index), row));
        let mut placed = rows.into_iter().map(placed).collect::<Result<Vec<_>, EngineError>>()?;
        placed.sort_by_key(|(index, _)| *index);
        Ok(placed.into_iter().map(|(_, row)| row).collect())
    }

    /// The keys of an organisation, or of all, the oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn key_list(&self, organisation: Option<&OrgId>) -> Result<Vec<Key>, EngineError> {
        let found: Vec<Key> = state::all(&*self.store, Kind::Key, organisation.map(OrgId::as_str))?;
        self.in_log_order(found, |k| k.statement)
    }

    /// Gives a mandate: who may decide, or give one named approval, in whose name.
    ///
    /// # Errors
    /// No right, no such person, an approval that is not in the schema, or a term that is empty.
    pub fn give_mandate(&self, actor: &Actor, giver: &OrgId, new: &NewMandate) -> Result<MandateNow, EngineError> {
        self.rights.require(actor, Act::GiveMandate, &Target::of_owner(giver.clone()))?;
        let person = self.person(&self.view()?, &new.person)?;
        for id in &new.datasets {
            let dataset = self.dataset(id.as_str())?.dataset;
            if dataset.owner != *giver {
                return Err(EngineError::input(
                    Field::MandateDataset,
                    format!("`{}` is of {}, not of {giver}", dataset.slug, dataset.owner),
                    "an owner gives mandates for its own datasets",
                ));
            }
        }
        let mut op = Operation::by(self, actor)?;
        let mut guards = Vec::new();
        let schema = self.schema_in_force(&op.view, &mut guards, op.now)?;
        for power in &new.powers {
            if let Power::Approve(name) = power
                && !schema.list("Approval").is_some_and(|l| l.contains_key(name))
            {
                return Err(EngineError::not_found(
                    "approval",
                    name,
                    Mend::by("see which the schema has", "datadeal schema show"),
                ));
            }
        }
        let from = new.from.unwrap_or(op.now);
        if new.powers.is_empty() || from >= new.until {
            return Err(EngineError::input(
                Field::Mandate,
                "allows nothing, or ends before it begins",
                "name what it allows, and an end after its beginning",
            ));
        }
        let mandate = Mandate {
            body: new.body.clone(),
            giver: giver.clone(),
            organisation: person.organisation,
            person: person.side,
            function: person.function,
            powers: new.powers.clone(),
            datasets: new.datasets.clone(),
            from,
            until: new.until,
            published: new.published.clone(),
        };
        let record = op.sign(New {
            listed: Some(giver.to_string()),
            valid_until: Some(new.until),
            ..New::public(RecordType::Mandate, giver, &mandate)
        })?;
        let row = MandateNow { record, mandate, person: new.person.clone() };
        state::put(&mut op.item, Kind::Mandate, &record.digest.to_string(), Some(giver.as_str()), &row)?;
        op.item.guards.extend(guards);
        op.commit()?;
        Ok(row)
    }

    /// The mandates that an owner gave, the oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn mandates(&self, giver: Option<&OrgId>) -> Result<Vec<MandateNow>, EngineError> {
        let found: Vec<MandateNow> = state::all(&*self.store, Kind::Mandate, giver.map(OrgId::as_str))?;
        self.in_log_order(found, |m| m.record)
    }

    pub(super) fn mandates_of(&self, view: &View, giver: &OrgId) -> Result<Arc<Vec<MandateNow>>, EngineError> {
        self.known_list(view, Kind::Mandate, giver.as_str(), || self.mandates(Some(giver)))
    }

    /// The mandate of a person for a power on a dataset now.
    pub(super) fn mandate_for(
        &self,
        view: &View,
        actor: &Actor,
        giver: &OrgId,
        dataset: &Iri,
        power: &Power,
        now: Time,
    ) -> Result<Option<Reference>, EngineError> {
        let fits =
            |m: &MandateNow| m.person == actor.person && m.mandate.powers.contains(power) && m.covers(dataset, now);
        let given = self.mandates_of(view, giver)?;
        Ok(given.iter().find(|m| fits(m)).map(|m| m.record))
    }

    /// The authority of a person who acts for its own organisation.
    pub(super) fn own_authority(actor: &Actor) -> Authority {
        Authority::Register(format!("acts for {}, as its organisation stated to the portal", actor.organisation))
    }
}
