//! The private halves of the keys appear nowhere but in the memory of whoever signs or tags: in no
//! table, answer, log, variable or error, and not in what `Debug` prints.

#![cfg(test)]

use std::io;
use std::sync::{Arc, Mutex};

use api::SigningKeys;
use claims::{Algorithm, PrivateKey};
use keyring::Purpose;
use lambda_http::tracing::subscriber;
use local::Template;
use testing::traces::{Traces, base64, hex};
use testing::wire::Fault;
use testing::{Answer, PASSWORD, Stack};

/// All that is logged, however little it matters.
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

#[test]
fn a_search_finds_what_it_is_for() {
    let (_, secret) = PrivateKey::generate(Algorithm::Es256).unwrap();
    let traces = Traces::of(&[&*secret]);
    for text in [
        format!("{:?}", secret.as_slice()),
        hex(&secret),
        base64(&secret),
        base64(&[&[1], secret.as_slice()].concat()),
        base64(&[&[1, 2], secret.as_slice()].concat())
            .replace('+', "-")
            .replace('/', "_"),
        format!("b\"{}\"", secret.escape_ascii()),
    ] {
        assert!(traces.is_in(&text), "{text}");
    }
    let (_, other) = PrivateKey::generate(Algorithm::Es256).unwrap();
    assert!(!traces.is_in(&hex(&other)));
}

/// Everything that a stack shows of itself, as one text.
#[derive(Default)]
struct Shown(String);

impl Shown {
    fn add(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn answer(&mut self, answer: Answer) -> Answer {
        self.add(&format!("{:?}", answer.headers));
        self.add(&String::from_utf8_lossy(&answer.body));
        answer
    }

    async fn tables(&mut self, stack: &Stack) {
        for table in Template::load().tables() {
            self.add(&format!("{:?}", stack.items(&table.name).await));
        }
    }
}

/// Calls what signs, tags and verifies, once as it should be and once with each call to DynamoDB
/// failing.
async fn traffic(stack: &Stack, shown: &mut Shown) {
    let api = stack.api();
    shown.answer(api.register("ada", PASSWORD).await);
    stack.grant("ada", &["admin"]).await;
    let login = api.session(shown.answer(api.login("ada", PASSWORD).await));
    let refreshed = shown.answer(login.refresh().await);
    assert_eq!(refreshed.status, 200);
    let ada = api.session(refreshed);
    shown.answer(ada.get("/me").await);
    let form = format!("token={}", ada.refresh_token);
    shown.answer(ada.form("/oauth2/introspect", &form).await);
    shown.answer(api.form("/oauth2/revoke", None, &form).await);
    shown.answer(api.get("/.well-known/jwks.json", None).await);
    for operation in ["GetItem", "UpdateItem", "TransactWriteItems"] {
        let refused = Fault::Refused(400, "AccessDeniedException");
        stack.wire.fail(operation, &refused, 4);
        let cold = stack.api();
        shown.answer(cold.login("ada", PASSWORD).await);
        shown.answer(cold.refresh(&login.refresh_token).await);
        stack.wire.mend();
    }
}

#[tokio::test]
async fn no_private_half_and_no_mac_key_is_ever_shown() {
    let log = Log::default();
    let sink = log.clone();
    let lines = log.clone();
    api::Log::install("everything", "test", move |line| {
        lines.0.lock().unwrap().extend_from_slice(line.as_bytes());
    });
    subscriber::fmt()
        .with_max_level(lambda_http::tracing::Level::TRACE)
        .with_writer(move || sink.clone())
        .init();
    for algorithm in Algorithm::ALL {
        let stack = Stack::start_with(&[("SIGNING_ALGORITHM", algorithm.as_str())]).await;
        let mut shown = Shown::default();
        let environment = stack.environment();
        let rotation = environment.rotation().unwrap();
        let sealer = environment.sealer().unwrap();
        let now = api::now();
        let first = rotation.rotate(now).await.unwrap();
        shown.add(&format!("{first:?} {rotation:?} {sealer:?}"));
        traffic(&stack, &mut shown).await;
        shown.tables(&stack).await;
        let ring = rotation.retire(stack.key.kid(), now).await.unwrap();
        assert_eq!(ring.ring.signer(now).unwrap().algorithm(), Ok(algorithm));
        traffic(&stack, &mut shown).await;
        shown.tables(&stack).await;

        let keys = SigningKeys::new(&environment).unwrap();
        let issuing = keys.at(now).await.unwrap();
        shown.add(&format!("{keys:?} {issuing:?} {:?}", stack.key));
        for (name, _) in Template::load().environment() {
            shown.add(stack.variable(&name));
        }

        let mut secrets = Vec::new();
        for ring in [&first, &ring] {
            for (kid, sealed) in &ring.sealed {
                let opened = sealer.unseal(Purpose::Sign, kid, sealed).await.unwrap();
                let cut = PrivateKey::from_pkcs8(algorithm, &opened[1..]).unwrap_err();
                shown.add(&format!("{cut} {cut:?}"));
                let wrong = sealer.unseal(Purpose::Mac, kid, sealed).await.unwrap_err();
                shown.add(&format!("{wrong} {wrong:?}"));
                secrets.push(opened);
            }
            for (id, sealed) in &ring.macs.sealed {
                secrets.push(sealer.unseal(Purpose::Mac, id, sealed).await.unwrap());
            }
        }
        let logged = std::mem::take(&mut *log.0.lock().unwrap());
        let logged = String::from_utf8(logged).unwrap();
        assert!(logged.contains("TransactWriteItems"));
        shown.add(&logged);
        println!(
            "{algorithm}: {} secrets, {} KiB shown",
            secrets.len(),
            shown.0.len() / 1024
        );
        assert!(secrets.len() >= 4);
        assert!(!Traces::of(&secrets).is_in(&shown.0), "{algorithm}");
    }
}
