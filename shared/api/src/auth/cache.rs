//! A value that is kept for as long as a function may use an old key ring.

use std::sync::{PoisonError, RwLock};

use accounts::Timestamp;
use keyring::RING_AGE;

/// One value and when it was read, by the clock on the wall: Lambda freezes an environment between
/// requests, and a monotonic clock may stand still meanwhile.
#[derive(Debug)]
pub(crate) struct Cached<T>(RwLock<Option<(Timestamp, T)>>);

impl<T> Default for Cached<T> {
    fn default() -> Self {
        Self(RwLock::new(None))
    }
}

impl<T: Clone> Cached<T> {
    /// The value, however old.
    pub(crate) fn last(&self) -> Option<T> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map(|(_, value)| value.clone())
    }

    /// The value, unless it is too old. Nothing in a token makes it so: a key id that is not known
    /// costs no read.
    pub(crate) fn get(&self, now: Timestamp) -> Option<T> {
        let cached = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (read_at, value) = cached.as_ref()?;
        now.checked_sub(*read_at)
            .is_some_and(|age| age < RING_AGE)
            .then(|| value.clone())
    }

    /// Puts a value that was read now.
    pub(crate) fn put(&self, now: Timestamp, value: T) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((now, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_counts_for_a_minute_and_not_after_the_clock_was_set_back() {
        let cached = Cached::default();
        assert_eq!(cached.get(1_000), None);
        cached.put(1_000, "keys");
        assert_eq!(cached.get(1_000), Some("keys"));
        assert_eq!(cached.get(1_059), Some("keys"));
        assert_eq!(cached.get(1_060), None);
        assert_eq!(cached.get(999), None);
    }
}
