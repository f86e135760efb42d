//! What is kept for a while only: sessions, idempotency keys and registrations whose time is over are removed. Sessions and keys are listed
//! under the minute in which their time is over, so that only what is due is read; all are looked at once after the start, which finds what
//! was left before.

use std::sync::{Mutex, PoisonError};

use crate::engine::operation::Operation;
use crate::engine::people::organisations::Registration;
use crate::engine::people::sign_in::Session;
use crate::engine::rows::minute;
use crate::engine::state::Made;
use crate::engine::{Engine, EngineError};
use crate::model::term::local_day;
use crate::model::{Day, Time};
use crate::store::{Kind, Row};

/// At most so many rows are removed in one commit, so that nobody waits long for the disk.
const AT_ONCE: usize = 500;
/// After so many seconds without tidying all are looked at again.
const LONG: i64 = 86_400;
/// How long after an instant its day is over everywhere, in seconds.
const DAY: i64 = 86_400;

/// Until when everything is tidied; none before the first time.
pub(in crate::engine) type Tidied = Mutex<Option<Time>>;

/// When the time of a row is over.
type Over = fn(&[u8]) -> Option<Time>;

impl Engine {
    /// Removes what was kept long enough; gives how many rows that were. When it dies half way the rest goes next time.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn tidy(&self) -> Result<usize, EngineError> {
        let now = self.clock.now();
        let before = *self.tidied.lock().unwrap_or_else(PoisonError::into_inner);
        let kinds: [(Kind, Over); 2] = [
            (Kind::Idempotency, |body| Some(serde_json::from_slice::<Made>(body).ok()?.over())),
            (Kind::Session, |body| Some(serde_json::from_slice::<Session>(body).ok()?.over())),
        ];
        let mut count = 0;
        for (kind, over) in kinds {
            match before.filter(|before| before.plus_seconds(LONG) > now) {
                None => count += self.remove(kind, None, over, now)?,
                Some(before) => {
                    let minutes =
                        (0..).map(|n| before.plus_seconds(60 * n)).take_while(|at| *at < now.plus_seconds(60));
                    for at in minutes {
                        count += self.remove(kind, Some(&minute(at)), over, now)?;
                    }
                }
            }
        }
        let lapses: Over = |body| Some(serde_json::from_slice::<Registration>(body).ok()?.lapses());
        count += self.remove(Kind::Registration, None, lapses, now)?;
        // the volume of a day is counted until the day is over everywhere; the oldest come first
        let over = Day::from(local_day(now.plus_seconds(-DAY))).to_string();
        loop {
            let volumes = self.store.rows(Kind::Volume, None, None, AT_ONCE)?;
            let removed = self.delete(Kind::Volume, volumes.into_iter().take_while(|row| row.key < over))?;
            count += removed;
            if removed < AT_ONCE {
                break;
            }
        }
        *self.tidied.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        Ok(count)
    }

    /// Removes the rows of a kind whose time is over, of those under one minute or of all.
    fn remove(&self, kind: Kind, parent: Option<&str>, over: Over, now: Time) -> Result<usize, EngineError> {
        let (mut count, mut after) = (0, None::<String>);
        loop {
            let rows = self.store.rows(kind, parent, after.as_deref(), AT_ONCE)?;
            let more = rows.len() == AT_ONCE;
            after = rows.last().map(|row| row.key.clone());
            let due = rows.into_iter().filter(|row| over(&row.body).is_some_and(|over| over <= now));
            count += self.delete(kind, due)?;
            if !more {
                return Ok(count);
            }
        }
    }

    /// Removes rows in one commit; gives how many.
    fn delete(&self, kind: Kind, rows: impl Iterator<Item = Row>) -> Result<usize, EngineError> {
        let mut op = Operation::start(self)?;
        for Row { key, version, .. } in rows {
            op.item = std::mem::take(&mut op.item).guard(kind, key.as_str(), version).delete(kind, key);
        }
        let count = op.item.guards.len();
        if count > 0 {
            op.commit()?;
        }
        Ok(count)
    }
}
