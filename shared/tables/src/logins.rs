//! The table of names.

mod item;
mod login;
mod writes;

use accounts::{LoginName, PasswordHash, User, UserId};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;

use crate::item::{Item, text};
use crate::transaction::{Outcome, Transaction, contended};
use crate::{Error, Users};

pub(crate) use item::read as read_login;
pub use login::{Login, PasswordChange, UnknownAttributes};

/// The names that accounts sign in with. The item is the claim on its name: there is no index, so
/// that every read of a name is consistent.
#[derive(Clone, Debug)]
pub struct Logins {
    client: Client,
    table: String,
}

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
        let answer = self.read(name).send().await;
        let answer = answer.map_err(|error| Error::unavailable("GetItem", &error))?;
        answer.item.map(item::read).transpose()
    }

    /// Reads whose name it is, consistently, and nothing else of it: for those who may not see a
    /// hash.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn owner(&self, name: &LoginName) -> Result<Option<UserId>, Error> {
        let answer = self
            .read(name)
            .projection_expression("user_id")
            .send()
            .await;
        let answer = answer.map_err(|error| Error::unavailable("GetItem", &error))?;
        let Some(item) = answer.item else {
            return Ok(None);
        };
        let id = item.get("user_id").and_then(|id| id.as_s().ok());
        let id = id.and_then(|id| UserId::parse(id));
        id.map(Some)
            .ok_or_else(|| Error::corrupt(item::TABLE, "user_id is not an id"))
    }

    /// Puts a new hash of the same password in place of the one it was verified against, under
    /// every name of the account at once.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] where the account has changed, a name of it included, or its hash has,
    /// since both were read; else [`Error::Unavailable`].
    pub async fn rehash(
        &self,
        users: &Users,
        user: &User,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<(), Error> {
        let mut transaction = Transaction::new(uuid::Uuid::new_v4().to_string());
        transaction.add((), users.unchanged(user)?);
        for name in user.names.login_names() {
            transaction.add((), self.rehash_one(&name, old, new)?);
        }
        match transaction.write(&self.client).await? {
            Outcome::Written => Ok(()),
            Outcome::Refused(_) => Err(Error::Conflict),
            Outcome::Contended => Err(contended()),
        }
    }

    fn read(&self, name: &LoginName) -> GetItemFluentBuilder {
        self.client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(Self::key(name)))
            .consistent_read(true)
    }

    pub(crate) fn key(name: &LoginName) -> Item {
        Item::from([("name".to_owned(), text(name.as_str()))])
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn table(&self) -> &str {
        &self.table
    }
}
