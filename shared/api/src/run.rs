//! The start and the run of a function.

use std::convert::Infallible;
use std::error::Error;

use axum::Router;
use lambda_http::lambda_runtime;
use lambda_http::{LambdaEvent, service_fn};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{ConfigError, Deadline, Door, Environment, Log, logged};

/// Why a function has stopped: it was not configured, or could not talk to Lambda.
pub type RunError = lambda_http::Error;

/// Runs a function behind routes: starts its log, makes it of the environment of this process,
/// warms it, and has its router answer the gateway's events. The router is one that went through
/// [`layered`](crate::layered).
///
/// # Errors
///
/// [`ConfigError`] names the variable that is missing or wrong.
pub async fn run<A>(
    name: &'static str,
    new: impl FnOnce(&Environment) -> Result<A, ConfigError>,
    warm: impl AsyncFnOnce(&A),
    router: impl FnOnce(A) -> Router,
) -> Result<(), RunError> {
    Log::init(name)?;
    let app = new(&Environment::load()?)?;
    warm(&app).await;
    serve(router(app)).await
}

/// Answers the gateway's events by a router, as [`run`] does.
///
/// # Errors
///
/// Where Lambda cannot be talked to.
pub async fn serve(router: Router) -> Result<(), RunError> {
    let door = &Door::new(router);
    let answer = |LambdaEvent { payload, context }: LambdaEvent<Box<RawValue>>| {
        Box::pin(async move { Ok::<_, Infallible>(door.answer(&payload, context).await) })
    };
    lambda_runtime::run(service_fn(answer)).await
}

/// Runs a function that something else than a route invokes: starts its log, makes it of the
/// environment of this process, warms it, and has `handle` handle the events, each with a log line
/// and within the time of its invocation.
///
/// An event comes as it was sent: one that was read before would be refused without a line.
///
/// # Errors
///
/// [`ConfigError`] names the variable that is missing or wrong.
pub async fn handle<A, T: Serialize, E: Error + Send + Sync + 'static>(
    name: &'static str,
    new: impl FnOnce(&Environment) -> Result<A, ConfigError>,
    warm: impl AsyncFnOnce(&A),
    handle: impl AsyncFn(&A, &RawValue, Deadline) -> Result<T, E>,
) -> Result<(), RunError> {
    Log::init(name)?;
    let app = &new(&Environment::load()?)?;
    warm(app).await;
    let handle = &handle;
    let answer = |LambdaEvent { payload, context }: LambdaEvent<Box<RawValue>>| {
        Box::pin(async move {
            let work = Box::pin(handle(app, &payload, Deadline::of(&context)));
            logged(name, &context, work).await.map_err(RunError::from)
        })
    };
    lambda_runtime::run(service_fn(answer)).await
}
