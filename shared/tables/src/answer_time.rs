//! The time of the tables, from their answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use accounts::Timestamp;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::primitives::{DateTime, DateTimeFormat};

/// The tables' time, from the `Date` of their answers (RFC 9110 §6.6.1): for a command that runs on
/// a machine whose clock may be wrong.
#[derive(Clone, Debug, Default)]
pub struct AnswerTime(Arc<AtomicU64>);

impl AnswerTime {
    /// A client like this one, and the time of its answers.
    pub fn of(client: &Client) -> (Client, Self) {
        let time = Self::default();
        let config = client.config().to_builder().interceptor(time.clone());
        (Client::from_conf(config.build()), time)
    }

    /// Returns the time of the last answer; `None` if no answer has had one.
    pub fn last(&self) -> Option<Timestamp> {
        Some(self.0.load(Ordering::Relaxed)).filter(|time| *time > 0)
    }
}

impl Intercept for AnswerTime {
    fn name(&self) -> &'static str {
        "AnswerTime"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let date = date.and_then(|date| DateTime::from_str(date, DateTimeFormat::HttpDate).ok());
        let seconds = date.and_then(|date| u64::try_from(date.secs()).ok());
        // An answer without a time removes the last one, which would soon be wrong.
        self.0.store(seconds.unwrap_or(0), Ordering::Relaxed);
        Ok(())
    }
}
