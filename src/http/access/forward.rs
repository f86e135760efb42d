//! `GET /forward-auth`: may a call that reached a data server go on? For a proxy, which reads the status and nothing else: 204, 401 or
//! 403, and 503 when it cannot be known. What is not understood may not go on.

use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};

use super::super::limit::{self, Client};
use super::{Problem, Service, TRIES};
use crate::engine::{Brought, Forward, Forwarded};
use crate::model::trace::Trace;

/// What the proxy says of the call: nginx by its example, and proxies that say it with `X-Forwarded-`.
const NAMES: [[&str; 2]; 2] = [["x-original-method", "x-original-uri"], ["x-forwarded-method", "x-forwarded-uri"]];

/// Asks whether a call may go on
///
/// The proxy sends `Authorization` as it came, and `X-Original-Method` and `X-Original-URI` (or `X-Forwarded-Method` and
/// `X-Forwarded-Uri`). nginx must not ask `/evaluation`: a no is a 200 there.
#[utoipa::path(get, path = "/forward-auth", tag = "tokens", operation_id = "forwardAuth",
    params(("server" = String, Query, description = "The data server, by short name")),
    responses(
        (status = 204, description = "It may"),
        (status = 401, description = "It brings no token that counts", content_type = "application/problem+json", body = Problem),
        (status = 403, description = "It may not, or is not understood", content_type = "application/problem+json", body = Problem),
    ))]
pub(in crate::http) async fn forward(
    State(service): State<Arc<Service>>,
    Extension(trace): Extension<Trace>,
    parts: Parts,
) -> Result<StatusCode, Problem> {
    let brought = match brought(&service, &parts) {
        Ok(brought) => brought,
        Err(problem) => {
            let client = Client::Tokenless(limit::address(&parts, service.config.limits.proxies));
            return Err(service.buckets.count(&client).err().unwrap_or(problem));
        }
    };
    let (organisation, server) = (brought.organisation().clone(), brought.server().clone());
    service.buckets.count(&Client::Bearer { organisation, server })?;
    for _ in 0..TRIES {
        match service.engine.forward(&brought, trace.clone())?.await {
            Ok(true) => return Ok(StatusCode::NO_CONTENT),
            Ok(false) => return Err(no()),
            Err(error) if error.is_conflict() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::unavailable("The deal is being changed.").after(1))
}

fn no() -> Problem {
    Problem::forbidden("This call may not go on.")
}

/// What a call brings that can be understood, with a token that counts.
fn brought(service: &Service, parts: &Parts) -> Result<Brought, Problem> {
    let server = parts.uri.query().and_then(|query| query.strip_prefix("server=")).ok_or_else(no)?;
    let (method, address) = call(&parts.headers).ok_or_else(no)?;
    let token = match one(&parts.headers, header::AUTHORIZATION.as_str()) {
        Some(Some(value)) => {
            value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token)
        }
        Some(None) => return Err(no()),
        None => None,
    };
    let forward = Forward { server, method, address, token, issuer: &service.config.address };
    match service.engine.brought(&forward)? {
        Forwarded::NoToken => Err(Problem::unauthenticated("This call brings no token that counts.")),
        Forwarded::No => Err(no()),
        Forwarded::Brought(brought) => Ok(*brought),
    }
}

/// Method and address of the call, said once and in one way: a header that the client added would make it two.
fn call(headers: &HeaderMap) -> Option<(&str, &str)> {
    let said = NAMES.map(|names| names.map(|name| one(headers, name)));
    match said {
        [[Some(Some(method)), Some(Some(address))], [None, None]]
        | [[None, None], [Some(Some(method)), Some(Some(address))]] => Some((method, address)),
        _ => None,
    }
}

/// A header that stands once, as text: `None` if it is not there, `Some(None)` if it is there twice or no text.
fn one<'a>(headers: &'a HeaderMap, name: &str) -> Option<Option<&'a str>> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    Some(first.to_str().ok().filter(|_| values.next().is_none()))
}
