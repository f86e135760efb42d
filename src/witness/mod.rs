//! A witness: remembers the last checkpoint that it saw of each log, and cosigns only what continues it (C2SP
//! tlog-witness). With one outside the operator's hands, the operator cannot show two histories.
//!
//! The order of an answer, and what is left if we die at that point:
//!
//! 1. *Signature and consistency are checked.* Nothing has happened.
//! 2. *The new checkpoint is in the state file, synced.* The log gets no cosignature; it asks again, is told the size
//!    that we know, and gets one for that or a later checkpoint.
//! 3. *The cosignature is made and answered.*
//!
//! So a cosignature never exists without the memory of it, and the memory is what must not be rolled back: the state
//! file does not belong in a backup that is ever restored.

mod question;

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::durable;
use crate::merkle::{Hash, VerifyError, empty_root, verify_consistency};
use crate::model::{JsonError, Time, json};
use crate::sign::{Checkpoint, KeyKind, Note, NoteError, NoteKey, NoteSignature, VerifierKey};

pub use question::{MAX_QUESTION, Question};

/// Most hashes in a consistency proof (C2SP tlog-witness).
pub const MAX_PROOF: usize = 63;

/// Why a checkpoint is not cosigned. Closed; the numbers are those of C2SP tlog-witness.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum Refused {
    /// 400: what was sent is no such question.
    #[error("not a checkpoint to be cosigned: {0}")]
    #[diagnostic(code(witness::malformed))]
    Malformed(String),
    /// 404: a log that this witness does not watch.
    #[error("this witness does not watch the log `{0}`")]
    #[diagnostic(code(witness::unknown_log), help("ask the people who run the witness to add the log's key"))]
    UnknownLog(String),
    /// 403: not signed by the log.
    #[error("the log did not sign this: {0}")]
    #[diagnostic(code(witness::signature), help("the key of the log here must be the one that the witness knows"))]
    Signature(NoteError),
    /// 409: the proof starts from another size than that of the last checkpoint seen.
    #[error("the last checkpoint seen has {known} entries, not {old}")]
    #[diagnostic(code(witness::stale), help("send the proof from {known} on"))]
    Stale {
        /// The size that the proof starts from.
        old: u64,
        /// The size that it must start from.
        known: u64,
    },
    /// 409: another root for the size that was seen.
    #[error("another root was seen for the tree of {0} entries")]
    #[diagnostic(code(witness::forked), help("the log shows two histories: keep both checkpoints as evidence"))]
    Forked(u64),
    /// 422: the proof does not hold.
    #[error("the checkpoint does not continue the last one seen: {0}")]
    #[diagnostic(code(witness::inconsistent), help("the log removed or changed entries, or sent a wrong proof"))]
    Inconsistent(VerifyError),
    /// 500: it could not be remembered, so it is not cosigned.
    #[error(transparent)]
    #[diagnostic(transparent)]
    State(#[from] WitnessError),
}

/// The witness's own memory is in trouble.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum WitnessError {
    /// The key is not one of a witness.
    #[error("`{0}` is the key of a log")]
    #[diagnostic(code(witness::kind), help("make a key for the witness alone"))]
    Kind(String),
    /// There is a state file already.
    #[error("`{}` exists already and is not overwritten", .0.display())]
    #[diagnostic(code(witness::exists), help("open the witness that it belongs to, or give another path"))]
    Exists(PathBuf),
    /// The state file is gone.
    #[error("the witness's memory `{}` is missing", .0.display())]
    #[diagnostic(
        code(witness::missing),
        help("without it the witness could cosign a second history: find it, or make a new witness with a new key")
    )]
    Missing(PathBuf),
    /// Another process is this witness.
    #[error("another process uses the witness's memory `{}`", .0.display())]
    #[diagnostic(code(witness::held), help("stop the other one first: two would forget what each other saw"))]
    Held(PathBuf),
    /// The state file is not one of ours.
    #[error("the witness's memory `{}` cannot be read: {why}", .path.display())]
    #[diagnostic(
        code(witness::damaged),
        help("a copy of an older state must not be used: make a new witness with a new key")
    )]
    Damaged {
        /// Where it is.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The file system failed.
    #[error("the witness's memory `{}` cannot be kept: {why}", .path.display())]
    #[diagnostic(code(witness::io), help("mend the path or the disk; nothing was cosigned"))]
    Io {
        /// Where it is.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
}

/// The state file: the last checkpoint of each log, as the log signed it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Memory {
    checkpoints: Vec<String>,
}

/// A checkpoint that was seen.
#[derive(Debug, Clone)]
struct Seen {
    size: u64,
    root: Hash,
    /// The note with the log's signature, no others.
    note: String,
}

/// A witness, open for questions.
#[derive(Debug)]
pub struct Witness {
    key: NoteKey,
    logs: Vec<VerifierKey>,
    path: PathBuf,
    /// By origin. Held from the comparison to the sync of the file, so that two questions at once cannot both continue
    /// the same checkpoint.
    seen: Mutex<BTreeMap<String, Seen>>,
    /// Held as long as the witness is open.
    _lock: File,
}

impl Witness {
    /// Makes a new witness with an empty memory at `path`.
    ///
    /// # Errors
    /// [`WitnessError::Exists`] if there is one; as the file system fails.
    pub fn create(path: &Path, key: NoteKey, logs: Vec<VerifierKey>) -> Result<Self, WitnessError> {
        let lock = lock(path)?;
        if path.try_exists().map_err(|e| failed(path, &e))? {
            return Err(WitnessError::Exists(path.to_owned()));
        }
        keep(path, &BTreeMap::new())?;
        Witness::new(path, key, logs, lock)
    }

    /// Opens a witness with the memory at `path`. `logs` are the keys of the logs that it watches.
    ///
    /// # Errors
    /// [`WitnessError::Missing`], [`WitnessError::Held`], [`WitnessError::Damaged`], or as the file system fails.
    pub fn open(path: &Path, key: NoteKey, logs: Vec<VerifierKey>) -> Result<Self, WitnessError> {
        Witness::new(path, key, logs, lock(path)?)
    }

    fn new(path: &Path, key: NoteKey, logs: Vec<VerifierKey>, lock: File) -> Result<Self, WitnessError> {
        if key.public().kind() != KeyKind::Cosignature {
            return Err(WitnessError::Kind(key.public().name().to_owned()));
        }
        let seen = Mutex::new(remember(path)?);
        Ok(Witness { key, logs, path: path.to_owned(), seen, _lock: lock })
    }

    /// The key that it cosigns with.
    #[must_use]
    pub fn public(&self) -> &VerifierKey {
        self.key.public()
    }

    /// The last checkpoint seen of a log, as the log signed it: what the log must contain before it may sign again.
    #[must_use]
    pub fn last_seen(&self, origin: &str) -> Option<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).get(origin).map(|seen| seen.note.clone())
    }

    /// Cosigns a checkpoint at `now` if it continues the last one seen, of `old` entries (0 if none was), as `proof`
    /// shows. The same checkpoint again is cosigned again.
    ///
    /// # Errors
    /// The reason for refusing; the memory is then as before.
    pub fn cosign(&self, old: u64, proof: &[Hash], note: &Note, now: Time) -> Result<NoteSignature, Refused> {
        // step 1
        let malformed = |why: &dyn ToString| Refused::Malformed(why.to_string());
        let unverified = Checkpoint::parse(note.text()).map_err(|e| malformed(&e))?;
        let mut known = self.logs.iter().filter(|log| log.name() == unverified.origin()).peekable();
        if known.peek().is_none() {
            return Err(Refused::UnknownLog(unverified.origin().to_owned()));
        }
        // a log may have more than one key; the answer is that of the last one tried
        let mut opened = Err(NoteError::Unsigned(unverified.origin().to_owned()));
        for log in known {
            opened = Checkpoint::open(note, log, &[]).map(|opened| (log, opened.checkpoint().clone()));
            if opened.is_ok() {
                break;
            }
        }
        let (log, checkpoint) = opened.map_err(Refused::Signature)?;
        if old > checkpoint.size() || proof.len() > MAX_PROOF {
            return Err(malformed(&"the old size is above the new one, or the proof has more than 63 hashes"));
        }
        let mut memory = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let last = memory.get(checkpoint.origin());
        let (known, root) = last.map_or((0, empty_root()), |seen| (seen.size, seen.root));
        if old != known {
            return Err(Refused::Stale { old, known });
        }
        if old == checkpoint.size() && root != checkpoint.root() {
            return Err(Refused::Forked(old));
        }
        verify_consistency(old, root, checkpoint.size(), checkpoint.root(), proof).map_err(Refused::Inconsistent)?;
        // step 2
        let seen = Seen { size: checkpoint.size(), root: checkpoint.root(), note: signed_by(note, log) };
        let mut after = memory.clone();
        after.insert(checkpoint.origin().to_owned(), seen);
        keep(&self.path, &after)?;
        *memory = after;
        // step 3
        self.key.cosign(note, now).map_err(|e| malformed(&e))
    }
}

/// The note with the first signature by the log only: what others wrote under it is not for us to keep.
fn signed_by(note: &Note, log: &VerifierKey) -> String {
    let line = note.signatures().iter().find(|s| s.name() == log.name() && s.id() == log.id());
    format!("{}\n{}\n", note.text(), line.map(ToString::to_string).unwrap_or_default())
}

/// One process at a time. The lock file stays; a lock ends with the process that held it.
fn lock(path: &Path) -> Result<File, WitnessError> {
    let beside = durable::beside(path, ".lock");
    let file = File::options().create(true).truncate(false).write(true).open(&beside);
    let file = file.map_err(|e| failed(&beside, &e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(WitnessError::Held(path.to_owned())),
        Err(TryLockError::Error(e)) => Err(failed(&beside, &e)),
    }
}

fn keep(path: &Path, seen: &BTreeMap<String, Seen>) -> Result<(), WitnessError> {
    let memory = Memory { checkpoints: seen.values().map(|seen| seen.note.clone()).collect() };
    let damaged = |e: JsonError| WitnessError::Damaged { path: path.to_owned(), why: e.to_string() };
    let bytes = json::bytes(&memory, "witness memory").map_err(damaged)?;
    durable::write(path, &bytes).map_err(|e| failed(path, &e))
}

fn remember(path: &Path) -> Result<BTreeMap<String, Seen>, WitnessError> {
    let bytes = std::fs::read(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => WitnessError::Missing(path.to_owned()),
        _ => failed(path, &e),
    })?;
    let damaged = |why: String| WitnessError::Damaged { path: path.to_owned(), why };
    let memory: Memory = json::read(&bytes, "witness memory").map_err(|e| damaged(e.to_string()))?;
    let mut seen = BTreeMap::new();
    for note in memory.checkpoints {
        let text = Note::parse(note.as_bytes()).map_err(|e| damaged(e.to_string()))?;
        let checkpoint = Checkpoint::parse(text.text()).map_err(|e| damaged(e.to_string()))?;
        let (size, root) = (checkpoint.size(), checkpoint.root());
        seen.insert(checkpoint.origin().to_owned(), Seen { size, root, note });
    }
    Ok(seen)
}

fn failed(path: &Path, error: &std::io::Error) -> WitnessError {
    WitnessError::Io { path: path.to_owned(), why: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::{Edge, consistency_proof, leaf_hash};
    use crate::sign::SigningKey;

    /// A log of which any size can be signed and proven.
    struct TestLog {
        key: NoteKey,
        stored: Vec<(u8, u64, Hash)>,
        edges: Vec<Edge>,
    }

    fn log(entries: &[&str]) -> TestLog {
        let (mut edge, mut stored, mut edges) = (Edge::empty(), Vec::new(), vec![Edge::empty()]);
        for entry in entries {
            edge.push(leaf_hash(entry.as_bytes()), &mut stored);
            edges.push(edge.clone());
        }
        TestLog { key: NoteKey::log("deals.example/log", SigningKey::from_seed([1; 32])).unwrap(), stored, edges }
    }

    impl TestLog {
        fn at(&self, size: usize) -> Note {
            let edge = &self.edges[size];
            Checkpoint::new("deals.example/log", edge.size(), edge.root()).unwrap().sign(&self.key).unwrap()
        }

        fn proof(&self, old: u64, new: u64) -> Vec<Hash> {
            let read = |level, from, count| {
                let row = self.stored.iter().filter(|(l, i, _)| *l == level && (from..from + count).contains(i));
                Ok::<_, std::convert::Infallible>(row.map(|(_, _, h)| *h).collect())
            };
            consistency_proof(old, new, read).unwrap()
        }
    }

    fn key() -> NoteKey {
        NoteKey::witness("witness.example/w", SigningKey::from_seed([2; 32])).unwrap()
    }

    fn now() -> Time {
        "2026-11-25T09:30:00Z".parse().unwrap()
    }

    /// S-134: what continues is cosigned, again too.
    #[test]
    fn cosigns_what_continues_and_remembers_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("witness.json");
        let log = log(&["a", "b", "c", "d", "e"]);
        let logs = vec![log.key.public().clone()];
        assert_eq!(Witness::open(&path, key(), logs.clone()).unwrap_err(), WitnessError::Missing(path.clone()));
        let witness = Witness::create(&path, key(), logs.clone()).unwrap();
        for (old, new) in [(0, 2), (2, 2), (2, 5)] {
            let note = log.at(new);
            let cosignature = witness.cosign(old, &log.proof(old, new as u64), &note, now()).unwrap();
            let note = note.with(cosignature).unwrap();
            let opened = Checkpoint::open(&note, log.key.public(), &[witness.public().clone()]).unwrap();
            assert_eq!(opened.cosigned(), [(witness.public().clone(), now())]);
        }
        assert_eq!(witness.last_seen("deals.example/log").unwrap(), log.at(5).to_string());
        assert_eq!(Witness::open(&path, key(), logs.clone()).unwrap_err(), WitnessError::Held(path.clone()));
        drop(witness);
        assert_eq!(Witness::create(&path, key(), logs.clone()).unwrap_err(), WitnessError::Exists(path.clone()));
        let again = Witness::open(&path, key(), logs).unwrap();
        let stale = again.cosign(0, &[], &log.at(2), now()).unwrap_err();
        assert_eq!(stale, Refused::Stale { old: 0, known: 5 });
    }

    #[test]
    fn refuses_for_a_reason_and_forgets_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let (mine, other) = (log(&["a", "b", "c", "d"]), log(&["a", "x", "c", "d"]));
        let path = dir.path().join("w");
        let witness = Witness::create(&path, key(), vec![mine.key.public().clone()]).unwrap();
        witness.cosign(0, &[], &mine.at(3), now()).unwrap();
        let refused = |old, proof: &[Hash], note: &Note| witness.cosign(old, proof, note, now()).unwrap_err();
        assert_eq!(refused(3, &[], &other.at(3)), Refused::Forked(3));
        let fork = refused(3, &other.proof(3, 4), &other.at(4));
        assert_eq!(fork, Refused::Inconsistent(VerifyError::OldRoot));
        assert_eq!(refused(3, &[], &mine.at(4)), Refused::Inconsistent(VerifyError::Length));
        assert_eq!(refused(2, &[], &mine.at(4)), Refused::Stale { old: 2, known: 3 });
        assert!(matches!(refused(4, &[], &mine.at(3)), Refused::Malformed(_)));
        assert!(matches!(refused(3, &[empty_root(); 64], &mine.at(4)), Refused::Malformed(_)));
        let stranger = NoteKey::log("deals.example/log", SigningKey::from_seed([9; 32])).unwrap();
        let edge = &mine.edges[4];
        let sign =
            |origin: &str, key: &NoteKey| Checkpoint::new(origin, edge.size(), edge.root()).unwrap().sign(key).unwrap();
        assert!(matches!(refused(3, &[], &sign("deals.example/log", &stranger)), Refused::Signature(_)));
        let unknown = NoteKey::log("elsewhere.example", SigningKey::from_seed([1; 32])).unwrap();
        let answer = refused(3, &[], &sign("elsewhere.example", &unknown));
        assert_eq!(answer, Refused::UnknownLog("elsewhere.example".to_owned()));
        // after all that it still knows where it was
        witness.cosign(3, &mine.proof(3, 4), &mine.at(4), now()).unwrap();
    }

    /// S-134: What cannot be remembered is not cosigned, and the next question finds the old memory.
    #[test]
    fn no_cosignature_without_a_memory_of_it() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("state");
        std::fs::create_dir(&folder).unwrap();
        let log = log(&["a", "b"]);
        let witness = Witness::create(&folder.join("w"), key(), vec![log.key.public().clone()]).unwrap();
        witness.cosign(0, &[], &log.at(1), now()).unwrap();
        // a folder where the temporary file would come
        std::fs::create_dir(folder.join("w.partial")).unwrap();
        let failed = witness.cosign(1, &log.proof(1, 2), &log.at(2), now()).unwrap_err();
        assert!(matches!(failed, Refused::State(WitnessError::Io { .. })), "{failed}");
        assert_eq!(witness.last_seen("deals.example/log").unwrap(), log.at(1).to_string());
        std::fs::remove_dir(folder.join("w.partial")).unwrap();
        witness.cosign(1, &log.proof(1, 2), &log.at(2), now()).unwrap();
    }

    #[test]
    fn a_memory_that_is_no_memory_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("w");
        for bad in ["", "{}", "{\"checkpoints\":[\"x\"]}", "{\"checkpoints\":[],\"more\":1}"] {
            std::fs::write(&path, bad).unwrap();
            let error = Witness::open(&path, key(), Vec::new()).unwrap_err();
            assert!(matches!(error, WitnessError::Damaged { .. }), "{bad}");
        }
        let log_key = NoteKey::log("a", SigningKey::from_seed([1; 32])).unwrap();
        assert_eq!(
            Witness::create(&dir.path().join("new"), log_key, Vec::new()).unwrap_err(),
            WitnessError::Kind("a".to_owned())
        );
    }
}
