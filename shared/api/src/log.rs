//! The log: one line a request, for whoever searches and as metrics.

mod chain;
mod diagnostics;
mod event;
mod invocation;
mod line;
mod record;

use std::env;
use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::{error, info};

use crate::ConfigError;
use crate::clock::now_in_ms;
use crate::config::wrong;

use line::Origin;
use record::Record;

pub use chain::chain;
pub use event::Event;
pub use invocation::{Failure, logged};
pub(crate) use line::Facts;
pub(crate) use record::recorded;
pub use record::{note, note_caller, note_reason, note_target};

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
        diagnostics::init(is_json);
        if is_json {
            let name = "STACK_NAME";
            let stack = env::var(name).map_err(|_| wrong(name, "is not set"))?;
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
pub(crate) fn write(facts: &Facts<'_>, record: &Record) {
    let Some(log) = LOG.get() else {
        return tell(facts, record);
    };
    let cold = !log.warm.swap(true, Ordering::Relaxed);
    let line = log.origin.line(facts, record, now_in_ms(), cold);
    (log.write)(line.to_string());
}

/// For a person who reads along.
fn tell(facts: &Facts<'_>, record: &Record) {
    let Facts { message, .. } = facts;
    let ms = facts.latency.as_millis();
    let events: Vec<_> = record.events.iter().map(|event| event.name()).collect();
    let events = events.join(" ");
    let user_id = record.user_id.as_deref().map(tracing::field::display);
    let reason = record.reason.as_deref();
    if facts.status >= 500 {
        error!(ms, events, user_id, reason, "{message}");
    } else {
        info!(ms, events, user_id, reason, "{message}");
    }
}
