//! What can be wrong with a log, and what a caller is told: two closed lists.

use std::path::{Path, PathBuf};

use crate::model::Time;
use crate::store::{Refusal, StoreError};

/// The log cannot be opened, or cannot go on. Until it is mended nothing is signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum LogFault {
    /// The store is in trouble.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] StoreError),
    /// No name that a checkpoint can carry.
    #[error("`{origin}` cannot name a log: {why}")]
    #[diagnostic(code(log::origin), help("use the address of the log without scheme, like `data.example.nl/log`"))]
    Origin {
        /// The text.
        origin: String,
        /// What is wrong with it.
        why: String,
    },
    /// A checkpoint is not of this log.
    #[error("the checkpoint in {place} is not one of the log `{origin}` under this key: {why}")]
    #[diagnostic(
        code(log::other),
        help("give the key and the origin that this log was made with, or the database and `head` file of this log")
    )]
    Other {
        /// Where the checkpoint is.
        place: String,
        /// The log that was opened.
        origin: String,
        /// What does not fit.
        why: String,
    },
    /// The tree in the database does not have the root that was signed.
    #[error("the stored tree of {size} entries does not have the root of the signed checkpoint")]
    #[diagnostic(
        code(log::damaged),
        help("the database was altered or damaged: keep it for study and restore the newest backup")
    )]
    Damaged {
        /// The size of the tree.
        size: u64,
    },
    /// Others have seen a longer log than the database holds.
    #[error("the database has {found} entries, but {place} shows that the log had {known} already")]
    #[diagnostic(
        code(log::behind),
        help(
            "a restored backup must not write history anew: restore a newer backup, or give the log up and start \
             another one with `datadeal log restart`"
        )
    )]
    Behind {
        /// Who has seen more.
        place: String,
        /// How many entries they saw.
        known: u64,
        /// How many there are.
        found: u64,
    },
    /// Others have seen other entries than the database holds.
    #[error("{place} shows a log of {size} entries that is not the beginning of the one in the database")]
    #[diagnostic(
        code(log::forked),
        help(
            "two histories were signed: keep both for study, restore the backup that belongs to the one that was \
             published, or start another log with `datadeal log restart`"
        )
    )]
    Forked {
        /// Who has seen something else.
        place: String,
        /// The size of what they saw.
        size: u64,
    },
    /// The `head` file cannot be read or written.
    #[error("the head file `{}` cannot be used: {why}", .path.display())]
    #[diagnostic(
        code(log::head),
        help(
            "it is the protection against a restored backup: mend the path. If the machine lost power and the file is \
             empty, make sure that the database is not an older copy, then remove the file"
        )
    )]
    HeadFile {
        /// Where it is.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The system gave no thread.
    #[error("the log's thread cannot be started: {0}")]
    #[diagnostic(code(log::thread), help("raise the limit of threads for this user"))]
    Thread(String),
    /// The log's thread is gone.
    #[error("the log has ended")]
    #[diagnostic(code(log::ended), help("the program is stopping, or has a fault: see the lines before in its log"))]
    Ended,
}

impl LogFault {
    pub(super) fn head(path: &Path, error: &std::io::Error) -> Self {
        LogFault::HeadFile { path: path.to_owned(), why: error.to_string() }
    }
}

/// What a caller is told instead of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum LogError {
    /// What the operation relied on has changed. Nothing of it was kept.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Conflict(Refusal),
    /// Too many operations wait. Nothing of it was kept.
    #[error("too many operations are waiting to be written")]
    #[diagnostic(code(log::full), help("try again in a second; if it stays, the disk is too slow for the load"))]
    Full,
    /// The operation's clock is too far behind the newest record of the log. Nothing of it was kept.
    #[error("the clock shows {now}, the newest record in the log is of {newest}")]
    #[diagnostic(
        code(log::clock),
        help("set the clock of this machine; if the newest record is from the future, wait until then")
    )]
    Clock {
        /// The time of the operation.
        now: Time,
        /// The time of the newest record.
        newest: Time,
    },
    /// The store refused. Nothing of it was kept.
    #[error("nothing was written: {0}")]
    #[diagnostic(code(log::not_kept), help("mend what the message names, then try again"))]
    NotKept(StoreError),
    /// The store failed, and whether the operation was kept is not known.
    #[error("it is not known whether this was written: {0}")]
    #[diagnostic(
        code(log::unsure),
        help("read again before you try again; with an idempotency key, trying again is safe")
    )]
    Unsure(StoreError),
    /// The log takes no more operations. Nothing of it was kept.
    #[error("the log has stopped: {0}")]
    #[diagnostic(code(log::stopped), help("mend what the message names, then start the program again"))]
    Stopped(LogFault),
}
