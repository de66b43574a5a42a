//! Throttling: the keys that attempts are counted by, and the number that is allowed.

mod allowance;
mod failures;
mod key;
mod pseudonym;

pub use allowance::Allowance;
pub use failures::{FailureLimit, Failures};
pub use key::ThrottleKey;
pub use pseudonym::Pseudonym;
