//! The private keys that the service holds: files in one folder, one key a file, named by the public key.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::model::DidKey;
use crate::sign::SigningKey;
use crate::sign::keyfile::{self, KeyFileError};

/// The folder of private keys. Keys are read when they are needed and kept in memory.
#[derive(Debug)]
pub struct Keyring {
    folder: PathBuf,
    loaded: Mutex<HashMap<DidKey, Arc<SigningKey>>>,
}

impl Keyring {
    /// The keys in a folder.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Keyring { folder, loaded: Mutex::default() }
    }

    /// The file of a key.
    #[must_use]
    pub fn path(&self, key: &DidKey) -> PathBuf {
        self.folder.join(format!("{}.pem", key.multibase()))
    }

    /// Where the log's own key lies.
    #[must_use]
    pub fn log_key(&self) -> PathBuf {
        self.folder.join("log.pem")
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A private key that is held here.
    ///
    /// # Errors
    /// The file is there and cannot be read, or others may read it.
    pub fn find(&self, key: &DidKey) -> Result<Option<Arc<SigningKey>>, KeyFileError> {
        if let Some(found) = self.loaded().get(key) {
            return Ok(Some(Arc::clone(found)));
        }
        let path = self.path(key);
        if !path.exists() {
            return Ok(None);
        }
        let found = Arc::new(keyfile::read(&path)?);
        self.loaded().insert(*key, Arc::clone(&found));
        Ok(Some(found))
    }

    /// Never held while a file is looked for.
    fn loaded(&self) -> MutexGuard<'_, HashMap<DidKey, Arc<SigningKey>>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a key into the folder.
    ///
    /// # Errors
    /// The file cannot be written, or is there already.
    pub fn keep(&self, key: &SigningKey) -> Result<PathBuf, KeyFileError> {
        let path = self.path(&key.public());
        keyfile::write(&path, key)?;
        Ok(path)
    }
}
