//! The gateway's answer, made of a response.

use std::collections::BTreeMap;

use aws_smithy_types::base64;
use axum::body::to_bytes;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::Response;
use serde::Serialize;

/// An answer as an HTTP API takes it, in [payload format
/// 2.0](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    status_code: u16,
    headers: BTreeMap<String, String>,
    cookies: Vec<String>,
    body: String,
    is_base64_encoded: bool,
}

impl Reply {
    pub(super) async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let Ok(body) = to_bytes(body, usize::MAX).await else {
            // Not ours, which are in memory: half an answer must not pass for one.
            return Self::broken();
        };
        let (body, is_base64_encoded) = match String::from_utf8(body.into()) {
            Ok(text) => (text, false),
            Err(error) => (base64::encode(error.as_bytes()), true),
        };
        let mut headers = parts.headers;
        let cookies = texts(&headers, &SET_COOKIE);
        headers.remove(SET_COOKIE);
        let joined = |name: &HeaderName| (name.to_string(), texts(&headers, name).join(", "));
        Self {
            status_code: parts.status.as_u16(),
            headers: headers.keys().map(joined).collect(),
            cookies,
            body,
            is_base64_encoded,
        }
    }

    fn broken() -> Self {
        Self {
            status_code: StatusCode::INTERNAL_SERVER_ERROR.as_u16(),
            headers: BTreeMap::new(),
            cookies: Vec::new(),
            body: String::new(),
            is_base64_encoded: false,
        }
    }
}

fn texts(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let values = headers.get_all(name).iter();
    values
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::header::{CONTENT_TYPE, VARY};
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn an_answer_is_in_the_format_of_the_gateway() {
        let response = Response::builder()
            .status(201)
            .header(CONTENT_TYPE, "text/plain")
            .header(VARY, "a")
            .header(VARY, "b")
            .header(SET_COOKIE, "c=1")
            .header(SET_COOKIE, "d=2")
            .body(Body::from("é"));
        let reply = Reply::of(response.unwrap()).await;
        let expected = json!({
            "statusCode": 201,
            "headers": { "content-type": "text/plain", "vary": "a, b" },
            "cookies": ["c=1", "d=2"],
            "body": "é",
            "isBase64Encoded": false,
        });
        assert_eq!(serde_json::to_value(reply).unwrap(), expected);
    }

    #[tokio::test]
    async fn bytes_that_are_no_text_are_base64() {
        let response = Response::new(Body::from(vec![0xff, 0]));
        let reply = Reply::of(response).await;
        assert_eq!(
            (reply.body.as_str(), reply.is_base64_encoded),
            ("/wA=", true)
        );
    }
}
