//! The contract of records: each once, found by its id, its digest, its type and what it is about.

use datadeal::model::Digest;
use datadeal::model::entry::EntryType;
use datadeal::store::{Batch, CommitError, Item, Kind, Record, Refusal, Store};

use super::{advance, items, record};

pub(super) fn a_record_is_added_once(store: &dyn Store) {
    let first = record(1, EntryType::Deal, Some("case"));
    store.commit(&items(&[Item::default().record(first.clone())])).unwrap();
    assert_eq!(store.record_by_digest(&first.digest, None).unwrap().as_ref(), Some(&first));
    assert_eq!(store.record(&first.id).unwrap().as_ref(), Some(&first));
    let same_id = Record { digest: Digest::of(b"other"), ..first.clone() };
    for again in [first.clone(), same_id] {
        let item = Item::default().put(Kind::Deal, "x", None, "").record(again.clone());
        let error = store.commit(&items(&[Item::default(), item])).unwrap_err();
        let refusal = Refusal::RecordTaken { item: 1, digest: again.digest, id: again.id };
        assert_eq!(error, CommitError::Refused(vec![refusal]));
        assert_eq!(store.row(Kind::Deal, "x").unwrap(), None);
    }
    assert_eq!(store.records(None, None, None, 9).unwrap(), [first]);
}

/// Wherever it stands in the log, whether that is said or not, and where something else stands.
pub(super) fn a_record_is_found_by_its_digest(store: &dyn Store) {
    let all: Vec<Record> = (0..5).map(|n| record(n, EntryType::Deal, None)).collect();
    for (n, (from, count)) in [(0, 1), (1, 1500), (1501, 3000), (4501, 1)].into_iter().enumerate() {
        let mut advance = advance(from, count);
        advance.leaves.last_mut().unwrap().digest = all[n].digest;
        let item = Item::default().record(all[n].clone());
        store.commit(&Batch { advance: Some(advance), items: vec![&item] }).unwrap();
    }
    store.commit(&items(&[Item::default().record(all[4].clone())])).unwrap();
    for (record, index) in all.iter().zip([Some(0), Some(1500), Some(4500), Some(4501), None]) {
        for entry in [index, None, Some(0), Some(1024), Some(u64::MAX)] {
            assert_eq!(store.record_by_digest(&record.digest, entry).unwrap().as_ref(), Some(record), "{entry:?}");
        }
        assert_eq!(store.leaf_of(&record.id).unwrap().map(|leaf| leaf.index), index);
    }
    for entry in [None, Some(0), Some(1500)] {
        assert_eq!(store.record_by_digest(&Digest::of(b"x"), entry).unwrap(), None);
    }
}

pub(super) fn records_are_listed_by_type_and_by_what_they_are_about(store: &dyn Store) {
    let kinds = [EntryType::Deal, EntryType::Acceptance, EntryType::Deal, EntryType::Revocation, EntryType::Deal];
    let abouts = [Some("a"), Some("a"), Some("b"), Some("a"), None];
    for (n, (kind, about)) in (0u8..).zip(kinds.into_iter().zip(abouts)) {
        store.commit(&items(&[Item::default().record(record(n, kind, about))])).unwrap();
    }
    let ids = |kind, about, after, limit| -> Vec<String> {
        store.records(kind, about, after, limit).unwrap().into_iter().map(|r| r.id).collect()
    };
    assert_eq!(ids(None, None, None, 9).len(), 5);
    assert_eq!(ids(None, None, Some("urn:001"), 2), ["urn:002", "urn:003"]);
    assert_eq!(ids(Some(EntryType::Deal), None, None, 2), ["urn:000", "urn:002"]);
    assert_eq!(ids(Some(EntryType::Deal), None, Some("urn:002"), 2), ["urn:004"]);
    assert_eq!(ids(None, Some("a"), None, 9), ["urn:000", "urn:001", "urn:003"]);
    assert_eq!(ids(Some(EntryType::Acceptance), Some("a"), None, 9), ["urn:001"]);
    assert_eq!(ids(None, Some("c"), None, 9), Vec::<String>::new());
}
