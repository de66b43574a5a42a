//! The context that a gateway passes on, and requests that no authorizer has seen.

#![cfg(test)]

use serde_json::{Value, json};
use testing::Client;

async fn answer(path: &str, authorizer: Value) -> (u16, Value) {
    let event = json!({
        "version": "2.0",
        "routeKey": format!("GET {path}"),
        "rawPath": path,
        "rawQueryString": "",
        "headers": {},
        "isBase64Encoded": false,
        "requestContext": {
            "accountId": "1",
            "apiId": "a",
            "authorizer": authorizer,
            "domainName": "a.example.com",
            "http": {
                "method": "GET", "path": path, "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1", "userAgent": "test"
            },
            "requestId": "r", "routeKey": format!("GET {path}"), "stage": "$default",
            "time": "24/Nov/2026:00:00:00 +0000", "timeEpoch": 0
        }
    });
    let answer = Client::of(guarded_api::router()).invoke(&event).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn the_caller_is_whom_the_authorizer_named() {
    let seen = json!({ "user_id": "u1", "scope": "users:read" });
    let jwt = json!({ "jwt": { "claims": { "sub": "u1", "scope": "users:read" }, "scopes": ["users:read"] } });
    assert_eq!(answer("/reports", jwt).await, (200, seen.clone()));
    let lambda = json!({ "lambda": { "user_id": "u1", "scope": "users:read" } });
    assert_eq!(answer("/orders", lambda).await, (200, seen));
}

#[tokio::test]
async fn without_an_authorizer_nobody_is_answered() {
    for path in ["/reports", "/orders"] {
        assert_eq!(
            answer(path, Value::Null).await,
            (500, Value::Null),
            "{path}"
        );
        assert_eq!(answer(path, json!({})).await.0, 500, "{path}");
    }
}
