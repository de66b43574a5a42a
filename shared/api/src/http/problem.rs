//! Problem details (RFC 9457).

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::error::Problem;
use crate::{Error, FieldError};

/// The members of an RFC 9457 problem. None repeats anything secret of the request.
#[derive(Serialize)]
struct Members<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    instance: &'a str,
    /// The code, repeated from `WWW-Authenticate` since a gateway may rename the header.
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
    let problem = error.problem();
    let status = problem.status;
    let members = Members {
        kind: "about:blank",
        title: status.canonical_reason().unwrap_or_default(),
        status: status.as_u16(),
        detail: problem.detail,
        instance: request_id,
        error: problem.code,
        errors: match error {
            Error::BadRequest(_, errors) | Error::Conflict(errors) => errors,
            _ => &[],
        },
    };
    let mut response = (status, Json(members)).into_response();
    let headers = response.headers_mut();
    if let Some(allowed) = bare.get(header::ALLOW) {
        headers.insert(header::ALLOW, allowed.clone());
    }
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    if let Some(challenge) = challenge(error, &problem) {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    if let Some((name, value)) = advice(error) {
        headers.insert(name, value);
    }
    response
}

/// Returns the header that tells the client how, or when, the request would be accepted.
fn advice(error: &Error) -> Option<(HeaderName, HeaderValue)> {
    match error {
        Error::Unavailable(_) | Error::TableThrottled(_) => {
            Some((header::RETRY_AFTER, RETRY_AFTER))
        }
        Error::TooManyRequests(wait) => Some((header::RETRY_AFTER, wait.as_secs().into())),
        Error::UnsupportedBody(_, name, value) => {
            Some((name.clone(), HeaderValue::from_static(value)))
        }
        _ => None,
    }
}

/// Every 401 has one (RFC 9110 §15.5.2). `Bearer` is a scheme that no browser asks its user about.
fn challenge(error: &Error, problem: &Problem<'_>) -> Option<HeaderValue> {
    let detail = problem.detail;
    let more = match error {
        // The code of a refresh token is not one of the scheme's.
        Error::MissingToken | Error::InvalidCredentials | Error::InvalidRefreshToken => {
            return Some(HeaderValue::from_static("Bearer"));
        }
        Error::InvalidToken(_) => format!(r#", error_description="{detail}""#),
        Error::NotFresh(max_age) => {
            let max_age = max_age.as_secs();
            format!(r#", error_description="{detail}", max_age={max_age}"#)
        }
        Error::MissingRole(role) => format!(r#", error_description="The role {role} is needed""#),
        Error::InsufficientScope(scope) => format!(r#", scope="{scope}""#),
        Error::Forbidden(_) => String::new(),
        _ => return None,
    };
    let code = problem.code?;
    HeaderValue::try_from(format!(r#"Bearer error="{code}"{more}"#)).ok()
}
