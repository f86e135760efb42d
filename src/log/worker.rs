//! The log's thread: takes batches from the queue and writes them. The steps are those at the head of `log/mod.rs`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, OnceLock};

use tokio::sync::oneshot;

use super::state::{LogKey, State};
use super::{LogError, LogFault, LogItem, Receipt, head};
use crate::merkle::leaf_hash;
use crate::model::Time;
use crate::model::record::CLOCK_BEHIND;
use crate::store::{Advance, Batch, CommitError, Leaf, Refusal, Store, StoreError};

/// The most operations in one batch: enough that one sync more does not count, few enough that nobody waits for long.
const MAX_BATCH: usize = 1024;
/// How often a commit is tried when another process holds the store.
const TRIES: usize = 3;

/// For how many batches the `head` file may lag while others wait: it is a small file, but to replace it takes as long as a seventh of a commit.
const LAG: usize = 16;

/// An operation and who waits for it.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) item: LogItem,
    pub(super) answer: oneshot::Sender<Result<Receipt, LogError>>,
}

impl Job {
    /// A caller that no longer waits misses nothing: what was written stays written.
    fn answer(self, answer: Result<Receipt, LogError>) {
        drop(self.answer.send(answer));
    }
}

/// What was written since the log was opened.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) commits: AtomicU64,
    pub(super) operations: AtomicU64,
}

/// All that the thread owns.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) queue: Receiver<Job>,
    /// The first of the next batch, if it waits already.
    pub(super) next: Option<Job>,
    pub(super) store: Arc<dyn Store>,
    pub(super) key: LogKey,
    pub(super) head_file: Option<PathBuf>,
    /// For how many batches the `head` file lags; 0 also when it could not be written.
    pub(super) lag: usize,
    pub(super) stopped: Arc<OnceLock<LogFault>>,
    pub(super) failed: Arc<AtomicBool>,
    pub(super) counts: Arc<Counts>,
    pub(super) state: State,
}

/// A batch made ready: the log as it will be, and what the store must write for that.
struct Prepared {
    after: State,
    /// `None` if no operation has entries.
    advance: Option<Advance>,
}

impl Worker {
    /// Runs until nobody can submit any more and the queue is empty.
    pub(super) fn run(mut self) {
        while let Some(first) = self.first() {
            // step 2; where every core is busy whoever is about to submit goes first, where one is idle nobody waits
            std::thread::yield_now();
            let mut jobs = vec![first];
            jobs.extend(self.queue.try_iter().take(MAX_BATCH - 1));
            self.write(jobs);
        }
    }

    /// The first of the next batch; none when nobody can submit any more.
    fn first(&mut self) -> Option<Job> {
        if self.lag >= LAG {
            self.say_head();
        }
        self.lag += usize::from(self.lag > 0);
        let waits = self.next.take().or_else(|| self.queue.try_recv().ok());
        waits.or_else(|| {
            self.say_head();
            self.queue.recv().ok()
        })
    }

    /// Brings the `head` file up to date.
    fn say_head(&mut self) {
        if let (true, Some(path), Some(checkpoint)) = (self.lag > 0, &self.head_file, &self.state.checkpoint)
            && let Err(e) = head::write(path, checkpoint)
        {
            // it may lag: what was committed is committed, and the callers are right to be told
            tracing::warn!(path = %path.display(), error = %e, "the head file lags behind the log");
        }
        self.lag = 0;
    }

    /// Writes a batch and answers every job of it.
    fn write(&mut self, jobs: Vec<Job>) {
        let mut refused = Vec::new();
        self.write_together(jobs, &mut refused);
        answer_refused(&mut refused);
    }

    /// Whoever is refused is answered when that which stood in its way is durable, or is not: it may look at it then.
    fn write_together(&mut self, mut jobs: Vec<Job>, refused: &mut Vec<(Job, Refusal)>) {
        if let Some(fault) = self.stopped.get() {
            return answer_all(jobs, &LogError::Stopped(fault.clone()));
        }
        let mut tries = 0;
        loop {
            jobs = without_late(jobs, self.state.newest);
            if jobs.is_empty() {
                return;
            }
            // step 3
            let prepared = match self.prepare(&jobs) {
                Ok(prepared) => prepared,
                Err(fault) => return self.stop(fault, jobs, None),
            };
            // step 4
            let items = jobs.iter().map(|job| &job.item.item).collect();
            let batch = Batch { advance: prepared.advance, items };
            let outcome = self.store.commit(&batch);
            let advance = batch.advance;
            match &outcome {
                Ok(()) => self.failed.store(false, Ordering::Relaxed),
                Err(CommitError::Store(_)) => self.failed.store(true, Ordering::Relaxed),
                Err(CommitError::Refused(_) | CommitError::Swap { .. }) => {}
            }
            match outcome {
                Ok(()) => {
                    self.succeed(prepared.after, jobs);
                    answer_refused(refused);
                    return self.store.rest();
                }
                Err(CommitError::Refused(refusals)) => jobs = without_refused(jobs, refusals, refused),
                // another process wrote, so this ends: somebody makes progress each time
                Err(CommitError::Swap { .. }) => match self.state.reload(self.store.as_ref(), &self.key) {
                    Ok(state) => self.state = state,
                    Err(fault) => return self.stop(fault, jobs, None),
                },
                Err(CommitError::Store(e)) if e.passes() && tries < TRIES => tries += 1,
                Err(CommitError::Store(e)) if e.leaves_doubt() => {
                    let prepared = Prepared { after: prepared.after, advance };
                    return self.recover(prepared, jobs, e);
                }
                // one operation broke the contract: the others must not suffer for it
                Err(CommitError::Store(StoreError::Misuse { .. })) if jobs.len() > 1 => {
                    return jobs.into_iter().for_each(|job| self.write(vec![job]));
                }
                Err(CommitError::Store(e)) => return answer_all(jobs, &LogError::NotKept(e)),
            }
        }
    }

    /// Step 3: pure, on copies; the state changes only when the store has it.
    fn prepare(&self, jobs: &[Job]) -> Result<Prepared, LogFault> {
        let mut after = self.state.clone();
        let (mut leaves, mut hashes) = (Vec::new(), Vec::new());
        for job in jobs {
            for entry in &job.item.entries {
                let bytes = entry.to_bytes();
                let index = after.edge.size();
                after.edge.push(leaf_hash(&bytes), &mut hashes);
                after.newest = after.newest.max(job.item.now);
                leaves.push(Leaf { index, digest: entry.digest, bytes });
            }
        }
        if leaves.is_empty() {
            return Ok(Prepared { after, advance: None });
        }
        let checkpoint = self.key.sign(&after.edge)?;
        after.checkpoint = Some(checkpoint.as_slice().into());
        let (from, newest) = (self.state.size(), after.newest);
        Ok(Prepared { after, advance: Some(Advance { from, leaves, hashes, checkpoint, newest }) })
    }

    /// Steps 5 and 6, when the batch is durable.
    fn succeed(&mut self, after: State, jobs: Vec<Job>) {
        // the operations first, so that who reads them last finds no commit without any
        self.counts.operations.fetch_add(jobs.len() as u64, Ordering::Relaxed);
        self.counts.commits.fetch_add(1, Ordering::Release);
        let mut from = self.state.size();
        self.lag = self.lag.max(usize::from(after.size() > from));
        self.state = after;
        self.next = self.next.take().or_else(|| self.queue.try_recv().ok());
        if self.next.is_none() {
            self.say_head();
        }
        for job in jobs {
            let to = from + job.item.entries.len() as u64;
            let (size, checkpoint) = (self.state.size(), self.state.checkpoint.clone());
            job.answer(Ok(Receipt { indices: from..to, size, checkpoint }));
            from = to;
        }
    }

    /// The commit failed and may have been kept. The store settles it; then the first entry is either where it would
    /// be, or nowhere and never will be. A batch without entries leaves no trace to look for, so its callers are told
    /// that it is not known.
    fn recover(&mut self, prepared: Prepared, jobs: Vec<Job>, error: StoreError) {
        tracing::warn!(error = %error, "a commit failed: finding out whether it was kept");
        if let Err(e) = self.store.settle() {
            return self.stop(LogFault::Store(e), jobs, Some(error));
        }
        let now = match self.state.reload(self.store.as_ref(), &self.key) {
            Ok(now) => now,
            Err(fault) => return self.stop(fault, jobs, Some(error)),
        };
        let Some(advance) = prepared.advance else {
            self.state = now;
            return answer_all(jobs, &LogError::Unsure(error));
        };
        let found = match self.store.leaves(advance.from, 1) {
            Ok(found) => found,
            Err(e) => return self.stop(LogFault::Store(e), jobs, Some(error)),
        };
        // an entry holds a random id, so equal bytes are the same entry
        let kept = found.first() == advance.leaves.first();
        if kept {
            self.succeed(prepared.after, jobs);
        } else {
            answer_all(jobs, &LogError::NotKept(error));
        }
        // another process may have gone on from there
        self.state = now;
    }

    /// Ends the log for good. `doubt` is the failure that leaves open whether these jobs were kept; without it they
    /// were not. The fault is set before anybody is answered, so who is told and tries again meets it.
    fn stop(&mut self, fault: LogFault, jobs: Vec<Job>, doubt: Option<StoreError>) {
        tracing::error!(error = %fault, "the log has stopped");
        drop(self.stopped.set(fault.clone()));
        answer_all(jobs, &doubt.map_or(LogError::Stopped(fault), LogError::Unsure));
    }
}

fn answer_all(jobs: Vec<Job>, error: &LogError) {
    for job in jobs {
        job.answer(Err(error.clone()));
    }
}

/// Answers the jobs with entries whose clock is too far behind, and gives back the others.
fn without_late(jobs: Vec<Job>, newest: Time) -> Vec<Job> {
    let in_time = |job: &Job| job.item.entries.is_empty() || job.item.now.plus_seconds(CLOCK_BEHIND) >= newest;
    let (rest, late): (Vec<_>, Vec<_>) = jobs.into_iter().partition(in_time);
    for job in late {
        let now = job.item.now;
        job.answer(Err(LogError::Clock { now, newest }));
    }
    rest
}

fn answer_refused(refused: &mut Vec<(Job, Refusal)>) {
    for (job, refusal) in refused.drain(..) {
        job.answer(Err(LogError::Conflict(refusal)));
    }
}

/// Sets the refused jobs aside, each with its own refusal, and gives back the others.
fn without_refused(jobs: Vec<Job>, refusals: Vec<Refusal>, refused: &mut Vec<(Job, Refusal)>) -> Vec<Job> {
    let mut refusals: BTreeMap<usize, Refusal> = refusals.into_iter().map(|r| (r.item(), r)).collect();
    let mut rest = Vec::new();
    for (position, job) in jobs.into_iter().enumerate() {
        match refusals.remove(&position) {
            Some(refusal) => refused.push((job, refusal)),
            None => rest.push(job),
        }
    }
    rest
}
