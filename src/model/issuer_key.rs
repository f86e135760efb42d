//! The key of an issuer of evidence, as `did:key` text: Ed25519, or P-256 for credentials in the forms of others.

use std::fmt;
use std::str::FromStr;

use super::DidKey;
use super::as_text::as_text;

/// The multicodec prefix of a compressed P-256 public key.
const P256: [u8; 2] = [0x80, 0x24];

/// A public key as `did:key:z6Mk...` (Ed25519) or `did:key:zDn...` (P-256) (SPEC S-10, S-150). Whether its bytes are a point of the
/// curve is found out when a signature is checked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IssuerKey {
    /// Ed25519: our own evidence, and JOSE `EdDSA`.
    Ed25519(DidKey),
    /// P-256, the 33 bytes of the compressed point: JOSE `ES256`.
    P256([u8; 33]),
}
as_text!(
    IssuerKey,
    pattern = "^did:key:z(6Mk|Dn)[1-9A-HJ-NP-Za-km-z]+$",
    "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"
);

/// A text that is no key of an issuer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a key like `did:key:z6Mk...` (Ed25519) or `did:key:zDn...` (P-256)")]
pub struct IssuerKeyError(String);

impl IssuerKey {
    /// From the coordinates of a point of P-256; how they fit together is found out when a signature is checked.
    #[must_use]
    pub fn p256(x: [u8; 32], y: [u8; 32]) -> Self {
        let [.., last] = y;
        let mut point = [2 + (last & 1); 33];
        point.iter_mut().skip(1).zip(x).for_each(|(to, from)| *to = from);
        IssuerKey::P256(point)
    }
}

impl From<DidKey> for IssuerKey {
    fn from(key: DidKey) -> Self {
        IssuerKey::Ed25519(key)
    }
}

impl fmt::Display for IssuerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IssuerKey::Ed25519(key) => key.fmt(f),
            IssuerKey::P256(point) => {
                let bytes = [&P256[..], point].concat();
                write!(f, "did:key:z{}", bs58::encode(bytes).into_string())
            }
        }
    }
}

impl fmt::Debug for IssuerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for IssuerKey {
    type Err = IssuerKeyError;
    fn from_str(text: &str) -> Result<Self, IssuerKeyError> {
        if let Ok(key) = text.parse() {
            return Ok(IssuerKey::Ed25519(key));
        }
        let read = || {
            let base58 = text.strip_prefix("did:key:z").filter(|t| t.len() <= 64)?;
            let bytes = bs58::decode(base58).into_vec().ok()?;
            let point: [u8; 33] = bytes.strip_prefix(&P256)?.try_into().ok()?;
            matches!(point, [2 | 3, ..]).then_some(IssuerKey::P256(point))
        };
        read().ok_or_else(|| IssuerKeyError(text.chars().take(80).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S-150: the P-256 keys of the did:key specification, there and back; other curves and other spellings are no keys.
    #[test]
    fn reads_and_writes_keys() {
        for text in [
            "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
            "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv",
            "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
        ] {
            assert_eq!(text.parse::<IssuerKey>().unwrap().to_string(), text);
        }
        for bad in [
            "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", // secp256k1
            "did:key:z82Lm1MpAkeJcix9K8TMiLd5NMAhnwkjjCBeWHXyu3U4oT2MVJJKXkcVBgjGhnLBn2Kaau9", // P-384
            "did:key:zDn",
            "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
        ] {
            assert!(bad.parse::<IssuerKey>().is_err(), "{bad}");
        }
    }
}
