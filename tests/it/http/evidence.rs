//! Organisations and evidence over HTTP: asked to be added, facts declared and proved, and what is missing.

use std::collections::BTreeSet;

use datadeal::model::record::{EvidenceKind, KeyUse, Trusted};
use serde_json::{Value, json};

use super::basics::university;
use super::roles::register;
use super::server::Server;
use crate::bundles::credentials::vc_jwt;
use crate::support::issuer::Issuer;

const UNIVERSITY: &str = "NL.OIN:00000099000000023000";

fn trust(server: &Server, key: datadeal::model::IssuerKey, facts: &[&str], kind: EvidenceKind) {
    let trusted = Trusted {
        key,
        issuer: None,
        organisation: "NL.OIN:00000099000000001000".parse().unwrap(),
        name: "Accreditation office (example)".to_owned(),
        facts: facts.iter().map(ToString::to_string).collect(),
        kinds: BTreeSet::from([kind]),
        from: server.engine.now(),
        until: None,
    };
    server.engine.trust_add(&server.operator, trusted).unwrap();
    server.engine.trust_publish(&server.operator).unwrap();
}

/// The reason of a fact on file; empty if it counts.
fn reason(list: &Value, fact: &str, kind: &str) -> String {
    let items = list["items"].as_array().unwrap();
    let found = items.iter().find(|i| i["fact"] == fact && i["kind"] == kind).unwrap_or_else(|| panic!("{list}"));
    found["reason"].as_str().unwrap_or_default().to_owned()
}

/// An issuer whose list does not come: the evidence is on file in time, and its status is not known yet.
#[test]
fn a_slow_status_list_keeps_no_answer_waiting() {
    let server = Server::with(|config| config.limits.seconds = 2);
    let issuer = Issuer::P256;
    trust(&server, issuer.key(), &["category"], EvidenceKind::Credential);
    // it takes the call, and never answers
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let list = format!("http://{}/status/1", silent.local_addr().unwrap());
    let payload = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"], "issuer": issuer.key().to_string(),
        "validUntil": "2029-01-01T00:00:00Z", "credentialSubject": {"organisation": UNIVERSITY, "category": "university"},
        "credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "3",
            "statusListCredential": list},
    });
    let credential = json!({"type": "VcJwt", "compact": issuer.jwt("vc+jwt", &payload)});
    let list = server.post("education-researcher", "/v1/evidence", &credential).expect(201);
    assert_eq!(reason(&list, "category", "credential"), "status");
}

#[test]
fn a_credential_is_added_and_listed() {
    let server = Server::start();
    let issuer = Issuer::P256;
    trust(&server, issuer.key(), &["kvkNumber"], EvidenceKind::Credential);
    let credential = vc_jwt(&issuer, UNIVERSITY, "2029-01-01T00:00:00Z");
    let list = server.post("education-researcher", "/v1/evidence", &credential).expect(201);
    assert_eq!(list["organisation"], UNIVERSITY);
    assert_eq!(reason(&list, "category", "credential"), "issuer", "this issuer vouches for another fact");
    // twice is once, and another body under the same key is refused
    let key = [("idempotency-key", "e1")];
    let add = |body: &Value| server.call_with("education-researcher", "POST", "/v1/evidence", Some(body), &key);
    assert_eq!(add(&credential).expect(201), add(&credential).expect(201));
    assert_eq!(add(&json!({"type": "VcJwt"})).problem().0, "idempotency-key-reused");
    let mut told = Vec::new();
    let compact = |text: &str| json!({"type": "VcJwt", "compact": text});
    let token = credential["compact"].as_str().unwrap();
    let none = format!("eyJhbGciOiJub25lIiwidHlwIjoidmMrand0In0.{}", token.split_once('.').unwrap().1);
    for body in [
        json!({}),
        json!([]),
        json!({"type": "Jwt", "compact": "x"}),
        compact("x.y"),
        compact(&none),
        compact(&format!("{}{}", &token[..token.len() - 2], "AA")),
        json!({"type": "SdJwtVc", "compact": token}),
        vc_jwt(&issuer, "NL.KVK:68750110", "2029-01-01T00:00:00Z"),
    ] {
        let (word, detail) = server.post("education-researcher", "/v1/evidence", &body).problem();
        told.push(format!("{word}: {detail}"));
    }
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_decision_shows_what_it_rests_on() {
    let server = Server::start();
    let id = server.post("education-researcher", "/v1/requests", &university()).expect(201)["id"].clone();
    let request: datadeal::model::Urn = id.as_str().unwrap().parse().unwrap();
    let steward = server.engine.actor(&"education-steward".parse().unwrap()).unwrap();
    let case = server.engine.case_now(&steward, &request).unwrap();
    assert!(case.decision.is_none());
    server.engine.approve(&steward, &request, "data-steward", true, "plan gelezen").unwrap().wait().unwrap();
    let list = server.get("education-researcher", &format!("/v1/organisations/{UNIVERSITY}/evidence")).expect(200);
    let rests = list["items"].as_array().unwrap().iter().filter(|i| i["supports"][0]["request"] == id).count();
    assert!(rests > 0, "{list}");
    // an authorisation of it, by the owner
    let made = json!({"fact": "authorisation", "until": "2027-06-01T00:00:00Z"});
    let path = format!("/v1/requests/{}/evidence", id.as_str().unwrap());
    assert_eq!(server.post("education-researcher", &path, &made).problem().0, "forbidden");
    let list = server.post("education-steward", &path, &made).expect(201);
    assert_eq!(reason(&list, "authorisation", "decision"), "issuer", "the trust list does not name the owner for it");
    assert_eq!(server.post("education-steward", &path, &json!({"fact": "category"})).problem().0, "invalid");
}

#[test]
fn a_register_is_asked_over_http() {
    let server = Server::with(|config| config.register = Some(register()));
    let keys = server.engine.key_list(Some(&server.operator.organisation)).unwrap();
    let own = keys.into_iter().find(|k| k.uses.contains(&KeyUse::Evidence)).unwrap();
    trust(&server, own.key.into(), &["legalForm", "country"], EvidenceKind::Registry);
    let path = "/v1/organisations/NL.KVK:68750110/look-ups";
    let list = server.post("education-director", path, &json!({})).expect(201);
    assert_eq!(reason(&list, "legalForm", "registry"), "");
    assert_eq!(server.post("education-researcher", path, &json!({})).problem().0, "forbidden");
    let unknown = format!("/v1/organisations/{UNIVERSITY}/look-ups");
    assert_eq!(server.post("education-researcher", &unknown, &json!({})).problem().0, "not-found");
    let without = Server::start();
    assert_eq!(without.post("education-director", path, &json!({})).problem().1, "This portal asks no register.");
}

#[test]
fn what_is_missing_is_named_with_who_gives_it() {
    let server = Server::start();
    let anybody = server.get("", "/v1/missing-proofs?dataset=education").expect(200);
    let facts = |list: &Value| -> BTreeSet<String> {
        list["proofs"].as_array().unwrap().iter().map(|p| p["fact"].as_str().unwrap().to_owned()).collect()
    };
    let own = server.get("education-researcher", "/v1/missing-proofs?dataset=education").expect(200);
    assert!(facts(&own).is_subset(&facts(&anybody)) && facts(&own) != facts(&anybody), "{own} {anybody}");
    let first = &anybody["proofs"][0];
    assert!(
        first["proof"]["nl"].is_string() && first["usual"]["en"].is_string() && first["from"].is_object(),
        "{first}"
    );
    let check = server.post("", "/v1/checks", &university()).expect(200);
    assert!(!check["proofs"].as_array().unwrap().is_empty(), "{check}");
    assert_eq!(server.get("", "/v1/missing-proofs?dataset=nothing").problem().0, "invalid");
    assert_eq!(server.get("", "/v1/missing-proofs").problem().0, "invalid");
}

#[test]
fn declared_facts_are_edited_by_version() {
    let server = Server::start();
    let path = format!("/v1/organisations/{UNIVERSITY}/profile");
    let first = server.get("education-researcher", &path);
    let version = first.header("etag").to_owned();
    assert_eq!(first.expect(200), json!({"declared": {}}));
    let put = |version: &str, declared: Value| {
        let body = json!({"declared": declared});
        server.call_with("education-researcher", "PUT", &path, Some(&body), &[("if-match", version)])
    };
    let kept = put(&version, json!({"category": "university"}));
    let newer = kept.header("etag").to_owned();
    assert_eq!(kept.expect(200)["declared"]["category"], "university");
    assert_eq!(put(&version, json!({})).problem().0, "precondition-failed");
    assert_eq!(put(&newer, json!({"category": "universty"})).problem().0, "invalid");
    assert_eq!(put("*", json!({})).problem().0, "invalid");
    let body = json!({"declared": {}});
    assert_eq!(server.call("education-researcher", "PUT", &path, Some(&body)).problem().0, "precondition-required");
    assert_eq!(server.get("education-director", &path).problem().0, "forbidden");
}

#[test]
fn an_organisation_registers() {
    let server = Server::start();
    let asking = json!({"organisation": "NL.KVK:12345678", "name": "Stichting Nieuw"});
    let known = json!({"organisation": UNIVERSITY, "name": "Somebody"});
    assert_eq!(server.post("", "/v1/registrations", &known).problem().0, "conflict");
    server.post("", "/v1/registrations", &asking).expect(202);
    assert_eq!(server.get("operator", "/v1/registrations").expect(200)["items"].as_array().unwrap().len(), 1);
    let confirm = "/v1/registrations/NL.KVK:12345678/confirmation";
    assert_eq!(server.post("education-researcher", confirm, &json!({"checked": "x"})).problem().0, "forbidden");
    assert_eq!(server.post("operator", confirm, &json!({"checked": "extract seen"})).status, 204);
    let all = server.get("operator", "/v1/organisations").expect(200);
    assert!(all["items"].as_array().unwrap().iter().any(|o| o["id"] == "NL.KVK:12345678"), "{all}");
    assert_eq!(server.call("operator", "DELETE", "/v1/registrations/NL.KVK:12345678", None).problem().0, "not-found");
}
