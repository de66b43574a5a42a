//! Bodies that no client should send.

use serde_json::{Value, json};

use crate::support::PASSWORD;

pub(crate) const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Bodies that are no object of strings, with the status of each.
pub(crate) fn malformed() -> Vec<(Option<&'static str>, Vec<u8>, u16)> {
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

/// Members of a registration that are wrong, and the fields that the answer names.
pub(crate) fn wrong_members() -> Vec<(Value, &'static [&'static str])> {
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
