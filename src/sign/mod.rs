//! Keys, record proofs, signed notes: everything that signs or checks a signature, and the only room that says
//! `ed25519_dalek`.
//!
//! | file | what it is |
//! |---|---|
//! | [`proof`] | `eddsa-jcs-2022` proofs on records (SPEC section 3) |
//! | [`vkey`], [`note`] | C2SP keys and signed notes (SPEC section 4) |
//! | [`checkpoint`] | checkpoints of the log and cosignatures of witnesses |
//! | [`tlog_proof`] | the file that proves offline that an entry is in a log |
//! | [`possession`] | proof that who states a key has it (SPEC section 5) |
//! | [`keyfile`] | private keys as files |
//! | [`token`] | access tokens as compact JWS, and their key set |
//!
//! Deliberately absent: randomness (a seed is an argument), the clock (a time is an argument), and trust: which key may
//! speak for whom is not decided here.

pub mod checkpoint;
pub mod keyfile;
pub mod note;
pub mod possession;
pub mod proof;
pub mod tlog_proof;
pub mod token;
pub mod vkey;

use std::collections::HashMap;
use std::fmt;
use std::sync::{LazyLock, PoisonError, RwLock};

use ed25519_dalek::Signer as _;
use zeroize::Zeroize as _;

use crate::model::DidKey;

pub use checkpoint::{Checkpoint, Opened};
pub use note::{Note, NoteError, NoteSignature};
pub use proof::{ProofError, Verified};
pub use tlog_proof::TlogProof;
pub use vkey::{KeyKind, NoteKey, VerifierKey};

/// A private Ed25519 key (RFC 8032). The memory is overwritten when it is dropped; `Debug` prints the public key only.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// From 32 secret bytes that the caller drew at random.
    #[must_use]
    pub fn from_seed(mut seed: [u8; 32]) -> Self {
        let key = SigningKey(ed25519_dalek::SigningKey::from_bytes(&seed));
        seed.zeroize();
        key
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> DidKey {
        DidKey::new(self.0.verifying_key().to_bytes())
    }

    /// Signs a message (RFC 8032 section 5.1.6): the same message gives the same signature.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public())
    }
}

/// Why a signature does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum SignatureError {
    /// The public key is no point of the curve, has small order, or is not in its one spelling.
    #[error("the public key is not a sound Ed25519 key")]
    #[diagnostic(code(sign::key), help("ask the signer for the right key; this one could sign for anything"))]
    Key,
    /// The signature is not by this key over these bytes.
    #[error("the signature is not by this key over these bytes")]
    #[diagnostic(code(sign::signature), help("the document was altered, or another key signed it"))]
    Signature,
}

/// Checks a signature strictly (SPEC S-28, S-29): RFC 8032 section 5.1.7 without the cofactor, and keys and signatures that have
/// a second spelling or a small order are refused, so that no two verifiers disagree.
///
/// # Errors
/// [`SignatureError::Key`] for an unsound key, [`SignatureError::Signature`] if the signature does not match.
pub fn verify(key: &DidKey, message: &[u8], signature: &[u8; 64]) -> Result<(), SignatureError> {
    let point = point_of(key)?;
    let signature = ed25519_dalek::Signature::from_bytes(signature);
    point.verify_strict(message, &signature).map_err(|_| SignatureError::Signature)
}

/// The point of a sound key. The same few keys sign most records, so the points found last are kept.
fn point_of(key: &DidKey) -> Result<ed25519_dalek::VerifyingKey, SignatureError> {
    const MAX_POINTS: usize = 1024;
    static POINTS: LazyLock<RwLock<HashMap<DidKey, ed25519_dalek::VerifyingKey>>> = LazyLock::new(RwLock::default);
    if let Some(point) = POINTS.read().unwrap_or_else(PoisonError::into_inner).get(key) {
        return Ok(*point);
    }
    let point = ed25519_dalek::VerifyingKey::from_bytes(key.as_bytes()).map_err(|_| SignatureError::Key)?;
    if point.is_weak() || !is_reduced(key.as_bytes()) {
        return Err(SignatureError::Key);
    }
    let mut points = POINTS.write().unwrap_or_else(PoisonError::into_inner);
    if points.len() >= MAX_POINTS {
        points.clear();
    }
    points.insert(*key, point);
    Ok(point)
}

/// RFC 8032 section 5.1.3: the y coordinate, little-endian without the sign bit, is below p = 2^255 - 19. The library
/// also takes y + p.
fn is_reduced(key: &[u8; 32]) -> bool {
    let [lowest, middle @ .., highest] = key;
    *lowest < 0xed || middle.iter().any(|byte| *byte != 0xff) || highest & 0x7f != 0x7f
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex<const N: usize>(text: &str) -> [u8; N] {
        let pairs = text.as_bytes().chunks(2).map(|p| u8::from_str_radix(std::str::from_utf8(p).unwrap(), 16).unwrap());
        pairs.collect::<Vec<_>>().try_into().unwrap()
    }

    /// RFC 8032 section 7.1, test 2.
    #[test]
    fn signs_like_rfc_8032() {
        let key = SigningKey::from_seed(hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
        let public: [u8; 32] = hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        assert_eq!(key.public(), DidKey::new(public));
        let signature: [u8; 64] = hex(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        );
        assert_eq!(key.sign(&[0x72]), signature);
        assert_eq!(verify(&key.public(), &[0x72], &signature), Ok(()));
        assert_eq!(verify(&key.public(), &[0x73], &signature), Err(SignatureError::Signature));
    }

    /// S-29: keys of small order, keys with a second spelling, points off the curve and signatures with a second
    /// spelling are refused.
    #[test]
    fn unsound_keys_and_signatures_are_refused() {
        let mut small_order = [0; 32];
        small_order[0] = 1;
        // y = 0 + p and y = 1 + p: other spellings of points that the library reads
        let second = hex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
        let spelling = hex("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
        let off_the_curve = hex("0200000000000000000000000000000000000000000000000000000000000000");
        for key in [small_order, [0; 32], second, spelling, off_the_curve] {
            // with A of small order, R = A and S = 0 "sign" many messages for a lax verifier
            let mut signature = [0; 64];
            signature[..32].copy_from_slice(&small_order);
            assert_eq!(verify(&DidKey::new(key), b"any", &signature), Err(SignatureError::Key));
        }
        let key = SigningKey::from_seed([7; 32]);
        let good = key.sign(b"m");
        // S + L is the same scalar (L = 2^252 + ...)
        let order: [u8; 32] = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        let mut bad = good;
        let mut carry = 0;
        for (byte, add) in bad[32..].iter_mut().zip(order) {
            let sum = u16::from(*byte) + u16::from(add) + carry;
            *byte = (sum & 0xff) as u8;
            carry = sum >> 8;
        }
        assert_eq!(verify(&key.public(), b"m", &good), Ok(()));
        assert_eq!(verify(&key.public(), b"m", &bad), Err(SignatureError::Signature));
    }

    /// A private key shows its public half and nothing else.
    #[test]
    fn debug_shows_the_public_key_only() {
        let key = SigningKey::from_seed([7; 32]);
        assert_eq!(format!("{key:?}"), format!("SigningKey({})", key.public()));
    }
}
