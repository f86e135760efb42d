//! The failing field: what was given is a closed list with its places in the API, and a wrong call is answered with the place of what is wrong
//! and with how to mend it.

use datadeal::engine::Field;
use serde_json::{Value, json};

use super::basics::university;
use super::deals::{accept, offered};
use super::openapi::documents;
use super::server::{Answer, Server};
use crate::access::http::asks;

const RESEARCHER: &str = "education-researcher";
const HEAD: &str = "education-head";
const STEWARD: &str = "education-steward";
const NOWHERE: &str = "urn:uuid:019ab9de-0000-7000-8000-000000000000";

/// The schema itself, or that to which it points, and the alternatives that it has.
fn alternatives<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    if let Some(place) = schema["$ref"].as_str() {
        return alternatives(document, document.pointer(place.trim_start_matches('#')).unwrap());
    }
    let below = ["oneOf", "anyOf", "allOf"].iter().filter_map(|list| schema[list].as_array()).flatten();
    below.flat_map(|one| alternatives(document, one)).chain([schema]).collect()
}

/// Whether a JSON Pointer leads to something in what a schema describes.
fn leads(document: &Value, schema: &Value, pointer: &str) -> bool {
    let Some(rest) = pointer.strip_prefix('/') else { return pointer.is_empty() };
    let (name, rest) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    alternatives(document, schema).into_iter().any(|schema| {
        let member = schema["properties"].get(name).or_else(|| schema.get("additionalProperties"));
        let item = schema.get("items").filter(|_| name.parse::<usize>().is_ok());
        let free = |of: &Value| of == &json!(true) || of == &json!({});
        member.or(item).is_some_and(|below| free(below) || leads(document, below, rest))
    })
}

/// Whether an operation reads something at this place: a member of its body, a query key, a part of its address or a header.
fn reads(document: &Value, operation: &Value, place: &str) -> bool {
    let named = |p: &Value| p["name"] == place;
    if operation["parameters"].as_array().is_some_and(|all| all.iter().any(named)) {
        return true;
    }
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    !body.is_null() && (place.is_empty() || place.starts_with('/')) && leads(document, body, place)
}

/// Every field of the closed list stands where the documents say that something is read; the others only the command line gives.
#[test]
fn every_field_has_its_place() {
    let documents = documents();
    let operations: Vec<(&Value, &Value)> = documents
        .iter()
        .flat_map(|(_, d)| d["paths"].as_object().unwrap().values().map(move |item| (d, item)))
        .flat_map(|(d, item)| item.as_object().unwrap().values().map(move |operation| (d, operation)))
        .collect();
    assert!(operations.len() > 80);
    let mut told = Vec::new();
    for field in Field::ALL {
        match field.place() {
            Some(place) => assert!(operations.iter().any(|(d, o)| reads(d, o, place)), "{field:?}: {place}"),
            None => told.push(field.words()),
        }
    }
    insta::assert_snapshot!(told.join(", "), @"--authority, the cosignatures, --data, the file, --from, the dataset, --kind, the mandate, --dataset, --origin, the set, the sizes, --use");
}

/// A call that is wrong: by whom, what, and where the answer says that it is wrong.
struct Wrong<'a>(&'a str, &'a str, String, Value, &'a [&'a str]);

/// Where an answer says that the call was wrong.
fn places(answer: &Answer) -> Vec<String> {
    let errors = answer.json()["errors"].clone();
    errors.as_array().into_iter().flatten().map(|e| e["pointer"].as_str().unwrap().to_owned()).collect()
}

/// The document and the operation that a call is of.
fn operation<'a>(documents: &'a [(&str, Value)], method: &str, path: &str) -> (&'a Value, &'a Value) {
    let path = path.split('?').next().unwrap();
    let (document, path) = match path.strip_prefix("/access/v1") {
        Some(rest) => (&documents[1].1, rest),
        None => (&documents[0].1, path.strip_prefix("/v1").unwrap()),
    };
    let fits = |template: &str| {
        let (of_it, of_path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
        of_it.len() == of_path.len() && of_it.iter().zip(of_path).all(|(t, p)| t.starts_with('{') || *t == p)
    };
    let mut paths =
        document["paths"].as_object().unwrap().iter().filter(|(template, _)| fits(template)).collect::<Vec<_>>();
    // what is written out goes before what is a part of the address
    paths.sort_by_key(|(template, _)| template.matches('{').count());
    (document, &paths.first().unwrap_or_else(|| panic!("{path}")).1[method.to_lowercase()])
}

/// Each is 400, names exactly these places, all of which the document of the API knows, and says how to mend it in words for everybody.
fn refused(server: &Server, wrong: &[Wrong<'_>]) {
    let documents = documents();
    for Wrong(person, method, path, body, expected) in wrong {
        let answer = server.call(person, method, path, Some(body).filter(|b| !b.is_null()));
        assert_eq!(answer.status, 400, "{method} {path} {body}: {}", answer.text);
        assert_eq!(answer.problem().0, "invalid");
        assert_eq!(places(&answer), *expected, "{method} {path} {body}: {}", answer.text);
        let (document, operation) = operation(&documents, method, path);
        for place in *expected {
            assert!(reads(document, operation, place), "{method} {path}: {place}");
        }
        for error in answer.json()["errors"].as_array().unwrap() {
            assert!(error["detail"].as_str().unwrap().len() > 10, "{}", answer.text);
        }
    }
}

fn post<'a>(person: &'a str, path: impl Into<String>, body: Value, expected: &'a [&'a str]) -> Wrong<'a> {
    Wrong(person, "POST", path.into(), body, expected)
}

fn get<'a>(person: &'a str, path: impl Into<String>, expected: &'a [&'a str]) -> Wrong<'a> {
    Wrong(person, "GET", path.into(), Value::Null, expected)
}

/// A question with one member changed.
fn asking(pointer: &str, value: Value) -> Value {
    let mut question = university();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    question.pointer_mut(parent).unwrap()[name] = value;
    question
}

#[test]
fn a_wrong_question_is_answered_with_its_place() {
    let server = Server::start();
    let request = server.post(RESEARCHER, "/v1/requests", &university()).expect(201);
    let completions = format!("/v1/requests/{}/completions", request["id"].as_str().unwrap());
    let designation = json!({"by": "the minister", "reference": "x"});
    refused(
        &server,
        &[
            post("", "/v1/checks", asking("/dataset", json!("nothing")), &["/dataset"]),
            post("", "/v1/checks", asking("/purpose", json!("fun")), &["/purpose"]),
            post("", "/v1/checks", asking("/scope/level", json!("all")), &["/scope/level"]),
            post("", "/v1/checks", asking("/scope/columns", json!(["nothing"])), &["/scope/columns"]),
            post("", "/v1/checks", asking("/declined", json!(["nothing"])), &["/declined"]),
            post("", "/v1/checks", asking("/evidence", json!([{}])), &["/evidence"]),
            post("", "/v1/checks", asking("/declared/a~b", json!(1)), &["/declared/a~0b"]),
            post("", "/v1/checks", asking("/declared/designation", designation), &["/declared/designation/until"]),
            post(RESEARCHER, "/v1/requests", json!({"dataset": "education"}), &["/purpose"]),
            post(RESEARCHER, "/v1/requests", asking("/receivedAt", json!("2026-11-20T09:00:00Z")), &["/receivedAt"]),
            post(RESEARCHER, "/v1/requests", asking("/channel", json!("post")), &["/channel"]),
            post(HEAD, "/v1/requests", asking("/applicant", json!("NL.OIN:00000099000000023000")), &["/channel"]),
            post(RESEARCHER, &completions, json!({"completion": {}}), &["/completion"]),
            post(RESEARCHER, &completions, json!({"completion": {"purpose": "fun"}}), &["/completion/purpose"]),
            post(
                RESEARCHER,
                &completions,
                json!({"completion": {"declared": {"nothing": 1}}}),
                &["/completion/declared/nothing"],
            ),
            post(
                RESEARCHER,
                &completions,
                json!({"completion": {"purpose": "dd:EducationResearch"}, "channel": "post"}),
                &["/channel"],
            ),
            get("", "/v1/missing-proofs?dataset=nothing", &["dataset"]),
            get("", "/v1/missing-proofs?dataset=education&purpose=fun", &["purpose"]),
        ],
    );
    // of a draft: a pointer into what it says
    let draft = server.post(RESEARCHER, "/v1/drafts", &asking("/purpose", json!("fun")));
    let (tag, place) = (draft.header("etag").to_owned(), draft.header("location").to_owned());
    draft.expect(201);
    let submit = |tag: &str| {
        server.call_with(RESEARCHER, "POST", &format!("{place}/submission"), Some(&json!({})), &[("if-match", tag)])
    };
    let submitted = submit(&tag);
    assert_eq!((submitted.status, places(&submitted)), (400, vec!["/purpose".to_owned()]));
    assert_eq!(places(&submit("nothing")), ["If-Match"]);
    let keyed = [("idempotency-key", "")];
    let answer = server.call_with(RESEARCHER, "POST", "/v1/requests", Some(&university()), &keyed);
    assert_eq!(places(&answer), ["Idempotency-Key"]);
}

#[test]
fn a_wrong_act_is_answered_with_its_place() {
    let server = Server::start();
    let request = server.post(RESEARCHER, "/v1/requests", &university()).expect(201)["id"].clone();
    let act = |what: &str| format!("/v1/requests/{}/{what}", request.as_str().unwrap());
    let deal = offered(&server);
    let offer = server.get(RESEARCHER, &format!("/v1/deals/{deal}")).expect(200);
    let granted = offer["request"].as_str().unwrap().to_owned();
    let on = |what: &str| format!("/v1/deals/{deal}/{what}");
    refused(&server, &[post(RESEARCHER, on("acceptance"), json!({"signed": {}}), &["/signed"])]);
    accept(&server, &deal);
    let past = "2026-01-01T00:00:00Z";
    let late = "2126-01-01T00:00:00Z";
    let empty = json!({"clause": {"nl": "", "en": ""}, "reason": "", "legalBasis": ""});
    let user = json!({"name": "Person one", "function": "analyst", "statement": "secrecy"});
    let with = |of: &Value, name: &str, value: Value| {
        let mut of = of.clone();
        of[name] = value;
        of
    };
    let delivery = json!({"edition": "2026", "channel": "download", "records": 12});
    let incident = json!({"at": past, "nature": "a laptop was lost", "data": "the delivery", "measures": "wiped"});
    refused(
        &server,
        &[
            post(STEWARD, act("approvals"), json!({"approval": "data-steward", "reason": " "}), &["/reason"]),
            post(STEWARD, act("refusals"), json!({"approval": "data-steward", "reason": ""}), &["/reason"]),
            post(
                STEWARD,
                act("approvals"),
                json!({"approval": "data-steward", "reason": "sound", "terms": [empty]}),
                &["/terms"],
            ),
            post(HEAD, act("forwarding"), json!({"to": ""}), &["/to"]),
            post(HEAD, act("dismissal"), json!({"reason": ""}), &["/reason"]),
            post(
                HEAD,
                act("term/suspensions"),
                json!({"kind": "completion", "reason": "more", "until": "2026-01-01"}),
                &["/until"],
            ),
            post(RESEARCHER, format!("/v1/requests/{granted}/objection"), json!({"reasons": ""}), &["/reasons"]),
            post(HEAD, format!("/v1/requests/{granted}/evidence"), json!({"fact": "nothing"}), &["/fact"]),
            post(HEAD, "/v1/deals", json!({"request": NOWHERE}), &["/request"]),
            post(HEAD, on("steps"), json!({"step": {"intend": 0}, "reason": "misuse"}), &["/step/intend"]),
            post(HEAD, on("steps"), json!({"step": "suspend", "reason": ""}), &["/reason"]),
            post(HEAD, on("amendments"), json!({}), &[""]),
            post(HEAD, on("amendments"), json!({"columns": ["nothing"]}), &["/columns"]),
            post(HEAD, on("amendments"), json!({"until": past}), &["/until"]),
            post(RESEARCHER, on("users"), with(&user, "name", json!(" ")), &["/name"]),
            post(RESEARCHER, on("users"), with(&user, "function", json!(" ")), &["/function"]),
            post(RESEARCHER, on("users"), with(&user, "statement", json!(" ")), &["/statement"]),
            post(RESEARCHER, on("users"), with(&user, "until", json!(late)), &["/until"]),
            post(RESEARCHER, on("user-removals"), json!({"user": NOWHERE, "reason": "left"}), &["/user"]),
            post(HEAD, on("deliveries"), with(&delivery, "edition", json!("")), &["/edition"]),
            post(HEAD, on("deliveries"), with(&delivery, "columns", json!(["nothing"])), &["/columns"]),
            post(HEAD, on("deliveries"), with(&delivery, "at", json!(late)), &["/at"]),
            post(RESEARCHER, on("fulfilments"), json!({"obligation": "nothing", "proof": "seen"}), &["/obligation"]),
            post(RESEARCHER, on("fulfilments"), json!({"obligation": "nothing", "proof": ""}), &["/proof"]),
            post(RESEARCHER, on("incidents"), with(&incident, "nature", json!("")), &["/nature"]),
            post(RESEARCHER, on("incidents"), with(&incident, "data", json!("")), &["/data"]),
            post(RESEARCHER, on("incidents"), with(&incident, "measures", json!("")), &["/measures"]),
            post(RESEARCHER, on("incidents"), with(&incident, "at", json!(late)), &["/at"]),
            post(RESEARCHER, on("views"), json!({"text": ""}), &["/text"]),
            post(HEAD, "/v1/datasets/education/corrections", json!({"edition": "none"}), &["/edition"]),
            get(HEAD, "/v1/datasets/education/recipients?column=nothing", &["column"]),
            post(HEAD, format!("/v1/decisions/{granted}/withheld"), json!({"fields": [], "reason": ""}), &["/reason"]),
            post(RESEARCHER, "/access/v1/tokens", json!({"deal": NOWHERE, "server": "none"}), &["/deal"]),
            post(RESEARCHER, "/access/v1/tokens", json!({"deal": deal, "server": "none"}), &["/server"]),
        ],
    );
}

#[test]
fn what_is_wrong_of_people_and_lists_has_its_place() {
    let server = Server::start();
    let past = "2026-01-01T00:00:00Z";
    let university = "/v1/organisations/NL.OIN:00000099000000023000";
    let key = |name: &str, value: Value| {
        let mut key = json!({"person": RESEARCHER, "label": "import"});
        key[name] = value;
        key
    };
    let confirms = |name: &str, value: Value| {
        let mut new =
            json!({"fact": "category", "value": "university", "until": "2027-01-01T00:00:00Z", "reason": "seen"});
        new[name] = value;
        new
    };
    let asked = json!({"organisation": "NL.KVK:10000001", "name": "A company"});
    server.post("", "/v1/registrations", &asked).expect(202);
    let data_server = json!({"name": "files", "owner": "NL.OIN:00000099000000012000", "audience": "https://data.example", "routes": []});
    let serves = |name: &str, value: Value| {
        let mut server = data_server.clone();
        server[name] = value;
        server
    };
    let files = "/v1/data-servers/files".to_owned();
    let route = json!([{"path": "/pupils.csv", "dataset": "education", "columns": ["nothing"]}]);
    refused(
        &server,
        &[
            post(RESEARCHER, "/v1/api-keys", key("person", json!("nobody")), &["/person"]),
            post(RESEARCHER, "/v1/api-keys", key("label", json!(" ")), &["/label"]),
            post(RESEARCHER, "/v1/api-keys", key("roles", json!(["operator"])), &["/roles"]),
            post(RESEARCHER, "/v1/api-keys", key("until", json!(past)), &["/until"]),
            post(RESEARCHER, "/v1/webhooks", json!({"url": "nothing"}), &["/url"]),
            Wrong(RESEARCHER, "PUT", "/v1/contact".to_owned(), json!({"mail": "nobody", "language": "nl"}), &["/mail"]),
            Wrong(
                RESEARCHER,
                "PUT",
                format!("/v1/persons/{HEAD}/contact"),
                json!({"mail": "desk@example.nl", "language": "nl"}),
                &["person"],
            ),
            post("", "/v1/registrations", json!({"organisation": "NL.KVK:69599084", "name": " "}), &["/name"]),
            post("operator", "/v1/registrations/NL.KVK:10000001/confirmation", json!({"checked": " "}), &["/checked"]),
            post(RESEARCHER, "/v1/evidence", json!({}), &[""]),
            post(STEWARD, format!("{university}/evidence"), confirms("fact", json!("nothing")), &["/fact"]),
            post(STEWARD, format!("{university}/evidence"), confirms("value", json!(7)), &["/value"]),
            post(STEWARD, format!("{university}/evidence"), confirms("reason", json!(" ")), &["/reason"]),
            post(STEWARD, format!("{university}/evidence"), confirms("until", json!(past)), &["/until"]),
            Wrong(HEAD, "PUT", files.clone(), serves("audience", json!("")), &["/audience"]),
            Wrong(HEAD, "PUT", files, serves("routes", route), &["/routes"]),
            get(HEAD, format!("/v1/work?after={NOWHERE}"), &["after"]),
            get("", "/v1/check-counts?from=0001-01-01&until=2026-12-01", &["from"]),
            get("", "/v1/datasets?limit=many", &["limit"]),
            get("", "/v1/datasets?after=No%20Slug", &["after"]),
            get("", "/v1/datasets?q=register&after=nothing", &["after"]),
            get("", format!("/v1/datasets?q={}", "a+".repeat(33)), &["q"]),
            get("", "/v1/datasets?access=ajar", &["access"]),
            get("", "/v1/datasets?automatic=perhaps", &["automatic"]),
            get(RESEARCHER, "/v1/requests/not-an-id", &["id"]),
        ],
    );
    // facts that belong to a request are not kept with an organisation
    let profile = format!("{university}/profile");
    let tag = server.get(RESEARCHER, &profile).header("etag").to_owned();
    let kept = json!({"declared": {"plan": "PLAN-1"}});
    let answer = server.call_with(RESEARCHER, "PUT", &profile, Some(&kept), &[("if-match", &tag)]);
    assert_eq!((answer.status, places(&answer)), (400, vec!["/declared".to_owned()]));
}

/// What is told of a mend fits who calls: no command of a terminal, which others at the same door do get.
#[test]
fn a_mend_fits_who_calls() {
    let server = Server::start();
    let request = server.post(RESEARCHER, "/v1/requests", &university()).expect(201)["id"].clone();
    let refused = server.post(HEAD, "/v1/deals", &json!({"request": request}));
    let (word, detail) = refused.problem();
    let told = "the request is not decided yet (see what it waits for)";
    assert_eq!((word.as_str(), detail.as_str()), ("conflict", told));
    let head = server.engine.actor(&HEAD.parse().unwrap()).unwrap();
    let error = server.engine.offer(&head, &request.as_str().unwrap().parse().unwrap()).unwrap_err();
    let help = miette::Diagnostic::help(&error).unwrap().to_string();
    assert_eq!(help, format!("see what it waits for: datadeal request show {}", request.as_str().unwrap()));
    let none = server.get(HEAD, &format!("/v1/requests/{NOWHERE}"));
    assert_eq!(
        none.problem(),
        ("not-found".to_owned(), format!("there is no request `{NOWHERE}` (see what there is)"))
    );
}

/// Every member of a question that the document describes: there and of another type, `null` among them, it is refused with its place, and
/// never taken for an absent one.
#[test]
fn no_member_of_a_question_is_taken_for_an_absent_one() {
    fn described(document: &Value, schema: &Value, at: &str, out: &mut Vec<String>) {
        for schema in alternatives(document, schema) {
            for (name, member) in schema["properties"].as_object().into_iter().flatten() {
                out.push(format!("{at}/{name}"));
                described(document, member, &format!("{at}/{name}"), out);
            }
        }
    }
    let server = Server::start();
    let documents = documents();
    let (document, operation) = operation(&documents, "POST", "/access/v1/evaluation");
    let mut members = Vec::new();
    described(document, &operation["requestBody"]["content"]["application/json"]["schema"], "", &mut members);
    members.extend(["/context/token", "/context/token/columns", "/subject/properties/organisation"].map(str::to_owned));
    assert!(members.len() > 20, "{members:?}");
    let whole = || {
        let mut whole = asks(&["birth-year"]);
        whole["subject"] = json!({"type": "user", "id": "a", "properties": {"organisation": "NL.KVK:69599084"}});
        whole["context"] = json!({"token": {"dataset": "https://data.example/x"}});
        whole["action"]["properties"] = json!({});
        whole
    };
    let ask = |path: &str, body: &Value| server.post(HEAD, &format!("/access/v1/{path}"), body);
    ask("evaluation", &whole()).expect(200);
    for member in &members {
        for wrong in [Value::Null, json!(false)] {
            let mut asked = whole();
            let (parent, name) = member.rsplit_once('/').unwrap();
            asked.pointer_mut(parent).unwrap_or_else(|| panic!("{parent}"))[name] = wrong;
            let answer = ask("evaluation", &asked);
            assert_eq!((answer.status, places(&answer)), (400, vec![member.clone()]), "{asked}: {}", answer.text);
        }
    }
    for (member, name) in [("evaluations", None), ("options", None), ("options", Some("evaluations_semantic"))] {
        let mut asked = whole();
        match name {
            Some(name) => asked[member] = json!({name: null}),
            None => asked[member] = Value::Null,
        }
        let place = name.map_or_else(|| format!("/{member}"), |name| format!("/{member}/{name}"));
        assert_eq!(places(&ask("evaluations", &asked)), [place]);
    }
}
