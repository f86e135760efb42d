//! Calls that read much: on threads that may wait, a few at once, so that whoever lists a whole portal keeps nobody else waiting.

use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::sync::Semaphore;

use super::{Problem, Service};
use crate::engine::{Engine, EngineError};

/// How many run at once: as many as there are cores. The others wait for their turn without a thread.
pub(super) fn places() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(available_parallelism().map_or(2, usize::from)))
}

impl Service {
    /// Makes such a call.
    pub(super) async fn heavy<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Engine) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, Problem> {
        let place = Arc::clone(&self.heavy).acquire_owned().await;
        let engine = Arc::clone(&self.engine);
        // the place is given back when the work is done, also if nobody waits for it any more
        let work = move || {
            let _place = place;
            call(&engine)
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(answer) => answer.map_err(Problem::from),
            Err(_) => Err(Problem::internal("The operator of this portal finds the reason in its log.")),
        }
    }
}
