//! What several tests need.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

pub(crate) mod browser;
pub(crate) mod faulty;
pub(crate) mod forge;
pub(crate) mod interop;
pub(crate) mod issuer;
pub(crate) mod logs;
pub(crate) mod receiver;

struct Unpark(std::thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Makes a database what it was before the sixth migration.
pub(crate) const BEFORE_SIX: &str =
    "DROP TRIGGER leaf_is_said; DROP TRIGGER record_is_never_changed; ALTER TABLE record DROP COLUMN leaf;
    CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record
    BEGIN SELECT raise(ABORT, 'a record is never changed'); END;
    CREATE INDEX leaf_by_digest ON leaf (digest); DELETE FROM migration WHERE number = 6;";

/// What a future gives, as a task would get it.
pub(crate) fn awaited<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}
