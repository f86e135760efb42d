//! Keeping a portal, with the real program: checkpoints, proofs, export, witness, backup and restore, a log given up.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use assert_cmd::Command;
use datadeal::clock::{Clock as _, FixedClock, SeededRandom, SystemClock};
use datadeal::engine::{DataDir, DealStep, Engine, EngineError, KeyPlace, NewKey, Restart};
use datadeal::log::LogFault;
use datadeal::model::record::KeyUse;
use datadeal::model::{Time, Urn};
use datadeal::sign::{Checkpoint, Note, TlogProof, VerifierKey};
use datadeal::verify::{CheckResult, Given, Verdict, verify};
use serde_json::Value;

use crate::story::{World, question};

/// A portal by the clock of this machine, with one deal.
struct Portal {
    world: World,
    deal: Urn,
}

/// What the program answered.
struct Told {
    code: i32,
    out: String,
    err: String,
}

impl Told {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {} {}", self.out, self.err))
    }

    fn yes(self) -> Self {
        assert_eq!(self.code, 0, "{} {}", self.out, self.err);
        self
    }
}

impl Portal {
    fn new() -> Self {
        Portal::starting(SystemClock.now())
    }

    fn starting(now: Time) -> Self {
        let world = World::starting(now);
        let deal = world.deal();
        Portal { world, deal }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.world.dir.path().join(name)
    }

    fn told(&self, words: &[&str]) -> Told {
        told(&self.path("data"), words, "")
    }

    /// The log key as entry 0 states it.
    fn log_key(&self) -> VerifierKey {
        self.world.engine.log_key().unwrap()
    }
}

fn told(data: &Path, words: &[&str], input: &str) -> Told {
    let mut program = Command::cargo_bin("datadeal").unwrap();
    program.env_remove("DATADEAL_LANG").env_remove("DATADEAL_AS").env("DATADEAL_DATA", data);
    let done = program.args(words).write_stdin(input).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Told { code: done.status.code().unwrap(), out: text(done.stdout), err: text(done.stderr) }
}

#[test]
fn others_can_check_the_log() {
    let portal = Portal::new();
    let key = portal.log_key();
    let note = portal.told(&["log", "checkpoint"]).yes().out;
    let opened = Checkpoint::open(&Note::parse(note.as_bytes()).unwrap(), &key, &[]).unwrap();
    let size = opened.checkpoint().size();
    // by index, by digest and by id; as a file and on stdout
    let reader = portal.world.engine.log_reader();
    let leaf = reader.entry(size - 1).unwrap().unwrap();
    let id = portal.world.engine.store().record_by_digest(&leaf.digest, None).unwrap().unwrap().id;
    for which in [(size - 1).to_string(), leaf.digest.to_string(), id] {
        let printed = portal.told(&["log", "prove", &which]).yes().out;
        let proof = TlogProof::parse(printed.as_bytes()).unwrap();
        proof.verify(&leaf.bytes, &key, &[], 0).unwrap();
        let file = portal.path("entry.tlog-proof");
        portal.told(&["log", "prove", &which, "--out", file.to_str().unwrap()]).yes();
        assert_eq!(std::fs::read_to_string(file).unwrap(), printed);
    }
    for nothing in [size.to_string(), "urn:uuid:00000000-0000-4000-8000-000000000000".to_owned(), "x".to_owned()] {
        let refused = portal.told(&["log", "prove", &nothing, "--lang", "nl"]);
        assert_eq!(refused.code, 4, "{}", refused.err);
        assert!(refused.err.contains(&nothing), "{}", refused.err);
    }
    // consistency between any two sizes, and none beyond the end
    let found = portal.told(&["log", "consistency", "3", "7", "--json"]).yes().json();
    assert_eq!(found["old"]["size"], 3);
    assert_eq!(found["checkpoint"], Value::Null);
    assert_eq!(portal.told(&["log", "consistency", "7", "3"]).code, 4);
    assert_eq!(portal.told(&["log", "consistency", "0", "999999"]).code, 4);
    // an export, and one more after another entry
    let folder = portal.path("export");
    let exported = portal.told(&["log", "export", folder.to_str().unwrap(), "--json"]).yes().json();
    assert_eq!(exported["size"], size);
    assert_eq!(std::fs::read_to_string(folder.join("checkpoint")).unwrap(), note);
    portal.world.request(question());
    let again = portal.told(&["log", "export", folder.to_str().unwrap(), "--json"]).yes().json();
    assert!(again["size"].as_u64().unwrap() > size);
}

/// A bundle carries the cosignature of a witness; a witness that has seen one history confirms no other.
#[test]
fn a_witness_cosigns_and_bundles_carry_it() {
    let portal = Portal::new();
    let (witness, key) = (portal.path("witness"), portal.log_key().to_string());
    let dir = witness.to_str().unwrap();
    let made = portal.told(&["witness", "new", "--name", "witness.example/w1", "--dir", dir, "--json"]).yes().json();
    let vkey = made["key"].as_str().unwrap().to_owned();
    assert_eq!(portal.told(&["witness", "new", "--name", "witness.example/w1", "--dir", dir]).code, 1);

    let ask = |old: &str| portal.told(&["log", "consistency", old]).yes().out;
    let answer =
        |input: &str| told(&portal.path("data"), &["witness", "cosign", "--dir", dir, "--log-key", &key], input);
    let checkpoint = portal.told(&["log", "checkpoint"]).yes().out;
    let lines = answer(&ask("0")).yes().out;
    assert!(lines.starts_with("— witness.example/w1 "), "{lines}");
    // it answers what size it knows
    let stale = answer(&ask("0"));
    let size = portal.world.engine.newest().unwrap().checkpoint.size();
    assert_eq!(stale.code, 1);
    assert!(stale.out.contains(&format!("datadeal log consistency {size}")), "{}", stale.out);
    assert_eq!(answer("old 0\n").code, 4);

    // only the operator, only a known witness, only lines that match
    let cosign = |person: &str, input: &str| {
        let words = ["--as", person, "log", "cosign", "-", "--witness", &vkey];
        told(&portal.path("data"), &words, input)
    };
    assert_eq!(cosign("admin", &lines).code, 1);
    assert_ne!(cosign("operator", &lines.replace("witness.example/w1", "witness.example/w2")).code, 0);
    let payload = lines.trim_end().rsplit(' ').next().unwrap();
    let (start, end) = (payload.split_at(8).0, payload.split_at(12).1);
    let broken = lines.replace(payload, &format!("{start}AAAA{end}"));
    assert_ne!(cosign("operator", &broken).code, 0);
    cosign("operator", &lines).yes();
    assert!(portal.told(&["log", "checkpoint"]).yes().out.contains("— witness.example/w1 "));

    let witnesses: [VerifierKey; 1] = [vkey.parse().unwrap()];
    let log = portal.log_key();
    let verdict = |quorum| {
        let bundle = portal.world.bundle(&portal.deal);
        let given = Given { log: Some(&log), witnesses: &witnesses, quorum };
        verify(&bundle, &given).verdict
    };
    assert_eq!(verdict(1), Verdict::Valid);
    assert_eq!(verdict(2), Verdict::Invalid);
    // the log grows: the bundle of the old deal still stands under the cosigned checkpoint
    portal.world.request(question());
    assert_eq!(verdict(1), Verdict::Valid);
    // something new about the deal is not under it
    let admin = portal.world.actor("admin");
    portal.world.engine.deal_step(&admin, &portal.deal, DealStep::Suspend, "a question").unwrap().wait().unwrap();
    assert_eq!(verdict(1), Verdict::Invalid);
    assert_eq!(verdict(0), Verdict::Valid);
    // the next question starts from what the witness knows; the answer belongs to that checkpoint also when the log
    // has grown meanwhile
    let (before, second) = (portal.told(&["log", "checkpoint"]).yes().out, answer(&ask(&size.to_string())).yes().out);
    portal.world.request(question());
    assert_ne!(cosign("operator", &second).code, 0, "not of the newest checkpoint");
    cosign("operator", &format!("{before}{second}")).yes();
    assert_eq!(verdict(1), Verdict::Valid);
    // and an older one does not replace it
    assert_eq!(cosign("operator", &format!("{checkpoint}{lines}")).code, 1);
}

/// S-135: a restored backup that is behind signs nothing, and says what to do. A newer backup mends it.
#[test]
fn a_backup_that_is_behind_refuses() {
    let portal = Portal::new();
    let file = |name: &str| portal.path(name).to_str().unwrap().to_owned();
    let (early, late) = (file("early.db"), file("late.db"));
    assert_eq!(portal.told(&["backup", &early]).code, 2, "somebody asks for it");
    assert_eq!(portal.told(&["--as", "admin", "backup", &early]).code, 1);
    let made = portal.told(&["--as", "operator", "backup", &early]).yes();
    assert!(made.out.contains("private keys are not in it"), "{}", made.out);
    assert_eq!(portal.told(&["--as", "operator", "backup", &early]).code, 5, "never over a file");
    portal.world.request(question());
    portal.told(&["--as", "operator", "backup", &late]).yes();
    let Portal { world, .. } = portal;
    let World { engine, dir, .. } = world;
    drop(engine);

    let data = dir.path().join("data");
    assert_eq!(told(&data, &["restore", &early], "").code, 5, "there is a database");
    let remove = || {
        for left in ["datadeal.db", "datadeal.db-wal", "datadeal.db-shm"] {
            let _ = std::fs::remove_file(data.join(left));
        }
    };
    remove();
    let head = std::fs::read(data.join("head")).unwrap();
    let restored = told(&data, &["restore", &early, "--json"], "").yes().json();
    assert_eq!(restored["keys"], true);
    for words in [&["log", "checkpoint"][..], &["--as", "operator", "backup", "other.db"]] {
        let refused = told(&data, words, "");
        assert_eq!(refused.code, 6, "{}", refused.err);
        assert!(refused.err.contains("restore a newer backup"), "{}", refused.err);
        assert!(refused.err.contains("datadeal log restart"), "{}", refused.err);
    }
    assert_eq!(std::fs::read(data.join("head")).unwrap(), head, "restore and a refusal leave `head` alone");
    remove();
    told(&data, &["restore", &late], "").yes();
    told(&data, &["log", "checkpoint"], "").yes();
    // what is no backup is refused, and nothing is left of the attempt
    remove();
    std::fs::write(dir.path().join("text"), "not a database").unwrap();
    let refused = told(&data, &["restore", dir.path().join("text").to_str().unwrap()], "");
    assert_ne!(refused.code, 0);
    assert!(!data.join("datadeal.db").exists());
}

fn told_restart(data: &Path, origin: &str, reason: &str) -> Told {
    told(data, &["--as", "operator", "log", "restart", "--origin", origin, "--reason", reason, "--json"], "")
}

/// S-136: a log that is behind is given up: old records keep their proof, new ones get theirs, and the loss is on record.
#[test]
fn a_log_is_given_up_and_continued() {
    // days ago, and the operator has another key by now
    let portal = Portal::starting(SystemClock.now().plus_seconds(-10 * 86_400));
    let (engine, operator) = (&portal.world.engine, portal.world.actor("operator"));
    let first = engine.key_list(Some(&operator.organisation)).unwrap().remove(0).key;
    let rotated = NewKey {
        organisation: &operator.organisation,
        place: KeyPlace::Service,
        uses: KeyUse::ALL.iter().copied().collect(),
        checked: Some("the operator states itself".to_owned()),
        revokes: BTreeSet::from([first]),
        recovery: false,
    };
    engine.state_key(&operator, &rotated).unwrap();
    let early = portal.path("early.db");
    portal.told(&["--as", "operator", "backup", early.to_str().unwrap()]).yes();
    let old_key = portal.log_key();
    let known = portal.world.engine.newest().unwrap().checkpoint.size();
    portal.world.request(question());
    let lost = portal.world.engine.newest().unwrap().checkpoint.size() - known;
    let Portal { world: World { engine, dir, clock }, deal } = portal;
    let data = dir.path().join("data");
    // while somebody has the portal open it is not given up
    assert_eq!(told_restart(&data, "portal.example/log-2", "test").code, 5);
    drop(engine);
    for left in ["datadeal.db", "datadeal.db-wal", "datadeal.db-shm"] {
        let _ = std::fs::remove_file(data.join(left));
    }
    told(&data, &["restore", early.to_str().unwrap()], "").yes();

    assert_eq!(told_restart(&data, "portal.example/log", "the same name").code, 4);
    assert_eq!(told_restart(&data, "portal.example/log-2", " ").code, 4);
    assert_eq!(told(&data, &["--as", "admin", "log", "restart", "--origin", "o", "--reason", "r"], "").code, 1);
    let done = told_restart(&data, "portal.example/log-2", "two days lost").yes().json();
    assert_eq!((done["kept"].as_u64(), done["lost"].as_u64()), (Some(known), Some(lost)));
    assert_eq!(done["size"], known + 1);
    assert!(Path::new(done["oldDatabase"].as_str().unwrap()).exists());

    let open = || {
        let random = Arc::new(SeededRandom::not_for_production([9; 32]));
        Engine::open(&DataDir::new(&data), clock.clone(), random)
    };
    clock.set(SystemClock.now());
    let world = World { engine: open().unwrap(), clock: clock.clone(), dir };
    let new_key = world.engine.log_key().unwrap();
    assert_eq!(new_key.to_string(), done["key"].as_str().unwrap());
    assert_ne!(new_key.key(), old_key.key());
    for deal in [deal, world.deal()] {
        let report = world.verdict(&world.bundle(&deal));
        let failed: Vec<_> = report.checks.iter().filter(|c| c.result != CheckResult::Passed).collect();
        assert_eq!(report.verdict, Verdict::Valid, "{failed:#?}");
    }
    // what only lists it came along, and its place in the status lists is taken
    let listed = world.engine.deals_after(&world.actor("researcher"), None, 9).unwrap().0;
    assert!(listed.iter().any(|told| told.id == deal), "{listed:?}");
    let bundle = serde_json::to_value(world.bundle(&deal)).unwrap();
    let status = &bundle["deal"]["credentialStatus"][0];
    let (place, list) = (status["statusListIndex"].as_str().unwrap(), status["statusListCredential"].as_str().unwrap());
    let owner = list.rsplit('/').nth(1).unwrap();
    assert!(world.engine.store().is_taken(owner, place.parse().unwrap()).unwrap());
    let audited = |world: &World| world.engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap().findings;
    assert_eq!(audited(&world), []);
    // and once more: each log stands on the one before
    let World { engine, clock, dir } = world;
    drop(engine);
    told_restart(&data, "portal.example/log-3", "again").yes();
    let world = World { engine: open().unwrap(), clock, dir };
    let bundle = world.bundle(&deal);
    let report = world.verdict(&bundle);
    let failed: Vec<_> = report.checks.iter().filter(|c| c.result != CheckResult::Passed).collect();
    assert_eq!(report.verdict, Verdict::Valid, "{failed:#?}");
    assert_eq!(audited(&world), []);
    // the old logs' keys are not this log's
    for key in [&old_key, &new_key] {
        let given = Given { log: Some(key), ..Given::default() };
        assert_eq!(verify(&bundle, &given).verdict, Verdict::Invalid);
    }
}

/// If it dies before the last step, nothing can be signed, and the next attempt finds what was known.
#[test]
fn a_restart_that_died_is_done_again() {
    let world = World::new();
    let World { engine, clock, dir } = world;
    let known = engine.newest().unwrap();
    drop(engine);
    let data = DataDir::new(dir.path().join("data"));
    let random = || Arc::new(SeededRandom::not_for_production([9; 32]));
    // what is there after step 4
    std::fs::copy(data.head(), dir.path().join("data/head.given-up-1")).unwrap();
    std::fs::hard_link(data.database(), dir.path().join("data/datadeal.db.given-up-1")).unwrap();
    std::fs::write(dir.path().join("data/datadeal.db.restart"), "half").unwrap();
    let other = World::new();
    let foreign = other.engine.newest().unwrap().note.to_string().replace("portal.example/log", "portal.example/log-2");
    std::fs::write(data.head(), foreign).unwrap();
    let refused = Engine::open(&data, clock.clone(), random()).unwrap_err();
    assert!(matches!(refused, EngineError::Log(LogFault::Other { .. })), "{refused}");
    let restart = Restart {
        person: "operator".parse().unwrap(),
        origin: "portal.example/log-2".to_owned(),
        reason: "once more".to_owned(),
    };
    let done = Engine::restart(&data, &restart, clock.clone(), random()).unwrap();
    assert_eq!(done.continues, known.checkpoint);
    assert_eq!(Engine::open(&data, clock, random()).unwrap().log_key().unwrap(), done.key);
}

/// `head` may be a link to another disk: the link stays, its target is kept up.
#[test]
fn head_may_be_a_link() {
    let World { engine, clock, dir } = World::new();
    drop(engine);
    let data = DataDir::new(dir.path().join("data"));
    let elsewhere = dir.path().join("elsewhere");
    std::fs::rename(data.path().join("head"), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, data.path().join("head")).unwrap();
    let random = Arc::new(SeededRandom::not_for_production([9; 32]));
    let world = World { engine: Engine::open(&data, clock.clone() as Arc<FixedClock>, random).unwrap(), clock, dir };
    let before = std::fs::read(&elsewhere).unwrap();
    world.request(question());
    assert_ne!(std::fs::read(&elsewhere).unwrap(), before);
    assert!(data.path().join("head").symlink_metadata().unwrap().is_symlink());
}
