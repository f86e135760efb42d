//! The last questions, and what each unit came to: those who ask again, with one thing changed, wait for that one thing alone.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::Digest;
use crate::model::decision::{Need, Status};

/// How many questions are remembered.
const REMEMBERED: usize = 8;

/// What a unit came to.
#[derive(Debug, Clone)]
pub(super) enum Came {
    To(Status, Option<Arc<Need>>),
    Fault(Arc<str>),
}

/// A question that was asked.
#[derive(Debug)]
pub(super) struct Kept {
    /// For each body the digest of all values that it names.
    pub(super) keys: Vec<Digest>,
    /// For each unit.
    pub(super) came: Vec<Came>,
}

/// The last questions, the newest first.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<VecDeque<Arc<Kept>>>);

impl Memory {
    pub(super) fn all(&self) -> VecDeque<Arc<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn put(&self, kept: &Arc<Kept>) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.retain(|other| other.keys != kept.keys);
        last.truncate(REMEMBERED - 1);
        last.push_front(Arc::clone(kept));
    }
}
