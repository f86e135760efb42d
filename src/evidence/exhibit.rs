//! A document that somebody showed as evidence, in our own form or in that of others: read once, its signature tried once.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::credential::Credential;
use super::status::{Against, Issuer, Place, StatusList};
use super::{CredentialError, ForeignCredential};
use crate::conditions::{Schema, facts};
use crate::model::record::{
    self, Evidence, EvidenceKind, Record, RecordError, RecordType, Reference, TrustList, Trusted,
};
use crate::model::{Digest, Document, IssuerKey, OrgId, Time};
use crate::sign::proof;

/// Why a document is no evidence at all. One with a bad signature is evidence that does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum EvidenceError {
    /// No record of ours.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Record(#[from] RecordError),
    /// No credential in the form of others.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Credential(#[from] CredentialError),
}

/// A document of evidence.
#[derive(Debug)]
pub struct Exhibit {
    document: Document,
    form: Form,
    /// Which of its values pass the facts' own checks, by the schema that was asked last.
    fits: Mutex<Option<(Digest, BTreeMap<String, bool>)>>,
}

#[derive(Debug)]
enum Form {
    Own(Box<Own>),
    Foreign(Box<Foreign>),
}

#[derive(Debug)]
struct Own {
    record: Record<Evidence>,
    /// Whether its issuer's own key signed it.
    signed: bool,
}

#[derive(Debug)]
struct Foreign {
    credential: Credential,
    /// Which keys were tried, and whether they signed it.
    tried: Mutex<BTreeMap<IssuerKey, bool>>,
}

/// One fact that evidence states.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a> {
    /// The fact.
    pub fact: &'a str,
    /// Its value.
    pub value: &'a Value,
}

/// Who says so, if it is somebody that the trust list knows.
pub(super) enum Signer<'a> {
    /// Our own form: the key is named in the document, and signed it or not.
    Own { key: IssuerKey, organisation: &'a OrgId, signed: bool },
    /// Items of the trust list whose issuer this is and whose key signed it.
    Listed(Vec<&'a Trusted>),
    /// No item of the trust list is this issuer.
    Unlisted,
}

impl Exhibit {
    /// Reads a document.
    ///
    /// # Errors
    /// [`EvidenceError`] if it is no evidence at all.
    pub fn read(document: Document) -> Result<Self, EvidenceError> {
        let form = if ForeignCredential::is(&document) {
            let credential = Credential::read(&document)?;
            Form::Foreign(Box::new(Foreign { credential, tried: Mutex::default() }))
        } else {
            let record = record::read::<Evidence>(document.clone(), RecordType::Evidence)?;
            let signed = proof::verify_document(&document).is_ok_and(|v| v.key == record.issuer.id);
            Form::Own(Box::new(Own { record, signed }))
        };
        Ok(Exhibit { document, form, fits: Mutex::default() })
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The digest of the document, by which inputs name it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.document.digest()
    }

    /// About which organisation it is, as far as it says.
    #[must_use]
    pub fn organisation(&self) -> Option<&OrgId> {
        match &self.form {
            Form::Own(own) => Some(&own.record.subject.organisation),
            Form::Foreign(foreign) => foreign.credential.organisation.as_ref(),
        }
    }

    /// Whether it is about this organisation.
    #[must_use]
    pub fn is_about(&self, organisation: &OrgId) -> bool {
        self.organisation().is_some_and(|about| super::is(about, organisation))
    }

    /// Which kind of evidence it is.
    #[must_use]
    pub fn kind(&self) -> EvidenceKind {
        match &self.form {
            Form::Own(own) => own.record.subject.kind,
            Form::Foreign(_) => EvidenceKind::Credential,
        }
    }

    /// From which instant it counts.
    #[must_use]
    pub fn from(&self) -> Time {
        match &self.form {
            Form::Own(own) => own.record.subject.from,
            Form::Foreign(foreign) => foreign.credential.from,
        }
    }

    /// Before which instant it counts.
    #[must_use]
    pub fn until(&self) -> Time {
        match &self.form {
            Form::Own(own) => own.record.subject.until,
            Form::Foreign(foreign) => foreign.credential.until,
        }
    }

    /// The decision or deal on which it rests, of evidence by an earlier decision.
    #[must_use]
    pub fn decision(&self) -> Option<&Reference> {
        match &self.form {
            Form::Own(own) => own.record.subject.decision.as_ref(),
            Form::Foreign(_) => None,
        }
    }

    /// Where its status can be looked up.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        match &self.form {
            Form::Own(_) => &[],
            Form::Foreign(foreign) => &foreign.credential.status,
        }
    }

    /// What it states: of our own form one fact, of another form each claim that is a fact of the schema.
    #[must_use]
    pub fn statements<'a>(&'a self, schema: &Schema) -> Vec<Statement<'a>> {
        match &self.form {
            Form::Own(own) => {
                let subject = &own.record.subject;
                vec![Statement { fact: &subject.fact, value: &subject.value }]
            }
            Form::Foreign(foreign) => {
                let facts = foreign.credential.claims.iter().filter(|(name, _)| schema.facts().contains_key(*name));
                facts.map(|(fact, value)| Statement { fact, value }).collect()
            }
        }
    }

    /// The name of who issued it: its own, or the one that the trust list has for it.
    #[must_use]
    pub fn issuer_name<'a>(&'a self, list: Option<&'a TrustList>) -> &'a str {
        match &self.form {
            Form::Own(own) => &own.record.issuer.legal_name,
            Form::Foreign(foreign) => match foreign.items(list).next() {
                Some(item) => &item.name,
                None => &foreign.credential.issuer,
            },
        }
    }

    /// Whether a key of this organisation signed it, in our own form.
    #[must_use]
    pub fn signed_for(&self, organisation: &OrgId) -> bool {
        matches!(&self.form, Form::Own(own) if own.signed && own.record.issuer.register_number == *organisation)
    }

    /// Whether somebody on the trust list signed it.
    #[must_use]
    pub fn by_a_trusted_issuer(&self, list: Option<&TrustList>) -> bool {
        match self.signer(list) {
            Signer::Own { key, signed, .. } => signed && list.is_some_and(|l| l.trusted.iter().any(|t| t.key == key)),
            Signer::Listed(items) => !items.is_empty(),
            Signer::Unlisted => false,
        }
    }

    /// What the status lists say against it: the worst of its places. `list_at` gives the copy of a list by its address.
    pub fn against<'l>(
        &self,
        trust_list: Option<&TrustList>,
        list_at: impl Fn(&str) -> Option<&'l StatusList>,
        now: Time,
    ) -> Option<Against> {
        let Form::Foreign(foreign) = &self.form else { return None };
        let keys = foreign.signers(trust_list);
        let one = |place: &Place| {
            let list = list_at(&place.address);
            let said = keys.iter().map(|item| {
                let issuer = Issuer { name: &foreign.credential.issuer, key: &item.key };
                place.against(list, &issuer, now)
            });
            // one key of the issuer that signed the list is enough
            let mut said = said.filter(|said| *said != Some(Against::Unknown));
            said.next().unwrap_or(Some(Against::Unknown))
        };
        foreign.credential.status.iter().filter_map(one).min()
    }

    pub(super) fn signer<'a>(&'a self, list: Option<&'a TrustList>) -> Signer<'a> {
        match &self.form {
            Form::Own(own) => Signer::Own {
                key: own.record.issuer.id.into(),
                organisation: &own.record.issuer.register_number,
                signed: own.signed,
            },
            Form::Foreign(foreign) if foreign.items(list).next().is_none() => Signer::Unlisted,
            Form::Foreign(foreign) => Signer::Listed(foreign.signers(list)),
        }
    }

    /// Whether who handed it in is the one whom it is bound to.
    pub(super) fn held(&self) -> bool {
        match &self.form {
            Form::Own(_) => true,
            Form::Foreign(foreign) => foreign.credential.held,
        }
    }

    /// Whether it is a confirmation that does not say by whom and why.
    pub(super) fn lacks_reason(&self) -> bool {
        let Form::Own(own) = &self.form else { return false };
        let Evidence { kind, reason, actor, .. } = &own.record.subject;
        *kind == EvidenceKind::Confirmation && (reason.is_none() || actor.is_none())
    }

    /// Whether a value passes the fact's own check.
    pub(super) fn fits(&self, schema: &Schema, statement: &Statement<'_>) -> bool {
        let mut fits = self.fits.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match &mut *fits {
            Some((asked, known)) if *asked == schema.digest() => known,
            other => &mut other.insert((schema.digest(), BTreeMap::new())).1,
        };
        if let Some(found) = known.get(statement.fact) {
            return *found;
        }
        let found = facts::expression(schema, statement.fact, statement.value).is_ok();
        known.insert(statement.fact.to_owned(), found);
        found
    }
}

impl Foreign {
    /// The items of the trust list that are this issuer: by the name that it gives itself, or by its key as `did:key`.
    fn items<'l>(&self, list: Option<&'l TrustList>) -> impl Iterator<Item = &'l Trusted> {
        let name = self.credential.issuer.clone();
        let all = list.map_or_else(|| [].iter(), |list| list.trusted.iter());
        all.filter(move |t| match &t.issuer {
            Some(issuer) => issuer.as_str() == name,
            None => t.key.to_string() == name,
        })
    }

    /// Those of them whose key signed it.
    fn signers<'l>(&self, list: Option<&'l TrustList>) -> Vec<&'l Trusted> {
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        let mut signed = |key: &IssuerKey| *tried.entry(*key).or_insert_with(|| self.credential.signed_by(key));
        self.items(list).filter(|item| signed(&item.key)).collect()
    }
}
