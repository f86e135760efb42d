//! Times as Cedar values.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use cedar_policy::RestrictedExpression;

use crate::model::Time;

/// How many are kept.
const MAX_INSTANTS: usize = 1024;

/// Times as Cedar values, kept: Cedar parses the name of its `datetime` function anew for each one that is made, and the same ends of
/// terms and certificates come again and again.
#[derive(Debug, Default)]
pub(super) struct Instants(Mutex<HashMap<Time, RestrictedExpression>>);

impl Instants {
    pub(super) fn value(&self, time: Time) -> RestrictedExpression {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_INSTANTS {
            kept.clear();
        }
        kept.entry(time).or_insert_with(|| RestrictedExpression::new_datetime(time.to_string())).clone()
    }
}
