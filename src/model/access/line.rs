//! A record of the access log in the form of the Dutch Authorization Decision Log (Logius, ADL), at the level of full replay: what was
//! asked and answered in the body; the deals, the datasets and the program that decided by reference. One line of JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::trace::Trace;
use crate::model::{Digest, Iri, Time, Urn};

/// Which call it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// One question.
    #[serde(rename = "adl.access_evaluation")]
    Evaluation,
    /// Several.
    #[serde(rename = "adl.access_evaluations")]
    Evaluations,
}

/// How the call went. A no is `Ok`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// It was decided.
    Ok,
    /// It could not be: what was asked was not understood, or the caller may ask nothing.
    Error,
}

/// A deal that was looked at, with all that its state follows from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DealRef {
    /// Its id.
    pub id: Urn,
    /// Digest of its record.
    pub digest: Digest,
    /// Digests of the records about it, in their order: acceptance, suspensions, revocation.
    pub records: Vec<Digest>,
    /// How much of its volume the day had used before this call, if it gives so much a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<u64>,
    /// The events by which users that the call names are named under it now, by their pseudonyms.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub users: BTreeMap<String, Urn>,
}

/// A dataset that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatasetRef {
    /// Its IRI.
    pub id: Iri,
    /// Its version.
    pub version: Digest,
    /// Digest of the record of its import.
    pub record: Digest,
    /// Digest of the record by which its catalogue holds it no more, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Digest>,
}

/// What decides: the deals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policies {
    /// The deals that were looked at.
    pub deals: Vec<DealRef>,
}

/// What else was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Information {
    /// The datasets that were looked at.
    pub datasets: Vec<DatasetRef>,
    /// The owners about whose data the caller may ask.
    pub owners: Vec<String>,
    /// How long the log was.
    pub log: u64,
}

/// With what was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// The version of this program.
    pub datadeal: String,
}

/// References: each part of the call that is not in the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attributes {
    /// The deals.
    #[serde(rename = "adl.core.policies")]
    pub policies: Policies,
    /// What else was read.
    #[serde(rename = "adl.core.information")]
    pub information: Information,
    /// The program.
    #[serde(rename = "adl.core.configuration")]
    pub configuration: Configuration,
}

/// What was asked and answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// As it was sent.
    #[serde(rename = "adl.core.request")]
    pub request: Value,
    /// As it was answered.
    #[serde(rename = "adl.core.response")]
    pub response: Value,
}

/// The member of `resource` that keeps the order within a second.
pub const ORDER: &str = "datadeal.order";

/// A record, written as one line of JSON: its bytes are what is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// References.
    pub attributes: Attributes,
    /// What was asked and answered.
    pub body: Body,
    /// Which call.
    pub event_name: Event,
    /// The caller's span.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_span_id: Option<String>,
    /// Who wrote the record, and who asked.
    pub resource: Map<String, Value>,
    /// This call.
    pub span_id: String,
    /// How it went.
    pub status: Status,
    /// The moment of the decision, in milliseconds since 1970.
    pub timestamp: u64,
    /// The trace.
    pub trace_id: String,
}

/// The first key of an instant: every record of that second or later has a greater one.
#[must_use]
pub fn first_key(at: Time) -> String {
    format!("{:014}", millis(at))
}

fn millis(at: Time) -> u64 {
    u64::try_from(at.unix()).unwrap_or(0).saturating_mul(1000)
}

impl Line {
    /// A record of a call that was decided at an instant.
    #[must_use]
    pub fn new(
        at: Time,
        trace: Trace,
        event: Event,
        status: Status,
        body: Body,
        attributes: Attributes,
        resource: Map<String, Value>,
    ) -> Self {
        let Trace { trace_id, span_id, parent_id } = trace;
        Line {
            attributes,
            body,
            event_name: event,
            parent_span_id: parent_id,
            resource,
            span_id,
            status,
            timestamp: millis(at),
            trace_id,
        }
    }

    /// Its key in the store: records sort by time and by their order within it (SPEC S-161). Older ones do not say that.
    #[must_use]
    pub fn key(&self) -> String {
        let order = self.resource.get(ORDER).and_then(Value::as_u64);
        let order = order.map(|order| format!("{order:016}-")).unwrap_or_default();
        format!("{:014}-{order}{}-{}", self.timestamp, self.trace_id, self.span_id)
    }

    /// The second of the decision.
    #[must_use]
    pub fn at(&self) -> Option<Time> {
        Time::from_unix(i64::try_from(self.timestamp / 1000).ok()?)
    }
}
