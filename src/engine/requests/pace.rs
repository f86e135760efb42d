//! How long requests for a dataset took, from receipt until their first decision.

use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::operation::Operation;
use crate::engine::rows;
use crate::engine::state::Case;
use crate::engine::{Engine, EngineError};
use crate::model::record::Reference;
use crate::model::term::local_day;
use crate::model::{Iri, Time};
use crate::store::Kind;

/// How many are looked at, the newest first.
const NEWEST: usize = 100;
/// Before any second of these counts, so that the newest comes first in the order of keys.
const END: i64 = 999_999_999_999;

/// How long requests took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pace {
    /// How many requests were looked at: the last ones that were decided on, at most 100.
    pub requests: usize,
    /// The median number of days from receipt until the decision.
    pub median_days: i64,
}

/// When a request ended.
#[derive(Debug, Serialize, serde::Deserialize)]
struct Ended {
    request: Reference,
    at: Time,
}

impl Engine {
    /// Lists a case among those that were decided on, when it is.
    pub(in crate::engine) fn note_end(op: &mut Operation<'_>, case: &Case) -> Result<(), EngineError> {
        let (Some(at), Some(decision)) = (case.ended, &case.decision) else { return Ok(()) };
        if !decision.result.judged() {
            return Ok(());
        }
        let key = format!("{:012} {}", END - at.chrono().timestamp(), case.id);
        let ended = Ended { request: case.request, at };
        rows::put(&mut op.item, Kind::Ended, &key, Some(case.dataset.as_str()), &ended)
    }

    /// How long requests for a dataset took; none where none was decided on.
    pub(in crate::engine) fn pace(&self, dataset: &Iri) -> Result<Option<Pace>, EngineError> {
        let mut days = Vec::new();
        for row in self.store.rows(Kind::Ended, Some(dataset.as_str()), None, NEWEST)? {
            let Ended { request, at } = rows::parse(&row)?.value;
            let received = self.received(&request)?.received_at;
            days.push((local_day(at) - local_day(received)).num_days());
        }
        days.sort_unstable();
        let (low, high) = (days.get(days.len().saturating_sub(1) / 2), days.get(days.len() / 2));
        // of two in the middle the mean, rounded up: nobody is promised less
        Ok(low.zip(high).map(|(low, high)| Pace { requests: days.len(), median_days: (low + high + 1) / 2 }))
    }
}
