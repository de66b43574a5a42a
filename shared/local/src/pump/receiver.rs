//! The function at the end of a mapping.

use std::time::Duration;

use lambda_http::Context;
use serde_json::Value;
use serde_json::value::to_raw_value;

use crate::functions::Started;
use crate::gateway::{Failure, Watch};

/// Where the function is.
pub(super) enum Receiver {
    /// Behind `cargo lambda watch`.
    Watched(Watch),
    /// In this process.
    Here(Box<Started>),
}

impl Receiver {
    /// Invokes the function. What is not done in time is cut off, as Lambda does.
    pub(super) async fn invoke(
        &self,
        function: &str,
        event: &Value,
        timeout: Duration,
    ) -> Result<Value, Failure> {
        let started = match self {
            Self::Watched(watch) => return watch.invoke(function, event).await,
            Self::Here(started) => started,
        };
        let event = to_raw_value(event).map_err(|_| Failure::Failed)?;
        let mut invocation = Context::default();
        invocation.deadline = (api::now() + timeout.as_secs()) * 1_000;
        let answer = tokio::time::timeout(timeout, started.invoke(&event, invocation)).await;
        let answer = answer.map_err(|_| Failure::TimedOut)?;
        answer.map_err(|_| Failure::Failed)
    }
}
