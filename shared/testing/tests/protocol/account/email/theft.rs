//! A thief in a session that is fresh, and the owner who reads the mails of the address.

use serde_json::json;
use testing::{OTHER_PASSWORD, PASSWORD, Session, Stack};

use super::{ADA, asked, confirm, letter_of, notices, problem, signed_up, started, verified};

const THIEF: &str = "thief@example.net";

/// The thief has proved another address, and has to wait.
async fn pending(stack: &Stack, thief: &Session) -> String {
    let handle = asked(thief, THIEF).await;
    let letter = letter_of(stack, THIEF, &handle).await;
    let early = confirm(thief, letter.ticket(), None).await;
    assert_eq!(problem(&early), (409, json!("email_change_pending")));
    letter.ticket().to_owned()
}

/// The account is the owner's, with its address.
async fn assert_is_the_owners(stack: &Stack, owner: &Session) {
    let me = owner.get("/me").await.json();
    assert_eq!(
        (&me["email"], &me["email_verified"]),
        (&json!(ADA), &json!(true))
    );
    let by_thief = json!({ "email": THIEF, "password": PASSWORD });
    assert_eq!(stack.api().post("/login", &by_thief).await.status, 401);
}

#[tokio::test]
async fn the_owner_ends_the_change_by_a_new_password() {
    let stack = started(&[]).await;
    let owner = verified(&stack, "ada", ADA).await;
    let thief = stack.api().sign_in("ada").await;
    let ticket = pending(&stack, &thief).await;
    assert_eq!(notices(&stack, ADA).await.len(), 1, "the owner is told");
    let owner = stack
        .api()
        .session(owner.change_password(PASSWORD, OTHER_PASSWORD).await);
    assert_eq!(confirm(&thief, &ticket, None).await.status, 401);
    // Whatever session the ticket is shown in, it is over.
    let refused = confirm(&owner, &ticket, None).await;
    assert_eq!(problem(&refused), (410, json!("ticket_superseded")));
    assert_is_the_owners(&stack, &owner).await;
}

#[tokio::test]
async fn the_owner_ends_the_change_by_signing_out_everywhere() {
    let stack = started(&[]).await;
    let owner = verified(&stack, "ada", ADA).await;
    let thief = stack.api().sign_in("ada").await;
    let ticket = pending(&stack, &thief).await;
    assert_eq!(owner.delete("/me/sessions").await.status, 204);
    // The thief knows the password, and comes back.
    let thief = stack.api().sign_in("ada").await;
    let refused = confirm(&thief, &ticket, None).await;
    assert_eq!(problem(&refused), (410, json!("ticket_superseded")));
    assert_is_the_owners(&stack, &owner).await;
}

#[tokio::test]
async fn a_thief_cannot_agree_for_the_owner() {
    let stack = started(&[]).await;
    let owner = verified(&stack, "ada", ADA).await;
    let thief = stack.api().sign_in("ada").await;
    let ticket = pending(&stack, &thief).await;
    // The proof of the new address is no consent of the old one, under whatever name.
    let disguised = ticket.replace("_email_", "_agree_");
    assert_eq!(
        problem(&confirm(&thief, &disguised, None).await),
        (404, json!("unknown_ticket"))
    );
    // Another ask begins another wait, and does not end the owner's chance.
    let second = pending(&stack, &thief).await;
    assert_eq!(
        notices(&stack, ADA).await.len(),
        2,
        "the owner is told of each"
    );
    // Nor does an ask for the present address, which is proved.
    let handle = asked(&thief, ADA).await;
    let guess = confirm(&thief, &handle, Some("00000000")).await;
    assert_eq!(problem(&guess), (400, json!("invalid_code")));
    for ticket in [&ticket, &second] {
        let early = confirm(&thief, ticket, None).await;
        assert_eq!(problem(&early), (409, json!("email_change_pending")));
    }
    assert_is_the_owners(&stack, &owner).await;
}

#[tokio::test]
async fn a_thief_can_take_an_account_whose_owner_never_proved_an_address() {
    let stack = started(&[]).await;
    signed_up(&stack.api(), "ada", ADA).await;
    let thief = stack.api().sign_in("ada").await;
    let handle = asked(&thief, THIEF).await;
    let letter = letter_of(&stack, THIEF, &handle).await;
    let changed = confirm(&thief, letter.ticket(), None).await;
    assert_eq!(
        changed.json()["email"],
        THIEF,
        "as the guide says: prove your address"
    );
}

/// Sets a new password by the mail that the owner asks for.
async fn reset(stack: &Stack, email: &str) {
    let api = stack.api();
    let asked = api
        .post("/forgot-password", &json!({ "email": email }))
        .await;
    assert_eq!(asked.status, 202);
    let ticket = stack.letter(email, "reset").await.ticket().to_owned();
    let new = json!({ "ticket": ticket, "password": OTHER_PASSWORD });
    assert_eq!(api.post("/reset-password", &new).await.status, 204);
}

#[tokio::test]
async fn the_owner_who_has_forgotten_the_password_is_back_within_the_delay() {
    let stack = started(&[]).await;
    verified(&stack, "ada", ADA).await;
    let thief = stack.api().sign_in("ada").await;
    let ticket = pending(&stack, &thief).await;
    reset(&stack, ADA).await;
    assert_eq!(confirm(&thief, &ticket, None).await.status, 401);
    assert_eq!(stack.api().login("ada", PASSWORD).await.status, 401);
    let owner = stack.api().login("ada", OTHER_PASSWORD).await;
    let owner = stack.api().session(owner);
    let refused = confirm(&owner, &ticket, None).await;
    assert_eq!(problem(&refused), (410, json!("ticket_superseded")));
    assert_is_the_owners(&stack, &owner).await;
}

#[tokio::test]
async fn after_a_change_with_consent_the_old_address_has_no_say() {
    let stack = started(&[]).await;
    let owner = verified(&stack, "ada", ADA).await;
    let ticket = pending(&stack, &owner).await;
    let consent = stack.letter(ADA, "notice").await;
    assert_eq!(confirm(&owner, consent.ticket(), None).await.status, 204);
    assert_eq!(confirm(&owner, &ticket, None).await.status, 200);
    let api = stack.api();
    let asked = api.post("/forgot-password", &json!({ "email": ADA })).await;
    assert_eq!(asked.status, 202, "the same answer");
    let letters = stack.letters(ADA).await;
    assert!(letters.iter().all(|letter| letter.purpose != "reset"));
    reset(&stack, THIEF).await;
    assert_eq!(owner.get("/me").await.status, 401);
}
