//! Evidence of an organisation: added as a signed document, or made as a confirmation by a named person.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use utoipa::ToSchema;

use super::known::View;
use super::operation::{New, Operation};
use super::state;
use super::{Engine, EngineError};
use crate::conditions::facts;
use crate::evidence::{self, Exhibit, Measure};
use crate::model::record::{self, Authority, Evidence, EvidenceKind, Holder, Record, RecordType};
use crate::model::{Digest, Document, OrgId, Time};
use crate::rights::{Act, Actor, Target};
use crate::sign::proof;
use crate::store::{Kind, Row};

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
    /// Before this instant.
    pub until: Time,
    /// Why it does not count; none if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

impl Engine {
    /// Adds a signed document as evidence. Whether it counts is found out at each decision.
    ///
    /// # Errors
    /// No right, or no evidence document with a valid signature.
    pub fn add_evidence(&self, actor: &Actor, document: &Value) -> Result<Digest, EngineError> {
        let read = record::read::<Evidence>(Document::of(document)?, RecordType::Evidence)?;
        let organisation = read.subject.organisation.clone();
        self.rights.require(actor, Act::AddEvidence, &Target::of_applicant(organisation.clone()))?;
        self.organisation(&self.view()?, &organisation)?;
        let signed = proof::verify_document(&read.document).map_err(|e| {
            EngineError::input("the evidence", e.to_string(), "ask its issuer for the document as it was signed")
        })?;
        if signed.key != read.issuer.id {
            return Err(EngineError::input(
                "the evidence",
                "is signed by another key than its issuer's",
                "ask its issuer for the document as it was signed",
            ));
        }
        let mut op = Operation::by(self, actor)?;
        let key = read.digest.to_string();
        let body = read.document.into_bytes();
        op.item = std::mem::take(&mut op.item).put(Kind::Evidence, key, Some(organisation.as_str()), body);
        op.commit()?;
        Ok(read.digest)
    }

    /// Confirms a fact about an organisation, with a reason, signed for the organisation of the person who confirms.
    ///
    /// # Errors
    /// No right, an unknown fact, a value that fails its check, or no key for evidence.
    pub fn confirm_evidence(&self, actor: &Actor, new: &NewConfirmation) -> Result<Digest, EngineError> {
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
        let salt = Some(self.random.salt()?);
        let new_record = New {
            salt,
            valid_until: Some(new.until),
            ..New::public(RecordType::Evidence, &actor.organisation, &subject)
        };
        let document = op.sign_document(new_record)?;
        let digest = document.digest();
        let (key, parent) = (digest.to_string(), Some(new.organisation.as_str()));
        op.item = std::mem::take(&mut op.item).put(Kind::Evidence, key, parent, document.into_bytes());
        op.commit()?;
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
        let measure =
            Measure { schema: &schema, trust_list: list.as_ref(), organisation, now, revoked: &BTreeSet::new() };
        let one = |exhibit: &Arc<Exhibit>| {
            let Record { digest, subject, issuer, .. } = &exhibit.record;
            EvidenceNow {
                digest: *digest,
                fact: subject.fact.clone(),
                value: subject.value.clone(),
                issuer: issuer.legal_name.clone(),
                until: subject.until,
                reason: evidence::why_not(&measure, exhibit),
            }
        };
        Ok(self.exhibits_of(&view, organisation)?.iter().map(one).collect())
    }

    /// The evidence on file for an organisation. Each document is read and its signature tried once, whatever rests on it.
    pub(super) fn exhibits_of(&self, view: &View, organisation: &OrgId) -> Result<Arc<Vec<Arc<Exhibit>>>, EngineError> {
        self.known_list(view, Kind::Evidence, organisation.as_str(), || {
            let mut found = Vec::new();
            state::each_row(&*self.store, Kind::Evidence, Some(organisation.as_str()), |row| {
                found.push(exhibit(row)?);
                Ok(())
            })?;
            Ok(found)
        })
    }
}

/// A document of evidence by the digest under which it is kept.
pub(super) fn exhibit(row: Row) -> Result<Arc<Exhibit>, EngineError> {
    let exhibit = Exhibit::read(Document::read(row.body)?)?;
    if exhibit.record.digest.to_string() != row.key {
        let why = format!("it holds the document {}", exhibit.record.digest);
        return Err(EngineError::Row { kind: row.kind, key: row.key, why });
    }
    Ok(Arc::new(exhibit))
}
