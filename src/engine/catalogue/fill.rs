//! Words of datasets that have none yet: those of a database from before, what a program from before has written since, and what a large import
//! brought: others can write between its batches, where one commit with all the words would keep them waiting.

use std::sync::Arc;

use super::index::Catalogue;
use super::words::words_of;
use crate::engine::known::View;
use crate::engine::operation::Operation;
use crate::engine::rows;
use crate::engine::state::DatasetNow;
use crate::engine::{Engine, EngineError};
use crate::log::LogError;
use crate::model::Time;
use crate::store::Kind;

/// So many datasets get their words in one commit.
pub(super) const BATCH: usize = 200;
/// How often is looked again whether all have theirs, if others write meanwhile.
const ROUNDS: usize = 5;

impl Engine {
    /// The index over all datasets, when each of them has its words. If this dies between two batches, what was committed stays, and the next call
    /// makes the rest: whether words are those of a row is told by its version, which each batch guards.
    pub(in crate::engine) fn searchable(&self, now: Time) -> Result<(View, Arc<Catalogue>), EngineError> {
        for _ in 0..ROUNDS {
            let view = self.view()?;
            let catalogue = self.catalogue(&view, now)?;
            if catalogue.unworded.is_empty() {
                return Ok((view, catalogue));
            }
            tracing::info!(datasets = catalogue.unworded.len(), "datasets are made to be found by their words");
            for slugs in catalogue.unworded.chunks(BATCH) {
                self.make_words(slugs)?;
            }
        }
        tracing::warn!("another program writes datasets without their words: some are not found");
        let view = self.view()?;
        let catalogue = self.catalogue(&view, now)?;
        Ok((view, catalogue))
    }

    fn make_words(&self, slugs: &[String]) -> Result<(), EngineError> {
        let mut op = Operation::start(self)?;
        for slug in slugs {
            let Some(row) = rows::load::<DatasetNow>(&*self.store, Kind::Dataset, slug)? else { continue };
            rows::guard(&mut op.item, Kind::Dataset, slug, row.version);
            op.item = std::mem::take(&mut op.item).words(slug.as_str(), words_of(&row.value.dataset));
        }
        match op.commit() {
            // one of them was changed meanwhile: the next round sees which have their words
            Err(EngineError::Submit(LogError::Conflict(_))) => Ok(()),
            done => done.map(drop),
        }
    }
}
