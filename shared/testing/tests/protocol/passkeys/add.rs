//! Adding a passkey.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use testing::passkey::{ORIGIN, Passkey, UP};
use testing::{Answer, Session, Stack, number};

use super::{ada, creation, request};

async fn add(session: &Session, credential: &Value) -> Answer {
    session
        .post("/me/passkeys", &json!({ "credential": credential }))
        .await
}

#[tokio::test]
async fn the_first_factor_brings_recovery_codes_and_ends_every_other_session() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let session = api.sign_up("ada").await;
    let other = api.sign_in("ada").await;
    let mut passkey = Passkey::of_stack();
    let added = passkey.enrol(&session, "Ada's phone").await;
    assert_eq!(added.status, 201, "{}", added.json());
    let body = added.json();
    assert_eq!(body["recovery_codes"].as_array().unwrap().len(), 10);
    assert_eq!(
        (&body["name"], &body["last_used_at"]),
        (&json!("Ada's phone"), &json!(null))
    );
    assert_eq!(body["id"], json!(passkey.id()));
    assert_eq!(other.get("/protected").await.status, 401);
    assert_eq!(session.get("/protected").await.status, 200);
    let raised = session.refreshed().await;
    let amr = stack.claims(&raised.access_token).amr;
    assert_eq!(amr, ["pwd", "pop", "user", "mfa"]);

    let other = api.session(passkey.log_in(&api).await);
    let mut second = Passkey::of_stack();
    let added = second.enrol(&raised, "Key").await;
    assert_eq!(added.status, 201, "{}", added.json());
    assert_eq!(added.json().get("recovery_codes"), None);
    assert_eq!(other.get("/protected").await.status, 200);
    let factors = other.get("/me/factors").await.json();
    assert_eq!(factors["passkeys"].as_array().unwrap().len(), 2);
    assert_eq!(factors["recovery_codes_left"], json!(10));
    assert_eq!(
        factors["second_factor"],
        json!("optional"),
        "a passkey alone"
    );
    assert_eq!(
        factors["user_handle"],
        json!(URL_SAFE_NO_PAD.encode(&passkey.user_handle))
    );
    assert_eq!(factors["rp_id"], json!("example.com"));
    assert_eq!(api.login("ada", testing::PASSWORD).await.status, 200);
}

#[tokio::test]
async fn the_passkeys_of_the_account_are_excluded_and_none_is_added_twice() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let (session, mut passkey) = ada(&api).await;
    let options = creation(&session).await;
    let excluded = &options["excludeCredentials"];
    assert_eq!(excluded[0]["id"], json!(passkey.id()));
    assert_eq!(excluded.as_array().unwrap().len(), 1);
    let again = add(&session, &passkey.register(&options)).await;
    assert_eq!(again.status, 409, "{}", again.json());
}

#[tokio::test]
async fn an_answer_adds_a_passkey_once() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let session = api.sign_up("ada").await;
    let mut passkey = Passkey::of_stack();
    let credential = passkey.register(&creation(&session).await);
    assert_eq!(add(&session, &credential).await.status, 201);
    assert_eq!(add(&session, &credential).await.status, 409);
    let id = passkey.id();
    let session = api.session(passkey.log_in(&api).await);
    let removed = session.delete(&format!("/me/passkeys/{id}")).await;
    assert_eq!(removed.status, 204);
    let again = add(&session, &credential).await;
    assert_eq!(
        again.status,
        409,
        "the challenge was answered: {}",
        again.json()
    );
}

#[tokio::test]
async fn a_refusal_names_the_rule_and_adds_nothing() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let session = api.sign_up("ada").await;
    let ben = api.sign_up("ben").await;
    let options = creation(&session).await;
    let mut passkey = Passkey::of_stack();
    let right = passkey.register(&options);
    passkey.origin = "https://evil.example".to_owned();
    let other_origin = passkey.register(&options);
    passkey.origin = ORIGIN.to_owned();
    passkey.flags = UP;
    let unverified = passkey.register(&options);
    passkey.flags |= testing::passkey::UV;
    let of_login =
        json!({ "challenge": request(&api).await["challenge"], "user": options["user"] });
    let of_login = passkey.register(&of_login);
    let of_ben = passkey.register(&creation(&ben).await);
    for (credential, text) in [
        (&other_origin, "origin"),
        (&unverified, "verified"),
        (&of_login, "another challenge"),
        (&of_ben, "another challenge"),
        (&json!({}), "malformed"),
    ] {
        let answer = add(&session, credential).await;
        let body = answer.json();
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(body["errors"][0]["field"], json!("credential"));
        let detail = body["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains(text), "{detail}");
    }
    for (credential, name) in [
        (json!("text"), json!("Phone")),
        (json!(null), json!("Phone")),
        (right.clone(), json!("")),
        (right.clone(), json!("a".repeat(65))),
        (right.clone(), json!("a\nb")),
        (right.clone(), json!({})),
    ] {
        let body = json!({ "credential": credential, "name": name });
        let answer = session.post("/me/passkeys", &body).await;
        assert_eq!(answer.status, 400, "{body}");
    }
    assert_eq!(
        session.get("/me/factors").await.json()["passkeys"],
        json!([])
    );
    let added = add(&session, &right).await;
    assert_eq!(
        (added.status, &added.json()["name"]),
        (201, &json!("Passkey"))
    );
}

#[tokio::test]
async fn whoever_has_not_signed_in_of_late_adds_none() {
    let stack = Stack::unthrottled().await;
    let session = stack.api().sign_up("ada").await;
    let credential = Passkey::of_stack().register(&creation(&session).await);
    let old = number(api::now() - 301);
    stack.set("SessionsTable", "auth_time", old).await;
    for answer in [
        add(&session, &credential).await,
        session.post("/me/passkeys/options", &json!({})).await,
    ] {
        let error = answer.json()["error"].clone();
        assert_eq!(
            (answer.status, error),
            (401, json!("insufficient_user_authentication"))
        );
    }
}

#[tokio::test]
async fn an_account_has_twenty_at_most() {
    let stack = Stack::unthrottled().await;
    let session = stack.api().sign_up("ada").await;
    let mut last = Passkey::of_stack();
    let answer = last.register(&creation(&session).await);
    for number in 1..=20 {
        let added = Passkey::of_stack()
            .enrol(&session, &format!("{number}"))
            .await;
        assert_eq!(added.status, 201, "{number}: {}", added.json());
    }
    assert_eq!(add(&session, &answer).await.status, 409);
    let options = session.post("/me/passkeys/options", &json!({})).await;
    assert_eq!(options.status, 409);
}

#[tokio::test]
async fn where_mail_is_sent_the_address_is_proven_first() {
    let stack = Stack::unthrottled_with_mail().await;
    let api = stack.api();
    let session = api.sign_up_with_address("ada").await;
    let options = session.post("/me/passkeys/options", &json!({})).await;
    assert_eq!(
        (options.status, &options.json()["error"]),
        (403, &json!("email_unverified"))
    );
    stack.prove_address("ada").await;
    let mut passkey = Passkey::of_stack();
    assert_eq!(passkey.enrol(&session, "Phone").await.status, 201);
    let nameless = api.sign_up("ben").await;
    assert_eq!(
        Passkey::of_stack().enrol(&nameless, "Phone").await.status,
        201
    );
}
