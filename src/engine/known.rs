//! Rows that seldom change, kept as they were read: who there is, what is published, whose evidence is on file. Which of them still
//! hold is read anew for each operation, in one look at the store, since another process may write.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::de::DeserializeOwned;

use super::state::{self, Loaded};
use super::{Engine, EngineError};
use crate::store::{Epochs, Kind};

/// How many rows and lists are kept.
const MAX_KNOWN: usize = 16_384;

/// What was read, by kind and key or by kind and parent.
#[derive(Debug, Default)]
pub(super) struct Known {
    rows: Mutex<HashMap<(Kind, String), Kept>>,
    lists: Mutex<HashMap<(Kind, String), Kept>>,
}

/// Something that was read in an epoch of its kind.
#[derive(Debug, Clone)]
struct Kept {
    epoch: u64,
    value: Arc<dyn Any + Send + Sync>,
}

/// One look at the store: in which epoch each kind is.
#[derive(Debug, Clone, Copy)]
pub(super) struct View(Epochs);

impl Engine {
    /// A look at the store, for one operation.
    pub(super) fn view(&self) -> Result<View, EngineError> {
        Ok(View(self.store.epochs()?))
    }

    /// A row of a kind that seldom changes. It is as new as the view or newer, never older.
    pub(super) fn known<T>(&self, view: &View, kind: Kind, key: &str) -> Result<Option<Arc<Loaded<T>>>, EngineError>
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        let read = || Ok(state::load(&*self.store, kind, key)?.map(Arc::new));
        Ok(Option::clone(&*kept(&self.known.rows, view, kind, key, read)?))
    }

    /// What `read` makes of the rows of a kind that seldom changes under one parent.
    pub(super) fn known_list<T: Send + Sync + 'static>(
        &self,
        view: &View,
        kind: Kind,
        parent: &str,
        read: impl FnOnce() -> Result<Vec<T>, EngineError>,
    ) -> Result<Arc<Vec<T>>, EngineError> {
        kept(&self.known.lists, view, kind, parent, read)
    }
}

fn kept<T: Send + Sync + 'static>(
    map: &Mutex<HashMap<(Kind, String), Kept>>,
    view: &View,
    kind: Kind,
    key: &str,
    read: impl FnOnce() -> Result<T, EngineError>,
) -> Result<Arc<T>, EngineError> {
    let name = (kind, key.to_owned());
    let epoch = view.0.of(kind);
    let found = map.lock().unwrap_or_else(PoisonError::into_inner).get(&name).cloned();
    if let Some(kept) = found.filter(|kept| kept.epoch == epoch)
        && let Ok(value) = kept.value.downcast::<T>()
    {
        return Ok(value);
    }
    let value = Arc::new(read()?);
    let mut map = map.lock().unwrap_or_else(PoisonError::into_inner);
    if map.len() >= MAX_KNOWN {
        map.clear();
    }
    map.insert(name, Kept { epoch, value: Arc::clone(&value) as Arc<dyn Any + Send + Sync> });
    Ok(value)
}
