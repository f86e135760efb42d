//! A copy of one moment, and the way back. The private keys are in neither.

use std::path::Path;

use crate::engine::rows;
use crate::engine::state::Portal;
use crate::engine::{DataDir, Engine, EngineError, Keyring};
use crate::rights::{Act, Actor, Target};
use crate::store::sqlite::{self, Sqlite};
use crate::store::{Kind, Store, StoreError};

/// A backup that is back in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// How many entries the log in it has.
    pub size: u64,
    /// Whether the private key of the log is there.
    pub keys: bool,
}

impl Engine {
    /// Copies the state of this moment to a new file. `progress` hears pages done and pages in all.
    ///
    /// # Errors
    /// No right, something is at `to`, or the copy cannot be written; then nothing is left at `to`.
    pub fn backup(&self, actor: &Actor, to: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<(), EngineError> {
        self.rights.require(actor, Act::Backup, &Target::default())?;
        Ok(self.store.backup(to, progress)?)
    }
}

impl DataDir {
    /// Puts a backup into this directory, which has no database. The `head` file is not touched: the log that is in the backup
    /// is compared with it when the portal is opened, and one that is behind signs nothing.
    ///
    /// # Errors
    /// There is a database, or the file is no sound backup; then nothing is changed.
    pub fn restore(&self, backup: &Path) -> Result<Restored, EngineError> {
        std::fs::create_dir_all(self.path()).map_err(|e| StoreError::io(self.path(), &e))?;
        sqlite::restore(backup, &self.database())?;
        let store = Sqlite::open(&self.database())?;
        let portal = rows::load::<Portal>(&store, Kind::Setting, "portal")?;
        let keys = Keyring::new(self.keys());
        let keys = portal.is_some_and(|portal| portal.value.log_key_file(&keys).exists());
        Ok(Restored { size: store.head()?.map_or(0, |head| head.size), keys })
    }
}
