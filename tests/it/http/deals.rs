//! A deal over HTTP: offered, accepted with the reuser's own key, used, followed, and seen in the register.

use datadeal::model::Urn;
use datadeal::model::bitstring::Bitstring;
use datadeal::model::record::StatusList;
use datadeal::sign::proof;
use datadeal::verify::{Given, Verdict, verify};
use serde_json::{Value, json};

use super::basics::university;
use super::server::Server;

const UNIVERSITY: &str = "NL.OIN:00000099000000023000";

/// A deal that was offered to the university, by its id.
pub(crate) fn offered(server: &Server) -> String {
    let request = server.post("education-researcher", "/v1/requests", &university()).expect(201);
    let id: Urn = request["id"].as_str().unwrap().parse().unwrap();
    let steward = server.engine.actor(&"education-steward".parse().unwrap()).unwrap();
    server.engine.approve(&steward, &id, "data-steward", true, "the plan is sound").unwrap().wait().unwrap();
    let deal = server.post("education-head", "/v1/deals", &json!({"request": id})).expect(201);
    assert_eq!(deal["state"], "offered");
    deal["id"].as_str().unwrap().to_owned()
}

/// The reuser signs what it fetched with the key that it holds, and hands it in.
pub(crate) fn accept(server: &Server, deal: &str) -> Value {
    let place = format!("/v1/deals/{deal}/acceptance");
    let document = server.get("education-researcher", &place).expect(200);
    let key = server.held(UNIVERSITY).unwrap();
    let at = document["validFrom"].as_str().unwrap().parse().unwrap();
    let signed = proof::sign(&document, key, at).unwrap().value();
    // what is not what was given out is refused
    let mut other = document.clone();
    other["credentialSubject"]["accepted"] = json!([]);
    let other = proof::sign(&other, key, at).unwrap().value();
    let refused = server.post("education-researcher", &place, &json!({"signed": other}));
    assert!(refused.expect(400)["detail"].as_str().unwrap().contains("something else than what is offered"));
    let unsigned = server.post("education-researcher", &place, &json!({"signed": document}));
    assert!(matches!(unsigned.status, 400), "{}", unsigned.text);
    server.post("education-researcher", &place, &json!({"signed": signed})).expect(200)
}

/// S-89 S-93: who signs elsewhere has a week to hand it in, while the offer stands, whatever was recorded meanwhile.
#[test]
fn an_acceptance_signed_elsewhere_is_handed_in_later() {
    const DAY: i64 = 86_400;
    let server = Server::start();
    let deal = offered(&server);
    let place = format!("/v1/deals/{deal}/acceptance");
    let signed = || {
        let document = server.get("education-researcher", &place).expect(200);
        let at = document["validFrom"].as_str().unwrap().parse().unwrap();
        json!({"signed": proof::sign(&document, server.held(UNIVERSITY).unwrap(), at).unwrap().value()})
    };
    let old = signed();
    server.clock.advance(7 * DAY + 1);
    let refused = server.post("education-researcher", &place, &old).expect(400);
    assert!(refused["detail"].as_str().unwrap().contains("`/signed` is of"), "{refused}");
    let late = signed();
    server.clock.advance(6 * DAY);
    server.post("education-researcher", "/v1/requests", &university()).expect(201);
    let told = server.post("education-researcher", &place, &late).expect(200);
    assert_eq!(told["state"], "active");
    let bundle = server.get("education-researcher", &format!("/v1/deals/{deal}/bundle"));
    let bundle = datadeal::verify::read(bundle.text.as_bytes()).unwrap();
    let key = server.engine.log_key().unwrap();
    let report = verify(&bundle, &Given { log: Some(&key), ..Given::default() });
    assert_eq!(report.verdict, Verdict::Valid, "{:#?}", report.checks);
    let audit = server.engine.audit(&server.operator, &mut |_, _| {}).unwrap();
    assert!(audit.findings.is_empty(), "{:#?}", audit.findings);
}

#[test]
fn a_deal_from_offer_to_register() {
    let server = Server::start();
    let deal = offered(&server);
    let shown = server.get("education-researcher", &format!("/v1/deals/{deal}")).expect(200);
    for lang in ["nl", "en"] {
        assert!(shown["agreement"][lang].as_str().unwrap().len() > 5_000);
    }
    assert_eq!(accept(&server, &deal)["state"], "active");
    let place = |what: &str| format!("/v1/deals/{deal}/{what}");
    let again = server.post("education-researcher", &place("acceptance"), &json!({}));
    assert!(again.expect(409)["detail"].as_str().unwrap().contains("The deal was accepted"));

    let user = json!({"name": "Person one", "function": "analyst", "statement": "secrecy, 2026-11-20"});
    let named = server.post("education-researcher", &place("users"), &user).expect(201);
    assert_eq!(named["what"]["userNamed"]["accessId"].as_str().unwrap().len(), 32);
    let delivery = json!({"edition": "2026", "channel": "download", "columns": ["postcode4"], "records": 12});
    server.post("education-head", &place("deliveries"), &delivery).expect(201);
    let incident =
        json!({"at": named["at"], "nature": "a laptop was lost", "data": "the delivery", "measures": "wiped"});
    server.post("education-researcher", &place("incidents"), &incident).expect(201);
    let events = server.get("education-head", &place("events")).expect(200);
    assert_eq!(events["items"].as_array().unwrap().len(), 3);
    let obligations = server.get("education-head", &place("obligations")).expect(200);
    assert!(!obligations["items"].as_array().unwrap().is_empty());

    // the controller learns who received what; the public reads the register
    let received = server.get("education-head", "/v1/datasets/education/recipients?column=postcode4").expect(200);
    assert_eq!(received["items"][0]["organisation"], UNIVERSITY);
    let none = server.get("education-head", "/v1/datasets/education/recipients?column=nationality").expect(200);
    assert_eq!(none["items"], json!([]));
    assert_eq!(server.get("education-researcher", "/v1/datasets/education/recipients").status, 403);
    let correction = json!({"edition": "2026"});
    assert_eq!(server.post("education-head", "/v1/datasets/education/corrections", &correction).status, 204);
    let register = server.get("", "/v1/decisions?text=voorbeelduniversiteit").expect(200);
    let row = &register["items"][0];
    assert_eq!((row["state"].as_str(), row["result"].as_str()), (Some("active"), Some("granted")), "{row}");
    assert!(!row["grounds"].as_array().unwrap().is_empty() && !row["terms"].as_array().unwrap().is_empty());
    let hide = json!({"fields": ["purpose", "columns"], "reason": "a business secret"});
    let withheld = format!("/v1/decisions/{}/withheld", row["id"].as_str().unwrap());
    assert_eq!(server.post("education-researcher", &withheld, &hide).status, 403);
    assert_eq!(server.post("education-head", &withheld, &hide).status, 204);
    let row = server.get("", "/v1/decisions").expect(200)["items"][0].clone();
    assert_eq!((&row["purpose"], &row["columns"]), (&Value::Null, &json!([])));
    assert_eq!(row["withheld"]["reason"], "a business secret");
    assert!(server.get("", "/v1/decisions-csv?lang=en").text.contains(",withheld,"));
    let csv = server.get("", "/v1/decisions-csv");
    assert_eq!((csv.status, csv.text.lines().count()), (200, 2));
    assert!(csv.text.contains(",niet openbaar,"), "{}", csv.text);

    // announced, heard, dropped; and the bundle is right
    server
        .post("education-head", &place("steps"), &json!({"step": {"intend": 14}, "reason": "an incident"}))
        .expect(200);
    server.post("education-researcher", &place("views"), &json!({"text": "it was encrypted"})).expect(201);
    server.post("education-head", &place("steps"), &json!({"step": "drop", "reason": "it was encrypted"})).expect(200);
    let change = json!({"columns": ["postcode4"]});
    let next = server.post("education-head", &place("amendments"), &change).expect(201);
    assert_eq!(accept(&server, next["id"].as_str().unwrap())["state"], "active");
    let old = server.get("education-researcher", &format!("/v1/deals/{deal}")).expect(200);
    assert_eq!((&old["state"], &old["successor"]), (&json!("superseded"), &next["id"]));
    let key = server.engine.log_key().unwrap();
    for id in [deal.as_str(), next["id"].as_str().unwrap()] {
        let bundle = server.get("education-researcher", &format!("/v1/deals/{id}/bundle?evidence=true"));
        let bundle = datadeal::verify::read(bundle.text.as_bytes()).unwrap();
        let report = verify(&bundle, &Given { log: Some(&key), ..Given::default() });
        assert_eq!(report.verdict, Verdict::Valid, "{:#?}", report.checks);
    }
    let report = server.post("education-head", "/v1/deal-reviews", &json!({"owner": "NL.OIN:00000099000000012000"}));
    assert_eq!(report.expect(200)["changed"], json!([]));
    let audit = server.engine.audit(&server.operator, &mut |_, _| {}).unwrap();
    assert!(audit.findings.is_empty(), "{:#?}", audit.findings);
}

/// A deal names a place in a list, and the list is served where the deal says. It is signed anew after a minute.
#[test]
fn the_status_list_of_a_deal_is_served() {
    let server = Server::start();
    let deal = offered(&server);
    accept(&server, &deal);
    let bundle = server.get("education-researcher", &format!("/v1/deals/{deal}/bundle")).expect(200);
    let status = bundle["deal"]["credentialStatus"].as_array().unwrap().clone();
    let entry = status.iter().find(|s| s["statusPurpose"] == "suspension").unwrap();
    let place: u32 = entry["statusListIndex"].as_str().unwrap().parse().unwrap();
    let address = entry["statusListCredential"].as_str().unwrap();
    let path = &address[address.find("/log/").unwrap()..];
    let suspended = || {
        let answer = server.get("", path);
        assert_eq!(answer.header("cache-control"), "public, max-age=60");
        let list = answer.expect(200);
        assert_eq!(list["id"], address);
        proof::verify(&list).unwrap();
        Bitstring::decode(&StatusList::read(list).unwrap().encoded).unwrap().get(place).unwrap()
    };
    assert!(!suspended());
    let step = json!({"step": "suspend", "reason": "the report is late"});
    assert_eq!(
        server.post("education-head", &format!("/v1/deals/{deal}/steps"), &step).expect(200)["state"],
        "suspended"
    );
    assert!(!suspended(), "the same list for a minute");
    server.clock.set(server.engine.now().plus_seconds(61));
    assert!(suspended());
    assert_eq!(server.get("", &path.replace("suspension", "withdrawal")).status, 404);
    assert_eq!(server.get("", "/log/status/NL.OIN:00000099000000099999/revocation").status, 404);
}
