//! Who is admitted, and who is not.

use serde_json::json;
use testing::stack::DOMAIN;
use testing::{Client, Stack};

#[tokio::test]
async fn whoever_has_signed_in_is_admitted_and_the_scope_decides_the_rest() {
    let issuer = format!("https://{DOMAIN}");
    let stack = Stack::start_with(&[("API_URL", &issuer)]).await;
    let environment = stack.environment();
    let ada = stack.function("register").sign_up("ada").await;
    let api = Client::Router(own_guard::router(&environment).unwrap());
    let ada = api.session(ada.answer);

    let hello = ada.get("/hello").await;
    assert_eq!(hello.status, 200, "{}", hello.json());
    assert_eq!(hello.json(), json!({ "hello": ada.user_id() }));
    let reports = ada.get("/reports").await;
    assert_eq!(reports.status, 403);
    assert_eq!(reports.json()["error"], json!("insufficient_scope"));
    assert_eq!(api.get("/hello", None).await.status, 401);
    assert_eq!(api.get("/hello", Some("e30.e30.e30")).await.status, 401);
}
