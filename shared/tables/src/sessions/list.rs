//! The sessions of an account, read and deleted page by page.

use std::collections::HashMap;

use accounts::{Session, SessionId, Timestamp, User, UserId};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, WriteRequest};

use super::{Sessions, item};
use crate::Error;
use crate::item::{Item, number, text};

/// The most requests that a batch may hold.
const BATCH: usize = 25;

/// The stored sessions that one query reads. An account may have any number of them, so that
/// reading and deleting them has a budget of such pages.
const PAGE: i32 = 200;
const PAGES_TO_LIST: usize = 2;
const PAGES_TO_DELETE: usize = 5;

impl Sessions {
    /// The other sessions of an account that are alive, at most `limit`, the newest first, among
    /// the 400 that began last. Dead ones among them may hide living ones that began earlier.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn others(
        &self,
        user: &User,
        own: SessionId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Session>, Error> {
        // The filter only saves transfer; `is_alive` decides.
        let query = self
            .of(user.id)
            .filter_expression("epoch = :epoch AND expires_at > :now AND idle_expires_at > :now")
            .expression_attribute_values(":epoch", number(user.epoch))
            .expression_attribute_values(":now", number(now));
        let mut others = Vec::new();
        let mut start = None;
        for _ in 0..PAGES_TO_LIST {
            let (items, next) = page(query.clone(), start).await?;
            for stored in items {
                let session = item::read(stored)?;
                if session.is_alive(user, now) && session.id != own {
                    others.push(session);
                }
            }
            if next.is_none() || others.len() >= limit {
                break;
            }
            start = next;
        }
        others.truncate(limit);
        Ok(others)
    }

    /// Deletes the stored sessions of an account, ended or not: the 1,000 that began last. The rest
    /// expires.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`]; some may be deleted then.
    pub async fn delete_newest(&self, user_id: UserId) -> Result<(), Error> {
        let query = self
            .of(user_id)
            .projection_expression("#user, #id")
            .expression_attribute_names("#user", "user_id")
            .expression_attribute_names("#id", "id");
        let mut start = None;
        for _ in 0..PAGES_TO_DELETE {
            let (keys, next) = page(query.clone(), start).await?;
            for keys in keys.chunks(BATCH) {
                self.delete_batch(keys).await?;
            }
            if next.is_none() {
                break;
            }
            start = next;
        }
        Ok(())
    }

    async fn delete_batch(&self, keys: &[Item]) -> Result<(), Error> {
        let mut writes = Vec::new();
        for key in keys {
            let delete = DeleteRequest::builder().set_key(Some(key.clone())).build();
            let delete = delete.map_err(|error| Error::unbuilt("BatchWriteItem", error))?;
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

    /// A page of an account's sessions, the newest first: their ids are in the order of their
    /// times.
    fn of(&self, user_id: UserId) -> QueryFluentBuilder {
        self.client()
            .query()
            .table_name(self.table())
            .key_condition_expression("user_id = :user")
            .expression_attribute_values(":user", text(user_id))
            .consistent_read(true)
            .scan_index_forward(false)
            .limit(PAGE)
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
