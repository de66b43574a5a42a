//! The clock.

use std::time::{Duration, SystemTime};

use accounts::Timestamp;

/// The time, for handlers; everything below them takes it as an argument.
///
/// A clock that stands before 1970 reads as 0, at which every token is expired or not yet valid.
pub fn now() -> Timestamp {
    since_1970().as_secs()
}

/// The time in milliseconds since 1970, for the log.
pub(crate) fn now_in_ms() -> u64 {
    u64::try_from(since_1970().as_millis()).unwrap_or(u64::MAX)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the clock is read"
)]
fn since_1970() -> Duration {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}
