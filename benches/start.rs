//! `datadeal check` from the start of the process to its answer.

use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::json;

use crate::world::{self, World};
use crate::{Ceiling, median};

pub(crate) fn run(ceilings: &mut Vec<Ceiling>) {
    let world = World::new();
    let facts = world.dir.path().join("facts.json");
    let question = json!({"applicant": world::REUSER, "purpose": "dpv:ScientificResearch",
        "declared": world::facts()["declared"], "scope": {"termMonths": 12}});
    std::fs::write(&facts, question.to_string()).unwrap();
    let data = world.dir.path().join("data");
    let once = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_datadeal"));
        command.arg("--data").arg(&data).args(["--as", "researcher", "check", "--dataset", "register", "--facts"]);
        command.arg(&facts).stdout(Stdio::null());
        let start = Instant::now();
        assert!(command.status().unwrap().success(), "it is a permit");
        start.elapsed().as_secs_f64() * 1e3
    };
    once();
    let found = median((0..21).map(|_| once()).collect());
    ceilings.push(Ceiling { name: "check from start to answer", limit: 50.0, found, unit: "ms" });
}
