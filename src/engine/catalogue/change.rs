//! What an import writes: each change by itself, which cores share, and all of them as one record with its rows.

use serde::Serialize;

use super::fill;
use super::listed;
use super::merge::{FieldChange, difference};
use super::words::{put_dataset, words_of};
use crate::engine::conditions::publish::{check_dataset, iri_key};
use crate::engine::operation::{New, Operation};
use crate::engine::rows::{self, Loaded};
use crate::engine::state::{DatasetNow, Gone, dataset_set, owner_set};
use crate::engine::{Engine, EngineError};
use crate::model::dataset::{Access, Dataset};
use crate::model::record::{DatasetImported, RecordType, Reference};
use crate::model::{Digest, Iri, json};
use crate::store::{Item, Kind};

/// A dataset as it is to be written.
#[derive(Debug)]
pub(super) struct Written {
    /// The version of the row that was read; none of a new one.
    pub(super) before: Option<u64>,
    /// The dataset.
    pub(super) dataset: Dataset,
    /// How it is written.
    pub(super) change: Change,
}

/// What is to be written of a dataset.
#[derive(Debug)]
pub(super) struct Change {
    /// Its canonical bytes.
    pub(super) bytes: Vec<u8>,
    /// Their digest.
    pub(super) digest: Digest,
    /// Its version.
    pub(super) version: Digest,
    /// What is other than before.
    pub(super) fields: Vec<FieldChange>,
    /// It was not open, and is.
    pub(super) opens: bool,
}

/// Whether the words of so many datasets follow in commits of their own: all in one would keep the log, and whoever waits for it, busy for seconds.
pub(super) fn words_follow(datasets: usize) -> bool {
    datasets > fill::BATCH
}

/// The change from what is there, if anything is, to a dataset.
pub(super) fn change(
    dataset: &Dataset,
    there: Option<&Loaded<DatasetNow>>,
    source: &str,
) -> Result<Change, EngineError> {
    check_dataset(dataset)?;
    let opens = dataset.access == Access::Open && there.is_some_and(|row| row.value.dataset.access != Access::Open);
    let mut fields = Vec::new();
    if let Some(Loaded { value: row, .. }) = there {
        fields = difference(&json::to_value(&row.dataset, "dataset")?, &json::to_value(dataset, "dataset")?);
        if row.source.as_deref() != Some(source) {
            let before = row.source.as_deref().map(serde_json::Value::from);
            fields.push(FieldChange { field: "source".to_owned(), before, after: Some(source.into()) });
        }
        if let Some(gone) = row.gone {
            let before = Some(gone.at.to_string().into());
            fields.push(FieldChange { field: "gone".to_owned(), before, after: None });
        }
    }
    let bytes = json::bytes(dataset, "dataset")?;
    Ok(Change { digest: Digest::of(&bytes), bytes, version: dataset.version()?, fields, opens })
}

impl Engine {
    /// Signs the record of an import, and adds its rows to the operation.
    pub(super) fn put_import(
        &self,
        op: &mut Operation<'_>,
        source: &str,
        written: Vec<Written>,
        gone: Vec<Loaded<DatasetNow>>,
    ) -> Result<Reference, EngineError> {
        let mut missing: Vec<Iri> = gone.iter().map(|row| row.value.dataset.id.clone()).collect();
        missing.sort_unstable();
        let size: usize = written.iter().map(|w| w.change.bytes.len()).sum();
        let size = size + missing.iter().map(|iri| iri.as_str().len()).sum::<usize>();
        let mut imported = DatasetImported { source: Some(source.to_owned()), ..DatasetImported::default() };
        if size > listed::IN_RECORD {
            imported.list = Some(listed::put(&mut op.item, &written, &missing)?);
        } else {
            imported.datasets = written.iter().map(|w| w.dataset.clone()).collect();
            imported.gone = missing;
        }
        let operator = self.portal.operator.clone();
        let record = op.sign(New::public(RecordType::Dataset, &operator, &imported))?;
        let mut item = std::mem::take(&mut op.item);
        // no conditions were published for what opens, and none come in between
        if let Some(opened) = written.iter().find(|w| w.change.opens) {
            item = item.guard(Kind::ConditionSet, owner_set(&opened.dataset.owner), 0);
        }
        let worded = !words_follow(written.len() + gone.len());
        for one in written {
            let words = worded.then(|| (one.dataset.slug.to_string(), words_of(&one.dataset)));
            item = put(item, one, (record, source))?;
            if let Some((slug, words)) = words {
                item = item.words(slug, words);
            }
        }
        op.item = item;
        for Loaded { value: mut row, version } in gone {
            row.gone = Some(Gone { at: op.now, record });
            let (slug, owner) = (row.dataset.slug.as_str(), row.dataset.owner.as_str());
            rows::guard(&mut op.item, Kind::Dataset, slug, version);
            if worded {
                put_dataset(&mut op.item, &row)?;
            } else {
                rows::put(&mut op.item, Kind::Dataset, slug, Some(owner), &row)?;
            }
        }
        Ok(record)
    }
}

/// Adds the rows of one dataset. Its canonical bytes are there already: the row is put together from them.
fn put(item: Item, written: Written, (record, source): (Reference, &str)) -> Result<Item, EngineError> {
    /// [`DatasetNow`] without the dataset, which stands before it.
    #[derive(Serialize)]
    struct Rest<'a> {
        version: Digest,
        record: Reference,
        source: &'a str,
    }
    let Written { before, dataset, change } = written;
    let slug = dataset.slug.as_str();
    let rest = Rest { version: change.version, record, source };
    let rest = serde_json::to_vec(&rest).map_err(|e| EngineError::Row {
        kind: Kind::Dataset,
        key: slug.to_owned(),
        why: e.to_string(),
    })?;
    let rest = rest.strip_prefix(b"{").unwrap_or(&rest);
    let body = [b"{\"dataset\":".as_slice(), &change.bytes, b",", rest].concat();
    let owner = Some(dataset.owner.as_str());
    let mut item = item.guard(Kind::Dataset, slug, before.unwrap_or(0)).put(Kind::Dataset, slug, owner, body);
    if change.opens {
        item = item.guard(Kind::ConditionSet, dataset_set(&dataset.id), 0);
    }
    if before.is_some() {
        return Ok(item);
    }
    let (key, name) = (iri_key(&dataset.id), json::canonical(&serde_json::Value::from(slug)));
    Ok(item.guard(Kind::Setting, key.clone(), 0).put(Kind::Setting, key, None, name))
}

/// From so many on the work is shared among cores.
const SHARED: usize = 256;

/// What comes of each, in their order. All of it is computed or read: cores share it. It is shorter than what was given only if one of them ended
/// by a fault of this program.
pub(super) fn on_cores<T: Send, R: Send>(items: Vec<T>, of: impl Fn(T) -> R + Sync) -> Vec<R> {
    let cores = if items.len() < SHARED { 1 } else { std::thread::available_parallelism().map_or(1, usize::from) };
    let size = items.len().div_ceil(cores).max(1);
    let mut items = items.into_iter();
    let parts: Vec<Vec<T>> = (0..cores).map(|_| items.by_ref().take(size).collect()).collect();
    let of = |part: Vec<T>| part.into_iter().map(&of).collect::<Vec<_>>();
    std::thread::scope(|scope| {
        let running: Vec<_> = parts.into_iter().map(|part| scope.spawn(|| of(part))).collect();
        running.into_iter().filter_map(|part| part.join().ok()).flatten().collect()
    })
}
