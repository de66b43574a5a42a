//! Bodies that no client should send.

use serde_json::{Value, json};
use testing::PASSWORD;

pub(crate) const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// A body, its media type, and the refusal that it gets.
pub(crate) type Malformed = (Option<&'static str>, Vec<u8>, Refusal);

/// The status and the detail of an answer: without the detail a body that is parsed after all, and
/// refused for its members, would pass for one that is malformed.
type Refusal = (u16, &'static str);

const NO_BODY: Refusal = (400, "The request has no body");
const MEDIA_TYPE: Refusal = (415, "The route does not accept the media type of the body");
const TOO_LARGE: Refusal = (413, "The body is larger than 16 KiB");
const NOT_JSON: Refusal = (400, "The body is not valid JSON");
const NO_OBJECT: Refusal = (400, "The body must be one JSON object");
const NOT_UTF8: Refusal = (400, "The form is not valid UTF-8");
const MEMBERS: Refusal = (400, "Members of the request are invalid or missing");

/// Bodies that are no object of strings.
pub(crate) fn malformed() -> Vec<Malformed> {
    let mut cases: Vec<Malformed> = vec![
        (None, b"".to_vec(), NO_BODY),
        (Some(JSON), b"".to_vec(), NO_BODY),
        (Some(FORM), b"".to_vec(), NO_BODY),
        (None, b"{}".to_vec(), MEDIA_TYPE),
        (Some("text/plain"), b"{}".to_vec(), MEDIA_TYPE),
        (Some("application/jsonp"), b"{}".to_vec(), MEDIA_TYPE),
        (
            Some("application/merge-patch+json"),
            b"{}".to_vec(),
            MEDIA_TYPE,
        ),
        (Some("application/xml"), b"<a/>".to_vec(), MEDIA_TYPE),
        (
            Some("multipart/form-data; boundary=x"),
            b"--x--".to_vec(),
            MEDIA_TYPE,
        ),
        // No text: a header may hold bytes beyond ASCII.
        (Some("application/json; \u{e9}"), b"{}".to_vec(), MEDIA_TYPE),
        (Some(JSON), vec![b'['; 16 * 1024], NO_OBJECT),
        (Some(JSON), vec![b' '; 16 * 1024 + 1], TOO_LARGE),
        (Some(FORM), vec![b'a'; 1_000_000], TOO_LARGE),
        (
            Some(JSON),
            b"{\"username\":\"\xff\xfe\"}".to_vec(),
            NOT_JSON,
        ),
        (Some(FORM), b"username=%ff%fe&password=x".to_vec(), NOT_UTF8),
        (
            Some(FORM),
            b"username=ada&username=eve&password=x".to_vec(),
            MEMBERS,
        ),
        (Some(FORM), b"&&&===".to_vec(), MEMBERS),
        (Some(FORM), b"{\"username\":\"ada\"}".to_vec(), MEMBERS),
    ];
    let json = |text: String, refusal| (Some(JSON), text.into_bytes(), refusal);
    cases.extend(deep().map(|(text, refusal)| json(text, refusal)));
    for text in [
        "{",
        "}",
        "{}{}",
        "{} x",
        "{'a':1}",
        "{\"a\"}",
        "{\"a\":}",
        "{\u{feff}}",
        "\u{feff}\u{feff}{}",
        "{\"username\":\"\\ud800\"}",
        "{\"username\":\"a\nb\"}",
        "NaN",
        "{\"a\":1e999}",
        "//",
    ] {
        cases.push(json(text.to_owned(), NOT_JSON));
    }
    for text in ["[]", "null", "true", "1", "\"text\""] {
        cases.push(json(text.to_owned(), NO_OBJECT));
    }
    cases
}

/// Objects nested so deep that building them would exhaust the stack.
fn deep() -> [(String, Refusal); 4] {
    let username = |open: &str, close: &str, times| {
        let (open, close) = (open.repeat(times), close.repeat(times));
        format!("{{\"username\":{open}1{close}}}")
    };
    [
        (username("[", "", 8_000), NOT_JSON),
        (username("[", "]", 5_000), NOT_JSON),
        (username("{\"a\":", "", 2_000), NOT_JSON),
        (username("{\"a\":", "}", 2_000), MEMBERS),
    ]
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
            json!({ "username": "ada", "password": null }),
            &["password"],
        ),
        (
            json!({ "username": "--json", "password": PASSWORD }),
            &["username"],
        ),
        (
            json!({ "username": "019F8A3C-5F0E-7C3A-9C1B-2F6D1F0E8A11", "password": PASSWORD }),
            &["username"],
        ),
        (
            json!({ "email": "ada@exa_mple.com", "password": PASSWORD }),
            &["email"],
        ),
        (
            json!({ "email": "ada@192.0.2.1", "password": PASSWORD }),
            &["email"],
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
        (
            json!({ "username": "ada", "password": PASSWORD, "admin": null }),
            &["admin"],
        ),
    ]
}
