//! One operation: the clock read once, records signed, rows guarded and written, one commit. Nothing is answered before it is durable.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use serde::Serialize;

use super::known::View;
use super::rows::{self, Loaded};
use super::state::Made;
use super::{Engine, EngineError};
use crate::log::{LogFault, LogItem, Receipt, Ticket};
use crate::model::entry::Entry;
use crate::model::record::{CredentialStatus, Draft, Holder, Issuer, KeyUse, RecordType, Reference};
use crate::model::{DidKey, Document, OrgId, Salt, Time, Urn};
use crate::rights::{Actor, Once, Seen};
use crate::sign::{SigningKey, proof};
use crate::store::{Guard, Item, Kind, Record};

/// What blinds the log entry of a record.
#[derive(Debug, Clone, Copy)]
pub(super) enum About<'a> {
    /// A public document: its own id, no salt.
    Itself,
    /// A public document about another one: the id of that, no salt.
    Public(&'a Urn),
    /// A case: id and salt of its request.
    Case(&'a Urn, &'a Salt),
}

/// A record to be signed.
#[derive(Debug)]
pub(super) struct New<'a, S> {
    pub(super) kind: RecordType,
    /// The use of the key that signs it.
    pub(super) key_use: KeyUse,
    /// Its id; a fresh one if none.
    pub(super) id: Option<Urn>,
    /// Who issues it.
    pub(super) issuer: &'a OrgId,
    /// The issuer's own key, where the service holds none.
    pub(super) key: Option<&'a SigningKey>,
    /// Private documents have a salt.
    pub(super) salt: Option<Salt>,
    pub(super) about: About<'a>,
    /// What it is listed under in the store.
    pub(super) listed: Option<String>,
    pub(super) valid_until: Option<Time>,
    pub(super) status: &'a [CredentialStatus],
    pub(super) subject: &'a S,
}

impl<'a, S> New<'a, S> {
    /// A public record of an organisation whose key the service holds.
    pub(super) fn public(kind: RecordType, issuer: &'a OrgId, subject: &'a S) -> Self {
        New {
            kind,
            key_use: kind.key_use(),
            id: None,
            issuer,
            key: None,
            salt: None,
            about: About::Itself,
            listed: None,
            valid_until: None,
            status: &[],
            subject,
        }
    }
}

/// An operation under way.
#[derive(Debug)]
pub(super) struct Operation<'e> {
    engine: &'e Engine,
    /// The one instant of the operation.
    pub(super) now: Time,
    /// What it takes as known.
    pub(super) view: View,
    pub(super) item: Item,
    entries: Vec<Entry>,
    /// For which organisation somebody acts; none: the portal itself.
    pub(super) by: Option<OrgId>,
    /// Of a call that has its effect once.
    once: Option<Once>,
    /// What the caller saw of what it acts on.
    pub(super) seen: Option<Seen>,
    /// The ids of what it makes, for the one who repeats the call.
    made: Vec<Urn>,
}

impl<'e> Operation<'e> {
    /// As [`Operation::start`], by somebody: under an idempotency key it is written once, and its row says what was made.
    pub(super) fn by(engine: &'e Engine, actor: &Actor) -> Result<Self, EngineError> {
        let by = Some(actor.organisation.clone());
        Ok(Operation { by, once: actor.once, seen: actor.seen, ..Self::start(engine)? })
    }

    /// Says what it makes: what an answer can be rebuilt from.
    pub(super) fn made(&mut self, id: Urn) {
        self.made.push(id);
    }

    /// Reads the clock; refuses when it jumped ahead, or is behind the newest record.
    pub(super) fn start(engine: &'e Engine) -> Result<Self, EngineError> {
        let newest = engine.store.head()?.map(|head| head.newest);
        let (now, view) = (engine.watch.now(&*engine.clock, newest)?, engine.view()?);
        let (item, entries, made) = (Item::default(), Vec::new(), Vec::new());
        Ok(Operation { engine, now, view, item, entries, by: None, once: None, seen: None, made })
    }

    /// Whose it is.
    pub(super) fn engine(&self) -> &'e Engine {
        self.engine
    }

    /// A fresh id that sorts by time.
    pub(super) fn id(&self) -> Result<Urn, EngineError> {
        Ok(Urn::new(self.engine.random.uuid_v7(self.now)?))
    }

    /// Signs a record; it is written with the operation.
    pub(super) fn sign<S: Serialize>(&mut self, new: New<'_, S>) -> Result<Reference, EngineError> {
        let (held, issuer) = self.issuer(new.issuer, new.key_use, new.key.map(SigningKey::public))?;
        let key = new.key.or(held.as_deref()).ok_or_else(|| no_key(new.issuer, new.key_use))?;
        self.sign_as(new, key, issuer)
    }

    /// Signs a document that is kept as a row, not as a record: evidence, which is not logged.
    pub(super) fn sign_document<S: Serialize>(&mut self, new: New<'_, S>) -> Result<Document, EngineError> {
        let (held, issuer) = self.issuer(new.issuer, new.key_use, new.key.map(SigningKey::public))?;
        let key = new.key.or(held.as_deref()).ok_or_else(|| no_key(new.issuer, new.key_use))?;
        let id = self.id()?;
        self.document(&new, id, key, issuer)
    }

    fn document<S: Serialize>(
        &self,
        new: &New<'_, S>,
        id: Urn,
        key: &SigningKey,
        issuer: Issuer,
    ) -> Result<Document, EngineError> {
        let draft = Draft {
            kind: new.kind,
            id,
            issuer,
            valid_from: self.now,
            valid_until: new.valid_until,
            salt: new.salt,
            notice: self.engine.portal().notice.as_deref(),
            status: new.status,
            subject: new.subject,
        };
        Ok(proof::sign(&draft, key, self.now)?)
    }

    /// Signs a record with a key that is not looked up: the first key of an organisation states itself.
    pub(super) fn sign_as<S: Serialize>(
        &mut self,
        new: New<'_, S>,
        key: &SigningKey,
        issuer: Issuer,
    ) -> Result<Reference, EngineError> {
        let id = match new.id {
            Some(id) => id,
            None => self.id()?,
        };
        let document = self.document(&new, id, key, issuer)?;
        self.keep(new, id, document, self.now)
    }

    /// Takes in a record that was signed elsewhere, at an instant before this operation, with a key of the issuer.
    pub(super) fn add<S: Serialize>(
        &mut self,
        new: New<'_, S>,
        id: Urn,
        (by, at): (&Issuer, Time),
        document: Document,
    ) -> Result<Reference, EngineError> {
        let (_, issuer) = self.issuer(new.issuer, new.key_use, Some(by.id))?;
        if issuer != *by {
            return Err(no_key(new.issuer, new.key_use));
        }
        self.keep(new, id, document, at)
    }

    fn keep<S: Serialize>(
        &mut self,
        new: New<'_, S>,
        id: Urn,
        document: Document,
        at: Time,
    ) -> Result<Reference, EngineError> {
        let digest = document.digest();
        if let Some(kind) = new.kind.entry() {
            let own = id.to_string();
            let entry_id = Urn::new(self.engine.random.uuid_v4()?);
            let entry = match new.about {
                About::Itself => Entry::new(kind, entry_id, &own, None, digest, at),
                About::Public(other) => Entry::new(kind, entry_id, &other.to_string(), None, digest, at),
                About::Case(case, salt) => Entry::new(kind, entry_id, &case.to_string(), Some(salt), digest, at),
            };
            self.entries.push(entry);
            let record = Record { digest, id: own, kind, about: new.listed, bytes: document.into_bytes() };
            self.item = std::mem::take(&mut self.item).record(record);
        }
        Ok(Reference { id, digest })
    }

    /// The key that the service holds of an organisation for a use.
    pub(super) fn key(
        &mut self,
        organisation: &OrgId,
        key_use: KeyUse,
    ) -> Result<(std::sync::Arc<SigningKey>, Issuer), EngineError> {
        let (held, issuer) = self.issuer(organisation, key_use, None)?;
        Ok((held.ok_or_else(|| no_key(organisation, key_use))?, issuer))
    }

    /// The key and issuer of an organisation for a use. The key's row is guarded: a key revoked meanwhile signs nothing.
    fn issuer(
        &mut self,
        organisation: &OrgId,
        key_use: KeyUse,
        given: Option<DidKey>,
    ) -> Result<(Option<std::sync::Arc<SigningKey>>, Issuer), EngineError> {
        for Loaded { value: key, version } in self.engine.keys_of(&self.view, organisation)?.iter() {
            let fits = !key.revoked && key.uses.contains(&key_use) && given.is_none_or(|g| g == key.key);
            if !fits {
                continue;
            }
            // for a key that its organisation holds no file is looked for
            let held = given.is_none() && key.held_by == Holder::Service;
            let private = if held { self.engine.keys.find(&key.key)? } else { None };
            if given.is_none() && private.is_none() {
                continue;
            }
            rows::guard(&mut self.item, Kind::Key, &key.key.to_string(), *version);
            let (legal_name, register_number) = (key.name.clone(), key.organisation.clone());
            return Ok((private, Issuer { id: key.key, legal_name, register_number }));
        }
        Err(no_key(organisation, key_use))
    }

    /// Writes everything, and waits until it is durable.
    pub(super) fn commit(self) -> Result<Receipt, EngineError> {
        Ok(self.submit()?.wait()?)
    }

    /// Hands everything to the log; what is told is told once it is durable.
    pub(super) fn answer<T>(self, told: T) -> Result<Pending<T>, EngineError> {
        Ok(Pending { ticket: self.submit()?, told: Some(told) })
    }

    fn submit(mut self) -> Result<Ticket, EngineError> {
        if let Some(Once { key, asked }) = self.once {
            let (key, row) = (key.to_string(), Made { asked, made: std::mem::take(&mut self.made), at: self.now });
            // two at once: one of them finds the row of the other, and answers as that one did. It comes first: a guard that fails is
            // named, and whatever else the first call changed is no conflict of the second
            self.item.guards.insert(0, Guard { kind: Kind::Idempotency, key: key.clone(), version: 0 });
            rows::put(&mut self.item, Kind::Idempotency, &key, Some(&rows::minute(row.over())), &row)?;
        }
        Ok(self.engine.log.submit(LogItem { item: self.item, entries: self.entries, now: self.now })?)
    }
}

/// An answer that may be given once what it says is durable. Wait for it with [`wait`](Pending::wait) on a thread, or with
/// `.await` in a task, so that no thread is held while the disk is written. Dropping it withdraws nothing.
#[derive(Debug)]
#[must_use = "an operation is durable only when its answer is there"]
pub struct Pending<T> {
    ticket: Ticket,
    /// `None` once it was told.
    told: Option<T>,
}

impl<T> Pending<T> {
    /// Waits on this thread. Not inside a task: use `.await` there.
    ///
    /// # Errors
    /// As the log answers: a conflict, a full or stopped log, a store that cannot be written.
    pub fn wait(self) -> Result<T, EngineError> {
        self.ticket.wait()?;
        self.told.ok_or(EngineError::Log(LogFault::Ended))
    }
}

impl<T: Unpin> Future for Pending<T> {
    type Output = Result<T, EngineError>;
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        ready!(Pin::new(&mut self.ticket).poll(context))?;
        Poll::Ready(self.told.take().ok_or(EngineError::Log(LogFault::Ended)))
    }
}

fn no_key(organisation: &OrgId, key_use: KeyUse) -> EngineError {
    EngineError::NoKey { organisation: organisation.to_string(), key_use: key_use.as_str() }
}
