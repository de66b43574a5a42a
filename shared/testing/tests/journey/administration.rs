//! What an administrator does with another's account and its tokens, as part of the journey.

use axum::http::Method;
use serde_json::{Value, json};
use testing::Client;

use crate::support::PASSWORD;

/// Who has been appointed by the operator.
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
    let token = login.access_token();
    let username = format!("Grace-{unique}");
    let registered = api.register(&username, PASSWORD).await;
    assert_eq!(registered.status, 201, "{}", registered.json());
    let id = registered.json()["user"]["id"].clone();
    let path = format!("/admin/users/{}", id.as_str().unwrap());
    let call = async |method, path: &str, body: Option<Value>, status| {
        let answer = api.call(method, path, Some(&token), body.as_ref()).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.json());
        answer.json()
    };

    let page = call(Method::GET, "/admin/users?limit=1", None, 200).await;
    assert_eq!(page["users"].as_array().unwrap().len(), 1);
    let found = format!("/admin/users?username={username}");
    let found = call(Method::GET, &found, None, 200).await;
    assert_eq!(found["users"][0]["id"], id);
    assert_eq!(call(Method::GET, &path, None, 200).await["id"], id);

    tokens(api, &token, &username).await;

    let roles = json!({ "roles": ["admin"] });
    let roles = call(Method::PUT, &format!("{path}/roles"), Some(roles), 200).await;
    assert_eq!(roles["roles"], json!(["admin"]));
    let promoted = api.login(&username, PASSWORD).await.access_token();
    let listed = api.get("/admin/users?limit=1", Some(&promoted)).await;
    assert_eq!(listed.status, 200, "{}", listed.json());

    let disabled = json!({ "status": "disabled" });
    call(Method::PATCH, &path, Some(disabled), 200).await;
    assert_eq!(api.login(&username, PASSWORD).await.status, 401);
    assert_eq!(api.get("/me", Some(&promoted)).await.status, 401);
    let active = json!({ "status": "active" });
    call(Method::PATCH, &path, Some(active), 200).await;

    let session = api.login(&username, PASSWORD).await.access_token();
    call(Method::DELETE, &format!("{path}/sessions"), None, 204).await;
    assert_eq!(api.get("/me", Some(&session)).await.status, 401);

    call(Method::DELETE, &path, None, 204).await;
    assert_eq!(api.login(&username, PASSWORD).await.status, 401);
    call(Method::GET, &path, None, 404).await;
}

/// What a service asks of somebody's tokens, and what becomes of them when one is revoked.
async fn tokens(api: &Client, token: &str, username: &str) {
    let login = api.login(username, PASSWORD).await;
    let active = async |of: &str| {
        let form = format!("token={of}");
        let answer = api.form("/oauth2/introspect", Some(token), &form).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
        answer.json()["active"].clone()
    };
    assert_eq!(active(&login.access_token()).await, json!(true));
    assert_eq!(active(&login.refresh_token()).await, json!(true));
    let form = format!("token={}", login.refresh_token());
    assert_eq!(api.form("/oauth2/revoke", None, &form).await.status, 200);
    assert_eq!(active(&login.access_token()).await, json!(false));
    assert_eq!(active(&login.refresh_token()).await, json!(false));
}
