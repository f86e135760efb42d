//! Inclusion and consistency proofs: made from stored hashes, verified from nothing but the proof (RFC 9162 sections
//! 2.1.3 and 2.1.4).

use std::collections::HashMap;
use std::fmt;

use super::{Edge, Hash, TreeError, empty_root, join, node_hash, read_exactly, reduce};

/// Why a proof does not verify. Closed: each variant is one way to fail (SPEC S-50, S-51).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum VerifyError {
    /// The entry, or the older tree, lies beyond the tree.
    #[error("{asked} is beyond a tree of {size} entries")]
    #[diagnostic(code(merkle::beyond), help("the proof belongs to a larger tree: fetch a newer checkpoint"))]
    Beyond {
        /// The index or older size.
        asked: u64,
        /// The size of the tree.
        size: u64,
    },
    /// More or fewer hashes than the sizes ask for.
    #[error("the proof has another number of hashes than these tree sizes need")]
    #[diagnostic(code(merkle::length), help("the proof was cut, or made for another tree size"))]
    Length,
    /// The proof leads to another root than that of the older tree.
    #[error("the proof does not lead to the root of the older tree")]
    #[diagnostic(code(merkle::old_root), help("the log removed or changed entries, or the proof is for another log"))]
    OldRoot,
    /// The proof leads to another root.
    #[error("the proof does not lead to the root of the tree")]
    #[diagnostic(code(merkle::root), help("the entry, the proof or the checkpoint was altered"))]
    Root,
}

impl VerifyError {
    /// The MUST of SPEC.md section 4 that an inclusion proof with this fault breaks.
    #[must_use]
    pub fn must_of_inclusion(self) -> &'static str {
        "S-50"
    }

    /// The MUST of SPEC.md section 4 that a consistency proof with this fault breaks.
    #[must_use]
    pub fn must_of_consistency(self) -> &'static str {
        "S-51"
    }
}

/// Makes proofs for one tree and keeps the hashes between tile levels that it computed, so that the proofs of a whole
/// batch of neighbours cost little more than the first one.
pub struct Prover<R> {
    size: u64,
    read: R,
    /// `(height, index)`: the root of the complete subtree over the 2^height leaves from `index * 2^height` on.
    known: HashMap<(u8, u64), Hash>,
}

impl<R> fmt::Debug for Prover<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prover").field("size", &self.size).field("known", &self.known.len()).finish_non_exhaustive()
    }
}

impl<R, E> Prover<R>
where
    R: FnMut(u8, u64, u64) -> Result<Vec<Hash>, E>,
{
    /// For a tree of `size` leaves whose stored hashes `read` gives.
    pub fn new(size: u64, read: R) -> Self {
        Prover { size, read, known: HashMap::new() }
    }

    /// The audit path of a leaf, from the leaf up: PATH(index, D_size) (RFC 9162 section 2.1.3.1).
    ///
    /// # Errors
    /// [`TreeError::Beyond`] unless `index < size`; as the reader fails.
    pub fn inclusion(&mut self, index: u64) -> Result<Vec<Hash>, TreeError<E>> {
        if index >= self.size {
            return Err(TreeError::Beyond { asked: index, size: self.size });
        }
        let mut path = Vec::new();
        let (mut from, mut to) = (0, self.size);
        while to - from > 1 {
            let middle = from + split(to - from);
            if index < middle {
                path.push(self.range(middle, to)?);
                to = middle;
            } else {
                path.push(self.range(from, middle)?);
                from = middle;
            }
        }
        path.reverse();
        Ok(path)
    }

    /// The proof that the tree of `old` leaves is the beginning of this one: PROOF(old, D_size) (RFC 9162 section
    /// 2.1.4.1). Empty from the empty tree and between equal trees.
    ///
    /// # Errors
    /// [`TreeError::Beyond`] unless `old <= size`; as the reader fails.
    pub fn consistency(&mut self, old: u64) -> Result<Vec<Hash>, TreeError<E>> {
        if old > self.size {
            return Err(TreeError::Beyond { asked: old, size: self.size });
        }
        let mut proof = Vec::new();
        let (mut from, mut to) = (0, self.size);
        while old > 0 && old != to {
            let middle = from + split(to - from);
            if old <= middle {
                proof.push(self.range(middle, to)?);
                to = middle;
            } else {
                proof.push(self.range(from, middle)?);
                from = middle;
            }
        }
        // the verifier knows the root of the older tree; it needs this subtree only where that is not the whole of it
        if from > 0 {
            proof.push(self.range(from, to)?);
        }
        proof.reverse();
        Ok(proof)
    }

    /// MTH(D\[from:to\]) where `from` is a multiple of a power of two that is not below `to - from`, as all splits of
    /// RFC 9162 give it.
    fn range(&mut self, from: u64, to: u64) -> Result<Hash, TreeError<E>> {
        let mut peaks = Vec::new();
        let mut at = from;
        for height in (0..64u8).rev().filter(|height| (to - from) >> height & 1 == 1) {
            peaks.push(self.subtree(height, at >> height)?);
            at += 1 << height;
        }
        Ok(join(&peaks))
    }

    fn subtree(&mut self, height: u8, index: u64) -> Result<Hash, TreeError<E>> {
        if let Some(hash) = self.known.get(&(height, index)) {
            return Ok(*hash);
        }
        let (level, bits) = (height / 8, height % 8);
        let (from, count) = (index << bits, 1 << bits);
        let row = read_exactly(&mut self.read, level, from, count)?;
        let known = &mut self.known;
        let root = reduce(&row, |up, row| {
            known.extend((from >> up..).zip(row).map(|(i, hash)| ((8 * level + up, i), *hash)));
        });
        root.ok_or(TreeError::Missing { level, from, count, got: 0 })
    }
}

/// The largest power of two below `n`, which is 2 or more (RFC 9162 section 2.1.1: k).
fn split(n: u64) -> u64 {
    1 << n.saturating_sub(1).checked_ilog2().unwrap_or(0)
}

/// The audit path of one leaf; for several use [`Prover`].
///
/// # Errors
/// As [`Prover::inclusion`].
pub fn inclusion_proof<E>(
    index: u64,
    size: u64,
    read: impl FnMut(u8, u64, u64) -> Result<Vec<Hash>, E>,
) -> Result<Vec<Hash>, TreeError<E>> {
    Prover::new(size, read).inclusion(index)
}

/// The proof that the tree of `old` leaves is the beginning of the tree of `new` leaves.
///
/// # Errors
/// As [`Prover::consistency`].
pub fn consistency_proof<E>(
    old: u64,
    new: u64,
    read: impl FnMut(u8, u64, u64) -> Result<Vec<Hash>, E>,
) -> Result<Vec<Hash>, TreeError<E>> {
    Prover::new(new, read).consistency(old)
}

/// The root of a stored tree at any size up to the present one.
///
/// # Errors
/// As [`Edge::load`].
pub fn root_of<E>(size: u64, read: impl FnMut(u8, u64, u64) -> Result<Vec<Hash>, E>) -> Result<Hash, TreeError<E>> {
    Edge::load(size, read).map(|edge| edge.root())
}

/// Verifies an audit path (RFC 9162 section 2.1.3.2; SPEC S-50).
///
/// # Errors
/// The way in which the proof fails.
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: Hash) -> Result<(), VerifyError> {
    if index >= size {
        return Err(VerifyError::Beyond { asked: index, size });
    }
    let (mut fnode, mut snode) = (index, size - 1);
    let mut hash = leaf;
    for sibling in proof {
        if snode == 0 {
            return Err(VerifyError::Length);
        }
        if fnode & 1 == 1 || fnode == snode {
            hash = node_hash(sibling, &hash);
            (fnode, snode) = to_odd(fnode, snode);
        } else {
            hash = node_hash(&hash, sibling);
        }
        (fnode, snode) = (fnode >> 1, snode >> 1);
    }
    if snode != 0 {
        Err(VerifyError::Length)
    } else if hash != root {
        Err(VerifyError::Root)
    } else {
        Ok(())
    }
}

/// Verifies that the tree of `old` leaves is the beginning of the tree of `new` leaves (RFC 9162 section 2.1.4.2;
/// SPEC S-51). From the empty tree and between equal trees the proof is empty.
///
/// # Errors
/// The way in which the proof fails.
pub fn verify_consistency(
    old: u64,
    old_root: Hash,
    new: u64,
    new_root: Hash,
    proof: &[Hash],
) -> Result<(), VerifyError> {
    if old > new {
        return Err(VerifyError::Beyond { asked: old, size: new });
    }
    if old == 0 || old == new {
        let old_holds = if old == 0 { old_root == empty_root() } else { true };
        let new_holds = old != new || old_root == new_root;
        return match (proof.is_empty(), old_holds, new_holds) {
            (false, _, _) => Err(VerifyError::Length),
            (_, false, _) => Err(VerifyError::OldRoot),
            (_, _, false) => Err(VerifyError::Root),
            _ => Ok(()),
        };
    }
    // a complete older tree is itself the first hash of the path
    let (first, rest) = match (old.is_power_of_two(), proof.split_first()) {
        (_, None) => return Err(VerifyError::Length),
        (true, Some(_)) => (old_root, proof),
        (false, Some((first, rest))) => (*first, rest),
    };
    let low_ones = (old - 1).trailing_ones();
    let (mut fnode, mut snode) = ((old - 1) >> low_ones, (new - 1) >> low_ones);
    let (mut old_hash, mut new_hash) = (first, first);
    for hash in rest {
        if snode == 0 {
            return Err(VerifyError::Length);
        }
        if fnode & 1 == 1 || fnode == snode {
            old_hash = node_hash(hash, &old_hash);
            new_hash = node_hash(hash, &new_hash);
            (fnode, snode) = to_odd(fnode, snode);
        } else {
            new_hash = node_hash(&new_hash, hash);
        }
        (fnode, snode) = (fnode >> 1, snode >> 1);
    }
    if snode != 0 {
        Err(VerifyError::Length)
    } else if old_hash != old_root {
        Err(VerifyError::OldRoot)
    } else if new_hash != new_root {
        Err(VerifyError::Root)
    } else {
        Ok(())
    }
}

/// "Right-shift both until the lowest bit of fn is set or fn is 0": skips the levels where a right edge has no sibling.
fn to_odd(fnode: u64, snode: u64) -> (u64, u64) {
    if fnode == 0 {
        return (0, snode);
    }
    let zeros = fnode.trailing_zeros();
    (fnode >> zeros, snode >> zeros)
}
