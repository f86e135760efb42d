//! Bundles: whole ones, or changes of the one in the vectors as `tests/vectors/bundles.json` writes them. Everything that the vectors
//! hold was logged under their log key; whoever has not that key can add nothing to it.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use datadeal::model::bundle::Bundle;
use datadeal::model::{Digest, json};
use datadeal::sign::{KeyKind, Note, NoteKey, SigningKey, VerifierKey};
use datadeal::verify::{self, Given, MAX_BUNDLE, Verdict};
use serde_json::{Value, json};

use super::seeds::{BUNDLE, BUNDLES, vectors};

/// A bundle.
pub fn bundle(bytes: &[u8]) -> bool {
    let Ok(value) = json::parse(bytes, MAX_BUNDLE) else {
        assert!(verify::read(bytes).is_err());
        return false;
    };
    let whole = if value.get("set").is_some() { changed(&value) } else { value };
    let Ok(bundle) = verify::read(&json::canonical(&whole)) else { return false };
    let written = json::to_value(&bundle, "bundle").expect("a bundle is JSON");
    assert_eq!(verify::read(&json::canonical(&written)), Ok(bundle.clone()));

    let given = given();
    let without = verify::verify(&bundle, &Given::default());
    assert_ne!(without.verdict, Verdict::Valid, "nothing is proved without the key of the log");
    let report = verify::verify(&bundle, &Given { log: Some(&given.log), ..Given::default() });
    if report.verdict != Verdict::Invalid {
        assert_ne!(without.verdict, Verdict::Invalid, "a key that is given makes nothing right");
        for (what, document) in documents(&bundle) {
            assert!(given.known.contains(&Digest::of_document(&document)), "{what} was never logged, and it counts");
        }
        let refused = |log, witnesses, quorum| {
            let report = verify::verify(&bundle, &Given { log: Some(log), witnesses, quorum });
            assert_eq!(report.verdict, Verdict::Invalid);
        };
        refused(&given.stranger, &[], 0);
        refused(&given.log, &given.twins, 2);
    }
    true
}

/// Everything in a bundle that a verifier can rely on, with its name; the checkpoint as the text that was signed.
fn documents(bundle: &Bundle) -> Vec<(&'static str, Value)> {
    let records = bundle.records().map(|(what, document)| (what, document.clone()));
    let beside = bundle.input.iter().map(|d| ("input", d.clone()));
    let beside = beside.chain(bundle.sides.iter().map(|d| ("side", d.clone())));
    let beside = beside.chain(bundle.evidence.iter().map(|d| ("evidence", d.clone())));
    let note = Note::parse(bundle.log.checkpoint.as_bytes());
    let head = note.map_or_else(|_| json!(bundle.log.checkpoint), |note| json!(note.text()));
    records.chain(beside).chain([("checkpoint", head)]).collect()
}

struct Known {
    log: VerifierKey,
    /// A key of the same name that never signed anything.
    stranger: VerifierKey,
    /// One witness under two names.
    twins: [VerifierKey; 2],
    known: BTreeSet<Digest>,
}

fn given() -> &'static Known {
    static GIVEN: OnceLock<Known> = OnceLock::new();
    GIVEN.get_or_init(|| {
        let vectors = vectors(BUNDLES, "bundle");
        let log: VerifierKey = vectors[0]["log"].as_str().expect("a key").parse().expect("a key");
        let whole = vectors.iter().map(changed).filter_map(|whole| verify::read(&json::canonical(&whole)).ok());
        let known = whole.flat_map(|b| documents(&b)).map(|(_, document)| Digest::of_document(&document)).collect();
        let stranger = NoteKey::log(log.name(), SigningKey::from_seed([77; 32])).expect("a name").public().clone();
        let witness = SigningKey::from_seed([2; 32]).public();
        let twin = |name| VerifierKey::new(name, KeyKind::Cosignature, witness).expect("a name");
        Known { log, stranger, twins: ["witness.example/w1", "witness.example/twin"].map(twin), known }
    })
}

/// The bundle of the vectors with members set and removed; paths that lead nowhere change nothing.
fn changed(vector: &Value) -> Value {
    let mut whole: Value = serde_json::from_str(BUNDLE).expect("a bundle is JSON");
    let map = whole.as_object_mut().expect("a bundle is an object");
    let place = |path: &str| {
        let mut steps = path.split('/').skip(1).map(str::to_owned);
        (steps.next().unwrap_or_default(), steps.next().and_then(|step| step.parse::<usize>().ok()))
    };
    for (path, value) in vector["set"].as_object().into_iter().flatten() {
        match place(path) {
            (name, None) => {
                map.insert(name, value.clone());
            }
            (name, Some(index)) => {
                let list = map.entry(name).or_insert_with(|| json!([])).as_array_mut();
                match list.map(|list| (index < list.len(), list)) {
                    Some((true, list)) => list[index] = value.clone(),
                    Some((false, list)) => list.push(value.clone()),
                    None => {}
                }
            }
        }
    }
    for path in vector["remove"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        match place(path) {
            (name, None) => {
                map.remove(&name);
            }
            (name, Some(index)) => {
                if let Some(list) = map.get_mut(&name).and_then(Value::as_array_mut).filter(|list| index < list.len()) {
                    list.remove(index);
                }
            }
        }
    }
    whole
}
