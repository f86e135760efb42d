//! Offers: the agreement that the owner signs on a granted request, and the one that is to take the place of another.

use std::collections::BTreeSet;

use serde::Deserialize;
use utoipa::ToSchema;

use super::agreement::{OFFER_DAYS, blank, deal_of, ends, number};
use super::deal::DealTold;
use super::life::{DealNow, DealState, Successor};
use super::reach::Reach;
use crate::conditions::decide;
use crate::engine::known::View;
use crate::engine::operation::{About, New, Operation, Pending};
use crate::engine::requests::case::Judged;
use crate::engine::rows::Loaded;
use crate::engine::state::{self, Case};
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::condition::{Kind as ConditionKind, Lang, Role};
use crate::model::decision::Outcome;
use crate::model::event::EventType;
use crate::model::record::{
    Actor as Acting, ApprovalGiven, Authority, Deal, DealDecision, DealTerm, ExtraTerm, Holder, Obligation, RecordType,
    Reference, Wording,
};
use crate::model::{Time, Urn, term};
use crate::rights::{Act, Actor};
use crate::store::{Guard, Index};
use crate::text::template;

/// How long before its end a deal can be renewed, in days.
const RENEWAL_DAYS: i64 = 92;

/// How a deal becomes narrower. What is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Amendment {
    /// The columns that are still given.
    #[serde(default)]
    pub columns: Option<BTreeSet<String>>,
    /// The new end, before the old one.
    #[serde(default)]
    pub until: Option<Time>,
}

impl Engine {
    /// Offers a deal on a granted request: the general part and one clause per condition, signed for the owner.
    ///
    /// # Errors
    /// No right, no mandate, a request that was not granted or has a live offer, evidence or conditions that changed since, a field
    /// of the agreement that would be blank.
    pub fn offer(&self, actor: &Actor, request: &Urn) -> Result<Pending<DealTold>, EngineError> {
        let Loaded { value: mut case, version } = self.case(request).map_err(|e| e.named_by(Field::Request))?;
        self.rights.require(actor, Act::OfferDeal, &case.target())?;
        let mut op = Operation::by(self, actor)?;
        let now = op.now;
        let by = self.deciding(&mut op, actor, &case)?;
        let decided = granted(&case)?;
        let mut old = case.deal.map(|d| self.deal(&d)).transpose()?;
        if let Some(Loaded { value: live, .. }) = &old {
            let deal = self.deal_record(live)?.subject;
            match live.state(now, &deal) {
                // the request was decided anew, on an objection
                DealState::Active if deal.decision != decided => {}
                state if state.lives() => {
                    return Err(EngineError::state(
                        format!("the request has a deal already: {}", live.id),
                        Mend::by("see it", format!("datadeal deal show {}", live.id)),
                    ));
                }
                _ => old = None,
            }
        }
        let judged = self.still_permitted(&op.view, &case, now)?;
        let owner = self.organisation(&op.view, &case.owner)?.name;
        let id = op.id()?;
        let supersedes = old.as_ref().map(|old| old.value.deal);
        let mut deal = Deal { supersedes, ..deal_of(&case, &judged, id, owner, decided, by, now)? };
        deal.obligations.extend(self.extra_terms(case.approvals.values().map(|a| &a.record))?);
        op.item.guards.extend(judged.force.guards);
        let row = self.sign_offer(&mut op, &case, id, &deal, old.as_ref().map(|old| old.value.id))?;
        match old {
            Some(old) => self.followed(&mut op, old, row.deal)?,
            None => case.deal = Some(id),
        }
        self.save(&mut op, &case, version)?;
        op.answer(DealTold::new(&row, deal, now))
    }

    /// The terms under which approvals were given, in their order.
    pub(in crate::engine) fn extra_terms<'a>(
        &self,
        approvals: impl IntoIterator<Item = &'a Reference>,
    ) -> Result<Vec<Obligation>, EngineError> {
        let mut terms = Vec::new();
        for approval in approvals {
            terms.extend(self.record::<ApprovalGiven>(approval, RecordType::Approval)?.subject.terms);
        }
        let obligation = |(term, n): (ExtraTerm, u32)| {
            let (id, kind) = (format!("term/{n}"), "term".parse()?);
            Ok(Obligation { id, kind, clause: term.clause, due: None, legal_basis: term.legal_basis })
        };
        terms.into_iter().zip(1..).map(obligation).collect()
    }

    /// Offers the deal that follows one which nears its end: the same for another term, asked about again.
    ///
    /// # Errors
    /// No right, no mandate, a deal that is not active or ends later than in three months, or that would no longer be granted.
    pub fn renew(&self, actor: &Actor, deal: &Urn) -> Result<Pending<DealTold>, EngineError> {
        self.follow(actor, deal, |now, case, old| {
            let opens = old.term.until.plus_seconds(-RENEWAL_DAYS * 86_400);
            if now < opens {
                return Err(EngineError::state(
                    format!("the deal ends on {}, so it can be renewed from {opens} on", old.term.until.day()),
                    Mend::by("to change it before then, amend it", "datadeal deal amend"),
                ));
            }
            let from = old.term.until;
            let months = self.received(&case.request)?.scope.term_months;
            let offer_until = now.plus_seconds(OFFER_DAYS * 86_400).min(from);
            Ok(Deal { term: DealTerm { from, until: ends(from, months) }, offer_until, ..old.clone() })
        })
    }

    /// Offers a narrower deal in the place of an active one: fewer columns, or an earlier end.
    ///
    /// # Errors
    /// No right, no mandate, a deal that is not active, nothing that changes, or something that becomes wider.
    pub fn amend(&self, actor: &Actor, deal: &Urn, change: &Amendment) -> Result<Pending<DealTold>, EngineError> {
        self.follow(actor, deal, |now, _, old| {
            let columns = change.columns.clone().unwrap_or_else(|| old.scope.columns.clone());
            let until = change.until.unwrap_or(old.term.until);
            if columns == old.scope.columns && until == old.term.until {
                return Err(EngineError::input(
                    Field::Amendment,
                    "changes nothing",
                    "name fewer columns, or an earlier end",
                ));
            }
            if !columns.is_subset(&old.scope.columns) || columns.is_empty() != old.scope.columns.is_empty() {
                let given = old.scope.columns.iter().cloned().collect::<Vec<_>>().join(", ");
                return Err(EngineError::input(
                    Field::Columns,
                    "are others than the deal gives",
                    format!("name some of: {given}; for more, file a new request"),
                ));
            }
            if until <= now || until > old.term.until {
                return Err(EngineError::input(
                    Field::Until,
                    format!("{until} is past, or after the end of the deal"),
                    format!("give an instant before {}; for longer, renew it", old.term.until),
                ));
            }
            let (mut scope, offer_until) = (old.scope.clone(), now.plus_seconds(OFFER_DAYS * 86_400).min(until));
            scope.columns = columns;
            Ok(Deal { scope, term: DealTerm { from: now, until }, offer_until, ..old.clone() })
        })
    }

    /// Offers a deal in the place of an active one. It rests on the same decision, so its clauses are the same: where the conditions
    /// that reach it ask for others, a new request is needed.
    fn follow(
        &self,
        actor: &Actor,
        deal: &Urn,
        change: impl FnOnce(Time, &Case, &Deal) -> Result<Deal, EngineError>,
    ) -> Result<Pending<DealTold>, EngineError> {
        let old_row = self.deal(deal)?;
        let row = &old_row.value;
        let Loaded { value: case, version: case_version } = self.case(&row.case)?;
        self.rights.require(actor, Act::OfferDeal, &case.target())?;
        let mut op = Operation::by(self, actor)?;
        let now = op.now;
        let by = self.deciding(&mut op, actor, &case)?;
        let old = self.deal_record(row)?.subject;
        is_active(row.state(now, &old), deal)?;
        let id = op.id()?;
        let new = Deal {
            number: number(id, now),
            words: Wording { nl: template(Lang::Nl), en: template(Lang::En) },
            supersedes: Some(row.deal),
            actor: by,
            ..change(now, &case, &old)?
        };
        op.item.guards.extend(self.still_holds(&op.view, &case, &new, now)?);
        let followed = self.sign_offer(&mut op, &case, id, &new, Some(row.id))?;
        self.followed(&mut op, old_row, followed.deal)?;
        self.save(&mut op, &case, case_version)?;
        op.answer(DealTold::new(&followed, new, now))
    }

    /// Writes on an active deal which other one was offered to follow it, if no other is.
    fn followed(&self, op: &mut Operation<'_>, old: Loaded<DealNow>, by: Reference) -> Result<(), EngineError> {
        let Loaded { value: mut row, version } = old;
        if let Some(next) = row.successor.map(|s| self.deal(&s.deal.id)).transpose()?
            && self.state_of(&next.value, op.now)?.lives()
        {
            return Err(EngineError::state(
                format!("a deal that follows it was offered already: {}", next.value.id),
                Mend::by("see it", format!("datadeal deal show {}", next.value.id)),
            ));
        }
        row.successor = Some(Successor { deal: by, accepted: None });
        self.save_deal(op, &row, version)
    }

    /// Refuses what would no longer be granted under the versions that reach a renewal; gives the guards on what was read.
    pub(in crate::engine) fn still_holds(
        &self,
        view: &View,
        case: &Case,
        deal: &Deal,
        now: Time,
    ) -> Result<Vec<Guard>, EngineError> {
        let again = self.again(view, case, deal, Reach::Renewal, now)?;
        let by_signing = again.decision.conditions.iter().filter(|a| {
            matches!(a.role, Role::Condition(kind) if kind != ConditionKind::Entry)
                && again.input.accepted.iter().any(|id| id.as_str() == a.bare_id())
        });
        let clauses = deal.obligations.iter().filter(|o| !o.id.starts_with("term/"));
        let same = by_signing
            .map(|a| (a.id.as_str(), a.text.clause.as_ref()))
            .eq(clauses.map(|o| (o.id.as_str(), Some(&o.clause))));
        if again.decision.outcome == Outcome::Permit && same {
            return Ok(again.guards);
        }
        let failing = again.decision.failing.join(", ");
        let why = if same {
            format!("{}: {failing}", again.decision.outcome.as_str())
        } else {
            "its clauses changed".to_owned()
        };
        Err(EngineError::state(
            format!("the deal would no longer be granted as it is ({why})"),
            Mend::by(
                "file a new request under the conditions of today, or give newer evidence",
                "datadeal evidence add",
            ),
        ))
    }

    /// Signs an offer for the owner, with a place in its status lists. Who offers nothing blank is checked here, at the one door.
    fn sign_offer(
        &self,
        op: &mut Operation<'_>,
        case: &Case,
        id: Urn,
        deal: &Deal,
        supersedes: Option<Urn>,
    ) -> Result<DealNow, EngineError> {
        if let Some(field) = blank(deal) {
            return Err(EngineError::state(
                format!("the agreement would have nothing for `{field}`"),
                "fill it in where it comes from (dataset, organisation, condition or request), then offer again",
            ));
        }
        op.made(id);
        let status = self.status_entries(op, case)?;
        let record = op.sign(New {
            id: Some(id),
            salt: Some(self.random.salt()?),
            about: About::Case(&case.id, &case.salt),
            listed: Some(case.id.to_string()),
            valid_until: Some(deal.term.until),
            status: &status,
            ..New::public(RecordType::Deal, &case.owner, deal)
        })?;
        let row = DealNow {
            id,
            deal: record,
            case: case.id,
            owner: case.owner.clone(),
            reuser: case.applicant.clone(),
            dataset: case.dataset.clone(),
            acceptance: None,
            revocations: Vec::new(),
            reviews: Vec::new(),
            supersedes,
            successor: None,
        };
        self.save_deal(op, &row, 0)?;
        let of = state::deal_of(&row.reuser, &row.dataset);
        for (index, parent) in [(Index::DealOf, of.as_str()), (Index::ReuserDeal, row.reuser.as_str())] {
            op.item = std::mem::take(&mut op.item).list(index, parent, id.to_string());
        }
        // the last whole day
        let day = term::local_day(deal.offer_until.plus_seconds(-86_400));
        op.tell(&row.event(EventType::DealOffered).day(day.to_string()))?;
        Ok(row)
    }

    /// Who decides on a deal, under the mandate of the owner.
    pub(in crate::engine) fn deciding(
        &self,
        op: &mut Operation<'_>,
        actor: &Actor,
        case: &Case,
    ) -> Result<Acting, EngineError> {
        let mandate = self.decide_mandate(op, actor, case)?;
        self.acting(&op.view, actor, Authority::Mandate(mandate.digest), Holder::Service)
    }

    /// The case judged again for the granted columns: a deal is never offered or accepted on what no longer holds.
    pub(in crate::engine) fn still_permitted(
        &self,
        view: &View,
        case: &Case,
        now: Time,
    ) -> Result<Judged, EngineError> {
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
                Mend::by("repeat with newer evidence", "datadeal evidence add"),
            ));
        }
        Ok(judged)
    }
}

/// The decision that granted a request.
fn granted(case: &Case) -> Result<DealDecision, EngineError> {
    match &case.decision {
        Some(d) if d.result.grants() => match d.input {
            Some(input) => Ok(DealDecision { record: d.record, input }),
            None => Err(EngineError::state(
                "the decision names no input",
                Mend::by("the database was altered", "datadeal audit"),
            )),
        },
        Some(d) => Err(EngineError::state(
            format!("the request was not granted: {}", d.result.as_str()),
            Mend::by("see why", format!("datadeal request show {}", case.id)),
        )),
        None => Err(EngineError::state(
            "the request is not decided yet",
            Mend::by("see what it waits for", format!("datadeal request show {}", case.id)),
        )),
    }
}

/// Refuses what is done only with an active deal.
pub(in crate::engine) fn is_active(state: DealState, deal: &Urn) -> Result<(), EngineError> {
    if state == DealState::Active {
        return Ok(());
    }
    let help = Mend::by("see it", format!("datadeal deal show {deal}"));
    Err(EngineError::state(format!("the deal is {}, not active", state.as_str()), help))
}
