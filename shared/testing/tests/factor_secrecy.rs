//! The secrets of authenticator apps, their codes, recovery codes and the tokens that wait for a
//! second factor are in the answer that shows them once, and nowhere else: in no table, no error, no
//! line of the log, however little it matters.

#![cfg(test)]

use std::io;
use std::sync::{Arc, Mutex};

use accounts::MfaPurpose;
use axum::http::Method;
use data_encoding::BASE32_NOPAD;
use lambda_http::tracing::{Level, subscriber};
use local::Template;
use serde_json::{Value, json};
use testing::traces::Traces;
use testing::wire::Fault;
use testing::{Answer, Authenticator, PASSWORD, Session, Stack};

/// All that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn install() -> Self {
        let log = Self::default();
        let (lines, sink) = (log.clone(), log.clone());
        api::Log::install("everything", "test", move |line| {
            lines.0.lock().unwrap().extend_from_slice(line.as_bytes());
        });
        subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_writer(move || sink.clone())
            .init();
        log
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// What must not be shown, and what is shown.
#[derive(Default)]
struct Course {
    /// Each as somebody types it, so that none is found by chance.
    texts: Vec<String>,
    /// The secrets as bytes.
    secrets: Vec<Vec<u8>>,
    errors: Vec<String>,
}

impl Course {
    fn error(&mut self, answer: &Answer, status: u16) {
        assert_eq!(answer.status, status, "{}", answer.json());
        let body = String::from_utf8_lossy(&answer.body);
        self.errors.push(format!("{:?} {body}", answer.headers));
    }

    async fn offer(&mut self, session: &Session) -> Authenticator {
        let offered = session.post("/me/totp", &Value::Null).await;
        let secret = offered.json()["secret"].as_str().unwrap().to_owned();
        self.secrets
            .push(BASE32_NOPAD.decode(secret.as_bytes()).unwrap());
        self.texts.push(secret);
        Authenticator::offered(&offered)
    }

    async fn confirm(&mut self, session: &Session, code: &str) -> Answer {
        let typed = format!("{} - {}", &code[..2], &code[2..]);
        self.texts.push(typed.clone());
        session.put("/me/totp", &json!({ "code": typed })).await
    }

    fn recovery_codes(&mut self, answer: &Answer) {
        let codes = answer.json()["recovery_codes"].clone();
        let codes: Vec<String> = serde_json::from_value(codes).unwrap();
        self.texts
            .extend(codes.iter().map(|code| code.replace('-', "")));
        self.texts.extend(codes);
    }

    fn assert_shown_nowhere(&self, shown: &str) {
        for text in &self.texts {
            assert!(!shown.contains(text), "{text}");
        }
        assert!(!Traces::of(&self.secrets).is_in(shown));
    }
}

#[tokio::test]
async fn what_a_second_factor_shows_once_is_shown_nowhere_else() {
    let log = Log::install();
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let mut course = Course::default();
    let ada = api.sign_up("ada").await;
    let refused = Fault::Refused(400, "AccessDeniedException");

    stack.wire.fail("UpdateItem", &refused, 4);
    course.error(&ada.post("/me/totp", &Value::Null).await, 503);
    stack.wire.mend();
    let authenticator = course.offer(&ada).await;
    let wrong = course.confirm(&ada, &authenticator.code_in(7)).await;
    course.error(&wrong, 400);
    let malformed = course.confirm(&ada, "12345x").await;
    course.error(&malformed, 400);
    stack.wire.fail("TransactWriteItems", &refused, 4);
    let failed = course.confirm(&ada, &authenticator.code()).await;
    course.error(&failed, 503);
    stack.wire.mend();
    let confirmed = course.confirm(&ada, &authenticator.code()).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.json());
    course.recovery_codes(&confirmed);
    let again = course.confirm(&ada, &authenticator.code()).await;
    course.error(&again, 409);
    let replaced = ada.post("/me/recovery-codes", &Value::Null).await;
    course.recovery_codes(&replaced);
    course.offer(&ada).await;

    let asked = api.login("ada", PASSWORD).await;
    assert_eq!(asked.status, 403, "{}", asked.json());
    let tokens = [
        asked.json()["mfa_token"].as_str().unwrap().to_owned(),
        stack
            .mfa_token(&stack.user("ada").await, MfaPurpose::Enrol)
            .await,
    ];
    for token in tokens {
        let refused = api.call(Method::POST, "/me/totp", Some(&token), None).await;
        course.error(&refused, 401);
        course.texts.push(token);
    }

    course.assert_shown_nowhere(&log.text());
    assert!(log.text().contains("factor.enrolled"));
    course.assert_shown_nowhere(&course.errors.join("\n"));
    for table in Template::load().tables() {
        let items = format!("{:?}", stack.items(&table.name).await);
        course.assert_shown_nowhere(&items);
    }
    assert!(course.errors.len() > 6 && course.texts.len() > 40 && course.secrets.len() == 2);
}
