//! A bounded memory of what is costly to make.

use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hashlink::LruCache;

/// What was made, by what it was made of. Nothing is made while others wait: two who miss the same thing at once make it twice, and both
/// have it. When it is full, what nobody asked for the longest makes place for the new.
#[derive(Debug)]
pub(crate) struct Cache<K, V>(Mutex<LruCache<K, V>>);

impl<K: Eq + Hash, V: Clone> Cache<K, V> {
    /// An empty one that keeps so many things.
    pub(crate) fn new(most: usize) -> Self {
        Cache(Mutex::new(LruCache::new(most)))
    }

    /// What is kept.
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        self.kept().get(key).cloned()
    }

    /// Keeps it.
    pub(crate) fn put(&self, key: K, value: V) {
        self.kept().insert(key, value);
    }

    /// What is kept, or is made now.
    ///
    /// # Errors
    /// As making it; then nothing is kept.
    pub(crate) fn get_or<E>(&self, key: K, make: impl FnOnce() -> Result<V, E>) -> Result<V, E> {
        if let Some(found) = self.get(&key) {
            return Ok(found);
        }
        let made = make()?;
        self.put(key, made.clone());
        Ok(made)
    }

    fn kept(&self) -> MutexGuard<'_, LruCache<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn made<T>(value: T) -> Result<T, Infallible> {
        Ok(value)
    }

    /// While one thing is being made the others are found and made: with the lock held this would never end.
    #[test]
    fn nobody_waits_for_what_another_makes() {
        let cache = Cache::new(8);
        let Ok(slow) = cache.get_or("slow", || {
            let inside = std::thread::scope(|scope| scope.spawn(|| cache.get_or("quick", || made(1))).join().unwrap());
            assert_eq!(inside, Ok(1));
            made(2)
        });
        assert_eq!((slow, cache.get(&"quick"), cache.get(&"slow")), (2, Some(1), Some(2)));
    }

    #[test]
    fn what_nobody_asked_for_the_longest_makes_place() {
        let cache = Cache::new(3);
        let kept = |cache: &Cache<i32, i32>| (0..10).filter_map(|n| cache.get(&n)).collect::<Vec<_>>();
        for n in 0..10 {
            cache.put(n, n);
            cache.put(n, n);
        }
        assert_eq!(kept(&cache), [7, 8, 9]);
        assert_eq!(cache.get(&7), Some(7));
        cache.put(0, 0);
        assert_eq!(kept(&cache), [0, 7, 9]);
        assert_eq!(cache.get_or(11, || Err::<i32, _>("nothing")), Err("nothing"));
        assert_eq!(cache.get(&11), None);
    }
}
