//! The lifecycle of keys that replace each other: published, active, retired.

/// A key that is active until its successor is. What it has made stays valid for some time after.
///
/// Times are in seconds since the Unix epoch, and are all the state there is.
pub trait Lifecycle {
    /// The time from which the key is active, until its successor is.
    fn active_from(&self) -> u64;
    /// The time from which the key is retired and what it made is invalid, once it is decided.
    fn retired_at(&self) -> Option<u64>;
    /// Sets both.
    fn set_times(&mut self, active_from: u64, retired_at: Option<u64>);

    /// Returns whether the key is retired.
    fn is_retired(&self, now: u64) -> bool {
        self.retired_at()
            .is_some_and(|retired_at| retired_at <= now)
    }
}

/// Returns the active key: of the keys that have become active and are not retired, the last to do
/// so; of several at the same time, the last of the list.
pub fn active<T: Lifecycle>(keys: &[T], now: u64) -> Option<&T> {
    let begun = |key: &&T| key.active_from() <= now && !key.is_retired(now);
    keys.iter()
        .filter(begun)
        .max_by_key(|key| key.active_from())
}

/// Returns the key that becomes active next.
pub fn next<T: Lifecycle>(keys: &[T], now: u64) -> Option<&T> {
    let waits = |key: &&T| key.active_from() > now && !key.is_retired(now);
    keys.iter()
        .filter(waits)
        .min_by_key(|key| key.active_from())
}

/// Changes the time at which the next key becomes active.
pub fn activate_next<T: Lifecycle>(keys: &mut [T], now: u64, active_from: u64) {
    let waits = |key: &&mut T| key.active_from() > now && !key.is_retired(now);
    let next = keys
        .iter_mut()
        .filter(waits)
        .min_by_key(|key| key.active_from());
    if let Some(next) = next {
        next.set_times(active_from, next.retired_at());
    }
}

/// Sets the time at which each key is retired: `tail` seconds after its successor becomes active,
/// the longest life of a token.
///
/// A key that is no longer active never gets more time than it had, whatever becomes of its
/// successor.
pub fn schedule_retirement<T: Lifecycle>(keys: &mut [T], now: u64, tail: u64) {
    let mut order: Vec<_> = (0..keys.len())
        .filter(|&index| !keys[index].is_retired(now))
        .collect();
    order.sort_by_key(|&index| keys[index].active_from());
    let mut successors = order.iter().skip(1);
    for &index in &order {
        let retired_at = successors.next().map(|&successor| {
            let end = keys[successor].active_from();
            let retired_at = end.saturating_add(tail);
            match keys[index].retired_at() {
                Some(earlier) if end <= now => retired_at.min(earlier),
                _ => retired_at,
            }
        });
        let active_from = keys[index].active_from();
        keys[index].set_times(active_from, retired_at);
    }
}
