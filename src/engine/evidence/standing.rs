//! The evidence of a moment: documents handed in and on file, and what speaks against each now, beside what it says itself: the decision
//! or deal on which it rests has ended, or a status list of its issuer says so. What was read is guarded.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::engine::deals::life::DealState;
use crate::engine::known::View;
use crate::engine::rows::{self, Loaded};
use crate::engine::state::Case;
use crate::engine::{Engine, EngineError, Field};
use crate::evidence::{Against, Exhibit, ForeignCredential, StatusCopy, StatusList};
use crate::model::entry::EntryType;
use crate::model::record::{Reference, TrustList};
use crate::model::{Digest, Document, OrgId, Time};
use crate::store::{Guard, Kind, Row};

/// The evidence of a moment.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Shown {
    /// Handed in with the question.
    pub(in crate::engine) given: Vec<Arc<Exhibit>>,
    /// On file for the applicant.
    pub(in crate::engine) on_file: Arc<Vec<Arc<Exhibit>>>,
    /// What speaks against each.
    pub(in crate::engine) against: BTreeMap<Digest, Against>,
}

impl Shown {
    /// All of it.
    pub(in crate::engine) fn exhibits(&self) -> impl Iterator<Item = &Exhibit> {
        self.given.iter().chain(self.on_file.iter()).map(Arc::as_ref)
    }
}

/// The copy of a status list, with the version of its row.
#[derive(Debug)]
pub(in crate::engine) struct Copied {
    list: Option<StatusList>,
    version: u64,
}

impl Engine {
    /// Documents that are handed in now, as they are kept.
    pub(in crate::engine) fn handed_in(
        &self,
        documents: &[Value],
        now: Time,
    ) -> Result<Vec<Arc<Exhibit>>, EngineError> {
        let one = |document: &Value| self.exhibit_of(Field::Evidence, document, now).map(Arc::new);
        documents.iter().map(one).collect()
    }

    /// A document that is handed in now, as a field of what was given.
    pub(in crate::engine) fn exhibit_of(
        &self,
        field: Field,
        document: &Value,
        now: Time,
    ) -> Result<Exhibit, EngineError> {
        let document = Document::of(document).map_err(|e| EngineError::unread(field, &e))?;
        let document = ForeignCredential::handed_in(document, &self.portal.origin, now)
            .map_err(|e| EngineError::unread(field, &e))?;
        Exhibit::read(document).map_err(|e| EngineError::unread(field, &e))
    }

    /// Finds out what speaks against evidence now. What is read is added to the guards.
    pub(in crate::engine) fn shown(
        &self,
        view: &View,
        trust_list: Option<&TrustList>,
        given: Vec<Arc<Exhibit>>,
        on_file: Arc<Vec<Arc<Exhibit>>>,
        now: Time,
        guards: &mut Vec<Guard>,
    ) -> Result<Shown, EngineError> {
        let mut shown = Shown { given, on_file, against: BTreeMap::new() };
        let mut against = BTreeMap::new();
        for exhibit in shown.exhibits() {
            if let Some(found) = self.against(view, trust_list, exhibit, now, guards)? {
                against.insert(exhibit.digest(), found);
            }
        }
        shown.against = against;
        Ok(shown)
    }

    /// What speaks against one document now.
    pub(in crate::engine) fn against(
        &self,
        view: &View,
        trust_list: Option<&TrustList>,
        exhibit: &Exhibit,
        now: Time,
        guards: &mut Vec<Guard>,
    ) -> Result<Option<Against>, EngineError> {
        if let Some(decision) = exhibit.decision()
            && let Some(against) = self.decision_against(decision, now, guards)?
        {
            return Ok(Some(against));
        }
        if exhibit.places().is_empty() {
            return Ok(None);
        }
        let mut copies = BTreeMap::new();
        for place in exhibit.places() {
            let copied = self.status_copy(view, &place.address)?;
            let version = copied.first().map_or(0, |c| c.version);
            guards.push(Guard { kind: Kind::StatusCopy, key: place.address.clone(), version });
            copies.insert(place.address.as_str(), copied);
        }
        let list_at = |address: &str| copies.get(address).and_then(|c| c.first()).and_then(|c| c.list.as_ref());
        Ok(exhibit.against(trust_list, list_at, now))
    }

    /// Whether an earlier decision or deal of this portal no longer supports what was made of it.
    fn decision_against(
        &self,
        reference: &Reference,
        now: Time,
        guards: &mut Vec<Guard>,
    ) -> Result<Option<Against>, EngineError> {
        // a decision of another portal: what became of it cannot be told here
        let record = self.store.record(&reference.id.to_string())?.filter(|record| record.digest == reference.digest);
        let Some(record) = record else { return Ok(Some(Against::Unknown)) };
        let Some(request) = record.about else { return Ok(Some(Against::Unknown)) };
        let Some(Loaded { value: case, version }) = rows::load::<Case>(&*self.store, Kind::Request, &request)? else {
            return Ok(Some(Against::Unknown));
        };
        guards.push(Guard { kind: Kind::Request, key: request, version });
        let of_decision = record.kind == EntryType::Decision;
        if of_decision && case.decision.as_ref().is_none_or(|d| d.record != *reference) {
            return Ok(Some(Against::Revoked));
        }
        let mut found = None;
        for deal in self.deals_of(&case)? {
            if !of_decision && deal.deal != *reference {
                continue;
            }
            let version = self.deal(&deal.id)?.version;
            guards.push(Guard { kind: Kind::Deal, key: deal.id.to_string(), version });
            let against = match self.state_of(&deal, now)? {
                DealState::Active => None,
                // the decision stands, whatever becomes of an offer
                DealState::Offered | DealState::Lapsed | DealState::Upcoming if of_decision => None,
                DealState::Suspended => Some(Against::Suspended),
                _ => Some(Against::Revoked),
            };
            if against.is_none() {
                return Ok(None);
            }
            found = found.or(against);
        }
        Ok(found.or(Some(Against::Revoked).filter(|_| !of_decision)))
    }

    /// The copy of a status list, read once while its kind's epoch lasts.
    fn status_copy(&self, view: &View, address: &str) -> Result<Arc<Vec<Copied>>, EngineError> {
        self.known_list(view, Kind::StatusCopy, address, || {
            let row = rows::load::<StatusCopy>(&*self.store, Kind::StatusCopy, address)?;
            Ok(row.map(|r| Copied { list: StatusList::read(&r.value), version: r.version }).into_iter().collect())
        })
    }

    /// The evidence on file for an organisation. Each document is read and its signature tried once, whatever rests on it.
    pub(in crate::engine) fn exhibits_of(
        &self,
        view: &View,
        organisation: &OrgId,
    ) -> Result<Arc<Vec<Arc<Exhibit>>>, EngineError> {
        self.known_list(view, Kind::Evidence, organisation.as_str(), || {
            let mut found = Vec::new();
            rows::each_row(&*self.store, Kind::Evidence, Some(organisation.as_str()), |row| {
                found.push(exhibit(row)?);
                Ok(())
            })?;
            Ok(found)
        })
    }
}

/// A document of evidence by the digest under which it is kept.
pub(in crate::engine) fn exhibit(row: Row) -> Result<Arc<Exhibit>, EngineError> {
    let exhibit = Exhibit::read(Document::read(row.body)?)?;
    if exhibit.digest().to_string() != row.key {
        let why = format!("it holds the document {}", exhibit.digest());
        return Err(EngineError::Row { kind: row.kind, key: row.key, why });
    }
    Ok(Arc::new(exhibit))
}
