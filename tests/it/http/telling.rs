//! Webhooks, mail addresses and messages that did not arrive, over HTTP; the service itself sends what waits.

use datadeal::config::Mail;
use serde_json::{Value, json};

use super::server::Server;
use crate::support::receiver::Receiver;

const REQUESTER: &str = "education-researcher";

fn request() -> Value {
    json!({"dataset": "education", "purpose": "dpv:ScientificResearch", "declared": {"category": "university"}})
}

/// What the service does by itself, some time later: looked for after each of many calls, which give it that time.
fn until<T>(server: &Server, mut look: impl FnMut() -> Option<T>) -> T {
    let mut look_after_a_call = |_| {
        server.get("", "/healthz");
        look()
    };
    (0..20_000).find_map(&mut look_after_a_call).unwrap()
}

/// A webhook from registration to removal: the secret is shown in two answers only, the service calls it by itself, and a call under the
/// same idempotency key has its effect once.
#[test]
fn a_webhook_is_registered_called_and_removed() {
    let (server, receiver) = (Server::start(), Receiver::start([]));
    let admin = REQUESTER;
    let new = json!({"url": receiver.url("/hook"), "events": ["request.received", "webhook.test"]});
    let add = |key: &str| server.call_with(admin, "POST", "/v1/webhooks", Some(&new), &[("idempotency-key", key)]);
    let made = add("a");
    let location = made.header("location").to_owned();
    let made = made.expect(201);
    assert_eq!(add("a").expect(201), made, "the same answer");
    let (secret, id) = (made["secret"].as_str().unwrap(), made["webhook"]["id"].as_str().unwrap());
    assert!(secret.starts_with("whsec_") && made["publicKey"].as_str().unwrap().starts_with("whpk_"));
    assert_eq!(location, format!("/v1/webhooks/{id}"));
    let listed = server.get(admin, "/v1/webhooks").expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert!(!listed.to_string().contains("whsec_"));
    assert_eq!(server.get(admin, &location).expect(200), made["webhook"]);

    let body: Value = {
        let test = server.post(admin, &format!("{location}/tests"), &json!({})).expect(202);
        let seen = receiver.wait_for(1);
        assert_eq!(seen[0].headers["webhook-id"], test["id"].as_str().unwrap());
        serde_json::from_slice(&seen[0].body).unwrap()
    };
    assert_eq!(body, json!({"type": "webhook.test", "timestamp": super::server::NOW, "data": {}}));
    let filed = server.post(REQUESTER, "/v1/requests", &request()).expect(201);
    let told: Value = serde_json::from_slice(&receiver.wait_for(2)[1].body).unwrap();
    assert_eq!((&told["type"], &told["data"]["request"]), (&json!("request.received"), &filed["id"]));

    let rotated = server.post(admin, &format!("{location}/secrets"), &json!({})).expect(200);
    assert_ne!(rotated["secret"], made["secret"]);
    assert_eq!(server.call(admin, "DELETE", &location, None).status, 204);
    assert_eq!(server.get(admin, &location).problem().0, "not-found");
}

/// Addresses inside the network, and what is no address, are refused with the member that is wrong; nobody manages another's.
#[test]
fn a_webhook_over_http_never_points_inward() {
    let server = Server::with(|config| config.outgoing.allow.clear());
    for url in [
        "https://127.0.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "http://example.nl/",
        "https://169.254.169.254/latest/meta-data",
        "https://user:secret@example.nl/",
        "gopher://example.nl/",
        "x",
    ] {
        let answer = server.post(REQUESTER, "/v1/webhooks", &json!({"url": url}));
        assert_eq!((answer.status, answer.problem().0.as_str()), (400, "invalid"), "{url}");
        assert!(!answer.text.contains("secret"), "{}", answer.text);
    }
    let made = server.post(REQUESTER, "/v1/webhooks", &json!({"url": "https://example.nl/hook"})).expect(201);
    let path = format!("/v1/webhooks/{}", made["webhook"]["id"].as_str().unwrap());
    for (method, path) in [("GET", path.clone()), ("DELETE", path.clone())] {
        assert_eq!(server.call("education-director", method, &path, None).problem().0, "not-found");
    }
    assert_eq!(server.post("education-director", &format!("{path}/secrets"), &json!({})).problem().0, "not-found");
    assert_eq!(
        server.post(REQUESTER, "/v1/webhooks", &json!({"url": "https://example.nl/", "events": ["x"]})).status,
        400
    );
}

/// A message that its receiver does not want is a task of both sides, which one of them sends again or drops.
#[test]
fn an_undelivered_message_is_a_task() {
    let (server, receiver) = (Server::start(), Receiver::start([(410, "", Vec::new())]));
    let made = server.post(REQUESTER, "/v1/webhooks", &json!({"url": receiver.url("/")})).expect(201);
    let hook = format!("/v1/webhooks/{}", made["webhook"]["id"].as_str().unwrap());
    let tests = format!("{hook}/tests");
    let tasks = "/v1/undelivered-messages";
    let task = |id: &Value| {
        until(&server, || {
            let listed = server.get(REQUESTER, tasks).expect(200);
            listed["items"].as_array().unwrap().iter().find(|m| m["id"] == *id).cloned()
        })
    };
    let id = server.post(REQUESTER, &tests, &json!({})).expect(202)["id"].clone();
    let shown = task(&id);
    assert_eq!((&shown["event"], &shown["tries"]), (&json!("webhook.test"), &json!(1)));
    assert_eq!(shown["why"], "http://127.0.0.1 answered with status 410");
    let replays = format!("{tasks}/{}/replays", id.as_str().unwrap());
    assert_eq!(server.post("education-director", &replays, &json!({})).problem().0, "not-found");
    assert_eq!(server.post(REQUESTER, &replays, &json!({})).status, 204);
    // a webhook that is gone is not called again
    assert!(task(&id)["why"].as_str().unwrap().starts_with("the webhook answered on 2026-11-25T"));
    assert_eq!(receiver.seen().len(), 1);
    assert!(server.get(REQUESTER, &hook).expect(200)["gone"].is_string());
    assert_eq!(server.post(REQUESTER, &tests, &json!({})).problem().0, "conflict");
    assert_eq!(server.call(REQUESTER, "DELETE", &format!("{tasks}/{}", id.as_str().unwrap()), None).status, 204);
    assert_eq!(server.post(REQUESTER, &replays, &json!({})).problem().0, "not-found", "it is no task any more");
    assert_eq!(server.get(REQUESTER, tasks).expect(200), json!({"items": []}));
}

/// Mail goes to the address of the organisation, in its language, and no longer to one that was erased.
#[test]
fn mail_goes_to_the_address_that_was_set() {
    let folder = tempfile::tempdir().unwrap();
    let mails = folder.path().join("mail");
    let server = Server::with(|config| {
        let (from, folder) = ("Portal <portal@example.nl>".to_owned(), Some(mails.clone()));
        config.mail = Some(Mail { from, folder, server: None, user: None, password_file: None });
    });
    let set = |path: &str, value: Value| server.call(REQUESTER, "PUT", path, Some(&value));
    assert_eq!(set("/v1/contact", json!({"mail": "x\r\nBcc: y@example.nl", "language": "nl"})).status, 400);
    set("/v1/contact", json!({"mail": "desk@university.example", "language": "nl"})).expect(200);
    let person = format!("/v1/persons/{REQUESTER}/contact");
    set(&person, json!({"mail": "me@university.example", "language": "en"})).expect(200);
    assert_eq!(server.get(REQUESTER, "/v1/contacts").expect(200)["items"].as_array().unwrap().len(), 2);
    assert_eq!(server.call(REQUESTER, "DELETE", &person, None).status, 204);
    let other = "/v1/persons/education-director/contact";
    assert_eq!(set(other, json!({"mail": "a@b.nl", "language": "nl"})).status, 400);
    let filed = server.post(REQUESTER, "/v1/requests", &request()).expect(201);
    let mail = until(&server, || {
        let first = std::fs::read_dir(&mails).ok()?.next()?.unwrap().path();
        std::fs::read_to_string(first).ok().filter(|text| text.contains("urn:uuid:"))
    });
    assert!(
        mail.contains("To: desk@university.example") && mail.contains("From: Portal <portal@example.nl>"),
        "{mail}"
    );
    assert!(mail.contains(filed["id"].as_str().unwrap()), "{mail}");
}
