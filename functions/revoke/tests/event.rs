//! The event in, the answer out.

use testing::Stack;

#[tokio::test]
async fn a_token_that_is_none_is_answered_like_one_that_was() {
    let stack = Stack::start().await;
    let api = stack.function("revoke");
    let answer = api.event("revoke").await;
    assert_eq!((answer.status, answer.body.len()), (200, 0));

    let registered = stack.function("register").event("register").await;
    let form = format!("token={}", registered.refresh_token());
    let answer = api.form("/oauth2/revoke", None, &form).await;
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert!(stack.items("SessionsTable").await.is_empty());
}
