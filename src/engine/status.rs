//! The status lists of an owner, drawn from where its deals stand now.

use serde_json::Value;

use super::operation::Operation;
use super::state::{self, DealNow, DealState};
use super::{Engine, EngineError};
use crate::model::OrgId;
use crate::model::bitstring::Bitstring;
use crate::model::record::{CredentialStatus, KeyUse, StatusList, StatusPurpose};
use crate::sign::proof;
use crate::store::Kind;

/// How long a list counts, in days.
const LIST_DAYS: i64 = 7;

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
        for row in state::all::<DealNow>(&*self.store, Kind::Deal, Some(owner.as_str()))? {
            // most deals were never touched: their records need not be read
            if row.revocations.is_empty() {
                continue;
            }
            let (bits, purpose) = match self.state_of(&row, now)? {
                DealState::Revoked => (&mut revoked, StatusPurpose::Revocation),
                DealState::Suspended => (&mut suspended, StatusPurpose::Suspension),
                _ => continue,
            };
            let place = self.place_of(&row, purpose)?;
            if !place.is_some_and(|place| bits.set(place)) {
                return Err(EngineError::state(
                    format!("the deal {} names no place in the list of {}", row.id, purpose.as_str()),
                    "the database was altered: run `datadeal audit`",
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

    /// Where a list is served.
    pub(super) fn status_address(&self, owner: &OrgId, purpose: StatusPurpose) -> String {
        format!("https://{}/status/{owner}/{}", self.portal.origin, purpose.as_str())
    }

    /// The place that a deal's record names.
    fn place_of(&self, row: &DealNow, purpose: StatusPurpose) -> Result<Option<u32>, EngineError> {
        let document = self.whole(&row.deal.digest)?;
        let status = document.get("credentialStatus").cloned().unwrap_or_default();
        let status: Vec<CredentialStatus> = serde_json::from_value(status).unwrap_or_default();
        let found = status.into_iter().find(|s| s.status_purpose == purpose.as_str());
        Ok(found.and_then(|s| s.status_list_index.parse().ok()))
    }
}
