//! The format of `story.json`: who takes part, what is known of them, and what they do, step by step.
//!
//! ```json
//! {
//!   "title": {"en": "what the story shows", "nl": "wat het verhaal laat zien"},
//!   "from": "2026-11-25T09:00:00Z",
//!   "organisations": [
//!     {"short": "register", "id": "NL.OIN:00000099000000031000", "name": "Trade register", "key": "own",
//!      "vouches": {"kind": "registry", "for": ["kvkNumber"]}}
//!   ],
//!   "persons": [
//!     {"short": "head", "of": "owner", "function": "head of the portal", "roles": ["owner-admin"], "may": ["decide", "ethics"]}
//!   ],
//!   "evidence": [
//!     {"by": "register", "about": "startup", "facts": {"kvkNumber": "68750110"}, "until": "2028-01-01T00:00:00Z"}
//!   ],
//!   "steps": [
//!     {"say": {"en": "...", "nl": "..."}, "at": "2026-11-26T09:00:00Z",
//!      "do": {"request": {"as": "first", "by": "director", "purpose": "dpv:ServiceProvision"}},
//!      "expect": {"outcome": "review", "state": "review", "failing": ["ethics"], "columns": []}}
//!   ]
//! }
//! ```
//!
//! An organisation whose id is the dataset's owner publishes the conditions; a story names one. `by` of a piece of evidence is an
//! organisation (a signed document of the kind that it vouches with) or a person (a confirmation with a reason). Short names
//! hold within a story. A step without `at` comes a minute after the one before it. In `expect` what is left out is not looked at.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::engine::CaseState;
use crate::engine::DealState;
use crate::model::condition::Bilingual;
use crate::model::decision::Outcome;
use crate::model::input::{Facts, Scope};
use crate::model::record::EvidenceKind;
use crate::model::{Name, OrgId, Time};
use crate::rights::Role;

/// A `story.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// What it shows.
    pub title: Bilingual,
    /// When it begins.
    pub from: Time,
    /// Who takes part; the owner of the dataset among them.
    pub organisations: Vec<Organisation>,
    /// Who acts for them.
    pub persons: Vec<Person>,
    /// What is proved of them when the story begins.
    #[serde(default)]
    pub evidence: Vec<Proof>,
    /// What happens.
    pub steps: Vec<Step>,
}

/// An organisation of a story.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Short name within the story.
    pub short: Name,
    /// Register and number; a test number.
    pub id: OrgId,
    /// Legal name.
    pub name: String,
    /// Who holds its private key.
    pub key: KeyHolder,
    /// What its evidence counts for: an entry of the trust list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vouches: Option<Vouches>,
}

/// Who holds a private key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyHolder {
    /// The organisation itself.
    Own,
    /// The portal, which signs for it.
    Service,
}

/// An entry of the trust list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vouches {
    /// With which kind of evidence.
    pub kind: EvidenceKind,
    /// For which facts of the schema.
    #[serde(rename = "for")]
    pub facts: BTreeSet<String>,
}

/// A person of a story; the function is all that is said of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Short name within the story.
    pub short: Name,
    /// The organisation's short name.
    pub of: Name,
    /// Function, which is also the name: nobody is invented.
    pub function: String,
    /// In which roles on the portal.
    #[serde(default)]
    pub roles: BTreeSet<Role>,
    /// What the owner's mandate allows: `decide`, or the name of an approval.
    #[serde(default)]
    pub may: BTreeSet<Name>,
}

/// Evidence, one document for each fact.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// A person who confirms, or an organisation that signs.
    pub by: Name,
    /// The organisation that it is about.
    pub about: Name,
    /// Facts with their values.
    pub facts: Facts,
    /// Before this instant.
    pub until: Time,
    /// What the person saw, of a confirmation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// One step.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Tells a visitor what happens, and why.
    pub say: Bilingual,
    /// When; a minute after the last step if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
    /// What the engine is asked to do.
    #[serde(rename = "do")]
    pub act: Act,
    /// What must come of it.
    #[serde(default)]
    pub expect: Expect,
}

/// What the engine is asked to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// A question; nothing is kept.
    Check(Ask),
    /// A request is filed.
    Request(Ask),
    /// A person gives an approval.
    Approve(Approval),
    /// A person refuses one.
    Refuse(Approval),
    /// A mandated person confirms a negative or partial outcome.
    Confirm(OnRequest),
    /// The applicant withdraws its request.
    Withdraw(OnRequest),
    /// The owner offers a deal.
    Offer(OnRequest),
    /// The reuser accepts it.
    Accept(OnRequest),
    /// Both: offered by one person, accepted by another.
    Conclude(Conclusion),
    /// The owner suspends a deal.
    Suspend(OnRequest),
    /// The owner lets it go on.
    Resume(OnRequest),
    /// The owner ends a deal.
    Revoke(OnRequest),
    /// New evidence is handed over.
    Evidence(Proof),
}

/// A question or a request.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The short name of the request.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub short: Option<Name>,
    /// Who asks; a check may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Name>,
    /// A purpose of the schema.
    pub purpose: String,
    /// What is asked; no columns: all of them.
    #[serde(default)]
    pub scope: Scope,
    /// What the applicant says.
    #[serde(default)]
    pub declared: Facts,
    /// Ids of promises and other terms that it does not accept.
    #[serde(default)]
    pub declined: BTreeSet<Name>,
}

/// An approval given or refused.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The request.
    pub request: Name,
    /// Who.
    pub by: Name,
    /// The name of the approval in the schema.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// Something done with a request, or with the deal that came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnRequest {
    /// The request.
    pub request: Name,
    /// Who.
    pub by: Name,
    /// Why, where a reason is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// An offer and its acceptance.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conclusion {
    /// The request.
    pub request: Name,
    /// Who offers.
    pub by: Name,
    /// Who accepts.
    pub with: Name,
}

/// What must come of a step. What is left out is not looked at.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Where the request stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<CaseState>,
    /// Exactly the ids that hold the outcome where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing: Option<BTreeSet<String>>,
    /// Exactly the columns that are permitted; of a deal: that it gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<BTreeSet<String>>,
    /// Where the deal stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deal: Option<DealState>,
    /// The engine must refuse the step, in a message that holds this text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
}
