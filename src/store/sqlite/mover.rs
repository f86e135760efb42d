//! What is in the write-ahead log is moved into the database beside the commits, by a thread of its own: the disk is slow to take so much.
//! Dying meanwhile leaves nothing behind: whatever was not moved is still in the write-ahead log.

use std::path::Path;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use rusqlite::Connection;

use super::{fault, open_writer};

/// So many pages may be in the WAL, 128 megabytes, before they are moved into the database. Many of them were written again and again: moved
/// once, they cost a busy service a twelfth less than moved four times as often.
pub(super) const WAL_PAGES: i64 = 16_000;
/// So many may be left for the thread that commits. It ends the moving, since only between two commits all that there is can be moved.
const LEFT: i64 = 1_000;

/// Who moves.
#[derive(Debug)]
pub(super) struct Mover {
    /// At how many pages.
    pub(super) at: i64,
    /// While it moves.
    thread: Option<JoinHandle<()>>,
}

impl Default for Mover {
    fn default() -> Self {
        Mover { at: WAL_PAGES, thread: None }
    }
}

impl Mover {
    /// Goes on with moving, between two commits of `writer`. The next commit begins the WAL again if all of it was moved and nobody reads an
    /// older state; if somebody does, this is tried after each commit.
    pub(super) fn rest(&mut self, path: &Path, wait: Duration, writer: &Connection) -> rusqlite::Result<()> {
        if self.thread.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return Ok(());
        }
        self.wait();
        let count = |r: &rusqlite::Row<'_>| Ok((r.get::<_, i64>(1)?, r.get::<_, i64>(2)?));
        let (pages, moved) = writer.query_row("PRAGMA wal_checkpoint(NOOP)", [], count)?;
        if pages < self.at {
            return Ok(());
        }
        if pages - moved <= LEFT {
            return pass(writer);
        }
        let to = path.to_owned();
        let thread = Builder::new().name("mover".to_owned()).spawn(move || {
            let moved = open_writer(&to, wait).and_then(|conn| pass(&conn).map_err(|e| fault::of(&to, &e)));
            if let Err(e) = moved {
                tracing::warn!(error = %e, "the write-ahead log was not moved into the database: tried again after the next commit");
            }
        });
        match thread {
            Ok(thread) => self.thread = Some(thread),
            // no thread is to be had: as well here
            Err(_) => pass(writer)?,
        }
        Ok(())
    }

    /// Waits until nothing moves.
    pub(super) fn wait(&mut self) {
        if let Some(thread) = self.thread.take() {
            // it has said what was wrong
            drop(thread.join());
        }
    }
}

impl Drop for Mover {
    fn drop(&mut self) {
        self.wait();
    }
}

/// Moves what is there now. Readers go on; what they hold back moves another time.
fn pass(conn: &Connection) -> rusqlite::Result<()> {
    conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::migrate;
    use super::*;

    /// A database, the connection that commits, and a commit of some pages.
    fn database(dir: &tempfile::TempDir) -> (PathBuf, Connection) {
        let path = dir.path().join("db");
        std::fs::File::create(&path).unwrap();
        let mut writer = open_writer(&path, Duration::ZERO).unwrap();
        migrate::migrate(&mut writer, &path, migrate::MIGRATIONS).unwrap();
        writer.execute_batch("CREATE TABLE t (x BLOB)").unwrap();
        (path, writer)
    }

    fn commit(writer: &Connection, pages: usize) {
        writer.execute("INSERT INTO t VALUES (randomblob(?1))", [8192 * pages]).unwrap();
    }

    /// How many pages are in the WAL, and how many of them were moved.
    fn wal(conn: &Connection) -> (i64, i64) {
        conn.query_row("PRAGMA wal_checkpoint(NOOP)", [], |r| Ok((r.get(1)?, r.get(2)?))).unwrap()
    }

    #[test]
    fn the_wal_moves_beside_the_commits_and_begins_again() {
        let dir = tempfile::tempdir().unwrap();
        let (path, writer) = database(&dir);
        let mut mover = Mover { at: LEFT + 200, thread: None };
        commit(&writer, 100);
        mover.rest(&path, Duration::ZERO, &writer).unwrap();
        assert!(mover.thread.is_none(), "not worth it yet");
        commit(&writer, 1200);
        let reader = Connection::open(&path).unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM t").unwrap();
        commit(&writer, 50);
        mover.rest(&path, Duration::ZERO, &writer).unwrap();
        assert!(mover.thread.is_some(), "a thread of its own");
        mover.wait();
        let (pages, moved) = wal(&writer);
        assert!(pages > moved && moved > 1300, "who reads an older state holds the rest back: {moved} of {pages}");
        reader.execute_batch("COMMIT").unwrap();
        mover.rest(&path, Duration::ZERO, &writer).unwrap();
        assert!(mover.thread.is_none(), "so few move between two commits");
        assert_eq!(wal(&writer).0, wal(&writer).1);
        commit(&writer, 10);
        assert!(wal(&writer).0 < 20, "the WAL began again: {:?}", wal(&writer));
        assert_eq!(writer.query_row("SELECT sum(length(x)) FROM t", [], |r| r.get(0)), Ok(8192 * 1360));
    }

    #[test]
    fn what_cannot_be_moved_stays_where_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let (_, writer) = database(&dir);
        commit(&writer, 1200);
        let mut mover = Mover { at: 100, thread: None };
        mover.rest(&dir.path().join("nothing"), Duration::ZERO, &writer).unwrap();
        mover.wait();
        assert!(wal(&writer).1 == 0 && wal(&writer).0 > 1200);
    }
}
