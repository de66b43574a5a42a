//! A route of one's own that is guarded by a role.

use std::sync::Arc;

use api::{Caller, Error, SessionGuard};
use axum::Router;
use axum::extract::FromRef;
use axum::routing::get;
use claims::Role;
use serde_json::json;
use testing::{Client, Stack};

#[derive(Clone, FromRef)]
struct App {
    guard: Arc<SessionGuard>,
}

async fn report(caller: Caller) -> Result<&'static str, Error> {
    caller.requires_role(Role::Admin)?;
    Ok("the report")
}

#[tokio::test]
async fn a_role_is_wanted_in_the_token_and_in_the_account() {
    let stack = Stack::start().await;
    let guard = Arc::new(SessionGuard::new(&stack.environment()).unwrap());
    let own = Router::new().route("/report", get(report));
    let own = api::layered(own.with_state(App { guard }));
    let api = Client::Router(stack.router().merge(own));

    let ada = api.sign_up("ada").await;
    stack.grant("ada", vec![Role::Admin]).await;
    let early = ada.get("/report").await;
    assert_eq!(
        (early.status, early.json()["error"].clone()),
        (403, json!("insufficient_scope"))
    );
    assert_eq!(
        early.header("www-authenticate"),
        Some(r#"Bearer error="insufficient_scope", error_description="The role admin is needed""#)
    );
    let root = stack.administrator(&api, "root").await;
    assert_eq!(root.get("/report").await.body, b"the report");
    stack.grant("root", vec![]).await;
    assert_eq!(root.get("/report").await.status, 403);
    assert_eq!(api.get("/report", None).await.status, 401);
}
