//! Merkle tree arithmetic (RFC 6962 section 2.1, RFC 9162 section 2.1) over hashes stored at tile levels only.
//!
//! The *stored hash* `(level, index)` is the root of the complete subtree over the 256^level leaves from
//! `index * 256^level` on; level 0 holds the leaf hashes. That is one hash per leaf and one in 255 on top, and every hash
//! between two levels is computed again from at most 256 neighbours. Stored hashes never change.
//!
//! Deliberately absent: files, HTTP, signatures, a store. Whoever needs stored hashes passes a *reader*, a closure
//! `(level, from, count) -> Result<Vec<Hash>, E>` that gives exactly `count` hashes from index `from` on.

mod proof;
pub mod tiles;

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use proof::{
    Prover, VerifyError, consistency_proof, inclusion_proof, root_of, verify_consistency, verify_inclusion,
};

/// A SHA-256 hash in the tree. As text it is standard base64 with padding, as in C2SP tlog-checkpoint (SPEC S-46).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash([u8; 32]);

/// A text that is not the base64 of 32 bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the base64 of a 32-byte hash")]
pub struct HashError(String);

impl Hash {
    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Hash {
    fn from(bytes: [u8; 32]) -> Self {
        Hash(bytes)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

/// Hex, so that a hash in a debug text is not taken for the C2SP text.
impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl FromStr for Hash {
    type Err = HashError;
    fn from_str(text: &str) -> Result<Self, HashError> {
        let bytes = STANDARD.decode(text).ok().and_then(|b| b.try_into().ok());
        bytes.map(Hash).ok_or_else(|| HashError(text.chars().take(80).collect()))
    }
}

impl TryFrom<String> for Hash {
    type Error = HashError;
    fn try_from(text: String) -> Result<Self, HashError> {
        text.parse()
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> String {
        hash.to_string()
    }
}

/// The hash of a leaf: SHA-256(0x00 || entry) (RFC 6962 section 2.1).
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
}

/// The hash of an inner node: SHA-256(0x01 || left || right) (RFC 6962 section 2.1).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 65];
    for (to, from) in bytes.iter_mut().skip(1).zip(left.0.iter().chain(&right.0)) {
        *to = *from;
    }
    Hash(Sha256::digest(bytes).into())
}

/// The root of the tree without leaves: SHA-256 of nothing (RFC 6962 section 2.1).
#[must_use]
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}

/// Why stored hashes did not give what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError<E> {
    /// The question names a leaf or a size that the tree does not have.
    #[error("{asked} is beyond a tree of {size} entries")]
    Beyond {
        /// The index or older size asked for.
        asked: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The reader gave another number of hashes than it was asked for.
    #[error("stored hashes are missing: asked for {count} from {from} on at level {level}, got {got}")]
    Missing {
        /// The tile level.
        level: u8,
        /// The first index asked for.
        from: u64,
        /// The number asked for.
        count: u64,
        /// The number that came.
        got: usize,
    },
    /// The reader failed.
    #[error(transparent)]
    Read(E),
}

impl<E: std::error::Error> miette::Diagnostic for TreeError<E> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(match self {
            TreeError::Beyond { .. } => "merkle::beyond",
            TreeError::Missing { .. } => "merkle::missing",
            TreeError::Read(_) => "merkle::read",
        }))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        match self {
            TreeError::Beyond { .. } => Some(Box::new("ask for an entry below the size of the checkpoint")),
            TreeError::Missing { .. } => Some(Box::new("the stored tree is damaged: rebuild it from the entries")),
            TreeError::Read(_) => None,
        }
    }
}

/// The growing right edge of a tree: one hash per set bit of its size, which is all that appending needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edge {
    size: u64,
    /// Roots of the complete subtrees that make up the tree, from the largest (leftmost) to the smallest.
    /// INVARIANT: as many as `size` has set bits.
    peaks: Vec<Hash>,
}

impl Edge {
    /// The edge of the tree without leaves.
    #[must_use]
    pub fn empty() -> Self {
        Edge::default()
    }

    /// The edge of a stored tree: one read of at most 255 hashes per level.
    ///
    /// # Errors
    /// [`TreeError::Read`] as the reader failed, [`TreeError::Missing`] if it gave too few or too many hashes.
    pub fn load<E>(
        size: u64,
        mut read: impl FnMut(u8, u64, u64) -> Result<Vec<Hash>, E>,
    ) -> Result<Self, TreeError<E>> {
        let mut peaks = Vec::new();
        for level in (0..8u8).rev() {
            let end = size >> (8 * level);
            let count = end % 256;
            if count == 0 {
                continue;
            }
            let row = read_exactly(&mut read, level, end - count, count)?;
            let mut rest = row.as_slice();
            for bit in (0..8u8).rev().filter(|bit| count >> bit & 1 == 1) {
                let (subtree, after) = rest.split_at_checked(1 << bit).unwrap_or((rest, &[]));
                peaks.extend(reduce(subtree, |_, _| ()));
                rest = after;
            }
        }
        Ok(Edge { size, peaks })
    }

    /// Appends a leaf and adds the stored hashes that became complete to `stored` as `(level, index, hash)`, the leaf
    /// itself first. One node hash per leaf on average.
    pub fn push(&mut self, leaf: Hash, stored: &mut Vec<(u8, u64, Hash)>) {
        stored.push((0, self.size, leaf));
        // the size before appending ends in as many ones as there are subtrees that the new leaf completes
        let merges = self.size.trailing_ones();
        self.size = self.size.saturating_add(1); // 2^64 leaves are out of reach
        let mut hash = leaf;
        for height in 1..=merges {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(&left, &hash);
            }
            if height.is_multiple_of(8) {
                let index = self.size.checked_shr(height).unwrap_or(1).saturating_sub(1);
                stored.push((u8::try_from(height / 8).unwrap_or(u8::MAX), index, hash));
            }
        }
        self.peaks.push(hash);
    }

    /// The number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root over all leaves (RFC 6962 section 2.1).
    #[must_use]
    pub fn root(&self) -> Hash {
        join(&self.peaks)
    }
}

/// The root of a tree from the roots of its complete subtrees, the largest first.
fn join(peaks: &[Hash]) -> Hash {
    let mut from_right = peaks.iter().rev();
    match from_right.next() {
        None => empty_root(),
        Some(last) => from_right.fold(*last, |right, left| node_hash(left, &right)),
    }
}

/// The root of a complete subtree from a row of 2^n neighbours; `seen(height, row)` gets each row on the way up.
fn reduce(row: &[Hash], mut seen: impl FnMut(u8, &[Hash])) -> Option<Hash> {
    let mut row = row.to_vec();
    let mut height = 0;
    seen(height, &row);
    while row.len() > 1 {
        row = row
            .chunks(2)
            .filter_map(|pair| match pair {
                [left, right] => Some(node_hash(left, right)),
                alone => alone.first().copied(),
            })
            .collect();
        height += 1;
        seen(height, &row);
    }
    row.first().copied()
}

/// Reads stored hashes and holds the reader to its promise.
fn read_exactly<E>(
    read: &mut impl FnMut(u8, u64, u64) -> Result<Vec<Hash>, E>,
    level: u8,
    from: u64,
    count: u64,
) -> Result<Vec<Hash>, TreeError<E>> {
    let row = read(level, from, count).map_err(TreeError::Read)?;
    if u64::try_from(row.len()) == Ok(count) {
        Ok(row)
    } else {
        Err(TreeError::Missing { level, from, count, got: row.len() })
    }
}

#[cfg(test)]
mod tests;
