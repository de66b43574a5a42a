//! As much of an SDK's error as is fit for a log.

use std::error::Error;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

const TIMED_OUT: &str = "timed out";
const TIMED_OUT_CONNECTING: &str = "timed out connecting";

/// Codes by which a service refuses a role, or the credentials of a role that it does not know yet.
const REFUSED: [&str; 2] = ["AccessDeniedException", "UnrecognizedClientException"];

/// Returns whether a call that failed for this [`reason`] may succeed in a while: the service
/// refused the role, which may be too new to be known everywhere, or the call timed out.
pub fn may_pass(reason: &str) -> bool {
    [TIMED_OUT, TIMED_OUT_CONNECTING].contains(&reason) || REFUSED.contains(&reason)
}

/// Why a call failed: the error code of the service, or which part of the call failed, and of a
/// broken connection all that caused it. It repeats no message of a service, which may repeat what
/// was sent.
pub fn reason<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    let part = match error {
        SdkError::ServiceError(service) => {
            service.err().code().unwrap_or("an error without a code")
        }
        SdkError::TimeoutError(_) => TIMED_OUT,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => TIMED_OUT_CONNECTING,
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
        _ => "the request could not be built",
    };
    part.to_owned()
}
