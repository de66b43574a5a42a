//! Bad input gets a problem that names what is wrong, and changes nothing.

mod support;

use axum::http::Method;
use serde_json::{Value, json};
use support::PASSWORD;
use testing::{Answer, Client, Stack};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

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

/// Bodies that are no object of strings, with the status of each.
fn malformed() -> Vec<(Option<&'static str>, Vec<u8>, u16)> {
    let deep =
        |open: &str, times: usize| format!("{{\"username\":{}", open.repeat(times)).into_bytes();
    let closed = format!(
        "{{\"username\":{}1{}}}",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    let mut cases: Vec<(Option<&'static str>, Vec<u8>, u16)> = vec![
        (None, b"".to_vec(), 400),
        (Some(JSON), b"".to_vec(), 400),
        (Some(FORM), b"".to_vec(), 400),
        (None, b"{}".to_vec(), 415),
        (Some("text/plain"), b"{}".to_vec(), 415),
        (Some("application/jsonp"), b"{}".to_vec(), 415),
        (Some("application/xml"), b"<a/>".to_vec(), 415),
        (
            Some("multipart/form-data; boundary=x"),
            b"--x--".to_vec(),
            415,
        ),
        (Some("\u{0}"), b"{}".to_vec(), 0),
        (Some(JSON), deep("[", 8_000), 400),
        (Some(JSON), deep("{\"a\":", 3_000), 400),
        (Some(JSON), closed.into_bytes(), 400),
        (Some(JSON), vec![b' '; 16 * 1024 + 1], 413),
        (Some(FORM), vec![b'a'; 1_000_000], 413),
        (Some(JSON), b"{\"username\":\"\xff\xfe\"}".to_vec(), 400),
        (Some(FORM), b"username=%ff%fe&password=x".to_vec(), 400),
        (
            Some(FORM),
            b"username=ada&username=eve&password=x".to_vec(),
            400,
        ),
        (Some(FORM), b"&&&===".to_vec(), 400),
        (Some(FORM), b"{\"username\":\"ada\"}".to_vec(), 400),
    ];
    for text in [
        "{",
        "}",
        "[]",
        "null",
        "true",
        "1",
        "\"text\"",
        "{}{}",
        "{} x",
        "{'a':1}",
        "{\"a\"}",
        "{\"a\":}",
        "\u{feff}{}",
        "{\"username\":\"\\ud800\"}",
        "{\"username\":\"a\nb\"}",
        "NaN",
        "{\"a\":1e999}",
        "//",
    ] {
        cases.push((Some(JSON), text.as_bytes().to_vec(), 400));
    }
    cases.retain(|(_, _, status)| *status != 0);
    cases
}

#[tokio::test]
async fn a_body_that_is_none_is_refused_and_nothing_is_written() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    for path in ["/register", "/login"] {
        for (media_type, body, status) in malformed() {
            let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            let answer = post(&api, path, media_type, &body).await;
            assert_problem(&answer, status, &format!("{path} {media_type:?} {shown}"));
        }
    }
    assert_eq!(stack.count().await, 0);
    assert!(stack.wire.take().is_empty(), "nothing was even read");
}

/// Members of a registration that are wrong, and the fields that the answer names.
fn wrong_members() -> Vec<(Value, &'static [&'static str])> {
    let long = "x".repeat(10_000);
    vec![
        (json!({}), &["username", "password"]),
        (json!({ "password": PASSWORD }), &["username"]),
        (json!({ "username": "ada" }), &["password"]),
        (
            json!({ "username": null, "password": PASSWORD }),
            &["username"],
        ),
        (
            json!({ "username": 1, "password": true }),
            &["username", "password"],
        ),
        (
            json!({ "username": ["ada"], "password": { "a": 1 } }),
            &["username", "password"],
        ),
        (
            json!({ "username": "", "password": "" }),
            &["username", "password"],
        ),
        (
            json!({ "username": "ab", "password": PASSWORD }),
            &["username"],
        ),
        (
            json!({ "username": long, "password": PASSWORD }),
            &["username"],
        ),
        (
            json!({ "username": "a b c", "password": PASSWORD }),
            &["username"],
        ),
        (
            json!({ "username": "ada\u{0}", "password": PASSWORD }),
            &["username"],
        ),
        (
            json!({ "username": "ada\r\nSet-Cookie: a=b", "password": PASSWORD }),
            &["username"],
        ),
        (
            json!({ "username": "аda", "password": PASSWORD }),
            &["username"],
        ),
        (
            json!({ "username": "ada@example.com", "password": PASSWORD }),
            &["username"],
        ),
        (json!({ "email": "ada", "password": PASSWORD }), &["email"]),
        (
            json!({ "email": "ada@example.com\u{0}", "password": PASSWORD }),
            &["email"],
        ),
        (
            json!({ "email": ["ada@example.com", "eve@example.com"], "password": PASSWORD }),
            &["email"],
        ),
        (
            json!({ "email": format!("{long}@example.com"), "password": PASSWORD }),
            &["email"],
        ),
        (
            json!({ "username": "ada", "email": "no", "password": "short" }),
            &["email", "password"],
        ),
        (
            json!({ "username": "ada", "password": "short" }),
            &["password"],
        ),
        (
            json!({ "username": "ada", "password": "x".repeat(257) }),
            &["password"],
        ),
        (
            json!({ "username": "ada", "password": "passwordpassword" }),
            &["password"],
        ),
        (
            json!({ "username": "ada", "password": "correct horse\u{0}battery" }),
            &["password"],
        ),
        (
            json!({ "username": "ada", "password": PASSWORD, "roles": ["admin"] }),
            &["roles"],
        ),
        (
            json!({ "username": "ada", "password": PASSWORD, "id": "x", "admin": true }),
            &["admin", "id"],
        ),
        (
            json!({ "username": "ada", "password": PASSWORD, "Password": PASSWORD }),
            &["Password"],
        ),
        (
            json!({ "username": "ada", "password": PASSWORD, "": "" }),
            &[""],
        ),
    ]
}

#[tokio::test]
async fn every_field_that_is_wrong_is_named_and_no_value_repeated() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    for (body, fields) in wrong_members() {
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
    let api = support::api(&stack);
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
    let api = support::api(&stack);
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
async fn a_wrong_method_is_a_405_that_names_the_right_one_and_an_unknown_path_a_404() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    for (path, allowed) in [
        ("/", "GET,HEAD"),
        ("/.well-known/jwks.json", "GET,HEAD"),
        ("/.well-known/openid-configuration", "GET,HEAD"),
        ("/register", "POST"),
        ("/login", "POST"),
        ("/protected", "GET,HEAD"),
    ] {
        for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
            let answer = api.send(method.clone(), path, &[], b"").await;
            assert_problem(&answer, 405, &format!("{method} {path}"));
            assert_eq!(answer.header("allow"), Some(allowed), "{method} {path}");
        }
    }
    for path in [
        "/nothing",
        "/login/",
        "/LOGIN",
        "//login",
        "/login/../protected",
        "/.well-known/",
        "/%2e/login",
    ] {
        assert_problem(&api.get(path, None).await, 404, path);
    }
}
