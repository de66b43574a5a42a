//! The count of codes of an app that somebody shows, before anybody compares them.

use accounts::{MAX_WRONG_CODES, UserId};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure as OnFailure};

use super::item::TOTP;
use super::totp::ACTIVE;
use super::{ActiveTotp, Factors, totp};
use crate::Error;
use crate::item::{Item, number, text};
use crate::transaction::{ATTEMPTS, back_off};

/// Whether a code of an app may be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeGuess {
    /// It may, and is counted among the failures until it turns out to be right.
    Counted(ActiveTotp),
    /// There were too many wrong ones in a row, and none is compared.
    Locked,
    /// The account has no codes of an app that are asked for.
    NoCodes,
}

const CONDITION: &str = "#status = :active \
    AND (attribute_not_exists(failures) OR failures < :most) \
    AND (attribute_not_exists(counted_by) OR counted_by <> :attempt)";

impl Factors {
    /// Counts a code of an app, before anybody compares it: of any number at once,
    /// [`MAX_WRONG_CODES`] are compared.
    ///
    /// `attempt` is the request's own random id. By it a count whose answer was lost is recognised
    /// when it is sent again, unless another request was counted between.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`]: the code is then not to be compared.
    pub async fn guess(&self, user_id: UserId, attempt: &str) -> Result<CodeGuess, Error> {
        for try_number in 0..ATTEMPTS {
            if let Some(guess) = self.count(user_id, attempt).await? {
                return Ok(guess);
            }
            back_off(try_number).await;
        }
        Err(Error::Unavailable {
            operation: "UpdateItem",
            reason: "TransactionConflict".to_owned(),
        })
    }

    /// Nothing where the transaction of another code is at work on the item.
    async fn count(&self, user_id: UserId, attempt: &str) -> Result<Option<CodeGuess>, Error> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Self::key(user_id, TOTP)))
            .condition_expression(CONDITION)
            .update_expression("ADD failures :one SET counted_by = :attempt")
            // A reserved word of expressions.
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":active", text(ACTIVE))
            .expression_attribute_values(":most", number(MAX_WRONG_CODES))
            .expression_attribute_values(":one", number(1_u64))
            .expression_attribute_values(":attempt", text(attempt))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(OnFailure::AllOld)
            .send()
            .await;
        let error = match sent {
            Ok(answer) => return judge(answer.attributes, attempt).map(Some),
            Err(error) => error,
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                judge(refused.item().cloned(), attempt).map(Some)
            }
            Some(UpdateItemError::TransactionConflictException(_)) => Ok(None),
            _ => Err(Error::unavailable("UpdateItem", &error)),
        }
    }
}

/// Decides from the item as it is after the count, whether it was counted or not.
fn judge(item: Option<Item>, attempt: &str) -> Result<CodeGuess, Error> {
    let Some(item) = item else {
        return Ok(CodeGuess::NoCodes);
    };
    let counted_by = item.get("counted_by").and_then(|by| by.as_s().ok());
    let is_counted = counted_by.is_some_and(|by| by == attempt);
    Ok(match totp::read(item)?.active {
        None => CodeGuess::NoCodes,
        Some(active) if is_counted => CodeGuess::Counted(active),
        Some(_) => CodeGuess::Locked,
    })
}
