//! A log in a folder of its own, and the check of a whole log from storage.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;

use datadeal::clock::{Random as _, SystemRandom};
use datadeal::log::{Log, LogConfig, LogFault, LogItem, LogReader};
use datadeal::merkle::{Edge, Prover, leaf_hash, verify_consistency, verify_inclusion};
use datadeal::model::entry::{Entry, EntryType};
use datadeal::model::{Digest, Time, Urn};
use datadeal::sign::{Checkpoint, Note, NoteKey, SigningKey, VerifierKey};
use datadeal::store::sqlite::Sqlite;
use datadeal::store::{Item, Kind, Record, Store};
use tempfile::TempDir;

pub(crate) const ORIGIN: &str = "data.example/log";

/// Where a log lives: the database and, beside it, the `head` file.
pub(crate) struct Home {
    pub(crate) dir: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        let home = Home { dir: tempfile::tempdir().unwrap() };
        drop(Sqlite::create(&home.database()).unwrap());
        std::fs::create_dir(home.dir.path().join("other-disk")).unwrap();
        home
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.dir.path().join("datadeal.db")
    }

    pub(crate) fn head(&self) -> PathBuf {
        self.dir.path().join("other-disk").join("head")
    }

    /// The database, opened anew.
    pub(crate) fn store(&self) -> Arc<dyn Store> {
        Arc::new(Sqlite::open(&self.database()).unwrap())
    }

    pub(crate) fn config(&self) -> LogConfig {
        LogConfig { key: key(), head_file: Some(self.head()), seen: Vec::new(), queue: 64 }
    }

    pub(crate) fn open(&self, store: Arc<dyn Store>) -> Result<Log, LogFault> {
        Log::open(store, self.config())
    }
}

pub(crate) fn key() -> NoteKey {
    NoteKey::log(ORIGIN, SigningKey::from_seed([1; 32])).unwrap()
}

pub(crate) fn now() -> Time {
    "2026-11-25T09:30:00Z".parse().unwrap()
}

/// A fresh entry about nothing in particular.
pub(crate) fn entry() -> Entry {
    let id = Urn::new(SystemRandom.uuid_v4().unwrap());
    Entry::new(EntryType::Deal, id, "urn:case", None, Digest::of(id.to_string().as_bytes()), now())
}

/// An operation with so many entries, each with its record, and a row.
pub(crate) fn operation(entries: usize) -> LogItem {
    let entries: Vec<Entry> = (0..entries).map(|_| entry()).collect();
    let mut item = Item::default().put(Kind::Setting, SystemRandom.uuid_v4().unwrap().to_string(), None, "state");
    for entry in &entries {
        let id = entry.id.to_string();
        item = item.record(Record::new(id.clone(), entry.kind, None, id.into_bytes()));
    }
    LogItem { item, entries, now: now() }
}

/// Reads everything from storage and verifies every hash, every proof, every record and the checkpoint, and that no
/// entry stands twice. Gives the ids in the order of the log.
pub(crate) fn verify_whole(store: &Arc<dyn Store>) -> Vec<Urn> {
    verify_all(store, key().public())
}

/// As [`verify_whole`], of a log with another key.
pub(crate) fn verify_all(store: &Arc<dyn Store>, key: &VerifierKey) -> Vec<Urn> {
    store.check().unwrap();
    let reader = LogReader::new(Arc::clone(store));
    let Some(head) = store.head().unwrap() else {
        assert!(store.leaves(0, 1).unwrap().is_empty());
        return Vec::new();
    };
    let leaves = store.leaves(0, usize::MAX).unwrap();
    let (mut edge, mut hashes, mut roots) = (Edge::empty(), Vec::new(), vec![Edge::empty().root()]);
    let mut ids = Vec::new();
    for (index, leaf) in (0..).zip(&leaves) {
        assert_eq!(leaf.index, index);
        edge.push(leaf_hash(&leaf.bytes), &mut hashes);
        roots.push(edge.root());
        let entry = Entry::parse(&leaf.bytes).unwrap();
        assert_eq!(entry.digest, leaf.digest);
        assert!(
            store.record_by_digest(&entry.digest, Some(index)).unwrap().is_some(),
            "entry {index} without its record"
        );
        ids.push(entry.id);
    }
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an entry stands twice");
    for level in 0..8 {
        let fresh: Vec<_> = hashes.iter().filter(|(l, _, _)| *l == level).map(|(_, _, hash)| *hash).collect();
        assert_eq!(store.hashes(level, 0, usize::MAX).unwrap(), fresh, "level {level}");
    }
    let note = Note::parse(&head.checkpoint).unwrap();
    let opened = Checkpoint::open(&note, key, &[]).unwrap();
    let (size, root) = (opened.checkpoint().size(), opened.checkpoint().root());
    assert_eq!((size, root), (edge.size(), edge.root()));
    assert_eq!(head.size, size);
    // the hashes are those in storage, as was just seen, so every proof is made of them without asking storage each
    // time
    let mut prover = Prover::new(size, |level, from, count| {
        let row = hashes.iter().filter(|(l, i, _)| *l == level && (from..from + count).contains(i));
        Ok::<_, Infallible>(row.map(|(_, _, hash)| *hash).collect())
    });
    for (index, leaf) in (0..).zip(&leaves) {
        verify_inclusion(leaf_hash(&leaf.bytes), index, size, &prover.inclusion(index).unwrap(), root).unwrap();
    }
    for (old, old_root) in (0..).zip(&roots) {
        verify_consistency(old, *old_root, size, root, &prover.consistency(old).unwrap()).unwrap();
    }
    for old in [0, size / 2, size - 1] {
        assert_eq!(reader.prove(old, size).unwrap(), prover.inclusion(old).unwrap());
        assert_eq!(reader.consistency(old, size).unwrap(), prover.consistency(old).unwrap());
    }
    ids
}
