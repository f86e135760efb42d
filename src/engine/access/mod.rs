//! The use of deals: may this organisation do this with this dataset and these columns now. A data server asks ([`Engine::access`]), or
//! reads a short token that the reuser brings ([`token`]); each answer is a record of the access log, durable before it is given.
//!
//! 1. What is asked is read from the deals as they are now: the rows of this reuser and dataset, by an index that never changes. A
//!    deal that a second process revoked is found revoked at the next call.
//! 2. `judge` decides, purely; a no is a value.
//! 3. The record of the call is queued with a guard on each deal that permits, and on the mark up to which the log is closed. A deal
//!    that is revoked between reading and writing makes the commit fail: the caller asks again, and nothing was answered.
//! 4. Durable; now it is answered. Dying before this leaves a record of an answer that nobody got, or nothing.

mod audit;
mod given;
mod judge;
mod record;
mod seal;
mod server;
mod token;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

use crate::engine::deals::life::DealNow;
use crate::engine::operation::{Operation, Pending};
use crate::engine::rows::{self, Loaded};
use crate::engine::state::{self, DatasetNow};
use crate::engine::{Engine, EngineError};
use crate::model::access::line::{
    Attributes, Body, Configuration, DatasetRef, DealRef, Information, ORDER, Policies, Status,
};
use crate::model::access::{Asked, Call, Event, Line, Reason, Verdict, refused};
use crate::model::record::Deal;
use crate::model::term::local_day;
use crate::model::trace::Trace;
use crate::model::{Day, Digest, OrgId, Time, Urn};
use crate::rights::{Act, Actor, Target};
use crate::store::{Index, Kind};
use judge::{Held, Taken, judge, most};

pub use record::AccessPage;
pub use seal::Kept;
pub use server::{Brought, Forward, Forwarded};
pub use token::{NewToken, TokenIssued};

/// How many deals are kept as they were read. A record never changes, so what is kept is right for good.
const MAX_DEALS: usize = 16_384;

/// What is kept between calls.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Records of deals, by digest.
    deals: Mutex<HashMap<Digest, Arc<Deal>>>,
    /// How many calls were decided: their order within a second.
    decided: AtomicU64,
}

/// An answer that was recorded, also when it is a refusal.
pub type Recorded<T> = Pending<Result<T, EngineError>>;

/// A call being decided: what it has looked at so far, each thing once.
struct Deciding<'e> {
    engine: &'e Engine,
    op: Operation<'e>,
    /// About whose data may be asked; none: it was settled otherwise.
    owners: Option<BTreeSet<OrgId>>,
    /// The deals of a reuser and dataset.
    of: BTreeMap<String, Vec<Urn>>,
    deals: BTreeMap<Urn, Looked>,
    datasets: BTreeMap<String, DatasetRef>,
    taken: Taken,
    /// What permits give, by deal and edition.
    given: BTreeMap<(Urn, Option<String>), BTreeSet<String>>,
}

/// A deal that was looked at.
struct Looked {
    row: DealNow,
    version: u64,
    deal: Arc<Deal>,
    used: Option<u64>,
    /// The events by which users are named, of users that were asked for.
    users: BTreeMap<String, Option<Urn>>,
}

impl Engine {
    /// Answers a data server, and records that it did. A single question about the data of another owner is answered by an error.
    ///
    /// # Errors
    /// A store that cannot be read: nothing is recorded, and nothing is answered. A conflict from the pending answer: ask again.
    pub fn access(&self, actor: &Actor, call: &Call, trace: Trace) -> Result<Recorded<Value>, EngineError> {
        let trace = trace.within(call.traceparent.as_deref());
        let own = Target::of_owner(actor.organisation.clone());
        if let Err(error) = self.rights.require(actor, Act::AskAccess, &own) {
            let deciding = Deciding::start(self, None)?;
            let (event, request) = (call.event, call.request.clone());
            let response = refused(403, &error.to_string());
            let op = deciding.record(event, Status::Error, request, response, trace, actor.person.as_str())?;
            return op.answer(Err(error.into()));
        }
        let mut deciding = Deciding::start(self, Some(BTreeSet::from([actor.organisation.clone()])))?;
        let mut answered = Ok(());
        let response = call.respond(|asked| {
            let verdict = deciding.answer(asked)?;
            // the whole call, when it is all that was asked
            if verdict == Verdict::Forbidden && call.semantic.is_none() {
                let target = deciding.target(asked)?;
                answered = self.rights.require(actor, Act::AskAccess, &target);
            }
            Ok::<_, EngineError>(verdict)
        })?;
        deciding.give("evaluation")?;
        let (request, said) = (call.request.clone(), response.clone());
        let op = deciding.record(call.event, Status::Ok, request, response, trace, actor.person.as_str())?;
        op.answer(answered.map(|()| said).map_err(EngineError::from))
    }

    /// Records a call of somebody known that could not be understood, and was answered by an error.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn access_unread(
        &self,
        actor: &Actor,
        event: Event,
        request: Value,
        (status, why): (u16, &str),
        trace: Trace,
    ) -> Result<Pending<()>, EngineError> {
        let deciding = Deciding::start(self, None)?;
        let response = refused(status, why);
        deciding.record(event, Status::Error, request, response, trace, actor.person.as_str())?.answer(())
    }

    /// A deal as its record says.
    fn deal_said(&self, row: &DealNow) -> Result<Arc<Deal>, EngineError> {
        let deals = || self.access.deals.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = deals().get(&row.deal.digest) {
            return Ok(Arc::clone(found));
        }
        let deal = Arc::new(self.deal_record(row)?.subject);
        let mut deals = deals();
        if deals.len() >= MAX_DEALS {
            deals.clear();
        }
        deals.insert(row.deal.digest, Arc::clone(&deal));
        Ok(deal)
    }

    /// How much of what a deal gives on the day of an instant was used.
    fn volume_used(&self, deal: &Urn, at: Time) -> Result<u64, EngineError> {
        let key = volume_key(deal, at);
        let Some(row) = self.store.row(Kind::Volume, &key)? else { return Ok(0) };
        let number = std::str::from_utf8(&row.body).ok().and_then(|text| text.parse().ok());
        number.ok_or_else(|| EngineError::Row { kind: Kind::Volume, key, why: "it is no number".to_owned() })
    }

    /// The event by which a user is named under a deal now, by the pseudonym.
    fn user_named(&self, deal: &Urn, user: &str, now: Time) -> Result<Option<Urn>, EngineError> {
        let users = self.users_of(deal, now)?.into_iter();
        Ok(users.filter(|u| u.active).find(|u| u.user.access_id.as_deref() == Some(user)).map(|u| u.id))
    }
}

/// The key of what a deal has given on the day of an instant, in Europe/Amsterdam. Older days come first.
fn volume_key(deal: &Urn, at: Time) -> String {
    format!("{} {deal}", Day::from(local_day(at)))
}

impl<'e> Deciding<'e> {
    fn start(engine: &'e Engine, owners: Option<BTreeSet<OrgId>>) -> Result<Self, EngineError> {
        Ok(Deciding {
            engine,
            op: Operation::start(engine)?,
            owners,
            of: BTreeMap::new(),
            deals: BTreeMap::new(),
            datasets: BTreeMap::new(),
            taken: Taken::default(),
            given: BTreeMap::new(),
        })
    }

    fn now(&self) -> Time {
        self.op.now
    }

    fn target(&self, asked: &Asked) -> Result<Target, EngineError> {
        let owner = match &asked.dataset {
            Some(name) => Some(self.engine.dataset_in(&self.op.view, name)?.dataset.owner),
            None => None,
        };
        Ok(Target { owner, ..Target::default() })
    }

    /// The answer to one question, with what it read kept for the record and the guards.
    fn answer(&mut self, asked: &Asked) -> Result<Verdict, EngineError> {
        if let Some(no) = judge::unreadable(asked) {
            return Ok(no);
        }
        let (Some(organisation), Some(name)) = (&asked.organisation, &asked.dataset) else {
            return Ok(Verdict::no(Reason::Subject));
        };
        let dataset = match self.engine.dataset_in(&self.op.view, name) {
            Ok(dataset) => dataset,
            Err(EngineError::NotFound { .. }) => return Ok(Verdict::no(Reason::Dataset)),
            Err(other) => return Err(other),
        };
        let DatasetNow { dataset, version, record, gone, .. } = dataset;
        let gone = gone.map(|gone| gone.record.digest);
        let read = DatasetRef { id: dataset.id.clone(), version, record: record.digest, gone };
        self.datasets.insert(dataset.id.to_string(), read);
        if self.owners.as_ref().is_some_and(|owners| !owners.contains(&dataset.owner)) {
            return Ok(Verdict::Forbidden);
        }
        let parent = state::deal_of(organisation, &dataset.id);
        let ids = match self.of.get(&parent) {
            Some(ids) => ids.clone(),
            None => self.deals_of(parent)?,
        };
        let mut held = Vec::new();
        for id in ids {
            if asked.deal.is_none_or(|only| only == id) {
                held.push(self.look(id, asked)?);
            }
        }
        let verdict = judge(asked, &dataset, gone.is_some(), &held, self.now());
        if let Verdict::Permit { deal, .. } = &verdict {
            if let Some(looked) = self.deals.get(deal) {
                rows::guard(&mut self.op.item, Kind::Deal, &deal.to_string(), looked.version);
            }
            self.taken.add(asked, &held, &verdict);
            if asked.action == "read" {
                let columns = if asked.columns.is_empty() { dataset.column_names() } else { asked.columns.clone() };
                self.given.entry((*deal, asked.edition.clone())).or_default().extend(columns);
            }
        }
        Ok(verdict)
    }

    /// The deals of a reuser on a dataset, read once in a call.
    fn deals_of(&mut self, parent: String) -> Result<Vec<Urn>, EngineError> {
        let listed = self.engine.store.listed(Index::DealOf, &parent, None, usize::MAX)?;
        let ids = listed.iter().map(|id| id.parse()).collect::<Result<Vec<Urn>, _>>()?;
        self.of.insert(parent, ids.clone());
        Ok(ids)
    }

    /// A deal as it stands, for one question.
    fn look(&mut self, id: Urn, asked: &Asked) -> Result<Held, EngineError> {
        let now = self.now();
        let mut looked = match self.deals.remove(&id) {
            Some(looked) => looked,
            None => {
                let Loaded { value: row, version } = self.engine.deal(&id)?;
                let deal = self.engine.deal_said(&row)?;
                let used = most(&deal).map(|_| self.engine.volume_used(&id, now)).transpose()?;
                Looked { row, version, deal, used, users: BTreeMap::new() }
            }
        };
        let mut named = false;
        if let Some(user) = &asked.user {
            let event = match looked.users.get(user) {
                Some(known) => *known,
                None => self.engine.user_named(&id, user, now)?,
            };
            looked.users.insert(user.clone(), event);
            named = event.is_some();
        }
        let used = looked.used.unwrap_or(0).saturating_add(self.taken.of(&id));
        let held = Held { id, deal: Arc::clone(&looked.deal), state: looked.row.state(now, &looked.deal), named, used };
        self.deals.insert(id, looked);
        Ok(held)
    }

    /// Adds the record of the call, and what it takes of the volume of the day.
    fn record(
        mut self,
        event: Event,
        status: Status,
        request: Value,
        response: Value,
        trace: Trace,
        caller: &str,
    ) -> Result<Operation<'e>, EngineError> {
        for (deal, (by, most)) in &self.taken.0 {
            let key = volume_key(deal, self.op.now);
            self.op.item = std::mem::take(&mut self.op.item).add(Kind::Volume, key, *by, *most);
        }
        let log = self.engine.log.reader().head()?.map_or(0, |head| head.size);
        let deals = self.deals.into_iter().map(|(id, looked)| DealRef {
            id,
            digest: looked.row.deal.digest,
            records: looked.row.records().map(|r| r.digest).collect(),
            used: looked.used,
            users: looked.users.into_iter().filter_map(|(user, event)| Some((user, event?))).collect(),
        });
        let attributes = Attributes {
            policies: Policies { deals: deals.collect() },
            information: Information {
                datasets: self.datasets.into_values().collect(),
                owners: self.owners.iter().flatten().map(ToString::to_string).collect(),
                log,
            },
            configuration: Configuration { datadeal: env!("CARGO_PKG_VERSION").to_owned() },
        };
        let mut resource = Map::new();
        resource.insert("service.name".to_owned(), self.engine.portal.origin.as_str().into());
        resource.insert("datadeal.caller".to_owned(), caller.into());
        resource.insert(ORDER.to_owned(), self.engine.access.decided.fetch_add(1, Ordering::Relaxed).into());
        let line = Line::new(self.op.now, trace, event, status, Body { request, response }, attributes, resource);
        self.engine.append(&mut self.op, &line)?;
        Ok(self.op)
    }
}
