//! What can go wrong with a store: a closed list, each with its place and its mend.

use std::path::{Path, PathBuf};

use super::Kind;
use crate::model::Digest;

/// The store itself is in trouble. Nothing here is about what is stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum StoreError {
    /// There is no database.
    #[error("there is no database at `{}`", .path.display())]
    #[diagnostic(code(store::missing), help("check the path, or make a new portal with `datadeal init`"))]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// Something is where a new file should come.
    #[error("`{}` exists already and is not overwritten", .path.display())]
    #[diagnostic(code(store::exists), help("give another path, or move the old file away yourself"))]
    Exists {
        /// Where it is.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("`{}` is not a database of datadeal", .path.display())]
    #[diagnostic(code(store::foreign), help("check the path; the file was not changed"))]
    Foreign {
        /// Where it is.
        path: PathBuf,
    },
    /// The database was written by a newer program.
    #[error("the database `{}` has schema {found}, this program knows up to {known}", .path.display())]
    #[diagnostic(
        code(store::newer),
        help("use the newer version of datadeal that wrote it; going back would need a backup from before")
    )]
    Newer {
        /// Where it is.
        path: PathBuf,
        /// The newest migration in the database.
        found: u32,
        /// The newest migration of this program.
        known: u32,
    },
    /// The database was made by a migration that reads otherwise in this program.
    #[error("migration {number} of the database `{}` is not the one in this program", .path.display())]
    #[diagnostic(
        code(store::altered),
        help("a published migration never changes: use an official build, or the one that made this database")
    )]
    Altered {
        /// Where it is.
        path: PathBuf,
        /// Which migration.
        number: u32,
    },
    /// Another process held the database for too long. Nothing was kept.
    #[error("the database `{}` is held by another process", .path.display())]
    #[diagnostic(code(store::busy), help("try again; if it stays, look for a backup or a tool that keeps it open"))]
    Busy {
        /// Where it is.
        path: PathBuf,
    },
    /// No room on the disk. Nothing was kept.
    #[error("the disk with `{}` is full", .path.display())]
    #[diagnostic(code(store::full), help("make room: what was already answered is safe, new writes are refused"))]
    Full {
        /// Where it is.
        path: PathBuf,
    },
    /// The file may not be written. Nothing was kept.
    #[error("the database `{}` may not be written", .path.display())]
    #[diagnostic(code(store::read_only), help("check owner and mode of the file and its folder, and the mount"))]
    ReadOnly {
        /// Where it is.
        path: PathBuf,
    },
    /// The disk or the file system failed. Whether the last commit was kept is open until [`Store::settle`] says so.
    ///
    /// [`Store::settle`]: super::Store::settle
    #[error("the file system failed at `{}`: {why}", .path.display())]
    #[diagnostic(
        code(store::io),
        help("look at the system log for the disk; if it repeats, restore the newest backup on another disk")
    )]
    Io {
        /// Where it is.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// What is in the file cannot be right.
    #[error("the database `{}` is damaged: {why}", .path.display())]
    #[diagnostic(
        code(store::corrupt),
        help("stop writing, keep a copy of the file for study, and restore the newest backup with `datadeal restore`")
    )]
    Corrupt {
        /// Where it is.
        path: PathBuf,
        /// What was found.
        why: String,
    },
    /// A batch broke the contract; a fault of the program. Nothing was kept.
    #[error("a write broke the contract of the store: {why}")]
    #[diagnostic(code(store::misuse), help("this is a fault of the program: please report it with this text"))]
    Misuse {
        /// Which rule.
        why: String,
    },
}

impl StoreError {
    /// Whether a commit that failed with this error may have been kept after all.
    #[must_use]
    pub fn leaves_doubt(&self) -> bool {
        matches!(self, StoreError::Io { .. } | StoreError::Corrupt { .. })
    }

    /// Whether the same call may succeed a little later without anybody mending anything.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, StoreError::Busy { .. })
    }

    /// A failure of the file system at `path`.
    #[must_use]
    pub fn io(path: &Path, error: &std::io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            std::io::ErrorKind::AlreadyExists => StoreError::Exists { path },
            std::io::ErrorKind::NotFound => StoreError::Missing { path },
            std::io::ErrorKind::StorageFull => StoreError::Full { path },
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                StoreError::ReadOnly { path }
            }
            _ => StoreError::Io { path, why: error.to_string() },
        }
    }
}

/// Why a batch was not committed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum CommitError {
    /// Some items cannot be committed; the others were not committed either, but can be without these. Never empty.
    #[error("{} of the operations came too late", .0.len())]
    #[diagnostic(code(store::refused))]
    Refused(Vec<Refusal>),
    /// The log has another size than the batch starts from: another process wrote.
    #[error("the log has {found} entries, not {expected}: another process wrote")]
    #[diagnostic(code(store::swap), help("read the log again and retry"))]
    Swap {
        /// The size that the batch starts from.
        expected: u64,
        /// The size of the log.
        found: u64,
    },
    /// The store is in trouble.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] StoreError),
}

/// Why one item was not committed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum Refusal {
    /// A row is not as the operation read it.
    #[error("{kind} `{key}` changed in the meantime (version {found}, read as {expected})")]
    #[diagnostic(code(store::guard), help("read it again, then decide whether to do the same"))]
    Guard {
        /// Position in the batch.
        item: usize,
        /// The row's kind.
        kind: Kind,
        /// The row's key.
        key: String,
        /// The version that the operation read; 0 for no such row.
        expected: u64,
        /// The version that is there; 0 for no such row.
        found: u64,
    },
    /// A number would become larger than it may.
    #[error("{kind} `{key}` is {found}: what is added makes it more than {most}")]
    #[diagnostic(code(store::over), help("read it again, then decide whether less will do"))]
    Over {
        /// Position in the batch.
        item: usize,
        /// The row's kind.
        kind: Kind,
        /// The row's key.
        key: String,
        /// The number that is there.
        found: u64,
        /// What it never exceeds.
        most: u64,
    },
    /// A place that somebody else took.
    #[error("place {place} of `{list}` was taken in the meantime")]
    #[diagnostic(code(store::taken), help("try again: another place is taken then"))]
    Taken {
        /// Position in the batch.
        item: usize,
        /// The name of the list.
        list: String,
        /// The place.
        place: u32,
    },
    /// A record with this id is there already.
    #[error("a record `{id}` is kept already")]
    #[diagnostic(code(store::record_taken), help("a record is added once: look it up, or make one with a new id"))]
    RecordTaken {
        /// Position in the batch.
        item: usize,
        /// The digest of the record that was to be added.
        digest: Digest,
        /// Its id.
        id: String,
    },
}

impl Refusal {
    /// The position of the refused item in the batch.
    #[must_use]
    pub fn item(&self) -> usize {
        match self {
            Refusal::Guard { item, .. }
            | Refusal::Over { item, .. }
            | Refusal::Taken { item, .. }
            | Refusal::RecordTaken { item, .. } => *item,
        }
    }
}
