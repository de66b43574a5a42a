//! The table of second factors and passkeys.

mod assertion;
mod code;
mod guess;
mod item;
mod passkey;
mod pending;
mod recovery;
mod sealed_secrets;
mod totp;
mod writes;

use accounts::{UserId, Way, WaysIn};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{ReturnValue, TransactWriteItem};

use crate::Error;
use crate::conditional_write::ConditionalWrite;
use crate::item::{Item, text};

pub use assertion::{PasskeyUse, PasskeyUseError};
pub use code::{CodeUse, CodeUseError, ShownCode};
pub use guess::CodeGuess;
pub use passkey::PasskeyRow;
pub use recovery::RecoveryCodes;
pub use sealed_secrets::{SealedSecret, SecretsPage, SecretsPosition};
pub use totp::{ActiveTotp, PendingTotp, Totp};
pub use writes::FactorWrite;

/// The second factors and passkeys, grouped by account. An account has one item `totp`, one item
/// `recovery`, and one item for each passkey.
#[derive(Clone, Debug)]
pub struct Factors {
    client: Client,
    table: String,
}

/// The factors of an account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Held {
    /// The codes of an authenticator app.
    pub totp: Option<Totp>,
    /// The recovery codes.
    pub recovery: Option<RecoveryCodes>,
    /// The passkeys, in the order of their ids.
    pub passkeys: Vec<PasskeyRow>,
}

impl Factors {
    /// The table of that name.
    pub fn new(client: &Client, table: &str) -> Self {
        Self {
            client: client.clone(),
            table: table.to_owned(),
        }
    }

    /// Reads the factors of an account, consistently. An item of a kind that this version does not
    /// know is left out.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn of(&self, user_id: UserId) -> Result<Held, Error> {
        let mut held = Held::default();
        for item in self.items(self.query(user_id)).await? {
            match item::Kind::of(&item)? {
                item::Kind::Totp => held.totp = Some(totp::read(item)?),
                item::Kind::Recovery => held.recovery = Some(recovery::read(&item)?),
                item::Kind::Passkey => held.passkeys.push(passkey::read(item)?),
                item::Kind::Unknown => {}
            }
        }
        Ok(held)
    }

    /// Reads the codes of an authenticator app, consistently; `None` where there are none, neither
    /// active nor pending.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn totp(&self, user_id: UserId) -> Result<Option<Totp>, Error> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(Self::key(user_id, item::TOTP)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Error::unavailable("GetItem", &error))?;
        answer.item.map(totp::read).transpose()
    }

    /// Gives a passkey another name, and returns it; `None` where the account has none of that
    /// credential id.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn rename_passkey(
        &self,
        user_id: UserId,
        credential_id: &str,
        name: &str,
    ) -> Result<Option<PasskeyRow>, Error> {
        let renamed = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Self::key(user_id, &item::of_passkey(credential_id))))
            .condition_expression("attribute_exists(id)")
            .update_expression("SET #name = :name")
            // A reserved word of expressions.
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":name", text(name))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match renamed {
            Ok(renamed) => renamed.attributes.map(passkey::read).transpose(),
            Err(SdkError::ServiceError(service))
                if service.err().is_conditional_check_failed_exception() =>
            {
                Ok(None)
            }
            Err(error) => Err(Error::unavailable("UpdateItem", &error)),
        }
    }

    /// The parts of a transaction that delete the factors of an account, of whatever kind, but for
    /// those that these ways in go on to use. The change of the account in the same transaction keeps
    /// others from adding one meanwhile.
    pub(crate) async fn removals(
        &self,
        user_id: UserId,
        remaining: &WaysIn,
    ) -> Result<Vec<TransactWriteItem>, Error> {
        let keys = self
            .query(user_id)
            .projection_expression("#user, #id")
            .expression_attribute_names("#user", "user_id")
            .expression_attribute_names("#id", "id");
        let mut removals = Vec::new();
        for key in self.items(keys).await? {
            let stays = match item::Kind::of(&key)? {
                item::Kind::Passkey => remaining.ways.contains(&Way::PASSKEY),
                _ => remaining.ask_for_factor(),
            };
            if !stays {
                removals.push(ConditionalWrite::to(&self.table).delete(key)?);
            }
        }
        Ok(removals)
    }

    /// An account has few: they are far from filling a page.
    fn query(&self, user_id: UserId) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.table)
            .key_condition_expression("user_id = :user")
            .expression_attribute_values(":user", text(user_id))
            .consistent_read(true)
    }

    async fn items(&self, query: QueryFluentBuilder) -> Result<Vec<Item>, Error> {
        let answer = query.send().await;
        let answer = answer.map_err(|error| Error::unavailable("Query", &error))?;
        Ok(answer.items.unwrap_or_default())
    }

    pub(crate) fn table(&self) -> &str {
        &self.table
    }

    pub(crate) fn key(user_id: UserId, id: &str) -> Item {
        Item::from([
            ("user_id".to_owned(), text(user_id)),
            ("id".to_owned(), text(id)),
        ])
    }
}
