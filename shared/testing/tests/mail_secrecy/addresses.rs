//! Addresses that are proved and changed by the sessions of their accounts.

use serde_json::{Value, json};
use testing::Session;
use testing::letters::Received;

use crate::shown::Course;

const CONFIRM: &str = "/me/email/confirm";

/// A code that is not that of a letter.
pub(crate) fn wrong(letter: &Received) -> &'static str {
    match letter.code.as_deref() {
        Some("0000 0000") => "11111111",
        _ => "00000000",
    }
}

pub(crate) async fn run(course: &mut Course) {
    let (ada, handle) = course.sign_up("ada").await;
    let (bob, _) = course.sign_up("bob").await;
    let api = course.api.clone();
    for path in ["/me/email", CONFIRM] {
        course.malformed(&api, Some(&ada.access_token), path).await;
    }
    let letter = course.letter("ada@example.com", "email").await;
    let code = json!({ "ticket": handle, "code": letter.code });
    let wrong = json!({ "ticket": handle, "code": wrong(&letter) });
    let link = json!({ "ticket": letter.ticket() });
    course.refuse(bob.post(CONFIRM, &link).await, "foreign_ticket");
    course.refuse(ada.post(CONFIRM, &wrong).await, "invalid_code");
    course.take(ada.post(CONFIRM, &code).await, 200);
    course.refuse(ada.post(CONFIRM, &link).await, "ticket_used");
    let cut = letter.ticket().trim_end_matches(char::is_alphanumeric);
    let forged = json!({ "ticket": format!("{cut}AAAA") });
    course.refuse(ada.post(CONFIRM, &forged).await, "unknown_ticket");
    let renamed = json!({ "email": "other@example.com" });
    course.take(ada.patch("/me", &renamed).await, 400);
    moved(course, &ada).await;
}

/// Moves to another address, to which the present one agrees.
async fn moved(course: &mut Course, ada: &Session) {
    let ask = async |course: &mut Course, email: &str| -> Value {
        let asked = ada.put("/me/email", &json!({ "email": email })).await;
        course.take(asked, 202)["ticket"].take()
    };
    let taken = ask(course, "bob@example.com").await;
    let guess = json!({ "ticket": taken, "code": "12345678" });
    course.refuse(ada.post(CONFIRM, &guess).await, "invalid_code");
    let handle = ask(course, "countess@example.com").await;
    let letter = course.letter("countess@example.com", "email").await;
    let code = json!({ "ticket": handle, "code": letter.code });
    course.refuse(ada.post(CONFIRM, &code).await, "email_change_pending");
    let consent = course.letter("ada@example.com", "notice").await;
    let agreed = json!({ "ticket": consent.ticket() });
    course.take(ada.post(CONFIRM, &agreed).await, 204);
    let link = json!({ "ticket": letter.ticket() });
    course.take(ada.post(CONFIRM, &link).await, 200);
    course.refuse(ada.post(CONFIRM, &link).await, "ticket_used");
}
