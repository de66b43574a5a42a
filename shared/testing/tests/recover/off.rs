//! Without `MailFrom` nothing here is, and nothing else is different.

use axum::http::Method;
use serde_json::json;
use testing::{PASSWORD, Stack};

use crate::{FORM, refusal, text};

#[tokio::test]
async fn without_mail_each_route_says_which_parameter_is_empty() {
    let stack = Stack::start().await;
    let api = stack.api();
    api.sign_up("ada").await;
    stack.wire.take();
    for (path, body) in [
        ("/forgot-password", json!({ "email": "ada@example.com" })),
        ("/forgot-password", json!({})),
        (
            "/reset-password",
            json!({ "ticket": "x", "password": PASSWORD }),
        ),
    ] {
        let refused = api.post(path, &body).await;
        assert_eq!(
            refusal(&refused),
            (403, json!("feature_disabled")),
            "{path}"
        );
        let detail = refused.json()["detail"].to_string();
        assert!(detail.contains("MailFrom"), "{detail}");
        for (method, headers) in [
            (Method::GET, &[][..]),
            (Method::HEAD, &[]),
            (Method::POST, &[FORM]),
        ] {
            let body = if headers.is_empty() {
                ""
            } else {
                "email=ada%40example.com"
            };
            let page = api
                .send(method.clone(), path, headers, body.as_bytes())
                .await;
            assert_eq!(page.status, 403, "{method} {path}");
            let shown = if method == Method::HEAD {
                ""
            } else {
                "This is not available here"
            };
            assert!(text(&page).contains(shown), "{method} {path}");
            assert!(!text(&page).contains("MailFrom"), "{method} {path}");
            assert_eq!(page.body.is_empty(), method == Method::HEAD);
        }
    }
    assert_eq!(stack.wire.take(), []);
    assert_eq!(api.login("ada", PASSWORD).await.status, 200);
}
