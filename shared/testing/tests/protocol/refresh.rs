//! Refresh tokens are for one use each, safe to retry, and dead once their session is.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use testing::wire::Fault;
use testing::{Answer, Session, Stack, number};

fn stored(item: &std::collections::HashMap<String, AttributeValue>, name: &str) -> u64 {
    item[name].as_n().unwrap().parse().unwrap()
}

fn assert_refused(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 401, "{what}: {}", answer.json());
    assert_eq!(answer.json()["error"], json!("invalid_grant"), "{what}");
}

async fn protected(session: &Session) -> u16 {
    session.get("/protected").await.status
}

#[tokio::test]
async fn a_refresh_goes_on_with_the_session_and_is_not_fresh() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    assert_eq!(ada.answer.json()["refresh_expires_in"], json!(1_209_600));
    let refreshed = ada.refreshed().await;
    assert_eq!(refreshed.answer.header("cache-control"), Some("no-store"));
    assert_eq!(refreshed.answer.json()["expires_in"], json!(900));
    assert_ne!(refreshed.refresh_token, ada.refresh_token);
    for session in [&ada, &refreshed] {
        assert_eq!(protected(session).await, 200);
    }

    let before = stack.claims(&ada.access_token);
    let after = stack.claims(&refreshed.access_token);
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
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let roles = AttributeValue::L(vec![AttributeValue::S("admin".to_owned())]);
    stack.set("UsersTable", "roles", roles).await;

    let claims = stack.claims(&ada.refreshed().await.access_token);
    assert_eq!(claims.roles, [claims::Role::Admin]);
    assert!(claims.scopes().any(|scope| scope == "users:write"));
}

#[tokio::test]
async fn reuse_ends_its_own_session_and_no_other() {
    let stack = Stack::start().await;
    let api = stack.api();
    let other = api.sign_up("ada").await;
    let stolen = api.sign_in("ada").await;
    let third = stolen.refreshed().await.refreshed().await;
    assert_refused(&stolen.refresh().await, "two generations old");
    assert_eq!(protected(&third).await, 401);
    assert_eq!(protected(&other).await, 200);
    assert_eq!(other.refresh().await.status, 200);
}

#[tokio::test]
async fn an_answer_that_was_thrown_away_is_given_again_and_the_session_goes_on() {
    let stack = Stack::start().await;
    let api = stack.api();
    let first = api.sign_up("ada").await;
    drop(first.refresh().await);
    let again = first.refreshed().await;
    assert_eq!(protected(&again).await, 200);
    assert_eq!(again.refresh().await.status, 200);
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_recognised_even_without_a_grace() {
    let stack = Stack::start_with(&[("REFRESH_GRACE", "0")]).await;
    let api = stack.api();
    let first = api.sign_up("ada").await;
    stack.wire.fail("UpdateItem", &Fault::LostAnswer, 1);
    let second = first.refresh().await;
    assert_eq!(second.status, 200, "{}", second.json());
    stack
        .set("SessionsTable", "rotated_at", number(api::now() - 1))
        .await;
    assert_refused(&first.refresh().await, "used before");
    assert!(stack.items("SessionsTable").await.is_empty());
}

#[tokio::test]
async fn a_session_that_is_idle_for_too_long_or_over_is_not_refreshed() {
    for attribute in ["idle_expires_at", "expires_at"] {
        let stack = Stack::start().await;
        let api = stack.api();
        let ada = api.sign_up("ada").await;
        stack
            .set("SessionsTable", attribute, number(api::now()))
            .await;
        assert_refused(&ada.refresh().await, attribute);
        let session = stack.items("SessionsTable").await.remove(0);
        assert_eq!(stored(&session, "generation"), 0, "nothing changes");
    }
}

#[tokio::test]
async fn a_forged_or_malformed_token_is_refused_before_anything_is_read_and_ends_nothing() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let token = &ada.refresh_token;
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
        ada.access_token.clone(),
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
    let form = api.form("/refresh", None, "refresh_token=x").await;
    assert_eq!(form.status, 415, "JSON alone");
    assert_eq!(
        api.get("/protected", Some(token)).await.status,
        401,
        "no access token"
    );
    assert_eq!(
        ada.refresh().await.status,
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
        let api = stack.api();
        let first = api.sign_up("ada").await;
        let second = first.refreshed().await;
        stack.set("UsersTable", attribute, value).await;
        assert_refused(&second.refresh().await, attribute);
        assert_refused(&first.refresh().await, "a replay");
    }
}

#[tokio::test]
async fn a_fault_of_any_call_is_a_503_and_loses_nothing() {
    let stack = Stack::start().await;
    let api = stack.api();
    let mut ada = api.sign_up("ada").await;
    for operation in ["UpdateItem", "GetItem"] {
        stack
            .wire
            .fail(operation, &Fault::Refused(500, "InternalServerError"), 10);
        let answer = ada.refresh().await;
        stack.wire.mend();
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (503, Some("1")),
            "{operation}"
        );
        ada = ada.refreshed().await;
    }
    ada.refreshed().await.refreshed().await;
    stack.wire.fail(
        "DeleteItem",
        &Fault::Refused(500, "InternalServerError"),
        10,
    );
    assert_eq!(
        ada.refresh().await.status,
        503,
        "a reuse that could not end the session"
    );
    stack.wire.mend();
    assert_refused(&ada.refresh().await, "and the next one does");
    assert!(stack.items("SessionsTable").await.is_empty());
}
