//! Names of things: organisations by register and number, datasets by IRI, records by UUID. Parsed once, private inside.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use super::as_text::as_text;

/// Why a text names nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum IdError {
    /// Not an organisation id.
    #[error("`{value}` is not an organisation: {why}")]
    #[diagnostic(
        code(id::organisation),
        help("write register and number, for instance `NL.KVK:69599084` or `NL.OIN:00000001003214345000`")
    )]
    Organisation {
        /// The text.
        value: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Not an absolute IRI.
    #[error("`{0}` is not an absolute IRI")]
    #[diagnostic(
        code(id::iri),
        help("write it in full, for instance `https://data.overheid.nl/dataset/...`, without spaces")
    )]
    Iri(String),
    /// Not a short name.
    #[error("`{0}` is not a name of small letters, digits and dashes that starts with a letter")]
    #[diagnostic(code(id::name), help("for instance `data-steward`"))]
    Name(String),
    /// Not a UUID URN.
    #[error("`{0}` is not an id like `urn:uuid:0193...`")]
    #[diagnostic(code(id::urn))]
    Urn(String),
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

/// An id that is text inside: serde, `Display`, `Debug`, `as_str`.
macro_rules! text_id {
    ($name:ident, $how:ident = $schema:literal, $example:literal) => {
        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        as_text!($name, $how = $schema, $example);
    };
}

/// An organisation: the register that knows it and its number there, `NL.KVK:69599084` (SPEC S-11). Never its key.
///
/// Registers: `NL.KVK` (8 digits), `NL.RSIN` (9 digits, eleven test), `NL.OIN` (20 characters, Logius OIN-Stelsel),
/// `EUID` (register code, dot, number), `LEI` (ISO 17442, check digits by ISO 7064 mod 97-10).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrgId(String);
text_id!(OrgId, pattern = "^(NL\\.KVK|NL\\.RSIN|NL\\.OIN|EUID|LEI):.+$", "NL.KVK:69599084");

impl OrgId {
    /// The register: `NL.KVK`, `NL.RSIN`, `NL.OIN`, `EUID` or `LEI`.
    #[must_use]
    pub fn register(&self) -> &str {
        self.0.split_once(':').map_or("", |(r, _)| r)
    }

    /// The number in that register.
    #[must_use]
    pub fn number(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, n)| n)
    }
}

impl FromStr for OrgId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let err = |why| IdError::Organisation { value: short(text), why };
        let (register, number) = text.split_once(':').ok_or_else(|| err("no register before a colon"))?;
        check_register_number(register, number).map_err(err)?;
        Ok(OrgId(text.to_owned()))
    }
}

/// Checks a number by the rules of its register; the error says which rule.
///
/// # Errors
/// The rule that the number breaks, in plain words.
pub fn check_register_number(register: &str, number: &str) -> Result<(), &'static str> {
    let digits = |n: usize| number.len() == n && number.bytes().all(|b| b.is_ascii_digit());
    let ok = |holds: bool, why| if holds { Ok(()) } else { Err(why) };
    match register {
        "NL.KVK" => ok(digits(8), "a trade register number has 8 digits"),
        "NL.RSIN" => ok(digits(9) && eleven_test(number), "an RSIN has 9 digits that pass the eleven test"),
        "NL.OIN" => ok(is_oin(number), "an OIN has 20 characters: 8 of prefix, then number and zeros"),
        "EUID" => ok(is_euid(number), "an EUID is country and register code, a dot, and a number"),
        "LEI" => ok(is_lei(number), "an LEI has 20 letters and digits with a right check number"),
        _ => Err("the register is none of NL.KVK, NL.RSIN, NL.OIN, EUID, LEI"),
    }
}

/// Weights 9..2 and -1 over nine digits; the sum is a multiple of eleven.
fn eleven_test(number: &str) -> bool {
    let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
    let sum: i32 = number.bytes().zip(weights).map(|(b, w)| i32::from(b - b'0') * w).sum();
    sum % 11 == 0 && number.bytes().any(|b| b != b'0')
}

/// Logius OIN-Stelsel chapter 6: the prefix says which register the main number comes from.
fn is_oin(number: &str) -> bool {
    let (Some(prefix), Some(rest)) = (number.get(..8), number.get(8..)) else { return false };
    let all = |t: &str, alnum: bool| t.bytes().all(|b| b.is_ascii_digit() || (alnum && b.is_ascii_uppercase()));
    if number.len() != 20 || !all(prefix, false) {
        return false;
    }
    match prefix {
        "00000001" | "00000002" | "00000004" => all(rest, false) && rest.ends_with("000"),
        "00000003" => all(rest, false) && rest.ends_with("0000"),
        "00000006" | "00000007" | "00000008" | "00000009" | "00000010" | "00000099" => all(rest, true),
        _ => false,
    }
}

fn is_euid(number: &str) -> bool {
    let Some((register, id)) = number.split_once('.') else { return false };
    (3..=12).contains(&register.len())
        && register.bytes().take(2).all(|b| b.is_ascii_uppercase())
        && register.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && (1..=30).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.' || b == b'_')
}

fn is_lei(number: &str) -> bool {
    number.len() == 20
        && number.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && number.bytes().fold(0u32, |acc, b| {
            if b.is_ascii_digit() {
                (acc * 10 + u32::from(b - b'0')) % 97
            } else {
                (acc * 100 + u32::from(b - b'A') + 10) % 97
            }
        }) == 1
}

/// An absolute IRI of at most 2,048 bytes: scheme, colon, no white space and none of `<>"{}|\^` and backquote. Datasets are named by
/// the IRI of their source.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iri(String);
text_id!(Iri, format = "iri", "https://data.overheid.nl/dataset/example");

impl FromStr for Iri {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let (scheme, rest) = text.split_once(':').ok_or_else(|| IdError::Iri(short(text)))?;
        let scheme_ok = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
        // most are ASCII: what is not is looked at as characters, for there are spaces and controls among them
        let no_ascii =
            |b: u8| matches!(b, 0..=b' ' | 0x7f | b'<' | b'>' | b'"' | b'{' | b'}' | b'|' | b'\\' | b'^' | b'`');
        let no_other = |c: char| c.is_whitespace() || c.is_control();
        let ascii = rest.is_ascii();
        let rest_ok = !rest.is_empty() && !rest.bytes().any(no_ascii) && (ascii || !rest.chars().any(no_other));
        if scheme_ok && rest_ok && text.len() <= 2048 {
            Ok(Iri(text.to_owned()))
        } else {
            Err(IdError::Iri(short(text)))
        }
    }
}

/// A dataset as a question names it: by its slug, or by its IRI.
#[derive(Clone, PartialEq, Eq)]
pub struct DatasetName(String);
text_id!(
    DatasetName,
    pattern = "^([a-z][a-z0-9-]{0,63}|[A-Za-z][A-Za-z0-9+.-]{0,31}:[^\\s<>\"{}|\\\\^`]{1,2000})$",
    "education"
);

impl FromStr for DatasetName {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let read = if text.contains(':') { text.parse::<Iri>().map(drop) } else { text.parse::<Name>().map(drop) };
        read.map(|()| DatasetName(text.to_owned()))
    }
}

/// A short name for typing and for conditions: `[a-z][a-z0-9-]*`, at most 64 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);
text_id!(Name, pattern = "^[a-z][a-z0-9-]{0,63}$", "data-steward");

impl FromStr for Name {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let ok = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && text.len() <= 64;
        if ok { Ok(Name(text.to_owned())) } else { Err(IdError::Name(short(text))) }
    }
}

/// A set, request, decision or deal: `urn:uuid:...` (version 7, so ids sort by time of making).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Urn(Uuid);
as_text!(
    Urn,
    pattern = "^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
    "urn:uuid:01a211ee-ea80-7922-b29e-0c5c73062b0f"
);

impl Urn {
    /// From a UUID that the caller made.
    #[must_use]
    pub fn new(uuid: Uuid) -> Self {
        Urn(uuid)
    }

    /// The UUID.
    #[must_use]
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl FromStr for Urn {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let urn = text.strip_prefix("urn:uuid:").and_then(|t| Uuid::try_parse(t).ok()).map(Urn);
        urn.filter(|u| u.0.urn().encode_lower(&mut Uuid::encode_buffer()) == text)
            .ok_or_else(|| IdError::Urn(short(text)))
    }
}

impl fmt::Display for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.urn().encode_lower(&mut Uuid::encode_buffer()))
    }
}

impl fmt::Debug for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S-11: each register's own check.
    #[test]
    fn organisations_are_checked_by_their_register() {
        for good in [
            "NL.KVK:69599084",
            "NL.RSIN:123456782",
            "NL.OIN:00000001123456782000",
            "NL.OIN:00000003695990840000",
            "EUID:NLNHR.69599084",
            "LEI:5493001KJTIIGC8Y1R12",
        ] {
            assert_eq!(good.parse::<OrgId>().unwrap().as_str(), good);
        }
        for bad in [
            "69599084",
            "NL.KVK:6959908",
            "NL.KVK:6959908a",
            "NL.RSIN:123456789",
            "NL.RSIN:000000000",
            "NL.OIN:00000003695990841000",
            "NL.OIN:0000000369599084000",
            "EUID:nl.1",
            "LEI:5493001KJTIIGC8Y1R13",
            "UK.CH:1",
            "",
        ] {
            assert!(bad.parse::<OrgId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn names_iris_and_urns() {
        assert!("data-steward".parse::<Name>().is_ok());
        for bad in ["", "-a", "9a", "A", "a_b", "é"] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
        assert!("https://example.nl/id/dataset/é".parse::<Iri>().is_ok());
        for bad in ["", "x", "https:", "https://a b", "1a:b", "a:<b>"] {
            assert!(bad.parse::<Iri>().is_err(), "{bad}");
        }
        let urn = "urn:uuid:01936f5e-7c1a-7def-8a2b-3c4d5e6f7081";
        assert_eq!(urn.parse::<Urn>().unwrap().to_string(), urn);
        assert!("urn:uuid:01936F5E-7C1A-7DEF-8A2B-3C4D5E6F7081".parse::<Urn>().is_err());
        assert!("urn:uuid:01936f5e7c1a7def8a2b3c4d5e6f7081".parse::<Urn>().is_err());
    }
}
