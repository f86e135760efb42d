//! SD-JWT (RFC 9901): disclosures put back where their digests stand, each once, and nothing hidden or said twice.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::CredentialError;
use super::jose;
use crate::model::Digest;
use crate::model::json::MAX_DEPTH;

/// The pieces between the tildes.
#[derive(Debug)]
pub(super) struct Pieces<'t> {
    /// The issuer's token.
    pub(super) token: &'t str,
    /// What the holder discloses.
    disclosures: Vec<&'t str>,
    /// All of it up to the last tilde, which is what a key binding covers.
    bound: &'t str,
    /// The key binding, if there is one.
    pub(super) binding: Option<&'t str>,
}

impl<'t> Pieces<'t> {
    /// Takes `token~disclosure~...~[key binding]` apart.
    pub(super) fn of(text: &'t str) -> Result<Self, CredentialError> {
        let form = |why: &str| CredentialError::Form { part: "SD-JWT", why: why.to_owned() };
        let (head, binding) = text.rsplit_once('~').ok_or_else(|| form("has no `~`"))?;
        let bound = text.get(..=head.len()).unwrap_or(text);
        let mut pieces = head.split('~');
        let token = pieces.next().unwrap_or_default();
        let disclosures: Vec<_> = pieces.collect();
        if disclosures.iter().any(|d| d.is_empty()) {
            return Err(form("has an empty disclosure"));
        }
        Ok(Pieces { token, disclosures, bound, binding: Some(binding).filter(|b| !b.is_empty()) })
    }

    /// The `sd_hash` of a key binding over this.
    pub(super) fn hash(&self) -> String {
        hash(self.bound)
    }

    /// The payload with what is disclosed. At its top the names of `clear` are never disclosed, only said.
    pub(super) fn open(
        &self,
        mut payload: Map<String, Value>,
        clear: &[&str],
    ) -> Result<Map<String, Value>, CredentialError> {
        match payload.remove("_sd_alg") {
            None => {}
            Some(Value::String(alg)) if alg == "sha-256" => {}
            Some(_) => return Err(wrong("its `_sd_alg` is not sha-256")),
        }
        let mut opening = Opening::default();
        for text in &self.disclosures {
            if opening.given.insert(hash(text), Disclosure::read(text)?).is_some() {
                return Err(wrong("a disclosure is given twice"));
            }
        }
        let opened = opening.object(payload, clear, 0)?;
        if opening.given.is_empty() { Ok(opened) } else { Err(wrong("a disclosure has no place in the credential")) }
    }
}

fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Digest::of(text.as_bytes()).as_bytes())
}

fn wrong(why: impl Into<String>) -> CredentialError {
    CredentialError::Disclosure(why.into())
}

/// A claim or an element of a list that the holder discloses.
#[derive(Debug)]
struct Disclosure {
    /// None: an element of a list.
    name: Option<String>,
    value: Value,
}

impl Disclosure {
    fn read(text: &str) -> Result<Self, CredentialError> {
        let Value::Array(parts) = jose::value("disclosure", text)? else {
            return Err(wrong("a disclosure is no list"));
        };
        let mut parts = parts.into_iter();
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Value::String(_)), Some(value), None, None) => Ok(Disclosure { name: None, value }),
            (Some(Value::String(_)), Some(Value::String(name)), Some(value), None) => {
                if name == "_sd" || name == "..." || name == "_sd_alg" {
                    return Err(wrong(format!("a disclosure is named `{name}`")));
                }
                Ok(Disclosure { name: Some(name), value })
            }
            _ => Err(wrong("a disclosure is not [salt, value] or [salt, name, value]")),
        }
    }
}

/// A walk over payload and disclosures.
#[derive(Debug, Default)]
struct Opening {
    /// Disclosures that have no place yet, by their digests.
    given: BTreeMap<String, Disclosure>,
    /// Every digest that was seen, disclosed or not.
    seen: BTreeSet<String>,
}

impl Opening {
    /// What a digest stands for, if it is disclosed. None may stand anywhere twice.
    fn take(&mut self, digest: Value) -> Result<Option<Disclosure>, CredentialError> {
        let Value::String(digest) = digest else { return Err(wrong("a digest is no text")) };
        let found = self.given.remove(&digest);
        if self.seen.insert(digest) { Ok(found) } else { Err(wrong("a digest stands twice")) }
    }

    fn object(
        &mut self,
        object: Map<String, Value>,
        clear: &[&str],
        depth: usize,
    ) -> Result<Map<String, Value>, CredentialError> {
        if depth > MAX_DEPTH {
            return Err(wrong(format!("it is nested deeper than {MAX_DEPTH} levels")));
        }
        let (mut opened, mut digests) = (Map::new(), Vec::new());
        for (name, value) in object {
            match (name.as_str(), value) {
                ("_sd", Value::Array(found)) => digests = found,
                ("_sd" | "..." | "_sd_alg", _) => {
                    return Err(wrong(format!("`{name}` stands where it has no meaning")));
                }
                (_, value) => {
                    let value = self.value(value, depth + 1)?;
                    opened.insert(name, value);
                }
            }
        }
        for digest in digests {
            let Some(Disclosure { name, value }) = self.take(digest)? else { continue };
            let name = name.ok_or_else(|| wrong("an element of a list stands for a claim"))?;
            if clear.contains(&name.as_str()) {
                return Err(wrong(format!("`{name}` is disclosed, which only the issuer says in the clear")));
            }
            if opened.contains_key(&name) {
                return Err(wrong(format!("`{name}` is said twice")));
            }
            let value = self.value(value, depth + 1)?;
            opened.insert(name, value);
        }
        Ok(opened)
    }

    fn value(&mut self, value: Value, depth: usize) -> Result<Value, CredentialError> {
        match value {
            Value::Object(map) => self.object(map, &[], depth).map(Value::Object),
            Value::Array(items) => self.array(items, depth).map(Value::Array),
            other => Ok(other),
        }
    }

    fn array(&mut self, items: Vec<Value>, depth: usize) -> Result<Vec<Value>, CredentialError> {
        if depth > MAX_DEPTH {
            return Err(wrong(format!("it is nested deeper than {MAX_DEPTH} levels")));
        }
        let mut opened = Vec::new();
        for mut item in items {
            let digest = match &mut item {
                Value::Object(map) if map.len() == 1 => map.remove("..."),
                _ => None,
            };
            match digest {
                None => opened.push(self.value(item, depth + 1)?),
                Some(digest) => match self.take(digest)? {
                    Some(Disclosure { name: None, value }) => opened.push(self.value(value, depth + 1)?),
                    Some(Disclosure { name: Some(name), .. }) => {
                        return Err(wrong(format!("the claim `{name}` stands for an element of a list")));
                    }
                    None => {}
                },
            }
        }
        Ok(opened)
    }
}
