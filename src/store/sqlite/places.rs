//! Which places of a list are taken: a bit for each, so that those of a list stand on few pages, wherever chance puts the next one.

use rusqlite::{Connection, OptionalExtension as _, params};

/// How many bytes of bits stand in a row.
const BYTES: u32 = 512;

/// Which row, which of its bytes, and which bit of that.
fn at(place: u32) -> (u32, usize, u8) {
    let byte = usize::try_from(place / 8 % BYTES).unwrap_or(usize::MAX);
    (place / 8 / BYTES, byte, 0x80 >> (place % 8))
}

fn row(conn: &Connection, list: &str, part: u32) -> rusqlite::Result<Option<Vec<u8>>> {
    conn.prepare_cached("SELECT taken FROM place WHERE list = ?1 AND part = ?2")?
        .query_row(params![list, part], |r| r.get(0))
        .optional()
}

/// Whether a place is taken.
pub(super) fn is_taken(conn: &Connection, list: &str, place: u32) -> rusqlite::Result<bool> {
    let (part, byte, bit) = at(place);
    let row = row(conn, list, part)?;
    Ok(row.is_some_and(|row| row.get(byte).is_none_or(|byte| byte & bit != 0)))
}

/// Takes a place.
pub(super) fn take(conn: &Connection, list: &str, place: u32) -> rusqlite::Result<()> {
    let (part, byte, bit) = at(place);
    let mut taken = row(conn, list, part)?.unwrap_or_else(|| vec![0; usize::try_from(BYTES).unwrap_or_default()]);
    taken.iter_mut().skip(byte).take(1).for_each(|byte| *byte |= bit);
    conn.prepare_cached(
        "INSERT INTO place (list, part, taken) VALUES (?1, ?2, ?3) ON CONFLICT (list, part) DO UPDATE SET taken = excluded.taken",
    )?
    .execute(params![list, part, taken])?;
    Ok(())
}
