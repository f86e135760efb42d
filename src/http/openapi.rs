//! The OpenAPI documents: what the routes say of themselves, and what holds for all of them, said once.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::headers::API_VERSION;
use super::{Problem, Service, v1};
use crate::config::Config;

/// Calls that take no idempotency key: a secret is shown once, and what was found is kept nowhere.
const NOT_ONCE: &[&str] = &["makeApiKey", "monitorDeals"];

/// `GET /v1/openapi.json`.
pub(super) async fn v1(State(service): State<Arc<Service>>) -> Response {
    let described = v1::router().into_openapi();
    answer(described, &service.config, "/v1")
}

/// A document as an answer: anybody may read it, also a page of another site (/core/publish-openapi).
pub(super) fn answer(described: utoipa::openapi::OpenApi, config: &Config, base: &str) -> Response {
    match document(described, config, base) {
        Ok(document) => {
            let anybody = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))];
            (anybody, axum::Json(document)).into_response()
        }
        Err(error) => Problem::internal(error.to_string()).into_response(),
    }
}

#[expect(clippy::indexing_slicing, reason = "indexing a JSON value makes the member")]
/// What the routes say, completed: server, contact, credentials, the header of the version, and the problems that any call can meet.
fn document(described: utoipa::openapi::OpenApi, config: &Config, base: &str) -> Result<Value, serde_json::Error> {
    let address = &config.address;
    let mut document = serde_json::to_value(described)?;
    document["servers"] = json!([{"url": format!("{address}{base}")}]);
    document["info"]["version"] = API_VERSION.into();
    document["info"]["contact"] =
        json!({"name": "The operator of this portal", "url": address, "email": config.contact()});
    let credentials = json!({
        "apiKey": {"type": "http", "scheme": "bearer", "description": "An API key, `dd_...`."},
        "session": {"type": "apiKey", "in": "cookie", "name": "session", "description": "The session of a person who signed in."},
    });
    document["components"]["securitySchemes"] = credentials;
    without_null(&mut document);
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                complete(base, path, method, operation);
            }
        }
    }
    Ok(document)
}

#[expect(clippy::indexing_slicing, reason = "indexing a JSON value makes the member")]
/// Adds to an operation what any call of its kind can be answered.
fn complete(base: &str, path: &str, method: &str, operation: &mut Map<String, Value>) {
    let has = |member: &str| operation.get(member).is_some_and(|v| !v.as_array().is_some_and(Vec::is_empty));
    // where nothing is made, nothing is made twice
    let once = base == "/v1" && method == "post" && has("security") && !named(operation, NOT_ONCE);
    let (body, parameters, somebody) = (has("requestBody"), has("parameters"), has("security"));
    let mut problems: Vec<(&str, &str)> = vec![
        ("408", "The call took too long"),
        ("429", "Too many calls: `Retry-After` says when to try again"),
        ("500", "A fault of the service"),
        ("503", "The service cannot do this now: `Retry-After` says when to try again"),
    ];
    if body || parameters || !matches!(method, "get" | "delete") {
        problems.push(("400", "What was sent cannot be read, or means nothing: `errors` name the members"));
    }
    // a credential that opens nothing is refused everywhere
    problems.push(("401", "Nobody said who asks, or what was said opens nothing"));
    if somebody || !matches!(method, "get") {
        problems.push(("403", "Not allowed"));
    }
    if body {
        problems.extend([("413", "The body is too large"), ("415", "The body is not application/json")]);
    }
    if once {
        problems.push(("422", "The idempotency key was used for another request"));
    }
    let mut parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    if parameters.any(|p| p["name"] == "If-Match" && p["required"] == true) {
        problems.push(("412", "It was changed after the version in `If-Match`"));
        problems.push(("428", "`If-Match` is missing"));
    }
    if path.contains('{') || body {
        problems.push(("404", "There is no such thing"));
    }
    if !matches!(method, "get") && somebody {
        problems.push(("409", "The state of things does not allow it, or has changed"));
    }
    if once {
        let key = json!({"name": "Idempotency-Key", "in": "header", "required": false,
            "description": "A text of your own: the same call with the same key has its effect once.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"}});
        if let Value::Array(parameters) = operation.entry("parameters").or_insert_with(|| json!([])) {
            parameters.push(key);
        }
    }
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for (status, description) in problems {
        responses.entry(status).or_insert_with(|| {
            json!({
                "description": description,
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            })
        });
    }
    for response in responses.values_mut() {
        response["headers"]["API-Version"] =
            json!({"description": "The version of the API", "schema": {"type": "string", "examples": [API_VERSION]}});
    }
}

fn named(operation: &Map<String, Value>, names: &[&str]) -> bool {
    operation.get("operationId").and_then(Value::as_str).is_some_and(|id| names.contains(&id))
}

/// A member that may be left out is left out: `null` is neither read nor written anywhere.
fn without_null(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_null),
        Value::Object(members) => {
            members.values_mut().for_each(without_null);
            if let Some(Value::Array(types)) = members.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    members.insert("type".to_owned(), only);
                }
            }
            for list in ["oneOf", "anyOf"] {
                let Some(Value::Array(schemas)) = members.get_mut(list) else { continue };
                let before = schemas.len();
                schemas.retain(|schema| schema.get("type") != Some(&Value::from("null")));
                if let (true, [Value::Object(only)]) = (schemas.len() < before, schemas.as_slice()) {
                    let only = only.clone();
                    members.remove(list);
                    for (name, value) in only {
                        members.entry(name).or_insert(value);
                    }
                }
            }
        }
        _ => {}
    }
}
