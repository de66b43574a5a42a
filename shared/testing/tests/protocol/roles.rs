//! The scopes that roles confer by the owner's table.

use std::sync::Arc;

use api::{Caller, Error, SessionGuard};
use axum::Router;
use axum::extract::FromRef;
use axum::http::Method;
use axum::routing::get;
use claims::{Claims, Scope};
use serde_json::{Value, json};
use testing::{Client, Session, Stack, number};

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

#[tokio::test]
async fn whoever_may_introspect_alone_sees_and_changes_no_account() {
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

    // Whoever has no more than support has is theirs to support.
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
