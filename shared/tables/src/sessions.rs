use std::collections::HashMap;

use accounts::{Device, Session, SessionId, User, UserId};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{KeysAndAttributes, Put, TransactWriteItem};
use serde::{Deserialize, Serialize};

use crate::item::{self, Item, text};
use crate::{Error, Users, users};

/// The sign-ins, grouped by account.
#[derive(Clone, Debug)]
pub struct Sessions {
    client: Client,
    table: String,
}

#[derive(Serialize, Deserialize)]
struct SessionItem {
    user_id: String,
    id: String,
    epoch: u64,
    auth_time: u64,
    expires_at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    /// When DynamoDB may delete the item. It does so days late, so nothing is decided by it.
    ttl: u64,
}

const TABLE: &str = "Sessions";

impl Sessions {
    /// The table of that name.
    pub fn new(client: &Client, table: &str) -> Self {
        Self {
            client: client.clone(),
            table: table.to_owned(),
        }
    }

    /// Stores a new session.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn put(&self, session: &Session) -> Result<(), Error> {
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item::write(TABLE, SessionItem::from(session))?))
            .send()
            .await
            .map(drop)
            .map_err(|error| Error::unavailable("PutItem", &error))
    }

    /// Reads a session and its account in one consistent call; nothing where either is gone.
    ///
    /// Whether the session still counts is for [`Session::is_alive`] to say.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], also where DynamoDB answers for one of the two alone;
    /// [`Error::Corrupt`].
    pub async fn get_with_user(
        &self,
        users: &Users,
        user_id: UserId,
        id: SessionId,
    ) -> Result<Option<(Session, User)>, Error> {
        let session_key = HashMap::from([
            ("user_id".to_owned(), text(user_id)),
            ("id".to_owned(), text(id)),
        ]);
        let answer = self
            .client
            .batch_get_item()
            .request_items(&self.table, one(session_key)?)
            .request_items(users.table(), one(HashMap::from([Users::key(user_id)]))?)
            .send()
            .await
            .map_err(|error| Error::unavailable("BatchGetItem", &error))?;
        if answer.unprocessed_keys.is_some_and(|keys| !keys.is_empty()) {
            return Err(Error::incomplete("BatchGetItem"));
        }
        let mut found = answer.responses.unwrap_or_default();
        let mut take = |table: &str| found.remove(table).and_then(|mut items| items.pop());
        let (Some(session), Some(user)) = (take(&self.table), take(users.table())) else {
            return Ok(None);
        };
        Ok(Some((read(session)?, users::read(user)?)))
    }

    /// The part of a transaction that stores a new session.
    pub(crate) fn create(&self, session: &Session) -> Result<TransactWriteItem, Error> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item::write(TABLE, SessionItem::from(session))?))
            .build()
            .map_err(|error| Error::corrupt(TABLE, error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}

fn one(key: Item) -> Result<KeysAndAttributes, Error> {
    KeysAndAttributes::builder()
        .keys(key)
        .consistent_read(true)
        .build()
        .map_err(|error| Error::corrupt(TABLE, error))
}

impl From<&Session> for SessionItem {
    fn from(session: &Session) -> Self {
        Self {
            user_id: session.user_id.to_string(),
            id: session.id.to_string(),
            epoch: session.epoch,
            auth_time: session.auth_time,
            expires_at: session.expires_at,
            address: session.device.address.clone(),
            agent: session.device.agent.clone(),
            ttl: session.expires_at,
        }
    }
}

fn read(item: Item) -> Result<Session, Error> {
    let stored: SessionItem = item::read(TABLE, item)?;
    Ok(Session {
        user_id: UserId::parse(&stored.user_id)
            .ok_or_else(|| Error::corrupt(TABLE, "user_id is not an id"))?,
        id: SessionId::parse(&stored.id).ok_or_else(|| Error::corrupt(TABLE, "id is not an id"))?,
        epoch: stored.epoch,
        auth_time: stored.auth_time,
        expires_at: stored.expires_at,
        device: Device {
            address: stored.address,
            agent: stored.agent,
        },
    })
}
