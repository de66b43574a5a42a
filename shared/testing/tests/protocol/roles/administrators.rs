//! The reach of an administrator by their scopes, and by the time of their login.

use axum::http::Method;
use serde_json::{Value, json};
use testing::{Stack, number};

use super::{ROLES, set_roles, somebody, status, user_path};

/// Everything that `users:write` permits on an account.
fn writes(user: &str) -> [(Method, String, Option<Value>); 4] {
    let (disabled, none) = (json!({ "status": "disabled" }), json!({ "roles": [] }));
    [
        (Method::PATCH, user.to_owned(), Some(disabled)),
        (Method::PUT, format!("{user}/roles"), Some(none)),
        (Method::DELETE, format!("{user}/sessions"), None),
        (Method::DELETE, user.to_owned(), None),
    ]
}

#[tokio::test]
async fn an_introspector_sees_and_changes_no_account() {
    let stack = Stack::start().await;
    let api = stack.api();
    let service = somebody(&stack, &api, "service", &["introspector"]).await;
    let ada = api.sign_up("ada").await;
    let form = format!("token={}", ada.access_token);
    let said = service.form("/oauth2/introspect", &form).await;
    assert_eq!(
        (said.status, &said.json()["active"]),
        (200, &json!(true)),
        "{}",
        said.json()
    );
    let before = stack.user("ada").await;
    let user = user_path(&before);
    for path in ["/admin/users", "/admin/users?username=ada", &user] {
        let answer = service.get(path).await;
        assert_eq!(answer.status, 403, "{path}");
        assert_eq!(
            answer.header("www-authenticate"),
            Some(r#"Bearer error="insufficient_scope", scope="users:read""#)
        );
    }
    for (method, path, body) in writes(&user) {
        let answer = service.call(method, &path, body.as_ref()).await;
        assert_eq!(answer.status, 403, "{path}");
        assert_eq!(answer.json()["error"], json!("insufficient_scope"));
    }
    assert_eq!(stack.user("ada").await, before);
    assert_eq!(service.delete("/me").await.status, 204);
}

#[tokio::test]
async fn nobody_grants_or_touches_a_scope_that_they_lack() {
    let stack = Stack::start_with(&[("ROLES", ROLES)]).await;
    let api = stack.api();
    let support = somebody(&stack, &api, "support", &["support"]).await;
    api.sign_up("ada").await;
    let lacking = "a scope that you lack";
    let refused = |answer: &testing::Answer, what: &str| {
        assert_eq!(answer.status, 403, "{what}: {}", answer.json());
        let detail = answer.json()["detail"].clone();
        assert!(
            detail.as_str().unwrap().contains(lacking),
            "{what}: {detail}"
        );
    };

    let before = stack.user("ada").await;
    let ada = user_path(&before);
    for roles in [
        &["admin"][..],
        &["introspector"],
        &["editor"],
        &["support", "introspector"],
    ] {
        let answer = set_roles(&support, &ada, roles).await;
        refused(&answer, &format!("{roles:?}"));
    }
    assert_eq!(stack.user("ada").await, before);

    for (name, roles) in [
        ("root", &["admin"][..]),
        ("service", &["introspector"]),
        ("mixed", &["support", "editor"]),
    ] {
        api.sign_up(name).await;
        stack.grant(name, roles).await;
        let before = stack.user(name).await;
        for (method, path, body) in writes(&user_path(&before)) {
            let answer = support.call(method.clone(), &path, body.as_ref()).await;
            refused(&answer, &format!("{method} {path} of {name}"));
        }
        assert_eq!(stack.user(name).await, before, "{name}");
    }

    let own = stack.user("support").await;
    for (method, path, body) in writes(&user_path(&own)) {
        let answer = support.call(method, &path, body.as_ref()).await;
        assert_eq!(answer.status, 403, "{path}");
    }
    assert_eq!(support.delete("/me").await.status, 403);
    assert_eq!(stack.user("support").await, own);

    // Support may change an account that has no scope beyond those of support.
    let granted = set_roles(&support, &ada, &["support"]).await;
    assert_eq!(granted.json()["roles"], json!(["support"]));
    for (method, path, body) in writes(&ada) {
        let answer = support.call(method, &path, body.as_ref()).await;
        assert!(answer.status < 300, "{path}: {}", answer.json());
    }
}

#[tokio::test]
async fn what_an_administrator_writes_takes_a_recent_login_and_what_they_read_does_not() {
    let stack = Stack::start().await;
    let api = stack.api();
    let root = api.sign_up("root").await;
    stack.grant("root", &["admin"]).await;
    let root = root.refreshed().await;
    let nobody = "/admin/users/019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12";
    for (method, path, body) in writes(nobody) {
        let answer = root.call(method, &path, body.as_ref()).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.json());
    }
    let long_ago = number(api::now() - 301);
    stack.set("SessionsTable", "auth_time", long_ago).await;
    let root = root.refreshed().await;
    for (method, path, body) in writes(nobody) {
        let answer = root.call(method, &path, body.as_ref()).await;
        assert_eq!(answer.status, 401, "{path}: {}", answer.json());
        let code = json!("insufficient_user_authentication");
        assert_eq!(answer.json()["error"], code, "{path}");
        let challenge = answer.header("www-authenticate").unwrap();
        assert!(challenge.ends_with("max_age=300"), "{challenge}");
    }
    assert_eq!(status(&root, nobody).await, 404);
    assert_eq!(status(&root, "/admin/users").await, 200);
}
