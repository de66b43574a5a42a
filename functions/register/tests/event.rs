//! The event in, the answer out.

use serde_json::json;
use testing::Stack;

#[tokio::test]
async fn a_registration_answers_with_the_account_and_a_token() {
    let stack = Stack::start().await;
    let api = stack.function("register");
    let answer = api.event("register").await;
    assert_eq!(answer.status, 201, "{}", answer.json());
    let user = &answer.json()["user"];
    assert_eq!(user["username"], json!("ada"));
    assert_eq!(user["email"], json!("ada@example.com"));
    assert_eq!(stack.items("LoginsTable").await.len(), 2);
    for login in stack.items("LoginsTable").await {
        let hash = login["password_hash"].as_s().unwrap();
        assert!(hash.starts_with("$argon2id$"));
    }

    let again = api.event("register").await;
    assert_eq!(again.status, 409);
    let fields: Vec<_> = again.json()["errors"].as_array().unwrap().to_vec();
    assert_eq!(fields.len(), 2, "both names are taken");
}
