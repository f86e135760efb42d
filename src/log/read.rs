//! Reading the log: proofs, entries and tiles from what is stored. Needs no key.

use std::fmt;
use std::sync::Arc;

use crate::merkle::tiles::{self, Tile, TileKind};
use crate::merkle::{self, Hash, TreeError};
use crate::store::{Head, Leaf, Store, StoreError};

/// Reads a log. Cheap to copy; every copy sees what was committed last, by whatever process.
#[derive(Clone)]
pub struct LogReader {
    store: Arc<dyn Store>,
}

impl fmt::Debug for LogReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LogReader")
    }
}

/// The stored hashes in the form that `merkle` asks for them.
pub(super) fn stored(store: &dyn Store) -> impl FnMut(u8, u64, u64) -> Result<Vec<Hash>, StoreError> + '_ {
    |level, from, count| store.hashes(level, from, usize::try_from(count).unwrap_or(usize::MAX))
}

impl LogReader {
    /// The log of a store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        LogReader { store }
    }

    /// Size and signed checkpoint; `None` while the log is empty.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn head(&self) -> Result<Option<Head>, StoreError> {
        self.store.head()
    }

    /// The inclusion proof of an entry in the tree of `size` entries.
    ///
    /// # Errors
    /// [`TreeError::Beyond`] unless `index < size` and `size` is no more than the log has; as the store fails.
    pub fn prove(&self, index: u64, size: u64) -> Result<Vec<Hash>, TreeError<StoreError>> {
        self.must_have(size)?;
        merkle::inclusion_proof(index, size, stored(self.store.as_ref()))
    }

    /// The proof that the tree of `old` entries is the beginning of the tree of `new` ones.
    ///
    /// # Errors
    /// [`TreeError::Beyond`] unless `old <= new` and `new` is no more than the log has; as the store fails.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, TreeError<StoreError>> {
        self.must_have(new)?;
        merkle::consistency_proof(old, new, stored(self.store.as_ref()))
    }

    /// The root of the tree of the first `size` entries.
    ///
    /// # Errors
    /// [`TreeError::Beyond`] if the log has fewer; as the store fails.
    pub fn root(&self, size: u64) -> Result<Hash, TreeError<StoreError>> {
        self.must_have(size)?;
        merkle::root_of(size, stored(self.store.as_ref()))
    }

    /// One entry; `None` beyond the end.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn entry(&self, index: u64) -> Result<Option<Leaf>, StoreError> {
        Ok(self.store.leaves(index, 1)?.into_iter().find(|leaf| leaf.index == index))
    }

    /// The bytes of a tile as it is served; `None` if the log is too short for it.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn tile(&self, tile: Tile) -> Result<Option<Vec<u8>>, StoreError> {
        let width = usize::from(tile.width());
        match tile.kind() {
            TileKind::Hashes(level) => {
                let hashes = self.store.hashes(level, tile.start(), width)?;
                Ok((hashes.len() == width).then(|| tiles::encode_hashes(&hashes)))
            }
            TileKind::Entries => {
                let leaves = self.store.leaves(tile.start(), width)?;
                let entries: Vec<_> = leaves.iter().map(|leaf| &leaf.bytes).collect();
                if entries.len() != width {
                    return Ok(None);
                }
                // the log takes no entry that does not fit a bundle
                let bundle = tiles::encode_entries(&entries);
                bundle.map(Some).map_err(|e| StoreError::Misuse { why: format!("`{tile}`: {e}") })
            }
        }
    }

    fn must_have(&self, size: u64) -> Result<(), TreeError<StoreError>> {
        let there = self.store.head().map_err(TreeError::Read)?.map_or(0, |head| head.size);
        if size <= there { Ok(()) } else { Err(TreeError::Beyond { asked: size, size: there }) }
    }
}
