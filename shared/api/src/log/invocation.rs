//! The log line of a function without a route.

use std::error::Error;
use std::time::Instant;

use lambda_http::Context;

use super::{LineFacts, with_notes, write};
use crate::{Deadline, Late};

/// Why an invocation of a function without a route failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure<E> {
    /// Its work was not done in time.
    #[error(transparent)]
    Late(#[from] Late),
    /// Its work failed.
    #[error(transparent)]
    Work(E),
}

/// Runs the work of a function without a route, within the deadline of its invocation, and writes
/// its log line.
///
/// # Errors
///
/// [`Failure`].
pub(crate) async fn logged<T, E: Error>(
    what: &str,
    invocation: &Context,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, Failure<E>> {
    let start = Instant::now();
    // Boxed: an unboxed future is copied into each wrapper, and makes it as large.
    let work = Deadline::of(invocation).limit(Box::pin(work));
    let work = async { work.await?.map_err(Failure::Work) };
    let (outcome, mut notes) = with_notes(work).await;
    if let Err(failure) = &outcome {
        notes.reason.get_or_insert_with(|| failure.to_string());
    }
    let status = if outcome.is_ok() { 200 } else { 500 };
    let facts = LineFacts {
        message: format!("{what} {status}"),
        status,
        invocation: Some(invocation),
        latency: start.elapsed(),
        ..LineFacts::default()
    };
    write(&facts, &notes);
    outcome
}
