//! The log: one line a request, which is also the metrics.

mod account_event;
mod chain;
mod invocation;
mod log_line;
mod notes;
mod subscriber;

use std::env;
use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::{error, info};

use crate::ConfigError;
use crate::clock::now_in_ms;

use log_line::Origin;
use notes::Notes;

pub use account_event::Event;
pub use chain::chain;
pub use invocation::Failure;
pub(crate) use invocation::logged;
pub(crate) use log_line::LineFacts;
pub(crate) use notes::with_notes;
pub use notes::{note, note_caller, note_reason, note_target, note_user};

static LOG: OnceLock<Log> = OnceLock::new();

/// The log of a function.
pub struct Log {
    origin: Origin,
    write: Box<dyn Fn(String) + Send + Sync>,
    warm: AtomicBool,
}

impl Log {
    /// Starts the log of a function that is named so: its diagnostics as Lambda's `LoggingConfig`
    /// wants them and, where that wants JSON, a line a request on standard output. Otherwise
    /// requests are among the diagnostics, for a person to read.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where `STACK_NAME` is not set.
    pub fn init(service: &'static str) -> Result<(), ConfigError> {
        let is_json = env::var("AWS_LAMBDA_LOG_FORMAT")
            .is_ok_and(|format| format.eq_ignore_ascii_case("json"));
        subscriber::init(is_json);
        if is_json {
            let name = "STACK_NAME";
            let stack = env::var(name).map_err(|_| ConfigError::new(name, "is not set"))?;
            Self::install(service, &stack, |line| {
                // A request is answered also where its line cannot be written.
                let _ = io::stdout().write_all(format!("{line}\n").as_bytes());
            });
        }
        Ok(())
    }

    /// Has `write` write the lines. The first such call counts.
    pub fn install(
        service: &'static str,
        stack: &str,
        write: impl Fn(String) + Send + Sync + 'static,
    ) {
        LOG.get_or_init(|| Self {
            origin: Origin {
                service,
                stack: stack.to_owned(),
            },
            write: Box::new(write),
            warm: AtomicBool::new(false),
        });
    }
}

/// Writes the line of a request.
pub(crate) fn write(facts: &LineFacts<'_>, notes: &Notes) {
    let Some(log) = LOG.get() else {
        return tell(facts, notes);
    };
    let cold = !log.warm.swap(true, Ordering::Relaxed);
    let line = log.origin.line(facts, notes, now_in_ms(), cold);
    (log.write)(line.to_string());
}

/// Writes a line for a person to read.
fn tell(facts: &LineFacts<'_>, notes: &Notes) {
    let LineFacts { message, .. } = facts;
    let ms = facts.latency.as_millis();
    let events: Vec<_> = notes.events.iter().map(|event| event.name()).collect();
    let events = events.join(" ");
    let user_id = notes.user_id.as_deref().map(tracing::field::display);
    let reason = notes.reason.as_deref();
    if facts.status >= 500 {
        error!(ms, events, user_id, reason, "{message}");
    } else {
        info!(ms, events, user_id, reason, "{message}");
    }
}
