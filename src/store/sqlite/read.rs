//! Typed lookups and lists paged by key.

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Params, Row as SqlRow, params};

use super::super::{Epochs, Head, Index, Kind, Leaf, Record, Row};
use crate::merkle::Hash;
use crate::model::entry::EntryType;
use crate::model::{Digest, Time};

pub(super) fn head(conn: &Connection) -> rusqlite::Result<Option<Head>> {
    conn.prepare_cached("SELECT size, checkpoint, newest FROM tree_head")?
        .query_row([], |r| {
            let newest = Time::from_unix(r.get(2)?).ok_or_else(|| wrong(r, 2, "not a time of the profile"))?;
            Ok(Head { size: r.get(0)?, checkpoint: r.get(1)?, newest })
        })
        .optional()
}

pub(super) fn epochs(conn: &Connection) -> rusqlite::Result<Epochs> {
    let mut epochs = Epochs::default();
    let mut counted = conn.prepare_cached("SELECT kind, value FROM epoch")?;
    let mut rows = counted.query([])?;
    while let Some(row) = rows.next()? {
        epochs.set(row.get_ref(0)?.as_str()?, row.get(1)?);
    }
    Ok(epochs)
}

pub(super) fn row(conn: &Connection, kind: Kind, key: &str) -> rusqlite::Result<Option<Row>> {
    conn.prepare_cached("SELECT key, parent, version, body FROM state WHERE kind = ?1 AND key = ?2")?
        .query_row(params![kind.as_str(), key], |r| to_row(r, kind))
        .optional()
}

pub(super) fn listed(
    conn: &Connection,
    index: Index,
    parent: &str,
    after: Option<&str>,
    limit: usize,
) -> rusqlite::Result<Vec<String>> {
    let values = params![index.as_str(), parent, after.unwrap_or(""), int(limit)];
    let sql = "SELECT key FROM listed WHERE name = ?1 AND parent = ?2 AND key > ?3 ORDER BY key LIMIT ?4";
    list(conn, sql, values, |r| r.get(0))
}

pub(super) fn rows(
    conn: &Connection,
    kind: Kind,
    parent: Option<&str>,
    after: Option<&str>,
    limit: usize,
) -> rusqlite::Result<Vec<Row>> {
    // no key is empty, so everything comes after the empty text
    let (kind_text, after) = (kind.as_str(), after.unwrap_or(""));
    let to_row = |r: &SqlRow<'_>| to_row(r, kind);
    match parent {
        None => list(
            conn,
            "SELECT key, parent, version, body FROM state WHERE kind = ?1 AND key > ?2 ORDER BY key LIMIT ?3",
            params![kind_text, after, int(limit)],
            to_row,
        ),
        Some(parent) => list(
            conn,
            "SELECT key, parent, version, body FROM state WHERE kind = ?1 AND parent = ?4 AND key > ?2
             ORDER BY key LIMIT ?3",
            params![kind_text, after, int(limit), parent],
            to_row,
        ),
    }
}

pub(super) fn record(conn: &Connection, id: &str) -> rusqlite::Result<Option<Record>> {
    conn.prepare_cached("SELECT digest, id, kind, about, bytes FROM record WHERE id = ?1")?
        .query_row(params![id], to_record)
        .optional()
}

/// Digests stand by parts of the log, so that those of one commit are on few pages.
const IN_ONE_PART: &str =
    "SELECT digest, id, kind, about, bytes FROM record WHERE leaf >> 10 = ?2 >> 10 AND digest = ?1";
/// The newest part first, and then what stands in none.
const IN_EACH_PART: &str = "WITH RECURSIVE part (number) AS (
        SELECT (size - 1) >> 10 FROM tree_head UNION ALL SELECT number - 1 FROM part WHERE number > 0)
    SELECT digest, id, kind, about, bytes FROM part CROSS JOIN record WHERE leaf >> 10 = number AND digest = ?1
    UNION ALL SELECT digest, id, kind, about, bytes FROM record WHERE leaf >> 10 IS NULL AND digest = ?1 LIMIT 1";

pub(super) fn record_by_digest(
    conn: &Connection,
    digest: &Digest,
    entry: Option<u64>,
) -> rusqlite::Result<Option<Record>> {
    if let Some(entry) = entry {
        let values = params![digest.as_bytes(), int(entry)];
        let found = conn.prepare_cached(IN_ONE_PART)?.query_row(values, to_record).optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    conn.prepare_cached(IN_EACH_PART)?.query_row(params![digest.as_bytes()], to_record).optional()
}

pub(super) fn records(
    conn: &Connection,
    kind: Option<EntryType>,
    about: Option<&str>,
    after: Option<&str>,
    limit: usize,
) -> rusqlite::Result<Vec<Record>> {
    // one text per question, so that each walks its own index; all take the same four values
    let sql = match (kind, about) {
        (None, None) => {
            "SELECT digest, id, kind, about, bytes FROM record
             WHERE id > ?1 AND (?3 IS NULL) AND (?4 IS NULL) ORDER BY id LIMIT ?2"
        }
        (Some(_), None) => {
            "SELECT digest, id, kind, about, bytes FROM record
             WHERE kind = ?3 AND id > ?1 AND (?4 IS NULL) ORDER BY id LIMIT ?2"
        }
        (None, Some(_)) => {
            "SELECT digest, id, kind, about, bytes FROM record
             WHERE about = ?4 AND id > ?1 AND (?3 IS NULL) ORDER BY id LIMIT ?2"
        }
        // the unary plus keeps the planner on the index of the few records about one thing
        (Some(_), Some(_)) => {
            "SELECT digest, id, kind, about, bytes FROM record
             WHERE about = ?4 AND id > ?1 AND +kind = ?3 ORDER BY id LIMIT ?2"
        }
    };
    let values = params![after.unwrap_or(""), int(limit), kind.map(EntryType::as_str), about];
    list(conn, sql, values, to_record)
}

pub(super) fn leaves(conn: &Connection, from: u64, limit: usize) -> rusqlite::Result<Vec<Leaf>> {
    list(
        conn,
        "SELECT idx, digest, bytes FROM leaf WHERE idx >= ?1 ORDER BY idx LIMIT ?2",
        params![int(from), int(limit)],
        to_leaf,
    )
}

pub(super) fn leaf_of(conn: &Connection, id: &str) -> rusqlite::Result<Option<Leaf>> {
    const FIND: &str = "SELECT leaf.idx, leaf.digest, leaf.bytes FROM record
        JOIN leaf ON leaf.idx = record.leaf AND leaf.digest = record.digest WHERE record.id = ?1";
    conn.prepare_cached(FIND)?.query_row(params![id], to_leaf).optional()
}

pub(super) fn hashes(conn: &Connection, level: u8, from: u64, limit: usize) -> rusqlite::Result<Vec<Hash>> {
    list(
        conn,
        "SELECT hash FROM hash WHERE level = ?1 AND idx >= ?2 ORDER BY idx LIMIT ?3",
        params![level, int(from), int(limit)],
        |r| r.get::<_, [u8; 32]>(0).map(Hash::from),
    )
}

/// The first findings of SQLite's own check, none if all is well.
pub(super) fn integrity(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut findings = list(conn, "PRAGMA integrity_check(10)", [], |r| r.get::<_, String>(0))?;
    findings.retain(|f| f != "ok");
    let counts = "SELECT coalesce((SELECT size FROM tree_head), 0), (SELECT count(*) FROM leaf),
                  (SELECT count(*) - count(DISTINCT digest) FROM record)";
    let (size, leaves, twice) =
        conn.query_row(counts, [], |r| Ok((r.get::<_, u64>(0)?, r.get::<_, u64>(1)?, r.get::<_, u64>(2)?)))?;
    if size != leaves {
        findings.push(format!("the head says {size} leaves, there are {leaves}"));
    }
    if twice > 0 {
        findings.push(format!("{twice} records have the digest of another one"));
    }
    for level in 0..8_u8 {
        let of_level = "SELECT count(*) FROM hash WHERE level = ?1";
        let (hashes, whole) = (conn.query_row(of_level, [level], |r| r.get::<_, u64>(0))?, size >> (8 * level));
        if hashes != whole {
            findings.push(format!("there are {hashes} hashes of level {level}, not {whole}"));
        }
    }
    Ok(findings)
}

pub(super) fn list<T>(
    conn: &Connection,
    sql: &str,
    values: impl Params,
    to: impl FnMut(&SqlRow<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    conn.prepare_cached(sql)?.query_map(values, to)?.collect()
}

/// SQLite's integers are signed. Whoever asks beyond them asks for what is not there, or for all there is.
pub(super) fn int(n: impl TryInto<i64>) -> i64 {
    n.try_into().unwrap_or(i64::MAX)
}

fn to_row(r: &SqlRow<'_>, kind: Kind) -> rusqlite::Result<Row> {
    Ok(Row { kind, key: r.get(0)?, parent: r.get(1)?, version: r.get(2)?, body: r.get(3)? })
}

fn to_record(r: &SqlRow<'_>) -> rusqlite::Result<Record> {
    let kind: EntryType = r.get::<_, String>(2)?.parse().map_err(|_| wrong(r, 2, "not a type of record"))?;
    let digest = Digest::from(r.get::<_, [u8; 32]>(0)?);
    Ok(Record { digest, id: r.get(1)?, kind, about: r.get(3)?, bytes: r.get(4)? })
}

fn to_leaf(r: &SqlRow<'_>) -> rusqlite::Result<Leaf> {
    Ok(Leaf { index: r.get(0)?, digest: Digest::from(r.get::<_, [u8; 32]>(1)?), bytes: r.get(2)? })
}

/// A column holds what it cannot hold: the database is damaged.
fn wrong(r: &SqlRow<'_>, column: usize, why: &str) -> rusqlite::Error {
    let kind = r.get_ref(column).map_or(Type::Null, |v| v.data_type());
    rusqlite::Error::FromSqlConversionFailure(column, kind, why.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::Sqlite;

    /// What is written otherwise than in the index would read every record.
    #[test]
    fn a_digest_is_looked_up_in_its_index() {
        let dir = tempfile::tempdir().unwrap();
        let store = Sqlite::create(&dir.path().join("db")).unwrap();
        let conn = Connection::open(store.path()).unwrap();
        for (sql, searches) in [(IN_ONE_PART, 1), (IN_EACH_PART, 2), (super::super::commit::SAY_LEAF, 1)] {
            let mut plan = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let values: Vec<i64> = vec![1; plan.parameter_count()];
            let steps = plan.query_map(rusqlite::params_from_iter(values), |r| r.get::<_, String>(3)).unwrap();
            let found =
                steps.filter(|step| step.as_ref().unwrap().contains("INDEX record_by_digest (<expr>=? AND digest=?)"));
            assert_eq!(found.count(), searches, "{sql}");
        }
    }
}
