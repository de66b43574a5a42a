//! The number of failures that are allowed.

use std::time::Duration;

use crate::Timestamp;

/// The number of failures that an address or a name may have: `failures` in a window, four times
/// that in 64. Both begin anew when their time is over, for many people may share an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailureLimit {
    failures: u64,
    /// In seconds, since windows begin by the clock.
    window: u64,
}

/// The number of failures so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// In the current window.
    pub window: u64,
    /// In the current period of 64 windows.
    pub period: u64,
}

impl FailureLimit {
    const WINDOWS: u64 = 64;

    /// A limit of so many failures in a window of whole seconds; 0 is no limit.
    pub fn new(failures: u32, window: Duration) -> Self {
        Self {
            failures: failures.into(),
            window: window.as_secs().max(1),
        }
    }

    /// Returns whether there is no limit.
    pub fn is_unlimited(self) -> bool {
        self.failures == 0
    }

    /// The number of the current window within its period, and that of the period.
    pub fn position(self, now: Timestamp) -> (u64, u64) {
        let window = now / self.window;
        (window % Self::WINDOWS, window / Self::WINDOWS)
    }

    /// When the current period ends.
    pub fn period_end(self, now: Timestamp) -> Timestamp {
        let length = self.window.saturating_mul(Self::WINDOWS);
        (now / length).saturating_add(1).saturating_mul(length)
    }

    /// Returns the time until the limit is no longer reached; `None` if it is not reached now.
    pub fn wait(self, failures: Failures, now: Timestamp) -> Option<Duration> {
        let seconds = if self.is_unlimited() {
            None
        } else if failures.period >= self.failures.saturating_mul(4) {
            Some(self.period_end(now) - now)
        } else if failures.window >= self.failures {
            Some(self.window - now % self.window)
        } else {
            None
        };
        seconds.map(Duration::from_secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_count_until_their_window_and_their_period_end() {
        let limit = FailureLimit::new(5, Duration::from_secs(10));
        let wait = |window, period, now| {
            let wait = limit.wait(Failures { window, period }, now);
            wait.map(|wait| wait.as_secs())
        };
        assert_eq!(wait(4, 4, 643), None);
        assert_eq!(wait(5, 5, 643), Some(7));
        assert_eq!(wait(0, 19, 643), None);
        assert_eq!(wait(0, 20, 643), Some(637));
        assert_eq!(
            (limit.position(643), limit.period_end(643)),
            ((0, 1), 1_280)
        );
        assert_eq!(limit.position(1_279), (63, 1));
    }

    #[test]
    fn a_limit_of_0_is_none() {
        let failures = Failures {
            window: 1_000,
            period: 1_000,
        };
        let limit = FailureLimit::new(0, Duration::from_secs(60));
        assert_eq!(limit.wait(failures, 0), None);
    }
}
