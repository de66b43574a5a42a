//! The event in, the answer out.

use accounts::MfaPurpose;
use serde_json::{Value, json};
use testing::Stack;

/// An event of this function, with these texts in the places of its own.
fn event(name: &str, texts: [(&str, &str); 2]) -> Value {
    let event = testing::event(name).to_string();
    let filled = texts
        .iter()
        .fold(event, |event, (old, new)| event.replace(old, new));
    serde_json::from_str(&filled).expect("an event is JSON")
}

#[tokio::test]
async fn a_second_factor_is_answered_with_tokens_and_a_step_up_with_one() {
    let stack = Stack::start().await;
    let api = stack.function("mfa");
    assert_eq!(api.event("mfa").await.status, 401);
    assert_eq!(api.event("step-up").await.status, 401);

    let ada = stack.api().sign_up("ada").await;
    let (_, codes) = ada.enrol().await;
    let user = stack.user("ada").await;
    let token = stack.mfa_token(&user, MfaPurpose::SignIn).await;
    let (of_token, of_code) = ("latchkey_mfa_TOKEN", "7K3Q9M-XR2T8V-4HWZ6N-B5CDJE");
    let texts = [(of_token, token.as_str()), (of_code, codes[0].as_str())];
    let answer = api.invoke(&event("mfa", texts)).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(answer.json()["token_type"], json!("Bearer"));

    let bearer = answer.access_token();
    let texts = [
        ("not-a-token", bearer.as_str()),
        (of_code, codes[1].as_str()),
    ];
    let answer = api.invoke(&event("step-up", texts)).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(answer.json()["refresh_token"], Value::Null);
}
