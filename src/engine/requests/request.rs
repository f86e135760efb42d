//! Requests: received, completed, and judged by the conditions. What needs no person is decided at once.
//!
//! A completed request is a new record that names the one before it. Receipt and case stay those of the first; approvals were of the
//! version before, so they count no longer.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::case::{CaseNow, Judged, Matter, open_or_objected};
use super::check::{Moment, Question, still_there};
use crate::conditions::decide;
use crate::engine::known::View;
use crate::engine::operation::{About, New, Operation, Pending};
use crate::engine::rows::{self, Loaded};
use crate::engine::state::{Case, How, Moved};
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::change::SetVersion;
use crate::model::dataset::Access;
use crate::model::event::EventType;
use crate::model::input::{Facts, GivenApproval, Scope, Stage};
use crate::model::record::{Channel, Holder, RecordType, RequestReceived};
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
    /// The sets that are to answer; none: those in force.
    pub sets: Option<Vec<SetVersion>>,
    /// How and when it came in, if the owner enters it.
    pub entered: Entered,
}

/// How and when something came in that the owner of the data enters for somebody who wrote, or came to its counter. Who speaks for its own
/// organisation says neither: it comes in now, through the channel of its sign-in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Entered {
    /// When it was received, if that was before it was entered.
    pub received_at: Option<Time>,
    /// How it came in.
    pub channel: Option<Channel>,
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
    pub(in crate::engine) fn receive(
        &self,
        op: &mut Operation<'_>,
        actor: &Actor,
        new: &NewRequest,
    ) -> Result<CaseNow, EngineError> {
        let applicant = new.question.applicant.clone().unwrap_or_else(|| actor.organisation.clone());
        let dataset = self.dataset_seen(&op.view, Some(actor), &new.dataset).map_err(|e| e.named_by(Field::Dataset))?;
        let channel = self.may_ask(actor, Act::SubmitRequest, &applicant, &dataset.dataset.owner, new.entered)?;
        still_there(&dataset)?;
        if dataset.dataset.access == Access::Open {
            return Err(EngineError::state(
                format!("`{}` is open: no deal is needed", dataset.dataset.slug),
                Mend::by("use it under its licence", "datadeal dataset show"),
            ));
        }
        let purpose = new.question.purpose.clone().ok_or_else(|| {
            EngineError::input(
                Field::Purpose,
                "is not filled in",
                Mend::by("name a purpose of the schema", "datadeal schema show"),
            )
        })?;
        let (now, id, salt) = (op.now, op.id()?, self.random.salt()?);
        op.made(id);
        let received_at = received_when(new.entered.received_at, None, now)?.unwrap_or(now);
        let mut force = self.in_force(&op.view, &dataset.dataset, now)?;
        self.same_sets(&force, new.sets.as_deref())?;
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
            applicant_name: self.organisation(&op.view, &applicant).map_err(|e| e.named_by(Field::Applicant))?.name,
            applicant: applicant.clone(),
            dataset: dataset.dataset.id.clone(),
            dataset_version: dataset.version,
            purpose,
            scope: input.scope.clone(),
            declared: input.declared.clone(),
            accepted: input.accepted.clone(),
            received_at,
            channel,
            last_day: working_day(term.length.after(start)).to_string(),
            completed_at: None,
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
        self.keep_evidence(op, &given, &applicant)?;
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
            told: false,
            decision: None,
            ended: None,
            objection: None,
            deal: None,
            erased: None,
        };
        op.item.guards.extend(force.guards.iter().cloned());
        let judged = Judged { matter: Matter { request, dataset }, force, input, decision };
        op.tell(&case.event(EventType::RequestReceived).day(&judged.matter.request.last_day))?;
        self.at_once_or_wait(op, &mut case, &judged)?;
        self.save_waiting(op, &case, 0)?;
        self.tell_judged(case, judged, now)
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
        entered: Entered,
    ) -> Result<Pending<CaseNow>, EngineError> {
        let Loaded { value: mut case, version } = self.case(request)?;
        let channel = self.may_ask(actor, Act::CompleteRequest, &case.applicant, &case.owner, entered)?;
        open_or_objected(&case)?;
        if *completion == Completion::default() {
            return Err(EngineError::input(Field::Completion, "is empty", "name what is new"));
        }
        let mut op = Operation::by(self, actor)?;
        let before = self.received(&case.request)?;
        // what moved the term is taken in order, so nothing came in before the last of it
        let stood = self.record::<RequestReceived>(&case.request, RecordType::Request)?.valid_from;
        let last = [before.completed_at.unwrap_or(stood), case.moved_mut().last().map_or(stood, |m| m.at)];
        let completed_at = received_when(entered.received_at, last.into_iter().max(), op.now)?;
        let stood_still = self.sum(&case, before.received_at, op.now)?.standing.is_some();
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
            completed_at,
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
        self.keep_evidence(&mut op, &given, &case.applicant)?;
        case.replaced.push(std::mem::replace(&mut case.request, reference));
        case.voided.extend(std::mem::take(&mut case.approvals));
        case.told = false;
        let moved = Moved { record: reference, at: completed_at.unwrap_or(op.now), how: How::Completed };
        case.moved_mut().push(moved);
        op.item.guards.extend(force.guards.iter().cloned());
        let judged = Judged { matter: Matter { request: completed, dataset }, force, input, decision };
        op.tell(&case.event(EventType::RequestCompleted))?;
        self.at_once_or_wait(&mut op, &mut case, &judged)?;
        if stood_still && case.waits() {
            let sum = self.sum(&case, judged.matter.request.received_at, op.now)?;
            if sum.standing.is_none() {
                op.tell(&case.event(EventType::RequestTermChanged).day(sum.last_day.to_string()))?;
            }
        }
        self.save_waiting(&mut op, &case, version)?;
        let now = op.now;
        op.answer(self.tell_judged(case, judged, now)?)
    }

    /// Who asks for its own organisation may, now and through its own sign-in; the owner of the data enters what came in on paper for
    /// somebody else. Gives the channel.
    pub(in crate::engine) fn may_ask(
        &self,
        actor: &Actor,
        act: Act,
        applicant: &OrgId,
        owner: &OrgId,
        entered: Entered,
    ) -> Result<Channel, EngineError> {
        if actor.organisation == *applicant {
            self.rights.require(actor, act, &Target::of_applicant(applicant.clone()))?;
            let own = actor.sign_in.channel();
            let given = [
                (Field::ReceivedAt, entered.received_at.is_some()),
                (Field::Channel, entered.channel.is_some_and(|c| c != own)),
            ];
            return match given.into_iter().find(|(_, wrong)| *wrong) {
                Some((field, _)) => Err(EngineError::input(
                    field,
                    "is not for an organisation to say of what it files itself",
                    "leave it out; the owner of the data enters what came in on paper",
                )),
                None => Ok(own),
            };
        }
        self.rights.require(actor, Act::EnterRequest, &Target::of_both(owner.clone(), applicant.clone()))?;
        let on_paper =
            |c: &Channel| matches!(c, Channel::Post | Channel::Email | Channel::Counter | Channel::Forwarded);
        entered.channel.filter(on_paper).ok_or_else(|| {
            EngineError::input(
                Field::Channel,
                "is not one through which somebody else can have asked",
                "one of: post, email, counter, forwarded",
            )
        })
    }

    pub(in crate::engine) fn case(&self, request: &Urn) -> Result<Loaded<Case>, EngineError> {
        let found = rows::load::<Case>(&*self.store, Kind::Request, &request.to_string())?;
        found.ok_or_else(|| {
            EngineError::not_found("request", request, Mend::by("see what there is", "datadeal request list"))
        })
    }

    pub(in crate::engine) fn save(&self, op: &mut Operation<'_>, case: &Case, version: u64) -> Result<(), EngineError> {
        self.as_seen(op, &case.id, &case.id, version)?;
        let key = case.id.to_string();
        rows::guard(&mut op.item, Kind::Request, &key, version);
        rows::put(&mut op.item, Kind::Request, &key, Some(case.applicant.as_str()), case)
    }

    /// What a case is about.
    pub(in crate::engine) fn matter(&self, view: &View, case: &Case) -> Result<Matter, EngineError> {
        Ok(Matter { request: self.received(&case.request)?, dataset: self.dataset_in(view, case.dataset.as_str())? })
    }

    /// The answer to a case at an instant, with the approvals given and the evidence on file.
    pub(in crate::engine) fn judge(&self, view: &View, case: &Case, now: Time) -> Result<Judged, EngineError> {
        let Matter { request, dataset } = self.matter(view, case)?;
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
        Ok(Judged { matter: Matter { request, dataset }, force, input, decision })
    }
}

/// When something was received: never after now, nor before what it follows. None: now.
pub(in crate::engine) fn received_when(
    received: Option<Time>,
    since: Option<Time>,
    now: Time,
) -> Result<Option<Time>, EngineError> {
    let wrong = |why: String| EngineError::input(Field::ReceivedAt, why, "give the instant at which it was received");
    match received {
        Some(at) if at > now => Err(wrong(format!("{at} is in the future"))),
        Some(at) if since.is_some_and(|since| at < since) => Err(wrong(format!("{at} is before what it follows"))),
        given => Ok(given),
    }
}
