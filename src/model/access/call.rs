//! A call of the AuthZEN Authorization API 1.0: one evaluation, or several in a batch (sections 6 and 7). What is missing or of another
//! type makes the call, or one item of a batch, malformed; members that are not known are ignored, as the standard asks.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Event, Verdict, refused};
use crate::model::input::Scope;
use crate::model::{Iri, OrgId, Time, Urn};

/// The most evaluations in one call.
const MAX_EVALUATIONS: usize = 1000;

/// What cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// A JSON Pointer to the member.
    pub pointer: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` {}", self.pointer, self.why)
    }
}

fn malformed<T>(pointer: impl Into<String>, why: &'static str) -> Result<T, Malformed> {
    Err(Malformed { pointer: pointer.into(), why })
}

/// One question, as it was asked. A part that names nothing of ours is a text or none: it is denied, not malformed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The organisation that wants to do it; none for a subject of another type, or one that no register has.
    pub organisation: Option<OrgId>,
    /// The user of the organisation, by the pseudonym under which the deal names a person; none for the organisation as a whole.
    pub user: Option<String>,
    /// What it wants to do.
    pub action: String,
    /// The dataset, by IRI or slug; none for a resource of another type.
    pub dataset: Option<String>,
    /// With which columns; none named: all of them.
    pub columns: BTreeSet<String>,
    /// At which level.
    pub level: String,
    /// Which edition.
    pub edition: Option<String>,
    /// Data from this instant.
    pub period_from: Option<Time>,
    /// Data before this instant.
    pub period_until: Option<Time>,
    /// How much of what the deal gives a day it takes: so many records, or 1 for a question.
    pub volume: u64,
    /// By this deal and no other.
    pub deal: Option<Urn>,
    /// And not beyond this token.
    pub token: Option<Brought>,
}

/// What the token covers that was brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// The dataset.
    pub dataset: Iri,
    /// Columns, level, editions and period.
    pub scope: Scope,
}

/// When a batch ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Semantic {
    /// After the last one.
    ExecuteAll,
    /// After the first no.
    DenyOnFirstDeny,
    /// After the first yes.
    PermitOnFirstPermit,
}

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Which of the two.
    pub event: Event,
    /// The questions in order. One without a batch around it is well formed.
    pub asked: Vec<Result<Asked, Malformed>>,
    /// When a batch ends; none for a single question.
    pub semantic: Option<Semantic>,
    /// The trace that the caller names (`context.traceparent`, AuthZEN NLGov).
    pub traceparent: Option<String>,
    /// The whole, as it was sent.
    pub request: Value,
}

impl Call {
    /// Reads a call to `/evaluation` or `/evaluations`.
    ///
    /// # Errors
    /// The first member for which the call as a whole means nothing.
    pub fn read(request: Value, event: Event) -> Result<Self, Malformed> {
        let Value::Object(members) = &request else { return malformed("", "is not an object") };
        let items = match members.get("evaluations").filter(|_| event == Event::Evaluations) {
            None => &[][..],
            Some(Value::Array(items)) if items.len() <= MAX_EVALUATIONS => items.as_slice(),
            Some(Value::Array(_)) => return malformed("/evaluations", "has more than 1000 items"),
            Some(_) => return malformed("/evaluations", "is not a list"),
        };
        let semantic = semantic(members)?;
        for (name, value) in ENTITIES.iter().filter_map(|name| Some((name, members.get(*name)?))) {
            if !value.is_object() {
                return malformed(format!("/{name}"), "is not an object");
            }
        }
        let (asked, semantic) = if items.is_empty() {
            (vec![Ok(asked(members, members, "")?)], None)
        } else {
            let item = |(n, item): (usize, &Value)| match item {
                Value::Object(own) => asked(own, members, &format!("/evaluations/{n}")),
                _ => malformed(format!("/evaluations/{n}"), "is not an object"),
            };
            (items.iter().enumerate().map(item).collect(), Some(semantic))
        };
        let traceparent = match members.get("context") {
            Some(Value::Object(context)) => Part { of: context, at: "/context".to_owned() }.text("traceparent")?,
            _ => None,
        };
        Ok(Call { event, asked, semantic, traceparent, request })
    }

    /// The response, with the answer to each question as far as the batch goes.
    ///
    /// # Errors
    /// The first error of an answer.
    pub fn respond<E>(&self, mut answer: impl FnMut(&Asked) -> Result<Verdict, E>) -> Result<Value, E> {
        let mut responses = Vec::new();
        for asked in &self.asked {
            let (permits, response) = match asked {
                Ok(asked) => {
                    let verdict = answer(asked)?;
                    (verdict.permits(), verdict.response())
                }
                Err(malformed) => (false, refused(400, &malformed.to_string())),
            };
            responses.push(response);
            let last = match self.semantic {
                Some(Semantic::DenyOnFirstDeny) => !permits,
                Some(Semantic::PermitOnFirstPermit) => permits,
                Some(Semantic::ExecuteAll) | None => false,
            };
            if last {
                break;
            }
        }
        match self.semantic {
            Some(_) => Ok(json!({"evaluations": responses})),
            None => Ok(responses.into_iter().next().unwrap_or_default()),
        }
    }
}

const ENTITIES: [&str; 4] = ["subject", "action", "resource", "context"];

fn semantic(members: &Map<String, Value>) -> Result<Semantic, Malformed> {
    let options = match members.get("options") {
        None => return Ok(Semantic::ExecuteAll),
        Some(Value::Object(options)) => options,
        Some(_) => return malformed("/options", "is not an object"),
    };
    match options.get("evaluations_semantic").map(Value::as_str) {
        None | Some(Some("execute_all")) => Ok(Semantic::ExecuteAll),
        Some(Some("deny_on_first_deny")) => Ok(Semantic::DenyOnFirstDeny),
        Some(Some("permit_on_first_permit")) => Ok(Semantic::PermitOnFirstPermit),
        Some(_) => malformed("/options/evaluations_semantic", "is not one of the three of the standard"),
    }
}

/// One question: what an item names itself, and else what the whole names. An entity is taken whole from one of them.
fn asked(own: &Map<String, Value>, whole: &Map<String, Value>, at: &str) -> Result<Asked, Malformed> {
    let entity = |name: &str| match own.get(name).or_else(|| whole.get(name)) {
        Some(Value::Object(entity)) => Ok(entity),
        Some(_) => malformed(format!("{at}/{name}"), "is not an object"),
        None => malformed(format!("{at}/{name}"), "is missing"),
    };
    let (subject, action, resource) = (entity("subject")?, entity("action")?, entity("resource")?);
    let context = match own.get("context").or_else(|| whole.get("context")) {
        None => &Map::new(),
        Some(Value::Object(context)) => context,
        Some(_) => return malformed(format!("{at}/context"), "is not an object"),
    };
    let text = |entity: &Map<String, Value>, path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        match entity.get(name) {
            Some(Value::String(text)) => Ok(text.clone()),
            Some(_) => malformed(format!("{at}/{path}"), "is not a text"),
            None => malformed(format!("{at}/{path}"), "is missing"),
        }
    };
    let properties = |entity: &Map<String, Value>, path: &str| match entity.get("properties") {
        None => Ok(Map::new()),
        Some(Value::Object(properties)) => Ok(properties.clone()),
        Some(_) => malformed(format!("{at}/{path}"), "is not an object"),
    };
    let (subject_type, subject_id) = (text(subject, "subject/type")?, text(subject, "subject/id")?);
    let (resource_type, resource_id) = (text(resource, "resource/type")?, text(resource, "resource/id")?);
    let action_name = text(action, "action/name")?;
    let of = Part { of: &properties(subject, "subject/properties")?, at: format!("{at}/subject/properties") };
    let (organisation, user) = match subject_type.as_str() {
        "organisation" => (Some(subject_id), None),
        "user" => (of.text("organisation")?, Some(subject_id)),
        _ => (None, None),
    };
    properties(action, "action/properties")?;
    let properties =
        Part { of: &properties(resource, "resource/properties")?, at: format!("{at}/resource/properties") };
    let context = Part { of: context, at: format!("{at}/context") };
    // not read, but what is said of it holds
    context.text("time")?;
    Ok(Asked {
        organisation: organisation.and_then(|id| id.parse().ok()),
        user,
        action: action_name,
        dataset: Some(resource_id).filter(|_| resource_type == "dataset"),
        columns: properties.texts("columns")?,
        level: properties.text("level")?.unwrap_or_else(|| Scope::default().level),
        edition: properties.text("edition")?,
        period_from: properties.parsed("periodFrom")?,
        period_until: properties.parsed("periodUntil")?,
        volume: properties.number("volume")?.unwrap_or(1),
        deal: context.parsed("deal")?,
        token: context.token()?,
    })
}

/// Members that mean something to us: a wrong one must not be taken for an absent one.
struct Part<'a> {
    of: &'a Map<String, Value>,
    at: String,
}

impl Part<'_> {
    fn text(&self, name: &str) -> Result<Option<String>, Malformed> {
        match self.of.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => malformed(format!("{}/{name}", self.at), "is not a text"),
        }
    }

    fn parsed<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Malformed> {
        match self.text(name)?.map(|text| text.parse()) {
            None => Ok(None),
            Some(Ok(value)) => Ok(Some(value)),
            Some(Err(_)) => malformed(format!("{}/{name}", self.at), "cannot be read"),
        }
    }

    fn number(&self, name: &str) -> Result<Option<u64>, Malformed> {
        let positive = |value: &Value| value.as_u64().filter(|n| *n > 0);
        match self.of.get(name).map(positive) {
            None => Ok(None),
            Some(Some(number)) => Ok(Some(number)),
            Some(None) => malformed(format!("{}/{name}", self.at), "is not a whole number above 0"),
        }
    }

    /// `token`: an object as the service itself writes it.
    fn token(&self) -> Result<Option<Brought>, Malformed> {
        let token = match self.of.get("token") {
            None => return Ok(None),
            Some(Value::Object(token)) => token,
            Some(_) => return malformed(format!("{}/token", self.at), "is not an object"),
        };
        let said = Part { of: token, at: format!("{}/token", self.at) };
        let Some(dataset) = said.parsed("dataset")? else {
            return malformed(format!("{}/dataset", said.at), "is missing");
        };
        let scope = Scope {
            columns: said.texts("columns")?,
            level: said.text("level")?.unwrap_or_else(|| Scope::default().level),
            editions: said.texts("editions")?,
            period_from: said.parsed("periodFrom")?,
            period_until: said.parsed("periodUntil")?,
            ..Scope::default()
        };
        Ok(Some(Brought { dataset, scope }))
    }

    fn texts(&self, name: &str) -> Result<BTreeSet<String>, Malformed> {
        let wrong = || malformed(format!("{}/{name}", self.at), "is not a list of texts");
        match self.of.get(name) {
            None => Ok(BTreeSet::new()),
            // an empty list names nothing, and nothing is not everything
            Some(Value::Array(items)) if !items.is_empty() => {
                let texts: Option<BTreeSet<String>> =
                    items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
                texts.map_or_else(wrong, Ok)
            }
            Some(Value::Array(_)) => malformed(format!("{}/{name}", self.at), "names nothing"),
            Some(_) => wrong(),
        }
    }
}
