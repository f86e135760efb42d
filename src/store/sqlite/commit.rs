//! One batch, one transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{CachedStatement, Connection, OptionalExtension as _, TransactionBehavior, params};

use super::super::{Advance, Batch, CommitError, Item, Kind, Refusal, StoreError, Write};
use super::{places, words};
use crate::model::Digest;

/// Why a transaction was not committed: an answer of the contract, or trouble with SQLite.
pub(super) enum Failed {
    Commit(CommitError),
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for Failed {
    fn from(e: rusqlite::Error) -> Self {
        Failed::Sql(e)
    }
}

impl From<CommitError> for Failed {
    fn from(e: CommitError) -> Self {
        Failed::Commit(e)
    }
}

/// Writes the batch. Whatever way this is left other than by the `commit` at its end, dropping the transaction rolls it
/// back. IMMEDIATE takes the write lock first, so what is read here cannot change before the commit.
pub(super) fn commit(conn: &mut Connection, batch: &Batch<'_>) -> Result<(), Failed> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if let Some(advance) = &batch.advance {
        let found =
            tx.prepare_cached("SELECT size FROM tree_head")?.query_row([], |r| r.get::<_, u64>(0)).optional()?;
        let found = found.unwrap_or(0);
        if found != advance.from {
            return Err(CommitError::Swap { expected: advance.from, found }.into());
        }
    }
    let leaves = batch.advance.iter().flat_map(|advance| &advance.leaves).rev();
    let mut leaves: BTreeMap<Digest, u64> = leaves.map(|leaf| (leaf.digest, leaf.index)).collect();
    items(&tx, &batch.items, &mut leaves)?;
    begin_epochs(&tx, &batch.items)?;
    if let Some(advance) = &batch.advance {
        grow(&tx, advance)?;
        say_leaves(&tx, &leaves)?;
    }
    tx.commit()?;
    Ok(())
}

/// Each item sees the writes of those before it. After a refused guard nothing of that item was written, so the others
/// are still judged rightly and one answer names every refusal. After a taken record the judging stops, since part of
/// that item may have been written: the next attempt finds what is left.
fn items(conn: &Connection, items: &[&Item], leaves: &mut BTreeMap<Digest, u64>) -> Result<(), Failed> {
    let mut refused = Vec::new();
    let mut versions = Versions::new(conn)?;
    for (position, item) in items.iter().enumerate() {
        if let Some(refusal) = failed_guard(&mut versions, position, item)? {
            refused.push(refusal);
            continue;
        }
        if let Some(refusal) = no_room(conn, position, item)? {
            refused.push(refusal);
            continue;
        }
        if let Some(refusal) = add_records(conn, position, item, leaves)? {
            refused.push(refusal);
            break;
        }
        for write in &item.writes {
            versions.forget(write);
            apply(conn, write)?;
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(CommitError::Refused(refused).into()) }
}

/// Versions of rows as they stand at this point of the transaction. Operations of one batch rely on much the same rows, so each is looked up once.
struct Versions<'c, 'i> {
    look: CachedStatement<'c>,
    seen: HashMap<(Kind, &'i str), u64>,
}

impl<'c, 'i> Versions<'c, 'i> {
    fn new(conn: &'c Connection) -> rusqlite::Result<Self> {
        let look = conn.prepare_cached("SELECT version FROM state WHERE kind = ?1 AND key = ?2")?;
        Ok(Versions { look, seen: HashMap::new() })
    }

    /// 0 if there is no such row.
    fn of(&mut self, kind: Kind, key: &'i str) -> rusqlite::Result<u64> {
        if let Some(version) = self.seen.get(&(kind, key)) {
            return Ok(*version);
        }
        let found = self.look.query_row(params![kind.as_str(), key], |r| r.get(0)).optional()?;
        let version = found.unwrap_or(0);
        self.seen.insert((kind, key), version);
        Ok(version)
    }

    /// The row changes now.
    fn forget(&mut self, write: &'i Write) {
        if let Write::Put { kind, key, .. } | Write::Add { kind, key, .. } | Write::Delete { kind, key } = write {
            self.seen.remove(&(*kind, key.as_str()));
        }
    }
}

fn failed_guard<'i>(
    versions: &mut Versions<'_, 'i>,
    position: usize,
    item: &'i Item,
) -> Result<Option<Refusal>, rusqlite::Error> {
    for guard in &item.guards {
        let found = versions.of(guard.kind, &guard.key)?;
        if found != guard.version {
            let (kind, key, expected) = (guard.kind, guard.key.clone(), guard.version);
            return Ok(Some(Refusal::Guard { item: position, kind, key, expected, found }));
        }
    }
    Ok(None)
}

/// A number that would become too large, or a place that is taken. What is no number is as large as any.
fn no_room(conn: &Connection, item: usize, of: &Item) -> Result<Option<Refusal>, rusqlite::Error> {
    const FIND: &str = "SELECT CAST(body AS TEXT) FROM state WHERE kind = ?1 AND key = ?2";
    for write in &of.writes {
        match write {
            Write::Add { kind, key, by, most } => {
                let found =
                    conn.prepare_cached(FIND)?.query_row(params![kind.as_str(), key], |r| r.get::<_, String>(0));
                let found = found.optional()?.map_or(0, |text| text.parse::<u64>().unwrap_or(u64::MAX));
                if found.checked_add(*by).is_none_or(|sum| sum > *most) {
                    let (kind, key, most) = (*kind, key.clone(), *most);
                    return Ok(Some(Refusal::Over { item, kind, key, found, most }));
                }
            }
            Write::Take { list, place } if places::is_taken(conn, list, *place)? => {
                return Ok(Some(Refusal::Taken { item, list: list.clone(), place: *place }));
            }
            _ => {}
        }
    }
    Ok(None)
}

/// Records, each with the leaf that logs it: the first, if there are several. A leaf whose record is here is said.
fn add_records(
    conn: &Connection,
    position: usize,
    item: &Item,
    leaves: &mut BTreeMap<Digest, u64>,
) -> Result<Option<Refusal>, rusqlite::Error> {
    const ADD: &str = "INSERT INTO record (digest, id, kind, about, bytes, leaf) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT DO NOTHING";
    for record in &item.records {
        let (digest, kind, leaf) = (record.digest.as_bytes(), record.kind.as_str(), leaves.remove(&record.digest));
        let values = params![digest, record.id, kind, record.about, record.bytes, leaf];
        let added = conn.prepare_cached(ADD)?.execute(values)?;
        if added == 0 {
            let (digest, id) = (record.digest, record.id.clone());
            return Ok(Some(Refusal::RecordTaken { item: position, digest, id }));
        }
    }
    Ok(None)
}

/// Of a record that has no leaf yet.
pub(super) const SAY_LEAF: &str = "UPDATE record SET leaf = ?2 WHERE leaf >> 10 IS NULL AND digest = ?1";

/// Says of records that were there before where they stand now: a log that continues another one logs them again.
fn say_leaves(conn: &Connection, leaves: &BTreeMap<Digest, u64>) -> rusqlite::Result<()> {
    let mut say = conn.prepare_cached(SAY_LEAF)?;
    for (digest, leaf) in leaves {
        say.execute(params![digest.as_bytes(), leaf])?;
    }
    Ok(())
}

fn apply(conn: &Connection, write: &Write) -> Result<(), Failed> {
    match write {
        Write::Put { kind, key, parent, body } => {
            // an index is left alone where its columns are not set: under the same parent that is one page less to write, at a random place
            let written = conn
                .prepare_cached(
                    "INSERT INTO state (kind, key, parent, version, body)
                     VALUES (?1, ?2, ?3, (SELECT value + 1 FROM counter WHERE name = 'deleted'), ?4)
                     ON CONFLICT (kind, key) DO UPDATE SET version = state.version + 1, body = excluded.body
                     WHERE state.parent IS excluded.parent",
                )?
                .execute(params![kind.as_str(), key, parent, body])?;
            if written == 0 {
                conn.prepare_cached(
                    "UPDATE state SET parent = ?3, version = version + 1, body = ?4 WHERE kind = ?1 AND key = ?2",
                )?
                .execute(params![kind.as_str(), key, parent, body])?;
            }
        }
        Write::Add { kind, key, by, .. } => {
            conn.prepare_cached(
                "INSERT INTO state (kind, key, version, body)
                 VALUES (?1, ?2, (SELECT value + 1 FROM counter WHERE name = 'deleted'), CAST(?3 AS BLOB))
                 ON CONFLICT (kind, key) DO UPDATE
                 SET version = state.version + 1, body = CAST(CAST(state.body AS TEXT) + ?3 AS BLOB)",
            )?
            .execute(params![kind.as_str(), key, by])?;
        }
        Write::Take { list, place } => places::take(conn, list, *place)?,
        Write::List { index, parent, key } => {
            conn.prepare_cached("INSERT INTO listed (name, parent, key) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
                .execute(params![index.as_str(), parent, key])?;
        }
        Write::Words { key, words } => {
            if !words::put(conn, key, words)? {
                return Err(misuse(format!("there is no dataset `{key}` that these words could be of")));
            }
        }
        Write::Delete { kind, key } => {
            if *kind == Kind::Dataset {
                words::delete(conn, key)?;
            }
            let key = params![kind.as_str(), key];
            conn.prepare_cached(
                "UPDATE counter SET value = max(value,
                 coalesce((SELECT version FROM state WHERE kind = ?1 AND key = ?2), 0)) WHERE name = 'deleted'",
            )?
            .execute(key)?;
            conn.prepare_cached("DELETE FROM state WHERE kind = ?1 AND key = ?2")?.execute(key)?;
        }
    }
    Ok(())
}

/// Kinds that seldom change and do now.
fn begin_epochs(conn: &Connection, items: &[&Item]) -> rusqlite::Result<()> {
    let written = items.iter().flat_map(|item| &item.writes).filter_map(Write::kind);
    for kind in written.filter(|kind| kind.seldom_changes()).collect::<BTreeSet<_>>() {
        conn.prepare_cached(
            "INSERT INTO epoch (kind, value) VALUES (?1, 1) ON CONFLICT (kind) DO UPDATE SET value = value + 1",
        )?
        .execute([kind.as_str()])?;
    }
    Ok(())
}

/// Leaves and hashes follow the last ones that are there, and end at the new size.
fn grow(conn: &Connection, advance: &Advance) -> Result<(), Failed> {
    let size = advance.from.saturating_add(u64::try_from(advance.leaves.len()).unwrap_or(u64::MAX));
    let last: u64 = conn.prepare_cached("SELECT coalesce(max(idx) + 1, 0) FROM leaf")?.query_row([], |r| r.get(0))?;
    if size <= last || !(last..size).eq(advance.leaves.iter().map(|leaf| leaf.index)) {
        return Err(misuse(format!(
            "{} leaves from {} do not go from {last} to {size}",
            advance.leaves.len(),
            advance.from
        )));
    }
    let mut add = conn.prepare_cached("INSERT INTO leaf (idx, digest, bytes) VALUES (?1, ?2, ?3)")?;
    for leaf in &advance.leaves {
        add.execute(params![leaf.index, leaf.digest.as_bytes(), leaf.bytes])?;
    }
    let mut next: BTreeMap<u8, u64> = BTreeMap::new();
    let mut last = conn.prepare_cached("SELECT coalesce(max(idx) + 1, 0) FROM hash WHERE level = ?1")?;
    let mut add = conn.prepare_cached("INSERT INTO hash (level, idx, hash) VALUES (?1, ?2, ?3)")?;
    for (level, index, hash) in &advance.hashes {
        let follows = match next.get(level) {
            Some(next) => *next,
            None => last.query_row([level], |r| r.get(0))?,
        };
        if *index != follows {
            return Err(misuse(format!(
                "hash {index} of level {level} does not follow the last one, before {follows}"
            )));
        }
        next.insert(*level, index.saturating_add(1));
        add.execute(params![level, index, hash.as_bytes()])?;
    }
    conn.prepare_cached(
        "INSERT INTO tree_head (one, size, checkpoint, newest) VALUES (1, ?1, ?2, ?3) ON CONFLICT (one) DO UPDATE
         SET size = excluded.size, checkpoint = excluded.checkpoint, newest = excluded.newest",
    )?
    .execute(params![size, advance.checkpoint, advance.newest.unix()])?;
    Ok(())
}

fn misuse(why: String) -> Failed {
    Failed::Commit(CommitError::Store(StoreError::Misuse { why }))
}

/// A commit of its own that changes nothing that anybody reads.
pub(super) fn settle(conn: &mut Connection) -> rusqlite::Result<()> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute("UPDATE counter SET value = value + 1 WHERE name = 'settled'", [])?;
    tx.commit()
}

/// Empties the WAL, so that no old bytes of an erased row stay in it; in the database itself `secure_delete` wrote
/// zeros. It waits for readers of an older state as a write waits for other writers; if they stay (a backup), the old
/// bytes stay until the next erasure or the end of the program. The commit is safe either way, so this is no failure of
/// it.
pub(super) fn scrub(conn: &Connection) {
    match conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get::<_, i64>(0)) {
        Ok(0) => {}
        Ok(_) => tracing::warn!("somebody reads an older state: the write-ahead log still holds an erased row"),
        Err(e) => tracing::warn!(error = %e, "the write-ahead log still holds an erased row"),
    }
}
