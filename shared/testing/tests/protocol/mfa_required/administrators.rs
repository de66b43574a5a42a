//! Administrators who must show a second factor for what is beyond their own account.

use std::sync::Arc;

use accounts::Methods;
use api::{Caller, Environment, Error, SessionGuard};
use axum::Router;
use axum::extract::FromRef;
use axum::routing::get;
use claims::Scope;
use serde_json::{Value, json};
use testing::passkey::Passkey;
use testing::{Answer, Client, Session, Stack};

use super::requiring;

const ROLES: &str = concat!(
    "admin=users:read+users:write+tokens:introspect,",
    "editor=reports:read,",
    "introspector=tokens:introspect"
);

const ADMINS: [(&str, &str); 2] = [("MFA_REQUIRED", "admins"), ("ROLES", ROLES)];

/// Holds an answer to the one that asks for a second factor.
fn asks_for_more(answer: &Answer) {
    assert_eq!(answer.status, 401, "{}", answer.json());
    let error = "insufficient_user_authentication";
    assert_eq!(answer.json()["error"], json!(error));
    let challenge = answer.header("www-authenticate").unwrap();
    let begins = format!(r#"Bearer error="{error}""#);
    assert!(challenge.starts_with(&begins), "{challenge}");
    assert!(challenge.contains(r#"acr_values="aal2""#), "{challenge}");
}

async fn somebody(stack: &Stack, api: &Client, name: &str, roles: &[&str]) -> Session {
    api.sign_up(name).await;
    stack.grant(name, roles).await;
    api.sign_in(name).await
}

async fn introspected(judge: &Session, token: &str) -> Value {
    let form = format!("token={token}");
    let answer = judge.form("/oauth2/introspect", &form).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()
}

#[tokio::test]
async fn an_administrator_needs_a_second_factor_beyond_their_own_account() {
    let stack = Stack::start_with(&ADMINS).await;
    let api = stack.api();
    let root = somebody(&stack, &api, "root", &["admin"]).await;
    let ada = api.sign_up("ada").await;
    let path = format!("/admin/users/{}", ada.user_id());

    asks_for_more(&root.get("/admin/users").await);
    asks_for_more(&root.get(&path).await);
    asks_for_more(&root.delete(&path).await);
    asks_for_more(&root.patch(&path, &json!({ "status": "disabled" })).await);
    asks_for_more(&root.form("/oauth2/introspect", "token=x").await);
    assert_eq!(ada.get("/me").await.status, 200, "nothing was changed");
    for own in ["/me", "/me/sessions", "/protected"] {
        assert_eq!(root.get(own).await.status, 200, "{own}");
    }
    let renamed = root.patch("/me", &json!({ "username": "toor" })).await;
    assert_eq!(renamed.status, 200, "{}", renamed.json());

    // The session decides: the token at hand counts once it is raised.
    stack.begun_with(&root, &["pwd", "otp"]).await;
    assert_eq!(root.get("/admin/users").await.status, 200);
    assert_eq!(root.delete(&path).await.status, 204);
    stack.begun_with(&root, &["email", "otp"]).await;
    asks_for_more(&root.get("/admin/users").await);
    let ada = somebody(&stack, &api, "eve", &[]).await;
    let denied = ada.get("/admin/users").await;
    assert_eq!(
        (denied.status, &denied.json()["error"]),
        (403, &json!("insufficient_scope"))
    );
}

/// It would reach the roles by another factor, which it has added itself.
#[tokio::test]
async fn a_password_changes_nothing_of_an_administrator_who_has_a_passkey() {
    let stack = Stack::start_with(&ADMINS).await;
    let api = stack.api();
    let mut passkeys = Vec::new();
    for (name, roles) in [("root", &["admin"][..]), ("eddie", &["editor"])] {
        let mut passkey = Passkey::of_stack();
        let owner = somebody(&stack, &api, name, roles).await;
        assert_eq!(passkey.enrol(&owner, "Key").await.status, 201);
        passkeys.push(passkey);
    }
    let by_password = api.sign_in("root").await;
    let (nothing, path) = (json!({}), format!("/me/passkeys/{}", passkeys[0].id()));
    for path in ["/me/totp", "/me/recovery-codes", "/me/passkeys/options"] {
        asks_for_more(&by_password.post(path, &nothing).await);
    }
    asks_for_more(&by_password.delete(&path).await);
    asks_for_more(&by_password.put("/me/password", &nothing).await);
    asks_for_more(
        &by_password
            .patch("/me", &json!({ "username": "toor" }))
            .await,
    );

    let by_passkey = api.session(passkeys[0].log_in(&api).await);
    let added = by_passkey.post("/me/totp", &nothing).await;
    assert_eq!(added.status, 201, "{}", added.json());
    let editor = api.sign_in("eddie").await;
    let added = editor.post("/me/totp", &nothing).await;
    assert_eq!(added.status, 201, "{}", added.json());
}

#[tokio::test]
async fn nobody_else_does() {
    let stack = Stack::start_with(&ADMINS).await;
    let api = stack.api();
    let judge = somebody(&stack, &api, "judge", &["introspector"]).await;
    let ada = api.sign_up("ada").await;
    let said = introspected(&judge, &ada.access_token).await;
    assert_eq!(said["active"], json!(true));
    for whom in ["off", "admins"] {
        let environment = stack.environment_with("MFA_REQUIRED", Some(whom));
        let root = somebody(&stack, &api, &format!("root.{whom}"), &["admin"]).await;
        let there = Client::api(&environment).session(root.answer.clone());
        let expected = if whom == "off" { 200 } else { 401 };
        assert_eq!(there.get("/admin/users").await.status, expected);
    }
    // A token of before the change lasts until it expires, and confers no role.
    let root = somebody(&stack, &api, "root", &["admin"]).await;
    let all = requiring(&stack, "all").session(root.answer.clone());
    asks_for_more(&all.get("/admin/users").await);
    assert_eq!(all.get("/me").await.status, 200);
}

#[tokio::test]
async fn introspection_shows_no_role_that_does_not_count_yet() {
    let stack = Stack::start_with(&ADMINS).await;
    let api = stack.api();
    let judge = somebody(&stack, &api, "judge", &["introspector"]).await;
    let root = somebody(&stack, &api, "root", &["admin", "editor"]).await;
    let editor = somebody(&stack, &api, "eddie", &["editor"]).await;
    let all = json!("reports:read tokens:introspect users:read users:write");
    for token in [&root.access_token, &root.refresh_token] {
        stack.begun_with(&root, &["pwd"]).await;
        let said = introspected(&judge, token).await;
        let shown = (&said["active"], &said["roles"], &said["scope"]);
        assert_eq!(shown, (&json!(true), &json!([]), &json!("")));
        stack.begun_with(&root, &["pop", "user"]).await;
        let said = introspected(&judge, token).await;
        let shown = (&said["roles"], &said["scope"]);
        assert_eq!(shown, (&json!(["admin", "editor"]), &all));
    }
    for token in [&editor.access_token, &editor.refresh_token] {
        let said = introspected(&judge, token).await;
        let shown = (&said["roles"], &said["scope"]);
        assert_eq!(shown, (&json!(["editor"]), &json!("reports:read")));
    }
}

#[tokio::test]
async fn the_authorizer_hands_on_no_role_that_does_not_count_yet() {
    let issuer = format!("https://{}", testing::stack::DOMAIN);
    let stack = Stack::start_with(&[ADMINS[0], ADMINS[1], ("API_URL", &issuer)]).await;
    let root = somebody(&stack, &stack.api(), "root", &["admin", "editor"]).await;
    let mut event = testing::event("authorizer");
    event["headers"]["authorization"] = json!(format!("Bearer {}", root.access_token));
    for (methods, roles) in [(&["pwd"][..], ""), (&["pwd", "otp"], "admin editor")] {
        stack.begun_with(&root, methods).await;
        let answer = stack.invoke("authorizer", &event).await.unwrap();
        assert_eq!(answer["isAuthorized"], json!(true));
        let context = &answer["context"];
        assert_eq!(context["roles"], json!(roles));
        assert_eq!(context["scope"] == json!(""), roles.is_empty(), "{context}");
    }
}

#[derive(Clone, FromRef)]
struct App {
    guard: Arc<SessionGuard>,
}

async fn drafts(caller: Caller) -> Result<&'static str, Error> {
    caller.requires_role("editor")?;
    Ok("the drafts")
}

async fn reports(caller: Caller) -> Result<&'static str, Error> {
    caller.requires(Scope::new("reports:read"))?;
    Ok("the reports")
}

async fn vault(caller: Caller) -> Result<&'static str, Error> {
    caller.requires_acr(accounts::Acr::Aal2)?;
    Ok("the vault")
}

/// An API of the owner's, behind this guard.
fn own(environment: &Environment, guard: SessionGuard) -> Client {
    let routes = Router::new()
        .route("/drafts", get(drafts))
        .route("/reports", get(reports))
        .route("/vault", get(vault));
    let guard = Arc::new(guard);
    let routes = api::layered(routes.with_state(App { guard }));
    let router = testing::router::router(environment).merge(routes);
    Client::with_own(router, &["GET /drafts", "GET /reports", "GET /vault"])
}

#[tokio::test]
async fn a_guard_of_the_owners_withholds_them_with_the_table_of_roles_and_without() {
    let issuer = format!("https://{}", testing::stack::DOMAIN);
    let stack = Stack::start_with(&[ADMINS[0], ADMINS[1], ("API_URL", &issuer)]).await;
    let without = stack.environment_with("ROLES", Some(""));
    let root = somebody(&stack, &stack.api(), "root", &["admin", "editor"]).await;
    let editor = somebody(&stack, &stack.api(), "eddie", &["editor"]).await;
    for guard in [
        SessionGuard::new(&stack.environment()).unwrap(),
        SessionGuard::for_another_api(&without).unwrap(),
    ] {
        let api = own(&stack.environment(), guard);
        let [root, editor] = [&root, &editor].map(|session| api.session(session.answer.clone()));
        stack.begun_with(&root, &["pwd"]).await;
        for path in ["/drafts", "/reports", "/vault"] {
            asks_for_more(&root.get(path).await);
        }
        for path in ["/drafts", "/reports"] {
            assert_eq!(editor.get(path).await.status, 200, "{path}");
        }
        asks_for_more(&editor.get("/vault").await);
        stack.begun_with(&root, &["pwd", "otp"]).await;
        for path in ["/drafts", "/reports", "/vault"] {
            assert_eq!(root.get(path).await.status, 200, "{path}");
        }
    }
}

#[tokio::test]
async fn a_role_that_came_after_the_token_counts_for_this_too() {
    let stack = Stack::start_with(&ADMINS).await;
    let guard = SessionGuard::new(&stack.environment()).unwrap();
    let api = own(&stack.environment(), guard);
    let ada = somebody(&stack, &api, "ada", &["editor"]).await;
    assert_eq!(ada.get("/reports").await.status, 200);
    stack.grant("ada", &["editor", "admin"]).await;
    asks_for_more(&ada.get("/reports").await);
    let passkey = Methods::passkey().amr();
    let passkey = Vec::from_iter(passkey.iter().map(String::as_str));
    stack.begun_with(&ada, &passkey).await;
    assert_eq!(ada.get("/reports").await.status, 200);
}
