//! The errors of sealing and of rotation.

use std::io;

use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use claims::KeyError;

/// Why nothing was made, sealed or unsealed. Nothing in it repeats a key or a message of the SDK.
#[derive(Debug, thiserror::Error)]
pub enum SealingError {
    /// The local key's file could not be read or written.
    #[error(transparent)]
    File(#[from] io::Error),
    /// The local key's file does not hold 32 bytes.
    #[error("the file does not hold 32 bytes")]
    KeyFile,
    /// The text was sealed with another key or for another purpose, or has been changed.
    #[error("the text cannot be unsealed with this key")]
    Unsealable,
    /// No key could be made, or the key cannot be used.
    #[error("a key could not be made: {0}")]
    NotMade(KeyError),
    /// The random number generator failed.
    #[error("the random number generator failed")]
    Randomness,
    /// KMS did not answer, or refused.
    #[error("KMS {operation} failed: {reason}")]
    Kms {
        /// The KMS operation.
        operation: &'static str,
        /// The error code, or which part of the call failed.
        reason: String,
    },
}

impl From<KeyError> for SealingError {
    fn from(error: KeyError) -> Self {
        Self::NotMade(error)
    }
}

impl SealingError {
    pub(crate) fn kms<E: ProvideErrorMetadata, R>(
        operation: &'static str,
        error: &SdkError<E, R>,
    ) -> Self {
        Self::Kms {
            operation,
            reason: tables::reason(error),
        }
    }

    pub(crate) fn incomplete(operation: &'static str) -> Self {
        Self::Kms {
            operation,
            reason: "the answer is incomplete".to_owned(),
        }
    }
}

/// Why the ring was left as it was.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The ring could not be read or written; [`tables::Error::Conflict`] where others kept
    /// changing it.
    #[error(transparent)]
    Table(#[from] tables::Error),
    /// A key could not be made or sealed.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// There is no such key, or it is retired.
    #[error("the ring has no such key, or the key is retired")]
    Unknown,
    /// A function may still seal with the factor key.
    #[error("a function may still seal with the key")]
    InUse,
    /// There is no ring.
    #[error("there is no key ring yet")]
    NoRing,
}

impl RotationError {
    /// Returns whether the same may succeed in a while; see [`tables::is_temporary`].
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Table(tables::Error::Unavailable { reason, .. })
            | Self::Sealing(SealingError::Kms { reason, .. }) => tables::is_temporary(reason),
            Self::Table(tables::Error::Conflict) => true,
            _ => false,
        }
    }
}
