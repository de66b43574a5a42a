//! The errors of tables.

use std::fmt::Display;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::reason;

/// Why a table could not answer. Nothing in it repeats an item or a message of the SDK, so that it
/// is fit for a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// DynamoDB did not answer, refused, or answered in part. Nothing is known to be written.
    #[error("{operation} failed: {reason}")]
    Unavailable {
        /// The DynamoDB operation.
        operation: &'static str,
        /// The error code, or which part of the call failed.
        reason: String,
    },
    /// An item does not have the attributes it was written with.
    #[error("an item of the table {table} cannot be read: {reason}")]
    Corrupt {
        /// The kind of table.
        table: &'static str,
        /// The attribute, and the problem.
        reason: String,
    },
    /// A request could not be built. Nothing was sent.
    #[error("a request for {what} cannot be built: {reason}")]
    Unbuilt {
        /// The DynamoDB operation, or the kind of table whose item it would write.
        what: &'static str,
        /// The part that is missing, or cannot be written.
        reason: String,
    },
    /// The item has changed since it was read.
    #[error("the item has changed since it was read")]
    Conflict,
}

/// The reason where a throttled table leaves a part of a batch unprocessed.
const UNPROCESSED: &str = "some keys were left unprocessed";

impl Error {
    /// Returns whether DynamoDB throttled the call, also after retries.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        let throttled = [
            "ProvisionedThroughputExceeded",
            "ProvisionedThroughputExceededException",
            "RequestLimitExceeded",
            "ThrottlingError",
            "ThrottlingException",
            UNPROCESSED,
        ];
        matches!(self, Self::Unavailable { reason, .. } if throttled.contains(&reason.as_str()))
    }

    pub(crate) fn unavailable<E: ProvideErrorMetadata, R>(
        operation: &'static str,
        error: &SdkError<E, R>,
    ) -> Self {
        match error {
            SdkError::ConstructionFailure(_) => Self::unbuilt(operation, "the SDK refused it"),
            _ => Self::Unavailable {
                operation,
                reason: reason(error),
            },
        }
    }

    pub(crate) fn incomplete(operation: &'static str) -> Self {
        Self::Unavailable {
            operation,
            reason: UNPROCESSED.to_owned(),
        }
    }

    pub(crate) fn unbuilt(what: &'static str, reason: impl Display) -> Self {
        Self::Unbuilt {
            what,
            reason: reason.to_string(),
        }
    }

    pub(crate) fn corrupt(table: &'static str, reason: impl Display) -> Self {
        Self::Corrupt {
            table,
            reason: reason.to_string(),
        }
    }
}
