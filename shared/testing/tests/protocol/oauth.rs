//! Introspection (RFC 7662) and revocation (RFC 7009).

use serde_json::{Value, json};
use testing::wire::Fault;
use testing::{Answer, Client, Session, Stack};

async fn introspect(caller: &Session, token: &str) -> Value {
    let form = format!("token={token}%0A&token_type_hint=anything&client_secret=x&unknown=");
    let answer = caller.form("/oauth2/introspect", &form).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.json()
}

async fn revoke(api: &Client, token: &str) -> Answer {
    let form = format!("unknown=x&token=+{token}&token_type_hint=&client_id=anybody");
    api.form("/oauth2/revoke", None, &form).await
}

fn inactive() -> Value {
    json!({ "active": false })
}

#[tokio::test]
async fn an_access_token_that_counts_is_described_as_it_counts_now() {
    let stack = Stack::start().await;
    let api = stack.api();
    let judge = stack.administrator(&api, "judge").await;
    let ada = stack.administrator(&api, "ada").await;
    let said = introspect(&judge, &ada.access_token).await;
    let user = stack.user("ada").await;
    for (member, value) in [
        ("active", json!(true)),
        ("token_type", json!("Bearer")),
        ("sub", json!(user.id.to_string())),
        ("username", json!("ada")),
        ("client_id", json!("latchkey")),
        ("aud", json!("latchkey")),
        ("iss", json!(stack.issuer())),
        ("scope", json!("tokens:introspect users:read users:write")),
        ("roles", json!(["admin"])),
    ] {
        assert_eq!(said[member], value, "{member}");
    }
    for time in ["exp", "iat", "nbf", "auth_time"] {
        assert!(said[time].is_u64(), "{time}");
    }
    stack.grant("ada", &[]).await;
    let said = introspect(&judge, &ada.access_token).await;
    assert_eq!(
        (&said["active"], &said["scope"]),
        (&json!(true), &json!(""))
    );
}

#[tokio::test]
async fn a_refresh_token_counts_while_it_is_its_turn() {
    let stack = Stack::start().await;
    let api = stack.api();
    let judge = stack.administrator(&api, "judge").await;
    let ada = api.sign_up("ada").await;
    let said = introspect(&judge, &ada.refresh_token).await;
    assert_eq!(said["active"], json!(true));
    assert!(said["token_type"].is_null() && said["exp"].is_u64());
    let refreshed = ada.refreshed().await;
    assert_eq!(introspect(&judge, &ada.refresh_token).await, inactive());
    assert_eq!(
        introspect(&judge, &refreshed.refresh_token).await["active"],
        json!(true)
    );
    assert_eq!(
        refreshed.refresh().await.status,
        200,
        "asking uses nothing up"
    );
}

#[tokio::test]
async fn of_a_token_that_does_not_count_nothing_is_said() {
    let stack = Stack::start().await;
    let api = stack.api();
    let judge = stack.administrator(&api, "judge").await;
    let ended = api.sign_up("ada").await;
    ended.logout().await;
    let forged = format!("{}A", ended.refresh_token);
    for token in [
        "x",
        "latchkey_rt_x",
        &forged,
        &ended.access_token,
        &ended.refresh_token,
    ] {
        assert_eq!(introspect(&judge, token).await, inactive(), "{token}");
    }
}

#[tokio::test]
async fn only_who_may_introspect_does_and_only_by_a_form() {
    let stack = Stack::start().await;
    let api = stack.api();
    let plain = api.sign_up("ada").await;
    let form = format!("token={}", plain.access_token);
    let denied = plain.form("/oauth2/introspect", &form).await;
    assert_eq!(
        (denied.status, denied.json()["error"].clone()),
        (403, json!("insufficient_scope"))
    );
    let judge = stack.administrator(&api, "judge").await;
    for path in ["/oauth2/introspect", "/oauth2/revoke"] {
        let body = json!({ "token": plain.access_token });
        let answer = judge.post(path, &body).await;
        assert_eq!(answer.status, 415, "{path}");
        for form in [
            "",
            "token_type_hint=access_token",
            "token=a&token=b",
            "token=a&token=",
            "token=&token_type_hint=access_token",
            "token=+%0A",
            "token=a&unknown=b&unknown=c",
        ] {
            let answer = judge.form(path, form).await;
            assert_eq!(answer.status, 400, "{path} {form}");
            assert_eq!(answer.json()["error"], json!("invalid_request"));
        }
    }
    assert_eq!(plain.get("/me").await.status, 200);
}

#[tokio::test]
async fn a_revoked_token_takes_its_whole_session_with_it_and_no_other() {
    let stack = Stack::start().await;
    let api = stack.api();
    let other = api.sign_up("ada").await;
    for member in ["access_token", "refresh_token"] {
        let revoked = api.sign_in("ada").await;
        let token = revoked.answer.json()[member].as_str().unwrap().to_owned();
        for _ in 0..2 {
            let answer = revoke(&api, &token).await;
            assert_eq!((answer.status, answer.body.len()), (200, 0), "{member}");
        }
        assert_eq!(revoked.get("/me").await.status, 401, "{member}");
        assert_eq!(revoked.refresh().await.status, 401, "{member}");
    }
    assert_eq!(revoke(&api, "unknown").await.status, 200);
    assert_eq!(other.get("/me").await.status, 200);
}

#[tokio::test]
async fn what_could_not_be_asked_or_revoked_is_no_answer() {
    let stack = Stack::start().await;
    let api = stack.api();
    let judge = stack.administrator(&api, "judge").await;
    let ada = api.sign_up("ada").await;
    let fault = Fault::Refused(500, "InternalServerError");
    stack.wire.fail("DeleteItem", &fault, 10);
    assert_eq!(revoke(&api, &ada.refresh_token).await.status, 503);
    stack.wire.mend();
    let form = format!("token={}", ada.refresh_token);
    assert_eq!(judge.form("/oauth2/introspect", &form).await.status, 200);
    stack.wire.fail("BatchGetItem", &fault, 10);
    let answer = judge.form("/oauth2/introspect", &form).await;
    stack.wire.mend();
    assert_eq!(answer.status, 503, "never active where nothing is known");
}
