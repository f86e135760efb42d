//! May this organisation do this with this dataset and these columns now: the question, its answer, and the record of both.
//!
//! [`call`] reads what a data server asks in the words of OpenID AuthZEN 1.0, [`mod@line`] is a record of the access log in the Dutch ADL
//! form, [`route`] says which data an address of a data server stands for.

pub mod call;
pub mod line;
pub mod route;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{Iri, Time, Urn};

pub use call::{Asked, Brought, Call, Malformed};
pub use line::{Event, Line};
pub use route::{DataServer, ServerRoute};

/// Why access is denied: a closed list (SPEC S-165).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The subject is no organisation by register and number.
    Subject,
    /// The action is neither `read` nor `use`.
    Action,
    /// The resource is no dataset.
    Resource,
    /// There is no such dataset.
    Dataset,
    /// The dataset has no such column.
    UnknownColumn,
    /// The token that was brought does not cover it.
    Token,
    /// The organisation has no deal on the dataset.
    NoDeal,
    /// No deal is active: it is offered, lapsed, suspended, revoked, expired, or its term has not begun.
    NotActive,
    /// The deals that are active are about data at another level.
    Level,
    /// They name other editions, or the question names none.
    Edition,
    /// They are about another period, or the question names none.
    Period,
    /// No single one of them covers every column.
    Column,
    /// The user is not named under the deal now, or the deal is for named users and the question names none.
    User,
    /// What the deal gives a day was given.
    Volume,
}

impl Reason {
    /// The word in answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Subject => "subject",
            Reason::Action => "action",
            Reason::Resource => "resource",
            Reason::Dataset => "dataset",
            Reason::UnknownColumn => "unknown-column",
            Reason::Token => "token",
            Reason::NoDeal => "no-deal",
            Reason::NotActive => "not-active",
            Reason::Level => "level",
            Reason::Edition => "edition",
            Reason::Period => "period",
            Reason::Column => "column",
            Reason::User => "user",
            Reason::Volume => "volume",
        }
    }
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Yes, by this deal.
    Permit {
        /// The deal.
        deal: Urn,
        /// It ends at this instant.
        until: Time,
    },
    /// Yes: the dataset is open to everybody.
    Open {
        /// Its licence.
        licence: Option<Iri>,
    },
    /// No.
    Deny {
        /// Why.
        reason: Reason,
        /// The columns that it is about.
        columns: BTreeSet<String>,
    },
    /// Not answered: the caller may not ask about the data of this owner.
    Forbidden,
}

impl Verdict {
    /// A no that is not about columns.
    #[must_use]
    pub fn no(reason: Reason) -> Self {
        Verdict::Deny { reason, columns: BTreeSet::new() }
    }

    /// Whether the answer is yes.
    #[must_use]
    pub fn permits(&self) -> bool {
        matches!(self, Verdict::Permit { .. } | Verdict::Open { .. })
    }

    /// As an AuthZEN response.
    #[must_use]
    pub fn response(&self) -> Value {
        let mut context = Map::new();
        match self {
            Verdict::Permit { deal, until } => {
                context.insert("deal".to_owned(), deal.to_string().into());
                context.insert("until".to_owned(), until.to_string().into());
            }
            Verdict::Open { licence } => {
                context.insert("open".to_owned(), true.into());
                context.extend(licence.as_ref().map(|l| ("licence".to_owned(), l.as_str().into())));
            }
            Verdict::Deny { reason, columns } => {
                context.insert("reason".to_owned(), reason.as_str().into());
                if !columns.is_empty() {
                    context.insert("columns".to_owned(), json!(columns));
                }
            }
            Verdict::Forbidden => {
                return refused(403, "you may not ask about the data of this owner");
            }
        }
        json!({"decision": self.permits(), "context": context})
    }
}

/// The answer to what is not decided: no, and what is wrong, by the status that HTTP has for it.
#[must_use]
pub fn refused(status: u16, message: &str) -> Value {
    json!({"decision": false, "context": {"error": {"status": status, "message": message}}})
}
