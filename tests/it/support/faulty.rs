//! A store that breaks on order. Each step of a write can fail as "failed, not kept" and as "failed, but kept" (a lost
//! reply), and the reads that recovery needs can fail too.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard};

use datadeal::merkle::Hash;
use datadeal::model::Digest;
use datadeal::model::entry::EntryType;
use datadeal::store::{
    Batch, CommitError, Epochs, Found, Head, Index, Kind, Leaf, Record, Row, Search, Store, StoreError, Worded,
};

/// Which call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Commit,
    Settle,
    Head,
    Hashes,
    Leaves,
}

/// How it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// An I/O error, and nothing happened.
    NotKept,
    /// An I/O error, after everything happened.
    Kept,
    /// Another process holds the database.
    Busy,
    /// No room on the disk.
    Full,
    /// The file system was mounted read-only.
    ReadOnly,
}

/// Passes every call on, except those that were ordered to fail.
#[derive(Debug)]
pub(crate) struct Faulty {
    inner: Mutex<Arc<dyn Store>>,
    /// Orders in turn: the first one waits for its step, lets `after` calls of it pass, then breaks one.
    orders: Mutex<VecDeque<(Step, usize, Fault)>>,
    /// Every commit passes through here, so who holds it makes them wait.
    gate: Mutex<()>,
    /// Where a commit says that it begins, and waits until it may.
    turnstile: Mutex<Option<(Sender<()>, Receiver<()>)>>,
}

impl Faulty {
    pub(crate) fn new(inner: Arc<dyn Store>) -> Self {
        Faulty {
            inner: Mutex::new(inner),
            orders: Mutex::default(),
            gate: Mutex::default(),
            turnstile: Mutex::default(),
        }
    }

    /// From now on each commit tells that it begins, and waits until it is let through.
    pub(crate) fn step(&self) -> (Receiver<()>, Sender<()>) {
        let ((begins, begun), (through, may)) = (channel(), channel());
        *self.turnstile.lock().unwrap() = Some((begins, may));
        (begun, through)
    }

    /// From now on, another store is behind this one.
    pub(crate) fn switch(&self, to: Arc<dyn Store>) {
        *self.inner.lock().unwrap() = to;
    }

    fn inner(&self) -> Arc<dyn Store> {
        Arc::clone(&self.inner.lock().unwrap())
    }

    /// No commit starts until what this gives is dropped.
    pub(crate) fn hold(&self) -> MutexGuard<'_, ()> {
        self.gate.lock().unwrap()
    }

    /// After the orders given before, let `after` calls of `step` pass and break the next one.
    pub(crate) fn order(&self, step: Step, after: usize, fault: Fault) {
        self.orders.lock().unwrap().push_back((step, after, fault));
    }

    /// Whether every order was carried out.
    pub(crate) fn done(&self) -> bool {
        self.orders.lock().unwrap().is_empty()
    }

    fn due(&self, step: Step) -> Option<Fault> {
        let mut orders = self.orders.lock().unwrap();
        match orders.front_mut() {
            Some((s, 0, fault)) if *s == step => {
                let fault = *fault;
                orders.pop_front();
                Some(fault)
            }
            Some((s, after, _)) if *s == step => {
                *after -= 1;
                None
            }
            _ => None,
        }
    }

    fn reading<T>(&self, step: Step, read: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        match self.due(step) {
            None => read(),
            Some(fault) => Err(error(fault)),
        }
    }
}

fn error(fault: Fault) -> StoreError {
    let path = "ordered".into();
    match fault {
        Fault::NotKept | Fault::Kept => StoreError::Io { path, why: format!("{fault:?}") },
        Fault::Busy => StoreError::Busy { path },
        Fault::Full => StoreError::Full { path },
        Fault::ReadOnly => StoreError::ReadOnly { path },
    }
}

impl Store for Faulty {
    fn commit(&self, batch: &Batch<'_>) -> Result<(), CommitError> {
        drop(self.gate.lock().unwrap());
        if let Some((begins, may)) = &*self.turnstile.lock().unwrap() {
            begins.send(()).unwrap();
            may.recv().unwrap();
        }
        match self.due(Step::Commit) {
            None => self.inner().commit(batch),
            Some(Fault::Kept) => {
                self.inner().commit(batch)?;
                Err(error(Fault::Kept).into())
            }
            Some(fault) => Err(error(fault).into()),
        }
    }

    fn settle(&self) -> Result<(), StoreError> {
        self.reading(Step::Settle, || self.inner().settle())
    }

    fn head(&self) -> Result<Option<Head>, StoreError> {
        self.reading(Step::Head, || self.inner().head())
    }

    fn epochs(&self) -> Result<Epochs, StoreError> {
        self.inner().epochs()
    }

    fn row(&self, kind: Kind, key: &str) -> Result<Option<Row>, StoreError> {
        self.inner().row(kind, key)
    }

    fn rows(
        &self,
        kind: Kind,
        parent: Option<&str>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        self.inner().rows(kind, parent, after, limit)
    }

    fn listed(&self, index: Index, parent: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, StoreError> {
        self.inner().listed(index, parent, after, limit)
    }

    fn is_taken(&self, list: &str, place: u32) -> Result<bool, StoreError> {
        self.inner().is_taken(list, place)
    }

    fn worded(&self, after: u64, limit: usize) -> Result<Vec<Worded>, StoreError> {
        self.inner().worded(after, limit)
    }

    fn search(&self, search: &Search) -> Result<Vec<Found>, StoreError> {
        self.inner().search(search)
    }

    fn record(&self, id: &str) -> Result<Option<Record>, StoreError> {
        self.inner().record(id)
    }

    fn record_by_digest(&self, digest: &Digest, entry: Option<u64>) -> Result<Option<Record>, StoreError> {
        self.inner().record_by_digest(digest, entry)
    }

    fn records(
        &self,
        kind: Option<EntryType>,
        about: Option<&str>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.inner().records(kind, about, after, limit)
    }

    fn leaves(&self, from: u64, limit: usize) -> Result<Vec<Leaf>, StoreError> {
        self.reading(Step::Leaves, || self.inner().leaves(from, limit))
    }

    fn leaf_of(&self, id: &str) -> Result<Option<Leaf>, StoreError> {
        self.inner().leaf_of(id)
    }

    fn hashes(&self, level: u8, from: u64, limit: usize) -> Result<Vec<Hash>, StoreError> {
        self.reading(Step::Hashes, || self.inner().hashes(level, from, limit))
    }

    fn backup(&self, to: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<(), StoreError> {
        self.inner().backup(to, progress)
    }

    fn check(&self) -> Result<(), StoreError> {
        self.inner().check()
    }
}
