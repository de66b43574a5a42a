//! The mails about what an owner did.

use serde_json::json;
use testing::{OTHER_PASSWORD, PASSWORD};

use super::{ADA, notices, signed_up, started, verified};

#[tokio::test]
async fn an_owner_is_told_of_a_new_password_and_of_the_end_of_the_account() {
    let stack = started(&[]).await;
    let ada = verified(&stack, "ada", ADA).await;
    assert!(notices(&stack, ADA).await.is_empty(), "a proof is no news");
    let wrong = ada.change_password("wrong", OTHER_PASSWORD).await;
    assert_eq!(wrong.status, 400);
    assert!(notices(&stack, ADA).await.is_empty(), "nothing has changed");
    let ada = stack
        .api()
        .session(ada.change_password(PASSWORD, OTHER_PASSWORD).await);
    let told = notices(&stack, ADA).await;
    assert!(
        told.len() == 1 && told[0].starts_with("Your password"),
        "{told:?}"
    );
    assert_eq!(
        ada.patch("/me", &json!({ "username": "countess" }))
            .await
            .status,
        200
    );
    assert_eq!(ada.delete("/me/sessions").await.status, 204);
    assert_eq!(notices(&stack, ADA).await.len(), 1);
    assert_eq!(ada.delete("/me").await.status, 204);
    let mut told = notices(&stack, ADA).await;
    told.sort();
    assert!(
        told.len() == 2 && told[0].starts_with("Your account"),
        "{told:?}"
    );
}

#[tokio::test]
async fn an_address_that_nobody_has_proved_to_read_is_told_nothing() {
    let stack = started(&[]).await;
    let ada = signed_up(&stack.api(), "ada", ADA).await;
    let ada = stack
        .api()
        .session(ada.change_password(PASSWORD, OTHER_PASSWORD).await);
    assert_eq!(ada.delete("/me").await.status, 204);
    assert!(notices(&stack, ADA).await.is_empty());
}

#[tokio::test]
async fn where_mail_is_sent_an_address_is_not_changed_in_passing() {
    let stack = started(&[]).await;
    let ada = verified(&stack, "ada", ADA).await;
    for email in [
        json!("countess@example.org"),
        json!(null),
        json!("nobody"),
        json!(1),
    ] {
        let body = json!({ "username": "countess", "email": email });
        let refused = ada.patch("/me", &body).await;
        assert_eq!(refused.status, 400, "{body}");
        assert_eq!(refused.json()["errors"][0]["field"], "email", "{body}");
        assert!(email.is_number() || refused.json().to_string().contains("PUT /me/email"));
    }
    for body in [
        json!({}),
        json!({ "locale": "x" }),
        json!({ "locale": 1 }),
        json!({ "username": null, "locale": "?" }),
    ] {
        assert_eq!(ada.patch("/me", &body).await.status, 400, "{body}");
    }
    let me = ada.get("/me").await.json();
    assert_eq!(
        (&me["username"], &me["email"], &me["locale"]),
        (&json!("ada"), &json!(ADA), &json!(null))
    );
    let both = ada
        .patch("/me", &json!({ "username": "countess", "locale": "de" }))
        .await;
    assert_eq!(both.json()["locale"], "de");
    assert_eq!(
        both.json()["email_verified"],
        true,
        "with another username, too"
    );
}
