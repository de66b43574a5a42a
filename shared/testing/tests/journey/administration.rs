//! The part of the journey in which an administrator works on another account and its tokens.

use axum::http::Method;
use serde_json::{Value, json};
use testing::{Client, PASSWORD, Session};

/// The administrator that the operator has appointed.
pub(crate) struct Administrator {
    pub(crate) username: String,
    pub(crate) password: String,
}

impl Administrator {
    /// From `USERNAME:PASSWORD`.
    pub(crate) fn parse(text: &str) -> Self {
        let (username, password) = text.split_once(':').expect("USERNAME:PASSWORD");
        Self {
            username: username.to_owned(),
            password: password.to_owned(),
        }
    }
}

pub(crate) async fn administration(api: &Client, administrator: &Administrator, unique: &str) {
    let login = api
        .login(&administrator.username, &administrator.password)
        .await;
    assert_eq!(login.status, 200, "{}", login.json());
    let administrator = api.session(login);
    let username = format!("Grace-{unique}");
    let id = api.sign_up(&username).await.user_id();
    let path = format!("/admin/users/{id}");
    let call = async |method, path: &str, body: Option<Value>, status| {
        let answer = administrator.call(method, path, body.as_ref()).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.json());
        answer.json()
    };

    let page = call(Method::GET, "/admin/users?limit=1", None, 200).await;
    assert_eq!(page["users"].as_array().unwrap().len(), 1);
    let found = format!("/admin/users?username={username}");
    let found = call(Method::GET, &found, None, 200).await;
    assert_eq!(found["users"][0]["id"], json!(id));
    assert_eq!(call(Method::GET, &path, None, 200).await["id"], json!(id));

    tokens(api, &administrator, &username).await;

    let roles = json!({ "roles": ["admin"] });
    let roles = call(Method::PUT, &format!("{path}/roles"), Some(roles), 200).await;
    assert_eq!(roles["roles"], json!(["admin"]));
    let promoted = api.sign_in(&username).await;
    let listed = promoted.get("/admin/users?limit=1").await;
    assert_eq!(listed.status, 200, "{}", listed.json());

    let disabled = json!({ "status": "disabled" });
    call(Method::PATCH, &path, Some(disabled), 200).await;
    assert_eq!(api.login(&username, PASSWORD).await.status, 401);
    assert_eq!(promoted.get("/me").await.status, 401);
    let active = json!({ "status": "active" });
    call(Method::PATCH, &path, Some(active), 200).await;

    let session = api.sign_in(&username).await;
    call(Method::DELETE, &format!("{path}/sessions"), None, 204).await;
    assert_eq!(session.get("/me").await.status, 401);

    call(Method::DELETE, &path, None, 204).await;
    assert_eq!(api.login(&username, PASSWORD).await.status, 401);
    call(Method::GET, &path, None, 404).await;
}

/// Introspects tokens as a service does, and revokes one.
async fn tokens(api: &Client, service: &Session, username: &str) {
    let session = api.sign_in(username).await;
    let active = async |of: &str| {
        let form = format!("token={of}");
        let answer = service.form("/oauth2/introspect", &form).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
        answer.json()["active"].clone()
    };
    assert_eq!(active(&session.access_token).await, json!(true));
    assert_eq!(active(&session.refresh_token).await, json!(true));
    let form = format!("token={}", session.refresh_token);
    assert_eq!(api.form("/oauth2/revoke", None, &form).await.status, 200);
    assert_eq!(active(&session.access_token).await, json!(false));
    assert_eq!(active(&session.refresh_token).await, json!(false));
}
