//! What went wrong, as `application/problem+json` (RFC 9457): the one place where an error becomes an answer. What concerns the caller
//! is said with the failing field; what concerns the operator is logged once, and the caller learns the trace id only.

use std::fmt::Display;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use miette::Diagnostic;
use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::{EngineError, Field, Mend};
use crate::log::LogError;
use crate::model::JsonError;
use crate::model::change::Change;
use crate::model::condition::{Bilingual, Lang};
use crate::rights::RightsError;
use crate::store::{Kind, Refusal, StoreError};
use crate::text::{Texts, changed};

/// The members of a question, with which their places begin.
const QUESTION: [&str; 5] = ["/purpose", "/scope", "/declared", "/evidence", "/declined"];

/// A fault of one member of what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// Which member: a JSON Pointer (RFC 6901) into the body, or the name of a query key, a part of the address or a header. Of a draft that
    /// is submitted: a pointer into the draft.
    pub pointer: String,
    /// What is wrong with it, and how to mend it.
    pub detail: String,
}

/// Something that came between, with words for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Changed {
    /// What, when, and by whom.
    #[serde(flatten)]
    pub change: Change,
    /// The same for people.
    pub words: Bilingual,
}

/// An error of the API (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The kind of problem: `urn:datadeal:problem:` and a word of a closed list.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The kind in words.
    pub title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What went wrong this time, and how to mend it.
    pub detail: String,
    /// The members that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
    /// Of a conflict: what came between what the caller saw and what it asked, in that order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<Changed>,
    /// After how many seconds to try again; also in `Retry-After`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

/// Declares the closed list once: constructor, word, status, title.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $word:literal $status:ident $title:literal),+ $(,)?) => {
        impl Problem {
            $($(#[$doc])* pub(super) fn $name(detail: impl Into<String>) -> Self {
                Problem::new(concat!("urn:datadeal:problem:", $word), StatusCode::$status, $title, detail.into())
            })+
        }
    };
}

kinds! {
    /// What was sent cannot be read, or means nothing.
    invalid "invalid" BAD_REQUEST "The request is not valid",
    /// Nobody said who asks, or what was said opens nothing.
    unauthenticated "unauthenticated" UNAUTHORIZED "Sign in, or give a valid API key",
    /// The caller may not do this.
    forbidden "forbidden" FORBIDDEN "Not allowed",
    /// There is no such thing.
    not_found "not-found" NOT_FOUND "Not found",
    /// The address knows other methods.
    method "method-not-allowed" METHOD_NOT_ALLOWED "This method is not known here",
    /// The call took too long.
    slow "timeout" REQUEST_TIMEOUT "The request took too long",
    /// The state of things does not allow it, or has changed.
    conflict "conflict" CONFLICT "It cannot be done in this state",
    /// What was read before has changed.
    stale "precondition-failed" PRECONDITION_FAILED "It was changed meanwhile",
    /// The body is too large.
    too_large "too-large" PAYLOAD_TOO_LARGE "The body is too large",
    /// The body is of another type.
    media_type "unsupported-media-type" UNSUPPORTED_MEDIA_TYPE "The body is of another type than this address reads",
    /// The same idempotency key came with something else.
    reused "idempotency-key-reused" UNPROCESSABLE_ENTITY "The idempotency key was used for another request",
    /// An edit must name the version that it read.
    precondition "precondition-required" PRECONDITION_REQUIRED "Name the version that you read",
    /// Too many calls.
    too_many "too-many-requests" TOO_MANY_REQUESTS "Too many requests",
    /// A fault of the service.
    internal "internal" INTERNAL_SERVER_ERROR "A fault of the service",
    /// The service cannot now.
    unavailable "unavailable" SERVICE_UNAVAILABLE "The service cannot do this now",
}

impl Problem {
    fn new(kind: &'static str, status: StatusCode, title: &'static str, detail: String) -> Self {
        Problem {
            kind,
            title,
            status: status.as_u16(),
            detail,
            errors: Vec::new(),
            changed: Vec::new(),
            retry_after: None,
        }
    }

    /// Names a member that is wrong.
    #[must_use]
    pub(super) fn at(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.errors.push(Fault { pointer: pointer.into(), detail: detail.into() });
        self
    }

    /// Of a question that stands in a member of the body: its places are below that.
    #[must_use]
    pub(super) fn below(mut self, member: &str) -> Self {
        let question = |f: &&mut Fault| QUESTION.iter().any(|part| f.pointer.starts_with(part));
        self.errors.iter_mut().filter(question).for_each(|f| f.pointer.insert_str(0, member));
        self
    }

    /// Of a question that stands in the query: its members are keys.
    #[must_use]
    pub(super) fn in_query(mut self) -> Self {
        self.errors.iter_mut().for_each(|f| f.pointer = f.pointer.trim_start_matches('/').to_owned());
        self
    }

    /// Says when to try again.
    #[must_use]
    pub(super) fn after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(u32::try_from(seconds).unwrap_or(u32::MAX));
        self
    }

    /// A conflict with what others did.
    fn changed(changes: &[Change]) -> Self {
        let [nl, en] = [Lang::Nl, Lang::En].map(Texts::new);
        let words = |change| Bilingual { nl: changed(&nl, change), en: changed(&en, change) };
        let changed: Vec<Changed> =
            changes.iter().map(|change| Changed { change: change.clone(), words: words(change) }).collect();
        let said: String = changed.iter().map(|c| format!("{} ", c.words.en)).collect();
        Problem { changed, ..Problem::conflict(format!("{said}Look at it again, then repeat.")) }
    }

    /// A fault of the service: logged here, and not told.
    fn hidden(error: &EngineError, now: fn(String) -> Self) -> Self {
        tracing::error!(error = %error, code = error.code().map(|c| c.to_string()), "the service could not answer");
        now("The operator of this portal finds the reason in its log, under the trace id of this call.".to_owned())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        match &error {
            EngineError::Rights(RightsError::Forbidden { act, roles, .. }) => {
                Problem::forbidden(format!("You may not `{act}` here (your roles: {roles})."))
            }
            EngineError::Blocked(_) => Problem::unauthenticated(
                "You are blocked here. Ask an administrator of your organisation, or of this portal.",
            ),
            EngineError::NotFound { help, given, .. } => {
                let told = mendable(&error, help);
                match given.and_then(Field::place) {
                    Some(place) => Problem::invalid(told.as_str()).at(place, told),
                    None => Problem::not_found(told),
                }
            }
            EngineError::State { help, .. } => Problem::conflict(mendable(&error, help)),
            EngineError::Exists { .. } | EngineError::NoKey { .. } => Problem::conflict(error.to_string()),
            EngineError::Input { field, why, help } => {
                let told = mendable(why, help);
                match field.place() {
                    None => Problem::invalid(format!("{}: {told}", field.words())),
                    // the whole body
                    Some("") => Problem::invalid(format!("{}: {told}", field.words())).at("", told),
                    Some(place) => Problem::invalid(format!("`{place}` {told}")).at(place, told),
                }
            }
            EngineError::Facts(faults) => faults.iter().fold(Problem::invalid("Some facts are none."), |p, f| {
                p.at(
                    format!("{}{}", Field::Declared.place().unwrap_or_default(), f.pointer),
                    format!("{f} ({})", f.help),
                )
            }),
            EngineError::Changed(changes) => Problem::changed(changes),
            EngineError::Submit(LogError::Conflict(Refusal::Guard {
                kind: Kind::Draft | Kind::Profile | Kind::Person,
                ..
            })) => Problem::stale("Somebody else changed it since you read it. Read it again, then repeat."),
            EngineError::Submit(LogError::Conflict(refusal)) => Problem::conflict(refused(refusal)),
            EngineError::Submit(LogError::Full) | EngineError::Store(StoreError::Busy { .. }) => {
                Problem::unavailable("Too many operations are waiting to be written.").after(1)
            }
            EngineError::Faults(_)
            | EngineError::Slice(_)
            | EngineError::Cases(_)
            | EngineError::Schema(_)
            | EngineError::Record(_)
            | EngineError::Json(_)
            | EngineError::Id(_)
            | EngineError::Proof(_)
            | EngineError::Note(_)
            | EngineError::Evidence(_)
            | EngineError::Credential(_) => Problem::invalid(error.to_string()),
            EngineError::Registry(_) => Problem::hidden(&error, Problem::unavailable).after(60),
            EngineError::Evaluation(_)
            | EngineError::Store(_)
            | EngineError::Log(_)
            | EngineError::Submit(_)
            | EngineError::Clock(_)
            | EngineError::Random(_) => Problem::hidden(&error, Problem::unavailable).after(10),
            EngineError::Rights(RightsError::Fault(_))
            | EngineError::KeyFile(_)
            | EngineError::Tree(_)
            | EngineError::Row { .. } => Problem::hidden(&error, Problem::internal),
        }
    }
}

/// What went wrong, with what mends it.
fn mendable(why: impl Display, mend: &Mend) -> String {
    format!("{why} ({})", mend.words())
}

/// What came between, for the one who came too late.
fn refused(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Guard { kind: Kind::ConditionSet, .. } => {
            "A new version of the conditions was published meanwhile. Look at the answer again, then repeat.".to_owned()
        }
        Refusal::Guard { kind: kind @ (Kind::Schema | Kind::TrustList | Kind::Key), .. } => {
            format!(
                "The {} in force was changed meanwhile. Look at the answer again, then repeat.",
                kind.as_str().replace('-', " ")
            )
        }
        Refusal::Guard { kind: Kind::Idempotency, .. } => {
            "The same call is being answered already: repeat it to see what it made.".to_owned()
        }
        // not its key: that may name what the caller need not know of
        Refusal::Guard { kind, .. } => {
            let what = kind.as_str().replace('-', " ");
            format!("The {what} was changed by somebody else meanwhile. Look at it again, then repeat.")
        }
        Refusal::Over { kind, most, .. } => format!("The {} of {most} was used up meanwhile.", kind.as_str()),
        Refusal::Taken { .. } => "Somebody else took the same place meanwhile. Repeat it.".to_owned(),
        Refusal::RecordTaken { id, .. } => format!("The record `{id}` is kept already."),
    }
}

impl From<JsonError> for Problem {
    fn from(error: JsonError) -> Self {
        match &error {
            JsonError::TooLarge { .. } => Problem::too_large(error.to_string()),
            JsonError::Syntax { .. } | JsonError::Shape { .. } => Problem::invalid(error.to_string()),
        }
    }
}
