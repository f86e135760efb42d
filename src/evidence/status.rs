//! Status lists of issuers: W3C Bitstring Status List and IETF Token Status List, kept as they were fetched.
//!
//! A list counts if the issuer of the credential signed it, and it is fresh. Whatever cannot be told is unknown, and evidence whose
//! status is unknown does not count.

use std::fmt;
use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::bufread::ZlibDecoder;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::CredentialError;
use super::jose::Jws;
use crate::model::bitstring::Bitstring;
use crate::model::{Document, IssuerKey, Time, json};
use crate::sign::proof;

/// How long a list counts that does not say so itself, in seconds.
const TTL: i64 = 3600;
/// The longest that any list counts after it was fetched, in seconds.
const MAX_TTL: i64 = 24 * 3600;
/// The most bytes that a list is decompressed to.
const MAX_BITS: u64 = 1 << 20;
/// The most places that one credential names.
const MAX_PLACES: usize = 8;

/// What speaks against evidence beside the evidence itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Against {
    /// Its issuer took it back, or the decision on which it rests has ended.
    Revoked,
    /// It stands still for now.
    Suspended,
    /// Whether one of these holds cannot be told.
    Unknown,
}

impl Against {
    /// Each of them.
    pub const ALL: [Against; 3] = [Against::Revoked, Against::Suspended, Against::Unknown];

    /// The reason as answers and inputs write it.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Against::Revoked => "revoked",
            Against::Suspended => "suspended",
            Against::Unknown => "status",
        }
    }
}

/// Whoever can fetch a status list: the network, or a test.
pub trait FetchStatus: Send + Sync + fmt::Debug {
    /// The bytes at an address.
    ///
    /// # Errors
    /// Why there are none, in words.
    fn fetch(&self, address: &str) -> Result<Vec<u8>, String>;
}

/// A list as it was fetched: a row of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatusCopy {
    /// Where.
    pub address: String,
    /// When it was last tried.
    pub tried: Time,
    /// When these bytes came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched: Option<Time>,
    /// The text as it came.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Why the last try brought nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// A place in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where the list is.
    pub address: String,
    index: u32,
    kind: PlaceKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PlaceKind {
    /// One bit with this meaning.
    Bitstring(Against),
    /// A status by its number.
    Token,
    /// A purpose or form that is not read here.
    Unread,
}

impl Place {
    /// Those of `credentialStatus`.
    pub(super) fn bitstring(status: Option<&Value>) -> Result<Vec<Place>, CredentialError> {
        let entries = match status {
            None => return Ok(Vec::new()),
            Some(Value::Array(entries)) => entries.as_slice(),
            Some(one) => std::slice::from_ref(one),
        };
        if entries.len() > MAX_PLACES {
            return Err(wrong("names too many lists"));
        }
        let place = |entry: &Value| {
            let said = |name: &str| entry.get(name).and_then(Value::as_str);
            let known = said("type") == Some("BitstringStatusListEntry") && entry.get("statusSize").is_none();
            let kind = match said("statusPurpose").filter(|_| known) {
                Some("revocation") => PlaceKind::Bitstring(Against::Revoked),
                Some("suspension") => PlaceKind::Bitstring(Against::Suspended),
                _ => PlaceKind::Unread,
            };
            let address = said("statusListCredential").unwrap_or_default().to_owned();
            let index = said("statusListIndex").and_then(|i| i.parse().ok());
            match (kind, index) {
                (PlaceKind::Unread, _) => Ok(Place { address, index: 0, kind }),
                (_, Some(index)) => Ok(Place { address, index, kind }),
                (_, None) => Err(wrong("has no index in decimal digits")),
            }
        };
        entries.iter().map(place).collect()
    }

    /// That of `status`.
    pub(super) fn token(status: Option<&Value>) -> Result<Vec<Place>, CredentialError> {
        let Some(status) = status else { return Ok(Vec::new()) };
        let list = status.get("status_list");
        let index = list.and_then(|l| l.get("idx")).and_then(Value::as_u64).and_then(|i| u32::try_from(i).ok());
        let address = list.and_then(|l| l.get("uri")).and_then(Value::as_str);
        Ok(vec![match (index, address) {
            (Some(index), Some(address)) => Place { address: address.to_owned(), index, kind: PlaceKind::Token },
            _ => Place { address: String::new(), index: 0, kind: PlaceKind::Unread },
        }])
    }

    /// What a list says of this place, if one of these keys signed the list and it is fresh.
    pub(super) fn against(&self, list: Option<&StatusList>, issuer: &Issuer<'_>, now: Time) -> Option<Against> {
        let Some(list) = list.filter(|l| l.address == self.address && l.fresh(now) && l.signed_for(issuer)) else {
            return Some(Against::Unknown);
        };
        match (self.kind, &list.bits) {
            (PlaceKind::Bitstring(meaning), Bits::One(purpose, bits)) if *purpose == meaning => {
                match bits.get(self.index) {
                    Some(false) => None,
                    Some(true) => Some(meaning),
                    None => Some(Against::Unknown),
                }
            }
            (PlaceKind::Token, Bits::Many(width, bytes)) => match number(*width, bytes, self.index) {
                Some(0) => None,
                Some(1) => Some(Against::Revoked),
                Some(2) => Some(Against::Suspended),
                _ => Some(Against::Unknown),
            },
            _ => Some(Against::Unknown),
        }
    }
}

fn wrong(why: &'static str) -> CredentialError {
    CredentialError::Claim { claim: "credentialStatus", why }
}

/// The issuer of a credential: the name that it gives itself, and a key of it that is trusted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Issuer<'a> {
    pub(super) name: &'a str,
    pub(super) key: &'a IssuerKey,
}

/// A list as it is read.
#[derive(Debug)]
pub struct StatusList {
    address: String,
    issuer: Option<String>,
    signed: Signed,
    from: Time,
    until: Time,
    bits: Bits,
}

#[derive(Debug)]
enum Signed {
    Token(Box<Jws>),
    /// Our own form: a proof that was tried, by this key.
    Proof(IssuerKey),
}

#[derive(Debug)]
enum Bits {
    One(Against, Bitstring),
    /// So many bits for each place, the lowest first.
    Many(u8, Vec<u8>),
}

impl StatusList {
    /// Reads a copy; none if it holds no list that can be read, so that nothing is known.
    #[must_use]
    pub fn read(copy: &StatusCopy) -> Option<Self> {
        let fetched = copy.fetched?;
        let (signed, payload) = if copy.text.starts_with('{') {
            let document = Document::of(&json::parse(copy.text.as_bytes(), json::MAX_BYTES).ok()?).ok()?;
            let key = proof::verify_document(&document).ok()?.key;
            let Value::Object(payload) = document.value() else { return None };
            (Signed::Proof(key.into()), payload)
        } else {
            let token = Jws::read(copy.text.trim_end(), &["vc+jwt", "statuslist+jwt"]).ok()?;
            let payload = token.payload.clone();
            (Signed::Token(Box::new(token)), payload)
        };
        let is_token = matches!(&signed, Signed::Token(t) if t.typ == "statuslist+jwt");
        let seconds = |name: &str| payload.get(name).and_then(Value::as_i64);
        let instant = |name: &str| match payload.get(name) {
            None => Some(None),
            Some(v) => chrono::DateTime::parse_from_rfc3339(v.as_str()?).ok().map(|t| Time::from_unix(t.timestamp())),
        };
        let (bits, named, ttl) = if is_token {
            let named = payload.get("iss").and_then(Value::as_str).map(str::to_owned);
            // the token says for which address it is
            if payload.get("sub").and_then(Value::as_str) != Some(&copy.address) {
                return None;
            }
            (many(payload.get("status_list")?)?, named, seconds("ttl"))
        } else {
            let issuer = payload.get("issuer")?;
            let named = issuer.get("id").unwrap_or(issuer).as_str()?.to_owned();
            let subject = payload.get("credentialSubject")?.as_object()?;
            if payload.get("id").is_some_and(|id| *id != *copy.address) {
                return None;
            }
            let ttl = subject.get("ttl").and_then(Value::as_i64).map(|milliseconds| milliseconds / 1000);
            (one(subject)?, Some(named), ttl)
        };
        let starts = [Some(fetched), seconds("nbf").and_then(Time::from_unix), instant("validFrom")?];
        let lasts = fetched.plus_seconds(ttl.unwrap_or(TTL).clamp(1, MAX_TTL));
        let ends = [Some(lasts), seconds("exp").and_then(Time::from_unix), instant("validUntil")?];
        Some(StatusList {
            address: copy.address.clone(),
            issuer: named,
            signed,
            from: starts.into_iter().flatten().max()?,
            until: ends.into_iter().flatten().min()?,
            bits,
        })
    }

    /// Whether it counts at an instant.
    #[must_use]
    pub fn fresh(&self, now: Time) -> bool {
        self.from <= now && now < self.until
    }

    fn signed_for(&self, issuer: &Issuer<'_>) -> bool {
        let signed = match &self.signed {
            Signed::Token(token) => token.signed_by(issuer.key),
            Signed::Proof(key) => key == issuer.key,
        };
        signed && self.issuer.as_deref().is_none_or(|name| name == issuer.name)
    }
}

fn one(subject: &Map<String, Value>) -> Option<Bits> {
    let said = |name: &str| subject.get(name).and_then(Value::as_str);
    let purpose = match said("statusPurpose")? {
        "revocation" => Against::Revoked,
        "suspension" => Against::Suspended,
        _ => return None,
    };
    Some(Bits::One(purpose, Bitstring::decode(said("encodedList")?).ok()?))
}

/// Token Status List section 4: so many bits for each place, compressed with zlib.
fn many(list: &Value) -> Option<Bits> {
    let width = list.get("bits")?.as_u64().filter(|b| matches!(b, 1 | 2 | 4 | 8))?;
    let packed = URL_SAFE_NO_PAD.decode(list.get("lst")?.as_str()?).ok()?;
    let mut bytes = Vec::new();
    ZlibDecoder::new(packed.as_slice()).take(MAX_BITS + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= MAX_BITS).then_some(Bits::Many(u8::try_from(width).ok()?, bytes))
}

/// The status at a place.
fn number(width: u8, bytes: &[u8], index: u32) -> Option<u8> {
    let per_byte = u32::from(8 / width);
    let byte = bytes.get(usize::try_from(index / per_byte).ok()?)?;
    let shift = (index % per_byte) * u32::from(width);
    let mask = u8::try_from((1u16 << width) - 1).ok()?;
    Some((byte >> shift) & mask)
}
