//! The errors that requests are answered with.

mod feature;
mod problem;
mod rule;

use std::fmt::Display;
use std::time::Duration;

use accounts::{
    Acr, ChallengeError, Link, MfaTokenError, NewTicketError, NoMacKey, NoRandomness, Refused,
    Timestamp,
};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use claims::{Rejected, Scope};
use serde::Serialize;
use tables::{AccountError, CodeUseError};

pub use feature::Feature;
pub(crate) use problem::Problem;
pub(crate) use rule::{MISSING, Rule};

use crate::{MfaChallenge, chain, note, note_reason};

/// Every answer that is not a success. [`layered`](crate::layered) writes it as problem+json (RFC
/// 9457).
#[derive(Clone, Debug)]
pub enum Error {
    /// 400: the body is invalid. The text says why; `errors` has one entry a field.
    BadRequest(&'static str, Vec<FieldError>),
    /// 400: the gateway's event is not a request. The text is for the log alone.
    Unreadable(String),
    /// 400, `invalid_code`: the one answer to a code that is not that of its ticket, or not any
    /// more.
    InvalidCode,
    /// 400, `invalid_code`: the one answer to a code of an app or a recovery code that is wrong, or
    /// has counted.
    InvalidSecondFactor,
    /// 401: the one answer to a wrong password, an unknown name and a disabled account.
    InvalidCredentials,
    /// 401: a guarded route without an access token (RFC 6750 §3: no error code).
    MissingToken,
    /// 401, `invalid_token` (RFC 6750 §3.1): an access token that is invalid.
    InvalidToken(&'static str),
    /// 401, `invalid_grant` (RFC 6749 §5.2): a refresh token that is invalid.
    InvalidRefreshToken,
    /// 401, `insufficient_user_authentication` (RFC 9470 §3): the session has not reached this
    /// level, or its last authentication was longer ago than this.
    StepUp {
        /// The level that is missing.
        acr: Option<Acr>,
        /// The age that is permitted, where the age counts.
        max_age: Option<Duration>,
    },
    /// 401, `invalid_grant`: an `mfa_token` that is invalid here, or not any more.
    InvalidMfaToken,
    /// 401, `unknown_credential`: a passkey that no account has.
    UnknownCredential,
    /// 401: the one answer to a passkey that is refused. The rule is for the log alone.
    PasskeyRefused(passkeys::Refused),
    /// 403: a form was sent from a page of another origin.
    OtherOrigin,
    /// 403: the owner has closed registration.
    RegistrationClosed,
    /// 403, `feature_disabled`: the owner has not switched this on.
    FeatureDisabled(Feature),
    /// 403, `insufficient_scope` (RFC 6750 §3.1): the access token does not confer this scope, or
    /// its account may not use it any more.
    InsufficientScope(Scope),
    /// 403, `insufficient_scope`: the account has not got this role, or had not when the token was
    /// issued.
    MissingRole(&'static str),
    /// 403, `mfa_required`: the first factor was right, and this is still needed.
    MfaRequired(Box<MfaChallenge>),
    /// 403, `mfa_locked`: too many wrong codes in a row. A recovery code, a passkey or an
    /// administrator opens it.
    MfaLocked,
    /// 403, `email_unverified`: the address of the account is to be verified first.
    EmailUnverified,
    /// 403, `foreign_ticket`: the ticket is for another account than the caller's.
    ForeignTicket,
    /// 403, `insufficient_scope`: the caller may not do this. The text says why.
    Forbidden(&'static str),
    /// 403: an edge is required and did not send the request, or an edge did not name the client's
    /// address. The text is for the log alone.
    NotThroughEdge(&'static str),
    /// 404: there is no resource at this path.
    NotFound,
    /// 404, `unknown_ticket`: the text of a ticket is malformed, forged or for something else, or
    /// its ticket is long over.
    UnknownTicket,
    /// 405: the path does not allow this method.
    MethodNotAllowed,
    /// 409, `email_taken` or `username_taken`: the names in these fields are taken.
    Conflict(Vec<FieldError>),
    /// 409: the account has changed since it was read.
    Changed,
    /// 409: the account is in a state in which this cannot be done. The text says which.
    NotPossible(&'static str),
    /// 409, `last_way_in`: nobody could sign in to the account any more.
    LastWayIn,
    /// 409, `email_change_pending`: the new address is proven, and takes effect at this time.
    EmailChangePending(Timestamp),
    /// 410: the ticket permits nothing any more: `ticket_used`, `ticket_expired` or
    /// `ticket_superseded`.
    TicketRefused(Refused),
    /// 413: the body is larger than any that could be right.
    PayloadTooLarge,
    /// 415: the route does not read this kind of body. The text says why; the header and its value
    /// name the kinds that it reads.
    UnsupportedBody(&'static str, HeaderName, &'static str),
    /// 429 with `Retry-After`: too many attempts; the time to wait.
    TooManyRequests(Duration),
    /// 500: an internal error. The text is for the log alone.
    Internal(String),
    /// 503 with `Retry-After`: a dependency failed. The text is for the log alone.
    Unavailable(String),
    /// 503 with `Retry-After`: DynamoDB throttled a call. The text is for the log alone.
    TableThrottled(String),
    /// An error after a ticket was proven and before it was spent: as the error, with the text of
    /// its link in the member `ticket`.
    Carrying(Box<Error>, Link),
}

/// The text of a 400 that lists errors of members.
pub(crate) const WRONG_MEMBERS: &str = "Members of the request are invalid or missing";

/// An error in one member of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The member's name.
    pub field: String,
    /// The problem, to be read after the name.
    pub detail: String,
    /// The rule, where pages have words of their own for it.
    #[serde(skip)]
    pub(crate) rule: Option<Rule>,
}

impl FieldError {
    /// An entry for a field.
    pub fn new(field: &str, detail: impl Display + 'static) -> Self {
        Self {
            field: field.to_owned(),
            detail: detail.to_string(),
            rule: Rule::of(&detail),
        }
    }
}

impl Error {
    /// The answer to a token whose session has ended.
    pub(crate) const SESSION_ENDED: Self = Self::InvalidToken("The session has ended");

    /// Refuses a request for one of its members. `detail` is read after its name.
    pub fn field(name: &str, detail: impl Display + 'static) -> Self {
        Self::BadRequest(WRONG_MEMBERS, vec![FieldError::new(name, detail)])
    }

    /// An internal error, with the text to log: a text, or the messages of an error and its causes.
    pub fn internal(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(chain(reason.into().as_ref()))
    }

    /// Refuses a request that has to wait.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyRequests`] if there is a time to wait.
    pub fn check_wait(wait: Option<Duration>) -> Result<(), Self> {
        wait.map_or(Ok(()), |wait| Err(Self::TooManyRequests(wait)))
    }

    /// Notes the event and the reason for the log line of this request.
    pub fn note(&self) {
        if let Some(event) = self.problem().event {
            note(event);
        }
        note_reason(self.reason());
    }

    /// Returns the reason for the log: the text for the client, or the text of a fault, which the
    /// client does not get.
    fn reason(&self) -> &str {
        match self {
            Self::Unreadable(reason)
            | Self::Internal(reason)
            | Self::Unavailable(reason)
            | Self::TableThrottled(reason) => reason,
            Self::NotThroughEdge(reason) => reason,
            Self::Carrying(error, _) => error.reason(),
            Self::PasskeyRefused(rule) => rule.name(),
            _ => self.problem().detail,
        }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.problem().status
    }
}

impl From<NoMacKey> for Error {
    fn from(error: NoMacKey) -> Self {
        Self::internal(error)
    }
}

impl From<MfaTokenError> for Error {
    fn from(error: MfaTokenError) -> Self {
        Self::internal(error)
    }
}

impl From<ChallengeError> for Error {
    fn from(error: ChallengeError) -> Self {
        Self::internal(error)
    }
}

impl From<passkeys::Refused> for Error {
    fn from(rule: passkeys::Refused) -> Self {
        Self::PasskeyRefused(rule)
    }
}

impl From<NewTicketError> for Error {
    fn from(error: NewTicketError) -> Self {
        Self::internal(error)
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

impl From<CodeUseError> for Error {
    fn from(error: CodeUseError) -> Self {
        match error {
            CodeUseError::Refused => Self::InvalidSecondFactor,
            CodeUseError::SessionEnded => Self::SESSION_ENDED,
            CodeUseError::Table(error) => error.into(),
        }
    }
}

impl From<Rejected> for Error {
    fn from(rejected: Rejected) -> Self {
        Self::InvalidToken(match rejected {
            Rejected::Expired => "The access token has expired",
            Rejected::NotYetValid => "The access token is not valid yet",
            Rejected::Issuer => "The access token is from another issuer",
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
