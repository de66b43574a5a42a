//! Whose turn it is, among keys of one kind that follow each other.

/// A key that makes something while it has its turn, and whose work counts for some time after.
///
/// Times are in seconds since the epoch. There is no state beside them.
pub trait Turn {
    /// From when the key has its turn, until that of a successor.
    fn begins(&self) -> u64;
    /// From when the key does nothing any more and its work does not count, once that is decided.
    fn gone_at(&self) -> Option<u64>;
    /// Sets both.
    fn set(&mut self, begins: u64, gone_at: Option<u64>);

    /// Whether the key is gone.
    fn is_gone(&self, now: u64) -> bool {
        self.gone_at().is_some_and(|gone_at| gone_at <= now)
    }
}

/// The key whose turn it is: of those whose turn has begun and that are not gone, the one that began
/// last; the latest addition among equals.
pub fn current<T: Turn>(keys: &[T], now: u64) -> Option<&T> {
    let begun = |key: &&T| key.begins() <= now && !key.is_gone(now);
    keys.iter().filter(begun).max_by_key(|key| key.begins())
}

/// The key whose turn comes next.
pub fn next<T: Turn>(keys: &[T], now: u64) -> Option<&T> {
    let waits = |key: &&T| key.begins() > now && !key.is_gone(now);
    keys.iter().filter(waits).min_by_key(|key| key.begins())
}

/// Has the next key's turn begin at another time.
pub fn call_next<T: Turn>(keys: &mut [T], now: u64, begins: u64) {
    let waits = |key: &&mut T| key.begins() > now && !key.is_gone(now);
    let next = keys.iter_mut().filter(waits).min_by_key(|key| key.begins());
    if let Some(next) = next {
        next.set(begins, next.gone_at());
    }
}

/// Decides when each key is gone: `tail` seconds after its successor's turn has begun, for so long
/// may live what it made last.
///
/// A key whose turn is over never gets more time than it had, whatever became of its successor.
pub fn settle<T: Turn>(keys: &mut [T], now: u64, tail: u64) {
    let mut order: Vec<_> = (0..keys.len())
        .filter(|&index| !keys[index].is_gone(now))
        .collect();
    order.sort_by_key(|&index| keys[index].begins());
    let mut successors = order.iter().skip(1);
    for &index in &order {
        let gone_at = successors.next().map(|&successor| {
            let end = keys[successor].begins();
            let gone_at = end.saturating_add(tail);
            match keys[index].gone_at() {
                Some(earlier) if end <= now => gone_at.min(earlier),
                _ => gone_at,
            }
        });
        let begins = keys[index].begins();
        keys[index].set(begins, gone_at);
    }
}
