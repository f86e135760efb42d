//! Deals: offered by the owner on a granted request, accepted by the reuser, suspended, resumed, revoked.

use std::collections::BTreeSet;

use chrono::Months;
use serde::Serialize;
use utoipa::ToSchema;

use super::case::target;
use super::known::View;
use super::operation::{About, New, Operation, Pending};
use super::request::Judged;
use super::state::{self, Case, DealNow, DealRevoked, DealState, Loaded};
use super::{Engine, EngineError};
use crate::conditions::decide;
use crate::model::condition::{Kind as ConditionKind, Lang, Role};
use crate::model::decision::{Answer, Outcome, Status};
use crate::model::event::EventType;
use crate::model::record::{
    Acceptance, Authority, Deal, DealDecision, DealGround, DealParty, DealTerm, DecisionResult, Fee, Holder,
    Obligation, Party, Record, RecordType, Revocation, RevocationAction, Wording,
};
use crate::model::{Digest, Name, Time, Urn, term};
use crate::rights::{Act, Actor};
use crate::sign::SigningKey;
use crate::store::Kind;
use crate::text::template;

/// How long an offer stands, in days.
const OFFER_DAYS: i64 = 30;
/// How long a deal runs where the request names no term, in months.
const TERM_MONTHS: u32 = 12;

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
}

impl Engine {
    /// Offers a deal on a granted request: the general part and one clause per condition, signed for the owner.
    ///
    /// # Errors
    /// No right, no mandate, a request that was not granted or has a live offer, evidence or conditions that changed since.
    pub fn offer(&self, actor: &Actor, request: &Urn) -> Result<Pending<DealTold>, EngineError> {
        let Loaded { value: mut case, version } = self.case(request)?;
        self.rights.require(actor, Act::OfferDeal, &target(&case))?;
        let mut op = Operation::by(self, actor)?;
        let now = op.now;
        let mandate = self.decide_mandate(&op.view, actor, &case, now)?;
        let (granted, input) = granted(&case)?;
        if let Some(live) = case.deal.map(|d| self.deal(&d)).transpose()? {
            let state = self.state_of(&live.value, now)?;
            if matches!(state, DealState::Offered | DealState::Active | DealState::Suspended) {
                return Err(EngineError::state(
                    format!("the request has a deal already: {}", live.value.id),
                    format!("see it: datadeal deal show {}", live.value.id),
                ));
            }
        }
        let judged = self.still_permitted(&op.view, &case, now)?;
        let actor = self.acting(&op.view, actor, Authority::Mandate(mandate.digest), Holder::Service)?;
        let (id, salt) = (op.id()?, self.random.salt()?);
        op.made(id);
        let owner = self.organisation(&op.view, &case.owner)?.name;
        let deal = deal_of(&case, &judged, id, owner, DealDecision { record: granted, input }, actor, now)?;
        let status = self.status_entries(&mut op, &case)?;
        let (about, until) = (About::Case(&case.id, &case.salt), Some(deal.term.until));
        let record = New {
            id: Some(id),
            salt: Some(salt),
            about,
            listed: Some(case.id.to_string()),
            valid_until: until,
            status: &status,
            ..New::public(RecordType::Deal, &case.owner, &deal)
        };
        let reference = op.sign(record)?;
        let row = DealNow {
            id,
            deal: reference,
            case: case.id,
            owner: case.owner.clone(),
            reuser: case.applicant.clone(),
            dataset: case.dataset.clone(),
            acceptance: None,
            revocations: Vec::new(),
        };
        state::guard(&mut op.item, Kind::Deal, &id.to_string(), 0);
        state::put(&mut op.item, Kind::Deal, &id.to_string(), Some(case.owner.as_str()), &row)?;
        // the last whole day
        let day = term::local_day(deal.offer_until.plus_seconds(-86_400));
        op.tell(&row.event(EventType::DealOffered).day(day.to_string()))?;
        state::put(&mut op.item, Kind::DealOf, &id.to_string(), Some(&state::deal_of(&row.reuser, &row.dataset)), &id)?;
        case.deal = Some(id);
        op.item.guards.extend(judged.force.guards.iter().cloned());
        self.save(&mut op, &case, version)?;
        op.answer(DealTold { id, state: DealState::Offered, deal, request: case.id })
    }

    /// The case judged again for the granted columns: a deal is never offered or accepted on what no longer holds.
    fn still_permitted(&self, view: &View, case: &Case, now: Time) -> Result<Judged, EngineError> {
        let mut judged = self.judge(view, case, now)?;
        if judged.decision.outcome != Outcome::Permit {
            let permitted: BTreeSet<String> = judged.decision.permitted_columns().map(str::to_owned).collect();
            if !permitted.is_empty() {
                judged.input.scope.columns = permitted;
                judged.decision = decide(&judged.force.schema, &judged.force.slice, &judged.input)?;
            }
        }
        if judged.decision.outcome != Outcome::Permit {
            let failing = judged.decision.failing.join(", ");
            return Err(EngineError::state(
                format!("the request would no longer be granted ({}: {failing})", judged.decision.outcome.as_str()),
                "give newer evidence: datadeal evidence add; then repeat",
            ));
        }
        Ok(judged)
    }

    /// Accepts a deal as offered: the reuser's signature over the deal and its words.
    ///
    /// # Errors
    /// No right, an offer that lapsed or ended, evidence or conditions that changed since, or no key.
    pub fn accept(
        &self,
        actor: &Actor,
        deal: &Urn,
        key: Option<&SigningKey>,
    ) -> Result<Pending<DealTold>, EngineError> {
        let Loaded { value: mut row, version } = self.deal(deal)?;
        let case = self.case(&row.case)?;
        self.rights.require(actor, Act::AcceptDeal, &target(&case.value))?;
        let mut op = Operation::by(self, actor)?;
        let record = self.deal_record(&row)?;
        let state = self.state_of(&row, op.now)?;
        if state != DealState::Offered {
            return Err(EngineError::state(
                format!("the deal is {}, so it cannot be accepted", word(state)),
                format!("see it: datadeal deal show {deal}"),
            ));
        }
        let judged = self.still_permitted(&op.view, &case.value, op.now)?;
        op.item.guards.extend(judged.force.guards.iter().cloned());
        let holder = if key.is_some() { Holder::Own } else { Holder::Service };
        let subject = Acceptance {
            deal: row.deal,
            accepted: record.subject.obligations.iter().map(|o| o.id.clone()).collect(),
            words: record.subject.words,
            actor: self.acting(&op.view, actor, Self::own_authority(actor), holder)?,
        };
        let about = About::Case(&case.value.id, &case.value.salt);
        let salt = Some(self.random.salt()?);
        let reference = op.sign(New {
            key,
            salt,
            about,
            listed: Some(case.value.id.to_string()),
            ..New::public(RecordType::Acceptance, &row.reuser, &subject)
        })?;
        row.acceptance = Some(reference);
        op.tell(&row.event(EventType::DealAccepted))?;
        self.save_deal(&mut op, &row, version)?;
        op.answer(DealTold { id: row.id, state: DealState::Active, deal: record.subject, request: row.case })
    }

    /// Suspends, resumes or revokes a deal.
    ///
    /// # Errors
    /// No right, no mandate, no reason, or a deal that has ended.
    pub fn revoke(
        &self,
        actor: &Actor,
        deal: &Urn,
        action: RevocationAction,
        reason: &str,
    ) -> Result<Pending<DealTold>, EngineError> {
        let Loaded { value: mut row, version } = self.deal(deal)?;
        let case = self.case(&row.case)?.value;
        self.rights.require(actor, Act::RevokeDeal, &target(&case))?;
        if reason.trim().is_empty() {
            return Err(EngineError::input("--reason", "is empty", "a suspension or revocation says why"));
        }
        let mut op = Operation::by(self, actor)?;
        let mandate = self.decide_mandate(&op.view, actor, &case, op.now)?;
        let state = self.state_of(&row, op.now)?;
        let fits = match action {
            RevocationAction::Suspend => state == DealState::Active,
            RevocationAction::Resume => state == DealState::Suspended,
            RevocationAction::Revoke => matches!(state, DealState::Active | DealState::Suspended | DealState::Offered),
        };
        if !fits {
            return Err(EngineError::state(
                format!("the deal is {}", word(state)),
                format!("see it: datadeal deal show {deal}"),
            ));
        }
        let subject = Revocation {
            deal: row.deal,
            action,
            effective: op.now,
            reason: reason.to_owned(),
            actor: self.acting(&op.view, actor, Authority::Mandate(mandate.digest), Holder::Service)?,
        };
        let salt = Some(self.random.salt()?);
        let about = About::Case(&case.id, &case.salt);
        let record = op.sign(New {
            salt,
            about,
            listed: Some(case.id.to_string()),
            ..New::public(RecordType::Revocation, &row.owner, &subject)
        })?;
        row.revocations.push(DealRevoked { record, action, effective: op.now });
        let kind = match action {
            RevocationAction::Suspend => EventType::DealSuspended,
            RevocationAction::Resume => EventType::DealResumed,
            RevocationAction::Revoke => EventType::DealRevoked,
        };
        op.tell(&row.event(kind))?;
        self.save_deal(&mut op, &row, version)?;
        let deal = self.deal_record(&row)?.subject;
        let state = row.state(op.now, deal.offer_until, deal.term.until);
        op.answer(DealTold { id: row.id, state, deal, request: row.case })
    }

    /// A deal and where it stands.
    ///
    /// # Errors
    /// No right, or no such deal.
    pub fn deal_now(&self, actor: &Actor, deal: &Urn) -> Result<DealTold, EngineError> {
        let row = self.deal(deal)?.value;
        let case = self.case(&row.case)?.value;
        self.rights.require(actor, Act::ReadCase, &self.read_target(&self.view()?, actor, &case)?)?;
        self.tell(row)
    }

    /// The deals that a person may see.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn deals(&self, actor: &Actor) -> Result<Vec<DealTold>, EngineError> {
        let (view, mut out) = (self.view()?, Vec::new());
        for row in state::all::<DealNow>(&*self.store, Kind::Deal, None)? {
            let case = self.case(&row.case)?.value;
            if self.rights.require(actor, Act::ListCases, &self.read_target(&view, actor, &case)?).is_ok() {
                out.push(self.tell(row)?);
            }
        }
        Ok(out)
    }

    pub(super) fn tell(&self, row: DealNow) -> Result<DealTold, EngineError> {
        let deal = self.deal_record(&row)?.subject;
        let state = row.state(self.clock.now(), deal.offer_until, deal.term.until);
        Ok(DealTold { id: row.id, state, deal, request: row.case })
    }

    pub(super) fn deal(&self, deal: &Urn) -> Result<Loaded<DealNow>, EngineError> {
        let found = state::load::<DealNow>(&*self.store, Kind::Deal, &deal.to_string())?;
        found.ok_or_else(|| EngineError::not_found("deal", deal, "datadeal deal list shows what there is"))
    }

    pub(super) fn deal_record(&self, row: &DealNow) -> Result<Record<Deal>, EngineError> {
        self.record::<Deal>(&row.deal, RecordType::Deal)
    }

    pub(super) fn state_of(&self, row: &DealNow, now: Time) -> Result<DealState, EngineError> {
        let deal = self.deal_record(row)?.subject;
        Ok(row.state(now, deal.offer_until, deal.term.until))
    }

    fn save_deal(&self, op: &mut Operation<'_>, row: &DealNow, version: u64) -> Result<(), EngineError> {
        let key = row.id.to_string();
        state::guard(&mut op.item, Kind::Deal, &key, version);
        state::put(&mut op.item, Kind::Deal, &key, Some(row.owner.as_str()), row)
    }
}

/// The decision that granted a request.
fn granted(case: &Case) -> Result<(crate::model::record::Reference, Digest), EngineError> {
    match &case.decision {
        Some(d) if matches!(d.result, DecisionResult::Granted | DecisionResult::PartlyGranted) => match d.input {
            Some(input) => Ok((d.record, input)),
            None => Err(EngineError::state("the decision names no input", "run `datadeal audit`")),
        },
        Some(d) => Err(EngineError::state(
            format!("the request was not granted: {}", d.result.as_str()),
            format!("see why: datadeal request show {}", case.id),
        )),
        None => Err(EngineError::state(
            "the request is not decided yet",
            format!("see what it waits for: datadeal request show {}", case.id),
        )),
    }
}

/// The agreement.
fn deal_of(
    case: &Case,
    judged: &Judged,
    id: Urn,
    owner: String,
    decision: DealDecision,
    actor: crate::model::record::Actor,
    now: Time,
) -> Result<Deal, EngineError> {
    let dataset = &judged.dataset.dataset;
    let (obligations, fees) = obligations(judged)?;
    let months = judged.input.scope.term_months.and_then(|m| u32::try_from(m).ok()).unwrap_or(TERM_MONTHS);
    let until = now.chrono().checked_add_months(Months::new(months)).and_then(|t| Time::from_unix(t.timestamp()));
    let term = DealTerm { from: now, until: until.unwrap_or(now) };
    let provider = DealParty {
        organisation: case.owner.clone(),
        name: owner,
        party: Party::Provider,
        in_name_of: Some(dataset.competent_body.clone()),
    };
    let reuser = DealParty {
        organisation: case.applicant.clone(),
        name: judged.request.applicant_name.clone(),
        party: Party::Reuser,
        in_name_of: None,
    };
    Ok(Deal {
        number: number(id, now),
        parties: vec![provider, reuser],
        dataset: dataset.id.clone(),
        title: dataset.title.clone(),
        dataset_version: judged.dataset.version,
        scope: judged.input.scope.clone(),
        purpose: judged.request.purpose.clone(),
        purpose_label: judged.force.schema.label("Purpose", &judged.request.purpose),
        term,
        offer_until: now.plus_seconds(OFFER_DAYS * 86_400),
        decision,
        obligations,
        fees,
        grounds: grounds(judged),
        regime: dataset.regime.clone(),
        law: dataset.law.clone(),
        personal_data: dataset.personal_data,
        language: Lang::Nl,
        words: Wording { nl: template(Lang::Nl), en: template(Lang::En) },
        actor,
    })
}

/// The grounds that are met: why the law lets the data be given.
fn grounds(judged: &Judged) -> Vec<DealGround> {
    let met = judged.decision.grounds.iter().filter(|g| g.status == Status::Met);
    met.map(|g| DealGround { id: g.id.clone(), label: g.text.label.clone(), legal_basis: g.text.legal_basis.clone() })
        .collect()
}

/// Exactly one obligation for each promise, duty, delivery and fee that was accepted. One that was declined and still holds has
/// nothing to say about the columns of this deal.
fn obligations(judged: &Judged) -> Result<(Vec<Obligation>, Vec<Fee>), EngineError> {
    let (mut obligations, mut fees) = (Vec::new(), Vec::new());
    let accepted = |a: &&Answer| judged.input.accepted.iter().any(|id| a.bare_id() == id.as_str());
    let on_signing = judged.decision.conditions.iter().filter(|a| a.status == Status::OnSigning);
    for answer in on_signing.filter(accepted) {
        let Role::Condition(kind) = answer.role else { continue };
        let Some(clause) = answer.text.clause.clone() else { continue };
        let kind: Name = match kind {
            ConditionKind::Entry => continue,
            ConditionKind::Promise => "promise",
            ConditionKind::Duty => "duty",
            ConditionKind::Delivery => "delivery",
            ConditionKind::Fee => "fee",
        }
        .parse()?;
        obligations.push(Obligation {
            id: answer.id.clone(),
            kind,
            clause,
            due: answer.text.due.clone(),
            legal_basis: answer.text.legal_basis.clone(),
        });
        fees.extend(answer.text.tariff.clone().map(|tariff| Fee { id: answer.id.clone(), tariff }));
    }
    Ok((obligations, fees))
}

/// A number for people, from the id: it needs no counter on which all deals of a year would wait.
fn number(id: Urn, now: Time) -> String {
    let text = id.to_string().to_uppercase();
    let tail: String = text.chars().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect();
    format!("{}-{tail}", now.chrono().format("%Y"))
}

fn word(state: DealState) -> &'static str {
    match state {
        DealState::Offered => "offered",
        DealState::Lapsed => "lapsed",
        DealState::Active => "active",
        DealState::Suspended => "suspended",
        DealState::Revoked => "revoked",
        DealState::Expired => "expired",
    }
}
