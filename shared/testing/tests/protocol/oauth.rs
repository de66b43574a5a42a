//! Introspection (RFC 7662) and revocation (RFC 7009).

mod support;

use axum::http::Method;
use serde_json::{Value, json};
use support::{PASSWORD, administrator, grant};
use testing::wire::Fault;
use testing::{Answer, Client, Stack};

async fn introspect(api: &Client, caller: &str, token: &str) -> Value {
    let form = format!("token={token}&token_type_hint=anything&client_id=anybody");
    let answer = api.form("/oauth2/introspect", Some(caller), &form).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.json()
}

async fn revoke(api: &Client, token: &str) -> Answer {
    let form = format!("token={token}&token_type_hint=anything&client_id=anybody");
    api.form("/oauth2/revoke", None, &form).await
}

fn inactive() -> Value {
    json!({ "active": false })
}

#[tokio::test]
async fn an_access_token_that_counts_is_described_as_it_counts_now() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let judge = administrator(&stack, &api, "judge").await;
    let ada = administrator(&stack, &api, "ada").await;
    let said = introspect(&api, &judge, &ada).await;
    let user = support::user(&stack, "ada").await;
    for (member, value) in [
        ("active", json!(true)),
        ("token_type", json!("Bearer")),
        ("sub", json!(user.id.to_string())),
        ("username", json!("ada")),
        ("client_id", json!("latchkey")),
        ("aud", json!("latchkey")),
        ("iss", json!(format!("https://{}", testing::stack::DOMAIN))),
        ("scope", json!("tokens:introspect users:read users:write")),
        ("roles", json!(["admin"])),
    ] {
        assert_eq!(said[member], value, "{member}");
    }
    for time in ["exp", "iat", "nbf", "auth_time"] {
        assert!(said[time].is_u64(), "{time}");
    }
    grant(&stack, "ada", vec![]).await;
    let said = introspect(&api, &judge, &ada).await;
    assert_eq!(
        (&said["active"], &said["scope"]),
        (&json!(true), &json!(""))
    );
}

#[tokio::test]
async fn a_refresh_token_counts_while_it_is_its_turn() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let judge = administrator(&stack, &api, "judge").await;
    let ada = api.register("ada", PASSWORD).await;
    let first = ada.refresh_token();
    let said = introspect(&api, &judge, &first).await;
    assert_eq!(said["active"], json!(true));
    assert!(said["token_type"].is_null() && said["exp"].is_u64());
    let second = api.refresh(&first).await.refresh_token();
    assert_eq!(introspect(&api, &judge, &first).await, inactive());
    assert_eq!(
        introspect(&api, &judge, &second).await["active"],
        json!(true)
    );
    assert_eq!(
        api.refresh(&second).await.status,
        200,
        "asking uses nothing up"
    );
}

#[tokio::test]
async fn of_a_token_that_does_not_count_nothing_is_said() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let judge = administrator(&stack, &api, "judge").await;
    let ended = api.register("ada", PASSWORD).await;
    api.logout(&ended.access_token()).await;
    let forged = format!("{}A", ended.refresh_token());
    for token in [
        "x",
        "latchkey_rt_x",
        &forged,
        &ended.access_token(),
        &ended.refresh_token(),
    ] {
        assert_eq!(introspect(&api, &judge, token).await, inactive(), "{token}");
    }
}

#[tokio::test]
async fn only_who_may_introspect_does_and_only_by_a_form() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let plain = api.register("ada", PASSWORD).await.access_token();
    let form = format!("token={plain}");
    let denied = api.form("/oauth2/introspect", Some(&plain), &form).await;
    assert_eq!(
        (denied.status, denied.json()["error"].clone()),
        (403, json!("insufficient_scope"))
    );
    let judge = administrator(&stack, &api, "judge").await;
    for path in ["/oauth2/introspect", "/oauth2/revoke"] {
        let body = json!({ "token": plain });
        let answer = api
            .call(Method::POST, path, Some(&judge), Some(&body))
            .await;
        assert_eq!(answer.status, 415, "{path}");
        for form in [
            "",
            "token_type_hint=access_token",
            "token=a&token=b",
            "token=a&client_secret=b",
        ] {
            let answer = api.form(path, Some(&judge), form).await;
            assert_eq!(answer.status, 400, "{path} {form}");
            assert_eq!(answer.json()["error"], json!("invalid_request"));
        }
    }
    assert_eq!(api.get("/me", Some(&plain)).await.status, 200);
}

#[tokio::test]
async fn a_revoked_token_takes_its_whole_session_with_it_and_no_other() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let other = api.register("ada", PASSWORD).await;
    for member in ["access_token", "refresh_token"] {
        let login = api.login("ada", PASSWORD).await;
        let token = login.json()[member].as_str().unwrap().to_owned();
        for _ in 0..2 {
            let answer = revoke(&api, &token).await;
            assert_eq!((answer.status, answer.body.len()), (200, 0), "{member}");
        }
        let access = login.access_token();
        assert_eq!(api.get("/me", Some(&access)).await.status, 401, "{member}");
        let refreshed = api.refresh(&login.refresh_token()).await;
        assert_eq!(refreshed.status, 401, "{member}");
    }
    assert_eq!(revoke(&api, "unknown").await.status, 200);
    let access = other.access_token();
    assert_eq!(api.get("/me", Some(&access)).await.status, 200);
}

#[tokio::test]
async fn what_could_not_be_asked_or_revoked_is_no_answer() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let judge = administrator(&stack, &api, "judge").await;
    let refresh = api.register("ada", PASSWORD).await.refresh_token();
    let fault = Fault::Refused(500, "InternalServerError");
    stack.wire.fail("DeleteItem", &fault, 10);
    assert_eq!(revoke(&api, &refresh).await.status, 503);
    stack.wire.mend();
    let form = format!("token={refresh}");
    assert_eq!(
        api.form("/oauth2/introspect", Some(&judge), &form)
            .await
            .status,
        200
    );
    stack.wire.fail("BatchGetItem", &fault, 10);
    let answer = api.form("/oauth2/introspect", Some(&judge), &form).await;
    stack.wire.mend();
    assert_eq!(answer.status, 503, "never active where nothing is known");
}
