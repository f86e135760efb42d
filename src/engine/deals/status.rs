//! The status lists of an owner: the place of a new deal in them, and the lists as they follow from where the deals stand now.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::life::{DealNow, DealState};
use crate::engine::operation::Operation;
use crate::engine::rows;
use crate::engine::state::Case;
use crate::engine::{Engine, EngineError, Mend};
use crate::model::OrgId;
use crate::model::bitstring::{Bitstring, STATUS_SIZE};
use crate::model::record::{CredentialStatus, KeyUse, StatusList, StatusPurpose};
use crate::sign::proof;
use crate::store::Kind;

/// How long a list counts, in days.
const LIST_DAYS: i64 = 7;
/// How often a random place is tried. Of a list that is nine tenths full one offer in a million finds none.
const TRIES: usize = 128;
/// How many places are kept as taken: more than can wait for the log.
const MAX_PLACES: usize = 65_536;

/// Places in status lists that were given out lately: they may not be in the store yet.
#[derive(Debug, Default)]
pub(in crate::engine) struct Places(Mutex<HashSet<(OrgId, u32)>>);

impl Places {
    /// Whether nobody took this place lately; from now on somebody did.
    fn take(&self, owner: &OrgId, place: u32) -> bool {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // what was given out that long ago is in the store, or was never written
        if taken.len() >= MAX_PLACES {
            taken.clear();
        }
        taken.insert((owner.clone(), place))
    }
}

impl Engine {
    /// The signed lists of an owner, one for each purpose. They are public: they name no deal and no party.
    ///
    /// # Errors
    /// No such organisation, or no key of it here for `status`.
    pub fn status_lists(&self, owner: &OrgId) -> Result<Vec<(StatusPurpose, Value)>, EngineError> {
        self.organisation(&self.view()?, owner)?;
        let mut op = Operation::start(self)?;
        let now = op.now;
        let (mut revoked, mut suspended) = (Bitstring::default(), Bitstring::default());
        for row in rows::all::<DealNow>(&*self.store, Kind::Deal, Some(owner.as_str()))? {
            // most deals were never touched: their records need not be read
            if row.revocations.is_empty() {
                continue;
            }
            let (bits, purpose) = match self.state_of(&row, now)? {
                DealState::Revoked | DealState::Ended => (&mut revoked, StatusPurpose::Revocation),
                DealState::Suspended => (&mut suspended, StatusPurpose::Suspension),
                _ => continue,
            };
            let place = self.place_of(&row, purpose)?;
            if !place.is_some_and(|place| bits.set(place)) {
                return Err(EngineError::state(
                    format!("the deal {} names no place in the list of {}", row.id, purpose.as_str()),
                    Mend::by("the database was altered", "datadeal audit"),
                ));
            }
        }
        let (key, issuer) = op.key(owner, KeyUse::Status)?;
        let mut lists = Vec::new();
        for (purpose, bits) in StatusPurpose::ALL.into_iter().zip([revoked, suspended]) {
            let list = StatusList {
                address: self.status_address(owner, purpose),
                issuer: issuer.clone(),
                valid_from: now,
                valid_until: now.plus_seconds(LIST_DAYS * 86_400),
                notice: self.portal.notice.clone(),
                purpose,
                encoded: bits.encode().map_err(|e| EngineError::state(e.to_string(), "try again"))?,
            };
            lists.push((purpose, proof::sign(&list.document()?, &key, now)?.value()));
        }
        Ok(lists)
    }

    /// A place that no deal has, nor one that is being written.
    fn free_place(&self, case: &Case) -> Result<u32, EngineError> {
        for _ in 0..TRIES {
            let mut bytes = [0; 4];
            self.random.fill(&mut bytes)?;
            let index = u32::from_be_bytes(bytes) % STATUS_SIZE;
            if !self.store.is_taken(case.owner.as_str(), index)? && self.places.take(&case.owner, index) {
                return Ok(index);
            }
        }
        let why = format!("the status list of {} is full: it has {STATUS_SIZE} places", case.owner);
        Err(EngineError::state(why, "conclude further deals in the name of another organisation of this owner"))
    }

    /// A fresh place in the owner's status list, for revocation and suspension. The place is random, so it tells nothing of the order.
    pub(in crate::engine) fn status_entries(
        &self,
        op: &mut Operation<'_>,
        case: &Case,
    ) -> Result<[CredentialStatus; 2], EngineError> {
        let index = self.free_place(case)?;
        op.item = std::mem::take(&mut op.item).take(case.owner.as_str(), index);
        Ok(StatusPurpose::ALL.map(|purpose| CredentialStatus {
            kind: "BitstringStatusListEntry".to_owned(),
            status_purpose: purpose.as_str().to_owned(),
            status_list_index: index.to_string(),
            status_list_credential: self.status_address(&case.owner, purpose),
        }))
    }

    /// Where a list is served.
    pub(in crate::engine) fn status_address(&self, owner: &OrgId, purpose: StatusPurpose) -> String {
        format!("https://{}/status/{owner}/{}", self.portal.origin, purpose.as_str())
    }

    /// The place that a deal's record names.
    fn place_of(&self, row: &DealNow, purpose: StatusPurpose) -> Result<Option<u32>, EngineError> {
        let document = self.whole(&row.deal)?;
        let status = document.get("credentialStatus").cloned().unwrap_or_default();
        let status: Vec<CredentialStatus> = serde_json::from_value(status).unwrap_or_default();
        let found = status.into_iter().find(|s| s.status_purpose == purpose.as_str());
        Ok(found.and_then(|s| s.status_list_index.parse().ok()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_given_out_once() {
        let places = Places::default();
        let [owner, other] = ["NL.KVK:69599084", "NL.OIN:00000099000000000001"].map(|id| id.parse().unwrap());
        assert!(places.take(&owner, 7) && places.take(&owner, 8) && places.take(&other, 7));
        assert!(!places.take(&owner, 7));
    }
}
