//! The `mfa_token`: what it is good for, and what it is not.

use accounts::{AuthMethod, MfaPurpose, MfaToken, Timestamp};
use api::RefreshKeys;
use axum::http::Method;
use serde_json::json;
use testing::Client;

use crate::{World, invalid_grant, recover, refusal, show};

/// The token that a first factor got at this time.
async fn issued(world: &World, issued_at: Timestamp, first: AuthMethod) -> String {
    let keys = RefreshKeys::new(&world.stack.environment()).unwrap();
    let keys = keys.at(api::now()).await.unwrap();
    let token = MfaToken {
        purpose: MfaPurpose::SignIn,
        owner: world.stack.user("ada").await.owner(),
        issued_at,
        methods: first.into(),
        device: None,
    };
    token.to_text(&keys).unwrap().to_string()
}

#[tokio::test]
async fn a_token_that_is_forged_expired_or_of_another_purpose_is_refused_before_any_call() {
    let world = World::start().await;
    let now = api::now();
    world
        .retime_keys("mac_keys", "signs_from", &[now - 1_000])
        .await;
    let token = world.mfa_token().await;
    let last = if token.ends_with('A') { "B" } else { "A" };
    let forged = format!("{}{last}", &token[..token.len() - 1]);
    let mut tokens = vec![
        String::new(),
        "latchkey_mfa_".to_owned(),
        "latchkey_mfa_TOKEN".to_owned(),
        forged,
        token[13..].to_owned(),
        format!("{token}A"),
        token.to_uppercase(),
        "x".repeat(10_000),
        world.session.access_token.clone(),
        world.session.refresh_token.clone(),
    ];
    tokens.push(issued(&world, now - 300, AuthMethod::PASSWORD).await);
    let user = world.stack.user("ada").await;
    tokens.push(world.stack.mfa_token(&user, MfaPurpose::Enrol).await);
    let before = world.totp().await;
    world.stack.wire.take();
    for token in tokens {
        let code = show(&world.api, &token, &world.app.code()).await;
        let recovered = recover(&world.api, &token, &world.recovery_codes[0]).await;
        for answer in [code, recovered] {
            assert_eq!(refusal(&answer), invalid_grant(), "{token:.20}");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        }
    }
    assert_eq!(world.stack.wire.take(), [], "no call");
    assert_eq!(world.totp().await, before);
    let genuine = issued(&world, now - 200, AuthMethod::PASSWORD).await;
    let answer = show(&world.api, &genuine, &world.app.code()).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
}

#[tokio::test]
async fn a_token_opens_nothing_but_the_second_step() {
    let world = World::start().await;
    let (token, api) = (world.mfa_token().await, &world.api);
    let refreshed = api.refresh(&token).await;
    assert_eq!(refusal(&refreshed), invalid_grant());
    for path in [
        "/me",
        "/me/sessions",
        "/me/factors",
        "/protected",
        "/admin/users",
    ] {
        assert_eq!(api.get(path, Some(&token)).await.status, 401, "{path}");
    }
    for (method, path) in [
        (Method::DELETE, "/me"),
        (Method::DELETE, "/me/totp"),
        (Method::POST, "/me/totp"),
        (Method::POST, "/me/recovery-codes"),
    ] {
        let answer = api.call(method, path, Some(&token), None).await;
        assert_eq!(answer.status, 401, "{path}");
    }
    let judge = world.stack.administrator(api, "judge").await;
    let asked = judge
        .form("/oauth2/introspect", &format!("token={token}"))
        .await;
    assert_eq!(asked.json(), json!({ "active": false }));
    for ended in [
        api.logout_by(&token).await.status,
        api.form("/oauth2/revoke", None, &format!("token={token}"))
            .await
            .status,
    ] {
        assert!([200, 204].contains(&ended));
    }
    let answer = show(api, &token, &world.app.code()).await;
    assert_eq!(answer.status, 200, "and is still good for that");
}

#[tokio::test]
async fn where_everybody_must_have_two_factors_a_token_of_a_mailed_code_takes_none_of_an_app() {
    let world = World::start().await;
    let all = [("MFA_REQUIRED", "all"), ("REGISTRATION_MODE", "confirmed")];
    let api = Client::api(&world.stack.environment_where(&all));
    let code = world.app.code();
    let by_mail = issued(&world, api::now(), AuthMethod::EMAIL).await;
    let answer = show(&api, &by_mail, &code).await;
    let more = json!("insufficient_user_authentication");
    assert_eq!(refusal(&answer), (401, more));
    let by_password = issued(&world, api::now(), AuthMethod::PASSWORD).await;
    let answer = show(&api, &by_password, &code).await;
    assert_eq!(answer.status, 200, "it was not used: {}", answer.json());
}
