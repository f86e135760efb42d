//! The obligations of a deal with their dates: computed from its clauses, from what happened, and from now.

use serde::Serialize;
use utoipa::ToSchema;

use super::events::{DealEvent, Happened};
use super::life::{DealNow, DealState};
use crate::engine::{Engine, EngineError};
use crate::model::condition::{Bilingual, DueEvent};
use crate::model::record::{Acceptance, Obligation, RecordType};
use crate::model::{Name, Time, Urn};
use crate::rights::Actor;

/// An obligation, once for each time that it falls due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ObligationNow {
    /// Its id in the deal.
    pub id: String,
    /// `promise`, `duty`, `delivery`, `fee` or `term`.
    pub kind: Name,
    /// The clause.
    pub clause: Bilingual,
    /// The delivery or incident that it follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occasion: Option<Urn>,
    /// Before this instant; none where nothing has to be done by a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Time>,
    /// When proof was given that it was met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met: Option<Time>,
    /// Whether it was met too late, or is due and not met.
    pub late: bool,
}

impl Engine {
    /// The obligations of a deal, each as often as it fell due.
    ///
    /// # Errors
    /// No right, or no such deal.
    pub fn obligations(&self, actor: &Actor, deal: &Urn) -> Result<Vec<ObligationNow>, EngineError> {
        let row = self.readable(actor, deal)?;
        self.obligations_of(&row, self.clock.now())
    }

    pub(in crate::engine) fn obligations_of(
        &self,
        row: &DealNow,
        now: Time,
    ) -> Result<Vec<ObligationNow>, EngineError> {
        let deal = self.deal_record(row)?.subject;
        let Some(acceptance) = row.acceptance else { return Ok(Vec::new()) };
        let signed = self.record::<Acceptance>(&acceptance, RecordType::Acceptance)?.valid_from;
        let ended = match row.state(now, &deal) {
            DealState::Expired => Some(deal.term.until),
            DealState::Revoked | DealState::Ended => row.revocations.last().map(|r| r.effective),
            DealState::Superseded => row.successor.and_then(|s| s.from()),
            _ => None,
        };
        let events = self.events_of(&row.id)?;
        let mut found = Vec::new();
        for o in &deal.obligations {
            match o.due.as_ref().map(|due| due.after) {
                None => found.push(told(o, None, None, &events, now)),
                Some(DueEvent::Signing) => found.push(told(o, None, Some(signed), &events, now)),
                // before the end it is not known to be due, but it is known that it will be
                Some(DueEvent::End) => found.push(told(o, None, Some(ended.unwrap_or(deal.term.until)), &events, now)),
                Some(after) => found.extend(events.iter().filter_map(|e| {
                    let at = match (&e.what, after) {
                        (Happened::Delivered(d), DueEvent::Delivery) => d.at.unwrap_or(e.at),
                        (Happened::Incident(i), DueEvent::Incident) => i.at,
                        _ => return None,
                    };
                    Some(told(o, Some(e.id), Some(at), &events, now))
                })),
            }
        }
        Ok(found)
    }
}

fn told(o: &Obligation, occasion: Option<Urn>, since: Option<Time>, events: &[DealEvent], now: Time) -> ObligationNow {
    let due = o.due.as_ref().zip(since).and_then(|(due, since)| due.by(since));
    let met = events.iter().find_map(|e| match &e.what {
        Happened::Fulfilled(f) if f.obligation == o.id && f.occasion == occasion => Some(e.at),
        _ => None,
    });
    ObligationNow {
        id: o.id.clone(),
        kind: o.kind.clone(),
        clause: o.clause.clone(),
        occasion,
        due,
        met,
        late: due.is_some_and(|due| met.unwrap_or(now) >= due),
    }
}
