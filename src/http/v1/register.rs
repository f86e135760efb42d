//! `/decisions`: the public register of decisions and deals; and who received what of a dataset, for its controller.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::body::Posted;
use super::super::caller::Caller;
use super::super::parts::{self, Path, Query, limit};
use super::{Problem, Service};
use crate::engine::{Correction, Engine, Received, Recipient, RegisterRow, Withheld, register_csv};
use crate::model::condition::Lang;
use crate::model::{OrgId, Time, Urn};

/// Which part of the register.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Part {
    /// A text that stands in dataset, addressee or purpose.
    #[serde(default)]
    #[param(max_length = 200)]
    text: Option<String>,
    /// What the page before gave as `next`.
    #[serde(default)]
    after: Option<Urn>,
    /// The decisions of at most so many requests, up to 100.
    #[serde(default)]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u8>,
}

/// Which part of the register, and in which language.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Exported {
    /// A text that stands in dataset, addressee or purpose.
    #[serde(default)]
    #[param(max_length = 200)]
    text: Option<String>,
    /// What the page before gave in `Next`.
    #[serde(default)]
    after: Option<Urn>,
    /// The decisions of at most so many requests, up to 100.
    #[serde(default)]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u8>,
    /// `nl`, unless `en` is asked for.
    #[serde(default)]
    lang: Option<Lang>,
}

/// A page of the register.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Register {
    /// The rows, in the order in which the requests came; of one request the newest decision first.
    items: Vec<RegisterRow>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Urn>,
}

async fn page(service: &Service, part: Part) -> Result<Register, Problem> {
    let limit = limit(part.limit);
    let read = move |engine: &Engine| engine.register(part.text.as_deref(), part.after.as_ref(), limit);
    let (items, next) = service.heavy(read).await?;
    Ok(Register { items, next })
}

/// Shows the public register of decisions and deals
///
/// Anybody may read it. Natural persons and business secrets are withheld.
#[utoipa::path(get, path = "/decisions", tag = "register", operation_id = "showRegister", params(Part),
    responses((status = 200, description = "A page of the register", body = Register)))]
pub(in crate::http) async fn show(
    State(service): State<Arc<Service>>,
    Query(part): Query<Part>,
) -> Result<Json<Register>, Problem> {
    Ok(Json(page(&service, part).await?))
}

/// Gives the public register as CSV
///
/// With heads and words in the language that is asked for. The header `Next` says what to give as `after` for the next page.
#[utoipa::path(get, path = "/decisions-csv", tag = "register", operation_id = "exportRegister", params(Exported),
    responses((status = 200, description = "A page of the register", body = String, content_type = "text/csv",
        headers(("Next" = String, description = "What to give as `after` for the next page")))))]
pub(in crate::http) async fn export(
    State(service): State<Arc<Service>>,
    Query(Exported { text, after, limit, lang }): Query<Exported>,
) -> Result<([(HeaderName, HeaderValue); 2], String), Problem> {
    let Register { items, next } = page(&service, Part { text, after, limit }).await?;
    let table = register_csv(&items, lang.unwrap_or(Lang::Nl))?;
    let next = next.map_or_else(String::new, |id| id.to_string());
    let next = HeaderValue::from_str(&next).unwrap_or_else(|_| HeaderValue::from_static(""));
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (HeaderName::from_static("next"), next)], table))
}

/// Withholds fields of a row as business secrets, with a reason
#[utoipa::path(post, path = "/decisions/{id}/withheld", tag = "register", operation_id = "withholdFields",
    request_body = Withheld, params(("id" = Urn, Path, description = "The request")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 204, description = "Withheld, or shown again")))]
pub(in crate::http) async fn withhold(
    State(service): State<Arc<Service>>,
    Path(id): Path<Urn>,
    posted: Posted<Withheld>,
) -> Result<StatusCode, Problem> {
    posted.act(|actor, withheld| service.engine.withhold(actor, &id, withheld)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Deliveries {
    /// With this column.
    #[serde(default)]
    column: Option<String>,
    /// Of this edition.
    #[serde(default)]
    edition: Option<String>,
    /// From this instant.
    #[serde(default)]
    from: Option<Time>,
    /// Before this instant.
    #[serde(default)]
    until: Option<Time>,
    /// The last organisation of the page before.
    #[serde(default)]
    after: Option<OrgId>,
    /// At most so many organisations, up to 100.
    #[serde(default)]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u8>,
}

/// Who received data of a dataset.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Recipients {
    /// The organisations, by register and number.
    items: Vec<Recipient>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<OrgId>,
}

/// Lists the organisations that received data of a dataset
#[utoipa::path(get, path = "/datasets/{dataset}/recipients", tag = "register", operation_id = "listRecipients",
    params(("dataset" = String, Path, description = "The dataset, by short name or IRI"), Deliveries),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "Who received what, and when", body = Recipients)))]
pub(in crate::http) async fn recipients(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(dataset): Path<String>,
    Query(asked): Query<Deliveries>,
) -> Result<Json<Recipients>, Problem> {
    let Deliveries { column, edition, from, until, after, limit } = asked;
    let read = move |engine: &Engine| engine.recipients(&actor, &dataset, &Received { column, edition, from, until });
    let all = service.heavy(read).await?;
    let (items, next) = parts::page(all, after.as_ref(), parts::limit(limit), |r| r.organisation.clone())?;
    Ok(Json(Recipients { items, next }))
}

/// Tells everybody who received an edition that it was corrected
///
/// It is written down under each of their deals.
#[utoipa::path(post, path = "/datasets/{dataset}/corrections", tag = "register", operation_id = "tellCorrection",
    request_body = Correction, params(("dataset" = String, Path, description = "The dataset, by short name or IRI")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 204, description = "They are told")))]
pub(in crate::http) async fn correct(
    State(service): State<Arc<Service>>,
    Path(dataset): Path<String>,
    posted: Posted<Correction>,
) -> Result<StatusCode, Problem> {
    posted.act(|actor, asked| service.engine.correct(actor, &dataset, &asked.edition)).await?;
    Ok(StatusCode::NO_CONTENT)
}
