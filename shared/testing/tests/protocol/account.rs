//! The routes for the owner of an account.

pub(crate) mod email;
mod password;
mod second_factor;

use claims::Claims;
use serde_json::{Value, json};
use testing::wire::Fault;
use testing::{OTHER_PASSWORD, PASSWORD, Session, Stack, number};

async fn status(session: &Session) -> u16 {
    session.get("/me").await.status
}

#[tokio::test]
async fn an_account_is_shown_to_its_owner() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("Ada").await;
    let me = ada.get("/me").await;
    assert_eq!((me.status, me.json()), (200, ada.user()));
}

#[tokio::test]
async fn a_new_name_signs_in_and_the_old_one_is_free() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let both = json!({ "username": "Countess", "email": "Ada@Example.com" });
    let renamed = ada.patch("/me", &both).await;
    assert_eq!(renamed.status, 200, "{}", renamed.json());
    assert_eq!(renamed.json()["username"], json!("Countess"));
    assert_eq!(renamed.json()["email"], json!("ada@example.com"));
    assert_eq!(ada.get("/me").await.json(), renamed.json());

    assert_eq!(api.login("countess", PASSWORD).await.status, 200);
    let by_email = json!({ "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(api.post("/login", &by_email).await.status, 200);
    assert_eq!(api.login("ada", PASSWORD).await.status, 401);
    assert_eq!(api.register("ada", PASSWORD).await.status, 201, "free");

    let removed = ada.patch("/me", &json!({ "email": null })).await;
    assert_eq!(removed.json()["email"], Value::Null);
    assert_eq!(api.post("/login", &by_email).await.status, 401);
    let case = ada.patch("/me", &json!({ "username": "COUNTESS" })).await;
    assert_eq!(case.json()["username"], json!("COUNTESS"));
    assert_eq!(api.login("countess", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_name_that_somebody_has_is_refused_and_nothing_changes() {
    let stack = Stack::start().await;
    let api = stack.api();
    api.register("eve", PASSWORD).await;
    let ada = api.sign_up("ada").await;
    let names = json!({ "username": "EVE", "email": "ada@example.com" });
    let taken = ada.patch("/me", &names).await;
    assert_eq!(taken.status, 409);
    assert_eq!(
        taken.json()["errors"],
        json!([{ "field": "username", "detail": "is taken" }])
    );
    assert_eq!(api.login("ada", PASSWORD).await.status, 200);
    assert_eq!(stack.items("LoginsTable").await.len(), 2);
}

#[tokio::test]
async fn of_parallel_claims_on_one_name_by_several_accounts_one_wins() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let mut claims = Vec::new();
    for n in 0..16 {
        let person = api.sign_up(&format!("person{n}")).await;
        claims.push(async move { person.patch("/me", &json!({ "username": "ada" })).await });
    }
    let claims: Vec<_> = claims.into_iter().map(tokio::spawn).collect();
    let mut won = 0;
    for claim in claims {
        let answer = claim.await.unwrap();
        won += usize::from(answer.status == 200);
        assert!([200, 409].contains(&answer.status), "{}", answer.json());
    }
    assert_eq!(won, 1);
    assert_eq!(stack.items("LoginsTable").await.len(), 16);
}

#[tokio::test]
async fn a_wrong_change_is_refused_by_its_field() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    for (body, field) in [
        (json!({}), "username"),
        (json!({ "username": null }), "username"),
        (json!({ "username": "a b" }), "username"),
        (json!({ "username": ["ada"] }), "username"),
        (json!({ "email": "nobody" }), "email"),
        (json!({ "email": 1 }), "email"),
        (json!({ "username": "eve", "roles": ["admin"] }), "roles"),
        (
            json!({ "username": "eve", "password": PASSWORD }),
            "password",
        ),
    ] {
        let answer = ada.patch("/me", &body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.json()["errors"][0]["field"], json!(field), "{body}");
    }
    let by_email = json!({ "email": "eve@example.com", "password": PASSWORD });
    let eve = api.session(api.post("/register", &by_email).await);
    for body in [
        json!({ "email": null }),
        json!({ "username": null, "email": null }),
    ] {
        let answer = eve.patch("/me", &body).await;
        assert_eq!(answer.status, 400, "{body}");
        let field = answer.json()["errors"][0]["field"].clone();
        assert_eq!(field, json!("email"), "of the name that it has: {body}");
    }
    for (current, new, field) in [
        ("wrong", OTHER_PASSWORD, "current_password"),
        (PASSWORD, "short", "password"),
        (PASSWORD, "passwordpassword", "password"),
        ("", OTHER_PASSWORD, "current_password"),
    ] {
        let answer = ada.change_password(current, new).await;
        assert_eq!(answer.status, 400, "{field}");
        assert_eq!(answer.json()["errors"][0]["field"], json!(field));
    }
    assert_eq!(api.login("ada", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn renaming_and_deleting_want_a_recent_login_and_reading_does_not() {
    let stack = Stack::start_with(&[("FRESH_FOR", "30")]).await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let eve = json!({ "username": "eve" });
    let signed_in_at = stack.claims(&ada.access_token).auth_time;
    let long_ago = number(api::now() - 31);
    stack.set("SessionsTable", "auth_time", long_ago).await;
    for answer in [ada.patch("/me", &eve).await, ada.delete("/me").await] {
        assert_eq!(answer.status, 401);
        let code = "insufficient_user_authentication";
        assert_eq!(answer.json()["error"], json!(code));
        let challenge = answer.header("www-authenticate").unwrap();
        assert!(challenge.starts_with(&format!("Bearer error=\"{code}\"")));
        assert!(challenge.ends_with("max_age=30"), "{challenge}");
    }
    assert_eq!(status(&ada).await, 200);
    let at = number(signed_in_at);
    stack.set("SessionsTable", "auth_time", at).await;
    let stale = Claims {
        auth_time: api::now() - 31,
        fresh: false,
        ..stack.claims(&ada.access_token)
    };
    let stale = stack.key.sign(&stale).unwrap();
    let renamed = ada.with_access_token(stale).patch("/me", &eve).await;
    assert_eq!(renamed.status, 200, "the session decides, not the token");
}

#[tokio::test]
async fn a_deleted_account_frees_its_names_and_leaves_nothing() {
    let stack = Stack::start().await;
    let api = stack.api();
    let body = json!({ "username": "ada", "email": "ada@example.com", "password": PASSWORD });
    let ada = api.session(api.post("/register", &body).await);
    let other = api.sign_in("ada").await;
    let deleted = ada.delete("/me").await;
    assert_eq!((deleted.status, deleted.body.len()), (204, 0));
    assert_eq!(stack.count().await, 0);
    assert_eq!(status(&ada).await, 401);
    assert_eq!(other.refresh().await.status, 401);
    assert_eq!(api.login("ada", PASSWORD).await.status, 401);
    assert_eq!(api.post("/register", &body).await.status, 201);
}

#[tokio::test]
async fn the_account_is_gone_also_where_its_sessions_could_not_be_deleted() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let fault = Fault::Refused(500, "InternalServerError");
    stack.wire.fail("BatchWriteItem", &fault, 10);
    let deleted = ada.delete("/me").await;
    stack.wire.mend();
    assert_eq!(deleted.status, 204);
    assert_eq!(status(&ada).await, 401);
    assert_eq!(stack.items("SessionsTable").await.len(), 1, "a dead one");
}

#[tokio::test]
async fn an_account_that_changed_since_it_was_read_is_not_overwritten() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let user = stack.user("ada").await;
    let accounts = stack.environment().accounts().unwrap();
    stack.set("UsersTable", "version", number(7)).await;
    let old = accounts
        .change(&user, &user.with_roles(vec![]), tables::By::Operator, None)
        .await;
    assert_eq!(
        old,
        Err(tables::AccountError::Table(tables::Error::Conflict))
    );
    let renamed = ada.patch("/me", &json!({ "username": "eve" })).await;
    assert_eq!(renamed.status, 200);
}
