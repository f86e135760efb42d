//! What the portal tells of: a closed list of events, and what each of them says. An event holds ids and states only; whoever is told
//! reads the rest on the portal, with its own rights.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::as_text::as_text;
use super::{Iri, OrgId, Time, Urn};

/// Who of a case is told of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whose data it is about.
    Owner,
    /// Who asks for them, or whose own affairs it concerns.
    Reuser,
    /// The two.
    Both,
}

/// Declares the closed list once: variant, text, who is told, meaning.
macro_rules! events {
    ($($variant:ident $text:literal $audience:ident $doc:literal),+ $(,)?) => {
        /// What happened. A closed list: webhooks name it in `type`, and each has a subject and a text for mail in `src/text/mail.*.ftl`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventType {
            $(#[doc = $doc] $variant),+
        }

        impl EventType {
            /// Every type, in the order of the list.
            pub const ALL: &[EventType] = &[$(EventType::$variant),+];

            /// The word of it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(EventType::$variant => $text),+
                }
            }

            /// Who is told.
            #[must_use]
            pub fn audience(self) -> Audience {
                match self {
                    $(EventType::$variant => Audience::$audience),+
                }
            }
        }

        impl utoipa::PartialSchema for EventType {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::String)
                    .enum_values(Some([$($text),+]))
                    .into()
            }
        }
        impl ToSchema for EventType {}
    };
}

events! {
    OrganisationAsked "organisation.asked" Owner "An organisation asks to be added.",
    MandateWithdrawn "mandate.withdrawn" Reuser "A mandate of a person, whose function is `state`, was withdrawn before its end.",
    EvidenceLapsing "evidence.lapsing" Reuser "A fact, in `state`, is verified until `day` only: the document that says so lapses.",
    RequestReceived "request.received" Both "A request was received; there is time to decide until `day`.",
    RequestCompletionAsked "request.completion-asked" Reuser "Facts are missing, and are waited for until `day`.",
    RequestCompleted "request.completed" Owner "A request was completed or changed by who asks.",
    RequestReview "request.review" Owner "A request waits for a person: an approval, or a confirmation.",
    RequestTermChanged "request.term-changed" Reuser "The time to decide was extended, stands still or runs again; it ends on `day`.",
    RequestDueSoon "request.due-soon" Owner "The time to decide ends soon, on `day`.",
    RequestOverdue "request.overdue" Owner "The time to decide ended on `day`.",
    RequestDecided "request.decided" Both "A request has ended; `state` says how.",
    ObjectionReceived "objection.received" Both "An objection was received; there is time to decide until `day`.",
    ObjectionDecided "objection.decided" Both "An objection was decided; `state` says how.",
    DealOffered "deal.offered" Reuser "A deal is offered until `day`.",
    DealAccepted "deal.accepted" Both "A deal was accepted and is active.",
    DealIntended "deal.intended" Reuser "The owner intends to end a deal; a view can be given until `day`.",
    DealIntentionDropped "deal.intention-dropped" Reuser "The owner no longer intends to end a deal.",
    DealViewGiven "deal.view-given" Owner "The reuser gave its view on an intention to end a deal.",
    DealSuspended "deal.suspended" Both "A deal is suspended.",
    DealResumed "deal.resumed" Both "A deal runs again.",
    DealRevoked "deal.revoked" Both "A deal is revoked.",
    DealObjected "deal.objected" Owner "The reuser objects to a suspension or revocation of a deal.",
    DealEnded "deal.ended" Both "The reuser ended a deal.",
    DealEnding "deal.ending" Both "A deal ends soon, on `day`.",
    DealReviewed "deal.reviewed" Owner "A live deal, decided again, has another outcome: `state`.",
    ObligationDue "obligation.due" Reuser "An obligation of a deal is due soon, on `day`.",
    ObligationOverdue "obligation.overdue" Both "An obligation of a deal was due on `day`.",
    ObligationMet "obligation.met" Owner "The reuser says that an obligation of a deal is met.",
    UserNamed "user.named" Owner "The reuser named a person who may use the data of a deal.",
    UserRemoved "user.removed" Owner "A person may no longer use the data of a deal.",
    DeliveryRecorded "delivery.recorded" Reuser "A delivery under a deal was recorded.",
    IncidentReported "incident.reported" Owner "The reuser reports an incident under a deal.",
    DatasetCorrected "dataset.corrected" Reuser "Data that were delivered were corrected.",
    WebhookTest "webhook.test" Reuser "A test: nothing happened.",
}
as_text!(EventType);

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EventType {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || format!("`{}` is no event", text.chars().take(40).collect::<String>());
        Self::ALL.iter().copied().find(|e| e.as_str() == text).ok_or_else(unknown)
    }
}

/// Something that happened, for those whom it concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// Whose data it is about; who sends what is sent.
    pub owner: OrgId,
    /// Who asks for them, or whose own affairs it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reuser: Option<OrgId>,
    /// What it says.
    #[serde(default)]
    pub about: EventAbout,
}

/// What an event says: ids and states, no personal content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EventAbout {
    /// The dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<Iri>,
    /// The request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Urn>,
    /// The deal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deal: Option<Urn>,
    /// In which state it now is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// A last day, or the day of something: `2026-11-25`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
}

impl Event {
    /// An event between an owner and a reuser.
    #[must_use]
    pub fn new(kind: EventType, owner: OrgId, reuser: Option<OrgId>) -> Self {
        Event { kind, owner, reuser, about: EventAbout::default() }
    }

    /// Says in which state something now is.
    #[must_use]
    pub fn state(mut self, state: impl Into<String>) -> Self {
        self.about.state = Some(state.into());
        self
    }

    /// Says a last day, or the day of something.
    #[must_use]
    pub fn day(mut self, day: impl Into<String>) -> Self {
        self.about.day = Some(day.into());
        self
    }

    /// Who is told: each organisation once.
    pub fn told(&self) -> impl Iterator<Item = &OrgId> {
        let owner = matches!(self.kind.audience(), Audience::Owner | Audience::Both);
        let reuser = matches!(self.kind.audience(), Audience::Reuser | Audience::Both);
        let second = self.reuser.as_ref().filter(|r| reuser && !(owner && **r == self.owner));
        Some(&self.owner).filter(|_| owner).into_iter().chain(second)
    }

    /// What a webhook is sent: what, when, and the ids.
    #[must_use]
    pub fn payload(&self, at: Time) -> Vec<u8> {
        let value = serde_json::json!({"type": self.kind, "timestamp": at, "data": self.about});
        super::json::canonical(&value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A payload holds ids and states, never who is told.
    #[test]
    fn a_payload_is_thin() {
        let (owner, reuser) = ("NL.OIN:00000099000000000001".parse().unwrap(), "NL.KVK:69599084".parse().unwrap());
        let event = Event::new(EventType::DealOffered, owner, Some(reuser)).day("2026-12-25");
        let payload = String::from_utf8(event.payload("2026-11-25T09:00:00Z".parse().unwrap())).unwrap();
        assert_eq!(
            payload,
            r#"{"data":{"day":"2026-12-25"},"timestamp":"2026-11-25T09:00:00Z","type":"deal.offered"}"#
        );
        assert_eq!(event.told().map(OrgId::as_str).collect::<Vec<_>>(), ["NL.KVK:69599084"]);
    }

    #[test]
    fn nobody_is_told_twice() {
        let own: OrgId = "NL.KVK:69599084".parse().unwrap();
        assert_eq!(Event::new(EventType::DealAccepted, own.clone(), Some(own)).told().count(), 1);
        for kind in EventType::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        assert!("deal.x".parse::<EventType>().is_err());
    }
}
