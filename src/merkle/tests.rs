//! Tests of the tree arithmetic against the recursive definitions of RFC 9162.

use std::convert::Infallible;

use proptest::prelude::*;

use super::*;

/// A whole stored tree in memory, as a store would keep it.
struct Stored {
    leaves: Vec<Hash>,
    levels: Vec<Vec<Hash>>,
    /// The root after each of the first 2,000 pushes, from the empty tree on.
    roots: Vec<Hash>,
}

impl Stored {
    fn of(size: u64) -> Self {
        let mut tree = Stored { leaves: vec![], levels: vec![vec![]; 8], roots: vec![empty_root()] };
        let (mut edge, mut out) = (Edge::empty(), vec![]);
        for i in 0..size {
            let leaf = leaf_hash(&i.to_be_bytes());
            tree.leaves.push(leaf);
            edge.push(leaf, &mut out);
            if i < 2000 {
                tree.roots.push(edge.root());
            }
        }
        for (level, index, hash) in out {
            let row = &mut tree.levels[usize::from(level)];
            assert_eq!(row.len() as u64, index, "stored hashes come in order, each once");
            row.push(hash);
        }
        tree
    }

    fn read(&self) -> impl FnMut(u8, u64, u64) -> Result<Vec<Hash>, Infallible> {
        |level, from, count| {
            assert!(count <= 256 && count > 0);
            let row = &self.levels[usize::from(level)];
            Ok(row.iter().skip(from as usize).take(count as usize).copied().collect())
        }
    }
}

/// MTH(D) exactly as RFC 9162 section 2.1.1 defines it.
fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(largest_power_below(leaves.len()));
            node_hash(&mth(left), &mth(right))
        }
    }
}

fn largest_power_below(n: usize) -> usize {
    n.next_power_of_two() / 2
}

/// PATH(m, D_n) exactly as RFC 9162 section 2.1.3.1 defines it.
fn path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() <= 1 {
        return vec![];
    }
    let k = largest_power_below(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut below, sibling) = if m < k { (path(m, left), mth(right)) } else { (path(m - k, right), mth(left)) };
    below.push(sibling);
    below
}

/// SUBPROOF(m, D_n, b) exactly as RFC 9162 section 2.1.4.1 defines it.
fn subproof(m: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if whole { vec![] } else { vec![mth(leaves)] };
    }
    let k = largest_power_below(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut below, sibling) =
        if m <= k { (subproof(m, left, whole), mth(right)) } else { (subproof(m - k, right, false), mth(left)) };
    below.push(sibling);
    below
}

/// RFC 6962 section 2.1: the empty tree, the empty leaf, and the first test tree of Certificate Transparency.
#[test]
fn known_roots() {
    let hex = |hash: Hash| format!("{hash:?}");
    assert_eq!(hex(empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(Edge::empty().root(), empty_root());
    let mut edge = Edge::empty();
    edge.push(leaf_hash(b""), &mut vec![]);
    assert_eq!(hex(edge.root()), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    edge.push(leaf_hash(b"\0"), &mut vec![]);
    assert_eq!(hex(edge.root()), "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    assert_eq!(empty_root().to_string(), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    assert_eq!(empty_root().to_string().parse(), Ok(empty_root()));
    for bad in
        ["", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=", "AA=="]
    {
        assert!(bad.parse::<Hash>().is_err(), "{bad}");
    }
    assert_eq!(serde_json::to_string(&empty_root()).unwrap(), format!("\"{}\"", empty_root()));
}

/// S-50 S-51: for every size up to 300 (up to 70: for every leaf and every older size) roots, audit paths and consistency
/// proofs are those of the RFC's definitions, and verify.
#[test]
fn all_small_trees_follow_the_definitions() {
    let tree = Stored::of(300);
    let n = 300usize;
    for size in 0..=n {
        let (leaves, root) = (&tree.leaves[..size], tree.roots[size]);
        assert_eq!(root, mth(leaves), "root of {size}");
        assert_eq!(Edge::load(size as u64, tree.read()).unwrap().root(), root);
        let mut prover = Prover::new(size as u64, tree.read());
        let asked = |at: &usize| size <= 70 || (size + at).is_multiple_of(23) || at.is_power_of_two() || at + 2 > size;
        for index in (0..size).filter(asked) {
            let proof = prover.inclusion(index as u64).unwrap();
            if size <= 70 || index + 2 > size {
                assert_eq!(proof, path(index, leaves), "path {index} of {size}");
            }
            assert_eq!(verify_inclusion(leaves[index], index as u64, size as u64, &proof, root), Ok(()));
        }
        for old in (0..=size).filter(asked) {
            let proof = prover.consistency(old as u64).unwrap();
            if old > 0 && (size <= 70 || old + 2 > size) {
                assert_eq!(proof, subproof(old, leaves, true), "proof {old} to {size}");
            }
            let verified = verify_consistency(old as u64, tree.roots[old], size as u64, root, &proof);
            assert_eq!(verified, Ok(()), "{old} to {size}");
        }
    }
}

/// S-50 S-51: nothing changes where a tile level ends.
#[test]
fn tile_borders_are_crossed() {
    let tree = Stored::of(65_537);
    assert_eq!([tree.levels[0].len(), tree.levels[1].len(), tree.levels[2].len()], [65_537, 256, 1]);
    for size in [255u64, 256, 257, 511, 512, 513, 65_279, 65_280, 65_281, 65_535, 65_536, 65_537] {
        let root = root_of(size, tree.read()).unwrap();
        if size < 600 || size % 256 == 1 {
            assert_eq!(root, mth(&tree.leaves[..size as usize]), "root of {size}");
        }
        for index in [0, 1, 127, 128, 254, 255, 256, 511, 512, 32_768, 65_279, 65_280, 65_535, size - 1] {
            let proof = inclusion_proof(index, size, tree.read());
            if index < size {
                let proof = proof.unwrap();
                assert_eq!(verify_inclusion(tree.leaves[index as usize], index, size, &proof, root), Ok(()));
            } else {
                assert_eq!(proof, Err(TreeError::Beyond { asked: index, size }));
            }
        }
        for old in [1, 2, 254, 255, 256, 257, 512, 513, 65_280, 65_535, 65_536, size - 1, size] {
            let proof = consistency_proof(old, size, tree.read());
            if old <= size {
                let old_root = root_of(old, tree.read()).unwrap();
                assert_eq!(verify_consistency(old, old_root, size, root, &proof.unwrap()), Ok(()), "{old} to {size}");
            } else {
                assert_eq!(proof, Err(TreeError::Beyond { asked: old, size }));
            }
        }
    }
}

/// An edge loaded at any size goes on exactly as the one that never stopped.
#[test]
fn a_loaded_edge_goes_on() {
    let tree = Stored::of(1030);
    for size in (0..1030).step_by(7).chain([255, 256, 257, 511, 512, 513, 1023, 1024]) {
        let mut edge = Edge::load(size, tree.read()).unwrap();
        let mut out = vec![];
        for leaf in &tree.leaves[size as usize..] {
            edge.push(*leaf, &mut out);
        }
        assert_eq!((edge.size(), edge.root()), (1030, tree.roots[1030]));
        for (level, index, hash) in out {
            assert_eq!(tree.levels[usize::from(level)][index as usize], hash);
        }
    }
}

/// A reader that gives too little is caught, and its own failure comes through.
#[test]
fn a_reader_is_held_to_its_promise() {
    let short = |_, _, _| Ok::<_, Infallible>(vec![]);
    assert_eq!(root_of(3, short), Err(TreeError::Missing { level: 0, from: 0, count: 3, got: 0 }));
    assert!(matches!(inclusion_proof(2, 3, short), Err(TreeError::Missing { .. })));
    let broken = |_, _, _| Err(std::fmt::Error);
    assert_eq!(consistency_proof(2, 3, broken), Err(TreeError::Read(std::fmt::Error)));
}

/// S-50 S-51: proofs for other sizes, of other lengths and about nothing are refused with their reason.
#[test]
fn wrong_questions_are_refused() {
    let tree = Stored::of(8);
    let root = |size: u64| tree.roots[size as usize];
    let proof = inclusion_proof(2, 7, tree.read()).unwrap();
    let leaf = tree.leaves[2];
    assert_eq!(verify_inclusion(leaf, 7, 7, &proof, root(7)), Err(VerifyError::Beyond { asked: 7, size: 7 }));
    assert_eq!(verify_inclusion(leaf, 0, 0, &[], root(0)), Err(VerifyError::Beyond { asked: 0, size: 0 }));
    assert_eq!(verify_inclusion(leaf, 2, 7, &proof[1..], root(7)), Err(VerifyError::Length));
    let longer = [proof.clone(), proof.clone()].concat();
    assert_eq!(verify_inclusion(leaf, 2, 7, &longer, root(7)), Err(VerifyError::Length));
    assert_eq!(verify_inclusion(leaf, 3, 7, &proof, root(7)), Err(VerifyError::Root));
    assert_eq!(verify_inclusion(leaf, 2, 7, &proof, root(8)), Err(VerifyError::Root));

    let proof = consistency_proof(3, 7, tree.read()).unwrap();
    let verify = |old, old_root, new, new_root, proof: &[Hash]| verify_consistency(old, old_root, new, new_root, proof);
    assert_eq!(verify(3, root(3), 7, root(7), &proof), Ok(()));
    assert_eq!(verify(7, root(7), 3, root(3), &[]), Err(VerifyError::Beyond { asked: 7, size: 3 }));
    assert_eq!(verify(3, root(3), 7, root(7), &[]), Err(VerifyError::Length));
    assert_eq!(verify(3, root(3), 7, root(7), &proof[..2]), Err(VerifyError::Length));
    assert_eq!(verify(3, root(2), 7, root(7), &proof), Err(VerifyError::OldRoot));
    assert_eq!(verify(3, root(3), 7, root(8), &proof), Err(VerifyError::Root));
    assert_eq!(verify(5, root(5), 5, root(6), &[]), Err(VerifyError::Root));
    assert_eq!(verify(5, root(5), 5, root(5), &proof), Err(VerifyError::Length));
    assert_eq!(verify(0, root(1), 5, root(5), &[]), Err(VerifyError::OldRoot));
    assert_eq!(verify(0, root(0), 5, root(5), &proof), Err(VerifyError::Length));
    assert_eq!(verify(0, root(0), 0, root(0), &[]), Ok(()));
}

fn flip(hash: &Hash, bit: usize) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8] ^= 1 << (bit % 8);
    Hash::from(bytes)
}

proptest! {
    /// S-50: one flipped bit in leaf, path or root never verifies.
    #[test]
    fn a_flipped_bit_breaks_inclusion(size in 1u64..=300, at: prop::sample::Index, place: prop::sample::Index, bit in 0usize..256) {
        let tree = Stored::of(size);
        let index = at.index(size as usize);
        let mut all = vec![tree.leaves[index], tree.roots[size as usize]];
        all.extend(inclusion_proof(index as u64, size, tree.read()).unwrap());
        let place = place.index(all.len());
        all[place] = flip(&all[place], bit);
        prop_assert_eq!(verify_inclusion(all[0], index as u64, size, &all[2..], all[1]), Err(VerifyError::Root));
    }

    /// S-51: one flipped bit in a root or the proof never verifies.
    #[test]
    fn a_flipped_bit_breaks_consistency(size in 2u64..=300, at: prop::sample::Index, place: prop::sample::Index, bit in 0usize..256) {
        let tree = Stored::of(size);
        let old = 1 + at.index(size as usize - 1);
        let mut all = vec![tree.roots[old], tree.roots[size as usize]];
        all.extend(consistency_proof(old as u64, size, tree.read()).unwrap());
        let place = place.index(all.len());
        all[place] = flip(&all[place], bit);
        prop_assert!(verify_consistency(old as u64, all[0], size, all[1], &all[2..]).is_err());
    }

    /// No proof makes the verifiers panic.
    #[test]
    fn any_proof_is_verified_or_refused(index: u64, size: u64, proof in prop::collection::vec(any::<[u8; 32]>(), 0..70)) {
        let proof: Vec<Hash> = proof.into_iter().map(Hash::from).collect();
        prop_assert!(verify_inclusion(empty_root(), index, size, &proof, empty_root()).is_err());
        let claimed = verify_consistency(index, leaf_hash(b""), size, leaf_hash(b"x"), &proof);
        prop_assert!(claimed.is_err());
    }
}
