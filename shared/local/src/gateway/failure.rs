//! Why a function does not answer.

use super::refusal::Refusal;

/// Why a function does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It failed, or cannot be reached.
    Failed,
    /// It takes longer than [`TIMEOUT`](super::TIMEOUT).
    TimedOut,
}

/// AWS's pages do not name the two statuses; they are widely reported.
impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Failed => Self::InternalServerError,
            Failure::TimedOut => Self::ServiceUnavailable,
        }
    }
}
