//! Giving up a log that must not go on, and continuing under a new key and a new name.
//!
//! A database that is behind what others have seen of its log, or shows another history, may never sign under the old key
//! again. The new log begins with the operator's statement of a fresh key, which holds the last known checkpoint of the old
//! one and the reason; then come the old entries as far as they are kept, byte for byte and in their order, so that every
//! record still has its place after the statement of its key (SPEC S-136). The old database stays as it is, under another
//! name.
//!
//! The order, and what is left if we die at that point:
//!
//! 1. *The new keys of log and operator are written.* Key files that nobody uses.
//! 2. *The new database is made beside the old one.* Half a database under a name that nobody opens; the next attempt
//!    removes it.
//! 3. *The old database gets a second name, the `head` file a copy.* Nothing has changed.
//! 4. *`head` becomes the new log's checkpoint.* The old database refuses to open, since `head` is of another log. That is
//!    right: it is being given up. The next attempt starts again, and finds the old checkpoint in the copy.
//! 5. *The new database takes the place of the old one, by a rename.* Done.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::checkpoint::{COSIGNED, SignedHead};
use crate::clock::{Clock, Random, WrongClock};
use crate::durable;
use crate::engine::deals::bundle::log_key;
use crate::engine::operation::Operation;
use crate::engine::rows;
use crate::engine::state::{Organisation, Person, Portal};
use crate::engine::{DataDir, Engine, EngineError, Field, Keyring, Mend, QUEUE};
use crate::log::{Log, LogConfig, LogFault, LogItem};
use crate::merkle::{Edge, leaf_hash};
use crate::model::Name;
use crate::model::entry::Entry;
use crate::model::record::LogIdentity;
use crate::rights::{Act, Actor, Rights, SignIn, Target};
use crate::sign::{Checkpoint, KeyKind, NoteKey, SigningKey, VerifierKey};
use crate::store::sqlite::{self, Sqlite};
use crate::store::{Item, Kind, Store, StoreError};

/// How many old entries are written in one operation.
const CHUNK: usize = 4096;

/// A log to be given up.
#[derive(Debug, Clone)]
pub struct Restart {
    /// Who does so, by short name: an operator.
    pub person: Name,
    /// The name of the new log.
    pub origin: String,
    /// Why the old one is given up.
    pub reason: String,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Restarted {
    /// The key of the new log, to be given to verifiers and witnesses.
    pub key: VerifierKey,
    /// How many entries the new log has.
    pub size: u64,
    /// The last known checkpoint of the old log.
    pub continues: Checkpoint,
    /// How many entries of the old log are kept.
    pub kept: u64,
    /// Where the old database is now.
    pub old_database: PathBuf,
}

impl Engine {
    /// Gives up the log in a directory. No other process may have the portal open.
    ///
    /// # Errors
    /// No right, no reason, the old name again, no key of the operator here, or a database that is damaged.
    pub fn restart(
        dir: &DataDir,
        restart: &Restart,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Restarted, EngineError> {
        let old = Old::open(dir, restart, &*clock)?;
        // step 1
        let seed = || -> Result<[u8; 32], EngineError> {
            let mut seed = [0; 32];
            random.fill(&mut seed)?;
            Ok(seed)
        };
        let (key, operator) = (SigningKey::from_seed(seed()?), SigningKey::from_seed(seed()?));
        let vkey = VerifierKey::new(&restart.origin, KeyKind::Note, key.public())?;
        old.keys.keep(&key)?;
        old.keys.keep(&operator)?;
        // step 2
        let made = durable::beside(&dir.database(), ".restart");
        for left in ["", "-wal", "-shm", ".partial", ".partial-wal", ".partial-shm"] {
            remove(&durable::beside(&made, left))?;
        }
        sqlite::restart(&dir.database(), &made)?;
        let checkpoint =
            old.continue_in(&made, restart, NoteKey::log(&restart.origin, key)?, &operator, clock, random)?;
        let continues = old.newest.checkpoint.clone();
        let kept = old.size;
        drop(old.store);
        sqlite::close(&dir.database())?;
        sqlite::close(&made)?;
        // step 3
        let head = dir.head();
        let number = (1..).find(|n| !given_up(&dir.database(), *n).exists() && !given_up(&head, *n).exists());
        let number = number.unwrap_or(1);
        let (old_database, old_head) = (given_up(&dir.database(), number), given_up(&head, number));
        on(&old_database, std::fs::hard_link(dir.database(), &old_database))?;
        on(&old_database, durable::sync_folder_of(&old_database))?;
        if head.exists() {
            on(&old_head, std::fs::read(&head).and_then(|bytes| durable::write(&old_head, &bytes)))?;
        }
        // step 4
        on(&head, durable::write(&head, checkpoint.note.to_string().as_bytes()))?;
        // step 5
        on(&dir.database(), std::fs::rename(&made, dir.database()))?;
        on(&dir.database(), durable::sync_folder_of(&dir.database()))?;
        Ok(Restarted { key: vkey, size: checkpoint.checkpoint.size(), continues, kept, old_database })
    }
}

/// The log that is given up, and who may do so.
#[derive(Debug)]
struct Old {
    store: Sqlite,
    keys: Keyring,
    portal: Portal,
    /// The operator's legal name.
    name: String,
    /// How many entries are kept.
    size: u64,
    /// The last checkpoint of it that is known here: of the database, of the `head` file, or of a copy of that.
    newest: SignedHead,
}

impl Old {
    fn open(dir: &DataDir, restart: &Restart, clock: &dyn Clock) -> Result<Self, EngineError> {
        let (store, keys) = (Sqlite::open(&dir.database())?, Keyring::new(dir.keys()));
        let nothing = || EngineError::state("there is no log to give up", Mend::by("make a portal", "datadeal init"));
        let portal = rows::load::<Portal>(&store, Kind::Setting, "portal")?.ok_or_else(nothing)?.value;
        let person = rows::load::<Person>(&store, Kind::Person, restart.person.as_str())?;
        let person = person.ok_or_else(|| EngineError::not_found("person", &restart.person, "give an operator"))?.value;
        let Person { person, organisation, roles, blocked, .. } = person;
        if blocked.is_some() {
            return Err(EngineError::Blocked(person));
        }
        let actor = Actor { person, organisation, roles, sign_in: SignIn::CommandLine, once: None, seen: None };
        Rights::built_in()?.require(&actor, Act::RestartLog, &Target::default())?;
        if restart.reason.trim().is_empty() {
            return Err(EngineError::input(Field::Reason, "is empty", "the new log says why the old one was given up"));
        }
        if restart.origin == portal.origin {
            return Err(EngineError::input(
                Field::Origin,
                "is the name of the log that is given up",
                "give the new log a name of its own, like `data.example.nl/log-2`",
            ));
        }
        let head = store.head()?.ok_or_else(nothing)?;
        let now = clock.now();
        if now < head.newest {
            return Err(WrongClock::Behind { now, newest: head.newest }.into());
        }
        let vkey = log_key(&store)?;
        let stored = SignedHead::read(&head.checkpoint)?;
        let opened = Checkpoint::open(&stored.note, &vkey, &[])?;
        must_hold(&store, opened.checkpoint())?;
        let newest = last_known(&dir.head(), &vkey, stored);
        let operator = rows::load::<Organisation>(&store, Kind::Organisation, portal.operator.as_str())?;
        let name = operator.ok_or_else(nothing)?.value.name;
        Ok(Old { store, keys, portal, name, size: head.size, newest })
    }

    /// Step 2: the new log in the new database. Gives its checkpoint.
    fn continue_in(
        &self,
        made: &Path,
        restart: &Restart,
        key: NoteKey,
        operator: &SigningKey,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<SignedHead, EngineError> {
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(made)?);
        let (vkey, origin) = (key.public().clone(), restart.origin.clone());
        let portal = Portal { origin: origin.clone(), log_key: Some(vkey.key()), ..self.portal.clone() };
        // without a `head` file: that comes last
        let config = LogConfig { key, head_file: None, seen: Vec::new(), queue: QUEUE };
        let log = Log::open(Arc::clone(&store), config)?;
        let engine = Engine::assemble(store, log, clock, random, Keyring::new(self.keys.folder().to_owned()), portal)?;
        let identity = LogIdentity {
            origin,
            key: vkey.to_string(),
            continues: Some(self.newest.note.to_string()),
            reason: Some(restart.reason.clone()),
        };
        engine.first_entry_of_new_log(&self.name, operator, identity)?;
        let mut from = 0;
        loop {
            let leaves = self.store.leaves(from, CHUNK)?;
            if leaves.is_empty() {
                break;
            }
            from += leaves.len() as u64;
            let again = |bytes: &[u8]| {
                Entry::parse(bytes).map_err(|e| EngineError::Tree(format!("an entry cannot be read: {e}")))
            };
            let entries = leaves.iter().map(|leaf| again(&leaf.bytes)).collect::<Result<Vec<_>, _>>()?;
            engine.log.submit(LogItem { item: Item::default(), entries, now: engine.clock.now() })?.wait()?;
        }
        engine.newest()
    }
}

impl Engine {
    /// Entry 0 of a log that continues another one. The key is fresh: one that was stated before may be stated only once,
    /// and need not be here any more.
    fn first_entry_of_new_log(&self, name: &str, key: &SigningKey, log: LogIdentity) -> Result<(), EngineError> {
        let mut op = Operation::start(self)?;
        self.state_operator(&mut op, name, key, log)?;
        rows::put(&mut op.item, Kind::Setting, "portal", None, &self.portal)?;
        // cosignatures were for the old log
        op.item = std::mem::take(&mut op.item).delete(Kind::Setting, COSIGNED);
        op.commit().map(|_| ())
    }
}

/// The entries must be those that the old log signed: what was altered is not carried on.
fn must_hold(store: &Sqlite, checkpoint: &Checkpoint) -> Result<(), EngineError> {
    let (mut edge, mut stored) = (Edge::empty(), Vec::new());
    loop {
        let leaves = store.leaves(edge.size(), CHUNK)?;
        if leaves.is_empty() {
            break;
        }
        leaves.iter().for_each(|leaf| edge.push(leaf_hash(&leaf.bytes), &mut stored));
        stored.clear();
    }
    match (edge.size(), edge.root()) == (checkpoint.size(), checkpoint.root()) {
        true => Ok(()),
        false => Err(LogFault::Damaged { size: checkpoint.size() }.into()),
    }
}

/// The largest checkpoint under the old key that is found here. What cannot be read is no checkpoint.
fn last_known(head: &Path, vkey: &VerifierKey, stored: SignedHead) -> SignedHead {
    let copies = (1..).map(|n| given_up(head, n)).take_while(|copy| copy.exists());
    let found = std::iter::once(head.to_owned()).chain(copies).filter_map(|path| {
        let read = SignedHead::read(&std::fs::read(path).ok()?).ok()?;
        Checkpoint::open(&read.note, vkey, &[]).is_ok().then_some(read)
    });
    found.fold(stored, |best, other| if other.checkpoint.size() > best.checkpoint.size() { other } else { best })
}

/// The name under which something of a log that was given up is kept.
fn given_up(path: &Path, number: u32) -> PathBuf {
    durable::beside(path, &format!(".given-up-{number}"))
}

/// Removes what an earlier attempt left.
fn remove(path: &Path) -> Result<(), EngineError> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io(path, &e).into()),
        _ => Ok(()),
    }
}

fn on<T>(path: &Path, done: std::io::Result<T>) -> Result<T, EngineError> {
    done.map_err(|e| StoreError::io(path, &e).into())
}
