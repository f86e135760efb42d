//! Deals as they are told: where they stand, who may see them, and their rows.

use serde::Serialize;
use utoipa::ToSchema;

use super::life::{DealNow, DealState};
use crate::engine::operation::Operation;
use crate::engine::rows::{self, Loaded};
use crate::engine::state::Case;
use crate::engine::{Engine, EngineError, Mend};
use crate::model::decision::Outcome;
use crate::model::record::{Deal, Record, RecordType};
use crate::model::{Time, Urn};
use crate::rights::{Act, Actor};
use crate::store::Kind;

/// A deal, its record and where it stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DealTold {
    /// The deal's id.
    pub id: Urn,
    /// Where it stands now.
    pub state: DealState,
    /// What it says.
    pub deal: Deal,
    /// The request of its case.
    pub request: Urn,
    /// The deal whose place it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<Urn>,
    /// The deal that was offered to follow it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successor: Option<Urn>,
    /// The answer of today about it, if it is another than the permit on which it was concluded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Outcome>,
    /// Its revocation is announced: until when the reuser can give its view.
    #[serde(rename = "viewUntil", skip_serializing_if = "Option::is_none")]
    pub view_until: Option<Time>,
}

impl DealTold {
    pub(in crate::engine) fn new(row: &DealNow, deal: Deal, now: Time) -> Self {
        let state = row.state(now, &deal);
        DealTold {
            id: row.id,
            state,
            request: row.case,
            supersedes: row.supersedes,
            successor: row.successor.map(|s| s.deal.id),
            answer: Some(row.answer()).filter(|a| *a != Outcome::Permit),
            view_until: row.intention().filter(|_| state.lives()).and_then(|i| i.view_until),
            deal,
        }
    }
}

impl Engine {
    /// A deal and where it stands.
    ///
    /// # Errors
    /// No right, or no such deal.
    pub fn deal_now(&self, actor: &Actor, deal: &Urn) -> Result<DealTold, EngineError> {
        let row = self.readable(actor, deal)?;
        self.tell(row)
    }

    /// A deal that a person may read.
    pub(in crate::engine) fn readable(&self, actor: &Actor, deal: &Urn) -> Result<DealNow, EngineError> {
        let row = self.deal(deal)?.value;
        self.rights.require(actor, Act::ReadDeal, &row.target())?;
        Ok(row)
    }

    /// The deals that a person may see.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn deals(&self, actor: &Actor) -> Result<Vec<DealTold>, EngineError> {
        let mut out = Vec::new();
        for row in rows::all::<DealNow>(&*self.store, Kind::Deal, None)? {
            if self.rights.require(actor, Act::ReadDeal, &row.target()).is_ok() {
                out.push(self.tell(row)?);
            }
        }
        Ok(out)
    }

    pub(in crate::engine) fn tell(&self, row: DealNow) -> Result<DealTold, EngineError> {
        let deal = self.deal_record(&row)?.subject;
        Ok(DealTold::new(&row, deal, self.clock.now()))
    }

    pub(in crate::engine) fn deal(&self, deal: &Urn) -> Result<Loaded<DealNow>, EngineError> {
        let found = rows::load::<DealNow>(&*self.store, Kind::Deal, &deal.to_string())?;
        found.ok_or_else(|| EngineError::not_found("deal", deal, Mend::by("see what there is", "datadeal deal list")))
    }

    /// Every deal of a case that counts: the one that its request has, those before it, and one that was offered to follow.
    pub(in crate::engine) fn deals_of(&self, case: &Case) -> Result<Vec<DealNow>, EngineError> {
        let mut deals: Vec<DealNow> = Vec::new();
        let mut next = case.deal;
        while let Some(id) = next {
            let row = self.deal(&id)?.value;
            next = row.supersedes;
            deals.push(row);
        }
        let successor = deals.first().and_then(|d| d.successor);
        if let Some(successor) = successor {
            deals.insert(0, self.deal(&successor.deal.id)?.value);
        }
        Ok(deals)
    }

    pub(in crate::engine) fn deal_record(&self, row: &DealNow) -> Result<Record<Deal>, EngineError> {
        self.record::<Deal>(&row.deal, RecordType::Deal)
    }

    pub(in crate::engine) fn state_of(&self, row: &DealNow, now: Time) -> Result<DealState, EngineError> {
        Ok(row.state(now, &self.deal_record(row)?.subject))
    }

    pub(in crate::engine) fn save_deal(
        &self,
        op: &mut Operation<'_>,
        row: &DealNow,
        version: u64,
    ) -> Result<(), EngineError> {
        self.as_seen(op, &row.id, &row.case, version)?;
        let key = row.id.to_string();
        rows::guard(&mut op.item, Kind::Deal, &key, version);
        rows::put(&mut op.item, Kind::Deal, &key, Some(row.owner.as_str()), row)
    }
}
