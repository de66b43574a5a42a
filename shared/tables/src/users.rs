//! The table of accounts.

mod item;
mod writes;

use accounts::{User, UserId};
use aws_sdk_dynamodb::Client;

use crate::Error;
use crate::item::{Item, text};

pub(crate) use item::read as read_user;

/// The accounts.
#[derive(Clone, Debug)]
pub struct Users {
    client: Client,
    table: String,
}

/// Some accounts, in no order that means anything.
#[derive(Clone, Debug)]
pub struct Page {
    /// The accounts.
    pub users: Vec<User>,
    /// After which one the next page begins; nothing where this is the last.
    pub next: Option<UserId>,
}

impl Users {
    /// The table of that name.
    pub fn new(client: &Client, table: &str) -> Self {
        Self {
            client: client.clone(),
            table: table.to_owned(),
        }
    }

    /// Reads an account, consistently.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn get(&self, id: UserId) -> Result<Option<User>, Error> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("id", text(id))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Error::unavailable("GetItem", &error))?;
        answer.item.map(item::read).transpose()
    }

    /// Reads a page of at most `limit` accounts, consistently: the first, or the one that begins
    /// after an account, which need not be there any more.
    ///
    /// One account more than the page has is read: DynamoDB says where it stopped also where
    /// nothing is left, and the last page would be an empty one.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn page(&self, after: Option<UserId>, limit: u32) -> Result<Page, Error> {
        let limit = limit as usize;
        let read_at_most = i32::try_from(limit.saturating_add(1)).unwrap_or(i32::MAX);
        let answer = self
            .client
            .scan()
            .table_name(&self.table)
            .set_exclusive_start_key(after.map(Self::key))
            .limit(read_at_most)
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Error::unavailable("Scan", &error))?;
        let last = answer.last_evaluated_key.as_ref().map(|key| {
            let id = key.get("id").and_then(|id| id.as_s().ok());
            id.and_then(|id| UserId::parse(id))
                .ok_or_else(|| Error::corrupt(item::TABLE, "id is not an id"))
        });
        let items = answer.items.unwrap_or_default().into_iter();
        let mut users: Vec<User> = items.map(item::read).collect::<Result<_, _>>()?;
        let has_more = users.len() > limit;
        users.truncate(limit);
        Ok(Page {
            next: if has_more {
                users.last().map(|user| user.id)
            } else {
                last.transpose()?
            },
            users,
        })
    }

    pub(crate) fn table(&self) -> &str {
        &self.table
    }

    pub(crate) fn key(id: UserId) -> Item {
        Item::from([("id".to_owned(), text(id))])
    }
}
