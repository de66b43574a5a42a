//! The use of a refresh token, as one conditional write.

use std::time::Duration;

use accounts::{Device, RefreshToken, Timestamp, TokenUse};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure as OnFailure,
};

use super::{Sessions, item};
use crate::Error;
use crate::item::{Item, number, text};

/// One request to refresh.
#[derive(Clone, Debug)]
pub struct Attempt<'a> {
    /// The token presented, its tag checked.
    pub token: &'a RefreshToken,
    /// When.
    pub now: Timestamp,
    /// The time that the session may then go without being refreshed.
    pub idle: Duration,
    /// From where.
    pub device: &'a Device,
    /// The attempt's own id, by which its write is recognised when its answer was lost.
    pub id: &'a str,
}

const CONDITION: &str = "secret_hash = :hash AND generation = :generation \
    AND expires_at > :now AND idle_expires_at > :now";

const SET: &str = "SET generation = :next, rotated_at = :now, idle_expires_at = :idle, \
    attempt = :attempt, address = :address, #agent = :agent";

impl Sessions {
    /// Consumes a refresh token in one conditional write: of any number of uses, one advances the
    /// session, and none does once the session is gone. [`accounts::judge_refresh`] decides about
    /// the others.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn advance(&self, attempt: &Attempt<'_>) -> Result<TokenUse, Error> {
        let token = attempt.token;
        let sent = self
            .client()
            .update_item()
            .table_name(self.table())
            .set_key(Some(Self::key(token.user_id, token.session_id)))
            .condition_expression(CONDITION)
            .update_expression(SET)
            // A reserved word of expressions.
            .expression_attribute_names("#agent", "agent")
            .set_expression_attribute_values(Some(values(attempt)))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(OnFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(answer) => {
                let stored = answer.attributes.unwrap_or_default();
                Ok(TokenUse::Advanced(item::read(stored)?))
            }
            Err(SdkError::ServiceError(service))
                if service.err().is_conditional_check_failed_exception() =>
            {
                not_advanced(service.into_err(), attempt.id)
            }
            Err(error) => Err(Error::unavailable("UpdateItem", &error)),
        }
    }
}

/// The old item decides, never the error alone: a condition has many ways to fail.
fn not_advanced(error: UpdateItemError, attempt: &str) -> Result<TokenUse, Error> {
    let UpdateItemError::ConditionalCheckFailedException(failed) = error else {
        return Ok(TokenUse::NotAdvanced(None));
    };
    let Some(stored) = failed.item else {
        return Ok(TokenUse::NotAdvanced(None));
    };
    let own = stored
        .get("attempt")
        .and_then(|id| id.as_s().ok())
        .is_some_and(|id| id == attempt);
    let session = item::read(stored)?;
    if own {
        Ok(TokenUse::Advanced(session))
    } else {
        Ok(TokenUse::NotAdvanced(Some(session)))
    }
}

fn values(attempt: &Attempt<'_>) -> Item {
    let maybe = |value: &Option<String>| match value {
        Some(value) => text(value),
        None => AttributeValue::Null(true),
    };
    let token = attempt.token;
    let hash = Blob::new(token.secret.hash().as_bytes());
    [
        (":hash", AttributeValue::B(hash)),
        (":generation", number(token.generation)),
        (":next", number(token.generation.next())),
        (":now", number(attempt.now)),
        (
            ":idle",
            number(attempt.now.saturating_add(attempt.idle.as_secs())),
        ),
        (":attempt", text(attempt.id)),
        (":address", maybe(&attempt.device.address)),
        (":agent", maybe(&attempt.device.agent)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}
