//! A forger with every key: changes a record of a bundle, then signs again whatever names it, and makes the log anew, so that all is
//! right but for the one thing that was changed.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::Path;

use datadeal::engine::Engine;
use datadeal::merkle::{Edge, Hash, inclusion_proof, leaf_hash};
use datadeal::model::entry::{Entry, EntryType};
use datadeal::model::{DidKey, Digest, Salt, Time, Urn, json};
use datadeal::sign::{Checkpoint, NoteKey, SigningKey, keyfile, proof};
use serde_json::Value;

use crate::story::World;

/// Members of a bundle that hold documents.
const MEMBERS: [&str; 21] = [
    "keyStatements",
    "schema",
    "conditionSets",
    "trustList",
    "mandates",
    "withdrawals",
    "sides",
    "evidence",
    "history",
    "request",
    "approvals",
    "input",
    "decision",
    "supersedes",
    "deal",
    "acceptance",
    "revocations",
    "reviews",
    "supersededBy",
    "supersededByAcceptance",
    "erasures",
];

/// A bundle with the keys of all its issuers and its whole log.
pub(crate) struct Forge {
    pub(crate) bundle: Value,
    entries: Vec<Vec<u8>>,
    keys: BTreeMap<DidKey, SigningKey>,
    log: NoteKey,
    /// The name of the log.
    origin: String,
    /// What each document was before: canonical bytes without proof, and digest.
    before: BTreeMap<String, (Vec<u8>, Digest)>,
}

impl Forge {
    pub(crate) fn new(world: &World, bundle: Value) -> Self {
        Self::of(&world.engine, &world.dir.path().join("data/keys"), bundle)
    }

    /// With the keys of a folder, that of the log among them.
    pub(crate) fn of(engine: &Engine, folder: &Path, bundle: Value) -> Self {
        let vkey = engine.log_key().unwrap();
        let (mut keys, mut log) = (BTreeMap::new(), None);
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let key = keyfile::read(&path).unwrap();
            if key.public() == vkey.key() {
                log = Some(NoteKey::log(vkey.name(), keyfile::read(&path).unwrap()).unwrap());
            }
            keys.insert(key.public(), key);
        }
        let reader = engine.log_reader();
        let size = reader.head().unwrap().unwrap().size;
        let entries = (0..size).map(|i| reader.entry(i).unwrap().unwrap().bytes).collect();
        let (log, origin) = (log.unwrap(), vkey.name().to_owned());
        let mut forge = Forge { bundle, entries, keys, log, origin, before: BTreeMap::new() };
        for path in forge.documents() {
            let document = &forge.bundle.pointer(&path).unwrap();
            forge.before.insert(path.clone(), (unsigned(document), Digest::of_document(document)));
        }
        forge
    }

    /// Every entry of its log.
    pub(crate) fn entries(&self) -> &[Vec<u8>] {
        &self.entries
    }

    /// A log of another name and key, which entry 0 has to name too.
    pub(crate) fn log_as(&mut self, log: NoteKey, origin: &str) {
        (self.log, self.origin) = (log, origin.to_owned());
    }

    /// The paths of all documents, in the order in which they name one another: that of the log, the input just before its decision.
    fn documents(&self) -> Vec<String> {
        let mut paths = Vec::new();
        for member in MEMBERS {
            match self.bundle.get(member) {
                Some(Value::Array(items)) => paths.extend((0..items.len()).map(|i| format!("/{member}/{i}"))),
                Some(_) => paths.push(format!("/{member}")),
                None => {}
            }
        }
        let entries = self.bundle["log"]["entries"].as_array().unwrap();
        let place = |path: &str| {
            let digest = self.before.get(path)?.1.to_string();
            entries.iter().find(|e| e["record"] == digest.as_str())?["index"].as_u64()
        };
        paths.sort_by_key(|path| match path.as_str() {
            "/input" => (place("/decision"), 0),
            _ => (place(path), 1),
        });
        paths
    }

    pub(crate) fn at(&mut self, path: &str) -> &mut Value {
        self.bundle.pointer_mut(path).unwrap_or_else(|| panic!("no {path}"))
    }

    pub(crate) fn set(&mut self, path: &str, value: impl Into<Value>) {
        let (parent, member) = path.rsplit_once('/').unwrap();
        match self.at(parent) {
            Value::Object(map) => _ = map.insert(member.to_owned(), value.into()),
            Value::Array(items) => items[member.parse::<usize>().unwrap()] = value.into(),
            other => panic!("{path}: {other}"),
        }
    }

    pub(crate) fn remove(&mut self, path: &str) {
        let (parent, member) = path.rsplit_once('/').unwrap();
        match self.at(parent) {
            Value::Object(map) => assert!(map.remove(member).is_some(), "{path}"),
            Value::Array(items) => _ = items.remove(member.parse::<usize>().unwrap()),
            other => panic!("{path}: {other}"),
        }
    }

    /// The place among the entries of the log of the record at a path.
    pub(crate) fn entry_of(&self, path: &str) -> String {
        let digest = self.before[path].1.to_string();
        let entries = self.bundle["log"]["entries"].as_array().unwrap();
        let at = entries.iter().position(|e| e["record"] == digest.as_str()).unwrap();
        format!("/log/entries/{at}")
    }

    /// Appends a record without proof, with its entry at the end of the log.
    pub(crate) fn append(&mut self, member: &str, record: Value, kind: EntryType, case: &str, salt: Option<&Salt>) {
        let signed = self.sign(record);
        let digest = Digest::of_document(&signed);
        let number = self.entries.len();
        let id: Urn = format!("urn:uuid:00000000-0000-4000-8000-{number:012}").parse().unwrap();
        let now: Time = signed["validFrom"].as_str().unwrap().parse().unwrap();
        let bytes = Entry::new(kind, id, case, salt, digest, now).to_bytes();
        let entry: Value = serde_json::from_slice(&bytes).unwrap();
        let place = serde_json::json!({"record": digest, "index": number, "entry": entry, "proof": []});
        self.entries.push(bytes);
        self.bundle["log"]["entries"].as_array_mut().unwrap().push(place);
        let path = if member.ends_with('s') {
            let list = self.bundle.as_object_mut().unwrap().entry(member).or_insert_with(|| Value::Array(Vec::new()));
            list.as_array_mut().unwrap().push(signed.clone());
            format!("/{member}/{}", list.as_array().unwrap().len() - 1)
        } else {
            self.bundle[member] = signed.clone();
            format!("/{member}")
        };
        self.before.insert(path, (unsigned(&signed), digest));
    }

    /// Signs with the key that the issuer names, at the time that it states.
    pub(crate) fn sign(&self, mut record: Value) -> Value {
        record.as_object_mut().unwrap().remove("proof");
        let key: DidKey = record["issuer"]["id"].as_str().unwrap().parse().unwrap();
        let created = record["validFrom"].as_str().unwrap().parse().unwrap();
        proof::sign(&record, &self.keys[&key], created).unwrap().value()
    }

    /// The key of an organisation, the first that was stated.
    pub(crate) fn key_of(&self, organisation: &str) -> &SigningKey {
        let statements = self.bundle["keyStatements"].as_array().unwrap();
        let found = statements.iter().find(|s| s["credentialSubject"]["organisation"] == organisation).unwrap();
        let key: DidKey = found["credentialSubject"]["key"].as_str().unwrap().parse().unwrap();
        &self.keys[&key]
    }

    /// A new proof of possession for a changed key statement.
    pub(crate) fn possess(&mut self, path: &str) {
        let subject = &self.bundle.pointer(path).unwrap()["credentialSubject"];
        let key: DidKey = subject["key"].as_str().unwrap().parse().unwrap();
        let message = canonical_without(subject, "possession");
        let text = format!("z{}", bs58(&self.keys[&key].sign(&message)));
        self.set(&format!("{path}/credentialSubject/possession"), text);
    }

    /// Signs what was changed and all that names it, then makes log, proofs and checkpoint anew.
    pub(crate) fn settle(&mut self) {
        for path in self.documents() {
            let document = self.bundle.pointer(&path).unwrap().clone();
            let (bytes, digest) = self.before[&path].clone();
            if unsigned(&document) == bytes {
                continue;
            }
            let document = if document.get("proof").is_some() { self.sign(document) } else { document };
            *self.at(&path) = document.clone();
            self.renamed(digest, Digest::of_document(&document));
        }
        self.relog();
    }

    /// One document has another digest: so it is named from now on.
    pub(crate) fn renamed(&mut self, old: Digest, new: Digest) {
        let text = String::from_utf8(json::canonical(&self.bundle)).unwrap();
        self.bundle = serde_json::from_str(&text.replace(&old.to_string(), &new.to_string())).unwrap();
    }

    /// The log as the bundle's entries say, under a new checkpoint.
    pub(crate) fn relog(&mut self) {
        for place in self.bundle["log"]["entries"].as_array().unwrap() {
            self.entries[usize::try_from(place["index"].as_u64().unwrap()).unwrap()] = json::canonical(&place["entry"]);
        }
        let (mut edge, mut stored) = (Edge::empty(), Vec::new());
        for entry in &self.entries {
            edge.push(leaf_hash(entry), &mut stored);
        }
        let read = |level: u8, from: u64, count: u64| {
            let row = stored.iter().filter(|(l, i, _)| *l == level && (from..from + count).contains(i));
            Ok::<Vec<Hash>, Infallible>(row.map(|(_, _, hash)| *hash).collect())
        };
        for place in self.bundle["log"]["entries"].as_array_mut().unwrap() {
            let path = inclusion_proof(place["index"].as_u64().unwrap(), edge.size(), read).unwrap();
            place["proof"] = path.iter().map(ToString::to_string).collect::<Vec<_>>().into();
        }
        let head = Checkpoint::new(&self.origin, edge.size(), edge.root()).unwrap();
        self.bundle["log"]["checkpoint"] = head.sign(&self.log).unwrap().to_string().into();
    }
}

/// The canonical bytes of a document without its proof.
fn unsigned(document: &Value) -> Vec<u8> {
    canonical_without(document, "proof")
}

fn canonical_without(document: &Value, member: &str) -> Vec<u8> {
    let mut document = document.clone();
    if let Some(members) = document.as_object_mut() {
        members.remove(member);
    }
    json::canonical(&document)
}

/// base58btc, as it is written in proofs.
fn bs58(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut digits: Vec<u8> = Vec::new();
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += u32::from(*digit) << 8;
            *digit = u8::try_from(carry % 58).unwrap();
            carry /= 58;
        }
        while carry > 0 {
            digits.push(u8::try_from(carry % 58).unwrap());
            carry /= 58;
        }
    }
    let zeros = bytes.iter().take_while(|b| **b == 0).map(|_| '1');
    zeros.chain(digits.iter().rev().map(|d| char::from(ALPHABET[usize::from(*d)]))).collect()
}
