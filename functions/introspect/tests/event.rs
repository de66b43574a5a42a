//! The event in, the answer out.

use serde_json::json;
use testing::Stack;

#[tokio::test]
async fn without_a_token_of_its_own_that_counts_a_caller_learns_nothing() {
    let stack = Stack::start().await;
    let api = stack.function("introspect");
    let answer = api.event("introspect").await;
    assert_eq!(answer.status, 401, "{}", answer.json());
    assert_eq!(answer.json()["error"], json!("invalid_token"));
    assert_eq!(answer.json()["active"], json!(null));
}
