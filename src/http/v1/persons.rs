//! `/persons`: who acts for an organisation, in which roles, and how that ends.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::body::Body;
use super::super::caller::Caller;
use super::super::parts::{Path, Query, limit};
use super::super::version::{Read, Tag, etag};
use super::{Problem, Service};
use crate::engine::PersonNow;
use crate::model::{Name, OrgId};
use crate::rights::{Actor, Role};

/// Which persons.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Whose {
    /// Of which organisation; left out: of the caller's, for who runs or audits the portal of all.
    organisation: Option<OrgId>,
    /// What names the last item of the page before: its `next`.
    after: Option<Name>,
    /// At most so many items, up to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u8>,
}

/// Who acts for an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Persons {
    /// By short name.
    items: Vec<PersonNow>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Name>,
}

/// Lists the persons of an organisation
#[utoipa::path(get, path = "/persons", tag = "persons", operation_id = "listPersons", params(Whose),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Who acts for it", body = Persons)))]
pub(in crate::http) async fn list(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Query(whose): Query<Whose>,
) -> Result<Json<Persons>, Problem> {
    let (of, after) = (whose.organisation.as_ref(), whose.after.as_ref());
    let (items, next) = service.engine.persons_after(&actor, of, after, limit(whose.limit))?;
    Ok(Json(Persons { items, next }))
}

/// A person with its version.
type Versioned = ([Tag; 1], Json<PersonNow>);

fn shown(service: &Service, actor: &Actor, person: &Name) -> Result<Versioned, Problem> {
    let person = service.engine.person_now(actor, person)?;
    Ok(([etag(person.version)], Json(person)))
}

/// Shows a person
#[utoipa::path(get, path = "/persons/{person}", tag = "persons", operation_id = "showPerson",
    params(("person" = Name, Path, description = "Short name")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The person", body = PersonNow,
        headers(("ETag" = String, description = "Its version, for `If-Match`")))))]
pub(in crate::http) async fn show(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(person): Path<Name>,
) -> Result<Versioned, Problem> {
    shown(&service, &actor, &person)
}

/// Roles to be given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Given {
    /// All that it has from now on.
    #[schema(value_type = BTreeSet<String>, min_items = 1)]
    roles: BTreeSet<Role>,
}

/// Gives a person other roles than it had
///
/// From its next call on. Who administers an organisation gives roles to its own people, but not `operator` and `auditor`; nobody takes
/// roles from itself that it cannot give back.
#[utoipa::path(put, path = "/persons/{person}/roles", tag = "persons", operation_id = "setRoles", request_body = Given,
    params(("person" = Name, Path, description = "Short name"),
        ("If-Match" = String, Header, description = "The `ETag` of what was read")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The person as it is now", body = PersonNow,
            headers(("ETag" = String, description = "Its version"))),
        (status = 409, description = "Nobody would be left to give them back", body = Problem, content_type = "application/problem+json")))]
pub(in crate::http) async fn set_roles(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(person): Path<Name>,
    Read(version): Read,
    Body(Given { roles }): Body<Given>,
) -> Result<Versioned, Problem> {
    service.engine.set_roles(&actor, &person, &roles, Some(version))?.await?;
    shown(&service, &actor, &person)
}

/// Why a person is blocked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Why {
    /// In words, for those who administer persons.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Blocks a person
///
/// From its next call on its sessions and API keys open nothing, and it cannot sign in. What it did stays valid; a mandate ends by being
/// withdrawn.
#[utoipa::path(put, path = "/persons/{person}/block", tag = "persons", operation_id = "blockPerson", request_body = Why,
    params(("person" = Name, Path, description = "Short name"),
        ("If-Match" = String, Header, description = "The `ETag` of what was read")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The person as it is now", body = PersonNow,
            headers(("ETag" = String, description = "Its version"))),
        (status = 409, description = "It is blocked, the caller itself, or the last operator", body = Problem, content_type = "application/problem+json")))]
pub(in crate::http) async fn block(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(person): Path<Name>,
    Read(version): Read,
    Body(Why { reason }): Body<Why>,
) -> Result<Versioned, Problem> {
    service.engine.block(&actor, &person, &reason, Some(version))?.await?;
    shown(&service, &actor, &person)
}

/// Ends a block
///
/// Whom the operator of the portal blocked only an operator lets in again.
#[utoipa::path(delete, path = "/persons/{person}/block", tag = "persons", operation_id = "unblockPerson",
    params(("person" = Name, Path, description = "Short name"),
        ("If-Match" = String, Header, description = "The `ETag` of what was read")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The person as it is now", body = PersonNow,
            headers(("ETag" = String, description = "Its version"))),
        (status = 409, description = "It is not blocked", body = Problem, content_type = "application/problem+json")))]
pub(in crate::http) async fn unblock(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(person): Path<Name>,
    Read(version): Read,
) -> Result<Versioned, Problem> {
    service.engine.unblock(&actor, &person, Some(version))?.await?;
    shown(&service, &actor, &person)
}
