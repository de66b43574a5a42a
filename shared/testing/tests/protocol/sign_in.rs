//! The accounts that can sign in, and for how long.

use aws_sdk_dynamodb::types::AttributeValue;
use claims::Claims;
use serde_json::json;
use testing::{Client, PASSWORD, Stack, number};

#[tokio::test]
async fn a_disabled_account_is_answered_like_a_wrong_password_and_its_sessions_are_dead() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let disabled = AttributeValue::S("disabled".to_owned());
    stack.set("UsersTable", "status", disabled).await;

    let refused = ada.get("/protected").await;
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
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    stack.set("UsersTable", "epoch", number(1)).await;
    assert_eq!(ada.get("/protected").await.status, 401);
    let born_dead = api.login("ada", PASSWORD).await;
    assert_eq!(born_dead.status, 401, "and says so where it sees it");
    assert_eq!(born_dead.json()["detail"], json!("Invalid credentials"));
}

#[tokio::test]
async fn a_session_that_is_over_or_gone_does_not_count() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    assert_eq!(ada.get("/protected").await.status, 200);

    let item = stack.items("SessionsTable").await.remove(0);
    stack
        .set("SessionsTable", "expires_at", number(api::now()))
        .await;
    assert_eq!(
        ada.get("/protected").await.status,
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
    assert_eq!(ada.get("/protected").await.status, 401, "gone");
}

#[tokio::test]
async fn a_session_counts_for_its_own_account_alone() {
    let stack = Stack::start().await;
    let api = stack.api();
    let (ada, eve) = (api.sign_up("ada").await, api.sign_up("eve").await);
    let claims = stack.claims(&eve.access_token);
    let present = async |claims: &Claims| {
        let token = stack.key.sign(claims).unwrap();
        api.get("/protected", Some(&token)).await.status
    };
    assert_eq!(present(&claims).await, 200, "signed again as it was");
    let borrowed = Claims {
        sub: ada.user_id(),
        ..claims
    };
    assert_eq!(present(&borrowed).await, 401, "ada by a session of eve");
    assert_eq!(ada.get("/protected").await.status, 200);
}

#[tokio::test]
async fn an_access_token_carries_the_claims_of_its_session() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("Ada").await;
    let claims = stack.claims(&ada.access_token);
    let session = stack.items("SessionsTable").await.remove(0);
    assert_eq!(claims.iss, stack.issuer());
    assert_eq!(claims.sub, ada.user_id());
    assert_eq!(&AttributeValue::S(claims.sid.clone()), &session["id"]);
    assert_eq!(claims.client_id, "latchkey");
    assert_eq!(claims.amr, ["pwd"]);
    assert_eq!(claims.preferred_username.as_deref(), Some("Ada"));
    for time in [claims.auth_time, claims.nbf, claims.iat, claims.exp - 900] {
        assert_eq!(number(time), session["auth_time"]);
    }
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
    let api = stack.api();
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let nameless = api.session(api.post("/register", &body).await);
    assert!(nameless.user()["username"].is_null());
    let claims = stack.claims(&nameless.access_token);
    assert!(claims.preferred_username.is_none());
    assert!(!serde_json::to_string(&claims).unwrap().contains("ada@"));
    assert_eq!(nameless.answer.json()["expires_in"], json!(3_600));

    let end = api::now() + 1_800;
    stack.set("SessionsTable", "expires_at", number(end)).await;
    let refreshed = nameless.refreshed().await;
    assert_eq!(stack.claims(&refreshed.access_token).exp, end);
    let left = refreshed.answer.json()["expires_in"].as_u64().unwrap();
    assert!((1_700..=1_800).contains(&left), "{left}");
}

#[tokio::test]
async fn a_hash_of_less_work_is_brought_up_to_date_under_both_names() {
    let stack = Stack::start().await;
    let body = json!({ "username": "ada", "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(stack.api().post("/register", &body).await.status, 201);

    let dearer = stack.environment_with("ARGON2_ITERATIONS", Some("6"));
    let api = Client::function("login", &dearer);
    assert_eq!(api.login("ada", PASSWORD).await.status, 200);
    for login in stack.items("LoginsTable").await {
        let hash = login["password_hash"].as_s().unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=7168,t=6,p=1$"), "{hash}");
    }
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(api.post("/login", &body).await.status, 200);
}
