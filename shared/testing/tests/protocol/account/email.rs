//! The address of an account: its proof, and a change of it.

mod at_once;
mod change;
mod notices;
mod off;
mod page;
mod races;
mod refusals;
mod theft;

use serde_json::{Value, json};
use testing::letters::Received;
use testing::{Answer, Client, PASSWORD, Session, Stack};

pub(crate) const ADA: &str = "ada@example.com";
pub(crate) const NEW: &str = "countess@example.org";

/// A stack that sends mail and limits nothing.
pub(crate) async fn started(variables: &[(&str, &str)]) -> Stack {
    let unlimited = [
        "LOGIN_BURST",
        "REGISTRATION_BURST",
        "MAIL_BURST",
        "ADDRESS_FAILURES",
    ];
    let unlimited = unlimited.map(|limit| (limit, "0"));
    Stack::with_mail(&[&unlimited, variables].concat()).await
}

/// Registers an account with two names.
pub(crate) async fn signed_up(api: &Client, username: &str, email: &str) -> Session {
    let names = json!({ "username": username, "email": email, "password": PASSWORD });
    let registered = api.post("/register", &names).await;
    assert_eq!(registered.status, 201, "{}", registered.json());
    api.session(registered)
}

/// Asks for the proof of an address.
pub(crate) async fn ask(session: &Session, email: &str) -> Answer {
    session.put("/me/email", &json!({ "email": email })).await
}

/// The same, and returns the handle.
pub(crate) async fn asked(session: &Session, email: &str) -> String {
    let asked = ask(session, email).await;
    assert_eq!(asked.status, 202, "{}", asked.json());
    asked.json()["ticket"].as_str().unwrap().to_owned()
}

pub(crate) async fn confirm(session: &Session, ticket: &str, code: Option<&str>) -> Answer {
    let shown = match code {
        Some(code) => json!({ "ticket": ticket, "code": code }),
        None => json!({ "ticket": ticket }),
    };
    session.post("/me/email/confirm", &shown).await
}

/// The letter of the ticket that a handle names.
pub(crate) async fn letter_of(stack: &Stack, email: &str, handle: &str) -> Received {
    // The last digit of the handle ends its last byte, which the link goes on after.
    let begins = &handle[..handle.len() - 1];
    let letters = stack.letters(email).await.into_iter();
    let mut of_handle =
        letters.filter(|letter| letter.purpose == "email" && letter.ticket().starts_with(begins));
    of_handle.next().expect("a letter")
}

/// The subjects of the notices that an address got.
pub(crate) async fn notices(stack: &Stack, email: &str) -> Vec<String> {
    let letters = stack.letters(email).await.into_iter();
    let notices = letters.filter(|letter| letter.purpose == "notice");
    notices.map(|notice| notice.letter.subject).collect()
}

/// Registers an account and proves its address.
pub(crate) async fn verified(stack: &Stack, username: &str, email: &str) -> Session {
    let session = signed_up(&stack.api(), username, email).await;
    let handle = asked(&session, email).await;
    let letter = letter_of(stack, email, &handle).await;
    let confirmed = confirm(&session, letter.ticket(), None).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.json());
    session
}

/// The account and the ticket's problem, if it is one.
pub(crate) fn problem(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["error"].clone())
}

#[tokio::test]
async fn an_address_is_proved_by_the_mailed_link_or_code() {
    let stack = started(&[]).await;
    let api = stack.api();
    for (username, by_code) in [("ada", false), ("bob", true)] {
        let email = format!("{username}@example.com");
        let session = signed_up(&api, username, &email).await;
        assert_eq!(session.user()["email_verified"], false);
        let asked = ask(&session, &email).await.json();
        assert_eq!(
            (&asked["expires_in"], asked.get("effective_at")),
            (&json!(86_400), None)
        );
        let handle = asked["ticket"].as_str().unwrap();
        let letter = letter_of(&stack, &email, handle).await;
        let answer = if by_code {
            let code = letter.code.clone().unwrap();
            let typed = format!(" {}", code.replace(' ', " - "));
            confirm(&session, handle, Some(&typed)).await
        } else {
            confirm(&session, letter.ticket(), None).await
        };
        assert_eq!(answer.status, 200, "{}", answer.json());
        assert_eq!(answer.json()["email_verified"], true);
        assert_eq!(session.get("/me").await.json(), answer.json());
        let refreshed = session.refreshed().await;
        let claims = stack.claims(&refreshed.access_token);
        assert_eq!(
            claims.email_verified,
            Some(true),
            "and no session has ended"
        );
        assert_eq!(
            stack.claims(&session.access_token).email_verified,
            Some(false)
        );
        let again = confirm(&session, letter.ticket(), None).await;
        assert_eq!(problem(&again), (410, json!("ticket_used")));
        assert_eq!(session.get("/me").await.json(), answer.json());
    }
}

#[tokio::test]
async fn the_present_address_needs_no_recent_login_and_another_does() {
    let stack = started(&[]).await;
    let ada = signed_up(&stack.api(), "ada", ADA).await;
    stack
        .set(
            "SessionsTable",
            "auth_time",
            testing::number(api::now() - 301),
        )
        .await;
    let rows = stack.items("MailsTable").await.len();
    let another = ask(&ada, NEW).await;
    assert_eq!(
        problem(&another),
        (401, json!("insufficient_user_authentication"))
    );
    assert_eq!(stack.items("MailsTable").await.len(), rows);
    let handle = asked(&ada, " Ada@Example.com ").await;
    let letter = letter_of(&stack, ADA, &handle).await;
    assert_eq!(confirm(&ada, letter.ticket(), None).await.status, 200);
}

#[tokio::test]
async fn mails_speak_the_language_of_their_reader() {
    let stack = started(&[]).await;
    let ada = signed_up(&stack.api(), "ada", ADA).await;
    let token = format!("Bearer {}", ada.access_token);
    let accepts = [
        ("authorization", token.as_str()),
        ("content-type", "application/json"),
        ("accept-language", "fr, de-AT;q=0.9, en;q=0.5"),
    ];
    let body = json!({ "email": ADA }).to_string();
    let put = axum::http::Method::PUT;
    let sent = stack
        .api()
        .send(put.clone(), "/me/email", &accepts, body.as_bytes())
        .await;
    let subject = async |answer: Answer| {
        let handle = answer.json()["ticket"].as_str().unwrap().to_owned();
        letter_of(&stack, ADA, &handle).await.letter.subject
    };
    let german = subject(sent).await;
    assert!(german.starts_with("Adresse für"), "{german}");

    let chosen = ada.patch("/me", &json!({ "locale": "en-gb" })).await;
    assert_eq!(
        (chosen.status, &chosen.json()["locale"]),
        (200, &json!("en-GB"))
    );
    assert_eq!(ada.get("/me").await.json()["locale"], "en-GB");
    let sent = stack
        .api()
        .send(put, "/me/email", &accepts, body.as_bytes())
        .await;
    let english = subject(sent).await;
    assert!(english.starts_with("Confirm your address"), "{english}");
    let removed = ada.patch("/me", &json!({ "locale": null })).await;
    assert_eq!(removed.json()["locale"], Value::Null);
}
