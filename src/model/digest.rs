//! SHA-256 digests of canonical bytes, and the salt that keeps a digest from being guessed.

use std::fmt;
use std::str::FromStr;

use base16ct::lower;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::as_text::as_text;
use super::json;

/// SHA-256 of the canonical bytes of a whole document, proof included (SPEC S-7). Written as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);
as_text!(Digest, pattern = "^[0-9a-f]{64}$", "0f47c8597281e66554f5e5e65e8fa79204b4231873a879412de35be1c41bedc6");

impl Digest {
    /// The digest of bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Digest(Sha256::digest(bytes).into())
    }

    /// The digest of bytes that stand in parts.
    #[must_use]
    pub fn of_parts<const N: usize>(parts: [&[u8]; N]) -> Self {
        let mut hash = Sha256::new();
        parts.iter().for_each(|part| hash.update(part));
        Digest(hash.finalize().into())
    }

    /// The digest of a document: of its canonical bytes.
    #[must_use]
    pub fn of_document(document: &Value) -> Self {
        Digest::of(&json::canonical(document))
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Digest(bytes)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(lower::encode_str(&self.0, &mut [0; 64]).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not 64 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not 64 lower-case hex digits")]
pub struct HexError(String);

fn hex32(text: &str) -> Result<[u8; 32], HexError> {
    let mut bytes = [0; 32];
    let whole = lower::decode(text, &mut bytes).is_ok_and(|read| read.len() == 32);
    if whole { Ok(bytes) } else { Err(HexError(text.chars().take(80).collect())) }
}

impl FromStr for Digest {
    type Err = HexError;
    fn from_str(text: &str) -> Result<Self, HexError> {
        hex32(text).map(Digest)
    }
}

/// 32 random bytes in a document that is not public, kept, bundled and erased with it, so that nobody can guess the
/// document from its digest (SPEC S-8). Written like a digest. The empty salt of public documents is no `Salt`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; 32]);
as_text!(Salt, pattern = "^[0-9a-f]{64}$", "879645b7cf5898a5678441e01072dd14a9a85fe87b267745a6dd153a36bd6b49");

impl Salt {
    /// From 32 bytes that the caller drew at random.
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        Salt(random)
    }
}

impl From<Digest> for Salt {
    fn from(d: Digest) -> Self {
        Salt(d.0)
    }
}

impl FromStr for Salt {
    type Err = HexError;
    fn from_str(text: &str) -> Result<Self, HexError> {
        hex32(text).map(Salt)
    }
}

impl fmt::Display for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Digest(self.0).fmt(f)
    }
}

/// A salt is as secret as the document that it protects.
impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S-7: the digest is that of the canonical bytes, whatever the order of the members.
    #[test]
    fn digest_is_of_the_canonical_bytes() {
        let a: Value = serde_json::from_str(r#"{"b":1,"a":"é"}"#).unwrap();
        assert_eq!(Digest::of_document(&a), Digest::of("{\"a\":\"é\",\"b\":1}".as_bytes()));
        assert_eq!(Digest::of(b"").to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(Digest::of(b"x").to_string().parse::<Digest>().unwrap(), Digest::of(b"x"));
        assert!("E3".repeat(32).parse::<Digest>().is_err());
    }
}
