//! The event in, the answer out.

use serde_json::json;
use testing::Stack;

#[tokio::test]
async fn a_token_that_is_none_is_refused_and_a_genuine_one_goes_on() {
    let stack = Stack::start().await;
    let api = stack.function("refresh");
    let refused = api.event("refresh").await;
    assert_eq!(refused.status, 401, "{}", refused.json());
    assert_eq!(refused.json()["error"], json!("invalid_grant"));

    let registered = stack.function("register").event("register").await;
    let refreshed = api.refresh(&registered.refresh_token()).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.json());
    assert_eq!(refreshed.json()["token_type"], json!("Bearer"));
}
