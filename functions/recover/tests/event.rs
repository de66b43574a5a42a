//! The event in, the answer out.

use accounts::Purpose;
use serde_json::json;
use testing::{Answer, Client, Stack};

/// Sends an event with this ticket in the place of its own.
async fn with_ticket(api: &Client, name: &str, ticket: &str) -> Answer {
    let event = testing::event(name).to_string();
    let event = event.replace("latchkey_reset_TICKET", ticket);
    api.invoke(&serde_json::from_str(&event).expect("an event"))
        .await
}

#[tokio::test]
async fn a_password_is_set_anew_by_json_or_form() {
    let stack = Stack::with_mail(&[]).await;
    let registered = stack.function("register").event("register").await;
    assert_eq!(registered.status, 201, "{}", registered.json());
    let api = stack.function("recover");
    let asked = api.event("recover").await;
    assert_eq!(asked.status, 202, "{}", asked.json());
    assert_eq!(asked.json()["expires_in"], json!(1_800));
    assert_eq!(api.event("recover-form").await.status, 202);
    assert_eq!(api.event("recover-page").await.status, 200);
    assert_eq!(api.event("recover-head").await.status, 200);

    for (reset, status) in [("reset-password", 204), ("reset-password-form", 200)] {
        let ticket = stack.ticket(Purpose::Reset, &stack.user("ada").await).await;
        for (event, expected) in [
            ("reset-password-page", 200),
            ("reset-password-head", 200),
            (reset, status),
            ("reset-password-page", 410),
        ] {
            let answer = with_ticket(&api, event, &ticket).await;
            assert_eq!(answer.status, expected, "{event} around {reset}");
            assert_eq!(api.event(event).await.status, 404, "{event}, no ticket");
        }
    }
}
