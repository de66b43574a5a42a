//! Signing in with a passkey.

use accounts::Status;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use testing::Stack;
use testing::passkey::{
    BE, BS, ED_DSA, ES256, ORIGIN, Passkey, RELATED_ORIGIN, RP_ID, RS256, UP, UV,
};

use super::{ada, creation, is_refused, is_unknown, request, send};

#[tokio::test]
async fn each_algorithm_signs_in_alone_and_counts_as_two_factors() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    for (name, algorithm, origin) in [
        ("ada", ED_DSA, ORIGIN),
        ("ben", ES256, ORIGIN),
        ("cid", RS256, RELATED_ORIGIN),
    ] {
        let owner = api.sign_up(name).await;
        let mut passkey = Passkey::new(algorithm, RP_ID, origin);
        assert_eq!(passkey.enrol(&owner, "Phone").await.status, 201);
        let tokens = passkey.log_in(&api).await;
        assert_eq!(tokens.status, 200, "{}", tokens.json());
        let claims = stack.claims(&tokens.access_token());
        assert_eq!(claims.sub, owner.user_id());
        assert_eq!(claims.amr, ["pop", "user", "mfa"]);
        assert!(claims.fresh);
        let session = api.session(tokens);
        assert_eq!(session.get("/me").await.json()["username"], json!(name));
        assert_eq!(session.refresh().await.status, 200);
    }
}

#[tokio::test]
async fn an_answer_counts_once() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let (_, mut passkey) = ada(&api).await;
    let credential = passkey.sign_in(&request(&api).await);
    assert_eq!(send(&api, &credential).await.status, 200);
    for _ in 0..3 {
        assert!(is_refused(&send(&api, &credential).await));
    }
    assert_eq!(passkey.log_in(&api).await.status, 200);
}

#[tokio::test]
async fn whatever_is_wrong_has_the_same_answer() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let (session, mut passkey) = ada(&api).await;
    let options = request(&api).await;
    let right = passkey.sign_in(&options);

    passkey.origin = "https://evil.example".to_owned();
    let other_origin = passkey.sign_in(&options);
    passkey.origin = ORIGIN.to_owned();
    passkey.rp_id = "app.example.com".to_owned();
    let other_domain = passkey.sign_in(&options);
    passkey.rp_id = RP_ID.to_owned();
    passkey.flags = UP;
    let unverified = passkey.sign_in(&options);
    passkey.flags = UV;
    let absent = passkey.sign_in(&options);
    passkey.flags = UP | UV | BS;
    let wrong_flags = passkey.sign_in(&options);
    passkey.flags = UP | UV;
    let mut other_key = Passkey::of_stack();
    other_key.id.clone_from(&passkey.id);
    other_key.user_handle.clone_from(&passkey.user_handle);
    let other_key = other_key.sign_in(&options);
    let other_ceremony = passkey.sign_in(&creation(&session).await);
    let no_challenge = passkey.sign_in(&json!({ "challenge": URL_SAFE_NO_PAD.encode([1; 49]) }));
    let mut shape = right.clone();
    shape["response"]["signature"] = json!(null);
    for (credential, why) in [
        (&other_origin, "origin"),
        (&other_domain, "domain"),
        (&unverified, "UV"),
        (&absent, "UP"),
        (&wrong_flags, "BS without BE"),
        (&other_key, "key"),
        (&other_ceremony, "a challenge to add a passkey"),
        (&no_challenge, "no challenge of ours"),
        (&shape, "shape"),
        (&json!({}), "nothing"),
    ] {
        let answer = send(&api, credential).await;
        assert!(is_refused(&answer), "{why}: {}", answer.json());
    }
    assert_eq!(
        send(&api, &right).await.status,
        200,
        "nothing has used it up"
    );
}

#[tokio::test]
async fn a_passkey_that_no_account_has_is_called_unknown() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let (_, mut passkey) = ada(&api).await;
    let ben = api.sign_up("ben").await;
    let mut of_ben = Passkey::of_stack();
    assert_eq!(of_ben.enrol(&ben, "Phone").await.status, 201);

    let own = passkey.user_handle.clone();
    for handle in [
        of_ben.user_handle.clone(),
        vec![7; 16],
        vec![7; 15],
        vec![7; 64],
    ] {
        passkey.user_handle = handle;
        assert!(is_unknown(&passkey.log_in(&api).await));
    }
    passkey.user_handle = own;
    let id = std::mem::replace(&mut passkey.id, vec![7; 32]);
    assert!(is_unknown(&passkey.log_in(&api).await));
    passkey.id = id;
    assert_eq!(passkey.log_in(&api).await.status, 200);
}

#[tokio::test]
async fn a_disabled_account_is_refused_and_a_removed_passkey_is_unknown() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let (_, mut passkey) = ada(&api).await;
    let accounts = stack.environment().accounts().unwrap();
    for (status, is_in) in [(Status::Disabled, false), (Status::Active, true)] {
        let user = stack.user("ada").await;
        let changed = user.with_status(status);
        let by = tables::By::Operator;
        accounts.change(&user, &changed, by, None).await.unwrap();
        let answer = passkey.log_in(&api).await;
        assert_eq!(answer.status == 200, is_in);
        assert_eq!(is_refused(&answer), !is_in);
    }
    let session = api.session(passkey.log_in(&api).await);
    let path = format!("/me/passkeys/{}", passkey.id());
    let removed = session.delete(&path).await;
    assert_eq!(removed.status, 204);
    assert!(is_unknown(&passkey.log_in(&api).await));
}

#[tokio::test]
async fn a_copy_of_a_key_that_is_bound_to_its_device_is_found_out() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let session = api.sign_up("ada").await;
    let mut passkey = Passkey::of_stack();
    passkey.sign_count = 1;
    assert_eq!(passkey.enrol(&session, "Key").await.status, 201);
    passkey.sign_count = 7;
    assert_eq!(passkey.log_in(&api).await.status, 200);
    for count in [7, 3, 0] {
        let client_data = passkey.client_data("webauthn.get", &request(&api).await);
        passkey.sign_count = count;
        let answer = passkey.assertion(&client_data, &passkey.authenticator_data());
        assert!(is_refused(&send(&api, &answer).await), "{count}");
    }
    passkey.sign_count = 8;
    assert_eq!(passkey.log_in(&api).await.status, 200);
}

#[tokio::test]
async fn an_older_count_and_other_flags_of_a_synced_passkey_sign_in() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let session = api.sign_up("ada").await;
    let mut passkey = Passkey::of_stack();
    passkey.sign_count = 9;
    passkey.flags = UP | UV | BE;
    assert_eq!(passkey.enrol(&session, "Phone").await.status, 201);
    for (count, flags, stored) in [
        (3, UP | UV | BE | BS, 9),
        (12, UP | UV, 13),
        (14, UP | UV | BE, 15),
    ] {
        passkey.sign_count = count;
        passkey.flags = flags;
        let answer = passkey.log_in(&api).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
        let factors = stack.environment().factors().unwrap();
        let held = factors.of(stack.user("ada").await.id).await.unwrap();
        let row = &held.passkeys[0];
        assert_eq!(row.sign_count, stored);
        assert_eq!(
            (row.backup_eligible, row.backed_up),
            (flags & BE != 0, flags & BS != 0)
        );
        assert!(row.last_used_at.is_some());
    }
}
