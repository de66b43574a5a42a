//! The errors of the operation.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An error that AWS documents for
/// [`SendEmail`](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors)
/// or for [every operation](https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 400: the account's ability to send is restricted for ever.
    AccountSuspended,
    /// 400: the request is invalid, for this reason.
    BadRequest(String),
    /// 400: a quota of the account is used up.
    LimitExceeded,
    /// 400: the domain of the sender is not verified.
    MailFromDomainNotVerified,
    /// 400: this mail is not sent, for this reason.
    MessageRejected(String),
    /// 404: the configuration set does not exist.
    NotFound,
    /// 400: the account's ability to send is paused.
    SendingPaused,
    /// 429: too many requests.
    TooManyRequests,
    /// 403: the request is not signed.
    MissingAuthenticationToken,
    /// 500: SES failed.
    InternalFailure,
    /// 503: SES is not available.
    ServiceUnavailable,
}

impl Refusal {
    const fn name(&self) -> &'static str {
        match self {
            Self::AccountSuspended => "AccountSuspendedException",
            Self::BadRequest(_) => "BadRequestException",
            Self::LimitExceeded => "LimitExceededException",
            Self::MailFromDomainNotVerified => "MailFromDomainNotVerifiedException",
            Self::MessageRejected(_) => "MessageRejected",
            Self::NotFound => "NotFoundException",
            Self::SendingPaused => "SendingPausedException",
            Self::TooManyRequests => "TooManyRequestsException",
            Self::MissingAuthenticationToken => "MissingAuthenticationToken",
            Self::InternalFailure => "InternalFailure",
            Self::ServiceUnavailable => "ServiceUnavailable",
        }
    }

    const fn status(&self) -> StatusCode {
        match self {
            Self::AccountSuspended
            | Self::BadRequest(_)
            | Self::LimitExceeded
            | Self::MailFromDomainNotVerified
            | Self::MessageRejected(_)
            | Self::SendingPaused => StatusCode::BAD_REQUEST,
            Self::MissingAuthenticationToken => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::InternalFailure => StatusCode::INTERNAL_SERVER_ERROR,
            Self::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// An error in [REST JSON](https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization).
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let name = self.name();
        let message = match &self {
            Self::BadRequest(message) | Self::MessageRejected(message) => message,
            _ => name,
        };
        let body = Json(json!({ "message": message }));
        (self.status(), [("x-amzn-errortype", name)], body).into_response()
    }
}
