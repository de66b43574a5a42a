//! The log of `mailer` and of the libraries that it uses, beside its one line a batch.

use std::io;
use std::sync::{Arc, Mutex};

use lambda_http::tracing::subscriber::{fmt, prelude::*};
use lambda_http::tracing::{Level, info};
use local::inbox::{Refusal, Verdict};
use testing::Stack;
use testing::wire::Fault;

use super::{order, turn};

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

#[tokio::test]
async fn no_address_link_or_code_is_logged_at_the_level_that_the_template_sets() {
    let log = Log::default();
    let sink = log.clone();
    let subscriber = fmt().with_max_level(Level::INFO);
    let subscriber = subscriber.with_writer(move || sink.clone()).finish();
    let _guard = subscriber.set_default();
    info!("the log is written");

    let stack = Stack::with_mail(&[]).await;
    order(&stack, 4).await;
    let mailbox = stack.mailbox().await;
    let mut pump = mailbox.pump();
    for (operation, fault) in [
        ("GetItem", Fault::NoConnection),
        ("SendEmail", Fault::NoConnection),
        ("SendEmail", Fault::Refused(400, "ThrottlingException")),
    ] {
        mailbox.wire.fail(operation, &fault, 4);
        turn(&mut pump).await;
        mailbox.wire.mend();
    }
    mailbox.wire.fail("SendEmail", &Fault::LostAnswer, 1);
    mailbox.inbox.decide(|mail| match mail.to[0].as_str() {
        "3@example.com" => {
            let text = format!("Email address is not verified: {}", mail.to[0]);
            Verdict::Refuse(Refusal::MessageRejected(text))
        }
        _ => Verdict::Keep,
    });
    turn(&mut pump).await;
    let mails = mailbox.inbox.mails();
    assert_eq!(mails.len(), 4, "one of them twice");

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("the log is written"));
    let mut secrets = vec!["example.com".to_owned()];
    for mail in &mails {
        secrets.extend(mail.codes());
        let codes = mail.codes().into_iter();
        secrets.extend(codes.map(|code| format!("{} {}", &code[..4], &code[4..])));
        let links = mail.links().into_iter();
        let tickets = links.filter_map(|link| link.split_once("ticket="));
        secrets.extend(tickets.map(|(_, ticket)| ticket.to_owned()));
    }
    assert_eq!(secrets.len(), 1 + 3 * mails.len());
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} is in the log: {log}");
    }
}
