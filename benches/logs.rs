//! Verifying: one bundle, and a whole log with replay, by the program as a user runs it.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use datadeal::conditions::{Schema, load};
use datadeal::engine::DealTold;
use datadeal::model::bundle::Bundle;
use datadeal::model::condition::Level;
use datadeal::model::input::DecisionInput;
use datadeal::model::json;
use datadeal::verify::{Given, Verdict, read, verify};

use crate::world::{World, in_flight};
use crate::{Budget, Ceiling, ROUNDS, compare, decisions, median, parts, world};

const FLIGHT: usize = 1024;

/// How many deals the audited log has: `DATADEAL_BENCH_DEALS`, 100,000 if that is not set.
fn size() -> usize {
    std::env::var("DATADEAL_BENCH_DEALS").map_or(100_000, |n| n.parse().unwrap())
}

/// A decision's parts on the inputs of the world, for both budgets.
fn decided() -> (Schema, DecisionInput) {
    let schema = Schema::built_in().unwrap();
    let set = load(&schema, "bench", &world::text(), Level::Dataset).unwrap_or_else(|e| panic!("{e:?}"));
    let input = decisions::input(&schema, &set, world::facts(), &[]);
    (schema, input)
}

/// Deals from request to acceptance.
fn deals(world: &World, count: usize) -> Vec<DealTold> {
    let cases = world.granted(count, FLIGHT);
    let offered = in_flight(count, FLIGHT, |i| world.engine.offer(&world.admin, &cases[i]).unwrap());
    in_flight(count, FLIGHT, |i| world.engine.accept(&world.researcher, &offered[i].id, None).unwrap())
}

pub(crate) fn bundle(budgets: &mut Vec<Budget>) {
    let world = World::new();
    let deal = &deals(&world, 64)[0];
    let bundle = world.engine.bundle(&world.researcher, &deal.id, false).unwrap();
    let bytes = json::canonical(&serde_json::to_value(&bundle).unwrap());
    let key = world.engine.log_key().unwrap();
    let given = Given { log: Some(&key), ..Given::default() };
    assert_eq!(verify(&read(&bytes).unwrap(), &given).verdict, Verdict::Valid);
    let (schema, input) = decided();
    let text = world::text();
    let tried = parts::Signatures::new(signatures(&bundle));
    let ours = || drop(std::hint::black_box(verify(&read(&bytes).unwrap(), &given)));
    let (ours, parts) = compare(50, ours, || {
        tried.verify();
        // what the proofs sign, and the whole records that the log names
        parts::sha256(&bytes);
        parts::sha256(&bytes);
        // a bundle brings its texts: whoever replays must parse and validate them
        let cedar = parts::Cedar::new(schema.text(), &text);
        cedar.validate();
        std::hint::black_box(cedar.decide(&input));
    });
    budgets.push(Budget { name: "verify a bundle", limit: 1.7, ours, parts });
}

/// One signature for each record, one more for each stated key, and that of the checkpoint.
fn signatures(bundle: &Bundle) -> usize {
    bundle.records().count() + bundle.key_statements.len() + 1
}

pub(crate) fn audit(budgets: &mut Vec<Budget>, ceilings: &mut Vec<Ceiling>) {
    let world = World::new();
    let start = Instant::now();
    deals(&world, size());
    println!("a log of {} deals, made in {:.0} s", size(), start.elapsed().as_secs_f64());
    let store = world.engine.store();
    let head = store.head().unwrap().unwrap();
    let sample = store.leaves(head.size / 2, 4000).unwrap();
    let bytes: usize = sample
        .iter()
        .map(|l| store.record_by_digest(&l.digest, Some(l.index)).unwrap().unwrap().bytes.len())
        .sum::<usize>()
        / sample.len();
    let (schema, input) = decided();
    let cedar = parts::Cedar::new(schema.text(), &world::text());
    let record = vec![b'x'; bytes];
    let cores = std::thread::available_parallelism().unwrap().get();
    let per_core = usize::try_from(head.size).unwrap() / cores;
    let data = world.dir.path().join("data");
    let (mut ours, mut bare, mut peak) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        let (took, memory) = process(&data);
        ours.push(took);
        peak = peak.max(memory);
        let start = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..cores {
                scope.spawn(|| {
                    let one = parts::Signatures::new(1);
                    for i in 0..per_core {
                        one.verify();
                        // what the proof signs, and the whole record that the log names
                        parts::sha256(&record);
                        parts::sha256(&record);
                        // one decision for each request, its deal and its acceptance
                        if i % 4 == 0 {
                            std::hint::black_box(cedar.decide(&input));
                        }
                    }
                });
            }
        });
        bare.push(start.elapsed().as_secs_f64());
    }
    let (ours, parts) = (median(ours), median(bare));
    budgets.push(Budget { name: "audit with replay", limit: 1.7, ours, parts });
    ceilings.push(Ceiling { name: "memory of the audit", limit: 300.0, found: peak as f64 / 1024.0, unit: "MB" });
}

/// `datadeal audit` on a data directory: seconds, and the most memory that it held, in kB.
fn process(data: &std::path::Path) -> (f64, u64) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_datadeal"));
    command.arg("--data").arg(data).args(["--as", "operator", "audit"]).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let ended = loop {
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let held = text.lines().find_map(|l| l.strip_prefix("VmHWM:")).and_then(|l| l.split_whitespace().next());
        peak = held.and_then(|kb| kb.parse().ok()).unwrap_or(0).max(peak);
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(ended.success(), "the audit found something");
    (start.elapsed().as_secs_f64(), peak)
}
