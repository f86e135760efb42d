//! What is kept for a while only: sessions and idempotency keys whose time is over are removed.

use super::operation::Operation;
use super::sign_in::SESSION_SECONDS;
use super::state::{self, Made};
use super::{Engine, EngineError};
use crate::model::term::local_day;
use crate::model::{Day, Time};
use crate::store::Kind;

/// How long an idempotency key is kept, in seconds.
const MADE_SECONDS: i64 = 86_400;
/// At most so many rows are removed in one commit, so that nobody waits long for the disk.
const AT_ONCE: usize = 500;

impl Engine {
    /// Removes what was kept long enough; gives how many rows that were. When it dies half way the rest goes next time.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn tidy(&self) -> Result<usize, EngineError> {
        let mut op = Operation::start(self)?;
        let now = op.now;
        let mut old = Vec::new();
        let mut collect = |kind: Kind, over: fn(&[u8], Time) -> bool| {
            state::each_row(&*self.store, kind, None, |row| {
                if old.len() < AT_ONCE && over(&row.body, now) {
                    old.push((kind, row.key, row.version));
                }
                Ok(())
            })
        };
        collect(Kind::Idempotency, |body, now| {
            serde_json::from_slice::<Made>(body).is_ok_and(|made| made.at.plus_seconds(MADE_SECONDS) <= now)
        })?;
        collect(Kind::Session, |body, now| {
            serde_json::from_slice::<super::sign_in::Session>(body)
                .is_ok_and(|session| session.at.plus_seconds(SESSION_SECONDS) <= now)
        })?;
        // the volume of a day is counted until the day is over everywhere
        let over = Day::from(local_day(now.plus_seconds(-MADE_SECONDS))).to_string();
        let volumes = self.store.rows(Kind::Volume, None, None, AT_ONCE)?;
        let volumes = volumes.into_iter().take_while(|row| row.key < over);
        old.extend(volumes.map(|row| (row.kind, row.key, row.version)));
        let count = old.len();
        for (kind, key, version) in old {
            op.item = std::mem::take(&mut op.item).guard(kind, key.as_str(), version).delete(kind, key);
        }
        if count > 0 {
            op.commit()?;
        }
        Ok(count)
    }
}
