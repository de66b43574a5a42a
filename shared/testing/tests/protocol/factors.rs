//! The second factors of an account, as its owner enrols, replaces and removes them.

mod enrolling;
mod faults;
mod limits;
mod notices;
mod recovery_codes;
mod totp;

use accounts::WaysIn;
use serde_json::{Value, json};
use tables::Held;
use testing::{Answer, Session, Stack};

/// The factors of an account, as the table has them.
async fn held(stack: &Stack, username: &str) -> Held {
    let factors = stack.environment().factors().unwrap();
    factors.of(stack.user(username).await.id).await.unwrap()
}

async fn ways_in(stack: &Stack, username: &str) -> WaysIn {
    stack.user(username).await.ways_in
}

async fn listed(session: &Session) -> Value {
    let listed = session.get("/me/factors").await;
    assert_eq!(listed.status, 200, "{}", listed.json());
    listed.json()
}

async fn offered(session: &Session) -> Answer {
    session.post("/me/totp", &Value::Null).await
}

async fn confirm(session: &Session, code: &str) -> Answer {
    session.put("/me/totp", &json!({ "code": code })).await
}

fn refusal(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["error"].clone())
}
