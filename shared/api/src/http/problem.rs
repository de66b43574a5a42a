//! Problem details (RFC 9457).

use accounts::Timestamp;
use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::error::Problem;
use crate::{Error, FieldError, MfaChallenge};

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
    /// The text of the link of a ticket that was proven, and is not spent.
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<&'a str>,
    /// The time at which a change takes effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_at: Option<Timestamp>,
    /// The second factor that a sign-in needs.
    #[serde(flatten)]
    challenge: Option<&'a MfaChallenge>,
}

/// The time that a client should wait after a 503 before it tries again, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

/// Writes an error as the answer to the request of that id. `Allow` is taken over from the bare
/// answer, where the router has set it.
pub(crate) fn write(error: &Error, request_id: &str, bare: &HeaderMap) -> Response {
    let (error, ticket) = match error {
        Error::Carrying(error, link) => (&**error, Some(link.to_text())),
        error => (error, None),
    };
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
        ticket: ticket.as_ref().map(|ticket| ticket.as_str()),
        effective_at: match error {
            Error::EmailChangePending(at) => Some(*at),
            _ => None,
        },
        challenge: match error {
            Error::MfaRequired(challenge) => Some(&**challenge),
            _ => None,
        },
    };
    let mut response = (status, Json(members)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    if let Some(challenge) = challenge(error, &problem) {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    add_advice(headers, error, bare);
    response
}

/// Adds the headers that say how, or when, the request would be accepted.
pub(crate) fn add_advice(headers: &mut HeaderMap, error: &Error, bare: &HeaderMap) {
    if let Some(allowed) = bare.get(header::ALLOW) {
        headers.insert(header::ALLOW, allowed.clone());
    }
    if let Some((name, value)) = advice(error) {
        headers.insert(name, value);
    }
}

/// Returns the header that tells the client how, or when, the request would be accepted.
fn advice(error: &Error) -> Option<(HeaderName, HeaderValue)> {
    match error {
        Error::Carrying(error, _) => advice(error),
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
        Error::InvalidToken(_) => format!(r#", error_description="{detail}""#),
        Error::StepUp { acr, max_age } => {
            let acr = acr.map(|acr| format!(r#", acr_values="{}""#, acr.as_str()));
            let max_age = max_age.map(|max_age| format!(", max_age={}", max_age.as_secs()));
            let (acr, max_age) = (acr.unwrap_or_default(), max_age.unwrap_or_default());
            format!(r#", error_description="{detail}"{acr}{max_age}"#)
        }
        Error::MissingRole(role) => format!(r#", error_description="The role {role} is needed""#),
        Error::InsufficientScope(scope) => format!(r#", scope="{scope}""#),
        Error::Forbidden(_) => String::new(),
        // The codes of refresh tokens and passkeys are not the scheme's.
        _ => {
            let bare = HeaderValue::from_static("Bearer");
            return (problem.status == StatusCode::UNAUTHORIZED).then_some(bare);
        }
    };
    let code = problem.code?;
    HeaderValue::try_from(format!(r#"Bearer error="{code}"{more}"#)).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use accounts::{
        Acr, AuthMethod, Epoch, Link, MacKey, MacKeyTimes, MacKeys, Owner, Purpose, Refused,
        TicketSeed, UserId, WaysIn,
    };
    use claims::Scope;
    use http_body_util::BodyExt;
    use serde_json::{Value, json};

    use super::*;
    use crate::{Feature, FirstFactor, MfaChallenges, MfaRequired};

    fn macs() -> MacKeys {
        let times = MacKeyTimes {
            id: format!("{:016x}", 7),
            signs_from: 0,
            gone_at: None,
        };
        let key = MacKey::new(times, &[7; MacKey::LEN]).unwrap();
        [key].into_iter().collect()
    }

    fn link() -> Link {
        let keys = macs();
        let seed = TicketSeed::generate(&keys, 1).unwrap();
        seed.link(Purpose::Reset, &keys, 1).unwrap()
    }

    fn mfa_challenge() -> MfaChallenge {
        let first = FirstFactor {
            owner: Owner {
                user_id: UserId::parse("019f0000-0000-7000-8000-000000000001").unwrap(),
                epoch: Epoch::FIRST,
            },
            methods: AuthMethod::PASSWORD.into(),
            device: None,
        };
        let challenges = MfaChallenges::new(MfaRequired::All, None);
        let challenge = challenges.after(&first, &WaysIn::default(), &macs(), 1);
        challenge.unwrap().unwrap()
    }

    async fn body(error: &Error) -> Value {
        let answer = write(error, "id", &HeaderMap::new());
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        serde_json::from_slice(&body).unwrap()
    }

    #[tokio::test]
    async fn a_proven_ticket_is_in_the_answer_to_what_was_refused_and_in_no_other_text() {
        let link = link();
        let taken = Error::Conflict(vec![FieldError::new("email", "is taken")]);
        let error = Error::Carrying(Box::new(taken.clone()), link.clone());
        let (carrying, bare) = (body(&error).await, body(&taken).await);
        assert_eq!(carrying["ticket"], link.to_text().as_str());
        assert_eq!(bare.get("ticket"), None);
        for member in ["status", "detail", "error", "errors"] {
            assert_eq!(carrying[member], bare[member], "{member}");
        }
        assert_eq!(bare["error"], "email_taken");
        assert!(!format!("{error:?}").contains(&link.to_text()[20..]));
        let pending = body(&Error::EmailChangePending(5)).await;
        assert_eq!(pending["effective_at"], 5);
    }

    #[tokio::test]
    async fn a_sign_in_that_needs_more_says_what_beside_the_problem() {
        let body = body(&Error::MfaRequired(Box::new(mfa_challenge()))).await;
        let members = ["type", "title", "status", "detail", "instance", "error"];
        let more = ["mfa_token", "expires_in", "methods"];
        let all = members.iter().chain(&more).copied();
        assert_eq!(
            body.as_object().unwrap().keys().collect::<BTreeSet<_>>(),
            all.map(str::to_owned)
                .collect::<BTreeSet<_>>()
                .iter()
                .collect()
        );
        assert_eq!(
            (&body["status"], &body["error"]),
            (&json!(403), &json!("mfa_required"))
        );
    }

    /// One of each variant. A new one does not compile before it has a line here.
    fn all() -> Vec<Error> {
        let text = String::new;
        let all = vec![
            Error::BadRequest("", vec![]),
            Error::Unreadable(text()),
            Error::InvalidCredentials,
            Error::MissingToken,
            Error::InvalidToken(""),
            Error::InvalidRefreshToken,
            Error::StepUp {
                acr: Some(Acr::Aal2),
                max_age: Some(Duration::ZERO),
            },
            Error::RegistrationClosed,
            Error::InsufficientScope(Scope::USERS_WRITE),
            Error::MissingRole("admin"),
            Error::Forbidden(""),
            Error::NotThroughEdge(""),
            Error::NotFound,
            Error::MethodNotAllowed,
            Error::Conflict(vec![]),
            Error::Changed,
            Error::PayloadTooLarge,
            Error::UnsupportedBody("", header::ACCEPT, ""),
            Error::TooManyRequests(Duration::ZERO),
            Error::Internal(text()),
            Error::Unavailable(text()),
            Error::TableThrottled(text()),
            Error::InvalidCode,
            Error::FeatureDisabled(Feature::Mail),
            Error::UnknownTicket,
            Error::EmailChangePending(0),
            Error::TicketRefused(Refused::Used),
            Error::Carrying(Box::new(Error::Changed), link()),
            Error::OtherOrigin,
            Error::ForeignTicket,
            Error::NotPossible("text"),
            Error::InvalidMfaToken,
            Error::UnknownCredential,
            Error::InvalidSecondFactor,
            Error::MfaLocked,
            Error::EmailUnverified,
            Error::LastWayIn,
            Error::MfaRequired(Box::new(mfa_challenge())),
            Error::PasskeyRefused(passkeys::Refused::Origin),
        ];
        let mut places: Vec<_> = all.iter().map(place).collect();
        places.sort_unstable();
        assert!(places.iter().copied().eq(0..all.len()), "{places:?}");
        all
    }

    fn place(error: &Error) -> usize {
        match error {
            Error::BadRequest(..) => 0,
            Error::Unreadable(_) => 1,
            Error::InvalidCredentials => 2,
            Error::MissingToken => 3,
            Error::InvalidToken(_) => 4,
            Error::InvalidRefreshToken => 5,
            Error::StepUp { .. } => 6,
            Error::RegistrationClosed => 7,
            Error::InsufficientScope(_) => 8,
            Error::MissingRole(_) => 9,
            Error::Forbidden(_) => 10,
            Error::NotThroughEdge(_) => 11,
            Error::NotFound => 12,
            Error::MethodNotAllowed => 13,
            Error::Conflict(_) => 14,
            Error::Changed => 15,
            Error::PayloadTooLarge => 16,
            Error::UnsupportedBody(..) => 17,
            Error::TooManyRequests(_) => 18,
            Error::Internal(_) => 19,
            Error::Unavailable(_) => 20,
            Error::TableThrottled(_) => 21,
            Error::InvalidCode => 22,
            Error::FeatureDisabled(_) => 23,
            Error::UnknownTicket => 24,
            Error::EmailChangePending(_) => 25,
            Error::TicketRefused(_) => 26,
            Error::Carrying(..) => 27,
            Error::OtherOrigin => 28,
            Error::ForeignTicket => 29,
            Error::NotPossible(_) => 30,
            Error::InvalidMfaToken => 31,
            Error::UnknownCredential => 32,
            Error::InvalidSecondFactor => 33,
            Error::MfaLocked => 34,
            Error::EmailUnverified => 35,
            Error::LastWayIn => 36,
            Error::MfaRequired(_) => 37,
            Error::PasskeyRefused(_) => 38,
        }
    }

    #[test]
    fn every_401_has_a_challenge_with_its_code_where_the_scheme_has_it() {
        for error in all() {
            let problem = error.problem();
            let answer = write(&error, "id", &HeaderMap::new());
            let challenge = answer.headers().get(header::WWW_AUTHENTICATE);
            let challenge = challenge.map(|value| value.to_str().unwrap());
            let is_about_the_token = problem.code == Some("insufficient_scope");
            let has_one = problem.status == StatusCode::UNAUTHORIZED || is_about_the_token;
            assert_eq!(challenge.is_some(), has_one, "{error:?}");
            let Some(challenge) = challenge else { continue };
            let of_others = ["invalid_grant", "unknown_credential"];
            let code = problem.code.filter(|code| !of_others.contains(code));
            let begins = code.map_or("Bearer".to_owned(), |code| {
                format!(r#"Bearer error="{code}""#)
            });
            assert!(challenge.starts_with(&begins), "{error:?}: {challenge}");
            assert_eq!(challenge == "Bearer", code.is_none(), "{error:?}");
        }
    }
}
