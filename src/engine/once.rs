//! Calls that have their effect once: what a call under an idempotency key made, for the one who repeats it.

use super::rows;
use super::state::Made;
use super::{Engine, EngineError};
use crate::log::LogError;
use crate::model::Digest;
use crate::store::Kind;

impl Engine {
    /// What an earlier call under this key made; none if there was none, or it was longer ago than keys are kept.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn made(&self, key: &Digest) -> Result<Option<Made>, EngineError> {
        Ok(rows::load::<Made>(&*self.store, Kind::Idempotency, &key.to_string())?.map(|row| row.value))
    }
}

impl EngineError {
    /// True if something that the call read has changed meanwhile.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, EngineError::Submit(LogError::Conflict(_)))
    }
}
