//! What is written in one commit.

use super::{Index, Kind, Leaf, Record, Words};
use crate::merkle::Hash;
use crate::model::Time;

/// One transaction: the operations that had queued up, and how they advance the log.
#[derive(Debug)]
pub struct Batch<'a> {
    /// How the log grows. `None` for a batch without entries, which leaves log and checkpoint alone.
    pub advance: Option<Advance>,
    /// The operations, in the order in which they take effect.
    pub items: Vec<&'a Item>,
}

/// The growth of the log. Its leaves start at `from` and follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advance {
    /// The size that the log must have now: the compare of compare-and-swap.
    pub from: u64,
    /// The new leaves, at least one.
    pub leaves: Vec<Leaf>,
    /// The hashes that became complete, as (tile level, index in the level, hash), in order within each level.
    pub hashes: Vec<(u8, u64, Hash)>,
    /// The signed checkpoint of the new size.
    pub checkpoint: Vec<u8>,
    /// The time of the newest record, never before the one in the store.
    pub newest: Time,
}

/// The rows and records of one operation, and what it relies on. Its log entries travel beside it (`log::LogItem`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// What must still be so.
    pub guards: Vec<Guard>,
    /// What changes.
    pub writes: Vec<Write>,
    /// What is added for good. Each must be new: a record that is there already refuses the item.
    pub records: Vec<Record>,
}

/// A row that an operation read, with the version that it saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// The row's kind.
    pub kind: Kind,
    /// The row's key.
    pub key: String,
    /// The version read; 0 means that there must be no such row.
    pub version: u64,
}

/// A change of one row, or of what it is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Makes the row or replaces it; the version grows. Without a guard the last writer wins.
    Put {
        /// The row's kind.
        kind: Kind,
        /// The row's key, not empty.
        key: String,
        /// What it is listed under.
        parent: Option<String>,
        /// The document.
        body: Vec<u8>,
    },
    /// Adds to the number that the row holds as decimal digits, 0 if there is no such row. If it would then be more than
    /// `most`, the item is refused; so many may add at once, and none of them has to read the row first.
    Add {
        /// The row's kind.
        kind: Kind,
        /// The row's key, not empty; once in an item.
        key: String,
        /// How much is added.
        by: u64,
        /// What the number never exceeds.
        most: u64,
    },
    /// Takes a place of a list, for good. Nobody may have taken it before: else the item is refused.
    Take {
        /// The name of the list.
        list: String,
        /// The place, from 0; once in an item.
        place: u32,
    },
    /// Lists a key under a parent, for good. A key that is listed there already stays listed.
    List {
        /// In which list.
        index: Index,
        /// Under what.
        parent: String,
        /// The key, not empty.
        key: String,
    },
    /// Says what a dataset is found by, in place of what it was found by before. The row must be there, written earlier in the item or long ago.
    Words {
        /// The key of the dataset's row.
        key: String,
        /// Its words.
        words: Words,
    },
    /// Removes the row, if there is one.
    Delete {
        /// The row's kind.
        kind: Kind,
        /// The row's key.
        key: String,
    },
}

impl Write {
    /// The kind of the row; what is no row has none.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Write::Put { kind, .. } | Write::Add { kind, .. } | Write::Delete { kind, .. } => Some(*kind),
            Write::Words { .. } => Some(Kind::Dataset),
            Write::Take { .. } | Write::List { .. } => None,
        }
    }
}

impl Item {
    /// Adds: the row must still have this version, 0 for no such row.
    #[must_use]
    pub fn guard(mut self, kind: Kind, key: impl Into<String>, version: u64) -> Self {
        self.guards.push(Guard { kind, key: key.into(), version });
        self
    }

    /// Adds: write this row.
    #[must_use]
    pub fn put(mut self, kind: Kind, key: impl Into<String>, parent: Option<&str>, body: impl Into<Vec<u8>>) -> Self {
        self.writes.push(Write::Put { kind, key: key.into(), parent: parent.map(str::to_owned), body: body.into() });
        self
    }

    /// Adds: count this in a row, as far as it stays within `most`.
    #[must_use]
    pub fn add(mut self, kind: Kind, key: impl Into<String>, by: u64, most: u64) -> Self {
        self.writes.push(Write::Add { kind, key: key.into(), by, most });
        self
    }

    /// Adds: take this place of a list.
    #[must_use]
    pub fn take(mut self, list: impl Into<String>, place: u32) -> Self {
        self.writes.push(Write::Take { list: list.into(), place });
        self
    }

    /// Adds: list this key.
    #[must_use]
    pub fn list(mut self, index: Index, parent: impl Into<String>, key: impl Into<String>) -> Self {
        self.writes.push(Write::List { index, parent: parent.into(), key: key.into() });
        self
    }

    /// Adds: this is what a dataset is found by.
    #[must_use]
    pub fn words(mut self, key: impl Into<String>, words: Words) -> Self {
        self.writes.push(Write::Words { key: key.into(), words });
        self
    }

    /// Adds: remove this row.
    #[must_use]
    pub fn delete(mut self, kind: Kind, key: impl Into<String>) -> Self {
        self.writes.push(Write::Delete { kind, key: key.into() });
        self
    }

    /// Adds: keep this record for good.
    #[must_use]
    pub fn record(mut self, record: Record) -> Self {
        self.records.push(record);
        self
    }
}
