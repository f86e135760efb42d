//! Reminders: a deal that nears its end, an obligation or a decision that is due soon or overdue, evidence that lapses soon. Each is told
//! once, as part of monitoring.

use super::life::{DealNow, DealState};
use crate::engine::operation::Operation;
use crate::engine::rows;
use crate::engine::state::Organisation;
use crate::engine::{Engine, EngineError};
use crate::evidence::{Measure, count};
use crate::log::LogError;
use crate::model::event::{Event, EventType};
use crate::model::input::VerifiedFact;
use crate::model::record::Deal;
use crate::model::{OrgId, Time, Urn, term};
use crate::store::Kind;

/// How long before its end a deal is said to end, in days.
const ENDING_DAYS: i64 = 62;
/// How long before its date an obligation is said to be due, in days.
const DUE_DAYS: i64 = 7;
/// How long before its last day a decision is said to be due, in days.
const DECIDE_DAYS: i64 = 7;
/// How long before it lapses evidence is said to lapse, in days.
const LAPSING_DAYS: i64 = 30;
/// How long after its end the obligations of a deal are still looked at, in days.
const AFTER_DAYS: i64 = 366;

impl Engine {
    /// Tells what is near, or past, and was not told before.
    pub(in crate::engine) fn remind(&self, row: &DealNow, deal: &Deal, now: Time) -> Result<(), EngineError> {
        if deal.term.until.plus_seconds(AFTER_DAYS * 86_400) < now {
            return Ok(());
        }
        let soon = |at: Time, days: i64| soon(at, days, now);
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
        self.tell_each_once(&events)
    }

    /// Tells the owner of each open request or objection whose last day is near, or past.
    pub(in crate::engine) fn remind_of_requests(&self, owner: Option<&OrgId>, now: Time) -> Result<(), EngineError> {
        rows::each_row(&*self.store, Kind::Open, owner.map(OrgId::as_str), |row| {
            match self.remind_of_request(&row.key.parse()?, now) {
                Err(error) if !error.stops() => tracing::warn!(%error, request = row.key, "nobody is reminded of it"),
                done => done?,
            }
            Ok(())
        })
    }

    fn remind_of_request(&self, request: &Urn, now: Time) -> Result<(), EngineError> {
        let case = self.case(request)?.value;
        let term = self.term_of(&case, self.received(&case.request)?.received_at, now)?;
        let left = term.last_day.date().signed_duration_since(term::local_day(now)).num_days();
        let kind = match left {
            _ if term.overdue => EventType::RequestOverdue,
            0..=DECIDE_DAYS if term.stands_still.is_none() => EventType::RequestDueSoon,
            _ => return Ok(()),
        };
        self.tell_each_once(&[case.event(kind).day(term.last_day.to_string())])
    }

    /// Tells each organisation of which a verified fact soon is one no more.
    pub(in crate::engine) fn remind_of_evidence(&self, now: Time) -> Result<(), EngineError> {
        let (view, schema, list, operator) = (self.view()?, self.schema()?, self.trust_list()?, &self.portal.operator);
        for organisation in rows::all::<Organisation>(&*self.store, Kind::Organisation, None)?.into_iter().map(|o| o.id)
        {
            let on_file = self.exhibits_of(&view, &organisation)?;
            if !on_file.iter().any(|exhibit| soon(exhibit.until(), LAPSING_DAYS, now)) {
                continue;
            }
            let shown = self.shown(&view, list.as_deref(), Vec::new(), on_file, now, &mut Vec::new())?;
            let (against, trust_list) = (&shown.against, list.as_deref());
            let measure = Measure { schema: &schema, trust_list, organisation: &organisation, now, against };
            let lapsing = |(fact, found): (String, VerifiedFact)| {
                let until = found.until.filter(|until| soon(*until, LAPSING_DAYS, now))?;
                let event = Event::new(EventType::EvidenceLapsing, operator.clone(), Some(organisation.clone()));
                Some(event.state(fact).day(day(until)))
            };
            let events: Vec<Event> =
                count(&measure, shown.exhibits()).verified.into_iter().filter_map(lapsing).collect();
            self.tell_each_once(&events)?;
        }
        Ok(())
    }

    /// Tells what was not told before. What another process tells meanwhile is told by that one.
    fn tell_each_once(&self, events: &[Event]) -> Result<(), EngineError> {
        if events.is_empty() {
            return Ok(());
        }
        let mut op = Operation::start(self)?;
        events.iter().try_for_each(|event| op.tell_once(event))?;
        if op.item.writes.is_empty() {
            return Ok(());
        }
        match op.commit() {
            Err(EngineError::Submit(LogError::Conflict(_))) => Ok(()),
            done => done.map(|_| ()),
        }
    }
}

/// The last whole day before an instant.
fn day(until: Time) -> String {
    term::local_day(until.plus_seconds(-1)).to_string()
}

fn soon(at: Time, days: i64, now: Time) -> bool {
    now < at && at <= now.plus_seconds(days * 86_400)
}
