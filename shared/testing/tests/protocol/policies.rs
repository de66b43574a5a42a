//! The permissions of a function are those that it uses, as its calls to DynamoDB show.

use std::collections::BTreeSet;

use axum::http::Method;
use lambda_http::Context;
use local::Template;
use local::functions::Function;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use testing::wire::Fault;
use testing::{Client, OTHER_PASSWORD, PASSWORD, Session, Stack};

/// Everything that a function does, good and bad, so that each of its permissions is needed.
async fn exercise(name: &str, stack: &Stack, function: &Client) {
    // The calls of a login are not the function's own.
    let sign_in = async || {
        let ada = stack.api().sign_in("ada").await;
        stack.wire.take();
        ada
    };
    match name {
        "register" => {
            function.sign_up("eve").await;
            assert_eq!(function.register("eve", PASSWORD).await.status, 409);
            let conflict = Fault::Canceled("TransactionConflict");
            stack.wire.fail("TransactWriteItems", &conflict, 100);
            assert_eq!(function.register("eve", PASSWORD).await.status, 409);
            stack.wire.mend();
        }
        "login" => {
            let ada = function.sign_in("ada").await;
            let ada = function.session(ada.answer);
            assert_eq!(ada.login_again("ada", PASSWORD).await.status, 200);
            assert_eq!(function.login("ada", "wrong").await.status, 401);
        }
        "refresh" => {
            let ada = function.session(sign_in().await.answer);
            let newest = ada.refreshed().await;
            stack.refreshed_at(&newest, api::now() - 61).await;
            assert_eq!(ada.refresh().await.status, 401);
        }
        "logout" => {
            let ada = sign_in().await;
            assert_eq!(function.logout(&ada.access_token).await.status, 204);
        }
        "protected" => {
            let ada = sign_in().await;
            let guarded = function.get("/protected", Some(&ada.access_token));
            assert_eq!(guarded.await.status, 200);
        }
        "account" => exercise_account(stack, function).await,
        "admin" => exercise_admin(stack, function).await,
        "introspect" => {
            let judge = stack.administrator(&stack.api(), "judge").await;
            stack.wire.take();
            let judge = function.session(judge.answer);
            let form = format!("token={}", judge.access_token);
            let answer = judge.form("/oauth2/introspect", &form).await;
            assert_eq!(answer.json()["active"], json!(true));
        }
        "authorizer" => {
            let ada = sign_in().await;
            let mut request = testing::event("authorizer");
            request["headers"]["authorization"] = json!(format!("Bearer {}", ada.access_token));
            let answer = stack.invoke("authorizer", &request).await.unwrap();
            assert_eq!(answer["isAuthorized"], true);
        }
        "revoke" => {
            let ada = sign_in().await;
            for token in [ada.refresh_token, ada.access_token] {
                let form = format!("token={token}");
                let answer = function.form("/oauth2/revoke", None, &form).await;
                assert_eq!(answer.status, 200);
            }
        }
        "rotate-keys" => {
            let environment = stack.environment_with("SIGNING_ALGORITHM", Some("ES256"));
            let function = Function::named("rotate-keys").start(&environment).unwrap();
            let event = to_raw_value(&json!({})).unwrap();
            let answer = function.invoke(&event, Context::default()).await.unwrap();
            assert_eq!(answer["version"], 2);
        }
        "discovery" => {
            let keys = function.get("/.well-known/jwks.json", None).await;
            assert_eq!(keys.status, 200);
        }
        other => panic!("{other} is not exercised"),
    }
}

/// Calls by somebody, with the status that each is to have.
async fn call(caller: &Session, calls: Vec<(Method, String, Option<Value>, u16)>) {
    for (method, path, body, status) in calls {
        let answer = caller.call(method, &path, body.as_ref()).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.json());
    }
}

async fn exercise_account(stack: &Stack, function: &Client) {
    let mallory = stack.api().sign_up("mallory").await;
    stack.wire.take();
    let email = json!({ "email": "mallory@example.com" });
    let username = json!({ "username": "mallet" });
    let passwords = json!({ "current_password": PASSWORD, "password": OTHER_PASSWORD });
    let (me, sessions) = ("/me".to_owned(), "/me/sessions".to_owned());
    let session = format!("{sessions}/019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12");
    let calls = vec![
        (Method::PATCH, me.clone(), Some(email), 200),
        (Method::PATCH, me.clone(), Some(username), 200),
        (Method::PUT, format!("{me}/password"), Some(passwords), 200),
        (Method::GET, sessions.clone(), None, 200),
        (Method::DELETE, sessions, None, 204),
        (Method::DELETE, session, None, 204),
        (Method::DELETE, me, None, 204),
    ];
    call(&function.session(mallory.answer), calls).await;
}

async fn exercise_admin(stack: &Stack, function: &Client) {
    let api = stack.api();
    let root = stack.administrator(&api, "root").await;
    let users = "/admin/users".to_owned();
    let user = format!("{users}/{}", api.sign_up("trudy").await.user_id());
    stack.wire.take();
    let roles = json!({ "roles": ["admin"] });
    let calls = vec![
        (Method::GET, users.clone(), None, 200),
        (Method::GET, format!("{users}?username=trudy"), None, 200),
        (Method::GET, user.clone(), None, 200),
        (Method::PUT, format!("{user}/roles"), Some(roles), 200),
        (Method::DELETE, format!("{user}/sessions"), None, 204),
        (Method::DELETE, user, None, 204),
    ];
    call(&function.session(root.answer), calls).await;
}

#[tokio::test]
async fn a_function_is_allowed_what_it_does_and_nothing_else() {
    let stack = Stack::start().await;
    stack.api().sign_up("ada").await;
    for function in Template::load().functions() {
        let name = &*function.name;
        let api = match name {
            // So that a hash of less work is brought up to date.
            "login" => Client::function(
                name,
                &stack.environment_with("ARGON2_ITERATIONS", Some("6")),
            ),
            _ => stack.function(name),
        };
        exercise(name, &stack, &api).await;
        let used: BTreeSet<_> = stack
            .wire
            .take()
            .into_iter()
            .flat_map(|sent| sent.uses)
            .collect();
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
            "account" | "register" | "login" | "refresh" => &[decrypt("sign"), decrypt("mac")],
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
