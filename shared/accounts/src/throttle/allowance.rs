//! The number of attempts that are allowed.

use std::time::Duration;

use crate::Timestamp;

/// The number of attempts that are allowed: `burst` in a window, twice that in eight windows, four
/// times that in 64. So a client that goes on has to wait longer and longer, but never for ever.
///
/// An attempt is spent whether it succeeds or not, and comes back when its time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    burst: usize,
    window: Duration,
    limits: &'static [(usize, u32)],
}

/// Multiples of the burst, and in how many windows there may be so many attempts.
const GROWING: &[(usize, u32)] = &[(1, 1), (2, 8), (4, 64)];

/// The same where no attempt has to wait for longer than a window.
const STEADY: &[(usize, u32)] = &[(1, 1)];

impl Allowance {
    /// The largest burst, so that the times of the attempts that count fit one item below 1 KB, the
    /// unit that DynamoDB bills a write by.
    pub const MAX_BURST: u32 = 20;

    /// An allowance of so many attempts in a window; with a burst of 0 there is no limit.
    pub fn new(burst: u32, window: Duration) -> Self {
        Self {
            burst: burst.min(Self::MAX_BURST) as usize,
            window,
            limits: GROWING,
        }
    }

    /// An allowance of so many attempts in a window, for ever: of what must not be shut for long,
    /// whoever goes on.
    pub fn steady(burst: u32, window: Duration) -> Self {
        Self {
            limits: STEADY,
            ..Self::new(burst, window)
        }
    }

    /// The same with a burst of 1, where a name is under attack. Four remembered attempts suffice,
    /// since its largest limit is 4.
    #[must_use]
    pub fn single(self) -> Self {
        Self {
            burst: self.burst.min(1),
            ..self
        }
    }

    /// Returns whether there is no limit.
    pub fn is_unlimited(self) -> bool {
        self.burst == 0
    }

    /// Returns the number of newest attempts that must be remembered.
    pub fn slots(self) -> usize {
        self.longest().0
    }

    /// The longest time for which an attempt counts.
    pub fn memory(self) -> Duration {
        self.longest().1
    }

    /// The limits: how many attempts, in which time; each longer than the one before.
    pub fn limits(self) -> impl Iterator<Item = (usize, Duration)> {
        let limit = move |(bursts, windows): &(usize, u32)| {
            (self.burst * bursts, self.window.saturating_mul(*windows))
        };
        self.limits.iter().map(limit)
    }

    fn longest(self) -> (usize, Duration) {
        self.limits().last().unwrap_or_default()
    }

    /// Returns the time until another attempt is allowed; `None` if one is allowed now.
    /// `earlier` are the times of the attempts so far, the newest first.
    pub fn wait(self, earlier: &[Timestamp], now: Timestamp) -> Option<Duration> {
        let waits = self.limits().filter_map(|(attempts, time)| {
            let oldest = earlier.get(attempts.checked_sub(1)?)?;
            let until = oldest.saturating_add(time.as_secs());
            until.checked_sub(now).filter(|wait| *wait > 0)
        });
        waits.max().map(Duration::from_secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn seconds(wait: Option<Duration>) -> Option<u64> {
        wait.map(|wait| wait.as_secs())
    }

    #[test]
    fn a_burst_is_spent_and_comes_back_attempt_by_attempt() {
        let allowance = Allowance::new(3, MINUTE);
        assert_eq!(allowance.wait(&[], 1_000), None);
        assert_eq!(allowance.wait(&[999, 990], 1_000), None);
        assert_eq!(seconds(allowance.wait(&[999, 990, 980], 1_000)), Some(40));
        assert_eq!(seconds(allowance.wait(&[999, 990, 941], 1_000)), Some(1));
        assert_eq!(allowance.wait(&[999, 990, 940], 1_000), None);
    }

    #[test]
    fn whoever_goes_on_waits_longer_and_never_for_ever() {
        let allowance = Allowance::new(2, Duration::from_secs(10));
        let (mut earlier, mut now, mut longest) = (Vec::new(), 1_000, 0);
        for _ in 0..50 {
            if let Some(wait) = seconds(allowance.wait(&earlier, now)) {
                longest = longest.max(wait);
                now += wait;
            }
            assert_eq!(allowance.wait(&earlier, now), None);
            earlier.insert(0, now);
        }
        assert!((80..=640).contains(&longest), "{longest}");
        assert!(now - 1_000 > 50 / 8 * 600, "{now}");
    }

    #[test]
    fn a_single_attempt_has_the_same_windows() {
        let allowance = Allowance::new(10, MINUTE).single();
        let limits = [(1, MINUTE), (2, MINUTE * 8), (4, MINUTE * 64)];
        assert_eq!(allowance.limits().collect::<Vec<_>>(), limits);
        assert_eq!((allowance.slots(), allowance.memory()), (4, MINUTE * 64));
        assert_eq!(allowance.wait(&[], 10_000), None);
        assert_eq!(seconds(allowance.wait(&[9_941], 10_000)), Some(1));
        assert_eq!(allowance.wait(&[9_940], 10_000), None);
        assert_eq!(seconds(allowance.wait(&[9_940, 9_600], 10_000)), Some(80));
    }

    #[test]
    fn a_steady_allowance_never_waits_for_longer_than_its_window() {
        let allowance = Allowance::steady(2, MINUTE);
        assert_eq!((allowance.slots(), allowance.memory()), (2, MINUTE));
        let earlier: Vec<_> = (0..40).map(|n| 9_999 - n * 30).collect();
        assert_eq!(seconds(allowance.wait(&earlier, 10_000)), Some(29));
        assert_eq!(seconds(allowance.wait(&[9_990], 10_000)), None);
    }

    #[test]
    fn no_burst_is_no_limit() {
        let allowance = Allowance::new(0, MINUTE);
        assert!(allowance.is_unlimited() && allowance.single().is_unlimited());
        assert_eq!(allowance.wait(&[1_000; 100], 1_000), None);
    }
}
