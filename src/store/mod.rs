//! Memory that survives. The promise is written here, on [`Store`]; a backend only keeps it.
//!
//! Four kinds of things, and no more. *Rows* change: the state of the portal, each with a version; those of datasets have *words* to be found
//! by. *Records* are signed documents and *leaves* the entries of the log, both append-only. *Hashes* are the tree over the leaves. A store
//! holds bytes: it parses no record, checks no signature, stems no word and knows nothing of Merkle trees.
//!
//! Nothing above this room may assume that it is the only process that writes.

use std::fmt;
use std::path::Path;

use crate::merkle::Hash;
use crate::model::entry::EntryType;
use crate::model::{Digest, Time};

mod batch;
mod error;
pub mod sqlite;
mod words;

pub use batch::{Advance, Batch, Guard, Item, Write};
pub use error::{CommitError, Refusal, StoreError};
pub use words::{Found, Pattern, Search, Sought, Spoken, Worded, Words};

/// What is durable, ordered and unique, for every backend; `tests/it/store/` holds each of them to it.
///
/// * **All or nothing.** [`commit`](Store::commit) is one transaction at serializable isolation, also between
///   processes.
/// * **Durable on return.** When `commit` has returned `Ok`, a power cut loses nothing of it. No read ever shows what a
///   power cut could still take away.
/// * **Ordered.** The items of a batch take effect one after the other: the guards of an item see the writes of the
///   items before it. A read that starts after a commit has returned sees it, from any process.
/// * **Append-only.** A record, leaf or hash, once there, is never changed or removed. Leaves are numbered from 0
///   without a gap, hashes from 0 without a gap in each level, and the log never gets smaller.
/// * **Unique.** A record by its id; a row by kind and key; who took a place of a list. That no digest is there twice is the callers' to keep, by
///   giving a record the id that stands in its bytes.
/// * **Versions grow.** A row starts at version 1 or more and each write adds one; a key that is used again after its
///   row was deleted goes on above the deleted version, so an old guard never fits a new row.
/// * **Words follow their row.** They go with it, keep the number under which it is found while it is there, and say of which of its versions
///   they are. They never make a row change: its version stays.
/// * **Not found is a value.** Lookups say `None`, lists are empty; errors are for the store itself.
///
/// Lists are paged by key: give the last key of a page as `after` to get the next one. No list sees half a commit, but
/// two pages may see two states.
pub trait Store: Send + Sync + fmt::Debug {
    /// Writes a batch: swap check, then each item's guards, limits and writes in order, then the log's advance.
    ///
    /// # Errors
    /// [`CommitError::Refused`] names every item that cannot be committed, found as if those items were left out: the
    /// rest would have passed. [`CommitError::Swap`] if the log has another size than the batch starts from. In both
    /// cases, and for every [`StoreError`] that does not [leave doubt](StoreError::leaves_doubt), nothing was kept.
    fn commit(&self, batch: &Batch<'_>) -> Result<(), CommitError>;

    /// To be called after a commit failed with an error that [leaves doubt](StoreError::leaves_doubt), before anything
    /// else is read or written: when it returns, that commit is either visible to every read and durable, or gone for
    /// good.
    ///
    /// # Errors
    /// The outcome is still open: nobody may be told that the commit was kept, or that it was not.
    fn settle(&self) -> Result<(), StoreError>;

    /// Does what the store has put off so that nobody waits for it. The log calls this when everybody in a batch has been answered;
    /// whoever never does loses nothing but speed.
    fn rest(&self) {}

    /// The log as of the last commit that advanced it; `None` while the log is empty.
    ///
    /// # Errors
    /// The store cannot be read.
    fn head(&self) -> Result<Option<Head>, StoreError>;

    /// In which epoch each kind is whose rows [seldom change](Kind::seldom_changes): it grows with every commit that writes one. What
    /// was read in an epoch still holds while the epoch is the same.
    ///
    /// # Errors
    /// The store cannot be read.
    fn epochs(&self) -> Result<Epochs, StoreError>;

    /// One row.
    ///
    /// # Errors
    /// The store cannot be read.
    fn row(&self, kind: Kind, key: &str) -> Result<Option<Row>, StoreError>;

    /// Rows of a kind in the order of their keys, all of them or those of one parent.
    ///
    /// # Errors
    /// The store cannot be read.
    fn rows(&self, kind: Kind, parent: Option<&str>, after: Option<&str>, limit: usize)
    -> Result<Vec<Row>, StoreError>;

    /// The keys that are [listed](Write::List) under a parent, in their order.
    ///
    /// # Errors
    /// The store cannot be read.
    fn listed(&self, index: Index, parent: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, StoreError>;

    /// Whether somebody [took](Write::Take) a place of a list.
    ///
    /// # Errors
    /// The store cannot be read.
    fn is_taken(&self, list: &str, place: u32) -> Result<bool, StoreError>;

    /// Datasets that have words, in the order of their numbers, which begin at 1: those after one of them.
    ///
    /// # Errors
    /// The store cannot be read.
    fn worded(&self, after: u64, limit: usize) -> Result<Vec<Worded>, StoreError>;

    /// The datasets that have all words that are sought, every one of them, in the order of their numbers. Equal rows have equal ranks.
    ///
    /// # Errors
    /// The store cannot be read.
    fn search(&self, search: &Search) -> Result<Vec<Found>, StoreError>;

    /// The record with this id. Ids stand in the order of their making, so what is new is found where the store was a moment ago.
    ///
    /// # Errors
    /// The store cannot be read.
    fn record(&self, id: &str) -> Result<Option<Record>, StoreError>;

    /// The record with this digest, looked for first where an entry of the log names it, at its index, if that is known. Without it each part of
    /// the log is asked, the newest first: who has the id asks by that.
    ///
    /// # Errors
    /// The store cannot be read.
    fn record_by_digest(&self, digest: &Digest, entry: Option<u64>) -> Result<Option<Record>, StoreError>;

    /// Records in the order of their ids (which is that of making, for ids of version 7): all of them, those of one
    /// type, those about one thing, or both.
    ///
    /// # Errors
    /// The store cannot be read.
    fn records(
        &self,
        kind: Option<EntryType>,
        about: Option<&str>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError>;

    /// Leaves from an index on, in order, at most `limit`.
    ///
    /// # Errors
    /// The store cannot be read.
    fn leaves(&self, from: u64, limit: usize) -> Result<Vec<Leaf>, StoreError>;

    /// The first leaf that logs the record with this id.
    ///
    /// # Errors
    /// The store cannot be read.
    fn leaf_of(&self, id: &str) -> Result<Option<Leaf>, StoreError>;

    /// Stored hashes of a tile level from an index on, in order, at most `limit`. May reach beyond the head that was
    /// read before, since another process may have written: take no more than that head's size allows.
    ///
    /// # Errors
    /// The store cannot be read.
    fn hashes(&self, level: u8, from: u64, limit: usize) -> Result<Vec<Hash>, StoreError>;

    /// Copies the state of one moment into a new file while others read and write. `progress` hears pages done and
    /// pages in all. Private keys are not in the store, so they are not in the copy.
    ///
    /// # Errors
    /// [`StoreError::Exists`] if something is at `to`; that is never touched. After any error nothing is left at `to`.
    fn backup(&self, to: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<(), StoreError>;

    /// Reads the whole store and checks that it hangs together below the level of records and proofs.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] with the first findings.
    fn check(&self) -> Result<(), StoreError>;
}

/// Declares the closed list of row kinds once: variant, text, meaning.
macro_rules! kinds {
    ($($variant:ident $text:literal $doc:literal),+ $(,)?) => {
        /// What a row is. A closed list: the text is in the database and never changes its meaning (`status`, `deal-of` and `reuser-deal`
        /// are texts of the past).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = $doc] $variant),+
        }

        impl Kind {
            /// Every kind, in the order of the list.
            pub const ALL: &[Kind] = &[$(Kind::$variant),+];

            /// The word in the database.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Kind::$variant => $text),+
                }
            }
        }
    };
}

kinds! {
    Organisation "organisation" "A reuser or an owner.",
    Person "person" "Somebody who acts for an organisation.",
    Key "key" "What is known of a key: whose, for which uses, revoked or not. Never the key itself.",
    ApiKey "api-key" "A machine's credential, hashed.",
    Session "session" "Somebody who signed in.",
    Dataset "dataset" "A dataset as its source describes it now.",
    ConditionSet "condition-set" "Which version of a condition set is in force, and from when.",
    Cases "cases" "What a version of a condition set was tested with, by the digest of its record.",
    Draft "draft" "A request or trust list that somebody is still writing.",
    Schema "schema" "The schema in force.",
    TrustList "trust-list" "The trust list in force.",
    Evidence "evidence" "A document that makes a fact verified. Erasable.",
    Mandate "mandate" "A mandate, and whether it was withdrawn.",
    Request "request" "An application of a reuser.",
    Input "input" "Everything that a decision read. Erasable.",
    Side "side" "A salted document that names natural persons. Erasable.",
    Deal "deal" "Where a deal stands.",
    Outbox "outbox" "A message that is still to be sent.",
    Idempotency "idempotency" "What the call under an idempotency key made.",
    Setting "setting" "One thing per portal: configuration that is kept, cosignatures, positions of imports.",
    Profile "profile" "Facts that an organisation keeps declared of itself.",
    Registration "registration" "An organisation that asks to be added.",
    StatusCopy "status-copy" "The status list of an issuer of evidence, as it was fetched, by its address.",
    Count "count" "How many checks of a day came out in one way.",
    Identity "identity" "As whom a person is known to a sign-in provider. Erasable.",
    Webhook "webhook" "An address of an organisation that is told of events.",
    Contact "contact" "A mail address of an organisation, or of a person who acts for it. Erasable.",
    Undelivered "undelivered" "A message that was given up: somebody must see to it.",
    Told "told" "That an event was told, where it must be told once.",
    AccessRecord "access-record" "What a data server asked and was answered: appended, and removed when its term is over.",
    DataServer "data-server" "A server that holds data of an owner, and which data its addresses stand for.",
    Given "given" "An index: which columns of an edition were given under a deal, as far as data servers asked.",
    Volume "volume" "How much of the volume that a deal gives a day was used; removed when the day is over.",
    DealEvent "deal-event" "What happened under a deal: a user named, data delivered, an obligation met, an incident, a view. Erasable.",
    Withheld "withheld" "What of a case the public register withholds, and why.",
    DatasetList "dataset-list" "What an import names that is too long for its record: the list, and its datasets in parts.",
    Open "open" "A request or objection that waits for a decision, listed under the owner of the data.",
    Ended "ended" "An index: a request that was decided on, listed under its dataset, the newest first.",
}

impl Kind {
    /// Whether rows of this kind are erased on demand: when a commit that deletes one has returned, a backend has done
    /// what it can to leave no copy of the bytes in its own working files.
    #[must_use]
    pub fn erasable(self) -> bool {
        matches!(self, Kind::Evidence | Kind::Input | Kind::Side | Kind::Identity | Kind::Contact | Kind::DealEvent)
    }

    /// Whether its rows are written far less often than they are read, so that a store counts its epochs.
    #[must_use]
    pub fn seldom_changes(self) -> bool {
        matches!(
            self,
            Kind::Organisation
                | Kind::Person
                | Kind::ApiKey
                | Kind::Key
                | Kind::Dataset
                | Kind::ConditionSet
                | Kind::Schema
                | Kind::TrustList
                | Kind::Evidence
                | Kind::Mandate
                | Kind::DataServer
                | Kind::Setting
                | Kind::StatusCopy
                | Kind::Webhook
                | Kind::Contact
        )
    }
}

/// What keys are listed under, beside the one parent that a row has. A closed list: the text is in the database and never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// Which deals give a reuser a dataset.
    DealOf,
    /// The deals of a reuser.
    ReuserDeal,
}

impl Index {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Index::DealOf => "deal-of",
            Index::ReuserDeal => "reuser-deal",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// For each kind in which epoch it is; 0 before the first commit that wrote a row of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epochs([u64; Kind::ALL.len()]);

impl Default for Epochs {
    fn default() -> Self {
        Epochs([0; Kind::ALL.len()])
    }
}

impl Epochs {
    /// Says in which epoch a kind is, by its word. A word that is no kind of ours is of a newer program.
    pub fn set(&mut self, kind: &str, epoch: u64) {
        if let Some((_, now)) = Kind::ALL.iter().zip(&mut self.0).find(|(k, _)| k.as_str() == kind) {
            *now = epoch;
        }
    }

    /// The epoch of a kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> u64 {
        Kind::ALL.iter().zip(self.0).find(|(k, _)| **k == kind).map_or(0, |(_, epoch)| epoch)
    }
}

/// A piece of state as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub kind: Kind,
    /// Its name, unique among its kind.
    pub key: String,
    /// What it is listed under: the owner of a dataset, the request of an approval.
    pub parent: Option<String>,
    /// Grows with every write; what guards compare.
    pub version: u64,
    /// The document.
    pub body: Vec<u8>,
}

/// A signed document. It stays as it is for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// SHA-256 of the bytes.
    pub digest: Digest,
    /// The document's own id.
    pub id: String,
    /// What it is.
    pub kind: EntryType,
    /// What it is listed under: the deal of an acceptance, the request of a decision, the organisation of a key.
    pub about: Option<String>,
    /// The canonical bytes.
    pub bytes: Vec<u8>,
}

impl Record {
    /// A record with its digest, which is computed from the bytes.
    #[must_use]
    pub fn new(id: impl Into<String>, kind: EntryType, about: Option<&str>, bytes: Vec<u8>) -> Self {
        Record { digest: Digest::of(&bytes), id: id.into(), kind, about: about.map(str::to_owned), bytes }
    }
}

/// A log entry in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its index in the log, from 0.
    pub index: u64,
    /// Digest of the document that it logs.
    pub digest: Digest,
    /// The canonical bytes of the entry.
    pub bytes: Vec<u8>,
}

/// The log as of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// How many leaves.
    pub size: u64,
    /// The signed checkpoint of that size.
    pub checkpoint: Vec<u8>,
    /// The time of the newest record in the log: nothing is signed by a clock far behind it.
    pub newest: Time,
}
