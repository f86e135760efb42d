//! Signed notes: a text and the keys that signed it, in a form that people can read (C2SP signed-note; SPEC section 4).

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::vkey::{KeyKind, NoteKey, VerifierKey, checked_name};
use crate::merkle::VerifyError;
use crate::model::Time;

/// The largest note that is read: 1 MiB (SPEC S-41).
pub const MAX_BYTES: usize = 1 << 20;
/// The most signatures that a note may carry (SPEC S-41; C2SP asks for 16 at least).
pub const MAX_SIGNATURES: usize = 100;

/// Why a note, a checkpoint or a proof file is refused. Closed: each variant names the MUST that is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum NoteError {
    /// A checkpoint whose text is not origin, size, root.
    #[error("not a checkpoint: {0}")]
    #[diagnostic(code(note::checkpoint))]
    Checkpoint(&'static str),
    /// A cosignature without a time, or with one after the year 9999.
    #[error("the cosignature of `{0}` has no time that can be read")]
    #[diagnostic(code(note::cosignature))]
    Cosignature(String),
    /// Not the form of a note.
    #[error("not a signed note: {0}")]
    #[diagnostic(code(note::form), help("a note is text, an empty line, and lines `— name base64`"))]
    Form(&'static str),
    /// The entry is not in the tree of the checkpoint.
    #[error("the entry is not proven to be in the log: {0}")]
    #[diagnostic(code(note::inclusion), help("the entry or the proof was altered, or they do not belong together"))]
    Inclusion(VerifyError),
    /// A key of the wrong type for its use.
    #[error("the key `{name}` is not {wanted}")]
    #[diagnostic(code(note::kind), help("a log's vkey has type 0x01, a witness's 0x04"))]
    Kind {
        /// The key's name.
        name: String,
        /// What was wanted.
        wanted: &'static str,
    },
    /// A name that no key can have.
    #[error("`{0}` cannot be the name of a key")]
    #[diagnostic(code(note::name), help("a name like `example.org/log`, without spaces and `+`"))]
    Name(String),
    /// The checkpoint of another log.
    #[error("the checkpoint is of `{found}`, not of `{wanted}`")]
    #[diagnostic(code(note::origin), help("give the key of the log that issued it"))]
    Origin {
        /// The origin line.
        found: String,
        /// The name of the log's key.
        wanted: String,
    },
    /// A proof file that is not in its form.
    #[error("not a proof file: {0}")]
    #[diagnostic(code(note::proof_file))]
    ProofFile(&'static str),
    /// Too few witnesses.
    #[error("{found} known witnesses cosigned, {wanted} are needed")]
    #[diagnostic(code(note::quorum), help("wait for more cosignatures, or give the keys of more witnesses"))]
    Quorum {
        /// Witnesses that were asked for.
        wanted: usize,
        /// Different known keys that cosigned.
        found: usize,
    },
    /// A known key with a signature that does not match.
    #[error("the signature of `{0}` does not match")]
    #[diagnostic(code(note::signature), help("the text was altered after signing: do not use any of it"))]
    Signature(String),
    /// Above a limit.
    #[error("too large: {0}")]
    #[diagnostic(code(note::too_large))]
    TooLarge(&'static str),
    /// No signature by the key that counts.
    #[error("there is no signature by {0}")]
    #[diagnostic(code(note::unsigned), help("give the right key: name and id must match a signature line"))]
    Unsigned(String),
    /// Not a vkey.
    #[error("`{text}` is not a verifier key: {why}")]
    #[diagnostic(code(note::vkey), help("it looks like `example.org/log+0123abcd+AbCd...`"))]
    VerifierKey {
        /// The text.
        text: String,
        /// The rule that it breaks.
        why: &'static str,
    },
}

impl NoteError {
    /// The MUST of SPEC.md section 4 that is broken.
    #[must_use]
    pub fn must(&self) -> &'static str {
        match self {
            NoteError::Form(_) => "S-40",
            NoteError::TooLarge(_) => "S-41",
            NoteError::Name(_) => "S-42",
            NoteError::VerifierKey { .. } | NoteError::Kind { .. } => "S-43",
            NoteError::Unsigned(_) => "S-44",
            NoteError::Signature(_) => "S-45",
            NoteError::Checkpoint(_) => "S-46",
            NoteError::Origin { .. } => "S-47",
            NoteError::Cosignature(_) => "S-48",
            NoteError::Quorum { .. } => "S-49",
            NoteError::Inclusion(_) => "S-50",
            NoteError::ProofFile(_) => "S-55",
        }
    }
}

/// A note: text and at least one signature. Its fields have the form of a note; whether a signature matches is known only
/// after [`Note::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// INVARIANT: ends in a newline; no other control character.
    text: String,
    /// INVARIANT: 1 to [`MAX_SIGNATURES`].
    signatures: Vec<NoteSignature>,
}

/// One signature line, `— name base64(id || signature)`, not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    name: String,
    id: [u8; 4],
    bytes: Vec<u8>,
}

/// A known key that signed a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer<'k> {
    /// The key.
    pub key: &'k VerifierKey,
    /// The time in a cosignature.
    pub time: Option<Time>,
}

impl Note {
    /// Signs a text with a key of type 0x01.
    ///
    /// # Errors
    /// [`NoteError::Form`] for a text that no note can hold, [`NoteError::Kind`] for the key of a witness.
    pub fn sign(text: &str, key: &NoteKey) -> Result<Self, NoteError> {
        if key.public().kind() != KeyKind::Note {
            return Err(NoteError::Kind { name: key.public().name().to_owned(), wanted: "the key of a log" });
        }
        let signature = NoteSignature::by(key, key.secret.sign(text.as_bytes()).to_vec());
        Ok(Note { text: checked_text(text)?.to_owned(), signatures: vec![signature] })
    }

    /// Reads a note; no signature is checked.
    ///
    /// # Errors
    /// [`NoteError::Form`], [`NoteError::Name`] or [`NoteError::TooLarge`].
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > MAX_BYTES {
            return Err(NoteError::TooLarge("a note has at most 1048576 bytes"));
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| NoteError::Form("it is not UTF-8"))?;
        checked_text(whole)?;
        // the last empty line parts text from signatures: the text may have empty lines of its own
        let (text, lines) = whole.rsplit_once("\n\n").ok_or(NoteError::Form("no empty line before the signatures"))?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Form("there is no signature"))?;
        let signatures = lines.split('\n').take(MAX_SIGNATURES + 1).map(str::parse).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::TooLarge("a note has at most 100 signatures"));
        }
        Ok(Note { text: format!("{text}\n"), signatures })
    }

    /// The text that is signed, with its last newline. Not to be used before [`Note::verify`].
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// The same note with one more signature.
    ///
    /// # Errors
    /// [`NoteError::TooLarge`] if it has as many as it may have.
    pub fn with(mut self, signature: NoteSignature) -> Result<Self, NoteError> {
        self.signatures.push(signature);
        let size = self.to_string().len();
        if self.signatures.len() > MAX_SIGNATURES || size > MAX_BYTES {
            return Err(NoteError::TooLarge("a note has at most 100 signatures and 1048576 bytes"));
        }
        Ok(self)
    }

    /// The known keys that signed, each once. Signatures by other keys, also under a known name or a known id, are
    /// ignored (SPEC S-44); one bad signature by a known key refuses the whole note (SPEC S-45).
    ///
    /// # Errors
    /// [`NoteError::Signature`], [`NoteError::Cosignature`], or [`NoteError::Unsigned`] if no known key signed.
    pub fn verify<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<Signer<'k>>, NoteError> {
        let mut signers: Vec<Signer<'k>> = Vec::new();
        for signature in &self.signatures {
            // two keys can share a name and a 32-bit id; then one of them has to match
            let mut refusal = None;
            let mut matched = None;
            for key in keys.iter().filter(|key| key.id() == signature.id && key.name() == signature.name) {
                match signature.check(key, &self.text) {
                    Ok(time) => matched = Some(Signer { key, time }),
                    Err(error) => refusal = Some(error),
                }
            }
            match (matched, refusal) {
                (Some(signer), _) if signers.iter().all(|known| known.key != signer.key) => signers.push(signer),
                (Some(_), _) | (None, None) => (),
                (None, Some(error)) => return Err(error),
            }
        }
        if signers.is_empty() { Err(NoteError::Unsigned("any of the known keys".to_owned())) } else { Ok(signers) }
    }
}

/// The bytes of the note: what [`Note::parse`] reads.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl NoteSignature {
    pub(super) fn by(key: &NoteKey, bytes: Vec<u8>) -> Self {
        NoteSignature { name: key.public().name().to_owned(), id: key.public().id(), bytes }
    }

    /// The name of the key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of the key.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// Checks the signature by a key of this name and id.
    fn check(&self, key: &VerifierKey, text: &str) -> Result<Option<Time>, NoteError> {
        let err = || NoteError::Signature(self.name.clone());
        match key.kind() {
            KeyKind::Note => {
                let signature = self.bytes.as_slice().try_into().map_err(|_| err())?;
                super::verify(&key.key(), text.as_bytes(), signature).map_err(|_| err())?;
                Ok(None)
            }
            KeyKind::Cosignature => {
                let (seconds, signature) = self.bytes.split_first_chunk::<8>().ok_or_else(err)?;
                let signature = signature.try_into().map_err(|_| err())?;
                let time = i64::try_from(u64::from_be_bytes(*seconds)).ok().and_then(Time::from_unix);
                let time = time.ok_or_else(|| NoteError::Cosignature(self.name.clone()))?;
                super::verify(&key.key(), cosigned_message(time, text).as_bytes(), signature).map_err(|_| err())?;
                Ok(Some(time))
            }
        }
    }
}

/// What a witness signs (C2SP tlog-cosignature, "Ed25519 signed message").
pub(super) fn cosigned_message(time: Time, text: &str) -> String {
    format!("cosignature/v1\ntime {}\n{text}", time.unix())
}

/// A signature line without its newline.
impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.id.as_slice(), &self.bytes].concat();
        write!(f, "\u{2014} {} {}", self.name, STANDARD.encode(bytes))
    }
}

impl FromStr for NoteSignature {
    type Err = NoteError;
    fn from_str(line: &str) -> Result<Self, NoteError> {
        let parts = line.strip_prefix("\u{2014} ").and_then(|rest| rest.split_once(' '));
        let (name, base64) = parts.ok_or(NoteError::Form("a signature line is `— name base64`"))?;
        let bytes = STANDARD.decode(base64).map_err(|_| NoteError::Form("a signature is not base64"))?;
        match bytes.split_first_chunk::<4>() {
            Some((id, rest)) if !rest.is_empty() => {
                Ok(NoteSignature { name: checked_name(name)?.to_owned(), id: *id, bytes: rest.to_vec() })
            }
            _ => Err(NoteError::Form("a signature has a key id and more")),
        }
    }
}

fn checked_text(text: &str) -> Result<&str, NoteError> {
    if !text.ends_with('\n') {
        Err(NoteError::Form("it does not end in a newline"))
    } else if text.bytes().any(|b| b < b' ' && b != b'\n') {
        Err(NoteError::Form("it has a control character"))
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::SigningKey;
    use super::*;
    use proptest::prelude::*;

    fn key(seed: u8) -> NoteKey {
        NoteKey::log(&format!("example.org/{seed}"), SigningKey::from_seed([seed; 32])).unwrap()
    }

    /// S-40 S-45: the example of the C2SP text verifies, and not with another text.
    #[test]
    fn the_published_note_verifies() {
        let vkey = ["example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k".parse().unwrap()];
        let text = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
        let note = Note::parse(text.as_bytes()).unwrap();
        assert_eq!((note.text(), note.to_string().as_str()), ("This is an example message.\n", text));
        assert_eq!(note.verify(&vkey).unwrap(), [Signer { key: &vkey[0], time: None }]);
        let altered = Note::parse(text.replace("example m", "EXAMPLE m").as_bytes()).unwrap();
        assert_eq!(altered.verify(&vkey), Err(NoteError::Signature("example.com/foo".into())));
    }

    /// S-44 S-45: unknown keys are ignored, also under a known name or id; one bad signature by a known key refuses all.
    #[test]
    fn known_keys_must_match_and_others_are_ignored() {
        let (a, b) = (key(1), key(2));
        let note = Note::sign("t\n", &a).unwrap().with(NoteSignature::by(&b, vec![0; 64])).unwrap();
        let (va, vb) = (a.public().clone(), b.public().clone());
        assert_eq!(note.verify(std::slice::from_ref(&va)).unwrap().len(), 1);
        assert_eq!(note.verify(&[va.clone(), vb.clone()]).unwrap_err().must(), "S-45");
        assert_eq!(note.verify(&[]).unwrap_err().must(), "S-44");
        // the name of `a`, the id of `b`
        let other = NoteSignature { name: va.name().into(), id: vb.id(), bytes: vec![0; 64] };
        let note = Note::sign("t\n", &a).unwrap().with(other).unwrap();
        assert_eq!(note.verify(&[va.clone(), vb]).unwrap().len(), 1);
        // a second line by the same key counts once, and has to match too
        let twice = note.clone().with(note.signatures()[0].clone()).unwrap();
        assert_eq!(twice.verify(std::slice::from_ref(&va)).unwrap().len(), 1);
        let bad = note.with(NoteSignature::by(&a, vec![0; 63])).unwrap();
        assert_eq!(bad.verify(&[va]).unwrap_err().must(), "S-45");
    }

    /// S-40 S-41 S-42: the form of a note.
    #[test]
    fn other_forms_are_refused() {
        let line = Note::sign("t\n", &key(1)).unwrap().signatures()[0].to_string();
        let must = |text: &str| Note::parse(text.as_bytes()).map(|_| "").unwrap_or_else(|e| e.must());
        assert_eq!(must(&format!("t\n\n{line}\n")), "");
        assert_eq!(must(&format!("\n\n\n{line}\n")), "");
        for bad in [
            String::new(),
            "t\n".into(),
            "t\n\n".into(),
            format!("t\n\n{line}"),
            format!("t\n{line}\n"),
            format!("t\n\n\n{line}\n\n"),
            format!("t\r\n\n{line}\n"),
            format!("t\n\n{line}\nx\n"),
            format!("t\n\n{} \n", line.trim_end_matches('=')),
            "t\n\n— example.org/1 AAAAAA==\n".into(),
            "t\n\n- example.org/1 AAAAAAAA\n".into(),
            "t\n\n— example.org/1  AAAAAAAA\n".into(),
        ] {
            assert_eq!(must(&bad), "S-40", "{bad:?}");
        }
        assert_eq!(must("t\n\n— a+b AAAAAAAA\n"), "S-42");
        assert_eq!(Note::parse(b"\xff\n\n").unwrap_err().must(), "S-40");
        assert_eq!(must(&format!("t\n\n{}", format!("{line}\n").repeat(100))), "");
        assert_eq!(must(&format!("t\n\n{}", format!("{line}\n").repeat(101))), "S-41");
        assert_eq!(must(&format!("{}\n\n{line}\n", "x".repeat(MAX_BYTES))), "S-41");
        assert_eq!(Note::sign("t", &key(1)).unwrap_err().must(), "S-40");
    }

    proptest! {
        /// S-40: what was signed is read back, and printed the same.
        #[test]
        fn notes_round_trip(text in "[ -~é\n—]{0,40}", seed: u8) {
            let note = Note::sign(&format!("{text}\n"), &key(seed)).unwrap();
            let back = Note::parse(note.to_string().as_bytes()).unwrap();
            prop_assert_eq!(&back, &note);
            prop_assert_eq!(back.verify(&[key(seed).public().clone()]).unwrap().len(), 1);
        }
    }
}
