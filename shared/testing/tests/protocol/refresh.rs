//! Refresh tokens are for one use each, safe to retry, and dead once their session is.

#![expect(
    clippy::unwrap_used,
    reason = "a test's helpers fail by panicking, as the test does"
)]

mod support;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use support::{PASSWORD, number, set};
use testing::wire::Fault;
use testing::{Answer, Client, Stack};

fn stored(item: &std::collections::HashMap<String, AttributeValue>, name: &str) -> u64 {
    item[name].as_n().unwrap().parse().unwrap()
}

fn assert_refused(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 401, "{what}: {}", answer.json());
    assert_eq!(answer.json()["error"], json!("invalid_grant"), "{what}");
}

async fn protected(api: &Client, answer: &Answer) -> u16 {
    api.get("/protected", Some(&answer.access_token()))
        .await
        .status
}

#[tokio::test]
async fn a_refresh_goes_on_with_the_session_and_is_not_fresh() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let login = api.register("ada", PASSWORD).await;
    assert_eq!(login.json()["refresh_expires_in"], json!(1_209_600));
    let refreshed = api.refresh(&login.refresh_token()).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.json());
    assert_eq!(refreshed.header("cache-control"), Some("no-store"));
    assert_eq!(refreshed.json()["expires_in"], json!(900));
    assert_ne!(refreshed.refresh_token(), login.refresh_token());
    for answer in [&login, &refreshed] {
        assert_eq!(protected(&api, answer).await, 200);
    }

    let keys = claims::KeySet::new([stack.key.jwk().clone()]).unwrap();
    let issuer = format!("https://{}", testing::stack::DOMAIN);
    let expected = claims::Expected {
        issuer: &issuer,
        audience: "latchkey",
    };
    let read = |answer: &Answer| {
        keys.verify(&answer.access_token(), &expected, api::now())
            .unwrap()
    };
    let (before, after) = (read(&login), read(&refreshed));
    assert!(before.fresh && !after.fresh);
    assert_eq!(
        (before.sid, before.sub, before.auth_time),
        (after.sid, after.sub, after.auth_time)
    );
    assert_ne!(before.jti, after.jti);
}

#[tokio::test]
async fn a_role_given_meanwhile_counts_from_the_refresh_on() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let login = api.register("ada", PASSWORD).await;
    let roles = AttributeValue::L(vec![AttributeValue::S("admin".to_owned())]);
    set(&stack, "UsersTable", "roles", roles).await;

    let refreshed = api.refresh(&login.refresh_token()).await;
    let payload = refreshed.access_token();
    let keys = claims::KeySet::new([stack.key.jwk().clone()]).unwrap();
    let issuer = format!("https://{}", testing::stack::DOMAIN);
    let expected = claims::Expected {
        issuer: &issuer,
        audience: "latchkey",
    };
    let claims = keys.verify(&payload, &expected, api::now()).unwrap();
    assert_eq!(claims.roles, [claims::Role::Admin]);
    assert!(claims.scopes().any(|scope| scope == "users:write"));
}

#[tokio::test]
async fn reuse_ends_its_own_session_and_no_other() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let other = api.register("ada", PASSWORD).await;
    let stolen = api.login("ada", PASSWORD).await.refresh_token();
    let second = api.refresh(&stolen).await.refresh_token();
    let third = api.refresh(&second).await;
    assert_refused(&api.refresh(&stolen).await, "two generations old");
    assert_eq!(protected(&api, &third).await, 401);
    assert_eq!(protected(&api, &other).await, 200);
    assert_eq!(api.refresh(&other.refresh_token()).await.status, 200);
}

#[tokio::test]
async fn an_answer_that_was_thrown_away_is_given_again_and_the_session_goes_on() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let first = api.register("ada", PASSWORD).await.refresh_token();
    drop(api.refresh(&first).await);
    let again = api.refresh(&first).await;
    assert_eq!(again.status, 200);
    assert_eq!(protected(&api, &again).await, 200);
    assert_eq!(api.refresh(&again.refresh_token()).await.status, 200);
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_recognised_even_without_a_grace() {
    let stack = Stack::start_with(&[("REFRESH_GRACE", "0")]).await;
    let api = support::api(&stack);
    let first = api.register("ada", PASSWORD).await.refresh_token();
    stack.wire.fail("UpdateItem", &Fault::LostAnswer, 1);
    let second = api.refresh(&first).await;
    assert_eq!(second.status, 200, "{}", second.json());
    set(
        &stack,
        "SessionsTable",
        "rotated_at",
        number(api::now() - 1),
    )
    .await;
    assert_refused(&api.refresh(&first).await, "used before");
    assert!(stack.items("SessionsTable").await.is_empty());
}

#[tokio::test]
async fn a_session_that_is_idle_for_too_long_or_over_is_not_refreshed() {
    for attribute in ["idle_expires_at", "expires_at"] {
        let stack = Stack::start().await;
        let api = support::api(&stack);
        let token = api.register("ada", PASSWORD).await.refresh_token();
        set(&stack, "SessionsTable", attribute, number(api::now())).await;
        assert_refused(&api.refresh(&token).await, attribute);
        let session = stack.items("SessionsTable").await.remove(0);
        assert_eq!(stored(&session, "generation"), 0, "nothing changes");
    }
}

#[tokio::test]
async fn a_forged_or_malformed_token_is_refused_before_anything_is_read_and_ends_nothing() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let login = api.register("ada", PASSWORD).await;
    let token = login.refresh_token();
    assert_refused(&api.refresh("x").await, "warm");
    stack.wire.take();
    let (head, tail) = token.split_at(token.len() - 1);
    let flipped = if tail == "A" { "B" } else { "A" };
    for forged in [
        String::new(),
        format!("{head}{flipped}"),
        head.to_owned(),
        format!("{token}A"),
        token.to_uppercase(),
        token.replace("latchkey_rt_", ""),
        login.access_token(),
        "\u{0}".to_owned(),
        "latchkey_rt_".repeat(1_000),
    ] {
        assert_refused(&api.refresh(&forged).await, &forged);
    }
    assert_eq!(stack.wire.take(), []);
    for body in [
        json!({}),
        json!({ "refresh_token": 1 }),
        json!({ "refresh_token": token, "scope": "x" }),
    ] {
        assert_eq!(api.post("/refresh", &body).await.status, 400, "{body}");
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let form = api
        .send(
            axum::http::Method::POST,
            "/refresh",
            &form,
            b"refresh_token=x",
        )
        .await;
    assert_eq!(form.status, 415, "JSON alone");
    assert_eq!(
        api.get("/protected", Some(&token)).await.status,
        401,
        "no access token"
    );
    assert_eq!(
        api.refresh(&token).await.status,
        200,
        "and the genuine one counts still"
    );
}

#[tokio::test]
async fn a_disabled_account_or_a_new_epoch_ends_refreshing() {
    for (attribute, value) in [
        ("status", AttributeValue::S("disabled".to_owned())),
        ("epoch", AttributeValue::N("1".to_owned())),
    ] {
        let stack = Stack::start().await;
        let api = support::api(&stack);
        let first = api.register("ada", PASSWORD).await.refresh_token();
        let second = api.refresh(&first).await.refresh_token();
        set(&stack, "UsersTable", attribute, value).await;
        assert_refused(&api.refresh(&second).await, attribute);
        assert_refused(&api.refresh(&first).await, "a replay");
    }
}

#[tokio::test]
async fn a_fault_of_any_call_is_a_503_and_loses_nothing() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let mut token = api.register("ada", PASSWORD).await.refresh_token();
    for operation in ["UpdateItem", "GetItem"] {
        stack
            .wire
            .fail(operation, &Fault::Refused(500, "InternalServerError"), 10);
        let answer = api.refresh(&token).await;
        stack.wire.mend();
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (503, Some("1")),
            "{operation}"
        );
        token = api.refresh(&token).await.refresh_token();
    }
    let first = token;
    let second = api.refresh(&first).await.refresh_token();
    api.refresh(&second).await;
    stack.wire.fail(
        "DeleteItem",
        &Fault::Refused(500, "InternalServerError"),
        10,
    );
    assert_eq!(
        api.refresh(&first).await.status,
        503,
        "a reuse that could not end the session"
    );
    stack.wire.mend();
    assert_refused(&api.refresh(&first).await, "and the next one does");
    assert!(stack.items("SessionsTable").await.is_empty());
}
