//! One refresh token used many times at once, over real sockets: at eight environments in this
//! process or, where `LATCHKEY_URL` names one, at a running API.

#![cfg(test)]

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use api::{Door, Edge};
use local::gateway::{Functions, Listener};
use testing::gateway::gateway;
use testing::{Answer, Client, Session, Stack, number};
use tokio::sync::Semaphore;

/// Longer than the grace: of a running API the one that `LATCHKEY_GRACE` gives in seconds, or else
/// the longest that it may have.
fn after_the_grace() -> Duration {
    let grace = std::env::var("LATCHKEY_GRACE");
    let seconds = grace.map_or(60, |seconds| {
        seconds.parse().expect("LATCHKEY_GRACE in seconds")
    });
    Duration::from_secs(seconds + 1)
}

/// Requests to a running API, each on a connection of its own: a shell lets a process have 1,024
/// files.
const AT_ONCE: usize = 500;

/// The API, with its stack where that is this test's own.
struct Api {
    environments: Vec<Client>,
    at_once: Arc<Semaphore>,
    stack: Option<Stack>,
}

impl Api {
    async fn start() -> Self {
        if let Ok(url) = std::env::var("LATCHKEY_URL") {
            return Self {
                environments: vec![Client::at(&url)],
                at_once: Arc::new(Semaphore::new(AT_ONCE)),
                stack: None,
            };
        }
        // A thousand uses at once take a slow machine longer than the default.
        let variables = [
            ("ISSUER_URL", "http://127.0.0.1:9000"),
            ("REFRESH_GRACE", "60"),
        ];
        let stack = Stack::start_with(&variables).await;
        let mut environments = Vec::new();
        for _ in 0..8 {
            environments.push(serve(&stack).await);
        }
        Self {
            environments,
            at_once: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            stack: Some(stack),
        }
    }

    fn any(&self) -> &Client {
        &self.environments[0]
    }

    async fn register(&self) -> Session {
        let username = format!("ada-{}", uuid::Uuid::new_v4().simple());
        self.any().sign_up(&username).await
    }

    /// Uses one token in so many requests at once, and gives back what they were answered with.
    async fn use_at_once(&self, token: &str, times: usize) -> Vec<Answer> {
        let uses: Vec<_> = (0..times)
            .map(|n| {
                let environment = self.environments[n % self.environments.len()].clone();
                let (at_once, token) = (Arc::clone(&self.at_once), token.to_owned());
                tokio::spawn(async move {
                    let _permit = at_once.acquire().await.unwrap();
                    environment.refresh(&token).await
                })
            })
            .collect();
        let mut answers = Vec::new();
        for answer in uses {
            answers.push(answer.await.unwrap());
        }
        answers
    }
}

/// Every function in an environment of its own, behind a port.
async fn serve(stack: &Stack) -> Client {
    let listener = Listener::bind(0).await.unwrap();
    let url = format!("http://127.0.0.1:{}", listener.port());
    let functions = Functions::Merged(Door::new(stack.router(), Edge::default()));
    tokio::spawn(listener.serve(gateway(), functions));
    Client::at(&url)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 16)]
async fn parallel_uses_of_one_token_advance_the_session_by_one_and_share_one_successor() {
    let api = Api::start().await;
    let mut token = api.register().await.refresh_token;
    for (generation, times) in [(1, 64), (2, 1_000)] {
        let answers = api.use_at_once(&token, times).await;
        let failed = answers.iter().find(|answer| answer.status != 200);
        assert!(failed.is_none(), "{failed:?}");
        let successors: HashSet<_> = answers.iter().map(Answer::refresh_token).collect();
        assert_eq!(successors.len(), 1, "one lineage of {times}");
        if let Some(stack) = &api.stack {
            let session = stack.items("SessionsTable").await.remove(0);
            assert_eq!(session["generation"], number(generation));
        }
        let session = api.any().session(answers[0].clone());
        let guarded = session.get("/protected").await;
        assert_eq!(guarded.status, 200, "the session lives");
        println!("{times} uses at once: every answer 200, one successor");
        token = successors.into_iter().next().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 16)]
async fn parallel_uses_after_the_grace_end_the_session() {
    let api = Api::start().await;
    let first = api.register().await;
    let newest = first.refreshed().await;
    match &api.stack {
        Some(stack) => {
            let long_ago = number(api::now() - after_the_grace().as_secs());
            stack.set("SessionsTable", "rotated_at", long_ago).await;
        }
        None => tokio::time::sleep(after_the_grace()).await,
    }
    for times in [64, 1_000] {
        for answer in api.use_at_once(&first.refresh_token, times).await {
            assert_eq!(answer.status, 401, "{}", answer.json());
        }
    }
    if let Some(stack) = &api.stack {
        assert!(stack.items("SessionsTable").await.is_empty());
    }
    let refused = newest.get("/protected").await;
    assert_eq!(refused.status, 401, "the newest access token");
    assert_eq!(newest.refresh().await.status, 401);
}
