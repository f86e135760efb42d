//! The use of deals over HTTP: AuthZEN as its conformance scenario asks, tokens checked by a package of others, the access log.

use std::collections::BTreeSet;
use std::path::Path;

use datadeal::config::Config;
use datadeal::engine::{DealStep, NewPerson};
use datadeal::model::Urn;
use datadeal::rights::Role;
use serde_json::{Value, json};

use crate::http::server::Server;
use crate::support::interop::{Peer, ready};

pub(crate) const OWNER: &str = "NL.OIN:00000099000000012000";
pub(crate) const UNIVERSITY: &str = "NL.OIN:00000099000000023000";
pub(crate) const COLUMNS: [&str; 3] = ["birth-year", "nationality", "postcode4"];
const AUDIENCE: &str = "https://data.example";

/// A service with a data server of the owner of the education data.
pub(crate) fn service() -> Server {
    service_with(|_| {})
}

pub(crate) fn service_with(change: impl FnOnce(&mut Config)) -> Server {
    let server = Server::with(change);
    let person = NewPerson {
        person: "register-server".parse().unwrap(),
        organisation: OWNER.parse().unwrap(),
        name: "The server of the register".to_owned(),
        function: "data server".to_owned(),
        roles: BTreeSet::from([Role::DataServer]),
    };
    server.engine.add_person(&server.operator, &person).unwrap();
    let routes = json!([
        {"path": "/pupils.csv", "dataset": "education", "columns": COLUMNS},
        {"path": "/nationalities.csv", "dataset": "education", "columns": ["nationality"]},
        {"path": "/health.csv", "dataset": "education", "columns": ["health"]},
    ]);
    let known = json!({"name": "register", "owner": OWNER, "audience": AUDIENCE, "routes": routes});
    server.call("education-head", "PUT", "/v1/data-servers/register", Some(&known)).expect(200);
    server
}

/// A deal of the university on three columns of the education data, accepted with its own key.
pub(crate) fn concluded(server: &Server) -> Urn {
    concluded_on(server, &crate::http::basics::university())
}

fn concluded_on(server: &Server, asked: &Value) -> Urn {
    let case: Urn =
        server.post("education-researcher", "/v1/requests", asked).expect(201)["id"].as_str().unwrap().parse().unwrap();
    let actor = |person: &str| server.engine.actor(&person.parse().unwrap()).unwrap();
    let engine = &server.engine;
    engine
        .approve(&actor("education-steward"), &case, "data-steward", true, "each column is needed")
        .unwrap()
        .wait()
        .unwrap();
    let deal = engine.offer(&actor("education-head"), &case).unwrap().wait().unwrap().id;
    engine.accept(&actor("education-researcher"), &deal, server.held(UNIVERSITY)).unwrap().wait().unwrap();
    deal
}

pub(crate) fn asks(columns: &[&str]) -> Value {
    let properties = if columns.is_empty() { json!({}) } else { json!({"columns": columns}) };
    json!({
        "subject": {"type": "organisation", "id": UNIVERSITY},
        "action": {"name": "read"},
        "resource": {"type": "dataset", "id": "education", "properties": properties},
    })
}

const ONE: &str = "/access/v1/evaluation";
const MANY: &str = "/access/v1/evaluations";

/// The questions of the certification scenario that say how the API behaves, not what its fixture decides: that rests on properties which
/// the caller claims, and a deal is nothing that a caller claims.
#[test]
fn authzen_as_its_conformance_scenario_asks() {
    let server = service();
    let deal = concluded(&server);
    let ask = |path: &str, body: &Value| server.post("register-server", path, body);
    let yes = ask(ONE, &asks(&COLUMNS));
    assert_eq!((yes.header("content-type"), yes.header("cache-control")), ("application/json", "no-store"));
    let yes = yes.expect(200);
    assert_eq!((&yes["decision"], &yes["context"]["deal"]), (&json!(true), &json!(deal)));
    assert_eq!(ask(ONE, &asks(&COLUMNS)).expect(200), yes, "the same question has the same answer");
    let no = json!({"decision": false, "context": {"reason": "column", "columns": ["health"]}});
    assert_eq!(ask(ONE, &asks(&["health"])).expect(200), no);

    // missing and wrong members, a wrong type of body, no JSON, nothing
    let mut wrong = Vec::new();
    for member in ["subject", "action", "resource"] {
        let mut request = asks(&COLUMNS);
        request.as_object_mut().unwrap().remove(member);
        wrong.push(request);
    }
    for (member, name) in
        [("subject", "type"), ("subject", "id"), ("action", "name"), ("resource", "type"), ("resource", "id")]
    {
        let mut request = asks(&COLUMNS);
        request[member].as_object_mut().unwrap().remove(name);
        wrong.push(request);
    }
    for (pointer, value) in [("/subject", json!("alice")), ("/action/name", json!(123)), ("/resource", json!([]))] {
        let mut request = asks(&COLUMNS);
        *request.pointer_mut(pointer).unwrap() = value;
        wrong.push(request);
    }
    wrong.push(json!([]));
    for request in &wrong {
        let answer = ask(ONE, request);
        assert_eq!((answer.status, answer.problem().0.as_str()), (400, "invalid"), "{request}");
    }
    let key = format!("Bearer {}", server.key("register-server"));
    let send = |kind: &str, body: &str| {
        let headers = [("authorization", key.as_str()), ("content-type", kind), ("x-request-id", "id-7")];
        server.send("POST", ONE, &headers, Some(body.as_bytes().to_vec()))
    };
    for (kind, body) in [
        ("text/plain", asks(&COLUMNS).to_string()),
        ("application/json", "{".to_owned()),
        ("application/json", String::new()),
        ("application/json", "{\"a\": \"\u{0}".to_owned()),
    ] {
        let answer = send(kind, &body);
        assert_eq!((answer.status, answer.header("x-request-id")), (400, "id-7"), "{kind} {body}");
    }
    // the id of a call is given back, and members that are not known are passed over
    let mut more = asks(&COLUMNS);
    more["more"] = json!({"deep": [null, 1.5]});
    let answer = send("application/json; charset=utf-8", &more.to_string());
    assert_eq!((answer.status, answer.header("x-request-id")), (200, "id-7"));

    // who asks must be known, and may ask about its own owner's data
    let nobody = server.post("", ONE, &asks(&COLUMNS));
    assert_eq!((nobody.status, nobody.header("www-authenticate")), (401, "Bearer"));
    for person in ["education-researcher", "operator", "statistics-head"] {
        assert_eq!(server.post(person, ONE, &asks(&COLUMNS)).status, 403, "{person}");
    }

    // a batch: an item without resource is denied by itself, and no items are one question
    let mut batch = json!({"subject": asks(&[])["subject"], "action": {"name": "read"}, "evaluations": [{"resource": asks(&COLUMNS)["resource"]}, {}]});
    let answer = ask(MANY, &batch).expect(200);
    assert_eq!(
        (&answer["evaluations"][0]["decision"], &answer["evaluations"][1]["decision"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(answer["evaluations"][1]["context"]["error"]["status"], 400);
    batch["evaluations"] = json!([]);
    assert_eq!(ask(MANY, &batch).status, 400);
    assert_eq!(ask(MANY, &asks(&COLUMNS)).expect(200), yes);

    let configuration = server.get("", "/.well-known/authzen-configuration").expect(200);
    assert_eq!(configuration["policy_decision_point"], server.address);
    assert_eq!(configuration["access_evaluation_endpoint"], format!("{}{ONE}", server.address));
    assert_eq!(configuration["access_evaluations_endpoint"], format!("{}{MANY}", server.address));
    // what is not offered is not named: there is no search
    assert_eq!(configuration.as_object().unwrap().len(), 3);
}

/// AuthZEN 1.0 section 10.1.3: the id that a caller gives its call comes back with every answer, also one that no handler gave.
#[test]
fn the_id_of_a_call_comes_back_whatever_the_answer() {
    let server = Server::with(|config| (config.limits.per_minute, config.limits.burst) = (60, 4));
    let id = [("x-request-id", "id-8")];
    let mut told = Vec::new();
    for (method, path) in [("POST", ONE), ("GET", ONE), ("POST", "/access/v1/search/subject")] {
        let answer = server.call_with("", method, path, Some(&asks(&COLUMNS)), &id);
        told.push((answer.status, answer.header("x-request-id").to_owned()));
    }
    let mut status = 0;
    while status != 429 {
        let answer = server.call_with("", "GET", "/.well-known/authzen-configuration", None, &id);
        status = answer.status;
        assert!(status == 200 || status == 429, "{status}");
        assert_eq!(answer.header("x-request-id"), "id-8");
    }
    assert_eq!(told, [401, 405, 404].map(|status| (status, "id-8".to_owned())));
}

/// S-160 S-166: one record for each call of somebody known, also when it is not understood or not allowed; nobody's call leaves none.
#[test]
fn a_call_that_is_refused_is_recorded_too() {
    let server = service();
    let key = |person: &str| format!("Bearer {}", server.key(person));
    let send = |key: &str, kind: &str, body: &str| {
        let headers = [("authorization", key), ("content-type", kind)];
        server.send("POST", ONE, &headers, Some(body.as_bytes().to_vec())).status
    };
    let (known, kind) = (key("register-server"), "application/json");
    let question = asks(&COLUMNS).to_string();
    let elsewhere = question.replace("\"education\"", "\"statistics\"");
    assert_eq!(send("Bearer dd_nobody", kind, &question), 401);
    assert_eq!(server.post("", ONE, &asks(&COLUMNS)).status, 401);
    assert_eq!(send(&known, kind, "{"), 400);
    assert_eq!(send(&known, "text/plain", &question), 400);
    assert_eq!(send(&known, kind, &question.replace("\"read\"", "7")), 400);
    assert_eq!(send(&known, kind, &elsewhere), 403);
    assert_eq!(send(&key("education-researcher"), kind, &question), 403);
    assert_eq!(send(&known, kind, &question), 200);
    let page = "/access/v1/records?from=2026-11-25T00:00:00Z&until=2026-11-26T00:00:00Z";
    let page = server.get("operator", page).expect(200);
    let told = |r: &Value| {
        let response = &r["body"]["adl.core.response"];
        (r["status"].as_str().unwrap().to_owned(), response["context"]["error"]["status"].as_u64())
    };
    let told: Vec<_> = page["items"].as_array().unwrap().iter().map(told).collect();
    let expected = [
        ("Error", Some(400)),
        ("Error", Some(400)),
        ("Error", Some(400)),
        ("Ok", Some(403)),
        ("Error", Some(403)),
        ("Ok", None),
    ];
    assert_eq!(told, expected.map(|(status, error)| (status.to_owned(), error)));
    let asked = page["items"][2].pointer("/body/adl.core.request/action/name");
    assert_eq!(asked, Some(&json!(7)), "as it was sent");
    let audit = server.engine.audit(&server.operator, &mut |_, _| {}).unwrap();
    assert_eq!((audit.findings, audit.access_records), (Vec::new(), 6));
}

/// A data server records what it delivered, and reads back no more than that.
#[test]
fn a_data_server_records_deliveries() {
    let server = service();
    let deal = concluded(&server);
    let delivery = json!({"edition": "2026", "channel": "a medium", "columns": ["nationality"]});
    let at = format!("/v1/deals/{deal}/deliveries");
    let recorded = server.post("register-server", &at, &delivery).expect(201);
    assert_eq!(
        (&recorded["what"]["delivered"]["channel"], &recorded["organisation"]),
        (&json!("a medium"), &json!(OWNER))
    );
    assert_eq!(server.get("register-server", &format!("/v1/deals/{deal}/events")).status, 403);
    let found = server.get("education-head", "/v1/datasets/education/recipients").expect(200);
    assert_eq!(found["items"][0]["deals"], json!([deal]));
}

/// The payloads of AuthZEN's interop events: their users and records are nobody's deals, so that every answer is a well-formed no; what
/// the shape of an answer asks is held against each of them.
#[test]
fn authzen_payloads_of_others_are_answered_in_form() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance/authzen");
    if !folder.exists() {
        eprintln!("skipped: needs ../shared/conformance");
        return;
    }
    let server = service();
    let mut cases = 0;
    for file in ["api-gateway.json", "todo-1_0-02.json"] {
        let suite: Value = serde_json::from_slice(&std::fs::read(folder.join(file)).unwrap()).unwrap();
        for case in suite["evaluation"].as_array().unwrap() {
            let answer = server.post("register-server", ONE, &case["request"]).expect(200);
            assert_eq!(answer, json!({"decision": false, "context": {"reason": "subject"}}));
            cases += 1;
        }
        for case in suite["evaluations"].as_array().into_iter().flatten() {
            let answer = server.post("register-server", MANY, &case["request"]).expect(200);
            // theirs are answered in full: every item, in order
            let answers = answer["evaluations"].as_array().unwrap();
            assert_eq!(answers.len(), case["request"]["evaluations"].as_array().unwrap().len());
            assert!(answers.iter().all(|a| a["decision"] == json!(false) && a["context"]["error"].is_null()));
            cases += 1;
        }
    }
    println!("{cases} cases");
    assert!(cases > 60);
}

/// S-170 S-171: a package that we did not write reads our tokens, and refuses every wrong one.
#[test]
fn others_check_our_tokens() {
    if !ready() {
        return;
    }
    let server = service();
    let deal = concluded(&server);
    let new = json!({"deal": deal, "server": "register", "columns": ["nationality"]});
    let issued = server.post("education-researcher", "/access/v1/tokens", &new).expect(201);
    assert_eq!((&issued["tokenType"], &issued["expiresIn"]), (&json!("Bearer"), &json!(900)));
    let token = issued["accessToken"].as_str().unwrap().to_owned();
    let keys = server.get("", "/access/v1/keys").expect(200).to_string();
    let check = |issuer: &str, audience: &str, time: &str, token: &str| {
        let mut peer = Peer::start(&["token", &keys, issuer, audience, time]);
        peer.say(token);
        peer.line()
    };
    let now = "2026-11-25T09:10:00Z";
    let said = check(&server.address, AUDIENCE, now, &token);
    let said: Value = serde_json::from_str(said.strip_prefix("ok ").unwrap_or_else(|| panic!("{said}"))).unwrap();
    assert_eq!(
        (&said["deal"], &said["columns"], &said["sub"]),
        (&json!(deal), &json!(["nationality"]), &json!(UNIVERSITY))
    );
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, payload) = signed.split_once('.').unwrap();
    let encode = |value: Value| {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
    };
    let other = encode(json!({"alg": "none", "typ": "at+jwt"}));
    let more = encode(json!({"iss": server.address, "aud": AUDIENCE, "columns": ["health"]}));
    for (what, issuer, audience, time, token) in [
        ("expired", server.address.as_str(), AUDIENCE, "2026-11-25T09:15:00Z", token.clone()),
        ("another audience", &server.address, "https://other.example", now, token.clone()),
        ("another issuer", "https://other.example", AUDIENCE, now, token.clone()),
        ("no algorithm", &server.address, AUDIENCE, now, format!("{other}.{payload}.")),
        ("another payload", &server.address, AUDIENCE, now, format!("{header}.{more}.{signature}")),
    ] {
        let answer = check(issuer, audience, time, &token);
        assert!(answer.starts_with("no "), "{what}: {answer}");
    }

    // a deal on one edition opens no other, at a data server that asks nobody
    let mut asked = crate::http::basics::university();
    asked["scope"]["editions"] = json!(["2024"]);
    let deal = concluded_on(&server, &asked);
    let issued = server.post("education-researcher", "/access/v1/tokens", &json!({"deal": deal, "server": "register"}));
    let token = issued.expect(201)["accessToken"].as_str().unwrap().to_owned();
    let asks = |edition: Value| {
        let question = json!({"dataset": said["dataset"], "columns": ["nationality"], "edition": edition});
        check(&server.address, AUDIENCE, now, &format!("{token}\t{question}"))
    };
    assert!(asks(json!("2024")).contains(r#""editions":["2024"]"#));
    for edition in [json!("2025"), Value::Null] {
        assert!(asks(edition.clone()).starts_with("no "), "{edition}");
    }
}

/// A deal that is suspended gives no token, and one of another organisation neither.
#[test]
fn tokens_are_for_the_reuser_of_an_active_deal() {
    let server = service();
    let deal = concluded(&server);
    let new = json!({"deal": deal, "server": "register"});
    let take = |person: &str, body: &Value| server.post(person, "/access/v1/tokens", body);
    for person in ["education-director", "education-head", "register-server", "operator"] {
        assert_eq!(take(person, &new).status, 403, "{person}");
    }
    assert_eq!(take("", &new).status, 401);
    let mut columns = new.clone();
    columns["columns"] = json!(["health"]);
    let answer = take("education-researcher", &columns);
    assert_eq!((answer.status, answer.problem().1.contains("column")), (409, true), "{}", answer.text);
    let head = server.engine.actor(&"education-head".parse().unwrap()).unwrap();
    server.engine.deal_step(&head, &deal, DealStep::Suspend, "a question").unwrap().wait().unwrap();
    let answer = take("education-researcher", &new);
    assert_eq!((answer.status, answer.problem().1.contains("not-active")), (409, true), "{}", answer.text);
}

/// S-160: the access log over HTTP, with the trace of the call; for the operator and an auditor.
#[test]
fn the_access_log_is_read_page_by_page() {
    let server = service();
    concluded(&server);
    for n in 1..=3 {
        let parent = format!("00-{n:032x}-{n:016x}-01");
        let answer =
            server.call_with("register-server", "POST", ONE, Some(&asks(&COLUMNS)), &[("traceparent", &parent)]);
        answer.expect(200);
    }
    let page = |query: &str| {
        server
            .get("operator", &format!("/access/v1/records?from=2026-11-25T00:00:00Z&until=2026-11-26T00:00:00Z{query}"))
    };
    let first = page("&limit=2").expect(200);
    let items = first["items"].as_array().unwrap();
    assert_eq!(
        (items.len(), &items[0]["trace_id"], &items[1]["parent_span_id"]),
        (2, &json!(format!("{:032x}", 1)), &json!(format!("{:016x}", 2)))
    );
    assert_eq!(items[0]["body"]["adl.core.request"], asks(&COLUMNS));
    let rest = page(&format!("&after={}", first["next"].as_str().unwrap())).expect(200);
    assert_eq!((rest["items"].as_array().unwrap().len(), rest.get("next")), (1, None));
    assert_eq!(page("&limit=0").status, 200);
    assert_eq!(page("&more=1").status, 400);
    for person in ["education-head", "register-server"] {
        assert_eq!(
            server.get(person, "/access/v1/records?from=2026-11-25T00:00:00Z&until=2026-11-26T00:00:00Z").status,
            403
        );
    }
}

/// A proxy learns one of four statuses, whatever it says: what it says twice, or not at all, goes nowhere.
#[test]
fn a_proxy_is_answered_by_status_alone() {
    let server = service();
    let deal = concluded(&server);
    let new = json!({"deal": deal, "server": "register"});
    let token = server.post("education-researcher", "/access/v1/tokens", &new).expect(201)["accessToken"]
        .as_str()
        .unwrap()
        .to_owned();
    let bearer = format!("Bearer {token}");
    let at = "/access/v1/forward-auth?server=register";
    let (method, address, token) =
        (("x-original-method", "GET"), ("x-original-uri", "/pupils.csv"), ("authorization", bearer.as_str()));
    let ask = |path: &str, headers: &[(&str, &str)]| server.send("GET", path, headers, None).status;
    assert_eq!(ask(at, &[method, address, token]), 204);
    assert_eq!(ask(at, &[("x-forwarded-method", "GET"), ("x-forwarded-uri", "/pupils.csv"), token]), 204);
    // the name of a scheme has no case (RFC 9110 section 11.1)
    assert_eq!(ask(at, &[method, address, ("authorization", bearer.replace("Bearer", "bearer").as_str())]), 204);
    assert_eq!(ask(at, &[method, address]), 401);
    assert_eq!(ask(at, &[method, address, ("authorization", "Basic x")]), 401);
    assert_eq!(ask(at, &[method, address, ("authorization", "Bearer x.y.z")]), 401);
    let key = format!("Bearer {}", server.key("education-researcher"));
    assert_eq!(ask(at, &[method, address, ("authorization", &key)]), 401);
    for headers in [
        &[method, token][..],
        &[address, token],
        &[method, address, token, token],
        &[method, address, token, ("x-original-uri", "/health.csv")],
        &[method, address, token, ("x-forwarded-uri", "/pupils.csv")],
        &[method, address, token, ("x-forwarded-method", "GET")],
        &[("x-original-method", "POST"), address, token],
        &[method, ("x-original-uri", "/health.csv"), token],
        &[method, ("x-original-uri", "/pupils.csv?x=1"), token],
        &[method, ("x-original-uri", "/a/../pupils.csv"), token],
        &[method, ("x-original-uri", "/\u{e9}"), token],
    ] {
        assert_eq!(ask(at, headers), 403, "{headers:?}");
    }
    for path in [
        "/access/v1/forward-auth",
        "/access/v1/forward-auth?server=",
        "/access/v1/forward-auth?server=other",
        "/access/v1/forward-auth?server=register&server=other",
        "/access/v1/forward-auth?x=1&server=register",
    ] {
        assert_eq!(ask(path, &[method, address, token]), 403, "{path}");
    }
}
