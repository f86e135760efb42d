//! The embedded store: one SQLite file, one writer connection, a small pool of read-only ones.
//!
//! WAL, so readers never wait for the writer; `synchronous=FULL`, so a commit that returned is on the disk and a read
//! never shows what is not: SQLite syncs the WAL before it lets other connections see the commit.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::{
    Batch, CommitError, Epochs, Found, Head, Index, Kind, Leaf, Record, Row, Search, Store, StoreError, Worded, Write,
};
use crate::durable;
use crate::merkle::Hash;
use crate::model::Digest;
use crate::model::entry::EntryType;

use mover::Mover;

mod backup;
mod commit;
mod fault;
mod migrate;
mod mover;
mod places;
mod read;
mod words;

pub use backup::{close, restart, restore};

/// How long a write waits for another process before it gives up with [`StoreError::Busy`], unless told otherwise.
const BUSY: Duration = Duration::from_secs(5);
/// How many idle read-only connections are kept; more are opened when more threads read at once.
const IDLE_READERS: usize = 8;

/// A store in one SQLite file.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    /// How long a write waits for another process.
    wait: Duration,
    /// Ends before the writer is closed. Held for one call; taken after the writer.
    mover: Mutex<Mover>,
    /// The only connection of this process that writes. Held for one transaction, never across calls.
    writer: Mutex<Connection>,
    /// Idle read-only connections. Held only to take one out or put one back.
    readers: Mutex<Vec<Connection>>,
}

impl Sqlite {
    /// Makes a new database, readable by its owner only.
    ///
    /// # Errors
    /// [`StoreError::Exists`] if there is a file. If this dies half-way it leaves an empty file, which
    /// [`open`](Sqlite::open) fills.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        new_file(path)?;
        // SQLite syncs the folder for its own working files, not for a file that was there before it
        durable::sync_folder_of(path).map_err(|e| StoreError::io(path, &e))?;
        Sqlite::open(path)
    }

    /// Opens a database and brings it up to the newest migration. Never makes a file.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Foreign`], [`StoreError::Newer`], [`StoreError::Altered`], or what the
    /// file system says.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Sqlite::open_waiting(path, BUSY)
    }

    /// As [`open`](Sqlite::open), with another patience than 5 seconds for other processes that write.
    ///
    /// # Errors
    /// As [`open`](Sqlite::open).
    pub fn open_waiting(path: &Path, wait: Duration) -> Result<Self, StoreError> {
        let mut writer = open_writer(path, wait)?;
        if migrate::migrate(&mut writer, path, migrate::MIGRATIONS)? {
            // it may be much, and would stand twice on the disk; if somebody else reads an older state, it does
            let moved = writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            moved.map_err(|e| fault::of(path, &e))?;
        }
        let (mover, readers) = (Mutex::default(), Mutex::default());
        Ok(Sqlite { path: path.to_owned(), wait, mover, writer: Mutex::new(writer), readers })
    }

    /// Where the database is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Lends a read-only connection. One that failed is closed, not put back.
    fn read<T>(&self, f: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = match idle {
            Some(reader) => reader,
            None => open_reader(&self.path)?,
        };
        let value = f(&reader).map_err(|e| fault::of(&self.path, &e))?;
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < IDLE_READERS {
            readers.push(reader);
        }
        Ok(value)
    }
}

/// Makes an empty file with mode 0600; SQLite gives its working files the same mode. A working file that is left of another
/// database of this name would be taken for part of the new one.
fn new_file(path: &Path) -> Result<(), StoreError> {
    for left in ["-wal", "-journal"].map(|suffix| durable::beside(path, suffix)) {
        if left.try_exists().map_err(|e| StoreError::io(&left, &e))? {
            return Err(StoreError::Exists { path: left });
        }
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|e| match StoreError::io(path, &e) {
        // the folder is what is missing
        StoreError::Missing { path } => StoreError::Io { path, why: e.to_string() },
        other => other,
    })
}

fn open_writer(path: &Path, wait: Duration) -> Result<Connection, StoreError> {
    if !path.try_exists().map_err(|e| StoreError::io(path, &e))? {
        return Err(StoreError::Missing { path: path.to_owned() });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let setup = || {
        let conn = Connection::open_with_flags(path, flags)?;
        conn.busy_timeout(wait)?;
        Ok(conn)
    };
    let conn = setup().map_err(|e| fault::of(path, &e))?;
    // before anything that would change the file
    migrate::check_ours(&conn, path)?;
    let setup = || {
        // only a database that is still empty takes it: most records then lie on one page, which makes reading them all faster
        conn.pragma_update(None, "page_size", 8192)?;
        let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |r| r.get(0))?;
        settings(&conn)?;
        // where nobody calls `rest`, a commit moves what is in the WAL, as late as this
        conn.pragma_update(None, "wal_autocheckpoint", 2 * mover::WAL_PAGES)?;
        // without recursive_triggers, INSERT OR REPLACE deletes past the append-only triggers
        conn.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA recursive_triggers = ON;
             PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;",
        )?;
        // pages of random places are written again and again; a much larger cache costs more at each commit than it saves, since SQLite
        // walks all of it whenever a page was moved in a tree
        conn.pragma_update(None, "cache_size", -16_000)?;
        Ok(mode)
    };
    let mode = setup().map_err(|e| fault::of(path, &e))?;
    if mode.eq_ignore_ascii_case("wal") {
        Ok(conn)
    } else {
        let why = "this file system cannot share memory between processes (a network share?)".to_owned();
        Err(StoreError::Io { path: path.to_owned(), why })
    }
}

fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let setup = || {
        let conn = Connection::open_with_flags(path, flags)?;
        conn.busy_timeout(BUSY)?;
        settings(&conn)?;
        Ok(conn)
    };
    setup().map_err(|e| fault::of(path, &e))
}

/// What readers and the writer have in common. `trusted_schema=OFF`: a database that somebody gave us runs no code of
/// theirs. `cell_size_check=ON`: damage is found when a page is read, not later. With stable plans (QPSG) a statement is not
/// planned anew for each value that is bound to it.
fn settings(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_prepared_statement_cache_capacity(64);
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.execute_batch(
        "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;",
    )
}

impl Store for Sqlite {
    fn commit(&self, batch: &Batch<'_>) -> Result<(), CommitError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        commit::commit(&mut writer, batch).map_err(|e| match e {
            commit::Failed::Sql(e) => CommitError::Store(fault::of(&self.path, &e)),
            commit::Failed::Commit(e) => e,
        })?;
        let mut writes = batch.items.iter().flat_map(|item| &item.writes);
        if writes.any(|write| matches!(write, Write::Delete { kind, .. } if kind.erasable())) {
            // who moves holds what `scrub` needs
            self.mover.lock().unwrap_or_else(PoisonError::into_inner).wait();
            commit::scrub(&writer);
        }
        Ok(())
    }

    /// A failed sync may leave whole frames of the lost commit in the WAL, which nobody sees but a recovery after a
    /// crash would find. A further small commit writes over them; so does every later one, but this one is certain.
    fn settle(&self) -> Result<(), StoreError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        *writer = open_writer(&self.path, self.wait)?;
        commit::settle(&mut writer).map_err(|e| fault::of(&self.path, &e))
    }

    fn rest(&self) {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut mover = self.mover.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(e) = mover.rest(&self.path, self.wait, &writer) {
            tracing::warn!(error = %e, "the write-ahead log was not moved into the database: the next commit tries again");
        }
    }

    fn head(&self) -> Result<Option<Head>, StoreError> {
        self.read(read::head)
    }

    fn epochs(&self) -> Result<Epochs, StoreError> {
        self.read(read::epochs)
    }

    fn row(&self, kind: Kind, key: &str) -> Result<Option<Row>, StoreError> {
        self.read(|conn| read::row(conn, kind, key))
    }

    fn rows(
        &self,
        kind: Kind,
        parent: Option<&str>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        self.read(|conn| read::rows(conn, kind, parent, after, limit))
    }

    fn listed(&self, index: Index, parent: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, StoreError> {
        self.read(|conn| read::listed(conn, index, parent, after, limit))
    }

    fn is_taken(&self, list: &str, place: u32) -> Result<bool, StoreError> {
        self.read(|conn| places::is_taken(conn, list, place))
    }

    fn worded(&self, after: u64, limit: usize) -> Result<Vec<Worded>, StoreError> {
        self.read(|conn| words::worded(conn, after, limit))
    }

    fn search(&self, search: &Search) -> Result<Vec<Found>, StoreError> {
        self.read(|conn| words::search(conn, search))
    }

    fn record(&self, id: &str) -> Result<Option<Record>, StoreError> {
        self.read(|conn| read::record(conn, id))
    }

    fn record_by_digest(&self, digest: &Digest, entry: Option<u64>) -> Result<Option<Record>, StoreError> {
        self.read(|conn| read::record_by_digest(conn, digest, entry))
    }

    fn records(
        &self,
        kind: Option<EntryType>,
        about: Option<&str>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.read(|conn| read::records(conn, kind, about, after, limit))
    }

    fn leaves(&self, from: u64, limit: usize) -> Result<Vec<Leaf>, StoreError> {
        self.read(|conn| read::leaves(conn, from, limit))
    }

    fn leaf_of(&self, id: &str) -> Result<Option<Leaf>, StoreError> {
        self.read(|conn| read::leaf_of(conn, id))
    }

    fn hashes(&self, level: u8, from: u64, limit: usize) -> Result<Vec<Hash>, StoreError> {
        self.read(|conn| read::hashes(conn, level, from, limit))
    }

    fn backup(&self, to: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<(), StoreError> {
        backup::backup(&open_reader(&self.path)?, to, progress)
    }

    fn check(&self) -> Result<(), StoreError> {
        let findings = self.read(read::integrity)?;
        if findings.is_empty() {
            Ok(())
        } else {
            Err(StoreError::Corrupt { path: self.path.clone(), why: findings.join("; ") })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Item;
    use super::*;

    /// Whatever moves at that moment, no old bytes of an erased row stay in the write-ahead log.
    #[test]
    fn an_erasure_waits_for_what_moves() {
        let dir = tempfile::tempdir().unwrap();
        let store = Sqlite::create(&dir.path().join("db")).unwrap();
        store.mover.lock().unwrap().at = 100;
        let commit = |item: Item| store.commit(&Batch { advance: None, items: vec![&item] }).unwrap();
        commit(Item::default().put(Kind::Side, "name", None, "somebody"));
        commit(Item::default().put(Kind::Dataset, "much", None, vec![7; 48 << 20]));
        store.rest();
        commit(Item::default().delete(Kind::Side, "name"));
        assert_eq!(std::fs::metadata(dir.path().join("db-wal")).unwrap().len(), 0);
        assert!(store.row(Kind::Dataset, "much").unwrap().is_some());
    }
}
