//! Without `MailFrom`.

use axum::http::Method;
use serde_json::json;
use testing::{OTHER_PASSWORD, PASSWORD, Stack};

use super::{ADA, NEW, problem, signed_up};

#[tokio::test]
async fn without_mail_its_routes_name_the_parameter_and_all_else_is_as_ever() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = signed_up(&api, "ada", ADA).await;
    stack.wire.take();
    let disabled = (403, json!("feature_disabled"));
    for (method, path, body) in [
        (Method::PUT, "/me/email", json!({ "email": NEW })),
        (Method::PUT, "/me/email", json!({})),
        (Method::POST, "/me/email/confirm", json!({ "ticket": "x" })),
    ] {
        let answer = ada.call(method.clone(), path, Some(&body)).await;
        assert_eq!(problem(&answer), disabled, "{path}");
        assert!(
            answer.json()["detail"]
                .as_str()
                .unwrap()
                .contains("MailFrom")
        );
        assert_eq!(
            answer.header("www-authenticate"),
            None,
            "no token would help"
        );
        let stranger = api.call(method, path, None, Some(&body)).await;
        assert_eq!(stranger.status, 401, "{path}");
    }
    let guards = stack.wire.take().into_iter().map(|call| call.operation);
    assert_eq!(guards.collect::<Vec<_>>(), ["BatchGetItem"; 3]);
    for method in [Method::GET, Method::HEAD] {
        let page = api
            .call(method, "/account/email?ticket=x", None, None)
            .await;
        assert_eq!(page.status, 403);
    }
    assert!(stack.wire.take().is_empty());

    let locale = ada.patch("/me", &json!({ "locale": "de" })).await;
    let errors = locale.json()["errors"].as_array().unwrap().clone();
    assert!(
        errors.iter().any(|error| error["field"] == "locale"),
        "no such member"
    );
    let changed = ada.patch("/me", &json!({ "email": NEW })).await;
    assert_eq!(changed.json()["email"], NEW);
    for member in ["email_verified", "locale"] {
        assert_eq!(changed.json().get(member), None, "{member}");
        assert_eq!(ada.user().get(member), None, "{member}");
    }
    assert_eq!(stack.claims(&ada.access_token).email_verified, None);
    let ada = api.session(ada.change_password(PASSWORD, OTHER_PASSWORD).await);
    assert_eq!(ada.delete("/me").await.status, 204);
}
