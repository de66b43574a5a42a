//! Somebody who must have a second factor before there is a session, with the token of the login.

use accounts::{AuthMethod, MfaPurpose, MfaToken, Status};
use axum::http::Method;
use serde_json::json;
use testing::{Answer, Authenticator, Client, Stack};

use super::{held, refusal};
use crate::mfa_required::requiring;

async fn offer(api: &Client, token: &str) -> Answer {
    let (method, path) = (Method::POST, "/me/totp");
    api.call(method, path, Some(token), None).await
}

async fn confirm(api: &Client, token: &str, code: &str) -> Answer {
    let (method, path) = (Method::PUT, "/me/totp");
    let body = json!({ "code": code });
    api.call(method, path, Some(token), Some(&body)).await
}

#[tokio::test]
async fn the_first_factor_is_enrolled_with_a_token_that_goes_on_to_the_second_step() {
    let stack = Stack::start().await;
    let session = stack.api().sign_up("ada").await;
    let api = requiring(&stack, "all");
    let user = stack.user("ada").await;
    let token = stack.mfa_token(&user, MfaPurpose::Enrol).await;
    let authenticator = Authenticator::offered(&offer(&api, &token).await);
    let confirmed = confirm(&api, &token, &authenticator.code()).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.json());
    let confirmed = confirmed.json();
    assert_eq!(confirmed["recovery_codes"].as_array().unwrap().len(), 10);
    assert_eq!(confirmed["methods"], json!(["totp", "recovery_code"]));
    assert_eq!(confirmed["expires_in"], 300);
    assert_eq!(
        session.get("/me").await.status,
        401,
        "sessions of before end"
    );

    let next = confirmed["mfa_token"].as_str().unwrap();
    let (macs, now) = (stack.mac_keys().await, api::now());
    let next = MfaToken::parse(next, MfaPurpose::SignIn, &macs, now).unwrap();
    assert_eq!(
        next.owner,
        stack.user("ada").await.owner(),
        "of the new epoch"
    );
    assert!(next.methods.contains(&AuthMethod::PASSWORD));
    assert!(
        !next.methods.contains(&AuthMethod::OTP),
        "a code has yet to be shown"
    );

    for refused in [
        offer(&api, &token).await,
        confirm(&api, &token, &authenticator.code_in(1)).await,
    ] {
        assert_eq!(
            refusal(&refused),
            (401, json!("invalid_grant")),
            "it has a factor"
        );
    }
}

#[tokio::test]
async fn a_token_of_another_purpose_or_time_or_account_enrols_nothing() {
    let stack = Stack::start().await;
    stack.api().sign_up("ada").await;
    let api = requiring(&stack, "all");
    let user = stack.user("ada").await;
    let enrols = stack.mfa_token(&user, MfaPurpose::Enrol).await;
    let mut forged = enrols.clone();
    let last = forged.pop().unwrap();
    forged.push(if last == 'A' { 'B' } else { 'A' });
    let second_step = stack.mfa_token(&user, MfaPurpose::SignIn).await;
    let old = user.with_status(Status::Active);
    let ahead = stack.mfa_token(&old, MfaPurpose::Enrol).await;
    for (what, token) in [
        ("of the second step", &second_step),
        ("forged", &forged),
        ("of another epoch", &ahead),
    ] {
        for refused in [
            offer(&api, token).await,
            confirm(&api, token, "123456").await,
        ] {
            assert_eq!(refusal(&refused), (401, json!("invalid_grant")), "{what}");
        }
    }
    assert_eq!(offer(&api, &enrols).await.status, 201);
}

#[tokio::test]
async fn the_token_enrols_a_first_factor_and_permits_nothing_else() {
    let stack = Stack::start().await;
    stack.api().sign_up("ada").await;
    let api = requiring(&stack, "all");
    stack.give_passkey(&stack.user("ada").await).await;
    let ada = stack.user("ada").await;
    let enrols = stack.mfa_token(&ada, MfaPurpose::Enrol).await;
    let refused = offer(&api, &enrols).await;
    assert_eq!(
        refusal(&refused),
        (401, json!("invalid_grant")),
        "it has a passkey"
    );

    stack.api().sign_up("eve").await;
    let eve = stack.user("eve").await;
    let enrols = stack.mfa_token(&eve, MfaPurpose::Enrol).await;
    for (method, path) in [
        ("GET", "/me/factors"),
        ("DELETE", "/me/totp"),
        ("POST", "/me/recovery-codes"),
        ("GET", "/me"),
    ] {
        let method = method.parse().unwrap();
        let refused = api.call(method, path, Some(&enrols), None).await;
        assert_eq!(refusal(&refused), (401, json!("invalid_token")), "{path}");
    }
    assert_eq!(held(&stack, "eve").await.totp, None);
    let refreshed = api.refresh(&enrols).await;
    assert_eq!(refusal(&refreshed), (401, json!("invalid_grant")));
}

#[tokio::test]
async fn a_password_that_was_set_meanwhile_ends_the_token() {
    let stack = Stack::start().await;
    let session = stack.api().sign_up("ada").await;
    let api = requiring(&stack, "all");
    let user = stack.user("ada").await;
    let enrols = stack.mfa_token(&user, MfaPurpose::Enrol).await;
    let authenticator = Authenticator::offered(&offer(&api, &enrols).await);
    assert_eq!(session.delete("/me/sessions").await.status, 204);
    let refused = confirm(&api, &enrols, &authenticator.code()).await;
    assert_eq!(refusal(&refused), (401, json!("invalid_grant")));
    assert!(stack.user("ada").await.ways_in.factors.is_empty());
}

#[tokio::test]
async fn nobody_enrols_by_a_token_where_an_account_may_have_a_session_without_a_factor() {
    let stack = Stack::start().await;
    stack.api().sign_up("ada").await;
    let ada = stack.user("ada").await;
    let enrols = stack.mfa_token(&ada, MfaPurpose::Enrol).await;
    let offered = offer(&requiring(&stack, "all"), &enrols).await;
    let code = Authenticator::offered(&offered).code();
    for rule in ["off", "admins"] {
        let api = requiring(&stack, rule);
        for refused in [
            offer(&api, &enrols).await,
            confirm(&api, &enrols, &code).await,
        ] {
            assert_eq!(refusal(&refused), (401, json!("invalid_grant")), "{rule}");
        }
    }
    assert!(stack.user("ada").await.ways_in.factors.is_empty());
}
