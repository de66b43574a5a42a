//! What the owner of an account sees of its sessions, and how they end.

mod support;

use axum::http::Method;
use serde_json::json;
use support::PASSWORD;
use testing::{Client, Stack};

async fn status(api: &Client, token: &str) -> u16 {
    api.get("/me", Some(token)).await.status
}

#[tokio::test]
async fn sessions_are_listed_with_where_they_come_from_and_which_is_the_current_one() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let first = api.register("ada", PASSWORD).await;
    let ended = api.login("ada", PASSWORD).await;
    let third = api.login("ada", PASSWORD).await;
    api.logout(&ended.access_token()).await;
    api.refresh(&first.refresh_token()).await;
    let list = api.get("/me/sessions", Some(&third.access_token())).await;
    assert_eq!(list.status, 200, "{}", list.json());
    let list = list.json()["sessions"].as_array().unwrap().clone();
    assert_eq!(list.len(), 2, "the living ones, the newest first");
    assert_eq!(
        (&list[0]["current"], &list[1]["current"]),
        (&json!(true), &json!(false))
    );
    for session in &list {
        assert_eq!(session["address"], json!("192.0.2.1"));
        assert_eq!(session["agent"], json!("tests"));
        let times = ["created_at", "last_used_at", "expires_at"]
            .map(|time| session[time].as_u64().unwrap());
        assert!(times.is_sorted() && times[2] > api::now());
        assert_eq!(session.as_object().unwrap().len(), 7);
    }

    let path = format!("/me/sessions/{}", list[1]["id"].as_str().unwrap());
    let token = third.access_token();
    for _ in 0..2 {
        let one = api.call(Method::DELETE, &path, Some(&token), None).await;
        assert_eq!(one.status, 204, "also a second time");
    }
    assert_eq!(status(&api, &first.access_token()).await, 401);
    for id in ["x", "%ff", "..", "019F8A3C-5F0E-7C3A-9C1B-2F6D1F0E8A12"] {
        let path = format!("/me/sessions/{id}");
        let none = api.call(Method::DELETE, &path, Some(&token), None).await;
        assert_eq!(none.status, 404, "{id}");
        assert!(none.json()["detail"].is_string(), "{id}");
    }
}

#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let ada = api.register("ada", PASSWORD).await.access_token();
    let eve = api.register("eve", PASSWORD).await.access_token();
    let list = api.get("/me/sessions", Some(&ada)).await.json();
    let path = format!(
        "/me/sessions/{}",
        list["sessions"][0]["id"].as_str().unwrap()
    );
    let answer = api.call(Method::DELETE, &path, Some(&eve), None).await;
    assert_eq!(answer.status, 204, "not told from one that has ended");
    assert_eq!(status(&api, &ada).await, 200);
}

#[tokio::test]
async fn all_others_are_ended_at_once_and_a_racing_logout_wins() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let other = api.register("ada", PASSWORD).await;
    let own = api.login("ada", PASSWORD).await;
    let token = own.access_token();
    let answer = api
        .call(Method::DELETE, "/me/sessions", Some(&token), None)
        .await;
    assert_eq!(answer.status, 204);
    assert_eq!(status(&api, &other.access_token()).await, 401);
    assert_eq!(api.refresh(&other.refresh_token()).await.status, 401);
    assert_eq!(status(&api, &token).await, 200);
    assert_eq!(api.login("ada", PASSWORD).await.status, 200);

    api.logout(&token).await;
    let user = support::user(&stack, "ada").await;
    let sessions = stack.items("SessionsTable").await.len();
    let answer = api
        .call(Method::DELETE, "/me/sessions", Some(&token), None)
        .await;
    assert_eq!(answer.status, 401);
    assert_eq!(support::user(&stack, "ada").await, user);
    assert_eq!(stack.items("SessionsTable").await.len(), sessions);
}
