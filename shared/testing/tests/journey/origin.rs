//! The part of the journey that sends the requests of a page on another origin.

use std::collections::BTreeSet;

use axum::http::Method;
use testing::{Answer, Client, PASSWORD, openapi};

/// An origin that no deployment allows.
const OTHER: &str = "https://other.example.net";

const ALLOWED: &str = "access-control-allow-origin";

/// Asks for each route whether a page may use it. The gateway answers, and no function: these
/// requests are not counted.
pub(crate) async fn preflights(url: &str, origin: &str) {
    let gateway = Client::at(url);
    for operation in openapi::operations().keys() {
        let (method, path) = operation.split_once(' ').unwrap();
        let path = path.replace("{id}", "019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12");
        let ask = async |origin| {
            let headers = [
                ("origin", origin),
                ("access-control-request-method", method),
                (
                    "access-control-request-headers",
                    "authorization,content-type",
                ),
            ];
            gateway.send(Method::OPTIONS, &path, &headers, b"").await
        };
        let answer = ask(origin).await;
        assert_eq!(answer.status, 204, "{operation}");
        assert_eq!(answer.header(ALLOWED), Some(origin), "{operation}");
        let methods = names(&answer, "access-control-allow-methods");
        // https://fetch.spec.whatwg.org/#cors-safelisted-method
        let is_safelisted = method == "HEAD";
        assert!(
            is_safelisted || methods.contains(&method.to_lowercase()),
            "{operation}: {answer:?}"
        );
        let headers = names(&answer, "access-control-allow-headers");
        for name in ["authorization", "content-type"] {
            assert!(headers.contains(name), "{operation}: {answer:?}");
        }
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        assert_unknown(&ask(OTHER).await);
    }
    // Without what makes it a preflight.
    let origin = [("origin", origin)];
    let answer = gateway.send(Method::OPTIONS, "/login", &origin, b"").await;
    assert_unknown(&answer);
}

/// Checks the headers that a page may read of an answer, also of a refusal.
pub(crate) async fn requests(api: &Client, origin: &str) {
    let wrong = format!(r#"{{"username":"nobody","password":"{PASSWORD}"}}"#);
    let calls = [
        (Method::GET, "/", "", 200),
        (Method::GET, "/me", "", 401),
        (Method::POST, "/login", &*wrong, 401),
        (Method::POST, "/register", "{}", 400),
    ];
    for (method, path, body, status) in calls {
        let send = async |origin| {
            let headers = [("origin", origin), ("content-type", "application/json")];
            let body = body.as_bytes();
            api.send(method.clone(), path, &headers, body).await
        };
        let answer = send(origin).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header(ALLOWED), Some(origin), "{path}");
        let exposed = names(&answer, "access-control-expose-headers");
        for name in [
            "retry-after",
            "www-authenticate",
            "x-amzn-remapped-www-authenticate",
        ] {
            assert!(exposed.contains(name), "{path}: {answer:?}");
        }
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        let answer = send(OTHER).await;
        assert_eq!(answer.status, status, "{path}");
        assert_unknown(&answer);
    }
}

/// An answer that a browser keeps from the page.
fn assert_unknown(answer: &Answer) {
    let mut names = answer.headers.keys().map(|name| name.as_str());
    assert!(
        !names.any(|name| name.starts_with("access-control-")),
        "{answer:?}"
    );
}

/// The names in a list.
fn names(answer: &Answer, header: &str) -> BTreeSet<String> {
    let list = answer.header(header).unwrap_or_default().split(',');
    list.map(|name| name.trim().to_lowercase()).collect()
}
