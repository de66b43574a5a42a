//! The limits on passkeys, and the switch.

use serde_json::json;
use testing::passkey::Passkey;
use testing::{Session, Stack};

use super::{ada, is_refused, request, send};

#[tokio::test]
async fn an_address_that_fails_too_often_waits() {
    let stack = Stack::start_with(&[("ADDRESS_FAILURES", "3")]).await;
    let api = stack.api();
    let (_, mut passkey) = ada(&api).await;
    let mut forger = Passkey::of_stack();
    forger.id.clone_from(&passkey.id);
    forger.user_handle.clone_from(&passkey.user_handle);
    let thief = api.at_address("198.51.100.7");
    for _ in 0..3 {
        assert!(is_refused(&forger.log_in(&thief).await));
    }
    let waits = forger.log_in(&thief).await;
    assert_eq!(waits.status, 429, "{}", waits.json());
    let credential = passkey.sign_in(&request(&api).await);
    assert_eq!(
        send(&thief, &credential).await.status,
        429,
        "the right one too"
    );
    assert_eq!(
        send(&api, &credential).await.status,
        200,
        "from another address"
    );
}

#[tokio::test]
async fn what_proves_no_challenge_of_ours_costs_no_call() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let (_, mut passkey) = ada(&api).await;
    passkey.log_in(&api).await;
    stack.wire.take();
    let forged = passkey.sign_in(&json!({ "challenge": "AAAA" }));
    assert!(is_refused(&send(&api, &forged).await));
    request(&api).await;
    assert_eq!(stack.wire.take(), []);
}

#[tokio::test]
async fn without_a_domain_every_route_names_the_parameter() {
    let off = [("PASSKEY_RP_ID", ""), ("PASSKEY_ORIGINS", "")];
    let stack = Stack::start_with(&off).await;
    let api = stack.api();
    let session: Session = api.sign_up("ada").await;
    let id = "AAAAAAAAAAAAAAAAAAAAAA";
    let answers = [
        api.post("/login/passkey/options", &json!({})).await,
        api.post("/login/passkey", &json!({ "credential": {} }))
            .await,
        api.post("/login/passkey", &json!({ "wrong": 1 })).await,
        api.get("/.well-known/webauthn", None).await,
        session.post("/me/passkeys/options", &json!({})).await,
        session
            .post("/me/passkeys", &json!({ "credential": {} }))
            .await,
        session
            .patch(&format!("/me/passkeys/{id}"), &json!({ "name": "a" }))
            .await,
        session.delete(&format!("/me/passkeys/{id}")).await,
    ];
    for answer in answers {
        let body = answer.json();
        assert_eq!(
            (answer.status, &body["error"]),
            (403, &json!("feature_disabled"))
        );
        assert!(
            body["detail"].as_str().unwrap().contains("PasskeyRpId"),
            "{body}"
        );
    }
    let factors = session.get("/me/factors").await.json();
    assert_eq!(
        (&factors["rp_id"], &factors["passkeys"]),
        (&json!(null), &json!([]))
    );
}

#[tokio::test]
async fn pages_of_other_sites_are_listed_and_no_others() {
    let stack = Stack::start().await;
    let listed = stack.api().get("/.well-known/webauthn", None).await;
    assert_eq!(listed.json(), json!({ "origins": ["https://example.net"] }));
}
