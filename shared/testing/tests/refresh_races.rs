//! One refresh token used many times at once.

#![expect(
    clippy::unwrap_used,
    reason = "a test's helpers fail by panicking, as the test does"
)]

mod support;

use std::collections::HashSet;

use support::{PASSWORD, number, set};
use testing::{Answer, Client, Stack};

async fn protected(api: &Client, answer: &Answer) -> u16 {
    api.get("/protected", Some(&answer.access_token()))
        .await
        .status
}

/// Uses one token in so many requests at once, and gives back what they were answered with.
async fn use_at_once(api: &Client, token: &str, times: usize) -> Vec<Answer> {
    let uses: Vec<_> = (0..times)
        .map(|_| {
            let (api, token) = (api.clone(), token.to_owned());
            tokio::spawn(async move { api.refresh(&token).await })
        })
        .collect();
    let mut answers = Vec::new();
    for answer in uses {
        answers.push(answer.await.unwrap());
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 16)]
async fn parallel_uses_of_one_token_advance_the_session_by_one_and_share_one_successor() {
    let stack = Stack::start().await.patient();
    let api = support::api(&stack);
    let mut token = api.register("ada", PASSWORD).await.refresh_token();
    for (generation, times) in [(1, 64), (2, 1_000)] {
        let answers = use_at_once(&api, &token, times).await;
        let failed = answers.iter().find(|answer| answer.status != 200);
        assert!(failed.is_none(), "{failed:?}");
        let successors: HashSet<_> = answers.iter().map(Answer::refresh_token).collect();
        assert_eq!(successors.len(), 1, "one lineage of {times}");
        let session = stack.items("SessionsTable").await.remove(0);
        assert_eq!(session["generation"], number(generation));
        assert_eq!(protected(&api, &answers[0]).await, 200, "the session lives");
        token = successors.into_iter().next().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 16)]
async fn parallel_uses_after_the_grace_end_the_session() {
    let stack = Stack::start().await.patient();
    let api = support::api(&stack);
    let first = api.register("ada", PASSWORD).await.refresh_token();
    let newest = api.refresh(&first).await;
    set(
        &stack,
        "SessionsTable",
        "rotated_at",
        number(api::now() - 31),
    )
    .await;
    for answer in use_at_once(&api, &first, 64).await {
        assert_eq!(answer.status, 401, "{}", answer.json());
    }
    assert!(stack.items("SessionsTable").await.is_empty());
    assert_eq!(
        protected(&api, &newest).await,
        401,
        "the newest access token"
    );
    assert_eq!(api.refresh(&newest.refresh_token()).await.status, 401);
}
