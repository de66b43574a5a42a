//! Sends the mails that rows of the table of mails order: their stream invokes it, a batch at a
//! time. It is the only function that may send.
//!
//! The rules of what is sent, and what a failure does to the rest of a batch, are
//! [`letters::deliver`]'s.

mod desk;
mod ses;

use api::{ConfigError, Deadline, Environment, Event, Handler, RefreshKeys, note};
use letters::{Answer, Batch, Sender, deliver};
use serde_json::value::RawValue;

use desk::Desk;
use ses::Ses;

pub use ses::LIMIT;

/// The keys, the service and the settings of this function.
pub struct App {
    keys: RefreshKeys,
    ses: Ses,
    sender: Sender,
}

/// The event is not of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the event is not a batch of a stream")]
pub struct NoBatch;

impl Handler for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");
    type Answer = Answer;
    type Error = NoBatch;

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        let from = environment.required_sender()?;
        Ok(Self {
            keys: RefreshKeys::new(environment)?,
            ses: Ses::new(environment, &from)?,
            sender: Sender {
                name: from.name,
                app_url: environment.app_url()?,
            },
        })
    }

    async fn warm(&self) {
        self.keys.warm().await;
    }

    /// Sends what a batch orders. Lambda calls again from the record that the answer names.
    async fn handle(&self, event: &RawValue, deadline: Deadline) -> Result<Answer, NoBatch> {
        // The error would repeat what is in a row.
        let batch: Batch = serde_json::from_str(event.get()).map_err(|_| NoBatch)?;
        let desk = Desk::new(&self.keys, &self.ses, deadline);
        let answer = deliver(&batch, &self.sender, &desk, api::now).await;
        if !answer.is_complete() {
            note(Event::MailDelayed);
        }
        Ok(answer)
    }
}
