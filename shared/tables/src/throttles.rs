//! The table of attempts and failures.

use std::collections::HashMap;
use std::fmt::Write;
use std::time::Duration;

use accounts::{Allowance, Challenge, FailureLimit, Failures, ThrottleKey, Timestamp};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnValuesOnConditionCheckFailure as OnFailure, TransactWriteItem,
};

use crate::Error;
use crate::conditional_write::ConditionalWrite;
use crate::item::{Item, number, text};

/// The attempts that were made of late, to sign in, to register or to change an account.
#[derive(Clone, Debug)]
pub struct Throttles {
    client: Client,
    table: String,
}

impl Throttles {
    /// The table of that name.
    pub fn new(client: &Client, table: &str) -> Self {
        Self {
            client: client.clone(),
            table: table.to_owned(),
        }
    }

    /// Takes an attempt out of an allowance. If none is left, returns the time to wait.
    /// It is one conditional write, so that of any number at once no more succeed than are allowed.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`]: the attempt is then not to be made.
    pub async fn take(
        &self,
        key: &ThrottleKey,
        allowance: Allowance,
        now: Timestamp,
    ) -> Result<Option<Duration>, Error> {
        if allowance.is_unlimited() {
            return Ok(None);
        }
        let slots = allowance.slots();
        let (condition, mut values) = room(allowance, now);
        values.insert(":now".to_owned(), number(now));
        values.insert(":never".to_owned(), number(0_u64));
        values.insert(
            ":ttl".to_owned(),
            number(now.saturating_add(allowance.memory().as_secs())),
        );
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("key", text(key))
            .condition_expression(condition)
            .update_expression(shift(slots))
            .expression_attribute_names("#ttl", "ttl")
            .set_expression_attribute_values(Some(values))
            .return_values_on_condition_check_failure(OnFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(None),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    let item = failed.item().cloned().unwrap_or_default();
                    // It may have come free in this very second.
                    let wait = allowance.wait(&times(&item, slots)?, now);
                    Ok(Some(wait.unwrap_or(Duration::from_secs(1))))
                }
                _ => Err(Error::unavailable("UpdateItem", &error)),
            },
        }
    }

    /// Reads how long an address or a name is over its limit of failures; nothing where it is
    /// not. The read is eventually consistent: a failure that counts a moment late costs less
    /// than a dearer read of every login.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn blocked(
        &self,
        key: &ThrottleKey,
        limit: FailureLimit,
        now: Timestamp,
    ) -> Result<Option<Duration>, Error> {
        if limit.is_unlimited() {
            return Ok(None);
        }
        let (window, period) = limit.position(now);
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("key", of_period(key, period))
            .consistent_read(false)
            .send()
            .await
            .map_err(|error| Error::unavailable("GetItem", &error))?;
        let item = answer.item.unwrap_or_default();
        let failures = Failures {
            window: read(&item, &format!("w{window}"))?.unwrap_or(0),
            period: read(&item, "period")?.unwrap_or(0),
        };
        Ok(limit.wait(failures, now))
    }

    /// Counts a failure against an address or a name.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn count(
        &self,
        key: &ThrottleKey,
        limit: FailureLimit,
        now: Timestamp,
    ) -> Result<(), Error> {
        if limit.is_unlimited() {
            return Ok(());
        }
        let (window, period) = limit.position(now);
        self.client
            .update_item()
            .table_name(&self.table)
            .key("key", of_period(key, period))
            .update_expression("ADD #window :one, #period :one SET #ttl = :ttl")
            .expression_attribute_names("#window", format!("w{window}"))
            .expression_attribute_names("#period", "period")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":one", number(1_u64))
            .expression_attribute_values(":ttl", number(limit.period_end(now)))
            .send()
            .await
            .map(drop)
            .map_err(|error| Error::unavailable("UpdateItem", &error))
    }
}

/// The answered challenges of passkeys.
impl Throttles {
    /// Stores that a challenge was answered, and by which attempt, unless it was answered before.
    pub(crate) fn consume(
        &self,
        challenge: &Challenge,
        attempt: &str,
    ) -> Result<TransactWriteItem, Error> {
        let ends = challenge.expires_at().saturating_add(CLOCKS_DIFFER);
        ConditionalWrite::to(&self.table)
            .when("attribute_not_exists(#key)")
            // A reserved word of expressions.
            .name("#key", "key")
            .returning_old()
            .put(Item::from([
                ("key".to_owned(), text(challenge.row_key())),
                ("used_by".to_owned(), text(attempt)),
                ("ttl".to_owned(), number(ends)),
            ]))
    }
}

/// The time for which the row of an answered challenge outlives the challenge, in seconds: the
/// clocks of those who verify one differ.
const CLOCKS_DIFFER: Timestamp = 60;

/// The condition that an attempt is left: for each limit, the last attempt but so many is older than
/// its time, or missing. The times of the attempts are in the attributes `t0`, the newest, to the
/// oldest that counts.
fn room(allowance: Allowance, now: Timestamp) -> (String, Item) {
    let mut conditions = Vec::new();
    let mut values = HashMap::new();
    for (attempts, time) in allowance.limits() {
        let slot = attempts.saturating_sub(1);
        conditions.push(format!(
            "(attribute_not_exists(t{slot}) OR t{slot} <= :before{slot})"
        ));
        let before = number(now.saturating_sub(time.as_secs()));
        values.insert(format!(":before{slot}"), before);
    }
    (conditions.join(" AND "), values)
}

/// Every time moves on by one: DynamoDB evaluates the right-hand sides before it assigns any.
fn shift(slots: usize) -> String {
    let mut update = "SET t0 = :now, #ttl = :ttl".to_owned();
    for slot in 1..slots {
        let newer = slot - 1;
        // Writing to a String does not fail.
        let _ = write!(update, ", t{slot} = if_not_exists(t{newer}, :never)");
    }
    update
}

fn times(item: &Item, slots: usize) -> Result<Vec<Timestamp>, Error> {
    let times = (0..slots).map_while(|slot| read(item, &format!("t{slot}")).transpose());
    times.collect()
}

fn read(item: &Item, attribute: &str) -> Result<Option<u64>, Error> {
    let number = item.get(attribute).map(|value| {
        let text = value.as_n().ok()?;
        text.parse().ok()
    });
    match number {
        None => Ok(None),
        Some(Some(number)) => Ok(Some(number)),
        Some(None) => Err(Error::corrupt(
            "Throttles",
            format!("{attribute} is no time"),
        )),
    }
}

fn of_period(key: &ThrottleKey, period: u64) -> AttributeValue {
    text(format!("{key}#{period}"))
}
