//! Rows that seldom change, kept as they were read: who there is, what is published, whose evidence is on file. Which of them still
//! hold is read anew for each operation, in one look at the store, since another process may write.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::de::DeserializeOwned;

use super::rows::{self, Loaded};
use super::{Engine, EngineError};
use crate::store::{Epochs, Kind};

/// How many rows and lists are kept.
const MAX_KNOWN: usize = 16_384;

/// What was read, by kind and key or by kind and parent.
#[derive(Debug, Default)]
pub(super) struct Known {
    rows: Map,
    lists: Map,
}

type Map = Mutex<HashMap<(Kind, String), Kept>>;

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
    let found = map.lock().unwrap_or_else(PoisonError::into_inner).get(&(kind, key.to_owned())).cloned();
    found.filter(|kept| kept.epoch == view.0.of(kind))?.value.downcast().ok()
}

/// Keeps what was read; where there is no room, in the place of any other.
fn keep<T: Send + Sync + 'static>(map: &Map, view: &View, kind: Kind, key: &str, value: T) -> Arc<T> {
    let (name, value) = ((kind, key.to_owned()), Arc::new(value));
    let mut map = map.lock().unwrap_or_else(PoisonError::into_inner);
    if map.len() >= MAX_KNOWN
        && !map.contains_key(&name)
        && let Some(other) = map.keys().next().cloned()
    {
        map.remove(&other);
    }
    map.insert(name, Kept { epoch: view.0.of(kind), value: Arc::clone(&value) as Arc<dyn Any + Send + Sync> });
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Epochs;

    #[test]
    fn a_full_house_loses_one() {
        let (map, view) = (Map::default(), View(Epochs::default()));
        for number in 0..=MAX_KNOWN {
            keep(&map, &view, Kind::Dataset, &number.to_string(), number);
        }
        let last = MAX_KNOWN.to_string();
        keep(&map, &view, Kind::Dataset, &last, MAX_KNOWN);
        assert_eq!(map.lock().unwrap().len(), MAX_KNOWN);
        assert_eq!(found::<usize>(&map, &view, Kind::Dataset, &last).as_deref(), Some(&MAX_KNOWN));
        let lost = (0..MAX_KNOWN).filter(|n| found::<usize>(&map, &view, Kind::Dataset, &n.to_string()).is_none());
        assert_eq!(lost.count(), 1);
    }
}
