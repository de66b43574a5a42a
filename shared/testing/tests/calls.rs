//! The calls to DynamoDB that a route makes: how many, and with whose permission.

mod support;

use std::collections::BTreeSet;

use axum::Router;
use support::PASSWORD;
use testing::template::Template;
use testing::{Client, Stack};

fn operations(stack: &Stack) -> Vec<String> {
    stack
        .wire
        .take()
        .into_iter()
        .map(|sent| sent.operation)
        .collect()
}

#[tokio::test]
async fn each_route_keeps_to_its_budget_of_calls() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    assert_eq!(api.register("warm", PASSWORD).await.status, 201);
    let token = api.login("warm", PASSWORD).await.access_token();
    api.get("/protected", Some(&token)).await;
    let other = api.login("warm", PASSWORD).await;
    let refreshed = api.refresh(&other.refresh_token()).await;
    api.logout_by(&refreshed.refresh_token()).await;
    api.logout(&refreshed.access_token()).await;
    api.get("/.well-known/jwks.json", None).await;
    stack.wire.take();

    assert_eq!(api.register("ada", PASSWORD).await.status, 201);
    assert_eq!(operations(&stack), ["TransactWriteItems"]);

    assert_eq!(api.login("ada", PASSWORD).await.status, 200);
    let mut login = operations(&stack);
    login[1..].sort();
    assert_eq!(login, ["GetItem", "GetItem", "PutItem"]);

    assert_eq!(api.login("ada", "wrong").await.status, 401);
    let wrong = operations(&stack);
    assert_eq!(api.login("nobody", "wrong").await.status, 401);
    assert_eq!(
        (operations(&stack), &*wrong),
        (wrong.clone(), &["GetItem".to_owned()][..])
    );

    assert_eq!(api.get("/protected", Some(&token)).await.status, 200);
    assert_eq!(operations(&stack), ["BatchGetItem"]);

    refresh_and_logout(&stack, &api).await;

    for path in [
        "/",
        "/.well-known/jwks.json",
        "/.well-known/openid-configuration",
    ] {
        assert_eq!(api.get(path, None).await.status, 200);
        assert_eq!(operations(&stack), Vec::<String>::new(), "{path}");
    }
}

async fn refresh_and_logout(stack: &Stack, api: &Client) {
    let refreshed = |stack: &Stack| {
        let mut calls = operations(stack);
        calls[..2].sort();
        calls
    };
    let first = api.login("warm", PASSWORD).await.refresh_token();
    stack.wire.take();
    let second = api.refresh(&first).await.refresh_token();
    assert_eq!(refreshed(stack), ["GetItem", "UpdateItem"]);
    assert_eq!(api.refresh(&first).await.status, 200, "a replay");
    assert_eq!(refreshed(stack), ["GetItem", "UpdateItem"]);
    api.refresh(&second).await;
    stack.wire.take();
    assert_eq!(api.refresh(&first).await.status, 401, "reuse");
    assert_eq!(refreshed(stack), ["GetItem", "UpdateItem", "DeleteItem"]);
    assert_eq!(api.refresh("latchkey_rt_forged").await.status, 401);
    assert_eq!(operations(stack), Vec::<String>::new(), "forged");

    let login = api.login("warm", PASSWORD).await;
    stack.wire.take();
    assert_eq!(api.logout_by(&login.refresh_token()).await.status, 204);
    assert_eq!(operations(stack), ["DeleteItem"]);
    assert_eq!(api.logout(&login.access_token()).await.status, 204);
    assert_eq!(operations(stack), ["DeleteItem"]);
}

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
        "login" => assert_eq!(api.login("ada", PASSWORD).await.status, 200),
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
        "discovery" => assert_eq!(api.get("/.well-known/jwks.json", None).await.status, 200),
        other => panic!("{other} is not exercised"),
    }
}

#[tokio::test]
async fn a_function_is_allowed_what_it_does_and_nothing_else() {
    let stack = Stack::start().await;
    let dearer = stack.environment_with("ARGON2_ITERATIONS", Some("6"));
    let environment = stack.environment();
    let routers: [(&str, Router); 6] = [
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
