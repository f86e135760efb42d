//! Time and chance as arguments: the only place that reads the wall clock or asks the system for random bytes.
//!
//! Whoever needs either takes a `&dyn Clock` or `&dyn Random`, so a case, the demo and a test give the same bytes
//! twice.

use std::fmt;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

use crate::model::record::CLOCK_BEHIND;
use crate::model::{Salt, Time};

/// Says what time it is. An operation asks once and uses that one answer throughout.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The current second of UTC.
    fn now(&self) -> Time;
    /// Seconds that have passed since some moment, whatever the clock was set to meanwhile.
    fn passed(&self) -> i64;
}

/// A clock by which nothing is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum WrongClock {
    /// It stands before the newest record.
    #[error("the clock says {now}, and the newest record is of {newest}")]
    #[diagnostic(
        code(clock::behind),
        help("set the clock right; nothing is signed by a clock that is more than 60 seconds behind")
    )]
    Behind {
        /// What it says.
        now: Time,
        /// The time of the newest record.
        newest: Time,
    },
    /// It jumped ahead.
    #[error("the clock jumped ahead: it says {now}, and should say about {expected}")]
    #[diagnostic(
        code(clock::ahead),
        help(
            "set the clock right; if it is right now, because it was wrong before or the machine slept, start the \
             program again"
        )
    )]
    Ahead {
        /// What it says.
        now: Time,
        /// What it said last, and the time that has passed since.
        expected: Time,
    },
}

/// Watches a clock. What is signed by one that is ahead says that it was made in the future, and then nothing can be signed until that
/// is past; so a clock that gains more on the time that has passed than it may be behind is not believed, until it is set right.
#[derive(Debug)]
pub struct Watch(Mutex<(Time, i64)>);

impl Watch {
    /// Begins: what the clock says now is believed.
    pub fn begin(clock: &dyn Clock) -> Self {
        Watch(Mutex::new((clock.now(), clock.passed())))
    }

    /// What the clock says, if that can be: `newest` is the time of the newest record.
    ///
    /// # Errors
    /// It is behind or ahead. What it says then is no measure of what it says later.
    pub fn now(&self, clock: &dyn Clock, newest: Option<Time>) -> Result<Time, WrongClock> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, passed) = (clock.now(), clock.passed());
        let expected = last.0.plus_seconds(passed.saturating_sub(last.1));
        if now > expected.plus_seconds(CLOCK_BEHIND) {
            return Err(WrongClock::Ahead { now, expected });
        }
        if let Some(newest) = newest.filter(|newest| now.plus_seconds(CLOCK_BEHIND) < *newest) {
            return Err(WrongClock::Behind { now, newest });
        }
        *last = (now, passed);
        Ok(now)
    }
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

    fn passed(&self) -> i64 {
        static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
        i64::try_from(BEGUN.elapsed().as_secs()).unwrap_or(i64::MAX)
    }
}

/// A clock that stands still until it is set: for cases, for the demo and for tests.
#[derive(Debug)]
pub struct FixedClock(Mutex<Fixed>);

#[derive(Debug, Clone, Copy)]
struct Fixed {
    now: Time,
    /// By how much it was set wrong.
    wrong: i64,
}

impl FixedClock {
    /// A clock that shows `time`.
    #[must_use]
    pub fn new(time: Time) -> Self {
        FixedClock(Mutex::new(Fixed { now: time, wrong: 0 }))
    }

    fn fixed(&self) -> MutexGuard<'_, Fixed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets time pass until an instant, forwards or backwards.
    pub fn set(&self, time: Time) {
        self.fixed().now = time;
    }

    /// Lets a number of seconds pass.
    pub fn advance(&self, seconds: i64) {
        let mut fixed = self.fixed();
        fixed.now = fixed.now.plus_seconds(seconds);
    }

    /// Sets it wrong by a number of seconds, while no time passes.
    pub fn jump(&self, seconds: i64) {
        self.advance(seconds);
        self.fixed().wrong += seconds;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Time {
        self.fixed().now
    }

    fn passed(&self) -> i64 {
        let fixed = self.fixed();
        fixed.now.unix() - fixed.wrong
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
        Ok(uuid_v7_of(now, &bytes))
    }
}

/// A UUID of version 7 for `now` whose other bits are given: the same for the same thing at the same second.
#[must_use]
pub fn uuid_v7_of(now: Time, bytes: &[u8; 10]) -> Uuid {
    let millis = u64::try_from(now.unix()).unwrap_or(0).saturating_mul(1000);
    Builder::from_unix_timestamp_millis(millis, bytes).into_uuid()
}

/// The random source of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

/// Numbers the ids of a second.
#[derive(Debug)]
struct Counter(Mutex<(Time, u32)>);

impl Counter {
    /// The next of a second. The first is given, so that no id tells how many there were before it.
    fn next(&self, now: Time, first: u32) -> u32 {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = (now, if last.0 == now { last.1.wrapping_add(1) } else { first });
        last.1
    }
}

/// The id with a number in the 12 bits after its version and the first 14 after its variant.
fn numbered(id: Uuid, number: u32) -> Uuid {
    const PLACE: u128 = 0xfff << 64 | 0x3fff << 48;
    let number = u128::from(number);
    Uuid::from_u128(id.as_u128() & !PLACE | (number >> 14 & 0xfff) << 64 | (number & 0x3fff) << 48)
}

impl Random for SystemRandom {
    /// The ids of one second that one process makes sort in the order of their making (RFC 9562 section 6.2, method 1): what is made
    /// together stands together in the trees of the store, so that a commit writes few pages.
    fn uuid_v7(&self, now: Time) -> Result<Uuid, RandomError> {
        static COUNTER: Counter = Counter(Mutex::new((Time::EPOCH, 0)));
        let mut drawn = [0; 14];
        self.fill(&mut drawn)?;
        let [a, b, c, d, bytes @ ..] = drawn;
        // of the 26 bits one stays free for those that follow
        Ok(numbered(uuid_v7_of(now, &bytes), COUNTER.next(now, u32::from_be_bytes([a, b, c, d]) >> 7)))
    }

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
    fn a_jump_is_seen_and_passing_time_is_not() {
        let clock = FixedClock::new("2026-11-25T09:30:00Z".parse().unwrap());
        let watch = Watch::begin(&clock);
        let seen = |newest| watch.now(&clock, newest);
        clock.advance(1_000_000);
        clock.jump(60);
        assert_eq!(seen(None), Ok(clock.now()));
        let right = clock.now();
        clock.jump(61);
        assert_eq!(seen(None), Err(WrongClock::Ahead { now: clock.now(), expected: right }));
        // it is not believed because it stays so, but once it is right again
        clock.advance(30);
        seen(None).unwrap_err();
        clock.jump(-61);
        assert_eq!(seen(None), Ok(right.plus_seconds(30)));
        // behind, and right again
        clock.jump(-1_000_000);
        assert_eq!(seen(Some(right)), Err(WrongClock::Behind { now: clock.now(), newest: right }));
        clock.jump(1_000_000);
        assert_eq!(seen(Some(right)), Ok(right.plus_seconds(30)));
        // a start believes
        clock.jump(1_000_000);
        seen(None).unwrap_err();
        assert_eq!(Watch::begin(&clock).now(&clock, Some(right)), Ok(clock.now()));
        assert!(SystemClock.passed() <= SystemClock.passed());
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
    fn ids_of_one_second_sort_as_they_were_made() {
        let (counter, now): (_, Time) =
            (Counter(Mutex::new((Time::EPOCH, 0))), "2026-11-25T09:30:00Z".parse().unwrap());
        let id = |first| numbered(SystemRandom.uuid_v7(now).unwrap(), counter.next(now, first));
        let ids: Vec<_> = (0..100_000).map(|n| id(0x1ff_ffff - n)).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        let tails: std::collections::BTreeSet<_> = ids.iter().map(|id| id.as_u128() & 0xffff_ffff_ffff).collect();
        assert_eq!(tails.len(), ids.len(), "what follows the number is chance");
        assert!(ids.iter().all(|id| id.get_version_num() == 7 && id.get_variant() == uuid::Variant::RFC4122));
        assert!(ids.iter().all(|id| id.to_string().starts_with("01a2120a-61c0-7")));
        assert_eq!(counter.next(now.plus_seconds(1), 7), 7);
        // the system's own: another test may draw one of another second in between, and by chance alone half of them would ascend
        let ids: Vec<_> = (0..1000).map(|_| SystemRandom.uuid_v7(now).unwrap()).collect();
        assert!(ids.windows(2).filter(|pair| pair[0] < pair[1]).count() > 800, "{ids:?}");
    }

    #[test]
    fn the_system_gives_different_bytes_each_time() {
        assert_ne!(SystemRandom.uuid_v4().unwrap(), SystemRandom.uuid_v4().unwrap());
        assert!(!format!("{:?}", SeededRandom::not_for_production([7; 32])).contains('7'));
    }
}
