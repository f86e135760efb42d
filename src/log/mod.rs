//! The log: the only writer. Everything that changes something goes through here, one batch after the other.
//!
//! The order of a write, and what is left if we die at that point:
//!
//! 1. *The caller signs its records and submits an item.* Nothing has happened.
//! 2. *The log's thread takes all that has queued up as one batch.* Nothing has happened; callers get no answer, and an
//!    operation that is tried again under the same idempotency key is done once.
//! 3. *Leaf hashes, the new edge of the tree, the signed checkpoint.* A checkpoint was signed that nobody has seen and
//!    nobody will: it is published by step 4 only. Signing another one for the same size later forks nothing.
//! 4. *One store transaction, with compare-and-swap on the size of the log.* Before its commit: nothing has happened.
//!    After it: all of it is there for good, and callers were not answered; they find it under their idempotency key.
//!    While it runs: one of the two, and the next open sees which.
//! 5. *The checkpoint is written to the `head` file; while others wait, after sixteen batches.* The file lags behind the
//!    database. It may; it never leads.
//! 6. *Callers are answered.* Nothing is answered before it is durable.
//!
//! One sync of the disk per batch: a batch is whatever has queued up while the last one was written, and what comes while the thread lets others go
//! first who want its core; nobody waits to make it larger.
//!
//! Another process may write too. Then the swap of step 4 fails, and the log reads the new edge from the store and goes
//! back to 3. When a commit fails and leaves doubt, the store is made to settle it, the log looks for its first entry
//! at the place where it would be, and only then answers: nothing is appended twice, nothing is acknowledged that is
//! not there. When it can no longer know, it stops, and says so to every caller until the program is started again:
//! opening reads everything from the store, which is the same path as in the swap.

use std::fmt;
use std::future::Future;
use std::ops::Range;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use crate::model::Time;
use crate::model::entry::Entry;
use crate::sign::NoteKey;
use crate::store::{Item, Store};

pub mod export;
mod fault;
mod head;
mod read;
mod state;
mod worker;

pub use fault::{LogError, LogFault};
pub use read::LogReader;

use state::{LogKey, State};
use worker::{Counts, Job, Worker};

/// What a log is opened with.
#[derive(Debug)]
pub struct LogConfig {
    /// Its own key, used for nothing else, under the log's origin: the address at which it is served, without scheme.
    pub key: NoteKey,
    /// Where the newest checkpoint is written after each commit, by a busy log after sixteen batches, best on another disk than the database. It is
    /// what keeps a restored backup from forking history.
    pub head_file: Option<PathBuf>,
    /// Checkpoints of this log that others hold, for instance witnesses: the database must contain them all.
    pub seen: Vec<Vec<u8>>,
    /// How many operations may wait, beside those that the log has taken. When that many do, [`Log::submit`] answers [`LogError::Full`].
    pub queue: usize,
}

/// One operation: what it changes in the store and the entries that it adds to the log, in this order.
#[derive(Debug, Clone)]
pub struct LogItem {
    /// Rows, records and guards.
    pub item: Item,
    /// Its log entries; none for drafts, sessions and the like, which leave the log alone.
    pub entries: Vec<Entry>,
    /// The `now` of the operation: with entries, the time of the newest record afterwards.
    pub now: Time,
}

/// What a caller gets: proof that its operation is durable, and where in the log it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The places of its entries, in the order given; empty if it had none.
    pub indices: Range<u64>,
    /// The size of the log after its batch.
    pub size: u64,
    /// The signed checkpoint of that size; `None` while the log is empty.
    pub checkpoint: Option<Arc<[u8]>>,
}

/// What a log wrote since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// How many commits.
    pub commits: u64,
    /// How many operations stood in them.
    pub operations: u64,
}

/// The promise of an answer. Wait for it with [`wait`](Ticket::wait) on a thread, or with `.await` in a task. Dropping
/// it withdraws nothing.
#[derive(Debug)]
#[must_use = "an operation is durable only when its ticket says so"]
pub struct Ticket(oneshot::Receiver<Result<Receipt, LogError>>);

impl Ticket {
    /// Waits on this thread. Not inside a task: use `.await` there.
    ///
    /// # Errors
    /// As the log answers; see [`LogError`].
    pub fn wait(self) -> Result<Receipt, LogError> {
        self.0.blocking_recv().unwrap_or(Err(LogError::Stopped(LogFault::Ended)))
    }
}

impl Future for Ticket {
    type Output = Result<Receipt, LogError>;
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|answer| answer.unwrap_or(Err(LogError::Stopped(LogFault::Ended))))
    }
}

/// The log, open for writing. Dropping it writes what is queued, then ends its thread.
pub struct Log {
    reader: LogReader,
    /// `None` only while dropping: the thread ends when the sender is gone.
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    /// Written once by the thread when it stops; read by every submit.
    stopped: Arc<OnceLock<LogFault>>,
    /// Whether the last commit failed; written by the thread.
    failed: Arc<AtomicBool>,
    /// Written by the thread.
    counts: Arc<Counts>,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("stopped", &self.stopped.get()).finish_non_exhaustive()
    }
}

impl Log {
    /// Opens the log in a store; an empty store is an empty log.
    ///
    /// Before anything can be signed, the tree is computed again from the stored hashes and compared with the signed
    /// checkpoint of the store, with the `head` file and with every checkpoint in [`LogConfig::seen`].
    ///
    /// # Errors
    /// [`LogFault::Behind`] or [`LogFault::Forked`] when others have seen more than the store holds or something else;
    /// the other faults as the store or the files are.
    pub fn open(store: Arc<dyn Store>, config: LogConfig) -> Result<Self, LogFault> {
        let key = LogKey::new(config.key)?;
        let state = State::load(store.as_ref(), &key)?;
        for seen in &config.seen {
            state.must_contain(store.as_ref(), &key, seen, "a checkpoint held by others")?;
        }
        if let Some(path) = &config.head_file {
            if let Some(bytes) = head::read(path)? {
                state.must_contain(store.as_ref(), &key, &bytes, &format!("`{}`", path.display()))?;
            }
            if let Some(checkpoint) = &state.checkpoint {
                head::write(path, checkpoint).map_err(|e| LogFault::head(path, &e))?;
            }
        }
        let (jobs, queue) = sync_channel(config.queue.max(1));
        let (stopped, failed) = (Arc::new(OnceLock::new()), Arc::new(AtomicBool::new(false)));
        let counts = Arc::new(Counts::default());
        let worker = Worker {
            store: Arc::clone(&store),
            key,
            head_file: config.head_file,
            stopped: Arc::clone(&stopped),
            failed: Arc::clone(&failed),
            counts: Arc::clone(&counts),
            lag: 0,
            queue,
            next: None,
            state,
        };
        let thread = std::thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || worker.run())
            .map_err(|e| LogFault::Thread(e.to_string()))?;
        Ok(Log { reader: LogReader::new(store), jobs: Some(jobs), thread: Some(thread), stopped, failed, counts })
    }

    /// Queues an operation. Never waits: a full queue is an answer.
    ///
    /// # Errors
    /// [`LogError::Full`] and [`LogError::Stopped`]; in both cases nothing happened. All else is said by the ticket.
    pub fn submit(&self, item: LogItem) -> Result<Ticket, LogError> {
        if let Some(fault) = self.stopped.get() {
            return Err(LogError::Stopped(fault.clone()));
        }
        let jobs = self.jobs.as_ref().ok_or(LogError::Stopped(LogFault::Ended))?;
        let (answer, ticket) = oneshot::channel();
        match jobs.try_send(Job { item, answer }) {
            Ok(()) => Ok(Ticket(ticket)),
            Err(TrySendError::Full(_)) => Err(LogError::Full),
            Err(TrySendError::Disconnected(_)) => Err(LogError::Stopped(LogFault::Ended)),
        }
    }

    /// Reading, which needs no key and no thread.
    #[must_use]
    pub fn reader(&self) -> &LogReader {
        &self.reader
    }

    /// Why the log takes no more operations, if it does not.
    #[must_use]
    pub fn stopped(&self) -> Option<&LogFault> {
        self.stopped.get()
    }

    /// What this log wrote since it was opened.
    #[must_use]
    pub fn written(&self) -> Written {
        let commits = self.counts.commits.load(Ordering::Acquire);
        Written { commits, operations: self.counts.operations.load(Ordering::Relaxed) }
    }

    /// Whether the store did not keep the last batch, and so perhaps not the next one.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the log's thread did not end in order");
        }
    }
}
