//! The calls by which administrators order mails.

use axum::http::Method;
use serde_json::json;
use testing::Stack;

use super::counter::Counter;
use super::run;

#[tokio::test]
async fn an_order_of_a_mail_keeps_to_its_budget_of_calls() {
    let stack = Stack::with_mail(&[]).await;
    let api = stack.api();
    let root = stack.administrator(&api, "root").await;
    let id = api.sign_up_with_address("eve").await.user_id();
    stack.prove_address("eve").await;
    root.get("/admin/users").await;
    let mut counter = Counter::new(&stack);
    let path = "/admin/users/{id}";
    let reset = "/admin/users/{id}/password-reset";
    let free = Some(json!({ "email": "grace@example.com" }));
    let taken = Some(json!({ "email": "eve@example.com" }));
    let disabled = Some(json!({ "status": "disabled" }));
    let steps = vec![
        (Method::POST, "/admin/users", free, 202, (3, 3)),
        (Method::POST, "/admin/users", taken, 409, (2, 2)),
        (Method::POST, reset, None, 202, (3, 3)),
        // With a notice.
        (Method::PATCH, path, disabled, 200, (3, 3)),
        (Method::POST, reset, None, 409, (2, 2)),
        (Method::DELETE, path, None, 204, (6, 6)),
    ];
    run(&api, &mut counter, &root.access_token, &id, steps).await;
    counter.finish();
}
