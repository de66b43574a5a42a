//! From a row by way of its stream and `mailer` to Amazon SES.

mod failures;
mod rows;
mod secrecy;

use std::sync::Arc;

use accounts::{Email, MacKeys, Purpose, TicketSeed, TicketText};
use api::{Gateway, Mailing, RefreshKeys};
use axum::Router;
use axum::extract::State;
use axum::http::Method;
use axum::routing::post;
use letters::{Letter, Sender};
use local::inbox::Mail;
use local::pump::{Pump, Turn};
use tables::{MailedRow, Permit, PermittedSignup, Recipient, TicketRow};
use testing::{Client, Stack};

/// The addresses `1@example.com`, `2@example.com` and so on.
fn addresses(count: usize) -> Vec<String> {
    let numbers = 1..=count;
    numbers
        .map(|number| format!("{number}@example.com"))
        .collect()
}

/// Orders a mail to each of so many addresses.
async fn order(stack: &Stack, count: usize) -> Vec<String> {
    let addresses = addresses(count);
    for address in &addresses {
        stack.order(address).await;
    }
    addresses
}

/// The recipients of all mails, in order.
fn recipients(mails: &[Arc<Mail>]) -> Vec<String> {
    mails.iter().flat_map(|mail| mail.to.clone()).collect()
}

async fn turn(pump: &mut Pump) -> Turn {
    pump.turn(api::now()).await.unwrap()
}

#[tokio::test]
async fn a_mail_is_sent_as_the_deployment_says_with_the_link_and_the_code_of_its_row() {
    let stack = Stack::with_mail(&[
        ("MAIL_REPLY_TO", "support@example.com"),
        ("APP_URL", "https://app.example.com/my"),
    ])
    .await;
    let row = stack.order("ada@example.com").await;
    let mailbox = stack.mailbox().await;
    assert_eq!(turn(&mut mailbox.pump()).await, Turn::Delivered);
    let mails = mailbox.inbox.mails();
    let [mail] = mails.as_slice() else {
        panic!("one mail and not {}", mails.len());
    };
    assert_eq!(mail.from, "\"Example\" <noreply@example.com>");
    assert_eq!(mail.to, ["ada@example.com"]);
    assert!(mail.copies.is_empty());
    assert_eq!(mail.reply_to, ["support@example.com"]);
    let automatic = ("Auto-Submitted".to_owned(), "auto-generated".to_owned());
    assert_eq!(mail.headers, [automatic]);
    let set = mail.configuration_set.as_deref();
    assert_eq!(set, Some("MailConfigurationSet"));

    let keys = RefreshKeys::new(&stack.environment()).unwrap();
    let keys = keys.at(api::now()).await.unwrap();
    let sender = Sender {
        name: Some("Example".to_owned()),
        app_url: Some("https://app.example.com/my".to_owned()),
    };
    let key = row.ticket.seed.handle(Purpose::Reset, &keys, api::now());
    let stored = MailedRow::Ticket(row);
    let letter = Letter::write(&stored, &sender, &keys, api::now()).unwrap();
    assert_eq!(mail.subject, letter.subject);
    assert_eq!(mail.text.as_deref(), Some(letter.text.as_str()));
    assert_eq!(mail.html.as_deref(), Some(letter.html.as_str()));
    let links = mail.links();
    let ticket = links[0].strip_prefix("https://app.example.com/my/reset-password?ticket=");
    let text = TicketText::parse(ticket.unwrap(), Purpose::Reset, &keys, api::now()).unwrap();
    assert_eq!(text.handle().row_key(), key.unwrap().row_key());
    assert_eq!(mail.codes().len(), 1);
}

#[tokio::test]
async fn without_an_address_for_answers_and_pages_of_the_owner_s_it_names_neither() {
    let stack = Stack::with_mail(&[("MAIL_FROM", "noreply@example.com")]).await;
    stack.order("ada@example.com").await;
    let letter = stack.letter("ada@example.com", "reset").await;
    let link = letter.link.unwrap();
    let page = format!("{}/reset-password?ticket=", stack.issuer());
    assert!(link.starts_with(&page), "{link}");
    let mails = stack.mailbox().await.inbox.mails();
    assert_eq!(mails[0].from, "noreply@example.com");
    assert!(mails[0].reply_to.is_empty());
}

/// The parts that a route which orders a mail has.
#[derive(Clone)]
struct Asked {
    mailing: Mailing,
    keys: Arc<MacKeys>,
    now: u64,
}

/// Orders a mail to somebody who has no account.
async fn ask(State(asked): State<Asked>, gateway: Gateway) {
    let to = Recipient {
        address: Email::parse("ada@example.com").unwrap(),
        locale: None,
    };
    let mail = asked.mailing.mail(&gateway, to).unwrap();
    let seed = TicketSeed::generate(&asked.keys, asked.now).unwrap();
    let permit = Permit::Signup(PermittedSignup::Free);
    let row = TicketRow::new(seed, None, permit, asked.now + 3_600, Some(mail));
    let row = MailedRow::Ticket(row);
    asked.mailing.mails.issue(&row).await.unwrap();
}

#[tokio::test]
async fn no_header_of_a_request_changes_a_byte_of_a_mail_but_the_kind_of_device() {
    let stack = Stack::with_mail(&[]).await;
    let environment = stack.environment();
    let keys = RefreshKeys::new(&environment).unwrap();
    let asked = Asked {
        mailing: environment.mailing().unwrap().unwrap(),
        keys: keys.at(api::now()).await.unwrap(),
        now: api::now(),
    };
    let router = Router::new().route("/ask", post(ask)).with_state(asked);
    let client = Client::with_own(router, &["POST /ask"]);
    let evil = "evil.example";
    let url = "https://evil.example/";
    let forwarded = "for=192.0.2.66;host=evil.example;proto=http";
    let cases: [&[(&str, &str)]; 10] = [
        &[],
        &[("host", evil)],
        &[("x-forwarded-host", evil)],
        &[("x-forwarded-for", "192.0.2.66")],
        &[("x-forwarded-proto", "http"), ("x-forwarded-port", "81")],
        &[("forwarded", forwarded)],
        &[("origin", url), ("referer", url)],
        &[("x-original-url", url), ("x-rewrite-url", url)],
        &[("user-agent", "tests <a href='https://evil.example'>")],
        &[("user-agent", "Firefox/145.0 evil.example (X11; Linux)")],
    ];
    for headers in cases {
        let answer = client.send(Method::POST, "/ask", headers, b"").await;
        assert_eq!(answer.status, 200, "{headers:?}");
    }
    let letters = stack.letters("ada@example.com").await;
    assert_eq!(letters.len(), cases.len());
    let said = letters.iter().map(|one| {
        let code = one.code.as_deref().unwrap();
        let parts = [&one.letter.text, &one.letter.html, &one.letter.subject];
        parts.map(|part| part.replace(one.ticket(), "TICKET").replace(code, "CODE"))
    });
    let said: Vec<_> = said.collect();
    assert!(said[0][0].contains(&format!("{}/signup/confirm", stack.issuer())));
    for (headers, said_then) in cases.iter().zip(&said).take(9) {
        assert_eq!(said_then, &said[0], "{headers:?}");
    }
    // Of two words that are our own.
    let last = said[9]
        .each_ref()
        .map(|part| part.replace("Firefox, Linux, ", ""));
    assert_ne!(said[9], said[0]);
    assert_eq!(last, said[0]);
}
