use api::Door;
use lambda_http::Context;
use serde_json::Value;
use serde_json::value::to_raw_value;

use super::refusal::Refusal;
use super::watch::Watch;

/// Where the functions of an API are.
#[derive(Debug)]
pub enum Functions {
    /// In this process, without a time limit: one router with the routes of all functions, behind its door.
    Merged(Door),
    /// Behind `cargo lambda watch`.
    Watched(Watch),
}

/// Why a function has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It failed, or cannot be reached.
    Failed,
    /// It takes longer than [`TIMEOUT`](super::TIMEOUT).
    TimedOut,
}

impl Functions {
    /// Invokes a function with an event.
    pub(super) async fn invoke(&self, function: &str, event: &Value) -> Result<Value, Failure> {
        match self {
            Self::Watched(watch) => watch.invoke(function, event).await,
            Self::Merged(door) => {
                let event = to_raw_value(event).map_err(|_| Failure::Failed)?;
                let answer = door.answer(&event, Context::default()).await;
                serde_json::to_value(answer).map_err(|_| Failure::Failed)
            }
        }
    }
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
