//! What the owner of an account sees of its sessions, and how they end.

use serde_json::json;
use testing::{PASSWORD, Session, Stack};

async fn status(session: &Session) -> u16 {
    session.get("/me").await.status
}

#[tokio::test]
async fn sessions_are_listed_with_where_they_come_from_and_which_is_the_current_one() {
    let stack = Stack::start().await;
    let api = stack.api();
    let first = api.sign_up("ada").await;
    let ended = api.sign_in("ada").await;
    let third = api.sign_in("ada").await;
    ended.logout().await;
    first.refresh().await;
    let list = third.get("/me/sessions").await;
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
    for _ in 0..2 {
        let one = third.delete(&path).await;
        assert_eq!(one.status, 204, "also a second time");
    }
    assert_eq!(status(&first).await, 401);
    for id in ["x", "%ff", "..", "019F8A3C5F0E7C3A9C1B2F6D1F0E8A12"] {
        let path = format!("/me/sessions/{id}");
        let none = third.delete(&path).await;
        assert_eq!(none.status, 404, "{id}");
        assert!(none.json()["detail"].is_string(), "{id}");
    }
}

#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let eve = api.sign_up("eve").await;
    let list = ada.get("/me/sessions").await.json();
    let path = format!(
        "/me/sessions/{}",
        list["sessions"][0]["id"].as_str().unwrap()
    );
    let answer = eve.delete(&path).await;
    assert_eq!(answer.status, 204, "not told from one that has ended");
    assert_eq!(status(&ada).await, 200);
}

#[tokio::test]
async fn all_others_are_ended_at_once_and_a_racing_logout_wins() {
    let stack = Stack::start().await;
    let api = stack.api();
    let other = api.sign_up("ada").await;
    let own = api.sign_in("ada").await;
    let answer = own.delete("/me/sessions").await;
    assert_eq!(answer.status, 204);
    assert_eq!(status(&other).await, 401);
    assert_eq!(other.refresh().await.status, 401);
    assert_eq!(status(&own).await, 200);
    assert_eq!(api.login("ada", PASSWORD).await.status, 200);

    own.logout().await;
    let user = stack.user("ada").await;
    let sessions = stack.items("SessionsTable").await.len();
    let answer = own.delete("/me/sessions").await;
    assert_eq!(answer.status, 401);
    assert_eq!(stack.user("ada").await, user);
    assert_eq!(stack.items("SessionsTable").await.len(), sessions);
}
