//! The answer with a new account.

use api::{TokenAnswer, UserAnswer};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A new account, and the tokens of its first session.
#[derive(Serialize)]
pub(crate) struct Registered {
    pub(crate) user: UserAnswer,
    #[serde(flatten)]
    pub(crate) tokens: TokenAnswer,
    /// The handle of the ticket that proves the account's address, where a mail with it goes out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email_ticket: Option<String>,
}

impl IntoResponse for Registered {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Json(self)).into_response()
    }
}
