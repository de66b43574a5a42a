//! The deadline of an invocation.

use std::time::Duration;

use lambda_http::Context;
use tokio::time::{Instant, timeout_at};

use crate::clock::now_in_ms;

/// The time by which the work of an invocation must be done. Lambda would end it without an answer,
/// a log line or a metric.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Option<Instant>);

/// The work of an invocation took longer than it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the invocation ran out of time")]
pub struct Late;

/// The time that is kept for the answer and its log line.
const RESERVE: Duration = Duration::from_millis(500);

impl Deadline {
    /// No deadline.
    const NONE: Self = Self(None);

    /// Half a second before Lambda's own deadline.
    ///
    /// Lambda hands an event over before its deadline, in milliseconds since 1970. One that has
    /// passed by then comes from something else, which does not end a function at that time either:
    /// `cargo lambda watch` always says 600,000. Taken at its word it would refuse every request,
    /// so that it is no deadline.
    #[must_use]
    pub fn of(invocation: &Context) -> Self {
        let left = invocation.deadline.saturating_sub(now_in_ms());
        if left == 0 {
            return Self::NONE;
        }
        let left = Duration::from_millis(left).saturating_sub(RESERVE);
        // A deadline beyond the range of the clock is none.
        Self(Instant::now().checked_add(left))
    }

    /// Returns a deadline that is earlier by a reserve.
    #[must_use]
    pub fn less(self, reserve: Duration) -> Self {
        let now = Instant::now();
        Self(self.0.map(|end| end.checked_sub(reserve).unwrap_or(now)))
    }

    /// Returns the time that is left; `None` where there is no deadline.
    #[must_use]
    pub fn left(self) -> Option<Duration> {
        let end = self.0?;
        Some(end.saturating_duration_since(Instant::now()))
    }

    /// Does some work, and drops it at the deadline.
    ///
    /// # Errors
    ///
    /// [`Late`] where it was dropped.
    pub async fn limit<T>(self, work: impl Future<Output = T>) -> Result<T, Late> {
        match self.0 {
            None => Ok(work.await),
            Some(end) => timeout_at(end, work).await.map_err(|_| Late),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    fn deadline(in_ms: u64) -> Deadline {
        let mut invocation = Context::default();
        invocation.deadline = in_ms;
        Deadline::of(&invocation)
    }

    #[tokio::test]
    async fn work_ends_half_a_second_before_lambda_ends_it() {
        let soon = deadline(now_in_ms() + 510);
        assert_eq!(soon.limit(pending::<()>()).await, Err(Late));
        let later = deadline(now_in_ms() + 60_000);
        let left = later.left().unwrap();
        assert!(left > Duration::from_secs(30) && left <= Duration::from_millis(59_500));
        for end in [later, deadline(u64::MAX)] {
            assert_eq!(end.limit(ready(1)).await, Ok(1));
        }
        let left = later.less(Duration::from_secs(20)).left().unwrap();
        assert!(left <= Duration::from_millis(39_500));
    }

    #[test]
    fn what_is_no_deadline_of_lambdas_ends_nothing() {
        for none in [0, 600_000, now_in_ms() - 1] {
            assert!(deadline(none).0.is_none(), "{none}");
        }
        assert!(deadline(0).less(Duration::from_secs(1)).0.is_none());
    }
}
