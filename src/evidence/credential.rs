//! Credentials in the forms of others: VC-JWT (W3C VC-JOSE-COSE) and SD-JWT VC, kept as documents that wrap the compact text.
//!
//! Read strictly once, without asking whom to trust: the signature is tried against the keys of the trust list (`mod.rs`).

use chrono::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::jose::{self, Jws, MAX_COMPACT};
use super::sd_jwt::Pieces;
use super::status::Place;
use crate::model::{Document, IssuerKey, JsonError, OrgId, Time};

/// How old a key binding may be when it is handed in, in seconds.
const BINDING_AGE: i64 = 300;
/// How far the clock of a holder may be ahead, in seconds.
const AHEAD: i64 = 60;
/// What only an issuer says of a credential, in the clear: a holder that could leave it out would decide when it ends.
const CLEAR: [&str; 16] = [
    "iss",
    "issuer",
    "nbf",
    "exp",
    "cnf",
    "vct",
    "vct#integrity",
    "status",
    "@context",
    "type",
    "validFrom",
    "validUntil",
    "credentialStatus",
    "credentialSchema",
    "credentialSubject",
    "termsOfUse",
];

/// Why a text is no credential in the form of others.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum CredentialError {
    /// The document around it.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Document(#[from] JsonError),
    /// Too long.
    #[error("the credential has more than {MAX_COMPACT} bytes")]
    #[diagnostic(code(credential::size), help("disclose only the claims that are asked for"))]
    Size,
    /// A part has another form.
    #[error("the {part} of the credential {why}")]
    #[diagnostic(code(credential::form), help("give the compact text as the issuer or the wallet made it"))]
    Form {
        /// Which part.
        part: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// An algorithm that is not taken.
    #[error("the credential is signed with `{0}`")]
    #[diagnostic(code(credential::algorithm), help("EdDSA (Ed25519) and ES256 (P-256) are taken, and nothing else"))]
    Algorithm(String),
    /// An extension that must be understood.
    #[error("the header of the credential has `crit` or `b64`")]
    #[diagnostic(code(credential::critical), help("no extension of JWS is understood here"))]
    Critical,
    /// Another `typ`.
    #[error("the `typ` of the token is `{found}`, expected `{expected}`")]
    #[diagnostic(code(credential::kind), help("VcJwt holds `vc+jwt`; SdJwtVc holds `dc+sd-jwt` or `vc+sd-jwt`"))]
    Type {
        /// What stands there.
        found: String,
        /// What was expected.
        expected: String,
    },
    /// Selective disclosure that hides or doubles something.
    #[error("the disclosures do not fit: {0}")]
    #[diagnostic(code(credential::disclosure), help("ask the issuer for a credential by RFC 9901"))]
    Disclosure(String),
    /// A claim that must be there is missing or wrong.
    #[error("`{claim}` {why}")]
    #[diagnostic(code(credential::claim), help("SPEC.md section 5.4 says what a credential states"))]
    Claim {
        /// Which claim.
        claim: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
}

/// The forms of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Form {
    /// A VCDM 2.0 credential as JWS, `typ` `vc+jwt` (W3C VC-JOSE-COSE).
    VcJwt,
    /// A credential with selective disclosure, `typ` `dc+sd-jwt` (SD-JWT VC) or `vc+sd-jwt` (the same, or VC-JOSE-COSE).
    SdJwtVc,
}

/// A credential in the form of others, as a document: what is handed in, and with `presented` what is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeignCredential {
    /// Which form.
    #[serde(rename = "type")]
    pub form: Form,
    /// The compact text.
    pub compact: String,
    /// Of one with a key binding: to whom and when it was handed in, by the word of the portal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presented: Option<Presented>,
}

/// The handing in of a key binding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Presented {
    /// To whom: the origin of the portal's log.
    pub audience: String,
    /// When.
    pub at: Time,
}

impl ForeignCredential {
    /// Whether a document is of this kind and not one of our own.
    #[must_use]
    pub fn is(document: &Document) -> bool {
        matches!(document.text("type"), Some("VcJwt" | "SdJwtVc"))
    }

    /// The document to keep of a compact text that is handed in now. Our own documents and texts without key binding stay as they are.
    ///
    /// # Errors
    /// [`CredentialError`] if it says itself when it was handed in: only the portal does.
    pub fn handed_in(document: Document, audience: &str, at: Time) -> Result<Document, CredentialError> {
        if !Self::is(&document) {
            return Ok(document);
        }
        let mut credential: ForeignCredential = document.parse("credential")?;
        if credential.presented.is_some() {
            return Err(CredentialError::Claim { claim: "presented", why: "is for the portal to say: leave it out" });
        }
        let bound = credential.form == Form::SdJwtVc && Pieces::of(&credential.compact)?.binding.is_some();
        if !bound {
            return Ok(document);
        }
        credential.presented = Some(Presented { audience: audience.to_owned(), at });
        Ok(Document::of(&credential)?)
    }
}

/// What a credential in the form of others says, before anybody asks who signed it.
#[derive(Debug)]
pub(super) struct Credential {
    token: Jws,
    /// The name that the issuer gives itself.
    pub(super) issuer: String,
    /// About which organisation; none if it says none, or two.
    pub(super) organisation: Option<OrgId>,
    /// Claims by name; facts of the schema are among them.
    pub(super) claims: Map<String, Value>,
    /// From this instant.
    pub(super) from: Time,
    /// Before this instant.
    pub(super) until: Time,
    /// Where its status can be looked up.
    pub(super) status: Vec<Place>,
    /// Whether who handed it in showed the key that it is bound to; true if it is bound to none.
    pub(super) held: bool,
}

impl Credential {
    pub(super) fn read(document: &Document) -> Result<Self, CredentialError> {
        let ForeignCredential { form, compact, presented } = document.parse("credential")?;
        if compact.len() > MAX_COMPACT {
            return Err(CredentialError::Size);
        }
        if !compact.is_ascii() {
            return Err(CredentialError::Form { part: "compact text", why: "is not ASCII".to_owned() });
        }
        match form {
            Form::VcJwt => {
                if presented.is_some() {
                    return Err(CredentialError::Claim {
                        claim: "presented",
                        why: "has no meaning without key binding",
                    });
                }
                let token = Jws::read(&compact, &["vc+jwt"])?;
                let payload = token.payload.clone();
                let held = !payload.contains_key("cnf");
                Self::model(token, payload, held)
            }
            Form::SdJwtVc => {
                let pieces = Pieces::of(&compact)?;
                let token = Jws::read(pieces.token, &["dc+sd-jwt", "vc+sd-jwt"])?;
                let payload = pieces.open(token.payload.clone(), &CLEAR)?;
                let held = held(&pieces, payload.get("cnf"), presented.as_ref())?;
                match payload.contains_key("vct") {
                    true => Self::flat(token, payload, held),
                    false if token.typ == "vc+sd-jwt" => Self::model(token, payload, held),
                    false => Err(CredentialError::Claim { claim: "vct", why: "is missing" }),
                }
            }
        }
    }

    /// A credential of the W3C data model (VCDM 2.0): claims are those of its one subject.
    fn model(token: Jws, mut payload: Map<String, Value>, held: bool) -> Result<Self, CredentialError> {
        let wrong = |claim, why| CredentialError::Claim { claim, why };
        if payload.contains_key("vc") || payload.contains_key("vp") {
            return Err(wrong("vc", "wraps the credential, which version 2.0 of the data model does not"));
        }
        let first = |v: &Value| v.as_array().and_then(|a| a.first()).and_then(Value::as_str).map(str::to_owned);
        if payload.get("@context").and_then(first).as_deref() != Some("https://www.w3.org/ns/credentials/v2") {
            return Err(wrong("@context", "does not begin with https://www.w3.org/ns/credentials/v2"));
        }
        let named = |v: &Value| v.as_array().is_some_and(|a| a.iter().any(|t| t == "VerifiableCredential"));
        if !payload.get("type").is_some_and(|v| v == "VerifiableCredential" || named(v)) {
            return Err(wrong("type", "does not name VerifiableCredential"));
        }
        let issuer = match payload.get("issuer") {
            Some(Value::Object(map)) => map.get("id").and_then(Value::as_str),
            Some(other) => other.as_str(),
            None => None,
        };
        let issuer = issuer.ok_or_else(|| wrong("issuer", "is missing"))?.to_owned();
        if payload.get("iss").is_some_and(|iss| *iss != *issuer) {
            return Err(wrong("iss", "is another than the issuer"));
        }
        let subject = match payload.remove("credentialSubject") {
            Some(Value::Array(mut subjects)) if subjects.len() == 1 => subjects.pop(),
            other => other,
        };
        let Some(Value::Object(claims)) = subject else {
            return Err(wrong("credentialSubject", "is not exactly one subject"));
        };
        if let Some(sub) = payload.get("sub")
            && claims.get("id") != Some(sub)
        {
            return Err(wrong("sub", "is another than the subject"));
        }
        let status = Place::bitstring(payload.get("credentialStatus"))?;
        Self::said(token, issuer, claims, &payload, status, held)
    }

    /// An SD-JWT VC: claims are those of its top.
    fn flat(token: Jws, payload: Map<String, Value>, held: bool) -> Result<Self, CredentialError> {
        let wrong = |claim, why| CredentialError::Claim { claim, why };
        if !payload.get("vct").is_some_and(Value::is_string) {
            return Err(wrong("vct", "is no text"));
        }
        let issuer = payload.get("iss").and_then(Value::as_str).ok_or_else(|| wrong("iss", "is missing"))?.to_owned();
        let status = Place::token(payload.get("status"))?;
        let claims = payload.clone();
        Self::said(token, issuer, claims, &payload, status, held)
    }

    fn said(
        token: Jws,
        issuer: String,
        claims: Map<String, Value>,
        payload: &Map<String, Value>,
        status: Vec<Place>,
        held: bool,
    ) -> Result<Self, CredentialError> {
        let times = [numeric(payload, "nbf")?, numeric(payload, "iat")?, written(payload, "validFrom")?];
        let from = times.into_iter().flatten().max().unwrap_or(Time::EPOCH);
        let ends = [numeric(payload, "exp")?, written(payload, "validUntil")?];
        let until = ends.into_iter().flatten().min();
        let until = until.ok_or(CredentialError::Claim { claim: "exp", why: "is missing: evidence has an end" })?;
        Ok(Credential { token, issuer, organisation: organisation(&claims)?, claims, from, until, status, held })
    }

    /// Whether this key signed it.
    pub(super) fn signed_by(&self, key: &IssuerKey) -> bool {
        self.token.signed_by(key)
    }
}

/// Whether the holder showed the key that a credential is bound to, to this portal, just now.
fn held(pieces: &Pieces<'_>, cnf: Option<&Value>, presented: Option<&Presented>) -> Result<bool, CredentialError> {
    let wrong = |claim, why| CredentialError::Claim { claim, why };
    let Some(binding) = pieces.binding else {
        if presented.is_some() {
            return Err(wrong("presented", "has no meaning without key binding"));
        }
        return Ok(cnf.is_none());
    };
    let cnf = cnf.ok_or_else(|| wrong("cnf", "is missing, and a key binding is there"))?;
    let key = cnf.get("jwk").and_then(jose::key_of).ok_or_else(|| wrong("cnf", "names no Ed25519 or P-256 `jwk`"))?;
    let token = Jws::read(binding, &["kb+jwt"])?;
    let Some(presented) = presented else { return Ok(false) };
    let said = |name: &str| token.payload.get(name).and_then(Value::as_str);
    let made = token.payload.get("iat").and_then(Value::as_i64);
    let at = presented.at.unix();
    Ok(token.signed_by(&key)
        && said("nonce").is_some()
        && said("aud") == Some(&presented.audience)
        && said("sd_hash") == Some(&pieces.hash())
        && made.is_some_and(|made| (at - BINDING_AGE..=at + AHEAD).contains(&made)))
}

/// About which organisation: `organisation` as records write it, or the EUID of the wallets for legal persons. Two that differ are none.
fn organisation(claims: &Map<String, Value>) -> Result<Option<OrgId>, CredentialError> {
    let mut found: Option<OrgId> = None;
    for (claim, register) in [("organisation", ""), ("legal_person_id", "EUID:")] {
        let Some(value) = claims.get(claim) else { continue };
        let wrong = CredentialError::Claim { claim, why: "is no register and number" };
        let text = value.as_str().ok_or_else(|| wrong.clone())?;
        let id = format!("{register}{text}").parse().map_err(|_| wrong)?;
        let id = in_trade_register(&id).unwrap_or(id);
        if found.as_ref().is_some_and(|other| *other != id) {
            return Ok(None);
        }
        found = Some(id);
    }
    Ok(found)
}

/// The EUID of a company in the Dutch trade register is its number there behind `NLNHR.`.
pub(super) fn in_trade_register(id: &OrgId) -> Option<OrgId> {
    let number = id.as_str().strip_prefix("EUID:NLNHR.")?;
    format!("NL.KVK:{number}").parse().ok()
}

/// A claim in seconds since 1970.
fn numeric(payload: &Map<String, Value>, claim: &'static str) -> Result<Option<Time>, CredentialError> {
    let wrong = CredentialError::Claim { claim, why: "is no whole number of seconds since 1970" };
    let Some(value) = payload.get(claim) else { return Ok(None) };
    value.as_i64().and_then(Time::from_unix).map(Some).ok_or(wrong)
}

/// A claim as XML Schema's dateTimeStamp; fractions of a second are cut off.
fn written(payload: &Map<String, Value>, claim: &'static str) -> Result<Option<Time>, CredentialError> {
    let wrong = CredentialError::Claim { claim, why: "is no instant like 2026-11-25T09:30:00Z" };
    let Some(value) = payload.get(claim) else { return Ok(None) };
    let read = value.as_str().and_then(|t| DateTime::parse_from_rfc3339(t).ok());
    read.and_then(|t| Time::from_unix(t.timestamp())).map(Some).ok_or(wrong)
}
