//! The keys of signed notes: a name with a key and a use, and their text (C2SP signed-note "Verifier keys").

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{NoteError, SigningKey};
use crate::model::as_text::as_text;
use crate::model::{DidKey, Digest};

/// What a key of a note signs; the number is the C2SP signature type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// 0x01: the text of the note. The key of a log.
    Note,
    /// 0x04: the text with the time of seeing it, `cosignature/v1`. The key of a witness.
    Cosignature,
}

impl KeyKind {
    fn number(self) -> u8 {
        match self {
            KeyKind::Note => 1,
            KeyKind::Cosignature => 4,
        }
    }
}

/// A public key of notes (SPEC S-43). As text it is a C2SP vkey: `name+id in hex+base64(type || key)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VerifierKey {
    name: String,
    kind: KeyKind,
    key: DidKey,
    /// INVARIANT: computed from the other three.
    id: [u8; 4],
}

impl VerifierKey {
    /// A key under a name.
    ///
    /// # Errors
    /// [`NoteError::Name`] for an empty name, or one with a space, a plus or a control character (SPEC S-42).
    pub fn new(name: &str, kind: KeyKind, key: DidKey) -> Result<Self, NoteError> {
        let name = checked_name(name)?;
        let hashed = [name.as_bytes(), &[b'\n', kind.number()], key.as_bytes()].concat();
        let [a, b, c, d, ..] = *Digest::of(&hashed).as_bytes();
        Ok(VerifierKey { name: name.to_owned(), kind, key, id: [a, b, c, d] })
    }

    /// The name in signature lines; for a log its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The public key.
    #[must_use]
    pub fn key(&self) -> DidKey {
        self.key
    }

    /// The first four bytes of SHA-256(name || 0x0A || type || key).
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        self.id
    }
}

as_text!(VerifierKey);

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let material = [&[self.kind.number()], self.key.as_bytes().as_slice()].concat();
        write!(f, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id), STANDARD.encode(material))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;
    fn from_str(text: &str) -> Result<Self, NoteError> {
        let err = |why| NoteError::VerifierKey { text: text.chars().take(120).collect(), why };
        let (name, rest) = text.split_once('+').ok_or_else(|| err("three parts with `+` between them"))?;
        let (_, material) = rest.split_once('+').ok_or_else(|| err("three parts with `+` between them"))?;
        let material = STANDARD.decode(material).map_err(|_| err("the third part is base64"))?;
        let (kind, key) = match material.split_first() {
            Some((1, key)) => (KeyKind::Note, key),
            Some((4, key)) => (KeyKind::Cosignature, key),
            _ => return Err(err("the type is 0x01 (log) or 0x04 (witness), with an Ed25519 key")),
        };
        let key = key.try_into().map_err(|_| err("an Ed25519 key has 32 bytes"))?;
        let vkey = VerifierKey::new(name, kind, DidKey::new(key))?;
        if vkey.to_string() == text { Ok(vkey) } else { Err(err("the id does not belong to the name and the key")) }
    }
}

/// A private key of notes: what a log or a witness signs with. `Debug` prints the public part only.
#[derive(Debug)]
pub struct NoteKey {
    pub(super) secret: SigningKey,
    public: VerifierKey,
}

impl NoteKey {
    /// The key of a log, named by the log's origin.
    ///
    /// # Errors
    /// As [`VerifierKey::new`].
    pub fn log(origin: &str, secret: SigningKey) -> Result<Self, NoteError> {
        let public = VerifierKey::new(origin, KeyKind::Note, secret.public())?;
        Ok(NoteKey { secret, public })
    }

    /// The key of a witness. Never the key of a log too: C2SP asks for a key of its own for each cosigner.
    ///
    /// # Errors
    /// As [`VerifierKey::new`].
    pub fn witness(name: &str, secret: SigningKey) -> Result<Self, NoteError> {
        let public = VerifierKey::new(name, KeyKind::Cosignature, secret.public())?;
        Ok(NoteKey { secret, public })
    }

    /// The public part, to be given to verifiers.
    #[must_use]
    pub fn public(&self) -> &VerifierKey {
        &self.public
    }
}

/// C2SP signed-note: key names are not empty and hold no Unicode space and no plus; notes hold no control characters.
pub(super) fn checked_name(name: &str) -> Result<&str, NoteError> {
    let bad = |c: char| c.is_whitespace() || c == '+' || c < ' ';
    if name.is_empty() || name.len() > 255 || name.contains(bad) {
        Err(NoteError::Name(name.chars().take(80).collect()))
    } else {
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S-43: the example of the C2SP text, and ids that follow from name, type and key.
    #[test]
    fn reads_and_writes_vkeys() {
        let text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        let vkey: VerifierKey = text.parse().unwrap();
        assert_eq!((vkey.name(), vkey.kind(), vkey.id()), ("example.com/foo", KeyKind::Note, [0x53, 0x0d, 0x90, 0x3a]));
        assert_eq!(vkey.to_string(), text);
        assert_eq!(serde_json::from_str::<VerifierKey>(&serde_json::to_string(&vkey).unwrap()).unwrap(), vkey);
        let log = NoteKey::log("deals.example/log", SigningKey::from_seed([1; 32])).unwrap();
        assert_eq!(log.public().to_string(), "deals.example/log+e6c417e1+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c");
        let witness = NoteKey::witness("witness.example/w1", SigningKey::from_seed([2; 32])).unwrap();
        assert_eq!(
            witness.public().to_string(),
            "witness.example/w1+df1c0a35+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU"
        );
        assert!(!format!("{log:?}").contains(&format!("{:?}", [1u8; 32])));
    }

    /// S-42 S-43: a vkey with another id, another spelling or another type is refused.
    #[test]
    fn refuses_other_vkeys() {
        for bad in [
            "",
            "example.com/foo",
            "example.com/foo+530d903a",
            "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530d903a+BukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530d903a+Aekye",
            "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
        ] {
            assert_eq!(bad.parse::<VerifierKey>().unwrap_err().must(), "S-43", "{bad}");
        }
        for name in ["", "a b", "a+b", "a\u{2003}b", "a\tb", &"x".repeat(256)] {
            let refused = VerifierKey::new(name, KeyKind::Note, DidKey::new([0; 32])).unwrap_err();
            assert_eq!(refused.must(), "S-42", "{name}");
        }
    }
}
