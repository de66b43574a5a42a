//! Who may change the second factors of an account, and how often codes may be tried.

use aws_sdk_dynamodb::types::AttributeValue;
use axum::http::Method;
use serde_json::{Value, json};
use tables::PendingTotp;
use testing::{Authenticator, Client, PASSWORD, Session, Stack, number};

use super::{confirm, held, offered, refusal};

/// The routes that change the factors, with a body where they take one.
fn changes() -> [(Method, &'static str, Option<Value>); 4] {
    [
        (Method::POST, "/me/totp", None),
        (Method::PUT, "/me/totp", Some(json!({ "code": "123456" }))),
        (Method::DELETE, "/me/totp", None),
        (Method::POST, "/me/recovery-codes", None),
    ]
}

async fn stale(stack: &Stack, session: &Session) -> Session {
    stack
        .set("SessionsTable", "auth_time", number(api::now() - 301))
        .await;
    session.clone()
}

#[tokio::test]
async fn a_change_of_the_factors_needs_a_recent_login() {
    let stack = Stack::start().await;
    let ada = stack.api().sign_up("ada").await;
    let stale = stale(&stack, &ada).await;
    for (method, path, body) in changes() {
        let refused = stale.call(method.clone(), path, body.as_ref()).await;
        let code = json!("insufficient_user_authentication");
        assert_eq!(refusal(&refused), (401, code), "{method} {path}");
        let challenge = refused.header("www-authenticate").unwrap();
        assert!(challenge.contains("max_age=300"), "{challenge}");
    }
    assert_eq!(
        stale.get("/me/factors").await.status,
        200,
        "it changes nothing"
    );
    assert!(stack.items("FactorsTable").await.is_empty());
}

#[tokio::test]
async fn a_change_of_the_factors_needs_the_factor_that_is_enrolled() {
    let stack = Stack::start().await;
    let ada = stack.api().sign_up("ada").await;
    ada.enrol().await;
    // As if the session had shown a password alone.
    let methods = AttributeValue::L(vec![AttributeValue::S("pwd".to_owned())]);
    stack.set("SessionsTable", "methods", methods).await;
    for (method, path, body) in changes() {
        let refused = ada.call(method.clone(), path, body.as_ref()).await;
        let code = json!("insufficient_user_authentication");
        assert_eq!(refusal(&refused), (401, code), "{method} {path}");
        let challenge = refused.header("www-authenticate").unwrap();
        assert!(challenge.contains("acr_values=\"aal2\""), "{challenge}");
    }
    assert!(held(&stack, "ada").await.totp.unwrap().active.is_some());
}

#[tokio::test]
async fn a_factor_is_for_an_address_that_is_verified_or_for_none() {
    let stack = Stack::unthrottled_with_mail().await;
    let api = stack.api();
    let nameless = api.sign_up("without-address").await;
    nameless.enrol().await;
    let ada = api.sign_up_with_address("ada").await;
    let waiting = stack.offer(&stack.user("ada").await).await;
    for refused in [offered(&ada).await, confirm(&ada, &waiting.code()).await] {
        assert_eq!(refusal(&refused), (403, json!("email_unverified")));
    }
    stack.prove_address("ada").await;
    assert_eq!(confirm(&ada, &waiting.code()).await.status, 200);

    let without_mail = Stack::start().await;
    let ada = without_mail.api().sign_up_with_address("ada").await;
    ada.enrol().await;
}

#[tokio::test]
async fn a_secret_waits_for_ten_minutes() {
    let stack = Stack::start().await;
    let ada = stack.api().sign_up("ada").await;
    let authenticator = Authenticator::offered(&offered(&ada).await);
    let pending = held(&stack, "ada").await.totp.unwrap().pending.unwrap();
    let left = pending.expires_at - api::now();
    assert!((590..=600).contains(&left), "{left}");
    let over = PendingTotp {
        expires_at: api::now(),
        ..pending
    };
    let factors = stack.environment().factors().unwrap();
    let user = stack.user("ada").await;
    factors.put_pending(user.id, &over).await.unwrap();
    let refused = confirm(&ada, &authenticator.code()).await;
    assert_eq!(refusal(&refused), (409, Value::Null));
}

#[tokio::test]
async fn codes_are_limited_by_account_and_network_and_the_right_one_too() {
    let stack = Stack::start_with(&[("MFA_BURST", "3"), ("LOGIN_BURST", "0")]).await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let authenticator = Authenticator::offered(&offered(&ada).await);
    for _ in 0..3 {
        let wrong = authenticator.code_in(5);
        assert_eq!(confirm(&ada, &wrong).await.status, 400);
    }
    let right = authenticator.code();
    let refused = confirm(&ada, &right).await;
    assert_eq!(refused.status, 429, "{}", refused.json());
    assert!(refused.header("retry-after").is_some());
    let again = api.session(api.login("ada", PASSWORD).await);
    assert_eq!(confirm(&again, &right).await.status, 429, "another session");
    let eve = api.sign_up("eve").await;
    eve.enrol().await;
    let elsewhere = ada.at_address("198.51.100.7");
    assert_eq!(confirm(&elsewhere, &authenticator.code()).await.status, 200);
}

#[tokio::test]
async fn a_deployment_without_a_limit_is_refused_none() {
    let stack = Stack::unthrottled().await;
    let environment = stack.environment_with("MFA_BURST", Some("0"));
    let factors = Client::function("factors", &environment);
    let ada = factors.session(stack.api().sign_up("ada").await.answer);
    let authenticator = Authenticator::offered(&offered(&ada).await);
    for _ in 0..25 {
        assert_eq!(confirm(&ada, &authenticator.code_in(5)).await.status, 400);
    }
    assert_eq!(confirm(&ada, &authenticator.code()).await.status, 200);
}
