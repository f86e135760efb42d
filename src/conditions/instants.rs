//! Times as Cedar values.

use std::convert::Infallible;

use cedar_policy::RestrictedExpression;

use crate::cache::Cache;
use crate::model::Time;

/// How many are kept.
const MAX_INSTANTS: usize = 1024;

/// Times as Cedar values, kept: Cedar parses the name of its `datetime` function anew for each one that is made, and the same ends of
/// terms and certificates come again and again.
#[derive(Debug)]
pub(super) struct Instants(Cache<Time, RestrictedExpression>);

impl Default for Instants {
    fn default() -> Self {
        Instants(Cache::new(MAX_INSTANTS))
    }
}

impl Instants {
    pub(super) fn value(&self, time: Time) -> RestrictedExpression {
        let Ok(value) =
            self.0.get_or(time, || Ok::<_, Infallible>(RestrictedExpression::new_datetime(time.to_string())));
        value
    }
}
