//! Problem details (RFC 9457).

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::error::NOT_FRESH;
use crate::{Error, FieldError};

/// An RFC 9457 problem. No member repeats anything secret of the request.
#[derive(Serialize)]
struct Problem<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    instance: &'a str,
    /// The code of RFC 6750, repeated from `WWW-Authenticate` since a gateway may rename the
    /// header, or of RFC 6749.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
}

/// The time that a client should wait after a 503 before it tries again, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

/// Writes an error as the answer to the request of that id. `Allow` is taken over from the bare
/// answer, where the router has set it.
pub(crate) fn write(error: &Error, request_id: &str, bare: &HeaderMap) -> Response {
    let status = error.status();
    let problem = Problem {
        kind: "about:blank",
        title: status.canonical_reason().unwrap_or_default(),
        status: status.as_u16(),
        detail: error.detail(),
        instance: request_id,
        error: match error {
            Error::BadRequest(..) | Error::Unreadable(_) => Some("invalid_request"),
            Error::InvalidToken(_) => Some("invalid_token"),
            Error::InvalidRefreshToken => Some("invalid_grant"),
            Error::NotFresh(_) => Some("insufficient_user_authentication"),
            Error::InsufficientScope(_) | Error::MissingRole(_) | Error::Forbidden(_) => {
                Some("insufficient_scope")
            }
            _ => None,
        },
        errors: match error {
            Error::BadRequest(_, errors) | Error::Conflict(errors) => errors,
            _ => &[],
        },
    };
    let mut response = (status, Json(problem)).into_response();
    let headers = response.headers_mut();
    if let Some(allowed) = bare.get(header::ALLOW) {
        headers.insert(header::ALLOW, allowed.clone());
    }
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    if let Some(challenge) = challenge(error) {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    match error {
        Error::Unavailable(_) | Error::TableThrottled(_) => {
            headers.insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        Error::UnsupportedBody(_, header, value) => {
            headers.insert(header.clone(), HeaderValue::from_static(value));
        }
        Error::TooManyRequests(seconds) => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        _ => {}
    }
    response
}

/// Every 401 has one (RFC 9110 §15.5.2). `Bearer` is a scheme that no browser asks its user about.
fn challenge(error: &Error) -> Option<HeaderValue> {
    match error {
        Error::MissingToken | Error::InvalidCredentials | Error::InvalidRefreshToken => {
            Some(HeaderValue::from_static("Bearer"))
        }
        Error::InvalidToken(detail) => HeaderValue::try_from(format!(
            r#"Bearer error="invalid_token", error_description="{detail}""#
        ))
        .ok(),
        Error::NotFresh(max_age) => HeaderValue::try_from(format!(
            r#"Bearer error="insufficient_user_authentication", error_description="{NOT_FRESH}", max_age={max_age}"#
        ))
        .ok(),
        Error::MissingRole(role) => HeaderValue::try_from(format!(
            r#"Bearer error="insufficient_scope", error_description="The role {role} is needed""#
        ))
        .ok(),
        Error::Forbidden(_) => Some(HeaderValue::from_static(
            r#"Bearer error="insufficient_scope""#,
        )),
        Error::InsufficientScope(scope) => HeaderValue::try_from(format!(
            r#"Bearer error="insufficient_scope", scope="{scope}""#
        ))
        .ok(),
        _ => None,
    }
}
