//! The table of sessions.

mod advance;
mod item;
mod list;
mod writes;

use std::collections::HashMap;

use accounts::{Session, SessionId, SessionSecret, User, UserId};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, ReturnValue};

use crate::item::{Item, text};
use crate::users::read_user;
use crate::{Error, Users};

pub use advance::Attempt;
pub use writes::SessionChange;

/// The sign-ins, grouped by account.
#[derive(Clone, Debug)]
pub struct Sessions {
    client: Client,
    table: String,
}

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
            .set_item(Some(item::write(session)?))
            .send()
            .await
            .map(drop)
            .map_err(|error| Error::unavailable("PutItem", &error))
    }

    /// Reads a session and its account in one consistent call; `None` if either is missing.
    ///
    /// The session may have ended: [`Session::is_alive`] decides.
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
        let session_key = Self::key(user_id, id);
        let answer = self
            .client
            .batch_get_item()
            .request_items(&self.table, one(session_key)?)
            .request_items(users.table(), one(Users::key(user_id))?)
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
        Ok(Some((item::read(session)?, read_user(user)?)))
    }

    /// Ends a session. Returns whether there was one to end. If it has ended already, or `secret`
    /// is given and is not the session's, nothing changes, and it is not an error.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn end(
        &self,
        user_id: UserId,
        id: SessionId,
        secret: Option<&SessionSecret>,
    ) -> Result<bool, Error> {
        let delete = self.client.delete_item().table_name(&self.table);
        let delete = delete.return_values(ReturnValue::AllOld);
        let mut delete = delete.set_key(Some(Self::key(user_id, id)));
        if let Some(secret) = secret {
            let hash = AttributeValue::B(Blob::new(secret.hash().as_bytes()));
            delete = delete
                .condition_expression("secret_hash = :hash")
                .expression_attribute_values(":hash", hash);
        }
        match delete.send().await {
            Ok(deleted) => Ok(deleted.attributes.is_some()),
            Err(SdkError::ServiceError(service))
                if service.err().is_conditional_check_failed_exception() =>
            {
                Ok(false)
            }
            Err(error) => Err(Error::unavailable("DeleteItem", &error)),
        }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn table(&self) -> &str {
        &self.table
    }

    pub(crate) fn key(user_id: UserId, id: SessionId) -> Item {
        HashMap::from([
            ("user_id".to_owned(), text(user_id)),
            ("id".to_owned(), text(id)),
        ])
    }
}

pub(crate) fn one(key: Item) -> Result<KeysAndAttributes, Error> {
    KeysAndAttributes::builder()
        .keys(key)
        .consistent_read(true)
        .build()
        .map_err(|error| Error::unbuilt("BatchGetItem", error))
}
