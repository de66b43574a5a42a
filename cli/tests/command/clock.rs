//! The time that a change of the ring bears is that of DynamoDB's answers.

use std::time::UNIX_EPOCH;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::{Router, response::IntoResponse};
use serde_json::Value;
use tables::{Keys, SealedRing};
use tokio::net::TcpListener;

use crate::local::Local;

/// The engine, and how many seconds its clock seems to be ahead.
#[derive(Clone)]
struct Skewed {
    http: reqwest::Client,
    engine: String,
    ahead: i64,
}

fn now() -> i64 {
    i64::try_from(UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap()
}

async fn pass_on(
    State(skewed): State<Skewed>,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let request = skewed.http.post(&skewed.engine).headers(headers).body(body);
    let answer = request.send().await.unwrap();
    assert!(answer.headers().contains_key("date"), "as DynamoDB does");
    let status = StatusCode::from_u16(answer.status().as_u16()).unwrap();
    let mut headers = answer.headers().clone();
    let date = DateTime::from_secs(now() + skewed.ahead);
    let date = date.fmt(Format::HttpDate).unwrap();
    headers.insert("date", date.parse().unwrap());
    (status, headers, answer.bytes().await.unwrap())
}

/// Has the command find an engine whose clock is that far ahead of its own.
async fn skew(local: &Local, ahead: i64) {
    let skewed = Skewed {
        http: reqwest::Client::new(),
        engine: local.stack.engine.url().to_owned(),
        ahead,
    };
    let router = Router::new().fallback(pass_on).with_state(skewed);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let file = local.directory.path().join("stack.json");
    let mut stack: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    stack["dynamodb"] = url.into();
    std::fs::write(file, stack.to_string()).unwrap();
}

async fn ring(local: &Local) -> SealedRing {
    let keys = Keys::new(&local.stack.engine.client(), "KeysTable");
    keys.sealed().await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_off_changes_nothing_and_is_told() {
    let local = Local::start().await;
    let id = local.stack.key.kid().to_owned();
    let before = ring(&local).await;
    for (ahead, says) in [
        (600, "seconds behind DynamoDB's"),
        (-600, "seconds ahead of DynamoDB's"),
    ] {
        skew(&local, ahead).await;
        for arguments in [
            &["keys", "rotate"][..],
            &["keys", "retire", "--yes", "--", &id],
        ] {
            let refused = local.run(arguments).await;
            println!(
                "{ahead} s, {arguments:?}: {} {}",
                refused.code,
                refused.err.trim()
            );
            assert_eq!(refused.code, 1, "{}", refused.out);
            assert!(refused.err.contains(says), "{}", refused.err);
            assert!(
                refused.err.contains("nothing was changed"),
                "{}",
                refused.err
            );
            assert_eq!(ring(&local).await, before);
        }
        assert_eq!(local.run(&["keys", "list"]).await.code, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_bears_the_time_of_the_tables() {
    let local = Local::start().await;
    let id = ring(&local).await.macs.times[0].id.clone();
    skew(&local, 3).await;
    let earliest = now() + 3;
    let retired = local.run(&["keys", "retire", "--yes", "--", &id]).await;
    assert_eq!(retired.code, 0, "{}", retired.err);
    let latest = now() + 3;
    let times = ring(&local).await.macs.times;
    let gone = times.iter().find(|key| key.id == id).unwrap().gone_at;
    let gone = i64::try_from(gone.unwrap()).unwrap();
    assert!(
        (earliest..=latest).contains(&gone),
        "{earliest} {gone} {latest}"
    );
}
