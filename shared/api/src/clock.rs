use std::time::SystemTime;

use accounts::Timestamp;

/// The time, for handlers; everything below them takes it as an argument.
///
/// A clock that stands before 1970 reads as 0, at which every token is expired or not yet valid.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the clock is read"
)]
pub fn now() -> Timestamp {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs())
}
