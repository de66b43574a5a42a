use std::fmt::Display;

use accounts::NoRandomness;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use claims::{Rejected, Scope};
use serde::Serialize;
use tables::AccountError;

use crate::{Event, chain, note, note_reason};

/// Everything that an answer can be but a success. [`layered`](crate::layered) writes it as
/// problem+json (RFC 9457).
#[derive(Clone, Debug)]
pub enum Error {
    /// 400: the body is wrong. The text says how; `errors` has one entry a field.
    BadRequest(&'static str, Vec<FieldError>),
    /// 400: the gateway's event is none that a request can be made of. The text is for the log alone.
    Unreadable(String),
    /// 401: the one answer to a wrong password, a name that nobody has and a disabled account.
    InvalidCredentials,
    /// 401: a guarded route without an access token (RFC 6750 §3: no error code).
    MissingToken,
    /// 401, `invalid_token` (RFC 6750 §3.1): an access token that does not count.
    InvalidToken(&'static str),
    /// 401, `invalid_grant` (RFC 6749 §5.2): a refresh token that does not count.
    InvalidRefreshToken,
    /// 401, `insufficient_user_authentication` (RFC 9470 §3): the last login was longer ago than so
    /// many seconds.
    NotFresh(u32),
    /// 403: the owner has closed registration.
    RegistrationClosed,
    /// 403, `insufficient_scope` (RFC 6750 §3.1): the access token does not confer this scope, or
    /// its account may not use it any more.
    InsufficientScope(Scope),
    /// 403, `insufficient_scope`: the account has not got this role, or had not when the token was
    /// issued.
    MissingRole(&'static str),
    /// 403: what is asked for is not for the caller to do. The text says why.
    Forbidden(&'static str),
    /// 404: there is nothing at this path.
    NotFound,
    /// 405: not with this method.
    MethodNotAllowed,
    /// 409: what the fields name is somebody else's.
    Conflict(Vec<FieldError>),
    /// 409: the account has changed since it was read.
    Changed,
    /// 413: the body is larger than any that could be right.
    PayloadTooLarge,
    /// 415: the body is of a kind that the route does not read. The text says how, and the header,
    /// with its value, what the route reads.
    UnsupportedBody(&'static str, HeaderName, &'static str),
    /// 429 with `Retry-After`: too many attempts; so many seconds are to pass.
    TooManyRequests(u64),
    /// 500: a fault of ours. The text is for the log alone.
    Internal(String),
    /// 503 with `Retry-After`: something that the answer depends on did not do its part. The text
    /// is for the log alone.
    Unavailable(String),
    /// 503 with `Retry-After`: DynamoDB takes no more for now. The text is for the log alone.
    TableThrottled(String),
}

/// The text of a 400 for what single members say.
pub(crate) const WRONG_MEMBERS: &str = "The request has members that are wrong or missing";

pub(crate) const NOT_FRESH: &str = "This needs a more recent login; log in again";

/// What is wrong with one member of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The member's name.
    pub field: String,
    /// What is wrong with it, to be read after its name.
    pub detail: String,
}

impl FieldError {
    /// An entry for a field.
    pub fn new(field: &str, detail: impl Display) -> Self {
        Self {
            field: field.to_owned(),
            detail: detail.to_string(),
        }
    }
}

impl Error {
    /// What a token of a session that has ended is answered with.
    pub(crate) const SESSION_ENDED: Self = Self::InvalidToken("The session has ended");

    /// A request that is refused for one of its members, with what is wrong with it, to be read
    /// after its name.
    pub fn field(name: &str, detail: impl Display) -> Self {
        Self::BadRequest(WRONG_MEMBERS, vec![FieldError::new(name, detail)])
    }

    /// A fault of ours, with what to log of it: a text, or an error and all that caused it.
    pub fn internal(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(chain(reason.into().as_ref()))
    }

    /// Notes what it is and why, for the line that the log has of this request.
    pub fn note(&self) {
        if let Some(event) = self.event() {
            note(event);
        }
        note_reason(self.reason());
    }

    /// What it is for whoever watches over accounts.
    fn event(&self) -> Option<Event> {
        match self {
            Self::InvalidCredentials => Some(Event::LoginFailed),
            Self::InvalidToken(_) => Some(Event::AccessTokenRefused),
            Self::InvalidRefreshToken => Some(Event::RefreshTokenRefused),
            Self::RegistrationClosed => Some(Event::RegistrationRefused),
            Self::NotFresh(_)
            | Self::InsufficientScope(_)
            | Self::MissingRole(_)
            | Self::Forbidden(_) => Some(Event::AccessDenied),
            Self::TooManyRequests(_) => Some(Event::RequestThrottled),
            Self::TableThrottled(_) => Some(Event::TableThrottled),
            _ => None,
        }
    }

    /// Why, for the log: what the client is told, or what it is not told of a fault.
    fn reason(&self) -> &str {
        match self {
            Self::Unreadable(reason)
            | Self::Internal(reason)
            | Self::Unavailable(reason)
            | Self::TableThrottled(reason) => reason,
            _ => self.detail(),
        }
    }

    /// The text for the client.
    pub(crate) fn detail(&self) -> &str {
        match self {
            Self::BadRequest(detail, _)
            | Self::InvalidToken(detail)
            | Self::Forbidden(detail)
            | Self::UnsupportedBody(detail, ..) => detail,
            Self::Unreadable(_) => "The request cannot be read",
            Self::InvalidCredentials => "Invalid credentials",
            Self::MissingToken => "An access token is needed: Authorization: Bearer TOKEN",
            Self::InvalidRefreshToken => "The refresh token is invalid, or its session has ended",
            Self::NotFresh(_) => NOT_FRESH,
            Self::InsufficientScope(_) | Self::MissingRole(_) => {
                "The access token does not permit this"
            }
            Self::Changed => "The account has changed meanwhile; look at it and try again",
            Self::TooManyRequests(_) => "Too many attempts; try again after Retry-After seconds",
            Self::RegistrationClosed => "Registration is closed",
            Self::NotFound => "There is nothing at this path",
            Self::MethodNotAllowed => "The method is not one of those in the Allow header",
            Self::Conflict(_) => "The name is taken",
            Self::PayloadTooLarge => "The body is larger than 16 KiB",
            Self::Internal(_) => "Something went wrong on our side",
            Self::Unavailable(_) | Self::TableThrottled(_) => {
                "The service cannot answer right now; try again"
            }
        }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(..) | Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::InvalidCredentials
            | Self::MissingToken
            | Self::InvalidToken(_)
            | Self::InvalidRefreshToken
            | Self::NotFresh(_) => StatusCode::UNAUTHORIZED,
            Self::RegistrationClosed
            | Self::InsufficientScope(_)
            | Self::MissingRole(_)
            | Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict(_) | Self::Changed => StatusCode::CONFLICT,
            Self::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedBody(..) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooManyRequests(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable(_) | Self::TableThrottled(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl From<NoRandomness> for Error {
    fn from(error: NoRandomness) -> Self {
        Self::internal(error)
    }
}

impl From<tables::Error> for Error {
    fn from(error: tables::Error) -> Self {
        match error {
            throttled if throttled.is_throttled() => Self::TableThrottled(throttled.to_string()),
            tables::Error::Unavailable { .. } => Self::Unavailable(error.to_string()),
            tables::Error::Conflict => Self::Changed,
            tables::Error::Corrupt { .. } | tables::Error::Unbuilt { .. } => Self::internal(error),
        }
    }
}

impl From<AccountError> for Error {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Taken { username, email } => {
                let taken = [("username", username), ("email", email)]
                    .into_iter()
                    .filter(|(_, taken)| *taken);
                Self::Conflict(
                    taken
                        .map(|(field, _)| FieldError::new(field, "is taken"))
                        .collect(),
                )
            }
            AccountError::ActorChanged => Self::Changed,
            AccountError::SessionEnded => Self::SESSION_ENDED,
            AccountError::Table(error) => error.into(),
        }
    }
}

impl From<Rejected> for Error {
    fn from(rejected: Rejected) -> Self {
        Self::InvalidToken(match rejected {
            Rejected::Expired => "The access token has expired",
            Rejected::NotYetValid => "The access token is not valid yet",
            Rejected::Issuer => "The access token is of another issuer",
            Rejected::Audience => "The access token is for another audience",
            Rejected::Signature | Rejected::UnknownKey => {
                "The access token is not signed by a current key"
            }
            _ => "The access token is malformed",
        })
    }
}

/// The response carries the error to [`layered`](crate::layered), which alone knows the request's
/// id and so writes the body.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
