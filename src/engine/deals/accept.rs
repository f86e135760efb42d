//! Acceptance: the reuser's signature over a deal and its words, by a person with authority to bind, with a key that the service keeps
//! or with the reuser's own.

use serde_json::Value;

use super::deal::DealTold;
use super::life::{DealNow, DealState, Successor};
use crate::engine::known::View;
use crate::engine::operation::{About, New, Operation, Pending};
use crate::engine::rows::Loaded;
use crate::engine::state::Case;
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::event::EventType;
use crate::model::record::{
    self, Acceptance, Authority, Deal, Draft, Holder, Issuer, KeyUse, Record, RecordType, SIGNED_BEFORE,
};
use crate::model::{Document, Time, Urn, json};
use crate::rights::{Act, Actor};
use crate::sign::{SigningKey, proof};
use crate::store::Guard;

/// Who signs an acceptance.
enum Signer<'a> {
    /// The service, for the reuser.
    Service,
    /// The reuser, whose key is here.
    Key(&'a SigningKey),
    /// The reuser, elsewhere: the signed record.
    Signed(Box<Record<Acceptance>>),
}

impl Engine {
    /// Accepts a deal as offered, signed with the key that the service keeps for the reuser, or with the one that is given.
    ///
    /// # Errors
    /// No right, no authority to bind, an offer that lapsed or ended, evidence or conditions that changed since, or no key.
    pub fn accept(
        &self,
        actor: &Actor,
        deal: &Urn,
        key: Option<&SigningKey>,
    ) -> Result<Pending<DealTold>, EngineError> {
        self.accepted_by(actor, deal, key.map_or(Signer::Service, Signer::Key))
    }

    /// The acceptance of an offer before it is signed, for whoever holds the reuser's own key. It can be handed in for a week, while
    /// the offer stands.
    ///
    /// # Errors
    /// As [`Engine::accept`]; or no key of the reuser that it holds itself.
    pub fn acceptance_document(&self, actor: &Actor, deal: &Urn) -> Result<Value, EngineError> {
        let (row, case) = self.to_accept(actor, deal)?;
        let now = self.clock.now();
        let (view, offered) = (self.view()?, self.deal_record(&row.value)?);
        self.acceptable(&view, &row.value, &case.value, &offered.subject, now)?;
        let subject = self.acceptance(&view, actor, &row.value, &offered, Holder::Own)?;
        let keys = self.keys_of(&view, &row.value.reuser)?;
        let own = keys
            .iter()
            .map(|k| &k.value)
            .find(|k| !k.revoked && k.held_by == Holder::Own && k.uses.contains(&KeyUse::Acceptances));
        let key = own.ok_or_else(|| EngineError::NoKey {
            organisation: row.value.reuser.to_string(),
            key_use: KeyUse::Acceptances.as_str(),
        })?;
        let draft = Draft {
            kind: RecordType::Acceptance,
            id: Urn::new(self.random.uuid_v7(now)?),
            issuer: Issuer { id: key.key, legal_name: key.name.clone(), register_number: key.organisation.clone() },
            valid_from: now,
            valid_until: None,
            salt: Some(self.random.salt()?),
            notice: self.portal.notice.as_deref(),
            status: &[],
            subject: &subject,
        };
        Ok(json::to_value(&draft, "record")?)
    }

    /// Accepts a deal by the document of [`Engine::acceptance_document`], signed elsewhere with the reuser's own key.
    ///
    /// # Errors
    /// As [`Engine::accept`]; or a document that is another, is not signed by that key, or was made before the offer or more
    /// than a week ago.
    pub fn accept_signed(&self, actor: &Actor, deal: &Urn, signed: &Value) -> Result<Pending<DealTold>, EngineError> {
        let document = Document::of(signed).map_err(|e| EngineError::unread(Field::Signed, &e))?;
        let signed = record::read::<Acceptance>(document, RecordType::Acceptance)
            .map_err(|e| EngineError::unread(Field::Signed, &e))?;
        self.accepted_by(actor, deal, Signer::Signed(Box::new(signed)))
    }

    fn to_accept(&self, actor: &Actor, deal: &Urn) -> Result<(Loaded<DealNow>, Loaded<Case>), EngineError> {
        let row = self.deal(deal)?;
        let case = self.case(&row.value.case)?;
        self.rights.require(actor, Act::AcceptDeal, &case.value.target())?;
        Ok((row, case))
    }

    fn accepted_by(&self, actor: &Actor, deal: &Urn, signer: Signer<'_>) -> Result<Pending<DealTold>, EngineError> {
        let (Loaded { value: mut row, version }, Loaded { value: mut case, version: case_version }) =
            self.to_accept(actor, deal)?;
        let mut op = Operation::by(self, actor)?;
        let offered = self.deal_record(&row)?;
        // it is judged when it is handed in; the deal is active from when it was signed
        let at = match &signer {
            Signer::Signed(signed) => signed_when(signed, &offered, op.now)?,
            _ => op.now,
        };
        op.item.guards.extend(self.acceptable(&op.view, &row, &case, &offered.subject, op.now)?);
        let holder = if matches!(signer, Signer::Service) { Holder::Service } else { Holder::Own };
        let subject = self.acceptance(&op.view, actor, &row, &offered, holder)?;
        let about = About::Case(&case.id, &case.salt);
        let key = if let Signer::Key(key) = signer { Some(key) } else { None };
        let new = New {
            key,
            salt: None,
            about,
            listed: Some(case.id.to_string()),
            ..New::public(RecordType::Acceptance, &row.reuser, &subject)
        };
        let reference = match signer {
            Signer::Signed(signed) => {
                counts(&signed, &subject)?;
                op.add(new, signed.id, (&signed.issuer, at), signed.document)?
            }
            _ => op.sign(New { salt: Some(self.random.salt()?), ..new })?,
        };
        row.acceptance = Some(reference);
        self.save_deal(&mut op, &row, version)?;
        if let Some(old) = row.supersedes {
            self.take_over(&mut op, &old, &row, at.max(offered.subject.term.from))?;
            case.deal = Some(row.id);
        }
        // of two who accept at once one finds that the case has changed
        self.save(&mut op, &case, case_version)?;
        op.tell(&row.event(EventType::DealAccepted))?;
        let now = op.now;
        op.answer(DealTold::new(&row, offered.subject, now))
    }

    /// Refuses an offer that cannot be accepted now; gives the guards on what was read.
    fn acceptable(
        &self,
        view: &View,
        row: &DealNow,
        case: &Case,
        deal: &Deal,
        now: Time,
    ) -> Result<Vec<Guard>, EngineError> {
        let state = row.state(now, deal);
        if let Some(accepted) = &row.acceptance {
            return Err(self.done_before(accepted)?);
        }
        if state != DealState::Offered {
            return Err(EngineError::state(
                format!("the deal is {}, so it cannot be accepted", state.as_str()),
                Mend::by("see it", format!("datadeal deal show {}", row.id)),
            ));
        }
        if !crate::text::has_words(&deal.words) {
            return Err(EngineError::state(
                "the words of this offer are of a template that this version of the program does not have",
                Mend::by("withdraw it and offer it again", "datadeal deal revoke, datadeal deal offer"),
            ));
        }
        match deal.supersedes {
            None => Ok(self.still_permitted(view, case, now)?.force.guards),
            Some(_) => self.still_holds(view, case, deal, now),
        }
    }

    fn acceptance(
        &self,
        view: &View,
        actor: &Actor,
        row: &DealNow,
        offered: &Record<Deal>,
        holder: Holder,
    ) -> Result<Acceptance, EngineError> {
        let authority = Authority::Register(self.authority_to_bind(view, actor)?);
        Ok(Acceptance {
            deal: row.deal,
            accepted: offered.subject.obligations.iter().map(|o| o.id.clone()).collect(),
            words: offered.subject.words,
            actor: self.acting(view, actor, authority, holder)?,
        })
    }

    /// The deal whose place is taken: it must still be active, and ends when the term of the other begins.
    fn take_over(&self, op: &mut Operation<'_>, old: &Urn, new: &DealNow, from: Time) -> Result<(), EngineError> {
        let Loaded { value: mut row, version } = self.deal(old)?;
        super::offer::is_active(self.state_of(&row, op.now)?, old)?;
        let accepted = new.acceptance.map(|acceptance| (acceptance, from));
        row.successor = Some(Successor { deal: new.deal, accepted });
        self.save_deal(op, &row, version)
    }
}

const AGAIN: &str = "fetch the document again, sign it as it is, and hand it in within a week";

/// When it was signed: after the offer, at most a week ago, and not in the future.
fn signed_when(signed: &Record<Acceptance>, offered: &Record<Deal>, now: Time) -> Result<Time, EngineError> {
    let at = signed.valid_from;
    if at < offered.valid_from || at > now || at.plus_seconds(SIGNED_BEFORE) < now {
        let why = format!("is of {at}, the offer of {}, and it is {now}", offered.valid_from);
        return Err(EngineError::input(Field::Signed, why, AGAIN));
    }
    Ok(at)
}

/// Whether a record signed elsewhere is this acceptance. Whose key it is the operation looks up.
fn counts(signed: &Record<Acceptance>, wanted: &Acceptance) -> Result<(), EngineError> {
    let wrong = |why: &str| EngineError::input(Field::Signed, why, AGAIN);
    let verified = proof::verify_document(&signed.document).map_err(|e| EngineError::unread(Field::Signed, &e))?;
    if verified.key != signed.issuer.id || verified.created != signed.valid_from {
        return Err(wrong("is signed by another key than its issuer's, or at another time"));
    }
    if signed.subject != *wanted {
        return Err(wrong("says something else than what is offered"));
    }
    if signed.salt.is_none() || signed.valid_until.is_some() || signed.has_status {
        return Err(wrong("has other members than the document that was given out"));
    }
    Ok(())
}
