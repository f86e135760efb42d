//! `/organisations`, `/registrations`: who there is, who asks to be added, and what an organisation keeps declared of itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::body::{Body, Posted};
use super::super::caller::Caller;
use super::super::parts::{PagedBy, Path, Query};
use super::super::version::{Read, Tag, etag};
use super::{Problem, Service};
use crate::engine::state::Organisation;
use crate::engine::{Profile, Registration};
use crate::model::OrgId;
use crate::model::input::Facts;

/// Who there is.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Organisations {
    /// By register and number.
    items: Vec<Organisation>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<OrgId>,
}

/// Lists the organisations
#[utoipa::path(get, path = "/organisations", tag = "organisations", operation_id = "listOrganisations", params(PagedBy<OrgId>),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Every organisation", body = Organisations)))]
pub(in crate::http) async fn list(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Query(paged): Query<PagedBy<OrgId>>,
) -> Result<Json<Organisations>, Problem> {
    let (items, next) = service.engine.organisations_after(&actor, paged.after(), paged.limit())?;
    Ok(Json(Organisations { items, next }))
}

/// An organisation that asks to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Asking {
    /// Register and number.
    organisation: OrgId,
    /// Legal name as the register has it.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
}

/// Asks for an organisation to be added
///
/// Anybody may. It is added once the operator has checked its register number and name; until then several may ask for one number. Who waits
/// for 30 days has to ask again.
#[utoipa::path(post, path = "/registrations", tag = "organisations", operation_id = "register", request_body = Asking,
    responses((status = 202, description = "It waits to be added", body = Registration),
        (status = 409, description = "It is here or waits already, or too many wait", body = Problem, content_type = "application/problem+json")))]
pub(in crate::http) async fn register(
    State(service): State<Arc<Service>>,
    Body(asking): Body<Asking>,
) -> Result<(StatusCode, Json<Registration>), Problem> {
    let waits = service.engine.ask_registration(&asking.organisation, &asking.name)?.await?;
    Ok((StatusCode::ACCEPTED, Json(waits)))
}

/// Who asks to be added.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Registrations {
    /// By register and number.
    items: Vec<Registration>,
}

/// Lists the organisations that ask to be added
#[utoipa::path(get, path = "/registrations", tag = "organisations", operation_id = "listRegistrations",
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Who waits", body = Registrations)))]
pub(in crate::http) async fn registrations(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
) -> Result<Json<Registrations>, Problem> {
    Ok(Json(Registrations { items: service.engine.registrations(&actor)? }))
}

/// How a register number was checked, and the name that the register has.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NumberChecked {
    /// In words: which extract was seen, who was asked.
    #[schema(min_length = 1, max_length = 2000)]
    checked: String,
    /// Legal name as the register has it; may be left out where all who ask for the number gave one name.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
}

/// Adds an organisation that asked for it
#[utoipa::path(post, path = "/registrations/{organisation}/confirmation", tag = "organisations",
    operation_id = "confirmRegistration", request_body = NumberChecked,
    params(("organisation" = OrgId, Path, description = "Register and number")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 204, description = "It is added")))]
pub(in crate::http) async fn confirm(
    State(service): State<Arc<Service>>,
    Path(organisation): Path<OrgId>,
    posted: Posted<NumberChecked>,
) -> Result<StatusCode, Problem> {
    let confirm = |actor: &_, NumberChecked { checked, name }: &NumberChecked| {
        service.engine.confirm_registration(actor, &organisation, checked, name.as_deref())
    };
    posted.act(confirm).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Turns a registration away
#[utoipa::path(delete, path = "/registrations/{organisation}", tag = "organisations", operation_id = "declineRegistration",
    params(("organisation" = OrgId, Path, description = "Register and number")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 204, description = "It no longer waits")))]
pub(in crate::http) async fn decline(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(organisation): Path<OrgId>,
) -> Result<StatusCode, Problem> {
    service.engine.decline_registration(&actor, &organisation)?.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A profile with its version.
type Versioned = ([Tag; 1], Json<Profile>);

fn versioned(profile: Profile) -> Versioned {
    ([etag(profile.version)], Json(profile))
}

/// Shows the facts that an organisation keeps declared
///
/// A start for its questions; nothing of it is verified.
#[utoipa::path(get, path = "/organisations/{organisation}/profile", tag = "organisations", operation_id = "showProfile",
    params(("organisation" = OrgId, Path, description = "Register and number")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The facts", body = Profile,
        headers(("ETag" = String, description = "Their version, for `If-Match`")))))]
pub(in crate::http) async fn profile(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(organisation): Path<OrgId>,
) -> Result<Versioned, Problem> {
    Ok(versioned(service.engine.profile(&actor, &organisation)?))
}

/// Facts to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Declared {
    /// Facts of the schema that are kept with an organisation, with their values.
    #[schema(value_type = BTreeMap<String, Value>)]
    declared: Facts,
}

/// Keeps facts declared of an organisation, instead of those before
#[utoipa::path(put, path = "/organisations/{organisation}/profile", tag = "organisations", operation_id = "keepProfile",
    request_body = Declared,
    params(("organisation" = OrgId, Path, description = "Register and number"),
        ("If-Match" = String, Header, description = "The `ETag` of what was read")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The facts as they are kept", body = Profile,
            headers(("ETag" = String, description = "Their version"))),
        (status = 412, description = "Somebody changed them meanwhile", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json")))]
pub(in crate::http) async fn keep_profile(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(organisation): Path<OrgId>,
    Read(version): Read,
    Body(Declared { declared }): Body<Declared>,
) -> Result<Versioned, Problem> {
    service.engine.keep_profile(&actor, &organisation, &declared, Some(version))?.await?;
    Ok(versioned(service.engine.profile(&actor, &organisation)?))
}
