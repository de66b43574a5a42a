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
use tracing::{error, warn};

use custom_resource::Request;

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
    /// The number of factor keys.
    pub factor_keys: usize,
}

/// Why an event failed.
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

/// The pauses between the attempts of a deployment, whose role and key may be too new to be known to
/// KMS and DynamoDB: each is twice the one before it.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(16);

/// The time that is kept for the last attempt.
const LAST_ATTEMPT: Duration = Duration::from_secs(3);

/// The number of attempts where there is no deadline.
const ATTEMPTS: u32 = 5;

/// The time that is kept for the answer to CloudFormation. A request that is never answered holds
/// the deployment up.
const RESERVE: Duration = Duration::from_secs(15);

impl Handler for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");
    type Answer = Option<Answer>;
    type Error = Error;

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            rotation: environment.rotation()?,
            http: reqwest::Client::new(),
            pause: FIRST_PAUSE,
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
                true => match self.maintain().await {
                    Ok(answer) => Ok(Some(answer)),
                    Err(error) => Err(failed(&error)),
                },
                false => Err(Error::Foreign),
            };
        }
        let request = Request::parse(event)?;
        let outcome = if request.deletes() {
            // The tables outlive the stack, and what they hold with them.
            Ok(())
        } else {
            let deadline = deadline.less(RESERVE);
            let work = Box::pin(self.patiently_maintain(deadline));
            let done = deadline.limit(work).await;
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
    /// The app with another first pause between the attempts of a deployment.
    #[must_use]
    pub fn pausing(self, pause: Duration) -> Self {
        Self { pause, ..self }
    }

    /// Maintains the ring. Where a fault may pass, it tries again until the deadline; without one,
    /// [`ATTEMPTS`] times at most.
    async fn patiently_maintain(&self, deadline: Deadline) -> Result<(), Error> {
        let mut pause = self.pause;
        let mut attempts = 0_u32;
        loop {
            attempts += 1;
            let Err(error) = self.maintain().await else {
                return Ok(());
            };
            let longest = match deadline.left() {
                Some(left) => left.checked_sub(LAST_ATTEMPT),
                None => (attempts < ATTEMPTS).then_some(LONGEST_PAUSE),
            };
            let Some(longest) = longest.filter(|_| error.is_temporary()) else {
                return Err(failed(&error));
            };
            warn!("the key ring is tried again: {}", chain(&error));
            tokio::time::sleep(pause.min(longest)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn maintain(&self) -> Result<Answer, RotationError> {
        let ring = self.rotation.maintain(api::now()).await?;
        note(Event::KeyRingMaintained);
        Ok(Answer {
            version: ring.ring.version,
            signing_keys: ring.ring.keys.len(),
            mac_keys: ring.macs.times.len(),
            factor_keys: ring.factors.times.len(),
        })
    }
}

fn failed(error: &RotationError) -> Error {
    error!("the key ring could not be maintained: {}", chain(error));
    match error {
        RotationError::Sealing(_) => Error::Key,
        _ => Error::Ring,
    }
}
