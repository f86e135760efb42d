//! What stands in an address: its parts and its query, with a problem for what cannot be read.

use std::error::Error as _;

use axum::extract::FromRequestParts;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::{PathRejection, QueryRejection};

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::Problem;
use crate::model::Urn;

/// The parts of an address.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub(super) struct Path<T>(pub(super) T);

/// The query of an address.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub(super) struct Query<T>(pub(super) T);

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PagedBy<K: ToSchema> {
    /// What names the last item of the page before: its `next`.
    after: Option<K>,
    /// At most so many items, up to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u8>,
}

/// A page of things that have an id.
pub(super) type Paged = PagedBy<Urn>;

/// How many items a page has.
pub(super) fn limit(asked: Option<u8>) -> usize {
    usize::from(asked.unwrap_or(50).clamp(1, 100))
}

impl<K: ToSchema> PagedBy<K> {
    pub(super) fn after(&self) -> Option<&K> {
        self.after.as_ref()
    }

    pub(super) fn limit(&self) -> usize {
        limit(self.limit)
    }
}

/// A page of a list that is there as a whole, and what to give as `after` for the next one.
pub(super) fn page<T, K: PartialEq>(
    items: Vec<T>,
    after: Option<&K>,
    limit: usize,
    key: impl Fn(&T) -> K,
) -> Result<(Vec<T>, Option<K>), Problem> {
    let first = match after {
        None => 0,
        Some(after) => {
            1 + items.iter().position(|item| key(item) == *after).ok_or_else(|| {
                Problem::invalid("The list has no such item any more: begin again.").at("after", "is not in the list")
            })?
        }
    };
    let more = items.len() > first.saturating_add(limit);
    let items: Vec<T> = items.into_iter().skip(first).take(limit).collect();
    let next = items.last().filter(|_| more).map(key);
    Ok((items, next))
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        let problem = Problem::invalid(format!("The address cannot be read: {}.", rejection.body_text()));
        let PathRejection::FailedToDeserializePathParams(failed) = rejection else { return problem };
        match failed.into_kind() {
            ErrorKind::DeserializeError { key, message, .. } => problem.at(key, message),
            ErrorKind::InvalidUtf8InPathParam { key } => problem.at(key, "is not in UTF-8"),
            _ => problem,
        }
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        let problem = Problem::invalid(format!("The query cannot be read: {}.", rejection.body_text()));
        let mut cause = rejection.source();
        while let Some(error) = cause {
            if let Some(failed) = error.downcast_ref::<serde_path_to_error::Error<serde::de::value::Error>>() {
                return problem.at(failed.path().to_string(), failed.inner().to_string());
            }
            cause = error.source();
        }
        problem
    }
}
