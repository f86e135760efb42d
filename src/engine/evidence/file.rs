//! Evidence of an organisation: added as a signed document, or made as a confirmation by a named person.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use utoipa::ToSchema;

use crate::conditions::facts;
use crate::engine::known::View;
use crate::engine::operation::{New, Operation, Pending};
use crate::engine::rows;
use crate::engine::state::Case;
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::evidence::{self, Exhibit, Measure, Statement};
use crate::model::record::{Authority, DecisionResult, Evidence, EvidenceKind, Holder, RecordType, Trusted};
use crate::model::{Digest, Iri, OrgId, Time, Urn};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

/// How many documents are kept on file for one organisation: each decision about it reads them all.
const MOST_EVIDENCE: usize = 500;

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
        let exhibit = Arc::new(self.exhibit_of(Field::Document, document, op.now)?);
        let organisation = exhibit.organisation().cloned().ok_or_else(|| {
            let help =
                "it names one in `organisation` (NL.KVK:69599084) or `legal_person_id` (an EUID): let it be disclosed";
            EngineError::input(Field::Document, "does not say about which one organisation it is", help)
        })?;
        self.rights.require(actor, Act::AddEvidence, &Target::of_applicant(organisation.clone()))?;
        self.organisation(&op.view, &organisation)?;
        let (schema, list) = (self.schema()?, self.trust_list()?);
        let statements = exhibit.statements(&schema);
        if statements.is_empty() {
            return Err(EngineError::input(
                Field::Document,
                "states no fact of the schema",
                Mend::by("a claim is named as its fact", "datadeal schema show"),
            ));
        }
        let against = BTreeMap::new();
        let measure = Measure {
            schema: &schema,
            trust_list: list.as_deref(),
            organisation: &organisation,
            now: op.now,
            against: &against,
        };
        if statements.iter().any(|s| evidence::why_not(&measure, &exhibit, s) == Some("signature")) {
            return Err(EngineError::input(
                Field::Document,
                "is not signed by its issuer's key",
                "ask its issuer for the document as it was signed",
            ));
        }
        let digest = exhibit.digest();
        self.keep_evidence(&mut op, &[exhibit], &organisation)?;
        op.answer(Added { digest, organisation })
    }

    /// Puts documents on file for the organisation that they are about. What is about another one, or does not say about which, is not
    /// kept; what is there stays as it is.
    pub(in crate::engine) fn keep_evidence(
        &self,
        op: &mut Operation<'_>,
        given: &[Arc<Exhibit>],
        organisation: &OrgId,
    ) -> Result<(), EngineError> {
        let mut new = BTreeMap::new();
        for exhibit in given.iter().filter(|e| e.is_about(organisation)) {
            let key = exhibit.digest().to_string();
            if self.store.row(Kind::Evidence, &key)?.is_none() {
                new.insert(key, exhibit);
            }
        }
        self.room_for_evidence(&op.view, organisation, new.len())?;
        for (key, exhibit) in new {
            let body = exhibit.document().bytes().to_vec();
            rows::guard(&mut op.item, Kind::Evidence, &key, 0);
            op.item = std::mem::take(&mut op.item).put(Kind::Evidence, key, Some(organisation.as_str()), body);
            self.note_lists(op, exhibit)?;
        }
        Ok(())
    }

    /// Whether so many more documents can be kept for an organisation.
    fn room_for_evidence(&self, view: &View, organisation: &OrgId, more: usize) -> Result<(), EngineError> {
        if more > 0 && self.exhibits_of(view, organisation)?.len().saturating_add(more) > MOST_EVIDENCE {
            let why = format!("{MOST_EVIDENCE} documents of evidence are kept for {organisation}, and no more");
            return Err(EngineError::state(
                why,
                Mend::by("the operator erases closed cases with their evidence", "datadeal erase"),
            ));
        }
        Ok(())
    }

    /// Confirms a fact about an organisation, with a reason, signed for the organisation of the person who confirms.
    ///
    /// # Errors
    /// No right, neither a case with the organisation nor a place on the trust list for this fact, an unknown fact, a value that fails its
    /// check, too many documents, or no key for evidence.
    pub fn confirm_evidence(&self, actor: &Actor, new: &NewConfirmation) -> Result<Pending<Digest>, EngineError> {
        let confirms = |owner| self.rights.require(actor, Act::ConfirmEvidence, &Target { owner, ..Target::default() });
        confirms(Some(actor.organisation.clone()))?;
        let view = self.view()?;
        self.organisation(&view, &new.organisation)?;
        let schema = self.schema()?;
        facts::expression(&schema, &new.fact, &new.value).map_err(|e| {
            let field = if schema.facts().contains_key(&new.fact) { Field::Value } else { Field::Fact };
            EngineError::input(field, e.why, e.help)
        })?;
        if new.reason.trim().is_empty() {
            return Err(EngineError::input(Field::Reason, "is empty", "say what was seen"));
        }
        let mut op = Operation::by(self, actor)?;
        if new.until <= op.now {
            return Err(EngineError::input(Field::Until, format!("{} is past", new.until), "give a later time"));
        }
        // nobody else adds to the file of an organisation
        if !self.counts_its_word(actor, &new.fact)? && !self.reads_a_case_of(&view, actor, &new.organisation)? {
            confirms(None)?;
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

    /// Whether the trust list lets somebody's organisation confirm a fact now.
    fn counts_its_word(&self, actor: &Actor, fact: &str) -> Result<bool, EngineError> {
        let (list, now) = (self.trust_list()?, self.clock.now());
        let own =
            |t: &Trusted| t.organisation == actor.organisation && t.vouches(fact, EvidenceKind::Confirmation, now);
        Ok(list.is_some_and(|list| list.trusted.iter().any(own)))
    }

    /// Whether somebody may read a case of an organisation.
    fn reads_a_case_of(&self, view: &View, actor: &Actor, organisation: &OrgId) -> Result<bool, EngineError> {
        for case in rows::all::<Case>(&*self.store, Kind::Request, Some(organisation.as_str()))? {
            if self.rights.require(actor, Act::ReadCase, &self.read_target(view, actor, &case)?).is_ok() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Signs evidence for an organisation and puts it on file.
    pub(in crate::engine) fn put_evidence(
        &self,
        op: &mut Operation<'_>,
        issuer: &OrgId,
        subject: &Evidence,
    ) -> Result<Digest, EngineError> {
        self.room_for_evidence(&op.view, &subject.organisation, 1)?;
        let salt = Some(self.random.salt()?);
        let record =
            New { salt, valid_until: Some(subject.until), ..New::public(RecordType::Evidence, issuer, subject) };
        let document = op.sign_document(record)?;
        let (digest, parent) = (document.digest(), Some(subject.organisation.as_str()));
        op.item = std::mem::take(&mut op.item).put(Kind::Evidence, digest.to_string(), parent, document.into_bytes());
        Ok(digest)
    }

    /// The evidence of an organisation, and whether each counts now: all of it for the organisation itself and for who may read a case of
    /// it, for others that confirm evidence what their own organisation said.
    ///
    /// # Errors
    /// No right, no such organisation, or the store cannot be read.
    pub fn evidence_of(&self, actor: &Actor, organisation: &OrgId) -> Result<Vec<EvidenceNow>, EngineError> {
        let (view, own) = (self.view()?, Target::of_applicant(organisation.clone()));
        let on_file = self.exhibits_of(&view, organisation)?;
        let all = self.rights.require(actor, Act::AddEvidence, &own).is_ok()
            || self.rights.require(actor, Act::ReadCase, &own).is_ok()
            || self.reads_a_case_of(&view, actor, organisation)?;
        if !all {
            let said = on_file.iter().any(|exhibit| exhibit.signed_for(&actor.organisation));
            let owner = Some(actor.organisation.clone()).filter(|_| said);
            self.rights.require(actor, Act::ConfirmEvidence, &Target { owner, ..Target::default() })?;
        }
        self.organisation(&view, organisation)?;
        let (schema, list, now) = (self.schema()?, self.trust_list()?, self.clock.now());
        let shown = self.shown(&view, list.as_deref(), Vec::new(), on_file, now, &mut Vec::new())?;
        let measure =
            Measure { schema: &schema, trust_list: list.as_deref(), organisation, now, against: &shown.against };
        let mut rested = self.rested(&view, actor, organisation)?;
        let mut one = |exhibit: &Exhibit| {
            let issuer = exhibit.issuer_name(list.as_deref()).to_owned();
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
        let seen = |exhibit: &&Exhibit| all || exhibit.signed_for(&actor.organisation);
        Ok(shown.exhibits().filter(seen).flat_map(&mut one).collect())
    }

    /// Which decisions about an organisation rest on which evidence and fact, as their inputs say.
    fn rested(
        &self,
        view: &View,
        actor: &Actor,
        organisation: &OrgId,
    ) -> Result<BTreeMap<(Digest, String), Vec<Supported>>, EngineError> {
        let mut rested: BTreeMap<_, Vec<Supported>> = BTreeMap::new();
        for case in rows::all::<Case>(&*self.store, Kind::Request, Some(organisation.as_str()))? {
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
