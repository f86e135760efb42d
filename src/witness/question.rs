//! What a witness is asked: a checkpoint with the proof that it continues an earlier one (C2SP tlog-witness,
//! `add-checkpoint`).

use std::fmt;

use super::{MAX_PROOF, Refused};
use crate::merkle::Hash;
use crate::sign::{Note, note};

/// The largest question that is read: a note, and as much again for the proof.
pub const MAX_QUESTION: usize = 2 * note::MAX_BYTES;

/// A question to a witness. As text it is the body of `add-checkpoint`: `old N`, the proof in base64 line by line, an
/// empty line, the checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The size that the proof starts from: that of the last checkpoint that the witness saw, 0 for none.
    pub old: u64,
    /// The proof that the tree of `old` entries is the beginning of the checkpoint's.
    pub proof: Vec<Hash>,
    /// The checkpoint as the log signed it.
    pub checkpoint: Note,
}

impl Question {
    /// Reads a question; nothing is verified.
    ///
    /// # Errors
    /// [`Refused::Malformed`] with the line that is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refused> {
        let err = |why: &dyn ToString| Refused::Malformed(why.to_string());
        if bytes.len() > MAX_QUESTION {
            return Err(err(&format!("more than {MAX_QUESTION} bytes")));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| err(&"it is not UTF-8"))?;
        let parts = text.split_once("\n\n");
        let (head, checkpoint) = parts.ok_or_else(|| err(&"there is no empty line before the checkpoint"))?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(decimal);
        let old = old.ok_or_else(|| err(&"the first line is `old` and a size without leading zeros"))?;
        let proof = lines.take(MAX_PROOF + 1).map(|line| line.parse().map_err(|e| err(&e)));
        let proof = proof.collect::<Result<Vec<Hash>, _>>()?;
        if proof.len() > MAX_PROOF {
            return Err(err(&"a proof has at most 63 hashes"));
        }
        Ok(Question { old, proof, checkpoint: Note::parse(checkpoint.as_bytes()).map_err(|e| err(&e))? })
    }
}

/// The bytes that [`Question::parse`] reads.
impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

/// A decimal number in its one spelling.
fn decimal(text: &str) -> Option<u64> {
    text.parse().ok().filter(|n: &u64| n.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::empty_root;
    use crate::sign::{Checkpoint, NoteKey, SigningKey};

    #[test]
    fn a_question_is_read_back_and_others_are_refused() {
        let key = NoteKey::log("deals.example/log", SigningKey::from_seed([1; 32])).unwrap();
        let checkpoint = Checkpoint::new("deals.example/log", 7, empty_root()).unwrap().sign(&key).unwrap();
        for proof in [vec![], vec![empty_root()], vec![empty_root(); 63]] {
            let question = Question { old: 4, proof, checkpoint: checkpoint.clone() };
            assert_eq!(Question::parse(question.to_string().as_bytes()).unwrap(), question);
        }
        let good = Question { old: 4, proof: vec![empty_root()], checkpoint }.to_string();
        let hash = empty_root().to_string();
        for (from, to) in [
            ("old 4", "old 04"),
            ("old 4", "new 4"),
            ("old 4\n", ""),
            (hash.as_str(), "AAAA"),
            ("\n\n", "\n"),
            ("deals.example/log\n", "deals.example/log\u{7}\n"),
            (hash.as_str(), &[hash.as_str(); 64].join("\n")),
        ] {
            let bad = good.replacen(from, to, if from == "\n\n" { 2 } else { 1 });
            assert!(matches!(Question::parse(bad.as_bytes()), Err(Refused::Malformed(_))), "{from:?} {to:?}");
        }
        assert!(Question::parse(&[b'a'; MAX_QUESTION + 1]).is_err());
        assert!(Question::parse(&[0xff]).is_err());
    }
}
