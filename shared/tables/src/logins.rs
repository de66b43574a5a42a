use accounts::{LoginName, PasswordHash, UserId};
use aws_sdk_dynamodb::types::{
    Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use aws_sdk_dynamodb::{Client, error::BuildError};
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::item::{self, Item, text};

/// The names that people sign in with. That an item is there is the claim on its name: there is no
/// index, so nothing about a name is ever eventually consistent.
#[derive(Clone, Debug)]
pub struct Logins {
    client: Client,
    table: String,
}

/// What a name signs in to, and with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// Whose name it is.
    pub user_id: UserId,
    /// What the password is held against.
    pub password_hash: PasswordHash,
    /// The account's epoch as of this password: a session that begins with it is born with it.
    pub epoch: u64,
}

#[derive(Serialize, Deserialize)]
struct LoginItem {
    name: String,
    user_id: String,
    password_hash: String,
    epoch: u64,
}

const TABLE: &str = "Logins";

impl Logins {
    /// The table of that name.
    pub fn new(client: &Client, table: &str) -> Self {
        Self {
            client: client.clone(),
            table: table.to_owned(),
        }
    }

    /// Reads a name, consistently.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn get(&self, name: &LoginName) -> Result<Option<Login>, Error> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("name", text(name.as_str()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Error::unavailable("GetItem", &error))?;
        answer.item.map(read).transpose()
    }

    /// Puts a new hash of the same password in place of the one it was verified against, under every
    /// name of the account at once.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] where a name has changed hands, or its hash has changed, since `old` was
    /// read; else [`Error::Unavailable`].
    pub async fn rehash(
        &self,
        names: impl Iterator<Item = LoginName>,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<(), Error> {
        let updates = names
            .map(|name| self.rehash_one(&name, old, new))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Error::corrupt(TABLE, error))?;
        let sent = self
            .client
            .transact_write_items()
            .set_transact_items(Some(updates))
            .send()
            .await;
        sent.map(drop)
            .map_err(|error| match error.as_service_error() {
                Some(service) if service.is_transaction_canceled_exception() => Error::Conflict,
                _ => Error::unavailable("TransactWriteItems", &error),
            })
    }

    fn rehash_one(
        &self,
        name: &LoginName,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<TransactWriteItem, BuildError> {
        let update = Update::builder()
            .table_name(&self.table)
            .key("name", text(name.as_str()))
            .update_expression("SET password_hash = :new")
            .condition_expression("password_hash = :old")
            .expression_attribute_values(":new", text(new.as_str()))
            .expression_attribute_values(":old", text(old.as_str()))
            .build()?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The part of a transaction that claims a name, if nobody has it.
    pub(crate) fn claim(
        &self,
        name: &LoginName,
        login: &Login,
    ) -> Result<TransactWriteItem, Error> {
        let stored = LoginItem {
            name: name.as_str().to_owned(),
            user_id: login.user_id.to_string(),
            password_hash: login.password_hash.as_str().to_owned(),
            epoch: login.epoch,
        };
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item::write(TABLE, stored)?))
            .condition_expression("attribute_not_exists(#name)")
            .expression_attribute_names("#name", "name")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|error| Error::corrupt(TABLE, error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}

/// Reads an item of this table.
pub(crate) fn read(item: Item) -> Result<Login, Error> {
    let stored: LoginItem = item::read(TABLE, item)?;
    Ok(Login {
        user_id: UserId::parse(&stored.user_id)
            .ok_or_else(|| Error::corrupt(TABLE, "user_id is not an id"))?,
        password_hash: PasswordHash::from_stored(stored.password_hash),
        epoch: stored.epoch,
    })
}
