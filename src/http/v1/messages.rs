//! `/undelivered-messages`: what was given up, as tasks; and `/contacts`: where people are reached by mail.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::body::{Body, Nothing, Posted};
use super::super::caller::Caller;
use super::super::parts::{Paged, Path, Query};
use super::{Problem, Service};
use crate::engine::{Contact, Engine, MessageNow};
use crate::model::condition::Lang;
use crate::model::{Name, Urn};
use crate::rights::Actor;

/// A page of messages.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Messages {
    /// The oldest first.
    items: Vec<MessageNow>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Urn>,
}

/// Lists messages that were given up
///
/// Each is a task of who sent it and of who should have been told: mend what was wrong and send it again, or drop it. So is what could not be
/// told to an organisation that has neither a mail address nor a webhook here.
#[utoipa::path(get, path = "/undelivered-messages", tag = "messages", operation_id = "listUndelivered", params(Paged),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "A page of messages", body = Messages)))]
pub(in crate::http) async fn list(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Query(paged): Query<Paged>,
) -> Result<Json<Messages>, Problem> {
    let read = move |engine: &Engine| engine.undelivered(&actor, paged.after(), paged.limit());
    let (items, next) = service.heavy(read).await?;
    Ok(Json(Messages { items, next }))
}

/// Sends a message again that was given up
///
/// One that had no address goes to all addresses that there are now.
#[utoipa::path(post, path = "/undelivered-messages/{id}/replays", tag = "messages", operation_id = "replayMessage",
    request_body = Nothing, params(("id" = Urn, Path, description = "The message")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 204, description = "It waits to be sent, under the same id")))]
pub(in crate::http) async fn replay(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Nothing>,
) -> Result<StatusCode, Problem> {
    posted.act(|actor, _| service.engine.replay_message(actor, &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Drops a message that was given up
#[utoipa::path(delete, path = "/undelivered-messages/{id}", tag = "messages", operation_id = "dropMessage",
    params(("id" = Urn, Path, description = "The message")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 204, description = "It is no task any more")))]
pub(in crate::http) async fn drop(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(id): Path<Urn>,
) -> Result<StatusCode, Problem> {
    service.engine.drop_message(&actor, &id)?.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The mail addresses of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Contacts {
    /// That of the organisation, and those of its persons.
    items: Vec<Contact>,
}

/// Lists where the caller's organisation is reached by mail
#[utoipa::path(get, path = "/contacts", tag = "messages", operation_id = "listContacts",
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The addresses", body = Contacts)))]
pub(in crate::http) async fn contacts(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
) -> Result<Json<Contacts>, Problem> {
    Ok(Json(Contacts { items: service.engine.contacts(&actor, &actor.organisation)? }))
}

/// Where to write, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Address {
    /// The address, without a name.
    #[schema(format = "email", max_length = 254)]
    mail: String,
    /// In which language to write.
    language: Lang,
}

/// Sets where the caller's organisation is reached by mail
#[utoipa::path(put, path = "/contact", tag = "messages", operation_id = "setContact", request_body = Address,
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Mail goes there from now on; the address before is erased", body = Contact)))]
pub(in crate::http) async fn set(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Body(address): Body<Address>,
) -> Result<Json<Contact>, Problem> {
    put(&service, &actor, None, address).await
}

/// Sets where a person of the caller's organisation is reached by mail
#[utoipa::path(put, path = "/persons/{person}/contact", tag = "messages", operation_id = "setPersonContact", request_body = Address,
    params(("person" = Name, Path, description = "The person, by short name")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Mail goes there from now on; the address before is erased", body = Contact)))]
pub(in crate::http) async fn set_of_person(
    State(service): State<Arc<Service>>,
    Path(person): Path<Name>,
    Caller(actor): Caller,
    Body(address): Body<Address>,
) -> Result<Json<Contact>, Problem> {
    put(&service, &actor, Some(person), address).await
}

async fn put(
    service: &Service,
    actor: &Actor,
    person: Option<Name>,
    address: Address,
) -> Result<Json<Contact>, Problem> {
    let Address { mail, language } = address;
    let contact = Contact { organisation: actor.organisation.clone(), person, mail, language };
    service.engine.set_contact(actor, &contact)?.await?;
    Ok(Json(contact))
}

/// Erases where the caller's organisation is reached by mail
#[utoipa::path(delete, path = "/contact", tag = "messages", operation_id = "removeContact",
    security(("apiKey" = []), ("session" = [])),
    responses((status = 204, description = "Erased")))]
pub(in crate::http) async fn remove(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
) -> Result<StatusCode, Problem> {
    service.engine.remove_contact(&actor, &actor.organisation, None)?.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Erases where a person of the caller's organisation is reached by mail
#[utoipa::path(delete, path = "/persons/{person}/contact", tag = "messages", operation_id = "removePersonContact",
    params(("person" = Name, Path, description = "The person, by short name")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 204, description = "Erased")))]
pub(in crate::http) async fn remove_of_person(
    State(service): State<Arc<Service>>,
    Path(person): Path<Name>,
    Caller(actor): Caller,
) -> Result<StatusCode, Problem> {
    service.engine.remove_contact(&actor, &actor.organisation, Some(&person))?.await?;
    Ok(StatusCode::NO_CONTENT)
}
