//! What is kept of checks: how many there were on a day, by dataset, outcome, first unmet condition and purpose. Nothing else of a check
//! is kept, and small cells are never shown.
//!
//! Counts gather in memory and are added to rows once in a while. What a crash leaves behind: the counts of the last minute are lost,
//! which is said where they are shown; nothing else rests on them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::engine::operation::Operation;
use crate::engine::rows::{self, Loaded};
use crate::engine::{Engine, EngineError, Field};
use crate::model::decision::{Decision, Outcome};
use crate::model::{Day, Digest, Iri, Time};
use crate::store::Kind;

/// How long after its end the counts of a day are surely written, in seconds.
const WRITTEN_SECONDS: i64 = 3_600;
/// A cell with fewer checks is never shown (statistical disclosure: nobody shall learn what one startup asked).
pub const SMALLEST: u64 = 5;
/// How many cells are shown at once.
const SHOWN: usize = 10_000;
/// How many cells are looked at for them, small ones and those of other datasets among them.
const LOOKED_AT: usize = 50_000;
/// The longest period.
const MOST_DAYS: i64 = 366;
/// How often an addition is tried again when another process added meanwhile.
const TRIES: usize = 5;

/// Checks of one day that came out the same way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// The UTC day.
    #[serde(rename = "onDay")]
    pub day: Day,
    /// The dataset.
    pub dataset: Iri,
    /// How they came out.
    pub outcome: Outcome,
    /// The first ground or condition that held the outcome where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unmet: Option<String>,
    /// The purpose, if one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
}

/// A cell and how many checks it counts.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Count {
    /// The cell.
    #[serde(flatten)]
    pub cell: Cell,
    /// How many.
    pub count: u64,
}

/// Counts that are not written yet.
#[derive(Debug, Default)]
pub(in crate::engine) struct Counts(Mutex<BTreeMap<Cell, u64>>);

impl Engine {
    /// Counts a check. It is written by [`Engine::write_counts`].
    pub fn count(&self, dataset: &Iri, purpose: Option<&str>, answer: &Decision, at: Time) {
        let cell = Cell {
            day: at.into(),
            dataset: dataset.clone(),
            outcome: answer.outcome,
            unmet: answer.failing.first().cloned(),
            purpose: purpose.map(str::to_owned),
        };
        *self.counts.0.lock().unwrap_or_else(PoisonError::into_inner).entry(cell).or_default() += 1;
    }

    /// Adds what was counted to the rows.
    ///
    /// # Errors
    /// The store cannot be written; what was counted is kept for the next time.
    pub fn write_counts(&self) -> Result<(), EngineError> {
        let counted = std::mem::take(&mut *self.counts.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut done = Err(EngineError::state("nothing was tried", "try again"));
        for _ in 0..TRIES {
            done = self.add(&counted);
            if !done.as_ref().is_err_and(EngineError::is_conflict) {
                break;
            }
        }
        if done.is_err() {
            let mut counts = self.counts.0.lock().unwrap_or_else(PoisonError::into_inner);
            for (cell, count) in counted {
                *counts.entry(cell).or_default() += count;
            }
        }
        done
    }

    fn add(&self, counted: &BTreeMap<Cell, u64>) -> Result<(), EngineError> {
        if counted.is_empty() {
            return Ok(());
        }
        let mut op = Operation::start(self)?;
        for (cell, count) in counted {
            // sorted by day, so that a period is a range
            let key = format!("{} {}", cell.day, Digest::of(&serde_json::to_vec(cell).unwrap_or_default()));
            let row = rows::load::<Count>(&*self.store, Kind::Count, &key)?;
            let (before, version) = row.map_or((0, 0), |Loaded { value, version }| (value.count, version));
            rows::guard(&mut op.item, Kind::Count, &key, version);
            let sum = Count { cell: cell.clone(), count: before + count };
            rows::put(&mut op.item, Kind::Count, &key, None, &sum)?;
        }
        op.commit().map(|_| ())
    }

    /// The counts of some days, `from` among them and `until` not, but for small cells and datasets that not everybody may see. No sums are given, since the sums of two
    /// overlapping periods would show what a small cell hides; and only of days that have ended, since of two looks at a day that goes on the
    /// second would show what was asked in between.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn check_counts(&self, from: Day, until: Day, dataset: Option<&Iri>) -> Result<Vec<Count>, EngineError> {
        let too_many = |why: String| EngineError::input(Field::Period, why, "ask for fewer days, or for one dataset");
        if (until.date() - from.date()).num_days() > MOST_DAYS {
            return Err(too_many(format!("is longer than {MOST_DAYS} days")));
        }
        let until = until.min(self.clock.now().plus_seconds(-WRITTEN_SECONDS).into());
        let (view, mut public) = (self.view()?, BTreeMap::new());
        let (mut found, mut looked, mut after) = (Vec::new(), 0, format!("{from} "));
        loop {
            let rows = self.store.rows(Kind::Count, None, Some(&after), 500)?;
            let Some(last) = rows.last() else { return Ok(found) };
            after.clone_from(&last.key);
            for row in &rows {
                let count = rows::parse::<Count>(row)?.value;
                if count.cell.day >= until {
                    return Ok(found);
                }
                looked += 1;
                if found.len() == SHOWN || looked > LOOKED_AT {
                    return Err(too_many(format!("holds more than {SHOWN} counts")));
                }
                if count.count >= SMALLEST && dataset.is_none_or(|d| *d == count.cell.dataset) {
                    let of = &count.cell.dataset;
                    if !public.contains_key(of) {
                        public.insert(of.clone(), self.is_public(&view, of)?);
                    }
                    found.extend(public.get(of).is_some_and(|public| *public).then_some(count));
                }
            }
        }
    }
}
