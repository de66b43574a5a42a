//! A route of one's own that is guarded by a role.

mod support;

use std::sync::Arc;

use api::{Caller, Error, SessionGuard};
use axum::Router;
use axum::extract::FromRef;
use axum::routing::get;
use claims::Role;
use serde_json::json;
use support::{PASSWORD, administrator, grant};
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
    let api = Client::Router(support::router(&stack).merge(own));

    let whole = support::api(&stack);
    let ada = whole.register("ada", PASSWORD).await;
    grant(&stack, "ada", vec![Role::Admin]).await;
    let early = api.get("/report", Some(&ada.access_token())).await;
    assert_eq!(
        (early.status, early.json()["error"].clone()),
        (403, json!("insufficient_scope"))
    );
    assert_eq!(
        early.header("www-authenticate"),
        Some(r#"Bearer error="insufficient_scope", error_description="The role admin is needed""#)
    );
    let root = administrator(&stack, &whole, "root").await;
    assert_eq!(api.get("/report", Some(&root)).await.body, b"the report");
    grant(&stack, "root", vec![]).await;
    assert_eq!(api.get("/report", Some(&root)).await.status, 403);
    assert_eq!(api.get("/report", None).await.status, 401);
}
