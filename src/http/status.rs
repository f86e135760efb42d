//! `GET /log/status/{owner}/{purpose}`: the list that the deals of an owner name as theirs (W3C Bitstring Status List). Public: a list names no
//! deal and no party. It is a convenience; the log is the proof of a revocation.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::parts::Path;
use super::{Problem, Service, v1};
use crate::model::record::StatusPurpose;
use crate::model::{OrgId, Time};

/// How long a list is served before it is signed anew, in seconds: so late it tells of a revocation.
const FRESH: i64 = 60;
/// The same, for whoever keeps a copy.
const KEPT: &str = "public, max-age=60";

/// A list as it is served: its JSON.
type Lists = Vec<(StatusPurpose, Arc<str>)>;

/// The lists that were signed lately, of owners that are here.
#[derive(Debug, Default)]
pub(super) struct Signed(Mutex<HashMap<OrgId, (Time, Lists)>>);

impl Signed {
    fn fresh(&self, owner: &OrgId, now: Time) -> Option<Lists> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, lists) = kept.get(owner)?;
        (*at <= now && now < at.plus_seconds(FRESH)).then(|| lists.clone())
    }

    fn keep(&self, owner: OrgId, now: Time, lists: Lists) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(owner, (now, lists));
    }
}

pub(super) fn router() -> Router<Arc<Service>> {
    Router::new().route("/{owner}/{purpose}", get(list))
}

async fn list(
    State(service): State<Arc<Service>>,
    Path((owner, purpose)): Path<(OrgId, String)>,
) -> Result<Response, Problem> {
    let now = service.engine.now();
    let lists = match service.signed.fresh(&owner, now) {
        Some(lists) => lists,
        None => {
            let (engine, of) = (Arc::clone(&service.engine), owner.clone());
            let signed = v1::blocking(move || engine.status_lists(&of)).await?;
            let lists: Lists = signed.into_iter().map(|(purpose, list)| (purpose, list.to_string().into())).collect();
            service.signed.keep(owner, now, lists.clone());
            lists
        }
    };
    let found = lists.into_iter().find(|(of, _)| of.as_str() == purpose);
    let (_, list) = found.ok_or_else(|| Problem::not_found("A list is of `revocation` or of `suspension`."))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/vc")),
        (header::CACHE_CONTROL, HeaderValue::from_static(KEPT)),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ];
    Ok((headers, list.to_string()).into_response())
}
