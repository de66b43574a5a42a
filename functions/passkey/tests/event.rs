//! The event in, the answer out.

use serde_json::json;
use testing::Stack;
use testing::passkey::{Passkey, RP_ID};

#[tokio::test]
async fn a_passkey_that_no_account_has_is_unknown_and_an_answer_to_no_challenge_is_refused() {
    let stack = Stack::start().await;
    let api = stack.function("passkey");
    let refused = api.event("passkey").await;
    assert_eq!(refused.status, 401, "{}", refused.json());
    assert_eq!(refused.json()["detail"], json!("Invalid credentials"));
    assert_eq!(refused.json().get("error"), None);

    let options = api.event("passkey-options").await;
    assert_eq!(options.status, 200, "{}", options.json());
    assert_eq!(options.json()["rpId"], json!(RP_ID));

    let mut passkey = Passkey::of_stack();
    passkey.user_handle = vec![1; 16];
    let unknown = passkey.log_in(&api).await;
    assert_eq!(unknown.status, 401);
    assert_eq!(unknown.json()["error"], json!("unknown_credential"));
}
