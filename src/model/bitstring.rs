//! The bits of a status list (W3C Bitstring Status List v1.0): one bit for each deal of an owner, compressed.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;

/// How many places a list of ours has: enough for a million deals of one owner, and a random one is free at the first try. Empty places
/// cost nothing, since lists are compressed.
pub const STATUS_SIZE: u32 = 1 << 20;

/// The bytes of [`STATUS_SIZE`] bits.
const BYTES: usize = 128 << 10;
/// The fewest bytes that the specification allows, so that the number of deals stays unknown.
const MIN_BYTES: usize = 16 << 10;
/// The most bytes that a list is decompressed to: eight million places.
const MAX_BYTES: usize = 1 << 20;

/// Why a text is no list of bits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum BitstringError {
    /// Not base64url behind a `u`.
    #[error("a status list is base64url without padding, with a `u` before it")]
    #[diagnostic(code(bitstring::encoding), help("take `encodedList` as it stands in the list"))]
    Encoding,
    /// Not compressed as it should be.
    #[error("a status list cannot be decompressed: {0}")]
    #[diagnostic(code(bitstring::gzip), help("`encodedList` holds one gzip stream: get the list again"))]
    Gzip(String),
    /// Too short or too long.
    #[error("a status list has {0} bytes, which is not between 16384 and 1048576")]
    #[diagnostic(code(bitstring::length), help("a list has at least 131072 places; larger ones are split"))]
    Length(usize),
}

/// A list of bits; bit 0 is the leftmost of byte 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitstring(Vec<u8>);

impl Default for Bitstring {
    /// [`STATUS_SIZE`] places, none set.
    fn default() -> Self {
        Bitstring(vec![0; BYTES])
    }
}

impl Bitstring {
    /// Sets a bit; false if there is no such place.
    #[must_use]
    pub fn set(&mut self, place: u32) -> bool {
        let (byte, mask) = at(place);
        match self.0.get_mut(byte) {
            Some(byte) => {
                *byte |= mask;
                true
            }
            None => false,
        }
    }

    /// Whether a bit is set; `None` if there is no such place.
    #[must_use]
    pub fn get(&self, place: u32) -> Option<bool> {
        let (byte, mask) = at(place);
        self.0.get(byte).map(|byte| byte & mask != 0)
    }

    /// The text of `encodedList`.
    ///
    /// # Errors
    /// Never: memory takes what is written to it.
    pub fn encode(&self) -> Result<String, BitstringError> {
        let failed = |e: std::io::Error| BitstringError::Gzip(e.to_string());
        let mut out = GzEncoder::new(Vec::new(), Compression::best());
        out.write_all(&self.0).map_err(failed)?;
        Ok(format!("u{}", URL_SAFE_NO_PAD.encode(out.finish().map_err(failed)?)))
    }

    /// Reads the text of `encodedList`. Never decompresses more than 1 MiB.
    ///
    /// # Errors
    /// [`BitstringError`] with what is wrong.
    pub fn decode(text: &str) -> Result<Self, BitstringError> {
        // gzip never makes much more of what it is given
        let text = text.strip_prefix('u').filter(|t| t.len() <= 2 * MAX_BYTES).ok_or(BitstringError::Encoding)?;
        let packed = URL_SAFE_NO_PAD.decode(text).map_err(|_| BitstringError::Encoding)?;
        let mut rest = packed.as_slice();
        let mut bits = Vec::new();
        let read = GzDecoder::new(&mut rest).take(MAX_BYTES as u64 + 1).read_to_end(&mut bits);
        read.map_err(|e| BitstringError::Gzip(e.to_string()))?;
        if !(MIN_BYTES..=MAX_BYTES).contains(&bits.len()) {
            return Err(BitstringError::Length(bits.len()));
        }
        match rest.is_empty() {
            true => Ok(Bitstring(bits)),
            false => Err(BitstringError::Gzip("something follows the stream".to_owned())),
        }
    }
}

/// In which byte a place is, and the mask of its bit there.
#[must_use]
pub fn at(place: u32) -> (usize, u8) {
    (usize::try_from(place / 8).unwrap_or(usize::MAX), 0x80 >> (place % 8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The empty list of the W3C text, and one with bits 0, 94567 and 131071 that another program made and read.
    #[test]
    fn reads_lists_that_others_made() {
        let empty = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA";
        assert!(Bitstring::decode(empty).unwrap() == Bitstring(vec![0; MIN_BYTES]), "131,072 places, none set");
        let three = "uH4sIAAAAAAACA-3QAQ0AAAgDIN_c6M-hgwjsAAAAAAAAAAAAAADwTRQAAAAAXJMCpM6u2wBAAAA";
        let read = Bitstring::decode(three).unwrap();
        let set: Vec<u32> = (0..STATUS_SIZE).filter(|place| read.get(*place) == Some(true)).collect();
        assert_eq!(set, [0, 94567, 131_071]);
        assert_eq!(read.get(STATUS_SIZE), None);
        assert_eq!(read.0[0], 0x80, "bit 0 is the leftmost");
    }

    #[test]
    fn other_texts_are_refused() {
        let packed = |bytes: &[u8]| {
            let mut out = GzEncoder::new(Vec::new(), Compression::best());
            out.write_all(bytes).unwrap();
            out.finish().unwrap()
        };
        let text = |bytes: &[u8]| format!("u{}", URL_SAFE_NO_PAD.encode(bytes));
        let good = packed(&[0; MIN_BYTES]);
        assert!(Bitstring::decode(&text(&good)).is_ok());
        // what decompresses to far more than any list is not decompressed
        let bomb = text(&packed(&vec![0; 64 << 20]));
        assert_eq!(Bitstring::decode(&bomb).unwrap_err(), BitstringError::Length(MAX_BYTES + 1));
        assert_eq!(Bitstring::decode(&text(&packed(&[0; 100]))).unwrap_err(), BitstringError::Length(100));
        assert_eq!(Bitstring::decode(&format!("{}=", text(&good))).unwrap_err(), BitstringError::Encoding);
        assert_eq!(Bitstring::decode(text(&good).strip_prefix('u').unwrap()).unwrap_err(), BitstringError::Encoding);
        for bad in [&good[..good.len() - 1], &[good.as_slice(), b"x"].concat(), b"no gzip", b""] {
            assert!(matches!(Bitstring::decode(&text(bad)), Err(BitstringError::Gzip(_))), "{}", bad.len());
        }
        assert!(!Bitstring::default().set(STATUS_SIZE));
    }

    proptest! {
        #[test]
        fn what_is_set_is_read_back(places in prop::collection::btree_set(0..STATUS_SIZE, 0..40)) {
            let mut bits = Bitstring::default();
            prop_assert!(places.iter().all(|place| bits.set(*place)));
            let read = Bitstring::decode(&bits.encode().unwrap()).unwrap();
            let set: std::collections::BTreeSet<u32> = (0..STATUS_SIZE).filter(|p| read.get(*p) == Some(true)).collect();
            prop_assert_eq!(set, places);
        }
    }
}
