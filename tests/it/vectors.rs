//! Every vector of `tests/vectors/` (format in its README): what is right gives what it says, what is wrong breaks the MUST
//! that it names. The vectors were made by another program than this one.

use std::convert::Infallible;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use datadeal::merkle::tiles::{self, Tile, TileError, TileKind};
use datadeal::merkle::{Edge, Hash, VerifyError, consistency_proof, leaf_hash, verify_consistency, verify_inclusion};
use datadeal::model::json;
use datadeal::model::{DidKey, Digest, OrgId, Salt, Time};
use datadeal::sign::{Checkpoint, Note, NoteError, NoteKey, ProofError, SigningKey, TlogProof, VerifierKey, proof};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What a vector gives: its output, or the MUST that it breaks; `None` where the reader does not name one.
type Outcome = Result<Value, Option<&'static str>>;

fn of<T: DeserializeOwned>(input: &Value, name: &str) -> T {
    serde_json::from_value(input[name].clone()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn note(e: NoteError) -> Option<&'static str> {
    Some(e.must())
}

fn proof_must(e: ProofError) -> Option<&'static str> {
    Some(e.must())
}

fn tile(e: TileError) -> Option<&'static str> {
    Some(e.must())
}

fn run(kind: &str, input: &Value) -> Outcome {
    let text = |name: &str| of::<String>(input, name);
    let bytes = |name: &str| STANDARD.decode(text(name)).unwrap();
    match kind {
        "document" => {
            let document = json::parse(text("text").as_bytes(), json::MAX_BYTES).map_err(|_| None)?;
            let canonical = String::from_utf8(json::canonical(&document)).unwrap();
            Ok(json!({"canonical": canonical, "digest": Digest::of_document(&document)}))
        }
        "time" => text("text").parse::<Time>().map(|_| Value::Null).map_err(|_| None),
        "did-key" => text("text").parse::<DidKey>().map(|_| Value::Null).map_err(|_| None),
        "organisation" => text("text").parse::<OrgId>().map(|_| Value::Null).map_err(|_| None),
        "proof" => {
            let verified = proof::verify(&input["document"]).map_err(proof_must)?;
            Ok(json!({"key": verified.key, "created": verified.created}))
        }
        "sign" => {
            let seed: Digest = of(input, "seed"); // 32 bytes in hex
            let key = SigningKey::from_seed(*seed.as_bytes());
            let signed = proof::sign(&input["document"], &key, of(input, "created")).map_err(proof_must)?;
            Ok(json!({"document": signed.value()}))
        }
        "vkey" => text("text").parse::<VerifierKey>().map(|_| Value::Null).map_err(note),
        "note" => {
            let read = Note::parse(text("note").as_bytes()).map_err(note)?;
            assert_eq!(read.to_string(), text("note"), "printed as it was read");
            let keys: Vec<VerifierKey> = of(input, "keys");
            let signers = read.verify(&keys).map_err(note)?;
            Ok(json!({"signers": signers.iter().map(|s| s.key.name()).collect::<Vec<_>>()}))
        }
        "checkpoint" => {
            let read = Note::parse(text("note").as_bytes()).map_err(note)?;
            let witnesses: Vec<VerifierKey> = of(input, "witnesses");
            let opened = Checkpoint::open(&read, &of(input, "log"), &witnesses).map_err(note)?;
            opened.require(of(input, "quorum")).map_err(note)?;
            let cosigned = opened.cosigned().iter().map(|(k, time)| json!({"name": k.name(), "time": time}));
            let head = opened.checkpoint();
            Ok(json!({"origin": head.origin(), "size": head.size(), "root": head.root(),
                "cosigned": cosigned.collect::<Vec<_>>()}))
        }
        "tlog-proof" => {
            let read = TlogProof::parse(text("file").as_bytes()).map_err(note)?;
            assert_eq!(read.to_string(), text("file"), "printed as it was read");
            let witnesses: Vec<VerifierKey> = of(input, "witnesses");
            let entry = text("entry");
            let opened = read.verify(entry.as_bytes(), &of(input, "log"), &witnesses, of(input, "quorum"));
            Ok(json!({"size": opened.map_err(note)?.checkpoint().size()}))
        }
        "inclusion" => {
            let path: Vec<Hash> = of(input, "proof");
            let verified =
                verify_inclusion(of(input, "leaf"), of(input, "index"), of(input, "size"), &path, of(input, "root"));
            verified.map(|()| Value::Null).map_err(|e| Some(VerifyError::must_of_inclusion(e)))
        }
        "consistency" => {
            let path: Vec<Hash> = of(input, "proof");
            let (old, new) = (of(input, "old"), of(input, "new"));
            let verified = verify_consistency(old, of(input, "oldRoot"), new, of(input, "newRoot"), &path);
            verified.map(|()| Value::Null).map_err(|e| Some(VerifyError::must_of_consistency(e)))
        }
        "tile-path" => {
            let read: Tile = text("path").parse().map_err(tile)?;
            assert_eq!(read.to_string(), text("path"));
            let kind = match read.kind() {
                TileKind::Entries => "entries".to_owned(),
                TileKind::Hashes(level) => level.to_string(),
            };
            Ok(json!({"kind": kind, "index": read.index(), "width": read.width()}))
        }
        "hash-tile" => {
            let hashes = tiles::decode_hashes(&bytes("base64")).map_err(tile)?;
            assert_eq!(tiles::encode_hashes(&hashes), bytes("base64"));
            Ok(json!({"hashes": hashes.len()}))
        }
        "entries" => {
            let bundle = bytes("base64");
            let entries = tiles::decode_entries(&bundle).map_err(tile)?;
            assert_eq!(tiles::encode_entries(&entries).unwrap(), bundle);
            Ok(json!({"entries": entries.iter().map(|e| STANDARD.encode(e)).collect::<Vec<_>>()}))
        }
        other => panic!("no such kind: {other}"),
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

/// Runs a file and gives the MUSTs that its vectors name.
fn run_file(name: &str) -> Vec<String> {
    let vectors: Vec<Value> = serde_json::from_slice(&std::fs::read(folder().join(name)).unwrap()).unwrap();
    let mut musts = Vec::new();
    for vector in &vectors {
        let text = |member: &str| vector[member].as_str().unwrap_or_else(|| panic!("{member} of {vector}"));
        let title = format!("{name}: {}: {}", text("kind"), text("name"));
        musts.push(text("must").to_owned());
        match (run(text("kind"), &vector["input"]), vector["valid"].as_bool().unwrap()) {
            (Ok(output), true) => assert_eq!(output, vector["output"], "{title}"),
            (Err(must), false) => assert_eq!(must.unwrap_or(text("must")), text("must"), "{title}"),
            (Ok(_), false) => panic!("{title}: it is accepted"),
            (Err(must), true) => panic!("{title}: it breaks {must:?}"),
        }
    }
    musts.sort_unstable();
    musts.dedup();
    musts
}

/// S-1 S-2 S-3 S-4 S-6 S-7 S-9 S-10 S-11 S-12 S-13: documents, times, keys and organisations.
#[test]
fn documents() {
    let musts = ["S-1", "S-10", "S-11", "S-12", "S-13", "S-2", "S-3", "S-4", "S-6", "S-7", "S-9"];
    assert_eq!(run_file("documents.json"), musts);
}

/// S-20 S-21 S-22 S-23 S-24 S-25 S-26 S-27 S-28 S-29 S-30: proofs on records.
#[test]
fn proofs() {
    assert_eq!(run_file("proofs.json"), (20..=30).map(|n| format!("S-{n}")).collect::<Vec<_>>());
}

/// S-40 S-41 S-42 S-43 S-44 S-45 S-46 S-47 S-48 S-49 S-50 S-55 S-56: notes, checkpoints and proof files.
#[test]
fn notes() {
    let musts = (40..=50).chain([55, 56]).map(|n| format!("S-{n}")).collect::<Vec<_>>();
    assert_eq!(run_file("notes.json"), musts);
}

/// S-50 S-51 S-52 S-53 S-54: the tree and its tiles.
#[test]
fn tree() {
    assert_eq!(run_file("tree.json"), ["S-50", "S-51", "S-52", "S-53", "S-54"]);
}

/// S-5: a document of 4 MiB is read, one more byte is not.
#[test]
fn documents_have_a_largest_size() {
    let of_size = |size: usize| format!("\"{}\"", "x".repeat(size - 2));
    assert!(json::parse(of_size(4_194_304).as_bytes(), json::MAX_BYTES).is_ok());
    assert!(json::parse(of_size(4_194_305).as_bytes(), json::MAX_BYTES).is_err());
}

/// S-8: a salt is 32 bytes, written like a digest.
#[test]
fn salts_are_32_bytes_in_hex() {
    let text = format!("\"{}\"", "0a".repeat(32));
    let salt: Salt = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&salt).unwrap(), text);
    for bad in ["\"\"", "\"0a\"", &text.to_uppercase()] {
        assert!(serde_json::from_str::<Salt>(bad).is_err());
    }
}

/// The examples that `SPEC.md` works out in sections 2 to 4 stand in the vectors with the same bytes.
#[test]
fn spec_examples_are_vectors() {
    let spec = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("SPEC.md")).unwrap();
    let example = |after: &str| {
        let (_, rest) = spec.split_once(after).unwrap_or_else(|| panic!("no `{after}`"));
        let block = rest.split_once("```text\n").unwrap().1.split_once("```").unwrap().0;
        block.to_owned()
    };
    let vectors = |file: &str| std::fs::read_to_string(folder().join(file)).unwrap();
    let holds = |file: &str, text: &str| vectors(file).contains(serde_json::to_string(text).unwrap().trim_matches('"'));

    let document = json::parse(example("Example 3.2").trim_end().as_bytes(), json::MAX_BYTES).unwrap();
    assert!(proof::verify(&document).is_ok());
    let known: Vec<Value> = serde_json::from_str(&vectors("proofs.json")).unwrap();
    assert!(known.iter().any(|v| v["valid"] == true && v["input"]["document"] == document));
    assert!(holds("notes.json", &example("Example 4.1")));
    assert!(holds("notes.json", &example("Example 4.2")));
    assert!(holds("notes.json", &example("Example 4.4")));
}

/// S-46 S-48 S-51 S-55: the log of 600 entries of another program, from its files, where they are at hand.
#[test]
fn a_foreign_log_comes_out_the_same() {
    let shared = std::env::var_os("DATADEAL_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let log = shared.join("vectors/log");
    if !log.is_dir() {
        eprintln!("skipped: needs ../shared");
        return;
    }
    let text = |name: &str| std::fs::read_to_string(log.join(name)).unwrap();
    let key = NoteKey::log("deals.example/log", SigningKey::from_seed([1; 32])).unwrap();
    let witness = NoteKey::witness("witness.example/w1", SigningKey::from_seed([2; 32])).unwrap();
    assert_eq!(key.public().to_string(), text("log.vkey").trim_end());
    assert_eq!(witness.public().to_string(), text("witness.vkey").trim_end());

    let entry = |i: u64| format!("{{\"deal\":\"urn:uuid:{i}\",\"seq\":{i},\"terms\":\"é\"}}");
    let (mut edge, mut stored, mut middle) = (Edge::empty(), vec![], None);
    for i in 0..600 {
        edge.push(leaf_hash(entry(i).as_bytes()), &mut stored);
        if edge.size() == 257 {
            middle = Some(edge.clone());
        }
    }
    let middle = middle.unwrap();
    let read = |level: u8, from: u64, count: u64| {
        let row = stored.iter().filter(|(l, i, _)| *l == level && (from..from + count).contains(i));
        Ok::<_, Infallible>(row.map(|(_, _, hash)| *hash).collect())
    };
    let head =
        |edge: &Edge| Checkpoint::new("deals.example/log", edge.size(), edge.root()).unwrap().sign(&key).unwrap();
    assert_eq!(head(&middle).to_string(), text("checkpoint.257"));
    let foreign = Note::parse(text("checkpoint").as_bytes()).unwrap();
    let opened = Checkpoint::open(&foreign, key.public(), &[witness.public().clone()]).unwrap();
    let (_, seen) = opened.cosigned()[0];
    let note = head(&edge);
    let cosignature = witness.cosign(&note, seen).unwrap();
    let note = note.with(cosignature).unwrap();
    assert_eq!(note, foreign);

    let path = consistency_proof(257, 600, read).unwrap();
    assert_eq!(path.iter().map(|h| format!("{h}\n")).collect::<String>(), text("consistency-257-600.txt"));
    assert_eq!(verify_consistency(257, middle.root(), 600, edge.root(), &path), Ok(()));
    let path = datadeal::merkle::inclusion_proof(300, 600, read).unwrap();
    let proof = TlogProof::new(300, path, note).unwrap();
    assert_eq!(proof.to_string(), text("300.tlog-proof"));
    assert!(proof.verify(entry(300).as_bytes(), key.public(), &[witness.public().clone()], 1).is_ok());
}
