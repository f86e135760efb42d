//! An issuer of credentials in the forms of others, made from the specifications and not from the program: it can make what is right and
//! what is wrong.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use datadeal::model::{Digest, IssuerKey};
use datadeal::sign::SigningKey;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};

/// A P-256 key made with `openssl ecparam`, as PKCS #8, and its point.
const P256: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgj685biGchEila++bft4hy80og4qOBBibDJ7PdzVn5qmhRANCAASZgGaIYdGN7rR7zZrZ5ZnZODBLujSLcBCKu/1sbHaoOMSfT0rrUmfY8asoecfkFHT8ysiDXcOR6ZqAZ476e5Zr";
const POINT: &str = "BJmAZohh0Y3utHvNmtnlmdk4MEu6NItwEIq7/Wxsdqg4xJ9PSutSZ9jxqyh5x+QUdPzKyINdw5HpmoBnjvp7lms=";

pub(crate) fn base64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Something that signs tokens.
pub(crate) enum Issuer {
    Ed25519(Box<SigningKey>),
    P256,
}

impl Issuer {
    pub(crate) fn ed25519(seed: u8) -> Self {
        Issuer::Ed25519(Box::new(SigningKey::from_seed([seed; 32])))
    }

    fn point() -> ([u8; 32], [u8; 32]) {
        let point = STANDARD.decode(POINT).unwrap();
        (point[1..33].try_into().unwrap(), point[33..].try_into().unwrap())
    }

    pub(crate) fn key(&self) -> IssuerKey {
        match self {
            Issuer::Ed25519(key) => key.public().into(),
            Issuer::P256 => IssuerKey::p256(Self::point().0, Self::point().1),
        }
    }

    pub(crate) fn jwk(&self) -> Value {
        match self {
            Issuer::Ed25519(key) => json!({"kty": "OKP", "crv": "Ed25519", "x": base64(key.public().as_bytes())}),
            Issuer::P256 => {
                let (x, y) = Self::point();
                json!({"kty": "EC", "crv": "P-256", "x": base64(x), "y": base64(y)})
            }
        }
    }

    fn alg(&self) -> &'static str {
        match self {
            Issuer::Ed25519(_) => "EdDSA",
            Issuer::P256 => "ES256",
        }
    }

    /// A compact token with exactly this header.
    pub(crate) fn token(&self, header: &Value, payload: &Value) -> String {
        let message = format!("{}.{}", base64(header.to_string()), base64(payload.to_string()));
        let signature = match self {
            Issuer::Ed25519(key) => base64(key.sign(message.as_bytes())),
            Issuer::P256 => {
                let key = EncodingKey::from_ec_der(&STANDARD.decode(P256).unwrap());
                crypto::sign(message.as_bytes(), &key, Algorithm::ES256).unwrap()
            }
        };
        format!("{message}.{signature}")
    }

    pub(crate) fn jwt(&self, typ: &str, payload: &Value) -> String {
        self.token(&json!({"alg": self.alg(), "typ": typ}), payload)
    }

    /// An SD-JWT with these disclosures, as they are: their digests stand where the payload says.
    pub(crate) fn sd_jwt(&self, payload: &Value, disclosures: &[String]) -> String {
        let mut text = self.jwt("dc+sd-jwt", payload) + "~";
        disclosures.iter().for_each(|d| text += &format!("{d}~"));
        text
    }

    /// A key binding put behind an SD-JWT.
    pub(crate) fn bind(&self, sd_jwt: &str, audience: &str, at: i64) -> String {
        let payload = json!({"aud": audience, "iat": at, "nonce": "n", "sd_hash": hash(sd_jwt)});
        format!("{sd_jwt}{}", self.jwt("kb+jwt", &payload))
    }
}

/// A disclosure of a claim.
pub(crate) fn claim(name: &str, value: Value) -> String {
    base64(json!(["c2FsdA", name, value]).to_string())
}

/// Digest as SD-JWT writes it.
pub(crate) fn hash(text: &str) -> String {
    base64(Digest::of(text.as_bytes()).as_bytes())
}
