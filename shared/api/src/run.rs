//! The start and the run of a function.

use std::convert::Infallible;

use axum::Router;
use lambda_http::lambda_runtime;
use lambda_http::{Context, LambdaEvent, service_fn};
use serde_json::value::RawValue;

use crate::log::logged;
use crate::{Deadline, Door, Edge, Environment, Failure, Function, Handler, Log};

/// Why a function has stopped: it was not configured, or could not talk to Lambda.
pub type RunError = lambda_http::Error;

/// Runs a function behind routes: starts its log, makes it of the environment of this process,
/// warms it, and has its router answer the gateway's events.
///
/// # Errors
///
/// [`ConfigError`](crate::ConfigError) names the variable that is missing or wrong.
pub async fn run<F: Function>() -> Result<(), RunError> {
    Log::init(F::NAME)?;
    let environment = Environment::load()?;
    let function = F::new(&environment)?;
    let edge = environment.edge()?;
    function.warm().await;
    answer_events(&Door::new(function.router(), edge)).await
}

/// Answers the gateway's events with a router from [`layered`](crate::layered), as [`run`] does, but
/// without an edge.
///
/// # Errors
///
/// Where Lambda cannot be talked to.
pub async fn serve(router: Router) -> Result<(), RunError> {
    answer_events(&Door::new(router, Edge::default())).await
}

async fn answer_events(door: &Door) -> Result<(), RunError> {
    let answer = |LambdaEvent { payload, context }: LambdaEvent<Box<RawValue>>| {
        Box::pin(async move { Ok::<_, Infallible>(door.answer(&payload, context).await) })
    };
    lambda_runtime::run(service_fn(answer)).await
}

/// Runs a function that has no route: starts its log, makes it of the environment of this process,
/// warms it, and [hands](invoke) it the events.
///
/// # Errors
///
/// [`ConfigError`](crate::ConfigError) names the variable that is missing or wrong.
pub async fn handle<H: Handler>() -> Result<(), RunError> {
    Log::init(H::NAME)?;
    let handler = &H::new(&Environment::load()?)?;
    handler.warm().await;
    let answer = |LambdaEvent { payload, context }: LambdaEvent<Box<RawValue>>| {
        Box::pin(async move {
            let answer = invoke(handler, &payload, &context).await;
            answer.map_err(RunError::from)
        })
    };
    lambda_runtime::run(service_fn(answer)).await
}

/// Has a function handle an event within the time of its invocation, and writes the log line of it.
///
/// # Errors
///
/// [`Failure`]: the time was over, or the function's own error.
pub async fn invoke<H: Handler>(
    handler: &H,
    event: &RawValue,
    invocation: &Context,
) -> Result<H::Answer, Failure<H::Error>> {
    let work = handler.handle(event, Deadline::of(invocation));
    logged(H::NAME, invocation, work).await
}
