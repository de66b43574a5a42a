//! Bad input gets a problem that names what is wrong, and changes nothing.

use crate::hostile::{self, JSON};
use axum::http::Method;
use serde_json::{Value, json};
use testing::{Answer, Client, PASSWORD, Stack};

async fn post(api: &Client, path: &str, media_type: Option<&str>, body: &[u8]) -> Answer {
    let headers: Vec<_> = media_type
        .iter()
        .map(|value| ("content-type", *value))
        .collect();
    api.send(Method::POST, path, &headers, body).await
}

fn assert_problem(answer: &Answer, status: u16, what: &str) -> Value {
    let problem = answer.json();
    assert_eq!(answer.status, status, "{what}: {problem}");
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json"),
        "{what}"
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
    assert_eq!(problem["status"], json!(status), "{what}");
    for member in ["type", "title", "detail", "instance"] {
        assert!(problem[member].is_string(), "{what}: {member} in {problem}");
    }
    problem
}

#[tokio::test]
async fn a_body_that_is_none_is_refused_and_nothing_is_written() {
    let stack = Stack::start().await;
    let api = stack.api();
    for path in ["/register", "/login"] {
        for (media_type, body, (status, detail)) in hostile::malformed() {
            let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            let answer = post(&api, path, media_type, &body).await;
            let what = format!("{path} {media_type:?} {shown}");
            let problem = assert_problem(&answer, status, &what);
            assert_eq!(problem["detail"], json!(detail), "{what}");
        }
    }
    assert_eq!(stack.count().await, 0);
    assert!(stack.wire.take().is_empty(), "nothing was even read");
}

#[tokio::test]
async fn every_field_that_is_wrong_is_named_and_no_value_repeated() {
    let stack = Stack::start().await;
    let api = stack.api();
    for (body, fields) in hostile::wrong_members() {
        let answer = api.post("/register", &body).await;
        let shown = body.to_string().chars().take(120).collect::<String>();
        let problem = assert_problem(&answer, 400, &shown);
        let named: Vec<_> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["field"].as_str().unwrap())
            .collect();
        assert_eq!(named, fields, "{shown}: {problem}");
        for value in ["passwordpassword", "eve@", "horse", "Set-Cookie"] {
            assert!(!problem.to_string().contains(value), "{shown}: {problem}");
        }
    }
    assert_eq!(stack.count().await, 0);
}

#[tokio::test]
async fn a_member_given_twice_is_refused() {
    let stack = Stack::start().await;
    let api = stack.api();
    let body = format!(r#"{{"username":"ada","password":"{PASSWORD}","username":"eve"}}"#);
    let problem = assert_problem(
        &post(&api, "/register", Some(JSON), body.as_bytes()).await,
        400,
        "twice",
    );
    assert_eq!(
        problem["errors"],
        json!([{ "field": "username", "detail": "is given more than once" }])
    );
}

#[tokio::test]
async fn a_login_names_one_account_in_one_way() {
    let stack = Stack::start().await;
    let api = stack.api();
    for (body, fields) in [
        (json!({ "password": "x" }), vec!["username"]),
        (json!({ "username": "ada" }), vec!["password"]),
        (
            json!({ "username": "ada", "email": "ada@example.com", "password": "x" }),
            vec!["email"],
        ),
        (
            json!({ "username": "ada", "password": "x".repeat(257) }),
            vec!["password"],
        ),
        (
            json!({ "username": "ada", "password": "x", "otp": "1" }),
            vec!["otp"],
        ),
        (
            json!({ "username": "x", "password": "x" }),
            vec!["username"],
        ),
    ] {
        let problem = assert_problem(&api.post("/login", &body).await, 400, &body.to_string());
        let named: Vec<_> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["field"].as_str().unwrap())
            .collect();
        assert_eq!(named, fields, "{problem}");
    }
    let charset = post(
        &api,
        "/login",
        Some("application/JSON; charset=utf-8"),
        br#"{"username":"ada","password":"x"}"#,
    );
    assert_problem(&charset.await, 401, "a charset does no harm");
}

#[tokio::test]
async fn an_unknown_path_is_a_404() {
    let stack = Stack::start().await;
    let api = stack.api();
    for path in [
        "/nothing",
        "/login/",
        "/LOGIN",
        "//login",
        "/login/../protected",
        "/.well-known/",
        "/%2e/login",
    ] {
        let answer = api.by_default_route().get(path, None).await;
        assert_problem(&answer, 404, path);
    }
}
