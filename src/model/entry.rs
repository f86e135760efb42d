//! The log entry: all that the log says in public about a document (SPEC section 7).
//!
//! Five members and nothing else: no name, no title, no exact time, no business content ever enters the log. Who holds
//! a bundle finds every later entry about its case with [`about`]; nobody else can tell which entries belong together.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::as_text::as_text;
use super::{Day, Digest, Salt, Time, Urn, json};

/// The longest entry that a tile bundle can hold, in bytes (C2SP tlog-tiles: a 16-bit length).
pub const MAX_ENTRY_BYTES: usize = u16::MAX as usize;

/// Declares the closed list once: variant, text, meaning.
macro_rules! entry_types {
    ($($variant:ident $text:literal $doc:literal),+ $(,)?) => {
        /// What happened. A closed list (SPEC section 7): a reader that meets another word refuses the entry.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EntryType {
            $(#[doc = $doc] $variant),+
        }

        impl EntryType {
            /// Every type, in the order of the list.
            pub const ALL: &[EntryType] = &[$(EntryType::$variant),+];

            /// The word in the entry.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(EntryType::$variant => $text),+
                }
            }
        }

        impl FromStr for EntryType {
            type Err = EntryError;
            fn from_str(text: &str) -> Result<Self, EntryError> {
                match text {
                    $($text => Ok(EntryType::$variant),)+
                    _ => Err(EntryError::Type(text.chars().take(40).collect())),
                }
            }
        }
    };
}

entry_types! {
    Key "key" "A key statement: whose key, for which uses; also a revocation of one.",
    Mandate "mandate" "Who may decide what in whose name; also an appointment to give one approval.",
    MandateWithdrawal "mandate-withdrawal" "A mandate or appointment withdrawn before its end.",
    TrustList "trust-list" "Whose evidence counts for which fact.",
    Schema "schema" "The schema in force for all conditions of the portal.",
    ConditionSet "condition-set" "A published version of a condition set.",
    Dataset "dataset" "An import of datasets.",
    Request "request" "A request received.",
    Approval "approval" "A reviewer's yes or no on a request.",
    Decision "decision" "The end of a request, whatever the outcome.",
    Deal "deal" "A deal offered by an owner.",
    Acceptance "acceptance" "A deal accepted by the reuser.",
    Revocation "revocation" "A deal suspended, resumed or revoked, and the steps to it.",
    Review "review" "A live deal decided again with another outcome.",
    Erasure "erasure" "Side documents, input or evidence of a closed case erased.",
    AccessLog "access-log" "A part of the access log sealed by its digest.",
    Term "term" "The term of a request or objection suspended, resumed or extended.",
    Objection "objection" "An objection to a decision.",
    Restart "restart" "A log that continues another one under a new key and origin.",
}

as_text!(EntryType);

impl fmt::Display for EntryType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The blinded case: see [`about`].
    pub about: Digest,
    /// Digest of the document that this entry logs.
    pub digest: Digest,
    /// A random UUID of version 4, so that it says nothing.
    pub id: Urn,
    /// The UTC day only; the exact time is in the document.
    pub time: Day,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EntryType,
}

/// Why bytes are no log entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum EntryError {
    /// Not a document of the record profile, or of another shape.
    #[error("not a log entry: {0}")]
    #[diagnostic(code(entry::json), help("an entry has the members about, digest, id, time and type, and no others"))]
    Json(json::JsonError),
    /// A document that says the same, in other bytes.
    #[error("the log entry `{0}` is not written canonically")]
    #[diagnostic(
        code(entry::canonical),
        help("only the canonical bytes are an entry: no white space, members in order")
    )]
    NotCanonical(Urn),
    /// A word outside the list.
    #[error("`{0}` is not a type of log entry")]
    #[diagnostic(code(entry::kind), help("the types are listed in SPEC.md section 7"))]
    Type(String),
}

impl Entry {
    /// The entry for a document of a case. Give no salt for a public document; its case is its own id.
    #[must_use]
    pub fn new(kind: EntryType, id: Urn, case: &str, salt: Option<&Salt>, digest: Digest, now: Time) -> Self {
        Entry { about: about(case, &id, salt), digest, id, time: now.into(), kind }
    }

    /// The canonical bytes: these are the leaf of the tree (SPEC S-6).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // digests, ids, days and types need no escaping
        let Entry { about, digest, id, time, kind } = self;
        format!(r#"{{"about":"{about}","digest":"{digest}","id":"{id}","time":"{time}","type":"{kind}"}}"#).into_bytes()
    }

    /// Reads an entry. Only canonical bytes are read, so that one entry has one leaf hash.
    ///
    /// # Errors
    /// The first thing that makes the bytes no entry.
    pub fn parse(bytes: &[u8]) -> Result<Self, EntryError> {
        // what is written again to the same bytes is in the profile; only what is not is read for its fault
        if bytes.len() <= MAX_ENTRY_BYTES
            && let Ok(entry) = serde_json::from_slice::<Entry>(bytes)
            && entry.to_bytes() == bytes
        {
            return Ok(entry);
        }
        let document = json::parse(bytes, MAX_ENTRY_BYTES).map_err(EntryError::Json)?;
        let entry: Entry = json::from_value(document, "log entry").map_err(EntryError::Json)?;
        Err(EntryError::NotCanonical(entry.id))
    }
}

/// SHA-256 of canonical `{"case":C,"entry":ID,"salt":S}`: tells the holder of case and salt, and nobody else, that an
/// entry belongs to the case. `None` stands for the empty salt of public documents.
#[must_use]
pub fn about(case: &str, entry: &Urn, salt: Option<&Salt>) -> Digest {
    let case = serde_json::Value::from(case);
    let salt = salt.map(Salt::to_string).unwrap_or_default();
    Digest::of(format!(r#"{{"case":{case},"entry":"{entry}","salt":"{salt}"}}"#).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let id: Urn = "urn:uuid:1a2b3c4d-5e6f-4a1b-8c2d-3e4f5a6b7c8d".parse().unwrap();
        let now = "2026-11-25T09:30:00Z".parse().unwrap();
        Entry::new(EntryType::Deal, id, "urn:uuid:x", Some(&Salt::new([7; 32])), Digest::of(b"deal"), now)
    }

    /// S-130 S-6: five members, in order, and only the day.
    #[test]
    fn an_entry_is_written_in_one_way() {
        let bytes = entry().to_bytes();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.starts_with("{\"about\":\""), "{text}");
        let tail =
            ",\"id\":\"urn:uuid:1a2b3c4d-5e6f-4a1b-8c2d-3e4f5a6b7c8d\",\"time\":\"2026-11-25\",\"type\":\"deal\"}";
        assert!(text.ends_with(tail), "{text}");
        assert_eq!(Entry::parse(&bytes).unwrap(), entry());
    }

    /// S-130: any other bytes are no entry.
    #[test]
    fn other_bytes_are_refused() {
        let text = String::from_utf8(entry().to_bytes()).unwrap();
        let spaced = text.replacen(':', ": ", 1);
        assert!(matches!(Entry::parse(spaced.as_bytes()), Err(EntryError::NotCanonical(_))));
        for bad in [
            text.replace("\"type\":\"deal\"", "\"type\":\"gift\""),
            text.replace("\"type\":\"deal\"", "\"type\":\"deal\",\"who\":\"me\""),
            text.replace("2026-11-25", "2026-11-25T09:30:00Z"),
            text.replace("\"digest\"", "\"diges\""),
            String::new(),
        ] {
            assert!(Entry::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(Entry::parse(text.replace("2026-11-25", "2026-11-5").as_bytes()).is_err());
    }

    /// S-132: `about` is blinded.
    #[test]
    fn only_the_holder_of_case_and_salt_links_entries() {
        let id = entry().id;
        let salt = Salt::new([7; 32]);
        assert_eq!(entry().about, about("urn:uuid:x", &id, Some(&salt)));
        assert_ne!(entry().about, about("urn:uuid:x", &id, None));
        assert_ne!(entry().about, about("urn:uuid:y", &id, Some(&salt)));
        let empty = format!("{{\"case\":\"c\",\"entry\":\"{id}\",\"salt\":\"\"}}");
        assert_eq!(about("c", &id, None), Digest::of(empty.as_bytes()));
    }

    /// S-131: a closed list.
    #[test]
    fn the_list_of_types_reads_and_writes() {
        for kind in EntryType::ALL {
            assert_eq!(kind.as_str().parse::<EntryType>().unwrap(), *kind);
        }
        assert!("Deal".parse::<EntryType>().is_err());
    }
}
