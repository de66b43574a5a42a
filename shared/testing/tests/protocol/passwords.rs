//! A new password that is easy to guess is refused with the reason, after the request was counted.

use serde_json::{Value, json};
use testing::{OTHER_PASSWORD, PASSWORD, Stack};

use crate::throttling::WINDOW;

/// 256 characters that stand for letters, in the order in which they keep a search busy the
/// longest.
fn dear() -> String {
    "1111|".chars().cycle().take(256).collect()
}

fn reason(text: &str) -> Value {
    json!([{ "field": "password", "detail": text }])
}

#[tokio::test]
async fn the_reason_names_what_is_easy_to_guess_and_repeats_nothing() {
    let stack = Stack::start_with(&[("PASSWORD_WORDS", "roadrunner, Acme Corp")]).await;
    let api = stack.api();
    for (password, expected) in [
        ("short", "must have at least 15 characters"),
        (
            "correct horse\u{7}battery",
            "must not contain control characters",
        ),
        ("passwordpassword", "is a common password"),
        ("BasketballFootball", "is made of two common words"),
        ("velvet.harbours", "is your name"),
        (
            "velvetharbours!",
            "is made of your name and a few characters",
        ),
        (
            "roadrunner19851231",
            "is made of a word that belongs to this service and a date",
        ),
        (
            "acmecorplatchkey",
            "is made of two words that belong to this service",
        ),
        ("xyzxyzxyzxyzxyzxyz", "repeats itself"),
        (
            "mnbvcxzlkjhgfds",
            "is made of a common word and keys beside each other",
        ),
    ] {
        let body = json!({
            "username": "velvet.harbours", "email": "orchard@gateway.example", "password": password,
        });
        let refused = api.post("/register", &body).await;
        assert_eq!(refused.status, 400, "{password}");
        assert_eq!(refused.json()["errors"], reason(expected), "{password}");
    }
    assert_eq!(stack.count().await, 0);

    let ada = api.sign_up("ada").await;
    let refused = ada.change_password(PASSWORD, "adaadaadaadaada").await;
    assert_eq!(
        (refused.status, &refused.json()["errors"]),
        (400, &reason("repeats itself"))
    );
    assert_eq!(api.login("ada", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn only_a_registration_that_was_counted_has_its_password_judged() {
    let stack = Stack::start_with(&[("REGISTRATION_BURST", "3")]).await;
    let api = stack.api();
    let with_another_member = json!({ "username": "ada", "password": dear(), "otp": "1" });
    for _ in 0..10 {
        let refused = api.post("/register", &with_another_member).await;
        let errors = &refused.json()["errors"];
        assert_eq!(refused.status, 400);
        assert_eq!(
            errors,
            &json!([{ "field": "otp", "detail": "is not a member of this request" }])
        );
    }
    assert_eq!(stack.items("ThrottlesTable").await.len(), 0);

    let mut judged = 0;
    for _ in 0..30 {
        let refused = api.register("ada", "passwordpassword").await;
        match refused.status {
            400 => judged += 1,
            status => assert_eq!(status, 429),
        }
    }
    println!(
        "of 30 from one address {judged} were judged, {} answered with 429",
        30 - judged
    );
    assert_eq!(judged, 3);
    assert_eq!(
        api.register("ada", PASSWORD).await.status,
        429,
        "counted alike"
    );
}

#[tokio::test]
async fn only_a_change_that_was_counted_has_its_password_judged() {
    let stack = Stack::start_with(&[WINDOW]).await;
    let ada = stack.api().sign_up("ada").await;
    let before = stack.items("ThrottlesTable").await.len();
    let body = json!({ "current_password": PASSWORD, "password": dear(), "otp": "1" });
    for _ in 0..30 {
        let refused = ada.put("/me/password", &body).await;
        assert_eq!(refused.status, 400);
        assert_eq!(refused.json()["errors"][0]["field"], json!("otp"));
    }
    assert_eq!(stack.items("ThrottlesTable").await.len(), before);

    let mut statuses = Vec::new();
    for _ in 0..30 {
        let refused = ada.change_password(PASSWORD, "passwordpassword").await;
        statuses.push(refused.status);
    }
    let judged = statuses.iter().take_while(|status| **status == 400).count();
    println!("of 30 changes {judged} were judged");
    assert_eq!(judged, 10, "{statuses:?}");
    assert!(
        statuses[judged..].iter().all(|status| *status == 429),
        "{statuses:?}"
    );
    assert_eq!(
        ada.change_password(PASSWORD, OTHER_PASSWORD).await.status,
        429
    );
}
