//! The secrets of authenticator apps, their codes, recovery codes, the challenges of passkeys and the
//! tokens that wait for a second factor are in the answer that shows them once, and nowhere else: in
//! no table, no error, no line of the log, however little it matters.

#![cfg(test)]

use std::io;
use std::sync::{Arc, Mutex};

use accounts::MfaPurpose;
use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use data_encoding::{BASE32_NOPAD, Specification};
use lambda_http::tracing::{Level, subscriber};
use local::Template;
use serde_json::{Value, json};
use testing::passkey::Passkey;
use testing::traces::Traces;
use testing::wire::Fault;
use testing::{Answer, Authenticator, Client, PASSWORD, Session, Stack};

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

/// The secrets that must not be shown, and the texts that are.
#[derive(Default)]
struct Course {
    /// Each as somebody types it, so that none is found by chance.
    texts: Vec<String>,
    /// The secrets as bytes.
    secrets: Vec<Vec<u8>>,
    /// Recovery codes and tags as bytes. Their hashes and the rest of the message are stored.
    pieces: Vec<Vec<u8>>,
    errors: Vec<String>,
}

/// The bytes that a recovery code is written for.
fn recovery_bytes(code: &str) -> Vec<u8> {
    let mut crockford = Specification::new();
    crockford
        .symbols
        .push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    let crockford = crockford.encoding().unwrap();
    crockford.decode(code.replace('-', "").as_bytes()).unwrap()
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

    /// Types a code, which must be found neither so nor as a value.
    fn typed(&mut self, code: &str) -> String {
        let typed = format!("{} - {}", &code[..2], &code[2..]);
        let values = [format!("\"{code}\""), format!("({code})")];
        self.texts.extend(values);
        self.texts.push(typed.clone());
        typed
    }

    async fn confirm(&mut self, session: &Session, code: &str) -> Answer {
        let code = json!({ "code": self.typed(code) });
        session.put("/me/totp", &code).await
    }

    fn recovery_codes(&mut self, answer: &Answer) -> String {
        let codes = answer.json()["recovery_codes"].clone();
        let codes: Vec<String> = serde_json::from_value(codes).unwrap();
        let one = codes[0].clone();
        self.pieces
            .extend(codes.iter().map(|code| recovery_bytes(code)));
        self.texts
            .extend(codes.iter().map(|code| code.replace('-', "")));
        self.texts.extend(codes);
        one
    }

    fn mfa_token(&mut self, token: String) {
        let (_, fields) = token.rsplit_once("mfa_").unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(fields).unwrap();
        self.pieces.push(bytes[bytes.len() - 32..].to_vec());
        self.texts.push(token);
    }

    fn challenge(&mut self, options: &Value) {
        let challenge = options["challenge"].as_str().unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(challenge).unwrap();
        self.pieces.push(bytes[bytes.len() - 16..].to_vec());
        self.texts.push(challenge.to_owned());
    }

    /// The answer to a challenge, as the member of a request.
    fn answered(&mut self, credential: &Value) -> Value {
        let response = credential["response"].as_object().unwrap();
        for name in ["clientDataJSON", "signature"] {
            let text = response.get(name).and_then(Value::as_str);
            self.texts.extend(text.map(str::to_owned));
        }
        json!({ "credential": credential })
    }

    fn assert_shown_nowhere(&self, shown: &str) {
        for text in &self.texts {
            assert!(!shown.contains(text), "{text}");
        }
        assert!(!Traces::of(&self.secrets).is_in(shown));
        let pieces = self.pieces.iter().map(Vec::as_slice);
        assert!(!Traces::of_pieces(pieces).is_in(shown));
    }
}

fn refused() -> Fault {
    Fault::Refused(400, "AccessDeniedException")
}

/// Signs in and steps up, with codes that are wrong, right, used, and right while a table fails.
async fn second_steps(course: &mut Course, stack: &Stack, app: &Authenticator, recovery: &str) {
    let api = stack.api();
    let asked = api.login("ada", PASSWORD).await;
    assert_eq!(asked.status, 403, "{}", asked.json());
    let token = asked.json()["mfa_token"].clone();
    course.mfa_token(token.as_str().unwrap().to_owned());
    let (wrong, right) = (course.typed(&app.code_in(7)), course.typed(&app.code_in(1)));
    let show = async |code: &str| {
        let body = json!({ "mfa_token": token, "code": code });
        api.post("/login/mfa", &body).await
    };
    course.error(&show(&wrong).await, 400);
    for call in ["UpdateItem", "TransactWriteItems"] {
        stack.wire.fail(call, &refused(), 4);
        course.error(&show(&right).await, 503);
        stack.wire.mend();
    }
    let session = api.session(show(&right).await);
    course.error(&show(&right).await, 400);

    let other = "77777K-77777K-77777K-77777K";
    course.pieces.push(recovery_bytes(other));
    course.texts.push(other.to_owned());
    let step_up = async |code: &str| {
        let body = json!({ "recovery_code": code });
        session.post("/step-up", &body).await
    };
    course.error(&step_up(other).await, 400);
    stack.wire.fail("TransactWriteItems", &refused(), 4);
    course.error(&step_up(recovery).await, 503);
    stack.wire.mend();
    assert_eq!(step_up(recovery).await.status, 200);
    course.error(&step_up(recovery).await, 400);
}

/// Adds a passkey and signs in with it, with answers that are wrong, right, used, and right while a
/// table fails.
async fn passkeys(course: &mut Course, stack: &Stack, api: &Client) {
    let bea = api.sign_up("bea").await;
    let mut passkey = Passkey::of_stack();
    let options = bea.post("/me/passkeys/options", &json!({})).await;
    course.challenge(&options.json());
    let added = course.answered(&passkey.register(&options.json()));
    let add = async || bea.post("/me/passkeys", &added).await;
    stack.wire.fail("TransactWriteItems", &refused(), 4);
    course.error(&add().await, 503);
    stack.wire.mend();
    let first = add().await;
    assert_eq!(first.status, 201, "{}", first.json());
    course.recovery_codes(&first);
    course.error(&add().await, 409);

    let options = api.post("/login/passkey/options", &json!({})).await;
    course.challenge(&options.json());
    let mut wrong = passkey.sign_in(&options.json());
    wrong["response"]["signature"] = json!(URL_SAFE_NO_PAD.encode(passkey.sign(b"other")));
    let wrong = course.answered(&wrong);
    course.error(&api.post("/login/passkey", &wrong).await, 401);
    let right = course.answered(&passkey.sign_in(&options.json()));
    let sign_in = async || api.post("/login/passkey", &right).await;
    stack.wire.fail("TransactWriteItems", &refused(), 4);
    course.error(&sign_in().await, 503);
    stack.wire.mend();
    assert_eq!(sign_in().await.status, 200);
    course.error(&sign_in().await, 401);

    let required = json!({ "second_factor": "required" });
    assert_eq!(bea.patch("/me", &required).await.status, 200);
    let asked = api.login("bea", PASSWORD).await.json();
    course.mfa_token(asked["mfa_token"].as_str().unwrap().to_owned());
    course.challenge(&asked["passkey"]);
}

#[tokio::test]
async fn what_a_second_factor_shows_once_is_shown_nowhere_else() {
    let log = Log::install();
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let mut course = Course::default();
    let ada = api.sign_up("ada").await;

    stack.wire.fail("UpdateItem", &refused(), 4);
    course.error(&ada.post("/me/totp", &Value::Null).await, 503);
    stack.wire.mend();
    let authenticator = course.offer(&ada).await;
    let wrong = course.confirm(&ada, &authenticator.code_in(7)).await;
    course.error(&wrong, 400);
    let malformed = course.confirm(&ada, "12345x").await;
    course.error(&malformed, 400);
    stack.wire.fail("TransactWriteItems", &refused(), 4);
    let failed = course.confirm(&ada, &authenticator.code()).await;
    course.error(&failed, 503);
    stack.wire.mend();
    let confirmed = course.confirm(&ada, &authenticator.code()).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.json());
    course.recovery_codes(&confirmed);
    let again = course.confirm(&ada, &authenticator.code()).await;
    course.error(&again, 409);
    let replaced = ada.post("/me/recovery-codes", &Value::Null).await;
    let recovery = course.recovery_codes(&replaced);
    course.offer(&ada).await;

    let asked = api.login("ada", PASSWORD).await;
    assert_eq!(asked.status, 403, "{}", asked.json());
    let tokens = [
        asked.json()["mfa_token"].as_str().unwrap().to_owned(),
        stack
            .mfa_token(&stack.user("ada").await, MfaPurpose::Enrol)
            .await,
    ];
    let all = Client::api(&stack.environment_where(&[("MFA_REQUIRED", "all")]));
    for token in tokens {
        let refused = all.call(Method::POST, "/me/totp", Some(&token), None).await;
        course.error(&refused, 401);
        course.mfa_token(token);
    }
    second_steps(&mut course, &stack, &authenticator, &recovery).await;
    passkeys(&mut course, &stack, &api).await;

    course.assert_shown_nowhere(&log.text());
    assert!(log.text().contains("factor.enrolled"));
    course.assert_shown_nowhere(&course.errors.join("\n"));
    for table in Template::load().tables() {
        let items = format!("{:?}", stack.items(&table.name).await);
        course.assert_shown_nowhere(&items);
    }
    assert_eq!((course.errors.len(), course.secrets.len()), (19, 2));
    assert_eq!(course.pieces.len(), 3 * 10 + 1 + 4 + 3);
}
