//! What others know of evidence: registers that are asked for facts, and status lists that are fetched. The network is an argument.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::conditions::facts;
use crate::engine::operation::{Operation, Pending};
use crate::engine::rows::{self, Loaded};
use crate::engine::state::Organisation;
use crate::engine::{Engine, EngineError, Field};
use crate::evidence::{Exhibit, FetchStatus, Registry, StatusCopy, StatusList};
use crate::model::record::{Evidence, EvidenceKind, KeyUse};
use crate::model::{Digest, OrgId, Time};
use crate::net::Client;
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

/// A list that could not be fetched is tried again after so many seconds.
const TRY_AGAIN: i64 = 60;

/// How many lists are fetched at once.
const AT_ONCE: usize = 8;

impl FetchStatus for Client {
    fn fetch(&self, address: &str) -> Result<Vec<u8>, String> {
        self.fetch_now(address).map_err(|e| e.to_string())
    }
}

impl Engine {
    /// Asks a register about an organisation. Each fact that it knows and that a register can verify becomes evidence, signed by the keeper
    /// of the register if this portal holds its key, else by the operator; what is on file already with most of its time is left.
    ///
    /// # Errors
    /// No right, an organisation or register that is not there, values that are no facts of the schema, or no key for evidence.
    pub fn look_up(
        &self,
        actor: &Actor,
        organisation: &OrgId,
        registry: &dyn Registry,
    ) -> Result<Pending<Vec<Digest>>, EngineError> {
        self.rights.require(actor, Act::LookUp, &Target::of_applicant(organisation.clone()))?;
        let mut op = Operation::by(self, actor)?;
        self.organisation(&op.view, organisation)?;
        let known = registry.look_up(organisation)?.ok_or_else(|| {
            EngineError::not_found("organisation in the register", organisation, "compare the number with the register")
        })?;
        let schema = self.schema()?;
        facts::check(&schema, &known).map_err(EngineError::Facts)?;
        let half = i64::from(registry.valid_days()) * 43_200;
        let until = op.now.plus_seconds(2 * half);
        let issuer = match op.key(registry.keeper(), KeyUse::Evidence) {
            Ok(_) => registry.keeper().clone(),
            Err(EngineError::NoKey { .. }) => self.portal.operator.clone(),
            Err(other) => return Err(other),
        };
        let on_file = self.exhibits_of(&op.view, organisation)?;
        let fresh =
            |exhibit: &Exhibit| exhibit.kind() == EvidenceKind::Registry && op.now.plus_seconds(half) < exhibit.until();
        let fresh: Vec<_> = on_file.iter().filter(|e| fresh(e)).flat_map(|e| e.statements(&schema)).collect();
        let mut made = Vec::new();
        for (fact, value) in known {
            let can = |info: &crate::conditions::FactInfo| info.verified_by.iter().any(|k| k == "registry");
            let there = fresh.iter().any(|s| s.fact == fact && *s.value == value);
            if there || !schema.facts().get(&fact).is_some_and(can) {
                continue;
            }
            let subject = Evidence {
                organisation: organisation.clone(),
                fact,
                value,
                kind: EvidenceKind::Registry,
                from: op.now,
                until,
                reason: None,
                actor: None,
                decision: None,
            };
            made.push(self.put_evidence(&mut op, &issuer, &subject)?);
        }
        op.answer(made)
    }

    /// Fetches the status lists whose copies are no longer fresh, some at once; gives how many came. A list that cannot be fetched
    /// or read leaves the status of its credentials unknown. Copies of lists that no evidence on file names are dropped.
    ///
    /// # Errors
    /// The store cannot be read or written; never that a list did not come.
    pub fn refresh_status_lists(&self, source: &dyn FetchStatus) -> Result<usize, EngineError> {
        let now = self.clock.now();
        let mut due = rows::all_loaded::<StatusCopy>(&*self.store, Kind::StatusCopy, None)?;
        due.retain(|copy| is_due(&copy.value, now));
        if due.is_empty() {
            return Ok(0);
        }
        let named = self.lists_named()?;
        let (due, unnamed): (Vec<_>, Vec<_>) = due.into_iter().partition(|copy| named.contains(&copy.value.address));
        for Loaded { value: StatusCopy { address, .. }, version } in unnamed {
            let mut op = Operation::start(self)?;
            op.item = std::mem::take(&mut op.item).guard(Kind::StatusCopy, address.as_str(), version);
            op.item = std::mem::take(&mut op.item).delete(Kind::StatusCopy, address);
            match op.commit() {
                // evidence that names it came meanwhile
                Err(error) if error.is_conflict() => {}
                done => drop(done?),
            }
        }
        self.refresh_all(due, source)
    }

    /// The same for the lists that a document names, soon after it was handed in.
    ///
    /// # Errors
    /// As [`Engine::refresh_status_lists`]; or it is no evidence.
    pub fn look_up_statuses(&self, document: &Value, source: &dyn FetchStatus) -> Result<(), EngineError> {
        let mut copies = Vec::new();
        for place in self.exhibit_of(Field::Document, document, self.clock.now())?.places() {
            copies.extend(rows::load::<StatusCopy>(&*self.store, Kind::StatusCopy, &place.address)?);
        }
        self.refresh_all(copies, source).map(drop)
    }

    /// Each by one of a few threads: one that is slow holds up nobody else.
    fn refresh_all(&self, copies: Vec<Loaded<StatusCopy>>, source: &dyn FetchStatus) -> Result<usize, EngineError> {
        let threads = copies.len().min(AT_ONCE);
        let left = Mutex::new(copies);
        let next = || left.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let work = || {
            let mut came = 0;
            while let Some(Loaded { value, version }) = next() {
                came += usize::from(self.refresh(value, version, source)?);
            }
            Ok(came)
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let ended = |_| EngineError::state("a thread that fetched status lists ended early", "try again");
            threads.into_iter().map(|thread| thread.join().map_err(ended)?).sum()
        })
    }

    /// The addresses of the lists that evidence on file names.
    fn lists_named(&self) -> Result<BTreeSet<String>, EngineError> {
        let (view, mut named) = (self.view()?, BTreeSet::new());
        for organisation in rows::all::<Organisation>(&*self.store, Kind::Organisation, None)? {
            for exhibit in self.exhibits_of(&view, &organisation.id)?.iter() {
                named.extend(exhibit.places().iter().map(|place| place.address.clone()));
            }
        }
        Ok(named)
    }

    fn refresh(&self, mut copy: StatusCopy, version: u64, source: &dyn FetchStatus) -> Result<bool, EngineError> {
        let now = self.clock.now();
        if !is_due(&copy, now) {
            return Ok(false);
        }
        copy.tried = now;
        let text = source.fetch(&copy.address).and_then(|bytes| String::from_utf8(bytes).map_err(|e| e.to_string()));
        let fetched = text.and_then(|text| {
            let new = StatusCopy { fetched: Some(now), text, failed: None, ..copy.clone() };
            StatusList::read(&new).map(|_| new).ok_or_else(|| "it is no status list".to_owned())
        });
        let came = fetched.is_ok();
        let copy = fetched.unwrap_or_else(|why| StatusCopy { failed: Some(why), ..copy });
        let mut op = Operation::start(self)?;
        rows::guard(&mut op.item, Kind::StatusCopy, &copy.address, version);
        rows::put(&mut op.item, Kind::StatusCopy, &copy.address, None, &copy)?;
        match op.commit() {
            // another process fetched it meanwhile
            Err(error) if error.is_conflict() => Ok(false),
            done => done.map(|_| came),
        }
    }

    /// Notes the lists that a credential names, so that they are fetched; only of issuers that the trust list knows, since anybody can
    /// write an address.
    pub(in crate::engine) fn note_lists(&self, op: &mut Operation<'_>, exhibit: &Exhibit) -> Result<(), EngineError> {
        if exhibit.places().is_empty() || !exhibit.by_a_trusted_issuer(self.trust_list()?.as_deref()) {
            return Ok(());
        }
        for place in exhibit.places() {
            if place.address.is_empty() {
                continue;
            }
            let address = place.address.clone();
            let (copy, version) = match rows::load::<StatusCopy>(&*self.store, Kind::StatusCopy, &address)? {
                // written again as it is, so that it is not dropped meanwhile as one that nothing names
                Some(Loaded { value, version }) => (value, version),
                None => {
                    let (tried, text) = (Time::EPOCH, String::new());
                    (StatusCopy { address, tried, fetched: None, text, failed: None }, 0)
                }
            };
            rows::guard(&mut op.item, Kind::StatusCopy, &copy.address, version);
            rows::put(&mut op.item, Kind::StatusCopy, &copy.address, None, &copy)?;
        }
        Ok(())
    }
}

/// Whether a list is fetched now: while it is still fresh, so that it never lapses between two rounds; a while after it did not come.
fn is_due(copy: &StatusCopy, now: Time) -> bool {
    let soon = now.plus_seconds(TRY_AGAIN * 10);
    let fresh = StatusList::read(copy).is_some_and(|list| list.fresh(now) && list.fresh(soon));
    !(fresh || copy.failed.is_some() && now < copy.tried.plus_seconds(TRY_AGAIN))
}
