//! Proof files: that an entry is in a log. The log is that of the vectors, so its key is at hand and every right answer is known.

use std::convert::Infallible;
use std::sync::OnceLock;

use datadeal::merkle::{Edge, Hash, inclusion_proof, leaf_hash};
use datadeal::sign::{Checkpoint, Note, NoteKey, SigningKey, TlogProof};

/// The sizes at which the vectors have a checkpoint.
const SIZES: [u64; 3] = [1, 257, 600];
const ORIGIN: &str = "deals.example/log";

/// A proof file.
pub fn proof(bytes: &[u8]) -> bool {
    let Ok(proof) = TlogProof::parse(bytes) else { return false };
    assert_eq!(proof.to_string().as_bytes(), bytes, "printed as it was read");
    let log = log();
    let (index, path) = (proof.index(), proof.path());
    // with the checkpoint that the file has, and with every one that the log really signed
    let holds = |proof: &TlogProof, entry: &[u8]| proof.verify(entry, log.key.public(), &[], 0).is_ok();
    for entry in [entry(index), entry(index.wrapping_add(1)), entry(0), String::new()] {
        if holds(&proof, entry.as_bytes()) {
            let size = Checkpoint::parse(proof.checkpoint().text()).expect("it was opened").size();
            assert!(SIZES.contains(&size), "a checkpoint opens that the log never signed");
            assert_eq!((entry, path), (self::entry(index), log.path(index, size).as_slice()));
        }
    }
    for (size, head) in SIZES.into_iter().zip(&log.heads) {
        let under = TlogProof::new(index, path.to_vec(), head.clone()).expect("a path that was read");
        let honest = index < size && path == log.path(index, size);
        assert_eq!(holds(&under, entry(index).as_bytes()), honest, "entry {index} of {size}");
        for other in [entry(index.wrapping_add(1)), format!("{} ", entry(index)), String::new()] {
            assert!(!holds(&under, other.as_bytes()), "{other:?} is not entry {index} of {size}");
        }
    }
    true
}

/// Proofs that hold, of entries at the edges of the tree.
pub(super) fn honest() -> Vec<Vec<u8>> {
    let log = log();
    let of_size = |(size, head): (u64, &Note)| {
        let indexes = [0, 1, 255, 256, 511, 599].into_iter().filter(move |index| *index < size);
        let head = head.clone();
        indexes.map(move |index| TlogProof::new(index, log.path(index, size), head.clone()).expect("a short path"))
    };
    SIZES.into_iter().zip(&log.heads).flat_map(of_size).map(|proof| proof.to_string().into_bytes()).collect()
}

struct Log {
    key: NoteKey,
    /// Every hash of a complete subtree: level, index, hash.
    stored: Vec<(u8, u64, Hash)>,
    /// A checkpoint for each of [`SIZES`].
    heads: Vec<Note>,
}

fn entry(i: u64) -> String {
    format!("{{\"deal\":\"urn:uuid:{i}\",\"seq\":{i},\"terms\":\"é\"}}")
}

fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let key = NoteKey::log(ORIGIN, SigningKey::from_seed([1; 32])).expect("a name");
        let (mut edge, mut stored, mut heads) = (Edge::empty(), Vec::new(), Vec::new());
        for i in 0..600 {
            edge.push(leaf_hash(entry(i).as_bytes()), &mut stored);
            if SIZES.contains(&edge.size()) {
                let head = Checkpoint::new(ORIGIN, edge.size(), edge.root()).expect("one line");
                heads.push(head.sign(&key).expect("the log's own key"));
            }
        }
        Log { key, stored, heads }
    })
}

impl Log {
    fn path(&self, index: u64, size: u64) -> Vec<Hash> {
        let read = |level: u8, from: u64, count: u64| {
            let row = self.stored.iter().filter(|(l, i, _)| *l == level && (from..from + count).contains(i));
            Ok::<_, Infallible>(row.map(|(_, _, hash)| *hash).collect())
        };
        inclusion_proof(index, size, read).unwrap_or_default()
    }
}
