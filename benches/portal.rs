//! What generated catalogues have in common: how many datasets there are, the same choices each time, and rows written past the engine.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use datadeal::clock::{SystemClock, SystemRandom};
use datadeal::engine::state::DatasetNow;
use datadeal::engine::{DataDir, Engine};
use datadeal::store::sqlite::Sqlite;
use datadeal::store::{Batch, Item, Kind, Store as _};

/// How many datasets there are: `DATADEAL_BENCH_DATASETS`, 100,000 if that is not set.
pub(crate) fn datasets() -> usize {
    std::env::var("DATADEAL_BENCH_DATASETS").map_or(100_000, |n| n.parse().unwrap())
}

/// A portal as a process that starts finds it: its engine, how many datasets it indexed, and how long that took in milliseconds.
pub(crate) fn started(dir: &Path) -> (Engine, usize, f64) {
    let begun = Instant::now();
    let engine = Engine::open(&DataDir::new(dir.join("data")), Arc::new(SystemClock), Arc::new(SystemRandom)).unwrap();
    let listed = engine.index_datasets().unwrap();
    assert!(listed > datasets());
    (engine, listed, begun.elapsed().as_secs_f64() * 1e3)
}

/// The same choices each time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % sides
    }

    /// From 0 to 1.
    pub(crate) fn part(&mut self) -> f64 {
        self.roll(1 << 20) as f64 / f64::from(1 << 20)
    }
}

/// Rows on their way into a database, some thousands in a commit.
pub(crate) struct Rows {
    store: Sqlite,
    item: Item,
}

impl Rows {
    pub(crate) fn new(dir: &Path) -> Self {
        Rows { store: Sqlite::open(&dir.join("data/datadeal.db")).unwrap(), item: Item::default() }
    }

    pub(crate) fn put(&mut self, kind: Kind, key: &str, parent: Option<&str>, body: Vec<u8>) {
        self.item = std::mem::take(&mut self.item).put(kind, key, parent, body);
        if self.item.writes.len() >= 4000 {
            self.commit();
        }
    }

    pub(crate) fn dataset(&mut self, row: &DatasetNow) {
        let body = serde_json::to_vec(row).unwrap();
        self.put(Kind::Dataset, row.dataset.slug.as_str(), Some(row.dataset.owner.as_str()), body);
    }

    pub(crate) fn commit(&mut self) {
        let item = std::mem::take(&mut self.item);
        self.store.commit(&Batch { advance: None, items: vec![&item] }).unwrap();
    }
}
