//! Transactions, repeated while others write to the same items.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::TransactWriteItem;

use crate::Error;
use crate::item::Item;

/// A transaction. Each part has a marker, which tells the caller which condition failed.
pub(crate) struct Transaction<M> {
    id: String,
    parts: Vec<(M, TransactWriteItem)>,
}

/// The outcome of a transaction.
pub(crate) enum Outcome<M> {
    /// All of it is written.
    Written,
    /// Nothing is: these parts were refused, each with the item in its way where that was asked
    /// for.
    Refused(Vec<(M, Option<Item>)>),
    /// Nothing is: others were at work on the same items all the time.
    Contended,
}

enum Sent<M> {
    Outcome(Outcome<M>),
    Conflict,
}

/// The attempts at what conflicts with the transactions of others.
pub(crate) const ATTEMPTS: u32 = 5;

impl<M: Copy> Transaction<M> {
    /// An empty transaction. By its `id` DynamoDB recognises, for ten minutes, a transaction that
    /// is sent again.
    pub(crate) fn new(id: String) -> Self {
        let parts = Vec::new();
        Self { id, parts }
    }

    /// Adds a part.
    pub(crate) fn add(&mut self, meaning: M, part: TransactWriteItem) {
        self.parts.push((meaning, part));
    }

    /// Writes all of it or nothing, again and again for a short while where others contend.
    pub(crate) async fn write(&self, client: &Client) -> Result<Outcome<M>, Error> {
        for attempt in 0..ATTEMPTS {
            match self.send(client).await? {
                Sent::Outcome(outcome) => return Ok(outcome),
                Sent::Conflict => back_off(attempt).await,
            }
        }
        Ok(Outcome::Contended)
    }

    async fn send(&self, client: &Client) -> Result<Sent<M>, Error> {
        let items = self.parts.iter().map(|(_, item)| item.clone()).collect();
        let sent = client
            .transact_write_items()
            .client_request_token(&self.id)
            .set_transact_items(Some(items))
            .send()
            .await;
        let Err(error) = sent else {
            return Ok(Sent::Outcome(Outcome::Written));
        };
        let reasons = match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
                canceled.cancellation_reasons()
            }
            Some(TransactWriteItemsError::TransactionInProgressException(_)) => {
                return Ok(Sent::Conflict);
            }
            _ => return Err(Error::unavailable("TransactWriteItems", &error)),
        };
        let refused: Vec<_> = self
            .parts
            .iter()
            .zip(reasons)
            .filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"))
            .map(|((meaning, _), reason)| (*meaning, reason.item().cloned()))
            .collect();
        if !refused.is_empty() {
            Ok(Sent::Outcome(Outcome::Refused(refused)))
        } else if reasons
            .iter()
            .any(|reason| reason.code() == Some("TransactionConflict"))
        {
            Ok(Sent::Conflict)
        } else if let Some(throttled) = reasons.iter().find_map(|reason| throttled(reason.code()?))
        {
            Err(throttled)
        } else {
            Err(Error::unavailable("TransactWriteItems", &error))
        }
    }
}

/// A transaction is cancelled for the lack of capacity too, and then its reasons alone say so.
fn throttled(code: &str) -> Option<Error> {
    let throttled = Error::Unavailable {
        operation: "TransactWriteItems",
        reason: code.to_owned(),
    };
    throttled.is_throttled().then_some(throttled)
}

/// Returns the error for a transaction that other writes to the same items kept from being written.
pub(crate) fn contended() -> Error {
    Error::Unavailable {
        operation: "TransactWriteItems",
        reason: "TransactionConflict".to_owned(),
    }
}

/// Waits before the next attempt, longer each time.
pub(crate) async fn back_off(attempt: u32) {
    let ceiling = 20_u64 << attempt;
    tokio::time::sleep(Duration::from_millis(fastrand::u64(ceiling / 2..=ceiling))).await;
}
