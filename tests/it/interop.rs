//! Others check us: a second verifier in Python, another Cedar binding, packages for records and for the log (`tests/interop/`).
//! Where they are not installed the test says so and passes; on a build server it fails.

use std::path::Path;

use datadeal::clock::SeededRandom;
use datadeal::conditions::library;
use datadeal::engine::DealStep;
use datadeal::log::export::export;
use datadeal::model::bundle::Bundle;
use datadeal::model::json;
use datadeal::sign::{Note, NoteKey, SigningKey, TlogProof};
use serde_json::{Value, json};

use crate::bundles;
use crate::examples::retold;
use crate::story::{World, question};
use crate::support::interop::{interop, ready};

/// S-80 to S-105 S-20 to S-58: the same first MUST on every vector, every forged bundle and 200 mutated ones; every record and the log by
/// packages of others.
#[test]
fn others_agree() {
    if !ready() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    write_log(folder.path());
    write_bundles(folder.path());
    let run = interop(&["run", folder.path().to_str().unwrap()]);
    let told = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    println!("{told}");
    assert!(run.status.success(), "{told}");
}

/// A log as others read it: exported, cosigned, and with the checkpoint that it had earlier.
fn write_log(folder: &Path) {
    let world = World::new();
    let reader = world.engine.log_reader();
    std::fs::write(folder.join("old"), reader.head().unwrap().unwrap().checkpoint).unwrap();
    let deal = world.deal();
    // what came after the first of these two bundles, and a log of the same key in which all went otherwise
    write(&folder.join("early.json"), &world.bundle(&deal));
    world.engine.deal_step(&world.actor("admin"), &deal, DealStep::Suspend, "a question").unwrap().wait().unwrap();
    write(&folder.join("bundle.json"), &world.bundle(&deal));
    export(reader, &folder.join("log")).unwrap();
    let other = World::new();
    (0..6).for_each(|_| _ = other.request(question()));
    export(other.engine.log_reader(), &folder.join("fork")).unwrap();
    std::fs::write(folder.join("log.vkey"), world.engine.log_key().unwrap().to_string()).unwrap();
    let witness = NoteKey::witness("witness.example/w1", SigningKey::from_seed([2; 32])).unwrap();
    std::fs::write(folder.join("witness.vkey"), witness.public().to_string()).unwrap();
    let stranger = NoteKey::log("portal.example/log", SigningKey::from_seed([9; 32])).unwrap();
    std::fs::write(folder.join("stranger.vkey"), stranger.public().to_string()).unwrap();
    let head = reader.head().unwrap().unwrap();
    let note = Note::parse(&head.checkpoint).unwrap();
    let cosigned = note.clone().with(witness.cosign(&note, "2026-11-25T09:00:30Z".parse().unwrap()).unwrap()).unwrap();
    std::fs::write(folder.join("cosigned"), cosigned.to_string()).unwrap();
    let index = head.size - 2;
    let proof = TlogProof::new(index, reader.prove(index, head.size).unwrap(), cosigned).unwrap();
    std::fs::write(folder.join("entry.tlog-proof"), proof.to_string()).unwrap();
}

fn write(path: &Path, bundle: &Bundle) {
    std::fs::write(path, json::canonical(&serde_json::to_value(bundle).unwrap())).unwrap();
}

/// Every forged bundle, 200 mutations of the concluded one and the deals of all examples, with what our verifier says.
fn write_bundles(folder: &Path) {
    let mut listed = Vec::new();
    let made = bundles::made();
    let (mutated, stories) = (mutated(&made[0], 200), stories());
    for (number, one) in made.iter().chain(&mutated).chain(&stories).enumerate() {
        let file = format!("{number}.json");
        std::fs::write(folder.join(&file), json::canonical(&one.bundle)).unwrap();
        let (_, must, not_given) = bundles::first_failed(one);
        listed.push(json!({"name": one.name, "file": file, "log": one.log, "must": must, "notGiven": not_given,
            "witnesses": one.witnesses, "quorum": one.quorum}));
    }
    let listed = json!({"bundles": listed});
    std::fs::write(folder.join("expected.json"), serde_json::to_vec(&listed).unwrap()).unwrap();
}

/// Every deal of the examples: other sets, other columns, fees, several approvals.
fn stories() -> Vec<bundles::Made> {
    let mut made = Vec::new();
    for example in library::examples() {
        retold(
            example.name,
            |_| {},
            |stage, told, _| {
                let log = stage.engine().log_key().unwrap();
                for deal in &told.deals {
                    let bundle = stage.engine().bundle(stage.operator(), deal, true).unwrap();
                    let (name, bundle) = (example.name, serde_json::to_value(bundle).unwrap());
                    let log = log.clone();
                    made.push(bundles::Made { name, must: None, bundle, log, witnesses: Vec::new(), quorum: 0 });
                }
            },
        );
    }
    made
}

/// Mutations that are the same each time: leaves changed, members and items removed, doubled, swapped or added.
fn mutated(base: &bundles::Made, count: u64) -> Vec<bundles::Made> {
    use datadeal::clock::Random as _;
    let random = SeededRandom::not_for_production([3; 32]);
    let draw = |below: usize| {
        let mut bytes = [0; 8];
        random.fill(&mut bytes).unwrap();
        usize::try_from(u64::from_be_bytes(bytes) % below as u64).unwrap()
    };
    let mut places = Vec::new();
    all(&base.bundle, String::new(), &mut places);
    let (leaves, inner): (Vec<_>, Vec<_>) = places.into_iter().partition(|(_, leaf)| *leaf);
    (0..count)
        .map(|n| {
            let mut bundle = base.bundle.clone();
            let name = if n % 4 < 2 {
                let path = &leaves[draw(leaves.len())].0;
                let value = bundle.pointer_mut(path).unwrap();
                *value = match (&*value, draw(5)) {
                    (_, 0) => json!(7),
                    (_, 1) => json!({}),
                    (Value::String(s), 2) => json!(format!("{s} ")),
                    (Value::String(s), _) => Value::from(crate::story::flipped(s)),
                    (Value::Bool(b), _) => json!(!*b),
                    (Value::Number(n), _) => json!(n.as_i64().unwrap() + 1),
                    _ => json!("x"),
                };
                format!("changed {path}")
            } else {
                let path = &inner[draw(inner.len())].0;
                let at = draw(5);
                match bundle.pointer_mut(path).unwrap() {
                    Value::Array(items) if !items.is_empty() => {
                        let (from, to) = (draw(items.len()), draw(items.len()));
                        match at {
                            0 => _ = items.remove(from),
                            1 => items.push(items[from].clone()),
                            2 => items.push(json!("more")),
                            3 => items.reverse(),
                            _ => items.swap(from, to),
                        }
                    }
                    Value::Object(map) if !map.is_empty() => {
                        let names: Vec<String> = map.keys().cloned().collect();
                        let one = names[draw(names.len())].clone();
                        match at {
                            0..=2 => _ = map.remove(&one),
                            3 => _ = map.insert("more".to_owned(), json!(1)),
                            _ => {
                                let value = map.remove(&one).unwrap();
                                map.insert(format!("{one}x"), value);
                            }
                        }
                    }
                    _ => {}
                }
                format!("mutated {path} ({at})")
            };
            let log = base.log.clone();
            bundles::Made { name: name.leak(), must: None, bundle, log, witnesses: Vec::new(), quorum: 0 }
        })
        .collect()
}

/// Every place of a document, and whether it is a leaf. What is inside texts of conditions and schema is not looked into.
fn all(value: &Value, at: String, out: &mut Vec<(String, bool)>) {
    out.push((at.clone(), !value.is_object() && !value.is_array()));
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(k, v)| all(v, format!("{at}/{}", k.replace('~', "~0").replace('/', "~1")), out));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(i, v)| all(v, format!("{at}/{i}"), out)),
        _ => {}
    }
}
