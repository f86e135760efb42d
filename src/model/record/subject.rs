//! What a verifier asks of every record, whatever it says.

use super::{
    Acceptance, AccessLogSealed, Actor, ApprovalGiven, ConditionSetPublished, DatasetImported, Deal, DealReview,
    DecisionRecord, Erasure, Evidence, KeyStatement, KeyUse, Mandate, MandateWithdrawn, Objection, RecordType,
    RequestReceived, Revocation, RevocationAction, SchemaPublished, TermChanged, TrustList,
};
use crate::model::Time;

/// The subject of a record.
pub trait Subject: serde::de::DeserializeOwned {
    /// Who acted, where the record says so.
    fn actor(&self) -> Option<&Actor> {
        None
    }

    /// The use that the key which signs it must have: that of its type, but of a notice by the reuser (SPEC section 5.2).
    fn key_use(&self, kind: RecordType) -> KeyUse {
        kind.key_use()
    }

    /// The end of what it grants, if it grants something: `validUntil` says the same (SPEC S-66).
    fn until(&self) -> Option<Time> {
        None
    }
}

impl Subject for AccessLogSealed {}
impl Subject for DatasetImported {}
impl Subject for KeyStatement {}
impl Subject for SchemaPublished {}
impl Subject for TrustList {}

impl Subject for Mandate {
    fn until(&self) -> Option<Time> {
        Some(self.until)
    }
}

impl Subject for Deal {
    fn actor(&self) -> Option<&Actor> {
        Some(&self.actor)
    }
    fn until(&self) -> Option<Time> {
        Some(self.term.until)
    }
}

impl Subject for Evidence {
    fn actor(&self) -> Option<&Actor> {
        self.actor.as_ref()
    }
    fn until(&self) -> Option<Time> {
        Some(self.until)
    }
}

/// Subjects that always name an actor and grant nothing by themselves.
macro_rules! acts {
    ($($subject:ty),+ $(,)?) => {
        $(impl Subject for $subject {
            fn actor(&self) -> Option<&Actor> {
                Some(&self.actor)
            }
        })+
    };
}

acts!(
    Acceptance,
    ApprovalGiven,
    ConditionSetPublished,
    DealReview,
    DecisionRecord,
    Erasure,
    MandateWithdrawn,
    Objection,
    RequestReceived,
    TermChanged,
);

impl Subject for Revocation {
    fn actor(&self) -> Option<&Actor> {
        Some(&self.actor)
    }
    fn key_use(&self, kind: RecordType) -> KeyUse {
        if self.action == RevocationAction::End { KeyUse::Portal } else { kind.key_use() }
    }
}
