//! The permissions of a function are those that it uses, as its calls to DynamoDB show.

#![expect(
    clippy::unwrap_used,
    reason = "a test's helpers fail by panicking, as the test does"
)]

mod support;

use std::collections::BTreeSet;

use axum::Router;
use axum::http::Method;
use local::Template;
use serde_json::{Value, json};
use support::{OTHER_PASSWORD, PASSWORD};
use testing::{Client, Stack};

/// Everything that a function does, good and bad, so that each of its permissions is needed.
async fn exercise(name: &str, stack: &Stack, api: &Client) {
    match name {
        "register" => {
            assert_eq!(api.register("ada", PASSWORD).await.status, 201);
            assert_eq!(api.register("ada", PASSWORD).await.status, 409);
            let conflict = testing::wire::Fault::Canceled("TransactionConflict");
            stack.wire.fail("TransactWriteItems", &conflict, 100);
            assert_eq!(api.register("ada", PASSWORD).await.status, 409);
            stack.wire.mend();
        }
        "login" => {
            assert_eq!(api.login("ada", PASSWORD).await.status, 200);
            assert_eq!(api.login("ada", "wrong").await.status, 401);
        }
        "refresh" => {
            let first = support::api(stack)
                .login("ada", PASSWORD)
                .await
                .refresh_token();
            stack.wire.take();
            let second = api.refresh(&first).await.refresh_token();
            assert_eq!(api.refresh(&second).await.status, 200);
            assert_eq!(api.refresh(&first).await.status, 401);
        }
        "logout" => {
            let token = support::api(stack)
                .login("ada", PASSWORD)
                .await
                .access_token();
            stack.wire.take();
            assert_eq!(api.logout(&token).await.status, 204);
        }
        "protected" => {
            let everything = support::api(stack);
            let token = everything.login("ada", PASSWORD).await.access_token();
            stack.wire.take();
            assert_eq!(api.get("/protected", Some(&token)).await.status, 200);
        }
        "account" => exercise_account(stack, api).await,
        "admin" => exercise_admin(stack, api).await,
        "introspect" => {
            let everything = support::api(stack);
            let token = support::administrator(stack, &everything, "judge").await;
            stack.wire.take();
            let form = format!("token={token}");
            let answer = api.form("/oauth2/introspect", Some(&token), &form).await;
            assert_eq!(answer.json()["active"], json!(true));
        }
        "authorizer" => {
            let token = support::api(stack).login("ada", PASSWORD).await;
            let app = authorizer::App::new(&stack.environment()).unwrap();
            stack.wire.take();
            let mut request = testing::event("authorizer");
            request["headers"]["authorization"] = json!(format!("Bearer {}", token.access_token()));
            let request = serde_json::from_value(request).unwrap();
            let answer = authorizer::authorize(&app, request).await.unwrap();
            assert!(answer.is_authorized);
        }
        "revoke" => {
            let login = support::api(stack).login("ada", PASSWORD).await;
            stack.wire.take();
            for token in [login.refresh_token(), login.access_token()] {
                let form = format!("token={token}");
                assert_eq!(api.form("/oauth2/revoke", None, &form).await.status, 200);
            }
        }
        "rotate-keys" => {
            let environment = stack.environment_with("SIGNING_ALGORITHM", Some("ES256"));
            let app = rotate_keys::App::new(&environment).unwrap();
            let answer = rotate_keys::handle(&app, json!({})).await.unwrap();
            assert_eq!(answer.unwrap().version, 2);
        }
        "discovery" => assert_eq!(api.get("/.well-known/jwks.json", None).await.status, 200),
        other => panic!("{other} is not exercised"),
    }
}

async fn exercise_account(stack: &Stack, api: &Client) {
    let everything = support::api(stack);
    everything.register("eve", PASSWORD).await;
    let login = everything.login("eve", PASSWORD).await;
    let token = login.access_token();
    let call = async |method, path: &str, body: Option<Value>, status| {
        let answer = api.call(method, path, Some(&token), body.as_ref()).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.json());
    };
    stack.wire.take();
    let email = json!({ "email": "eve@example.com" });
    call(Method::PATCH, "/me", Some(email), 200).await;
    let username = json!({ "username": "evelyn" });
    call(Method::PATCH, "/me", Some(username), 200).await;
    let passwords = json!({ "current_password": PASSWORD, "password": OTHER_PASSWORD });
    call(Method::PUT, "/me/password", Some(passwords), 204).await;
    call(Method::GET, "/me/sessions", None, 200).await;
    call(Method::DELETE, "/me/sessions", None, 204).await;
    call(
        Method::DELETE,
        "/me/sessions/019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12",
        None,
        204,
    )
    .await;
    call(Method::DELETE, "/me", None, 204).await;
}

async fn exercise_admin(stack: &Stack, api: &Client) {
    let everything = support::api(stack);
    let token = support::administrator(stack, &everything, "root").await;
    let target = everything.register("mallory", PASSWORD).await.json();
    let path = format!("/admin/users/{}", target["user"]["id"].as_str().unwrap());
    let call = async |method, path: String, body: Option<Value>, status| {
        let answer = api.call(method, &path, Some(&token), body.as_ref()).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.json());
    };
    stack.wire.take();
    call(Method::GET, "/admin/users".to_owned(), None, 200).await;
    call(
        Method::GET,
        "/admin/users?username=mallory".to_owned(),
        None,
        200,
    )
    .await;
    call(Method::GET, path.clone(), None, 200).await;
    let roles = json!({ "roles": ["admin"] });
    call(Method::PUT, format!("{path}/roles"), Some(roles), 200).await;
    call(Method::DELETE, format!("{path}/sessions"), None, 204).await;
    call(Method::DELETE, path, None, 204).await;
}

#[tokio::test]
async fn a_function_is_allowed_what_it_does_and_nothing_else() {
    let stack = Stack::start().await;
    let dearer = stack.environment_with("ARGON2_ITERATIONS", Some("6"));
    let environment = stack.environment();
    let routers: [(&str, Router); 12] = [
        (
            "register",
            register::router(register::App::new(&environment).unwrap()),
        ),
        ("login", login::router(login::App::new(&dearer).unwrap())),
        (
            "refresh",
            refresh::router(refresh::App::new(&environment).unwrap()),
        ),
        (
            "logout",
            logout::router(logout::App::new(&environment).unwrap()),
        ),
        (
            "protected",
            protected::router(protected::App::new(&environment).unwrap()),
        ),
        (
            "account",
            account::router(account::App::new(&environment).unwrap()),
        ),
        (
            "admin",
            admin::router(admin::App::new(&environment).unwrap()),
        ),
        (
            "introspect",
            introspect::router(introspect::App::new(&environment).unwrap()),
        ),
        (
            "revoke",
            revoke::router(revoke::App::new(&environment).unwrap()),
        ),
        // Not behind a route: these are called by themselves.
        ("authorizer", Router::new()),
        ("rotate-keys", Router::new()),
        (
            "discovery",
            discovery::router(discovery::App::new(&environment).unwrap()),
        ),
    ];
    let functions = Template::load().functions();
    assert_eq!(functions.len(), routers.len());
    for (name, router) in routers {
        stack.wire.take();
        exercise(name, &stack, &Client::Router(router)).await;
        let used: BTreeSet<_> = stack
            .wire
            .take()
            .into_iter()
            .flat_map(|sent| sent.uses)
            .collect();
        let function = functions
            .iter()
            .find(|function| function.name == name)
            .unwrap();
        assert_eq!(
            function.policies, used,
            "{name}: the template's policies, and what was used"
        );
    }
}

#[test]
fn whoever_issues_tokens_unseals_keys_and_whoever_makes_keys_cannot() {
    let decrypt = |purpose| ("kms:Decrypt", purpose);
    for function in Template::load().functions() {
        let expected: &[(&str, &str)] = match function.name.as_str() {
            "register" | "login" | "refresh" => &[decrypt("sign"), decrypt("mac")],
            "logout" | "revoke" | "introspect" => &[decrypt("mac")],
            "rotate-keys" => &[
                ("kms:GenerateDataKeyPairWithoutPlaintext", "sign"),
                ("kms:GenerateDataKeyWithoutPlaintext", "mac"),
            ],
            _ => &[],
        };
        let owned =
            |(action, purpose): &(&str, &str)| ((*action).to_owned(), (*purpose).to_owned());
        let expected: BTreeSet<_> = expected.iter().map(owned).collect();
        assert_eq!(function.kms, expected, "{}", function.name);
    }
}
