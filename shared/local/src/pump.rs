//! The event source mapping between the stream of a table and a function, by [AWS's rules for
//! DynamoDB streams](https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html): one batch at a
//! time, in the order of the stream, from its first record on.
//!
//! - event: the event of a batch
//! - answer: the records of a batch that an answer says are done
//! - discarded: the document about records that were given up
//! - receiver: the function, in this process or behind `cargo lambda watch`
//! - position: how far the stream has been handed on, in a file

mod answer;
mod discarded;
mod event;
mod position;
mod receiver;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::Duration;

use accounts::Timestamp;
use serde_json::Value;

use crate::Error;
use crate::functions::Started;
use crate::gateway::Watch;
use crate::stream::Stream;
use crate::template::Mapping;

use position::Position;
use receiver::Receiver;

/// The time between two looks at a stream without new records: [four a
/// second](https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html).
const INTERVAL: Duration = Duration::from_millis(250);

/// The wait after a first failure. It doubles with each further failure of the same batch. AWS's
/// pages give no figures.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest wait after a failure.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Hands the records of a stream to a function.
pub struct Pump {
    stream: Stream,
    mapping: Mapping,
    receiver: Receiver,
    position: Position,
    /// The number of failed deliveries of the next batch.
    failures: u32,
}

/// The result of one look at the stream.
#[derive(Debug, PartialEq)]
pub enum Turn {
    /// There is no new record.
    Idle,
    /// The function has dealt with a batch.
    Delivered,
    /// The function has failed, or has named a record: the batch from there on is handed over
    /// again.
    Failed,
    /// Records were too old and are given up. This document is for the destination on failure.
    Discarded(Value),
}

impl Pump {
    /// Between a stream and the function of its mapping, which `cargo lambda watch` has at a URL.
    /// It goes on where another one with the same file ended.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read.
    pub fn new(
        stream: Stream,
        mapping: Mapping,
        lambda_url: &str,
        position: &Path,
    ) -> Result<Self, Error> {
        let function = mapping.function.clone();
        let watch = Watch::with_timeout(lambda_url, [function], mapping.timeout);
        Self::before(stream, mapping, Receiver::Watched(watch), position)
    }

    /// The same for a function that runs in this process.
    ///
    /// # Errors
    ///
    /// As [`Pump::new`].
    pub fn in_process(
        stream: Stream,
        mapping: Mapping,
        function: Started,
        position: &Path,
    ) -> Result<Self, Error> {
        Self::before(
            stream,
            mapping,
            Receiver::Here(Box::new(function)),
            position,
        )
    }

    fn before(
        stream: Stream,
        mapping: Mapping,
        receiver: Receiver,
        position: &Path,
    ) -> Result<Self, Error> {
        Ok(Self {
            position: Position::open(position, stream.arn())?,
            stream,
            mapping,
            receiver,
            failures: 0,
        })
    }

    /// The event of the batch that is next, without records if there is none.
    ///
    /// # Errors
    ///
    /// Where the stream cannot be read.
    pub fn waiting(&self) -> Result<Value, Error> {
        let records = self
            .stream
            .read(self.position.after(), self.mapping.batch_size)?;
        event::of(&records, self.stream.arn())
    }

    /// Hands over what comes, for ever. `on_failure` gets a document about all that is given up.
    ///
    /// # Errors
    ///
    /// Where the stream cannot be read, or the position not be written.
    pub async fn run(mut self, on_failure: impl Fn(Value)) -> Result<(), Error> {
        loop {
            match self.turn(api::now()).await? {
                Turn::Idle => tokio::time::sleep(INTERVAL).await,
                Turn::Delivered => {}
                Turn::Failed => tokio::time::sleep(wait(self.failures)).await,
                Turn::Discarded(document) => on_failure(document),
            }
        }
    }

    /// Hands over one batch, if there is one.
    ///
    /// # Errors
    ///
    /// As [`Pump::run`].
    pub async fn turn(&mut self, now: Timestamp) -> Result<Turn, Error> {
        let records = self
            .stream
            .read(self.position.after(), self.mapping.batch_size)?;
        if records.is_empty() {
            return Ok(Turn::Idle);
        }
        // A retry may outlive a record, so that its age counts anew each time:
        // https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
        let old = event::too_old(&records, self.mapping.maximum_record_age, now);
        if old > 0 {
            let given_up = &records[..old];
            let document = discarded::document(
                given_up,
                &self.stream,
                &self.mapping.function,
                self.failures,
                now,
            );
            self.advance(event::number(&given_up[old - 1]))?;
            return Ok(Turn::Discarded(document));
        }
        let event = event::of(&records, self.stream.arn())?;
        let (function, timeout) = (&self.mapping.function, self.mapping.timeout);
        let invoked = self.receiver.invoke(function, &event, timeout).await;
        let numbers: Vec<&str> = records.iter().map(event::number).collect();
        let done = invoked.map_or(0, |answer| answer::done(&answer, &numbers));
        if done > 0 {
            self.advance(numbers[done - 1])?;
        }
        if done == numbers.len() {
            return Ok(Turn::Delivered);
        }
        self.failures += 1;
        Ok(Turn::Failed)
    }

    fn advance(&mut self, number: &str) -> Result<(), Error> {
        self.failures = 0;
        self.position.advance(number)
    }
}

fn wait(failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    LONGEST_WAIT.min(FIRST_WAIT * 2_u32.pow(doublings))
}
