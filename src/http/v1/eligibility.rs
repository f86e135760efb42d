//! `POST /eligibility`: what may I use? One question over all datasets that the caller may see. Nothing is kept.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::body::Body;
use super::super::caller::Caller;
use super::super::parts::{Query, limit};
use super::{Problem, Service};
use crate::engine::{Engine, Filter, MayUse, Part, Question};
use crate::model::condition::Bilingual;
use crate::model::dataset::Access;
use crate::model::eligible::{Eligible, Group, Place, Totals};
use crate::model::input::Uncounted;
use crate::model::{Name, OrgId, Time};

/// Which datasets, and which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Which {
    /// Only those that can be used now, after something, or not.
    group: Option<Group>,
    /// Only of this owner.
    owner: Option<OrgId>,
    /// Only those that are so open.
    access: Option<Access>,
    /// What names the last item of the page before: its `next`.
    after: Option<Place>,
    /// At most so many items, up to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u8>,
}

/// What the caller may use. It is an indication, not a decision.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Eligibility {
    /// That it is an indication.
    notice: Bilingual,
    /// The instant that it was answered for.
    at: Time,
    /// How many datasets stand where, of all that owner and access leave; the group that is wanted makes no difference.
    totals: Totals,
    /// The datasets, those first of which the least is missing.
    items: Vec<Eligible>,
    /// Short names of datasets that cannot be told, for their conditions cannot be evaluated: at most 20. Nothing is permitted by them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faulty: Vec<Name>,
    /// Evidence that does not count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    uncounted: Vec<Uncounted>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Place>,
}

/// Asks what may be used
///
/// All datasets in three groups: those that can be used now, those that can be used after facts or approvals that are named, and those that
/// cannot. Anybody may ask. An organisation that signs in has the evidence counted that is on file for it, and is told of the datasets that
/// are for it alone. Nothing is kept; a request is decided afresh.
#[utoipa::path(post, path = "/eligibility", tag = "checks", operation_id = "askEligibility", params(Which),
    request_body(content = Question, example = json!({"purpose": "dd:EducationResearch", "scope": {"termMonths": 24}, "declared": {"category": "university"}})),
    responses((status = 200, description = "What may be used", body = Eligibility)))]
pub(in crate::http) async fn eligibility(
    State(service): State<Arc<Service>>,
    caller: Option<Caller>,
    Query(which): Query<Which>,
    Body(mut question): Body<Question>,
) -> Result<Json<Eligibility>, Problem> {
    let actor = caller.map(|Caller(actor)| actor);
    question.applicant = question.applicant.or_else(|| actor.as_ref().map(|actor| actor.organisation.clone()));
    let Which { group, owner, access, after, limit: most } = which;
    let (filter, part) = (Filter { group, owner, access }, Part { after, limit: limit(most) });
    let ask = move |engine: &Engine| engine.eligible(actor.as_ref(), &question, &filter, &part, None);
    let MayUse { at, totals, items, faulty, uncounted, next } = service.heavy(ask).await?;
    let notice = service.both("explain-indication");
    Ok(Json(Eligibility { notice, at, totals, items, faulty, uncounted, next }))
}
