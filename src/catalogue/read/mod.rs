//! Catalogues of others: DCAT (Turtle, JSON-LD, RDF/XML) and CKAN's JSON, from bytes to records. Pure: no file, network or clock.
//!
//! | file | what it is |
//! |---|---|
//! | `format` | which of the formats bytes are in |
//! | `rdf` | the parsers of others, and where they stop |
//! | `graph` | statements by what they are about |
//! | `terms` | the IRIs of the vocabularies |
//! | `dcat` | one record for each `dcat:Dataset`; `parts` reads what belongs to it |
//! | `ckan` | one record for each package; `answer` takes the answer of a server apart, `members` what a package says |
//! | `lists` | access levels with their reasons, and licences |
//! | `basis` | references to the law |
//! | `draft` | what both have in common: texts in languages, days, addresses |
//!
//! A record that cannot be read is a [`Fault`] with its place, and the others are read all the same. What has no place in a
//! [`Description`] is kept in it as it was written. No address is ever asked: a remote context is a fault.

mod answer;
mod basis;
mod ckan;
mod dcat;
mod draft;
mod fault;
mod format;
mod graph;
mod lists;
mod members;
mod parts;
mod rdf;
mod terms;

use std::collections::BTreeSet;

pub use basis::act_of;
pub use fault::{Fault, Place, Problem};
pub use format::Format;
pub use lists::{AccessLevel, AccessReason, Licence, access_level, licence};

use crate::model::Iri;
use crate::model::condition::Bilingual;
use crate::model::dataset::Access;
use crate::model::description::Description;

/// The largest file, in bytes.
pub const MAX_FILE: usize = 128 << 20;
/// The longest text of one statement, in bytes.
pub const MAX_TEXT: usize = 256 << 10;
/// The most records of one file.
pub const MAX_RECORDS: usize = 50_000;
/// The most statements about one thing.
pub const MAX_STATEMENTS: usize = 10_000;
/// The largest record as it is kept, in bytes.
pub const MAX_RECORD: usize = 512 << 10;
/// How deep nodes without a name may lie within each other.
pub const MAX_DEPTH: usize = 16;
/// So many faults are told one by one; the others are counted.
pub const MAX_FAULTS: usize = 1000;

/// A dataset as a catalogue describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Its IRI in the source.
    pub id: Iri,
    /// What the source calls it in addresses, if anything.
    pub name: Option<String>,
    /// Title. A text in one language stands for both ([`Description::title_in`]).
    pub title: Bilingual,
    /// What it is.
    pub description: Bilingual,
    /// Who publishes it.
    pub publisher: String,
    /// How open it is, [`Access::Closed`] in doubt.
    pub access: Access,
    /// The licence of the data.
    pub licence: Option<Iri>,
    /// What else the source says.
    pub described: Box<Description>,
    /// The data models that it conforms to.
    pub models: Vec<Iri>,
    /// The source shows it to its own people only.
    pub hidden: bool,
    /// What in the record is not as it should be.
    pub doubts: Vec<Doubt>,
}

/// Something in a record that is not as it should be. It is imported all the same, in doubt as not open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "finding", content = "value")]
pub enum Doubt {
    /// No access level.
    NoAccess,
    /// An access level of no list that is known: its value.
    UnknownAccess(String),
    /// Several access levels: the strictest counts.
    SeveralAccess(Vec<String>),
    /// Public, and no licence says what one may do.
    NoLicence,
    /// Public, with several licences: none is that of the dataset.
    SeveralLicences(Vec<String>),
    /// Public, under a licence that gives nothing.
    ClosedLicence(String),
    /// No description: its title stands there.
    NoDescription,
    /// An address that is none, kept as it was written: the property, and its value.
    NoAddress(String, String),
}

/// What a file gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The records, in the order of the file.
    pub records: Vec<Imported>,
    /// What could not be read, at most [`MAX_FAULTS`].
    pub faults: Vec<Fault>,
    /// How many more faults there are.
    pub untold: usize,
    /// Whether all of the file was read.
    pub whole: bool,
    /// Whether the file says that there are other pages.
    pub paged: bool,
    /// The records that are there and could not be read, as far as they have a name: they are not gone.
    pub refused: BTreeSet<Iri>,
    /// How many statements are about something else than datasets and what belongs to them.
    pub beside: usize,
    /// How many records stand in the file, read or not, where it is a list.
    pub listed: u64,
    /// How many records there are in all, where the file is a page of a longer list that says so.
    pub of: Option<u64>,
}

/// What is known of a file beside its bytes.
#[derive(Debug, Clone, Default)]
pub struct Source<'a> {
    /// Its format, if it is stated.
    pub format: Option<Format>,
    /// Its name or address.
    pub name: Option<&'a str>,
    /// The media type that a server gave it.
    pub media_type: Option<&'a str>,
}

impl Reading {
    fn fault(&mut self, place: Place, problem: Problem) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault { place, problem });
        } else {
            self.untold += 1;
        }
    }

    /// Adds a fault that is seen only where several files are read together.
    pub fn told(&mut self, place: Place, problem: Problem) {
        self.fault(place, problem);
    }

    /// Whether this is all of the catalogue: only then is what it does not hold gone.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.whole && !self.paged && self.of.is_none_or(|of| self.listed >= of)
    }

    /// Adds the next page of the same list. What stands on two pages was moved while they were read: the first one counts.
    pub fn add(&mut self, page: Reading) {
        let known: BTreeSet<&Iri> = self.records.iter().map(|r| &r.id).collect();
        let mut fresh = page.records;
        fresh.retain(|record| !known.contains(&record.id));
        self.records.append(&mut fresh);
        for fault in page.faults {
            self.fault(fault.place, fault.problem);
        }
        self.untold += page.untold;
        self.whole &= page.whole;
        self.paged |= page.paged;
        self.refused.extend(page.refused);
        self.beside += page.beside;
        self.listed += page.listed;
        self.of = page.of.or(self.of);
    }

    /// A file that is not read at all.
    fn none(place: Place, problem: Problem) -> Self {
        let mut reading = Reading::default();
        reading.fault(place, problem);
        reading
    }
}

/// Reads a catalogue.
#[must_use]
pub fn read(bytes: &[u8], source: &Source<'_>) -> Reading {
    if bytes.len() > MAX_FILE {
        return Reading::none(Place::default(), Problem::FileTooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(e) => {
            let lines = bytes.get(..e.valid_up_to()).unwrap_or_default().iter().filter(|b| **b == b'\n').count();
            return Reading::none(Place::line(lines + 1), Problem::NotUtf8);
        }
    };
    match Format::of(text, source) {
        Some(Format::Ckan) => ckan::read(text, source),
        Some(format) => rdf::read(text, format, source),
        None => Reading::none(Place::default(), Problem::UnknownFormat),
    }
}
