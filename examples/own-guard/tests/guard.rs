//! Who is admitted, and who is not.

use serde_json::json;
use testing::stack::DOMAIN;
use testing::{Client, Stack};

#[tokio::test]
async fn whoever_has_signed_in_is_admitted_and_the_scope_decides_the_rest() {
    let issuer = format!("https://{DOMAIN}");
    let stack = Stack::start_with(&[("API_URL", &issuer)]).await;
    let environment = stack.environment();
    let issuing = register::router(register::App::new(&environment).unwrap());
    let registered = Client::Router(issuing)
        .register("ada", "correct horse battery staple")
        .await;
    let token = registered.access_token();

    let api = Client::Router(own_guard::router(&environment).unwrap());
    let hello = api.get("/hello", Some(&token)).await;
    assert_eq!(hello.status, 200, "{}", hello.json());
    assert_eq!(
        hello.json(),
        json!({ "hello": registered.json()["user"]["id"] })
    );
    let reports = api.get("/reports", Some(&token)).await;
    assert_eq!(reports.status, 403);
    assert_eq!(reports.json()["error"], json!("insufficient_scope"));
    assert_eq!(api.get("/hello", None).await.status, 401);
    assert_eq!(api.get("/hello", Some("e30.e30.e30")).await.status, 401);
}
