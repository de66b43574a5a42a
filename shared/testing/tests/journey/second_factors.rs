//! The journey of somebody who protects an account with an authenticator app and a passkey, signs in
//! with them, and loses them.

use axum::http::Method;
use serde_json::{Value, json};
use testing::passkey::{ORIGIN, Passkey};
use testing::{Answer, Authenticator, Client, PASSWORD, Session};

use crate::administration::Administrator;
use crate::letters::Letters;
use crate::mail::{proven, signed_up};

/// The algorithm ES256, by its number of COSE.
const ES256: i32 = -7;

fn expect(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{}", answer.json());
    answer.json()
}

/// Shows the password; a second factor is asked for.
async fn asked(api: &Client, email: &str) -> Value {
    asked_with(api, &json!({ "email": email, "password": PASSWORD })).await
}

async fn asked_with(api: &Client, body: &Value) -> Value {
    let asked = expect(&api.post("/login", body).await, 403);
    assert_eq!(asked["error"], "mfa_required");
    asked
}

/// Shows a second factor after the password.
async fn shown(api: &Client, asked: &Value, name: &str, value: &Value) -> Answer {
    let body = json!({ "mfa_token": asked["mfa_token"], name: value });
    api.post("/login/mfa", &body).await
}

pub(crate) async fn second_factors(api: &Client, letters: &Letters, administrator: &Administrator) {
    let (session, email) = proven(api, letters, "Turing").await;
    let session = app(api, letters, &session, &email).await;
    passkey(api, &session, &email).await;
    removed(api, &session, &email, administrator).await;
}

/// Where everybody needs a second factor: nothing but enrolling one is open to a new account.
pub(crate) async fn enrolled_first(api: &Client, letters: &Letters) {
    let (registered, _) = signed_up(api, letters, "Lovelace").await;
    let registered = expect(&registered, 201);
    assert_eq!(registered["methods"], json!([]));
    assert_eq!(registered["access_token"], Value::Null);
    let token = registered["mfa_token"].as_str();
    expect(&api.get("/me", token).await, 401);
    let call = async |method, path, body: &Value| {
        let answer = api.call(method, path, token, Some(body)).await;
        (answer.status, answer)
    };
    let (_, offered) = call(Method::POST, "/me/totp", &Value::Null).await;
    let app = Authenticator::offered(&offered);
    let code = json!({ "code": app.code() });
    let (status, enrolled) = call(Method::PUT, "/me/totp", &code).await;
    assert_eq!(status, 200, "{}", enrolled.json());
    let (again, _) = call(Method::POST, "/me/totp", &Value::Null).await;
    assert_eq!(again, 401, "it enrols the first factor alone");
    let right = shown(api, &enrolled.json(), "code", &json!(app.code_in(1))).await;
    expect(&right, 200);
    expect(&api.session(right).get("/me").await, 200);
}

/// An app is enrolled and asked for, and a recovery code stands in for it.
async fn app(api: &Client, letters: &Letters, session: &Session, email: &str) -> Session {
    let mails = letters.count(email).await;
    let (app, codes) = session.enrol().await;
    letters.wait_for(email, mails + 1).await;

    let first = asked(api, email).await;
    assert_eq!(first["methods"], json!(["totp", "recovery_code"]));
    let wrong = shown(api, &first, "code", &json!(app.code_in(1_000))).await;
    expect(&wrong, 400);
    // The present code has counted when it confirmed the app.
    let again = shown(api, &first, "code", &json!(app.code())).await;
    expect(&again, 400);
    let right = shown(api, &first, "code", &json!(app.code_in(1))).await;
    expect(&right, 200);
    let session = api.session(right);

    let second = asked(api, email).await;
    let recovered = shown(api, &second, "recovery_code", &json!(codes[0])).await;
    expect(&recovered, 200);
    letters.wait_for(email, mails + 2).await;
    // The device that signs in again gives up the session that it had.
    let device = api.session(recovered);
    let body = json!({
        "email": email,
        "password": PASSWORD,
        "device_token": device.refresh_token,
    });
    let third = asked_with(api, &body).await;
    let again = shown(api, &third, "recovery_code", &json!(codes[2])).await;
    expect(&again, 200);
    expect(&device.get("/me").await, 401);
    let raised = json!({ "recovery_code": codes[1] });
    expect(&session.post("/step-up", &raised).await, 200);
    let renewed = session.post("/me/recovery-codes", &Value::Null).await;
    let renewed = expect(&renewed, 201);
    assert_eq!(renewed["recovery_codes"].as_array().unwrap().len(), 10);
    session
}

/// A passkey signs in by itself, after a password, and raises a session.
async fn passkey(api: &Client, session: &Session, email: &str) {
    let factors = expect(&session.get("/me/factors").await, 200);
    let origin = std::env::var("LATCHKEY_ORIGIN");
    let origin = origin.unwrap_or_else(|_| ORIGIN.to_owned());
    let mut passkey = Passkey::new(ES256, factors["rp_id"].as_str().unwrap(), &origin);
    let options = session.post("/me/passkeys/options", &Value::Null).await;
    let credential = passkey.register(&expect(&options, 200));
    let body = json!({ "credential": credential, "name": "a telephone" });
    let added = expect(&session.post("/me/passkeys", &body).await, 201);
    let path = format!("/me/passkeys/{}", added["id"].as_str().unwrap());
    let name = json!({ "name": "the telephone" });
    expect(&session.patch(&path, &name).await, 200);
    let required = json!({ "second_factor": "required" });
    expect(&session.patch("/me", &required).await, 200);

    let options = api.post("/login/passkey/options", &Value::Null).await;
    let credential = passkey.sign_in(&expect(&options, 200));
    let body = json!({ "credential": credential });
    let signed_in = api.post("/login/passkey", &body).await;
    expect(&signed_in, 200);
    expect(&api.post("/login/passkey", &body).await, 401);
    let by_passkey = api.session(signed_in);

    let options = api.post("/login/passkey/options", &Value::Null).await;
    "https://elsewhere.example".clone_into(&mut passkey.origin);
    let credential = passkey.sign_in(&expect(&options, 200));
    let body = json!({ "credential": credential });
    expect(&api.post("/login/passkey", &body).await, 401);
    passkey.origin = origin;

    let asked = asked(api, email).await;
    let credential = passkey.sign_in(&asked["passkey"]);
    expect(&shown(api, &asked, "passkey", &credential).await, 200);
    let options = api.post("/login/passkey/options", &Value::Null).await;
    let credential = passkey.sign_in(&expect(&options, 200));
    let raised = json!({ "passkey": credential });
    expect(&by_passkey.post("/step-up", &raised).await, 200);
    expect(&session.delete(&path).await, 204);
}

/// The owner removes the app, then an administrator does, and the last one goes with the account.
async fn removed(api: &Client, session: &Session, email: &str, administrator: &Administrator) {
    let id = expect(&session.get("/me").await, 200)["id"].clone();
    expect(&session.delete("/me/totp").await, 204);
    let login = async || {
        let body = json!({ "email": email, "password": PASSWORD });
        let login = api.post("/login", &body).await;
        expect(&login, 200);
        api.session(login)
    };
    login().await.enrol().await;
    asked(api, email).await;

    let root = api.login(&administrator.username, &administrator.password);
    let root = api.session(root.await);
    let path = format!("/admin/users/{}/factors", id.as_str().unwrap());
    let answer = root.call(Method::DELETE, &path, None).await;
    expect(&answer, 204);

    let last = login().await;
    last.enrol().await;
    expect(&last.delete("/me").await, 204);
}
