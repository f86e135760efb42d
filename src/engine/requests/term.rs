//! The legal term of a request or of an objection to its decision: how it is found, and what moves it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::operation::{About, New, Operation, Pending};
use crate::engine::rows::{self, Loaded};
use crate::engine::state::{Case, CaseObjection, How, Moved};
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::condition::Bilingual;
use crate::model::event::EventType;
use crate::model::record::{Authority, Holder, RecordType, Reference, TermAction, TermChanged};
use crate::model::term::{Change, Event, Step, Sum, SuspensionKind, Term, TermFault, local_day, sum};
use crate::model::{Day, Time, Urn};
use crate::rights::{Act, Actor};

/// A term as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TermNow {
    /// The sum, line by line.
    pub steps: Vec<Step>,
    /// The last day; while the term stands still each day moves it.
    pub last_day: Day,
    /// Set while it stands still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stands_still: Option<StandsStill>,
    /// True if it was extended, which can be done once.
    pub extended: bool,
    /// True if the last day has passed and nothing was decided. It never changes the decision.
    pub overdue: bool,
    /// What follows when it has.
    pub late: Bilingual,
}

/// Why a term stands still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StandsStill {
    /// Why.
    pub kind: SuspensionKind,
    /// Since this day.
    pub since: Day,
    /// Until this day at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// What was asked, or why.
    pub reason: String,
}

/// What a person does to a term.
#[derive(Debug, Clone, Copy)]
enum Move {
    Suspend(SuspensionKind, Option<Day>),
    Resume,
    Extend,
}

impl Engine {
    /// Lets the term stand still. Who is asked something may be given a last day for it: `kind` [`SuspensionKind::Completion`] asks the
    /// applicant to complete its request, and `reason` says what is missing.
    ///
    /// # Errors
    /// No right, no mandate of the owner, the person's own organisation, no reason, a term that has passed or stands still already, a kind
    /// that the regime does not know, or a day that is not after today.
    pub fn suspend_term(
        &self,
        actor: &Actor,
        request: &Urn,
        kind: SuspensionKind,
        until: Option<Day>,
        reason: &str,
    ) -> Result<Pending<TermNow>, EngineError> {
        self.change_term(actor, request, Move::Suspend(kind, until), reason)
    }

    /// Lets a term that stands still go on.
    ///
    /// # Errors
    /// As [`Engine::suspend_term`]; and a term that runs.
    pub fn resume_term(&self, actor: &Actor, request: &Urn, reason: &str) -> Result<Pending<TermNow>, EngineError> {
        self.change_term(actor, request, Move::Resume, reason)
    }

    /// Extends a term, once, as long as it has not passed.
    ///
    /// # Errors
    /// As [`Engine::suspend_term`]; and a term that was extended before, or has passed.
    pub fn extend_term(&self, actor: &Actor, request: &Urn, reason: &str) -> Result<Pending<TermNow>, EngineError> {
        self.change_term(actor, request, Move::Extend, reason)
    }

    /// The term of a request, or of the objection that is still to be decided on.
    ///
    /// # Errors
    /// No right, or no such request.
    pub fn term_now(&self, actor: &Actor, request: &Urn) -> Result<TermNow, EngineError> {
        let (view, case) = (self.view()?, self.case(request)?.value);
        self.rights.require(actor, Act::ReadCase, &self.read_target(&view, actor, &case)?)?;
        self.term_of(&case, self.received(&case.request)?.received_at, self.clock.now())
    }

    /// As [`Engine::term_now`], of a case that was read. What has ended has its last day, and is never overdue.
    pub(in crate::engine) fn term_of(&self, case: &Case, received: Time, now: Time) -> Result<TermNow, EngineError> {
        self.term_told(case, received, now, || self.asked(case, received))
    }

    /// As [`Engine::term_of`], where the record that says why it stands still is not written yet.
    fn term_told(
        &self,
        case: &Case,
        received: Time,
        now: Time,
        asked: impl FnOnce() -> Result<String, EngineError>,
    ) -> Result<TermNow, EngineError> {
        let now = case.ended.filter(|_| !case.waits()).unwrap_or(now);
        let sum = self.sum(case, received, now)?;
        let waits = case.waits();
        let stands_still = match sum.standing.filter(|_| waits) {
            Some((kind, since, until)) => {
                let reason = asked()?;
                Some(StandsStill { kind, since: since.into(), until: until.map(Day::from), reason })
            }
            None => None,
        };
        Ok(TermNow {
            overdue: waits && stands_still.is_none() && local_day(now) > sum.last_day,
            stands_still,
            last_day: sum.last_day.into(),
            steps: sum.steps,
            extended: sum.extended,
            late: self.running(case, received)?.0.late.clone(),
        })
    }

    /// What was asked, or why, when the term that runs last began to stand still.
    fn asked(&self, case: &Case, received: Time) -> Result<String, EngineError> {
        let (.., moved) = self.running(case, received)?;
        let Some(last) = moved.iter().rfind(|m| matches!(m.how, How::Suspended(..))) else { return Ok(String::new()) };
        Ok(self.record::<TermChanged>(&last.record, RecordType::Term)?.subject.reason)
    }

    /// The sum of the term that runs: of the open objection, or of the request.
    pub(in crate::engine) fn sum(&self, case: &Case, received: Time, now: Time) -> Result<Sum, EngineError> {
        let (term, start, moved) = self.running(case, received)?;
        let events: Vec<Event> = moved.iter().map(event).collect();
        sum(start.date(), &term.law, term.length, &events, local_day(now)).map_err(fault)
    }

    /// The term that runs, the day after which it counts, and what moved it.
    fn running<'c>(&self, case: &'c Case, received: Time) -> Result<(&Term, Day, &'c [Moved]), EngineError> {
        let (regime, start, moved) = match case.objected() {
            Some(CaseObjection { start, moved, .. }) => ("objection", *start, moved),
            None => (case.regime.as_str(), local_day(received).into(), &case.moved),
        };
        Ok((self.legal_term(regime, start)?, start, moved))
    }

    /// The term of a regime for what counts from a day.
    pub(in crate::engine) fn legal_term(&self, regime: &str, start: Day) -> Result<&Term, EngineError> {
        self.terms.of(regime, start.date()).ok_or_else(|| {
            EngineError::state(
                format!("no legal term is known under `{regime}` on {start}"),
                "give the day on which it was received",
            )
        })
    }

    fn change_term(
        &self,
        actor: &Actor,
        request: &Urn,
        step: Move,
        reason: &str,
    ) -> Result<Pending<TermNow>, EngineError> {
        let Loaded { value: mut case, version } = self.case(request)?;
        self.rights.require(actor, Act::ChangeTerm, &case.target())?;
        self.not_own(actor, &case)?;
        if !case.waits() {
            return Err(EngineError::state(
                "the request has ended, so no term runs",
                Mend::by("see how", format!("datadeal request show {request}")),
            ));
        }
        if reason.trim().is_empty() {
            return Err(EngineError::input(Field::Reason, "is empty", "who moves a term says why"));
        }
        let mut op = Operation::by(self, actor)?;
        let mandate = self.any_mandate(&mut op, actor, &case)?;
        let received = self.received(&case.request)?.received_at;
        let how = self.how(&case, received, step, op.now)?;
        let objection = case.objected().map(|o| o.record);
        let mut subject = TermChanged {
            request: case.request,
            objection,
            action: TermAction::Resume,
            kind: None,
            law: None,
            length: None,
            until: None,
            last_day: None,
            reason: reason.to_owned(),
            actor: self.acting(&op.view, actor, Authority::Mandate(mandate.digest), Holder::Service)?,
        };
        match &how {
            How::Suspended(kind, law, until) => {
                (subject.action, subject.kind) = (TermAction::Suspend, Some(*kind));
                (subject.law, subject.until) = (Some(law.clone()), *until);
            }
            How::Extended(law, length) => {
                (subject.action, subject.law) = (TermAction::Extend, Some(law.clone()));
                subject.length = Some(*length);
            }
            How::Resumed | How::Completed => {}
        }
        // the last day does not hang on what the record is called, so it is known before that is signed
        let placeholder = Moved { record: case.request, at: op.now, how: how.clone() };
        let changed = self.sum(&with(&case, placeholder), received, op.now)?;
        subject.last_day = changed.standing.is_none().then(|| changed.last_day.into());
        let (owner, id, salt) = (case.owner.clone(), case.id, case.salt);
        let record = op.sign(New {
            salt: Some(self.random.salt()?),
            about: About::Case(&id, &salt),
            listed: Some(id.to_string()),
            ..New::public(RecordType::Term, &owner, &subject)
        })?;
        op.made(record.id);
        case = with(&case, Moved { record, at: op.now, how });
        let told = self.term_told(&case, received, op.now, || Ok(subject.reason.clone()))?;
        op.tell(&match (&told.stands_still, subject.until) {
            (Some(StandsStill { kind: SuspensionKind::Completion, .. }), Some(until)) => {
                case.event(EventType::RequestCompletionAsked).day(until.to_string())
            }
            _ => case.event(EventType::RequestTermChanged).day(told.last_day.to_string()),
        })?;
        self.save(&mut op, &case, version)?;
        op.answer(told)
    }

    /// What a step does to a term, by the provision of its regime.
    fn how(&self, case: &Case, received: Time, step: Move, now: Time) -> Result<How, EngineError> {
        let (term, ..) = self.running(case, received)?;
        match step {
            Move::Suspend(kind, until) => {
                let law = term.suspensions.get(&kind).ok_or_else(|| {
                    EngineError::state(
                        format!("under {} a term does not stand still for that", term.law),
                        "for what it does stands in that law",
                    )
                })?;
                if until.is_some_and(|day| day.date() <= local_day(now)) {
                    return Err(EngineError::input(Field::Until, "is not after today", "give a later day"));
                }
                if kind == SuspensionKind::Completion && until.is_none() {
                    return Err(EngineError::input(
                        Field::Until,
                        "is missing",
                        "who is asked to complete a request is given a last day for it",
                    ));
                }
                Ok(How::Suspended(kind, law.clone(), until))
            }
            Move::Resume => Ok(How::Resumed),
            Move::Extend => Ok(How::Extended(term.extension.law.clone(), term.extension.length)),
        }
    }

    /// A mandate of the owner for these data, whatever its power.
    fn any_mandate(&self, op: &mut Operation<'_>, actor: &Actor, case: &Case) -> Result<Reference, EngineError> {
        self.mandate_for(op, actor, &case.owner, &case.dataset, None)?.ok_or_else(|| {
            EngineError::state(
                format!("the owner gave `{}` no mandate for these data", actor.person),
                Mend::by("an owner gives one", "datadeal mandate add"),
            )
        })
    }

    /// Saves a case that begins or ends to wait for a decision, with its place in the owner's work list.
    pub(in crate::engine) fn save_waiting(
        &self,
        op: &mut Operation<'_>,
        case: &Case,
        version: u64,
    ) -> Result<(), EngineError> {
        let key = case.id.to_string();
        if case.waits() {
            rows::put(&mut op.item, crate::store::Kind::Open, &key, Some(case.owner.as_str()), &case.id)?;
        } else if version > 0 {
            op.item = std::mem::take(&mut op.item).delete(crate::store::Kind::Open, key);
        }
        Self::note_end(op, case)?;
        self.save(op, case, version)
    }
}

/// A case of which one thing more moved its term.
fn with(case: &Case, moved: Moved) -> Case {
    let mut case = case.clone();
    case.moved_mut().push(moved);
    case
}

fn event(moved: &Moved) -> Event {
    let record = moved.record.digest;
    let change = match &moved.how {
        How::Completed => Change::Complete,
        How::Resumed => Change::Resume,
        How::Suspended(kind, law, until) => {
            Change::Suspend { record, law: law.clone(), kind: *kind, until: until.map(Day::date) }
        }
        How::Extended(law, length) => Change::Extend { record, law: law.clone(), length: *length },
    };
    Event { day: local_day(moved.at), change }
}

fn fault(fault: TermFault) -> EngineError {
    EngineError::state(fault.to_string(), Mend::by("see the term", "datadeal request show"))
}
