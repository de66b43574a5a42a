//! Sees to it that there is always a key that signs and a successor that verifiers know already: on a
//! schedule, and while the stack is deployed, so that the first login finds a key.
//!
//! It has keys made that it never sees: its role may not decrypt.

mod custom_resource;

use std::time::Duration;

use api::{ConfigError, Deadline, Environment, Event, Handler, Late, chain, note, note_reason};
use keyring::{Rotation, RotationError};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tracing::error;

use custom_resource::{ANSWERING, Request};

/// The tables, keys and settings of this function.
pub struct App {
    rotation: Rotation,
    http: reqwest::Client,
    pause: Duration,
}

/// The keys in the ring now.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The version of the ring.
    pub version: u64,
    /// The number of signing keys that verify or will.
    pub signing_keys: usize,
    /// The number of MAC keys.
    pub mac_keys: usize,
}

/// Why an event came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It comes from somewhere else.
    #[error("the event is not the schedule's, CloudFormation's or an operator's")]
    Foreign,
    /// It has a `RequestType` as CloudFormation's requests have, and is none.
    #[error("the request is not one of CloudFormation's")]
    Request,
    /// No key could be made.
    #[error("no key could be made; the log says why")]
    Key,
    /// The ring could not be read or written.
    #[error("the key ring could not be read or written; the log says why")]
    Ring,
    /// The ring could not be maintained in time.
    #[error(transparent)]
    Late(#[from] Late),
    /// The answer to the request did not reach CloudFormation.
    #[error("the answer did not reach CloudFormation")]
    Untold,
}

/// A role that has just been made may not be known to KMS and DynamoDB yet.
const ATTEMPTS: u32 = 5;
const PAUSE: Duration = Duration::from_secs(3);

impl Handler for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");
    type Answer = Option<Answer>;
    type Error = Error;

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            rotation: environment.rotation()?,
            http: reqwest::Client::new(),
            pause: PAUSE,
        })
    }

    /// Nothing is read before the first event: where the stack is being made, the role is so new that it may not be
    /// allowed anything yet.
    async fn warm(&self) {}

    /// Answers CloudFormation, for which this function is a custom resource, the schedule, and an operator, whose event
    /// is `{}`. Lambda calls again for an event of the schedule that failed.
    async fn handle(&self, event: &RawValue, deadline: Deadline) -> Result<Option<Answer>, Error> {
        let event: Value = serde_json::from_str(event.get()).map_err(|_| Error::Foreign)?;
        if event.get("RequestType").is_none() {
            return match is_ours(&event) {
                true => self.maintain().await.map(Some),
                false => Err(Error::Foreign),
            };
        }
        let request = Request::parse(event)?;
        let outcome = if request.deletes() {
            // The tables outlive the stack, and what they hold with them.
            Ok(())
        } else {
            // A request that is never answered holds the deployment up for an hour.
            let work = Box::pin(self.patiently_maintain());
            let done = deadline.less(ANSWERING).limit(work).await;
            done.unwrap_or_else(|late| Err(late.into()))
        };
        if let Err(reason) = outcome {
            note_reason(reason);
        }
        request.answer(&self.http, outcome).await?;
        Ok(None)
    }
}

fn is_ours(event: &Value) -> bool {
    let is_scheduled = event["source"] == "aws.events" && event["detail-type"] == "Scheduled Event";
    is_scheduled || event.as_object().is_some_and(|event| event.is_empty())
}

impl App {
    /// The app with another pause between the attempts of a deployment.
    #[must_use]
    pub fn pausing(self, pause: Duration) -> Self {
        Self { pause, ..self }
    }

    async fn patiently_maintain(&self) -> Result<(), Error> {
        for _ in 1..ATTEMPTS {
            if self.maintain().await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(self.pause).await;
        }
        self.maintain().await.map(drop)
    }

    async fn maintain(&self) -> Result<Answer, Error> {
        match self.rotation.maintain(api::now()).await {
            Ok(ring) => {
                note(Event::KeyRingMaintained);
                Ok(Answer {
                    version: ring.ring.version,
                    signing_keys: ring.ring.keys.len(),
                    mac_keys: ring.macs.times.len(),
                })
            }
            Err(error) => {
                error!("the key ring could not be maintained: {}", chain(&error));
                Err(match error {
                    RotationError::Sealing(_) => Error::Key,
                    _ => Error::Ring,
                })
            }
        }
    }
}
