//! A logout counts for every request that starts after its answer, whatever races it.

use std::sync::Arc;

use accounts::{Authentication, SessionLifetime, User};
use api::{Gateway, TokenIssuer};
use axum::http::{HeaderMap, Method};
use futures_util::future::join;
use serde_json::json;
use tables::Sessions;
use testing::stack::DOMAIN;
use testing::wire::Fault;
use testing::{Answer, Client, Session, Stack};

#[tokio::test]
async fn a_logout_ends_access_and_refresh_of_its_session_alone() {
    let stack = Stack::start().await;
    let api = stack.api();
    let other = api.sign_up("ada").await;
    let by_access = api.sign_in("ada").await;
    let by_refresh = api.sign_in("ada").await;
    let answer = by_access.logout().await;
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    assert_eq!(by_refresh.logout_by_refresh_token().await.status, 204);
    for ended in [&by_access, &by_refresh] {
        assert_eq!(ended.get("/protected").await.status, 401);
        assert_eq!(ended.refresh().await.status, 401);
    }
    assert_eq!(other.get("/protected").await.status, 200);
    assert_eq!(other.refresh().await.status, 200);
}

#[tokio::test]
async fn a_refresh_token_that_was_used_before_still_logs_out() {
    let stack = Stack::start().await;
    let api = stack.api();
    let first = api.sign_up("ada").await;
    let refreshed = first.refreshed().await;
    assert_eq!(first.logout_by_refresh_token().await.status, 204);
    assert_eq!(refreshed.get("/protected").await.status, 401);
}

#[tokio::test]
async fn what_is_unknown_is_answered_like_success_and_ends_nothing() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let token = &ada.refresh_token;
    let (head, tail) = token.split_at(token.len() - 1);
    let forged = format!("{head}{}", if tail == "A" { "B" } else { "A" });
    for unknown in ["x", &forged, &ada.access_token] {
        assert_eq!(api.logout_by(unknown).await.status, 204, "{unknown}");
    }
    assert_eq!(ada.refresh().await.status, 200);
    for _ in 0..2 {
        assert_eq!(ada.logout().await.status, 204, "also a second time");
    }
}

#[tokio::test]
async fn the_refresh_token_in_the_body_wins_over_the_header() {
    let stack = Stack::start().await;
    let api = stack.api();
    let named = api.sign_up("ada").await;
    let bearer = api.sign_in("ada").await;
    let authorization = format!("Bearer {}", bearer.access_token);
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
    ];
    let body = json!({ "refresh_token": named.refresh_token }).to_string();
    let answer = api
        .send(Method::POST, "/logout", &headers, body.as_bytes())
        .await;
    assert_eq!(answer.status, 204);
    assert_eq!(named.get("/protected").await.status, 401);
    assert_eq!(bearer.get("/protected").await.status, 200);
}

#[tokio::test]
async fn a_logout_that_could_not_be_stored_is_no_success() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    stack.wire.fail(
        "DeleteItem",
        &Fault::Refused(500, "InternalServerError"),
        100,
    );
    let answers = join(ada.logout(), ada.logout_by_refresh_token()).await;
    assert_eq!((answers.0.status, answers.1.status), (503, 503));
    stack.wire.mend();
    assert_eq!(ada.logout().await.status, 204);
}

/// A login after its password is verified. A thousand hashes would take longer than the races.
struct Door {
    api: Client,
    tokens: TokenIssuer,
    sessions: Sessions,
    lifetime: SessionLifetime,
    user: User,
}

impl Door {
    async fn new(stack: &Stack, username: &str) -> Self {
        let environment = stack.environment();
        Self {
            api: stack.api(),
            tokens: TokenIssuer::new(&environment).unwrap(),
            sessions: environment.sessions().unwrap(),
            lifetime: environment.session_lifetime().unwrap(),
            user: stack.user(username).await,
        }
    }

    async fn enter(&self) -> Session {
        let now = api::now();
        let gateway = Gateway {
            domain_name: Some(DOMAIN.to_owned()),
            ..Gateway::default()
        };
        let sign_in = self.tokens.open(&gateway, now).await.unwrap();
        let proof = Authentication::by(accounts::AuthMethod::PASSWORD, now);
        let begun = sign_in.begin(self.user.owner(), proof, self.lifetime);
        let (session, secret) = begun.unwrap();
        self.sessions.put(&session).await.unwrap();
        let issued = sign_in.answer(&self.user, &session, secret).unwrap();
        self.api.session(Answer {
            status: 200,
            headers: HeaderMap::new(),
            body: serde_json::to_vec(&issued).unwrap(),
        })
    }
}

/// Logs out and refreshes at once, and says how many of the tokens that came of it count
/// afterwards.
async fn race(door: &Door, round: usize) -> usize {
    let ada = door.enter().await;
    assert_eq!(ada.get("/protected").await.status, 200);
    let refreshing = tokio::spawn({
        let ada = ada.clone();
        async move { ada.refresh().await }
    });
    let ended = if round.is_multiple_of(2) {
        ada.logout().await
    } else {
        ada.logout_by_refresh_token().await
    };
    let refreshed = refreshing.await.expect("an answer");
    assert_eq!(ended.status, 204);
    let mut alive = 0;
    let refreshed = (refreshed.status == 200).then(|| door.api.session(refreshed));
    for session in [Some(ada), refreshed].into_iter().flatten() {
        alive += usize::from(session.get("/protected").await.status == 200);
        alive += usize::from(session.refresh().await.status == 200);
    }
    alive
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refresh_racing_a_logout_1000_times_leaves_no_live_token() {
    let stack = Stack::unthrottled().await;
    stack.api().sign_up("ada").await;
    let door = Arc::new(Door::new(&stack, "ada").await);
    let racers: Vec<_> = (0..8)
        .map(|racer| {
            let door = Arc::clone(&door);
            tokio::spawn(async move {
                let mut alive = 0;
                for round in 0..125 {
                    alive += race(&door, racer + round).await;
                }
                alive
            })
        })
        .collect();
    for racer in racers {
        assert_eq!(racer.await.expect("a racer"), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_10000_uses_started_after_a_logout_none_is_accepted() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    assert_eq!(ada.get("/protected").await.status, 200);
    assert_eq!(ada.logout().await.status, 204);
    let users: Vec<_> = (0..100)
        .map(|_| {
            let ada = ada.clone();
            tokio::spawn(async move {
                let mut accepted = 0;
                for _ in 0..100 {
                    accepted += usize::from(ada.get("/protected").await.status != 401);
                }
                accepted
            })
        })
        .collect();
    for user in users {
        assert_eq!(user.await.expect("a user"), 0);
    }
}
