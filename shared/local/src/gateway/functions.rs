//! The functions behind the gateway.

use api::Door;
use lambda_http::Context;
use serde_json::Value;
use serde_json::value::to_raw_value;

use super::failure::Failure;
use super::watch::Watch;

/// Where the functions of an API are.
#[derive(Debug)]
pub enum Functions {
    /// In this process, without a time limit: one router with the routes of all functions, behind
    /// its door.
    Merged(Door),
    /// Behind `cargo lambda watch`.
    Watched(Watch),
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
