//! A path that could be read as another leads nowhere.

use serde_json::json;
use testing::Stack;

use crate::{invoke, started};

const PATHS: [&str; 14] = [
    r"/me/sessions/..\..\me",
    r"/me/sessions/..\..\..\me",
    r"/me/sessions/%2e%2e\%2e%2e\me",
    r"/me/sessions/%2e%2e\sessions",
    "/me/sessions/../../me",
    "/me/sessions/../password",
    "/me/sessions/..",
    "/me/sessions/%2e%2e",
    "/me/sessions/%2e%2e%2fme",
    "/me/sessions//../../me",
    "/me/./sessions",
    r"\me",
    "//me",
    "http://x/me",
];

/// The route that such a path came by, as the gateway names it.
const KEYS: [&str; 3] = [
    "$default",
    "ANY /me/sessions/{id}",
    "DELETE /me/sessions/{id}",
];

#[tokio::test]
async fn a_path_does_not_climb_out_of_its_route() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let function = started("account", &stack);
    let mut event = testing::event("session");
    event["headers"]["authorization"] = json!(format!("Bearer {}", ada.access_token));
    let before = stack.count().await;
    for method in ["DELETE", "PUT", "PATCH", "GET"] {
        event["requestContext"]["http"]["method"] = json!(method);
        for path in PATHS {
            event["rawPath"] = json!(path);
            for key in KEYS {
                event["routeKey"] = json!(key);
                let outcome = invoke(&function, &event.to_string()).await;
                assert_eq!(outcome.status(), 404, "{method} {path} by {key}");
                assert_eq!(outcome.line["route"], "-", "{path}");
            }
        }
    }
    assert_eq!(stack.count().await, before);
    assert_eq!(ada.get("/me").await.status, 200);
    api.sign_in("ada").await;
}

#[tokio::test]
async fn what_the_gateway_sent_by_another_route_is_not_here() {
    let stack = Stack::unthrottled().await;
    let ada = stack.api().sign_up("ada").await;
    let function = started("account", &stack);
    let mut event = testing::event("account");
    event["headers"]["authorization"] = json!(format!("Bearer {}", ada.access_token));
    for (key, status) in [
        ("$default", 200),
        ("ANY /me", 200),
        ("GET /me", 200),
        ("DELETE /me", 404),
        ("get /me", 404),
        ("ANY /me/sessions", 404),
        ("ANY /me/", 404),
        ("ANY  /me", 404),
        ("ANY", 404),
        ("/me", 404),
        ("", 404),
        ("$DEFAULT", 404),
    ] {
        event["routeKey"] = json!(key);
        let outcome = invoke(&function, &event.to_string()).await;
        assert_eq!(outcome.status(), status, "{key}");
        assert_eq!(outcome.line["route"], "/me");
    }
    event["rawPath"] = json!("/nothing");
    event["routeKey"] = json!("ANY /nothing");
    assert_eq!(invoke(&function, &event.to_string()).await.status(), 404);
}
