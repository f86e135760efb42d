//! Letters: what a decision record says, for its addressee, and the receipt of a request. In either language, for whoever may read the case.

use std::collections::BTreeMap;

use crate::engine::deals::deal::DealTold;
use crate::engine::deals::life::DealState;
use crate::engine::known::View;
use crate::engine::state::{Case, How};
use crate::engine::{Engine, EngineError, Mend};
use crate::evidence::Exhibit;
use crate::labels::SchemaLabels;
use crate::model::condition::Lang;
use crate::model::input::DecisionInput;
use crate::model::record::{
    ApprovalGiven, Authority, DecisionRecord, Mandate, RecordType, Reference, RequestReceived, Revocation, read,
};
use crate::model::term::SuspensionKind;
use crate::model::{Digest, Document, OrgId, Time, Urn};
use crate::rights::{Act, Actor};
use crate::store::Kind;
use crate::text::{self, Ended, Texts};

impl Engine {
    /// The letter of the newest decision on a request: that on an objection, or its end.
    ///
    /// # Errors
    /// No right, no such request, or one that is not decided.
    pub fn letter(&self, actor: &Actor, request: &Urn, lang: Lang) -> Result<String, EngineError> {
        let (view, case) = (self.view()?, self.case(request)?.value);
        self.rights.require(actor, Act::ReadCase, &self.read_target(&view, actor, &case)?)?;
        let first = case.decision.as_ref().map(|d| d.record);
        let newest: Option<Reference> = case.objection.as_ref().and_then(|o| o.ended).or(first);
        let newest = newest.ok_or_else(|| {
            EngineError::state(
                "the request is not decided yet, so there is no letter",
                Mend::by("see what it waits for", format!("datadeal request show {request}")),
            )
        })?;
        let record = self.record::<DecisionRecord>(&newest, RecordType::Decision)?;
        let decision = &record.subject;
        let version = self.record::<RequestReceived>(&decision.request, RecordType::Request)?;
        let completed = version.subject.completed_at.unwrap_or(version.valid_from);
        let input = self.kept_input(decision.input.as_ref())?;
        let approvals: Result<Vec<_>, _> = decision.approvals.iter().map(|a| self.approval(a)).collect();
        let approvals = approvals?;
        let mandate = match &decision.actor.authority {
            Authority::Mandate(digest) => self.mandate_by(digest)?,
            _ => None,
        };
        let term = self.term_of(&case, decision.received_at, record.valid_from)?;
        let schema = self.schema()?;
        let (contact, dataset) = (self.contact_of(&view, &case.owner)?, self.dataset_in(&view, case.dataset.as_str())?);
        let ended = Ended {
            id: record.id,
            decided: record.valid_from,
            title: &dataset.dataset.title,
            decision,
            request: &version.subject,
            input: input.as_ref(),
            completed: version.subject.replaces.map(|_| completed),
            evidence_from: &self.evidence_from(input.as_ref())?,
            approvals: &approvals,
            mandate: mandate.as_ref(),
            views: asked_others(&case),
            offer_until: self.offered_until(&case)?,
            late: Some(&term.late),
            contact: contact.as_deref(),
            notice: self.portal.notice.as_deref(),
        };
        Ok(text::letter(&Texts::new(lang), &SchemaLabels(&schema), &ended))
    }

    /// The letter of the newest step in the life of a deal: what happens to it, why, from when, what becomes of the copies, and until
    /// when and where one can object.
    ///
    /// # Errors
    /// No right, no such deal, or one to which nothing happened.
    pub fn deal_letter(&self, actor: &Actor, deal: &Urn, lang: Lang) -> Result<String, EngineError> {
        let row = self.readable(actor, deal)?;
        let newest = row.revocations.last().ok_or_else(|| {
            let help = Mend::by("see where it stands", format!("datadeal deal show {deal}"));
            EngineError::state("the deal was not suspended, revoked or ended, so there is no letter", help)
        })?;
        let step = self.record::<Revocation>(&newest.record, RecordType::Revocation)?;
        let agreed = self.deal_record(&row)?.subject;
        Ok(text::step_letter(&Texts::new(lang), &agreed, step.id, step.valid_from, &step.subject))
    }

    /// The receipt of a request: when it came in, until when there is time to decide, and where to ask.
    ///
    /// # Errors
    /// No right, or no such request.
    pub fn receipt(&self, actor: &Actor, request: &Urn, lang: Lang) -> Result<String, EngineError> {
        let (view, case) = (self.view()?, self.case(request)?.value);
        self.rights.require(actor, Act::ReadCase, &self.read_target(&view, actor, &case)?)?;
        let contact = self.contact_of(&view, &case.owner)?;
        let received = self.received(&case.request)?;
        Ok(text::receipt(&Texts::new(lang), &received, contact.as_deref(), self.portal.notice.as_deref()))
    }

    fn approval(&self, reference: &Reference) -> Result<ApprovalGiven, EngineError> {
        Ok(self.record::<ApprovalGiven>(reference, RecordType::Approval)?.subject)
    }

    fn mandate_by(&self, digest: &Digest) -> Result<Option<Mandate>, EngineError> {
        let Some(document) = self.document_with(digest, None)? else { return Ok(None) };
        Ok(Some(read::<Mandate>(document, RecordType::Mandate)?.subject))
    }

    /// Where an organisation as a whole is reached.
    fn contact_of(&self, view: &View, organisation: &OrgId) -> Result<Option<String>, EngineError> {
        let contacts = self.contacts_of(view, organisation)?;
        Ok(contacts.iter().find(|c| c.person.is_none()).map(|c| c.mail.clone()))
    }

    /// From when each document counts on which an input rests, as far as it is kept.
    fn evidence_from(&self, input: Option<&DecisionInput>) -> Result<BTreeMap<Digest, Time>, EngineError> {
        let mut from = BTreeMap::new();
        for digest in input.iter().flat_map(|i| i.evidence()) {
            if let Some(row) = self.store.row(Kind::Evidence, &digest.to_string())? {
                from.insert(digest, Exhibit::read(Document::read(row.body)?)?.from());
            }
        }
        Ok(from)
    }

    /// When the offer of the deal of a case lapses, as long as it waits to be accepted.
    fn offered_until(&self, case: &Case) -> Result<Option<Time>, EngineError> {
        let Some(deal) = &case.deal else { return Ok(None) };
        let told: DealTold = self.tell(self.deal(deal)?.value)?;
        Ok((told.state == DealState::Offered).then_some(told.deal.offer_until))
    }
}

/// Whether others were asked for their views on a request.
fn asked_others(case: &Case) -> bool {
    let objected = case.objection.iter().flat_map(|o| &o.moved);
    case.moved.iter().chain(objected).any(|m| matches!(&m.how, How::Suspended(SuspensionKind::Views, ..)))
}
