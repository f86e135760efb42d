//! Whole bundles: right ones that come out the same bytes each time, and for each MUST of a verifier a wrong one in which all is right
//! but that. They are vectors too (`tests/vectors/bundles.json`): `DATADEAL_BLESS=1 cargo test --test it bundles` writes them anew.

mod clauses;
mod continued;
pub(crate) mod course;
pub(crate) mod credentials;
mod life;
mod partly;
mod vectors;

use std::sync::OnceLock;

use datadeal::engine::DealStep;
use datadeal::model::entry::EntryType;
use datadeal::model::json;
use datadeal::sign::{NoteKey, SigningKey, VerifierKey, proof};
use datadeal::verify::{CheckResult, Given, Verdict, verify};
use serde_json::{Value, json};

use crate::story::{World, owner, reuser};
use crate::support::forge::Forge;

/// One bundle, and what a verifier says of it.
pub(crate) struct Made {
    pub(crate) name: &'static str,
    /// The MUST that fails first; none of a right one.
    pub(crate) must: Option<&'static str>,
    pub(crate) bundle: Value,
    /// The key of the log.
    pub(crate) log: VerifierKey,
    pub(crate) witnesses: Vec<VerifierKey>,
    pub(crate) quorum: usize,
}

const OWNER_KEY: &str = "/keyStatements/1";
const REUSER_KEY: &str = "/keyStatements/2";

/// Everything that the bundles are made of.
struct Maker {
    world: World,
    /// The bundle of a concluded deal.
    concluded: Value,
    made: Vec<Made>,
}

impl Maker {
    fn new() -> Self {
        let world = World::new();
        let deal = world.deal();
        let mut concluded = serde_json::to_value(world.bundle(&deal)).unwrap();
        // in the order of the log, so that paths here say which statement is whose
        let mut statements = concluded["keyStatements"].as_array().unwrap().clone();
        let place = |s: &Value| match s["credentialSubject"]["organisation"].as_str().unwrap() {
            o if o == owner().as_str() => 1,
            o if o == reuser().as_str() => 2,
            _ => 0,
        };
        statements.sort_by_key(place);
        concluded["keyStatements"] = statements.into();
        let mut maker = Maker { world, concluded: concluded.clone(), made: Vec::new() };
        maker.add("concluded", None, concluded);
        maker
    }

    fn add(&mut self, name: &'static str, must: impl Into<Option<&'static str>>, bundle: Value) {
        let log = self.world.engine.log_key().unwrap();
        self.made.push(Made { name, must: must.into(), bundle, log, witnesses: Vec::new(), quorum: 0 });
    }

    fn forge(&self) -> Forge {
        Forge::new(&self.world, self.concluded.clone())
    }

    /// A forged bundle: changed, then signed and logged anew.
    fn forged(&mut self, name: &'static str, must: &'static str, change: impl FnOnce(&mut Forge)) {
        let mut forge = self.forge();
        change(&mut forge);
        forge.settle();
        self.add(name, must, forge.bundle);
    }

    /// A tampered bundle: changed after all was signed.
    fn tampered(&mut self, name: &'static str, must: &'static str, change: impl FnOnce(&mut Forge)) {
        let mut forge = self.forge();
        change(&mut forge);
        self.add(name, must, forge.bundle);
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Right bundles, and wrong ones in the order of the MUSTs that they break. Made once for all tests.
pub(crate) fn made() -> &'static [Made] {
    static MADE: OnceLock<Vec<Made>> = OnceLock::new();
    MADE.get_or_init(make)
}

fn make() -> Vec<Made> {
    let mut m = Maker::new();
    later(&mut m);
    log(&mut m);
    keys(&mut m);
    case(&mut m);
    clauses::add(&mut m);
    acts(&mut m);
    texts(&mut m);
    partly::add(&mut m);
    continued::add(&mut m);
    credentials::add(&mut m);
    life::add(&mut m);
    course::add(&mut m);
    m.made
}

/// What became of the deal: cosigned, erased, and at the end revoked.
fn later(m: &mut Maker) {
    let witness = NoteKey::witness("witness.example/w1", SigningKey::from_seed([2; 32])).unwrap();
    let mut forge = m.forge();
    let note = datadeal::sign::Note::parse(text(&forge.bundle["log"]["checkpoint"]).as_bytes()).unwrap();
    let cosigned = note.clone().with(witness.cosign(&note, "2026-11-25T09:00:30Z".parse().unwrap()).unwrap()).unwrap();
    forge.set("/log/checkpoint", cosigned.to_string());
    m.add("cosigned", None, forge.bundle);
    m.add("without a cosignature", "S-82", m.concluded.clone());
    for made in m.made.iter_mut().rev().take(2) {
        (made.witnesses, made.quorum) = (vec![witness.public().clone()], 1);
    }

    let admin = m.world.actor("admin");
    let deal = text(&m.concluded["deal"]["id"]).parse().unwrap();
    m.world.clock.advance(3600);
    m.world.engine.deal_step(&admin, &deal, DealStep::Suspend, "a question").unwrap().wait().unwrap();
    m.world.engine.deal_step(&admin, &deal, DealStep::RevokeAtOnce, "misuse").unwrap().wait().unwrap();
    let mut revoked = serde_json::to_value(m.world.bundle(&deal)).unwrap();
    revoked["keyStatements"] = m.concluded["keyStatements"].clone();
    m.add("revoked", None, revoked.clone());
    let mut forge = Forge::new(&m.world, revoked);
    let other = forge.bundle["deal"]["credentialSubject"]["decision"]["record"].clone();
    forge.set("/revocations/0/credentialSubject/deal", other);
    forge.settle();
    m.add("revocation of another deal", "S-96", forge.bundle);

    let request = text(&m.concluded["request"]["id"]).parse().unwrap();
    m.world.engine.erase(&m.world.actor("operator"), &request, "the term of keeping is over").unwrap();
    let mut erased = serde_json::to_value(m.world.bundle(&deal)).unwrap();
    erased["keyStatements"] = m.concluded["keyStatements"].clone();
    m.add("erased input", None, erased.clone());
    let mut forge = Forge::new(&m.world, erased);
    let other = forge.bundle["deal"]["credentialSubject"]["decision"]["record"].clone();
    forge.set("/erasures/0/credentialSubject/request", other);
    forge.settle();
    m.add("erasure of another request", "S-79", forge.bundle);
    // another template of words is not known here, and no other verifier can know
    let mut forge = m.forge();
    for path in ["/deal/credentialSubject/words/en", "/acceptance/credentialSubject/words/en"] {
        forge.set(path, "0".repeat(64));
    }
    forge.settle();
    m.add("another template of words", None, forge.bundle);
}

fn digest(document: &Value) -> String {
    datadeal::model::Digest::of_document(document).to_string()
}

/// The checkpoint, the entries and the proofs.
fn log(m: &mut Maker) {
    m.tampered("version 2", "S-80", |f| f.set("/version", 2));
    m.tampered("checkpoint without signature", "S-40", |f| {
        let note = text(&f.bundle["log"]["checkpoint"]);
        f.set("/log/checkpoint", note.split_once("\n\n").unwrap().0);
    });
    m.tampered("checkpoint by another key", "S-81", |f| {
        let note = datadeal::sign::Note::parse(text(&f.bundle["log"]["checkpoint"]).as_bytes()).unwrap();
        let head = datadeal::sign::Checkpoint::parse(note.text()).unwrap();
        let key = NoteKey::log("portal.example/log", SigningKey::from_seed([9; 32])).unwrap();
        f.set("/log/checkpoint", head.sign(&key).unwrap().to_string());
    });
    m.tampered("record without entry", "S-83", |f| {
        let entry = f.entry_of("/deal");
        f.remove(&entry);
    });
    m.tampered("entry without record", "S-83", |f| f.remove("/acceptance"));
    m.tampered("two entries for a record", "S-83", |f| {
        let first = f.bundle["log"]["entries"][0].clone();
        f.bundle["log"]["entries"].as_array_mut().unwrap().push(first);
    });
    m.tampered("changed deal", "S-28", |f| f.set("/deal/credentialSubject/personalData", false));
    m.tampered("signed by another key", "S-84", |f| {
        let before = f.bundle["deal"].clone();
        let mut deal = before.clone();
        deal.as_object_mut().unwrap().remove("proof");
        let at = text(&deal["validFrom"]).parse().unwrap();
        f.bundle["deal"] = proof::sign(&deal, f.key_of(reuser().as_str()), at).unwrap().value();
        let after = datadeal::model::Digest::of_document(&f.bundle["deal"]);
        f.renamed(digest(&before).parse().unwrap(), after);
        f.relog();
    });
    m.tampered("signed at another time", "S-85", |f| {
        let before = f.bundle["acceptance"].clone();
        let mut record = before.clone();
        record.as_object_mut().unwrap().remove("proof");
        let later = "2026-11-25T09:00:01Z".parse().unwrap();
        f.bundle["acceptance"] = proof::sign(&record, f.key_of(reuser().as_str()), later).unwrap().value();
        let after = datadeal::model::Digest::of_document(&f.bundle["acceptance"]);
        f.renamed(digest(&before).parse().unwrap(), after);
        f.relog();
    });
    m.forged("entry of another type", "S-86", |f| {
        let entry = f.entry_of("/deal");
        f.set(&format!("{entry}/entry/type"), "decision");
    });
    m.forged("entry of another day", "S-86", |f| {
        let entry = f.entry_of("/deal");
        f.set(&format!("{entry}/entry/time"), "2026-11-26");
    });
    m.tampered("changed inclusion proof", "S-87", |f| {
        let other = f.bundle["log"]["entries"][1]["proof"][1].clone();
        f.set("/log/entries/1/proof/0", other);
    });
    m.forged("blinded with another case", "S-88", |f| {
        let entry = f.entry_of("/deal");
        f.set(&format!("{entry}/entry/about"), "0".repeat(64));
    });
    m.forged("backdated acceptance", "S-89", |f| f.set("/acceptance/validFrom", "2026-11-25T08:00:00Z"));
}

/// Keys and envelopes.
fn keys(m: &mut Maker) {
    m.forged("unknown member", "S-60", |f| f.set("/deal/credentialSubject/gift", true));
    m.forged("schema that is no Cedar", "S-60", |f| f.set("/schema/credentialSubject/text", "entity Organisation"));
    m.forged("schema without facts", "S-60", |f| {
        let text = text(&f.bundle["schema"]["credentialSubject"]["text"]);
        f.set("/schema/credentialSubject/text", text.replace("Facts", "Fictions"));
    });
    m.forged("deal without salt", "S-8", |f| f.remove("/deal/salt"));
    m.forged("mandate without end", "S-66", |f| f.remove("/mandates/0/validUntil"));
    m.forged("set of version 0", "S-67", |f| f.set("/conditionSets/0/credentialSubject/version", 0));
    m.forged("key without possession", "S-70", |f| {
        f.set(&format!("{REUSER_KEY}/credentialSubject/heldBy"), "self");
    });
    m.forged("entry 0 of another log", "S-71", |f| {
        let other = NoteKey::log("portal.example/log", SigningKey::from_seed([9; 32])).unwrap();
        f.set("/keyStatements/0/credentialSubject/log/key", other.public().to_string());
        f.possess("/keyStatements/0");
    });
    m.forged("a stranger states a key", "S-72", |f| {
        let issuer = f.bundle["deal"]["issuer"].clone();
        f.set(&format!("{REUSER_KEY}/issuer"), issuer);
    });
    m.forged("a second first key", "S-72", |f| {
        let subject = f.bundle.pointer(OWNER_KEY).unwrap()["credentialSubject"].clone();
        for member in ["organisation", "name"] {
            f.set(&format!("{REUSER_KEY}/credentialSubject/{member}"), subject[member].clone());
        }
        f.possess(REUSER_KEY);
    });
    m.forged("not said how it was checked", "S-72", |f| {
        f.remove(&format!("{REUSER_KEY}/credentialSubject/checked"));
        f.possess(REUSER_KEY);
    });
    m.forged("a later statement of a log", "S-71", |f| {
        let log = f.bundle["keyStatements"][0]["credentialSubject"]["log"].clone();
        f.set(&format!("{REUSER_KEY}/credentialSubject/log"), log);
        f.possess(REUSER_KEY);
    });
    m.forged("key for another use", "S-73", |f| {
        f.set(&format!("{REUSER_KEY}/credentialSubject/uses"), json!(["keys"]));
        f.possess(REUSER_KEY);
    });
    let mut forge = m.forge();
    let mut again = forge.bundle.pointer(REUSER_KEY).unwrap().clone();
    again["id"] = "urn:uuid:01a2120a-61c0-7000-8000-000000000002".into();
    forge.append("keyStatements", again, EntryType::Key, "urn:uuid:01a2120a-61c0-7000-8000-000000000002", None);
    forge.relog();
    m.add("key stated twice", "S-74", forge.bundle);
    m.forged("revokes the key of another", "S-75", |f| {
        let key = f.bundle.pointer(OWNER_KEY).unwrap()["credentialSubject"]["key"].clone();
        f.set(&format!("{REUSER_KEY}/credentialSubject/revokes"), json!([key]));
        f.possess(REUSER_KEY);
    });
    m.forged("mandate of another giver", "S-76", |f| {
        f.set("/mandates/0/credentialSubject/giver", reuser().as_str());
    });
    m.forged("set of no level", "S-76", |f| f.remove("/conditionSets/0/credentialSubject/dataset"));
    m.forged("key elsewhere than stated", "S-77", |f| {
        f.set("/acceptance/credentialSubject/actor/keyHeldBy", "self");
    });
    m.forged("more than a simple signature", "S-77", |f| {
        f.set("/acceptance/credentialSubject/actor/level", "advanced (claimed)");
    });
}

/// Request, decision, deal, acceptance.
fn case(m: &mut Maker) {
    m.forged("decision to another", "S-90", |f| f.set("/decision/credentialSubject/addressee", owner().as_str()));
    m.forged("another receipt", "S-90", |f| {
        f.set("/decision/credentialSubject/receivedAt", "2026-11-24T09:00:00Z");
    });
    m.forged("received after it was entered", "S-90", |f| {
        f.set("/request/credentialSubject/receivedAt", "2026-11-25T09:00:01Z");
    });
    m.forged("deal for another purpose", "S-91", |f| f.set("/deal/credentialSubject/purpose", "dpv:Marketing"));
    m.forged("deal with another level", "S-91", |f| f.set("/deal/credentialSubject/scope/level", "answer"));
    m.forged("deal on a column not asked for", "S-91", |f| {
        f.set("/deal/credentialSubject/scope/columns", json!(["birthDate", "name"]));
    });
    m.forged("deal without columns", "S-91", |f| f.set("/deal/credentialSubject/scope/columns", json!([])));
    m.forged("deal in the name of another", "S-91", |f| {
        f.set("/deal/credentialSubject/parties/0/inNameOf/en", "the King");
    });
    m.forged("deal longer than asked", "S-91", |f| {
        f.set("/deal/credentialSubject/term/until", "2027-11-26T09:00:00Z");
        f.set("/deal/validUntil", "2027-11-26T09:00:00Z");
    });
    m.forged("refused", "S-91", |f| f.set("/decision/credentialSubject/result", "refused"));
    m.forged("deal before decision", "S-92", |f| {
        let (deal, decision) = (f.entry_of("/deal"), f.entry_of("/decision"));
        let (a, b) = (f.at(&deal)["index"].clone(), f.at(&decision)["index"].clone());
        f.set(&format!("{deal}/index"), b);
        f.set(&format!("{decision}/index"), a);
    });
    m.forged("partly granted, all given", "S-78", |f| f.set("/decision/credentialSubject/result", "partly_granted"));
    m.forged("refused column that is given", "S-78", |f| {
        f.set("/decision/credentialSubject/refused", json!(["birthDate"]));
    });
    m.forged("acceptance of less", "S-93", |f| {
        f.at("/acceptance/credentialSubject/accepted").as_array_mut().unwrap().pop();
    });
    m.forged("acceptance of other words", "S-93", |f| {
        f.set("/acceptance/credentialSubject/words/en", "0".repeat(64));
    });
    m.forged("acceptance too late", "S-93", |f| {
        f.set("/deal/credentialSubject/offerUntil", "2026-11-25T09:00:01Z");
        f.set("/acceptance/validFrom", "2026-11-25T09:00:01Z");
    });
    m.forged("acceptance by another's person", "S-93", |f| {
        f.set("/acceptance/credentialSubject/actor/organisation", owner().as_str());
    });
}

/// Approvals and mandates.
fn acts(m: &mut Maker) {
    m.forged("approved by the applicant", "S-97", |f| {
        f.set("/approvals/0/credentialSubject/actor/organisation", reuser().as_str());
    });
    m.forged("approval that is not named", "S-97", |f| f.remove("/decision/credentialSubject/approvals"));
    m.forged("approval of another request", "S-97", |f| {
        let other = f.bundle["decision"]["id"].clone();
        f.set("/approvals/0/credentialSubject/request/id", other);
    });
    m.forged("mandate that lapsed", "S-98", |f| {
        for i in 0..2 {
            f.set(&format!("/mandates/{i}/credentialSubject/from"), "2026-11-24T09:00:00Z");
            f.set(&format!("/mandates/{i}/credentialSubject/until"), "2026-11-25T09:00:00Z");
            f.set(&format!("/mandates/{i}/validUntil"), "2026-11-25T09:00:00Z");
        }
    });
    m.forged("mandate for another dataset", "S-98", |f| {
        for i in 0..2 {
            f.set(&format!("/mandates/{i}/credentialSubject/datasets"), json!(["https://example.nl/id/other"]));
        }
    });
    m.forged("automatic by another official", "S-98", |f| {
        f.set("/decision/credentialSubject/actor/authority/automatic", "nobody");
    });
    m.forged("a person without a mandate", "S-98", |f| {
        f.set("/deal/credentialSubject/actor/authority", json!({"register": "chief"}));
    });
    m.tampered("another name for a person", "S-103", |f| f.set("/sides/0/name", "Somebody Else"));
}

/// The input and the texts that it names.
fn texts(m: &mut Maker) {
    m.forged("input for another purpose", "S-99", |f| f.set("/input/purpose", "dpv:Marketing"));
    m.forged("input of another instant", "S-99", |f| f.set("/input/now", "2026-11-25T08:59:59Z"));
    m.forged("input with an approval not given", "S-99", |f| {
        let more = json!({"name": "data-steward", "record": "0".repeat(64)});
        f.at("/input/approvals").as_array_mut().unwrap().push(more);
    });
    m.forged("input of another owner", "S-99", |f| f.set("/input/dataset/owner", reuser().as_str()));
    m.forged("another condition text", "S-101", |f| {
        let text = text(&f.bundle["conditionSets"][0]["credentialSubject"]["text"]);
        f.set("/conditionSets/0/credentialSubject/text", format!("{text}\n"));
    });
    m.forged("set in force before it was published", "S-101", |f| {
        f.set("/conditionSets/0/credentialSubject/from", "2026-11-25T08:00:00Z");
    });
    m.forged("set that starts later", "S-101", |f| {
        f.set("/conditionSets/0/credentialSubject/from", "2026-11-26T08:00:00Z");
    });
    m.forged("another schema", "S-101", |f| {
        let text = text(&f.bundle["schema"]["credentialSubject"]["text"]);
        f.set("/schema/credentialSubject/text", format!("{text}\n"));
    });
    m.forged("evidence of another value", "S-102", |f| {
        f.set("/evidence/0/credentialSubject/value", "research-institution");
    });
    m.forged("another answer", "S-100", |f| {
        f.set("/request/credentialSubject/declared/category", "company");
        f.set("/input/declared/category", "company");
    });
    m.forged("an answer in other words", "S-100", |f| {
        let (hint, path) = ("Ask nobody.", "/decision/credentialSubject/decision/conditions/0/text/hint/en");
        f.set(path, hint);
    });
    m.forged("an answer of other status", "S-100", |f| {
        f.set("/decision/credentialSubject/decision/conditions/0/status", "awaiting_review");
    });
    m.forged("an answer without a condition", "S-100", |f| {
        f.remove("/decision/credentialSubject/decision/conditions/0")
    });
    m.forged("unknown member of the answer", "S-60", |f| f.set("/decision/credentialSubject/decision/gift", true));
    m.forged("another value seen", "S-100", |f| {
        let grounds = f.at("/decision/credentialSubject/decision/grounds").as_array_mut().unwrap();
        let seen = grounds[0]["seen"].as_array_mut().unwrap();
        seen[0]["value"] = "bank".into();
    });
}

/// The MUST that fails first.
pub(crate) fn first_failed(made: &Made) -> (Verdict, Option<&'static str>, Vec<&'static str>) {
    let bundle = match datadeal::verify::read(&json::canonical(&made.bundle)) {
        Ok(bundle) => bundle,
        Err(_) => return (Verdict::Invalid, Some("S-80"), Vec::new()),
    };
    let report = verify(&bundle, &Given { log: Some(&made.log), witnesses: &made.witnesses, quorum: made.quorum });
    let of = |result| report.checks.iter().filter(move |c| c.result == result).map(|c| c.must);
    let not_given = of(CheckResult::NotGiven).collect();
    (report.verdict, of(CheckResult::Failed).next(), not_given)
}

/// S-80 S-81 S-82 S-83 S-84 S-85 S-86 S-87 S-88 S-89 S-60 S-66 S-67 S-70 S-71 S-72 S-73 S-74 S-75 S-76 S-77 S-90 S-91 S-92 S-93 S-94
/// S-95 S-96 S-97 S-98 S-99 S-100 S-101 S-102 S-103 S-78 S-79 S-136 S-180 S-181
/// S-182 S-183 S-190 S-191: right bundles are right, and each wrong one breaks its MUST first.
/// S-95 S-96 S-97 S-98 S-99 S-100 S-101 S-102 S-103 S-78 S-79 S-123 S-124 S-125 S-126 S-127 S-128 S-136: right bundles are right, and each wrong one breaks its MUST first.
#[test]
fn each_must_of_a_verifier_has_a_bundle_that_breaks_it() {
    let mut wrong = Vec::new();
    for made in made() {
        let (verdict, must, not_given) = first_failed(made);
        if must != made.must {
            wrong.push(format!("{}: {verdict:?}, {must:?} instead of {:?}", made.name, made.must));
        }
        match made.name {
            "erased input" => assert_eq!((verdict, not_given), (Verdict::Incomplete, vec!["S-98", "S-100"])),
            "another template of words" => assert_eq!((verdict, not_given), (Verdict::Incomplete, vec!["S-95"])),
            name if made.must.is_none() => assert_eq!((verdict, not_given), (Verdict::Valid, vec![]), "{name}"),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A forger who changes nothing makes the same bundle.
#[test]
fn the_forger_is_exact() {
    let maker = Maker::new();
    let mut forge = maker.forge();
    let place = forge.bundle["deal"].clone();
    let signed = forge.sign(place.clone());
    assert_eq!(signed, place);
    forge.settle();
    assert_eq!(forge.bundle, maker.concluded);
}
