//! A copy of one moment, and the way back. Neither ever writes over a file.
//!
//! A restored backup is an older state. It must not go on as if nothing had happened after it: that is what the log's
//! `head` file is compared for, and why nothing here touches that file.

use std::fs::File;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::super::StoreError;
use super::{BUSY, Sqlite, fault, migrate, new_file, open_writer, read};
use crate::durable;

/// Pages copied between two calls of `progress`: 4 MiB.
const STEP: i32 = 1024;

/// Copies what `from` sees now to a new file.
pub(super) fn backup(from: &Connection, to: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<(), StoreError> {
    place(to, |partial| {
        copy(from, partial, progress).map_err(|e| fault::of(partial, &e))?;
        verify(partial)
    })
}

/// Makes a new data file of a backup, at `to`. Refuses a backup that is damaged, or of a newer program.
///
/// # Errors
/// [`StoreError::Exists`] if something is at `to`, which is never touched; [`StoreError::Missing`],
/// [`StoreError::Foreign`], [`StoreError::Newer`], [`StoreError::Corrupt`] about the backup. After any error nothing is
/// left at `to`.
pub fn restore(backup: &Path, to: &Path) -> Result<(), StoreError> {
    let beside = durable::beside(backup, "-wal");
    if beside.try_exists().map_err(|e| StoreError::io(&beside, &e))? {
        let why = "a `-wal` file stands beside it, so this is a copy of a live file and not a backup".to_owned();
        return Err(StoreError::Corrupt { path: backup.to_owned(), why });
    }
    place(to, |partial| {
        let mut from = File::open(backup).map_err(|e| StoreError::io(backup, &e))?;
        let mut out = File::options().write(true).open(partial).map_err(|e| StoreError::io(partial, &e))?;
        std::io::copy(&mut from, &mut out).map_err(|e| StoreError::io(partial, &e))?;
        drop(out);
        // what is wrong with the copy is wrong with the backup
        verify(partial).map_err(|e| match e {
            StoreError::Foreign { .. } => StoreError::Foreign { path: backup.to_owned() },
            StoreError::Corrupt { why, .. } => StoreError::Corrupt { path: backup.to_owned(), why },
            StoreError::Newer { found, known, .. } => StoreError::Newer { path: backup.to_owned(), found, known },
            other => other,
        })
    })
}

/// Makes a new data file with all rows and records of another one and an empty log, for a log that starts again under a
/// new key and origin after the old one was given up. What datasets are found by is made again. The old file is not changed: it and its export are what proves
/// the old entries.
///
/// # Errors
/// As [`restore`], about the old file; nobody may have it open for writing meanwhile.
pub fn restart(old: &Path, to: &Path) -> Result<(), StoreError> {
    // brings the old file up to the same shape, and takes what is in its WAL into account
    let old_file = Sqlite::open(old)?;
    place(to, |partial| {
        let mut conn = open_writer(partial, BUSY)?;
        migrate::migrate(&mut conn, partial, migrate::MIGRATIONS)?;
        let carry = || {
            conn.execute("ATTACH ?1 AS old", [old_file.path().to_string_lossy()])?;
            conn.execute_batch(
                "BEGIN IMMEDIATE;
                 INSERT INTO main.state SELECT * FROM old.state;
                 INSERT INTO main.listed SELECT * FROM old.listed;
                 INSERT INTO main.place SELECT * FROM old.place;
                 INSERT INTO main.record (digest, id, kind, about, bytes)
                 SELECT digest, id, kind, about, bytes FROM old.record ORDER BY rowid;
                 UPDATE main.counter SET value = (SELECT value FROM old.counter o WHERE o.name = main.counter.name);
                 COMMIT;
                 DETACH old;",
            )
        };
        carry().map_err(|e| fault::of(partial, &e))?;
        conn.close().map_err(|(_, e)| fault::of(partial, &e))?;
        verify(partial)
    })
}

/// Brings all of a database that nobody has open into its one file, so that it can be moved or linked.
///
/// # Errors
/// [`StoreError::Busy`] if another process has it open; as [`Sqlite::open`].
pub fn close(path: &Path) -> Result<(), StoreError> {
    // the last connection to close takes the working files away, but only one that may write
    drop(Sqlite::open(path)?);
    let wal = durable::beside(path, "-wal");
    match wal.try_exists().map_err(|e| StoreError::io(&wal, &e))? {
        true => Err(StoreError::Busy { path: path.to_owned() }),
        false => Ok(()),
    }
}

/// Fills `to` by way of `to.partial`, so that a file under the final name is always whole. `to` is reserved first,
/// which fails if it exists. If this dies half-way, an empty file and a partial one are left, and neither passes for a
/// backup.
fn place(to: &Path, fill: impl FnOnce(&Path) -> Result<(), StoreError>) -> Result<(), StoreError> {
    let partial = durable::beside(to, ".partial");
    new_file(to)?;
    let filled = new_file(&partial).and_then(|()| {
        let made = fill(&partial)
            .and_then(|()| durable::sync(&partial).map_err(|e| StoreError::io(&partial, &e)))
            .and_then(|()| std::fs::rename(&partial, to).map_err(|e| StoreError::io(to, &e)))
            .and_then(|()| durable::sync_folder_of(to).map_err(|e| StoreError::io(to, &e)));
        if made.is_err() {
            remove(&partial);
        }
        made
    });
    if filled.is_err() {
        remove(to);
    }
    filled
}

/// Only for files that this call made; what cannot be removed is named in the program log.
fn remove(path: &Path) {
    if let Err(e) = std::fs::remove_file(path)
        && e.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), error = %e, "an unfinished file is left");
    }
}

/// The read transaction keeps the source at one moment, so the copy never has to start again when somebody writes.
fn copy(from: &Connection, to: &Path, progress: &mut dyn FnMut(u64, u64)) -> rusqlite::Result<()> {
    let tx = from.unchecked_transaction()?;
    tx.query_row("SELECT count(*) FROM migration", [], |r| r.get::<_, i64>(0))?;
    let mut to = Connection::open(to)?;
    {
        let copying = Backup::new(&tx, &mut to)?;
        loop {
            let step = copying.step(STEP)?;
            let at = copying.progress();
            let total = u64::try_from(at.pagecount).unwrap_or(0);
            progress(total.saturating_sub(u64::try_from(at.remaining).unwrap_or(0)), total);
            match step {
                StepResult::Done => break,
                StepResult::More => {}
                // nobody else has the destination, and a reader of a WAL never waits: not a thing that passes
                _ => return Err(busy()),
            }
        }
    }
    to.close().map_err(|(_, e)| e)
}

fn busy() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None)
}

/// Opens the copy as a database, which also refuses an empty or a newer one, and has SQLite read all of it. Closing the
/// only connection takes the working files away.
fn verify(path: &Path) -> Result<(), StoreError> {
    let mut conn = open_writer(path, BUSY)?;
    if !migrate::is_made(&conn).map_err(|e| fault::of(path, &e))? {
        return Err(StoreError::Foreign { path: path.to_owned() });
    }
    migrate::migrate(&mut conn, path, migrate::MIGRATIONS)?;
    let findings = read::integrity(&conn).map_err(|e| fault::of(path, &e))?;
    conn.close().map_err(|(_, e)| fault::of(path, &e))?;
    if findings.is_empty() {
        Ok(())
    } else {
        Err(StoreError::Corrupt { path: path.to_owned(), why: findings.join("; ") })
    }
}
