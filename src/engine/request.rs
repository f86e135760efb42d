//! Requests: received, completed, and judged by the conditions. What needs no person is decided at once.
//!
//! A completed request is a new record that names the one before it. Receipt and case stay those of the first; approvals were of the
//! version before, so they count no longer.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::case::{CaseNow, open_or_objected, result, waits_for_people};
use super::check::{Moment, Question};
use super::compiled::InForce;
use super::decision::Ending;
use super::known::View;
use super::operation::{About, New, Operation, Pending};
use super::state::{self, Case, DatasetNow, How, Loaded, Moved};
use super::{Engine, EngineError};
use crate::conditions::decide;
use crate::evidence::Exhibit;
use crate::model::dataset::Access;
use crate::model::decision::Decision;
use crate::model::event::EventType;
use crate::model::input::{DecisionInput, Facts, GivenApproval, Scope, Stage};
use crate::model::record::{Channel, ConditionSetPublished, DecisionResult, Holder, RecordType, RequestReceived};
use crate::model::term::{local_day, working_day};
use crate::model::{Name, OrgId, Time, Urn};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

/// A request to be filed.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// The dataset by slug or IRI.
    pub dataset: String,
    /// What is asked, with facts and evidence. The applicant is the organisation of the person who files it, unless the owner of the data
    /// enters it for somebody who asked by post, by e-mail or at a counter.
    pub question: Question,
    /// When it was received, if that was before it was entered.
    pub received_at: Option<Time>,
    /// How it came in.
    pub channel: Channel,
}

/// What completes a request: only what is named changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Completion {
    /// Another purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Another scope, whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// Facts that are new or other than before.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, Value>)]
    pub declared: Facts,
    /// Evidence documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<BTreeMap<String, Value>>)]
    pub evidence: Vec<serde_json::Value>,
    /// What is not accepted, whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined: Option<BTreeSet<Name>>,
}

/// A case with all that is needed to judge it.
pub(super) struct Judged {
    pub(super) request: Arc<RequestReceived>,
    pub(super) dataset: DatasetNow,
    pub(super) force: InForce,
    pub(super) input: DecisionInput,
    pub(super) decision: Decision,
}

impl Engine {
    /// Files a request. It is decided at once where no person is needed.
    ///
    /// # Errors
    /// No right, an open dataset, no purpose, facts that are none, an evaluation fault.
    pub fn submit(&self, actor: &Actor, new: &NewRequest) -> Result<Pending<CaseNow>, EngineError> {
        let mut op = Operation::by(self, actor)?;
        let told = self.receive(&mut op, actor, new)?;
        op.answer(told)
    }

    /// Everything that [`Engine::submit`] writes, in an operation that may write more.
    pub(super) fn receive(
        &self,
        op: &mut Operation<'_>,
        actor: &Actor,
        new: &NewRequest,
    ) -> Result<CaseNow, EngineError> {
        let applicant = new.question.applicant.clone().unwrap_or_else(|| actor.organisation.clone());
        let dataset = self.dataset_in(&op.view, &new.dataset)?;
        self.may_ask(actor, Act::SubmitRequest, &applicant, &dataset.dataset.owner, new.channel)?;
        if dataset.dataset.access == Access::Open {
            return Err(EngineError::state(
                format!("`{}` is open: no deal is needed", dataset.dataset.slug),
                "use it under its licence: datadeal dataset show",
            ));
        }
        let purpose = new.question.purpose.clone().ok_or_else(|| {
            EngineError::input("purpose", "is not filled in", "name a purpose: datadeal schema show lists them")
        })?;
        let (now, id, salt) = (op.now, op.id()?, self.random.salt()?);
        op.made(id);
        let received_at = self.received_when(new.received_at, now)?;
        let mut force = self.in_force(&op.view, &dataset.dataset, now)?;
        let given = self.handed_in(&new.question.evidence, now)?;
        let on_file = self.exhibits_of(&op.view, &applicant)?;
        let question = Question { applicant: Some(applicant.clone()), ..new.question.clone() };
        let moment = Moment {
            stage: Some(Stage::Request),
            request: Some(id),
            evidence: self.evidence_in(&op.view, &mut force, given.clone(), on_file, now)?,
            ..Moment::default()
        };
        let input = self.input(&dataset, &force, &question, moment, now)?;
        let decision = decide(&force.schema, &force.slice, &input)?;
        let start = local_day(received_at);
        let term = self.legal_term(dataset.dataset.regime.as_str(), start.into())?;
        let request = RequestReceived {
            applicant_name: self.organisation(&op.view, &applicant)?.name,
            applicant: applicant.clone(),
            dataset: dataset.dataset.id.clone(),
            dataset_version: dataset.version,
            purpose,
            scope: input.scope.clone(),
            declared: input.declared.clone(),
            accepted: input.accepted.clone(),
            received_at,
            channel: new.channel,
            last_day: working_day(term.length.after(start)).to_string(),
            replaces: None,
            actor: self.acting(&op.view, actor, Self::own_authority(actor), Holder::Service)?,
        };
        let operator = self.portal.operator.clone();
        let record = New {
            id: Some(id),
            salt: Some(salt),
            about: About::Case(&id, &salt),
            listed: Some(id.to_string()),
            ..New::public(RecordType::Request, &operator, &request)
        };
        let reference = op.sign(record)?;
        let request = Arc::new(request);
        self.compiled.keep_request(reference.digest, &request);
        self.keep_evidence(op, given, &applicant)?;
        let mut case = Case {
            id,
            request: reference,
            replaced: Vec::new(),
            regime: dataset.dataset.regime.clone(),
            moved: Vec::new(),
            salt,
            applicant,
            dataset: dataset.dataset.id.clone(),
            owner: dataset.dataset.owner.clone(),
            approvals: std::collections::BTreeMap::new(),
            voided: Vec::new(),
            decision: None,
            ended: None,
            objection: None,
            deal: None,
            erased: None,
        };
        op.item.guards.extend(force.guards.iter().cloned());
        let judged = Judged { request, dataset, force, input, decision };
        op.tell(&case.event(EventType::RequestReceived).day(&judged.request.last_day))?;
        self.at_once_or_wait(op, &mut case, &judged)?;
        self.save_waiting(op, &case, 0)?;
        self.tell_ended(case, judged, now)
    }

    /// Completes an open request, or one whose decision somebody objects to: it gets other facts, another scope, evidence. The approvals that
    /// were given count no longer, and a term that stood still for it goes on.
    ///
    /// # Errors
    /// No right, a request that has ended, nothing that changes, facts that are none, an evaluation fault.
    pub fn complete(
        &self,
        actor: &Actor,
        request: &Urn,
        completion: &Completion,
        channel: Channel,
    ) -> Result<Pending<CaseNow>, EngineError> {
        let Loaded { value: mut case, version } = self.case(request)?;
        self.may_ask(actor, Act::CompleteRequest, &case.applicant, &case.owner, channel)?;
        open_or_objected(&case)?;
        if *completion == Completion::default() {
            return Err(EngineError::input("completion", "is empty", "name what is new"));
        }
        let mut op = Operation::by(self, actor)?;
        let before = self.received(&case.request)?;
        let dataset = self.dataset_in(&op.view, case.dataset.as_str())?;
        let mut force = self.in_force(&op.view, &dataset.dataset, op.now)?;
        let given = self.handed_in(&completion.evidence, op.now)?;
        let on_file = self.exhibits_of(&op.view, &case.applicant)?;
        let mut declared = before.declared.clone();
        declared.extend(completion.declared.clone());
        let question = Question {
            applicant: Some(case.applicant.clone()),
            purpose: Some(completion.purpose.clone().unwrap_or_else(|| before.purpose.clone())),
            scope: completion.scope.clone().unwrap_or_else(|| before.scope.clone()),
            declared,
            evidence: Vec::new(),
            declined: completion.declined.clone().unwrap_or_default(),
        };
        let accepted = completion.declined.is_none().then(|| before.accepted.clone());
        let moment = Moment {
            stage: Some(Stage::Request),
            request: Some(case.id),
            accepted,
            evidence: self.evidence_in(&op.view, &mut force, given.clone(), on_file, op.now)?,
            ..Moment::default()
        };
        let input = self.input(&dataset, &force, &question, moment, op.now)?;
        let decision = decide(&force.schema, &force.slice, &input)?;
        let completed = RequestReceived {
            dataset_version: dataset.version,
            purpose: question.purpose.unwrap_or_default(),
            scope: input.scope.clone(),
            declared: input.declared.clone(),
            accepted: input.accepted.clone(),
            channel,
            replaces: Some(case.request),
            actor: self.acting(&op.view, actor, Self::own_authority(actor), Holder::Service)?,
            ..(*before).clone()
        };
        let (operator, id, salt) = (self.portal.operator.clone(), case.id, case.salt);
        let record = New {
            salt: Some(self.random.salt()?),
            about: About::Case(&id, &salt),
            listed: Some(id.to_string()),
            ..New::public(RecordType::Request, &operator, &completed)
        };
        let reference = op.sign(record)?;
        op.made(reference.id);
        let completed = Arc::new(completed);
        self.compiled.keep_request(reference.digest, &completed);
        self.keep_evidence(&mut op, given, &case.applicant)?;
        case.replaced.push(std::mem::replace(&mut case.request, reference));
        case.voided.extend(std::mem::take(&mut case.approvals));
        let moved = Moved { record: reference, at: op.now, how: How::Completed };
        case.moved_mut().push(moved);
        op.item.guards.extend(force.guards.iter().cloned());
        let judged = Judged { request: completed, dataset, force, input, decision };
        op.tell(&case.event(EventType::RequestCompleted))?;
        self.at_once_or_wait(&mut op, &mut case, &judged)?;
        self.save_waiting(&mut op, &case, version)?;
        let now = op.now;
        op.answer(self.tell_ended(case, judged, now)?)
    }

    /// Evidence that comes with a request is kept on file for its applicant.
    fn keep_evidence(
        &self,
        op: &mut Operation<'_>,
        given: Vec<Arc<Exhibit>>,
        applicant: &OrgId,
    ) -> Result<(), EngineError> {
        for exhibit in given {
            let (key, parent) = (exhibit.digest().to_string(), Some(applicant.as_str()));
            op.item =
                std::mem::take(&mut op.item).put(Kind::Evidence, key, parent, exhibit.document().bytes().to_vec());
            self.note_lists(op, &exhibit)?;
        }
        Ok(())
    }

    /// Ends a request at once if it needs no person; otherwise its owner is told when it waits for one.
    fn at_once_or_wait(&self, op: &mut Operation<'_>, case: &mut Case, judged: &Judged) -> Result<(), EngineError> {
        if case.decision.is_none()
            && let Some(result) = self.at_once(judged)?
        {
            return self.finish(op, case, judged, Ending::of(result)).map(|_| ());
        }
        if waits_for_people(&judged.decision) || result(&judged.decision).is_some() {
            op.tell(&case.event(EventType::RequestReview))?;
        }
        Ok(())
    }

    /// Who asks for its own organisation may; the owner of the data enters what came in on paper for somebody else.
    pub(super) fn may_ask(
        &self,
        actor: &Actor,
        act: Act,
        applicant: &OrgId,
        owner: &OrgId,
        channel: Channel,
    ) -> Result<(), EngineError> {
        if actor.organisation == *applicant {
            return Ok(self.rights.require(actor, act, &Target::of_applicant(applicant.clone()))?);
        }
        self.rights.require(actor, Act::EnterRequest, &Target::of_both(owner.clone(), applicant.clone()))?;
        if matches!(channel, Channel::Post | Channel::Email | Channel::Counter | Channel::Forwarded) {
            return Ok(());
        }
        Err(EngineError::input(
            "channel",
            "is not one through which somebody else can have asked",
            "one of: post, email, counter, forwarded",
        ))
    }

    /// When something was received: never after now.
    pub(super) fn received_when(&self, received: Option<Time>, now: Time) -> Result<Time, EngineError> {
        let received = received.unwrap_or(now);
        if received > now {
            return Err(EngineError::input(
                "received",
                format!("{received} is in the future"),
                "give the instant at which it was received",
            ));
        }
        Ok(received)
    }

    /// The result that needs no person: a permit, or a refusal where the owner published that it is automatic.
    pub(super) fn at_once(&self, judged: &Judged) -> Result<Option<DecisionResult>, EngineError> {
        let Some(result) = result(&judged.decision) else { return Ok(None) };
        let automatic =
            result == DecisionResult::Granted || self.answering(judged)?.is_some_and(|set| set.automatic_refusals);
        Ok(automatic.then_some(result))
    }

    /// The set that answers for an automatic decision: the narrowest.
    pub(super) fn answering(&self, judged: &Judged) -> Result<Option<ConditionSetPublished>, EngineError> {
        judged.force.sets.last().map(|set| self.published_set(&set.record)).transpose()
    }

    pub(super) fn case(&self, request: &Urn) -> Result<Loaded<Case>, EngineError> {
        let found = state::load::<Case>(&*self.store, Kind::Request, &request.to_string())?;
        found.ok_or_else(|| EngineError::not_found("request", request, "datadeal request list shows what there is"))
    }

    pub(super) fn save(&self, op: &mut Operation<'_>, case: &Case, version: u64) -> Result<(), EngineError> {
        let key = case.id.to_string();
        state::guard(&mut op.item, Kind::Request, &key, version);
        state::put(&mut op.item, Kind::Request, &key, Some(case.applicant.as_str()), case)
    }

    /// The answer to a case at an instant, with the approvals given and the evidence on file.
    pub(super) fn judge(&self, view: &View, case: &Case, now: Time) -> Result<Judged, EngineError> {
        let request = self.received(&case.request)?;
        let dataset = self.dataset_in(view, case.dataset.as_str())?;
        let mut force = self.in_force(view, &dataset.dataset, now)?;
        let on_file = self.exhibits_of(view, &case.applicant)?;
        let question = Question {
            applicant: Some(case.applicant.clone()),
            purpose: Some(request.purpose.clone()),
            scope: request.scope.clone(),
            declared: request.declared.clone(),
            evidence: Vec::new(),
            declined: BTreeSet::new(),
        };
        let given = case.approvals.iter().filter(|(_, a)| a.given);
        let moment = Moment {
            stage: Some(Stage::Request),
            request: Some(case.id),
            approvals: given.map(|(name, a)| GivenApproval { name: name.clone(), record: a.record.digest }).collect(),
            accepted: Some(request.accepted.clone()),
            evidence: self.evidence_in(view, &mut force, Vec::new(), on_file, now)?,
        };
        let input = self.input(&dataset, &force, &question, moment, now)?;
        let decision = decide(&force.schema, &force.slice, &input)?;
        Ok(Judged { request, dataset, force, input, decision })
    }
}
