//! The calls to DynamoDB that each route makes, counted on the wire and held to a budget.

mod counter;
mod factors;
mod mail;
mod orders;
mod passkeys;

use accounts::WaysIn;
use axum::http::Method;
use serde_json::{Value, json};
use testing::wire::Sent;
use testing::{Client, OTHER_PASSWORD, PASSWORD, Session, Stack};

use crate::throttling::{WINDOW, early_in_a_window};
use counter::Counter;

/// So that no key ring is read any more.
async fn warm(stack: &Stack, api: &Client) {
    let first = api.sign_up("warm").await;
    for path in [
        "/protected",
        "/me",
        "/admin/users",
        "/.well-known/jwks.json",
    ] {
        first.get(path).await;
    }
    api.login("warm", PASSWORD).await;
    first.change_password(PASSWORD, OTHER_PASSWORD).await;
    let first = api.session(api.login("warm", OTHER_PASSWORD).await);
    let refreshed = first.refresh().await;
    api.logout_by(&refreshed.refresh_token()).await;
    api.logout(&refreshed.access_token()).await;
    stack.wire.take();
}

#[tokio::test]
async fn each_route_keeps_to_its_budget_of_calls() {
    let stack = Stack::start_with(&[WINDOW]).await;
    early_in_a_window(60).await;
    let api = stack.api();
    warm(&stack, &api).await;
    let mut counter = Counter::new(&stack);
    sign_in(&api, &mut counter).await;
    second_factor(&stack, &api, &mut counter).await;
    refresh_and_logout(&api, &mut counter).await;
    account(&api, &mut counter).await;
    admin(&stack, &api, &mut counter).await;
    tokens(&stack, &api, &mut counter).await;
    for path in [
        "/",
        "/.well-known/jwks.json",
        "/.well-known/openid-configuration",
        "/.well-known/webauthn",
        "/openapi.json",
    ] {
        assert_eq!(api.get(path, None).await.status, 200);
        counter.count(&format!("GET {path}"), (0, 0));
    }
    counter.finish();
}

#[tokio::test]
async fn a_function_reads_the_key_ring_once_whatever_its_requests_need_of_it() {
    let stack = Stack::start().await;
    let api = stack.api();
    stack.administrator(&api, "judge").await;
    for name in ["account", "factors", "introspect", "logout", "revoke"] {
        let signed_in = api.sign_in("judge").await;
        let caller = stack.function(name).session(signed_in.answer);
        stack.wire.take();
        let answers = match name {
            "account" => vec![
                caller.get("/me").await,
                caller.change_password(PASSWORD, OTHER_PASSWORD).await,
                caller.change_password(OTHER_PASSWORD, PASSWORD).await,
            ],
            "factors" => {
                caller.enrol().await;
                vec![
                    caller.get("/me/factors").await,
                    caller.delete("/me/totp").await,
                ]
            }
            "logout" => vec![
                caller.logout().await,
                caller.logout_by_refresh_token().await,
            ],
            "introspect" => {
                let path = "/oauth2/introspect";
                let [access, refresh] = forms(&caller);
                vec![
                    caller.form(path, &access).await,
                    caller.form(path, &refresh).await,
                ]
            }
            _ => {
                let path = "/oauth2/revoke";
                let [access, refresh] = forms(&caller);
                vec![
                    caller.form(path, &refresh).await,
                    caller.form(path, &access).await,
                ]
            }
        };
        assert!(answers.iter().all(|answer| answer.status < 300), "{name}");
        let calls = stack.wire.take().into_iter();
        let is_ring = |call: &Sent| call.uses.iter().any(|(_, table)| table == "KeysTable");
        assert_eq!(calls.filter(is_ring).count(), 1, "{name}");
    }
}

fn forms(caller: &Session) -> [String; 2] {
    [&caller.access_token, &caller.refresh_token].map(|token| format!("token={token}"))
}

async fn sign_in(api: &Client, counter: &mut Counter<'_>) {
    assert_eq!(api.register("ada", PASSWORD).await.status, 201);
    counter.count("POST /register", (2, 2));
    assert_eq!(api.register("ada", PASSWORD).await.status, 409);
    counter.count("POST /register, name taken", (2, 2));
    let ada = api.sign_in("ada").await;
    counter.count("POST /login", (3, 6));
    let again = ada.login_again("ada", PASSWORD).await;
    assert_eq!(again.status, 200);
    counter.count("POST /login, known device", (3, 7));
    let ada = api.session(again);
    assert_eq!(ada.login_again("ada", "wrong").await.status, 401);
    counter.count("POST /login, known device, wrong", (3, 6));
    let forged = json!({ "username": "ada", "password": "wrong", "device_token": "x" });
    assert_eq!(api.post("/login", &forged).await.status, 401);
    counter.count("POST /login, forged device, wrong", (3, 6));
    let eve = api.sign_up("eve.at.ada").await;
    counter.stack.wire.take();
    assert_eq!(eve.login_again("ada", "wrong").await.status, 401);
    counter.count("POST /login, foreign device, wrong", (3, 6));
    assert_eq!(api.login("ada", "wrong").await.status, 401);
    let wrong = counter.count("POST /login, wrong password", (3, 6));
    assert_eq!(api.login("nobody", "wrong").await.status, 401);
    let unknown = counter.count("POST /login, unknown name", (3, 6));
    assert_eq!(wrong, unknown, "the same work");
    over_a_limit(api, counter).await;
    assert_eq!(ada.get("/protected").await.status, 200);
    counter.count("GET /protected", (1, 1));
    assert_eq!(api.get("/protected", Some("forged")).await.status, 401);
    counter.count("GET /protected, forged", (0, 0));
}

/// A login that needs a second factor reads no account, and writes no session.
async fn second_factor(stack: &Stack, api: &Client, counter: &mut Counter<'_>) {
    let all = Client::api(&stack.environment_where(&[("MFA_REQUIRED", "all")]));
    assert_eq!(api.register("mia", PASSWORD).await.status, 201);
    all.login("mia", PASSWORD).await;
    stack.wire.take();
    assert_eq!(all.login("mia", PASSWORD).await.status, 403);
    counter.count("POST /login, second factor to be enrolled", (2, 4));
    let totp = WaysIn::default().with_totp();
    stack.give_ways_in("mia", totp).await;
    stack.wire.take();
    assert_eq!(api.login("mia", PASSWORD).await.status, 403);
    let calls = counter.count("POST /login, second factor wanted", (2, 4));
    assert_eq!(calls, ["GetItem", "GetItem", "GetItem", "UpdateItem"]);
    assert_eq!(all.register("mila", PASSWORD).await.status, 201);
    counter.count("POST /register, second factor to be enrolled", (2, 2));
}

async fn over_a_limit(api: &Client, counter: &mut Counter<'_>) {
    let guesser = api.at_address("198.51.100.7");
    for name in ["ada", "nobody"] {
        for _ in 0..10 {
            assert_eq!(guesser.login(name, "wrong").await.status, 401);
        }
        counter.stack.wire.take();
        assert_eq!(guesser.login(name, "wrong").await.status, 429);
        let row = format!("POST /login, over the allowance: {name}");
        counter.count(&row, (2, 4));
    }
    let blocked = counter
        .stack
        .environment_with("ADDRESS_FAILURES", Some("1"));
    let blocked = Client::function("login", &blocked).at_address("198.51.100.8");
    assert_eq!(blocked.login("ada", "wrong").await.status, 401);
    counter.stack.wire.take();
    for name in ["ada", "nobody"] {
        assert_eq!(blocked.login(name, "wrong").await.status, 429);
        let calls = counter.count(&format!("POST /login, blocked address: {name}"), (1, 3));
        assert_eq!(calls, ["GetItem"; 3], "nothing is written");
    }
}

async fn refresh_and_logout(api: &Client, counter: &mut Counter<'_>) {
    let first = api.sign_in("ada").await;
    counter.stack.wire.take();
    let second = first.refreshed().await;
    counter.count("POST /refresh", (1, 2));
    assert_eq!(first.refresh().await.status, 200);
    counter.count("POST /refresh, replay", (1, 2));
    second.refresh().await;
    counter.stack.wire.take();
    assert_eq!(first.refresh().await.status, 401);
    counter.count("POST /refresh, late", (1, 2));
    counter.stack.refreshed_at(&second, api::now() - 61).await;
    assert_eq!(first.refresh().await.status, 401);
    counter.count("POST /refresh, reuse", (2, 3));
    assert_eq!(api.refresh("latchkey_rt_forged").await.status, 401);
    counter.count("POST /refresh, forged", (0, 0));
    let ada = api.sign_in("ada").await;
    counter.stack.wire.take();
    assert_eq!(ada.logout_by_refresh_token().await.status, 204);
    counter.count("POST /logout, refresh token", (1, 1));
    assert_eq!(ada.logout().await.status, 204);
    counter.count("POST /logout, access token", (1, 1));
}

async fn tokens(stack: &Stack, api: &Client, counter: &mut Counter<'_>) {
    let judge = stack.administrator(api, "judge").await;
    judge.form("/oauth2/introspect", "token=latchkey_rt_").await;
    api.form("/oauth2/revoke", None, "token=latchkey_rt_").await;
    api.form("/oauth2/revoke", None, "token=x").await;
    for what in ["access_token", "refresh_token"] {
        let login = api.login("judge", PASSWORD).await.json();
        stack.wire.take();
        let token = login[what].as_str().unwrap();
        let form = format!("token={token}");
        let asked = judge.form("/oauth2/introspect", &form).await;
        assert_eq!(asked.json()["active"], json!(true));
        counter.count(&format!("POST /oauth2/introspect, {what}"), (2, 2));
        assert_eq!(api.form("/oauth2/revoke", None, &form).await.status, 200);
        counter.count(&format!("POST /oauth2/revoke, {what}"), (1, 1));
    }
}

type Step<'a> = (Method, &'a str, Option<Value>, u16, (usize, usize));

async fn run(api: &Client, counter: &mut Counter<'_>, token: &str, id: &str, steps: Vec<Step<'_>>) {
    counter.stack.wire.take();
    for (method, path, body, status, budget) in steps {
        let filled = path.replace("{id}", id);
        let answer = api
            .call(method.clone(), &filled, Some(token), body.as_ref())
            .await;
        assert_eq!(answer.status, status, "{path}: {}", answer.json());
        counter.count(&format!("{method} {path}"), budget);
    }
}

async fn account(api: &Client, counter: &mut Counter<'_>) {
    let ada = api.sign_in("ada").await;
    let passwords = json!({ "current_password": PASSWORD, "password": OTHER_PASSWORD });
    let session = "019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12";
    let email = json!({ "email": "ada@example.com" });
    let rule = json!({ "second_factor": "required" });
    counter.stack.add_passkey_row(&ada, "AAAA").await;
    let steps = vec![
        (Method::GET, "/me", None, 200, (1, 1)),
        (Method::PATCH, "/me", Some(rule), 200, (3, 3)),
        (Method::PATCH, "/me", Some(email), 200, (3, 5)),
        (Method::PUT, "/me/password", Some(passwords), 200, (3, 4)),
        (Method::GET, "/me/sessions", None, 200, (2, 2)),
        (Method::DELETE, "/me/sessions/{id}", None, 204, (2, 2)),
        (Method::DELETE, "/me/sessions", None, 204, (3, 3)),
        // The stored sessions, dead by then, take a query and a batch; the factors a query.
        (Method::DELETE, "/me", None, 204, (5, 5)),
    ];
    run(api, counter, &ada.access_token, session, steps).await;
}

async fn admin(stack: &Stack, api: &Client, counter: &mut Counter<'_>) {
    let root = stack.administrator(api, "root").await;
    let eve = api.sign_up("eve").await;
    stack.add_passkey_row(&eve, "AAAA").await;
    let id = &eve.user_id();
    let factors = "/admin/users/{id}/factors";
    let by_name = "/admin/users?username=eve";
    let roles = json!({ "roles": ["admin"] });
    let disabled = json!({ "status": "disabled" });
    let steps = vec![
        (Method::GET, "/admin/users", None, 200, (2, 2)),
        (Method::GET, by_name, None, 200, (3, 3)),
        (Method::GET, "/admin/users/{id}", None, 200, (2, 2)),
        (
            Method::PUT,
            "/admin/users/{id}/roles",
            Some(roles),
            200,
            (3, 3),
        ),
        (
            Method::PATCH,
            "/admin/users/{id}",
            Some(disabled),
            200,
            (3, 3),
        ),
        (
            Method::DELETE,
            "/admin/users/{id}/sessions",
            None,
            204,
            (3, 3),
        ),
        (Method::DELETE, factors, None, 204, (4, 4)),
        (Method::DELETE, factors, None, 204, (3, 3)),
        (Method::DELETE, "/admin/users/{id}", None, 204, (6, 6)),
    ];
    run(api, counter, &root.access_token, id, steps).await;
}
