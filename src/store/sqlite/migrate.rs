//! The shape of the database: numbered migrations, forward only, one transaction each.
//!
//! A migration never changes the bytes of records, leaves or hashes. Once published its text never changes: the digest
//! of each is in the database and compared on every open.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::super::StoreError;
use super::fault;
use crate::model::Digest;

/// One step of the shape.
#[derive(Debug, Clone, Copy)]
pub(super) struct Migration {
    /// Counted from 1 without a gap.
    pub(super) number: u32,
    pub(super) sql: &'static str,
}

/// All steps, oldest first.
pub(super) const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, sql: include_str!("../migrations/001_rows_records_log.sql") },
    Migration { number: 2, sql: include_str!("../migrations/002_epochs.sql") },
    Migration { number: 3, sql: include_str!("../migrations/003_deals_of_reusers.sql") },
    Migration { number: 4, sql: include_str!("../migrations/004_lists_of_reusers.sql") },
    Migration { number: 5, sql: include_str!("../migrations/005_words.sql") },
    Migration { number: 6, sql: include_str!("../migrations/006_leaf_of_a_record.sql") },
    Migration { number: 7, sql: include_str!("../migrations/007_places_and_lists.sql") },
    Migration { number: 8, sql: include_str!("../migrations/008_nothing_runs_on_insertion.sql") },
    Migration { number: 9, sql: include_str!("../migrations/009_digests_by_parts.sql") },
];

/// `ddl1` in the header of the file, so that no other program's database is taken for ours, nor ours for theirs.
const APPLICATION_ID: i64 = 0x6464_6c31;

/// Refuses a file that holds something else. An empty file is ours to fill: it is what a crash while making one leaves.
pub(super) fn check_ours(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    let read = || {
        let id: i64 = conn.query_row("PRAGMA application_id", [], |r| r.get(0))?;
        let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))?;
        Ok((id, tables))
    };
    match read().map_err(|e| fault::of(path, &e))? {
        (APPLICATION_ID, _) | (0, 0) => Ok(()),
        _ => Err(StoreError::Foreign { path: path.to_owned() }),
    }
}

/// Brings the database up to the last of `list`. Two processes may do so at once: each step looks again under the write
/// lock; over a long step another one may lose patience, and is told that the database is busy. If this dies between two steps, the
/// next open goes on. Says whether a database from before was changed.
pub(super) fn migrate(conn: &mut Connection, path: &Path, list: &[Migration]) -> Result<bool, StoreError> {
    let mut before = None;
    loop {
        let done = applied(conn).map_err(|e| fault::of(path, &e))?;
        let before = *before.get_or_insert(done.len());
        let known = list.iter().map(|m| m.number).max().unwrap_or(0);
        for (number, digest) in &done {
            match list.iter().find(|m| m.number == *number) {
                Some(m) if Digest::of(m.sql.as_bytes()) == *digest => {}
                Some(_) => return Err(StoreError::Altered { path: path.to_owned(), number: *number }),
                None => return Err(StoreError::Newer { path: path.to_owned(), found: *number, known }),
            }
        }
        let newest = done.iter().map(|(n, _)| *n).max().unwrap_or(0);
        match list.iter().find(|m| m.number == newest.saturating_add(1)) {
            None => return Ok(before > 0 && done.len() > before),
            Some(next) => step(conn, next, newest).map_err(|e| fault::of(path, &e))?,
        }
    }
}

/// Does nothing if another process was faster.
fn step(conn: &mut Connection, next: &Migration, newest: u32) -> rusqlite::Result<()> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if applied(&tx)?.iter().any(|(n, _)| *n > newest) {
        return Ok(());
    }
    if newest == 0 {
        tx.execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID}"))?;
        tx.execute_batch("CREATE TABLE migration (number INTEGER NOT NULL PRIMARY KEY, sha256 BLOB NOT NULL) STRICT")?;
    }
    tx.execute_batch(next.sql)?;
    let digest = Digest::of(next.sql.as_bytes());
    tx.execute("INSERT INTO migration (number, sha256) VALUES (?1, ?2)", params![next.number, digest.as_bytes()])?;
    tx.commit()
}

/// Whether this is a database already, not an empty file.
pub(super) fn is_made(conn: &Connection) -> rusqlite::Result<bool> {
    applied(conn).map(|done| !done.is_empty())
}

/// Number and digest of every migration in the database, in order.
fn applied(conn: &Connection) -> rusqlite::Result<Vec<(u32, Digest)>> {
    let there = conn
        .query_row("SELECT 1 FROM sqlite_schema WHERE name = 'migration'", [], |r| r.get::<_, i64>(0))
        .optional()?;
    if there.is_none() {
        return Ok(Vec::new());
    }
    conn.prepare("SELECT number, sha256 FROM migration ORDER BY number")?
        .query_map([], |r| Ok((r.get(0)?, Digest::from(r.get::<_, [u8; 32]>(1)?))))?
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Migration = Migration { number: 1, sql: "CREATE TABLE a (x INTEGER) STRICT" };
    const SECOND: Migration = Migration { number: 2, sql: "CREATE TABLE b (x INTEGER) STRICT" };
    const BROKEN: Migration = Migration { number: 2, sql: "CREATE TABLE b (x INTEGER) STRICT; CREATE TABLE a (y)" };

    #[test]
    fn steps_go_forward_once_and_whole() {
        let path = Path::new("db");
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn, path, &[FIRST]).unwrap();
        migrate(&mut conn, path, &[FIRST]).unwrap();
        // a step that fails half-way leaves nothing of itself
        assert!(migrate(&mut conn, path, &[FIRST, BROKEN]).is_err());
        migrate(&mut conn, path, &[FIRST, SECOND]).unwrap();
        assert_eq!(applied(&conn).unwrap().len(), 2);
        let older = migrate(&mut conn, path, &[FIRST]).unwrap_err();
        assert_eq!(older, StoreError::Newer { path: path.to_owned(), found: 2, known: 1 });
        let other = Migration { number: 1, sql: "CREATE TABLE a (y INTEGER) STRICT" };
        let altered = migrate(&mut conn, path, &[other, SECOND]).unwrap_err();
        assert_eq!(altered, StoreError::Altered { path: path.to_owned(), number: 1 });
    }

    #[test]
    fn the_numbers_have_no_gap() {
        for (i, m) in MIGRATIONS.iter().enumerate() {
            assert_eq!(usize::try_from(m.number).unwrap(), i + 1);
        }
    }
}
