//! Which places of a list are taken: a bit for each, as in a status list, so that those of a list stand on few pages, wherever chance puts the next one.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::bitstring::at;

/// How many bytes of bits stand in a row.
const BYTES: usize = 512;
/// How many places they are.
const PLACES: u32 = 4096;

fn row(conn: &Connection, list: &str, place: u32) -> rusqlite::Result<Option<Vec<u8>>> {
    conn.prepare_cached("SELECT taken FROM place WHERE list = ?1 AND part = ?2")?
        .query_row(params![list, place / PLACES], |r| r.get(0))
        .optional()
}

/// Whether a place is taken. One that is not in its row, which the shape of the table rules out, is.
pub(super) fn is_taken(conn: &Connection, list: &str, place: u32) -> rusqlite::Result<bool> {
    let (byte, mask) = at(place % PLACES);
    let row = row(conn, list, place)?;
    Ok(row.is_some_and(|row| row.get(byte).is_none_or(|byte| byte & mask != 0)))
}

/// Takes a place.
pub(super) fn take(conn: &Connection, list: &str, place: u32) -> rusqlite::Result<()> {
    let (byte, mask) = at(place % PLACES);
    let mut taken = row(conn, list, place)?.unwrap_or_else(|| vec![0; BYTES]);
    if let Some(byte) = taken.get_mut(byte) {
        *byte |= mask;
    }
    conn.prepare_cached(
        "INSERT INTO place (list, part, taken) VALUES (?1, ?2, ?3) ON CONFLICT (list, part) DO UPDATE SET taken = excluded.taken",
    )?
    .execute(params![list, place / PLACES, taken])?;
    Ok(())
}
