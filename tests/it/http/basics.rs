//! What holds for every call: problems with a place, keys that open, calls that have their effect once, headers, limits.

use datadeal::model::OrgId;
use serde_json::{Value, json};

use super::server::Server;

/// A university that may have enrolments once the data steward has read its plan.
pub(crate) fn university() -> Value {
    json!({
        "dataset": "education",
        "purpose": "dd:EducationResearch",
        "scope": {"columns": ["birth-year", "nationality", "postcode4"], "termMonths": 24},
        "declared": {
            "category": "university", "plan": "PLAN-1", "necessity": "bijlage 1", "protectionRole": "controller",
            "processingBasis": "public-interest", "processors": [], "retentionMonths": 24
        }
    })
}

#[test]
fn a_check_is_answered_without_signing_in() {
    let server = Server::start();
    let answer = server.post("", "/v1/checks", &university());
    assert_eq!(answer.header("api-version"), "1.0.0");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("traceparent").len(), 55);
    let json = answer.expect(200);
    assert!(json["notice"]["en"].as_str().unwrap().contains("not a decision"), "{json}");
    assert_eq!(json["answer"]["outcome"], "incomplete", "{json}");
    // the university itself has its evidence counted
    let own = server.post("education-researcher", "/v1/checks", &university()).expect(200);
    assert_eq!(own["answer"]["outcome"], "review", "{own}");
}

/// Of checks only counts are kept, and nobody learns what a few have asked.
#[test]
fn checks_are_counted_without_small_cells() {
    let mut server = Server::start();
    let counts = |server: &Server| server.get("", "/v1/check-counts?from=2026-11-25&until=2026-11-26").expect(200);
    let mut rare = university();
    rare["purpose"] = "dd:SchoolChoice".into();
    (0..4).for_each(|_| drop(server.post("", "/v1/checks", &rare).expect(200)));
    (0..7).for_each(|_| drop(server.post("", "/v1/checks", &university()).expect(200)));
    assert_eq!(counts(&server)["items"], json!([]));
    server.engine.write_counts().unwrap();
    // while a day goes on two looks at it would show each check in between
    server.clock.advance(14 * 3600);
    assert_eq!(counts(&server)["items"], json!([]));
    server.clock.advance(86_400);
    let shown = counts(&server);
    assert_eq!(shown["items"].as_array().unwrap().len(), 1, "{shown}");
    assert_eq!(shown["items"][0]["count"], 7);
    assert_eq!(shown["items"][0]["purpose"], "dd:EducationResearch");
    assert_eq!(shown["items"][0]["outcome"], "incomplete");
    // what was counted last is written when the service ends
    (0..5).for_each(|_| drop(server.post("", "/v1/checks", &rare).expect(200)));
    server.stop();
    server.clock.advance(86_400);
    let of = |from: &str, until: &str| {
        let counts = server.engine.check_counts(from.parse().unwrap(), until.parse().unwrap(), None).unwrap();
        counts.iter().map(|c| c.count).collect::<Vec<_>>()
    };
    assert_eq!((of("2026-11-25", "2026-11-26"), of("2026-11-26", "2026-12-01")), (vec![7], vec![5]));
}

/// What is wrong is said with its place, and nothing else: no answer of another shape, no fault of the service.
#[test]
fn bad_input_is_answered_with_its_place() {
    let server = Server::start();
    let json_type = [("content-type", "application/json")];
    let post = |body: &[u8]| server.send("POST", "/v1/checks", &json_type, Some(body.to_vec()));
    let mut told = Vec::new();
    let deep = format!("{{\"dataset\":{}1{}}}", "[".repeat(5000), "]".repeat(5000));
    for body in [
        &b""[..],
        b"{",
        b"\xff\xfe{}",
        b"{\"dataset\":\"\xc3\x28\"}",
        b"null",
        b"[]",
        b"{\"dataset\":1}",
        b"{\"dataset\":\"x\",\"dataset\":\"y\"}",
        b"{\"dataset\":\"education\",\"what\":1}",
        b"{\"dataset\":\"education\",\"purpose\":\"fun\"}",
        b"{\"dataset\":\"education\",\"scope\":{\"columns\":[\"nothing\"]}}",
        b"{\"dataset\":\"education\",\"scope\":{\"termMonths\":1.5}}",
        b"{\"dataset\":\"education\",\"declared\":{\"category\":7,\"nothing\":true}}",
        b"{\"dataset\":\"education\",\"verified\":{\"category\":\"company\"}}",
        b"{\"dataset\":\"education\",\"declined\":[\"nothing\"]}",
        b"{\"dataset\":\"nothing\"}",
        deep.as_bytes(),
    ] {
        let answer = post(body);
        let (word, detail) = answer.problem();
        let places: Vec<String> = answer.json()["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|e| e["pointer"].as_str().unwrap().to_owned())
            .collect();
        let shown = String::from_utf8_lossy(body).chars().take(90).collect::<String>();
        told.push(format!("{shown}\n  {} {word} {} {detail}", answer.status, places.join(" ")));
    }
    insta::assert_snapshot!(told.join("\n"));

    let (word, _) =
        server.send("POST", "/v1/checks", &[("content-type", "text/plain")], Some(b"{}".to_vec())).problem();
    assert_eq!(word, "unsupported-media-type");
    let large = format!("{{\"dataset\":\"{}\"}}", "x".repeat(2 << 20));
    assert_eq!(post(large.as_bytes()).problem().0, "too-large");
    assert_eq!(server.get("", "/v1/checks").problem().0, "method-not-allowed");
    for path in ["/v1/nothing", "/v1/requests/../../etc/passwd", "/v1/%2e%2e/x", "/v1//checks", "/v1/checks/"] {
        assert!(matches!(server.get("", path).status, 404 | 405), "{path}");
    }
    let path = "/v1/requests/not-an-id";
    assert_eq!(server.get("operator", path).problem().0, "invalid");
    assert_eq!(server.get("operator", "/v1/requests?what=1").problem().0, "invalid");
}

#[test]
fn a_key_opens_until_it_is_revoked() {
    let server = Server::start();
    assert_eq!(server.get("", "/v1/requests").problem().0, "unauthenticated");
    let bearer = |key: &str| format!("Bearer {key}");
    let with = |header: &str| server.send("GET", "/v1/me", &[("authorization", header)], None);
    let key = server.key("education-researcher");
    let me = with(&bearer(&key)).expect(200);
    assert_eq!(me["person"], "education-researcher");
    assert_eq!(me["roles"], json!(["requester", "organisation-admin"]));
    for wrong in [
        "",
        "Bearer",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        "Bearer dd_",
        &bearer(&key.replace('d', "e")),
        &bearer(&format!("{key}x")),
    ] {
        let answer = with(wrong);
        assert_eq!(answer.status, 401, "{wrong}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        // also where nobody need be known: nobody should think that it was used
        assert_eq!(
            server
                .send(
                    "POST",
                    "/v1/checks",
                    &[("authorization", wrong), ("content-type", "application/json")],
                    Some(b"{}".to_vec())
                )
                .status,
            401
        );
    }

    // of some roles only, and only for its own organisation
    let made = server
        .post(
            "education-researcher",
            "/v1/api-keys",
            &json!({"person": "education-researcher", "label": "import", "roles": ["requester"]}),
        )
        .expect(201);
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    assert_eq!(with(&bearer(secret)).expect(200)["roles"], json!(["requester"]));
    let other = json!({"person": "statistics-head", "label": "import"});
    assert_eq!(server.post("education-researcher", "/v1/api-keys", &other).problem().0, "forbidden");
    let role = json!({"person": "education-researcher", "label": "import", "roles": ["operator"]});
    assert_eq!(server.post("education-researcher", "/v1/api-keys", &role).problem().0, "invalid");
    let listed = server.get("education-researcher", "/v1/api-keys").expect(200);
    assert!(!listed.to_string().contains(secret) && listed.to_string().contains(id), "{listed}");
    assert_eq!(server.call("education-researcher", "DELETE", &format!("/v1/api-keys/{id}"), None).status, 200);
    assert_eq!(with(&bearer(secret)).status, 401);

    // the database holds no key
    let file = |name: &str| std::fs::read(server.dir.path().join("portal").join(name)).unwrap_or_default();
    let database = [file("datadeal.db"), file("datadeal.db-wal")].concat();
    let holds = |secret: &str| database.windows(secret.len()).any(|w| w == secret.as_bytes());
    assert!(!holds(secret) && !holds(&key) && holds(id));
}

#[test]
fn a_request_is_made_once_for_each_idempotency_key() {
    let server = Server::start();
    let submit = |body: &Value, key: &str| {
        server.call_with("education-researcher", "POST", "/v1/requests", Some(body), &[("idempotency-key", key)])
    };
    let first = submit(&university(), "a");
    let location = first.header("location").to_owned();
    let (first, again) = (first.expect(201), submit(&university(), "a").expect(201));
    assert_eq!(first["id"], again["id"]);
    assert_eq!(location, format!("/v1/requests/{}", first["id"].as_str().unwrap()));
    assert_ne!(submit(&university(), "b").expect(201)["id"], first["id"]);
    let mut other = university();
    other["declared"]["plan"] = "PLAN-2".into();
    assert_eq!(submit(&other, "a").problem().0, "idempotency-key-reused");
    assert_eq!(submit(&other, "").problem().0, "invalid");
    // somebody else's key of the same text is another key
    let listed = server.get("education-researcher", "/v1/requests").expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    // after a day the key is free again
    server.clock.advance(86_400);
    assert_eq!(server.engine.tidy().unwrap(), 2);
    assert_ne!(submit(&university(), "a").expect(201)["id"], first["id"]);
}

/// The same call by many at once: one of them makes it, and all are told of the same.
#[test]
fn the_same_call_at_once_is_made_once() {
    let server = Server::start();
    let (key, client) = (server.key("education-researcher"), reqwest::Client::new());
    let body = serde_json::to_vec(&university()).unwrap();
    let call = || {
        let request = client.post(format!("{}/v1/requests", server.address)).bearer_auth(&key);
        let request = request.header("idempotency-key", "together").header("content-type", "application/json");
        request.body(body.clone()).send()
    };
    let answers = server.wait(async {
        let calls: Vec<_> = (0..16).map(|_| tokio::spawn(call())).collect();
        let mut ids = std::collections::BTreeSet::new();
        for call in calls {
            let text = call.await.unwrap().unwrap().text().await.unwrap();
            ids.insert(serde_json::from_str::<Value>(&text).unwrap()["id"].as_str().unwrap_or(&text).to_owned());
        }
        ids
    });
    assert_eq!(answers.len(), 1, "{answers:?}");
}

/// However many there are, what is due is removed at once, and nothing else is read for it.
#[test]
fn everything_that_is_due_is_removed() {
    use datadeal::store::{Batch, Item, Kind};
    let server = Server::start();
    assert_eq!(server.engine.tidy().unwrap(), 0);
    let mut item = Item::default();
    for n in 0..1_200 {
        let made = json!({"asked": format!("{n:064}"), "made": [], "at": "2026-11-25T09:00:00Z"});
        let body = serde_json::to_vec(&made).unwrap();
        item = item.put(Kind::Idempotency, format!("{n:064}"), Some("2026-11-26T09:00"), body);
    }
    server.engine.store().commit(&Batch { advance: None, items: vec![&item] }).unwrap();
    server.clock.advance(86_399);
    assert_eq!(server.engine.tidy().unwrap(), 0);
    server.clock.advance(1);
    assert_eq!(server.engine.tidy().unwrap(), 1_200);
    assert_eq!(server.engine.tidy().unwrap(), 0);
}

/// Who asks sees its own deals, who owns the data those about them, in pages.
#[test]
fn deals_are_listed_to_whom_they_concern() {
    let server = Server::start();
    let deals = [super::deals::offered(&server), super::deals::offered(&server)];
    for person in ["education-researcher", "education-head", "operator"] {
        let first = server.get(person, "/v1/deals?limit=1").expect(200);
        let next = first["next"].as_str().unwrap();
        let second = server.get(person, &format!("/v1/deals?limit=1&after={next}")).expect(200);
        let mut seen = [&first["items"][0]["id"], &second["items"][0]["id"]].map(|id| id.as_str().unwrap().to_owned());
        let mut all = deals.clone();
        seen.sort();
        all.sort();
        assert_eq!(seen, all, "{person}");
    }
    for person in ["vehicles-claims", "vehicles-head"] {
        assert_eq!(server.get(person, "/v1/deals").expect(200), json!({"items": []}));
    }
    let place = format!("/v1/deals/{}", deals[0]);
    assert_eq!(server.get("education-head", &format!("{place}/events?limit=1")).expect(200), json!({"items": []}));
    let keys = server.get("education-head", "/v1/api-keys?limit=1").expect(200);
    assert_eq!(keys["items"].as_array().unwrap().len(), 1);
    let refused = server.get("education-head", "/v1/api-keys?after=nothing").problem();
    assert_eq!(refused.0, "invalid");
    let organisations = server.get("operator", "/v1/organisations?limit=2").expect(200);
    assert_eq!(organisations["items"][1]["id"], organisations["next"]);
    assert_eq!(server.get("", "/v1/check-counts?from=0001-01-01&until=2026-12-01").problem().0, "invalid");
}

#[test]
fn lists_come_in_pages() {
    let server = Server::start();
    let mut made: Vec<String> = Vec::new();
    for _ in 0..5 {
        server.clock.advance(1);
        made.push(
            server.post("education-researcher", "/v1/requests", &university()).expect(201)["id"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = server.get("education-researcher", &format!("/v1/requests?limit=2{after}")).expect(200);
        seen.extend(page["items"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, made);
    // who is not concerned sees none of them
    let none = server.get("statistics-researcher", "/v1/requests").expect(200);
    let other: OrgId = "NL.KVK:68750110".parse().unwrap();
    assert_eq!(none["items"].as_array().unwrap().len(), 5, "the same university, another person: {other}");
    let none = server.get("education-director", "/v1/requests").expect(200);
    assert_eq!(none, json!({"items": []}));
    assert_eq!(server.get("education-director", &format!("/v1/requests/{}", made[0])).problem().0, "forbidden");
}

#[test]
fn too_many_calls_wait() {
    let server = Server::with(|config| {
        config.limits.per_minute = 60;
        config.limits.burst = 5;
    });
    let statuses: Vec<u16> = (0..8).map(|_| server.get("", "/v1/nothing").status).collect();
    assert_eq!(statuses.iter().filter(|s| **s == 404).count(), 5, "{statuses:?}");
    let refused = server.get("", "/v1/nothing");
    assert_eq!(refused.problem().0, "too-many-requests");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait));
    assert_eq!(refused.json()["retryAfter"], wait);
    // somebody who is known has a bucket of its own; guesses have none
    assert_eq!(server.get("operator", "/v1/me").status, 200);
    assert_eq!(server.send("GET", "/v1/me", &[("authorization", "Bearer guess")], None).status, 429);
}

/// One address that asks again and again fills no list.
#[test]
fn asking_to_be_added_is_for_a_few() {
    let server = Server::with(|config| config.limits.per_minute = 600);
    let ask = |n: u32| {
        let asking = json!({"organisation": format!("NL.KVK:1000000{n}"), "name": "Voorbeeld Flood B.V."});
        server.post("", "/v1/registrations", &asking)
    };
    (0..5).for_each(|n| _ = ask(n).expect(202));
    let refused = ask(5);
    assert_eq!(refused.problem().0, "too-many-requests");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((3000..=3600).contains(&wait), "{wait}");
    assert_eq!(server.get("", "/v1/nothing").status, 404, "other calls are let through");
}

/// A page of another site may not post with the cookie of a person who signed in here.
#[test]
fn a_post_from_another_site_is_refused() {
    let server = Server::start();
    let post = |headers: &[(&str, &str)]| {
        let mut all = vec![("content-type", "application/json")];
        all.extend(headers);
        server.send("POST", "/v1/checks", &all, Some(serde_json::to_vec(&university()).unwrap()))
    };
    assert_eq!(post(&[("sec-fetch-site", "cross-site")]).problem().0, "forbidden");
    assert_eq!(post(&[("origin", "https://elsewhere.example")]).problem().0, "forbidden");
    assert_eq!(post(&[("sec-fetch-site", "same-origin")]).status, 200);
    assert_eq!(post(&[]).status, 200);
}

#[test]
fn what_the_machinery_asks() {
    let server = Server::start();
    assert_eq!(server.get("", "/healthz").status, 204);
    assert_eq!(server.get("", "/readyz").status, 204);
    server.post("", "/v1/checks", &university());
    let metrics = server.get("", "/metrics").text;
    assert!(
        metrics.contains("http_requests_total{method=\"POST\",route=\"/v1/checks\",status=\"200\"} 1"),
        "{metrics}"
    );
    assert!(metrics.contains("http_request_duration_seconds_bucket"), "{metrics}");
    let count = |text: &str, name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{name}: {text}"));
        line.trim().parse::<u64>().unwrap()
    };
    let [commits, operations] = ["commits_total ", "committed_operations_total "].map(|name| count(&metrics, name));
    assert!(commits <= operations, "{metrics}");
    server.post("education-researcher", "/v1/requests", &university()).expect(201);
    let after = server.get("", "/metrics").text;
    assert!(
        count(&after, "commits_total ") > commits && count(&after, "committed_operations_total ") > operations,
        "{after}"
    );
    // a trace that came along goes on
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let answer = server.send("GET", "/healthz", &[("traceparent", parent)], None);
    assert!(answer.header("traceparent").starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
    assert!(!answer.header("traceparent").contains("00f067aa0ba902b7"));
}

/// A service that is told to end lets the calls finish that are under way.
#[test]
fn the_end_waits_for_calls_under_way() {
    let mut server = Server::start();
    server.post("education-researcher", "/v1/requests", &university()).expect(201);
    server.stop();
    let refused = server.wait(reqwest::get(format!("{}/healthz", server.address)));
    assert!(refused.is_err());
    assert_eq!(server.engine.audit(&server.operator, &mut |_, _| {}).unwrap().findings.len(), 0);
}
