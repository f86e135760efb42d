//! What anybody may write, seen by nobody else: names, methods, addresses. It costs the service nothing that stays.

use serde_json::json;

use super::server::Server;
use crate::access::http::{concluded, service_with};

/// What names no dataset is refused before it is looked for, in all that take one.
#[test]
fn a_dataset_has_a_name_or_an_iri() {
    let server = Server::start();
    let long = format!("https://data.example/{}", "x".repeat(2048));
    for dataset in ["", "Education", "no name", "x/y", &"x".repeat(65), &long, "https://data.example/a b"] {
        let answer = server.post("", "/v1/checks", &json!({"dataset": dataset}));
        assert_eq!((answer.status, answer.problem().0.as_str()), (400, "invalid"), "{dataset}");
        assert_eq!(answer.json()["errors"][0]["pointer"], "/dataset", "{}", answer.text);
        assert!(answer.text.len() < 1000, "{}", answer.text);
        for path in ["/v1/drafts", "/v1/requests"] {
            assert_eq!(server.post("education-researcher", path, &json!({"dataset": dataset})).status, 400, "{path}");
        }
    }
    assert_eq!(server.get("", "/v1/missing-proofs?dataset=No%20name").problem().0, "invalid");
    for dataset in ["nothing", "https://data.example/nothing", "urn:x:nothing"] {
        let answer = server.post("", "/v1/checks", &json!({"dataset": dataset}));
        assert_eq!(answer.problem().0, "invalid", "{dataset}");
        assert_eq!(answer.json()["errors"][0]["pointer"], "/dataset", "{}", answer.text);
    }
}

/// A metric has a series for each method that there is, and one for all others.
#[test]
fn a_method_of_ones_own_is_no_series() {
    let server = Server::start();
    for method in ["BREW", "get", "X-1", "PROPFIND"] {
        assert_eq!(server.send(method, "/v1/checks", &[], None).problem().0, "method-not-allowed", "{method}");
    }
    let metrics = server.get("", "/metrics").text;
    assert!(metrics.contains("{method=\"other\",route=\"/v1/checks\",status=\"405\"} 4"), "{metrics}");
    assert!(!metrics.contains("BREW") && !metrics.contains("\"get\""), "{metrics}");
}

/// A proxy asks about the calls of many: each organisation has its own bucket at a data server, and those without a token use up no one's.
#[test]
fn calls_that_a_proxy_asks_about_are_counted_by_their_token() {
    let server = service_with(|config| {
        config.limits.per_minute = 1;
        config.limits.burst = 4;
    });
    let deal = concluded(&server);
    let token = server.post("education-researcher", "/access/v1/tokens", &json!({"deal": deal, "server": "register"}));
    let token = format!("Bearer {}", token.expect(201)["accessToken"].as_str().unwrap());
    let ask = |headers: &[(&str, &str)]| {
        let mut all = vec![("x-original-method", "GET"), ("x-original-uri", "/pupils.csv"), ("x-request-id", "id-7")];
        all.extend(headers);
        server.send("GET", "/access/v1/forward-auth?server=register", &all, None)
    };
    let statuses = |headers: &[(&str, &str)]| (0..5).map(|_| ask(headers).status).collect::<Vec<_>>();
    assert_eq!(statuses(&[]), [401, 401, 401, 401, 429]);
    // forged tokens are no one's
    assert_eq!(ask(&[("authorization", &format!("{token}x"))]).problem().0, "too-many-requests");
    assert_eq!(statuses(&[("authorization", &token)]), [204, 204, 204, 204, 429]);
    let refused = ask(&[("authorization", &token)]);
    assert_eq!((refused.header("x-request-id"), refused.header("traceparent").len()), ("id-7", 55));
    // none of them counted for the address, and what the machinery asks never does
    let statuses = |path: &str| (0..5).map(|_| server.get("", path).status).collect::<Vec<_>>();
    assert_eq!(statuses("/healthz"), [204; 5]);
    assert_eq!(statuses("/v1/nothing"), [404, 404, 404, 404, 429]);
    assert_eq!((statuses("/readyz"), statuses("/metrics")), (vec![204; 5], vec![200; 5]));
}
