//! The audit of a portal, a newer log beside a bundle, evidence, limits, and what the program says by its exit code.

use std::path::Path;

use assert_cmd::Command;
use datadeal::engine::DealStep;
use datadeal::engine::state::MandateNow;
use datadeal::evidence::{Exhibit, Measure, count};
use datadeal::log::export::export;
use datadeal::model::bundle::Bundle;
use datadeal::model::record::TrustList;
use datadeal::model::{Document, Iri, Name, json};
use datadeal::verify::{CheckResult, Given, LaterError, MAX_BUNDLE, Verdict, later};
use serde_json::{Value, json};

use crate::story::{NOW, World, owner, question, reuser};
use crate::support::forge::Forge;

fn musts(world: &World) -> Vec<&'static str> {
    let audit = world.engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap();
    audit.findings.iter().map(|f| f.must).collect()
}

fn exhibit(document: &Value) -> Exhibit {
    Exhibit::read(Document::of(document).unwrap()).unwrap()
}

/// S-110 S-111: a request has one end or an open term, and none is lost.
#[test]
fn an_audit_finds_what_is_overdue_or_lost() {
    let world = World::new();
    world.deal();
    assert_eq!(musts(&world), [""; 0]);
    world.request(question());
    assert_eq!(musts(&world), [""; 0]);
    world.clock.advance(365 * 86_400);
    assert_eq!(musts(&world), ["S-111"]);
    let database = rusqlite::Connection::open(world.dir.path().join("data/datadeal.db")).unwrap();
    let lost = database.execute("DELETE FROM state WHERE kind = 'request'", []).unwrap();
    assert_eq!(lost, 2);
    assert!(musts(&world).starts_with(&["S-110", "S-110"]));
}

/// Whoever may write the database can change any byte of it: an audit says where, by the MUST that no longer holds.
#[test]
fn an_audit_finds_what_was_altered_in_the_database() {
    let altered = |sql: &str| {
        let world = World::new();
        world.deal();
        let ended = world.request(question());
        world.engine.withdraw(&world.actor("researcher"), &ended.id, None).unwrap().wait().unwrap();
        assert_eq!(musts(&world), [""; 0]);
        let database = rusqlite::Connection::open(world.dir.path().join("data/datadeal.db")).unwrap();
        let triggers = "DROP TRIGGER record_is_never_changed; DROP TRIGGER record_is_never_removed;
                        DROP TRIGGER leaf_is_never_changed;";
        database.execute_batch(&format!("{triggers} {sql}")).unwrap();
        musts(&world)
    };
    let record = |kind: &str, from: &str, to: &str| {
        format!(
            "UPDATE record SET bytes = CAST(replace(CAST(bytes AS TEXT), '{from}', '{to}') AS BLOB) WHERE kind = '{kind}';"
        )
    };
    // a record in other bytes is not the one that the log names
    assert!(altered(&record("deal", "Register", "register")).contains(&"S-110"));
    assert!(altered(&record("mandate", "the Minister", "the minister")).contains(&"S-86"));
    assert!(altered(&record("condition-set", "breach", "Breach")).contains(&"S-86"));
    assert!(altered(&record("decision", ",", ", ")).contains(&"S-60"));
    assert!(altered("DELETE FROM record WHERE kind = 'trust-list';").contains(&"S-83"));
    assert!(altered("DELETE FROM record WHERE kind = 'acceptance';").contains(&"S-110"));
    // an entry in other bytes does not give the signed root
    let entry =
        "UPDATE leaf SET bytes = CAST(replace(CAST(bytes AS TEXT), '2026-11-25', '2026-11-24') AS BLOB) WHERE idx = 3;";
    let found = altered(entry);
    assert!(found.contains(&"S-81") && found.contains(&"S-86"), "{found:?}");
    // evidence that is gone, and an input that is not the one that was decided on
    assert!(altered("DELETE FROM state WHERE kind = 'evidence';").contains(&"S-102"));
    let input =
        "UPDATE state SET body = CAST(replace(CAST(body AS TEXT), 'PLAN-7', 'PLAN-8') AS BLOB) WHERE kind = 'input';";
    assert!(altered(input).contains(&"S-99"));
    assert!(altered("DELETE FROM state WHERE kind = 'input';").contains(&"S-110"));
    // not even if the case no longer says that there was one: the decision does
    let unsaid = "UPDATE state SET body = CAST(json_remove(CAST(body AS TEXT), '$.decision.input') AS BLOB)
                  WHERE kind = 'request';";
    assert_eq!(altered(unsaid), [""; 0]);
    assert!(altered(&format!("{unsaid} DELETE FROM state WHERE kind = 'input';")).contains(&"S-110"));
    // a decision that its case no longer names
    let forgotten = "UPDATE state SET body = CAST(json_remove(CAST(body AS TEXT), '$.decision', '$.deal') AS BLOB)
                     WHERE kind = 'request';";
    assert!(altered(forgotten).contains(&"S-110"));
}

/// What happens while an audit runs is none of the log that it reads, and no finding.
#[test]
fn an_audit_is_of_the_log_as_it_was_when_it_began() {
    let world = World::new();
    world.deal();
    let (open, ended) = (world.request(question()).id, world.request(question()).id);
    let researcher = world.actor("researcher");
    let withdraw = |id| world.engine.withdraw(&researcher, &id, None).unwrap().wait().unwrap();
    let approve = |id, given| {
        world.engine.approve(&world.actor("steward"), &id, "ethics", given, "seen").unwrap().wait().unwrap()
    };
    approve(ended, false);
    world.engine.confirm(&world.actor("admin"), &ended, None).unwrap().wait().unwrap();
    let mut first = true;
    // heard for the first time between the walk over the entries and the cases
    let audit = world.engine.audit(&world.actor("operator"), &mut |_, _| {
        if std::mem::take(&mut first) {
            approve(open, true);
            withdraw(world.request(question()).id);
            world.engine.erase(&world.actor("operator"), &ended, "at its request").unwrap();
        }
    });
    let audit = audit.unwrap();
    assert_eq!((audit.findings.as_slice(), audit.requests, audit.ended), ([].as_slice(), 3, 2));
    assert_eq!(musts(&world), [""; 0]);
}

/// A set whose text is not the one that its state names decides nothing.
#[test]
fn a_text_under_another_digest_is_not_decided_by() {
    let world = World::new();
    let database = rusqlite::Connection::open(world.dir.path().join("data/datadeal.db")).unwrap();
    let other = datadeal::model::Digest::of(b"another text");
    let change = "UPDATE state SET body = CAST(json_set(CAST(body AS TEXT), '$.versions[0].text', ?1) AS BLOB)
                  WHERE kind = ?2";
    for (kind, name) in [("condition-set", "dataset"), ("schema", "schema")] {
        let body: Vec<u8> = database.query_row("SELECT body FROM state WHERE kind = ?1", [kind], |r| r.get(0)).unwrap();
        assert_eq!(database.execute(change, [&other.to_string(), kind]).unwrap(), 1, "{name}");
        let data = datadeal::engine::DataDir::new(world.dir.path().join("data"));
        let random = std::sync::Arc::new(datadeal::clock::SystemRandom);
        let engine = datadeal::engine::Engine::open(&data, world.clock.clone(), random).unwrap();
        let asked = serde_json::from_value(question()).unwrap();
        let told = engine.check(None, "register", &asked, None).unwrap_err().to_string();
        assert!(told.contains("should have the digest"), "{told}");
        database.execute("UPDATE state SET body = ?1 WHERE kind = ?2", rusqlite::params![body, kind]).unwrap();
    }
}

/// A record that is canonical but not the one that was signed is neither shown nor acted on.
#[test]
fn a_record_in_other_bytes_is_not_acted_on() {
    let world = World::new();
    let deal = world.deal();
    let admin = world.actor("admin");
    let database = rusqlite::Connection::open(world.dir.path().join("data/datadeal.db")).unwrap();
    database.execute_batch("DROP TRIGGER record_is_never_changed").unwrap();
    let alter = |kind: &str, from: &str, to: &str| {
        let sql = "UPDATE record SET bytes = CAST(replace(CAST(bytes AS TEXT), ?2, ?3) AS BLOB) WHERE kind = ?1";
        assert_eq!(database.execute(sql, [kind, from, to]).unwrap(), 1);
    };
    let undecided = || world.engine.monitor_deals(None).unwrap().undecided;
    assert_eq!(undecided().len(), 0);
    // the version of a set says which deals it reaches, and who answers for it
    alter("condition-set", "breach", "Breach");
    assert!(undecided()[0].why.contains("should have the digest"));
    alter("condition-set", "Breach", "breach");
    assert_eq!(undecided().len(), 0);
    let bundle = || world.engine.bundle(&world.actor("researcher"), &deal, true).map(drop).map_err(|e| e.to_string());
    for (kind, word) in [("request", "Scientific"), ("trust-list", "category")] {
        bundle().unwrap();
        alter(kind, word, "Altered");
        assert!(bundle().unwrap_err().contains("should have the digest"), "{kind}");
        alter(kind, "Altered", word);
    }
    // entry 0 states the key of the log: altered, it is a finding, and no key
    let entry_0 = "UPDATE record SET bytes = CAST(replace(CAST(bytes AS TEXT), ?1, ?2) AS BLOB) WHERE leaf = 0";
    database.execute(entry_0, ["Portal", "Altered"]).unwrap();
    let audit = world.engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap();
    assert_eq!(audit.findings.iter().map(|f| (f.must, f.place.as_str())).collect::<Vec<_>>(), [("S-86", "entry 0")]);
    assert!(world.engine.log_key().unwrap_err().to_string().contains("should have the digest"));
    database.execute(entry_0, ["Altered", "Portal"]).unwrap();
    assert_eq!(world.engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap().findings, []);
    world.engine.deal_seen(&admin, &deal).unwrap();
    alter("deal", "Register", "register");
    let shown = world.engine.deal_seen(&admin, &deal).unwrap_err().to_string();
    assert!(shown.contains("should have the digest"), "{shown}");
    let acted = world.engine.deal_step(&admin, &deal, DealStep::RevokeAtOnce, "misuse").unwrap_err().to_string();
    assert_eq!(acted, shown);
    // a second record under the digest of another one
    world.engine.store().check().unwrap();
    let twice =
        "INSERT INTO record (digest, id, kind, bytes) SELECT digest, id || '0', kind, x'7b7d' FROM record LIMIT 1";
    database.execute(twice, []).unwrap();
    assert!(world.engine.store().check().unwrap_err().to_string().contains("the digest of another one"));
}

/// S-104 S-105: a newer log continues that of the bundle, and shows what came later about the case.
#[test]
fn a_newer_log_shows_what_came_later() {
    let world = World::new();
    let deal = world.deal();
    let bundle = world.bundle(&deal);
    let key = world.engine.log_key().unwrap();
    let given = Given { log: Some(&key), ..Given::default() };
    let newer = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let reader = world.engine.log_reader();
        let head = reader.head().unwrap().unwrap();
        let mut entries: Vec<Vec<u8>> = (0..head.size).map(|i| reader.entry(i).unwrap().unwrap().bytes).collect();
        change(&mut entries);
        let mut report = world.verdict(&bundle);
        later(&bundle, &given, &head.checkpoint, entries.into_iter(), &mut report).map(|()| report)
    };
    let report = newer(&|_| {}).unwrap();
    assert_eq!(report.verdict, Verdict::Valid);
    world.engine.deal_step(&world.actor("admin"), &deal, DealStep::RevokeAtOnce, "misuse").unwrap().wait().unwrap();
    let report = newer(&|_| {}).unwrap();
    assert_eq!(report.verdict, Verdict::Incomplete);
    let open: Vec<_> = report.checks.iter().filter(|c| c.result == CheckResult::NotGiven).map(|c| c.must).collect();
    assert_eq!(open, ["S-105"]);
    assert!(matches!(newer(&|e| e[3][20] ^= 1), Err(LaterError::Fork(_))));
    assert!(matches!(newer(&|e| e.last_mut().unwrap()[20] ^= 1), Err(LaterError::Root { .. })));
}

/// S-105: a withdrawal of a mandate that a bundle leaves out is missed only where somebody acted under the mandate afterwards.
#[test]
fn a_newer_log_shows_a_mandate_that_was_withdrawn_before() {
    let world = World::new();
    let (engine, admin) = (&world.engine, world.actor("admin"));
    let deal = world.deal();
    let key = engine.log_key().unwrap();
    let withdraw = || {
        let mandates = engine.mandates(Some(&owner())).unwrap();
        let of = |m: &&MandateNow| m.person.as_str() == "admin" && m.withdrawn.is_none();
        engine.withdraw_mandate(&admin, &mandates.iter().find(of).unwrap().record.id).unwrap().wait().unwrap();
    };
    let newer = |bundle: &Bundle| {
        let reader = engine.log_reader();
        let head = reader.head().unwrap().unwrap();
        let entries = (0..head.size).map(|i| reader.entry(i).unwrap().unwrap().bytes);
        let mut report = world.verdict(bundle);
        later(bundle, &Given { log: Some(&key), ..Given::default() }, &head.checkpoint, entries, &mut report).unwrap();
        report.verdict
    };
    let before = world.bundle(&deal);
    withdraw();
    assert_eq!(newer(&before), Verdict::Valid, "what was done before stays valid");
    // one whose withdrawal stands before an act, as a portal would hide it
    let bundle = world.bundle(&deal);
    let forged = {
        let mut forge = Forge::new(&world, serde_json::to_value(&bundle).unwrap());
        let place = |f: &Forge, path: &str| format!("{}/index", f.entry_of(path));
        let (deal, withdrawal) = (place(&forge, "/deal"), place(&forge, "/withdrawals/0"));
        let (first, last) = (forge.at(&deal).clone(), forge.at(&withdrawal).clone());
        forge.set(&deal, last);
        forge.set(&withdrawal, first);
        forge.settle();
        forge
    };
    let entries = forged.entries().to_vec();
    let mut hidden = forged.bundle.clone();
    let entry = forged.entry_of("/withdrawals/0");
    let number: usize = entry.rsplit('/').next().unwrap().parse().unwrap();
    hidden["log"]["entries"].as_array_mut().unwrap().remove(number);
    hidden.as_object_mut().unwrap().remove("withdrawals");
    let note = hidden["log"]["checkpoint"].as_str().unwrap().to_owned();
    let hidden = datadeal::verify::read(&datadeal::model::json::canonical(&hidden)).unwrap();
    let mut report = world.verdict(&hidden);
    let given = Given { log: Some(&key), ..Given::default() };
    later(&hidden, &given, note.as_bytes(), entries.into_iter(), &mut report).unwrap();
    let open: Vec<_> = report.checks.iter().filter(|c| c.result == CheckResult::NotGiven).map(|c| c.must).collect();
    assert_eq!(open, ["S-105"]);
}

/// S-122: each reason for which evidence does not count, and which of two does.
#[test]
fn evidence_counts_or_says_why_not() {
    let world = World::new();
    let bundle = serde_json::to_value(world.bundle(&world.deal())).unwrap();
    let document = bundle["evidence"][0].clone();
    let list: TrustList = serde_json::from_value(bundle["trustList"]["credentialSubject"].clone()).unwrap();
    let schema = world.engine.schema().unwrap();
    let organisation = reuser();
    let forge = crate::support::forge::Forge::new(&world, bundle);
    let nothing = std::collections::BTreeMap::new();
    let reason = |change: &dyn Fn(&mut Value), list: Option<&TrustList>, now: &str| {
        let mut changed = document.clone();
        change(&mut changed["credentialSubject"]);
        let signed = forge.sign(changed);
        let measure = Measure {
            schema: &schema,
            trust_list: list,
            organisation: &organisation,
            now: now.parse().unwrap(),
            against: &nothing,
        };
        let counted = count(&measure, &[exhibit(&signed)]);
        counted.uncounted.first().map(|u| u.reason.clone())
    };
    assert_eq!(reason(&|_| {}, Some(&list), NOW), None);
    let is = |change: &dyn Fn(&mut Value)| reason(change, Some(&list), NOW).unwrap();
    assert_eq!(is(&|s| s["organisation"] = json!("NL.KVK:12345678")), "subject");
    assert_eq!(is(&|s| s["fact"] = json!("unheardOf")), "fact");
    assert_eq!(is(&|s| s["fact"] = json!("researchIsMainActivity")), "issuer");
    assert_eq!(is(&|s| s["kind"] = json!("registry")), "issuer");
    assert_eq!(
        is(&|s| s["reason"].take().as_str().map_or((), |_| _ = s.as_object_mut().unwrap().remove("reason"))),
        "reason"
    );
    assert_eq!(is(&|s| s["from"] = json!("2026-11-25T09:00:01Z")), "not-yet");
    assert_eq!(is(&|s| s["until"] = json!(NOW)), "lapsed");
    assert_eq!(is(&|s| s["value"] = json!("universty")), "value");
    assert_eq!(reason(&|_| {}, None, NOW).unwrap(), "issuer");
    let mut changed = document.clone();
    changed["credentialSubject"]["value"] = json!("bank");
    let measure = Measure {
        schema: &schema,
        trust_list: Some(&list),
        organisation: &organisation,
        now: NOW.parse().unwrap(),
        against: &nothing,
    };
    assert_eq!(count(&measure, &[exhibit(&changed)]).uncounted[0].reason, "signature");
    let mut longer = document.clone();
    longer["credentialSubject"]["until"] = json!("2028-01-01T00:00:00Z");
    let longer = forge.sign(longer);
    let both = count(&measure, &[exhibit(&longer), exhibit(&document)]);
    assert_eq!(both.verified["category"].evidence, datadeal::model::Digest::of_document(&longer));
}

/// S-140: what is larger than its limit is refused.
#[test]
fn limits_hold() {
    assert!(datadeal::verify::read(&vec![b' '; MAX_BUNDLE + 1]).unwrap_err().to_string().contains("16777217 bytes"));
    assert!(format!("https://a/{}", "x".repeat(2038)).parse::<Iri>().is_ok());
    assert!(format!("https://a/{}", "x".repeat(2039)).parse::<Iri>().is_err());
    assert!("a".repeat(64).parse::<Name>().is_ok() && "a".repeat(65).parse::<Name>().is_err());
    let long = vec![b'x'; datadeal::model::entry::MAX_ENTRY_BYTES + 1];
    assert!(datadeal::model::entry::Entry::parse(&long).is_err());
}

/// S-141: the exit code says how it ended.
#[test]
fn exit_codes() {
    let world = World::new();
    let deal = world.deal();
    let folder = world.dir.path();
    let key = world.engine.log_key().unwrap().to_string();
    let file = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.join(name), bytes).unwrap();
        folder.join(name)
    };
    let mut bundle = serde_json::to_value(world.bundle(&deal)).unwrap();
    let good = file("good.json", &json::canonical(&bundle));
    bundle["deal"]["credentialSubject"]["personalData"] = json!(false);
    let bad = file("bad.json", &json::canonical(&bundle));
    let broken = file("broken.json", b"{");
    let code = |words: &[&str]| {
        let run = Command::new(env!("CARGO_BIN_EXE_datadeal")).args(words).output().unwrap();
        run.status.code().unwrap()
    };
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    assert_eq!(code(&["verify", &text(&good), "--log-key", &key]), 0);
    assert_eq!(code(&["verify", &text(&bad), "--log-key", &key]), 1);
    assert_eq!(code(&["verify"]), 2);
    assert_eq!(code(&["verify", &text(&good)]), 3);
    assert_eq!(code(&["verify", &text(&broken), "--log-key", &key]), 4);
    // a newer log that shows another history contradicts
    let exported = folder.join("export");
    export(world.engine.log_reader(), &exported).unwrap();
    let tile = exported.join("tile/entries/000.p").read_dir().unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&tile).unwrap();
    let last = bytes.len() - 3;
    bytes[last] ^= 1;
    std::fs::write(&tile, bytes).unwrap();
    assert_eq!(code(&["verify", &text(&good), "--log-key", &key, "--log", &text(&exported)]), 6);
}
