//! Sign-ups by mail: as people do them, and as strangers try.

#![cfg(test)]

mod asking;
mod budget;
mod confirming;
mod faults;
mod hijacking;
mod links;
mod modes;
mod open;
mod pages;
mod races;

use axum::http::Method;
use serde_json::{Value, json};
use testing::{Answer, Client, PASSWORD, Stack};

/// The address of somebody without an account.
pub(crate) const EVE: &str = "eve@example.com";

/// The address of somebody with an account.
pub(crate) const ADA: &str = "ada@example.com";

pub(crate) const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// A deployment where accounts are made by mail.
pub(crate) struct World {
    pub(crate) stack: Stack,
    pub(crate) api: Client,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn unlimited() -> Self {
        let limits = ["MAIL_BURST", "REGISTRATION_BURST", "ADDRESS_FAILURES"];
        Self::with(&limits.map(|limit| (limit, "0"))).await
    }

    pub(crate) async fn with(variables: &[(&str, &str)]) -> Self {
        let confirmed = [("REGISTRATION_MODE", "confirmed")];
        let variables: Vec<_> = confirmed.iter().chain(variables).copied().collect();
        let stack = Stack::with_mail(&variables).await;
        let api = stack.api();
        Self { stack, api }
    }

    /// Asks for a mail, and returns the handle.
    pub(crate) async fn ask(&self, email: &str) -> String {
        let asked = ask(&self.api, email).await;
        assert_eq!(asked.status, 202, "{}", asked.json());
        let handle = asked.json()["ticket"].as_str().map(str::to_owned);
        handle.unwrap()
    }

    /// Asks for a mail, and returns the text of its link.
    pub(crate) async fn link(&self, email: &str) -> String {
        self.ask(email).await;
        let letter = self.stack.letter(email, "signup").await;
        letter.ticket().to_owned()
    }

    /// Asks for a mail, and returns the handle, and the code in the mail.
    pub(crate) async fn code(&self, email: &str) -> (String, String) {
        let handle = self.ask(email).await;
        let letter = self.stack.letter(email, "signup").await;
        (handle, letter.code.unwrap())
    }

    /// Makes an account of an address and a username.
    pub(crate) async fn sign_up(&self, email: &str, username: &str) -> Answer {
        let link = self.link(email).await;
        let signed_up = confirm(&self.api, &link, username).await;
        assert_eq!(signed_up.status, 201, "{}", signed_up.json());
        signed_up
    }

    pub(crate) async fn form(&self, path: &str, form: &str) -> Answer {
        let body = form.as_bytes();
        self.api.send(Method::POST, path, &[FORM], body).await
    }

    /// All that is stored, but for what is counted.
    pub(crate) async fn stored(&self) -> Vec<String> {
        let mut stored = Vec::new();
        for table in ["LoginsTable", "UsersTable", "SessionsTable", "MailsTable"] {
            for item in self.stack.items(table).await {
                let mut item: Vec<_> = item.into_iter().collect();
                item.sort_by(|(one, _), (other, _)| one.cmp(other));
                stored.push(format!("{table} {item:?}"));
            }
        }
        stored.sort();
        stored
    }
}

pub(crate) async fn ask(api: &Client, email: &str) -> Answer {
    api.post("/register", &json!({ "email": email })).await
}

/// Shows a link.
pub(crate) async fn confirm(api: &Client, ticket: &str, username: &str) -> Answer {
    let body = json!({ "ticket": ticket, "username": username, "password": PASSWORD });
    api.post("/register/confirm", &body).await
}

/// Shows a handle and a code.
pub(crate) async fn confirm_by_code(
    api: &Client,
    handle: &str,
    code: &str,
    username: &str,
) -> Answer {
    let body =
        json!({ "ticket": handle, "code": code, "username": username, "password": PASSWORD });
    api.post("/register/confirm", &body).await
}

/// The status of a problem, and its code.
pub(crate) fn refusal(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["error"].clone())
}

/// A problem without what differs from request to request.
pub(crate) fn without_id(answer: &Answer) -> Value {
    let mut problem = answer.json();
    problem.as_object_mut().unwrap().remove("instance");
    problem
}

/// The text of a page.
pub(crate) fn text(answer: &Answer) -> String {
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    String::from_utf8(answer.body.clone()).unwrap()
}

/// A code of eight other digits.
pub(crate) fn wrong(code: &str) -> String {
    let turned = |digit: char| digit.to_digit(10).map(|digit| (digit + 1) % 10);
    let digits = code.chars().filter_map(turned);
    digits.map(|digit| digit.to_string()).collect()
}
