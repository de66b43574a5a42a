//! Who is let in, and for how long.

#![expect(
    clippy::unwrap_used,
    reason = "a test's helpers fail by panicking, as the test does"
)]

mod support;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use support::{PASSWORD, number, set};
use testing::{Client, Stack};

#[tokio::test]
async fn a_disabled_account_is_answered_like_a_wrong_password_and_its_sessions_are_dead() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let token = api.register("ada", PASSWORD).await.access_token();
    set(
        &stack,
        "UsersTable",
        "status",
        AttributeValue::S("disabled".to_owned()),
    )
    .await;

    let refused = api.get("/protected", Some(&token)).await;
    assert_eq!(
        (refused.status, refused.json()["error"].clone()),
        (401, json!("invalid_token"))
    );
    let (disabled, wrong) = (
        api.login("ada", PASSWORD).await,
        api.login("ada", "wrong").await,
    );
    assert_eq!(disabled.status, 401);
    assert_eq!(disabled.json()["detail"], wrong.json()["detail"]);
}

#[tokio::test]
async fn a_new_epoch_ends_every_session_and_a_sign_in_with_the_old_one_is_born_dead() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let token = api.register("ada", PASSWORD).await.access_token();
    set(&stack, "UsersTable", "epoch", number(1)).await;
    assert_eq!(api.get("/protected", Some(&token)).await.status, 401);
    let born_dead = api.login("ada", PASSWORD).await;
    assert_eq!(born_dead.status, 401, "and says so where it sees it");
    assert_eq!(born_dead.json()["detail"], json!("Invalid credentials"));
}

#[tokio::test]
async fn a_session_that_is_over_or_gone_does_not_count() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let token = api.register("ada", PASSWORD).await.access_token();
    assert_eq!(api.get("/protected", Some(&token)).await.status, 200);

    let item = stack.items("SessionsTable").await.remove(0);
    set(&stack, "SessionsTable", "expires_at", number(api::now())).await;
    assert_eq!(
        api.get("/protected", Some(&token)).await.status,
        401,
        "over, though its item is there"
    );

    let key = |name: &str| item[name].clone();
    let client = stack.engine.client();
    let delete = client.delete_item().table_name("SessionsTable");
    delete
        .key("user_id", key("user_id"))
        .key("id", key("id"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        api.get("/protected", Some(&token)).await.status,
        401,
        "gone"
    );
}

#[tokio::test]
async fn a_session_counts_for_its_own_account_alone() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    api.register("ada", PASSWORD).await;
    let eve = api.register("eve", PASSWORD).await;
    let (mut claims, _) = opened(&stack, &eve.access_token());
    let ada = api.register("grace", PASSWORD).await;
    claims.sub = ada.json()["user"]["id"].as_str().unwrap().to_owned();
    let forged = stack.key.sign(&claims).unwrap();
    assert_eq!(api.get("/protected", Some(&forged)).await.status, 401);
}

/// The claims of a genuine token, read without its being checked.
fn opened(stack: &Stack, token: &str) -> (claims::Claims, String) {
    let keys = claims::KeySet::new([stack.key.jwk().clone()]).unwrap();
    let issuer = format!("https://{}", testing::stack::DOMAIN);
    let expected = claims::Expected {
        issuer: &issuer,
        audience: "latchkey",
    };
    (keys.verify(token, &expected, api::now()).unwrap(), issuer)
}

#[tokio::test]
async fn an_access_token_carries_the_claims_of_its_session() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let registered = api.register("Ada", PASSWORD).await;
    let (claims, _) = opened(&stack, &registered.access_token());
    let session = stack.items("SessionsTable").await.remove(0);
    let user = registered.json()["user"].clone();
    assert_eq!(json!(claims.sub), user["id"]);
    assert_eq!(&AttributeValue::S(claims.sid.clone()), &session["id"]);
    assert_eq!(claims.client_id, "latchkey");
    assert_eq!(claims.amr, ["pwd"]);
    assert_eq!(claims.preferred_username.as_deref(), Some("Ada"));
    assert_eq!(
        (claims.auth_time, claims.nbf, claims.iat),
        (claims.iat, claims.iat, claims.iat)
    );
    assert_eq!(session["ttl"], session["expires_at"]);
    assert_eq!(
        session["address"],
        AttributeValue::S("192.0.2.1".to_owned())
    );
}

#[tokio::test]
async fn a_token_never_outlives_its_session_and_names_no_email() {
    let stack = Stack::start_with(&[
        ("SESSION_LIFETIME", "3600"),
        ("ACCESS_TOKEN_LIFETIME", "3600"),
    ])
    .await;
    let api = support::api(&stack);
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let registered = api.post("/register", &body).await;
    assert!(registered.json()["user"]["username"].is_null());
    let (claims, _) = opened(&stack, &registered.access_token());
    assert!(claims.preferred_username.is_none());
    assert!(!serde_json::to_string(&claims).unwrap().contains("ada@"));
    assert_eq!(registered.json()["expires_in"], json!(3_600));
}

#[tokio::test]
async fn a_hash_of_less_work_is_brought_up_to_date_under_both_names() {
    let stack = Stack::start().await;
    let body = json!({ "username": "ada", "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(
        support::api(&stack).post("/register", &body).await.status,
        201
    );

    let dearer = stack.environment_with("ARGON2_ITERATIONS", Some("6"));
    let api = Client::Router(login::router(login::App::new(&dearer).unwrap()));
    assert_eq!(api.login("ada", PASSWORD).await.status, 200);
    for login in stack.items("LoginsTable").await {
        let hash = login["password_hash"].as_s().unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=7168,t=6,p=1$"), "{hash}");
    }
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(api.post("/login", &body).await.status, 200);
}
