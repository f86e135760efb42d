//! A list of datasets that is too long for its record. The record names the list by its digest, the list each dataset by its own. Both stand in rows:
//! the list by itself, and its datasets in parts, a line each, in the order of the list.

use super::change::Written;
use crate::engine::{Engine, EngineError};
use crate::model::dataset::Dataset;
use crate::model::record::{DatasetImported, DatasetList, ListedDataset, ListedDatasets};
use crate::model::{Digest, Iri, json};
use crate::store::{Item, Kind};

/// Datasets of more bytes than this together do not stand in their record.
pub(super) const IN_RECORD: usize = 1 << 20;
/// How many datasets stand in a part.
const PART: usize = 64;
/// The longest list that is read, in bytes.
const MAX_LIST: usize = 64 << 20;

/// Adds the rows of a list to an item, and gives what the record says of it. The datasets are in the order of their IRIs.
pub(super) fn put(item: &mut Item, datasets: &[Written], gone: &[Iri]) -> Result<DatasetList, EngineError> {
    let named = |d: &Written| ListedDataset { id: d.dataset.id.clone(), digest: d.change.digest };
    let list = ListedDatasets { datasets: datasets.iter().map(named).collect(), gone: gone.to_vec() };
    let bytes = json::bytes(&list, "list of datasets")?;
    let digest = Digest::of(&bytes);
    let mut rows = std::mem::take(item).put(Kind::DatasetList, digest.to_string(), None, bytes);
    for (number, part) in datasets.chunks(PART).enumerate() {
        let mut lines = Vec::with_capacity(part.iter().map(|d| d.change.bytes.len() + 1).sum());
        for dataset in part {
            lines.extend_from_slice(&dataset.change.bytes);
            lines.push(b'\n');
        }
        rows = rows.put(Kind::DatasetList, part_key(&digest, number), Some(&digest.to_string()), lines);
    }
    *item = rows;
    Ok(DatasetList { datasets: datasets.len() as u64, gone: gone.len() as u64, digest })
}

fn part_key(list: &Digest, number: usize) -> String {
    format!("{list}/{number:06}")
}

/// Why a list or a dataset of it cannot be relied on.
pub(in crate::engine) type Wrong = String;

impl Engine {
    /// A list by what its record says of it.
    ///
    /// # Errors
    /// The store cannot be read. Inside: what is wrong with the list.
    pub(in crate::engine) fn listed(&self, list: &DatasetList) -> Result<Result<ListedDatasets, Wrong>, EngineError> {
        let Some(row) = self.store.row(Kind::DatasetList, &list.digest.to_string())? else {
            return Ok(Err("the list is missing".to_owned()));
        };
        if Digest::of(&row.body) != list.digest {
            return Ok(Err("the list has another digest than the record names".to_owned()));
        }
        let read =
            json::parse(&row.body, MAX_LIST).and_then(|v| json::from_value::<ListedDatasets>(v, "list of datasets"));
        Ok(match read {
            Err(e) => Err(e.to_string()),
            Ok(found) if found.datasets.len() as u64 != list.datasets || found.gone.len() as u64 != list.gone => {
                Err("the list has another length than the record says".to_owned())
            }
            Ok(found) if !found.datasets.is_sorted_by(|a, b| a.id < b.id) || !found.gone.is_sorted_by(|a, b| a < b) => {
                Err("the list is not in order, or names a dataset twice".to_owned())
            }
            Ok(found) => Ok(found),
        })
    }

    /// The datasets of a list, part by part, each checked against the list.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(in crate::engine) fn each_listed(
        &self,
        digest: &Digest,
        list: &ListedDatasets,
        mut see: impl FnMut(&ListedDataset, Result<Dataset, Wrong>),
    ) -> Result<(), EngineError> {
        for (number, named) in list.datasets.chunks(PART).enumerate() {
            let row = self.store.row(Kind::DatasetList, &part_key(digest, number))?;
            let body = row.map(|row| row.body).unwrap_or_default();
            let mut lines = body.split(|b| *b == b'\n');
            for listed in named {
                see(listed, dataset(listed, lines.next().unwrap_or_default()));
            }
        }
        Ok(())
    }

    /// Whether an import found a dataset gone.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(in crate::engine) fn lost(&self, import: &DatasetImported, id: &Iri) -> Result<bool, EngineError> {
        let Some(list) = &import.list else { return Ok(import.gone.contains(id)) };
        Ok(self.listed(list)?.is_ok_and(|found| found.gone.binary_search(id).is_ok()))
    }

    /// One dataset of an import.
    ///
    /// # Errors
    /// The store cannot be read. None: it is not in the import, or cannot be relied on.
    pub(in crate::engine) fn imported(
        &self,
        import: DatasetImported,
        id: &str,
    ) -> Result<Option<Dataset>, EngineError> {
        let Some(list) = &import.list else {
            return Ok(import.datasets.into_iter().find(|d| d.id.as_str() == id));
        };
        let Ok(found) = self.listed(list)? else { return Ok(None) };
        let Ok(at) = found.datasets.binary_search_by(|d| d.id.as_str().cmp(id)) else { return Ok(None) };
        let Some(row) = self.store.row(Kind::DatasetList, &part_key(&list.digest, at / PART))? else { return Ok(None) };
        let line = row.body.split(|b| *b == b'\n').nth(at % PART).unwrap_or_default();
        Ok(found.datasets.get(at).and_then(|listed| dataset(listed, line).ok()))
    }
}

fn dataset(listed: &ListedDataset, line: &[u8]) -> Result<Dataset, Wrong> {
    if line.is_empty() {
        return Err("it is missing".to_owned());
    }
    if Digest::of(line) != listed.digest {
        return Err("it has another digest than the list names".to_owned());
    }
    let read = json::read::<Dataset>(line, "dataset").map_err(|e| e.to_string())?;
    if read.id == listed.id { Ok(read) } else { Err("it has another IRI than the list names".to_owned()) }
}
