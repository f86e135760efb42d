//! Signed notes, the checkpoints in them, and the keys that others give.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use datadeal::sign::{Checkpoint, KeyKind, Note, NoteSignature, VerifierKey};
use serde_json::Value;

use super::seeds;
use super::seeds::{NOTES, vectors};

/// A note, or the text of a key.
pub fn note(bytes: &[u8]) -> bool {
    if let Ok(text) = std::str::from_utf8(bytes) {
        one_spelling(text);
    }
    let Ok(note) = Note::parse(bytes) else { return false };
    assert_eq!(note.to_string().as_bytes(), bytes, "printed as it was read");
    for key in keys().iter().filter(|key| note.verify(std::slice::from_ref(*key)).is_ok()) {
        let made = signed().contains(&(note.text().to_owned(), key.to_string()));
        assert!(made, "a signature by {key} holds that nobody made");
    }
    if let Ok(signers) = note.verify(keys()) {
        let different: BTreeSet<String> = signers.iter().map(|s| s.key.to_string()).collect();
        assert!(different.len() == signers.len() && signers.len() <= note.signatures().len(), "each signer once");
    }
    checkpoint(&note);
    true
}

/// Keys, signature lines and checkpoints that are read are printed as they were.
fn one_spelling(text: &str) {
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
    }
    if let Ok(line) = text.parse::<NoteSignature>() {
        assert_eq!(line.to_string(), text);
    }
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.to_string(), text);
    }
}

/// What opens is the checkpoint of that log, and counts no witness twice.
fn checkpoint(note: &Note) {
    one_spelling(note.text());
    let (logs, witnesses): (Vec<VerifierKey>, _) = keys().iter().cloned().partition(|k| k.kind() == KeyKind::Note);
    for log in &logs {
        let Ok(opened) = Checkpoint::open(note, log, &witnesses) else { continue };
        let head = opened.checkpoint();
        assert_eq!((head.origin(), head.to_string().as_str()), (log.name(), note.text()));
        let seen: BTreeSet<_> = opened.cosigned().iter().map(|(key, _)| key.key()).collect();
        assert!(opened.require(seen.len()).is_ok());
        assert!(opened.require(seen.len() + 1).is_err());
    }
}

/// Every key that the vectors name.
fn keys() -> &'static [VerifierKey] {
    static KEYS: OnceLock<Vec<VerifierKey>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let inputs = ["note", "checkpoint"].into_iter().flat_map(|kind| vectors(NOTES, kind));
        let named = inputs.flat_map(|v| {
            let lists = ["keys", "witnesses"].map(|member| v[member].as_array().cloned().unwrap_or_default());
            lists.concat().into_iter().chain([v["log"].clone()])
        });
        let texts: BTreeSet<String> = named.filter_map(|v: Value| v.as_str().map(str::to_owned)).collect();
        texts.iter().map(|text| text.parse().expect("a vector names a key")).collect()
    })
}

/// What was signed by whom: the text with the key. Whoever has no key cannot add to it.
fn signed() -> &'static BTreeSet<(String, String)> {
    static SIGNED: OnceLock<BTreeSet<(String, String)>> = OnceLock::new();
    SIGNED.get_or_init(|| {
        let notes = seeds("note").into_iter().filter_map(|bytes| Note::parse(&bytes).ok());
        notes
            .flat_map(|note| {
                let by = keys().iter().filter(|key| note.verify(std::slice::from_ref(*key)).is_ok());
                by.map(|key| (note.text().to_owned(), key.to_string())).collect::<Vec<_>>()
            })
            .collect()
    })
}
