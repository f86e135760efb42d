//! JSON in the record profile (SPEC section 2): read strictly, written canonically.
//!
//! The profile keeps documents inside the part of JSON on which all implementations agree: ASCII keys, no key twice,
//! integers of at most 53 bits, no fractions, no `null`, bounded depth and size. Within it the canonical bytes are those
//! of RFC 8785 (JCS), and writing them needs no number formatting and no UTF-16 sorting.

use std::fmt;

use serde::Serialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::canonical;

/// The deepest nesting of arrays and objects that is read (SPEC S-4).
pub const MAX_DEPTH: usize = 32;
/// The largest document that is read unless a caller states a smaller limit: 4 MiB (SPEC S-5).
pub const MAX_BYTES: usize = 4 << 20;
/// The largest integer, 2^53 - 1, and with a minus sign the smallest (SPEC S-3).
pub const MAX_INTEGER: i64 = (1 << 53) - 1;

/// Why a text is not a document of the record profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum JsonError {
    /// More bytes than the limit.
    #[error("the document has {size} bytes, more than the limit of {limit}")]
    #[diagnostic(code(json::too_large), help("split it, or leave out what is not asked for"))]
    TooLarge {
        /// Bytes found.
        size: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// Not JSON, or JSON outside the profile.
    #[error("line {line}, column {column}: {why}")]
    #[diagnostic(
        code(json::syntax),
        help(
            "the record profile is: ASCII keys, each once; integers within 2^53-1; no fractions; no null; at most 32 levels"
        )
    )]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// What is wrong there.
        why: String,
    },
    /// A well-formed document of another shape than expected.
    #[error("{what}: {why}")]
    #[diagnostic(code(json::shape))]
    Shape {
        /// What was expected, in the words of the glossary.
        what: &'static str,
        /// What is wrong, with the member's name.
        why: String,
    },
}

impl JsonError {
    pub(super) fn syntax(e: &serde_json::Error) -> Self {
        JsonError::Syntax { line: e.line(), column: e.column(), why: without_place(e) }
    }
    pub(super) fn shape(what: &'static str, e: &serde_json::Error) -> Self {
        JsonError::Shape { what, why: without_place(e) }
    }
}

/// Reads one document of the profile, at most `limit` bytes long.
///
/// # Errors
/// [`JsonError::TooLarge`], or [`JsonError::Syntax`] with the place of the first fault.
pub fn parse(bytes: &[u8], limit: usize) -> Result<Value, JsonError> {
    one(bytes, limit, Strict { depth: 0, profile: true })
}

/// Reads one document of others, who know of no profile: fractions, `null` and keys in any script are read, a key twice is not, nor what is too
/// deep or longer than `limit` bytes. Nothing made of it is signed or hashed.
///
/// # Errors
/// As [`parse`].
pub fn parse_foreign(bytes: &[u8], limit: usize) -> Result<Value, JsonError> {
    one(bytes, limit, Strict { depth: 0, profile: false })
}

fn one(bytes: &[u8], limit: usize, seed: Strict) -> Result<Value, JsonError> {
    if bytes.len() > limit {
        return Err(JsonError::TooLarge { size: bytes.len(), limit });
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = seed.deserialize(&mut reader).and_then(|v| reader.end().map(|()| v));
    value.map_err(|e| JsonError::syntax(&e))
}

/// Reads a document of the profile straight into a type. `what` names the type for people.
///
/// # Errors
/// As [`parse`], and [`JsonError::Shape`] when members are missing, unknown or of another type.
pub fn read<T: DeserializeOwned>(bytes: &[u8], what: &'static str) -> Result<T, JsonError> {
    from_value(parse(bytes, MAX_BYTES)?, what)
}

/// Turns a document into a type. `what` names the type for people.
///
/// # Errors
/// [`JsonError::Shape`] when members are missing, unknown or of another type.
pub fn from_value<T: DeserializeOwned>(value: Value, what: &'static str) -> Result<T, JsonError> {
    serde_json::from_value(value).map_err(|e| JsonError::shape(what, &e))
}

/// A type of ours as a document. Our own types stay inside the profile; a test per type says so.
///
/// # Errors
/// [`JsonError::Shape`] if the type holds something that JSON cannot (a map with keys that are not text).
pub fn to_value<T: Serialize>(value: &T, what: &'static str) -> Result<Value, JsonError> {
    serde_json::to_value(value).map_err(|e| JsonError::Shape { what, why: e.to_string() })
}

/// What a reader of JSON says, without the place that it adds.
pub(crate) fn without_place(e: &serde_json::Error) -> String {
    let text = e.to_string();
    text.rfind(" at line ").and_then(|at| text.get(..at)).map_or_else(|| text.clone(), str::to_owned)
}

/// The canonical bytes of a type of ours (RFC 8785 within the profile; SPEC S-6): UTF-8, no white space, keys in byte order.
///
/// # Errors
/// As [`to_value`], and if a member stands twice.
pub fn bytes<T: Serialize + ?Sized>(value: &T, what: &'static str) -> Result<Vec<u8>, JsonError> {
    canonical::write(value).map_err(|e| JsonError::Shape { what, why: e.to_string() })
}

/// The canonical bytes of a document.
#[must_use]
pub fn canonical(value: &Value) -> Vec<u8> {
    // a document is JSON, and holds no member twice
    canonical::write(value).unwrap_or_default()
}

/// Reads any value, refusing on the way what the profile excludes, where it counts.
#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
    profile: bool,
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(Strict { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Value, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.profile { "a value of the record profile" } else { "JSON" })
    }
    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }
    fn visit_i64<E: serde::de::Error>(self, v: i64) -> Result<Value, E> {
        if self.profile && !(-MAX_INTEGER..=MAX_INTEGER).contains(&v) {
            return Err(E::custom(format!("the number `{v}` is beyond 2^53-1")));
        }
        Ok(Value::from(v))
    }
    fn visit_u64<E: serde::de::Error>(self, v: u64) -> Result<Value, E> {
        if !self.profile {
            return Ok(Value::from(v));
        }
        i64::try_from(v)
            .map_err(|_| E::custom(format!("the number `{v}` is beyond 2^53-1")))
            .and_then(|v| self.visit_i64(v))
    }
    fn visit_f64<E: serde::de::Error>(self, v: f64) -> Result<Value, E> {
        if !self.profile {
            return Ok(Value::from(v));
        }
        Err(E::custom(format!("the number `{v}` is not a whole number in plain digits")))
    }
    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(Value::from(v))
    }
    fn visit_string<E>(self, v: String) -> Result<Value, E> {
        Ok(Value::String(v))
    }
    fn visit_unit<E: serde::de::Error>(self) -> Result<Value, E> {
        if !self.profile {
            return Ok(Value::Null);
        }
        Err(E::custom("`null` has no meaning here: leave the member out"))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut out = Vec::new();
        while let Some(v) = seq.next_element_seed(inner)? {
            out.push(v);
        }
        Ok(Value::Array(out))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut out = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if self.profile && !key.bytes().all(|b| (0x20..0x7f).contains(&b)) {
                return Err(A::Error::custom(format!("the key `{key}` is not printable ASCII")));
            }
            if out.contains_key(&key) {
                return Err(A::Error::custom(format!("the key `{key}` stands twice")));
            }
            let value = map.next_value_seed(inner)?;
            out.insert(key, value);
        }
        Ok(Value::Object(out))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn why(text: &str) -> String {
        parse(text.as_bytes(), MAX_BYTES).unwrap_err().to_string()
    }

    /// S-1 S-2 S-3 S-4: each thing outside the profile is refused with its place.
    #[test]
    fn refuses_what_is_outside_the_profile() {
        assert_eq!(why(r#"{"a":1,"a":2}"#), "line 1, column 10: the key `a` stands twice");
        assert_eq!(why(r#"{"é":1}"#), "line 1, column 5: the key `é` is not printable ASCII");
        assert!(why(r#"[1.0]"#).contains("the number `1` is not a whole number"));
        assert!(why("[-0]").contains("not a whole number"));
        assert!(why("[1e2]").contains("not a whole number"));
        assert!(why("[9007199254740992]").contains("beyond 2^53-1"));
        assert!(why("[-9007199254740992]").contains("beyond 2^53-1"));
        assert!(why("[18446744073709551615]").contains("beyond 2^53-1"));
        assert!(why("[null]").contains("`null` has no meaning"));
        assert!(why(r#"["\ud800"]"#).contains("line 1"));
        assert!(why("[1] 2").contains("trailing"));
        assert!(why(&("[".repeat(33) + &"]".repeat(33))).contains("deeper than 32"));
        assert!(parse(("[".repeat(32) + &"]".repeat(32)).as_bytes(), MAX_BYTES).is_ok());
        assert!(matches!(parse(b"[1,2]", 4), Err(JsonError::TooLarge { size: 5, limit: 4 })));
    }

    /// S-6: the RFC 8785 examples that fall inside the profile.
    #[test]
    fn canonical_bytes_follow_rfc_8785() {
        let doc = parse(
            "{\"b\":[true,false,0,7],\"a\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"}".as_bytes(),
            200,
        )
        .unwrap();
        let text = String::from_utf8(canonical(&doc)).unwrap();
        assert_eq!(text, "{\"a\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\",\"b\":[true,false,0,7]}");
        let nested = json!({"1":{"f":{"f":"hi","F":5}},"10":{},"":"empty","A":{},"111":[{"e":"yes","E":"no"}]});
        assert_eq!(
            String::from_utf8(canonical(&nested)).unwrap(),
            r#"{"":"empty","1":{"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{}}"#
        );
    }

    /// Documents of the profile.
    pub(in crate::model) fn document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::Bool),
            (-MAX_INTEGER..=MAX_INTEGER).prop_map(Value::from),
            ".{0,12}".prop_map(Value::String),
            "[\\x00-\\x7f]{0,4}".prop_map(Value::String),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                prop::collection::btree_map("[ -~]{0,6}", inner, 0..6)
                    .prop_map(|m| Value::Object(m.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// Reading what was written gives the document back, and writing it again the same bytes.
        #[test]
        fn parse_and_canonical_are_inverse(doc in document()) {
            let bytes = canonical(&doc);
            let back = parse(&bytes, MAX_BYTES).unwrap();
            prop_assert_eq!(&back, &doc);
            prop_assert_eq!(canonical(&back), bytes);
        }
    }
}
