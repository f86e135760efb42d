//! `did:key` as text: an Ed25519 public key that names itself, so no network is needed to find it.

use std::fmt;
use std::str::FromStr;

use super::as_text::as_text;

/// The multicodec prefix of an Ed25519 public key.
const ED25519: [u8; 2] = [0xed, 0x01];

/// An Ed25519 public key as `did:key:z6Mk...` (SPEC S-10). Holds the 32 bytes as given: whether they are a point of the
/// curve is found out when a signature is checked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DidKey([u8; 32]);
as_text!(
    DidKey,
    pattern = "^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]+$",
    "did:key:z6MkvDqGT54cXesYGvABpF1UapVNwjCqRcafi4Px6Thv5T3Z"
);

/// A text that is no Ed25519 `did:key`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an Ed25519 key like `did:key:z6Mk...`")]
pub struct DidError(String);

impl DidKey {
    /// From the 32 bytes of the public key.
    #[must_use]
    pub fn new(public_key: [u8; 32]) -> Self {
        DidKey(public_key)
    }

    /// The 32 bytes of the public key.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The Multikey text `z6Mk...`.
    #[must_use]
    pub fn multibase(&self) -> String {
        let mut bytes = ED25519.to_vec();
        bytes.extend_from_slice(&self.0);
        format!("z{}", bs58::encode(bytes).into_string())
    }

    /// The key of a verification method: it names itself twice.
    #[must_use]
    pub fn of_method(method: &str) -> Option<Self> {
        let (did, name) = method.split_once('#')?;
        did.strip_prefix("did:key:").filter(|m| *m == name)?;
        did.parse().ok()
    }

    /// The verification method of proofs by this key: `did:key:M#M`.
    #[must_use]
    pub fn verification_method(&self) -> String {
        let m = self.multibase();
        format!("did:key:{m}#{m}")
    }
}

impl fmt::Display for DidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "did:key:{}", self.multibase())
    }
}

impl fmt::Debug for DidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for DidKey {
    type Err = DidError;
    fn from_str(text: &str) -> Result<Self, DidError> {
        let err = || DidError(text.chars().take(80).collect());
        let base58 = text.strip_prefix("did:key:z").filter(|t| t.len() <= 64).ok_or_else(err)?;
        let bytes = bs58::decode(base58).into_vec().map_err(|_| err())?;
        let key = bytes.strip_prefix(&ED25519).and_then(|k| k.try_into().ok()).map(DidKey).ok_or_else(err)?;
        // base58 has one spelling for bytes of one length: a text that decodes is the one that would be written
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S-10: the key of the official eddsa-jcs-2022 vector, there and back.
    #[test]
    fn reads_and_writes_a_key() {
        let text = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
        assert_eq!(text.parse::<DidKey>().unwrap().to_string(), text);
        assert!(
            text.parse::<DidKey>()
                .unwrap()
                .verification_method()
                .ends_with("#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
        );
        for bad in
            ["did:key:z6Mk", "did:web:example.com", "did:key:6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", ""]
        {
            assert!(bad.parse::<DidKey>().is_err(), "{bad}");
        }
    }
}
