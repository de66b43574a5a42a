//! The scopes that roles confer by the owner's table.

mod administrators;

use std::sync::Arc;

use api::{Caller, Error, SessionGuard};
use axum::Router;
use axum::extract::FromRef;
use axum::routing::get;
use claims::{Claims, Scope};
use serde_json::json;
use testing::{Client, Session, Stack};

const ROLES: &str = concat!(
    "admin=users:read+users:write+tokens:introspect+articles:write,",
    "editor=articles:write,",
    "introspector=tokens:introspect,",
    "support=users:read+users:write"
);

const ARTICLES_WRITE: Scope = Scope::new("articles:write");

#[derive(Clone, FromRef)]
struct App {
    guard: Arc<SessionGuard>,
}

async fn report(caller: Caller) -> Result<&'static str, Error> {
    caller.requires_role("admin")?;
    Ok("the report")
}

async fn article(caller: Caller) -> Result<&'static str, Error> {
    caller.requires(ARTICLES_WRITE)?;
    Ok("the article")
}

/// The API of a stack, and beside it the routes of an owner's, one by a role and one by a scope.
fn with_own(stack: &Stack, guard: SessionGuard) -> Client {
    let own = Router::new()
        .route("/report", get(report))
        .route("/article", get(article));
    let guard = Arc::new(guard);
    let own = api::layered(own.with_state(App { guard }));
    Client::with_own(stack.router().merge(own), &["GET /report", "GET /article"])
}

/// Grants and signs in somebody who is new.
async fn somebody(stack: &Stack, api: &Client, username: &str, roles: &[&str]) -> Session {
    api.sign_up(username).await;
    stack.grant(username, roles).await;
    api.sign_in(username).await
}

async fn status(session: &Session, path: &str) -> u16 {
    session.get(path).await.status
}

fn user_path(stack_user: &accounts::User) -> String {
    format!("/admin/users/{}", stack_user.id)
}

async fn set_roles(session: &Session, user: &str, roles: &[&str]) -> testing::Answer {
    let body = json!({ "roles": roles });
    session.put(&format!("{user}/roles"), &body).await
}

#[tokio::test]
async fn a_role_is_wanted_in_the_token_and_in_the_account() {
    let stack = Stack::start().await;
    let api = with_own(&stack, SessionGuard::new(&stack.environment()).unwrap());
    let ada = api.sign_up("ada").await;
    stack.grant("ada", &["admin"]).await;
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
    stack.grant("root", &[]).await;
    assert_eq!(root.get("/report").await.status, 403);
    assert_eq!(api.get("/report", None).await.status, 401);
}

#[tokio::test]
async fn a_role_of_the_owners_is_in_the_tokens_and_confers_its_scopes() {
    let stack = Stack::start_with(&[("ROLES", ROLES)]).await;
    let api = with_own(&stack, SessionGuard::new(&stack.environment()).unwrap());
    let root = stack.administrator(&api, "root").await;
    let early = api.sign_up("ada").await;
    let user = user_path(&stack.user("ada").await);
    let granted = set_roles(&root, &user, &["editor", "editor"]).await;
    assert_eq!(granted.status, 200, "{}", granted.json());
    assert_eq!(granted.json()["roles"], json!(["editor"]));
    assert_eq!(status(&early, "/article").await, 403, "not in the token");

    for ada in [early.refreshed().await, api.sign_in("ada").await] {
        let claims = stack.claims(&ada.access_token);
        assert_eq!(json!(claims.roles), json!(["editor"]));
        assert_eq!(claims.scope, "articles:write");
        assert_eq!(ada.get("/article").await.body, b"the article");
        assert_eq!(status(&ada, "/admin/users").await, 403);
        for token in [&ada.access_token, &ada.refresh_token] {
            let form = format!("token={token}");
            let said = root.form("/oauth2/introspect", &form).await.json();
            assert_eq!(
                (&said["roles"], &said["scope"]),
                (&json!(["editor"]), &json!("articles:write"))
            );
        }
        assert_eq!(ada.get("/me").await.json()["roles"], json!(["editor"]));
    }
    let listed = api.get("/.well-known/openid-configuration", None).await;
    assert_eq!(
        listed.json()["scopes_supported"],
        json!([
            "articles:write",
            "tokens:introspect",
            "users:read",
            "users:write"
        ])
    );

    let ada = api.sign_in("ada").await;
    assert_eq!(set_roles(&root, &user, &[]).await.status, 200);
    assert_eq!(status(&ada, "/article").await, 403, "taken away at once");
    assert_eq!(status(&ada, "/protected").await, 200);
}

#[tokio::test]
async fn a_scope_is_wanted_in_the_token_and_of_a_role_that_token_and_account_both_have() {
    let stack = Stack::start_with(&[("ROLES", ROLES)]).await;
    let api = with_own(&stack, SessionGuard::new(&stack.environment()).unwrap());
    let ada = somebody(&stack, &api, "ada", &["editor", "introspector"]).await;
    for (roles, scope, expected) in [
        (&["editor"][..], "articles:write", 200),
        (&["editor", "introspector"], "tokens:introspect", 403),
        (
            &["editor", "introspector"],
            "articles:write:all articles",
            403,
        ),
        (&["introspector"], "articles:write", 403),
        (&["admin", "introspector"], "articles:write", 403),
        (&[], "articles:write", 403),
    ] {
        let roles: Vec<_> = roles.iter().map(|role| role.parse().unwrap()).collect();
        let claims = Claims {
            scope: scope.to_owned(),
            roles,
            ..stack.claims(&ada.access_token)
        };
        let token = stack.key.sign(&claims).unwrap();
        let answer = api.get("/article", Some(&token)).await;
        assert_eq!(answer.status, expected, "{:?} {scope}", claims.roles);
    }
}

#[tokio::test]
async fn an_unknown_role_confers_nothing_and_refuses_nothing() {
    let stack = Stack::start_with(&[("ROLES", ROLES)]).await;
    let api = with_own(&stack, SessionGuard::new(&stack.environment()).unwrap());
    let root = stack.administrator(&api, "root").await;
    let ada = somebody(&stack, &api, "ada", &["editor", "wizard"]).await;
    let ada = ada.refreshed().await;
    let claims = stack.claims(&ada.access_token);
    assert_eq!(json!(claims.roles), json!(["editor", "wizard"]));
    assert_eq!(claims.scope, "articles:write");
    assert_eq!(status(&ada, "/article").await, 200);
    assert_eq!(status(&ada, "/protected").await, 200);

    // An administrator changes the account, and the role stays.
    let user = user_path(&stack.user("ada").await);
    for status in ["disabled", "active"] {
        let changed = root.patch(&user, &json!({ "status": status })).await;
        assert_eq!(changed.status, 200, "{}", changed.json());
        assert_eq!(changed.json()["roles"], json!(["editor", "wizard"]));
    }
    for kept in [&["wizard"][..], &["editor", "wizard"]] {
        let changed = set_roles(&root, &user, kept).await;
        assert_eq!(changed.json()["roles"], json!(kept), "{}", changed.json());
    }
    let refused = set_roles(&root, &user, &["editor", "sorcerer"]).await;
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.json()["errors"],
        json!([{
            "field": "roles",
            "detail": "may contain only these: admin, editor, introspector, support",
        }])
    );

    // Another version has put more into a token than is known here.
    let ada = api.sign_in("ada").await;
    let claims = stack.claims(&ada.access_token);
    let mut roles = claims.roles.clone();
    roles.push("sorcerer".parse().unwrap());
    let scope = format!("{} users:read spells:cast", claims.scope);
    let later = Claims {
        roles,
        scope,
        ..claims
    };
    let later = ada.with_access_token(stack.key.sign(&later).unwrap());
    assert_eq!(status(&later, "/protected").await, 200);
    assert_eq!(status(&later, "/article").await, 200);
    assert_eq!(status(&later, "/admin/users").await, 403);
}

#[tokio::test]
async fn a_scope_that_the_owner_has_taken_out_of_the_table_counts_no_more() {
    let stack = Stack::start_with(&[("ROLES", ROLES)]).await;
    let root = stack.administrator(&stack.api(), "root").await;
    let ada = somebody(&stack, &stack.api(), "ada", &["editor"]).await;
    let fewer = "admin=users:read,introspector=tokens:introspect";
    let environment = stack.environment_with("ROLES", Some(fewer));
    let api = with_own(&stack, SessionGuard::new(&environment).unwrap());
    let ada = api.session(ada.answer);
    assert_eq!(status(&ada, "/article").await, 403);
    assert_eq!(status(&ada, "/protected").await, 200);
    let admin = Client::function("admin", &environment).session(root.answer);
    assert_eq!(status(&admin, "/admin/users").await, 200);
    let user = user_path(&stack.user("ada").await);
    let write = admin.delete(&user).await;
    assert_eq!(write.status, 403, "{}", write.json());
    assert_eq!(write.json()["error"], json!("insufficient_scope"));
}

#[tokio::test]
async fn without_the_table_a_scope_counts_while_the_account_has_every_role_of_the_token() {
    let issuer = format!("https://{}", testing::stack::DOMAIN);
    let stack = Stack::start_with(&[("ROLES", ROLES), ("API_URL", &issuer)]).await;
    let elsewhere = stack.environment_with("ROLES", Some(""));
    let api = with_own(&stack, SessionGuard::for_another_api(&elsewhere).unwrap());
    let ada = somebody(&stack, &api, "ada", &["editor", "introspector"]).await;
    assert_eq!(status(&ada, "/article").await, 200);
    for (roles, expected) in [
        (&["editor"][..], 403),
        (&["introspector"], 403),
        (&["editor", "introspector", "support"], 200),
    ] {
        stack.grant("ada", roles).await;
        assert_eq!(status(&ada, "/article").await, expected, "{roles:?}");
    }
    // A scope comes from a role, and a token without roles has none.
    let claims = stack.claims(&ada.access_token);
    let none = Claims {
        roles: vec![],
        ..claims
    };
    let none = ada.with_access_token(stack.key.sign(&none).unwrap());
    assert_eq!(status(&none, "/article").await, 403);
    assert_eq!(status(&none, "/protected").await, 200);
}
