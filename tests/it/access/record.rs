//! The access log: one record for each call, sealed by the hour, checked and answered again by an audit.

use datadeal::engine::{DataDir, DealStep, Engine, EngineError};
use datadeal::model::access::{Call, Event};
use datadeal::model::record::{AccessLogSealed, RecordType, read};
use datadeal::model::{Digest, Document, Time};
use datadeal::store::{Index, Kind, Store};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{answer, asks, trace, with, world};
use crate::story::World;
use crate::support::BEFORE_SIX;

pub(super) fn records(world: &World) -> Vec<Value> {
    let until = world.clock_now().plus_seconds(10);
    world.engine.access_records(&world.actor("operator"), Time::EPOCH, until, None, 100).unwrap().items
}

impl World {
    pub(super) fn clock_now(&self) -> Time {
        use datadeal::clock::Clock as _;
        self.clock.now()
    }
}

fn findings(world: &World) -> Vec<(&'static str, String)> {
    let audit = world.engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap();
    audit.findings.into_iter().map(|f| (f.must, f.why)).collect()
}

fn seals(world: &World) -> Vec<AccessLogSealed> {
    let kind = RecordType::AccessLog;
    let stored = world.engine.store().records(kind.entry(), None, None, 100).unwrap();
    stored.into_iter().map(|r| read(Document::read(r.bytes).unwrap(), kind).unwrap().subject).collect()
}

fn database(world: &World) -> rusqlite::Connection {
    rusqlite::Connection::open(world.dir.path().join("data/datadeal.db")).unwrap()
}

/// S-160: one record for each call, also of a batch and of a no, in the form of the Authorization Decision Log.
#[test]
fn each_call_is_one_record() {
    let world = world();
    let deal = world.deal();
    let mut request = asks(&["year"]);
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    request["context"] = json!({"traceparent": parent, "time": "2026-11-25T09:00:00Z"});
    let call = Call::read(request, Event::Evaluation).unwrap();
    world.engine.access(&world.actor("register-server"), &call, trace(7)).unwrap().wait().unwrap().unwrap();
    let batch = json!({"evaluations": [asks(&["year"]), asks(&["name"])]});
    let batch = Call::read(batch, Event::Evaluations).unwrap();
    world.clock.advance(1);
    world.engine.access(&world.actor("register-server"), &batch, trace(8)).unwrap().wait().unwrap().unwrap();
    let records = records(&world);
    assert_eq!(records.len(), 2);
    let text = serde_json::to_string_pretty(&records).unwrap().replace(&deal.to_string(), "urn:uuid:DEAL");
    insta::with_settings!({filters => vec![
        (r#"[0-9a-f]{64}"#, "DIGEST"), (r#""log": \d+"#, r#""log": SIZE"#), (r#""datadeal": "[0-9.]+""#, r#""datadeal": "VERSION""#),
    ]}, { insta::assert_snapshot!(text) });
}

/// S-161: within one second the log keeps the order in which was decided, whatever traces the callers name.
#[test]
fn order_is_kept_within_a_second() {
    let world = world();
    world.deal();
    let columns = [&["year"][..], &["name"], &["birthDate"], &["year", "birthDate"], &["year"]];
    for (asked, trace) in columns.iter().zip([9, 3, 7, 1, 5]) {
        let call = Call::read(asks(asked), Event::Evaluation).unwrap();
        world
            .engine
            .access(&world.actor("register-server"), &call, super::trace(trace))
            .unwrap()
            .wait()
            .unwrap()
            .unwrap();
    }
    let records = records(&world);
    assert!(records.windows(2).all(|pair| pair[0]["timestamp"] == pair[1]["timestamp"]));
    let asked = |r: &Value| r["body"]["adl.core.request"]["resource"]["properties"]["columns"].clone();
    assert_eq!(records.iter().map(asked).collect::<Vec<_>>(), columns.map(|columns| json!(columns)));
    // and page by page
    let until = world.clock_now().plus_seconds(1);
    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let operator = world.actor("operator");
        let page = world.engine.access_records(&operator, Time::EPOCH, until, after.as_deref(), 2).unwrap();
        paged.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(paged, records);
}

/// S-161 S-162 S-163: what is over is sealed by its digest, part after part; the export of a part has the digest of its seal.
#[test]
fn the_access_log_is_sealed_by_the_hour() {
    let world = world();
    world.deal();
    assert_eq!(world.engine.keep_access_log().unwrap().sealed, None);
    for minutes in [5, 20, 70, 1] {
        world.clock.advance(minutes * 60);
        answer(&world, asks(&["year"]));
    }
    assert!(world.engine.keep_access_log().unwrap().sealed.is_some());
    // the hour that still runs is not sealed, and the one before not twice
    assert_eq!(world.engine.keep_access_log().unwrap().sealed, None);
    world.clock.advance(3600);
    assert!(world.engine.keep_access_log().unwrap().sealed.is_some());
    world.clock.advance(7200);
    assert_eq!(world.engine.keep_access_log().unwrap().sealed, None);
    let seals = seals(&world);
    let counts: Vec<_> = seals.iter().map(|s| (s.from.to_string(), s.until.to_string(), s.count)).collect();
    let expected =
        [("2026-11-25T09:05:00Z", "2026-11-25T10:00:00Z", 2), ("2026-11-25T10:00:00Z", "2026-11-25T11:00:00Z", 2)];
    assert_eq!(counts, expected.map(|(from, until, count)| (from.to_owned(), until.to_owned(), count)));
    for seal in &seals {
        let mut lines = Vec::new();
        world.engine.export_access(&world.actor("operator"), seal.from, seal.until, &mut lines).unwrap();
        assert_eq!(lines.iter().filter(|b| **b == b'\n').count() as u64, seal.count);
        assert_eq!(Digest::from(<[u8; 32]>::from(Sha256::digest(&lines))), seal.digest);
    }
    let audit = world.engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap();
    assert_eq!((audit.findings, audit.access_records), (Vec::new(), 4));
}

/// S-163 S-164: a record that was changed, removed, added or put elsewhere is found.
#[test]
fn an_audit_finds_what_was_altered_in_the_access_log() {
    let altered = |sql: &str| {
        let world = world();
        world.deal();
        answer(&world, asks(&["year"]));
        world.clock.advance(60);
        answer(&world, asks(&["name"]));
        world.clock.advance(7200);
        world.engine.keep_access_log().unwrap();
        answer(&world, asks(&["birthDate"]));
        assert_eq!(findings(&world), []);
        database(&world).execute_batch(sql).unwrap();
        findings(&world).into_iter().map(|(must, _)| must).collect::<Vec<_>>()
    };
    let replace = |from: &str, to: &str| {
        format!(
            "UPDATE state SET body = CAST(replace(CAST(body AS TEXT), '{from}', '{to}') AS BLOB) WHERE kind = 'access-record';"
        )
    };
    assert_eq!(altered(&replace("register-server", "registrar-server")), ["S-163"]);
    assert_eq!(altered(&replace("\"decision\":false", "\"decision\":true")), ["S-163", "S-164"]);
    // one that is not sealed yet: its answer no longer follows
    let newest = "WHERE key = (SELECT max(key) FROM state WHERE kind = 'access-record')";
    let newer = replace("birthDate", "name").replace("WHERE", &format!("{newest} AND"));
    assert_eq!(altered(&newer), ["S-164"]);
    let oldest = newest.replace("max", "min");
    assert_eq!(altered(&format!("DELETE FROM state {oldest};")), ["S-163"]);
    assert_eq!(altered("DELETE FROM state WHERE kind = 'access-record';"), ["S-163"]);
    let moved = format!("UPDATE state SET key = '00000000000001-x' {oldest};");
    assert_eq!(altered(&moved), ["S-163", "S-163"]);
    let copied = "INSERT INTO state SELECT kind, replace(key, '-', '-0'), parent, version, body FROM state WHERE kind = 'access-record';";
    assert!(altered(copied).contains(&"S-163"));
    // a deal in other bytes bears no answer, and the audit goes on to say so of the deal itself
    let deal = "DROP TRIGGER record_is_never_changed; UPDATE record
        SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"Register\"', '\"register\"') AS BLOB) WHERE kind = 'deal';";
    assert_eq!(altered(deal), ["S-110", "S-110", "S-164", "S-164", "S-164"]);
}

/// S-163: what is past its term is removed, whole parts only, and is then no finding.
#[test]
fn records_are_removed_when_their_term_is_over() {
    let world = world();
    world.deal();
    answer(&world, asks(&["year"]));
    world.clock.advance(7200);
    world.engine.keep_access_log().unwrap();
    let kept = seals(&world)[0].kept_until;
    world.clock.set(kept.plus_seconds(-1));
    answer(&world, asks(&["year"]));
    assert_eq!(world.engine.keep_access_log().unwrap().removed, 0);
    world.clock.set(kept);
    assert_eq!(world.engine.keep_access_log().unwrap().removed, 1);
    assert_eq!(world.engine.keep_access_log().unwrap().removed, 0);
    assert_eq!(records(&world).len(), 1);
    let found = findings(&world);
    assert!(found.iter().all(|(must, _)| *must == "S-111" || *must == "S-98"), "{found:?}");
}

/// S-160 S-163: a call that read before a part was closed, or before its deal was revoked, is not written after it: it is asked again.
#[test]
fn what_came_between_reading_and_writing_is_a_conflict() {
    let world = world();
    let deal = world.deal();
    let call = Call::read(asks(&["year"]), Event::Evaluation).unwrap();
    // a second process: its queue is another one, so that the order of writing can be told
    let random = std::sync::Arc::new(datadeal::clock::SystemRandom);
    let other = Engine::open(&DataDir::new(world.dir.path().join("data")), world.clock.clone(), random).unwrap();
    let conflict = |between: &dyn Fn()| {
        let database = database(&world);
        // nobody else writes until this is let go: the record waits in the queue
        database.execute_batch("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE").unwrap();
        let pending = world.engine.access(&world.actor("register-server"), &call, trace(9)).unwrap();
        let bump = "UPDATE state SET version = version + 1 WHERE kind = 'deal'";
        database.execute_batch(&format!("{bump}; COMMIT")).unwrap();
        between();
        pending.wait().unwrap_err()
    };
    let error = conflict(&|| {});
    assert!(matches!(error, EngineError::Submit(_)), "{error}");
    assert!(records(&world).is_empty());
    other.deal_step(&world.actor("admin"), &deal, DealStep::RevokeAtOnce, "misuse").unwrap().wait().unwrap();
    assert_eq!(answer(&world, asks(&["year"]))["decision"], false);
    // a clock that is behind what is closed writes nothing
    world.clock.advance(7200);
    world.engine.keep_access_log().unwrap();
    let now = world.clock_now();
    world.clock.advance(-3 * 60);
    let late = world.engine.access(&world.actor("register-server"), &call, trace(9));
    assert!(late.is_ok() || matches!(late, Err(EngineError::Clock { .. })));
    world.clock.set(now.plus_seconds(-7200));
    let late = world.engine.access(&world.actor("register-server"), &call, trace(9)).map(|_| ()).unwrap_err();
    assert!(matches!(late, EngineError::Clock { .. }), "{late}");
}

/// The indexes of deals are made for those that were there before them.
#[test]
fn an_older_database_gets_the_indexes_of_deals() {
    let world = world();
    let deal = world.deal();
    let row = world.engine.store().row(Kind::Deal, &deal.to_string()).unwrap().unwrap();
    let row: serde_json::Value = serde_json::from_slice(&row.body).unwrap();
    let reuser = row["reuser"].as_str().unwrap();
    let of = format!("{reuser} {}", row["dataset"].as_str().unwrap());
    let lists = [(Index::DealOf, of.as_str()), (Index::ReuserDeal, reuser)];
    let listed = |store: &dyn Store| lists.map(|(index, parent)| store.listed(index, parent, None, 9).unwrap());
    let wanted = listed(world.engine.store());
    assert_eq!(wanted, [[deal.to_string()], [deal.to_string()]]);
    let path = world.dir.path().join("data/datadeal.db");
    let before = database(&world);
    before.execute_batch(BEFORE_SIX).unwrap();
    before
        .execute_batch(
            "DELETE FROM state WHERE kind IN ('deal-of', 'reuser-deal'); DROP TABLE words; DROP TABLE worded;
             DELETE FROM migration WHERE number >= 3",
        )
        .unwrap();
    let again = datadeal::store::sqlite::Sqlite::open(&path).unwrap();
    assert_eq!(listed(&again), wanted);
    assert_eq!(answer(&world, with(asks(&["year"]), "/action/name", json!("use")))["decision"], true);
}
