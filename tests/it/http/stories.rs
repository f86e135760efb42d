//! Five whole stories over HTTP, with people who sign in at a real OpenID Provider, webhooks that are really called and a real nginx in front
//! of the data. Each ends with `datadeal verify` on the bundle that was downloaded and `datadeal audit` on the data directory.

use std::process::Command;

use datadeal::clock::{Clock as _, SystemClock};
use datadeal::conditions::library;
use datadeal::engine::{NewMandate, NewPerson, NewSet};
use datadeal::model::Time;
use datadeal::model::condition::{Bilingual, Level};
use datadeal::model::record::{Power, Transition};
use datadeal::rights::Role;
use datadeal::sign::proof;
use serde_json::{Value, json};

use super::server::Server;
use super::sign_in::{portal, sign_in};
use crate::access::nginx::Nginx;
use crate::support::interop::ready;
use crate::support::receiver::Receiver;

const DAY: i64 = 86_400;

/// The text of a member.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value}"))
}

/// Files a request, and sees where it stands.
fn filed(server: &Server, person: &str, body: &Value, state: &str) -> String {
    let filed = server.post(person, "/v1/requests", body).expect(201);
    assert_eq!(filed["state"], state, "{filed}");
    text(&filed["id"]).to_owned()
}

/// Does something with a request, and sees where it stands.
fn then(server: &Server, person: &str, request: &str, what: &str, body: &Value, state: &str) -> Value {
    let told = server.post(person, &format!("/v1/requests/{request}/{what}"), body).expect(200);
    assert_eq!(told["state"], state, "{told}");
    told
}

/// The owner offers, and the reuser accepts with the key that it holds itself.
fn concluded(server: &Server, request: &str, head: &str, reuser: &str, organisation: &str) -> String {
    let deal = server.post(head, "/v1/deals", &json!({"request": request})).expect(201);
    let id = text(&deal["id"]).to_owned();
    let place = format!("/v1/deals/{id}/acceptance");
    let document = server.get(reuser, &place).expect(200);
    let at: Time = text(&document["validFrom"]).parse().unwrap();
    let signed = proof::sign(&document, server.held(organisation).unwrap(), at).unwrap().value();
    assert_eq!(server.post(reuser, &place, &json!({"signed": signed})).expect(200)["state"], "active");
    id
}

fn datadeal(words: &[&str]) -> (Option<i32>, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_datadeal")).args(words).output().unwrap();
    (out.status.code(), format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr)))
}

/// A bundle that somebody downloads, valid for a verifier who trusts nobody.
fn verified(server: &Server, person: &str, place: &str) -> Value {
    let bundle = server.get(person, place);
    assert_eq!(bundle.status, 200, "{}", bundle.text);
    let file = server.dir.path().join("bundle.json");
    std::fs::write(&file, &bundle.text).unwrap();
    let key = server.engine.log_key().unwrap().to_string();
    let (code, told) = datadeal(&["verify", file.to_str().unwrap(), "--log-key", &key]);
    assert_eq!(code, Some(0), "{told}");
    bundle.json()
}

/// The end of every story: the bundle that the reuser downloads is valid for a verifier who trusts nobody, and the audit of the data
/// directory finds nothing.
fn ends(mut server: Server, reuser: &str, deal: &str) {
    verified(&server, reuser, &format!("/v1/deals/{deal}/bundle"));
    server.stop();
    let data = server.dir.path().join("portal");
    let (code, told) = datadeal(&["--data", data.to_str().unwrap(), "--as", "operator", "audit"]);
    assert_eq!(code, Some(0), "{told}");
}

/// Whoever gets this in the mail knows what the request came to: the letter is in both languages, and names the last day to object.
fn letter(server: &Server, person: &str, request: &str, words: [&str; 2]) {
    for (lang, word) in ["en", "nl"].iter().zip(words) {
        let letter = server.get(person, &format!("/v1/requests/{request}/letter?lang={lang}"));
        assert_eq!(letter.status, 200, "{}", letter.text);
        assert!(letter.text.contains(word), "{word}: {}", letter.text);
    }
}

/// An insurer whose clerk signs in asks for vehicle data to handle damage: nobody need look at it, the deal is there within a minute.
#[test]
fn permit_at_once() {
    if !ready() {
        return;
    }
    let portal = portal(&[]);
    let server = portal.server;
    let (session, _) = sign_in(&server, "clerk|NL.KVK:68727720", "/");
    let asked = json!({"dataset": "vehicles", "purpose": "dd:VehicleDamageHandling", "scope": {"termMonths": 12},
        "declared": {"category": "insurer", "commercialUse": true}});
    let body = serde_json::to_vec(&asked).unwrap();
    let as_clerk = [("cookie", session.as_str()), ("content-type", "application/json")];
    let checked = server.send("POST", "/v1/checks", &as_clerk, Some(body.clone())).expect(200);
    assert_eq!(checked["answer"]["outcome"], "permit", "{checked}");
    let filed = server.send("POST", "/v1/requests", &as_clerk, Some(body)).expect(201);
    assert_eq!(filed["state"], "granted");
    let request = text(&filed["id"]);
    letter(&server, "vehicles-claims", request, ["automatically", "automatisch"]);
    // the clerk has no authority to bind; the one who has, accepts
    let deal = server.post("vehicles-head", "/v1/deals", &json!({"request": request})).expect(201);
    let place = format!("/v1/deals/{}/acceptance", text(&deal["id"]));
    assert!(server.send("POST", &place, &as_clerk, Some(b"{}".to_vec())).status >= 400);
    server
        .post(
            "vehicles-head",
            &format!("/v1/deals/{}/steps", text(&deal["id"])),
            &json!({"step": "revoke", "reason": "offered anew"}),
        )
        .expect(200);
    let deal = concluded(&server, request, "vehicles-head", "vehicles-claims", "NL.KVK:68727720");
    ends(server, "vehicles-claims", &deal);
}

/// A sector council asks for fourteen columns and is given nine; nginx gives it those, and nobody anything else.
#[test]
fn partly_granted() {
    let server = Server::start();
    let request = filed(
        &server,
        "education-adviser",
        &json!({"dataset": "education", "purpose": "dpv:ImprovePublicServices",
        "scope": {"columns": ["address", "birth-date", "first-names", "personal-number", "surname", "birth-year", "enrolled-on", "left-on",
            "level", "postcode4", "programme", "school", "school-year", "sex"], "termMonths": 12},
        "declared": {"category": "sector-council", "plan": "PLAN-SC-1", "necessity": "bijlage 1", "protectionRole": "controller",
            "processingBasis": "legitimate-interest", "processors": [], "retentionMonths": 24}}),
        "review",
    );
    let work = server.get("education-steward", "/v1/work").expect(200);
    assert!(work.to_string().contains(&request), "{work}");
    let approval = json!({"approval": "data-steward", "reason": "nine columns are needed for the question"});
    then(&server, "education-steward", &request, "approvals", &approval, "draft");
    then(
        &server,
        "education-head",
        &request,
        "confirmation",
        &json!({"reason": "five columns point at a pupil"}),
        "partly_granted",
    );
    letter(&server, "education-adviser", &request, ["surname", "surname"]);
    let deal = concluded(&server, &request, "education-head", "education-adviser", "NL.KVK:69599068");
    let given = server.get("education-adviser", &format!("/v1/deals/{deal}")).expect(200);
    assert_eq!(given["deal"]["scope"]["columns"].as_array().unwrap().len(), 9);

    if let Some(nginx) = Nginx::start(&server.address) {
        let route = |path: &str, columns: &[&str]| json!({"path": path, "dataset": "education", "columns": columns});
        let known = json!({"name": "register", "owner": "NL.OIN:00000099000000012000", "audience": "https://data.example",
            "routes": [route("/pupils.csv", &["school", "level"]), route("/health.csv", &["health"])]});
        server.call("education-head", "PUT", "/v1/data-servers/register", Some(&known)).expect(200);
        let token = server
            .post("education-adviser", "/access/v1/tokens", &json!({"deal": deal, "server": "register"}))
            .expect(201);
        let token = text(&token["accessToken"]);
        assert_eq!(nginx.get(&server, "/pupils.csv", Some(token), &[]).0, 200);
        assert_eq!(nginx.get(&server, "/health.csv", Some(token), &[]).0, 403);
        assert_eq!(nginx.get(&server, "/pupils.csv", None, &[]).0, 401);
    }
    ends(server, "education-adviser", &deal);
}

const INCOME: &str = r#"{"dataset": "statistics", "purpose": "dd:HealthAndIncomeResearch", "scope": {"level": "access-in-place", "termMonths": 18},
    "declared": {"category": "university", "processingCountries": ["NL"], "plan": "project 8812", "publicationPlan": "open access, 2028", "users": 4}}"#;

/// The request about income, approved by both who must.
fn income(server: &Server) -> String {
    let request = filed(server, "statistics-researcher", &serde_json::from_str(INCOME).unwrap(), "review");
    let yes = |name: &str| json!({"approval": name, "reason": "the plan is sound"});
    then(server, "statistics-expert", &request, "approvals", &yes("expert"), "review");
    // nobody else may give the approval of the privacy officer
    assert_eq!(
        server.post("statistics-expert", &format!("/v1/requests/{request}/approvals"), &yes("privacy-officer")).status,
        409
    );
    then(server, "statistics-privacy", &request, "approvals", &yes("privacy-officer"), "granted");
    concluded(server, &request, "statistics-head", "statistics-researcher", "NL.OIN:00000099000000023000")
}

/// Two people look at a request about income; the university's own system hears of each step.
#[test]
fn review_by_two_people() {
    let server = Server::start();
    // who is called refuses what is older than some minutes
    server.clock.set(SystemClock.now());
    let receiver = Receiver::start([]);
    let made = server.post("statistics-researcher", "/v1/webhooks", &json!({"url": receiver.url("/hook")})).expect(201);
    let deal = income(&server);
    let webhook = standardwebhooks::Webhook::new(text(&made["secret"])).unwrap();
    let mut told: Vec<String> = Vec::new();
    let wanted = ["request.received", "request.decided", "deal.offered", "deal.accepted"];
    for count in 1.. {
        let seen = receiver.wait_for(count);
        told =
            seen.iter().map(|s| text(&serde_json::from_slice::<Value>(&s.body).unwrap()["type"]).to_owned()).collect();
        for message in &seen {
            let headers: reqwest::header::HeaderMap = message
                .headers
                .iter()
                .filter(|(name, _)| name.starts_with("webhook-"))
                .map(|(name, value)| (name.parse::<reqwest::header::HeaderName>().unwrap(), value.parse().unwrap()))
                .collect();
            webhook.verify(&message.body, &headers).unwrap();
        }
        if wanted.iter().all(|w| told.iter().any(|t| t == w)) {
            break;
        }
    }
    assert!(!told.is_empty());
    ends(server, "statistics-researcher", &deal);
}

/// A ministry's unit is refused by the commission, objects, and is granted by somebody else.
#[test]
fn refusal_objection_new_decision() {
    let server = Server::start();
    let owner = "NL.OIN:00000099000000013000".parse().unwrap();
    let deputy = NewPerson {
        person: "statistics-deputy".parse().unwrap(),
        organisation: "NL.OIN:00000099000000013000".parse().unwrap(),
        name: "plaatsvervangend hoofd".to_owned(),
        function: "plaatsvervangend hoofd".to_owned(),
        roles: [Role::OwnerAdmin, Role::Reviewer].into(),
    };
    server.engine.add_person(&server.operator, &deputy).unwrap();
    let body = "the Director-General of Statistics".to_owned();
    let mandate = NewMandate {
        body: Bilingual { en: body.clone(), nl: body },
        person: deputy.person,
        powers: [Power::Decide].into(),
        datasets: [].into(),
        from: None,
        until: server.clock.now().plus_seconds(1000 * DAY),
        published: None,
    };
    let head = server.engine.actor(&"statistics-head".parse().unwrap()).unwrap();
    server.engine.give_mandate(&head, &owner, &mandate).unwrap();

    let request = filed(
        &server,
        "statistics-unit",
        &json!({"dataset": "statistics", "purpose": "dpv:ProvideOfficialStatistics",
        "scope": {"level": "access-in-place", "termMonths": 12},
        "declared": {"category": "competent-body", "processingCountries": ["NL"], "plan": "project 9001", "publicationPlan": "rapport aan de Kamer", "users": 2}}),
        "review",
    );
    let no = json!({"approval": "central-commission", "reason": "the plan does not say what is published"});
    then(&server, "statistics-commission", &request, "refusals", &no, "draft");
    then(
        &server,
        "statistics-head",
        &request,
        "confirmation",
        &json!({"reason": "the commission does not consent"}),
        "refused",
    );
    letter(&server, "statistics-unit", &request, ["object", "bezwaar"]);
    letter(&server, "statistics-unit", &request, ["published", "published"]);
    let refusal = verified(&server, "statistics-unit", &format!("/v1/requests/{request}/bundle"));
    assert!(refusal["deal"].is_null() && refusal["decision"]["credentialSubject"]["result"] == "refused");
    assert_eq!(server.post("statistics-head", "/v1/deals", &json!({"request": request})).status, 409);

    server.clock.advance(10 * DAY);
    let reasons = json!({"reasons": "chapter 4 of the plan says it"});
    server.post("statistics-unit", &format!("/v1/requests/{request}/objection"), &reasons).expect(200);
    let upheld = json!({"outcome": "upheld", "reason": "chapter 4 was overlooked"});
    let decide = |person: &str| server.post(person, &format!("/v1/requests/{request}/objection/decision"), &upheld);
    let yes = |name: &str| json!({"approval": name, "reason": "seen on objection"});
    for (person, name) in [("statistics-commission", "central-commission"), ("statistics-expert", "expert")] {
        server.post(person, &format!("/v1/requests/{request}/approvals"), &yes(name)).expect(200);
    }
    let (_, why) = decide("statistics-head").problem();
    assert!(why.contains("who took a decision"), "{why}");
    assert_eq!(decide("statistics-deputy").expect(200)["state"], "granted");
    letter(&server, "statistics-unit", &request, ["uphold", "gegrond"]);
    let deal = concluded(&server, &request, "statistics-deputy", "statistics-unit", "NL.OIN:00000099000000024000");
    ends(server, "statistics-unit", &deal);
}

/// The university loses its authorisation: by the owner's published rule the deal stands still, and its token is refused.
#[test]
fn lapse_of_an_authorisation() {
    let server = Server::start();
    let head = server.engine.actor(&"statistics-head".parse().unwrap()).unwrap();
    let example = library::examples().into_iter().find(|e| e.name == "statistics").unwrap();
    let set = NewSet {
        name: "policy.cedar".to_owned(),
        text: example.policy.unwrap().to_owned(),
        cases: serde_json::from_str(example.cases).unwrap(),
        level: Level::Dataset,
        owner: None,
        dataset: Some("statistics".to_owned()),
        from: None,
        automatic_refusals: false,
        transition: Some(Transition::Live(server.clock.now())),
        automatic_suspension: true,
    };
    server.clock.advance(60);
    server.engine.publish_conditions(&head, &set).unwrap();
    let deal = income(&server);
    let evaluate = || {
        let asked = json!({"subject": {"type": "organisation", "id": "NL.OIN:00000099000000023000"}, "action": {"name": "use"},
            "resource": {"type": "dataset", "id": "statistics", "properties": {"level": "access-in-place"}}});
        server.post("statistics-head", "/access/v1/evaluation", &asked).expect(200)["decision"].clone()
    };
    assert_eq!(evaluate(), json!(true));
    // 2 December 2027, a day after the authorisation ended
    server.clock.set("2027-12-02T09:00:00Z".parse().unwrap());
    let asked = json!({"owner": "NL.OIN:00000099000000013000"});
    let report = server.post("statistics-head", "/v1/deal-reviews", &asked).expect(200);
    assert_eq!(report["changed"].as_array().unwrap().len(), 1, "{report}");
    let now = server.get("statistics-researcher", &format!("/v1/deals/{deal}")).expect(200);
    assert_eq!(now["state"], "suspended", "{now}");
    assert_eq!(evaluate(), json!(false));
    ends(server, "statistics-researcher", &deal);
}
