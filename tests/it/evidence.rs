//! Evidence as the portal keeps it: of other forms, by an earlier decision, by a register; and what speaks against it later.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::Mutex;

use datadeal::engine::{CaseState, DealStep, NewByDecision};
use datadeal::evidence::{FetchStatus, FileRegistry};
use datadeal::model::record::{EvidenceKind, KeyUse, Trusted};
use datadeal::store::{Batch, Item, Kind};
use datadeal::verify::Verdict;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::{Value, json};

use crate::bundles::credentials::{bound, vc_jwt, world};
use crate::story::{World, owner, question, reuser};
use crate::support::issuer::{Issuer, base64};

/// What is on file for the reuser: each fact with its issuer, and why it does not count.
fn on_file(world: &World) -> Vec<(String, String, Option<&'static str>)> {
    let found = world.engine.evidence_of(&world.actor("researcher"), &reuser()).unwrap();
    found.into_iter().map(|e| (e.fact, e.issuer, e.reason)).collect()
}

/// Lets the owner vouch for authorisations by its own decisions.
pub(crate) fn trust_decisions(world: &World) {
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

    let revoke = |action, why| world.engine.deal_step(&admin, &deal, action, why).unwrap().wait().unwrap();
    revoke(DealStep::Suspend, "a question");
    assert_eq!(reason(), Some("suspended"));
    revoke(DealStep::Resume, "answered");
    assert_eq!(reason(), None);
    revoke(DealStep::RevokeAtOnce, "misuse");
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

/// What an answer counts or misses is shown with the decisions that rest on it.
#[test]
fn evidence_shows_what_rests_on_it() {
    let world = World::new();
    let deal = world.deal();
    let found = world.engine.evidence_of(&world.actor("researcher"), &reuser()).unwrap();
    let [category] = found.as_slice() else { panic!("{found:?}") };
    let [supported] = category.supports.as_slice() else { panic!("{category:?}") };
    assert_eq!((supported.deal, supported.dataset.as_str()), (Some(deal), "https://example.nl/id/register"));
    assert_eq!(supported.request, world.engine.deal_now(&world.actor("researcher"), &deal).unwrap().request);
    // who only confirmed it does not learn of requests elsewhere
    let committee = crate::people::committee();
    let member = crate::people::person(&world, "member", &committee, &[datadeal::rights::Role::Reviewer]);
    assert!(world.engine.evidence_of(&member, &reuser()).is_err());
}

/// What is found at an address.
type Found = (String, Result<Vec<u8>, String>);

/// A network that gives what it was told to give.
#[derive(Debug, Default)]
struct Net(Mutex<Vec<Found>>);

impl FetchStatus for Net {
    fn fetch(&self, address: &str) -> Result<Vec<u8>, String> {
        let given = self.0.lock().unwrap();
        given.iter().rev().find(|(a, _)| a == address).expect("nobody else is asked").1.clone()
    }
}

impl Net {
    fn gives(&self, address: &str, what: Result<String, &str>) {
        self.0.lock().unwrap().push((address.to_owned(), what.map(String::into_bytes).map_err(str::to_owned)));
    }
}

const LIST: &str = "https://accreditation.example/status/1";

/// A token status list in which everything has one status.
fn status_list(issuer: &Issuer, at: i64, status: u8) -> String {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(&[status; 16]).unwrap();
    let packed = base64(zlib.finish().unwrap());
    let payload = json!({"sub": LIST, "iat": at, "ttl": 3600, "status_list": {"bits": 8, "lst": packed}});
    issuer.jwt("statuslist+jwt", &payload)
}

fn with_status(issuer: &Issuer, name: &str, at: i64) -> Value {
    let payload = json!({"iss": name, "vct": "https://accreditation.example/types/1", "exp": at + 800 * 86_400, "category": "university",
        "organisation": reuser(), "status": {"status_list": {"idx": 3, "uri": LIST}}});
    json!({"type": "SdJwtVc", "compact": issuer.sd_jwt(&payload, &[])})
}

/// S-155: the status is looked up, counts while the copy is fresh, and what cannot be looked up does not count; only lists of issuers
/// that are trusted are fetched at all.
#[test]
fn status_lists_are_fetched_and_grow_old() {
    let (world, net) = (world(), Net::default());
    let (researcher, at) = (world.actor("researcher"), world.engine.now().unix());
    let issuer = Issuer::P256;
    let reason = || on_file(&world).into_iter().find(|(f, i, _)| f == "category" && i.starts_with("Accred")).unwrap().2;
    // whoever is not trusted cannot make the portal ask somewhere
    let stranger = with_status(&Issuer::ed25519(5), "https://stranger.example", at);
    world.engine.add_evidence(&researcher, &stranger).unwrap().wait().unwrap();
    assert_eq!(world.engine.refresh_status_lists(&net).unwrap(), 0);

    world
        .engine
        .add_evidence(&researcher, &with_status(&issuer, "https://accreditation.example", at))
        .unwrap()
        .wait()
        .unwrap();
    assert_eq!(reason(), Some("status"), "not looked up yet");
    net.gives(LIST, Err("no route"));
    assert_eq!(world.engine.refresh_status_lists(&net).unwrap(), 0);
    assert_eq!(reason(), Some("status"));
    net.gives(LIST, Ok(status_list(&issuer, at, 0)));
    assert_eq!(world.engine.refresh_status_lists(&net).unwrap(), 0, "it failed just now");
    world.clock.advance(61);
    assert_eq!(world.engine.refresh_status_lists(&net).unwrap(), 1);
    assert_eq!(reason(), None);
    assert_eq!(world.engine.refresh_status_lists(&net).unwrap(), 0, "it is fresh");
    world.clock.advance(3600);
    assert_eq!(reason(), Some("status"), "the copy is old");
    net.gives(LIST, Ok(status_list(&issuer, at, 1)));
    assert_eq!(world.engine.refresh_status_lists(&net).unwrap(), 1);
    assert_eq!(reason(), Some("revoked"));
    // a decision that names it as revoked can be verified
    let bundle = world.bundle(&world.deal());
    assert_eq!(world.verdict(&bundle).verdict, Verdict::Valid);
    let input = &serde_json::to_value(&bundle).unwrap()["input"];
    assert!(input["uncounted"].as_array().unwrap().iter().any(|u| u["reason"] == "revoked"), "{input}");
}

/// Two lists that come only when both are asked for at once.
#[derive(Debug, Default)]
struct Together(Mutex<usize>, std::sync::Condvar);

impl FetchStatus for Together {
    fn fetch(&self, _: &str) -> Result<Vec<u8>, String> {
        let mut asked = self.0.lock().unwrap();
        *asked += 1;
        self.1.notify_all();
        let (asked, late) =
            self.1.wait_timeout_while(asked, std::time::Duration::from_secs(60), |asked| *asked < 2).unwrap();
        assert!(!late.timed_out(), "{asked} was asked for alone");
        Err("no route".to_owned())
    }
}

/// Lists are fetched at once, so that a slow one keeps no other waiting; a copy that no evidence names is dropped.
#[test]
fn status_lists_are_fetched_together_and_dropped() {
    let world = world();
    let (researcher, at, issuer) = (world.actor("researcher"), world.engine.now().unix(), Issuer::P256);
    let mut made = Vec::new();
    for list in ["https://accreditation.example/status/1", "https://accreditation.example/status/2"] {
        let payload = json!({"iss": "https://accreditation.example", "vct": "https://accreditation.example/types/1",
            "exp": at + 800 * 86_400, "category": "university", "organisation": reuser(),
            "status": {"status_list": {"idx": 3, "uri": list}}});
        let credential = json!({"type": "SdJwtVc", "compact": issuer.sd_jwt(&payload, &[])});
        made.push(world.engine.add_evidence(&researcher, &credential).unwrap().wait().unwrap().digest);
    }
    let copies = || world.engine.store().rows(Kind::StatusCopy, None, None, 9).unwrap();
    let network = Together::default();
    assert_eq!(world.engine.refresh_status_lists(&network).unwrap(), 0);
    assert_eq!(copies().len(), 2);
    let gone = Item::default().delete(Kind::Evidence, made[0].to_string());
    world.engine.store().commit(&Batch { advance: None, items: vec![&gone] }).unwrap();
    world.clock.advance(61);
    // the other one is asked for alone now
    *network.0.lock().unwrap() = 1;
    assert_eq!(world.engine.refresh_status_lists(&network).unwrap(), 0);
    let left: Vec<_> = copies().into_iter().map(|row| row.key).collect();
    assert_eq!(left, ["https://accreditation.example/status/2"]);
}

/// A register is asked: what it knows becomes evidence by the operator, which counts where the operator is trusted, for a month.
#[test]
fn a_register_is_asked() {
    let world = World::new();
    let (operator, researcher) = (world.actor("operator"), world.actor("researcher"));
    let registry = FileRegistry::read(datadeal::evidence::registry::EXAMPLE.as_bytes()).unwrap();
    let own = world.engine.key_list(Some(&operator.organisation)).unwrap();
    let key = own.into_iter().find(|k| k.uses.contains(&KeyUse::Evidence)).unwrap().key;
    let facts = ["kvkNumber", "legalForm", "registrationActive"].map(str::to_owned);
    let trusted = Trusted {
        key: key.into(),
        issuer: None,
        organisation: operator.organisation.clone(),
        name: "Portal".to_owned(),
        facts: BTreeSet::from(facts.clone()),
        kinds: BTreeSet::from([EvidenceKind::Registry]),
        from: world.engine.now(),
        until: None,
    };
    world.engine.trust_add(&operator, trusted).unwrap();
    world.engine.trust_publish(&operator).unwrap();
    let ask =
        |actor: &datadeal::rights::Actor| world.engine.look_up(actor, &reuser(), &registry).and_then(|p| p.wait());
    assert!(ask(&world.actor("steward")).unwrap_err().to_string().contains("may not `lookUp`"));
    assert_eq!(ask(&researcher).unwrap().len(), 9);
    assert_eq!(ask(&operator).unwrap().len(), 0, "it was just asked");
    let counts = || -> BTreeSet<String> {
        let found = world.engine.evidence_of(&researcher, &reuser()).unwrap();
        found.into_iter().filter(|e| e.kind == EvidenceKind::Registry && e.reason.is_none()).map(|e| e.fact).collect()
    };
    assert_eq!(counts(), BTreeSet::from(facts));
    world.clock.advance(30 * 86_400);
    assert!(counts().is_empty(), "it lapsed by itself");
    assert_eq!(ask(&researcher).unwrap().len(), 9);
    let unknown = world.engine.look_up(&operator, &owner(), &registry).map(|_| ()).unwrap_err();
    assert!(unknown.to_string().contains("no organisation in the register"), "{unknown}");
}

/// Beside each missing fact stands what proves it, who on the trust list gives that, and how long it takes.
#[test]
fn missing_proofs_are_named() {
    let world = world();
    let told = world.engine.missing_proofs(None, "register", None).unwrap();
    insta::assert_json_snapshot!(told);
    // with the evidence on file nothing is missing
    let own = world.engine.missing_proofs(Some(&world.actor("researcher")), "register", None).unwrap();
    assert!(own.proofs.is_empty(), "{own:?}");
}

/// Facts that an organisation keeps declared: its own people write them, a stale write loses, and nothing of it is verified.
#[test]
fn declared_facts_are_kept() {
    let world = World::new();
    let (engine, researcher) = (&world.engine, world.actor("researcher"));
    let facts = |value: Value| serde_json::from_value(value).unwrap();
    let keep = |declared: Value, read| {
        let kept = engine.keep_profile(&researcher, &reuser(), &facts(declared), read).and_then(|p| p.wait());
        kept.map(|()| engine.profile(&researcher, &reuser()).unwrap()).map_err(|e| e.to_string())
    };
    assert_eq!(engine.profile(&researcher, &reuser()).unwrap(), datadeal::engine::Profile::default());
    let first = keep(json!({"category": "university", "employees": 12}), Some(0)).unwrap();
    assert_eq!(first.declared["employees"], 12);
    let second = keep(json!({"category": "university"}), Some(first.version)).unwrap();
    assert!(keep(json!({"category": "bank"}), Some(first.version)).unwrap_err().contains("profile"));
    assert_eq!(engine.profile(&researcher, &reuser()).unwrap(), second);
    assert!(keep(json!({"category": "universty"}), None).unwrap_err().contains("is not one of its words"));
    assert!(keep(json!({"plan": "PLAN-7"}), None).unwrap_err().contains("stated anew for each"));
    let steward = world.actor("steward");
    assert!(
        engine.profile(&steward, &reuser()).is_err()
            && engine.keep_profile(&steward, &reuser(), &facts(json!({})), None).is_err()
    );
}

/// Anybody asks for its organisation to be added; it is one once somebody says how its number was checked.
#[test]
fn an_organisation_asks_to_be_added() {
    let world = World::new();
    let (engine, operator) = (&world.engine, world.actor("operator"));
    let id = "NL.KVK:68750110".parse().unwrap();
    let ask = |name: &str| engine.ask_registration(&id, name).and_then(|p| p.wait()).map_err(|e| e.to_string());
    assert!(ask(" ").unwrap_err().contains("no legal name"));
    assert_eq!(ask("Voorbeeld Startup B.V.").unwrap().name, "Voorbeeld Startup B.V.");
    assert!(ask("Voorbeeld Startup B.V.").unwrap_err().contains("is here already"));
    assert!(engine.registrations(&world.actor("researcher")).is_err());
    assert_eq!(engine.registrations(&operator).unwrap().len(), 1);
    let confirm = |checked| {
        engine.confirm_registration(&operator, &id, checked, None).and_then(|p| p.wait()).map_err(|e| e.to_string())
    };
    assert!(confirm("").unwrap_err().contains("is empty"));
    let added = confirm("extract of the trade register seen").unwrap();
    assert_eq!(
        (added.name.as_str(), added.checked.as_deref()),
        ("Voorbeeld Startup B.V.", Some("extract of the trade register seen"))
    );
    assert!(engine.organisations(&operator).unwrap().iter().any(|o| o.id == id));
    assert!(
        confirm("again").unwrap_err().contains("no registration")
            && ask("again").unwrap_err().contains("is here already")
    );
    // turned away, and asked again
    let other = "NL.KVK:68727720".parse().unwrap();
    engine.ask_registration(&other, "Voorbeeld Verzekeringen N.V.").unwrap().wait().unwrap();
    engine.decline_registration(&operator, &other).unwrap().wait().unwrap();
    assert!(engine.decline_registration(&operator, &other).is_err());
    engine.ask_registration(&other, "Voorbeeld Verzekeringen N.V.").unwrap().wait().unwrap();
}
