//! How often something may be tried: what attempts are counted for, and how many there may be.

mod allowance;
mod failures;
mod key;

pub use allowance::Allowance;
pub use failures::{FailureLimit, Failures};
pub use key::ThrottleKey;
