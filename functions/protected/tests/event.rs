//! The event in, the answer out.

use serde_json::json;
use testing::Stack;

#[tokio::test]
async fn a_token_that_is_none_is_refused_with_a_challenge() {
    let stack = Stack::start().await;
    let api = stack.function("protected");
    let answer = api.event("protected").await;
    assert_eq!(answer.status, 401, "{}", answer.json());
    assert_eq!(answer.json()["error"], json!("invalid_token"));
    let challenge = answer.header("www-authenticate").unwrap();
    assert!(
        challenge.starts_with(r#"Bearer error="invalid_token""#),
        "{challenge}"
    );
}
