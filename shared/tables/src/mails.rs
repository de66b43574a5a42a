//! The table of what is to be mailed.

mod address;
mod invite;
mod item;
mod reset;
mod row;
mod sign_up;
mod writes;

use accounts::{Handle, MAX_GUESSES, TicketText, Timestamp};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure as OnFailure};

use crate::Error;
use crate::item::{Item, number, text};

pub use address::Moving;
pub use row::{
    Asker, FactorKind, Mail, MailedRow, Notice, NoticeKind, Permit, PermittedSignup, Recipient,
    TicketRow,
};
pub use sign_up::SignUpError;
pub use writes::{Order, Spend, SpendError};

/// Mails and the tickets in them. A row with a recipient is the order to mail it: the table's
/// stream hands it to the one function that sends. No row has a link or a code.
///
/// A write names the attributes that it changes, so that those which a later version has added
/// stay.
#[derive(Clone, Debug)]
pub struct Mails {
    client: Client,
    table: String,
}

impl Mails {
    /// The table of that name.
    pub fn new(client: &Client, table: &str) -> Self {
        Self {
            client: client.clone(),
            table: table.to_owned(),
        }
    }

    /// Stores a new row, and with it orders its mail.
    ///
    /// A write whose answer was lost is recognised when it is sent again, by the row itself.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] if another row has its id; else [`Error::Unavailable`].
    pub async fn issue(&self, row: &MailedRow) -> Result<(), Error> {
        self.put(item::write(row)?).await
    }

    /// Stores the row of a ticket for an account that there is not, and orders no mail. `row` is as
    /// if there were one, with a recipient: the stored one has as many attributes and bytes, but not the
    /// address, and nothing proves its ticket.
    ///
    /// # Errors
    ///
    /// As for [`Mails::issue`].
    pub async fn issue_for_nobody(&self, row: &TicketRow) -> Result<(), Error> {
        self.put(item::write_for_nobody(row)?).await
    }

    async fn put(&self, item: Item) -> Result<(), Error> {
        let sent = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item.clone()))
            .condition_expression("attribute_not_exists(id)")
            .return_values_on_condition_check_failure(OnFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(service))
                if service.err().is_conditional_check_failed_exception() =>
            {
                let stored = match service.into_err() {
                    PutItemError::ConditionalCheckFailedException(failed) => failed.item,
                    _ => None,
                };
                let is_ours = stored.is_some_and(|stored| item::is_same(&item, &stored));
                if is_ours {
                    Ok(())
                } else {
                    Err(Error::Conflict)
                }
            }
            Err(error) => Err(Error::unavailable("PutItem", &error)),
        }
    }

    /// Reads the row of a ticket, consistently, and changes nothing; `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn look(&self, text: &TicketText) -> Result<Option<TicketRow>, Error> {
        let item = self.stored(text.handle().row_key()).await?;
        item.map(item::read_ticket).transpose()
    }

    async fn stored(&self, id: String) -> Result<Option<Item>, Error> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("id", text(id))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Error::unavailable("GetItem", &error))?;
        Ok(answer.item)
    }

    /// Counts a guess at the code of a ticket, before anybody compares it: of any number of guesses
    /// at once, [`MAX_GUESSES`] get the row. `None` for the others, and if there is no such ticket.
    ///
    /// A guess whose answer was lost counts twice where the SDK sends it again.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn guess(&self, handle: &Handle) -> Result<Option<TicketRow>, Error> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Self::key(handle)))
            .condition_expression("attribute_exists(id) AND guesses < :most")
            .update_expression("ADD guesses :one")
            .expression_attribute_values(":most", number(MAX_GUESSES))
            .expression_attribute_values(":one", number(1_u64))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match sent {
            Ok(answer) => answer.attributes.map(item::read_ticket).transpose(),
            Err(SdkError::ServiceError(service))
                if service.err().is_conditional_check_failed_exception() =>
            {
                Ok(None)
            }
            Err(error) => Err(Error::unavailable("UpdateItem", &error)),
        }
    }

    /// Stores that the old address has agreed to the change of address that a ticket is for.
    /// Returns whether the ticket was there, unspent and in time. To agree twice is to agree.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn agree(&self, handle: &Handle, now: Timestamp) -> Result<bool, Error> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Self::key(handle)))
            .condition_expression(writes::IS_VALID)
            .update_expression("SET #data.agreed_at = if_not_exists(#data.agreed_at, :now)")
            // A reserved word of expressions.
            .expression_attribute_names("#data", "data")
            .expression_attribute_values(":now", number(now))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(service))
                if service.err().is_conditional_check_failed_exception() =>
            {
                Ok(false)
            }
            Err(error) => Err(Error::unavailable("UpdateItem", &error)),
        }
    }

    pub(crate) fn table(&self) -> &str {
        &self.table
    }

    pub(crate) fn key(handle: &Handle) -> Item {
        Item::from([("id".to_owned(), text(handle.row_key()))])
    }
}
