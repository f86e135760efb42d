//! Evidence by an earlier decision of this portal: an owner that authorised an organisation vouches for that in later requests, for
//! instance the institution first, then each project. It ends by itself, and with the decision or deal on which it rests.

use crate::conditions::{FactType, facts};
use crate::engine::deals::life::DealState;
use crate::engine::operation::{Operation, Pending};
use crate::engine::rows::{self, Loaded};
use crate::engine::state::Case;
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::record::{Authority, Evidence, EvidenceKind, Holder, Reference};
use crate::model::{Digest, Time, Urn};
use crate::rights::{Act, Actor};
use crate::store::Kind;

/// Evidence to be made of an earlier decision.
#[derive(Debug, Clone)]
pub struct NewByDecision {
    /// The request that was granted.
    pub request: Urn,
    /// A fact of the schema that a decision can verify: a permission with giver, reference and end.
    pub fact: String,
    /// Before this instant; the end of the deal, where there is one, if none or later.
    pub until: Option<Time>,
}

/// On what it rests.
struct Basis {
    record: Reference,
    reference: String,
    until: Option<Time>,
}

impl Engine {
    /// States, for the owner, that an organisation was authorised by an earlier decision or deal: evidence for a fact of that organisation.
    ///
    /// # Errors
    /// No right, a request that was not granted or whose deal has ended, a fact that no decision verifies, no end, or no key for evidence.
    pub fn evidence_by_decision(&self, actor: &Actor, new: &NewByDecision) -> Result<Pending<Digest>, EngineError> {
        let Loaded { value: case, version } = self.case(&new.request)?;
        self.rights.require(actor, Act::ConfirmEvidence, &case.target())?;
        let mut op = Operation::by(self, actor)?;
        rows::guard(&mut op.item, Kind::Request, &case.id.to_string(), version);
        let basis = self.basis(&mut op, &case)?;
        let until = [new.until, basis.until].into_iter().flatten().min().ok_or_else(|| {
            EngineError::input(
                Field::Until,
                "is missing, and the decision led to no deal that ends",
                "say when it ends",
            )
        })?;
        if until <= op.now {
            return Err(EngineError::input(Field::Until, format!("{until} is past"), "give a later time"));
        }
        let schema = self.schema()?;
        let grant = schema.facts().get(&new.fact).filter(|info| {
            let members = ["by", "reference", "until"];
            let record = matches!(&info.ty, FactType::Record(of) if of.keys().eq(members));
            record && info.verified_by.iter().any(|k| k == EvidenceKind::Decision.as_str())
        });
        if grant.is_none() {
            let why = format!("`{}` is no permission that an earlier decision verifies", new.fact);
            return Err(EngineError::input(
                Field::Fact,
                why,
                Mend::by("one whose @verified_by names `decision`", "datadeal schema show"),
            ));
        }
        let owner = self.organisation(&op.view, &case.owner)?.name;
        let value = serde_json::json!({"by": owner, "reference": basis.reference, "until": until});
        facts::expression(&schema, &new.fact, &value).map_err(|e| EngineError::Facts(vec![e]))?;
        let acting = self.acting(
            &op.view,
            actor,
            Authority::Register(format!("states what {} decided", case.owner)),
            Holder::Service,
        )?;
        let subject = Evidence {
            organisation: case.applicant.clone(),
            fact: new.fact.clone(),
            value,
            kind: EvidenceKind::Decision,
            from: op.now,
            until,
            reason: None,
            actor: Some(acting),
            decision: Some(basis.record),
        };
        let digest = self.put_evidence(&mut op, &case.owner, &subject)?;
        op.answer(digest)
    }

    /// The active deal of a case, or its positive decision where there is none.
    fn basis(&self, op: &mut Operation<'_>, case: &Case) -> Result<Basis, EngineError> {
        let granted = case.decision.as_ref().filter(|d| d.result.grants() && case.erased.is_none());
        let decision = granted.ok_or_else(|| {
            EngineError::state(
                "the request was not granted",
                Mend::by("see it", format!("datadeal request show {}", case.id)),
            )
        })?;
        let by_decision = Basis { record: decision.record, reference: decision.record.id.to_string(), until: None };
        let Some(deal) = case.deal else { return Ok(by_decision) };
        let Loaded { value: row, version } = self.deal(&deal)?;
        rows::guard(&mut op.item, Kind::Deal, &deal.to_string(), version);
        match self.state_of(&row, op.now)? {
            DealState::Offered | DealState::Lapsed => Ok(by_decision),
            DealState::Active => {
                let term = self.deal_record(&row)?.subject;
                Ok(Basis { record: row.deal, reference: term.number, until: Some(term.term.until) })
            }
            _ => Err(EngineError::state(
                "the deal of the request has ended, or stands still",
                Mend::by("see it", format!("datadeal deal show {deal}")),
            )),
        }
    }
}
