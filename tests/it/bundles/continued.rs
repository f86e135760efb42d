//! Bundles of a log that continues one that was given up (SPEC S-136), and wrong ones.

use std::sync::Arc;

use datadeal::clock::SeededRandom;
use datadeal::engine::{DataDir, Engine, Restart};
use datadeal::model::Urn;
use datadeal::sign::{Checkpoint, Note, NoteKey, SigningKey};
use serde_json::{Value, json};

use super::{Made, Maker};
use crate::story::{World, owner};
use crate::support::forge::Forge;

const NEW: &str = "/keyStatements/0";
const OLD: &str = "/keyStatements/1";

/// Right and wrong ones of a log that was continued once, and one of a log that was continued twice.
pub(super) fn add(m: &mut Maker) {
    let world = World::new();
    let deal = world.deal();
    let world = restarted(world, "portal.example/log-2", 8);
    let bundle = told(&world, &deal);
    let all = [
        ("continued", None, bundle.clone(), world.engine.log_key().unwrap()),
        ("continues a checkpoint of a stranger", Some("S-71"), stranger(&world, &bundle), log_key(&world)),
        ("continues under the same name", Some("S-71"), same_name(&world, &bundle), reused().public().clone()),
        ("continues under the same key", Some("S-71"), same_key(&world, &bundle), same_log(&world, &bundle)),
        ("continues the log of another operator", Some("S-71"), other_operator(&world, &bundle), log_key(&world)),
        ("continues and does not say why", Some("S-71"), changed(&world, &bundle, no_reason), log_key(&world)),
        ("continues with an old log that revokes", Some("S-71"), changed(&world, &bundle, revokes), log_key(&world)),
        ("does not say what it continues", Some("S-89"), changed(&world, &bundle, no_checkpoint), log_key(&world)),
        ("continues with the old key of the operator", Some("S-74"), old_key(&world, &bundle), log_key(&world)),
    ];
    for (name, must, bundle, log) in all {
        m.made.push(Made { name, must, bundle, log, witnesses: Vec::new(), quorum: 0 });
    }
    let world = restarted(world, "portal.example/log-3", 9);
    let (bundle, log) = (told(&world, &deal), log_key(&world));
    m.made.push(Made { name: "continued twice", must: None, bundle, log, witnesses: Vec::new(), quorum: 0 });
}

/// A day later the log is given up.
fn restarted(world: World, origin: &str, seed: u8) -> World {
    let World { engine, clock, dir } = world;
    drop(engine);
    clock.advance(86_400);
    let data = DataDir::new(dir.path().join("data"));
    let random = || Arc::new(SeededRandom::not_for_production([seed; 32]));
    let (person, origin) = ("operator".parse().unwrap(), origin.to_owned());
    let restart = Restart { person, origin, reason: "the disk was lost".to_owned() };
    Engine::restart(&data, &restart, clock.clone(), random()).unwrap();
    let engine = Engine::open(&data, clock.clone(), random()).unwrap();
    World { engine, clock, dir }
}

fn log_key(world: &World) -> datadeal::sign::VerifierKey {
    world.engine.log_key().unwrap()
}

/// The bundle, its key statements in the order of the log.
fn told(world: &World, deal: &Urn) -> Value {
    let mut bundle = serde_json::to_value(world.bundle(deal)).unwrap();
    let entries = bundle["log"]["entries"].as_array().unwrap().clone();
    let place = |statement: &Value| {
        let digest = super::digest(statement);
        entries.iter().find(|e| e["record"] == digest.as_str()).and_then(|e| e["index"].as_u64())
    };
    bundle["keyStatements"].as_array_mut().unwrap().sort_by_key(place);
    bundle
}

fn changed(world: &World, bundle: &Value, change: impl FnOnce(&mut Forge)) -> Value {
    let mut forge = Forge::new(world, bundle.clone());
    change(&mut forge);
    for statement in [NEW, OLD] {
        forge.possess(statement);
    }
    forge.settle();
    forge.bundle
}

fn no_reason(f: &mut Forge) {
    f.remove(&format!("{NEW}/credentialSubject/log/reason"));
}

fn no_checkpoint(f: &mut Forge) {
    f.remove(&format!("{NEW}/credentialSubject/log/continues"));
}

fn revokes(f: &mut Forge) {
    let own = f.at(OLD)["credentialSubject"]["key"].clone();
    f.set(&format!("{OLD}/credentialSubject/revokes"), json!([own]));
}

/// The checkpoint is signed by a key that has the old log's name only.
fn stranger(world: &World, bundle: &Value) -> Value {
    changed(world, bundle, |f| {
        let path = format!("{NEW}/credentialSubject/log/continues");
        let note = Note::parse(f.at(&path).as_str().unwrap().as_bytes()).unwrap();
        let head = Checkpoint::parse(note.text()).unwrap();
        f.set(&path, head.sign(&reused()).unwrap().to_string());
    })
}

/// A key with the name of the old log.
fn reused() -> NoteKey {
    NoteKey::log("portal.example/log", SigningKey::from_seed([9; 32])).unwrap()
}

fn same_name(world: &World, bundle: &Value) -> Value {
    changed(world, bundle, |f| {
        f.log_as(reused(), "portal.example/log");
        f.set(&format!("{NEW}/credentialSubject/log/origin"), "portal.example/log");
        f.set(&format!("{NEW}/credentialSubject/log/key"), reused().public().to_string());
    })
}

/// The old log's key under the new log's name.
fn same_key(world: &World, bundle: &Value) -> Value {
    changed(world, bundle, |f| {
        let key = old_log(world, "portal.example/log-2");
        f.set(&format!("{NEW}/credentialSubject/log/key"), key.public().to_string());
        f.log_as(key, "portal.example/log-2");
    })
}

fn same_log(world: &World, _: &Value) -> datadeal::sign::VerifierKey {
    old_log(world, "portal.example/log-2").public().clone()
}

/// The old log's key, under a name.
fn old_log(world: &World, name: &str) -> NoteKey {
    let file = world.dir.path().join("data/keys/log.pem");
    NoteKey::log(name, datadeal::sign::keyfile::read(&file).unwrap()).unwrap()
}

fn other_operator(world: &World, bundle: &Value) -> Value {
    changed(world, bundle, |f| {
        f.set(&format!("{OLD}/credentialSubject/organisation"), owner().as_str());
        f.set(&format!("{OLD}/issuer/registerNumber"), owner().as_str());
    })
}

/// The new log's first statement is of the key that the old log's first one states.
fn old_key(world: &World, bundle: &Value) -> Value {
    changed(world, bundle, |f| {
        let key = f.at(OLD)["credentialSubject"]["key"].clone();
        f.set(&format!("{NEW}/credentialSubject/key"), key.clone());
        f.set(&format!("{NEW}/issuer/id"), key);
    })
}
