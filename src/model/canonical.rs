//! Canonical bytes, written straight from a type (RFC 8785 within the record profile; SPEC S-6): UTF-8, no white space, the members of each object in
//! the order of their names. Texts and numbers are as `serde_json` writes them, which within the profile is as the RFC asks.

use std::borrow::Cow;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::io;
use std::ops::Range;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

/// The canonical bytes of a value.
///
/// # Errors
/// It holds what JSON cannot, or a member twice.
pub(super) fn write<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Vec<u8>> {
    let out = RefCell::new(Vec::with_capacity(1024));
    let order = Order { out: &out, members: Vec::new(), begun: Vec::new(), spare: Vec::new() };
    value.serialize(&mut Serializer::with_formatter(Writer(&out), order))?;
    Ok(out.into_inner())
}

/// Where the serializer writes to: what stands there already, [`Order`] moves.
struct Writer<'o>(&'o RefCell<Vec<u8>>);

impl io::Write for Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Puts the members of an object in order when it ends.
struct Order<'o> {
    out: &'o RefCell<Vec<u8>>,
    /// Those of the objects that are not at their end yet.
    members: Vec<Member>,
    /// Where the members of each of these begin.
    begun: Vec<usize>,
    /// Where members are put in order.
    spare: Vec<u8>,
}

/// Where a member stands.
struct Member {
    /// Its name, without the quotes.
    name: Range<usize>,
    end: usize,
}

impl Order<'_> {
    fn at(&self) -> usize {
        self.out.borrow().len()
    }

    fn put_in_order(&mut self, first: usize) -> io::Result<()> {
        let Some(members) = self.members.get_mut(first..) else { return Ok(()) };
        let mut out = self.out.borrow_mut();
        let start = members.first().map_or(out.len(), |m| m.name.start - 1);
        let compare = |a: &Member, b: &Member| names(&out, a, b);
        if !members.is_sorted_by(|a, b| compare(a, b) == Ordering::Less) {
            members.sort_unstable_by(compare);
            if members.windows(2).any(|two| matches!(two, [a, b] if compare(a, b) == Ordering::Equal)) {
                return Err(io::Error::other("a member stands twice"));
            }
            self.spare.clear();
            for member in &*members {
                if !self.spare.is_empty() {
                    self.spare.push(b',');
                }
                self.spare.extend_from_slice(out.get(member.name.start - 1..member.end).unwrap_or_default());
            }
            out.truncate(start);
            out.extend_from_slice(&self.spare);
        }
        self.members.truncate(first);
        Ok(())
    }
}

/// The order of names is that of what they are, not of how they are written.
fn names(out: &[u8], a: &Member, b: &Member) -> Ordering {
    let name = |m: &Member| {
        let written = out.get(m.name.clone()).unwrap_or_default();
        if !written.contains(&b'\\') {
            return Cow::Borrowed(written);
        }
        let quoted = out.get(m.name.start - 1..m.name.end + 1).unwrap_or_default();
        Cow::Owned(serde_json::from_slice::<String>(quoted).unwrap_or_default().into_bytes())
    };
    name(a).cmp(&name(b))
}

impl Formatter for Order<'_> {
    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begun.push(self.members.len());
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if let Some(first) = self.begun.pop() {
            self.put_in_order(first)?;
        }
        writer.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        let name = self.at() + 1;
        self.members.push(Member { name: name..name, end: name });
        Ok(())
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let end = self.at() - 1;
        if let Some(member) = self.members.last_mut() {
            member.name.end = end;
        }
        writer.write_all(b":")
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        let end = self.at();
        if let Some(member) = self.members.last_mut() {
            member.end = end;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// S-6: members of a type stand in the order of their names within each object, whatever the order of its fields.
    #[test]
    fn members_are_put_in_order() {
        #[derive(Serialize)]
        struct Inner {
            z: Vec<BTreeMap<&'static str, i64>>,
            a: Option<bool>,
            empty: BTreeMap<String, u8>,
        }
        #[derive(Serialize)]
        struct Outer {
            #[serde(rename = "b\n")]
            control: &'static str,
            #[serde(rename = "\\")]
            backslash: u64,
            #[serde(rename = "]")]
            bracket: Inner,
            #[serde(rename = "\"")]
            quote: &'static str,
        }
        let inner =
            Inner { z: vec![[("b", -1), ("a", 2)].into(), BTreeMap::new()], a: Some(true), empty: BTreeMap::new() };
        let outer = Outer { control: "é\u{1f}\"", backslash: 7, bracket: inner, quote: "" };
        let text = String::from_utf8(write(&outer).unwrap()).unwrap();
        let expected = r#"{"\"":"","\\":7,"]":{"a":true,"empty":{},"z":[{"a":2,"b":-1},{}]},"b\n":"é\u001f\""}"#;
        assert_eq!(text, expected);
    }

    /// S-1: no key twice.
    #[test]
    fn a_member_that_stands_twice_is_an_error() {
        #[derive(Serialize)]
        struct Twice {
            a: u8,
            #[serde(flatten)]
            more: BTreeMap<&'static str, u8>,
        }
        let of = |name| write(&Twice { a: 1, more: [(name, 2)].into() }).map_err(|e| e.to_string());
        assert_eq!(of("b").unwrap(), b"{\"a\":1,\"b\":2}");
        assert_eq!(of("a").unwrap_err(), "a member stands twice");
    }
}
