//! Nothing by which somebody proves to read a mail, no address and no password is anywhere but where
//! it belongs: not in the log, not in an error, and of the tables in the few that need it.

#![cfg(test)]

mod addresses;
mod faults;
mod pages;
mod passwords;
mod shown;

use std::io;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lambda_http::tracing::subscriber;
use local::Template;
use testing::traces::Traces;
use testing::{OTHER_PASSWORD, PASSWORD, Stack};

use self::shown::{Course, Secrets};

/// All that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Installs the product's lines, and those of its libraries at the level of the template.
    fn install() -> Self {
        let log = Self::default();
        let (lines, sink) = (log.clone(), log.clone());
        api::Log::install("everything", "test", move |line| {
            let mut log = lines.0.lock().unwrap();
            log.extend_from_slice(line.as_bytes());
            log.push(b'\n');
        });
        subscriber::fmt()
            .with_max_level(lambda_http::tracing::Level::INFO)
            .with_writer(move || sink.clone())
            .init();
        log
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The tables that have addresses.
const WITH_ADDRESSES: [&str; 3] = ["LoginsTable", "MailsTable", "UsersTable"];

#[tokio::test]
async fn what_a_mail_proves_is_shown_to_its_reader_alone() {
    let log = Log::install();
    let mut course = Course::start().await;
    addresses::run(&mut course).await;
    passwords::run(&mut course).await;
    pages::run(&mut course).await;
    faults::run(&mut course).await;
    let secrets = course.secrets().await;
    println!(
        "{} tickets, {} codes, {} errors, {} pages",
        secrets.tickets.len(),
        secrets.codes.len(),
        course.errors.len(),
        course.pages.len()
    );
    assert!(secrets.tickets.len() > 20 && secrets.codes.len() > 10);

    let log = log.text();
    for event in api::Event::ALL.map(api::Event::name) {
        let of_mail = ["email.", "signup.", "password.reset", "account.invited"];
        let is_expected = of_mail.iter().any(|begin| event.starts_with(begin));
        assert!(!is_expected || log.contains(event), "{event}");
    }
    for line in log.lines() {
        assert_eq!(secrets.found_in(line), None, "{line}");
    }
    course.assert_errors_show_nothing(&secrets);
    tables(&course.stack, &secrets).await;
}

/// No table has a text of a ticket, what it is computed to, a code or a password. Addresses are in
/// the tables that need them, and in Mails in the row that is mailed there.
async fn tables(stack: &Stack, secrets: &Secrets) {
    let proofs: Vec<_> = secrets.tickets.iter().map(|text| proofs(text)).collect();
    let traces = Traces::of_pieces(proofs.iter().flatten().map(Vec::as_slice));
    let tables = Template::with_mail().tables();
    assert!(tables.iter().any(|table| table.name == "MailsTable"));
    for table in tables {
        let items = stack.items(&table.name).await;
        assert_eq!(items.is_empty(), table.name == "FactorsTable");
        for item in items {
            let text = format!("{item:?}");
            assert_eq!(secrets.proof_in(&text), None, "{text}");
            assert!(!traces.is_in(&text), "{text}");
            let found = secrets.addresses_in(&text);
            if !WITH_ADDRESSES.contains(&&*table.name) {
                assert!(found.is_empty(), "{text}");
            }
            if table.name == "MailsTable" {
                let to = item.get("to").map(|to| to.as_s().unwrap().clone());
                let data = item["data"].as_m().unwrap().get("address");
                let data = data.map(|address| address.as_s().unwrap().clone());
                let own =
                    |found: &String| to.as_ref() == Some(found) || data.as_ref() == Some(found);
                assert!(found.iter().all(own), "{text}");
            }
        }
    }
}

/// The tag of a ticket's text, which nobody else can compute, and the secret of a link.
fn proofs(ticket: &str) -> Vec<Vec<u8>> {
    let encoded = ticket.splitn(3, '_').nth(2).unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(encoded).unwrap();
    let parts = [bytes.get(24..56), bytes.get(56..72)].into_iter();
    parts.flatten().map(<[u8]>::to_vec).collect()
}

/// The passwords of all accounts.
const PASSWORDS: [&str; 2] = [PASSWORD, OTHER_PASSWORD];
