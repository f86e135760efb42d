//! Time and chance as arguments: the only place that reads the wall clock or asks the system for random bytes.
//!
//! Whoever needs either takes a `&dyn Clock` or `&dyn Random`, so a case, the demo and a test give the same bytes
//! twice.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

use crate::model::{Salt, Time};

/// Says what time it is. An operation asks once and uses that one answer throughout.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The current second of UTC.
    fn now(&self) -> Time;
}

/// The wall clock of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    /// A machine whose clock stands outside the years 1970 to 9999 reads as 1970: that is behind every log, so the rule
    /// that nothing is signed when the clock is behind the newest record keeps such a machine from signing.
    #[expect(clippy::disallowed_methods, reason = "this is the Clock that everybody else asks")]
    fn now(&self) -> Time {
        Time::from_unix(chrono::Utc::now().timestamp()).unwrap_or(Time::EPOCH)
    }
}

/// A clock that stands still until it is set: for cases, for the demo and for tests.
#[derive(Debug)]
pub struct FixedClock(Mutex<Time>);

impl FixedClock {
    /// A clock that shows `time`.
    #[must_use]
    pub fn new(time: Time) -> Self {
        FixedClock(Mutex::new(time))
    }

    /// Sets it, forwards or backwards.
    pub fn set(&self, time: Time) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = time;
    }

    /// Moves it by a number of seconds.
    pub fn advance(&self, seconds: i64) {
        let mut time = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *time = time.plus_seconds(seconds);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Time {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The system gave no random bytes. Nothing is signed without them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("the system gives no random bytes: {0}")]
#[diagnostic(
    code(clock::random),
    help("this happens in a sandbox without `getrandom` and `/dev/urandom`: allow one of them")
)]
pub struct RandomError(String);

/// Gives bytes that nobody can guess, and the ids and salts made of them.
pub trait Random: Send + Sync + fmt::Debug {
    /// Fills the whole buffer.
    ///
    /// # Errors
    /// [`RandomError`] when the system gives none; the buffer is then of no use.
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomError>;

    /// A fresh salt for a document that is not public.
    ///
    /// # Errors
    /// As [`Random::fill`].
    fn salt(&self) -> Result<Salt, RandomError> {
        let mut bytes = [0; 32];
        self.fill(&mut bytes)?;
        Ok(Salt::new(bytes))
    }

    /// A UUID of version 4, all chance: for log entries, which must not say when or for whom they were made.
    ///
    /// # Errors
    /// As [`Random::fill`].
    fn uuid_v4(&self) -> Result<Uuid, RandomError> {
        let mut bytes = [0; 16];
        self.fill(&mut bytes)?;
        Ok(Builder::from_random_bytes(bytes).into_uuid())
    }

    /// A UUID of version 7 for `now`: for records, so that their ids sort by the second of making.
    ///
    /// # Errors
    /// As [`Random::fill`].
    fn uuid_v7(&self, now: Time) -> Result<Uuid, RandomError> {
        let mut bytes = [0; 10];
        self.fill(&mut bytes)?;
        let millis = u64::try_from(now.unix()).unwrap_or(0).saturating_mul(1000);
        Ok(Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
    }
}

/// The random source of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(clippy::disallowed_methods, reason = "this is the Random that everybody else takes")]
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(out).map_err(|e| RandomError(e.to_string()))
    }
}

/// The same bytes for the same seed, SHA-256 of seed and counter. **Not for production**: whoever knows the seed knows
/// every salt and id. For tests and for examples that must come out the same each time.
pub struct SeededRandom {
    seed: [u8; 32],
    /// How many blocks were drawn so far.
    block: Mutex<u64>,
}

impl SeededRandom {
    /// A source that starts at the first block of `seed`.
    #[must_use]
    pub fn not_for_production(seed: [u8; 32]) -> Self {
        SeededRandom { seed, block: Mutex::new(0) }
    }
}

impl fmt::Debug for SeededRandom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeededRandom(not for production)")
    }
}

impl Random for SeededRandom {
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomError> {
        let mut block = self.block.lock().unwrap_or_else(PoisonError::into_inner);
        for part in out.chunks_mut(32) {
            let drawn = Sha256::new().chain_update(self.seed).chain_update(block.to_be_bytes()).finalize();
            for (to, from) in part.iter_mut().zip(drawn) {
                *to = from;
            }
            *block = block.wrapping_add(1);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let clock = FixedClock::new("2026-11-25T09:30:00Z".parse().unwrap());
        assert_eq!(clock.now(), clock.now());
        clock.advance(60);
        assert_eq!(clock.now().to_string(), "2026-11-25T09:31:00Z");
        clock.set(Time::EPOCH);
        assert_eq!(clock.now().to_string(), "1970-01-01T00:00:00Z");
        assert!(SystemClock.now() > "2026-01-01T00:00:00Z".parse().unwrap());
    }

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let draw = |seed| {
            let random = SeededRandom::not_for_production([seed; 32]);
            let now = "2026-11-25T09:30:00Z".parse().unwrap();
            let mut long = [0; 70];
            random.fill(&mut long).unwrap();
            (random.uuid_v4().unwrap(), random.uuid_v7(now).unwrap(), random.salt().unwrap(), long)
        };
        assert_eq!(draw(1).0, draw(1).0);
        assert_eq!(draw(1).3, draw(1).3);
        assert_ne!(draw(1).2, draw(2).2);
        assert_ne!(draw(1).0, draw(2).0);
        assert_eq!(draw(1).0.get_version_num(), 4);
        assert_eq!(draw(1).1.get_version_num(), 7);
        assert!(draw(1).1.to_string().starts_with("01a2120a-61c0-7"), "{}", draw(1).1);
    }

    #[test]
    fn the_system_gives_different_bytes_each_time() {
        assert_ne!(SystemRandom.uuid_v4().unwrap(), SystemRandom.uuid_v4().unwrap());
        assert!(!format!("{:?}", SeededRandom::not_for_production([7; 32])).contains('7'));
    }
}
