//! The sessions of an account, as its owner sees and ends them.

use std::time::Duration;

use accounts::{AuthMethod, Authentication, Device, SessionLifetime, SessionSecret, Timestamp};
use serde_json::json;
use testing::{PASSWORD, Session, Stack};

const HOUR: Duration = Duration::from_secs(3_600);

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
async fn a_session_began_when_it_was_made_whenever_its_owner_proved_who_they_are() {
    let stack = Stack::start().await;
    let own = stack.api().sign_up("ada").await;
    let earlier = api::now() - 1_800;
    store_sessions(&stack, "ada", 1, earlier).await;
    let list = own.get("/me/sessions").await.json();
    let stored = &list["sessions"][1];
    for time in ["created_at", "last_used_at"] {
        let at = stored[time].as_u64().unwrap();
        assert!(at > earlier && at <= api::now(), "{time}: {at}");
    }
}

/// Stores so many new sessions of an account, whose owner proved at that time who they are.
async fn store_sessions(stack: &Stack, username: &str, count: usize, proved_at: Timestamp) {
    let user = stack.user(username).await;
    let sessions = stack.environment().sessions().unwrap();
    let lifetime = SessionLifetime {
        idle: HOUR,
        absolute: HOUR,
    };
    for _ in 0..count {
        let secret = SessionSecret::generate().unwrap();
        let proof = Authentication::by(AuthMethod::PASSWORD, proved_at);
        let (owner, device) = (user.owner(), Device::default());
        let begun = accounts::Session::begin(owner, proof, lifetime, &secret, device);
        sessions.put(&begun).await.unwrap();
    }
}

#[tokio::test]
async fn the_callers_own_session_comes_first_however_many_have_begun_since() {
    let stack = Stack::start().await;
    let api = stack.api();
    let own = api.sign_up("ada").await;
    store_sessions(&stack, "ada", 150, api::now()).await;
    let list = own.get("/me/sessions").await.json();
    let list = list["sessions"].as_array().unwrap();
    assert_eq!(list.len(), 100);
    let current = list.iter().map(|session| &session["current"] == true);
    assert_eq!(current.clone().filter(|current| *current).count(), 1);
    assert_eq!(current.into_iter().next(), Some(true));
    let ids: Vec<_> = list.iter().map(|session| session["id"].as_str()).collect();
    assert!(ids[1..].is_sorted_by(|newer, older| newer > older));
}

#[tokio::test]
async fn sessions_that_a_sign_out_has_ended_hide_none_that_are_alive() {
    let stack = Stack::start().await;
    let api = stack.api();
    let own = api.sign_up("ada").await;
    store_sessions(&stack, "ada", 450, api::now()).await;
    assert_eq!(own.delete("/me/sessions").await.status, 204);
    api.sign_in("ada").await;
    let list = own.get("/me/sessions").await.json();
    assert_eq!(list["sessions"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_read_and_deleted_of_an_accounts_sessions_is_bounded() {
    let stack = Stack::start().await;
    let api = stack.api();
    let own = api.sign_up("ada").await;
    store_sessions(&stack, "ada", 1_199, api::now()).await;
    assert_eq!(own.delete("/me/sessions").await.status, 204);
    let calls = |operation: &str| {
        let sent = stack.wire.take().into_iter();
        sent.filter(|sent| sent.operation == operation).count()
    };
    calls("Query");
    let list = own.get("/me/sessions").await;
    assert_eq!(list.json()["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(calls("Query"), 2);
    assert_eq!(own.delete("/me").await.status, 204);
    assert_eq!(calls("BatchWriteItem"), 40);
    assert_eq!(stack.items("SessionsTable").await.len(), 200);
    assert_eq!(status(&own).await, 401);
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
