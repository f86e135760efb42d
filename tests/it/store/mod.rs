//! The contract of `store::Store`, written once and run for every backend, and what only SQLite promises.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use datadeal::merkle::Hash;
use datadeal::model::entry::EntryType;
use datadeal::model::{Digest, Time};
use datadeal::store::sqlite::{Sqlite, restore};
use datadeal::store::{
    Advance, Batch, CommitError, Index, Item, Kind, Leaf, Pattern, Record, Refusal, Search, Sought, Spoken, Store,
    StoreError, Words,
};
use records::{
    a_record_is_added_once, a_record_is_found_by_its_digest, records_are_listed_by_type_and_by_what_they_are_about,
};
use tempfile::TempDir;

mod older;
mod records;

/// Runs each named test of the contract on each backend.
macro_rules! contract {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                let dir = tempfile::tempdir().unwrap();
                super::$name(&super::new_sqlite(&dir));
            })+
        }
    };
}

contract!(
    a_new_store_is_empty,
    rows_are_put_replaced_and_deleted,
    a_key_used_again_goes_on_above_the_old_version,
    guards_hold_a_batch_together,
    items_take_effect_in_order,
    a_number_grows_as_far_as_it_may,
    a_place_is_taken_once,
    keys_are_listed_under_a_parent,
    every_refused_item_is_named,
    a_record_is_added_once,
    a_record_is_found_by_its_digest,
    records_are_listed_by_type_and_by_what_they_are_about,
    rows_are_paged_by_key,
    an_epoch_ends_with_each_write_of_a_kind_that_seldom_changes,
    words_find_their_datasets,
    words_follow_their_row,
    only_so_many_are_ranked,
    the_log_grows_by_compare_and_swap,
    a_log_that_does_not_follow_is_refused,
    settling_changes_nothing_that_is_read,
    writers_and_readers_at_once_see_whole_commits,
);

fn new_sqlite(dir: &TempDir) -> Sqlite {
    Sqlite::create(&dir.path().join("datadeal.db")).unwrap()
}

fn items(items: &[Item]) -> Batch<'_> {
    Batch { advance: None, items: items.iter().collect() }
}

fn put(store: &dyn Store, key: &str, parent: Option<&str>, body: &str) {
    let item = Item::default().put(Kind::Dataset, key, parent, body);
    store.commit(&items(&[item])).unwrap();
}

fn version(store: &dyn Store, key: &str) -> u64 {
    store.row(Kind::Dataset, key).unwrap().map_or(0, |r| r.version)
}

fn record(n: u8, kind: EntryType, about: Option<&str>) -> Record {
    Record::new(format!("urn:{n:03}"), kind, about, vec![n])
}

fn advance(from: u64, count: u64) -> Advance {
    let leaf = |index: u64| {
        let bytes = index.to_be_bytes().to_vec();
        Leaf { index, digest: Digest::of(&bytes), bytes }
    };
    let hash = |index: u64| (0, index, Hash::from([u8::try_from(index % 256).unwrap(); 32]));
    Advance {
        from,
        leaves: (from..from + count).map(leaf).collect(),
        hashes: (from..from + count).map(hash).collect(),
        checkpoint: format!("size {}", from + count).into_bytes(),
        newest: Time::from_unix(1_000_000 + i64::try_from(from).unwrap()).unwrap(),
    }
}

fn grow(store: &dyn Store, advance: Advance) -> Result<(), CommitError> {
    store.commit(&Batch { advance: Some(advance), items: Vec::new() })
}

fn a_new_store_is_empty(store: &dyn Store) {
    assert_eq!(store.head().unwrap(), None);
    assert_eq!(store.row(Kind::Deal, "x").unwrap(), None);
    assert_eq!(store.record_by_digest(&Digest::of(b"x"), None).unwrap(), None);
    assert_eq!(store.record("x").unwrap(), None);
    assert_eq!(store.leaf_of("x").unwrap(), None);
    assert!(store.rows(Kind::Deal, None, None, 9).unwrap().is_empty());
    assert!(store.records(None, None, None, 9).unwrap().is_empty());
    assert!(store.leaves(0, 9).unwrap().is_empty());
    assert!(store.hashes(0, 0, 9).unwrap().is_empty());
    store.check().unwrap();
    store.commit(&items(&[])).unwrap();
}

fn rows_are_put_replaced_and_deleted(store: &dyn Store) {
    put(store, "a", Some("owner"), "one");
    let row = store.row(Kind::Dataset, "a").unwrap().unwrap();
    assert_eq!((row.version, row.parent.as_deref(), row.body.as_slice()), (1, Some("owner"), &b"one"[..]));
    put(store, "a", None, "two");
    let row = store.row(Kind::Dataset, "a").unwrap().unwrap();
    assert_eq!((row.version, row.parent.as_deref(), row.body.as_slice()), (2, None, &b"two"[..]));
    assert_eq!(store.row(Kind::Deal, "a").unwrap(), None, "another kind has keys of its own");
    store.commit(&items(&[Item::default().delete(Kind::Dataset, "a").delete(Kind::Dataset, "never")])).unwrap();
    assert_eq!(store.row(Kind::Dataset, "a").unwrap(), None);
}

fn a_key_used_again_goes_on_above_the_old_version(store: &dyn Store) {
    put(store, "a", None, "1");
    put(store, "a", None, "2");
    store.commit(&items(&[Item::default().delete(Kind::Dataset, "a")])).unwrap();
    put(store, "a", None, "new");
    assert!(version(store, "a") > 2);
    // whoever read the old row is told, and not only by luck
    for old in 0..=2 {
        let late = Item::default().guard(Kind::Dataset, "a", old);
        assert!(matches!(store.commit(&items(&[late])), Err(CommitError::Refused(_))), "{old}");
    }
}

fn guards_hold_a_batch_together(store: &dyn Store) {
    put(store, "set", None, "v1");
    let decide = Item::default().guard(Kind::Dataset, "set", 1).put(Kind::Told, "d1", None, "permit");
    let other = Item::default().put(Kind::Told, "d2", None, "permit").record(record(1, EntryType::Deal, None));
    store.commit(&items(&[decide])).unwrap();
    put(store, "set", None, "v2");
    let late = Item::default().guard(Kind::Dataset, "set", 1).put(Kind::Told, "d3", None, "permit");
    let batch = [other, late];
    let error = store.commit(&items(&batch)).unwrap_err();
    let expected = Refusal::Guard { item: 1, kind: Kind::Dataset, key: "set".to_owned(), expected: 1, found: 2 };
    assert_eq!(error, CommitError::Refused(vec![expected]));
    assert_eq!(store.row(Kind::Told, "d2").unwrap(), None, "nothing of the batch was kept");
    assert_eq!(store.record("urn:001").unwrap(), None);
    assert!(store.row(Kind::Told, "d1").unwrap().is_some());
    // without the late item the rest passes
    store.commit(&Batch { advance: None, items: vec![&batch[0]] }).unwrap();
    assert!(store.row(Kind::Told, "d2").unwrap().is_some());
}

fn items_take_effect_in_order(store: &dyn Store) {
    put(store, "a", None, "");
    let edit = || Item::default().guard(Kind::Dataset, "a", 1).put(Kind::Dataset, "a", None, "edit");
    let both = [edit(), edit()];
    let Err(CommitError::Refused(refused)) = store.commit(&items(&both)) else {
        panic!("two edits of the same version in one batch");
    };
    assert_eq!(refused.iter().map(Refusal::item).collect::<Vec<_>>(), [1]);
    let next = Item::default().guard(Kind::Dataset, "a", 2).put(Kind::Dataset, "a", None, "next");
    store.commit(&items(&[edit(), next])).unwrap();
    assert_eq!(version(store, "a"), 3);
    // so it is with whatever changes a row
    let remove = || Item::default().guard(Kind::Dataset, "a", 3).delete(Kind::Dataset, "a");
    let count = || Item::default().guard(Kind::Volume, "day", 0).add(Kind::Volume, "day", 1, 9);
    let Err(CommitError::Refused(refused)) = store.commit(&items(&[remove(), count(), remove(), count()])) else {
        panic!("what is gone, or no longer as it was, was relied on");
    };
    assert_eq!(refused.iter().map(Refusal::item).collect::<Vec<_>>(), [2, 3]);
    store.commit(&items(&[remove(), count()])).unwrap();
}

fn a_number_grows_as_far_as_it_may(store: &dyn Store) {
    let add = |by| Item::default().add(Kind::Volume, "day", by, 10).put(Kind::Told, format!("d{by}"), None, "");
    let number = || store.row(Kind::Volume, "day").unwrap().map(|row| String::from_utf8(row.body).unwrap());
    // those before count already, and who does not fit keeps nobody out who does
    let batch = [add(4), add(7), add(6)];
    let over = |item, found| Refusal::Over { item, kind: Kind::Volume, key: "day".to_owned(), found, most: 10 };
    assert_eq!(store.commit(&items(&batch)), Err(CommitError::Refused(vec![over(1, 4)])));
    assert_eq!(number(), None, "nothing of the batch was kept");
    store.commit(&Batch { advance: None, items: vec![&batch[0], &batch[2]] }).unwrap();
    assert_eq!(number().as_deref(), Some("10"));
    assert_eq!(store.commit(&items(&[add(1)])), Err(CommitError::Refused(vec![over(0, 10)])));
    assert_eq!(store.row(Kind::Told, "d1").unwrap(), None);
    // what is no number lets nothing through
    store.commit(&items(&[Item::default().put(Kind::Volume, "day", None, "few")])).unwrap();
    assert_eq!(store.commit(&items(&[add(1)])), Err(CommitError::Refused(vec![over(0, u64::MAX)])));
}

fn a_place_is_taken_once(store: &dyn Store) {
    let take =
        |list: &str, place| Item::default().take(list, place).put(Kind::Told, format!("{list}{place}"), None, "");
    let taken = |list, place| store.is_taken(list, place).unwrap();
    // those before count already
    let batch = [take("a", 7), take("b", 7), take("a", 7), take("a", 6)];
    let twice = Refusal::Taken { item: 2, list: "a".to_owned(), place: 7 };
    assert_eq!(store.commit(&items(&batch)), Err(CommitError::Refused(vec![twice])));
    assert!(!taken("a", 7) && !taken("b", 7), "nothing of the batch was kept");
    store.commit(&Batch { advance: None, items: vec![&batch[0], &batch[1], &batch[3]] }).unwrap();
    let found: Vec<u32> = (0..70_000).filter(|place| taken("a", *place)).collect();
    assert_eq!(found, [6, 7]);
    // far away, at the edges of what stands together, and the last that there is
    for place in [4095, 4096, 1_048_575, u32::MAX] {
        assert!(!taken("a", place));
        store.commit(&items(&[take("a", place)])).unwrap();
        assert!(taken("a", place) && !taken("b", place) && !taken("a", place - 1 - u32::from(place == 4096)));
        let refused = Refusal::Taken { item: 0, list: "a".to_owned(), place };
        assert_eq!(store.commit(&items(&[take("a", place)])), Err(CommitError::Refused(vec![refused])));
    }
}

fn keys_are_listed_under_a_parent(store: &dyn Store) {
    let list = |index, parent: &str, key: &str| {
        store.commit(&items(&[Item::default().list(index, parent, key)])).unwrap();
    };
    for (parent, key) in [("a", "2"), ("a", "1"), ("ab", "4"), ("a", "3"), ("a", "2")] {
        list(Index::ReuserDeal, parent, key);
    }
    list(Index::DealOf, "a", "5");
    let listed = |parent, after, limit| store.listed(Index::ReuserDeal, parent, after, limit).unwrap();
    assert_eq!(listed("a", None, usize::MAX), ["1", "2", "3"]);
    assert_eq!(listed("a", Some("1"), 1), ["2"]);
    assert_eq!(listed("ab", None, 9), ["4"]);
    assert!(listed("b", None, 9).is_empty());
    assert_eq!(store.listed(Index::DealOf, "a", None, 9).unwrap(), ["5"]);
}

fn every_refused_item_is_named(store: &dyn Store) {
    put(store, "a", None, "");
    let late = || Item::default().guard(Kind::Dataset, "a", 7).put(Kind::Dataset, "b", None, "");
    let needs_none = Item::default().guard(Kind::Dataset, "b", 0);
    let batch = [late(), needs_none, late()];
    let Err(CommitError::Refused(refused)) = store.commit(&items(&batch)) else { panic!("two items are late") };
    assert_eq!(refused.iter().map(Refusal::item).collect::<Vec<_>>(), [0, 2], "judged as if the late ones were out");
}

fn rows_are_paged_by_key(store: &dyn Store) {
    for n in 0..10 {
        put(store, &format!("k{n}"), Some(if n % 2 == 0 { "even" } else { "odd" }), "");
    }
    let mut all = Vec::new();
    let mut after = None::<String>;
    loop {
        let page = store.rows(Kind::Dataset, None, after.as_deref(), 3).unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.key.clone());
        all.extend(page.into_iter().map(|r| r.key));
    }
    assert_eq!(all, (0..10).map(|n| format!("k{n}")).collect::<Vec<_>>());
    let odd = store.rows(Kind::Dataset, Some("odd"), Some("k3"), 2).unwrap();
    assert_eq!(odd.iter().map(|r| r.key.as_str()).collect::<Vec<_>>(), ["k5", "k7"]);
}

fn an_epoch_ends_with_each_write_of_a_kind_that_seldom_changes(store: &dyn Store) {
    let epoch = |kind| store.epochs().unwrap().of(kind);
    assert_eq!(epoch(Kind::Dataset), 0);
    put(store, "a", None, "1");
    assert_eq!((epoch(Kind::Dataset), epoch(Kind::Key)), (1, 0));
    // the same bytes again are a write too, a removal as well, and a batch is one
    put(store, "a", None, "1");
    let batch = [Item::default().put(Kind::Dataset, "b", None, "1").delete(Kind::Dataset, "a"), Item::default()];
    store.commit(&items(&batch)).unwrap();
    assert_eq!(epoch(Kind::Dataset), 3);
    // what is refused ends nothing
    let refused = Item::default().guard(Kind::Dataset, "b", 99).put(Kind::Dataset, "b", None, "2");
    store.commit(&items(&[refused])).unwrap_err();
    // what is written all the time is not counted
    assert!(!Kind::Deal.seldom_changes());
    store.commit(&items(&[Item::default().put(Kind::Deal, "d", None, "1")])).unwrap();
    assert_eq!((epoch(Kind::Dataset), epoch(Kind::Deal)), (3, 0));
}

/// Words of a dataset: in each language title and text.
fn spoken(en: [&str; 2], nl: [&str; 2]) -> Words {
    let of = |[title, text]: [&str; 2]| Spoken { title: title.to_owned(), text: text.to_owned() };
    Words { form: 3, en: of(en), nl: of(nl) }
}

fn put_with(store: &dyn Store, key: &str, words: Words) {
    let item = Item::default().put(Kind::Dataset, key, None, "").words(key, words);
    store.commit(&items(&[item])).unwrap();
}

fn either(word: &str) -> Sought {
    let patterns = vec![match word.strip_suffix('*') {
        Some(beginning) => Pattern::Beginning(beginning.to_owned()),
        None => Pattern::Word(word.to_owned()),
    }];
    Sought { en: patterns.clone(), nl: patterns }
}

/// The keys of what is found, the nearest first.
fn finds(store: &dyn Store, every: Vec<Sought>) -> Vec<String> {
    let mut found = store.search(&Search { every, most_ranked: 99 }).unwrap();
    assert!(found.windows(2).all(|two| two[0].number < two[1].number), "in the order of numbers");
    found.sort_by(|a, b| a.rank.total_cmp(&b.rank).then(a.number.cmp(&b.number)));
    let worded = store.worded(0, 99).unwrap();
    let key = |number| worded.iter().find(|w| w.number == number).unwrap().key.clone();
    found.iter().map(|f| key(f.number)).collect()
}

fn words_find_their_datasets(store: &dyn Store) {
    assert!(finds(store, vec![either("water")]).is_empty());
    put_with(store, "a", spoken(["land", "by the water and more of it"], ["", "zee"]));
    put_with(store, "b", spoken(["water", ""], ["", ""]));
    put_with(store, "c", spoken(["", ""], ["zee water", "zee"]));
    assert_eq!(
        finds(store, vec![either("water")]),
        ["c", "b", "a"],
        "a title counts for more, and a word that few have"
    );
    assert_eq!(finds(store, vec![either("water"), either("zee")]), ["c", "a"], "all words, in either language");
    assert_eq!(finds(store, vec![either("wat")]), [""; 0]);
    assert_eq!(finds(store, vec![either("wa*"), either("lan*")]), ["a"]);
    // one of several forms will do, each in its own language
    let forms = |en: &[&str], nl: &[&str]| {
        let of = |words: &[&str]| words.iter().map(|w| Pattern::Word((*w).to_owned())).collect();
        vec![Sought { en: of(en), nl: of(nl) }]
    };
    assert_eq!(finds(store, forms(&["nothing", "land"], &[])), ["a"]);
    assert_eq!(finds(store, forms(&[], &["water"])), ["c"]);
    // what is sought nowhere, and nothing at all, is not found
    assert!(finds(store, forms(&[], &[])).is_empty() && finds(store, Vec::new()).is_empty());
    assert!(finds(store, vec![either("water"), Sought::default()]).is_empty());
    // no word is anything but a word
    for odd in ["\"", "\"\"", "water\" OR \"land", "*", "NEAR(", "title_en:", "a AND b", "\0", "-", "(", "", " "] {
        assert!(finds(store, vec![either(odd), either("land")]).len() <= 1, "{odd}");
    }
    let many = vec![either("water"); 64];
    assert_eq!(finds(store, many).len(), 3);
    store.check().unwrap();
}

fn words_follow_their_row(store: &dyn Store) {
    put_with(store, "a", spoken(["water", ""], ["", ""]));
    let first = store.worded(0, 9).unwrap().remove(0);
    assert_eq!((first.key.as_str(), first.version, first.form), ("a", 1, 3));
    // other words take their place under the same number; the row itself is another matter
    store.commit(&items(&[Item::default().words("a", spoken(["land", ""], ["", ""]))])).unwrap();
    assert_eq!(
        (finds(store, vec![either("water")]), finds(store, vec![either("land")])),
        (vec![], vec!["a".to_owned()])
    );
    assert_eq!(version(store, "a"), 1);
    put(store, "a", None, "later");
    let then = store.worded(0, 9).unwrap().remove(0);
    assert_eq!(
        (then.number, then.version, version(store, "a")),
        (first.number, 1, 2),
        "they are still those of version 1"
    );
    // words end an epoch, as the row does
    let epoch = || store.epochs().unwrap().of(Kind::Dataset);
    let before = epoch();
    store.commit(&items(&[Item::default().words("a", spoken(["water", ""], ["", ""]))])).unwrap();
    assert_eq!(epoch(), before + 1);
    assert_eq!(store.worded(0, 9).unwrap()[0].version, 2);
    // words of nothing are refused, and nothing of their batch is kept
    let lost = Item::default().put(Kind::Deal, "x", None, "").words("nothing", Words::default());
    let error = store.commit(&items(&[lost])).unwrap_err();
    assert!(matches!(error, CommitError::Store(StoreError::Misuse { .. })), "{error}");
    let late = Item::default().guard(Kind::Dataset, "a", 1).words("a", spoken(["land", ""], ["", ""]));
    store.commit(&items(&[late])).unwrap_err();
    assert_eq!(store.row(Kind::Deal, "x").unwrap(), None);
    assert_eq!(finds(store, vec![either("water")]), ["a"]);
    // they go with their row, and do not come back with another of its name
    store.commit(&items(&[Item::default().delete(Kind::Dataset, "a")])).unwrap();
    assert!(store.worded(0, 9).unwrap().is_empty() && finds(store, vec![either("water")]).is_empty());
    put(store, "a", None, "again");
    assert!(finds(store, vec![either("water")]).is_empty());
    for key in ["b", "c", "d"] {
        put_with(store, key, spoken(["water", ""], ["", ""]));
    }
    let page = |after| store.worded(after, 2).unwrap();
    let (first, second) = (page(0), page(page(0)[1].number));
    assert_eq!(first.iter().chain(&second).map(|w| w.key.as_str()).collect::<Vec<_>>(), ["b", "c", "d"]);
    assert!(page(second[0].number).is_empty() && page(u64::MAX).is_empty());
    store.check().unwrap();
}

fn only_so_many_are_ranked(store: &dyn Store) {
    for n in 0..6 {
        let title = if n % 3 == 0 { "water" } else { "land" };
        put_with(store, &format!("k{n}"), spoken([title, "water"], ["", ""]));
    }
    let ranked = |most_ranked| {
        let found = store.search(&Search { every: vec![either("water")], most_ranked }).unwrap();
        assert_eq!(found.len(), 6);
        found.iter().map(|f| f.rank < 0.0).collect::<Vec<_>>()
    };
    assert_eq!(ranked(6), [true; 6]);
    assert_eq!(ranked(5), [true, false, false, true, false, false]);
    assert_eq!(ranked(1), [false; 6]);
}

fn the_log_grows_by_compare_and_swap(store: &dyn Store) {
    grow(store, advance(0, 3)).unwrap();
    let head = store.head().unwrap().unwrap();
    assert_eq!((head.size, head.checkpoint.as_slice()), (3, &b"size 3"[..]));
    let item = Item::default().put(Kind::Deal, "x", None, "");
    let late = Batch { advance: Some(advance(0, 1)), items: vec![&item] };
    assert_eq!(store.commit(&late), Err(CommitError::Swap { expected: 0, found: 3 }));
    assert_eq!(store.row(Kind::Deal, "x").unwrap(), None);
    let both = Batch { advance: Some(advance(3, 2)), items: vec![&item] };
    store.commit(&both).unwrap();
    assert!(store.row(Kind::Deal, "x").unwrap().is_some());
    let indices: Vec<u64> = store.leaves(1, 3).unwrap().iter().map(|l| l.index).collect();
    assert_eq!(indices, [1, 2, 3]);
    // a record is found in the log; a leaf of something else is no record's
    let before = Record { digest: Digest::of(&6u64.to_be_bytes()), ..record(6, EntryType::Deal, None) };
    store.commit(&items(&[Item::default().record(before.clone())])).unwrap();
    assert_eq!(store.leaf_of(&before.id).unwrap(), None);
    let five = Record { digest: Digest::of(&5u64.to_be_bytes()), ..record(5, EntryType::Deal, None) };
    let item = Item::default().record(five.clone());
    store.commit(&Batch { advance: Some(advance(5, 1)), items: vec![&item] }).unwrap();
    assert_eq!(store.leaf_of(&five.id).unwrap().unwrap(), advance(5, 1).leaves[0]);
    // it may have been there before, and may be logged again
    let mut again = advance(6, 2);
    again.leaves[1].digest = before.digest;
    grow(store, again).unwrap();
    assert_eq!(store.leaf_of(&before.id).unwrap().unwrap().index, 6);
    assert_eq!(store.record_by_digest(&before.digest, None).unwrap(), Some(before));
    assert_eq!(store.hashes(0, 4, 2).unwrap(), [Hash::from([4; 32]), Hash::from([5; 32])]);
    assert_eq!(store.head().unwrap().unwrap().newest.unix(), 1_000_006);
    // far beyond the end there is nothing, and no limit is all there is
    assert!(store.leaves(u64::MAX, usize::MAX).unwrap().is_empty());
    assert!(store.hashes(7, u64::MAX, usize::MAX).unwrap().is_empty());
    assert_eq!(store.leaves(0, usize::MAX).unwrap().len(), 8);
    store.check().unwrap();
}

fn a_log_that_does_not_follow_is_refused(store: &dyn Store) {
    grow(store, advance(0, 2)).unwrap();
    let empty = advance(2, 0);
    let mut gap = advance(2, 2);
    gap.leaves.remove(0);
    let mut skipped_hash = advance(2, 2);
    skipped_hash.hashes.remove(0);
    let mut old = advance(2, 1);
    old.newest = Time::EPOCH;
    for (what, bad) in [("empty", empty), ("gap", gap), ("hash", skipped_hash), ("older", old)] {
        let error = grow(store, bad).unwrap_err();
        assert!(matches!(error, CommitError::Store(StoreError::Misuse { .. })), "{what}: {error}");
        assert_eq!(store.head().unwrap().unwrap().size, 2, "{what}");
    }
    assert_eq!(store.leaves(0, 9).unwrap().len(), 2);
    grow(store, advance(2, 1)).unwrap();
}

fn settling_changes_nothing_that_is_read(store: &dyn Store) {
    put(store, "a", None, "x");
    grow(store, advance(0, 1)).unwrap();
    let before = (store.head().unwrap(), store.row(Kind::Dataset, "a").unwrap());
    store.settle().unwrap();
    store.settle().unwrap();
    assert_eq!((store.head().unwrap(), store.row(Kind::Dataset, "a").unwrap()), before);
    put(store, "a", None, "y");
    assert_eq!(version(store, "a"), 2);
}

fn writers_and_readers_at_once_see_whole_commits(store: &dyn Store) {
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..3)
            .map(|w| {
                scope.spawn(move || {
                    for _ in 0..20 {
                        let pair = Item::default().put(Kind::Dataset, format!("{w}-a"), None, "").put(
                            Kind::Dataset,
                            format!("{w}-b"),
                            None,
                            "",
                        );
                        store.commit(&items(&[pair])).unwrap();
                    }
                })
            })
            .collect();
        while !writers.iter().all(|w| w.is_finished()) {
            let rows = store.rows(Kind::Dataset, None, None, 99).unwrap();
            for pair in rows.chunks(2) {
                assert_eq!(pair[0].version, pair[1].version, "half a commit was read");
            }
        }
    });
    assert_eq!(version(store, "2-b"), 20);
}

#[test]
fn an_opened_database_is_the_one_that_was_made() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("datadeal.db");
    assert_eq!(Sqlite::open(&path).unwrap_err(), StoreError::Missing { path: path.clone() });
    let store = Sqlite::create(&path).unwrap();
    put(&store, "a", None, "kept");
    drop(store);
    assert_eq!(Sqlite::create(&path).unwrap_err(), StoreError::Exists { path: path.clone() });
    assert_eq!(version(&Sqlite::open(&path).unwrap(), "a"), 1);
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_the_database() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let store = new_sqlite(&dir);
    put(&store, "a", None, "x");
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
}

#[test]
fn other_files_are_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let text = dir.path().join("notes.txt");
    std::fs::write(&text, "not a database, but long enough to have a header of its own".repeat(40)).unwrap();
    assert_eq!(Sqlite::open(&text).unwrap_err(), StoreError::Foreign { path: text.clone() });
    let other = dir.path().join("other.db");
    rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    let before = std::fs::read(&other).unwrap();
    assert_eq!(Sqlite::open(&other).unwrap_err(), StoreError::Foreign { path: other.clone() });
    assert_eq!(std::fs::read(&other).unwrap(), before);
}

/// Most records lie on one page.
#[test]
fn a_new_database_has_pages_of_eight_kilobytes() {
    let dir = tempfile::tempdir().unwrap();
    let store = new_sqlite(&dir);
    let sql = rusqlite::Connection::open(store.path()).unwrap();
    assert_eq!(sql.pragma_query_value(None, "page_size", |r| r.get::<_, u32>(0)).unwrap(), 8192);
}

/// Also by `INSERT OR REPLACE`, which deletes what is in its way without asking a trigger unless told to.
#[test]
fn records_and_log_resist_sql_by_accident() {
    let dir = tempfile::tempdir().unwrap();
    let store = new_sqlite(&dir);
    let kept = Record { digest: advance(0, 2).leaves[0].digest, ..record(1, EntryType::Deal, None) };
    let unlogged = record(2, EntryType::Deal, None);
    let item = Item::default().record(kept.clone()).record(unlogged.clone());
    store.commit(&Batch { advance: Some(advance(0, 2)), items: vec![&item] }).unwrap();
    let sql = rusqlite::Connection::open(store.path()).unwrap();
    sql.execute_batch("PRAGMA recursive_triggers = ON").unwrap();
    for accident in [
        "DELETE FROM record",
        "UPDATE record SET bytes = x'00'",
        "UPDATE record SET bytes = x'00' WHERE leaf IS NULL",
        "UPDATE record SET about = 'x' WHERE leaf IS NULL",
        "UPDATE record SET leaf = 1 WHERE leaf IS NOT NULL",
        "INSERT OR REPLACE INTO record (digest, id, kind, bytes) VALUES (zeroblob(32), 'urn:001', 'deal', x'00')",
        "DELETE FROM leaf",
        "UPDATE leaf SET bytes = x'00'",
        "INSERT OR REPLACE INTO leaf (idx, digest, bytes) VALUES (1, zeroblob(32), x'00')",
        "DELETE FROM hash",
        "UPDATE hash SET hash = zeroblob(32)",
        "DELETE FROM tree_head",
        "UPDATE tree_head SET size = 1",
        "UPDATE tree_head SET checkpoint = x'00'",
    ] {
        assert!(sql.execute_batch(accident).is_err(), "{accident}");
    }
    assert_eq!(store.leaf_of(&kept.id).unwrap().unwrap().index, 0);
    assert_eq!(store.record_by_digest(&kept.digest, None).unwrap(), Some(kept));
    assert_eq!(store.record_by_digest(&unlogged.digest, None).unwrap(), Some(unlogged));
    assert_eq!(store.leaves(0, 9).unwrap().len(), 2);
    // what somebody adds is found, and the log does not go on from it
    let level_one = "INSERT INTO hash (level, idx, hash) VALUES (1, 0, zeroblob(32))";
    let leaf = "INSERT INTO leaf (idx, digest, bytes) VALUES (5, zeroblob(32), x'00')";
    store.check().unwrap();
    for (added, says) in [(level_one, "1 hashes of level 1, not 0"), (leaf, "says 2 leaves, there are 3")] {
        sql.execute(added, []).unwrap();
        assert!(store.check().unwrap_err().to_string().contains(says));
    }
    assert!(matches!(grow(&store, advance(2, 1)), Err(CommitError::Store(StoreError::Misuse { .. }))));
}

#[test]
fn a_writer_that_waits_too_long_is_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let store = Sqlite::open_waiting(new_sqlite(&dir).path(), Duration::ZERO).unwrap();
    let sql = rusqlite::Connection::open(store.path()).unwrap();
    sql.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.commit(&items(&[Item::default().put(Kind::Deal, "x", None, "")])).unwrap_err();
    assert_eq!(error, CommitError::Store(StoreError::Busy { path: store.path().to_owned() }));
    sql.execute_batch("ROLLBACK").unwrap();
    put(&store, "a", None, "");
}

#[test]
fn damage_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let store = new_sqlite(&dir);
    for n in 0..50 {
        put(&store, &format!("k{n}"), None, &"x".repeat(3000));
    }
    let path = store.path().to_owned();
    drop(store);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0xff);
    std::fs::write(&path, bytes).unwrap();
    let error = Sqlite::open(&path).unwrap().check().unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
}

/// An erased row is in none of the files any more.
#[test]
fn erased_rows_leave_no_bytes_behind() {
    let dir = tempfile::tempdir().unwrap();
    let store = new_sqlite(&dir);
    let secret = "a name that somebody wants erased";
    store.commit(&items(&[Item::default().put(Kind::Side, "s", None, secret)])).unwrap();
    let found = |dir: &Path| {
        std::fs::read_dir(dir).unwrap().any(|f| {
            let bytes = std::fs::read(f.unwrap().path()).unwrap();
            bytes.windows(secret.len()).any(|w| w == secret.as_bytes())
        })
    };
    assert!(found(dir.path()));
    store.commit(&items(&[Item::default().delete(Kind::Side, "s")])).unwrap();
    assert!(!found(dir.path()));
}

#[test]
fn a_backup_is_one_moment_and_a_restore_a_new_file() {
    let dir = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(new_sqlite(&dir));
    for n in 0..300 {
        put(store.as_ref(), &format!("k{n}"), None, &"x".repeat(2000));
    }
    grow(store.as_ref(), advance(0, 5)).unwrap();
    let backup = dir.path().join("backup.db");
    let mut last = (0, 0);
    store
        .backup(&backup, &mut |done, total| {
            last = (done, total);
            // writing goes on meanwhile and is not in the copy
            put(store.as_ref(), "late", None, "");
        })
        .unwrap();
    assert!(last.0 > 0 && last.0 == last.1, "{last:?}");
    assert_eq!(
        store.backup(&backup, &mut |_, _| ()).unwrap_err(),
        StoreError::Exists { path: backup.clone() },
        "a backup is never overwritten"
    );

    let to = dir.path().join("restored.db");
    restore(&backup, &to).unwrap();
    assert_eq!(restore(&backup, &to).unwrap_err(), StoreError::Exists { path: to.clone() });
    let restored = Sqlite::open(&to).unwrap();
    restored.check().unwrap();
    assert_eq!(version(&restored, "k299"), 1);
    assert_eq!(version(&restored, "late"), 0);
    assert_eq!(restored.head().unwrap(), store.head().unwrap());

    let names: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert!(!names.iter().any(|n| n.to_string_lossy().contains("partial")), "{names:?}");
}

#[test]
fn what_is_no_backup_is_not_restored() {
    let dir = tempfile::tempdir().unwrap();
    let to = dir.path().join("to.db");
    let empty = dir.path().join("empty.db");
    std::fs::write(&empty, "").unwrap();
    assert_eq!(restore(&empty, &to).unwrap_err(), StoreError::Foreign { path: empty });
    let missing = dir.path().join("missing.db");
    assert_eq!(restore(&missing, &to).unwrap_err(), StoreError::Missing { path: missing });
    // the live file with its WAL beside it: half of it would be lost without a word
    let store = new_sqlite(&dir);
    assert!(matches!(restore(store.path(), &to), Err(StoreError::Corrupt { .. })));
    assert!(!to.exists());
}
