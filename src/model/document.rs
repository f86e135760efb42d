//! A document as its canonical bytes (SPEC section 2): the form that is signed, hashed, kept and logged.
//!
//! Reading checks that bytes are canonical in one pass and without a tree of values; a member is then a slice, and the document
//! without its proof two slices. An audit reads every record of a log, so this is its speed.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Digest;
use super::json::{self, JsonError, MAX_BYTES, MAX_DEPTH, MAX_INTEGER};

/// A document of the record profile. A copy is another handle on the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document(Arc<Read>);

/// A document as it was read.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    text: String,
    digest: Digest,
    /// Those of the outermost object.
    members: Vec<Member>,
    /// Those of the objects that are its members.
    inner: Vec<Member>,
}

/// Where a member stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    /// Its name as it is written, without the quotes.
    name: Range<usize>,
    value: Range<usize>,
    /// Which of the inner members are its own.
    inner: Range<usize>,
}

impl Document {
    /// A document from a value, or from a type of ours.
    ///
    /// # Errors
    /// [`JsonError`] if it is outside the profile, so that no canonical bytes are agreed on.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, JsonError> {
        Document::read(json::bytes(value, "document")?)
    }

    /// A document from bytes that must be canonical already, as those of the store and of the log.
    ///
    /// # Errors
    /// [`JsonError`] with the place of the first fault, or if the bytes say the same otherwise than canonically.
    pub fn read(bytes: Vec<u8>) -> Result<Self, JsonError> {
        if bytes.len() > MAX_BYTES {
            return Err(JsonError::TooLarge { size: bytes.len(), limit: MAX_BYTES });
        }
        let mut scan = Scan { bytes: &bytes, at: 0, members: Vec::with_capacity(12), inner: Vec::with_capacity(32) };
        let canonical = scan.value(0).is_some() && scan.at == bytes.len();
        let (members, inner) = (scan.members, scan.inner);
        let bytes = match String::from_utf8(bytes) {
            Ok(text) if canonical => {
                let digest = Digest::of(text.as_bytes());
                return Ok(Document(Arc::new(Read { text, digest, members, inner })));
            }
            Ok(text) => text.into_bytes(),
            Err(e) => e.into_bytes(),
        };
        let canonical = json::canonical(&json::parse(&bytes, MAX_BYTES)?);
        let same = canonical.iter().zip(&bytes).take_while(|(a, b)| a == b).count();
        Err(JsonError::Syntax { line: 1, column: same + 1, why: "not written canonically".to_owned() })
    }

    /// The canonical bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.0.text.as_bytes()
    }

    /// The canonical bytes, for keeping.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        Arc::try_unwrap(self.0).map_or_else(|shared| shared.text.clone(), |own| own.text).into_bytes()
    }

    /// SHA-256 of the canonical bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.0.digest
    }

    /// The canonical bytes of a member of the outermost object.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&[u8]> {
        self.bytes().get(self.place(name)?.1.value.clone())
    }

    /// The canonical bytes of a member of a member, as the `decision` of the `credentialSubject`.
    #[must_use]
    pub fn inner(&self, outer: &str, name: &str) -> Option<&[u8]> {
        let inner = self.0.inner.get(self.place(outer)?.1.inner.clone())?;
        self.bytes().get(self.find(inner, name)?.1.value.clone())
    }

    /// The text of a member that needs no escapes, as ids, times and salts.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        plain_text(self.member(name)?)
    }

    /// The same of a member of a member, as the `id` of the `issuer`.
    #[must_use]
    pub fn inner_text(&self, outer: &str, name: &str) -> Option<&str> {
        plain_text(self.inner(outer, name)?)
    }

    fn place(&self, name: &str) -> Option<(usize, &Member)> {
        self.find(&self.0.members, name)
    }

    fn find<'m>(&self, members: &'m [Member], name: &str) -> Option<(usize, &'m Member)> {
        // a name has one spelling, so what is written can be compared
        let mut written = Cow::Borrowed(name.as_bytes());
        if name.contains(['"', '\\']) {
            let quoted = json::bytes(name, "name").ok()?;
            written = Cow::Owned(quoted.get(1..quoted.len() - 1)?.to_vec());
        }
        members.iter().enumerate().find(|(_, m)| self.bytes().get(m.name.clone()) == Some(&*written))
    }

    /// SHA-256 of the canonical bytes of the document as if it had no such member: what a proof signs.
    #[must_use]
    pub fn digest_without(&self, name: &str) -> Digest {
        self.of_rest(&(0..self.bytes().len()), &self.0.members, name)
    }

    /// The same of an object that is a member: what a proof signs of itself.
    #[must_use]
    pub fn inner_digest_without(&self, outer: &str, name: &str) -> Option<Digest> {
        let (_, outer) = self.place(outer)?;
        Some(self.of_rest(&outer.value, self.0.inner.get(outer.inner.clone())?, name))
    }

    fn of_rest(&self, object: &Range<usize>, members: &[Member], name: &str) -> Digest {
        let (mut start, mut end) = (object.end, object.end);
        if let Some((index, member)) = self.find(members, name) {
            // the member goes with its quotes and one comma: the one before it, or for the first the one after
            let last = index + 1 == members.len();
            start = member.name.start - 1 - usize::from(index > 0);
            end = member.value.end + usize::from(index == 0 && !last);
        }
        let (before, after) = (self.bytes().get(object.start..start), self.bytes().get(end..object.end));
        Digest::of_parts([before.unwrap_or_default(), after.unwrap_or_default()])
    }

    /// The document with one member more.
    ///
    /// # Errors
    /// [`JsonError`] if the member is there, or its value is outside the profile.
    pub fn with<T: Serialize + ?Sized>(&self, name: &str, value: &T) -> Result<Self, JsonError> {
        let named = |m: &Member| self.bytes().get(m.name.clone()).and_then(unescaped);
        let after = |m: &&Member| named(m).is_some_and(|other| *other > *name.as_bytes());
        let mut member = json::bytes(name, "name")?;
        member.push(b':');
        member.extend_from_slice(&json::bytes(value, "member")?);
        let (at, parts): (usize, [&[u8]; 3]) = match (self.0.members.iter().find(after), self.0.members.is_empty()) {
            (Some(next), _) => (next.name.start - 1, [b"", &member, b","]),
            (None, false) => (self.bytes().len().saturating_sub(1), [b",", &member, b""]),
            (None, true) => (self.bytes().len().saturating_sub(1), [b"", &member, b""]),
        };
        let (head, tail) = self.bytes().split_at_checked(at).unwrap_or((self.bytes(), b""));
        Document::read([head, &parts.concat(), tail].concat())
    }

    /// The document as a type. `what` names the type for people.
    ///
    /// # Errors
    /// [`JsonError::Shape`] when members are missing, unknown or of another type.
    pub fn parse<'a, T: Deserialize<'a>>(&'a self, what: &'static str) -> Result<T, JsonError> {
        serde_json::from_str(&self.0.text).map_err(|e| JsonError::shape(what, &e))
    }

    /// The document as a value.
    #[must_use]
    pub fn value(&self) -> Value {
        // canonical bytes are JSON
        serde_json::from_str(&self.0.text).unwrap_or_default()
    }
}

/// How many bytes stand for themselves in a text, up to the quote, backslash or control that ends them.
fn plain(text: &[u8]) -> Option<usize> {
    const WIDE: usize = 16;
    // numbers instead of branches, so that a whole chunk is compared at once
    let ends = |b: &u8| u8::from(*b < 0x20) | u8::from(*b == b'"') | u8::from(*b == b'\\');
    let none = |chunk: &&[u8; WIDE]| chunk.iter().fold(0, |any, b| any | ends(b)) == 0;
    let skipped = WIDE * text.as_chunks().0.iter().take_while(none).count();
    Some(skipped + text.get(skipped..)?.iter().position(|b| ends(b) != 0)?)
}

/// The text between the quotes, if it has no escapes.
fn plain_text(value: &[u8]) -> Option<&str> {
    let text = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    std::str::from_utf8(text).ok().filter(|t| !t.contains('\\'))
}

/// A name without its escapes: members are ordered by what their names are, not by how they are written. None for escapes that
/// stand for controls, which no name has.
fn unescaped(name: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !name.contains(&b'\\') {
        return Some(Cow::Borrowed(name));
    }
    let (mut plain, mut rest) = (Vec::with_capacity(name.len()), name.iter());
    while let Some(&byte) = rest.next() {
        plain.push(if byte == b'\\' { *rest.next().filter(|b| matches!(b, b'"' | b'\\'))? } else { byte });
    }
    Some(Cow::Owned(plain))
}

/// Walks over bytes that are canonical JSON of the profile. `None` wherever they are not: the parser of foreign text says why.
struct Scan<'b> {
    bytes: &'b [u8],
    at: usize,
    members: Vec<Member>,
    inner: Vec<Member>,
}

impl<'b> Scan<'b> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.bytes.get(self.at..)?.starts_with(word).then(|| self.at += word.len())
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        match self.peek()? {
            b'"' => self.string().map(|_| ()),
            b'{' if depth < MAX_DEPTH => self.object(depth),
            b'[' if depth < MAX_DEPTH => self.array(depth),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            _ => self.number(),
        }
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        self.take(b'[')?;
        if self.take(b']').is_some() {
            return Some(());
        }
        loop {
            self.value(depth + 1)?;
            if self.take(b',').is_none() {
                return self.take(b']');
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        self.take(b'{')?;
        if self.take(b'}').is_some() {
            return Some(());
        }
        let mut before: Option<Cow<'b, [u8]>> = None;
        loop {
            let (name, plain) = self.key()?;
            if before.is_some_and(|before| before >= plain) {
                return None;
            }
            self.take(b':')?;
            let (value, inner) = (self.at, self.inner.len());
            self.value(depth + 1)?;
            let member = Member { name, value: value..self.at, inner: inner..self.inner.len() };
            match depth {
                0 => self.members.push(member),
                1 => self.inner.push(member),
                _ => {}
            }
            before = Some(plain);
            if self.take(b',').is_none() {
                return self.take(b'}');
            }
        }
    }

    /// A name of printable ASCII: where it is written, and what it is.
    fn key(&mut self) -> Option<(Range<usize>, Cow<'b, [u8]>)> {
        let start = self.at + 1;
        let text = self.string()?;
        let printable = text.iter().all(|b| (0x20..0x7f).contains(b));
        Some((start..start + text.len(), unescaped(text).filter(|_| printable)?))
    }

    /// The text between two quotes, as it is written.
    fn string(&mut self) -> Option<&'b [u8]> {
        self.take(b'"')?;
        let start = self.at;
        loop {
            self.at += plain(self.bytes.get(self.at..)?)?;
            match self.peek()? {
                b'"' => {
                    let text = self.bytes.get(start..self.at);
                    self.at += 1;
                    return text;
                }
                b'\\' => self.escape()?,
                _ => return None,
            }
        }
    }

    /// The one spelling of a character that must be escaped (RFC 8785 section 3.2.2.2).
    fn escape(&mut self) -> Option<()> {
        self.take(b'\\')?;
        let letter = self.peek()?;
        self.at += 1;
        match letter {
            b'"' | b'\\' | b'b' | b't' | b'n' | b'f' | b'r' => Some(()),
            b'u' => {
                self.word(b"00")?;
                let (high, low) = (self.peek()?, self.bytes.get(self.at + 1).copied()?);
                self.at += 2;
                let has_letter = matches!((high, low), (b'0', b'8' | b'9' | b'a' | b'c' | b'd'));
                let hex = matches!(high, b'0' | b'1') && matches!(low, b'0'..=b'9' | b'a'..=b'f');
                (hex && !has_letter).then_some(())
            }
            _ => None,
        }
    }

    fn number(&mut self) -> Option<()> {
        let negative = self.take(b'-').is_some();
        let digits = self.bytes.get(self.at..)?;
        let digits = digits.get(..digits.iter().take_while(|b| b.is_ascii_digit()).count())?;
        self.at += digits.len();
        match digits {
            [b'0'] => (!negative).then_some(()),
            [] | [b'0', ..] => None,
            digits => {
                let number: i64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
                (number <= MAX_INTEGER).then_some(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::json::tests::document;
    use proptest::prelude::*;
    use serde_json::json;

    /// The digest of an object as if it had no such member.
    fn without(map: &serde_json::Map<String, Value>, name: &str) -> Digest {
        let mut map = map.clone();
        map.remove(name);
        Digest::of(&json::canonical(&Value::Object(map)))
    }

    proptest! {
        /// S-6: what is canonical is read, with the same digest, and member by member.
        #[test]
        fn canonical_bytes_are_read(value in document()) {
            let read = Document::of(&value).unwrap();
            prop_assert_eq!(read.bytes(), json::canonical(&value));
            prop_assert_eq!(read.digest(), Digest::of_document(&value));
            prop_assert_eq!(read.value(), value.clone());
            if let Value::Object(map) = &value {
                for (name, member) in map {
                    let canonical = json::canonical(member);
                    prop_assert_eq!(read.member(name), Some(canonical.as_slice()));
                    let rest = without(map, name);
                    prop_assert_eq!(read.digest_without(name), rest);
                    for (inner, value) in member.as_object().into_iter().flatten() {
                        let canonical = json::canonical(value);
                        prop_assert_eq!(read.inner(name, inner), Some(canonical.as_slice()));
                        let rest = without(member.as_object().unwrap(), inner);
                        prop_assert_eq!(read.inner_digest_without(name, inner), Some(rest));
                    }
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

        /// The same, near to what is canonical.
        #[test]
        fn it_agrees_with_the_parser_on_a_changed_byte(
            value in document(), at in any::<prop::sample::Index>(), byte in prop_oneof![any::<u8>(), 0x20u8..0x7f],
        ) {
            let mut bytes = json::canonical(&value);
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let parsed = json::parse(&bytes, MAX_BYTES);
            let canonical = parsed.as_ref().is_ok_and(|v| json::canonical(v) == bytes);
            prop_assert_eq!(Document::read(bytes).is_ok(), canonical);
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
            "[1,]",
            "[1 ]",
            "01",
            "\"\\u000a\"",
            "\"\\u001F\"",
            "\"\\/\"",
            "\"\u{1}\"",
            "{\"\\u0001\":1}",
            "{\"\\n\":1}",
            &deep,
        ] {
            assert!(Document::read(wrong.as_bytes().to_vec()).is_err(), "{wrong}");
        }
        // the order is that of the names, not of how they are written
        assert!(Document::of(&json!({"\"": 1, "#": 2, "\\": 3})).is_ok());
    }
}
