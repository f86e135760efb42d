//! The engine: the only place that knows the ORDER of things. Check, request, approve, conclude, revoke, audit.
//!
//! Every call that reads or writes a case takes an [`Actor`]; `rights` decides at its head, so no door can forget it. Rules that
//! bind even the operator stand here: nobody approves a request of its own organisation, and an approval comes only from a
//! person whom the owner appointed for that name.

mod accept;
mod access;
mod api_keys;
mod at_once;
mod audit;
mod audit_case;
mod audit_history;
mod backup;
mod bundle;
mod case;
mod changed;
mod check;
mod checkpoint;
mod compiled;
mod contacts;
mod counts;
mod course;
mod deal;
mod decision;
mod difference;
mod draft;
mod earlier;
mod erase;
mod error;
mod events;
mod evidence;
mod field;
mod init;
mod keyring;
mod known;
mod letter;
mod life;
mod lists;
mod lookups;
mod mandates;
mod mend;
mod messages;
mod monitor;
mod objection;
mod obligations;
mod offer;
mod once;
mod operation;
mod organisations;
mod parties;
mod persons;
mod proofs;
mod publish;
mod reach;
mod recipients;
mod register;
mod register_csv;
mod remind;
mod replay;
mod request;
mod restart;
mod revoke;
mod sending;
mod show;
mod sign_in;
mod standing;
pub mod state;
mod status;
mod tell;
mod term;
mod tidy;
mod webhooks;
mod work;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use access::{AccessPage, Brought, Forward, Forwarded, Kept, NewToken, Recorded, TokenIssued};
pub use api_keys::{ApiKeyMade, ApiKeyNow, NewApiKey};
pub use audit::{Audit, Finding};
pub use backup::Restored;
pub use case::{CaseNow, CaseState, ObjectionNow};
pub use check::{Answered, Question};
pub use checkpoint::{Continuation, Proven, SignedHead};
pub use contacts::Contact;
pub use counts::{Cell, Count, SMALLEST};
pub use course::{CaseEvent, CaseStep};
pub use deal::DealTold;
pub use draft::DraftNow;
pub use earlier::NewByDecision;
pub use error::EngineError;
pub use events::{
    Correction, DealEvent, Delivery, Fulfilment, Happened, Incident, NamedUser, Objected, UserNow, UserRemoved,
    View as ReuserView,
};
pub use evidence::{Added, EvidenceNow, NewConfirmation, Supported};
pub use field::Field;
pub use init::Init;
pub use keyring::Keyring;
pub use life::{DealNow, DealState};
pub use mandates::NewMandate;
pub use mend::Mend;
pub use messages::MessageNow;
pub use monitor::{LastLook, MonitorReport, Monitored, Undecided};
pub use objection::NewObjection;
pub use obligations::ObligationNow;
pub use offer::Amendment;
pub use operation::Pending;
pub use organisations::{Profile, Registration};
pub use parties::{KeyPlace, NewKey};
pub use persons::{NewPerson, PersonNow};
pub use proofs::{MissingProofs, ProofOf};
pub use publish::{NewSet, SetPublished};
pub use recipients::{Received, Recipient};
pub use register::{Addressee, RegisterField, RegisterRow, RegisterTerm, Withheld};
pub use register_csv::register_csv;
pub use replay::Replayed;
pub use request::{Completion, Entered, NewRequest};
pub use restart::{Restart, Restarted};
pub use revoke::DealStep;
pub use sending::{Carrier, Sent};
pub use show::{DatasetRow, SchemaNow, SetInForce, Shown};
pub use sign_in::{NewIdentity, SESSION_SECONDS};
pub use term::{StandsStill, TermNow};
pub use webhooks::{NewWebhook, Webhook, WebhookMade};
pub use work::{Task, Work};

use crate::clock::{Clock, Random, Watch};
use crate::log::{Log, LogConfig};
use crate::model::Name;
use crate::model::record;
use crate::model::term::Terms;
use crate::rights::{Actor, Rights, SignIn};
use crate::sign::{NoteKey, keyfile};
use crate::store::sqlite::Sqlite;
use crate::store::{Kind, Store};
use compiled::Compiled;
use counts::Counts;
use known::{Known, View};
use operation::Operation;
use state::{Person, Portal};
use status::Places;

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
    places: Places,
    access: access::Memory,
    tidied: tidy::Tidied,
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
        let portal = state::load::<Portal>(&*store, Kind::Setting, "portal")?.ok_or_else(unfinished)?.value;
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
            places: Places::default(),
            access: access::Memory::default(),
            tidied: tidy::Tidied::default(),
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
            state::put(&mut op.item, Kind::Setting, "ready", None, &now)?;
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
