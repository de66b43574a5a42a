//! Refresh tokens are for one use each, safe to retry, and dead once their session is.

use accounts::Device;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use testing::wire::Fault;
use testing::{Answer, Session, Stack, number};

/// The template's.
const GRACE: u64 = 10;

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
    assert_eq!(claims.roles, ["admin".parse().unwrap()]);
    assert!(claims.scopes().any(|scope| scope == "users:write"));
}

#[tokio::test]
async fn reuse_ends_its_own_session_and_no_other() {
    let stack = Stack::start().await;
    let api = stack.api();
    let other = api.sign_up("ada").await;
    let stolen = api.sign_in("ada").await;
    let second = stolen.refreshed().await;
    stack.refreshed_at(&second, api::now() - GRACE - 1).await;
    assert_refused(&stolen.refresh().await, "used before");
    assert_eq!(protected(&second).await, 401);
    assert_refused(&second.refresh().await, "the newest");
    assert_eq!(protected(&other).await, 200);
    assert_eq!(other.refresh().await.status, 200);
}

#[tokio::test]
async fn a_third_tab_that_comes_late_ends_nothing_until_the_grace_is_over() {
    let stack = Stack::start().await;
    let api = stack.api();
    let first = api.sign_up("ada").await;
    let second = first.refreshed().await;
    let third = second.refreshed().await;
    let before = stack.items("SessionsTable").await;
    let late = first.refresh().await;
    println!("t0, t1, t2, then t0 at once: {}", late.status);
    assert_refused(&late, "two generations old");
    assert_eq!(stack.items("SessionsTable").await, before);
    assert_eq!(protected(&third).await, 200);
    let fourth = third.refreshed().await;
    println!("the newest token then: {}", fourth.answer.status);

    stack.refreshed_at(&fourth, api::now() - GRACE - 1).await;
    let old = first.refresh().await;
    println!("t0 after the grace: {}", old.status);
    assert_refused(&old, "after the grace");
    assert!(stack.items("SessionsTable").await.is_empty());
    let newest = fourth.refresh().await;
    println!("the newest token then: {}", newest.status);
    assert_refused(&newest, "the session has ended");
    assert_eq!(protected(&fourth).await, 401);
}

fn device(address: &str, agent: &str) -> Device {
    Device::new(Some(address), Some(agent))
}

#[tokio::test]
async fn an_owner_and_a_thief_in_step_end_the_session_whoever_comes_first() {
    let owner = ("the owner", device("192.0.2.1", "phone"));
    let thief = ("the thief", device("198.51.100.7", "python"));
    for [first, second] in [[&owner, &thief], [&thief, &owner]] {
        let stack = Stack::start().await;
        let api = stack.api();
        let ada = api.sign_up("ada").await;
        let both = ada.refreshed().await.refresh_token;
        let advanced = api.refresh_from(&first.1, &both).await;
        assert_eq!(advanced.status, 200, "{}", advanced.json());
        let fault = Fault::Refused(500, "InternalServerError");
        stack.wire.fail("DeleteItem", &fault, 10);
        let failed = api.refresh_from(&second.1, &both).await;
        stack.wire.mend();
        assert_eq!(failed.status, 503, "a session that could not be ended");
        let refused = api.refresh_from(&second.1, &both).await;
        assert_refused(&refused, "a second bearer");
        let left = stack.items("SessionsTable").await.len();
        println!(
            "{} {}, {} {}: {left} sessions left",
            first.0, advanced.status, second.0, refused.status
        );
        assert_eq!(left, 0);
        let newest = advanced.refresh_token();
        for (who, device) in [first, second] {
            assert_refused(&api.refresh_from(device, &newest).await, who);
        }
        let access_token = advanced.access_token();
        let access = api.get("/protected", Some(&access_token)).await;
        assert_eq!(access.status, 401);
    }
}

#[tokio::test]
async fn a_client_that_changes_its_network_or_its_agent_goes_on() {
    for other in [
        device("198.51.100.7", "phone"),
        device("192.0.2.1", "phone, updated"),
    ] {
        let stack = Stack::start().await;
        let api = stack.api();
        let ada = api.sign_up("ada").await;
        let at_home = device("192.0.2.1", "phone");
        let used = api.refresh_from(&at_home, &ada.refresh_token).await;
        let again = api.refresh_from(&other, &ada.refresh_token).await;
        println!("{other:?}, the answer was lost: {}", again.status);
        assert_eq!(again.refresh_token(), used.refresh_token());
        let next = api.refresh_from(&other, &again.refresh_token()).await;
        println!("{other:?}, the next: {}", next.status);
        let lost = api.refresh_from(&other, &again.refresh_token()).await;
        assert_eq!(lost.refresh_token(), next.refresh_token());
        assert_eq!(protected(&api.session(lost)).await, 200);
    }
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
    stack.refreshed_at(&ada, api::now() - GRACE - 1).await;
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
