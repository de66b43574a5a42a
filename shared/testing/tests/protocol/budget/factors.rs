//! The calls of the routes of second factors.

use accounts::MfaPurpose;
use axum::http::Method;
use serde_json::{Value, json};
use testing::{Authenticator, Client, Stack};

use super::{Counter, warm};

#[tokio::test]
async fn the_routes_of_second_factors_keep_to_their_budget_of_calls() {
    let stack = Stack::with_mail(&[]).await;
    let api = stack.api();
    warm(&stack, &api).await;
    let counter = &mut Counter::new(&stack);
    // With two names and a notice of each change, which is the most that there is.
    let ada = api.sign_up_with_address("ada").await;
    stack.prove_address("ada").await;
    stack.wire.take();

    assert_eq!(ada.get("/me/factors").await.status, 200);
    counter.count("GET /me/factors", (2, 2));
    let offered = ada.post("/me/totp", &Value::Null).await;
    counter.count("POST /me/totp", (2, 2));
    let authenticator = Authenticator::offered(&offered);
    let wrong = json!({ "code": authenticator.code_in(5) });
    assert_eq!(ada.put("/me/totp", &wrong).await.status, 400);
    counter.count("PUT /me/totp, wrong", (2, 3));
    let right = json!({ "code": authenticator.code() });
    assert_eq!(ada.put("/me/totp", &right).await.status, 200);
    counter.count("PUT /me/totp", (3, 4));
    let codes = ada.post("/me/recovery-codes", &Value::Null).await;
    assert_eq!(codes.status, 201, "{}", codes.json());
    counter.count("POST /me/recovery-codes", (2, 2));
    assert_eq!(ada.delete("/me/totp").await.status, 204);
    counter.count("DELETE /me/totp", (2, 2));
    assert_eq!(ada.delete("/me/totp").await.status, 204);
    counter.count("DELETE /me/totp, none", (1, 1));

    let api = stack.environment_where(&[("MFA_REQUIRED", "all")]);
    let api = Client::function("factors", &api);
    let user = stack.user("warm").await;
    let token = stack.mfa_token(&user, MfaPurpose::Enrol).await;
    let warmed = api.call(Method::POST, "/me/totp", Some(&token), None);
    assert_eq!(warmed.await.status, 201);
    let user = stack.user("ada").await;
    let token = stack.mfa_token(&user, MfaPurpose::Enrol).await;
    stack.wire.take();
    let call = async |method, body: Option<&Value>| {
        let answer = api.call(method, "/me/totp", Some(&token), body).await;
        assert!(answer.status < 300, "{}", answer.json());
        answer
    };
    let offered = call(Method::POST, None).await;
    counter.count("POST /me/totp, mfa_token", (2, 2));
    let code = json!({ "code": Authenticator::offered(&offered).code() });
    call(Method::PUT, Some(&code)).await;
    counter.count("PUT /me/totp, mfa_token", (3, 4));
    let forged = api.call(Method::POST, "/me/totp", Some("latchkey_mfa_"), None);
    assert_eq!(forged.await.status, 401);
    counter.count("POST /me/totp, forged mfa_token", (0, 0));
    std::mem::replace(counter, Counter::new(&stack)).finish();
}
