//! The secret that waits for the first code of an app.

use accounts::UserId;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

use super::item::TOTP;
use super::totp::PENDING;
use super::{Factors, PendingTotp};
use crate::Error;
use crate::item::{number, text};

impl Factors {
    /// Has a secret wait for its first code, in place of one that does. Codes that are asked for
    /// stay as they are.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] where a transaction is at work on the codes of the app;
    /// [`Error::Unavailable`].
    pub async fn put_pending(&self, user_id: UserId, pending: &PendingTotp) -> Result<(), Error> {
        let secret = Blob::new(pending.secret.as_slice());
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Self::key(user_id, TOTP)))
            .update_expression(
                "SET #status = if_not_exists(#status, :pending), \
                 pending_secret = :secret, pending_until = :until",
            )
            // A reserved word of expressions.
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":pending", text(PENDING))
            .expression_attribute_values(":secret", AttributeValue::B(secret))
            .expression_attribute_values(":until", number(pending.expires_at))
            .send()
            .await;
        let Err(error) = sent else { return Ok(()) };
        match error.as_service_error() {
            Some(UpdateItemError::TransactionConflictException(_)) => Err(Error::Conflict),
            _ => Err(Error::unavailable("UpdateItem", &error)),
        }
    }
}
