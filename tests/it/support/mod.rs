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

/// Makes a database what it was before the sixth migration: what is listed and each place had a row.
pub(crate) const BEFORE_SIX: &str = "DROP INDEX record_by_digest; CREATE UNIQUE INDEX once ON record (digest); DELETE FROM migration WHERE number = 9;
    ALTER TABLE tree_head RENAME TO head;
    CREATE TRIGGER leaf_follows_the_last BEFORE INSERT ON leaf WHEN NEW.idx <> (SELECT coalesce(max(idx) + 1, 0) FROM leaf)
    BEGIN SELECT raise(ABORT, 'a leaf follows the last one'); END;
    CREATE TRIGGER hash_follows_the_last BEFORE INSERT ON hash
    WHEN NEW.idx <> (SELECT coalesce(max(idx) + 1, 0) FROM hash WHERE level = NEW.level)
    BEGIN SELECT raise(ABORT, 'a hash follows the last one of its level'); END;
    DELETE FROM migration WHERE number = 8;
    INSERT INTO state (kind, key, parent, version, body)
    SELECT name, key, parent, 1, CAST('\"' || key || '\"' AS BLOB) FROM listed;
    INSERT INTO state (kind, key, version, body)
    WITH RECURSIVE bit (at) AS (VALUES (0) UNION ALL SELECT at + 1 FROM bit WHERE at < 4095),
        byte AS (SELECT list, part, at, hex(substr(taken, at / 8 + 1, 1)) AS hex FROM place CROSS JOIN bit)
    SELECT 'status', list || '/' || (part * 4096 + at), 1, x'22'
    FROM byte WHERE ((instr('123456789ABCDEF', substr(hex, 1, 1)) * 16 + instr('123456789ABCDEF', substr(hex, 2, 1))) & (128 >> (at % 8))) <> 0;
    DROP TABLE listed; DROP TABLE place; DELETE FROM migration WHERE number = 7;
    DROP TRIGGER record_is_never_changed; ALTER TABLE record DROP COLUMN leaf;
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
