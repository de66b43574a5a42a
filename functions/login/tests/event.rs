//! The event in, the answer out.

use serde_json::json;
use testing::Stack;

#[tokio::test]
async fn a_login_by_json_or_form_answers_with_a_token() {
    let stack = Stack::start().await;
    let api = stack.function("login");
    let refused = api.event("login").await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.json()["detail"], json!("Invalid credentials"));

    let registered = stack.function("register").event("register").await;
    assert_eq!(registered.status, 201, "{}", registered.json());
    for event in ["login", "login-form"] {
        let answer = api.event(event).await;
        assert_eq!(answer.status, 200, "{event}: {}", answer.json());
        assert_eq!(answer.json()["token_type"], json!("Bearer"));
        assert_eq!(answer.json()["expires_in"], json!(900));
    }
    assert_eq!(
        stack.items("SessionsTable").await.len(),
        3,
        "each sign-in has its own"
    );
}
