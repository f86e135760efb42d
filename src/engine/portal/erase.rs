//! Erasure: side documents, input and evidence of a closed case are removed, with a reason, and the erasure is logged. It never alters a
//! signed record: signatures and proofs still verify, and replay says that the input was erased.

use std::collections::BTreeSet;

use crate::engine::operation::{About, New, Operation};
use crate::engine::rows::{self, Loaded};
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::input::DecisionInput;
use crate::model::record::{Authority, DealReview, Erasure, Holder, RecordType, Reference};
use crate::model::{Digest, Urn, json};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

impl Engine {
    /// Erases what names persons or facts in a closed case. Side documents of persons who still act for their organisation stay, for they
    /// are the portal's own; the evidence of the applicant goes if no open case of it reads it.
    ///
    /// # Errors
    /// No right, no reason, a case that is open, or a deal that is still offered, active or suspended.
    pub fn erase(
        &self,
        actor: &Actor,
        request: &Urn,
        reason: &str,
    ) -> Result<(Reference, BTreeSet<Digest>), EngineError> {
        self.rights.require(actor, Act::Erase, &Target::default())?;
        if reason.trim().is_empty() {
            return Err(EngineError::input(
                Field::Reason,
                "is empty",
                "say why, for instance the item of the retention list",
            ));
        }
        let Loaded { value: mut case, version } = self.case(request)?;
        let mut op = Operation::by(self, actor)?;
        if case.waits() {
            return Err(EngineError::state(
                "the case is open",
                Mend::by("see it", format!("datadeal request show {request}")),
            ));
        }
        if case.erased.is_some() {
            return Err(EngineError::state(
                "the case was erased before",
                Mend::by("see it", format!("datadeal request show {request}")),
            ));
        }
        let deals = self.deals_of(&case)?;
        for row in &deals {
            if self.state_of(row, op.now)?.lives() {
                return Err(EngineError::state(
                    "its deal is still alive",
                    Mend::by("see it", format!("datadeal deal show {}", row.id)),
                ));
            }
        }
        let mut erased = BTreeSet::new();
        let others =
            rows::all::<crate::engine::state::Case>(&*self.store, Kind::Request, Some(case.applicant.as_str()))?;
        let needed = others.iter().any(|c| c.id != case.id && c.erased.is_none());
        for input in rows::all::<DecisionInput>(&*self.store, Kind::Input, Some(&case.id.to_string()))? {
            let digest = Digest::of(&json::bytes(&input, "decision input")?);
            erased.insert(digest);
            op.item = std::mem::take(&mut op.item).delete(Kind::Input, digest.to_string());
            let evidence = if needed { BTreeSet::new() } else { input.evidence() };
            for digest in evidence {
                erased.insert(digest);
                op.item = std::mem::take(&mut op.item).delete(Kind::Evidence, digest.to_string());
            }
        }
        for row in &deals {
            for review in &row.reviews {
                let input = self.record::<DealReview>(&review.record, RecordType::Review)?.subject.input;
                erased.insert(input);
                op.item = std::mem::take(&mut op.item).delete(Kind::Input, input.to_string());
            }
            rows::each_row(&*self.store, Kind::Given, Some(&row.id.to_string()), |given| {
                op.item = std::mem::take(&mut op.item).delete(Kind::Given, given.key);
                Ok(())
            })?;
            // they are named by nothing, but for a view that was weighed
            for event in self.events_of(&row.id)? {
                erased.insert(Digest::of(&json::bytes(&event, "event")?));
                op.item = std::mem::take(&mut op.item).delete(Kind::DealEvent, event.id.to_string());
            }
        }
        let subject = Erasure {
            request: case.request,
            erased: erased.clone(),
            reason: reason.to_owned(),
            actor: self.acting(
                &op.view,
                actor,
                Authority::Register("the operator of the portal".to_owned()),
                Holder::Service,
            )?,
        };
        let operator = self.portal.operator.clone();
        let (id, salt) = (case.id, case.salt);
        let record = New {
            salt: Some(self.random.salt()?),
            about: About::Case(&id, &salt),
            listed: Some(id.to_string()),
            ..New::public(RecordType::Erasure, &operator, &subject)
        };
        let reference = op.sign(record)?;
        case.erased = Some(reference);
        self.save(&mut op, &case, version)?;
        op.commit()?;
        Ok((reference, erased))
    }
}
