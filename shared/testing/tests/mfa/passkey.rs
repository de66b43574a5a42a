//! A passkey as the second factor.

use accounts::Status;
use axum::http::Method;
use serde_json::{Value, json};
use tables::By;
use testing::passkey::Passkey;
use testing::wire::Fault;
use testing::{Answer, Client, OTHER_PASSWORD, PASSWORD, Session, number};

use crate::{World, invalid_grant, mfa_token, refusal, show};

/// Gives an account a passkey.
pub(crate) async fn passkey_of(world: &World, username: &str) -> Passkey {
    let user = world.stack.user(username).await;
    world.stack.add_passkey(&user).await
}

/// Logs in with the password, and returns the token and the options of the answer.
pub(crate) async fn asked(world: &World) -> (String, Value) {
    let answer = world.api.login("ada", PASSWORD).await;
    (mfa_token(&answer), answer.json()["passkey"].clone())
}

/// Shows the answer of a passkey.
pub(crate) async fn show_passkey(api: &Client, mfa_token: &str, answer: &Value) -> Answer {
    let body = json!({ "mfa_token": mfa_token, "passkey": answer });
    api.post("/login/mfa", &body).await
}

async fn step_up(session: &Session, answer: &Value) -> Answer {
    session
        .post("/step-up", &json!({ "passkey": answer }))
        .await
}

/// Signs in with a passkey alone.
async fn sign_in_alone(api: &Client, answer: &Value) -> Answer {
    let body = json!({ "credential": answer });
    api.post("/login/passkey", &body).await
}

/// The one answer to a passkey that is refused.
fn assert_refused(answer: &Answer) {
    let body = answer.json();
    assert_eq!(refusal(answer), (401, Value::Null), "{body}");
    assert_eq!(body["detail"], json!("Invalid credentials"));
}

#[tokio::test]
async fn a_passkey_after_the_password_signs_in_with_both() {
    let world = World::start().await;
    let mut passkey = passkey_of(&world, "ada").await;
    let (token, options) = asked(&world).await;
    let sessions = world.sessions().await;
    let answer = show_passkey(&world.api, &token, &passkey.sign_in(&options)).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(world.sessions().await, sessions + 1);
    let claims = world.stack.claims(&answer.access_token());
    assert_eq!(claims.sub, world.session.user_id());
    assert_eq!(claims.amr, ["pwd", "pop", "user", "mfa"]);
    assert!(claims.fresh);
    let next = world.api.session(answer).refreshed().await;
    let claims = world.stack.claims(&next.access_token);
    assert_eq!(claims.amr, ["pwd", "pop", "user", "mfa"]);

    let known = next.login_again("ada", PASSWORD).await;
    let credential = passkey.sign_in(&known.json()["passkey"]);
    let answer = show_passkey(&world.api, &mfa_token(&known), &credential).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(
        world.sessions().await,
        sessions + 1,
        "in the place of the other"
    );
}

#[tokio::test]
async fn a_passkey_makes_a_session_fresh_and_its_tokens_name_the_passkey() {
    let world = World::start().await;
    let mut passkey = passkey_of(&world, "ada").await;
    let session = &world.session;
    world.stack.begun_with(session, &["pwd"]).await;
    world
        .stack
        .authenticated_at(session, api::now() - 3_600)
        .await;
    let sessions = world.sessions().await;
    let refused = session.delete("/me").await;
    assert_eq!(refusal(&refused).0, 401, "it is old");

    let credential = passkey.sign_in(&world.stack.passkey_request().await);
    let answer = step_up(session, &credential).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(answer.json().get("refresh_token"), None);
    let claims = world.stack.claims(&answer.access_token());
    assert_eq!(claims.amr, ["pwd", "pop", "user", "mfa"]);
    assert!(claims.fresh && claims.auth_time + 60 > api::now());
    assert_eq!(world.sessions().await, sessions, "it is the same session");
    let refreshed = session.refreshed().await;
    let claims = world.stack.claims(&refreshed.access_token);
    assert_eq!(claims.amr, ["pwd", "pop", "user", "mfa"]);
    assert_eq!(refreshed.delete("/me").await.status, 204);
}

#[tokio::test]
async fn the_passkey_of_another_account_proves_nothing_and_stays_unused() {
    let world = World::start().await;
    let eve = world.api.sign_up("eve").await;
    let mut of_eve = passkey_of(&world, "eve").await;
    passkey_of(&world, "ada").await;
    let (token, options) = asked(&world).await;
    let credential = of_eve.sign_in(&options);
    let sessions = world.sessions().await;
    assert_refused(&show_passkey(&world.api, &token, &credential).await);
    assert_refused(&step_up(&world.session, &credential).await);
    assert_eq!(world.sessions().await, sessions);

    // It says that it is of the account of the token.
    let own = of_eve.user_handle.clone();
    of_eve.user_handle = world.stack.user("ada").await.id.as_bytes().to_vec();
    let lie = of_eve.sign_in(&options);
    let answer = show_passkey(&world.api, &token, &lie).await;
    assert_eq!(refusal(&answer), (401, json!("unknown_credential")));
    let answer = step_up(&world.session, &lie).await;
    assert_eq!(refusal(&answer), (401, json!("unknown_credential")));
    assert_eq!(world.sessions().await, sessions);
    of_eve.user_handle = own;
    assert_eq!(step_up(&eve, &credential).await.status, 200);
}

#[tokio::test]
async fn an_answer_counts_once_for_all_routes_together() {
    let world = World::start().await;
    let mut passkey = passkey_of(&world, "ada").await;
    let (token, options) = asked(&world).await;
    let (api, session) = (&world.api, &world.session);
    for first in 0..3 {
        let credential = passkey.sign_in(&world.stack.passkey_request().await);
        let mut answers = Vec::new();
        for route in [first, 0, 1, 2] {
            answers.push(match route {
                0 => show_passkey(api, &token, &credential).await,
                1 => step_up(session, &credential).await,
                _ => sign_in_alone(api, &credential).await,
            });
        }
        assert_eq!(answers[0].status, 200, "{}", answers[0].json());
        answers[1..].iter().for_each(assert_refused);
    }
    let answer = show_passkey(api, &token, &passkey.sign_in(&options)).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
}

#[tokio::test]
async fn a_passkey_opens_what_wrong_codes_have_locked() {
    let world = World::start().await;
    let mut passkey = passkey_of(&world, "ada").await;
    world.set("failures", number(100)).await;
    let (token, options) = asked(&world).await;
    let locked = show(&world.api, &token, &world.app.code()).await;
    assert_eq!(refusal(&locked), (403, json!("mfa_locked")));
    let answer = show_passkey(&world.api, &token, &passkey.sign_in(&options)).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(world.failures().await, 0);
    assert_eq!(world.sign_in().await.status, 200);
}

#[tokio::test]
async fn a_passkey_is_a_way_in_when_the_app_is_lost_from_the_table() {
    let world = World::start().await;
    let mut passkey = passkey_of(&world, "ada").await;
    world.lose_the_authenticator().await;
    let (token, options) = asked(&world).await;
    let answer = show_passkey(&world.api, &token, &passkey.sign_in(&options)).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
}

#[tokio::test]
async fn a_passkey_ends_with_its_token_when_the_account_changes() {
    let world = World::start().await;
    let mut passkey = passkey_of(&world, "ada").await;
    let (token, options) = asked(&world).await;
    let changed = world
        .session
        .change_password(PASSWORD, OTHER_PASSWORD)
        .await;
    assert_eq!(changed.status, 200, "{}", changed.json());
    let credential = passkey.sign_in(&options);
    let sessions = world.sessions().await;
    let answer = show_passkey(&world.api, &token, &credential).await;
    assert_eq!(refusal(&answer), invalid_grant());
    assert_eq!(world.sessions().await, sessions);
    let alone = sign_in_alone(&world.api, &credential).await;
    assert_eq!(alone.status, 200, "it was not used: {}", alone.json());

    let world = World::start().await;
    let mut passkey = passkey_of(&world, "ada").await;
    let (token, options) = asked(&world).await;
    let user = world.stack.user("ada").await;
    let accounts = world.stack.environment().accounts().unwrap();
    let disabled = user.with_status(Status::Disabled);
    let changed = accounts.change(&user, &disabled, By::Operator, None).await;
    changed.unwrap();
    assert_refused(&show_passkey(&world.api, &token, &passkey.sign_in(&options)).await);
}

#[tokio::test]
async fn a_passkey_that_was_removed_is_unknown() {
    let world = World::start().await;
    let mut passkey = passkey_of(&world, "ada").await;
    let (token, options) = asked(&world).await;
    let path = format!("/me/passkeys/{}", passkey.id());
    let removed = world.session.delete(&path).await;
    assert_eq!(removed.status, 204, "{}", removed.json());
    let credential = passkey.sign_in(&options);
    for answer in [
        show_passkey(&world.api, &token, &credential).await,
        step_up(&world.session, &credential).await,
    ] {
        assert_eq!(refusal(&answer), (401, json!("unknown_credential")));
    }
}

#[tokio::test]
async fn a_session_that_ends_meanwhile_is_not_raised_and_the_answer_is_not_used() {
    let world = World::start().await;
    let mut passkey = passkey_of(&world, "ada").await;
    let credential = passkey.sign_in(&world.stack.passkey_request().await);
    assert_eq!(world.session.get("/me").await.status, 200);
    // The challenge, the passkey and the lock come first.
    let gone = Fault::CanceledAt(3, "ConditionalCheckFailed");
    world.stack.wire.fail("TransactWriteItems", &gone, 1);
    let answer = step_up(&world.session, &credential).await;
    assert_eq!(refusal(&answer), (401, json!("invalid_token")));
    assert_eq!(step_up(&world.session, &credential).await.status, 200);
}

#[tokio::test]
async fn where_there_are_no_passkeys_none_is_taken() {
    let world = World::start().await;
    let mut passkey = passkey_of(&world, "ada").await;
    let (token, options) = asked(&world).await;
    let credential = passkey.sign_in(&options);
    let none = [("PASSKEY_RP_ID", ""), ("PASSKEY_ORIGINS", "")];
    let api = Client::api(&world.stack.environment_where(&none));
    let answer = show_passkey(&api, &token, &credential).await;
    assert_eq!(refusal(&answer), (403, json!("feature_disabled")));
    let bearer = Some(world.session.access_token.as_str());
    let body = json!({ "passkey": credential });
    let answer = api
        .call(Method::POST, "/step-up", bearer, Some(&body))
        .await;
    assert_eq!(refusal(&answer), (403, json!("feature_disabled")));
    let code = show(&api, &token, &world.app.code()).await;
    assert_eq!(code.status, 200, "{}", code.json());
}

#[tokio::test]
async fn a_request_shows_one_second_factor() {
    let world = World::start().await;
    let mut passkey = passkey_of(&world, "ada").await;
    let (token, options) = asked(&world).await;
    let (credential, code) = (passkey.sign_in(&options), world.app.code());
    let recovery_code = &world.recovery_codes[0];
    for (shown, field) in [
        (json!({ "passkey": credential, "code": code }), "passkey"),
        (
            json!({ "passkey": credential, "recovery_code": recovery_code }),
            "passkey",
        ),
        (
            json!({ "code": code, "recovery_code": recovery_code }),
            "recovery_code",
        ),
        (json!({ "passkey": credential.to_string() }), "passkey"),
        (json!({ "passkey": null }), "code"),
    ] {
        let mut body = shown.clone();
        body["mfa_token"] = json!(token);
        let answer = world.api.post("/login/mfa", &body).await;
        assert_eq!(refusal(&answer), (400, json!("invalid_request")));
        assert_eq!(answer.json()["errors"][0]["field"], json!(field));
        let answer = world.session.post("/step-up", &shown).await;
        assert_eq!(refusal(&answer), (400, json!("invalid_request")));
        assert_eq!(answer.json()["errors"][0]["field"], json!(field));
    }
    assert_eq!(show(&world.api, &token, &code).await.status, 200);
    let answer = show_passkey(&world.api, &token, &credential).await;
    assert_eq!(answer.status, 200, "nothing was used: {}", answer.json());
}
