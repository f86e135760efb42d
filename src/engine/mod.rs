//! The engine: the only place that knows the ORDER of things. Check, request, approve, conclude, revoke, audit.
//!
//! Every call that reads or writes a case takes an [`Actor`]; `rights` decides at its head, so no door can forget it. Rules that
//! bind even the operator stand here: nobody approves a request of its own organisation, and an approval comes only from a
//! person whom the owner appointed for that name.

mod access;
mod audit;
mod catalogue;
mod conditions;
mod deals;
mod error;
mod evidence;
mod field;
mod keyring;
mod known;
mod lists;
mod mend;
mod messages;
mod once;
mod operation;
mod people;
mod portal;
mod requests;
pub mod rows;
pub mod state;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use access::{AccessPage, Brought, Forward, Forwarded, Kept, NewToken, Recorded, TokenIssued};
pub use audit::replay::Replayed;
pub use audit::{Audit, Finding};
pub use catalogue::eligible::{Filter, MayUse, Part};
pub use catalogue::facets::Wanted;
pub use catalogue::findings::ImportFinding;
pub use catalogue::harvest::{HARVEST, Harvested, harvest};
pub use catalogue::import::{CatalogueImport, Import, SkipReason, Skipped, Touched};
pub use catalogue::merge::{Defaults, FieldChange};
pub use catalogue::related::Built;
pub use catalogue::search::Datasets;
pub use catalogue::structure::{ColumnPart, Difference, NewStructure, StructureChange, StructurePart};
pub use conditions::export::{Exported, Reached, Unsaid};
pub use conditions::publish::{NewSet, SetPublished};
pub use conditions::reuse::{Decider, EvidenceAsked, Issuer, Price, Reuse, RuleShort};
pub use conditions::show::{DatasetRow, SchemaNow, SetInForce, Shown};
pub use deals::deal::DealTold;
pub use deals::events::{
    Correction, DealEvent, Delivery, Fulfilment, Happened, Incident, NamedUser, Objected, UserRemoved,
    View as ReuserView,
};
pub use deals::life::{DealNow, DealState};
pub use deals::monitor::{LastLook, MonitorReport, Monitored, Undecided};
pub use deals::obligations::ObligationNow;
pub use deals::offer::Amendment;
pub use deals::recipients::{Received, Recipient};
pub use deals::register::{Addressee, RegisterField, RegisterRow, RegisterTerm, Withheld};
pub use deals::register_csv::register_csv;
pub use deals::revoke::DealStep;
pub use deals::users::UserNow;
pub use error::EngineError;
pub use evidence::earlier::NewByDecision;
pub use evidence::file::{Added, EvidenceNow, NewConfirmation, Supported};
pub use evidence::proofs::{MissingProofs, ProofOf};
pub use field::Field;
pub use keyring::Keyring;
pub use mend::Mend;
pub use messages::outbox::MessageNow;
pub use messages::sending::{Carrier, Sent};
pub use messages::webhooks::{NewWebhook, Webhook, WebhookMade};
pub use operation::Pending;
pub use people::api_keys::{ApiKeyMade, ApiKeyNow, NewApiKey};
pub use people::contacts::Contact;
pub use people::mandates::NewMandate;
pub use people::organisations::{Profile, Registration};
pub use people::parties::{KeyPlace, NewKey};
pub use people::persons::{NewPerson, PersonNow};
pub use people::sign_in::{NewIdentity, SESSION_SECONDS};
pub use portal::backup::Restored;
pub use portal::checkpoint::{Continuation, Proven, SignedHead};
pub use portal::init::Init;
pub use portal::restart::{Restart, Restarted};
pub use requests::case::{CaseNow, CaseState, ObjectionNow};
pub use requests::check::{Answered, Question};
pub use requests::counts::{Cell, Count, SMALLEST};
pub use requests::course::{CaseEvent, CaseStep};
pub use requests::draft::DraftNow;
pub use requests::objection::NewObjection;
pub use requests::pace::Pace;
pub use requests::request::{Completion, Entered, NewRequest};
pub use requests::term::{StandsStill, TermNow};
pub use requests::work::{Task, Work};

use crate::clock::{Clock, Random, Watch};
use crate::log::{Log, LogConfig};
use crate::model::Name;
use crate::model::record;
use crate::model::term::Terms;
use crate::rights::{Actor, Rights, SignIn};
use crate::sign::{NoteKey, keyfile};
use crate::store::sqlite::Sqlite;
use crate::store::{Kind, Store};
use conditions::compiled::Compiled;
use deals::status::Places;
use known::{Known, View};
use operation::Operation;
use requests::counts::Counts;
use state::{Person, Portal};

/// How many operations may wait for the log.
const QUEUE: usize = 4096;

/// A data directory: the database, the private keys, and the newest checkpoint.
#[derive(Debug, Clone)]
pub struct DataDir(PathBuf);

impl DataDir {
    /// A directory by its path.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        DataDir(path.into())
    }
    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.0.join("datadeal.db")
    }
    /// The private keys. They are in no backup.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.0.join("keys")
    }
    /// The newest checkpoint; best on another disk, which a symbolic link does. The target of the link is given, since the
    /// file is replaced by a rename, which would replace a link.
    #[must_use]
    pub fn head(&self) -> PathBuf {
        let head = self.0.join("head");
        match std::fs::read_link(&head) {
            Ok(target) => self.0.join(target),
            Err(_) => head,
        }
    }
}

/// A portal, open for work.
#[derive(Debug)]
pub struct Engine {
    store: Arc<dyn Store>,
    log: Log,
    clock: Arc<dyn Clock>,
    watch: Watch,
    random: Arc<dyn Random>,
    keys: Keyring,
    rights: Rights,
    terms: Terms,
    compiled: Compiled,
    known: Known,
    counts: Counts,
    catalogue: catalogue::index::LastMade,
    places: Places,
    access: access::Memory,
    tidied: portal::tidy::Tidied,
    portal: Portal,
}

impl Engine {
    /// Opens the portal in a data directory.
    ///
    /// # Errors
    /// There is none, it was not finished, or the log refuses to go on (see [`crate::log::LogFault`]).
    pub fn open(dir: &DataDir, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Self, EngineError> {
        Self::open_on(Arc::new(Sqlite::open(&dir.database())?), dir, clock, random)
    }

    /// As [`Engine::open`], on a store that was opened already.
    ///
    /// # Errors
    /// As [`Engine::open`].
    pub fn open_on(
        store: Arc<dyn Store>,
        dir: &DataDir,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, EngineError> {
        let unfinished = || {
            EngineError::state(
                format!("the portal in `{}` was not finished", dir.path().display()),
                Mend::by("remove the directory, and make the portal again", "datadeal init"),
            )
        };
        let portal = rows::load::<Portal>(&*store, Kind::Setting, "portal")?.ok_or_else(unfinished)?.value;
        let keys = Keyring::new(dir.keys());
        let config = LogConfig {
            key: NoteKey::log(&portal.origin, keyfile::read(&portal.log_key_file(&keys))?)?,
            head_file: Some(dir.head()),
            seen: Vec::new(),
            queue: QUEUE,
        };
        let log = Log::open(Arc::clone(&store), config)?;
        Self::assemble(store, log, clock, random, keys, portal)
    }

    fn assemble(
        store: Arc<dyn Store>,
        log: Log,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        keys: Keyring,
        portal: Portal,
    ) -> Result<Self, EngineError> {
        let (rights, terms) = (Rights::built_in()?, Terms::built_in()?);
        Ok(Engine {
            store,
            log,
            watch: Watch::begin(&*clock),
            clock,
            random,
            keys,
            rights,
            terms,
            compiled: Compiled::default(),
            known: Known::default(),
            counts: Counts::default(),
            catalogue: catalogue::index::LastMade::default(),
            places: Places::default(),
            access: access::Memory::default(),
            tidied: portal::tidy::Tidied::default(),
            portal,
        })
    }

    /// The portal itself.
    #[must_use]
    pub fn portal(&self) -> &Portal {
        &self.portal
    }

    /// The log, for reading.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The store, for reading.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// The private keys that the service holds.
    #[must_use]
    pub fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// The source of chance of this portal.
    #[must_use]
    pub fn random(&self) -> &dyn Random {
        &*self.random
    }

    /// Whether the portal can do its work: the store can be read and written, the clock is believed, and the log takes operations. Only
    /// when the last write failed is another one tried.
    ///
    /// # Errors
    /// What keeps it from that.
    pub async fn ready(&self) -> Result<(), EngineError> {
        if let Some(fault) = self.log.stopped() {
            return Err(fault.clone().into());
        }
        let mut op = Operation::start(self)?;
        if self.log.failed() {
            let now = op.now;
            rows::put(&mut op.item, Kind::Setting, "ready", None, &now)?;
            op.answer(())?.await?;
        }
        Ok(())
    }

    /// The instant by the clock of this portal.
    #[must_use]
    pub fn now(&self) -> crate::model::Time {
        self.clock.now()
    }

    /// A person by short name, to act as, on the word of the command line.
    ///
    /// # Errors
    /// There is no such person.
    pub fn actor(&self, person: &Name) -> Result<Actor, EngineError> {
        self.actor_by(&self.view()?, person, SignIn::CommandLine)
    }

    fn actor_by(&self, view: &View, person: &Name, sign_in: SignIn) -> Result<Actor, EngineError> {
        let Person { person, organisation, roles, blocked, .. } = self.person(view, person)?;
        if blocked.is_some() {
            return Err(EngineError::Blocked(person));
        }
        Ok(Actor { person, organisation, roles, sign_in, once: None, seen: None })
    }

    /// The person who acts, as records name it.
    fn acting(
        &self,
        view: &View,
        actor: &Actor,
        authority: record::Authority,
        key_held_by: record::Holder,
    ) -> Result<record::Actor, EngineError> {
        let person = self.person(view, &actor.person)?;
        Ok(record::Actor {
            person: Some(person.side),
            function: person.function,
            organisation: person.organisation,
            authority,
            authenticated: actor.sign_in.in_words(),
            key_held_by,
            level: if key_held_by == record::Holder::Own {
                record::Level::AdvancedClaimed
            } else {
                record::Level::Simple
            },
        })
    }
}
