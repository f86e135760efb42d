//! Evidence as the portal keeps it: of other forms, by an earlier decision, by a register; and what speaks against it later.

use std::collections::BTreeSet;

use datadeal::engine::{CaseState, NewByDecision};
use datadeal::model::record::{EvidenceKind, KeyUse, RevocationAction, Trusted};
use datadeal::verify::Verdict;
use serde_json::{Value, json};

use crate::bundles::credentials::{bound, vc_jwt, world};
use crate::story::{World, owner, question, reuser};
use crate::support::issuer::Issuer;

/// What is on file for the reuser: each fact with its issuer, and why it does not count.
fn on_file(world: &World) -> Vec<(String, String, Option<&'static str>)> {
    let found = world.engine.evidence_of(&world.actor("researcher"), &reuser()).unwrap();
    found.into_iter().map(|e| (e.fact, e.issuer, e.reason)).collect()
}

/// Lets the owner vouch for authorisations by its own decisions.
fn trust_decisions(world: &World) {
    let key = world.engine.key_list(Some(&owner())).unwrap().into_iter().find(|k| k.uses.contains(&KeyUse::Evidence));
    let trusted = Trusted {
        key: key.unwrap().key.into(),
        issuer: None,
        organisation: owner(),
        name: "Ministry".to_owned(),
        facts: BTreeSet::from(["authorisation".to_owned()]),
        kinds: BTreeSet::from([EvidenceKind::Decision]),
        from: world.engine.now(),
        until: None,
    };
    world.engine.trust_add(&world.actor("operator"), trusted).unwrap();
    world.engine.trust_publish(&world.actor("operator")).unwrap();
}

/// S-154: a credential that is handed in counts at once, is kept with the moment of handing in, and supports a deal that anybody can verify.
#[test]
fn a_credential_of_others_supports_a_deal() {
    let world = world();
    let researcher = world.actor("researcher");
    world.engine.add_evidence(&researcher, &bound(&world)).unwrap().wait().unwrap();
    let office = "Accreditation office (example)".to_owned();
    assert!(on_file(&world).contains(&("category".to_owned(), office.clone(), None)));
    assert!(on_file(&world).contains(&("kvkNumber".to_owned(), office, Some("value"))));
    // the moment of handing in is kept: much later it still counts, and a copy of it handed in then does not
    let late = bound(&world);
    world.clock.advance(400 * 86_400);
    assert!(on_file(&world).iter().any(|(fact, _, reason)| fact == "category" && reason.is_none()));
    world.engine.add_evidence(&researcher, &late).unwrap().wait().unwrap();
    assert!(on_file(&world).iter().any(|(fact, _, reason)| fact == "category" && *reason == Some("holder")));
    let bundle = world.bundle(&world.deal());
    assert_eq!(world.verdict(&bundle).verdict, Verdict::Valid);
}

/// Each thing that is refused at the door, with what to do.
#[test]
fn what_is_no_evidence_is_refused_at_the_door() {
    let world = world();
    let researcher = world.actor("researcher");
    let refused =
        |document: &Value| world.engine.add_evidence(&researcher, document).map(|_| ()).unwrap_err().to_string();
    let known = Issuer::ed25519(1);
    let mut forged = vc_jwt(&known, reuser().as_str(), "2029-01-01T00:00:00Z");
    let text = forged["compact"].as_str().unwrap().to_owned();
    let (message, _) = text.rsplit_once('.').unwrap();
    forged["compact"] = format!("{message}.{}", "A".repeat(86)).into();
    assert_eq!(refused(&forged), "the evidence: is not signed by its issuer's key");
    let other = vc_jwt(&known, "NL.KVK:68750110", "2029-01-01T00:00:00Z");
    assert!(refused(&other).contains("may not `addEvidence` here"));
    let nobody = known.jwt("vc+jwt", &json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"],
        "issuer": known.key().to_string(), "validUntil": "2029-01-01T00:00:00Z", "credentialSubject": {"category": "university"}}));
    assert!(
        refused(&json!({"type": "VcJwt", "compact": nobody})).contains("does not say about which one organisation")
    );
    let nothing = known.sd_jwt(&json!({"iss": "x", "vct": "x", "exp": 2_000_000_000, "organisation": reuser()}), &[]);
    assert!(refused(&json!({"type": "SdJwtVc", "compact": nothing})).contains("states no fact of the schema"));
    let mut said = bound(&world);
    said["presented"] = json!({"audience": "portal.example/log", "at": world.engine.now()});
    assert!(refused(&said).contains("`presented` is for the portal to say"));
    assert!(refused(&json!({"type": "VcJwt", "compact": text, "more": 1})).contains("unknown field"));
    assert!(refused(&json!({"type": "Jwt", "compact": text})).contains("the record's type"));
}

/// S-156: what an owner decided supports later requests until it ends, is suspended or revoked; and what rested on it can be verified.
#[test]
fn an_earlier_decision_supports_while_it_stands() {
    let world = World::new();
    trust_decisions(&world);
    let deal = world.deal();
    let (admin, researcher) = (world.actor("admin"), world.actor("researcher"));
    let request = world.engine.deal_now(&admin, &deal).unwrap().request;
    let new = |fact: &str| NewByDecision { request, fact: fact.to_owned(), until: None };
    let make = |new: &NewByDecision| world.engine.evidence_by_decision(&admin, new).map_err(|e| e.to_string());
    assert!(world.engine.evidence_by_decision(&researcher, &new("authorisation")).is_err());
    assert!(make(&new("category")).unwrap_err().contains("no permission that an earlier decision verifies"));
    make(&new("authorisation")).unwrap().wait().unwrap();
    let reason = || on_file(&world).into_iter().find(|(fact, ..)| fact == "authorisation").unwrap().2;
    assert_eq!(reason(), None);
    let found = world.engine.evidence_of(&researcher, &reuser()).unwrap();
    let value = &found.iter().find(|e| e.fact == "authorisation").unwrap().value;
    assert_eq!((&value["by"], &value["until"]), (&json!("Ministry"), &json!("2027-11-25T09:00:00Z")));
    assert!(value["reference"].as_str().unwrap().starts_with("2026-"), "{value}");

    let revoke = |action, why| world.engine.revoke(&admin, &deal, action, why).unwrap().wait().unwrap();
    revoke(RevocationAction::Suspend, "a question");
    assert_eq!(reason(), Some("suspended"));
    revoke(RevocationAction::Resume, "answered");
    assert_eq!(reason(), None);
    revoke(RevocationAction::Revoke, "misuse");
    assert_eq!(reason(), Some("revoked"));
    assert!(make(&new("authorisation")).unwrap_err().contains("has ended"));
    // a later deal names it as revoked, and whoever verifies that takes the portal's word
    let bundle = world.bundle(&world.deal());
    assert_eq!(world.verdict(&bundle).verdict, Verdict::Valid);
    let input = &serde_json::to_value(&bundle).unwrap()["input"];
    assert_eq!(input["uncounted"][0]["reason"], "revoked");
}

/// S-156: with its deal an authorisation is over at the end of the term; without a deal it ends when the owner says.
#[test]
fn an_earlier_decision_ends_by_itself() {
    let world = World::new();
    trust_decisions(&world);
    let admin = world.actor("admin");
    let case = world.request(question());
    let new = |until: Option<&str>| NewByDecision {
        request: case.id,
        fact: "authorisation".to_owned(),
        until: until.map(|t| t.parse().unwrap()),
    };
    let make = |until| world.engine.evidence_by_decision(&admin, &new(until)).map_err(|e| e.to_string());
    assert!(make(Some("2027-01-01T00:00:00Z")).unwrap_err().contains("was not granted"));
    let granted =
        world.engine.approve(&world.actor("steward"), &case.id, "ethics", true, "sound").unwrap().wait().unwrap();
    assert_eq!(granted.state, CaseState::Granted);
    assert!(make(None).unwrap_err().contains("led to no deal that ends"));
    assert!(make(Some("2026-11-25T09:00:00Z")).unwrap_err().contains("is past"));
    make(Some("2027-01-01T00:00:00Z")).unwrap().wait().unwrap();
    let reason = || on_file(&world).into_iter().find(|(fact, ..)| fact == "authorisation").unwrap().2;
    assert_eq!(reason(), None);
    world.clock.set("2027-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(reason(), Some("lapsed"));
}
