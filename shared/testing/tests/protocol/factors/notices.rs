//! The notices to the owner of an account about its factors.

use serde_json::Value;
use testing::Stack;
use testing::passkey::Passkey;

use crate::account::email::{ADA, notices};

async fn assert_told(stack: &Stack, begins: &str) {
    let told = notices(stack, ADA).await;
    let last = told.last().unwrap();
    assert!(last.starts_with(begins), "{told:?}");
}

#[tokio::test]
async fn each_change_of_the_factors_is_told() {
    let stack = Stack::unthrottled_with_mail().await;
    let ada = stack.api().sign_up_with_address("ada").await;
    stack.prove_address("ada").await;
    ada.enrol().await;
    assert_told(&stack, "An authenticator app for your account").await;
    let codes = ada.post("/me/recovery-codes", &Value::Null).await;
    assert_eq!(codes.status, 201, "{}", codes.json());
    assert_told(&stack, "New recovery codes for your account").await;
    let mut passkey = Passkey::of_stack();
    assert_eq!(passkey.enrol(&ada, "Phone").await.status, 201);
    assert_told(&stack, "A passkey for your account").await;
    let path = format!("/me/passkeys/{}", passkey.id());
    assert_eq!(ada.delete(&path).await.status, 204);
    assert_told(&stack, "A passkey was removed from your account").await;
    assert_eq!(ada.delete("/me/totp").await.status, 204);
    assert_told(&stack, "An authenticator app was removed").await;
}
