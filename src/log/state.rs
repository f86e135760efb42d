//! What the log's thread knows of the log, and how it is read from the store and compared with what others have seen.

use std::sync::Arc;

use super::LogFault;
use super::read::stored;
use crate::merkle::{self, Edge, Hash, TreeError};
use crate::model::Time;
use crate::sign::{Checkpoint, Note, NoteKey};
use crate::store::{Store, StoreError};

/// The log's name and key: signs checkpoints and knows its own again.
#[derive(Debug)]
pub(super) struct LogKey(NoteKey);

impl LogKey {
    /// A key that can sign checkpoints, which is tried once: nothing later may fail for a name.
    pub(super) fn new(key: NoteKey) -> Result<Self, LogFault> {
        let key = LogKey(key);
        key.sign(&Edge::empty())?;
        Ok(key)
    }

    /// The signed checkpoint of a tree. For the log's thread only: signing two trees of which one is not the beginning
    /// of the other is what must never be published.
    pub(super) fn sign(&self, edge: &Edge) -> Result<Vec<u8>, LogFault> {
        let origin = self.0.public().name();
        Checkpoint::new(origin, edge.size(), edge.root())
            .and_then(|checkpoint| checkpoint.sign(&self.0))
            .map(|note| note.to_string().into_bytes())
            .map_err(|e| LogFault::Origin { origin: origin.to_owned(), why: e.to_string() })
    }

    /// Reads a checkpoint that this key signed.
    fn open(&self, bytes: &[u8], place: &str) -> Result<Checkpoint, LogFault> {
        let public = self.0.public();
        Note::parse(bytes)
            .and_then(|note| Checkpoint::open(&note, public, &[]))
            .map(|opened| opened.checkpoint().clone())
            .map_err(|e| LogFault::Other {
                place: place.to_owned(),
                origin: public.name().to_owned(),
                why: e.to_string(),
            })
    }
}

/// The end of the log as of the last commit that we know of.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) edge: Edge,
    /// The time of the newest record; 1970 for an empty log.
    pub(super) newest: Time,
    /// Signed, of the size of the edge; `None` for an empty log.
    pub(super) checkpoint: Option<Arc<[u8]>>,
}

impl State {
    pub(super) fn size(&self) -> u64 {
        self.edge.size()
    }

    /// Reads the log's end from the store and computes its root from the stored hashes, which must be the signed one.
    pub(super) fn load(store: &dyn Store, key: &LogKey) -> Result<Self, LogFault> {
        let Some(head) = store.head()? else {
            return Ok(State { edge: Edge::empty(), newest: Time::EPOCH, checkpoint: None });
        };
        let checkpoint = key.open(&head.checkpoint, "the database")?;
        let edge = Edge::load(head.size, stored(store)).map_err(|e| tree_fault(e, head.size))?;
        if checkpoint.size() != head.size || checkpoint.root() != edge.root() {
            return Err(LogFault::Damaged { size: head.size });
        }
        Ok(State { edge, newest: head.newest, checkpoint: Some(head.checkpoint.into()) })
    }

    /// Reads the log's end again; what we knew before must be its beginning.
    pub(super) fn reload(&self, store: &dyn Store, key: &LogKey) -> Result<Self, LogFault> {
        let now = State::load(store, key)?;
        now.must_begin_with(store, self.size(), self.edge.root(), "this program")?;
        Ok(now)
    }

    /// Refuses to go on if a checkpoint that somebody holds is not part of this log.
    pub(super) fn must_contain(
        &self,
        store: &dyn Store,
        key: &LogKey,
        checkpoint: &[u8],
        place: &str,
    ) -> Result<(), LogFault> {
        let seen = key.open(checkpoint, place)?;
        self.must_begin_with(store, seen.size(), seen.root(), place)
    }

    fn must_begin_with(&self, store: &dyn Store, size: u64, root: Hash, place: &str) -> Result<(), LogFault> {
        let place = place.to_owned();
        if size > self.size() {
            return Err(LogFault::Behind { place, known: size, found: self.size() });
        }
        let ours = merkle::root_of(size, stored(store)).map_err(|e| tree_fault(e, size))?;
        if ours == root { Ok(()) } else { Err(LogFault::Forked { place, size }) }
    }
}

fn tree_fault(error: TreeError<StoreError>, size: u64) -> LogFault {
    match error {
        TreeError::Read(e) => LogFault::Store(e),
        TreeError::Missing { .. } | TreeError::Beyond { .. } => LogFault::Damaged { size },
    }
}
