//! What happens is in the log, under the name that the README promises, and nothing secret with it.

#![expect(
    clippy::unwrap_used,
    reason = "a test's helpers fail by panicking, as the test does"
)]

mod support;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use api::{Event, Log};
use axum::Router;
use axum::http::Method;
use serde_json::{Value, json};
use support::{OTHER_PASSWORD, PASSWORD};
use testing::wire::Fault;
use testing::{Client, Stack};
use tower::ServiceExt;

/// The lines so far.
type Lines = Arc<Mutex<Vec<Value>>>;

fn collect() -> Lines {
    let lines = Lines::default();
    let sink = Arc::clone(&lines);
    Log::install("everything", "test", move |line| {
        assert_eq!(line.lines().count(), 1, "{line}");
        let line = serde_json::from_str(&line).unwrap();
        sink.lock().unwrap().push(line);
    });
    lines
}

#[tokio::test]
async fn what_happens_is_in_the_log_under_its_name() {
    let lines = collect();
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let mut secrets = vec![PASSWORD.to_owned(), OTHER_PASSWORD.to_owned()];
    secrets.push("ada@example.com".to_owned());
    secrets.extend(sessions(&stack, &api).await);
    secrets.extend(account(&api).await);
    administration(&stack, &api).await;
    refusals(&stack, &api).await;
    functions(&stack).await;

    let lines = lines.lock().unwrap();
    let seen: BTreeSet<_> = lines.iter().flat_map(events).collect();
    let all: BTreeSet<_> = Event::ALL.map(Event::name).map(str::to_owned).into();
    assert_eq!(seen, all);
    for line in lines.iter() {
        let text = line.to_string();
        for secret in &secrets {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(line["Latency"].as_f64().unwrap() > 0.0);
        for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
            .as_array()
            .unwrap()
        {
            assert!(line[metric["Name"].as_str().unwrap()].is_number(), "{text}");
        }
    }
    let of = |name: &str| {
        lines
            .iter()
            .find(|line| events(line).contains(name))
            .unwrap()
    };
    let reuse = of("refresh_token.reused");
    assert_eq!(reuse["status"], 401);
    assert_eq!(reuse["RefreshTokenReuse"], 1.0);
    let ended = |line: &&Value| events(line).contains("session.ended");
    assert_eq!(
        lines.iter().filter(ended).count(),
        2,
        "what had ended before ends no more"
    );
    assert!(reuse["user_id"].is_string() && reuse["session_id"].is_string());
    let disabled = of("account.disabled");
    assert_ne!(disabled["user_id"], disabled["target_id"]);
    let throttled = of("table.throttled");
    assert_eq!(
        (&throttled["status"], &throttled["Faults"]),
        (&json!(503), &json!(1.0))
    );
    assert_eq!(throttled["level"], "ERROR");
    assert!(
        throttled["reason"]
            .as_str()
            .unwrap()
            .contains("ProvisionedThroughput")
    );
    let throttled = lines
        .iter()
        .filter(|line| events(line).contains("table.throttled"));
    assert_eq!(throttled.count(), 2);
    let cold = lines.iter().filter(|line| line["cold_start"] == true);
    assert_eq!(cold.count(), 1, "one environment starts once");
}

fn events(line: &Value) -> BTreeSet<String> {
    let events = line["events"].as_array().unwrap().iter();
    events
        .map(|event| event.as_str().unwrap().to_owned())
        .collect()
}

/// The life of a session, to its end by a thief; the tokens of it.
async fn sessions(stack: &Stack, api: &Client) -> Vec<String> {
    let body = json!({ "username": "ada", "email": "ada@example.com", "password": PASSWORD });
    let registered = api.post("/register", &body).await;
    assert_eq!(registered.status, 201);
    assert_eq!(api.login("ada", "wrong").await.status, 401);
    let first = api.login("ada", PASSWORD).await;
    let second = api.refresh(&first.refresh_token()).await;
    let elsewhere = refresh_elsewhere(stack, &first.refresh_token()).await;
    assert_eq!(elsewhere, 200);
    let third = api.refresh(&second.refresh_token()).await;
    assert_eq!(api.refresh(&first.refresh_token()).await.status, 401);
    let dearer = stack.environment_with("ARGON2_ITERATIONS", Some("6"));
    let login = login::router(login::App::new(&dearer).unwrap());
    let rehashed = Client::Router(login).login("ada", PASSWORD).await;
    for token in [&rehashed, &rehashed, &third] {
        assert_eq!(api.logout(&token.access_token()).await.status, 204);
    }
    let form = format!("token={}", registered.refresh_token());
    for _ in 0..2 {
        assert_eq!(api.form("/oauth2/revoke", None, &form).await.status, 200);
    }
    let answers = [registered, first, second, third, rehashed];
    let tokens = answers
        .iter()
        .flat_map(|answer| [answer.access_token(), answer.refresh_token()]);
    tokens.collect()
}

/// A retry from another address.
async fn refresh_elsewhere(stack: &Stack, token: &str) -> u16 {
    let mut event = testing::event("refresh");
    event["body"] = json!(json!({ "refresh_token": token }).to_string());
    event["isBase64Encoded"] = json!(false);
    event["requestContext"]["http"]["sourceIp"] = json!("198.51.100.7");
    let request = lambda_http::request::from_str(&event.to_string()).unwrap();
    let router: Router = support::router(stack);
    let Ok(response) = router.oneshot(request).await;
    response.status().as_u16()
}

/// What the owner of an account does with it; its token.
async fn account(api: &Client) -> Vec<String> {
    let token = api.login("ada", PASSWORD).await.access_token();
    let call = async |method, path: &str, body: Value, status| {
        let answer = api.call(method, path, Some(&token), Some(&body)).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.json());
    };
    call(Method::PATCH, "/me", json!({ "username": "lovelace" }), 200).await;
    let passwords = json!({ "current_password": "wrong", "password": OTHER_PASSWORD });
    call(Method::PUT, "/me/password", passwords, 400).await;
    let passwords = json!({ "current_password": PASSWORD, "password": OTHER_PASSWORD });
    call(Method::PUT, "/me/password", passwords, 204).await;
    let denied = api.get("/admin/users", Some(&token)).await;
    assert_eq!(denied.status, 403);
    let deleted = api.call(Method::DELETE, "/me", Some(&token), None).await;
    assert_eq!(deleted.status, 204);
    assert_eq!(api.get("/me", Some(&token)).await.status, 401);
    vec![token]
}

async fn administration(stack: &Stack, api: &Client) {
    let token = support::administrator(stack, api, "root").await;
    let user = api.register("grace", PASSWORD).await.json()["user"]["id"].clone();
    let path = format!("/admin/users/{}", user.as_str().unwrap());
    for (method, path, body) in [
        (
            Method::PATCH,
            path.clone(),
            Some(json!({ "status": "disabled" })),
        ),
        (
            Method::PATCH,
            path.clone(),
            Some(json!({ "status": "active" })),
        ),
        (
            Method::PUT,
            format!("{path}/roles"),
            Some(json!({ "roles": ["admin"] })),
        ),
        (Method::DELETE, format!("{path}/sessions"), None),
    ] {
        let answer = api.call(method, &path, Some(&token), body.as_ref()).await;
        assert!(answer.status < 300, "{path}: {}", answer.json());
    }
}

async fn refusals(stack: &Stack, api: &Client) {
    assert_eq!(api.refresh("latchkey_rt_none").await.status, 401);
    let closed = stack.environment_with("REGISTRATION_MODE", Some("closed"));
    let closed = Client::Router(register::router(register::App::new(&closed).unwrap()));
    assert_eq!(closed.register("mallory", PASSWORD).await.status, 403);
    let strict = stack.environment_with("LOGIN_BURST", Some("1"));
    let strict = Client::Router(login::router(login::App::new(&strict).unwrap()));
    strict.login("mallory", PASSWORD).await;
    assert_eq!(strict.login("mallory", PASSWORD).await.status, 429);
    let fault = Fault::Refused(400, "ProvisionedThroughputExceededException");
    stack.wire.fail("GetItem", &fault, 100);
    assert_eq!(api.login("grace", PASSWORD).await.status, 503);
    stack.wire.mend();
    let fault = Fault::Canceled("ThrottlingError");
    stack.wire.fail("TransactWriteItems", &fault, 100);
    assert_eq!(api.register("heidi", PASSWORD).await.status, 503);
    stack.wire.mend();
}

/// What has no route.
async fn functions(stack: &Stack) {
    let app = rotate_keys::App::new(&stack.environment()).unwrap();
    let context = lambda_http::Context::default();
    let work = rotate_keys::handle(&app, json!({}));
    api::logged("rotate-keys", &context, work).await.unwrap();
}
