//! Killed at any moment, with one process at work or two: what was acknowledged is there, once, and the log holds.
//!
//! The process that is killed is this test program itself, started again for [`child`] alone. Killing keeps what the
//! system has in memory, so this tries atomicity and recovery, not the disk.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use datadeal::clock::{Clock as _, Random as _, SystemClock, SystemRandom};
use datadeal::engine::{CaseState, DataDir, Engine, NewRequest};
use datadeal::model::entry::EntryType;
use datadeal::model::{Digest, Urn};
use datadeal::store::Store;
use datadeal::store::sqlite::Sqlite;
use datadeal::verify::{Given, Verdict, verify};

use crate::story::{World, question, set};
use crate::support::logs::verify_all;

/// Tells the child where to work.
const DIR: &str = "DATADEAL_CRASH_DIR";
/// How often to kill; more in the slow run.
const ROUNDS: &str = "DATADEAL_CRASH_ROUNDS";
/// A new portal after so many rounds, so that checking the whole log stays quick.
const ROUNDS_PER_PORTAL: usize = 8;
/// Requests at work at once in one process, so that batches have more than one operation.
const THREADS: usize = 3;

/// What the child has been told is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Acknowledged {
    Request,
    Decision,
    Deal,
    Acceptance,
}

impl Acknowledged {
    const ALL: [(Acknowledged, &'static str, EntryType); 4] = [
        (Acknowledged::Request, "request", EntryType::Request),
        (Acknowledged::Decision, "decision", EntryType::Decision),
        (Acknowledged::Deal, "deal", EntryType::Deal),
        (Acknowledged::Acceptance, "acceptance", EntryType::Acceptance),
    ];
}

/// No test of its own: the process that is killed. Makes deals until it is, and says what it was told after each answer.
#[test]
fn child() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let engine = Engine::open(&DataDir::new(dir), Arc::new(SystemClock), Arc::new(SystemRandom)).unwrap();
    let out = Mutex::new(std::io::stdout());
    let say = |what: &str, case: &Urn| {
        let mut out = out.lock().unwrap();
        writeln!(out, "acknowledged {what} {case}").unwrap();
        out.flush().unwrap();
    };
    let actor = |name: &str| engine.actor(&name.parse().unwrap()).unwrap();
    let (researcher, steward, admin) = (actor("researcher"), actor("steward"), actor("admin"));
    let work = || loop {
        let new = NewRequest {
            dataset: "register".to_owned(),
            question: serde_json::from_value(question()).unwrap(),
            sets: None,
            entered: datadeal::engine::Entered::default(),
        };
        let case = engine.submit(&researcher, &new).unwrap().wait().unwrap().id;
        say("request", &case);
        assert_eq!(
            engine.approve(&steward, &case, "ethics", true, "sound").unwrap().wait().unwrap().state,
            CaseState::Granted
        );
        say("decision", &case);
        let deal = engine.offer(&admin, &case).unwrap().wait().unwrap().id;
        say("deal", &case);
        engine.accept(&researcher, &deal, None).unwrap().wait().unwrap();
        say("acceptance", &case);
    };
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(work);
        }
    });
}

/// A child at work.
struct Working {
    process: Child,
    lines: Receiver<String>,
    heard: Vec<String>,
}

impl Working {
    fn start(dir: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["crash::child", "--exact", "--nocapture", "--test-threads=1"]);
        let mut process = command.env(DIR, dir).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (send, lines) = channel();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        std::thread::spawn(move || {
            let mut line = String::new();
            // a line without its end was torn by the kill
            while out.read_line(&mut line).is_ok_and(|n| n > 0) && line.ends_with('\n') {
                if send.send(std::mem::take(&mut line)).is_err() {
                    break;
                }
            }
        });
        Working { process, lines, heard: Vec::new() }
    }

    /// Waits until it was told of `count` things.
    fn wait_for(&mut self, count: usize) {
        while self.heard.len() < count {
            match self.lines.recv_timeout(Duration::from_secs(120)) {
                Ok(line) if line.starts_with("acknowledged ") => self.heard.push(line),
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => panic!("the child does nothing"),
                Err(RecvTimeoutError::Disconnected) => {
                    let mut why = String::new();
                    let mut err = self.process.stderr.take().unwrap();
                    std::io::Read::read_to_string(&mut err, &mut why).unwrap();
                    panic!("the child ended: {why}");
                }
            }
        }
    }

    /// Kills it (SIGKILL) and gives what it was told, by case.
    fn kill(mut self) -> BTreeMap<Urn, Vec<Acknowledged>> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.heard.extend(self.lines.iter().filter(|line| line.starts_with("acknowledged ")));
        let mut told: BTreeMap<Urn, Vec<Acknowledged>> = BTreeMap::new();
        for line in &self.heard {
            let mut words = line.split_whitespace().skip(1);
            let (what, case) = (words.next().unwrap(), words.next().unwrap());
            let what = Acknowledged::ALL.iter().find(|(_, word, _)| *word == what).unwrap().0;
            told.entry(case.parse().unwrap()).or_default().push(what);
        }
        told
    }
}

/// A portal by the clock of this machine that no process has open.
fn portal() -> (tempfile::TempDir, PathBuf) {
    let World { engine, dir, .. } = World::starting(SystemClock.now());
    drop(engine);
    let data = dir.path().join("data");
    (dir, data)
}

/// Opens the portal again, reads the whole log, and looks for everything that was acknowledged.
fn check(data: &Path, told: &BTreeMap<Urn, Vec<Acknowledged>>) -> usize {
    let engine = Engine::open(&DataDir::new(data), Arc::new(SystemClock), Arc::new(SystemRandom)).unwrap();
    let key = engine.log_key().unwrap();
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&data.join("datadeal.db")).unwrap());
    let size = verify_all(&store, &key).len();
    let mut logged: BTreeMap<Digest, usize> = BTreeMap::new();
    for leaf in store.leaves(0, usize::MAX).unwrap() {
        *logged.entry(leaf.digest).or_default() += 1;
    }
    assert!(logged.values().all(|times| *times == 1), "a record is logged twice");
    for (case, things) in told {
        for thing in things {
            let (_, word, kind) = Acknowledged::ALL.iter().find(|(t, _, _)| t == thing).unwrap();
            let records = store.records(Some(*kind), Some(&case.to_string()), None, 10).unwrap();
            assert_eq!(records.len(), 1, "the {word} of {case} was acknowledged");
            assert_eq!(logged.get(&records[0].digest), Some(&1));
        }
    }
    // of the last deal that was concluded, all of it
    if let Some((case, _)) = told.iter().rev().find(|(_, things)| things.contains(&Acknowledged::Acceptance)) {
        let actor = engine.actor(&"researcher".parse().unwrap()).unwrap();
        let deal = engine.case_now(&actor, case).unwrap().deal.unwrap();
        let bundle = engine.bundle(&actor, &deal, false).unwrap();
        assert_eq!(verify(&bundle, &Given { log: Some(&key), ..Given::default() }).verdict, Verdict::Valid);
    }
    size
}

/// Up to `most`, at random.
fn chance(most: u64) -> u64 {
    let mut bytes = [0; 8];
    SystemRandom.fill(&mut bytes).unwrap();
    u64::from_be_bytes(bytes) % (most + 1)
}

#[test]
fn killed_at_any_moment_nothing_acknowledged_is_lost() {
    let rounds = std::env::var_os(ROUNDS).map_or(3, |n| n.to_str().unwrap().parse().unwrap());
    let mut place = portal();
    let (mut told, mut size) = (BTreeMap::new(), 0);
    for round in 0..rounds {
        if round > 0 && round % ROUNDS_PER_PORTAL == 0 {
            (place, told, size) = (portal(), BTreeMap::new(), 0);
        }
        let mut working = Working::start(&place.1);
        working.wait_for(1);
        std::thread::sleep(Duration::from_millis(chance(250)));
        told.extend(working.kill());
        let now = check(&place.1, &told);
        assert!(now > size, "round {round}");
        size = now;
    }
}

/// Two processes write to one database. Both get on, and what each was told is there when both are killed.
#[test]
fn two_processes_write_to_one_database() {
    let (_dir, data) = portal();
    let (mut one, mut other) = (Working::start(&data), Working::start(&data));
    for count in [1, 20] {
        one.wait_for(count);
        other.wait_for(count);
    }
    let mut told = one.kill();
    let from_other = other.kill();
    assert!(from_other.keys().all(|case| !told.contains_key(case)));
    told.extend(from_other);
    check(&data, &told);
}

/// A stricter set published by another instance is in force for the next decision of the first one.
#[test]
fn a_stricter_set_published_elsewhere_is_in_force_at_once() {
    let world = World::new();
    let case = world.request(question());
    assert_eq!(case.state, CaseState::Review);
    let data = DataDir::new(world.dir.path().join("data"));
    let other = Engine::open(&data, world.clock.clone(), Arc::new(SystemRandom)).unwrap();
    let mut stricter = set();
    stricter.text += datadeal::conditions::library::folder("registered-organisation").unwrap().policy;
    stricter.cases.cases.retain(|case| case.name == "unknown");
    stricter.cases.cases[0].failing.insert("registered-organisation".to_owned());
    let admin = other.actor(&"admin".parse().unwrap()).unwrap();
    other.publish_conditions(&admin, &stricter).unwrap();
    // a new request, and one that was received before
    assert_eq!(world.request(question()).state, CaseState::Incomplete);
    let approved =
        world.engine.approve(&world.actor("steward"), &case.id, "ethics", true, "sound").unwrap().wait().unwrap();
    assert_eq!(approved.state, CaseState::Incomplete);
    assert!(world.engine.offer(&world.actor("admin"), &case.id).is_err());
}
