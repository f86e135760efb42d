//! The log over SQLite: several writers, backups, the `head` file, exports.

use std::collections::BTreeSet;
use std::sync::Arc;

use datadeal::log::export::{ExportError, Exported, export};
use datadeal::log::{Log, LogConfig, LogError, LogFault, LogItem, LogReader};
use datadeal::merkle::tiles::{decode_entries, decode_hashes};
use datadeal::merkle::{TreeError, inclusion_proof, leaf_hash, verify_inclusion};
use datadeal::sign::{Checkpoint, Note, NoteKey, SigningKey};
use datadeal::store::sqlite::{Sqlite, restart, restore};
use datadeal::store::{Kind, Store, StoreError};

use crate::support::awaited;
use crate::support::faulty::Faulty;
use crate::support::logs::{Home, key, now, operation, verify_whole};

fn write(log: &Log, entries: usize) -> std::ops::Range<u64> {
    log.submit(operation(entries)).unwrap().wait().unwrap().indices
}

#[test]
fn a_receipt_says_where_and_proves_it() {
    let home = Home::new();
    let log = home.open(home.store()).unwrap();
    assert_eq!(log.reader().head().unwrap(), None);
    let nothing = log.submit(operation(0)).unwrap().wait().unwrap();
    assert_eq!((nothing.indices, nothing.size, nothing.checkpoint), (0..0, 0, None));
    assert_eq!(write(&log, 3), 0..3);
    let receipt = log.submit(operation(2)).unwrap().wait().unwrap();
    assert_eq!((receipt.indices.clone(), receipt.size), (3..5, 5));
    let checkpoint = receipt.checkpoint.unwrap();
    assert_eq!(std::fs::read(home.head()).unwrap(), checkpoint.to_vec());
    let opened = Checkpoint::open(&Note::parse(&checkpoint).unwrap(), key().public(), &[]).unwrap();
    for index in receipt.indices {
        let leaf = log.reader().entry(index).unwrap().unwrap();
        let proof = log.reader().prove(index, 5).unwrap();
        verify_inclusion(leaf_hash(&leaf.bytes), index, 5, &proof, opened.checkpoint().root()).unwrap();
    }
    assert_eq!(log.reader().entry(5).unwrap(), None);
    assert_eq!(log.reader().prove(0, 6).unwrap_err(), TreeError::Beyond { asked: 6, size: 5 });
    assert_eq!(log.reader().prove(5, 5).unwrap_err(), TreeError::Beyond { asked: 5, size: 5 });
    assert_eq!(log.reader().consistency(4, 6).unwrap_err(), TreeError::Beyond { asked: 6, size: 5 });
    verify_whole(&home.store());
}

#[test]
fn two_writers_interleave() {
    let home = Home::new();
    let logs = [home.open(home.store()).unwrap(), home.open(home.store()).unwrap()];
    // in turns: each finds that the other wrote
    for turn in 0..6u64 {
        assert_eq!(write(&logs[usize::from(turn % 2 == 1)], 1), turn..turn + 1);
    }
    // at once
    let places: Vec<_> = std::thread::scope(|scope| {
        let writers: Vec<_> = logs.iter().flat_map(|log| (0..3).map(move |_| log)).collect();
        let threads: Vec<_> = writers
            .into_iter()
            .map(|log| scope.spawn(move || (0..15).flat_map(|_| write(log, 2)).collect::<Vec<_>>()))
            .collect();
        threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
    });
    let different: BTreeSet<_> = places.iter().copied().collect();
    assert_eq!(different, (6..6 + 180).collect());
    assert_eq!(verify_whole(&home.store()).len(), 186);
}

#[test]
fn a_full_queue_is_an_answer() {
    let home = Home::new();
    let faulty = Arc::new(Faulty::new(home.store()));
    let log = Log::open(faulty.clone(), LogConfig { queue: 2, ..home.config() }).unwrap();
    let hold = faulty.hold();
    let mut tickets = Vec::new();
    let full = loop {
        match log.submit(operation(1)) {
            Ok(ticket) => tickets.push(ticket),
            Err(e) => break e,
        }
    };
    assert_eq!(full, LogError::Full);
    // two wait; what the log's thread took before it was held is how far it happened to come
    assert!(tickets.len() >= 2, "{}", tickets.len());
    drop(hold);
    let written = tickets.len();
    tickets.into_iter().for_each(|t| drop(t.wait().unwrap()));
    assert_eq!(verify_whole(&home.store()).len(), written);
}

/// The `head` file of a busy log may lag and never leads; when nobody waits any more it shows the newest checkpoint, also where the last who waited
/// was refused.
#[test]
fn the_head_file_of_a_busy_log_never_leads() {
    let home = Home::new();
    let (log, store) = (home.open(home.store()).unwrap(), home.store());
    let size =
        |note: &[u8]| Checkpoint::open(&Note::parse(note).unwrap(), key().public(), &[]).unwrap().checkpoint().size();
    write(&log, 1);
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                for _ in 0..40 {
                    let ticket = log.submit(operation(1)).unwrap();
                    // the file first: what it shows was durable before
                    let shown = size(&std::fs::read(home.head()).unwrap());
                    assert!(shown <= store.head().unwrap().unwrap().size);
                    ticket.wait().unwrap();
                }
            });
        }
    });
    let newest = || home.store().head().unwrap().unwrap().checkpoint;
    assert_eq!(std::fs::read(home.head()).unwrap(), newest());
    let mut refused = operation(1);
    refused.item = refused.item.guard(Kind::Setting, "nowhere", 7);
    let tickets: Vec<_> = (0..40).map(|n| log.submit(if n < 20 { operation(1) } else { refused.clone() })).collect();
    let answers: Vec<_> = tickets.into_iter().map(|ticket| ticket.unwrap().wait().is_ok()).collect();
    assert_eq!(answers.iter().filter(|kept| **kept).count(), 20);
    drop(log);
    assert_eq!(std::fs::read(home.head()).unwrap(), newest());
    assert_eq!(verify_whole(&home.store()).len(), 1 + 6 * 40 + 20);
}

/// While others wait the `head` file is written after sixteen batches; it is up to date before who comes last is answered.
#[test]
fn the_head_file_lags_by_sixteen_batches_at_most() {
    let home = Home::new();
    let faulty = Arc::new(Faulty::new(home.store()));
    let log = home.open(faulty.clone()).unwrap();
    write(&log, 1);
    let (begun, through) = faulty.step();
    let mut waiting = log.submit(operation(1)).unwrap();
    let mut lags = Vec::new();
    for last in 1..=40 {
        // the commit of the one is under way when the next comes
        begun.recv().unwrap();
        let next = (last < 40).then(|| log.submit(operation(1)).unwrap());
        through.send(()).unwrap();
        let receipt = waiting.wait().unwrap();
        let checkpoint = std::fs::read(home.head()).unwrap();
        let size =
            Checkpoint::open(&Note::parse(&checkpoint).unwrap(), key().public(), &[]).unwrap().checkpoint().size();
        lags.push(receipt.size - size);
        match next {
            Some(next) => waiting = next,
            None => break,
        }
    }
    assert_eq!(lags.len(), 40);
    assert!(lags.iter().all(|lag| *lag <= 16), "{lags:?}");
    assert!(lags.iter().any(|lag| *lag > 8), "it was written for each: {lags:?}");
    assert_eq!(lags.last(), Some(&0));
}

/// S-89: nothing is signed by a clock that is behind.
#[test]
fn a_clock_behind_the_newest_record_is_not_believed() {
    let home = Home::new();
    let log = home.open(home.store()).unwrap();
    let newest = now().plus_seconds(100);
    let at = |seconds: i64, entries: usize| {
        log.submit(LogItem { now: now().plus_seconds(seconds), ..operation(entries) }).unwrap().wait()
    };
    at(100, 1).unwrap();
    at(40, 1).unwrap();
    let late = now().plus_seconds(39);
    assert_eq!(at(39, 1).unwrap_err(), LogError::Clock { now: late, newest });
    // what adds no entry signs nothing
    at(39, 0).unwrap();
    assert_eq!(home.store().head().unwrap().unwrap().newest, newest, "a time a little earlier changes nothing");
    drop(log);
    // known again after a new start
    let log = home.open(home.store()).unwrap();
    let error = log.submit(LogItem { now: late, ..operation(1) }).unwrap().wait().unwrap_err();
    assert_eq!(error, LogError::Clock { now: late, newest });
    assert_eq!(verify_whole(&home.store()).len(), 2);
}

/// Rows and records go on, the log starts anew under another key and name.
#[test]
fn a_log_that_was_given_up_starts_again_elsewhere() {
    let home = Home::new();
    let log = home.open(home.store()).unwrap();
    write(&log, 3);
    let record = home.store().records(None, None, None, 1).unwrap().remove(0);
    let rows = home.store().rows(Kind::Setting, None, None, 9).unwrap();
    drop(log);
    let to = home.dir.path().join("again.db");
    restart(&home.database(), &to).unwrap();
    assert!(matches!(restart(&home.database(), &to), Err(StoreError::Exists { .. })));
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&to).unwrap());
    assert_eq!(store.record_by_digest(&record.digest, None).unwrap(), Some(record));
    assert_eq!(store.rows(Kind::Setting, None, None, 9).unwrap(), rows);
    assert_eq!(store.head().unwrap(), None);
    assert!(matches!(home.open(store.clone()), Err(LogFault::Behind { .. })), "not under the old key");
    let key = NoteKey::log("data.example/log2", SigningKey::from_seed([3; 32])).unwrap();
    let head_file = Some(home.dir.path().join("other-disk").join("head2"));
    let log = Log::open(store, LogConfig { key, head_file, ..home.config() }).unwrap();
    assert_eq!(write(&log, 1), 0..1);
    assert_eq!(verify_whole(&home.store()).len(), 3, "the old file is as it was");
}

#[test]
fn dropping_the_log_writes_what_is_queued() {
    let home = Home::new();
    let log = home.open(home.store()).unwrap();
    let tickets: Vec<_> = (0..10).map(|_| log.submit(operation(1)).unwrap()).collect();
    drop(log);
    tickets.into_iter().for_each(|t| drop(t.wait().unwrap()));
    assert_eq!(verify_whole(&home.store()).len(), 10);
}

#[test]
fn a_ticket_can_be_awaited() {
    let home = Home::new();
    let log = home.open(home.store()).unwrap();
    let receipt = awaited(log.submit(operation(1)).unwrap()).unwrap();
    assert_eq!(receipt.indices, 0..1);
}

/// S-135: The rollback that the `head` file is for.
#[test]
fn a_restored_backup_does_not_fork_history() {
    let home = Home::new();
    let log = home.open(home.store()).unwrap();
    write(&log, 3);
    let backup = home.dir.path().join("backup.db");
    home.store().backup(&backup, &mut |_, _| ()).unwrap();
    write(&log, 2);
    drop(log);
    let place = format!("`{}`", home.head().display());
    let restored = |name: &str| -> Arc<dyn Store> {
        let path = home.dir.path().join(name);
        restore(&backup, &path).unwrap();
        Arc::new(Sqlite::open(&path).unwrap())
    };
    let store = restored("restored.db");
    let behind = LogFault::Behind { place: place.clone(), known: 5, found: 3 };
    assert_eq!(home.open(store.clone()).unwrap_err(), behind);
    // restoring does not touch the file, and neither does the refusal
    assert_eq!(home.open(store).unwrap_err(), behind);

    // somebody goes on from the backup all the same, without the file
    let fork = Log::open(restored("fork.db"), LogConfig { head_file: None, ..home.config() }).unwrap();
    write(&fork, 4);
    drop(fork);
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&home.dir.path().join("fork.db")).unwrap());
    assert_eq!(home.open(store.clone()).unwrap_err(), LogFault::Forked { place, size: 5 });
    // or others have seen more
    let seen = std::fs::read(home.head()).unwrap();
    let config = LogConfig { head_file: None, seen: vec![seen], ..home.config() };
    assert!(matches!(Log::open(store, config), Err(LogFault::Forked { size: 5, .. })));
    // a new database is as far behind as one can be
    let empty: Arc<dyn Store> = Arc::new(Sqlite::create(&home.dir.path().join("empty.db")).unwrap());
    assert!(matches!(home.open(empty), Err(LogFault::Behind { known: 5, found: 0, .. })));
    // the real one goes on
    write(&home.open(home.store()).unwrap(), 1);
}

/// The database goes back in time under a running program.
#[test]
fn a_log_that_shrinks_while_it_is_open_stops() {
    let (home, other) = (Home::new(), Home::new());
    let log = home.open(home.store()).unwrap();
    write(&log, 5);
    // what the running program sees next is another, shorter history under the same key
    let short = Log::open(other.store(), LogConfig { head_file: None, ..other.config() }).unwrap();
    write(&short, 2);
    drop((log, short));
    let faulty = Arc::new(Faulty::new(home.store()));
    let log = home.open(faulty.clone()).unwrap();
    faulty.switch(other.store());
    let error = log.submit(operation(1)).unwrap().wait().unwrap_err();
    assert!(matches!(error, LogError::Stopped(LogFault::Behind { known: 5, found: 2, .. })), "{error}");
    assert_eq!(verify_whole(&other.store()).len(), 2, "nothing was written there");
}

#[test]
fn other_keys_and_broken_files_are_refused() {
    let home = Home::new();
    write(&home.open(home.store()).unwrap(), 1);
    for (origin, seed) in [("data.example/log", 9), ("elsewhere.example/log", 1)] {
        let key = NoteKey::log(origin, SigningKey::from_seed([seed; 32])).unwrap();
        let error = Log::open(home.store(), LogConfig { key, ..home.config() }).unwrap_err();
        assert!(matches!(error, LogFault::Other { .. }), "{error}");
    }
    let witness = NoteKey::witness("data.example/log", SigningKey::from_seed([1; 32])).unwrap();
    let error = Log::open(home.store(), LogConfig { key: witness, ..home.config() }).unwrap_err();
    assert!(matches!(error, LogFault::Origin { .. }), "{error}");
    std::fs::write(home.head(), "").unwrap();
    assert!(matches!(home.open(home.store()), Err(LogFault::HeadFile { .. })));
    std::fs::write(home.head(), "not a checkpoint").unwrap();
    assert!(matches!(home.open(home.store()), Err(LogFault::Other { .. })));
    std::fs::remove_file(home.head()).unwrap();
    home.open(home.store()).unwrap();
    assert!(home.head().exists());
    // a folder that is not there is found out before the first entry, not after
    let head_file = Some(home.dir.path().join("no-such-folder").join("head"));
    let empty = Home::new();
    let error = Log::open(empty.store(), LogConfig { head_file, ..empty.config() }).unwrap_err();
    assert!(matches!(error, LogFault::HeadFile { .. }), "{error}");
}

#[test]
fn an_altered_tree_is_found_on_opening() {
    let home = Home::new();
    write(&home.open(home.store()).unwrap(), 300);
    let sql = rusqlite::Connection::open(home.database()).unwrap();
    sql.execute_batch("DROP TRIGGER hash_is_never_changed").unwrap();
    sql.execute("UPDATE hash SET hash = zeroblob(32) WHERE level = 1 AND idx = 0", []).unwrap();
    assert_eq!(home.open(home.store()).unwrap_err(), LogFault::Damaged { size: 300 });
}

/// S-133: Everything is read back from plain files, with nothing but paths and arithmetic.
#[test]
fn an_export_is_a_log_of_its_own() {
    let home = Home::new();
    let log = home.open(home.store()).unwrap();
    let folder = home.dir.path().join("export");
    assert_eq!(export(log.reader(), &folder).unwrap_err(), ExportError::Empty);
    write(&log, 300);
    // checkpoint; entries 0, 1; level 0: 0, 1; level 1: 0
    assert_eq!(export(log.reader(), &folder).unwrap(), Exported { size: 300, files: 6 });
    write(&log, 300);
    // what is full stays: checkpoint; entries 1, 2; level 0: 1, 2; level 1: 0
    assert_eq!(export(log.reader(), &folder).unwrap(), Exported { size: 600, files: 6 });
    for file in ["tile/entries/001", "tile/entries/002.p/88", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/2"] {
        assert!(folder.join(file).is_file(), "{file}");
    }

    let note = Note::parse(&std::fs::read(folder.join("checkpoint")).unwrap()).unwrap();
    let root = Checkpoint::open(&note, key().public(), &[]).unwrap().checkpoint().root();
    let tile = |level: u8, index: u64, width: u64| {
        let partial = if width < 256 { format!(".p/{width}") } else { String::new() };
        std::fs::read(folder.join(format!("tile/{level}/{index:03}{partial}"))).map(|b| decode_hashes(&b).unwrap())
    };
    let read = |level: u8, from: u64, count: u64| {
        let width = (600u64 >> (8 * level)).saturating_sub(from / 256 * 256).min(256);
        let hashes = tile(level, from / 256, width)?;
        let skip = usize::try_from(from % 256).unwrap();
        Ok::<_, std::io::Error>(hashes.into_iter().skip(skip).take(usize::try_from(count).unwrap()).collect())
    };
    for index in [0u64, 255, 256, 511, 512, 599] {
        let partial = if index >= 512 { ".p/88" } else { "" };
        let bundle = std::fs::read(folder.join(format!("tile/entries/{:03}{partial}", index / 256))).unwrap();
        let entries = decode_entries(&bundle).unwrap();
        let leaf = leaf_hash(entries[usize::try_from(index % 256).unwrap()]);
        let proof = inclusion_proof(index, 600, read).unwrap();
        verify_inclusion(leaf, index, 600, &proof, root).unwrap();
    }

    // the folder is not mixed with another log, nor with another history
    let other = Home::new();
    write(&other.open(other.store()).unwrap(), 700);
    let error = export(&LogReader::new(other.store()), &folder).unwrap_err();
    assert!(matches!(&error, ExportError::Other { why, .. } if why.contains("600")), "{error}");
    let shorter = Home::new();
    write(&shorter.open(shorter.store()).unwrap(), 2);
    let error = export(&LogReader::new(shorter.store()), &folder).unwrap_err();
    assert!(matches!(error, ExportError::Other { .. }), "{error}");
    assert_eq!(export(log.reader(), &folder).unwrap().size, 600);
}
