//! Requests: received, judged by the conditions, approved by persons where they ask for it, and ended by a signed decision.
//!
//! A positive automatic outcome ends a request at once. A negative one is a draft until a mandated person confirms it, unless the
//! owner published otherwise. What only lacks approvals is in review; its missing approvals are its work list.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::case::{CaseNow, by_rule, open, result, some_but_not_all, target, told, waits_for_people};
use super::check::{Moment, Question};
use super::compiled::InForce;
use super::known::View;
use super::operation::{About, New, Operation, Pending};
use super::state::{self, Case, CaseApproval, CaseDecision, DatasetNow, Loaded};
use super::{Engine, EngineError};
use crate::conditions::decide;
use crate::model::dataset::Access;
use crate::model::decision::Decision;
use crate::model::event::EventType;
use crate::model::input::{DecisionInput, GivenApproval, Stage};
use crate::model::record::{
    self, Announcement, ApprovalGiven, Authority, Channel, ConditionSetPublished, DecisionRecord, DecisionResult,
    Holder, Power, RecordType, Reference, RequestReceived,
};
use crate::model::{Digest, Time, Urn, json, term};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

/// A request to be filed.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// The dataset by slug or IRI.
    pub dataset: String,
    /// What is asked, with facts and evidence. The applicant is the organisation of the person who files it.
    pub question: Question,
    /// When it was received, if that was before it was entered.
    pub received_at: Option<Time>,
    /// How it came in.
    pub channel: Channel,
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
        let applicant = actor.organisation.clone();
        self.rights.require(actor, Act::SubmitRequest, &Target::of_applicant(applicant.clone()))?;
        if new.question.applicant.as_ref().is_some_and(|a| *a != applicant) {
            return Err(EngineError::input(
                "applicant",
                "is another organisation than that of the person who files it",
                "leave it out, or act as a person of that organisation",
            ));
        }
        let dataset = self.dataset(&new.dataset)?;
        if dataset.dataset.access == Access::Open {
            return Err(EngineError::state(
                format!("`{}` is open: no deal is needed", dataset.dataset.slug),
                "use it under its licence: datadeal dataset show",
            ));
        }
        let purpose = new.question.purpose.clone().ok_or_else(|| {
            EngineError::input("purpose", "is not filled in", "name a purpose: datadeal schema show lists them")
        })?;
        let mut op = Operation::by(self, actor)?;
        let (now, id, salt) = (op.now, op.id()?, self.random.salt()?);
        op.made(id);
        let received_at = new.received_at.unwrap_or(now);
        if received_at > now {
            return Err(EngineError::input(
                "received",
                format!("{received_at} is in the future"),
                "give the instant at which it was received",
            ));
        }
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
            last_day: self.terms.last_day(&dataset.dataset.regime, received_at).to_string(),
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
        for exhibit in given {
            let (key, parent) = (exhibit.digest().to_string(), Some(applicant.as_str()));
            op.item =
                std::mem::take(&mut op.item).put(Kind::Evidence, key, parent, exhibit.document().bytes().to_vec());
            self.note_lists(&mut op, &exhibit)?;
        }
        let mut case = Case {
            id,
            request: reference,
            salt,
            applicant: applicant.clone(),
            dataset: dataset.dataset.id.clone(),
            owner: dataset.dataset.owner.clone(),
            approvals: std::collections::BTreeMap::new(),
            decision: None,
            deal: None,
            erased: None,
        };
        op.item.guards.extend(force.guards.iter().cloned());
        let judged = Judged { request, dataset, force, input, decision };
        op.tell(&case.event(EventType::RequestReceived).day(&judged.request.last_day))?;
        match self.at_once(&judged)? {
            Some(result) => self.finish(&mut op, &mut case, &judged, result, None, None)?,
            None if waits_for_people(&judged.decision) || result(&judged.decision).is_some() => {
                op.tell(&case.event(EventType::RequestReview))?;
            }
            None => {}
        }
        state::guard(&mut op.item, Kind::Request, &id.to_string(), 0);
        state::put(&mut op.item, Kind::Request, &id.to_string(), Some(applicant.as_str()), &case)?;
        op.answer(told(case, judged))
    }

    /// The result that needs no person: a permit, or a refusal where the owner published that it is automatic.
    fn at_once(&self, judged: &Judged) -> Result<Option<DecisionResult>, EngineError> {
        let Some(result) = result(&judged.decision) else { return Ok(None) };
        let automatic =
            result == DecisionResult::Granted || self.answering(judged)?.is_some_and(|set| set.automatic_refusals);
        Ok(automatic.then_some(result))
    }

    /// The set that answers for an automatic decision: the narrowest.
    fn answering(&self, judged: &Judged) -> Result<Option<ConditionSetPublished>, EngineError> {
        judged.force.sets.last().map(|set| self.published_set(&set.record)).transpose()
    }

    /// Gives or refuses one approval. When it was the last one missing, the request is decided at once.
    ///
    /// # Errors
    /// No right, an approval for which the owner did not appoint this person, a request of the person's own organisation, a request that
    /// has ended, or no reason.
    pub fn approve(
        &self,
        actor: &Actor,
        request: &Urn,
        name: &str,
        given: bool,
        reason: &str,
    ) -> Result<Pending<CaseNow>, EngineError> {
        let Loaded { value: mut case, version } = self.case(request)?;
        self.rights.require(actor, Act::ApproveRequest, &target(&case))?;
        self.not_own(actor, &case)?;
        open(&case)?;
        if reason.trim().is_empty() {
            return Err(EngineError::input("--reason", "is empty", "an approval and a refusal both say why"));
        }
        let mut op = Operation::by(self, actor)?;
        let power = Power::Approve(name.to_owned());
        let mandate =
            self.mandate_for(&op.view, actor, &case.owner, &case.dataset, &power, op.now)?.ok_or_else(|| {
                EngineError::state(
                    format!("the owner did not appoint `{}` for the approval `{name}`", actor.person),
                    "an owner appoints: datadeal person appoint",
                )
            })?;
        let subject = ApprovalGiven {
            request: case.request,
            name: name.to_owned(),
            given,
            reason: reason.to_owned(),
            actor: self.acting(&op.view, actor, Authority::Mandate(mandate.digest), Holder::Service)?,
        };
        let owner = case.owner.clone();
        let (id, salt) = (case.id, case.salt);
        let record = New {
            salt: Some(self.random.salt()?),
            about: About::Case(&id, &salt),
            listed: Some(id.to_string()),
            ..New::public(RecordType::Approval, &owner, &subject)
        };
        let reference = op.sign(record)?;
        case.approvals.insert(name.to_owned(), CaseApproval { record: reference, given, person: actor.person.clone() });
        let judged = self.judge(&op.view, &case, op.now)?;
        op.item.guards.extend(judged.force.guards.iter().cloned());
        if given && result(&judged.decision) == Some(DecisionResult::Granted) {
            self.finish(&mut op, &mut case, &judged, DecisionResult::Granted, None, None)?;
        }
        self.save(&mut op, &case, version)?;
        op.answer(told(case, judged))
    }

    /// Ends a request whose outcome needs a person: a negative one, a refused approval, or one that became a permit.
    ///
    /// # Errors
    /// No right, no mandate to decide, the person's own organisation, an ended request, or facts and approvals that are still missing.
    pub fn confirm(&self, actor: &Actor, request: &Urn, reason: Option<&str>) -> Result<Pending<CaseNow>, EngineError> {
        let Loaded { value: mut case, version } = self.case(request)?;
        self.rights.require(actor, Act::ConfirmDecision, &target(&case))?;
        self.not_own(actor, &case)?;
        open(&case)?;
        let mut op = Operation::by(self, actor)?;
        let mandate = self.decide_mandate(&op.view, actor, &case, op.now)?;
        let judged = self.judge(&op.view, &case, op.now)?;
        let refused = case.approvals.iter().find(|(_, a)| !a.given);
        let ended = match (refused, result(&judged.decision)) {
            // who refuses, refuses the columns that wait for it; the others are given
            (Some(_), _) if some_but_not_all(&judged.decision) => DecisionResult::PartlyGranted,
            (Some(_), _) => DecisionResult::Refused,
            (None, Some(result)) => result,
            (None, None) => {
                let what = if waits_for_people(&judged.decision) { "approvals" } else { "facts" };
                return Err(EngineError::state(
                    format!("{what} are still missing, so there is nothing to confirm"),
                    format!("see what: datadeal request show {request}"),
                ));
            }
        };
        let by = self.acting(&op.view, actor, Authority::Mandate(mandate.digest), Holder::Service)?;
        op.item.guards.extend(judged.force.guards.iter().cloned());
        self.finish(&mut op, &mut case, &judged, ended, Some(by), reason.map(str::to_owned))?;
        self.save(&mut op, &case, version)?;
        op.answer(told(case, judged))
    }

    /// Withdraws a request; it ends with a decision that says so.
    ///
    /// # Errors
    /// No right, or the request has ended.
    pub fn withdraw(
        &self,
        actor: &Actor,
        request: &Urn,
        reason: Option<&str>,
    ) -> Result<Pending<CaseNow>, EngineError> {
        let Loaded { value: mut case, version } = self.case(request)?;
        self.rights.require(actor, Act::WithdrawRequest, &target(&case))?;
        open(&case)?;
        let mut op = Operation::by(self, actor)?;
        let judged = self.judge(&op.view, &case, op.now)?;
        let by = self.acting(&op.view, actor, Self::own_authority(actor), Holder::Service)?;
        self.finish(&mut op, &mut case, &judged, DecisionResult::Withdrawn, Some(by), reason.map(str::to_owned))?;
        self.save(&mut op, &case, version)?;
        op.answer(told(case, judged))
    }

    /// Signs the decision that ends a request and keeps its input.
    fn finish(
        &self,
        op: &mut Operation<'_>,
        case: &mut Case,
        judged: &Judged,
        result: DecisionResult,
        by: Option<record::Actor>,
        reason: Option<String>,
    ) -> Result<(), EngineError> {
        let dataset = &judged.dataset.dataset;
        let withdrawn = result == DecisionResult::Withdrawn;
        let positive = matches!(result, DecisionResult::Granted | DecisionResult::PartlyGranted);
        let granted: BTreeSet<String> =
            judged.decision.permitted_columns().filter(|_| positive).map(str::to_owned).collect();
        let refused = if withdrawn {
            BTreeSet::new()
        } else {
            judged.input.scope.columns.difference(&granted).cloned().collect()
        };
        let input = json::to_value(&judged.input, "decision input")?;
        let digest = Digest::of_document(&input);
        let actor = match by {
            Some(actor) => actor,
            None => self.automatic(judged)?,
        };
        let subject = DecisionRecord {
            body: dataset.competent_body.clone(),
            executor: dataset.executor.clone(),
            addressee: case.applicant.clone(),
            request: case.request,
            result,
            reason,
            granted,
            refused,
            decision: (!withdrawn).then(|| judged.decision.clone()),
            input: (!withdrawn).then_some(digest),
            approvals: case.approvals.values().map(|a| a.record).collect(),
            actor,
            received_at: judged.request.received_at,
            last_day: judged.request.last_day.clone(),
            announcement: Announcement { at: op.now, channel: judged.request.channel },
            objection_body: dataset.term.objection.body.clone(),
            objection_web: dataset.term.objection.web.clone(),
            objection_until: term::weeks_after(op.now, dataset.term.objection.weeks).to_string(),
        };
        let record = New {
            salt: Some(self.random.salt()?),
            about: About::Case(&case.id, &case.salt),
            listed: Some(case.id.to_string()),
            ..New::public(RecordType::Decision, &dataset.owner, &subject)
        };
        let reference = op.sign(record)?;
        if !withdrawn {
            let parent = case.id.to_string();
            op.item = std::mem::take(&mut op.item).put(
                Kind::Input,
                digest.to_string(),
                Some(&parent),
                json::canonical(&input),
            );
        }
        case.decision = Some(CaseDecision { record: reference, result, input: (!withdrawn).then_some(digest) });
        op.tell(&case.event(EventType::RequestDecided).state(result.as_str()))
    }

    /// An automatic act: the published set, and the official who answers for it.
    fn automatic(&self, judged: &Judged) -> Result<record::Actor, EngineError> {
        Ok(by_rule(&judged.dataset.dataset.owner, self.answering(judged)?.as_ref()))
    }

    /// Where a request stands now.
    ///
    /// # Errors
    /// No right, or no such request.
    pub fn case_now(&self, actor: &Actor, request: &Urn) -> Result<CaseNow, EngineError> {
        let case = self.case(request)?.value;
        self.rights.require(actor, Act::ReadCase, &self.read_target(&self.view()?, actor, &case)?)?;
        self.case_told(&self.view()?, case)
    }

    pub(super) fn case_told(&self, view: &View, case: Case) -> Result<CaseNow, EngineError> {
        let judged = self.judge(view, &case, self.clock.now())?;
        self.tell_case(case, judged)
    }

    /// The input on which an open request would be decided now, for showing it.
    ///
    /// # Errors
    /// No such request, or an evaluation fault.
    pub fn judged_input(&self, request: &Urn) -> Result<(Decision, DecisionInput), EngineError> {
        let judged = self.judge(&self.view()?, &self.case(request)?.value, self.clock.now())?;
        Ok((judged.decision, judged.input))
    }

    /// A record by its reference, for showing it.
    ///
    /// # Errors
    /// It is not there, or of another type.
    pub fn read_record<S: serde::de::DeserializeOwned>(
        &self,
        reference: &Reference,
        kind: RecordType,
    ) -> Result<record::Record<S>, EngineError> {
        self.record(reference, kind)
    }

    /// A decision input that was kept; none if it was erased.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn kept_input(&self, digest: Option<&Digest>) -> Result<Option<DecisionInput>, EngineError> {
        let Some(digest) = digest else { return Ok(None) };
        Ok(state::load::<DecisionInput>(&*self.store, Kind::Input, &digest.to_string())?.map(|r| r.value))
    }

    /// The requests that a person may see.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn cases(&self, actor: &Actor) -> Result<Vec<CaseNow>, EngineError> {
        let (view, mut out) = (self.view()?, Vec::new());
        for case in state::all::<Case>(&*self.store, Kind::Request, None)? {
            if self.rights.require(actor, Act::ListCases, &self.read_target(&view, actor, &case)?).is_ok() {
                let judged = self.judge(&view, &case, self.clock.now())?;
                out.push(self.tell_case(case, judged)?);
            }
        }
        Ok(out)
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

    /// What is told of a case that was read: the answer of its decision, or as it would be now.
    fn tell_case(&self, case: Case, mut judged: Judged) -> Result<CaseNow, EngineError> {
        let decided = case.decision.as_ref().filter(|d| d.result != DecisionResult::Withdrawn);
        if let Some(ended) = decided {
            let recorded = self.record::<DecisionRecord>(&ended.record, RecordType::Decision)?.subject.decision;
            judged.decision = recorded.unwrap_or(judged.decision);
        }
        Ok(told(case, judged))
    }

    /// Nobody approves or decides on a request of its own organisation. This binds the operator too.
    fn not_own(&self, actor: &Actor, case: &Case) -> Result<(), EngineError> {
        if actor.organisation == case.applicant {
            return Err(EngineError::state(
                "nobody decides on a request of its own organisation",
                "another organisation's person must do this",
            ));
        }
        Ok(())
    }

    /// The mandate of a person to decide on this case.
    pub(super) fn decide_mandate(
        &self,
        view: &View,
        actor: &Actor,
        case: &Case,
        now: Time,
    ) -> Result<Reference, EngineError> {
        self.mandate_for(view, actor, &case.owner, &case.dataset, &Power::Decide, now)?.ok_or_else(|| {
            EngineError::state(
                format!("`{}` has no mandate to decide for {}", actor.person, case.owner),
                "an owner gives one: datadeal mandate add",
            )
        })
    }
}
