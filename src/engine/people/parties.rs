//! Organisations and their keys.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::engine::known::View;
use crate::engine::operation::{New, Operation};
use crate::engine::rows::{self, Loaded};
use crate::engine::state::{Key, Organisation};
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::record::{Authority, Holder, KeyStatement, KeyUse, RecordType, Reference};
use crate::model::{DidKey, OrgId};
use crate::rights::{Act, Actor, Target};
use crate::sign::{SigningKey, possession};
use crate::store::Kind;

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
        rows::guard(&mut op.item, Kind::Organisation, id.as_str(), 0);
        rows::put(
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
        rows::all(&*self.store, Kind::Organisation, None)
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
        self.page(Kind::Organisation, None, after, limit, |row| Ok(Some(rows::parse::<Organisation>(row)?.value)))
    }

    pub(in crate::engine) fn organisation(&self, view: &View, id: &OrgId) -> Result<Organisation, EngineError> {
        let found = self.known::<Organisation>(view, Kind::Organisation, id.as_str())?;
        let none = || EngineError::not_found("organisation", id, Mend::by("add it", "datadeal org add"));
        Ok(found.ok_or_else(none)?.value.clone())
    }

    /// The keys of an organisation, with the versions of their rows.
    pub(in crate::engine) fn keys_of(&self, view: &View, id: &OrgId) -> Result<Arc<Vec<Loaded<Key>>>, EngineError> {
        self.known_list(view, Kind::Key, id.as_str(), || rows::all_loaded(&*self.store, Kind::Key, Some(id.as_str())))
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
        let own_keys = rows::all::<Key>(&*self.store, Kind::Key, Some(organisation.as_str()))?;
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
        rows::guard(&mut op.item, Kind::Key, &name, 0);
        rows::put(&mut op.item, Kind::Key, &name, Some(organisation.as_str()), &row)?;
        for mut old in own_keys.into_iter().filter(|k| revokes.contains(&k.key)) {
            old.revoked = true;
            rows::put(&mut op.item, Kind::Key, &old.key.to_string(), Some(organisation.as_str()), &old)?;
        }
        if let Some(key) = &made {
            // before the statement: a key file without a statement is of no use to anyone, a statement without its key would be a loss
            self.keys.keep(key)?;
        }
        op.commit()?;
        Ok(row)
    }

    /// Rows are keyed by digests, which say nothing: in the order in which their records were logged.
    pub(in crate::engine) fn in_log_order<T>(
        &self,
        rows: Vec<T>,
        record: impl Fn(&T) -> Reference,
    ) -> Result<Vec<T>, EngineError> {
        let placed = |row: T| Ok((self.store.leaf_of(&record(&row).id.to_string())?.map(|leaf| leaf.index), row));
        let mut placed = rows.into_iter().map(placed).collect::<Result<Vec<_>, EngineError>>()?;
        placed.sort_by_key(|(index, _)| *index);
        Ok(placed.into_iter().map(|(_, row)| row).collect())
    }

    /// The keys of an organisation, or of all, the oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn key_list(&self, organisation: Option<&OrgId>) -> Result<Vec<Key>, EngineError> {
        let found: Vec<Key> = rows::all(&*self.store, Kind::Key, organisation.map(OrgId::as_str))?;
        self.in_log_order(found, |k| k.statement)
    }

    /// The authority of a person who acts for its own organisation.
    pub(in crate::engine) fn own_authority(actor: &Actor) -> Authority {
        Authority::Register(format!("acts for {}, as its organisation stated to the portal", actor.organisation))
    }
}
