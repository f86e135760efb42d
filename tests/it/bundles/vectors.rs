//! The bundles as files for other implementers.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use datadeal::model::json;
use serde_json::{Value, json};

use super::{first_failed, made};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

/// The members and items of a bundle that differ from the base, by path.
fn difference(base: &Value, bundle: &Value) -> (serde_json::Map<String, Value>, Vec<String>) {
    let (mut set, mut removed) = (serde_json::Map::new(), Vec::new());
    let (base, bundle) = (base.as_object().unwrap(), bundle.as_object().unwrap());
    removed.extend(base.keys().filter(|k| !bundle.contains_key(*k)).map(|k| format!("/{k}")));
    for (member, value) in bundle {
        let lists = base.get(member).and_then(Value::as_array).zip(value.as_array());
        match lists {
            Some((old, new)) if old.len() <= new.len() => {
                for (i, item) in new.iter().enumerate().filter(|(i, item)| old.get(*i) != Some(item)) {
                    set.insert(format!("/{member}/{i}"), item.clone());
                }
            }
            _ if base.get(member) == Some(value) => {}
            _ => _ = set.insert(format!("/{member}"), value.clone()),
        }
    }
    (set, removed)
}

/// The vectors stand in `tests/vectors/` byte for byte.
#[test]
fn bundles_are_vectors() {
    let made = made();
    let base = &made[0].bundle;
    let mut lines = Vec::new();
    let mut musts = BTreeSet::new();
    // the right ones, and the first wrong one of each MUST in each log
    for m in made.iter().filter(|m| m.must.is_none_or(|must| musts.insert((must, m.log.name())))) {
        let (set, remove) = difference(base, &m.bundle);
        let not_given = if m.must.is_none() { first_failed(m).2 } else { Vec::new() };
        lines.push(json::canonical(&json!({
            "name": m.name, "kind": "bundle", "valid": m.must.is_none(), "must": m.must.unwrap_or("S-80"),
            "input": {"base": "bundle.json", "set": set, "remove": remove, "log": m.log, "witnesses": m.witnesses, "quorum": m.quorum},
            "output": {"notGiven": not_given},
        })));
    }
    let lines: Vec<String> = lines.into_iter().map(|l| String::from_utf8(l).unwrap()).collect();
    let vectors = format!("[\n{}\n]\n", lines.join(",\n"));
    let whole = format!("{}\n", String::from_utf8(json::canonical(base)).unwrap());
    for (name, text) in [("bundles.json", vectors), ("bundle.json", whole)] {
        let path = folder().join(name);
        if std::env::var_os("DATADEAL_BLESS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let same = std::fs::read_to_string(&path).is_ok_and(|found| found == text);
        assert!(same, "{name} differs: run `DATADEAL_BLESS=1 cargo test --test it bundles` and look at the change");
    }
}
