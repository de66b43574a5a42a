//! The table of problems: the status, the text, the code and the event of each error.

use accounts::{Acr, Refused};
use axum::http::StatusCode;

use super::Error;
use crate::Event;

/// The parts of an answer that is not a success, and of its log line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Problem<'a> {
    pub(crate) status: StatusCode,
    /// The text for the client.
    pub(crate) detail: &'a str,
    /// The code of RFC 6750 §3.1, RFC 6749 §5.2 or RFC 9470 §3, if there is one.
    pub(crate) code: Option<&'static str>,
    /// The account event, if there is one.
    pub(crate) event: Option<Event>,
}

const fn problem(status: StatusCode, detail: &str) -> Problem<'_> {
    Problem {
        status,
        detail,
        code: None,
        event: None,
    }
}

impl Problem<'_> {
    const fn code(self, code: &'static str) -> Self {
        Self {
            code: Some(code),
            ..self
        }
    }

    const fn event(self, event: Event) -> Self {
        Self {
            event: Some(event),
            ..self
        }
    }
}

impl Error {
    /// The row of this error in the table.
    pub(crate) fn problem(&self) -> Problem<'_> {
        match self {
            Self::BadRequest(detail, _) => {
                problem(StatusCode::BAD_REQUEST, detail).code("invalid_request")
            }
            Self::Unreadable(_) => problem(StatusCode::BAD_REQUEST, "The request cannot be read")
                .code("invalid_request"),
            Self::InvalidCode => problem(
                StatusCode::BAD_REQUEST,
                "This code is not right, or no longer valid. Ask for a new one",
            )
            .code("invalid_code")
            .event(Event::CodeRefused),
            Self::InvalidSecondFactor => problem(
                StatusCode::BAD_REQUEST,
                "This code is not right, or has been used; an app shows the next one in 30 seconds",
            )
            .code("invalid_code")
            .event(Event::MfaFailed),
            Self::InvalidCredentials => {
                problem(StatusCode::UNAUTHORIZED, "Invalid credentials").event(Event::LoginFailed)
            }
            Self::MissingToken => problem(
                StatusCode::UNAUTHORIZED,
                "The request needs an access token: Authorization: Bearer TOKEN",
            ),
            Self::InvalidToken(detail) => problem(StatusCode::UNAUTHORIZED, detail)
                .code("invalid_token")
                .event(Event::AccessTokenRefused),
            Self::InvalidRefreshToken => problem(
                StatusCode::UNAUTHORIZED,
                "The refresh token is invalid or its session has ended",
            )
            .code("invalid_grant")
            .event(Event::RefreshTokenRefused),
            Self::StepUp { acr, .. } => problem(
                StatusCode::UNAUTHORIZED,
                match acr {
                    Some(Acr::Aal2) => {
                        "This request needs a second factor: step up, or log in again with one"
                    }
                    Some(Acr::Aal1) => {
                        "This request needs a login with the password; POST /forgot-password sets a first one"
                    }
                    None => "The last login is too old for this request; log in again",
                },
            )
            .code("insufficient_user_authentication")
            .event(Event::AccessDenied),
            Self::InvalidMfaToken => problem(
                StatusCode::UNAUTHORIZED,
                "The mfa_token is invalid or has expired; log in again",
            )
            .code("invalid_grant")
            .event(Event::MfaFailed),
            Self::UnknownCredential => problem(
                StatusCode::UNAUTHORIZED,
                "Invalid credentials",
            )
            .code("unknown_credential")
            .event(Event::LoginFailed),
            // The text of a wrong password: which rule was broken helps nobody but an attacker.
            Self::PasskeyRefused(rule) => {
                problem(StatusCode::UNAUTHORIZED, "Invalid credentials").event(match rule {
                    passkeys::Refused::Cloned => Event::PasskeyCloned,
                    _ => Event::LoginFailed,
                })
            }
            Self::OtherOrigin => problem(
                StatusCode::FORBIDDEN,
                "The form was sent from a page of another origin",
            ),
            Self::RegistrationClosed => problem(StatusCode::FORBIDDEN, "Registration is closed")
                .event(Event::RegistrationRefused),
            Self::NotThroughEdge(_) => problem(
                StatusCode::FORBIDDEN,
                "The request must come through the edge of this API, with the address of the client",
            )
            .event(Event::EdgeRefused),
            Self::FeatureDisabled(feature) => {
                problem(StatusCode::FORBIDDEN, feature.detail()).code("feature_disabled")
            }
            Self::InsufficientScope(_) | Self::MissingRole(_) => problem(
                StatusCode::FORBIDDEN,
                "The access token does not permit this",
            )
            .code("insufficient_scope")
            .event(Event::AccessDenied),
            Self::Forbidden(detail) => problem(StatusCode::FORBIDDEN, detail)
                .code("insufficient_scope")
                .event(Event::AccessDenied),
            Self::MfaRequired(_) => problem(
                StatusCode::FORBIDDEN,
                "The password was right, and a second factor is needed: go on with the mfa_token",
            )
            .code("mfa_required")
            .event(Event::LoginMfaRequired),
            Self::MfaLocked => problem(
                StatusCode::FORBIDDEN,
                "Too many wrong codes: sign in with a recovery code or a passkey, or ask an administrator",
            )
            .code("mfa_locked")
            .event(Event::MfaFailed),
            Self::EmailUnverified => problem(
                StatusCode::FORBIDDEN,
                "Verify the address of the account first",
            )
            .code("email_unverified")
            .event(Event::AccessDenied),
            Self::ForeignTicket => problem(
                StatusCode::FORBIDDEN,
                "The ticket is for another account; sign in to that one",
            )
            .code("foreign_ticket")
            .event(Event::AccessDenied),
            Self::NotFound => problem(StatusCode::NOT_FOUND, "There is no resource at this path"),
            Self::UnknownTicket => problem(
                StatusCode::NOT_FOUND,
                "There is no such ticket, or it is for something else",
            )
            .code("unknown_ticket"),
            Self::MethodNotAllowed => problem(
                StatusCode::METHOD_NOT_ALLOWED,
                "The path does not allow this method; the Allow header lists those that it does",
            ),
            Self::Conflict(taken) => {
                let is_email = taken.iter().any(|taken| taken.field == "email");
                let code = if is_email { "email_taken" } else { "username_taken" };
                problem(StatusCode::CONFLICT, "A name is taken").code(code)
            }
            Self::Changed => problem(
                StatusCode::CONFLICT,
                "The account has changed since it was read; read it again and retry",
            ),
            Self::NotPossible(detail) => problem(StatusCode::CONFLICT, detail),
            Self::LastWayIn => problem(
                StatusCode::CONFLICT,
                "This is the last way in to the account",
            )
            .code("last_way_in"),
            Self::EmailChangePending(_) => problem(
                StatusCode::CONFLICT,
                "The new address is proven, and becomes the account's later or when the old one agrees",
            )
            .code("email_change_pending"),
            Self::TicketRefused(Refused::Used) => problem(
                StatusCode::GONE,
                "This ticket has been used; if that was you, sign in",
            )
            .code("ticket_used"),
            Self::TicketRefused(Refused::Expired) => {
                problem(StatusCode::GONE, "This ticket has expired; ask for a new one")
                    .code("ticket_expired")
            }
            Self::TicketRefused(Refused::Superseded) => problem(
                StatusCode::GONE,
                "The account has changed since this ticket was issued; ask for a new one",
            )
            .code("ticket_superseded"),
            Self::PayloadTooLarge => problem(
                StatusCode::PAYLOAD_TOO_LARGE,
                "The body is larger than 16 KiB",
            ),
            Self::UnsupportedBody(detail, ..) => {
                problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
            }
            Self::TooManyRequests(_) => problem(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many attempts; the Retry-After header says how many seconds to wait",
            )
            .event(Event::RequestThrottled),
            Self::Internal(_) => problem(
                StatusCode::INTERNAL_SERVER_ERROR,
                "The server failed to handle the request",
            ),
            Self::Unavailable(_) => problem(StatusCode::SERVICE_UNAVAILABLE, TRY_AGAIN),
            Self::Carrying(error, _) => error.problem(),
            Self::TableThrottled(_) => {
                problem(StatusCode::SERVICE_UNAVAILABLE, TRY_AGAIN).event(Event::TableThrottled)
            }
        }
    }
}

const TRY_AGAIN: &str = "The service is temporarily unavailable; try again";
