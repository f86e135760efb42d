//! Databases of other programs: one of an older program is brought up to this one, and what was in it is found; one of a newer program is refused.

use datadeal::model::entry::EntryType;
use datadeal::store::sqlite::Sqlite;
use datadeal::store::{Batch, Index, Item, Store, StoreError};

use super::{advance, items, new_sqlite, record};
use crate::support::BEFORE_SIX;

#[test]
fn a_newer_or_altered_database_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = new_sqlite(&dir).path().to_owned();
    let sql = rusqlite::Connection::open(&path).unwrap();
    sql.execute("INSERT INTO migration (number, sha256) VALUES (99, zeroblob(32))", []).unwrap();
    assert_eq!(Sqlite::open(&path).unwrap_err(), StoreError::Newer { path: path.clone(), found: 99, known: 9 });
    sql.execute_batch("DELETE FROM migration WHERE number = 99; UPDATE migration SET sha256 = zeroblob(32)").unwrap();
    assert_eq!(Sqlite::open(&path).unwrap_err(), StoreError::Altered { path: path.clone(), number: 1 });
}

/// A database from before says of each record where it stands in the log, when it is opened.
#[test]
fn a_database_from_before_knows_the_leaf_of_a_record() {
    let dir = tempfile::tempdir().unwrap();
    let store = new_sqlite(&dir);
    let one = record(1, EntryType::Deal, None);
    let mut first = advance(0, 2);
    first.leaves[1].digest = one.digest;
    let item = Item::default().record(one.clone()).record(record(2, EntryType::Deal, None));
    store.commit(&Batch { advance: Some(first.clone()), items: vec![&item] }).unwrap();
    let path = store.path().to_owned();
    drop(store);
    rusqlite::Connection::open(&path).unwrap().execute_batch(BEFORE_SIX).unwrap();
    let store = Sqlite::open(&path).unwrap();
    assert_eq!(store.leaf_of(&one.id).unwrap().unwrap(), first.leaves[1]);
    assert_eq!(store.leaf_of(&record(2, EntryType::Deal, None).id).unwrap(), None);
    assert_eq!(store.record_by_digest(&one.digest, None).unwrap(), Some(one));
    store.check().unwrap();
}

/// A database from before keeps its places and lists, and an older program that still runs, which would write them elsewhere, finds its log no more.
#[test]
fn a_database_from_before_keeps_its_places_and_lists() {
    let dir = tempfile::tempdir().unwrap();
    let store = new_sqlite(&dir);
    let places = [0, 1, 8, 4095, 4096, 70_001, 1_048_575];
    let take = |item: Item, place: &u32| item.take("NL.OIN:1", *place).take("NL.KVK:2", place / 2);
    store.commit(&items(&[places.iter().fold(Item::default(), take)])).unwrap();
    let list = Item::default().list(Index::DealOf, "reuser set", "d1").list(Index::ReuserDeal, "reuser", "d1");
    store.commit(&items(&[list])).unwrap();
    let all = |store: &Sqlite, list: &str| -> Vec<u32> {
        (0..1 << 20).filter(|place| store.is_taken(list, *place).unwrap()).collect()
    };
    let path = store.path().to_owned();
    drop(store);
    let sql = rusqlite::Connection::open(&path).unwrap();
    sql.execute_batch(BEFORE_SIX).unwrap();
    let rows = |kind: &str| -> u32 {
        sql.query_row("SELECT count(*) FROM state WHERE kind = ?1", [kind], |r| r.get(0)).unwrap()
    };
    assert_eq!(["status", "deal-of", "reuser-deal"].map(rows), [13, 1, 1]);
    let store = Sqlite::open(&path).unwrap();
    assert_eq!(all(&store, "NL.OIN:1"), places);
    assert_eq!(all(&store, "NL.KVK:2"), [0, 4, 2047, 2048, 35_000, 524_287]);
    assert_eq!(store.listed(Index::DealOf, "reuser set", None, 9).unwrap(), ["d1"]);
    assert_eq!(store.listed(Index::ReuserDeal, "reuser", None, 9).unwrap(), ["d1"]);
    for kind in ["status", "deal-of", "reuser-deal"] {
        assert_eq!(rows(kind), 0);
    }
    assert!(sql.prepare("SELECT size FROM head").unwrap_err().to_string().contains("no such table"));
    store.check().unwrap();
}
