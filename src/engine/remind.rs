//! Reminders: a deal that nears its end, an obligation that is due soon or overdue. Each is told once, as part of monitoring.

use super::life::{DealNow, DealState};
use super::operation::Operation;
use super::{Engine, EngineError};
use crate::model::event::{Event, EventType};
use crate::model::record::Deal;
use crate::model::{Time, term};

/// How long before its end a deal is said to end, in days.
const ENDING_DAYS: i64 = 62;
/// How long before its date an obligation is said to be due, in days.
const DUE_DAYS: i64 = 7;
/// How long after its end the obligations of a deal are still looked at, in days.
const AFTER_DAYS: i64 = 366;

impl Engine {
    /// Tells what is near, or past, and was not told before.
    pub(super) fn remind(&self, row: &DealNow, deal: &Deal, now: Time) -> Result<(), EngineError> {
        if row.acceptance.is_none() || deal.term.until.plus_seconds(AFTER_DAYS * 86_400) < now {
            return Ok(());
        }
        let day = |until: Time| term::local_day(until.plus_seconds(-1)).to_string();
        let soon = |at: Time, days: i64| now < at && at <= now.plus_seconds(days * 86_400);
        let mut events: Vec<Event> = Vec::new();
        if row.state(now, deal) == DealState::Active && row.successor.is_none() && soon(deal.term.until, ENDING_DAYS) {
            events.push(row.event(EventType::DealEnding).day(day(deal.term.until)));
        }
        for o in self.obligations_of(row, now)?.into_iter().filter(|o| o.met.is_none()) {
            let Some(due) = o.due else { continue };
            let kind = match due {
                due if due <= now => EventType::ObligationOverdue,
                due if soon(due, DUE_DAYS) => EventType::ObligationDue,
                _ => continue,
            };
            let event = row.event(kind).state(o.id).day(day(due));
            // two deliveries of one day give one date
            if !events.contains(&event) {
                events.push(event);
            }
        }
        if events.is_empty() {
            return Ok(());
        }
        let mut op = Operation::start(self)?;
        events.iter().try_for_each(|event| op.tell_once(event))?;
        if op.item.writes.is_empty() {
            return Ok(());
        }
        op.commit().map(|_| ())
    }
}
