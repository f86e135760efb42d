//! Rows that seldom change, kept as they were read: who there is, what is published, whose evidence is on file. Which of them still
//! hold is read anew for each operation, in one look at the store, since another process may write.

use std::any::Any;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::rows::{self, Loaded};
use super::{Engine, EngineError};
use crate::cache::Cache;
use crate::store::{Epochs, Kind};

/// How many rows and lists are kept.
const MAX_KNOWN: usize = 16_384;

/// What was read, by kind and key or by kind and parent.
#[derive(Debug)]
pub(super) struct Known {
    rows: Map,
    lists: Map,
}

impl Default for Known {
    fn default() -> Self {
        Known { rows: Map::new(MAX_KNOWN), lists: Map::new(MAX_KNOWN) }
    }
}

type Map = Cache<(Kind, String), Kept>;

/// Something that was read in an epoch of its kind.
#[derive(Debug, Clone)]
struct Kept {
    epoch: u64,
    value: Arc<dyn Any + Send + Sync>,
}

/// One look at the store: in which epoch each kind is.
#[derive(Debug, Clone, Copy)]
pub(super) struct View(Epochs);

impl View {
    /// In which epoch a kind is.
    pub(super) fn epoch(&self, kind: Kind) -> u64 {
        self.0.of(kind)
    }
}

impl Engine {
    /// A look at the store, for one operation.
    pub(super) fn view(&self) -> Result<View, EngineError> {
        Ok(View(self.store.epochs()?))
    }

    /// A row of a kind that seldom changes. It is as new as the view or newer, never older. That there is none is not kept: anybody
    /// may ask for what is not there, under any name.
    pub(super) fn known<T>(&self, view: &View, kind: Kind, key: &str) -> Result<Option<Arc<Loaded<T>>>, EngineError>
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        let rows = &self.known.rows;
        if let Some(row) = found(rows, view, kind, key) {
            return Ok(Some(row));
        }
        Ok(rows::load(&*self.store, kind, key)?.map(|row| keep(rows, view, kind, key, row)))
    }

    /// What `read` makes of the rows of a kind that seldom changes under one parent.
    pub(super) fn known_list<T: Send + Sync + 'static>(
        &self,
        view: &View,
        kind: Kind,
        parent: &str,
        read: impl FnOnce() -> Result<Vec<T>, EngineError>,
    ) -> Result<Arc<Vec<T>>, EngineError> {
        match found(&self.known.lists, view, kind, parent) {
            Some(list) => Ok(list),
            None => Ok(keep(&self.known.lists, view, kind, parent, read()?)),
        }
    }
}

fn found<T: Send + Sync + 'static>(map: &Map, view: &View, kind: Kind, key: &str) -> Option<Arc<T>> {
    let found = map.get(&(kind, key.to_owned()));
    found.filter(|kept| kept.epoch == view.0.of(kind))?.value.downcast().ok()
}

fn keep<T: Send + Sync + 'static>(map: &Map, view: &View, kind: Kind, key: &str, value: T) -> Arc<T> {
    let value = Arc::new(value);
    map.put((kind, key.to_owned()), Kept { epoch: view.0.of(kind), value: Arc::clone(&value) as _ });
    value
}
