//! The event in, the answer out.

use testing::Stack;

#[tokio::test]
async fn an_unknown_token_is_answered_like_success_and_a_genuine_one_ends_its_session() {
    let stack = Stack::start().await;
    let api = stack.function("logout");
    let registered = stack.function("register").event("register").await;
    assert_eq!(api.event("logout").await.status, 204);
    assert_eq!(stack.items("SessionsTable").await.len(), 1);
    assert_eq!(api.logout_by(&registered.refresh_token()).await.status, 204);
    assert!(stack.items("SessionsTable").await.is_empty());
}
