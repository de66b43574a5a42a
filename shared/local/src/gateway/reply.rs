//! The response, made of a function's answer.

use axum::body::Body;
use axum::http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, SET_COOKIE, TRANSFER_ENCODING, UPGRADE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// Of the connection to the client, which is the gateway's.
const OF_THE_CONNECTION: [HeaderName; 4] = [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING, UPGRADE];

/// Makes HTTP of a function's answer in [payload format
/// 2.0](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.response).
/// JSON without a `statusCode` is the body of a 200. Returns `None` if the status, a header, a cookie
/// or the body is invalid.
///
/// The page does not say which media type a body has whose answer names none: reported, and so
/// here, `text/plain; charset=utf-8`.
#[must_use]
pub fn response(answer: &Value) -> Option<Response> {
    let Some(members) = answer.as_object() else {
        return inferred(answer);
    };
    let Some(status) = members.get("statusCode") else {
        return inferred(answer);
    };
    let status = StatusCode::from_u16(u16::try_from(status.as_u64()?).ok()?).ok()?;
    let body = body(members)?;
    let mut response = Response::new(Body::from(body.clone()));
    *response.status_mut() = status;
    *response.headers_mut() = headers(members)?;
    if !body.is_empty() {
        let media_type = response.headers_mut().entry(CONTENT_TYPE);
        media_type.or_insert(HeaderValue::from_static("text/plain; charset=utf-8"));
    }
    let cookies = members.get("cookies").and_then(Value::as_array);
    for cookie in cookies.into_iter().flatten() {
        let cookie = HeaderValue::try_from(cookie.as_str()?).ok()?;
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Some(response)
}

fn inferred(answer: &Value) -> Option<Response> {
    let body = match answer {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let response = Response::builder().header(CONTENT_TYPE, "application/json");
    response.body(Body::from(body)).ok()
}

fn body(members: &Map<String, Value>) -> Option<Vec<u8>> {
    let text = match members.get("body") {
        None | Some(Value::Null) => "",
        Some(body) => body.as_str()?,
    };
    if members.get("isBase64Encoded").and_then(Value::as_bool) == Some(true) {
        return STANDARD.decode(text).ok();
    }
    Some(text.into())
}

fn headers(members: &Map<String, Value>) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    let given = members.get("headers").and_then(Value::as_object);
    for (name, value) in given.into_iter().flatten() {
        let name = HeaderName::try_from(name).ok()?;
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            _ => return None,
        };
        if !OF_THE_CONNECTION.contains(&name) {
            headers.append(name, HeaderValue::try_from(value).ok()?);
        }
    }
    Some(headers)
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use serde_json::json;

    use super::*;

    async fn respond(answer: Value) -> (u16, HeaderMap, String) {
        let (parts, body) = response(&answer).unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8(body.into()).unwrap();
        (parts.status.as_u16(), parts.headers, body)
    }

    #[tokio::test]
    async fn an_answer_becomes_http() {
        let answer = json!({
            "statusCode": 201,
            "headers": { "Content-Type": "application/json", "X-Number": 1, "Content-Length": "7" },
            "cookies": ["a=1; Secure", "b=2"],
            "body": "{}",
            "isBase64Encoded": false,
        });
        let (status, headers, body) = respond(answer).await;
        assert_eq!((status, body.as_str()), (201, "{}"));
        assert_eq!(headers[CONTENT_TYPE], "application/json");
        assert_eq!(headers["x-number"], "1");
        assert_eq!(headers.get(CONTENT_LENGTH), None);
        let cookies: Vec<_> = headers.get_all(SET_COOKIE).iter().collect();
        assert_eq!(cookies, ["a=1; Secure", "b=2"]);
    }

    #[tokio::test]
    async fn base64_is_decoded() {
        let answer = json!({ "statusCode": 200, "body": "w6k=", "isBase64Encoded": true });
        assert_eq!(respond(answer).await.2, "é");
    }

    #[tokio::test]
    async fn a_body_without_a_media_type_is_plain_text() {
        let (_, headers, _) = respond(json!({ "statusCode": 200, "body": "a" })).await;
        assert_eq!(headers[CONTENT_TYPE], "text/plain; charset=utf-8");
        let (_, headers, _) = respond(json!({ "statusCode": 204 })).await;
        assert_eq!(headers.get(CONTENT_TYPE), None);
    }

    /// Both examples of AWS's page.
    #[tokio::test]
    async fn what_has_no_status_is_a_body_in_json() {
        for (answer, expected) in [
            (json!("Hello from Lambda!"), "Hello from Lambda!"),
            (
                json!({ "message": "Hello from Lambda!" }),
                r#"{"message":"Hello from Lambda!"}"#,
            ),
        ] {
            let (status, headers, body) = respond(answer).await;
            assert_eq!((status, body.as_str()), (200, expected));
            assert_eq!(headers[CONTENT_TYPE], "application/json");
        }
    }

    #[test]
    fn what_is_no_answer_is_none() {
        for answer in [
            json!({ "statusCode": "200" }),
            json!({ "statusCode": 0 }),
            json!({ "statusCode": 70_000 }),
            json!({ "statusCode": null }),
            json!({ "statusCode": 200, "headers": { "a b": "c" } }),
            json!({ "statusCode": 200, "headers": { "a": "b\r\nc: d" } }),
            json!({ "statusCode": 200, "headers": { "a": ["b"] } }),
            json!({ "statusCode": 200, "cookies": ["a\n"] }),
            json!({ "statusCode": 200, "body": 1 }),
            json!({ "statusCode": 200, "body": "*", "isBase64Encoded": true }),
        ] {
            assert!(response(&answer).is_none(), "{answer}");
        }
    }
}
