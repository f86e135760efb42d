//! Where a deal stands: computed from its row, which points to records, and from an instant. Nothing else says it.

use serde::{Deserialize, Serialize};

use crate::model::decision::Outcome;
use crate::model::record::{Deal, Reference, RevocationAction};
use crate::model::{Iri, OrgId, Time, Urn};
use crate::rights::Target;

/// A deal and what became of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DealNow {
    /// The deal's id.
    pub id: Urn,
    /// Its record.
    pub deal: Reference,
    /// The request of its case.
    pub case: Urn,
    /// Who gives.
    pub owner: OrgId,
    /// Who uses.
    pub reuser: OrgId,
    /// Which dataset.
    pub dataset: Iri,
    /// Its record, once accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<Reference>,
    /// Intentions, suspensions, resumptions, revocations, in order.
    #[serde(default)]
    pub revocations: Vec<DealRevoked>,
    /// The same question asked again, with another answer each time, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<DealReviewed>,
    /// The deal that ends when this one is accepted and begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<Urn>,
    /// The deal that was offered to follow this one, the last one if there were several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<Successor>,
}

/// A step in the life of a deal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DealRevoked {
    /// Its record.
    pub record: Reference,
    /// What.
    pub action: RevocationAction,
    /// From when.
    pub effective: Time,
    /// Of an intention: until when the reuser can give its view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view_until: Option<Time>,
}

/// An answer about a live deal that differs from the one before.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct DealReviewed {
    /// Its record.
    pub record: Reference,
    /// The answer.
    pub outcome: Outcome,
    /// When it was given.
    pub at: Time,
}

/// The deal that follows another.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Successor {
    /// Its record.
    pub deal: Reference,
    /// Its acceptance, and from when it takes the place of the other; none while it is not accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<(Reference, Time)>,
}

impl Successor {
    /// From when it takes the place of the other.
    #[must_use]
    pub fn from(&self) -> Option<Time> {
        self.accepted.map(|(_, from)| from)
    }
}

/// Where a deal stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DealState {
    /// Offered, not yet accepted.
    Offered,
    /// The offer lapsed.
    Lapsed,
    /// Accepted; its term has not begun.
    Upcoming,
    /// Both signatures are in the log and the term runs.
    Active,
    /// Suspended.
    Suspended,
    /// Revoked.
    Revoked,
    /// Ended by the reuser.
    Ended,
    /// Another deal took its place.
    Superseded,
    /// The term is over.
    Expired,
}

impl DealState {
    /// In one word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            DealState::Offered => "offered",
            DealState::Lapsed => "lapsed",
            DealState::Upcoming => "upcoming",
            DealState::Active => "active",
            DealState::Suspended => "suspended",
            DealState::Revoked => "revoked",
            DealState::Ended => "ended",
            DealState::Superseded => "superseded",
            DealState::Expired => "expired",
        }
    }

    /// Whether something may still come of it.
    #[must_use]
    pub fn lives(self) -> bool {
        matches!(self, DealState::Offered | DealState::Upcoming | DealState::Active | DealState::Suspended)
    }
}

impl DealNow {
    /// The deal as something to be read.
    #[must_use]
    pub fn target(&self) -> Target {
        Target::of_both(self.owner.clone(), self.reuser.clone())
    }

    /// Where the deal stands. `deal` is what its record says.
    #[must_use]
    pub fn state(&self, now: Time, deal: &Deal) -> DealState {
        let past = || self.revocations.iter().filter(|r| r.effective <= now).map(|r| r.action);
        // whichever of the two came first ended it
        match past().find(|action| matches!(action, RevocationAction::Revoke | RevocationAction::End)) {
            Some(RevocationAction::End) => return DealState::Ended,
            Some(_) => return DealState::Revoked,
            None => {}
        }
        if self.acceptance.is_none() {
            return if now < deal.offer_until { DealState::Offered } else { DealState::Lapsed };
        }
        if self.successor.and_then(|s| s.from()).is_some_and(|from| from <= now) {
            return DealState::Superseded;
        }
        if now >= deal.term.until {
            return DealState::Expired;
        }
        let stops = |action: &RevocationAction| matches!(action, RevocationAction::Suspend | RevocationAction::Resume);
        if past().rfind(stops) == Some(RevocationAction::Suspend) {
            return DealState::Suspended;
        }
        if now < deal.term.from { DealState::Upcoming } else { DealState::Active }
    }

    /// The records that say where it stands, beside its own.
    pub fn records(&self) -> impl Iterator<Item = Reference> {
        let own = self.acceptance.into_iter().chain(self.revocations.iter().map(|r| r.record));
        let next = self.successor.and_then(|next| Some([next.deal, next.accepted?.0]));
        own.chain(next.into_iter().flatten())
    }

    /// The newest step against which the reuser can object.
    #[must_use]
    pub fn objectionable(&self) -> Option<&DealRevoked> {
        self.revocations.iter().rfind(|r| matches!(r.action, RevocationAction::Suspend | RevocationAction::Revoke))
    }

    /// The intention to revoke it that stands: announced, and neither dropped nor carried out since.
    #[must_use]
    pub fn intention(&self) -> Option<&DealRevoked> {
        let steps = |a| matches!(a, RevocationAction::Intend | RevocationAction::Drop | RevocationAction::Revoke);
        self.revocations.iter().rfind(|r| steps(r.action)).filter(|r| r.action == RevocationAction::Intend)
    }

    /// The last answer about it: that of the last review, or the permit on which it was concluded.
    #[must_use]
    pub fn answer(&self) -> Outcome {
        self.reviews.last().map_or(Outcome::Permit, |r| r.outcome)
    }
}
