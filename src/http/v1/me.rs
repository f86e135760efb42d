//! `/me`: who the service thinks that the caller is.

use std::collections::BTreeSet;

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::caller::Caller;
use super::Problem;
use crate::model::{Name, OrgId};
use crate::rights::Role;

/// Who the caller is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Me {
    /// By short name.
    person: Name,
    /// For whom.
    organisation: OrgId,
    /// In which roles.
    #[schema(value_type = BTreeSet<String>)]
    roles: BTreeSet<Role>,
    /// How we know.
    signed_in: String,
}

/// Says who the caller is
#[utoipa::path(get, path = "/me", tag = "sign-in", operation_id = "me", security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Who the caller is", body = Me)))]
pub(in crate::http) async fn me(Caller(actor): Caller) -> Result<Json<Me>, Problem> {
    let signed_in = actor.sign_in.in_words();
    Ok(Json(Me { person: actor.person, organisation: actor.organisation, roles: actor.roles, signed_in }))
}
