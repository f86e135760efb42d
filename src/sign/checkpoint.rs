//! Checkpoints: what a log commits itself to, signed by the log and cosigned by witnesses (C2SP tlog-checkpoint and
//! tlog-cosignature; SPEC section 4).

use std::fmt;

use super::note::{Note, NoteError, NoteSignature, cosigned_message};
use super::vkey::{KeyKind, NoteKey, VerifierKey};
use crate::merkle::Hash;
use crate::model::{DidKey, Time};

/// The head of a log's tree: which log, how many entries, which root (SPEC S-46).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    /// Lines that other logs add. Ours never do: nobody can audit them.
    extension: Vec<String>,
}

impl Checkpoint {
    /// The head of a tree, without extension lines.
    ///
    /// # Errors
    /// [`NoteError::Checkpoint`] if the origin is empty or more than a line.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, NoteError> {
        if origin.is_empty() || origin.bytes().any(|b| b < b' ') {
            return Err(NoteError::Checkpoint("the origin is one line"));
        }
        Ok(Checkpoint { origin: origin.to_owned(), size, root, extension: Vec::new() })
    }

    /// Reads the text of a note.
    ///
    /// # Errors
    /// [`NoteError::Checkpoint`] with the line that is wrong.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let err = NoteError::Checkpoint;
        let mut lines = text.strip_suffix('\n').ok_or(err("it does not end in a newline"))?.split('\n');
        let origin = lines.next().unwrap_or_default();
        let size = lines.next().and_then(decimal).ok_or(err("the second line is a size without leading zeros"))?;
        let root = lines.next().and_then(|line| line.parse().ok()).ok_or(err("the third line is a root in base64"))?;
        let extension: Vec<String> = lines.map(str::to_owned).collect();
        if extension.iter().any(|line| line.is_empty() || line.bytes().any(|b| b < b' ')) {
            return Err(err("an extension line is not empty and has no control character"));
        }
        Ok(Checkpoint { extension, ..Checkpoint::new(origin, size, root)? })
    }

    /// The log: the first line, and the name of its key.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The number of entries.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree over them.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.root
    }

    /// The lines after the root.
    #[must_use]
    pub fn extension(&self) -> &[String] {
        &self.extension
    }

    /// Signs as the log. Whoever calls this must never sign two checkpoints of which one is not the beginning of the
    /// other: `log.rs` sees to that, not this function.
    ///
    /// # Errors
    /// [`NoteError::Origin`] if the key has another name than the log, [`NoteError::Kind`] if it is a witness's.
    pub fn sign(&self, log: &NoteKey) -> Result<Note, NoteError> {
        self.check_origin(log.public())?;
        Note::sign(&self.to_string(), log)
    }

    /// Verifies a checkpoint: signed by the log (SPEC S-47), every known witness's cosignature right (SPEC S-45).
    /// How many witnesses are enough is a question to [`Opened::require`].
    ///
    /// # Errors
    /// The MUST that the note breaks.
    pub fn open(note: &Note, log: &VerifierKey, witnesses: &[VerifierKey]) -> Result<Opened, NoteError> {
        let kind = |key: &VerifierKey, kind, wanted| match key.kind() == kind {
            true => Ok(()),
            false => Err(NoteError::Kind { name: key.name().to_owned(), wanted }),
        };
        kind(log, KeyKind::Note, "the key of a log")?;
        witnesses.iter().try_for_each(|key| kind(key, KeyKind::Cosignature, "the key of a witness"))?;
        let checkpoint = Checkpoint::parse(note.text())?;
        checkpoint.check_origin(log)?;
        let keys: Vec<VerifierKey> = std::iter::once(log).chain(witnesses).cloned().collect();
        let signers = note.verify(&keys)?;
        if !signers.iter().any(|signer| signer.key == log) {
            return Err(NoteError::Unsigned(format!("the log `{}`", log.name())));
        }
        let cosigned = signers.iter().filter_map(|s| s.time.map(|time| (s.key.clone(), time))).collect();
        Ok(Opened { checkpoint, cosigned })
    }

    fn check_origin(&self, log: &VerifierKey) -> Result<(), NoteError> {
        if self.origin == log.name() {
            Ok(())
        } else {
            Err(NoteError::Origin { found: self.origin.clone(), wanted: log.name().to_owned() })
        }
    }
}

/// The text that is signed.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, self.root)?;
        self.extension.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// A checkpoint whose signatures were verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    checkpoint: Checkpoint,
    cosigned: Vec<(VerifierKey, Time)>,
}

impl Opened {
    /// The checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The known witnesses that cosigned, with the time at which each saw it.
    #[must_use]
    pub fn cosigned(&self) -> &[(VerifierKey, Time)] {
        &self.cosigned
    }

    /// Asks for a number of witnesses. Two names of one key are one witness (SPEC S-49).
    ///
    /// # Errors
    /// [`NoteError::Quorum`] if fewer cosigned.
    pub fn require(&self, witnesses: usize) -> Result<(), NoteError> {
        let mut keys: Vec<DidKey> = self.cosigned.iter().map(|(key, _)| key.key()).collect();
        keys.sort_unstable();
        keys.dedup();
        if keys.len() < witnesses {
            return Err(NoteError::Quorum { wanted: witnesses, found: keys.len() });
        }
        Ok(())
    }
}

impl NoteKey {
    /// Cosigns a checkpoint as a witness that saw it at `time` (`cosignature/v1`; SPEC S-48). The caller has verified
    /// the log's signature and the consistency with what it cosigned before.
    ///
    /// # Errors
    /// [`NoteError::Kind`] if this is the key of a log, [`NoteError::Checkpoint`] if the note is no checkpoint.
    pub fn cosign(&self, note: &Note, time: Time) -> Result<NoteSignature, NoteError> {
        if self.public().kind() != KeyKind::Cosignature {
            return Err(NoteError::Kind { name: self.public().name().to_owned(), wanted: "the key of a witness" });
        }
        Checkpoint::parse(note.text())?;
        let signature = self.secret.sign(cosigned_message(time, note.text()).as_bytes());
        // `Time` has no instant before 1970
        let seconds = u64::try_from(time.unix()).unwrap_or(0);
        Ok(NoteSignature::by(self, [seconds.to_be_bytes().as_slice(), &signature].concat()))
    }
}

/// A decimal number in its one spelling.
pub(super) fn decimal(text: &str) -> Option<u64> {
    text.parse().ok().filter(|n: &u64| n.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::super::SigningKey;
    use super::*;
    use crate::merkle::{Edge, empty_root, leaf_hash};
    use proptest::prelude::*;

    fn log() -> NoteKey {
        NoteKey::log("deals.example/log", SigningKey::from_seed([1; 32])).unwrap()
    }

    fn witness(name: &str, seed: u8) -> NoteKey {
        NoteKey::witness(name, SigningKey::from_seed([seed; 32])).unwrap()
    }

    fn time(text: &str) -> Time {
        text.parse().unwrap()
    }

    /// S-46 S-47 S-48: a log of 600 entries whose checkpoints were made by another program comes out byte for byte.
    #[test]
    fn a_known_log_comes_out_the_same() {
        let (mut edge, mut notes) = (Edge::empty(), vec![]);
        for i in 0..600 {
            let entry = format!("{{\"deal\":\"urn:uuid:{i}\",\"seq\":{i},\"terms\":\"é\"}}");
            edge.push(leaf_hash(entry.as_bytes()), &mut vec![]);
            if edge.size() == 257 || edge.size() == 600 {
                let checkpoint = Checkpoint::new("deals.example/log", edge.size(), edge.root()).unwrap();
                notes.push(checkpoint.sign(&log()).unwrap());
            }
        }
        assert_eq!(
            notes[0].to_string(),
            "deals.example/log\n257\nqWU0bYp1pTjJHGRD5GJ+qX99VVjPCFxaKecVWEHme+E=\n\n\
             — deals.example/log 5sQX4ZOnKPteXHSirtVdtnfjYOwQEqvm6ebn4yUufkanCG5lAcL6v4XcIFiVWxSGwdL+VOetifuLEY8LOApE6rtkfwI=\n"
        );
        let w = witness("witness.example/w1", 2);
        let seen = Time::from_unix(0x6952_47c0).unwrap();
        let note = notes.remove(1);
        let cosignature = w.cosign(&note, seen).unwrap();
        let note = note.with(cosignature).unwrap();
        assert_eq!(
            note.to_string(),
            "deals.example/log\n600\nbLOiXGSiFvQkPXqLzBmrq6ToWohRjgOFgMg0mMYfWtg=\n\n\
             — deals.example/log 5sQX4ReTsKx0u7Op6/fZpvjGCmUQYKSuQwH6vGyDqXcwSrSiUJDWJ9DH9haHMMgndF15EfKEZ55UW9kZjOwz6MBzYQg=\n\
             — witness.example/w1 3xwKNQAAAABpUkfAmZ49VxeIQ/LLhgBUXdNwOtbayEHYDbIFEIAdaE9FMMQPK/2KlP0g451y30a1Vh4zuodD57FrLrdWk2WqGrOtBg==\n"
        );
        let opened = Checkpoint::open(&note, log().public(), &[w.public().clone()]).unwrap();
        assert_eq!((opened.checkpoint().size(), opened.checkpoint().root()), (600, edge.root()));
        assert_eq!(opened.cosigned(), [(w.public().clone(), seen)]);
        assert_eq!(opened.require(1), Ok(()));
        assert_eq!(opened.require(2), Err(NoteError::Quorum { wanted: 2, found: 1 }));
    }

    /// S-46: the lines of a checkpoint.
    #[test]
    fn other_texts_are_refused() {
        let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        assert_eq!(Checkpoint::parse(&format!("a\n0\n{root}\nx y\n")).unwrap().extension(), ["x y"]);
        for bad in [
            String::new(),
            "\n".into(),
            format!("\n0\n{root}\n"),
            format!("a\n0\n{root}"),
            format!("a\n00\n{root}\n"),
            format!("a\n+1\n{root}\n"),
            format!("a\n18446744073709551616\n{root}\n"),
            format!("a\n0\n{root}\n\n"),
            format!("a\n0\n{}\n", root.trim_end_matches('=')),
            "a\n0\n".into(),
        ] {
            assert_eq!(Checkpoint::parse(&bad).unwrap_err().must(), "S-46", "{bad:?}");
        }
    }

    /// S-43 S-44 S-47: only the log of that name, by a key of its kind, with its own signature.
    #[test]
    fn only_the_log_itself_signs() {
        let checkpoint = Checkpoint::new("deals.example/log", 0, empty_root()).unwrap();
        let other = NoteKey::log("other.example/log", SigningKey::from_seed([1; 32])).unwrap();
        assert_eq!(checkpoint.sign(&other).unwrap_err().must(), "S-47");
        let w = witness("deals.example/log", 2);
        assert_eq!(checkpoint.sign(&w).unwrap_err().must(), "S-43");
        let note = checkpoint.sign(&log()).unwrap();
        let must =
            |note: &Note, log: &VerifierKey, w: &[VerifierKey]| Checkpoint::open(note, log, w).unwrap_err().must();
        assert_eq!(must(&note, other.public(), &[]), "S-47");
        assert_eq!(must(&note, w.public(), &[]), "S-43");
        assert_eq!(must(&note, log().public(), &[log().public().clone()]), "S-43");
        assert_eq!(log().cosign(&note, time("2026-01-01T00:00:00Z")).unwrap_err().must(), "S-43");
        // cosigned but not signed
        let stranger = NoteKey::log("deals.example/log", SigningKey::from_seed([9; 32])).unwrap();
        let note = checkpoint.sign(&stranger).unwrap();
        let cosignature = w.cosign(&note, time("2026-01-01T00:00:00Z")).unwrap();
        let note = note.with(cosignature).unwrap();
        assert_eq!(must(&note, log().public(), &[w.public().clone()]), "S-44");
    }

    /// S-45 S-48 S-49: the time of a cosignature is signed, lies in our range, and one key is one witness.
    #[test]
    fn cosignatures_count_per_key() {
        let note = Checkpoint::new("deals.example/log", 0, empty_root()).unwrap().sign(&log()).unwrap();
        let (a, b) = (witness("w.example/a", 2), witness("w.example/b", 2));
        let keys = [a.public().clone(), b.public().clone()];
        let at = time("2026-11-25T09:30:00Z");
        let both = note.clone().with(a.cosign(&note, at).unwrap()).unwrap().with(b.cosign(&note, at).unwrap()).unwrap();
        let opened = Checkpoint::open(&both, log().public(), &keys).unwrap();
        assert_eq!((opened.cosigned().len(), opened.require(1).is_ok(), opened.require(2).is_ok()), (2, true, false));

        let signed = a.cosign(&note, at).unwrap().to_string();
        let later = a.cosign(&note, at.plus_seconds(1)).unwrap().to_string();
        // the time of one with the signature of the other
        let mixed = format!("{}{}", later.split_at(32).0, signed.split_at(32).1);
        assert_ne!(mixed, signed);
        let forged = note.clone().with(mixed.parse().unwrap()).unwrap();
        assert_eq!(Checkpoint::open(&forged, log().public(), &keys).unwrap_err().must(), "S-45");
        let endless = note.clone().with(NoteSignature::by(&a, vec![0xff; 72])).unwrap();
        assert_eq!(Checkpoint::open(&endless, log().public(), &keys).unwrap_err().must(), "S-48");
        let short = note.with(NoteSignature::by(&a, vec![0; 7])).unwrap();
        assert_eq!(Checkpoint::open(&short, log().public(), &keys).unwrap_err().must(), "S-45");
        assert!(a.cosign(&Note::sign("no checkpoint\n", &log()).unwrap(), at).is_err());
    }

    proptest! {
        /// S-46: what is printed is read back.
        #[test]
        fn checkpoints_round_trip(origin in "[!-~é]{1,20}", size: u64, root: [u8; 32], more in prop::collection::vec("[ -~]{1,9}", 0..3)) {
            let mut checkpoint = Checkpoint::new(&origin, size, Hash::from(root)).unwrap();
            checkpoint.extension = more;
            prop_assert_eq!(Checkpoint::parse(&checkpoint.to_string()).unwrap(), checkpoint);
        }
    }
}
