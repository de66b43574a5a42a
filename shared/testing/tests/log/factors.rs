//! The lines in the log about second factors and passkeys.

use axum::http::Method;
use serde_json::{Value, json};
use testing::passkey::{BE, Passkey, UP, UV};
use testing::{Answer, Authenticator, Client, PASSWORD, Session, Stack, number};

/// A code, which is only six digits: as it is typed, and as a word of its own.
fn code(code: &str) -> impl Iterator<Item = String> {
    let words = [' ', '"', ':', '=', '('].map(|before| format!("{before}{code}"));
    words.into_iter().chain([typed(code)])
}

/// A code as somebody types it.
fn typed(code: &str) -> String {
    format!("{} - {}", &code[..2], &code[2..])
}

fn expect(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{}", answer.json());
    answer.json()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Does all that is done with second factors; returns what the log may not have of it.
pub(crate) async fn people() -> Vec<String> {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let mut all = codes(&stack, &api).await;
    all.extend(passkeys(&api).await);
    all.extend(enrolling(&stack, &api).await);
    all
}

/// Enrols an app, signs in and steps up with it, guesses until it is locked, and removes it.
async fn codes(stack: &Stack, api: &Client) -> Vec<String> {
    let ada = api.sign_up("ada").await;
    let offered = ada.post("/me/totp", &Value::Null).await;
    let app = Authenticator::offered(&offered);
    let (right, wrong) = (app.code(), app.code_in(7));
    let confirm = async |code: &str| ada.put("/me/totp", &json!({ "code": typed(code) })).await;
    expect(&confirm(&wrong).await, 400);
    let first = expect(&confirm(&right).await, 200);
    let second = expect(&ada.post("/me/recovery-codes", &Value::Null).await, 201);

    set_totp(stack, "last_step", 0).await;
    let token = text(&expect(&api.login("ada", PASSWORD).await, 403)["mfa_token"]);
    let show = async |code: &str| {
        let body = json!({ "mfa_token": token, "code": typed(code) });
        api.post("/login/mfa", &body).await
    };
    let now = app.code();
    let session = api.session(show(&now).await);
    let recovery_code = &second["recovery_codes"][0];
    let step_up = json!({ "recovery_code": recovery_code });
    let raised = expect(&session.post("/step-up", &step_up).await, 200);
    set_totp(stack, "failures", 99).await;
    expect(&show(&wrong).await, 400);
    expect(&show(&wrong).await, 403);
    let altered = format!("{token}A");
    let body = json!({ "mfa_token": altered, "recovery_code": recovery_code });
    expect(&api.post("/login/mfa", &body).await, 401);
    assert_eq!(ada.delete("/me/totp").await.status, 204);

    let mut all = vec![
        text(&offered.json()["secret"]),
        text(&raised["access_token"]),
    ];
    all.push(token);
    for code_or_codes in [&right, &wrong, &now] {
        all.extend(code(code_or_codes));
    }
    for answer in [&first, &second] {
        let codes = answer["recovery_codes"]
            .as_array()
            .unwrap()
            .iter()
            .map(text);
        all.extend(codes.flat_map(|code| [code.replace('-', ""), code]));
    }
    all.extend(tokens([ada, session]));
    all
}

/// Enrols an app with the token of a login, before there is a session.
async fn enrolling(stack: &Stack, api: &Client) -> Vec<String> {
    let session = api.sign_up("cid").await;
    let all = Client::api(&stack.environment_where(&[("MFA_REQUIRED", "all")]));
    let token = text(&expect(&all.login("cid", PASSWORD).await, 403)["mfa_token"]);
    let offered = all.call(Method::POST, "/me/totp", Some(&token), None).await;
    let secret = text(&expect(&offered, 201)["secret"]);
    tokens([session]).chain([token, secret]).collect()
}

/// Sets a number of the only authenticator, as the passing of time or many guesses would.
async fn set_totp(stack: &Stack, attribute: &str, value: u64) {
    let items = stack.items("FactorsTable").await.into_iter();
    let mut totp = items.filter(|item| item["id"].as_s().unwrap() == "totp");
    let mut key = totp.next().unwrap();
    key.retain(|name, _| ["user_id", "id"].contains(&name.as_str()));
    let update = stack.engine.client().update_item();
    let update = update.table_name("FactorsTable").set_key(Some(key));
    let update = update.update_expression("SET #attribute = :value");
    let update = update.expression_attribute_names("#attribute", attribute);
    let update = update.expression_attribute_values(":value", number(value));
    update.send().await.unwrap();
}

/// Adds a passkey, has it count and say what passkeys should not, and removes it.
async fn passkeys(api: &Client) -> Vec<String> {
    let bea = api.sign_up("bea").await;
    let mut passkey = Passkey::of_stack();
    (passkey.sign_count, passkey.flags) = (9, UP | UV | BE);
    let options = expect(&bea.post("/me/passkeys/options", &json!({})).await, 200);
    let credential = passkey.register(&options);
    let body = json!({ "credential": credential });
    let added = expect(&bea.post("/me/passkeys", &body).await, 201);
    let mut all = shown(&options, &credential);
    let codes = added["recovery_codes"].as_array().unwrap();
    all.extend(codes.iter().map(text));

    for (sign_count, flags, status) in [
        (3, UP | UV | BE, 200),
        (12, UP | UV, 200),
        (4, UP | UV, 401),
    ] {
        (passkey.sign_count, passkey.flags) = (sign_count, flags);
        let options = api.post("/login/passkey/options", &json!({})).await;
        let options = expect(&options, 200);
        let credential = passkey.sign_in(&options);
        let body = json!({ "credential": credential });
        expect(&api.post("/login/passkey", &body).await, status);
        all.extend(shown(&options, &credential));
    }
    for rule in ["required", "optional"] {
        expect(
            &bea.patch("/me", &json!({ "second_factor": rule })).await,
            200,
        );
    }
    let path = format!("/me/passkeys/{}", passkey.id());
    assert_eq!(bea.delete(&path).await.status, 204);
    all.push(passkey.id());
    all.extend(tokens([bea]));
    all
}

/// A challenge, and what has answered it.
fn shown(options: &Value, credential: &Value) -> Vec<String> {
    let answer = &credential["response"];
    let answer = ["clientDataJSON", "signature", "attestationObject"].map(|name| &answer[name]);
    let answer = answer.into_iter().filter(|value| value.is_string());
    [&options["challenge"]]
        .into_iter()
        .chain(answer)
        .map(text)
        .collect()
}

fn tokens(sessions: impl IntoIterator<Item = Session>) -> impl Iterator<Item = String> {
    let sessions = sessions.into_iter();
    sessions.flat_map(|session| [session.access_token, session.refresh_token])
}

/// Asserts how the lines look that have these events first.
pub(crate) fn assert_lines<'a>(of: impl Fn(&str) -> &'a Value) {
    for (events, status) in [
        (
            json!(["factor.enrolled", "recovery_codes.made", "sessions.ended"]),
            200,
        ),
        (json!(["factor.removed", "sessions.ended"]), 204),
        (json!(["recovery_code.used", "session.raised"]), 200),
        (json!(["mfa.locked", "mfa.failed"]), 400),
        (json!(["passkey.count_stale", "login.succeeded"]), 200),
        (json!(["passkey.flags_changed", "login.succeeded"]), 200),
        (json!(["passkey.cloned"]), 401),
        (json!(["second_factor.changed", "sessions.ended"]), 200),
    ] {
        let line = of(events[0].as_str().unwrap());
        assert_eq!(
            (&line["events"], &line["status"]),
            (&events, &json!(status))
        );
        assert!(line["user_id"].is_string(), "{line}");
        let is_refused = status >= 400;
        assert_eq!(line["session_id"].is_null(), is_refused, "{line}");
    }
    for (event, metric) in [
        ("mfa.failed", "MfaFailures"),
        ("mfa.locked", "MfaLocks"),
        ("recovery_code.used", "RecoveryCodesUsed"),
    ] {
        assert_eq!(of(event)[metric], json!(1.0), "{event}");
    }
}
