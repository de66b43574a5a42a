//! Passwords that are set by mail: of accounts, and of those that are yet to be made.

use serde_json::json;
use testing::{OTHER_PASSWORD, PASSWORD};

use crate::addresses::wrong;
use crate::shown::Course;

const RESET: &str = "/reset-password";
const CONFIRM: &str = "/register/confirm";

pub(crate) async fn run(course: &mut Course) {
    forgotten(course).await;
    administered(course).await;
    signed_up(course).await;
    flood(course).await;
}

async fn forgotten(course: &mut Course) {
    let api = course.api.at_address("198.51.100.1");
    for path in ["/forgot-password", RESET] {
        course.malformed(&api, None, path).await;
    }
    let nobody = json!({ "email": "nobody@example.com" });
    let nobody = api.post("/forgot-password", &nobody).await;
    let nobody = course.take(nobody, 202)["ticket"].take();
    course.sign_up("eleanor-roosevelt").await;
    let asked = json!({ "email": "eleanor-roosevelt@example.com" });
    let asked = api.post("/forgot-password", &asked).await;
    let handle = course.take(asked, 202)["ticket"].take();
    let letter = course
        .letter("eleanor-roosevelt@example.com", "reset")
        .await;
    for handle in [&nobody, &handle] {
        let shown = json!({ "ticket": handle, "code": wrong(&letter), "password": PASSWORD });
        course.refuse(api.post(RESET, &shown).await, "invalid_code");
    }
    let code = &letter.code;
    let own = json!({ "ticket": handle, "code": code, "password": "eleanor-roosevelt" });
    course.take(api.post(RESET, &own).await, 400);
    let shown = json!({ "ticket": handle, "code": code, "password": OTHER_PASSWORD });
    course.take(api.post(RESET, &shown).await, 204);
    let link = json!({ "ticket": letter.ticket(), "password": OTHER_PASSWORD });
    course.refuse(api.post(RESET, &link).await, "ticket_used");
}

async fn administered(course: &mut Course) {
    let api = course.api.at_address("198.51.100.2");
    let root = course.stack.administrator(&api, "root").await;
    course
        .malformed(&api, Some(&root.access_token), "/admin/users")
        .await;
    let taken = json!({ "email": "bob@example.com" });
    course.refuse(root.post("/admin/users", &taken).await, "email_taken");
    let invited = json!({ "email": "grace@example.com", "roles": ["introspector"] });
    course.take(root.post("/admin/users", &invited).await, 202);
    let letter = course.letter("grace@example.com", "signup").await;
    let shown =
        |name: &str| json!({ "ticket": letter.ticket(), "username": name, "password": PASSWORD });
    course.refuse(api.post(CONFIRM, &shown("bob")).await, "username_taken");
    let made = api.post(CONFIRM, &shown("grace")).await;
    let grace = course.take(made, 201)["user"]["id"].take();
    let account = format!("/admin/users/{}", grace.as_str().unwrap());
    let reset = format!("{account}/password-reset");
    course.take(root.post(&reset, &json!({})).await, 202);
    let letter = course.letter("grace@example.com", "reset").await;
    let link = json!({ "ticket": letter.ticket(), "password": OTHER_PASSWORD });
    course.take(api.post(RESET, &link).await, 204);
    let disabled = json!({ "status": "disabled" });
    course.take(root.patch(&account, &disabled).await, 200);
    let refused = root.post(&reset, &json!({})).await;
    course.keep(refused);
}

async fn signed_up(course: &mut Course) {
    let api = course.confirmed.at_address("198.51.100.3");
    for path in ["/register", CONFIRM] {
        course.malformed(&api, None, path).await;
    }
    let early = json!({ "email": "early@example.com", "password": PASSWORD });
    course.take(api.post("/register", &early).await, 400);
    let taken = json!({ "email": "bob@example.com" });
    course.take(api.post("/register", &taken).await, 202);
    let asked = json!({ "email": "heidi@example.com" });
    let asked = course.take(api.post("/register", &asked).await, 202);
    let letter = course.letter("heidi@example.com", "signup").await;
    let shown = |code: &str, name: &str| {
        json!({
            "ticket": asked["ticket"], "code": code, "username": name, "password": PASSWORD,
        })
    };
    let code = letter.code.as_deref().unwrap();
    let guess = api.post(CONFIRM, &shown(wrong(&letter), "heidi")).await;
    course.refuse(guess, "invalid_code");
    let taken = api.post(CONFIRM, &shown(code, "bob")).await;
    course.refuse(taken, "username_taken");
    course.take(api.post(CONFIRM, &shown(code, "heidi")).await, 201);
    let link = json!({ "ticket": letter.ticket(), "password": PASSWORD });
    course.refuse(api.post(CONFIRM, &link).await, "ticket_used");
}

/// Asks for more mails than an address gets.
async fn flood(course: &mut Course) {
    let api = course.api.at_address("198.51.100.4");
    let flooded = json!({ "email": "flooded@example.com" });
    let mut statuses = Vec::new();
    for _ in 0..11 {
        let answer = api.post("/forgot-password", &flooded).await;
        statuses.push(answer.status);
        course.keep(answer);
    }
    assert_eq!((statuses[0], statuses[10]), (202, 429));
}
