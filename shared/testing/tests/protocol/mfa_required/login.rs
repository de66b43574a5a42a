//! The login of an account that is asked for a second factor.

use accounts::{AuthMethod, MfaPurpose, WaysIn};
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use testing::wire::Fault;
use testing::{Client, OTHER_PASSWORD, PASSWORD, Stack};

use super::{mfa_token, requiring, tokens};

#[tokio::test]
async fn a_right_password_begins_no_session_where_a_second_factor_is_asked_for() {
    let stack = Stack::start().await;
    let api = stack.api();
    api.sign_up("ada").await;
    let ada = stack
        .give_ways_in("ada", WaysIn::default().with_totp())
        .await;
    let sessions = stack.items("SessionsTable").await;

    let login = api.login("ada", PASSWORD).await;
    let body = login.json();
    assert_eq!(
        (login.status, &body["error"]),
        (403, &json!("mfa_required"))
    );
    assert_eq!(body["methods"], json!(["totp", "recovery_code"]));
    assert_eq!(body["expires_in"], json!(300));
    assert_eq!(tokens(&body), Vec::<&str>::new());
    assert_eq!(login.header("www-authenticate"), None);
    assert_eq!(login.header("cache-control"), Some("no-store"));
    let token = mfa_token(&stack, &body, MfaPurpose::SignIn).await.unwrap();
    assert_eq!(token.owner, ada.owner());
    assert_eq!(token.methods, AuthMethod::PASSWORD.into());
    assert_eq!(token.device, None);
    assert_eq!(mfa_token(&stack, &body, MfaPurpose::Enrol).await, None);
    assert_eq!(stack.items("SessionsTable").await, sessions, "no session");

    for (name, password) in [("ada", OTHER_PASSWORD), ("nobody", PASSWORD)] {
        let wrong = api.login(name, password).await;
        let body = wrong.json();
        assert_eq!((wrong.status, body.get("error")), (401, None));
        assert!(!body.to_string().contains("mfa"), "{body}");
    }
}

#[tokio::test]
async fn a_passkey_alone_is_asked_for_where_everybody_must_have_a_second_factor() {
    let stack = Stack::start().await;
    let api = stack.api();
    api.sign_up("ada").await;
    stack
        .give_ways_in("ada", WaysIn::default().with_passkey())
        .await;
    for whom in ["off", "admins"] {
        assert_eq!(
            requiring(&stack, whom).sign_in("ada").await.answer.status,
            200
        );
    }
    let login = requiring(&stack, "all").login("ada", PASSWORD).await;
    assert_eq!(login.status, 403);
    assert_eq!(login.json()["expires_in"], json!(300));
    let token = mfa_token(&stack, &login.json(), MfaPurpose::SignIn).await;
    assert!(token.is_some(), "there is a factor to show");
}

#[tokio::test]
async fn an_account_that_must_have_a_factor_and_has_none_is_to_enrol_one() {
    let stack = Stack::start().await;
    stack.api().sign_up("ada").await;
    let ada = stack.user("ada").await;
    let sessions = stack.items("SessionsTable").await;
    let login = requiring(&stack, "all").login("ada", PASSWORD).await;
    let body = login.json();
    assert_eq!(
        (login.status, &body["error"]),
        (403, &json!("mfa_required"))
    );
    assert_eq!(
        (&body["methods"], &body["expires_in"]),
        (&json!([]), &json!(600))
    );
    let token = mfa_token(&stack, &body, MfaPurpose::Enrol).await.unwrap();
    assert_eq!(token.owner, ada.owner());
    assert_eq!(mfa_token(&stack, &body, MfaPurpose::SignIn).await, None);
    assert_eq!(stack.items("SessionsTable").await, sessions);
}

#[tokio::test]
async fn the_session_of_a_device_goes_on_in_the_token_and_is_not_ended_yet() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let eve = api.sign_up("eve").await;
    stack
        .give_ways_in("ada", WaysIn::default().with_totp())
        .await;
    let login = ada.login_again("ada", PASSWORD).await;
    assert_eq!(login.status, 403, "{}", login.json());
    let token = mfa_token(&stack, &login.json(), MfaPurpose::SignIn).await;
    let device = token.unwrap().device.unwrap().to_string();
    assert_eq!(device, stack.claims(&ada.access_token).sid);
    assert_eq!(ada.refresh().await.status, 200, "it may go no further");

    let login = eve.login_again("ada", PASSWORD).await;
    let token = mfa_token(&stack, &login.json(), MfaPurpose::SignIn).await;
    assert_eq!(token.unwrap().device, None, "of another account");
}

#[tokio::test]
async fn an_outdated_hash_is_renewed_before_the_second_factor() {
    for (whom, ways_in) in [
        ("off", WaysIn::default().with_totp()),
        ("all", WaysIn::default()),
    ] {
        let stack = Stack::start().await;
        stack.api().sign_up_with_address("ada").await;
        stack.give_ways_in("ada", ways_in).await;
        let before = hashes(&stack).await;
        assert!(before.iter().all(|hash| hash.contains("t=5")), "{before:?}");

        let dearer = stack.environment_where(&[("MFA_REQUIRED", whom), ("ARGON2_ITERATIONS", "6")]);
        let dearer = Client::function("login", &dearer);
        assert_eq!(dearer.login("ada", OTHER_PASSWORD).await.status, 401);
        assert_eq!(
            hashes(&stack).await,
            before,
            "a wrong password renews nothing"
        );
        for _ in 0..2 {
            assert_eq!(dearer.login("ada", PASSWORD).await.status, 403);
        }
        let after = hashes(&stack).await;
        assert_eq!(after.len(), 2, "both names");
        assert!(after.iter().all(|hash| hash.contains("t=6")), "{after:?}");
        assert_eq!(dearer.login("ada", PASSWORD).await.status, 403);
        assert_eq!(hashes(&stack).await, after, "once");
    }
}

#[tokio::test]
async fn a_hash_that_cannot_be_renewed_now_hinders_no_login() {
    let stack = Stack::start().await;
    stack.api().sign_up("ada").await;
    stack
        .give_ways_in("ada", WaysIn::default().with_totp())
        .await;
    let before = hashes(&stack).await;
    let dearer = stack.environment_with("ARGON2_ITERATIONS", Some("6"));
    let dearer = Client::function("login", &dearer);
    assert_eq!(dearer.login("ada", PASSWORD).await.status, 403);
    let after = hashes(&stack).await;
    assert_ne!(before, after);

    let dearest = stack.environment_with("ARGON2_ITERATIONS", Some("7"));
    let dearest = Client::function("login", &dearest);
    assert_eq!(dearest.login("ada", OTHER_PASSWORD).await.status, 401);
    let denied = Fault::Refused(400, "AccessDeniedException");
    stack.wire.fail("TransactWriteItems", &denied, 10);
    assert_eq!(dearest.login("ada", PASSWORD).await.status, 403);
    stack.wire.mend();
    assert_eq!(hashes(&stack).await, after);
}

async fn hashes(stack: &Stack) -> Vec<String> {
    let items = stack.items("LoginsTable").await.into_iter();
    items
        .map(|item| item["password_hash"].as_s().unwrap().clone())
        .collect()
}

#[tokio::test]
async fn a_factor_of_a_later_version_is_asked_for() {
    let stack = Stack::start().await;
    let api = stack.api();
    api.sign_up("ada").await;
    let later = AttributeValue::L(vec![AttributeValue::S("voice".to_owned())]);
    stack.set("LoginsTable", "factors", later).await;
    let login = api.login("ada", PASSWORD).await;
    assert_eq!(login.status, 403, "{}", login.json());
    assert_eq!(login.json()["methods"], json!(["recovery_code"]));
    assert_eq!(login.json().get("passkey"), None::<&Value>);
}
