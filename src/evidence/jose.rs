//! Compact JWS (RFC 7515), read strictly: two algorithms, no extensions, and a key that never comes from the token itself.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde_json::{Map, Value};

use super::CredentialError;
use crate::model::{DidKey, IssuerKey, json};
use crate::sign;

/// The longest credential that is read, with all that hangs on it: 256 KiB (SPEC S-151).
pub(super) const MAX_COMPACT: usize = 256 << 10;

/// The closed list of algorithms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alg {
    EdDsa,
    Es256,
}

/// A token as it was signed. Who signed it is asked key by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Jws {
    alg: Alg,
    /// Header and payload as they stand, which is what the signature covers.
    message: String,
    signature: [u8; 64],
    /// The `typ` of the header.
    pub(super) typ: String,
    /// What it says.
    pub(super) payload: Map<String, Value>,
}

impl Jws {
    /// Reads `header.payload.signature`. `types` are the values of `typ` that are taken.
    pub(super) fn read(text: &str, types: &[&str]) -> Result<Self, CredentialError> {
        let form = |why: &str| CredentialError::Form { part: "token", why: why.to_owned() };
        let (message, signature) = text.rsplit_once('.').ok_or_else(|| form("is not header.payload.signature"))?;
        let (header, payload) = message.split_once('.').ok_or_else(|| form("is not header.payload.signature"))?;
        let header = object("header", header)?;
        let said = |name: &str| header.get(name).and_then(Value::as_str).unwrap_or_default();
        let alg = match said("alg") {
            "EdDSA" => Alg::EdDsa,
            "ES256" => Alg::Es256,
            other => return Err(CredentialError::Algorithm(other.chars().take(40).collect())),
        };
        // whatever must be understood is not understood here, and an unencoded payload is such a thing
        if header.contains_key("crit") || header.contains_key("b64") {
            return Err(CredentialError::Critical);
        }
        let typ = said("typ").to_owned();
        if !types.contains(&typ.as_str()) {
            let found = typ.chars().take(40).collect();
            return Err(CredentialError::Type { found, expected: types.join("` or `") });
        }
        let signature = bytes("signature", signature)?;
        let signature = signature.try_into().map_err(|_| form("has a signature that is not of 64 bytes"))?;
        let payload = object("payload", payload)?;
        Ok(Jws { alg, message: message.to_owned(), signature, typ, payload })
    }

    /// Whether this key signed it, with the algorithm of its own kind.
    pub(super) fn signed_by(&self, key: &IssuerKey) -> bool {
        match (key, self.alg) {
            (IssuerKey::Ed25519(key), Alg::EdDsa) => {
                sign::verify(key, self.message.as_bytes(), &self.signature).is_ok()
            }
            (IssuerKey::P256(point), Alg::Es256) => {
                let signature = URL_SAFE_NO_PAD.encode(self.signature);
                let key = DecodingKey::from_ec_der(point);
                crypto::verify(&signature, self.message.as_bytes(), &key, Algorithm::ES256).unwrap_or(false)
            }
            _ => false,
        }
    }
}

/// A part of a token: base64url without padding.
pub(super) fn bytes(part: &'static str, text: &str) -> Result<Vec<u8>, CredentialError> {
    let wrong = |_| CredentialError::Form { part, why: "is not base64url without padding".to_owned() };
    URL_SAFE_NO_PAD.decode(text).map_err(wrong)
}

/// A part of a token that is JSON within the record profile.
pub(super) fn value(part: &'static str, text: &str) -> Result<Value, CredentialError> {
    let bytes = bytes(part, text)?;
    json::parse(&bytes, MAX_COMPACT).map_err(|e| CredentialError::Form { part, why: e.to_string() })
}

fn object(part: &'static str, text: &str) -> Result<Map<String, Value>, CredentialError> {
    match value(part, text)? {
        Value::Object(map) => Ok(map),
        _ => Err(CredentialError::Form { part, why: "is not a JSON object".to_owned() }),
    }
}

/// A public key as JWK (RFC 7517): Ed25519 or P-256.
pub(super) fn key_of(jwk: &Value) -> Option<IssuerKey> {
    let said = |name: &str| jwk.get(name).and_then(Value::as_str);
    let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(said(name)?).ok()?.try_into().ok();
    match (said("kty")?, said("crv")?) {
        ("OKP", "Ed25519") => Some(DidKey::new(coordinate("x")?).into()),
        ("EC", "P-256") => Some(IssuerKey::p256(coordinate("x")?, coordinate("y")?)),
        _ => None,
    }
}
