//! A document as its canonical bytes (SPEC section 2): the form that is signed, hashed, kept and logged.
//!
//! Reading checks that bytes are canonical in one pass and without a tree of values; a member is then a slice, and the document
//! without its proof two slices. An audit reads every record of a log, so this is its speed.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
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
    members: Vec<Member>,
}

/// A member of the outermost object.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    /// Its name, not as it is written: members stand in the order of their names.
    name: Box<[u8]>,
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
        let mut scan = Scan { bytes: &bytes, at: 0, members: Vec::with_capacity(12) };
        let canonical = scan.value(0).is_some() && scan.at == bytes.len();
        let members = scan.members;
        let bytes = match String::from_utf8(bytes) {
            Ok(text) if canonical => {
                let digest = Digest::of(text.as_bytes());
                return Ok(Document(Arc::new(Read { text, digest, members })));
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

    /// The text of a member that needs no escapes, as ids, times and salts.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        let text = self.0.text.get(self.place(name)?.1.value.clone())?;
        text.strip_prefix('"')?.strip_suffix('"').filter(|t| !t.contains('\\'))
    }

    fn place(&self, name: &str) -> Option<(usize, &Member)> {
        self.0.members.iter().enumerate().find(|(_, m)| *m.name == *name.as_bytes())
    }

    /// SHA-256 of the canonical bytes of the document as if it had no such member: what a proof signs.
    #[must_use]
    pub fn digest_without(&self, name: &str) -> Digest {
        let Some((index, member)) = self.place(name) else { return self.0.digest };
        // the member goes with its quotes and one comma: the one before it, or for the first the one after
        let last = index + 1 == self.0.members.len();
        let start = member.start - usize::from(index > 0);
        let end = member.value.end + usize::from(index == 0 && !last);
        let (before, after) = (self.bytes().get(..start), self.bytes().get(end..));
        Digest::of_parts([before.unwrap_or_default(), after.unwrap_or_default()])
    }

    /// The document with one member more.
    ///
    /// # Errors
    /// [`JsonError`] if the member is there, or its value is outside the profile.
    pub fn with(&self, name: &str, value: &Value) -> Result<Self, JsonError> {
        let after = |m: &&Member| *m.name > *name.as_bytes();
        let mut member = Vec::new();
        json::string(name, &mut member);
        member.push(b':');
        member.extend_from_slice(&json::canonical(value));
        let (at, parts): (usize, [&[u8]; 3]) = match (self.0.members.iter().find(after), self.0.members.is_empty()) {
            (Some(next), _) => (next.start, [b"", &member, b","]),
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

/// Walks over bytes that are canonical JSON of the profile. `None` wherever they are not: the parser of foreign text says why.
struct Scan<'b> {
    bytes: &'b [u8],
    at: usize,
    members: Vec<Member>,
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
            let start = self.at;
            let name = self.key()?;
            if before.is_some_and(|before| before >= name) {
                return None;
            }
            self.take(b':')?;
            let value = self.at;
            self.value(depth + 1)?;
            if depth == 0 {
                self.members.push(Member { name: name.clone().into(), start, value: value..self.at });
            }
            before = Some(name);
            if self.take(b',').is_none() {
                return self.take(b'}');
            }
        }
    }

    /// A name of printable ASCII, without its escapes: members are ordered by what their names are, not by how they are written.
    fn key(&mut self) -> Option<Cow<'b, [u8]>> {
        let text = self.string()?;
        if !text.iter().all(|b| (0x20..0x7f).contains(b)) {
            return None;
        }
        if !text.contains(&b'\\') {
            return Some(Cow::Borrowed(text));
        }
        let (mut plain, mut rest) = (Vec::with_capacity(text.len()), text.iter());
        while let Some(&byte) = rest.next() {
            // the other escapes stand for controls, which no name has
            let escaped = || rest.clone().next().copied().filter(|b| matches!(b, b'"' | b'\\'));
            plain.push(if byte == b'\\' { escaped()? } else { byte });
            if byte == b'\\' {
                rest.next();
            }
        }
        Some(Cow::Owned(plain))
    }

    /// The text between two quotes, as it is written.
    fn string(&mut self) -> Option<&'b [u8]> {
        self.take(b'"')?;
        let start = self.at;
        loop {
            let rest = self.bytes.get(self.at..)?;
            let plain = memchr::memchr2(b'"', b'\\', rest)?;
            if rest.get(..plain)?.iter().any(|b| *b < 0x20) {
                return None;
            }
            self.at += plain;
            if self.peek()? == b'"' {
                let text = self.bytes.get(start..self.at);
                self.at += 1;
                return text;
            }
            self.escape()?;
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
                    let rest = Digest::of(&json::canonical_without(map, name));
                    prop_assert_eq!(read.digest_without(name), rest);
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
