//! `/data-servers`: the servers that hold an owner's data, and which data their addresses stand for.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::body::Body;
use super::super::caller::Caller;
use super::super::parts::Path;
use super::{Problem, Service};
use crate::model::Name;
use crate::model::access::DataServer;

/// The data servers of an owner.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct DataServers {
    /// All of them.
    items: Vec<DataServer>,
}

/// Lists the data servers of the caller's organisation
#[utoipa::path(get, path = "/data-servers", tag = "data-servers", operation_id = "listDataServers",
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The data servers", body = DataServers)))]
pub(in crate::http) async fn list(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
) -> Result<Json<DataServers>, Problem> {
    Ok(Json(DataServers { items: service.engine.data_servers(&actor)? }))
}

/// Makes a data server known, or replaces what is known of it
#[utoipa::path(put, path = "/data-servers/{name}", tag = "data-servers", operation_id = "putDataServer",
    params(("name" = Name, Path, description = "Its short name")), request_body = DataServer,
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "As it is known now", body = DataServer)))]
pub(in crate::http) async fn put(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(name): Path<Name>,
    Body(server): Body<DataServer>,
) -> Result<Json<DataServer>, Problem> {
    if server.name != name {
        return Err(Problem::invalid("The body names another data server than the address.").at("/name", "is another"));
    }
    service.engine.put_data_server(&actor, &server)?.await?;
    Ok(Json(server))
}

/// Forgets a data server: its tokens open nothing from now on
#[utoipa::path(delete, path = "/data-servers/{name}", tag = "data-servers", operation_id = "removeDataServer",
    params(("name" = Name, Path, description = "Its short name")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 204, description = "It is forgotten")))]
pub(in crate::http) async fn remove(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(name): Path<Name>,
) -> Result<StatusCode, Problem> {
    service.engine.remove_data_server(&actor, &name)?.await?;
    Ok(StatusCode::NO_CONTENT)
}
