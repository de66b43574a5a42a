//! The gateway's own answers.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The gateway's own answers. [An unknown route is `{"message":"Not
/// Found"}`](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation);
/// AWS's pages do not show the others, which are reported to be of the same form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// 400: the body did not arrive.
    BadRequest,
    /// 404: no route takes the method and the path.
    NotFound,
    /// 413: the body is larger than the quota.
    TooLarge,
    /// 431: the request line and the headers are larger than the quota.
    HeadTooLarge,
    /// 500: the function failed, or its answer is invalid.
    InternalServerError,
    /// 503: the function did not answer in time.
    ServiceUnavailable,
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::InternalServerError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::BadRequest => "Bad Request",
            Self::NotFound => "Not Found",
            Self::TooLarge => "Request Entity Too Large",
            Self::HeadTooLarge => "Request Header Fields Too Large",
            Self::InternalServerError => "Internal Server Error",
            Self::ServiceUnavailable => "Service Unavailable",
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "message": self.message() }).to_string();
        let headers = [(CONTENT_TYPE, "application/json")];
        (self.status(), headers, body).into_response()
    }
}
