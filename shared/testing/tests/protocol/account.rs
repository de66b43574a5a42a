//! What the owner of an account may do with it.

mod support;

use axum::http::Method;
use serde_json::{Value, json};
use support::{OTHER_PASSWORD, PASSWORD, number, set};
use testing::{Answer, Client, Stack};

async fn patch(api: &Client, token: &str, body: Value) -> Answer {
    api.call(Method::PATCH, "/me", Some(token), Some(&body))
        .await
}

async fn change_password(api: &Client, token: &str, current: &str, new: &str) -> Answer {
    let body = json!({ "current_password": current, "password": new });
    api.call(Method::PUT, "/me/password", Some(token), Some(&body))
        .await
}

async fn status(api: &Client, token: &str) -> u16 {
    api.get("/me", Some(token)).await.status
}

#[tokio::test]
async fn an_account_is_shown_to_its_owner() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let registered = api.register("Ada", PASSWORD).await;
    let me = api.get("/me", Some(&registered.access_token())).await;
    assert_eq!(
        (me.status, me.json()),
        (200, registered.json()["user"].clone())
    );
}

#[tokio::test]
async fn a_new_name_signs_in_and_the_old_one_is_free() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let token = api.register("ada", PASSWORD).await.access_token();
    let both = json!({ "username": "Countess", "email": "Ada@Example.com" });
    let renamed = patch(&api, &token, both).await;
    assert_eq!(renamed.status, 200, "{}", renamed.json());
    assert_eq!(renamed.json()["username"], json!("Countess"));
    assert_eq!(renamed.json()["email"], json!("ada@example.com"));
    assert_eq!(api.get("/me", Some(&token)).await.json(), renamed.json());

    assert_eq!(api.login("countess", PASSWORD).await.status, 200);
    let by_email = json!({ "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(api.post("/login", &by_email).await.status, 200);
    assert_eq!(api.login("ada", PASSWORD).await.status, 401);
    assert_eq!(api.register("ada", PASSWORD).await.status, 201, "free");

    let removed = patch(&api, &token, json!({ "email": null })).await;
    assert_eq!(removed.json()["email"], Value::Null);
    assert_eq!(api.post("/login", &by_email).await.status, 401);
    let case = patch(&api, &token, json!({ "username": "COUNTESS" })).await;
    assert_eq!(case.json()["username"], json!("COUNTESS"));
    assert_eq!(api.login("countess", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_name_that_somebody_has_is_refused_and_nothing_changes() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    api.register("eve", PASSWORD).await;
    let token = api.register("ada", PASSWORD).await.access_token();
    let taken = patch(
        &api,
        &token,
        json!({ "username": "EVE", "email": "ada@example.com" }),
    )
    .await;
    assert_eq!(taken.status, 409);
    assert_eq!(
        taken.json()["errors"],
        json!([{ "field": "username", "detail": "is taken" }])
    );
    assert_eq!(api.login("ada", PASSWORD).await.status, 200);
    assert_eq!(stack.items("LoginsTable").await.len(), 2);
}

#[tokio::test]
async fn of_parallel_claims_on_one_name_by_several_accounts_one_wins() {
    let stack = Stack::unthrottled().await.patient();
    let api = support::api(&stack);
    let mut claims = Vec::new();
    for n in 0..16 {
        let name = format!("person{n}");
        let token = api.register(&name, PASSWORD).await.access_token();
        let api = api.clone();
        claims.push(async move { patch(&api, &token, json!({ "username": "ada" })).await });
    }
    let claims: Vec<_> = claims.into_iter().map(tokio::spawn).collect();
    let mut won = 0;
    for claim in claims {
        let answer = claim.await.unwrap();
        won += usize::from(answer.status == 200);
        assert!([200, 409].contains(&answer.status), "{}", answer.json());
    }
    assert_eq!(won, 1);
    assert_eq!(stack.items("LoginsTable").await.len(), 16);
}

#[tokio::test]
async fn a_wrong_change_is_refused_by_its_field() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let token = api.register("ada", PASSWORD).await.access_token();
    for (body, field) in [
        (json!({}), "username"),
        (json!({ "username": null }), "username"),
        (json!({ "username": "a b" }), "username"),
        (json!({ "username": ["ada"] }), "username"),
        (json!({ "email": "nobody" }), "email"),
        (json!({ "email": 1 }), "email"),
        (json!({ "username": "eve", "roles": ["admin"] }), "roles"),
        (
            json!({ "username": "eve", "password": PASSWORD }),
            "password",
        ),
    ] {
        let answer = patch(&api, &token, body.clone()).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.json()["errors"][0]["field"], json!(field), "{body}");
    }
    for (current, new, field) in [
        ("wrong", OTHER_PASSWORD, "current_password"),
        (PASSWORD, "short", "password"),
        (PASSWORD, "passwordpassword", "password"),
        ("", OTHER_PASSWORD, "current_password"),
    ] {
        let answer = change_password(&api, &token, current, new).await;
        assert_eq!(answer.status, 400, "{field}");
        assert_eq!(answer.json()["errors"][0]["field"], json!(field));
    }
    assert_eq!(api.login("ada", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn renaming_and_deleting_want_a_recent_login_and_reading_does_not() {
    let stack = Stack::start_with(&[("FRESH_FOR", "30")]).await;
    let api = support::api(&stack);
    let registered = api.register("ada", PASSWORD).await;
    let issuer = format!("https://{}", testing::stack::DOMAIN);
    let keys = claims::KeySet::new([stack.key.jwk().clone()]).unwrap();
    let expected = claims::Expected {
        issuer: &issuer,
        audience: "latchkey",
    };
    let now = api::now();
    let fresh = keys
        .verify(&registered.access_token(), &expected, now)
        .unwrap();
    let stale = claims::Claims {
        auth_time: now - 31,
        ..fresh
    };
    let stale = stack.key.sign(&stale).unwrap();
    for answer in [
        patch(&api, &stale, json!({ "username": "eve" })).await,
        api.call(Method::DELETE, "/me", Some(&stale), None).await,
    ] {
        assert_eq!(answer.status, 401);
        let code = "insufficient_user_authentication";
        assert_eq!(answer.json()["error"], json!(code));
        let challenge = answer.header("www-authenticate").unwrap();
        assert!(challenge.starts_with(&format!("Bearer error=\"{code}\"")));
        assert!(challenge.ends_with("max_age=30"), "{challenge}");
    }
    assert_eq!(status(&api, &stale).await, 200);
    let refreshed = api.refresh(&registered.refresh_token()).await;
    let renamed = patch(
        &api,
        &refreshed.access_token(),
        json!({ "username": "eve" }),
    )
    .await;
    assert_eq!(renamed.status, 200, "auth_time decides, not fresh");
}

#[tokio::test]
async fn a_new_password_ends_every_other_session_and_the_old_one_signs_in_no_more() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let other = api.register("ada", PASSWORD).await;
    let own = api.login("ada", PASSWORD).await;
    let changed = change_password(&api, &own.access_token(), PASSWORD, OTHER_PASSWORD).await;
    assert_eq!((changed.status, changed.body.len()), (204, 0));
    assert_eq!(status(&api, &other.access_token()).await, 401);
    assert_eq!(api.refresh(&other.refresh_token()).await.status, 401);
    assert_eq!(status(&api, &own.access_token()).await, 200);
    assert_eq!(api.refresh(&own.refresh_token()).await.status, 200);
    assert_eq!(api.login("ada", PASSWORD).await.status, 401);
    assert_eq!(api.login("ada", OTHER_PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_login_verified_with_the_old_password_during_its_change_is_born_dead() {
    let stack = Stack::unthrottled().await.patient();
    let api = support::api(&stack);
    let (mut old, mut new) = (PASSWORD, OTHER_PASSWORD);
    let mut token = api.register("ada", PASSWORD).await.access_token();
    for round in 0..50 {
        let racing: Vec<_> = (0..4)
            .map(|_| {
                let (api, old) = (api.clone(), old.to_owned());
                tokio::spawn(async move { api.login("ada", &old).await })
            })
            .collect();
        let changed = change_password(&api, &token, old, new).await;
        assert_eq!(changed.status, 204, "{round}: {}", changed.json());
        for login in racing {
            let login = login.await.unwrap();
            if login.status == 200 {
                assert_eq!(status(&api, &login.access_token()).await, 401);
                assert_eq!(api.refresh(&login.refresh_token()).await.status, 401);
            }
        }
        (old, new) = (new, old);
        token = api.login("ada", old).await.access_token();
    }
}

#[tokio::test]
async fn a_deleted_account_frees_its_names_and_leaves_nothing() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let body = json!({ "username": "ada", "email": "ada@example.com", "password": PASSWORD });
    let registered = api.post("/register", &body).await;
    let other = api.login("ada", PASSWORD).await;
    let token = registered.access_token();
    let deleted = api.call(Method::DELETE, "/me", Some(&token), None).await;
    assert_eq!((deleted.status, deleted.body.len()), (204, 0));
    assert_eq!(stack.count().await, 0);
    assert_eq!(status(&api, &token).await, 401);
    assert_eq!(api.refresh(&other.refresh_token()).await.status, 401);
    assert_eq!(api.login("ada", PASSWORD).await.status, 401);
    assert_eq!(api.post("/register", &body).await.status, 201);
}

#[tokio::test]
async fn the_account_is_gone_also_where_its_sessions_could_not_be_deleted() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let token = api.register("ada", PASSWORD).await.access_token();
    let fault = testing::wire::Fault::Refused(500, "InternalServerError");
    stack.wire.fail("BatchWriteItem", &fault, 10);
    let deleted = api.call(Method::DELETE, "/me", Some(&token), None).await;
    stack.wire.mend();
    assert_eq!(deleted.status, 204);
    assert_eq!(status(&api, &token).await, 401);
    assert_eq!(stack.items("SessionsTable").await.len(), 1, "a dead one");
}

#[tokio::test]
async fn an_account_that_changed_since_it_was_read_is_not_overwritten() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let token = api.register("ada", PASSWORD).await.access_token();
    let user = support::user(&stack, "ada").await;
    let accounts = stack.environment().accounts().unwrap();
    set(&stack, "UsersTable", "version", number(7)).await;
    let old = accounts
        .change(&user, &user.with_roles(vec![]), tables::By::Operator)
        .await;
    assert_eq!(
        old,
        Err(tables::AccountError::Table(tables::Error::Conflict))
    );
    assert_eq!(
        patch(&api, &token, json!({ "username": "eve" }))
            .await
            .status,
        200
    );
}
