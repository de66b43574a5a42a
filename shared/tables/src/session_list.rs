use std::collections::HashMap;

use accounts::{Session, Timestamp, User, UserId};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, WriteRequest};

use crate::item::{Item, text};
use crate::session_item::{self, TABLE};
use crate::{Error, Sessions};

/// What one batch may hold.
const BATCH: usize = 25;

impl Sessions {
    /// The sessions of an account that are alive, at most `limit`, the newest first.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn living(
        &self,
        user: &User,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Session>, Error> {
        // The filter only spares the way here; what is alive is for `is_alive` alone to say.
        let number = |number: u64| AttributeValue::N(number.to_string());
        let query = self
            .of(user.id)
            .scan_index_forward(false)
            .filter_expression("epoch = :epoch AND expires_at > :now AND idle_expires_at > :now")
            .expression_attribute_values(":epoch", number(user.epoch))
            .expression_attribute_values(":now", number(now));
        let mut living = Vec::new();
        let mut start = None;
        loop {
            let (items, next) = page(query.clone(), start).await?;
            for item in items {
                let session = session_item::read(item)?;
                if session.is_alive(user, now) {
                    living.push(session);
                }
            }
            if next.is_none() || living.len() >= limit {
                living.truncate(limit);
                return Ok(living);
            }
            start = next;
        }
    }

    /// Deletes what is stored of an account's sessions, dead or alive.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`]; some may be deleted then.
    pub async fn delete_all(&self, user_id: UserId) -> Result<(), Error> {
        let query = self
            .of(user_id)
            .projection_expression("#user, #id")
            .expression_attribute_names("#user", "user_id")
            .expression_attribute_names("#id", "id");
        let mut start = None;
        loop {
            let (keys, next) = page(query.clone(), start).await?;
            for keys in keys.chunks(BATCH) {
                self.delete_batch(keys).await?;
            }
            if next.is_none() {
                return Ok(());
            }
            start = next;
        }
    }

    async fn delete_batch(&self, keys: &[Item]) -> Result<(), Error> {
        let mut writes = Vec::new();
        for key in keys {
            let delete = DeleteRequest::builder().set_key(Some(key.clone())).build();
            let delete = delete.map_err(|error| Error::corrupt(TABLE, error))?;
            writes.push(WriteRequest::builder().delete_request(delete).build());
        }
        let answer = self
            .client()
            .batch_write_item()
            .request_items(self.table(), writes)
            .send()
            .await
            .map_err(|error| Error::unavailable("BatchWriteItem", &error))?;
        if answer
            .unprocessed_items
            .is_some_and(|left| !left.is_empty())
        {
            return Err(Error::incomplete("BatchWriteItem"));
        }
        Ok(())
    }

    fn of(&self, user_id: UserId) -> QueryFluentBuilder {
        self.client()
            .query()
            .table_name(self.table())
            .key_condition_expression("user_id = :user")
            .expression_attribute_values(":user", text(user_id))
            .consistent_read(true)
    }
}

type Key = HashMap<String, AttributeValue>;

async fn page(
    query: QueryFluentBuilder,
    start: Option<Key>,
) -> Result<(Vec<Item>, Option<Key>), Error> {
    let answer = query.set_exclusive_start_key(start).send().await;
    let answer = answer.map_err(|error| Error::unavailable("Query", &error))?;
    Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key))
}
