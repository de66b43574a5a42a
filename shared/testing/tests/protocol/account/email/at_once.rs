//! Another address without a wait, in a session that has shown two factors.

use serde_json::{Value, json};
use testing::{Session, Stack, number};

use super::{ADA, NEW, ask, confirm, letter_of, notices, problem, started, verified};

/// The default of `EmailChangeDelay`, in seconds.
const DELAY: u64 = 72 * 60 * 60;

/// Asks for another address and proves it at once. Returns when the change was to take effect, and
/// the problem, if it did not.
async fn change(stack: &Stack, session: &Session) -> (Value, (u16, Value)) {
    let asked = ask(session, NEW).await;
    assert_eq!(asked.status, 202, "{}", asked.json());
    let handle = asked.json()["ticket"].as_str().unwrap().to_owned();
    let letter = letter_of(stack, NEW, &handle).await;
    let changed = confirm(session, letter.ticket(), None).await;
    (asked.json()["effective_at"].clone(), problem(&changed))
}

async fn added_at(stack: &Stack, at: u64) {
    stack.set("UsersTable", "factor_added_at", number(at)).await;
}

#[tokio::test]
async fn a_session_that_has_shown_an_old_factor_does_not_wait() {
    let stack = started(&[]).await;
    let ada = verified(&stack, "ada", ADA).await;
    stack.give_totp(&ada).await;
    added_at(&stack, api::now() - DELAY).await;
    let (effective_at, done) = change(&stack, &ada).await;
    assert_eq!((effective_at, done), (Value::Null, (200, Value::Null)));
    assert_eq!(ada.get("/me").await.json()["email"], json!(NEW));
    // The ask, and the change.
    assert_eq!(notices(&stack, ADA).await.len(), 2);
}

#[tokio::test]
async fn a_factor_that_a_thief_could_have_added_of_late_shortens_no_wait() {
    let stack = started(&[]).await;
    let ada = verified(&stack, "ada", ADA).await;
    stack.give_totp(&ada).await;
    added_at(&stack, api::now() - DELAY + 60).await;
    let pending = (409, json!("email_change_pending"));
    let (effective_at, refused) = change(&stack, &ada).await;
    assert!(effective_at.is_u64(), "{effective_at}");
    assert_eq!(refused, pending);
    stack.remove("UsersTable", "factor_added_at").await;
    assert_eq!(change(&stack, &ada).await.1, pending, "nobody knows when");
}

#[tokio::test]
async fn a_session_of_the_password_alone_waits() {
    let stack = started(&[]).await;
    let ada = verified(&stack, "ada", ADA).await;
    // A passkey that the password does not ask for.
    stack.add_passkey_row(&ada, "AAAA").await;
    added_at(&stack, api::now() - DELAY).await;
    let by_password = stack.api().sign_in("ada").await;
    let (effective_at, refused) = change(&stack, &by_password).await;
    assert!(effective_at.is_u64(), "{effective_at}");
    assert_eq!(refused, (409, json!("email_change_pending")));
    assert_eq!(change(&stack, &ada).await.1, (200, Value::Null));
}

#[tokio::test]
async fn recovery_codes_that_a_thief_could_have_made_of_late_shorten_no_wait() {
    let stack = started(&[]).await;
    let ada = verified(&stack, "ada", ADA).await;
    // A passkey that the password does not ask for.
    stack.add_passkey_row(&ada, "AAAA").await;
    added_at(&stack, api::now() - DELAY).await;
    let by_password = stack.api().sign_in("ada").await;
    let made = by_password.post("/me/recovery-codes", &Value::Null).await;
    let code = json!({ "recovery_code": made.json()["recovery_codes"][0] });
    let raised = by_password.post("/step-up", &code).await;
    assert_eq!(raised.status, 200, "{}", raised.json());
    let (effective_at, refused) = change(&stack, &by_password).await;
    assert!(effective_at.is_u64(), "{effective_at}");
    assert_eq!(refused, (409, json!("email_change_pending")));
}
