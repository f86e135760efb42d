//! Evidence of an organisation: added as a signed document, or made as a confirmation by a named person.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::known::View;
use super::operation::{New, Operation, Pending};
use super::state::{self, Case};
use super::{Engine, EngineError};
use crate::conditions::facts;
use crate::evidence::{self, Exhibit, Measure, Statement};
use crate::model::record::{Authority, DecisionResult, Evidence, EvidenceKind, Holder, RecordType};
use crate::model::{Digest, Iri, OrgId, Time, Urn};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

/// How much evidence of one organisation is taken from outside.
const MOST_EVIDENCE: usize = 1_000;

/// A confirmation to be made.
#[derive(Debug, Clone)]
pub struct NewConfirmation {
    /// About whom.
    pub organisation: OrgId,
    /// A fact of the schema.
    pub fact: String,
    /// Its value.
    pub value: Value,
    /// Before this instant.
    pub until: Time,
    /// Why.
    pub reason: String,
}

/// Evidence that was added.
#[derive(Debug, Clone)]
pub struct Added {
    /// Digest of the document.
    pub digest: Digest,
    /// About whom.
    pub organisation: OrgId,
}

/// A piece of evidence and whether it counts now.
#[derive(Debug, Clone, serde::Serialize, ToSchema)]
pub struct EvidenceNow {
    /// Digest of the document.
    pub digest: Digest,
    /// The fact.
    pub fact: String,
    /// Its value.
    pub value: Value,
    /// Who says so.
    pub issuer: String,
    /// Of which kind.
    pub kind: EvidenceKind,
    /// From this instant.
    pub from: Time,
    /// Before this instant.
    pub until: Time,
    /// Why it does not count; none if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Decisions that rest on it, as far as whoever asks may read them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supports: Vec<Supported>,
}

/// A decision that rests on evidence.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, ToSchema)]
pub struct Supported {
    /// The request that it ended.
    pub request: Urn,
    /// For which dataset.
    pub dataset: Iri,
    /// How.
    pub result: DecisionResult,
    /// The deal that came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deal: Option<Urn>,
}

impl Engine {
    /// Adds evidence: a document of our own form or a credential in the form of others. Whether it counts is found out at each decision.
    ///
    /// # Errors
    /// No right, no evidence, about no organisation, or a signature that is not by its issuer.
    pub fn add_evidence(&self, actor: &Actor, document: &Value) -> Result<Pending<Added>, EngineError> {
        let mut op = Operation::by(self, actor)?;
        let exhibit = self.exhibit_of(document, op.now)?;
        let organisation = exhibit.organisation().cloned().ok_or_else(|| {
            let help =
                "it names one in `organisation` (NL.KVK:69599084) or `legal_person_id` (an EUID): let it be disclosed";
            EngineError::input("the evidence", "does not say about which one organisation it is", help)
        })?;
        self.rights.require(actor, Act::AddEvidence, &Target::of_applicant(organisation.clone()))?;
        self.organisation(&op.view, &organisation)?;
        self.room_for_evidence(&op.view, &organisation)?;
        let (schema, list) = (self.schema()?, self.trust_list()?);
        let statements = exhibit.statements(&schema);
        if statements.is_empty() {
            return Err(EngineError::input(
                "the evidence",
                "states no fact of the schema",
                "a claim is named as its fact: datadeal schema show lists them",
            ));
        }
        let against = BTreeMap::new();
        let measure = Measure {
            schema: &schema,
            trust_list: list.as_ref(),
            organisation: &organisation,
            now: op.now,
            against: &against,
        };
        if statements.iter().any(|s| evidence::why_not(&measure, &exhibit, s) == Some("signature")) {
            return Err(EngineError::input(
                "the evidence",
                "is not signed by its issuer's key",
                "ask its issuer for the document as it was signed",
            ));
        }
        let (digest, parent) = (exhibit.digest(), Some(organisation.as_str()));
        let body = exhibit.document().bytes().to_vec();
        op.item = std::mem::take(&mut op.item).put(Kind::Evidence, digest.to_string(), parent, body);
        self.note_lists(&mut op, &exhibit)?;
        op.answer(Added { digest, organisation })
    }

    /// Refuses more evidence of an organisation than anybody needs: each decision reads all of it.
    pub(super) fn room_for_evidence(&self, view: &View, organisation: &OrgId) -> Result<(), EngineError> {
        if self.exhibits_of(view, organisation)?.len() < MOST_EVIDENCE {
            return Ok(());
        }
        let why = format!("{MOST_EVIDENCE} documents are on file for {organisation}, and no more are taken");
        Err(EngineError::state(why, "ask the operator to erase what is no longer needed"))
    }

    /// Confirms a fact about an organisation, with a reason, signed for the organisation of the person who confirms.
    ///
    /// # Errors
    /// No right, an unknown fact, a value that fails its check, or no key for evidence.
    pub fn confirm_evidence(&self, actor: &Actor, new: &NewConfirmation) -> Result<Pending<Digest>, EngineError> {
        self.rights.require(actor, Act::ConfirmEvidence, &Target::of_owner(actor.organisation.clone()))?;
        self.organisation(&self.view()?, &new.organisation)?;
        facts::expression(&*self.schema()?, &new.fact, &new.value).map_err(|e| EngineError::Facts(vec![e]))?;
        if new.reason.trim().is_empty() {
            return Err(EngineError::input("--reason", "is empty", "say what was seen"));
        }
        let mut op = Operation::by(self, actor)?;
        if new.until <= op.now {
            return Err(EngineError::input("--until", format!("{} is past", new.until), "give a later time"));
        }
        let subject = Evidence {
            organisation: new.organisation.clone(),
            fact: new.fact.clone(),
            value: new.value.clone(),
            kind: EvidenceKind::Confirmation,
            from: op.now,
            until: new.until,
            reason: Some(new.reason.clone()),
            actor: Some(self.acting(
                &op.view,
                actor,
                Authority::Register(format!("confirms for {}", actor.organisation)),
                Holder::Service,
            )?),
            decision: None,
        };
        let digest = self.put_evidence(&mut op, &actor.organisation, &subject)?;
        op.answer(digest)
    }

    /// Signs evidence for an organisation and puts it on file.
    pub(super) fn put_evidence(
        &self,
        op: &mut Operation<'_>,
        issuer: &OrgId,
        subject: &Evidence,
    ) -> Result<Digest, EngineError> {
        let salt = Some(self.random.salt()?);
        let record =
            New { salt, valid_until: Some(subject.until), ..New::public(RecordType::Evidence, issuer, subject) };
        let document = op.sign_document(record)?;
        let (digest, parent) = (document.digest(), Some(subject.organisation.as_str()));
        op.item = std::mem::take(&mut op.item).put(Kind::Evidence, digest.to_string(), parent, document.into_bytes());
        Ok(digest)
    }

    /// All evidence of an organisation, and whether each counts now.
    ///
    /// # Errors
    /// No right: only who may add evidence for it, confirm evidence, or read cases sees it. Or the store cannot be read.
    pub fn evidence_of(&self, actor: &Actor, organisation: &OrgId) -> Result<Vec<EvidenceNow>, EngineError> {
        let own = Target::of_both(actor.organisation.clone(), organisation.clone());
        self.rights
            .require(actor, Act::AddEvidence, &own)
            .or_else(|_| self.rights.require(actor, Act::ConfirmEvidence, &own))
            .or_else(|_| self.rights.require(actor, Act::ReadCase, &own))?;
        let view = self.view()?;
        self.organisation(&view, organisation)?;
        let (schema, list, now) = (self.schema()?, self.trust_list()?, self.clock.now());
        let on_file = self.exhibits_of(&view, organisation)?;
        let shown = self.shown(&view, list.as_ref(), Vec::new(), on_file, now, &mut Vec::new())?;
        let measure =
            Measure { schema: &schema, trust_list: list.as_ref(), organisation, now, against: &shown.against };
        let mut rested = self.rested(&view, actor, organisation)?;
        let mut one = |exhibit: &Exhibit| {
            let issuer = exhibit.issuer_name(list.as_ref()).to_owned();
            let mut told = |s: &Statement<'_>| EvidenceNow {
                digest: exhibit.digest(),
                fact: s.fact.to_owned(),
                value: s.value.clone(),
                kind: exhibit.kind(),
                issuer: issuer.clone(),
                from: exhibit.from(),
                until: exhibit.until(),
                reason: evidence::why_not(&measure, exhibit, s),
                supports: rested.remove(&(exhibit.digest(), s.fact.to_owned())).unwrap_or_default(),
            };
            exhibit.statements(&schema).iter().map(&mut told).collect::<Vec<_>>()
        };
        Ok(shown.exhibits().flat_map(&mut one).collect())
    }

    /// Which decisions about an organisation rest on which evidence and fact, as their inputs say.
    fn rested(
        &self,
        view: &View,
        actor: &Actor,
        organisation: &OrgId,
    ) -> Result<BTreeMap<(Digest, String), Vec<Supported>>, EngineError> {
        let mut rested: BTreeMap<_, Vec<Supported>> = BTreeMap::new();
        for case in state::all::<Case>(&*self.store, Kind::Request, Some(organisation.as_str()))? {
            let may = self.rights.require(actor, Act::ReadCase, &self.read_target(view, actor, &case)?).is_ok();
            let Some(ended) = case.decision.as_ref().filter(|_| may) else { continue };
            for (fact, found) in self.kept_input(ended.input.as_ref())?.map(|i| i.verified).unwrap_or_default() {
                let (request, dataset, result, deal) = (case.id, case.dataset.clone(), ended.result, case.deal);
                rested.entry((found.evidence, fact)).or_default().push(Supported { request, dataset, result, deal });
            }
        }
        Ok(rested)
    }
}
