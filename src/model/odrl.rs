//! An ODRL 2.2 Offer, as far as conditions can be said in it. What has no word in ODRL stands in it as [`Constraint::Condition`]: a reference to the
//! condition itself, which a reader that knows only ODRL cannot find met. So an Offer never permits more than the Cedar text that it is drawn from.

use serde::Serialize;

use super::condition::{Bilingual, Due, Level, Tariff};
use super::{Digest, Time, Urn};

/// What an owner offers: some permission, all constraints and duties, no prohibition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// One for each ground.
    pub permissions: Vec<Permission>,
    /// What binds each permission.
    pub constraints: Vec<Constraint>,
    /// What is to be done under each permission.
    pub duties: Vec<Duty>,
    /// What is forbidden under all.
    pub prohibitions: Vec<Prohibition>,
    /// The Cedar texts that it is drawn from, and that prevail.
    pub texts: Vec<CedarText>,
    /// The rules (`level/id`) that ODRL has no words for, or not for all of it: each stands in the offer as a reference.
    pub unsaid: Vec<String>,
}

/// A way in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permission {
    /// The ground (`level/id`) that it is drawn from.
    pub rule: Option<String>,
    /// What must hold for it, beside what binds all.
    pub constraints: Vec<Constraint>,
    /// What is to be done for it, beside what binds all.
    pub duties: Vec<Duty>,
}

/// What must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constraint {
    /// `purpose isA`: the purpose is this one or a narrower one.
    Within(String),
    /// `purpose isAnyOf`: the purpose is exactly one of these.
    Purpose(Vec<String>),
    /// `dateTime`: it is before or after an instant.
    Now(Order, Time),
    /// `recipient isAnyOf`: the kind of organisation is one of these.
    Recipient(Vec<String>),
    /// The rule (`level/id`) of the Cedar text is met.
    Condition(String),
    /// All of these.
    And(Vec<Constraint>),
    /// One of these at least.
    Or(Vec<Constraint>),
}

/// How an instant compares: `now <order> instant`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Before.
    Less,
    /// Before or at.
    AtMost,
    /// After.
    More,
    /// At or after.
    AtLeast,
}

/// Something to do. It is accepted by signing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The rule (`level/id`) that it is drawn from.
    pub rule: Option<String>,
    /// What is done.
    pub act: Act,
    /// The words of the agreement, which prevail over the word of ODRL.
    pub clause: Option<Bilingual>,
    /// When it falls due.
    pub due: Option<Due>,
}

/// What a duty is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// To keep the clause: ODRL has no nearer word.
    Keep,
    /// `odrl:attribute`: to name the source.
    Attribute,
    /// `odrl:delete`: to delete the data.
    Delete,
    /// `odrl:inform`: to report.
    Inform,
    /// `odrl:compensate`: to pay.
    Compensate(Tariff),
    /// `odrl:obtainConsent`: to have the approvals of this name, before.
    Consent(String),
}

/// What is forbidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prohibition {
    /// The rule (`level/id`) that it is drawn from.
    pub rule: Option<String>,
    /// What nobody does.
    pub act: Forbidden,
}

/// What a prohibition is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forbidden {
    /// `odrl:distribute`: to pass the data on.
    Distribute,
    /// `cc:CommercialUse`: to use them commercially.
    CommercialUse,
}

/// A published condition set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CedarText {
    /// Whose set.
    pub level: Level,
    /// SHA-256 of the text as it was published.
    pub digest: Digest,
    /// The record that published it.
    pub record: Option<Urn>,
}

/// A part of an Offer that has no Cedar meaning here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Where it stands: the node of the policy.
    pub place: String,
    /// What stands there.
    pub why: String,
    /// What can be done.
    pub help: String,
}

impl Refusal {
    /// A refusal.
    #[must_use]
    pub fn new(place: impl Into<String>, why: impl Into<String>, help: impl Into<String>) -> Self {
        Refusal { place: place.into(), why: why.into(), help: help.into() }
    }
}

/// What a text begins with that somebody has yet to write; a set is refused while one holds it.
pub const FILL_IN: &str = "<fill in";

/// A text that somebody has yet to write.
#[must_use]
pub fn fill_in(what: &str) -> String {
    format!("{FILL_IN}: {what}>")
}
