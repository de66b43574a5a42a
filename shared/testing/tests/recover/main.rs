//! A forgotten password, set anew by mail: as its owner does it, and as strangers try.

#![cfg(test)]

mod asking;
mod budget;
mod factors;
mod links;
mod off;
mod pages;
mod races;
mod resetting;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use axum::http::Method;
use serde_json::{Value, json};
use testing::letters::Received;
use testing::{Answer, Client, PASSWORD, Stack, number};

type Item = HashMap<String, AttributeValue>;

/// The address of the account of these tests.
pub(crate) const ADA: &str = "ada@example.com";

pub(crate) const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// A deployment that sends mail, and an account with two names.
pub(crate) struct World {
    pub(crate) stack: Stack,
    pub(crate) api: Client,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(variables: &[(&str, &str)]) -> Self {
        let stack = Stack::with_mail(variables).await;
        let api = stack.api();
        let world = Self { stack, api };
        world.register("ada", ADA).await;
        world
    }

    /// Makes an account. The ticket that its address could be proved by goes: the only tickets are
    /// those of resets.
    pub(crate) async fn register(&self, username: &str, email: &str) {
        let account = json!({ "username": username, "email": email, "password": PASSWORD });
        let registered = self.api.post("/register", &account).await;
        assert_eq!(registered.status, 201, "{}", registered.json());
        self.forget_tickets().await;
    }

    pub(crate) async fn forget_tickets(&self) {
        for row in self.stack.items("MailsTable").await {
            let delete = self.stack.engine.client().delete_item();
            let delete = delete.table_name("MailsTable").key("id", row["id"].clone());
            delete.send().await.unwrap();
        }
    }

    /// The mails to an address by which a password is set anew.
    pub(crate) async fn resets(&self, email: &str) -> Vec<Received> {
        let letters = self.stack.letters(email).await.into_iter();
        letters.filter(|letter| letter.purpose == "reset").collect()
    }

    /// Asks for a mail, and returns the handle.
    pub(crate) async fn ask(&self, email: &str) -> String {
        let asked = self
            .api
            .post("/forgot-password", &json!({ "email": email }))
            .await;
        assert_eq!(asked.status, 202, "{}", asked.json());
        let handle = asked.json()["ticket"].as_str().map(str::to_owned);
        handle.unwrap()
    }

    /// Asks for a mail to the account of these tests, and returns the handle and the mail.
    pub(crate) async fn mailed(&self) -> (String, Received) {
        let before = self.resets(ADA).await;
        let is_new = |one: &Received| before.iter().all(|before| before.link != one.link);
        let handle = self.ask(ADA).await;
        let mut new = self.resets(ADA).await.into_iter().filter(is_new);
        (handle, new.next().expect("there is a new mail"))
    }

    /// Asks for a mail to the account of these tests, and returns the text of its link.
    pub(crate) async fn link(&self) -> String {
        self.mailed().await.1.ticket().to_owned()
    }

    /// Puts every ticket's end into the past.
    pub(crate) async fn expire(&self) {
        self.stack.set("MailsTable", "expires_at", number(1)).await;
    }

    pub(crate) async fn reset(&self, ticket: &str, password: &str) -> Answer {
        reset_at(&self.api, ticket, None, password).await
    }

    pub(crate) async fn reset_by_code(&self, handle: &str, code: &str, new: &str) -> Answer {
        reset_at(&self.api, handle, Some(code), new).await
    }

    pub(crate) async fn form(&self, path: &str, form: &str) -> Answer {
        let body = form.as_bytes();
        self.api.send(Method::POST, path, &[FORM], body).await
    }

    /// All that is stored, but for what is counted.
    pub(crate) async fn stored(&self) -> Vec<Item> {
        let mut stored = Vec::new();
        for (table, key) in [
            ("LoginsTable", "name"),
            ("UsersTable", "id"),
            ("SessionsTable", "id"),
            ("MailsTable", "id"),
        ] {
            let mut items = self.stack.items(table).await;
            items.sort_by_key(|item| item[key].as_s().unwrap().clone());
            stored.extend(items);
        }
        stored
    }
}

pub(crate) async fn reset_at(
    api: &Client,
    ticket: &str,
    code: Option<&str>,
    password: &str,
) -> Answer {
    let body = json!({ "ticket": ticket, "code": code, "password": password });
    api.post("/reset-password", &body).await
}

/// The status of a problem and its code.
pub(crate) fn refusal(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["error"].clone())
}

/// A page's text.
pub(crate) fn text(answer: &Answer) -> String {
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    String::from_utf8(answer.body.clone()).unwrap()
}

/// The members of a problem that do not differ from request to request.
pub(crate) fn without_id(answer: &Answer) -> Value {
    let mut problem = answer.json();
    problem.as_object_mut().unwrap().remove("instance");
    problem
}
