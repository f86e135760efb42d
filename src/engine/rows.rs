//! Rows as the engine reads and writes them: a document with its version, lists page by page, and the records about one thing.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::EngineError;
use crate::model::Time;
use crate::model::entry::EntryType;
use crate::store::{Item, Kind, Record, Row, Store};

/// A row with its document.
#[derive(Debug, Clone)]
pub struct Loaded<T> {
    /// The document.
    pub value: T,
    /// The version that was read, for guards.
    pub version: u64,
}

/// The document of a row, if there is one.
///
/// # Errors
/// The store cannot be read, or holds what this program did not write.
pub fn load<T: DeserializeOwned>(store: &dyn Store, kind: Kind, key: &str) -> Result<Option<Loaded<T>>, EngineError> {
    store.row(kind, key)?.map(|row| parse(&row)).transpose()
}

/// The document of a row.
pub(super) fn parse<T: DeserializeOwned>(row: &Row) -> Result<Loaded<T>, EngineError> {
    let value = serde_json::from_slice(&row.body).map_err(|e| EngineError::Row {
        kind: row.kind,
        key: row.key.clone(),
        why: e.to_string(),
    })?;
    Ok(Loaded { value, version: row.version })
}

/// Adds a row to an item.
pub(super) fn put<T: Serialize>(
    item: &mut Item,
    kind: Kind,
    key: &str,
    parent: Option<&str>,
    value: &T,
) -> Result<(), EngineError> {
    let wrong = |e: serde_json::Error| EngineError::Row { kind, key: key.to_owned(), why: e.to_string() };
    *item = std::mem::take(item).put(kind, key, parent, serde_json::to_vec(value).map_err(wrong)?);
    Ok(())
}

/// Adds a guard to an item.
pub(super) fn guard(item: &mut Item, kind: Kind, key: &str, version: u64) {
    *item = std::mem::take(item).guard(kind, key, version);
}

/// The documents of every row of a kind, or of those under one parent.
///
/// # Errors
/// The store cannot be read, or holds what this program did not write.
pub fn all<T: DeserializeOwned>(store: &dyn Store, kind: Kind, parent: Option<&str>) -> Result<Vec<T>, EngineError> {
    Ok(all_loaded(store, kind, parent)?.into_iter().map(|row| row.value).collect())
}

/// The same, with the version of each row.
pub(super) fn all_loaded<T: DeserializeOwned>(
    store: &dyn Store,
    kind: Kind,
    parent: Option<&str>,
) -> Result<Vec<Loaded<T>>, EngineError> {
    let mut out = Vec::new();
    each_row(store, kind, parent, |row| {
        out.push(parse(&row)?);
        Ok(())
    })?;
    Ok(out)
}

/// How many rows or records are read at once.
const PAGE: usize = 500;

/// Shows every row of a kind, or of those under one parent, page by page.
pub(super) fn each_row(
    store: &dyn Store,
    kind: Kind,
    parent: Option<&str>,
    mut see: impl FnMut(Row) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    let mut after: Option<String> = None;
    loop {
        let rows = store.rows(kind, parent, after.as_deref(), PAGE)?;
        after = rows.last().map(|r| r.key.clone());
        let full = rows.len() == PAGE;
        rows.into_iter().try_for_each(&mut see)?;
        if !full {
            return Ok(());
        }
    }
}

/// Shows every record about one thing, or those of one type, page by page.
pub(super) fn each_record(
    store: &dyn Store,
    kind: Option<EntryType>,
    about: &str,
    mut see: impl FnMut(Record) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    let mut after: Option<String> = None;
    loop {
        let page = store.records(kind, Some(about), after.as_deref(), PAGE)?;
        after = page.last().map(|r| r.id.clone());
        let full = page.len() == PAGE;
        page.into_iter().try_for_each(&mut see)?;
        if !full {
            return Ok(());
        }
    }
}

/// The records about one thing in the order of the log, each with its place there: ids of one second are in no order.
pub(super) fn logged(store: &dyn Store, about: &str) -> Result<Vec<(u64, Record)>, EngineError> {
    let mut found = Vec::new();
    each_record(store, None, about, |record| {
        found.extend(store.leaf_of(&record.id)?.map(|leaf| (leaf.index, record)));
        Ok(())
    })?;
    found.sort_unstable_by_key(|(place, _)| *place);
    Ok(found)
}

/// The minute under which something is listed whose time is over at an instant: it begins when that is.
pub(super) fn minute(over: Time) -> String {
    over.plus_seconds(59).to_string().chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_begins_when_the_time_is_over() {
        let at = |text: &str| text.parse::<Time>().unwrap();
        assert_eq!(minute(at("2026-11-26T09:00:00Z")), "2026-11-26T09:00");
        assert_eq!(minute(at("2026-11-26T09:00:01Z")), "2026-11-26T09:01");
        assert_eq!(minute(at("2026-11-26T23:59:30Z")), "2026-11-27T00:00");
    }
}
