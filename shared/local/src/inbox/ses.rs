//! The operation of SES that sends a mail.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::request::Request;
use super::{Inbox, Refusal, Verdict};

pub(super) fn routes() -> Router<Inbox> {
    Router::new().route("/v2/email/outbound-emails", post(send))
}

async fn send(
    State(inbox): State<Inbox>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    // The signature is not checked. But a page of another site cannot send this header unasked, and so
    // puts no mail into the inbox.
    let signed = headers.get(AUTHORIZATION);
    if !signed.is_some_and(|value| value.as_bytes().starts_with(b"AWS4-")) {
        return Err(Refusal::MissingAuthenticationToken);
    }
    let request: Request = serde_json::from_slice(&body)
        .map_err(|_| Refusal::BadRequest("the body is not one of SendEmail".to_owned()))?;
    let mail = request.mail(api::now())?;
    let answer = Json(json!({ "MessageId": mail.id }));
    match inbox.judge(&mail) {
        Verdict::Keep => {
            inbox.keep(mail);
            Ok(answer)
        }
        Verdict::Refuse(refusal) => Err(refusal),
        Verdict::KeepAndAnswer(refusal) => {
            inbox.keep(mail);
            Err(refusal)
        }
    }
}
