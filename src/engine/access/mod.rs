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
mod judge;
mod record;
mod seal;
mod server;
mod token;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

use super::life::DealNow;
use super::operation::{Operation, Pending};
use super::state::{self, DatasetNow, Loaded};
use super::{Engine, EngineError};
use crate::model::access::line::{Attributes, Body, Configuration, DatasetRef, DealRef, Information, Policies};
use crate::model::access::{Asked, Call, Line, Reason, Verdict};
use crate::model::record::Deal;
use crate::model::trace::Trace;
use crate::model::{Digest, OrgId, Time};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;
use judge::{Held, judge};

pub use record::AccessPage;
pub use seal::Kept;
pub use server::{Forward, Forwarded};
pub use token::{NewToken, TokenIssued};

/// How many deals are kept as they were read. A record never changes, so what is kept is right for good.
const MAX_DEALS: usize = 16_384;

/// Records of deals, by digest.
#[derive(Debug, Default)]
pub(super) struct Deals(Mutex<HashMap<Digest, Arc<Deal>>>);

/// A call being decided: what it has looked at so far.
struct Deciding<'e> {
    engine: &'e Engine,
    op: Operation<'e>,
    /// About whose data may be asked; none: it was settled otherwise.
    owners: Option<BTreeSet<OrgId>>,
    deals: BTreeMap<String, DealRef>,
    datasets: BTreeMap<String, DatasetRef>,
}

impl Engine {
    /// Answers a data server, and records that it did.
    ///
    /// # Errors
    /// No right to ask at all, or to ask a single question about the data of this owner; a store that cannot be read. In all of
    /// these nothing is recorded, and nothing is answered. A conflict from the pending answer: ask again.
    pub fn access(&self, actor: &Actor, call: &Call, trace: Trace) -> Result<Pending<Value>, EngineError> {
        let own = Target::of_owner(actor.organisation.clone());
        self.rights.require(actor, Act::AskAccess, &own)?;
        let mut deciding = Deciding::start(self, Some(BTreeSet::from([actor.organisation.clone()])))?;
        let response = call.respond(|asked| match deciding.answer(asked)? {
            // the whole call, when it is all that was asked
            Verdict::Forbidden if call.semantic.is_none() => {
                let target = deciding.target(asked)?;
                self.rights.require(actor, Act::AskAccess, &target)?;
                Ok(Verdict::Forbidden)
            }
            verdict => Ok::<_, EngineError>(verdict),
        })?;
        let trace = trace.within(call.traceparent.as_deref());
        deciding.record(call, response.clone(), trace, actor.person.as_str())?.answer(response)
    }

    /// A deal as its record says.
    fn deal_said(&self, row: &DealNow) -> Result<Arc<Deal>, EngineError> {
        let deals = || self.deals.0.lock().unwrap_or_else(PoisonError::into_inner);
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
}

impl<'e> Deciding<'e> {
    fn start(engine: &'e Engine, owners: Option<BTreeSet<OrgId>>) -> Result<Self, EngineError> {
        let op = Operation::start(engine)?;
        Ok(Deciding { engine, op, owners, deals: BTreeMap::new(), datasets: BTreeMap::new() })
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
        let DatasetNow { dataset, version, record } = dataset;
        let read = DatasetRef { id: dataset.id.clone(), version, record: record.digest };
        self.datasets.insert(dataset.id.to_string(), read);
        if self.owners.as_ref().is_some_and(|owners| !owners.contains(&dataset.owner)) {
            return Ok(Verdict::Forbidden);
        }
        let mut held = Vec::new();
        let mut versions = HashMap::new();
        let parent = state::deal_of(organisation, &dataset.id);
        for id in state::all::<crate::model::Urn>(&*self.engine.store, Kind::DealOf, Some(&parent))? {
            if asked.deal.is_some_and(|only| only != id) {
                continue;
            }
            let Loaded { value: row, version } = self.engine.deal(&id)?;
            let deal = self.engine.deal_said(&row)?;
            let state = row.state(self.now(), &deal);
            let read = DealRef { id, digest: row.deal.digest, records: row.records().map(|r| r.digest).collect() };
            self.deals.insert(id.to_string(), read);
            versions.insert(id, version);
            held.push(Held { id, deal, state });
        }
        let verdict = judge(asked, &dataset, &held, self.now());
        if let Verdict::Permit { deal, .. } = &verdict
            && let Some(version) = versions.get(deal)
        {
            state::guard(&mut self.op.item, Kind::Deal, &deal.to_string(), *version);
        }
        Ok(verdict)
    }

    /// Adds the record of the call.
    fn record(
        mut self,
        call: &Call,
        response: Value,
        trace: Trace,
        caller: &str,
    ) -> Result<Operation<'e>, EngineError> {
        let log = self.engine.log.reader().head()?.map_or(0, |head| head.size);
        let attributes = Attributes {
            policies: Policies { deals: self.deals.into_values().collect() },
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
        let body = Body { request: call.request.clone(), response };
        let line = Line::new(self.op.now, trace, call.event, body, attributes, resource);
        self.engine.append(&mut self.op, &line)?;
        Ok(self.op)
    }
}
