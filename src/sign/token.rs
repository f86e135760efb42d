//! Access tokens: JWS compact serialization (RFC 7515) by Ed25519 (RFC 8037), and the set of keys (RFC 7517) by which others check
//! them without asking. One form only: `EdDSA`, type `at+jwt` (RFC 9068), a key named by its thumbprint (RFC 7638).
//!
//! What a token says is the caller's; this file knows its bytes, its keys and how long it lives.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::{SigningKey, verify as verify_signature};
use crate::model::{DidKey, Time};

/// How long a token may live, in seconds (SPEC S-171).
pub const LONGEST: i64 = 15 * 60;
/// How far the clocks of issuer and reader may differ, in seconds.
const SKEW: i64 = 60;
/// The longest token that is read, in bytes.
const MAX_BYTES: usize = 16 << 10;

/// Why a token does not count. It never holds any of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum TokenError {
    /// Not three parts of base64url, or a payload of another shape.
    #[error("it is not a token of ours")]
    #[diagnostic(code(token::form), help("give the text as it was issued, and nothing else"))]
    Form,
    /// Another header than the one form: algorithm, type, or a member that is not known.
    #[error("its header is not `EdDSA` with type `at+jwt`")]
    #[diagnostic(code(token::header), help("ask the issuer for an access token"))]
    Header,
    /// A key that the issuer does not publish.
    #[error("no key of the issuer has its `kid`")]
    #[diagnostic(code(token::key), help("fetch the issuer's keys again; if it stays unknown, ask for a new token"))]
    Key,
    /// The signature does not match.
    #[error("its signature is not by that key")]
    #[diagnostic(code(token::signature), help("the token was altered or forged: ask for a new one"))]
    Signature,
    /// By another issuer.
    #[error("it is by another issuer")]
    #[diagnostic(code(token::issuer), help("ask this issuer for a token"))]
    Issuer,
    /// For somebody else.
    #[error("it is for another audience")]
    #[diagnostic(code(token::audience), help("ask for a token for this data server"))]
    Audience,
    /// Its time is over, has not begun, or is longer than any token's.
    #[error("it counts no longer, or not yet")]
    #[diagnostic(code(token::time), help("ask for a new token; tokens live {LONGEST} seconds"))]
    Time,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    typ: String,
}

/// What every token says; the rest is read by the caller from the same payload.
#[derive(Deserialize)]
struct Registered {
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
}

/// A public key as a member of a key set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Jwk {
    /// Always `OKP`.
    pub kty: &'static str,
    /// Always `Ed25519`.
    pub crv: &'static str,
    /// The key.
    pub x: String,
    /// Its thumbprint (RFC 7638).
    pub kid: String,
    /// Always `EdDSA`.
    pub alg: &'static str,
    /// Always `sig`.
    #[serde(rename = "use")]
    pub usage: &'static str,
}

impl Jwk {
    /// The key as others read it.
    #[must_use]
    pub fn new(key: &DidKey) -> Self {
        let (x, kid) = (URL_SAFE_NO_PAD.encode(key.as_bytes()), thumbprint(key));
        Jwk { kty: "OKP", crv: "Ed25519", x, kid, alg: "EdDSA", usage: "sig" }
    }
}

/// RFC 7638: SHA-256 of the required members in order.
fn thumbprint(key: &DidKey) -> String {
    let x = URL_SAFE_NO_PAD.encode(key.as_bytes());
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)))
}

/// A token that says these claims.
///
/// # Errors
/// [`TokenError::Form`] for claims that are no JSON.
pub fn sign(claims: &impl Serialize, key: &SigningKey) -> Result<String, TokenError> {
    let part = |json: Vec<u8>| URL_SAFE_NO_PAD.encode(json);
    let header = Header { alg: "EdDSA".to_owned(), kid: thumbprint(&key.public()), typ: "at+jwt".to_owned() };
    let header = part(serde_json::to_vec(&header).map_err(|_| TokenError::Form)?);
    let payload = part(serde_json::to_vec(claims).map_err(|_| TokenError::Form)?);
    let signature = key.sign(format!("{header}.{payload}").as_bytes());
    Ok(format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// Who reads a token, and by which keys.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The keys that the issuer publishes.
    pub keys: &'a [DidKey],
    /// The issuer whose tokens count.
    pub issuer: &'a str,
    /// For whom a token must be.
    pub audience: &'a str,
    /// The clock.
    pub now: Time,
}

impl Reader<'_> {
    /// Verifies a token and gives what it says. The algorithm is ours, never the token's: its header is only compared.
    ///
    /// # Errors
    /// The first thing that is wrong, in the order of [`TokenError`].
    pub fn read<T: DeserializeOwned>(&self, token: &str) -> Result<T, TokenError> {
        if token.len() > MAX_BYTES {
            return Err(TokenError::Form);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Form)?;
        let (header, payload) = signed.split_once('.').ok_or(TokenError::Form)?;
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Form);
        let (header, payload) = (bytes(header)?, bytes(payload)?);
        let signature: [u8; 64] = bytes(signature)?.try_into().map_err(|_| TokenError::Form)?;
        let header: Header = serde_json::from_slice(&header).map_err(|_| TokenError::Header)?;
        if header.alg != "EdDSA" || header.typ != "at+jwt" {
            return Err(TokenError::Header);
        }
        let key = self.keys.iter().find(|key| thumbprint(key) == header.kid).ok_or(TokenError::Key)?;
        verify_signature(key, signed.as_bytes(), &signature).map_err(|_| TokenError::Signature)?;
        let said: Registered = serde_json::from_slice(&payload).map_err(|_| TokenError::Form)?;
        if said.iss != self.issuer {
            return Err(TokenError::Issuer);
        }
        if said.aud != self.audience {
            return Err(TokenError::Audience);
        }
        let now = self.now.unix();
        let lives = said.exp.checked_sub(said.iat).is_some_and(|seconds| (1..=LONGEST).contains(&seconds));
        if !lives || now >= said.exp || said.iat > now.saturating_add(SKEW) {
            return Err(TokenError::Time);
        }
        serde_json::from_slice(&payload).map_err(|_| TokenError::Form)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn now() -> Time {
        "2026-11-25T09:00:00Z".parse().unwrap()
    }

    fn claims() -> Value {
        let iat = now().unix();
        json!({"iss": "https://portal.example", "aud": "https://data.example", "iat": iat, "exp": iat + LONGEST, "sub": "us"})
    }

    fn read(token: &str, keys: &[DidKey], now: Time) -> Result<Value, TokenError> {
        Reader { keys, issuer: "https://portal.example", audience: "https://data.example", now }.read(token)
    }

    fn forged(header: Value, claims: Value, key: &SigningKey) -> String {
        let part = |v: Value| URL_SAFE_NO_PAD.encode(v.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes())))
    }

    /// RFC 8037 appendix A.3: the thumbprint of its example key.
    #[test]
    fn the_thumbprint_is_that_of_rfc_8037() {
        let x = URL_SAFE_NO_PAD.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let key = DidKey::new(x.try_into().unwrap());
        assert_eq!(Jwk::new(&key).kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    /// S-170 S-171: what was signed is read, until its time is over.
    #[test]
    fn a_token_is_read_while_it_lives() {
        let key = SigningKey::from_seed([5; 32]);
        let (token, keys) = (sign(&claims(), &key).unwrap(), [key.public()]);
        assert_eq!(read(&token, &keys, now()), Ok(claims()));
        assert_eq!(read(&token, &keys, now().plus_seconds(LONGEST - 1)), Ok(claims()));
        assert_eq!(read(&token, &keys, now().plus_seconds(LONGEST)), Err(TokenError::Time));
        assert_eq!(read(&token, &keys, now().plus_seconds(-SKEW)), Ok(claims()));
        assert_eq!(read(&token, &keys, now().plus_seconds(-SKEW - 1)), Err(TokenError::Time));
    }

    /// S-170: no other algorithm, type, key, issuer, audience or spelling.
    #[test]
    fn everything_else_is_refused() {
        let (key, other) = (SigningKey::from_seed([5; 32]), SigningKey::from_seed([6; 32]));
        let (keys, kid) = ([key.public()], thumbprint(&key.public()));
        let header = json!({"alg": "EdDSA", "kid": kid, "typ": "at+jwt"});
        let with = |mut value: Value, name: &str, to: Value| {
            value[name] = to;
            value
        };
        assert!(read(&forged(header.clone(), claims(), &key), &keys, now()).is_ok());
        for (name, value) in [
            ("alg", json!("none")),
            ("alg", json!("HS256")),
            ("alg", json!("ES256")),
            ("alg", json!("eddsa")),
            ("typ", json!("JWT")),
            ("crit", json!(["exp"])),
            ("jwk", json!(Jwk::new(&other.public()))),
            ("b64", json!(false)),
        ] {
            let token = forged(with(header.clone(), name, value.clone()), claims(), &key);
            assert_eq!(read(&token, &keys, now()), Err(TokenError::Header), "{name} {value}");
        }
        let refused = |header: &Value, claims: Value, key| read(&forged(header.clone(), claims, key), &keys, now());
        let strange = with(header.clone(), "kid", json!(thumbprint(&other.public())));
        assert_eq!(refused(&strange, claims(), &other), Err(TokenError::Key));
        assert_eq!(refused(&header, claims(), &other), Err(TokenError::Signature));
        assert_eq!(refused(&header, with(claims(), "iss", json!("https://x.example")), &key), Err(TokenError::Issuer));
        assert_eq!(
            refused(&header, with(claims(), "aud", json!("https://x.example")), &key),
            Err(TokenError::Audience)
        );
        assert_eq!(
            refused(&header, with(claims(), "aud", json!(["https://data.example"])), &key),
            Err(TokenError::Form)
        );
        let long = with(claims(), "exp", json!(now().unix() + LONGEST + 1));
        assert_eq!(refused(&header, long, &key), Err(TokenError::Time));
        assert_eq!(refused(&header, with(claims(), "exp", json!(i64::MAX)), &key), Err(TokenError::Time));

        let token = sign(&claims(), &key).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        for bad in [
            format!("{signed}."),
            signed.to_owned(),
            format!("{token}="),
            format!(" {token}"),
            format!("{token}.{signature}"),
            String::new(),
            "..".to_owned(),
            "a".repeat(MAX_BYTES + 1),
        ] {
            assert!(read(&bad, &keys, now()).is_err(), "{bad:.80}");
        }
        let none = URL_SAFE_NO_PAD.encode(json!({"alg": "none", "kid": kid, "typ": "at+jwt"}).to_string());
        let payload = URL_SAFE_NO_PAD.encode(claims().to_string());
        assert_eq!(read(&format!("{none}.{payload}."), &keys, now()), Err(TokenError::Form));
    }
}
