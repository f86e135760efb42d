//! The `.tlog-proof` file: an entry's place in a log, the path to the root and the signed checkpoint, verified offline
//! (C2SP tlog-proof; SPEC S-55, S-56).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::checkpoint::{Checkpoint, Opened, decimal};
use super::note::{self, Note, NoteError};
use super::vkey::VerifierKey;
use crate::merkle::{Hash, leaf_hash, verify_inclusion};

/// The first line.
const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// A path in a tree of up to 2^63 entries.
const MAX_PATH: usize = 63;
/// `extra` may take as much again as the checkpoint.
const MAX_BYTES: usize = 2 * note::MAX_BYTES;

/// A proof that an entry is in a log. Only its form is known to be right before [`TlogProof::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    extra: Option<Vec<u8>>,
    index: u64,
    /// INVARIANT: at most [`MAX_PATH`].
    path: Vec<Hash>,
    checkpoint: Note,
}

impl TlogProof {
    /// The proof for the entry at `index`: its audit path in the tree of the checkpoint.
    ///
    /// # Errors
    /// [`NoteError::ProofFile`] for a path of more than 63 hashes.
    pub fn new(index: u64, path: Vec<Hash>, checkpoint: Note) -> Result<Self, NoteError> {
        if path.len() > MAX_PATH {
            return Err(NoteError::ProofFile("a path has at most 63 hashes"));
        }
        Ok(TlogProof { extra: None, index, path, checkpoint })
    }

    /// Reads a proof file; nothing is verified.
    ///
    /// # Errors
    /// [`NoteError::ProofFile`], [`NoteError::TooLarge`], or as [`Note::parse`] for the checkpoint in it.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        let err = NoteError::ProofFile;
        if bytes.len() > MAX_BYTES {
            return Err(NoteError::TooLarge("a proof file has at most 2097152 bytes"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| err("it is not UTF-8"))?;
        let (head, checkpoint) = text.split_once("\n\n").ok_or(err("there is no empty line before the checkpoint"))?;
        let mut lines = head.split('\n');
        if lines.next() != Some(HEADER) {
            return Err(err("the first line is `c2sp.org/tlog-proof@v1`"));
        }
        let mut line = lines.next();
        let mut extra = None;
        if let Some(base64) = line.and_then(|line| line.strip_prefix("extra ")) {
            extra = Some(STANDARD.decode(base64).map_err(|_| err("`extra` is not base64"))?);
            line = lines.next();
        }
        let index = line.and_then(|line| line.strip_prefix("index ")).and_then(decimal);
        let index = index.ok_or(err("there is no line `index` with a number"))?;
        let path = lines.take(MAX_PATH + 1).map(str::parse).collect::<Result<_, _>>();
        let path = path.map_err(|_| err("a line of the path is not the base64 of a hash"))?;
        Ok(TlogProof { extra, ..TlogProof::new(index, path, Note::parse(checkpoint.as_bytes())?)? })
    }

    /// The same proof with opaque bytes beside it. Nothing protects them.
    #[must_use]
    pub fn with_extra(mut self, extra: Vec<u8>) -> Self {
        self.extra = Some(extra);
        self
    }

    /// The bytes beside the proof. Nothing protects them: never act on them.
    #[must_use]
    pub fn unauthenticated_extra(&self) -> Option<&[u8]> {
        self.extra.as_deref()
    }

    /// The place of the entry in the log, from 0.
    #[must_use]
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The audit path, from the leaf's sibling up.
    #[must_use]
    pub fn path(&self) -> &[Hash] {
        &self.path
    }

    /// The checkpoint as the log signed it.
    #[must_use]
    pub fn checkpoint(&self) -> &Note {
        &self.checkpoint
    }

    /// Verifies that the log holds exactly these bytes as its entry at the index, and that at least `quorum` of the given
    /// witnesses saw that head (SPEC S-56). Needs no network and no clock.
    ///
    /// # Errors
    /// The MUST that is broken: of the checkpoint, the quorum ([`NoteError::Quorum`]) or the path
    /// ([`NoteError::Inclusion`]).
    pub fn verify(
        &self,
        entry: &[u8],
        log: &VerifierKey,
        witnesses: &[VerifierKey],
        quorum: usize,
    ) -> Result<Opened, NoteError> {
        let opened = Checkpoint::open(&self.checkpoint, log, witnesses)?;
        opened.require(quorum)?;
        let head = opened.checkpoint();
        verify_inclusion(leaf_hash(entry), self.index, head.size(), &self.path, head.root())
            .map_err(NoteError::Inclusion)?;
        Ok(opened)
    }
}

/// The bytes of the file: what [`TlogProof::parse`] reads.
impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{NoteKey, SigningKey};
    use super::*;
    use crate::merkle::{Edge, VerifyError, inclusion_proof};

    fn log() -> NoteKey {
        NoteKey::log("deals.example/log", SigningKey::from_seed([1; 32])).unwrap()
    }

    fn entry(i: u64) -> String {
        format!("entry {i}")
    }

    fn proof(index: u64, size: u64) -> TlogProof {
        let (mut edge, mut stored) = (Edge::empty(), vec![]);
        (0..size).for_each(|i| edge.push(leaf_hash(entry(i).as_bytes()), &mut stored));
        let read = |level, from, count| {
            let row = stored.iter().filter(|(l, i, _)| *l == level && (from..from + count).contains(i));
            Ok::<_, std::convert::Infallible>(row.map(|(_, _, hash)| *hash).collect())
        };
        let path = inclusion_proof(index, size, read).unwrap();
        let note = Checkpoint::new("deals.example/log", size, edge.root()).unwrap().sign(&log()).unwrap();
        TlogProof::new(index, path, note).unwrap()
    }

    /// S-55 S-56: a proof is read back and verifies for its own entry only; `extra` changes nothing.
    #[test]
    fn proves_its_entry_and_no_other() {
        for (index, size) in [(0, 1), (0, 2), (4, 5), (299, 300)] {
            let proof = TlogProof::parse(proof(index, size).to_string().as_bytes()).unwrap();
            let opened = proof.verify(entry(index).as_bytes(), log().public(), &[], 0).unwrap();
            assert_eq!(opened.checkpoint().size(), size);
            let other = proof.verify(entry(index + 1).as_bytes(), log().public(), &[], 0);
            assert_eq!(other, Err(NoteError::Inclusion(VerifyError::Root)));
            assert_eq!(proof.verify(b"", log().public(), &[], 1).unwrap_err().must(), "S-49");
            let with = TlogProof::parse(proof.clone().with_extra(b"x".to_vec()).to_string().as_bytes()).unwrap();
            assert_eq!(with.unauthenticated_extra(), Some(b"x".as_slice()));
            assert!(with.verify(entry(index).as_bytes(), log().public(), &[], 0).is_ok());
        }
    }

    /// S-55: the lines of a proof file.
    #[test]
    fn other_files_are_refused() {
        let good = proof(1, 3).to_string();
        let must = |text: &str| TlogProof::parse(text.as_bytes()).map(|_| "").unwrap_or_else(|e| e.must());
        assert_eq!(must(&good), "");
        let first_hash = good.lines().nth(2).unwrap();
        for (from, to) in [
            ("proof@v1", "proof@v2"),
            ("index 1", "index 01"),
            ("index 1", "index"),
            ("index 1\n", ""),
            ("index 1", "extra ?\nindex 1"),
            ("index 1\n", "index 1\nindex 1\n"),
            (first_hash, "AAAA"),
            ("\n\n", "\n"),
        ] {
            assert_eq!(must(&good.replacen(from, to, 1).replacen(from, to, 1)), "S-55", "{from:?} {to:?}");
        }
        assert_eq!(must(&good.replace(first_hash, &[first_hash; 64].join("\n"))), "S-55");
        assert_eq!(must(good.trim_end()), "S-40");
        assert_eq!(TlogProof::parse(&[b'a'; MAX_BYTES + 1]).unwrap_err().must(), "S-41");
    }
}
