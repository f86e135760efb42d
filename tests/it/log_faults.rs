//! Every step of a write fails twice, "not kept" and "kept, but nobody was told"; after each the whole log is read from
//! storage and verified again. What was acknowledged is there, once; what was said not to be kept is not there.

use std::collections::BTreeSet;
use std::sync::Arc;

use datadeal::log::{Log, LogError, LogFault, LogItem};
use datadeal::model::Urn;
use datadeal::store::{Kind, Refusal, StoreError};

use crate::support::faulty::{Fault, Faulty, Step};
use crate::support::logs::{Home, operation, verify_whole};

/// What the caller of the broken write is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Receipt,
    NotKept,
    Unsure,
    Stopped,
}

impl Told {
    fn of(answer: &Result<datadeal::log::Receipt, LogError>) -> Self {
        match answer {
            Ok(_) => Told::Receipt,
            Err(LogError::NotKept(_)) => Told::NotKept,
            Err(LogError::Unsure(_)) => Told::Unsure,
            Err(LogError::Stopped(_)) => Told::Stopped,
            Err(e) => panic!("{e}"),
        }
    }
}

/// One row of the table: the faults in turn, what the caller is told, whether the log goes on, whether the entry is
/// there.
struct Case {
    faults: &'static [(Step, Fault)],
    told: Told,
    goes_on: bool,
    kept: bool,
}

const fn case(faults: &'static [(Step, Fault)], told: Told, goes_on: bool, kept: bool) -> Case {
    Case { faults, told, goes_on, kept }
}

use Fault::{Busy, Full, Kept, NotKept, ReadOnly};
use Step::{Commit, Hashes, Head, Leaves, Settle};

const CASES: &[Case] = &[
    case(&[(Commit, NotKept)], Told::NotKept, true, false),
    case(&[(Commit, Kept)], Told::Receipt, true, true),
    case(&[(Commit, Busy)], Told::Receipt, true, true),
    case(&[(Commit, Busy), (Commit, Busy), (Commit, Busy), (Commit, Busy)], Told::NotKept, true, false),
    case(&[(Commit, Full)], Told::NotKept, true, false),
    case(&[(Commit, ReadOnly)], Told::NotKept, true, false),
    // the second failure comes while finding out about the first
    case(&[(Commit, NotKept), (Settle, NotKept)], Told::Unsure, false, false),
    case(&[(Commit, Kept), (Settle, NotKept)], Told::Unsure, false, true),
    case(&[(Commit, NotKept), (Head, NotKept)], Told::Unsure, false, false),
    case(&[(Commit, Kept), (Head, NotKept)], Told::Unsure, false, true),
    case(&[(Commit, NotKept), (Leaves, NotKept)], Told::Unsure, false, false),
    case(&[(Commit, Kept), (Leaves, NotKept)], Told::Unsure, false, true),
    case(&[(Commit, Kept), (Hashes, NotKept)], Told::Unsure, false, true),
];

#[test]
fn every_step_fails_and_the_log_stays_whole() {
    // an empty log, a small one, and one where the write completes a tile, so that two levels are written
    for size in [0, 5, 255] {
        for case in CASES {
            let what = format!("{size} entries, {:?}", case.faults);
            let home = Home::new();
            let faulty = Arc::new(Faulty::new(home.store()));
            let log = home.open(faulty.clone()).unwrap();
            let mut acknowledged = BTreeSet::new();
            if size > 0 {
                acknowledged.extend(write(&log, operation(size)).1);
            }
            for (step, fault) in case.faults {
                faulty.order(*step, 0, *fault);
            }
            let (answer, ids) = write(&log, operation(2));
            assert_eq!(Told::of(&answer), case.told, "{what}");
            assert!(faulty.done(), "{what}: a fault was not met");
            let found: BTreeSet<Urn> = verify_whole(&home.store()).into_iter().collect();
            assert!(ids.iter().all(|id| found.contains(id) == case.kept), "{what}: kept or not");
            assert!(found.is_superset(&acknowledged), "{what}: an acknowledged entry is lost");
            if case.kept {
                acknowledged.extend(ids);
            }

            let (answer, ids) = write(&log, operation(1));
            let told = if case.goes_on { Told::Receipt } else { Told::Stopped };
            assert_eq!(Told::of(&answer), told, "{what}: the next write");
            assert_eq!(log.stopped().is_some(), !case.goes_on, "{what}");
            drop(log);
            if case.goes_on {
                acknowledged.extend(ids);
            }

            // starting again is all that a stopped log needs
            let log = home.open(home.store()).unwrap();
            let (answer, ids) = write(&log, operation(1));
            assert_eq!(Told::of(&answer), Told::Receipt, "{what}: after a new start");
            acknowledged.extend(ids);
            let found: BTreeSet<Urn> = verify_whole(&home.store()).into_iter().collect();
            assert_eq!(found, acknowledged, "{what}");
        }
    }
}

fn write(log: &Log, operation: LogItem) -> (Result<datadeal::log::Receipt, LogError>, Vec<Urn>) {
    let ids = operation.entries.iter().map(|e| e.id).collect();
    (log.submit(operation).and_then(datadeal::log::Ticket::wait), ids)
}

/// Without entries there is nothing to look for in the log, so the honest answer is that it is not known; the log goes
/// on.
#[test]
fn a_write_without_entries_is_not_guessed_at() {
    for (fault, version) in [(NotKept, 0), (Kept, 1)] {
        let home = Home::new();
        let faulty = Arc::new(Faulty::new(home.store()));
        let log = home.open(faulty.clone()).unwrap();
        write(&log, operation(1)).0.unwrap();
        let before = home.store().head().unwrap();
        faulty.order(Commit, 0, fault);
        let mut draft = operation(0);
        draft.item = datadeal::store::Item::default().put(Kind::Draft, "d", None, "text");
        assert_eq!(Told::of(&write(&log, draft).0), Told::Unsure, "{fault:?}");
        let row = home.store().row(Kind::Draft, "d").unwrap();
        assert_eq!(row.map_or(0, |r| r.version), version, "{fault:?}");
        assert_eq!(home.store().head().unwrap(), before, "no entries, no new checkpoint");
        let receipt = write(&log, operation(0)).0.unwrap();
        assert_eq!((receipt.indices, receipt.size), (1..1, 1));
        write(&log, operation(1)).0.unwrap();
        assert_eq!(verify_whole(&home.store()).len(), 2);
    }
}

/// Step 5 fails: the file lags, the callers are right to be told that their entries are durable.
#[test]
fn a_head_file_that_cannot_be_written_stops_nobody() {
    let home = Home::new();
    let log = home.open(home.store()).unwrap();
    write(&log, operation(1)).0.unwrap();
    let lagging = std::fs::read(home.head()).unwrap();
    // the other disk is gone: a file where its folder was
    let (folder, away) = (home.dir.path().join("other-disk"), home.dir.path().join("away"));
    std::fs::rename(&folder, &away).unwrap();
    std::fs::write(&folder, "").unwrap();
    write(&log, operation(1)).0.unwrap();
    // and comes back
    std::fs::remove_file(&folder).unwrap();
    std::fs::rename(&away, &folder).unwrap();
    assert_eq!(std::fs::read(home.head()).unwrap(), lagging);
    drop(log);
    let log = home.open(home.store()).unwrap();
    assert_ne!(std::fs::read(home.head()).unwrap(), lagging, "opening brings it up to date");
    write(&log, operation(1)).0.unwrap();
    assert_eq!(verify_whole(&home.store()).len(), 3);
}

/// A whole batch fails or is kept together, and each caller is told.
#[test]
fn a_batch_shares_its_fate() {
    for (fault, told) in [(NotKept, Told::NotKept), (Kept, Told::Receipt)] {
        let home = Home::new();
        let faulty = Arc::new(Faulty::new(home.store()));
        let log = home.open(faulty.clone()).unwrap();
        let hold = faulty.hold();
        let first = log.submit(operation(1)).unwrap();
        let rest: Vec<_> = (0..5).map(|_| log.submit(operation(3)).unwrap()).collect();
        // the first is written alone or with some of the rest: all commits but the last pass
        drop(hold);
        first.wait().unwrap();
        for ticket in rest {
            ticket.wait().unwrap();
        }
        let hold = faulty.hold();
        let first = log.submit(operation(1)).unwrap();
        faulty.order(Commit, 1, fault);
        // taken off the queue before the others come in, or with them: in both cases the second commit fails
        let rest: Vec<_> = (0..5).map(|_| log.submit(operation(3)).unwrap()).collect();
        drop(hold);
        first.wait().unwrap();
        let answers: Vec<_> = rest.into_iter().map(|t| Told::of(&t.wait())).collect();
        if faulty.done() {
            assert!(answers.contains(&told), "{answers:?}");
        } else {
            assert!(answers.iter().all(|a| *a == Told::Receipt), "{answers:?}");
        }
        let entries = 17 + 3 * answers.iter().filter(|a| **a == Told::Receipt).count();
        assert_eq!(verify_whole(&home.store()).len(), entries, "{fault:?}");
    }
}

/// One operation came too late: it alone is told, the others get their places in the order of submission.
#[test]
fn a_conflict_is_its_callers_alone() {
    let home = Home::new();
    let faulty = Arc::new(Faulty::new(home.store()));
    let log = home.open(faulty.clone()).unwrap();
    let hold = faulty.hold();
    let mut late = operation(2);
    late.item = late.item.guard(Kind::ConditionSet, "set", 7);
    let mut twice = operation(1);
    let tickets = [
        log.submit(operation(1)).unwrap(),
        log.submit(late).unwrap(),
        log.submit(twice.clone()).unwrap(),
        {
            // the same record again, under another entry
            twice.entries = operation(1).entries;
            log.submit(twice).unwrap()
        },
        log.submit(operation(1)).unwrap(),
    ];
    drop(hold);
    let answers: Vec<_> = tickets.into_iter().map(datadeal::log::Ticket::wait).collect();
    let indices: Vec<_> = answers.iter().map(|a| a.as_ref().ok().map(|r| r.indices.clone())).collect();
    assert_eq!(indices, [Some(0..1), None, Some(1..2), None, Some(2..3)]);
    assert!(matches!(&answers[1], Err(LogError::Conflict(Refusal::Guard { expected: 7, found: 0, .. }))));
    assert!(matches!(&answers[3], Err(LogError::Conflict(Refusal::RecordTaken { .. }))));
    assert_eq!(verify_whole(&home.store()).len(), 3);
}

/// A fault of the program in one operation does not take the others of its batch with it.
#[test]
fn misuse_is_its_callers_alone() {
    let home = Home::new();
    let faulty = Arc::new(Faulty::new(home.store()));
    let log = home.open(faulty.clone()).unwrap();
    let hold = faulty.hold();
    let mut wrong = operation(1);
    wrong.item = wrong.item.put(Kind::Draft, "", None, "a row without a key");
    let tickets: Vec<_> = [operation(1), wrong, operation(1)].into_iter().map(|o| log.submit(o).unwrap()).collect();
    drop(hold);
    let answers: Vec<_> = tickets.into_iter().map(datadeal::log::Ticket::wait).collect();
    assert!(answers[0].is_ok() && answers[2].is_ok());
    assert!(matches!(&answers[1], Err(LogError::NotKept(StoreError::Misuse { .. }))), "{answers:?}");
    assert_eq!(verify_whole(&home.store()).len(), 2);
}

#[test]
fn who_comes_after_the_stop_is_told_the_same() {
    let home = Home::new();
    let faulty = Arc::new(Faulty::new(home.store()));
    let log = home.open(faulty.clone()).unwrap();
    faulty.order(Commit, 0, NotKept);
    faulty.order(Settle, 0, ReadOnly);
    write(&log, operation(1)).0.unwrap_err();
    let expected = LogError::Stopped(LogFault::Store(StoreError::ReadOnly { path: "ordered".into() }));
    for _ in 0..3 {
        assert_eq!(log.submit(operation(1)).unwrap_err(), expected);
    }
}
