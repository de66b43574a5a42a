//! The event in, the answer out.

use serde_json::json;
use testing::Stack;

#[tokio::test]
async fn without_a_token_that_counts_nothing_is_answered() {
    let stack = Stack::start().await;
    let api = stack.function("factors");
    for event in [
        "factors",
        "totp",
        "confirm-totp",
        "remove-totp",
        "recovery-codes",
    ] {
        let answer = api.event(event).await;
        assert_eq!(answer.status, 401, "{event}: {}", answer.json());
        assert_eq!(answer.json()["error"], json!("invalid_token"), "{event}");
    }
}
