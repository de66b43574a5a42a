//! The two kinds of Lambda functions: those behind routes of the API, and those that something else
//! invokes.

use std::error::Error;

use axum::Router;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{ConfigError, Deadline, Environment};

/// A Lambda function behind routes of the API. Its fields are what it may touch.
pub trait Function: Sized {
    /// The name of its crate, its binary, its event and, in another spelling, its resource in the
    /// template.
    const NAME: &'static str;

    /// Makes the function as the environment describes it.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variable that is missing or wrong.
    fn new(environment: &Environment) -> Result<Self, ConfigError>;

    /// Reads the keys, and so opens the connections, before the first request: Lambda starts a
    /// function at full speed, and then runs it at the share of a processor that its memory pays
    /// for. If it fails, the first request reads them.
    fn warm(&self) -> impl Future<Output = ()>;

    /// The routes of the function, through [`layered`](crate::layered).
    fn router(self) -> Router;
}

/// A Lambda function that no route of the API leads to: a schedule, CloudFormation or another API
/// invokes it.
pub trait Handler: Sized {
    /// The name, as in [`Function::NAME`].
    const NAME: &'static str;

    /// The answer to an event.
    type Answer: Serialize;

    /// Why an event failed.
    type Error: Error + Send + Sync + 'static;

    /// Makes the function, as [`Function::new`] does.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variable that is missing or wrong.
    fn new(environment: &Environment) -> Result<Self, ConfigError>;

    /// Prepares the function, as [`Function::warm`] does.
    fn warm(&self) -> impl Future<Output = ()>;

    /// Handles an event. It comes as it was sent: one that was read before would be refused without
    /// a log line.
    ///
    /// # Errors
    ///
    /// Lambda gets the error's text.
    fn handle(
        &self,
        event: &RawValue,
        deadline: Deadline,
    ) -> impl Future<Output = Result<Self::Answer, Self::Error>>;
}
