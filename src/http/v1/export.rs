//! `/catalogue`: the datasets for catalogues of others, as DCAT-AP-NL with ODRL offers, in Turtle or JSON-LD.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::super::caller::Caller;
use super::super::parts::Path;
use super::catalogue::tagged;
use super::{Problem, Service};
use crate::catalogue::document::Format;
use crate::engine::{Exported, Reached};

/// Gives the catalogue to catalogues of others
///
/// DCAT-AP-NL 3.0, with the offer that the conditions of a dataset make (ODRL 2.2) and the digest of the Cedar text that prevails. Turtle, or
/// JSON-LD by `Accept`. Datasets for few are left out for all others.
#[utoipa::path(get, path = "/catalogue", tag = "datasets", operation_id = "exportCatalogue",
    security((), ("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The catalogue", content((String = "text/turtle"), (BTreeMap<String, Value> = "application/ld+json")),
        headers(("ETag" = String, description = "Of this answer"))),
        (status = 304, description = "The caller has it already")))]
pub(in crate::http) async fn all(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
    caller: Option<Caller>,
) -> Result<Response, Problem> {
    answer(&service, &headers, caller, None).await
}

/// Gives one dataset to catalogues of others
#[utoipa::path(get, path = "/catalogue/{dataset}", tag = "datasets", operation_id = "exportDataset",
    params(("dataset" = String, Path, description = "Its slug, or its IRI")),
    security((), ("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "The dataset", content((String = "text/turtle"), (BTreeMap<String, Value> = "application/ld+json")),
        headers(("ETag" = String, description = "Of this answer"))),
        (status = 304, description = "The caller has it already"),
        (status = 404, description = "There is no such dataset", body = Problem, content_type = "application/problem+json")))]
pub(in crate::http) async fn one(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
    caller: Option<Caller>,
    Path(dataset): Path<String>,
) -> Result<Response, Problem> {
    answer(&service, &headers, caller, Some(dataset)).await
}

async fn answer(
    service: &Service,
    headers: &HeaderMap,
    caller: Option<Caller>,
    dataset: Option<String>,
) -> Result<Response, Problem> {
    let format = wanted(headers);
    let reached = Reached { address: service.config.address.clone(), mail: service.config.contact() };
    // what somebody who is known sees is for nobody else
    let keep = HeaderValue::from_static(if caller.is_some() { "private, no-cache" } else { "public, max-age=60" });
    let exported: Exported = service
        .heavy(move |engine| engine.export(caller.as_ref().map(|c| &c.0), dataset.as_deref(), &reached, format))
        .await?;
    let vary = HeaderValue::from_static("accept, authorization, cookie");
    Ok(tagged(headers, format.media_type(), [keep, vary], exported.document))
}

/// JSON-LD for who would rather have it, Turtle for everybody else.
fn wanted(headers: &HeaderMap) -> Format {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let accepted: Vec<&str> = accepted.flat_map(|value| value.split(',')).collect();
    let weight = |media: &str| {
        let of = |range: &&str| {
            let mut parts = range.split(';').map(str::trim);
            let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(media));
            let weight = parts.find_map(|p| p.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse::<f32>().ok());
            weight.filter(|_| named)
        };
        accepted.iter().filter_map(of).fold(0.0, f32::max)
    };
    if weight(Format::JsonLd.media_type()) > weight(Format::Turtle.media_type()) {
        Format::JsonLd
    } else {
        Format::Turtle
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_that_is_rather_had() {
        for (accept, format) in [
            ("*/*", Format::Turtle),
            ("application/ld+json", Format::JsonLd),
            ("application/ld+json;q=0.5, text/turtle", Format::Turtle),
            ("text/turtle;q=0.2, application/LD+JSON; q=0.9", Format::JsonLd),
            ("application/ld+json;q=x", Format::Turtle),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(wanted(&headers), format, "{accept}");
        }
        assert_eq!(wanted(&HeaderMap::new()), Format::Turtle);
    }
}
