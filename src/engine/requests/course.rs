//! The course of a case as it is told: what happened to a request, when, by whom in which function, and why.

use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::rows;
use crate::engine::{Engine, EngineError};
use crate::model::entry::EntryType;
use crate::model::record::{
    self, ApprovalGiven, DecisionRecord, DecisionResult, ExtraTerm, Objection, ObjectionOutcome, RecordType, Reference,
    RequestReceived, TermAction, TermChanged, read,
};
use crate::model::term::SuspensionKind;
use crate::model::{Day, Document, OrgId, Time, Urn};
use crate::rights::{Act, Actor};
use crate::store::Record as Stored;

/// Something that happened to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseEvent {
    /// When.
    pub at: Time,
    /// What.
    pub what: CaseStep,
    /// The record that says so.
    pub record: Reference,
    /// In which function somebody did it.
    pub function: String,
    /// For which organisation.
    pub organisation: OrgId,
    /// Why; of a question, what is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Which approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval: Option<String>,
    /// Terms under which it was given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<ExtraTerm>,
    /// Why the term stands still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<SuspensionKind>,
    /// The last day that was given for an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// The last day to decide from then on, where it was known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_day: Option<Day>,
    /// How the request ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<DecisionResult>,
    /// How the objection ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<ObjectionOutcome>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CaseStep {
    /// The request was received.
    Received,
    /// It was completed.
    Completed,
    /// An approval was given.
    Approved,
    /// An approval was refused.
    Refused,
    /// The term stands still from then on.
    Suspended,
    /// It goes on.
    Resumed,
    /// It was extended.
    Extended,
    /// The request was decided.
    Decided,
    /// Somebody objected to the decision.
    Objected,
    /// The objection was decided.
    ObjectionDecided,
}

impl Engine {
    /// What happened to a request, in the order of the log, with the reasons of those who acted.
    ///
    /// # Errors
    /// No right, or no such request.
    pub fn case_events(&self, actor: &Actor, request: &Urn) -> Result<Vec<CaseEvent>, EngineError> {
        let (view, case) = (self.view()?, self.case(request)?.value);
        self.rights.require(actor, Act::ReadCase, &self.read_target(&view, actor, &case)?)?;
        let recorded = rows::logged(&*self.store, &case.id.to_string())?;
        recorded.into_iter().map(|(_, stored)| event(stored)).filter_map(Result::transpose).collect()
    }
}

/// What a record of a request tells; none if it is of its deal, or of erasure.
fn event(stored: Stored) -> Result<Option<CaseEvent>, EngineError> {
    let (kind, document) = (stored.kind, Document::read(stored.bytes)?);
    Ok(Some(match kind {
        EntryType::Request => {
            let r = read::<RequestReceived>(document, RecordType::Request)?;
            let what = if r.subject.replaces.is_some() { CaseStep::Completed } else { CaseStep::Received };
            let came = r.subject.completed_at.unwrap_or(if r.subject.replaces.is_some() {
                r.valid_from
            } else {
                r.subject.received_at
            });
            CaseEvent { at: came, ..CaseEvent::new(what, r.valid_from, r.reference(), &r.subject.actor) }
        }
        EntryType::Approval => {
            let r = read::<ApprovalGiven>(document, RecordType::Approval)?;
            let what = if r.subject.given { CaseStep::Approved } else { CaseStep::Refused };
            CaseEvent {
                reason: Some(r.subject.reason.clone()),
                approval: Some(r.subject.name.clone()),
                terms: r.subject.terms.clone(),
                ..CaseEvent::new(what, r.valid_from, r.reference(), &r.subject.actor)
            }
        }
        EntryType::Term => {
            let r = read::<TermChanged>(document, RecordType::Term)?;
            let what = match r.subject.action {
                TermAction::Suspend => CaseStep::Suspended,
                TermAction::Resume => CaseStep::Resumed,
                TermAction::Extend => CaseStep::Extended,
            };
            CaseEvent {
                reason: Some(r.subject.reason.clone()),
                kind: r.subject.kind,
                until: r.subject.until,
                last_day: r.subject.last_day,
                ..CaseEvent::new(what, r.valid_from, r.reference(), &r.subject.actor)
            }
        }
        EntryType::Objection => {
            let r = read::<Objection>(document, RecordType::Objection)?;
            CaseEvent {
                at: r.subject.received_at,
                reason: Some(r.subject.reasons.clone()),
                last_day: Some(r.subject.last_day),
                ..CaseEvent::new(CaseStep::Objected, r.valid_from, r.reference(), &r.subject.actor)
            }
        }
        EntryType::Decision => {
            let r = read::<DecisionRecord>(document, RecordType::Decision)?;
            let outcome = r.subject.objection.map(|on| on.outcome);
            let what = if outcome.is_some() { CaseStep::ObjectionDecided } else { CaseStep::Decided };
            CaseEvent {
                reason: r.subject.reason.clone(),
                result: Some(r.subject.result),
                outcome,
                ..CaseEvent::new(what, r.valid_from, r.reference(), &r.subject.actor)
            }
        }
        _ => return Ok(None),
    }))
}

impl CaseEvent {
    fn new(what: CaseStep, at: Time, record: Reference, actor: &record::Actor) -> Self {
        CaseEvent {
            at,
            what,
            record,
            function: actor.function.clone(),
            organisation: actor.organisation.clone(),
            reason: None,
            approval: None,
            terms: Vec::new(),
            kind: None,
            until: None,
            last_day: None,
            result: None,
            outcome: None,
        }
    }
}
