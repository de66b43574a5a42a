//! Items that an earlier or a later version has written, read by this one.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use testing::{OTHER_PASSWORD, PASSWORD, Session, Stack};

fn amr(stack: &Stack, session: &Session) -> Vec<String> {
    stack.claims(&session.access_token).amr
}

#[tokio::test]
async fn a_session_that_names_no_methods_was_begun_with_the_password() {
    let stack = Stack::start().await;
    let ada = stack.api().sign_up("ada").await;
    stack.remove("SessionsTable", "methods").await;
    let refreshed = ada.refreshed().await;
    assert_eq!(amr(&stack, &refreshed), ["pwd"]);
    let auth_times =
        [&ada, &refreshed].map(|session| stack.claims(&session.access_token).auth_time);
    assert_eq!(auth_times[0], auth_times[1]);
    let renamed = refreshed.patch("/me", &json!({ "username": "eve" })).await;
    assert_eq!(renamed.status, 200, "it is recent: {}", renamed.json());
}

#[tokio::test]
async fn methods_that_a_later_version_has_stored_are_carried_through() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let later = ["face", "pwd"].map(|method| AttributeValue::S(method.to_owned()));
    let later = AttributeValue::L(later.to_vec());
    stack.set("SessionsTable", "methods", later).await;
    let refreshed = ada.refreshed().await;
    assert_eq!(amr(&stack, &refreshed), ["face", "pwd"]);
    let changed = refreshed.change_password(PASSWORD, OTHER_PASSWORD).await;
    let changed = api.session(changed);
    assert_eq!(amr(&stack, &changed), ["face", "pwd"]);
    let last = changed.refreshed().await;
    assert_eq!(amr(&stack, &last), ["face", "pwd"]);
}

#[tokio::test]
async fn a_status_that_a_later_version_has_stored_shuts_the_account_out_and_stays() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let later = AttributeValue::S("suspended".to_owned());
    stack.set("UsersTable", "status", later.clone()).await;
    assert_eq!(ada.get("/me").await.status, 401);
    assert_eq!(api.login("ada", PASSWORD).await.status, 401);
    stack.grant("ada", &["admin"]).await;
    assert_eq!(stack.items("UsersTable").await[0]["status"], later);
}

#[tokio::test]
async fn a_status_that_a_later_version_has_stored_gives_way_to_an_administrators() {
    for status in ["disabled", "active"] {
        let stack = Stack::start().await;
        let api = stack.api();
        api.register("ada", PASSWORD).await;
        let later = AttributeValue::S("suspended".to_owned());
        stack.set("UsersTable", "status", later).await;
        let root = stack.administrator(&api, "root").await;
        let before = stack.user("ada").await;
        let path = format!("/admin/users/{}", before.id);
        assert_eq!(root.get(&path).await.json()["status"], "unknown");
        let unknown = root.patch(&path, &json!({ "status": "unknown" })).await;
        assert_eq!(unknown.status, 400, "nobody sets what is not known");
        let set = root.patch(&path, &json!({ "status": status })).await;
        assert_eq!((set.status, &set.json()["status"]), (200, &json!(status)));
        let after = stack.user("ada").await;
        assert_eq!(after.status.as_str(), status);
        assert_eq!(after.epoch, before.epoch.next(), "its sessions end");
    }
}

#[tokio::test]
async fn an_account_without_a_password_is_refused_like_a_wrong_one_with_the_same_calls() {
    let stack = Stack::start().await;
    let api = stack.api();
    api.sign_up("ada").await;
    // Its keys are read by then.
    let ada = api.sign_in("ada").await;
    let mut refusals = Vec::new();
    for wrong in [OTHER_PASSWORD, PASSWORD] {
        stack.wire.take();
        let refused = api.login("ada", wrong).await;
        let calls = stack.wire.take().into_iter().map(|call| call.operation);
        let mut calls: Vec<_> = calls.collect();
        calls.sort();
        refusals.push((refused.status, refused.json()["detail"].clone(), calls));
        stack.remove("LoginsTable", "password_hash").await;
    }
    assert_eq!(refusals[0], refusals[1]);
    assert_eq!(refusals[0].0, 401);
    let changed = ada.change_password(PASSWORD, OTHER_PASSWORD).await;
    assert_eq!(changed.json()["errors"][0]["field"], "current_password");
    let renamed = ada.patch("/me", &json!({ "email": "a@example.com" })).await;
    assert_eq!(renamed.status, 200, "{}", renamed.json());
    let renamed = ada.patch("/me", &json!({ "username": null })).await;
    assert_eq!(renamed.status, 200, "{}", renamed.json());
    let logins = stack.items("LoginsTable").await;
    assert_eq!(logins.len(), 1);
    assert!(!logins[0].contains_key("password_hash"));
    assert_eq!(ada.delete("/me").await.status, 204);
}
