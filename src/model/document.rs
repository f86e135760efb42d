//! A document as its canonical bytes (SPEC section 2): the form that is signed, hashed, kept and logged.
//!
//! Reading checks that bytes are canonical by writing them again on the way, in one pass and without a tree of values; a member is
//! then a slice, and the document without its proof two slices. An audit reads every record of a log, so this is its speed.

use std::ops::Range;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::Digest;
use super::json::{self, JsonError, MAX_BYTES, MAX_DEPTH, MAX_INTEGER};

/// A document of the record profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    bytes: Vec<u8>,
    digest: Digest,
    members: Vec<Member>,
}

/// A member of the outermost object.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    /// Its name, not as it is written: members stand in the order of their names.
    name: Vec<u8>,
    /// Where its name begins, with the quote.
    start: usize,
    value: Range<usize>,
}

impl Document {
    /// A document from a value.
    ///
    /// # Errors
    /// [`JsonError`] if the value is outside the profile, so that no canonical bytes are agreed on.
    pub fn of(value: &Value) -> Result<Self, JsonError> {
        Document::read(json::canonical(value))
    }

    /// A document from bytes that must be canonical already, as those of the store and of the log.
    ///
    /// # Errors
    /// [`JsonError`] with the place of the first fault, or if the bytes say the same otherwise than canonically.
    pub fn read(bytes: Vec<u8>) -> Result<Self, JsonError> {
        if bytes.len() > MAX_BYTES {
            return Err(JsonError::TooLarge { size: bytes.len(), limit: MAX_BYTES });
        }
        let mut again = Again { out: Vec::with_capacity(bytes.len()), members: Vec::new() };
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let read = Rewrite { again: &mut again, depth: 0 }.deserialize(&mut reader).and_then(|()| reader.end());
        read.map_err(|e| JsonError::syntax(&e))?;
        if again.out != bytes {
            let same = again.out.iter().zip(&bytes).take_while(|(a, b)| a == b).count();
            let column = same + 1;
            return Err(JsonError::Syntax { line: 1, column, why: "not written canonically".to_owned() });
        }
        Ok(Document { digest: Digest::of(&bytes), bytes, members: again.members })
    }

    /// The canonical bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The canonical bytes, for keeping.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// SHA-256 of the canonical bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The canonical bytes of a member of the outermost object.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&[u8]> {
        self.bytes.get(self.place(name)?.1.value.clone())
    }

    /// The text of a member that needs no escapes, as ids, times and salts.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        let text = std::str::from_utf8(self.member(name)?).ok()?;
        text.strip_prefix('"')?.strip_suffix('"').filter(|t| !t.contains('\\'))
    }

    fn place(&self, name: &str) -> Option<(usize, &Member)> {
        self.members.iter().enumerate().find(|(_, m)| m.name == name.as_bytes())
    }

    /// SHA-256 of the canonical bytes of the document as if it had no such member: what a proof signs.
    #[must_use]
    pub fn digest_without(&self, name: &str) -> Digest {
        let Some((index, member)) = self.place(name) else { return self.digest };
        // the member goes with its quotes and one comma: the one before it, or for the first the one after
        let last = index + 1 == self.members.len();
        let start = member.start - usize::from(index > 0);
        let end = member.value.end + usize::from(index == 0 && !last);
        let (before, after) = (self.bytes.get(..start), self.bytes.get(end..));
        Digest::of_parts([before.unwrap_or_default(), after.unwrap_or_default()])
    }

    /// The document with one member more.
    ///
    /// # Errors
    /// [`JsonError`] if the member is there, or its value is outside the profile.
    pub fn with(&self, name: &str, value: &Value) -> Result<Self, JsonError> {
        let after = |m: &&Member| m.name.as_slice() > name.as_bytes();
        let mut member = Vec::new();
        json::string(name, &mut member);
        member.push(b':');
        member.extend_from_slice(&json::canonical(value));
        let (at, parts): (usize, [&[u8]; 3]) = match (self.members.iter().find(after), self.members.is_empty()) {
            (Some(next), _) => (next.start, [b"", &member, b","]),
            (None, false) => (self.bytes.len().saturating_sub(1), [b",", &member, b""]),
            (None, true) => (self.bytes.len().saturating_sub(1), [b"", &member, b""]),
        };
        let (head, tail) = self.bytes.split_at_checked(at).unwrap_or((&self.bytes, b""));
        Document::read([head, &parts.concat(), tail].concat())
    }

    /// The document as a type. `what` names the type for people.
    ///
    /// # Errors
    /// [`JsonError::Shape`] when members are missing, unknown or of another type.
    pub fn parse<'a, T: Deserialize<'a>>(&'a self, what: &'static str) -> Result<T, JsonError> {
        serde_json::from_slice(&self.bytes).map_err(|e| JsonError::shape(what, &e))
    }

    /// The document as a value.
    #[must_use]
    pub fn value(&self) -> Value {
        // canonical bytes are JSON
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }
}

/// What was read, written again canonically.
struct Again {
    out: Vec<u8>,
    members: Vec<Member>,
}

impl Again {
    /// Ends an array or object: each of its items was followed by a comma, the last one in vain.
    fn close(&mut self, bracket: u8) {
        self.out.pop_if(|last| *last == b',');
        self.out.push(bracket);
    }
}

/// Writes the value that is read, refusing what the profile excludes and keys out of order.
struct Rewrite<'w> {
    again: &'w mut Again,
    depth: usize,
}

impl Rewrite<'_> {
    fn open<E: serde::de::Error>(&mut self, bracket: u8) -> Result<(), E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        self.again.out.push(bracket);
        Ok(())
    }

    fn inner(&mut self) -> Rewrite<'_> {
        Rewrite { depth: self.depth + 1, again: self.again }
    }
}

impl<'de> DeserializeSeed<'de> for Rewrite<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Rewrite<'_> {
    type Value = ();
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value of the record profile")
    }
    fn visit_bool<E>(self, v: bool) -> Result<(), E> {
        self.again.out.extend_from_slice(if v { b"true" } else { b"false" });
        Ok(())
    }
    fn visit_i64<E: serde::de::Error>(self, v: i64) -> Result<(), E> {
        if !(-MAX_INTEGER..=MAX_INTEGER).contains(&v) {
            return Err(E::custom(format!("the number `{v}` is beyond 2^53-1")));
        }
        self.again.out.extend_from_slice(v.to_string().as_bytes());
        Ok(())
    }
    fn visit_u64<E: serde::de::Error>(self, v: u64) -> Result<(), E> {
        let v = i64::try_from(v).map_err(|_| E::custom(format!("the number `{v}` is beyond 2^53-1")))?;
        self.visit_i64(v)
    }
    fn visit_f64<E: serde::de::Error>(self, v: f64) -> Result<(), E> {
        Err(E::custom(format!("the number `{v}` is not a whole number in plain digits")))
    }
    fn visit_str<E>(self, v: &str) -> Result<(), E> {
        json::string(v, &mut self.again.out);
        Ok(())
    }
    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Err(E::custom("`null` has no meaning here: leave the member out"))
    }
    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        self.open(b'[')?;
        while seq.next_element_seed(self.inner())?.is_some() {
            self.again.out.push(b',');
        }
        self.again.close(b']');
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        self.open(b'{')?;
        let (mut before, mut key) = (None::<Vec<u8>>, Vec::new());
        loop {
            let start = self.again.out.len();
            if map.next_key_seed(Key { again: self.again, raw: &mut key })?.is_none() {
                break;
            }
            match &mut before {
                Some(before) if *before < key => std::mem::swap(before, &mut key),
                Some(before) => {
                    let why = if *before == key { "stands twice" } else { "stands out of order" };
                    return Err(A::Error::custom(format!("the key `{}` {why}", String::from_utf8_lossy(&key))));
                }
                None => before = Some(std::mem::take(&mut key)),
            }
            self.again.out.push(b':');
            let at = self.again.out.len();
            map.next_value_seed(self.inner())?;
            if self.depth == 0 {
                let (name, value) = (before.clone().unwrap_or_default(), at..self.again.out.len());
                self.again.members.push(Member { name, start, value });
            }
            self.again.out.push(b',');
        }
        self.again.close(b'}');
        Ok(())
    }
}

/// A member's name: written with its quotes, and kept raw, since keys are ordered by their bytes, not by how they are escaped.
struct Key<'w> {
    again: &'w mut Again,
    raw: &'w mut Vec<u8>,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = ();
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a member's name")
    }
    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<(), E> {
        if !key.bytes().all(|b| (0x20..0x7f).contains(&b)) {
            return Err(E::custom(format!("the key `{key}` is not printable ASCII")));
        }
        self.raw.clear();
        self.raw.extend_from_slice(key.as_bytes());
        json::string(key, &mut self.again.out);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            (-MAX_INTEGER..=MAX_INTEGER).prop_map(Value::from),
            "\\PC{0,8}".prop_map(Value::from),
            "[\\x00-\\x7f]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::btree_map("[ -~]{0,4}", inner, 0..5)
                    .prop_map(|m| Value::Object(m.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// S-6: what is canonical is read, with the same digest, and member by member.
        #[test]
        fn canonical_bytes_are_read(value in values()) {
            let document = Document::of(&value).unwrap();
            prop_assert_eq!(document.bytes(), json::canonical(&value));
            prop_assert_eq!(document.digest(), Digest::of_document(&value));
            prop_assert_eq!(document.value(), value.clone());
            if let Value::Object(map) = &value {
                for (name, member) in map {
                    let canonical = json::canonical(member);
                    prop_assert_eq!(document.member(name), Some(canonical.as_slice()));
                    let rest = Digest::of(&json::canonical_without(map, name));
                    prop_assert_eq!(document.digest_without(name), rest);
                }
            }
        }

        /// Reads no more and no less than the parser of foreign text, as long as the bytes are canonical.
        #[test]
        fn it_agrees_with_the_parser(bytes in "[\\[\\]{}:,\"a-c0-9\\\\ ntruefals.-]{0,24}") {
            let parsed = json::parse(bytes.as_bytes(), MAX_BYTES);
            let canonical = parsed.as_ref().is_ok_and(|v| json::canonical(v) == bytes.as_bytes());
            prop_assert_eq!(Document::read(bytes.into_bytes()).is_ok(), canonical);
        }
    }

    /// S-1 to S-6: each of these says something, and not in the one way.
    #[test]
    fn other_bytes_are_refused() {
        let deep = format!("{}1{}", "[".repeat(33), "]".repeat(33));
        for wrong in [
            "{\"b\":1,\"a\":1}",
            "{\"a\":1,\"a\":1}",
            "{ }",
            "1.0",
            "null",
            "9007199254740992",
            "\"\\u0041\"",
            "-0",
            "{}1",
            &deep,
        ] {
            assert!(Document::read(wrong.as_bytes().to_vec()).is_err(), "{wrong}");
        }
        // the order is that of the names, not of how they are written
        assert!(Document::of(&json!({"\"": 1, "#": 2, "\\": 3})).is_ok());
    }
}
