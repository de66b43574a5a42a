//! As much of an SDK's error as is fit for a log.

use std::error::Error;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

const UNBUILT: &str = "the request could not be built";

/// Why the same call fails again: the request itself is wrong, or there is no such table.
const LASTING: [&str; 8] = [
    "InvalidArnException",
    "InvalidKeyUsageException",
    "ResourceNotFoundException",
    "SerializationException",
    "UnknownOperationException",
    "UnsupportedOperationException",
    "ValidationException",
    UNBUILT,
];

/// Returns whether a call that failed for this [`reason`] may succeed in a while. A service refuses
/// a role that is too new to be known everywhere, and KMS does not find a key that has just been
/// made
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/programming-eventual-consistency.html>);
/// what is throttled, breaks or times out may succeed as well.
pub fn is_temporary(reason: &str) -> bool {
    !LASTING.contains(&reason)
}

/// Why a call failed: the error code of the service, or which part of the call failed, and of a
/// broken connection all that caused it. It repeats no message of a service, which may repeat what
/// was sent.
pub fn reason<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    let part = match error {
        SdkError::ServiceError(service) => {
            service.err().code().unwrap_or("an error without a code")
        }
        SdkError::TimeoutError(_) => "timed out",
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "timed out connecting",
        SdkError::DispatchFailure(failure) => {
            let mut text = "no connection".to_owned();
            let mut cause = failure.as_connector_error().and_then(Error::source);
            while let Some(error) = cause {
                text = format!("{text}: {error}");
                cause = error.source();
            }
            return text;
        }
        SdkError::ResponseError(_) => "the answer could not be read",
        _ => UNBUILT,
    };
    part.to_owned()
}
